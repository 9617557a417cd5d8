//! Looking a node's directory over, and making a new store from its export segments.
//!
//! Neither repairs anything in place: what is damaged stays as evidence and as a source.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use cohub_record::{Id, KeyCache, Place, PublicKey, Record, limits};

use crate::birth::Suspicion;
use crate::export::{SegmentReport, exported_ids, read_segments};
use crate::files::{Attachments, Scrub};
use crate::opening::Opened;
use crate::scan::Scan;
use crate::segment::{Exported, SegmentDamage};
use crate::sled::SledStore;
use crate::{Options, Store, StoreError, attachments_dir, segments_dir};

/// Records that a rebuild keeps at once.
const BATCH_RECORDS: usize = 1_000;
const BATCH_BYTES: usize = 16 * limits::RECORD_BYTES;

/// What is in a node's directory.
#[derive(Debug)]
pub struct CheckReport {
    /// The store's records, or why the store could not be read.
    pub store: Result<Scan, StoreError>,
    /// Whether the directory looks copied or put back.
    pub suspicion: Option<Suspicion>,
    /// The export segments.
    pub segments: SegmentReport,
    /// Records that good segments have and the store has not, or not undamaged. A rebuild brings them back.
    pub missing_in_store: BTreeSet<Id>,
    /// Records that the store has and no good segment has. The exporter adds them when it catches up.
    pub missing_in_segments: BTreeSet<Id>,
    /// The attachments.
    pub attachments: Scrub,
}

impl CheckReport {
    /// Whether nothing is damaged, lost or suspicious. An exporter that lags behind is no damage.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.store.as_ref().is_ok_and(|scan| scan.damaged.is_empty())
            && self.suspicion.is_none()
            && self.segments.damaged.is_empty()
            && self.missing_in_store.is_empty()
            && self.attachments.damaged.is_empty()
    }
}

/// Reads everything in a node's directory and compares it with its hashes, and the store with the
/// segments. The node must not be running.
///
/// # Errors
/// [`StoreError::Locked`] while the node runs; or if the system refuses to list or read. A store that
/// cannot be read is part of the report.
pub fn check(dir: &Path, options: Options) -> Result<CheckReport, StoreError> {
    if !dir.is_dir() {
        return Err(StoreError::io("look at", dir, io::ErrorKind::NotFound.into()));
    }
    let mut stored = BTreeSet::new();
    let (store, suspicion) = match SledStore::open(dir, options) {
        Ok(Opened { store, suspicion }) => (store.scan(&mut |at| stored.extend([at.place.id])), suspicion),
        Err(locked @ StoreError::Locked { .. }) => return Err(locked),
        Err(unreadable) => (Err(unreadable), None),
    };
    let (exported, segments) = exported_ids(&segments_dir(dir))?;
    Ok(CheckReport {
        store,
        suspicion,
        segments,
        missing_in_store: exported.difference(&stored).copied().collect(),
        missing_in_segments: stored.difference(&exported).copied().collect(),
        attachments: Attachments::open(&attachments_dir(dir))?.scrub()?,
    })
}

/// What a rebuild made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Records in the new store. Each was verified anew, signature included.
    pub records: u64,
    /// What is damaged in the segments, or no authentic record. It was left out.
    pub left_out: Vec<SegmentDamage>,
}

/// Makes a new store in `new_dir` from the segments in `segments`. Named values are not in the segments;
/// the new store has an identity of its own and is suspected ([`Suspicion::Rebuilt`]) until somebody
/// acknowledges it.
///
/// # Errors
/// [`StoreError::Occupied`] if `new_dir` has anything in it; else like [`Store::append`]. A store that was
/// not finished stays in `new_dir` and may be removed.
pub fn rebuild(segments: &Path, new_dir: &Path, options: Options) -> Result<Rebuilt, StoreError> {
    let is_empty = match fs::read_dir(new_dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(e) if e.kind() == io::ErrorKind::NotFound => true,
        Err(e) => return Err(StoreError::io("list", new_dir, e)),
    };
    if !is_empty {
        return Err(StoreError::Occupied(new_dir.to_owned()));
    }
    let Opened { store, .. } = SledStore::open(new_dir, options)?;
    // Suspected from the first moment, also where the rebuild breaks off.
    store.doubt(&Suspicion::Rebuilt)?;
    let mut rebuild =
        Rebuild { store: &store, keys: KeyCache::default(), waiting: Vec::new(), waiting_bytes: 0 };
    let mut left_out = Vec::new();
    let mut outcome = Ok(());
    let report = read_segments(segments, &mut |segment, offset, exported| {
        if outcome.is_err() {
            return;
        }
        outcome = match exported {
            Exported::Removed(author, place) => rebuild.remove(author, place),
            Exported::Record(bytes) => match Record::verify_with(&mut rebuild.keys, bytes) {
                Ok(record) => rebuild.keep(record),
                Err(why) => {
                    left_out.push(SegmentDamage { segment, offset, why: why.to_string() });
                    Ok(())
                }
            },
        };
    })?;
    outcome?;
    rebuild.flush()?;
    left_out.extend(report.damaged);
    left_out.sort_by_key(|damage| (damage.segment, damage.offset));
    Ok(Rebuilt { records: store.records(), left_out })
}

/// Replays frames into a new store, in batches.
struct Rebuild<'a> {
    store: &'a SledStore,
    keys: KeyCache,
    waiting: Vec<Record>,
    waiting_bytes: usize,
}

impl Rebuild<'_> {
    fn keep(&mut self, record: Record) -> Result<(), StoreError> {
        self.waiting_bytes += record.bytes().len();
        self.waiting.push(record);
        if self.waiting.len() < BATCH_RECORDS && self.waiting_bytes < BATCH_BYTES {
            return Ok(());
        }
        self.flush()
    }

    fn remove(&mut self, author: PublicKey, place: Place) -> Result<(), StoreError> {
        self.flush()?;
        self.store.remove(&[(author, place)])
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.waiting_bytes = 0;
        self.store.append(&std::mem::take(&mut self.waiting))
    }
}
