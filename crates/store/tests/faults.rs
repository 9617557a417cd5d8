//! The memory twin's faults: each does what it says, a seed replays, and the contract holds throughout.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::BTreeMap;

use cohub_record::{Id, Record};
use cohub_replica::{ReadError, Records as _};
use cohub_store::{Damage, Fault, Identity, MemoryStore, Schedule, Snapshot, Store as _, StoreError};
use proptest::prelude::*;
use support::log;

fn empty() -> Snapshot {
    Snapshot::empty(Identity::from_bytes([4; 16]))
}

fn held(store: &MemoryStore) -> BTreeMap<Id, Vec<u8>> {
    let mut held = BTreeMap::new();
    let scan = store.scan(&mut |stored| drop(held.insert(stored.place.id, stored.bytes.to_vec())));
    assert_eq!(scan.unwrap().damaged, []);
    held
}

#[test]
fn each_fault_keeps_what_it_says() {
    let records = log(1, 4, 50);
    // Fault, whether the store goes on, records after a kill, and whether a power loss may take them.
    let table = [
        (Fault::Full, true, 2, false),
        (Fault::NotPersisted, false, 2, false),
        (Fault::Persisted, false, 4, false),
        (Fault::Unsynced, false, 4, true),
    ];
    for (fault, goes_on, after_kill, is_at_risk) in table {
        let store = empty().open(Schedule::at([(1, fault)]));
        store.append(&records[..2]).unwrap();
        let error = store.append(&records[2..]).unwrap_err();
        assert_eq!(matches!(error, StoreError::Full { .. }), goes_on, "{fault:?}: {error}");
        let repeated = store.append(&log(2, 1, 9));
        assert_eq!(repeated.is_ok(), goes_on, "{fault:?}");
        assert!(goes_on || matches!(repeated, Err(StoreError::Closed { .. })));

        let snapshot = store.snapshot();
        let count = |store: MemoryStore| held(&store).len() - usize::from(goes_on);
        assert_eq!(count(snapshot.clone().open(Schedule::none())), after_kill, "{fault:?}");
        let mut left: Vec<usize> =
            (0..32).map(|seed| count(snapshot.clone().power_lost(seed).open(Schedule::none()))).collect();
        left.sort_unstable();
        left.dedup();
        assert_eq!(left, if is_at_risk { vec![2, 4] } else { vec![after_kill] }, "{fault:?}");
        let reopened = snapshot.open(Schedule::none());
        reopened.append(&records).unwrap();
        assert_eq!(count(reopened), 4);
    }
}

#[test]
fn what_vanished_is_missed_and_what_was_damaged_heals_when_it_is_fetched_again() {
    let store = empty().open(Schedule::none());
    let records = log(1, 5, 50);
    store.append(&records).unwrap();
    assert!(store.vanish(&records[1].author(), records[1].place()));
    assert!(!store.vanish(&records[1].author(), records[1].place()));
    assert_eq!(store.scan(&mut |_| ()).unwrap().damaged, [Damage::Total { expected: 5, found: 4 }]);
    for bit in [0, 300, records[3].bytes().len() * 8 - 1] {
        assert!(store.flip_bit(&records[3].author(), records[3].place(), bit));
        let read = store.read(&records[3].author(), records[3].place());
        assert!(matches!(read, Err(ReadError::Damaged(_))));
        store.append(&records[3..4]).unwrap();
        assert_eq!(
            store.read(&records[3].author(), records[3].place()).unwrap().as_ref(),
            Some(records[3].bytes())
        );
    }
    assert!(!store.flip_bit(&records[3].author(), records[3].place(), 1 << 20));
}

/// What became of each batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Batch {
    Acknowledged,
    Unknown,
    Refused,
}

/// Appends batches with faults; kills or cuts the power after each error but a full disk.
fn live(seed: u64, batches: &[&[Record]]) -> (Vec<Batch>, BTreeMap<Id, Vec<u8>>) {
    let mut store = empty().open(Schedule::seeded(seed, 300));
    let mut became = Vec::new();
    for (number, batch) in (0..).zip(batches) {
        match store.append(batch) {
            Ok(()) => became.push(Batch::Acknowledged),
            Err(StoreError::Full { .. }) => became.push(Batch::Refused),
            Err(_) => {
                became.push(Batch::Unknown);
                let disk = store.snapshot();
                let disk = if number % 2 == 0 { disk } else { disk.power_lost(seed ^ number) };
                store = disk.open(Schedule::seeded(seed ^ number << 32, 300));
            }
        }
    }
    (became, held(&store))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_acknowledged_is_lost_batches_are_whole_and_a_seed_replays(seed: u64, size in 1..7_usize) {
        let records = log(1, 60, 20);
        let batches: Vec<&[Record]> = records.chunks(size).collect();
        let (became, held) = live(seed, &batches);
        for (batch, became) in batches.iter().zip(&became) {
            let there = batch.iter().filter(|record| held.contains_key(&record.id())).count();
            match became {
                Batch::Acknowledged => prop_assert_eq!(there, batch.len()),
                Batch::Refused => prop_assert_eq!(there, 0),
                Batch::Unknown => prop_assert!(there == 0 || there == batch.len()),
            }
        }
        prop_assert_eq!(live(seed, &batches), (became, held));
    }
}

#[test]
fn seeded_schedules_have_every_fault() {
    let records = log(1, 8, 20);
    let batches: Vec<&[Record]> = records.chunks(1).collect();
    let mut seen = Vec::new();
    for seed in 0..50 {
        seen.extend(live(seed, &batches).0);
    }
    for outcome in [Batch::Acknowledged, Batch::Unknown, Batch::Refused] {
        assert!(seen.contains(&outcome), "{outcome:?} never came up");
    }
}
