//! Damage to a store's files, bit by bit and block by block: each is found or harmless, none hangs, no
//! wrong record is served.
//!
//! `COHUB_FLIPS` sets how many bits are flipped, `COHUB_FLIPS_SEED` which.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use cohub_record::{Hash, Record};
use cohub_replica::Records as _;
use cohub_store::{Opened, Options, SledStore, Store as _, Suspicion};
use support::{at, log, number_from_env, scratch_dir};

/// Far more than an undamaged store of this size needs.
const LIMIT: Duration = Duration::from_secs(20);
/// A named value of every store here.
const LEASE: [u8; 40] = [7; 40];
const BLOCK_BYTES: usize = 4_096;

/// The files of a store, to be put anywhere.
type Files = BTreeMap<PathBuf, Vec<u8>>;

fn read_files(dir: &Path, below: &Path, files: &mut Files) {
    for entry in fs::read_dir(dir.join(below)).unwrap() {
        let entry = entry.unwrap();
        let path = below.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            read_files(dir, &path, files);
        } else {
            files.insert(path.clone(), fs::read(dir.join(path)).unwrap());
        }
    }
}

fn write_files(dir: &Path, files: &Files) {
    for (path, bytes) in files {
        fs::create_dir_all(dir.join(path).parent().unwrap()).unwrap();
        fs::write(dir.join(path), bytes).unwrap();
    }
    fs::create_dir_all(dir.join("sled/blobs")).unwrap();
}

/// A store as nodes have them: written in several runs, some of it removed again. Returns its files
/// before and after the last run.
fn base(records: &[Record]) -> [Files; 2] {
    let dir = scratch_dir();
    let mut versions = [Files::new(), Files::new()];
    for part in records.chunks(records.len() / 3 + 1) {
        let Opened { store, .. } = SledStore::open(dir.path(), options()).unwrap();
        for batch in part.chunks(50) {
            store.append(batch).unwrap();
            store.put_meta("lease", batch[0].id().as_bytes()).unwrap();
        }
        store.append(&log(99, 5, 300)).unwrap();
        store.remove(&log(99, 5, 300).iter().map(at).collect::<Vec<_>>()).unwrap();
        store.put_meta("lease", &LEASE).unwrap();
        drop(store);
        versions.swap(0, 1);
        versions[1].clear();
        read_files(dir.path(), Path::new(""), &mut versions[1]);
    }
    versions
}

fn options() -> Options {
    Options { start_limit: LIMIT, stall_limit: LIMIT, cache_bytes: 4 << 20, ..Options::default() }
}

fn test_records() -> Arc<Vec<Record>> {
    Arc::new((0..20).flat_map(|author| log(author, 60, 500)).collect())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Refused,
    Suspected,
    Named,
    Harmless,
}

/// Opens the store in `dir`, reads all of it in both ways, and writes to it.
fn examine(dir: &Path, records: &[Record]) -> Outcome {
    let Ok(Opened { store, suspicion }) = SledStore::open(dir, options()) else { return Outcome::Refused };
    let mut scanned = BTreeSet::new();
    let scan = store.scan(&mut |stored| {
        assert_eq!(stored.decode().unwrap().place(), stored.place);
        scanned.insert((stored.author, stored.place));
    });
    let lease = store.meta("lease");
    let mut lost = 0;
    for record in records {
        match store.read(&record.author(), record.place()) {
            Ok(Some(bytes)) => assert_eq!(&bytes, record.bytes(), "a wrong record was served"),
            Ok(None) | Err(_) => lost += 1,
        }
    }
    // A damaged store may take records or refuse them, but it answers.
    let more = log(77, 3, 100);
    if store.append(&more).is_ok() {
        let read = store.read(&more[2].author(), more[2].place());
        assert!(read.is_err() || read == Ok(Some(Arc::clone(more[2].bytes()))), "{read:?}");
    }
    // A copy is always suspected as such; that it lacks writes is what is asked for here.
    if matches!(suspicion, Some(Suspicion::Behind { .. })) {
        return Outcome::Suspected;
    }
    let (Ok(scan), Ok(lease)) = (scan, lease) else { return Outcome::Refused };
    if !scan.damaged.is_empty() {
        return Outcome::Named;
    }
    let expected: BTreeSet<_> = records.iter().map(at).collect();
    assert_eq!(lost, 0, "records are lost and nothing says so");
    assert!(scanned == expected, "the scan lacks records and nothing says so");
    assert_eq!(lease.as_deref(), Some(LEASE.as_slice()), "a named value changed and nothing says so");
    Outcome::Harmless
}

