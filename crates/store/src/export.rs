//! Continuous export: every record also goes into plain, hash-chained segment files, from which a store
//! can be rebuilt when its own files are beyond reading.
//!
//! The exporter may lag behind the store, never the other way round in a healthy directory; it catches
//! up when it is told to. It only ever adds: a segment that was damaged is left as it is, and a new one
//! is begun. The one thing cut off is a frame that a broken-off write left at the very end.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cohub_record::{Id, Place, PublicKey, Record};

use crate::directory::{create_directory, sync_directory};
use crate::segment::{self, End, Exported, HEAD_BYTES, Link, SegmentDamage};
use crate::{Store, StoreError};

/// A segment that has grown beyond this is followed by the next.
const SEGMENT_BYTES: u64 = 8 * 1024 * 1024;
/// Bytes of frames that are written and synced at once while catching up.
const CATCH_UP_BYTES: usize = 1024 * 1024;

/// Writes export segments. One part of one process has the directory open; its calls block.
#[derive(Debug)]
pub struct Exporter {
    dir: PathBuf,
    /// None after a write failed: the next one looks at the files anew.
    tail: Option<Tail>,
}

/// The segment that grows.
#[derive(Debug)]
struct Tail {
    file: File,
    number: u64,
    length_bytes: u64,
    chain: Link,
}

/// What reading all segments found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SegmentReport {
    /// Segments read.
    pub segments: u64,
    /// Records in good frames.
    pub records: u64,
    /// Removals in good frames.
    pub removals: u64,
    /// What is damaged or missing, by name.
    pub damaged: Vec<SegmentDamage>,
}

impl Exporter {
    /// Opens the directory, making it where there is none, and cuts off a torn last frame.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        create_directory(dir)?;
        let tail = Some(Tail::open(dir)?);
        Ok(Self { dir: dir.to_owned(), tail })
    }

    /// Exports records; they are on the disk when this returns. Exporting one twice is harmless.
    ///
    /// # Errors
    /// [`StoreError::Full`], or what the system refuses. Some of the records may be exported.
    pub fn append(&mut self, records: &[Record]) -> Result<(), StoreError> {
        self.write(&mut records.iter().map(|record| Exported::Record(record.bytes())))
    }

    /// Exports that records were removed.
    ///
    /// # Errors
    /// Like [`Exporter::append`].
    pub fn removed(&mut self, places: &[(PublicKey, Place)]) -> Result<(), StoreError> {
        self.write(&mut places.iter().map(|(author, place)| Exported::Removed(*author, *place)))
    }

    /// Exports every record of the store that the segments lack, and returns how many. Nothing is
    /// concluded from a record that the store lacks: it may be the store that lost it.
    ///
    /// # Errors
    /// Like [`Exporter::append`] and [`Store::scan`].
    pub fn catch_up(&mut self, store: &dyn Store) -> Result<u64, StoreError> {
        let (exported, _) = exported_ids(&self.dir)?;
        let (mut count, mut waiting, mut waiting_bytes) = (0, Vec::new(), 0);
        let mut outcome = Ok(());
        store.scan(&mut |stored| {
            if outcome.is_err() || exported.contains(&stored.place.id) {
                return;
            }
            count += 1;
            waiting_bytes += stored.bytes.len();
            waiting.push(stored.bytes.to_vec());
            if waiting_bytes >= CATCH_UP_BYTES {
                waiting_bytes = 0;
                outcome = self.write(&mut waiting.iter().map(|bytes| Exported::Record(bytes)));
                waiting.clear();
            }
        })?;
        outcome?;
        self.write(&mut waiting.iter().map(|bytes| Exported::Record(bytes)))?;
        Ok(count)
    }

    fn write(&mut self, frames: &mut dyn Iterator<Item = Exported<'_>>) -> Result<(), StoreError> {
        // Taken out while it is written to: an error leaves none.
        let mut tail = match self.tail.take() {
            Some(tail) => tail,
            None => Tail::open(&self.dir)?,
        };
        let mut bytes = Vec::new();
        for exported in frames {
            if tail.length_bytes + bytes.len() as u64 >= SEGMENT_BYTES {
                tail.write(&self.dir, &bytes)?;
                bytes.clear();
                tail = Tail::create(&self.dir, tail.number + 1, &tail.chain)?;
            }
            tail.chain = segment::write_frame(&mut bytes, &tail.chain, exported);
        }
        tail.write(&self.dir, &bytes)?;
        self.tail = Some(tail);
        Ok(())
    }
}

