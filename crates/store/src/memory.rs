//! The memory twin of the store on disk: the same contract, and faults on demand.
//!
//! Nothing is random here: which call fails, and what survives a power loss, follows from the caller's
//! schedule and seeds alone.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cohub_record::{Hash, Place, PublicKey, Record};
use cohub_replica::{ReadError, Records};

use crate::birth::Identity;
use crate::scan::{Damage, Scan, Stored, Totals, check_record};
use crate::{Store, StoreError, check_meta};

/// How a writing call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full: refused, nothing was kept, the store goes on.
    Full,
    /// An error; nothing was kept.
    NotPersisted,
    /// An error, although everything was kept.
    Persisted,
    /// An error after the bytes were written and before they were synced: they survive the end of the
    /// process, and survive a power loss or not.
    Unsynced,
}

/// Which writing calls fail, counted from 0 since the store was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    at: BTreeMap<u64, Fault>,
    seeded: Option<(u64, u16)>,
}

impl Schedule {
    /// No call fails.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The named calls fail.
    #[must_use]
    pub fn at(faults: impl IntoIterator<Item = (u64, Fault)>) -> Self {
        Self { at: faults.into_iter().collect(), seeded: None }
    }

    /// Of a thousand calls about `per_mille` fail, in all ways alike; `seed` says which.
    #[must_use]
    pub fn seeded(seed: u64, per_mille: u16) -> Self {
        Self { at: BTreeMap::new(), seeded: Some((seed, per_mille)) }
    }

    fn fault(&self, call: u64) -> Option<Fault> {
        if let Some(fault) = self.at.get(&call) {
            return Some(*fault);
        }
        let (seed, per_mille) = self.seeded?;
        let draw = draw("cohub store faults\n", seed, call);
        let faults = [Fault::Full, Fault::NotPersisted, Fault::Persisted, Fault::Unsynced];
        (draw % 1_000 < u64::from(per_mille)).then(|| faults[usize::from(draw.to_be_bytes()[0] % 4)])
    }
}

/// A deterministic draw of 64 bits.
fn draw(domain: &str, seed: u64, number: u64) -> u64 {
    let hash = Hash::of(domain, &[&seed.to_be_bytes(), &number.to_be_bytes()]);
    hash.as_bytes().iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte))
}

/// What one writing call changes; none stands for removal.
#[derive(Debug, Clone, Default)]
struct Changes {
    records: BTreeMap<(PublicKey, Place), Option<Arc<[u8]>>>,
    metas: BTreeMap<String, Option<Vec<u8>>>,
}

#[derive(Debug, Clone, Default)]
struct Contents {
    records: BTreeMap<(PublicKey, Place), Arc<[u8]>>,
    metas: BTreeMap<String, Vec<u8>>,
    totals: Totals,
}

impl Contents {
    fn apply(&mut self, changes: Changes) {
        for ((author, place), bytes) in changes.records {
            let held = match bytes {
                Some(bytes) => self.records.insert((author, place), bytes).or_else(|| {
                    self.totals.add(&place.id);
                    None
                }),
                None => self.records.remove(&(author, place)).inspect(|_| self.totals.take(&place.id)),
            };
            drop(held);
        }
        for (name, value) in changes.metas {
            match value {
                Some(value) => drop(self.metas.insert(name, value)),
                None => drop(self.metas.remove(&name)),
            }
        }
    }
}

/// A disk of which nobody holds the store open: what a simulator keeps while a node is down.
#[derive(Debug, Clone)]
pub struct Snapshot {
    identity: Identity,
    synced: Contents,
    unsynced: Vec<Changes>,
}

impl Snapshot {
    /// An empty disk for a store of this identity.
    #[must_use]
    pub fn empty(identity: Identity) -> Self {
        Self { identity, synced: Contents::default(), unsynced: Vec::new() }
    }

    /// The power went: each unsynced call survives as a whole, or is gone, as `seed` says.
    #[must_use]
    pub fn power_lost(mut self, seed: u64) -> Self {
        for (number, changes) in (0..).zip(std::mem::take(&mut self.unsynced)) {
            if draw("cohub store power loss\n", seed, number) & 1 == 0 {
                self.synced.apply(changes);
            }
        }
        self
    }

    /// Opens the store on this disk. What was written and not synced is there: the power stayed on. From
    /// then on it is durable, since opening notes the store's birth, and syncs.
    #[must_use]
    pub fn open(mut self, schedule: Schedule) -> MemoryStore {
        for changes in std::mem::take(&mut self.unsynced) {
            self.synced.apply(changes);
        }
        let disk = Disk { snapshot: self, schedule, calls: 0, failed: None };
        MemoryStore { disk: Mutex::new(disk) }
    }

    /// The bytes that a reader sees: the newest unsynced ones, else the synced ones.
    fn record(&self, at: &(PublicKey, Place)) -> Option<&Arc<[u8]>> {
        let unsynced = self.unsynced.iter().rev().find_map(|changes| changes.records.get(at));
        unsynced.map_or_else(|| self.synced.records.get(at), Option::as_ref)
    }

    /// Everything that a reader sees.
    fn seen(&self) -> Contents {
        let mut seen = self.synced.clone();
        for changes in &self.unsynced {
            seen.apply(changes.clone());
        }
        seen
    }
}

#[derive(Debug)]
struct Disk {
    snapshot: Snapshot,
    schedule: Schedule,
    calls: u64,
    failed: Option<String>,
}

