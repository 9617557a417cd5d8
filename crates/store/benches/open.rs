//! P8: opening a store and scanning all of it, each record checked, against bare sled with the same keys
//! and bytes; and durable appends against the same batches into bare sled.
//!
//! `cargo bench -p cohub-store --bench open`; `COHUB_BENCH_RECORDS` and `COHUB_BENCH_ROUNDS` set the size.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark may panic")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use cohub_record::Record;
use cohub_store::{Opened, Options, SledStore, Store as _};
use support::{log, number_from_env};

const AUTHORS: u64 = 1_000;
/// A record of these has 500 bytes.
const BODY_BYTES: usize = 343;
const BATCH: usize = 1_000;

fn main() {
    let records = number_from_env("COHUB_BENCH_RECORDS", 100_000);
    let rounds = number_from_env("COHUB_BENCH_ROUNDS", 5);
    let root = tempfile::tempdir().unwrap();
    let (store_dir, bare_dir) = (root.path().join("store"), root.path().join("bare"));
    let all = records_of_1000_authors(records);
    let bytes: usize = all.iter().map(|record| record.bytes().len()).sum();
    println!("{} records, {} bytes each on average, {AUTHORS} authors", all.len(), bytes / all.len());
    for name in ["sled", "blake3", "cohub-store"] {
        println!("{name} {}", locked_version(name));
    }

    let by_log = {
        let mut records = all.clone();
        records.sort_by_key(|record| (record.author(), record.place()));
        records
    };
    for (order, all) in [("log after log", &by_log), ("all logs in turn", &all)] {
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            ours.push(timed(|| write_store(&root.path().join("ours"), all)));
            bare.push(timed(|| write_bare(&root.path().join("bare sled"), all)));
            std::fs::remove_dir_all(root.path().join("ours")).unwrap();
            std::fs::remove_dir_all(root.path().join("bare sled")).unwrap();
        }
        report(&format!("append durably by {BATCH}, {order}"), &mut ours, &mut bare);
    }

    write_store(&store_dir, &all);
    write_bare(&bare_dir, &all);
    // The first opening writes sled's snapshot.
    assert_eq!(scan_store(&store_dir), records);
    assert_eq!(scan_bare(&bare_dir), records);
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(timed(|| scan_store(&store_dir)));
        bare.push(timed(|| scan_bare(&bare_dir)));
    }
    report("open and scan", &mut ours, &mut bare);
}

/// Interleaved as a network writes them: one record of each author in turn.
fn records_of_1000_authors(records: u64) -> Vec<Record> {
    let logs: Vec<Vec<Record>> =
        (0..AUTHORS).map(|author| log(author, records.div_ceil(AUTHORS), BODY_BYTES)).collect();
    let length = logs[0].len();
    (0..length)
        .flat_map(|seq| logs.iter().map(move |log| log[seq].clone()))
        .take(usize::try_from(records).unwrap())
        .collect()
}

fn write_store(dir: &Path, records: &[Record]) -> u64 {
    let Opened { store, .. } = SledStore::open(dir, Options::default()).unwrap();
    for batch in records.chunks(BATCH) {
        store.append(batch).unwrap();
    }
    store.records()
}

fn scan_store(dir: &Path) -> u64 {
    let Opened { store, suspicion } = SledStore::open(dir, Options::default()).unwrap();
    assert_eq!(suspicion, None);
    let scan = store
        .scan(&mut |stored| {
            black_box(stored.bytes.len());
        })
        .unwrap();
    assert!(scan.damaged.is_empty());
    scan.records
}

/// Waits out another tree's hold on the files, as the store does.
fn open_bare(dir: &Path) -> sled::Db {
    let config =
        sled::Config::new().path(dir).cache_capacity(Options::default().cache_bytes).flush_every_ms(None);
    let began = Instant::now();
    loop {
        match config.open() {
            Ok(tree) => return tree,
            Err(why) if began.elapsed() > Duration::from_secs(10) => panic!("{why}"),
            Err(_) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

fn write_bare(dir: &Path, records: &[Record]) -> u64 {
    let tree = open_bare(dir);
    for batch in records.chunks(BATCH) {
        let mut changes = sled::Batch::default();
        for record in batch {
            let (author, place) = (record.author(), record.place());
            let key =
                [b"r", author.as_bytes().as_slice(), &place.seq.to_be_bytes(), place.id.as_bytes()].concat();
            changes.insert(key, record.bytes().as_ref());
        }
        tree.apply_batch(changes).unwrap();
        tree.flush().unwrap();
    }
    records.len() as u64
}

fn scan_bare(dir: &Path) -> u64 {
    let mut count = 0;
    for entry in open_bare(dir).iter() {
        let (key, value) = entry.unwrap();
        black_box((key.len(), value.len()));
        count += 1;
    }
    count
}

fn timed(work: impl FnOnce() -> u64) -> Duration {
    let began = Instant::now();
    black_box(work());
    began.elapsed()
}

/// Medians, spread, and the ratio of the medians in percent.
fn report(name: &str, ours: &mut [Duration], bare: &mut [Duration]) {
    ours.sort_unstable();
    bare.sort_unstable();
    let median = |times: &[Duration]| times[times.len() / 2].as_micros();
    let spread = |times: &[Duration]| format!("{:?} to {:?}", times[0], times[times.len() - 1]);
    println!(
        "{name}: {} µs ({}); bare sled {} µs ({}); ratio {}%",
        median(ours),
        spread(ours),
        median(bare),
        spread(bare),
        median(ours) * 100 / median(bare)
    );
}

/// The version that the workspace's lock file has.
fn locked_version(name: &str) -> &'static str {
    let lock = include_str!("../../../Cargo.lock");
    let package = lock.split("[[package]]").find(|package| package.contains(&format!("name = \"{name}\"")));
    package
        .and_then(|package| package.split("version = \"").nth(1))
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("?")
}