impl Tail {
    /// Goes on with the last segment, or begins one.
    fn open(dir: &Path) -> Result<Self, StoreError> {
        let Some(number) = numbers(dir)?.pop() else { return Self::create(dir, 0, &[0; 32]) };
        let path = dir.join(segment::name(number));
        let bytes = fs::read(&path).map_err(|e| StoreError::io("read", &path, e))?;
        let reading = segment::read(number, &bytes, &mut |_, _| ());
        let length = match reading.end {
            End::Whole if reading.damaged.is_empty() => bytes.len(),
            // Making the segment broke off; what was before it is known from the one before.
            End::Torn(0) => return Self::create(dir, number, &chain_before(dir, number)?),
            End::Torn(offset) if reading.damaged.is_empty() => offset,
            _ => return Self::create(dir, number + 1, &reading.after),
        };
        let file =
            OpenOptions::new().append(true).open(&path).map_err(|e| StoreError::io("open", &path, e))?;
        if length < bytes.len() {
            let cut = file.set_len(length as u64).and_then(|()| file.sync_all());
            cut.map_err(|e| StoreError::io("cut the torn end off", &path, e))?;
        }
        Ok(Self { file, number, length_bytes: length as u64, chain: reading.after })
    }

    fn create(dir: &Path, number: u64, before: &Link) -> Result<Self, StoreError> {
        let path = dir.join(segment::name(number));
        let (head, chain) = segment::head(number, before);
        let made = OpenOptions::new().append(true).create(true).open(&path).and_then(|mut file| {
            // What is there, if anything, is a head that broke off.
            file.set_len(0)?;
            file.write_all(&head)?;
            file.sync_all()?;
            Ok(file)
        });
        let file = made.map_err(|e| StoreError::io("begin", &path, e))?;
        sync_directory(dir)?;
        Ok(Self { file, number, length_bytes: HEAD_BYTES as u64, chain })
    }

    fn write(&mut self, dir: &Path, frames: &[u8]) -> Result<(), StoreError> {
        if frames.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(frames).and_then(|()| self.file.sync_data());
        written.map_err(|e| StoreError::io("write", &dir.join(segment::name(self.number)), e))?;
        self.length_bytes += frames.len() as u64;
        Ok(())
    }
}

/// The chain at the end of the segment before `number`.
fn chain_before(dir: &Path, number: u64) -> Result<Link, StoreError> {
    let Some(before) = numbers(dir)?.into_iter().rev().find(|other| *other < number) else {
        return Ok([0; 32]);
    };
    let path = dir.join(segment::name(before));
    let bytes = fs::read(&path).map_err(|e| StoreError::io("read", &path, e))?;
    Ok(segment::read(before, &bytes, &mut |_, _| ()).after)
}

/// Reads all segments in order: hands every good frame to `visit`, with its segment and offset in bytes,
/// and names what is damaged or missing.
///
/// # Errors
/// If the system refuses to list or read.
pub fn read_segments(
    dir: &Path,
    visit: &mut dyn FnMut(u64, u64, Exported<'_>),
) -> Result<SegmentReport, StoreError> {
    let mut report = SegmentReport::default();
    let (mut expected, mut chain) = (0, [0; 32]);
    for number in numbers(dir)? {
        let mut damage = |offset: u64, why: &str| {
            report.damaged.push(SegmentDamage { segment: number, offset, why: why.to_owned() });
        };
        let path = dir.join(segment::name(number));
        let bytes = fs::read(&path).map_err(|e| StoreError::io("read", &path, e))?;
        let reading = segment::read(number, &bytes, &mut |offset, exported| {
            match exported {
                Exported::Record(_) => report.records += 1,
                Exported::Removed(..) => report.removals += 1,
            }
            visit(number, offset, exported);
        });
        if number != expected {
            damage(0, "a segment before it is missing");
        } else if reading.before.is_some_and(|before| before != chain) {
            damage(0, "it does not continue the segment before it");
        }
        if let End::Torn(offset) = reading.end {
            damage(offset as u64, "the last frame broke off");
        }
        report.damaged.extend(reading.damaged);
        report.segments += 1;
        (expected, chain) = (number + 1, reading.after);
    }
    Ok(report)
}

/// The numbers of the segments there, in order.
fn numbers(dir: &Path) -> Result<Vec<u64>, StoreError> {
    let failed = |e| StoreError::io("list", dir, e);
    let entries = match fs::read_dir(dir) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let mut numbers = Vec::new();
    for entry in entries {
        numbers.extend(segment::number(&entry.map_err(failed)?.file_name().to_string_lossy()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The ids of the records that the segments hold in the end, and what reading them found.
pub(crate) fn exported_ids(dir: &Path) -> Result<(BTreeSet<Id>, SegmentReport), StoreError> {
    let mut ids = BTreeSet::new();
    let report = read_segments(dir, &mut |_, _, exported| match exported {
        Exported::Record(bytes) => ids.extend(Record::id_of(bytes)),
        Exported::Removed(_, place) => {
            ids.remove(&place.id);
        }
    })?;
    Ok((ids, report))
}
