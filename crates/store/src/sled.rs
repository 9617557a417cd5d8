//! The store on disk. The only file that names sled, and the one place that knows its manners.
//!
//! What sled 0.34.7 needs, and where it is seen to: a flush is not a sync on Linux, so the data file is
//! synced through a handle of our own; big values would go into files that are never synced, so records
//! are cut into pieces; damage can show as an endless error, a panic or silence, so opening and scanning
//! run under a watchdog; `len()` and `flush_async` can hang and are not used.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cohub_record::{Place, PublicKey, Record};
use cohub_replica::{ReadError, Records};

use crate::birth::{BirthNote, Identity};
use crate::error::is_full;
use crate::head::Head;
use crate::keyspace::{
    BIRTH_KEY, META_PREFIX, PIECE_BYTES, PROGRESS_KEY, RECORD_PREFIX, RecordKey, meta_key, piece_key, pieces,
    record_key,
};
use crate::lock::DirectoryLock;
use crate::scan::{Progress, Scan, Stored, Totals, check_record};
use crate::supervise;
use crate::walk::Table;
use crate::watchdog::{Lost, caught, within};
use crate::{Options, Store, StoreError, check_meta};

/// How long sled's files may stay locked after this process closed them.
const FREED_LIMIT: Duration = Duration::from_secs(10);
const FREED_POLL: Duration = Duration::from_millis(2);

/// A store in a directory of its own: `lock`, and sled's files under `sled`.
#[derive(Debug)]
pub struct SledStore {
    tree: ::sled::Db,
    /// sled's data file, opened a second time to be synced.
    data: File,
    dir: PathBuf,
    options: Options,
    pub(crate) identity: Identity,
    pub(crate) lock: DirectoryLock,
    head: Head,
    writer: Mutex<Writer>,
}

/// What only the writer whose turn it is may change.
#[derive(Debug)]
pub(crate) struct Writer {
    progress: Progress,
    /// How often the store was opened.
    pub(crate) generation: u64,
    /// Why no more writes are taken.
    failed: Option<String>,
}

/// What a write changes; none stands for removal.
type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// What stands in sled when it is opened, before anything is made of it.
pub(crate) struct Raw {
    tree: ::sled::Db,
    birth: Option<Vec<u8>>,
    progress: Option<Vec<u8>>,
    pub(crate) has_records: bool,
}

impl Raw {
    /// Opens sled under a watchdog and reads what every opening needs.
    pub(crate) fn open(dir: &Path, options: &Options) -> Result<Self, StoreError> {
        let config = ::sled::Config::new()
            .path(dir.join("sled"))
            .cache_capacity(options.cache_bytes)
            .use_compression(false)
            // Every batch is flushed as it is written; there is nothing to flush in between.
            .flush_every_ms(None);
        let opened = within(options.start_limit, move || {
            let tree = open_freed(&config)?;
            let birth = tree.get(BIRTH_KEY)?.map(|bytes| bytes.to_vec());
            let progress = tree.get(PROGRESS_KEY)?.map(|bytes| bytes.to_vec());
            let has_records = RecordTable(tree.clone()).entries(&[RECORD_PREFIX]).next().is_some();
            Ok::<Self, ::sled::Error>(Self { tree, birth, progress, has_records })
        });
        opened
            .map_err(|lost| lost_error(dir, "opening", options.start_limit, lost))?
            .map_err(|e| translate(dir, "open", e))
    }

    /// How far the store got.
    pub(crate) fn progress(&self, dir: &Path) -> Result<Progress, StoreError> {
        match self.progress.as_deref().map(Progress::decode) {
            Some(Some(progress)) => Ok(progress),
            None if !self.has_records => Ok(Progress::default()),
            _ => Err(StoreError::damaged(dir, "its note of how many records it holds is gone")),
        }
    }

    /// What the store notes of its birth; none if it is new.
    pub(crate) fn birth_note(&self, dir: &Path) -> Result<Option<BirthNote>, StoreError> {
        let note = self.birth.as_deref().map(serde_json::from_slice).transpose();
        note.map_err(|why| StoreError::damaged(dir, format!("its note of its birth: {why}")))
    }

    /// The store, ready to read and write.
    pub(crate) fn into_store(
        self,
        dir: &Path,
        options: Options,
        (identity, generation): (Identity, u64),
        (lock, head): (DirectoryLock, Head),
    ) -> Result<SledStore, StoreError> {
        let progress = self.progress(dir)?;
        let data_path = dir.join("sled").join("db");
        let data = File::open(&data_path).map_err(|e| StoreError::io("open", &data_path, e))?;
        let writer = Mutex::new(Writer { progress, generation, failed: None });
        Ok(SledStore { tree: self.tree, data, dir: dir.to_owned(), options, identity, lock, head, writer })
    }
}

