//! Attachments: kept, proved chunk by chunk, fetched from liars, erased.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use cohub_record::{Hash, limits};
use cohub_store::{Attachments, CHUNK_BYTES, Presence, Scrub, StoreError};

fn content(size: usize, salt: u8) -> Vec<u8> {
    let mut bytes = vec![0; size];
    blake3::Hasher::new().update(&[salt]).finalize_xof().fill(&mut bytes);
    bytes
}

fn files_under(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

fn flip(path: &Path, byte: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[byte] ^= 1;
    fs::write(path, bytes).unwrap();
}

const SIZES: [usize; 7] =
    [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 5 * CHUNK_BYTES + 7];

#[test]
fn what_was_put_is_there_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let attachments = Attachments::open(dir.path()).unwrap();
    let mut all = Vec::new();
    for size in SIZES {
        let bytes = content(size, 1);
        let hash = attachments.put(&bytes).unwrap();
        assert_eq!(hash.as_bytes(), blake3::hash(&bytes).as_bytes());
        assert_eq!(attachments.put(&bytes).unwrap(), hash);
        all.push((hash, bytes));
    }
    drop(attachments);
    let attachments = Attachments::open(dir.path()).unwrap();
    for (hash, bytes) in &all {
        assert!(attachments.has(hash).unwrap());
        assert_eq!(&attachments.get(hash).unwrap(), bytes);
    }
    let absent = Hash::from_bytes([1; 32]);
    assert_eq!(attachments.presence(&absent).unwrap(), Presence::Absent);
    assert!(matches!(attachments.get(&absent), Err(StoreError::Absent(_))));
    assert_eq!(attachments.scrub().unwrap(), Scrub { good: all.len() as u64, ..Scrub::default() });
}

#[test]
fn chunks_travel_in_any_order_and_over_a_restart() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let provider = Attachments::open(here.path()).unwrap();
    for size in SIZES {
        let bytes = content(size, 2);
        let hash = provider.put(&bytes).unwrap();
        let size = size as u64;
        let fetcher = Attachments::open(there.path()).unwrap();
        let mut partial = fetcher.partial(&hash, size).unwrap();
        let missing: Vec<u64> = partial.missing().collect();
        assert_eq!(missing, (0..partial.chunks()).collect::<Vec<_>>());
        let last = partial.chunks() - 1;
        partial.accept(last, &provider.chunk(&hash, size, last).unwrap()).unwrap();
        assert_eq!(fetcher.presence(&hash).unwrap(), Presence::Partial);
        drop(partial);

        let fetcher = Attachments::open(there.path()).unwrap();
        let mut partial = fetcher.partial(&hash, size).unwrap();
        assert_eq!(partial.missing().collect::<Vec<_>>(), (0..last).collect::<Vec<_>>());
        for index in (0..last).rev() {
            partial.accept(index, &provider.chunk(&hash, size, index).unwrap()).unwrap();
        }
        partial.finish().unwrap();
        assert_eq!(fetcher.get(&hash).unwrap(), bytes);
        // The fetcher can prove chunks in its turn.
        assert_eq!(fetcher.chunk(&hash, size, last).unwrap(), provider.chunk(&hash, size, last).unwrap());
    }
    assert_eq!(fs::read_dir(there.path().join("partial")).unwrap().count(), 0);
}

#[test]
fn a_lying_provider_is_found_out_within_one_chunk() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let provider = Attachments::open(here.path()).unwrap();
    let fetcher = Attachments::open(there.path()).unwrap();
    let bytes = content(3 * CHUNK_BYTES + 9, 3);
    let hash = provider.put(&bytes).unwrap();
    let size = bytes.len() as u64;
    let mut partial = fetcher.partial(&hash, size).unwrap();
    let honest = provider.chunk(&hash, size, 1).unwrap();
    let other = provider.put(&content(3 * CHUNK_BYTES + 9, 4)).unwrap();
    let mut changed = honest.clone();
    *changed.last_mut().unwrap() ^= 1;
    for lie in
        [changed, provider.chunk(&other, size, 1).unwrap(), provider.chunk(&hash, size, 2).unwrap(), vec![]]
    {
        assert!(matches!(partial.accept(1, &lie), Err(StoreError::Forged { index: 1, .. })));
    }
    assert!(matches!(partial.accept(9, &honest), Err(StoreError::Forged { .. })));
    assert_eq!(partial.missing().count(), 4);
    partial.accept(1, &honest).unwrap();
    assert!(matches!(partial.finish(), Err(StoreError::Incomplete { missing: 3, .. })));
}

