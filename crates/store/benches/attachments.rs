//! Attachments: keeping, proving chunk by chunk, and fetching one, against hashing the same bytes.
//!
//! `cargo bench -p cohub-store --bench attachments`; `COHUB_BENCH_MIB` sets the attachment's size.
#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::Read as _;
use std::time::{Duration, Instant};

use cohub_store::{Attachments, CHUNK_BYTES};
use support::number_from_env;

fn main() {
    let size_bytes = number_from_env("COHUB_BENCH_MIB", 256) << 20;
    let root = tempfile::tempdir().unwrap();
    let provider = Attachments::open(&root.path().join("provider")).unwrap();
    let fetcher = Attachments::open(&root.path().join("fetcher")).unwrap();
    let content = || std::io::repeat(0xa5).take(size_bytes);

    let hashing = timed(|| {
        blake3::Hasher::new().update_reader(content()).unwrap();
    });
    let mut kept = None;
    let keeping = timed(|| kept = Some(provider.put_from(&mut content()).unwrap()));
    let (hash, _) = kept.unwrap();
    let mut partial = fetcher.partial(&hash, size_bytes).unwrap();
    let (mut proving, mut accepting, mut sent_bytes) = (Duration::ZERO, Duration::ZERO, 0);
    for index in 0..partial.chunks() {
        let mut proof = Vec::new();
        proving += timed(|| proof = provider.chunk(&hash, size_bytes, index).unwrap());
        accepting += timed(|| partial.accept(index, &proof).unwrap());
        sent_bytes += proof.len() as u64;
    }
    let finishing = timed(|| partial.finish().unwrap());
    println!(
        "{} MiB in chunks of {} KiB, {} bytes of proofs",
        size_bytes >> 20,
        CHUNK_BYTES >> 10,
        sent_bytes - size_bytes
    );
    for (name, time) in [
        ("hash in memory", hashing),
        ("keep", keeping),
        ("prove every chunk", proving),
        ("accept every chunk", accepting),
        ("finish", finishing),
    ] {
        let rate = u128::from(size_bytes >> 20) * 1_000_000 / time.as_micros().max(1);
        println!("{name}: {time:?}, {rate} MiB/s");
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}