impl SledStore {
    /// Records that were acknowledged and not removed.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.turn().progress.totals.records
    }

    fn turn(&self) -> MutexGuard<'_, Writer> {
        // What the lock guards is replaced in one step, so it is whole even after a panic.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the turn to write.
    pub(crate) fn writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        let writer = self.turn();
        match &writer.failed {
            None => Ok(writer),
            Some(why) => Err(StoreError::Closed { path: self.dir.clone(), why: why.clone() }),
        }
    }

    /// Makes changes permanent, all or none, if the disk has room for them.
    fn write(&self, writer: &mut Writer, totals: Totals, changes: Changes) -> Result<(), StoreError> {
        self.room_for(&changes)?;
        self.commit(writer, totals, changes)
    }

    /// Notes what the store knows of its birth; so little that the reserve is there for it.
    pub(crate) fn note_birth(&self, writer: &mut Writer, note: &BirthNote) -> Result<(), StoreError> {
        let bytes = serde_json::to_vec(note).map_err(|e| StoreError::io("note", &self.dir, e.into()))?;
        self.commit(writer, writer.progress.totals, [(BIRTH_KEY.to_vec(), Some(bytes))].into())
    }

    /// Makes changes permanent, all or none, with the totals that hold then. A failure closes the store
    /// for writing: sled may hold in memory what the disk does not.
    fn commit(&self, writer: &mut Writer, totals: Totals, mut changes: Changes) -> Result<(), StoreError> {
        let progress = Progress { totals, writes: writer.progress.writes + 1 };
        changes.insert(PROGRESS_KEY.to_vec(), Some(progress.encode()));
        let mut batch = ::sled::Batch::default();
        for (key, value) in changes {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        let outcome = caught(|| {
            self.tree.apply_batch(batch)?;
            self.tree.flush()?;
            self.data.sync_data()?;
            Ok::<(), ::sled::Error>(())
        });
        let outcome = match outcome {
            Ok(outcome) => outcome.map_err(|error| translate(&self.dir, "write to", error)),
            Err(panic) => Err(StoreError::damaged(&self.dir, panic)),
        };
        if let Err(error) = outcome.and_then(|()| self.head.note(self.identity, progress.writes)) {
            let why = error.to_string();
            writer.failed = Some(why.clone());
            // Full promises that nothing was kept; here that is unknown.
            let is_full = matches!(error, StoreError::Full { .. });
            return Err(if is_full { StoreError::Closed { path: self.dir.clone(), why } } else { error });
        }
        writer.progress = progress;
        Ok(())
    }

    /// Refuses a write that the disk may have no room for, before sled begins it.
    fn room_for(&self, changes: &Changes) -> Result<(), StoreError> {
        let bytes: usize =
            changes.iter().map(|(key, value)| key.len() + value.as_ref().map_or(0, Vec::len)).sum();
        // sled writes a page anew now and then, so twice the payload, seen on average, is not enough.
        let needed_bytes = self.options.reserve_bytes + 4 * bytes as u64;
        let free_bytes = fs4::available_space(&self.dir)
            .map_err(|e| StoreError::io("ask for the free space of", &self.dir, e))?;
        if free_bytes >= needed_bytes {
            return Ok(());
        }
        let kept = "all records acknowledged before are kept, and none of this batch".to_owned();
        Err(StoreError::Full { path: self.dir.clone(), free_bytes, kept })
    }

    fn get(&self, key: &[u8]) -> Result<Option<::sled::IVec>, StoreError> {
        match caught(|| self.tree.get(key)) {
            Ok(outcome) => outcome.map_err(|e| translate(&self.dir, "read", e)),
            Err(panic) => Err(StoreError::damaged(&self.dir, panic)),
        }
    }

    /// All pieces that stand under a record's key, joined and unchecked; none if there is no first piece.
    fn joined(&self, key: &RecordKey) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(first) = self.get(key)? else { return Ok(None) };
        let mut bytes = first.to_vec();
        let mut is_last = first.len() < PIECE_BYTES;
        for number in 1..=u8::MAX {
            if is_last {
                break;
            }
            let piece = self.get(&piece_key(key, number))?;
            is_last = piece.as_ref().is_none_or(|piece| piece.len() < PIECE_BYTES);
            bytes.extend_from_slice(piece.as_deref().unwrap_or_default());
        }
        Ok(Some(bytes))
    }
}

impl Records for SledStore {
    fn read(&self, author: &PublicKey, place: Place) -> Result<Option<Arc<[u8]>>, ReadError> {
        let bytes = match self.joined(&record_key(author, place)) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(None),
            Err(StoreError::Damaged { why, .. }) => {
                return Err(ReadError::Damaged(format!("{}: {why}", place.id)));
            }
            Err(other) => return Err(ReadError::Unavailable(other.to_string())),
        };
        check_record(author.as_bytes(), place, &bytes)
            .map_err(|why| ReadError::Damaged(format!("{}: {why}", place.id)))?;
        Ok(Some(bytes.into()))
    }
}