#[test]
fn what_the_disk_spoiled_while_fetching_is_fetched_again() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let provider = Attachments::open(here.path()).unwrap();
    let fetcher = Attachments::open(there.path()).unwrap();
    let bytes = content(4 * CHUNK_BYTES, 5);
    let hash = provider.put(&bytes).unwrap();
    let size = bytes.len() as u64;
    let fetch = || {
        let mut partial = fetcher.partial(&hash, size).unwrap();
        let missing: Vec<u64> = partial.missing().collect();
        for index in &missing {
            partial.accept(*index, &provider.chunk(&hash, size, *index).unwrap()).unwrap();
        }
        (partial, missing)
    };
    let (partial, _) = fetch();
    flip(&there.path().join(format!("partial/{hash}.data")), 2 * CHUNK_BYTES + 1);
    assert!(matches!(partial.finish(), Err(StoreError::Incomplete { missing: 1, .. })));
    let (partial, missing) = fetch();
    assert_eq!(missing, [2]);
    drop(partial);
    flip(&there.path().join(format!("partial/{hash}.leaves")), 40);
    let (partial, missing) = fetch();
    assert!(missing.is_empty());
    assert!(matches!(partial.finish(), Err(StoreError::Incomplete { missing: 1, .. })));
    let (partial, missing) = fetch();
    assert_eq!(missing, [1]);
    partial.finish().unwrap();
    assert_eq!(fetcher.get(&hash).unwrap(), bytes);
}

#[test]
fn damage_is_found_and_a_lost_tree_grows_again() {
    let dir = tempfile::tempdir().unwrap();
    let attachments = Attachments::open(dir.path()).unwrap();
    let bytes = content(3 * CHUNK_BYTES, 6);
    let hash = attachments.put(&bytes).unwrap();
    let size = bytes.len() as u64;
    let digits = hash.to_string();
    let path = dir.path().join(&digits[..2]).join(&digits);
    let honest = attachments.chunk(&hash, size, 0).unwrap();
    flip(&path.with_extension("tree"), 33);
    assert_eq!(attachments.chunk(&hash, size, 0).unwrap(), honest);
    fs::remove_file(path.with_extension("tree")).unwrap();
    assert_eq!(attachments.chunk(&hash, size, 0).unwrap(), honest);
    assert!(matches!(attachments.chunk(&hash, size + 1, 0), Err(StoreError::Absent(_))));
    assert!(matches!(attachments.chunk(&hash, size, 3), Err(StoreError::Absent(_))));

    flip(&path, CHUNK_BYTES + 5);
    assert!(matches!(attachments.get(&hash), Err(StoreError::Damaged { .. })));
    assert!(matches!(attachments.chunk(&hash, size, 1), Err(StoreError::Damaged { .. })));
    // A chunk that is not damaged still proves itself.
    assert_eq!(attachments.chunk(&hash, size, 0).unwrap(), honest);
    assert_eq!(attachments.scrub().unwrap().damaged, [hash]);
    attachments.put(&bytes).unwrap();
    assert_eq!(attachments.get(&hash).unwrap(), bytes);
}

#[test]
fn erased_bytes_are_gone_leave_a_trace_and_do_not_come_back() {
    let dir = tempfile::tempdir().unwrap();
    let attachments = Attachments::open(dir.path()).unwrap();
    let bytes = content(2 * CHUNK_BYTES, 7);
    let size = bytes.len() as u64;
    let hash = attachments.put(&bytes).unwrap();
    let proof = attachments.chunk(&hash, size, 0).unwrap();
    let mut fetched_again = attachments.partial(&hash, size).unwrap();
    fetched_again.accept(0, &proof).unwrap();
    assert!(attachments.erase(&hash).unwrap());
    assert!(!attachments.erase(&hash).unwrap());
    assert!(matches!(fetched_again.finish(), Err(StoreError::Erased(_))));

    let attachments = Attachments::open(dir.path()).unwrap();
    assert_eq!(attachments.presence(&hash).unwrap(), Presence::Erased);
    assert!(matches!(attachments.get(&hash), Err(StoreError::Erased(_))));
    assert!(matches!(attachments.put(&bytes), Err(StoreError::Erased(_))));
    assert!(matches!(attachments.partial(&hash, size), Err(StoreError::Erased(_))));
    assert!(matches!(attachments.chunk(&hash, size, 0), Err(StoreError::Erased(_))));
    let left = files_under(dir.path());
    assert_eq!(left.len(), 1, "{left:?}");
    assert!(left[0].ends_with(format!("{hash}.erased")));
    assert_eq!(attachments.scrub().unwrap(), Scrub { erased: 1, ..Scrub::default() });
}

#[test]
fn a_broken_source_or_too_many_bytes_leave_nothing() {
    struct Breaks(usize);
    impl Read for Breaks {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::Error::other("the source broke"));
            }
            let read = buffer.len().min(self.0);
            self.0 -= read;
            Ok(read)
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let attachments = Attachments::open(dir.path()).unwrap();
    assert!(matches!(attachments.put_from(&mut Breaks(200_000)), Err(StoreError::Io { .. })));
    let beyond = limits::ATTACHMENT_BYTES + 1;
    assert!(matches!(attachments.partial(&Hash::from_bytes([9; 32]), beyond), Err(StoreError::Oversized)));
    assert_eq!(files_under(dir.path()), Vec::<PathBuf>::new());
}
