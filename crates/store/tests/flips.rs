//! Random bit flips over a store's files: each is found or harmless, none hangs, no wrong record is served.
//!
//! `COHUB_FLIPS` sets how many, `COHUB_FLIPS_SEED` where they begin.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cohub_record::{Hash, Record};
use cohub_replica::Records as _;
use cohub_store::{Opened, Options, SledStore, Store as _, Suspicion};
use support::{at, log, number_from_env, scratch_dir};

/// Far more than an undamaged store of this size needs.
const LIMIT: Duration = Duration::from_secs(20);

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

/// A store as nodes have them: written in several runs, some of it removed again.
fn base(records: &[Record], lease: &[u8]) -> Files {
    let dir = scratch_dir();
    for part in records.chunks(records.len() / 3 + 1) {
        let Opened { store, .. } = SledStore::open(dir.path(), options()).unwrap();
        for batch in part.chunks(50) {
            store.append(batch).unwrap();
            store.put_meta("lease", batch[0].id().as_bytes()).unwrap();
        }
        store.put_meta("lease", lease).unwrap();
        store.append(&log(99, 5, 300)).unwrap();
        store.remove(&log(99, 5, 300).iter().map(at).collect::<Vec<_>>()).unwrap();
    }
    let mut files = Files::new();
    read_files(dir.path(), Path::new(""), &mut files);
    files
}

fn options() -> Options {
    Options { start_limit: LIMIT, stall_limit: LIMIT, cache_bytes: 4 << 20, ..Options::default() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Refused,
    Suspected,
    Named,
    Harmless,
}

/// Opens the store in `dir` and reads all of it, in both ways.
fn examine(dir: &Path, records: &[Record], lease: &[u8]) -> Outcome {
    let Ok(Opened { store, suspicion }) = SledStore::open(dir, options()) else { return Outcome::Refused };
    let mut scanned = BTreeSet::new();
    let scan = store.scan(&mut |stored| {
        assert_eq!(stored.decode().unwrap().place(), stored.place);
        scanned.insert((stored.author, stored.place));
    });
    let mut lost = 0;
    for record in records {
        match store.read(&record.author(), record.place()) {
            Ok(Some(bytes)) => assert_eq!(&bytes, record.bytes(), "a wrong record was served"),
            Ok(None) | Err(_) => lost += 1,
        }
    }
    // A copy is always suspected as such; that it lacks writes is what is asked for here.
    if matches!(suspicion, Some(Suspicion::Behind { .. })) {
        return Outcome::Suspected;
    }
    let Ok(scan) = scan else { return Outcome::Refused };
    if !scan.damaged.is_empty() {
        return Outcome::Named;
    }
    let expected: BTreeSet<_> = records.iter().map(at).collect();
    assert_eq!(lost, 0, "records are lost and nothing says so");
    assert!(scanned == expected, "the scan lacks records and nothing says so");
    match store.meta("lease") {
        Ok(found) => assert_eq!(found.as_deref(), Some(lease), "a named value changed and nothing says so"),
        Err(_) => return Outcome::Refused,
    }
    Outcome::Harmless
}

#[test]
fn every_flipped_bit_is_found_or_harmless() {
    let records: Vec<Record> = (0..20).flat_map(|author| log(author, 60, 500)).collect();
    let lease = [7; 40];
    let files = base(&records, &lease);
    let (flips, seed) = (number_from_env("COHUB_FLIPS", 1_000), number_from_env("COHUB_FLIPS_SEED", 0));
    let total: usize = files.values().map(Vec::len).sum();
    let mut outcomes = BTreeMap::new();
    let mut slowest = Duration::ZERO;
    for flip in 0..flips {
        let draw = Hash::of("flip\n", &[&seed.to_be_bytes(), &flip.to_be_bytes()]);
        let draw = u64::from_be_bytes(*draw.as_bytes().first_chunk().unwrap());
        let (mut byte, bit) = (usize::try_from(draw >> 3).unwrap() % total, draw & 7);
        let mut flipped = files.clone();
        let (path, bytes) = flipped
            .iter_mut()
            .find(|(_, bytes)| {
                let is_here = byte < bytes.len();
                byte -= if is_here { 0 } else { bytes.len() };
                is_here
            })
            .unwrap();
        bytes[byte] ^= 1 << bit;
        let name = format!("bit {bit} of byte {byte} of {} (flip {flip} of seed {seed})", path.display());
        let dir = scratch_dir();
        write_files(dir.path(), &flipped);
        let began = Instant::now();
        let outcome = std::panic::catch_unwind(|| examine(dir.path(), &records, &lease));
        let outcome = outcome.unwrap_or_else(|panic| {
            eprintln!("{name}");
            std::panic::resume_unwind(panic)
        });
        *outcomes.entry(outcome).or_insert(0_u64) += 1;
        slowest = slowest.max(began.elapsed());
        assert!(began.elapsed() < 3 * LIMIT, "{name} took {:?}", began.elapsed());
    }
    eprintln!("{flips} flips over {total} bytes: {outcomes:?}; the slowest took {slowest:?}");
}
