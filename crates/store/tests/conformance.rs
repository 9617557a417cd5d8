//! One suite for the contract of `Store`, run over the store on disk and over its memory twin.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::collections::BTreeMap;
use std::path::PathBuf;

use cohub_record::{Place, PublicKey, Record, limits};
use cohub_replica::{ReadError, Records as _};
use cohub_store::{
    Damage, Identity, META_BYTES, MemoryStore, NAME_BYTES, Opened, Options, Schedule, SledStore, Snapshot,
    Store, StoreError,
};
use proptest::prelude::*;
use support::{at, log, record, secret};

/// A disk on which a store can be opened again and again, and whose bits can be flipped in between.
trait Disk: Sized {
    type Store: Store;
    fn blank() -> Self;
    fn open(&mut self) -> Self::Store;
    fn close(&mut self, store: Self::Store);
    fn damage(&mut self, record: &Record);
}

struct Directory(tempfile::TempDir);

impl Disk for Directory {
    type Store = SledStore;

    fn blank() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn open(&mut self) -> SledStore {
        let Opened { store, suspicion } = SledStore::open(self.0.path(), Options::default()).unwrap();
        assert_eq!(suspicion, None);
        store
    }

    fn close(&mut self, store: SledStore) {
        drop(store);
    }

    /// Flips a bit of the record wherever its signature stands in sled's files.
    fn damage(&mut self, record: &Record) {
        let path: PathBuf = self.0.path().join("sled/db");
        let mut bytes = std::fs::read(&path).unwrap();
        let signature = record.signature();
        let places: Vec<usize> = bytes
            .windows(64)
            .enumerate()
            .filter(|(_, w)| *w == signature.as_bytes())
            .map(|(n, _)| n)
            .collect();
        assert!(!places.is_empty());
        for place in places {
            bytes[place] ^= 1;
        }
        std::fs::write(&path, bytes).unwrap();
    }
}

struct Memory(Option<Snapshot>);

impl Disk for Memory {
    type Store = MemoryStore;

    fn blank() -> Self {
        Self(Some(Snapshot::empty(Identity::from_bytes([5; 16]))))
    }

    fn open(&mut self) -> MemoryStore {
        self.0.take().unwrap().open(Schedule::none())
    }

    fn close(&mut self, store: MemoryStore) {
        self.0 = Some(store.snapshot());
    }

    fn damage(&mut self, record: &Record) {
        let store = self.open();
        assert!(store.flip_bit(&record.author(), record.place(), 300));
        self.close(store);
    }
}

