//! What only a store on disk can meet: copies, backups put back, a second opener, a full disk.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use cohub_record::Record;
use cohub_replica::Records as _;
use cohub_store::{Opened, Options, SledStore, Store as _, StoreError, Suspicion};
use support::log;

fn open(dir: &Path) -> (SledStore, Option<Suspicion>) {
    let Opened { store, suspicion } = SledStore::open(dir, Options::default()).unwrap();
    (store, suspicion)
}

/// Copies what is in `from` over what is in `to`, into the files that are there, as a backup is put back.
fn put_back(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            put_back(&entry.path(), &target);
        } else {
            fs::write(target, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// A store of ten records, a backup of it, and ten records more.
fn store_with_backup() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let (dir, backup) = (root.path().join("node"), root.path().join("backup"));
    let records = log(1, 20, 100);
    open(&dir).0.append(&records[..10]).unwrap();
    wait_until_free(&dir);
    put_back(&dir, &backup);
    open(&dir).0.append(&records[10..]).unwrap();
    wait_until_free(&dir);
    (root, dir, backup)
}

/// sled lets go of its files a moment after it was closed.
fn wait_until_free(dir: &Path) {
    let data = fs::File::open(dir.join("sled/db")).unwrap();
    while data.try_lock().is_err() {
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_second_opener_is_refused_and_told_the_process() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    let refused = SledStore::open(dir.path(), Options::default()).unwrap_err();
    assert!(matches!(refused, StoreError::Locked { pid: Some(pid), .. } if pid == std::process::id()));
    drop(store);
    assert_eq!(open(dir.path()).1, None);
}

#[test]
fn a_moved_directory_is_trusted_and_a_copied_one_is_not() {
    let (root, dir, _) = store_with_backup();
    let moved = root.path().join("moved");
    fs::rename(&dir, &moved).unwrap();
    assert_eq!(open(&moved).1, None);
    wait_until_free(&moved);

    let copy = root.path().join("copy");
    put_back(&moved, &copy);
    for _ in 0..2 {
        let (store, suspicion) = open(&copy);
        assert!(matches!(suspicion, Some(Suspicion::Copied { .. })), "{suspicion:?}");
        // A suspected store still takes and gives records.
        store.append(&log(2, 3, 10)).unwrap();
        assert_eq!(store.scan(&mut |_| ()).unwrap().records, 23);
    }
    open(&copy).0.acknowledge().unwrap();
    assert_eq!(open(&copy).1, None);
    assert_eq!(open(&copy).1, None);
    assert_eq!(open(&moved).1, None);
}

#[test]
fn a_backup_put_back_is_found_whatever_part_of_it() {
    type Verdict = fn(&Suspicion) -> bool;
    let behind: Verdict = |s| matches!(s, Suspicion::Behind { .. });
    let rolled_back: Verdict = |s| matches!(s, Suspicion::RolledBack { .. });
    let table: [(&[&str], Verdict); 5] = [
        (&["sled", "head", "lock"], rolled_back),
        (&["sled", "head"], rolled_back),
        (&["sled"], behind),
        (&["lock"], rolled_back),
        (&["sled", "lock"], behind),
    ];
    for (parts, verdict) in table {
        let (_root, dir, backup) = store_with_backup();
        for part in parts {
            let (from, to) = (backup.join(part), dir.join(part));
            if from.is_dir() {
                fs::remove_dir_all(&to).unwrap();
                put_back(&from, &to);
            } else {
                fs::write(to, fs::read(from).unwrap()).unwrap();
            }
        }
        for _ in 0..2 {
            let (store, suspicion) = open(&dir);
            assert!(suspicion.as_ref().is_some_and(verdict), "{parts:?}: {suspicion:?}");
            store.put_meta("a", b"write").unwrap();
        }
    }
    let (_root, dir, _) = store_with_backup();
    fs::remove_dir_all(dir.join("sled")).unwrap();
    assert!(open(&dir).1.as_ref().is_some_and(behind));
}

#[test]
fn a_lost_end_of_the_log_is_found() {
    let (_root, dir, _) = store_with_backup();
    let records = log(1, 20, 100);
    let path = dir.join("sled/db");
    let mut bytes = fs::read(&path).unwrap();
    let signature = records[19].signature();
    let place = bytes.windows(64).position(|window| window == signature.as_bytes()).unwrap();
    bytes[place] ^= 1;
    fs::write(&path, bytes).unwrap();
    let (store, suspicion) = open(&dir);
    assert!(matches!(suspicion, Some(Suspicion::Behind { .. })), "{suspicion:?}");
    assert_eq!(store.read(&records[19].author(), records[19].place()), Ok(None));
    assert!(store.read(&records[0].author(), records[0].place()).unwrap().is_some());
}

#[test]
fn no_value_becomes_a_file_that_sled_never_syncs() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = open(dir.path());
    // Pages full of the largest pieces, and merged again by removals.
    for author in 0..40 {
        store.append(&log(author, 20, 6_000)).unwrap();
        store.append(&log(100 + author, 1, 250_000)).unwrap();
    }
    for author in 0..40 {
        let places: Vec<_> = log(author, 20, 6_000).iter().skip(2).map(support::at).collect();
        store.remove(&places).unwrap();
    }
    assert_eq!(fs::read_dir(dir.path().join("sled/blobs")).unwrap().count(), 0);
}

/// A file system of its own; taken down when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// None where this process may not mount.
    fn mount(size: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let option = format!("size={size}");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &option, "none"]).arg(dir.path()).output();
        mounted.is_ok_and(|done| done.status.success()).then_some(Self(dir))
    }

    fn grow(&self, size: &str) {
        let option = format!("remount,size={size}");
        assert!(Command::new("mount").args(["-o", &option]).arg(self.0.path()).status().unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: sled may not have closed its files yet.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// Appends batches of `length` records until one fails; returns what was acknowledged and the error.
fn fill(store: &SledStore, length: u64) -> (Vec<Record>, StoreError) {
    let mut kept = Vec::new();
    for author in 0..20_000 {
        let batch = log(author, length, 2_000);
        match store.append(&batch) {
            Ok(()) => kept.extend(batch),
            Err(error) => return (kept, error),
        }
    }
    panic!("the disk never filled")
}

#[test]
fn a_full_disk_is_named_before_sled_meets_it() {
    let Some(disk) = SmallDisk::mount("24m") else {
        eprintln!("skipped: a small disk can be mounted by root only");
        return;
    };
    let dir = disk.0.path().join("node");
    let (store, _) = open(&dir);
    let (kept, error) = fill(&store, 20);
    assert!(matches!(error, StoreError::Full { .. }), "{error}");
    assert!(error.to_string().contains("all records acknowledged before are kept"), "{error}");
    assert!(!kept.is_empty());
    assert_eq!(store.scan(&mut |_| ()).unwrap().records, kept.len() as u64);
    disk.grow("64m");
    store.append(&log(50_000, 5, 100)).unwrap();
    drop(store);
    let (store, suspicion) = open(&dir);
    assert_eq!(suspicion, None);
    let scan = store.scan(&mut |_| ()).unwrap();
    assert_eq!((scan.records, scan.damaged), (kept.len() as u64 + 5, vec![]));
}

#[test]
fn where_sled_meets_a_full_disk_nothing_acknowledged_is_lost() {
    let Some(disk) = SmallDisk::mount("6m") else {
        eprintln!("skipped: a small disk can be mounted by root only");
        return;
    };
    let dir = disk.0.path().join("node");
    let options = Options { reserve_bytes: 0, ..Options::default() };
    let (store, _) = open_with(&dir, options.clone());
    let records = log(1, 20, 2_000);
    store.append(&records).unwrap();
    // Something else takes the room, all but two blocks: sled writes a page of sixteen values at once.
    let filler = disk.0.path().join("filler");
    let free = fs4::available_space(disk.0.path()).unwrap();
    fs::write(&filler, vec![1; usize::try_from(free - 8_192).unwrap()]).unwrap();
    let name = |number: usize| format!("value {}", number % 16);
    let value = |number: usize| [number.to_be_bytes().as_slice(), &[7; 900]].concat();
    let mut acknowledged = 0;
    let error = loop {
        match store.put_meta(&name(acknowledged), &value(acknowledged)) {
            Ok(()) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Closed { .. }), "{error}");
    assert!(error.to_string().contains("what was acknowledged is kept"), "{error}");
    fs::remove_file(&filler).unwrap();
    // Only opening it anew tells what it kept.
    assert!(matches!(store.put_meta("a", b"b"), Err(StoreError::Closed { .. })));
    drop(store);

    let (store, suspicion) = open_with(&dir, options);
    assert_eq!(suspicion, None);
    for record in &records {
        assert_eq!(store.read(&record.author(), record.place()).unwrap().as_ref(), Some(record.bytes()));
    }
    for number in acknowledged.saturating_sub(16)..acknowledged {
        let found = store.meta(&name(number)).unwrap();
        let was_tried_last = number + 16 == acknowledged && found == Some(value(acknowledged));
        assert!(found == Some(value(number)) || was_tried_last, "value {number} of {acknowledged}");
    }
    assert_eq!(store.scan(&mut |_| ()).unwrap().damaged, []);
    store.append(&log(2, 5, 100)).unwrap();
}

fn open_with(dir: &Path, options: Options) -> (SledStore, Option<Suspicion>) {
    let Opened { store, suspicion } = SledStore::open(dir, options).unwrap();
    (store, suspicion)
}
