//! What was signed, acknowledged and stored anywhere, and what has to hold between these.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cohub_record::{Id, PublicKey, Record};
use cohub_registry::Kind;
use cohub_store::{Exported, Opened, Options, SledStore, Store as _, read_segments, segments_dir};

use crate::hub::Hub;
use crate::place;
use crate::writer::Written;

/// Everything that the test knows of.
#[derive(Default)]
pub(crate) struct Evidence {
    signed: Vec<Record>,
    /// By hub.
    acknowledged: BTreeMap<&'static str, Vec<Record>>,
    /// By hub: what its store holds.
    stored: BTreeMap<&'static str, BTreeMap<Id, Record>>,
    /// What export segments hold: also what a store has forgotten.
    exported: Vec<Record>,
}

impl Evidence {
    /// Takes down what people have to tell.
    pub(crate) fn add(&mut self, round: Vec<Written>) {
        for Written { hub, signed, acknowledged, .. } in round {
            self.signed.extend(signed);
            self.acknowledged.entry(hub).or_default().extend(acknowledged);
        }
    }

    /// Reads the store and the segments of a hub whose node has ended.
    pub(crate) fn read(&mut self, hub: &Hub) {
        let Opened { store, suspicion } = SledStore::open(&hub.home.data(), Options::default()).unwrap();
        assert_eq!(suspicion, None, "a kill is no reason to suspect a store");
        let stored = self.stored.entry(hub.slug).or_default();
        let mut damaged = Vec::new();
        let scan = store.scan(&mut |found| match found.decode() {
            Ok(record) => drop(stored.insert(record.id(), record)),
            Err(error) => damaged.push(error.to_string()),
        });
        assert_eq!((scan.unwrap().damaged, damaged), (Vec::new(), Vec::new()));
        let report = read_segments(&segments_dir(&hub.home.data()), &mut |_, _, frame| {
            if let Exported::Record(bytes) = frame {
                self.exported.push(Record::verify(&Arc::from(bytes)).unwrap());
            }
        });
        let broken: Vec<_> = report.unwrap().damaged;
        assert!(broken.iter().all(|damage| damage.why.contains("broke off")), "{broken:?}");
    }

    /// Fails if the hub's store lacks a record that its node acknowledged, or has other bytes for it.
    pub(crate) fn all_acknowledged_is_stored(&self, hub: &Hub) {
        let stored = &self.stored[hub.slug];
        for record in &self.acknowledged[hub.slug] {
            let bytes = stored.get(&record.id()).map(Record::bytes);
            assert_eq!(bytes, Some(record.bytes()), "acknowledged and lost: {:?}", record.header());
        }
    }

    /// Fails if two records that anybody signed or keeps stand at one place of a log.
    pub(crate) fn no_place_is_signed_twice(&self) {
        let mut places: BTreeMap<(PublicKey, u64), BTreeSet<Id>> = BTreeMap::new();
        let stored = self.stored.values().flat_map(BTreeMap::values);
        for record in self.signed.iter().chain(stored).chain(&self.exported) {
            places.entry(place(record)).or_default().insert(record.id());
        }
        let twice: Vec<_> = places.iter().filter(|(_, ids)| ids.len() > 1).collect();
        assert!(twice.is_empty(), "signed twice: {twice:?}");
    }

    /// How many records of a kind by this key any store holds.
    pub(crate) fn written_by(&self, key: &PublicKey, kind: Kind) -> usize {
        let is_meant = |record: &&Record| record.author() == *key && record.header().kind == kind.as_str();
        self.stored.values().map(|stored| stored.values().filter(is_meant).count()).max().unwrap_or(0)
    }

    /// Records acknowledged by any node.
    pub(crate) fn acknowledged(&self) -> usize {
        self.acknowledged.values().map(Vec::len).sum()
    }

    /// Records in a hub's store.
    pub(crate) fn stored(&self, hub: &Hub) -> usize {
        self.stored[hub.slug].len()
    }
}