impl Store for SledStore {
    fn append(&self, batch: &[Record]) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        let mut totals = writer.progress.totals;
        let mut changes = Changes::new();
        for record in batch {
            let key = record_key(&record.author(), record.place());
            if changes.contains_key(key.as_slice()) {
                continue;
            }
            match self.joined(&key)? {
                Some(held) if *held == **record.bytes() => continue,
                Some(_) => {}
                None => totals.add(&record.id()),
            }
            changes.extend(
                pieces(&key, record.bytes()).into_iter().map(|(key, piece)| (key, Some(piece.to_vec()))),
            );
        }
        if changes.is_empty() { Ok(()) } else { self.write(&mut writer, totals, changes) }
    }

    fn remove(&self, places: &[(PublicKey, Place)]) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        let mut totals = writer.progress.totals;
        let mut changes = Changes::new();
        for (author, place) in places {
            let key = record_key(author, *place);
            if changes.contains_key(key.as_slice()) {
                continue;
            }
            if let Some(held) = self.joined(&key)? {
                totals.take(&place.id);
                changes.extend(pieces(&key, &held).into_keys().map(|key| (key, None)));
            }
        }
        if changes.is_empty() { Ok(()) } else { self.write(&mut writer, totals, changes) }
    }

    fn scan(&self, visit: &mut dyn FnMut(Stored<'_>)) -> Result<Scan, StoreError> {
        let before = self.turn().progress.totals;
        let (mut scan, found) =
            supervise::scan(RecordTable(self.tree.clone()), self.options.stall_limit, visit).map_err(
                |lost| lost_error(&self.dir, "reading all records", self.options.stall_limit, lost),
            )?;
        // Writes meanwhile change what is to be expected; the next scan will tell.
        if self.turn().progress.totals == before {
            scan.damaged.extend(before.missed(found));
        }
        Ok(scan)
    }

    fn put_meta(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        check_meta(name, bytes)?;
        let mut writer = self.writer()?;
        let totals = writer.progress.totals;
        self.write(&mut writer, totals, [(meta_key(name), Some(bytes.to_vec()))].into())
    }

    fn remove_meta(&self, name: &str) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        let totals = writer.progress.totals;
        self.write(&mut writer, totals, [(meta_key(name), None)].into())
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.get(&meta_key(name))?.map(|bytes| bytes.to_vec()))
    }

    fn metas(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let entries = caught(|| self.tree.scan_prefix(meta_key(prefix)).collect::<Result<Vec<_>, _>>())
            .map_err(|panic| StoreError::damaged(&self.dir, panic))?
            .map_err(|e| translate(&self.dir, "read", e))?;
        let named = |(key, value): (::sled::IVec, ::sled::IVec)| {
            let name = String::from_utf8_lossy(key.strip_prefix(&[META_PREFIX]).unwrap_or(&key)).into_owned();
            (name, value.to_vec())
        };
        Ok(entries.into_iter().map(named).collect())
    }

    fn identity(&self) -> Identity {
        self.identity
    }
}

/// The records of a sled tree, as a walk reads them.
struct RecordTable(::sled::Db);

impl Table for RecordTable {
    type Bytes = ::sled::IVec;

    fn entries(&self, start: &[u8]) -> impl Iterator<Item = Result<(::sled::IVec, ::sled::IVec), String>> {
        let end = [RECORD_PREFIX + 1];
        let range = (Bound::Included(start), Bound::Excluded(end.as_slice()));
        self.0.range::<&[u8], _>(range).map(|entry| entry.map_err(|e| e.to_string()))
    }
}

/// Opens sled once its files are free: a store that was just closed here holds them a moment longer.
fn open_freed(config: &::sled::Config) -> Result<::sled::Db, ::sled::Error> {
    let began = Instant::now();
    loop {
        match config.open() {
            Err(::sled::Error::Io(e)) if is_lock(&e) && began.elapsed() < FREED_LIMIT => {
                thread::sleep(FREED_POLL);
            }
            outcome => return outcome,
        }
    }
}

/// Whether sled says that its files are locked; it has no kind of error for it.
fn is_lock(error: &std::io::Error) -> bool {
    error.to_string().contains("could not acquire lock")
}

fn lost_error(dir: &Path, doing: &'static str, limit: Duration, lost: Lost) -> StoreError {
    match lost {
        Lost::Stuck => StoreError::Stuck { path: dir.to_owned(), doing, limit },
        Lost::Panicked(panic) => StoreError::damaged(dir, panic),
    }
}

fn translate(dir: &Path, doing: &'static str, error: ::sled::Error) -> StoreError {
    match error {
        ::sled::Error::Io(source) if is_lock(&source) => {
            StoreError::Locked { dir: dir.to_owned(), pid: None }
        }
        ::sled::Error::Io(source) if is_full(&source) || !is_about_content(&source) => {
            StoreError::io(doing, dir, source)
        }
        other => StoreError::damaged(dir, other.to_string()),
    }
}

/// sled reports some damaged content as an error of the system.
fn is_about_content(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput, NotFound, UnexpectedEof};
    matches!(error.kind(), InvalidData | InvalidInput | NotFound | UnexpectedEof)
}
