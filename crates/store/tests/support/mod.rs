//! Records for tests and benchmarks.
#![allow(unreachable_pub, dead_code, clippy::unwrap_used, reason = "shared by several test programs")]

use cohub_record::{Draft, Hash, Id, Place, PublicKey, Record, SecretKey, Value};

/// The key of the test author with this number.
pub fn secret(author: u64) -> SecretKey {
    SecretKey::from_seed(Hash::of("test author\n", &[&author.to_be_bytes()]).as_bytes())
}

/// A record with a body of `body_bytes`; `salt` makes rivals of a fork.
pub fn record(author: &SecretKey, seq: u64, prev: Option<Id>, body_bytes: usize, salt: u64) -> Record {
    Draft {
        network: Some(Id::from_bytes([1; 32])),
        seq,
        prev,
        at: 1_764_000_000_000 + salt,
        kind: "ballot".to_owned(),
        cites: Vec::new(),
        body: Value::Array(vec![Value::Bytes(vec![0xab; body_bytes])]),
        attachments: Vec::new(),
    }
    .sign(author)
    .unwrap()
}

/// A log of `length` records with bodies of `body_bytes`.
pub fn log(author: u64, length: u64, body_bytes: usize) -> Vec<Record> {
    let author = secret(author);
    let mut prev = None;
    (0..length)
        .map(|seq| {
            let next = record(&author, seq, prev, body_bytes, 0);
            prev = Some(next.id());
            next
        })
        .collect()
}

/// Author and place.
pub fn at(record: &Record) -> (PublicKey, Place) {
    (record.author(), record.place())
}

/// A number that whoever runs the test may set.
pub fn number_from_env(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// A directory in memory where the system has such, for tests that open many stores.
pub fn scratch_dir() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}
