//! Durable storage of records and attachments: sled, a memory twin, files, export segments.
//!
//! | in a node's directory | what it is |
//! | --- | --- |
//! | `lock` | one opener at a time; its birth tells a copied directory apart |
//! | `sled/` | the records and named values, in sled's own format |
//! | `head` | how many writes were acknowledged, so that a lost end of sled's log is missed |
//! | `segments/` | every record once more, in plain hash-chained files that a store can be rebuilt from |
//! | `attachments/` | attachments as plain files |
//!
//! **Invariant**: nothing here knows a rule of the domain. Bytes come in authentic and go out as they
//! came in, checked against their id each time they are read.

mod birth;
mod check;
mod directory;
mod error;
mod export;
mod files;
mod hashtree;
mod head;
mod keyspace;
mod lock;
mod memory;
mod opening;
mod options;
mod partial;
mod scan;
mod segment;
mod sled;
mod supervise;
mod walk;
mod watchdog;

use std::path::{Path, PathBuf};

use cohub_record::{Place, PublicKey, Record};
use cohub_replica::Records;

pub use birth::{Birth, Identity, Suspicion};
pub use check::{CheckReport, Rebuilt, check, rebuild};
pub use error::StoreError;
pub use export::{Exporter, SegmentReport, read_segments};
pub use files::{Attachments, Presence, Scrub};
pub use hashtree::CHUNK_BYTES;
pub use memory::{Fault, MemoryStore, Schedule, Snapshot};
pub use opening::Opened;
pub use options::Options;
pub use partial::PartialFile;
pub use scan::{Damage, Scan, Stored};
pub use segment::{Exported, SegmentDamage};
pub use sled::SledStore;

/// Where a node's directory has its export segments, beside its store.
#[must_use]
pub fn segments_dir(dir: &Path) -> PathBuf {
    dir.join("segments")
}

/// Where a node's directory has its attachments, beside its store.
#[must_use]
pub fn attachments_dir(dir: &Path) -> PathBuf {
    dir.join("attachments")
}

/// Bytes of a named value's name, at most.
pub const NAME_BYTES: usize = 64;
/// Bytes of a named value, at most.
pub const META_BYTES: usize = 4 * 1024;

/// Records and a few named values, durable.
///
/// # What holds
///
/// - **When a writing call has returned `Ok`**, its effect is on the disk: the bytes were written, and
///   the disk was told to make them permanent and said that it had. It survives the end of the process
///   and of the power. A caller may send, sign or promise what depends on it from then on, not before.
/// - **A batch is whole**: after whatever crash, all of its records are there or none.
/// - **After [`StoreError::Full`]** nothing of the call was kept, and the call may be repeated.
/// - **After any other error of a writing call**, its effect may or may not be there, now and after the
///   next opening; nothing that was acknowledged before is lost. The store takes no more writes
///   ([`StoreError::Closed`]) until it is opened again; then the caller repeats the call.
/// - **Repeating is harmless**: a record that is held is not written again, one whose stored bytes were
///   damaged is written anew, and removing what is not held does nothing.
/// - **What is read was checked**: no call returns the bytes of a record that are not those of its id.
///   Damaged bytes are named and stay where they are; nothing is repaired in place.
/// - **Concurrency**: every call may be made from any thread. Writing calls take their turn; reading calls
///   do not wait for them. All of them block: call them off an async executor. A reader may see a record
///   whose append has not returned yet, and must not take it for durable. Only one process, and one part
///   of it, has the directory open.
/// - **Order**: batches become durable in the order of the calls.
pub trait Store: Records + Send + Sync {
    /// Keeps a batch of records, all or none.
    ///
    /// # Errors
    /// [`StoreError::Full`] if nothing was kept; others if that is unknown.
    fn append(&self, batch: &[Record]) -> Result<(), StoreError>;

    /// Forgets records that the protocol says are not kept, all or none.
    ///
    /// # Errors
    /// Like [`Store::append`].
    fn remove(&self, places: &[(PublicKey, Place)]) -> Result<(), StoreError>;

    /// Hands every good record to `visit`, by author, then place, and reports the damaged ones. It ends
    /// even where a damaged store gives the same error for ever.
    ///
    /// # Errors
    /// [`StoreError::Stuck`] or [`StoreError::Damaged`] if the store stopped answering; what was handed
    /// out before is good.
    fn scan(&self, visit: &mut dyn FnMut(Stored<'_>)) -> Result<Scan, StoreError>;

    /// Keeps a small value under a name, in place of one that was there.
    ///
    /// # Errors
    /// [`StoreError::Meta`] beyond [`NAME_BYTES`] or [`META_BYTES`], else like [`Store::append`].
    fn put_meta(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError>;

    /// Forgets a named value.
    ///
    /// # Errors
    /// Like [`Store::append`].
    fn remove_meta(&self, name: &str) -> Result<(), StoreError>;

    /// The value under a name.
    ///
    /// # Errors
    /// If the store cannot answer; it was not changed.
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// All values whose names begin with `prefix`, with their names, in order.
    ///
    /// # Errors
    /// If the store cannot answer; it was not changed.
    fn metas(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError>;

    /// Names this store among all others.
    fn identity(&self) -> Identity;
}

/// Refuses a named value beyond the limits.
fn check_meta(name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    if (1..=NAME_BYTES).contains(&name.len()) && bytes.len() <= META_BYTES {
        return Ok(());
    }
    Err(StoreError::Meta { name: name.chars().take(NAME_BYTES).collect() })
}