/// Runs each test over both.
macro_rules! conformance {
    ($($name:ident),* $(,)?) => {
        mod on_disk { $(#[test] fn $name() { super::$name::<super::Directory>(); })* }
        mod in_memory { $(#[test] fn $name() { super::$name::<super::Memory>(); })* }
    };
}

conformance! {
    what_was_appended_is_read_scanned_and_there_after_reopening,
    duplicates_change_nothing,
    removed_records_are_gone_and_may_come_back,
    records_of_every_size_are_whole,
    named_values_are_kept_replaced_listed_and_removed,
    a_damaged_record_is_named_and_the_others_are_readable,
    any_history_equals_its_model,
}

fn contents(store: &impl Store) -> Vec<((PublicKey, Place), Vec<u8>)> {
    let mut contents = Vec::new();
    let scan = store
        .scan(&mut |stored| {
            assert_eq!(stored.decode().unwrap().bytes().as_ref(), stored.bytes);
            contents.push(((stored.author, stored.place), stored.bytes.to_vec()));
        })
        .unwrap();
    assert_eq!(scan.damaged, []);
    assert_eq!(scan.records, contents.len() as u64);
    assert!(contents.is_sorted());
    contents
}

fn expected<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<((PublicKey, Place), Vec<u8>)> {
    let by_place: BTreeMap<_, _> = records.into_iter().map(|r| (at(r), r.bytes().to_vec())).collect();
    by_place.into_iter().collect()
}

fn what_was_appended_is_read_scanned_and_there_after_reopening<D: Disk>() {
    let mut disk = D::blank();
    let store = disk.open();
    assert_eq!(contents(&store), []);
    let mut records: Vec<Record> = (0..5).flat_map(|author| log(author, 40, 300)).collect();
    let rival = record(&secret(2), 7, Some(records[2 * 40 + 6].id()), 300, 9);
    records.push(rival);
    for batch in records.chunks(33) {
        store.append(batch).unwrap();
    }
    let identity = store.identity();
    disk.close(store);

    let store = disk.open();
    assert_eq!(store.identity(), identity);
    assert_eq!(contents(&store), expected(&records));
    for record in &records {
        let read = store.read(&record.author(), record.place()).unwrap();
        assert_eq!(read.as_ref(), Some(record.bytes()));
    }
    let elsewhere = Place { seq: 8, ..records[7].place() };
    assert_eq!(store.read(&records[7].author(), elsewhere), Ok(None));
}

fn duplicates_change_nothing<D: Disk>() {
    let mut disk = D::blank();
    let store = disk.open();
    let records = log(1, 10, 100);
    let twice: Vec<Record> = records.iter().chain(&records).cloned().collect();
    store.append(&twice).unwrap();
    store.append(&records[3..7]).unwrap();
    store.append(&[]).unwrap();
    assert_eq!(contents(&store), expected(&records));
    disk.close(store);
    assert_eq!(contents(&disk.open()), expected(&records));
}

fn removed_records_are_gone_and_may_come_back<D: Disk>() {
    let mut disk = D::blank();
    let store = disk.open();
    let records = log(1, 20, 20_000);
    store.append(&records).unwrap();
    store.remove(&[at(&records[19]), at(&records[4]), at(&records[4]), at(&log(2, 1, 9)[0])]).unwrap();
    let kept = records.iter().filter(|r| ![4, 19].contains(&r.header().seq));
    assert_eq!(contents(&store), expected(kept));
    assert_eq!(store.read(&records[4].author(), records[4].place()), Ok(None));
    store.append(&records[4..5]).unwrap();
    disk.close(store);
    assert_eq!(contents(&disk.open()), expected(&records[..19]));
}

fn records_of_every_size_are_whole<D: Disk>() {
    let mut disk = D::blank();
    let store = disk.open();
    let overhead = log(1, 1, 70_000)[0].bytes().len() - 70_000;
    let piece = 6 * 1024;
    let sizes = [1, piece - 1, piece, piece + 1, 2 * piece, 100_000, limits::RECORD_BYTES];
    let records: Vec<Record> = (0..)
        .zip(sizes)
        .map(|(author, size)| log(author, 1, size.saturating_sub(overhead)).remove(0))
        .collect();
    assert_eq!(records[6].bytes().len(), limits::RECORD_BYTES);
    store.append(&records).unwrap();
    disk.close(store);
    let store = disk.open();
    assert_eq!(contents(&store), expected(&records));
    for record in &records {
        assert_eq!(store.read(&record.author(), record.place()).unwrap().as_ref(), Some(record.bytes()));
    }
}

fn named_values_are_kept_replaced_listed_and_removed<D: Disk>() {
    let mut disk = D::blank();
    let store = disk.open();
    let longest = "n".repeat(NAME_BYTES);
    for (name, value) in
        [("lease/b", vec![1]), ("lease/a", vec![]), ("door", vec![7; META_BYTES]), (&longest, vec![2])]
    {
        store.put_meta(name, &value).unwrap();
    }
    store.put_meta("lease/b", &[3]).unwrap();
    store.remove_meta("door").unwrap();
    store.remove_meta("never there").unwrap();
    for (name, value) in
        [("", vec![]), (&*"n".repeat(NAME_BYTES + 1), vec![]), ("big", vec![0; META_BYTES + 1])]
    {
        assert!(matches!(store.put_meta(name, &value), Err(StoreError::Meta { .. })));
    }
    disk.close(store);
    let store = disk.open();
    assert_eq!(store.meta("lease/b").unwrap(), Some(vec![3]));
    assert_eq!(store.meta("door").unwrap(), None);
    assert_eq!(
        store.metas("lease/").unwrap(),
        [("lease/a".to_owned(), vec![]), ("lease/b".to_owned(), vec![3])]
    );
    assert_eq!(store.metas("").unwrap().len(), 3);
    assert_eq!(contents(&store), []);
}

fn a_damaged_record_is_named_and_the_others_are_readable<D: Disk>() {
    let mut disk = D::blank();
    let store = disk.open();
    let records: Vec<Record> = (0..20).flat_map(|author| log(author, 30, 200)).collect();
    for batch in records.chunks(100) {
        store.append(batch).unwrap();
    }
    disk.close(store);
    // An opening in between: sled reads the end of its log anew only once.
    let store = disk.open();
    disk.close(store);
    let victim = &records[317];
    disk.damage(victim);

    let store = disk.open();
    assert!(matches!(store.read(&victim.author(), victim.place()), Err(ReadError::Damaged(_))));
    let mut good = Vec::new();
    let scan = store.scan(&mut |stored| good.push((stored.author, stored.place))).unwrap();
    assert!(!good.contains(&at(victim)));
    let name = (*victim.author().as_bytes(), victim.place());
    let is_named = scan.damaged.iter().any(|damage| match damage {
        Damage::Record { author, place, .. } => (*author, *place) == name,
        Damage::Region { after, before, .. } => {
            *after < Some(name) && before.is_none_or(|before| name < before)
        }
        Damage::Total { .. } => false,
    });
    assert!(is_named, "{:?}", scan.damaged);
    // A page holds at most some twenty records.
    assert!(good.len() >= records.len() - 24, "only {} of {} are readable", good.len(), records.len());
    let mut readable = 0;
    for record in &records {
        match store.read(&record.author(), record.place()) {
            Ok(Some(bytes)) => {
                assert_eq!(&bytes, record.bytes());
                readable += 1;
            }
            Ok(None) => panic!("a damaged record is not an absent one"),
            Err(_) => {}
        }
    }
    assert_eq!(readable, good.len());
}

/// One step of a history: which records of a small world it touches.
#[derive(Debug, Clone)]
enum Step {
    Append(Vec<usize>),
    Remove(Vec<usize>),
    PutMeta(usize, u8),
    RemoveMeta(usize),
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let some = || prop::collection::vec(0..60_usize, 0..12);
    prop_oneof![
        4 => some().prop_map(Step::Append),
        2 => some().prop_map(Step::Remove),
        1 => (0..3_usize, any::<u8>()).prop_map(|(name, value)| Step::PutMeta(name, value)),
        1 => (0..3_usize).prop_map(Step::RemoveMeta),
        1 => Just(Step::Reopen),
    ]
}

fn any_history_equals_its_model<D: Disk>() {
    const NAMES: [&str; 3] = ["a", "ab", "b"];
    let world: Vec<Record> = [(0, 10), (1, 700), (2, 7_000)]
        .into_iter()
        .flat_map(|(author, bytes)| log(author, 20, bytes))
        .collect();
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let history = prop::collection::vec(step(), 1..40);
    let outcome = runner.run(&history, |history| {
        let mut disk = D::blank();
        let mut store = disk.open();
        let mut model: BTreeMap<(PublicKey, Place), &Record> = BTreeMap::new();
        let mut metas: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for step in history {
            match step {
                Step::Append(chosen) => {
                    let batch: Vec<Record> = chosen.iter().map(|n| world[*n].clone()).collect();
                    store.append(&batch).unwrap();
                    model.extend(chosen.iter().map(|n| (at(&world[*n]), &world[*n])));
                }
                Step::Remove(chosen) => {
                    let places: Vec<_> = chosen.iter().map(|n| at(&world[*n])).collect();
                    store.remove(&places).unwrap();
                    model.retain(|at, _| !places.contains(at));
                }
                Step::PutMeta(name, value) => {
                    store.put_meta(NAMES[name], &[value]).unwrap();
                    metas.insert(NAMES[name], vec![value]);
                }
                Step::RemoveMeta(name) => {
                    store.remove_meta(NAMES[name]).unwrap();
                    metas.remove(NAMES[name]);
                }
                Step::Reopen => {
                    disk.close(store);
                    store = disk.open();
                }
            }
            prop_assert_eq!(contents(&store), expected(model.values().copied()));
            let held: Vec<_> =
                metas.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            prop_assert_eq!(store.metas("").unwrap(), held);
        }
        Ok(())
    });
    outcome.unwrap();
}
