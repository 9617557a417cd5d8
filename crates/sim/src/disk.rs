//! A node's disk: the memory twin of the store, and files beside it. It fails as its schedule says, and
//! fills up.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use cohub_record::{Hash, Place, PublicKey, Record};
use cohub_registry::Switch;
use cohub_replica::{Config, ReadError, Records, Replica, ReplicaError};
use cohub_store::{Identity, MemoryStore, Schedule, Snapshot, Store as _, StoreError};

/// Under which names of the store the replica's notes stand.
const NOTES: &str = "note/";

/// A disk that is in use.
pub(crate) struct Disk {
    store: MemoryStore,
    files: BTreeMap<Hash, Arc<[u8]>>,
    pub(crate) full: bool,
}

/// A disk of a node that is down.
pub(crate) struct Platter {
    snapshot: Snapshot,
    files: BTreeMap<Hash, Arc<[u8]>>,
    pub(crate) full: bool,
}

impl Platter {
    pub(crate) fn empty(node: usize) -> Self {
        let mut name = [0; 16];
        name[..8].copy_from_slice(&node.to_be_bytes());
        let snapshot = Snapshot::empty(Identity::from_bytes(name));
        Self { snapshot, files: BTreeMap::new(), full: false }
    }

    /// What was not synced is gone, or not, each write by itself.
    pub(crate) fn power_lost(self, seed: u64) -> Self {
        Self { snapshot: self.snapshot.power_lost(seed), ..self }
    }

    /// Puts the disk to use; writes fail as the schedule says.
    pub(crate) fn open(self, schedule: Schedule) -> Disk {
        Disk { store: self.snapshot.open(schedule), files: self.files, full: self.full }
    }
}

impl Disk {
    /// The disk as whoever starts next finds it.
    pub(crate) fn platter(&self) -> Platter {
        Platter { snapshot: self.store.snapshot(), files: self.files.clone(), full: self.full }
    }

    /// Opens a replica over what the disk holds.
    pub(crate) fn replica(
        &self,
        config: Config,
        switched_off: Option<Switch>,
    ) -> Result<Replica, ReplicaError> {
        let unreadable = |error: StoreError| ReplicaError::Read(ReadError::Unavailable(error.to_string()));
        let notes = self.store.metas(NOTES).map_err(unreadable)?.into_iter();
        let notes = notes.map(|(name, bytes)| (name[NOTES.len()..].to_owned(), bytes));
        let mut replica = Replica::open(config, notes, self)?;
        replica.switch_off(switched_off);
        let mut undecodable = None;
        let visit = &mut |stored: cohub_store::Stored<'_>| match stored.decode() {
            Ok(record) => replica.replay(&record.into()),
            Err(error) => undecodable = Some(error.to_string()),
        };
        self.store.scan(visit).map_err(unreadable)?;
        self.files.keys().for_each(|hash| replica.replay_attachment(*hash));
        match undecodable {
            Some(why) => Err(ReplicaError::Read(ReadError::Damaged(why))),
            None => Ok(replica),
        }
    }

    pub(crate) fn append(&self, records: &[Record]) -> Result<(), StoreError> {
        self.room()?;
        self.store.append(records)
    }

    pub(crate) fn remove(&self, places: &[(PublicKey, Place)]) -> Result<(), StoreError> {
        self.store.remove(places)
    }

    pub(crate) fn note(&self, name: &str, bytes: Option<&[u8]>) -> Result<(), StoreError> {
        let name = format!("{NOTES}{name}");
        match bytes {
            Some(bytes) => self.room().and_then(|()| self.store.put_meta(&name, bytes)),
            None => self.store.remove_meta(&name),
        }
    }

    pub(crate) fn keep_file(&mut self, hash: Hash, bytes: Arc<[u8]>) {
        self.files.insert(hash, bytes);
    }

    pub(crate) fn erase_file(&mut self, hash: &Hash) {
        self.files.remove(hash);
    }

    pub(crate) fn file(&self, hash: &Hash) -> Option<Arc<[u8]>> {
        self.files.get(hash).cloned()
    }

    fn room(&self) -> Result<(), StoreError> {
        if !self.full {
            return Ok(());
        }
        let kept = "everything acknowledged before is kept".to_owned();
        Err(StoreError::Full { path: PathBuf::from("a simulated disk"), free_bytes: 0, kept })
    }
}

impl Records for Disk {
    fn read(&self, author: &PublicKey, place: Place) -> Result<Option<Arc<[u8]>>, ReadError> {
        self.store.read(author, place)
    }

    fn attachment(&self, hash: &Hash) -> Result<Option<Arc<[u8]>>, ReadError> {
        Ok(self.file(hash))
    }
}
