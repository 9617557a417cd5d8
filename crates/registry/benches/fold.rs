//! P9: folding decoded records into a registry, and counting one motion, beside what the same bytes cost to
//! hash, to decode and to check; and how the fold grows from 10⁴ to 10⁶ records. What a record says is decoded,
//! and the consent in a grant checked, where its own signature is: both stand in the rows of decoding.
//!
//! `cargo bench -p cohub-registry --bench fold`; `COHUB_BENCH_RECORDS` sets the largest size, and
//! `COHUB_BENCH_ROUNDS` how often each is measured. All figures are of one core; what is compared is
//! measured in turns.

#![allow(clippy::expect_used, clippy::panic, reason = "a benchmark may panic")]
#![allow(clippy::float_arithmetic, reason = "its figures decide nothing")]
#![allow(clippy::cast_precision_loss, reason = "its figures are rounded anyway")]

#[path = "../tests/cast/mod.rs"]
mod cast;

use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cast::{counted_motion, crowd, key, teller};
use cohub_record::{Id, KeyCache, Place, Record};
use cohub_registry::{AsOf, Decoded, Enough, Preset, Registry, Votes, counted_ballot};

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Records whose signatures are checked in a round: all of them would take longest of all.
const CHECKED: usize = 2_000;
/// The largest committee of this version, and the largest network that the arithmetic is measured for.
const ROLL: usize = 31;
const LARGEST_ROLL: usize = 107;

fn main() {
    let largest = number_from_env("COHUB_BENCH_RECORDS", SIZES[2]);
    let rounds = number_from_env("COHUB_BENCH_ROUNDS", 5);
    println!("registry {}, medians of {rounds} rounds, one core", env!("CARGO_PKG_VERSION"));
    count(rounds);
    let sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size <= largest).collect();
    let folds: Vec<f64> = sizes.iter().map(|size| fold(*size, rounds)).collect();
    for (sizes, seconds) in sizes.windows(2).zip(folds.windows(2)) {
        let exponent = (seconds[1] / seconds[0]).ln() / (sizes[1] as f64 / sizes[0] as f64).ln();
        println!("growth from {} to {} records: exponent {exponent:.3}", sizes[0], sizes[1]);
    }
}

/// Measures the fold of so many records in both orders that nodes know, and answers the seconds it takes.
fn fold(size: usize, rounds: usize) -> f64 {
    let records = crowd(size).records;
    let authors: BTreeSet<_> = records.iter().map(Record::author).collect();
    let bytes: usize = records.iter().map(|record| record.bytes().len()).sum();
    let count = records.len();
    println!("\n{count} records of {} authors, {} bytes each on average", authors.len(), bytes / count);
    // As a scan of a store gives them: log by log, so that many wait for what they cite.
    let decoded: Vec<Decoded> = records.iter().map(decode).collect();
    let mut scanned: Vec<&Decoded> = decoded[1..].iter().collect();
    scanned.sort_by_key(|decoded| (decoded.record().author(), decoded.record().place()));
    let written: Vec<&Decoded> = decoded[1..].iter().collect();

    let mut times = [const { Vec::new() }; 8];
    for _ in 0..rounds {
        let (registry, elapsed) = timed(|| folded(&records[0], &written));
        times[0].push(elapsed);
        times[5].push(timed(|| registry.head()).1);
        times[6].push(timed(|| registry.as_of(AsOf::Date(u64::MAX)).expect("all of it")).1);
        drop(registry);
        times[1].push(timed(|| folded(&records[0], &scanned)).1);
        times[2].push(timed(|| records.iter().for_each(|record| keep(blake3::hash(record.bytes())))).1);
        times[3].push(timed(|| records.iter().for_each(|record| keep(decode(record)))).1);
        times[7].push(timed(|| folded_whole(&records)).1);
        let checked = timed(|| check(&records[..CHECKED.min(count)])).1;
        times[4].push(checked.mul_f64(count as f64 / CHECKED.min(count) as f64));
    }
    let names = [
        "fold, as written",
        "fold, log by log",
        "BLAKE3 of the bytes",
        "decoding",
        "checking signatures and decoding",
        "view and head",
        "as of a date behind all of them",
        "fold, and decoding what they say",
    ];
    let medians = times.map(Spread::of);
    println!("{:<34}{:>12}{:>16}{:>9}{:>18}", "", "seconds", "records/s", "spread", "ratio to fold");
    for (name, spread) in names.into_iter().zip(&medians) {
        let rate = count as f64 / spread.median;
        let ratio = spread.median / medians[0].median;
        println!("{name:<34}{:>12.4}{rate:>16.0}{:>8.0}%{ratio:>18.2}", spread.median, spread.percent);
    }
    medians[0].median
}

