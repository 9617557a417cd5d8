//! Export, check and rebuild: what the segments hold, and what comes of damage on either side.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cohub_record::{Id, Record};
use cohub_replica::Records as _;
use cohub_store::{
    CheckReport, Exported, Exporter, Identity, MemoryStore, Opened, Options, SledStore, Store, StoreError,
    Suspicion, check, read_segments, rebuild, segments_dir,
};
use support::{at, log};

fn open(dir: &Path) -> SledStore {
    let Opened { store, suspicion } = SledStore::open(dir, Options::default()).unwrap();
    assert_eq!(suspicion, None);
    store
}

fn exported(dir: &Path) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    let report = read_segments(dir, &mut |_, _, exported| match exported {
        Exported::Record(bytes) => records.push(bytes.to_vec()),
        Exported::Removed(..) => panic!("nothing was removed"),
    });
    assert_eq!(report.unwrap().damaged, []);
    records
}

fn bytes_of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Vec<u8>> {
    records.into_iter().map(|record| record.bytes().to_vec()).collect()
}

fn ids<'a>(records: impl IntoIterator<Item = &'a Record>) -> BTreeSet<Id> {
    records.into_iter().map(Record::id).collect()
}

fn segment_files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn flip(path: &Path, byte: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[byte] ^= 4;
    fs::write(path, bytes).unwrap();
}

#[test]
fn segments_rotate_chain_and_go_on_after_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let records = log(1, 120, 200_000);
    for batch in records.chunks(30) {
        Exporter::open(dir.path()).unwrap().append(batch).unwrap();
    }
    let files = segment_files(dir.path());
    assert_eq!(files.len(), 3);
    assert!(files.iter().all(|file| fs::metadata(file).unwrap().len() < 9 << 20));
    assert_eq!(exported(dir.path()), bytes_of(&records));

    fs::remove_file(&files[1]).unwrap();
    let report = read_segments(dir.path(), &mut |_, _, _| ()).unwrap();
    assert_eq!(report.damaged.len(), 1);
    assert_eq!(report.damaged[0].to_string(), "segment 00000002.seg, byte 0: a segment before it is missing");
}

#[test]
fn cut_at_every_byte_the_exporter_goes_on_and_catches_up() {
    let dir = tempfile::tempdir().unwrap();
    let records = log(1, 3, 10);
    let store = MemoryStore::new(Identity::from_bytes([1; 16]));
    store.append(&records).unwrap();
    Exporter::open(dir.path()).unwrap().append(&records).unwrap();
    let path = dir.path().join("00000000.seg");
    let whole = fs::read(&path).unwrap();
    for cut in 0..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let mut exporter = Exporter::open(dir.path()).unwrap();
        let kept = exported(dir.path()).len() as u64;
        assert_eq!(exporter.catch_up(&store).unwrap(), 3 - kept, "cut at {cut}");
        assert_eq!(exporter.catch_up(&store).unwrap(), 0);
        assert_eq!(exported(dir.path()), bytes_of(&records), "cut at {cut}");
        assert_eq!(segment_files(dir.path()).len(), 1);
    }
}

#[test]
fn a_damaged_segment_is_left_as_it_is_and_followed_by_a_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let records = log(1, 20, 100);
    let store = MemoryStore::new(Identity::from_bytes([1; 16]));
    store.append(&records).unwrap();
    Exporter::open(dir.path()).unwrap().append(&records).unwrap();
    let path = dir.path().join("00000000.seg");
    flip(&path, 150);
    let damaged = fs::read(&path).unwrap();

    let mut exporter = Exporter::open(dir.path()).unwrap();
    assert_eq!(exporter.catch_up(&store).unwrap(), 1);
    assert_eq!(exporter.catch_up(&store).unwrap(), 0);
    assert_eq!(fs::read(&path).unwrap(), damaged);
    let mut held = BTreeSet::new();
    let report = read_segments(dir.path(), &mut |_, _, exported| {
        if let Exported::Record(bytes) = exported {
            held.insert(Record::verify(bytes).unwrap().id());
        }
    });
    assert_eq!(report.unwrap().damaged.len(), 1);
    assert_eq!(held, ids(&records));
}

#[test]
fn check_names_what_either_side_lacks() {
    let dir = tempfile::tempdir().unwrap();
    let records: Vec<Record> = (0..10).flat_map(|author| log(author, 20, 100)).collect();
    let store = open(dir.path());
    store.append(&records[10..]).unwrap();
    let mut exporter = Exporter::open(&segments_dir(dir.path())).unwrap();
    exporter.append(&records[..150]).unwrap();

    assert!(matches!(check(dir.path(), Options::default()), Err(StoreError::Locked { pid: Some(_), .. })));
    drop(store);
    let report = check(dir.path(), Options::default()).unwrap();
    assert_eq!(report.store.as_ref().unwrap().records, 190);
    assert_eq!(report.segments.records, 150);
    assert_eq!(report.missing_in_store, ids(&records[..10]));
    assert_eq!(report.missing_in_segments, ids(&records[150..]));
    assert!(!report.is_sound());

    let store = open(dir.path());
    store.append(&records[..10]).unwrap();
    exporter.catch_up(&store).unwrap();
    drop(store);
    let report = check(dir.path(), Options::default()).unwrap();
    assert!(report.is_sound(), "{report:?}");

    flip(&segments_dir(dir.path()).join("00000000.seg"), 3_000);
    let CheckReport { segments, missing_in_segments, .. } = check(dir.path(), Options::default()).unwrap();
    assert_eq!((segments.damaged.len(), missing_in_segments.len()), (1, 1));
    assert!(check(&dir.path().join("nowhere"), Options::default()).is_err());
}

#[test]
fn a_rebuilt_store_has_every_authentic_record_and_is_suspected() {
    let dir = tempfile::tempdir().unwrap();
    let records: Vec<Record> = (0..10).flat_map(|author| log(author, 30, 500)).collect();
    let segments = segments_dir(dir.path());
    let mut exporter = Exporter::open(&segments).unwrap();
    exporter.append(&records).unwrap();
    exporter.removed(&[at(&records[7]), at(&records[8])]).unwrap();
    exporter.append(&records[8..9]).unwrap();
    // A frame that is chained well and holds no authentic record: an exporter cannot write one.
    let mut last = fs::read(segments.join("00000000.seg")).unwrap();
    let chain: [u8; 32] = *last.last_chunk().unwrap();
    let content = [&[0], &*vec![9; 300]].concat();
    let hash = *blake3::Hasher::new().update(&chain).update(&content).finalize().as_bytes();
    last.extend(301_u32.to_be_bytes().into_iter().chain(content).chain(hash));
    fs::write(segments.join("00000000.seg"), last).unwrap();

    let new_dir = dir.path().join("new");
    let rebuilt = rebuild(&segments, &new_dir, Options::default()).unwrap();
    assert_eq!(rebuilt.records, 299);
    assert_eq!(rebuilt.left_out.len(), 1);
    assert!(matches!(rebuild(&segments, &new_dir, Options::default()), Err(StoreError::Occupied(_))));

    for _ in 0..2 {
        let Opened { store, suspicion } = SledStore::open(&new_dir, Options::default()).unwrap();
        assert_eq!(suspicion, Some(Suspicion::Rebuilt));
        assert_eq!(store.read(&records[7].author(), records[7].place()), Ok(None));
        let scan = store.scan(&mut |_| ()).unwrap();
        assert_eq!((scan.records, scan.damaged), (299, vec![]));
    }
    SledStore::open(&new_dir, Options::default()).unwrap().store.acknowledge().unwrap();
    open(&new_dir);
}