/// A store in memory that keeps the contract of [`Store`], and fails where its schedule says so.
#[derive(Debug)]
pub struct MemoryStore {
    disk: Mutex<Disk>,
}

impl MemoryStore {
    /// An empty store that never fails.
    #[must_use]
    pub fn new(identity: Identity) -> Self {
        Snapshot::empty(identity).open(Schedule::none())
    }

    /// The disk as it is now, to be opened again or kept.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.disk().snapshot.clone()
    }

    /// Flips one bit of a stored record; `false` if there is no such bit.
    pub fn flip_bit(&self, author: &PublicKey, place: Place, bit: usize) -> bool {
        let mut disk = self.disk();
        let Some(bytes) = disk.snapshot.record(&(*author, place)).filter(|bytes| bit / 8 < bytes.len())
        else {
            return false;
        };
        let mut flipped = bytes.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        disk.snapshot.synced.records.insert((*author, place), flipped.into());
        for changes in &mut disk.snapshot.unsynced {
            changes.records.remove(&(*author, place));
        }
        true
    }

    /// Makes a stored record vanish without a trace, as a disk can; `false` if there is none.
    pub fn vanish(&self, author: &PublicKey, place: Place) -> bool {
        self.disk().snapshot.synced.records.remove(&(*author, place)).is_some()
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Disk {
    fn write(&mut self, changes: Changes) -> Result<(), StoreError> {
        let path = || PathBuf::from(format!("memory store {}", self.snapshot.identity));
        if let Some(why) = &self.failed {
            return Err(StoreError::Closed { path: path(), why: why.clone() });
        }
        let fault = self.schedule.fault(self.calls);
        self.calls += 1;
        match fault {
            None => {
                self.snapshot.synced.apply(changes);
                return Ok(());
            }
            Some(Fault::Full) => {
                let kept = "all records acknowledged before are kept, and none of this batch".to_owned();
                return Err(StoreError::Full { path: path(), free_bytes: 0, kept });
            }
            Some(Fault::NotPersisted) => {}
            Some(Fault::Persisted) => self.snapshot.synced.apply(changes),
            Some(Fault::Unsynced) => self.snapshot.unsynced.push(changes),
        }
        let source = std::io::Error::other("a fault on demand");
        let error = StoreError::Io { doing: "write to", path: path(), source };
        self.failed = Some(error.to_string());
        Err(error)
    }
}

impl Records for MemoryStore {
    fn read(&self, author: &PublicKey, place: Place) -> Result<Option<Arc<[u8]>>, ReadError> {
        let Some(bytes) = self.disk().snapshot.record(&(*author, place)).cloned() else { return Ok(None) };
        check_record(author.as_bytes(), place, &bytes)
            .map_err(|why| ReadError::Damaged(format!("{}: {why}", place.id)))?;
        Ok(Some(bytes))
    }
}

impl Store for MemoryStore {
    fn append(&self, batch: &[Record]) -> Result<(), StoreError> {
        let mut disk = self.disk();
        let mut changes = Changes::default();
        for record in batch {
            let at = (record.author(), record.place());
            if disk.snapshot.record(&at) != Some(record.bytes()) {
                changes.records.insert(at, Some(Arc::clone(record.bytes())));
            }
        }
        if changes.records.is_empty() { Ok(()) } else { disk.write(changes) }
    }

    fn remove(&self, places: &[(PublicKey, Place)]) -> Result<(), StoreError> {
        let mut disk = self.disk();
        let held = places.iter().filter(|at| disk.snapshot.record(at).is_some());
        let records: BTreeMap<_, _> = held.map(|at| (*at, None)).collect();
        if records.is_empty() { Ok(()) } else { disk.write(Changes { records, ..Changes::default() }) }
    }

    fn scan(&self, visit: &mut dyn FnMut(Stored<'_>)) -> Result<Scan, StoreError> {
        // The lock is not held while the visitor works: it may call the store.
        let seen = self.disk().snapshot.seen();
        let mut scan = Scan::default();
        let mut found = Totals::default();
        for ((author, place), bytes) in &seen.records {
            found.add(&place.id);
            match check_record(author.as_bytes(), *place, bytes) {
                Ok(()) => {
                    scan.records += 1;
                    visit(Stored { author: *author, place: *place, bytes });
                }
                Err(why) => {
                    scan.damaged.push(Damage::Record { author: *author.as_bytes(), place: *place, why });
                }
            }
        }
        scan.damaged.extend(seen.totals.missed(found));
        Ok(scan)
    }

    fn put_meta(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        check_meta(name, bytes)?;
        let metas = [(name.to_owned(), Some(bytes.to_vec()))].into();
        self.disk().write(Changes { metas, ..Changes::default() })
    }

    fn remove_meta(&self, name: &str) -> Result<(), StoreError> {
        let metas = [(name.to_owned(), None)].into();
        self.disk().write(Changes { metas, ..Changes::default() })
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let disk = self.disk();
        let unsynced = disk.snapshot.unsynced.iter().rev().find_map(|changes| changes.metas.get(name));
        Ok(unsynced.map_or_else(|| disk.snapshot.synced.metas.get(name).cloned(), Clone::clone))
    }

    fn metas(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let metas = self.disk().snapshot.seen().metas;
        Ok(metas.into_iter().filter(|(name, _)| name.starts_with(prefix)).collect())
    }

    fn identity(&self) -> Identity {
        self.disk().snapshot.identity
    }
}