/// Counts what comes of each damaged set of files, and fails where one is not found, or hangs.
fn examine_all(records: &Arc<Vec<Record>>, damaged: impl Iterator<Item = (String, Files)>) {
    let mut outcomes = BTreeMap::new();
    let mut slowest = Duration::ZERO;
    for (name, files) in damaged {
        let dir = scratch_dir();
        write_files(dir.path(), &files);
        let began = Instant::now();
        let (answer, answered) = mpsc::channel();
        let (path, records) = (dir.path().to_owned(), Arc::clone(records));
        // On a thread of its own: a store that hangs fails the test instead of hanging it too.
        std::thread::spawn(move || answer.send(examine(&path, &records)));
        match answered.recv_timeout(3 * LIMIT) {
            Ok(outcome) => *outcomes.entry(outcome).or_insert(0_u64) += 1,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("{name}: no answer"),
            Err(mpsc::RecvTimeoutError::Disconnected) => panic!("{name}: see above"),
        }
        slowest = slowest.max(began.elapsed());
    }
    eprintln!("{outcomes:?}; the slowest took {slowest:?}");
}

fn draw(seed: u64, number: u64) -> u64 {
    let hash = Hash::of("damage\n", &[&seed.to_be_bytes(), &number.to_be_bytes()]);
    u64::from_be_bytes(*hash.as_bytes().first_chunk().unwrap())
}

#[test]
fn every_flipped_bit_is_found_or_harmless() {
    let records = test_records();
    let [_, files] = base(&records);
    let (flips, seed) = (number_from_env("COHUB_FLIPS", 1_000), number_from_env("COHUB_FLIPS_SEED", 0));
    let total: usize = files.values().map(Vec::len).sum();
    let flipped = (0..flips).map(|flip| {
        let draw = draw(seed, flip);
        let (mut byte, bit) = (usize::try_from(draw >> 3).unwrap() % total, draw & 7);
        let mut files = files.clone();
        for (path, bytes) in &mut files {
            if byte < bytes.len() {
                bytes[byte] ^= 1 << bit;
                let name =
                    format!("bit {bit} of byte {byte} of {} (flip {flip} of seed {seed})", path.display());
                return (name, files);
            }
            byte -= bytes.len();
        }
        unreachable!("the byte is in one of the files")
    });
    examine_all(&records, flipped);
}

#[test]
fn every_stale_block_is_found_or_harmless() {
    let records = test_records();
    let [older, newer] = base(&records);
    let stale = newer.iter().flat_map(|(path, now)| {
        let then = older.get(path).map_or(&[][..], Vec::as_slice);
        let (newer, older) = (now.chunks(BLOCK_BYTES), then.chunks(BLOCK_BYTES));
        let changed =
            newer.zip(older).enumerate().filter(|(_, (now, then))| now != then && now.len() == then.len());
        changed.map(move |(block, (_, then))| (path, block, then))
    });
    let stale = stale.map(|(path, block, then)| {
        let mut files = newer.clone();
        files.get_mut(path).unwrap()[block * BLOCK_BYTES..][..then.len()].copy_from_slice(then);
        (format!("block {block} of {}", path.display()), files)
    });
    examine_all(&records, stale);
}

#[test]
fn a_cut_at_any_byte_of_the_last_write_is_found_or_harmless() {
    let records = test_records();
    let [_, files] = base(&records);
    let data = Path::new("sled/db");
    let written = files[data].iter().rposition(|byte| *byte != 0).unwrap() + 1;
    // Some of the bytes: all of them take a while.
    let cuts = (0..200).map(|number| written - usize::try_from(draw(1, number)).unwrap() % 4_000);
    let cut = cuts.map(|length| {
        let mut files = files.clone();
        files.get_mut(data).unwrap().truncate(length);
        (format!("cut to {length} bytes"), files)
    });
    examine_all(&records, cut);
}