fn folded(founding: &Record, records: &[&Decoded]) -> Registry {
    let mut registry = Registry::found(founding).expect("a founding record");
    for record in records {
        black_box(registry.insert_decoded(record).expect("its log is there"));
    }
    registry
}

/// Nothing but the headers was decoded before.
fn folded_whole(records: &[Record]) -> Registry {
    let mut registry = Registry::found(&records[0]).expect("a founding record");
    for record in &records[1..] {
        black_box(registry.insert(record).expect("its log is there"));
    }
    registry
}

fn decode(record: &Record) -> Decoded {
    let record = Record::from_checked(record.id(), record.author(), Arc::clone(record.bytes()));
    let decoded = Decoded::from(record.expect("a record"));
    decoded.prepare();
    decoded
}

fn check(records: &[Record]) {
    let mut keys = KeyCache::default();
    for record in records {
        let decoded = Decoded::from(Record::verify_with(&mut keys, record.bytes()).expect("authentic"));
        decoded.prepare();
        keep(decoded);
    }
}

/// Measures the count of one motion: in a registry, and the bare arithmetic of a larger roll.
fn count(rounds: usize) {
    let (network, motion) = counted_motion(ROLL);
    let teller = key(teller(0));
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..rounds.max(5) * 20 {
        let due = || network.registry.returning(&motion, &teller, Enough::AllTellers).expect("closed");
        times[0].push(timed(due).1);
        times[1].push(timed(|| network.registry.motion(&motion).expect("shown")).1);
        times[2].push(timed(|| arithmetic(LARGEST_ROLL)).1);
    }
    let names = [
        format!("a teller's count, {ROLL} seats"),
        format!("a motion's view, {ROLL} seats"),
        format!("the arithmetic, {LARGEST_ROLL} seats"),
    ];
    for (name, times) in names.into_iter().zip(times) {
        let spread = Spread::of(times);
        println!("{name:<34}{:>12.1} µs{:>8.0}% spread", spread.median * 1e6, spread.percent);
    }
}

/// For every seat the ballot that as many closings support, of three that it cast; then the rule.
fn arithmetic(roll: usize) -> bool {
    let place = |seat: usize, seq: u64| {
        let mut id = [0; 32];
        id[..8].copy_from_slice(&(seat as u64).to_be_bytes());
        id[8..16].copy_from_slice(&seq.to_be_bytes());
        Place { seq, id: Id::from_bytes(id) }
    };
    let tolerated = (roll - 1) / 3;
    let mut votes = Votes::default();
    for seat in 0..roll {
        let ballots: BTreeSet<Place> = (0..3).map(|seq| place(seat, seq)).collect();
        let heads: Vec<Place> = (0..roll).map(|teller| place(seat, teller as u64 % 3)).collect();
        let counted = counted_ballot(&heads, &ballots, |one, other| one.seq >= other.seq, tolerated);
        votes.yes += u32::from(counted.is_some());
    }
    let rule = Preset::TwoThirds.rule(cast::slug("two-thirds"));
    rule.decide(u32::try_from(roll).expect("a roll"), &votes).approval.met()
}

/// The median of several times in seconds, and how far the others are from it.
struct Spread {
    median: f64,
    /// The distance of the quartiles, in percent of the median.
    percent: f64,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |quarter: usize| times[(times.len() - 1) * quarter / 4].as_secs_f64();
        Self { median: at(2), percent: (at(3) - at(1)) / at(2) * 100.0 }
    }
}

/// Has something made, whatever an optimiser thinks of it.
fn keep<T>(made: T) {
    black_box(made);
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let done = black_box(work());
    (done, began.elapsed())
}

fn number_from_env(name: &str, default: usize) -> usize {
    std::env::var(name)
        .map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}
