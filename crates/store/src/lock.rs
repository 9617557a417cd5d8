//! The lock of a store's directory: one opener at a time, and a file whose birth tells a copy apart.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::birth::{Birth, Identity};

const FILE_NAME: &str = "lock";
/// Every write covers all of the file, so that no crash leaves half of an old and half of a new text.
const FILE_BYTES: usize = 256;

/// A held lock. Dropping it, or the end of the process however it ends, frees the directory.
#[derive(Debug)]
pub(crate) struct DirectoryLock {
    file: File,
    path: PathBuf,
}

/// What the lock file says, as JSON that people can read too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LockText {
    /// The store that was written beside this file.
    pub(crate) identity: Identity,
    /// How often the store was opened.
    pub(crate) generation: u64,
    /// The process that opened it last.
    pub(crate) pid: u32,
}

impl DirectoryLock {
    /// Locks `dir`, creating its lock file where there is none.
    pub(crate) fn acquire(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(FILE_NAME);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(|e| StoreError::io("open the lock file", &path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file, path }),
            Err(TryLockError::WouldBlock) => {
                let pid = read_text(&file).map(|text| text.pid);
                Err(StoreError::Locked { dir: dir.to_owned(), pid })
            }
            Err(TryLockError::Error(e)) => Err(StoreError::io("lock", &path, e)),
        }
    }

    /// What the file says; none if it is new or was damaged.
    pub(crate) fn text(&self) -> Option<LockText> {
        read_text(&self.file)
    }

    /// Writes and syncs what the file says.
    pub(crate) fn write(&self, identity: Identity, generation: u64) -> Result<(), StoreError> {
        let text = LockText { identity, generation, pid: std::process::id() };
        let failed = |e| StoreError::io("write the lock file", &self.path, e);
        let mut bytes = serde_json::to_vec(&text).map_err(io::Error::from).map_err(failed)?;
        bytes.resize(FILE_BYTES - 1, b' ');
        bytes.push(b'\n');
        self.file.write_all_at(&bytes, 0).and_then(|()| self.file.sync_all()).map_err(failed)
    }

    /// How the file system knows the file.
    pub(crate) fn birth(&self) -> Result<Birth, StoreError> {
        let metadata = self.file.metadata().map_err(|e| StoreError::io("look at", &self.path, e))?;
        let born = metadata.created().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        Ok(Birth {
            device: metadata.dev(),
            inode: metadata.ino(),
            born: born.map(|since| (since.as_secs(), since.subsec_nanos())),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }
}

impl Drop for DirectoryLock {
    fn drop(&mut self) {
        // Closing alone would leave the lock to a child process that is just being started.
        let _ = self.file.unlock();
    }
}

fn read_text(file: &File) -> Option<LockText> {
    let mut bytes = [0; FILE_BYTES];
    file.read_exact_at(&mut bytes, 0).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_opener_learns_who_holds_the_directory() {
        let dir = tempfile::tempdir().unwrap();
        let lock = DirectoryLock::acquire(dir.path()).unwrap();
        assert_eq!(lock.text(), None);
        lock.write(Identity::from_bytes([1; 16]), 1).unwrap();
        let refused = DirectoryLock::acquire(dir.path()).unwrap_err();
        assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
        drop(lock);
        let lock = DirectoryLock::acquire(dir.path()).unwrap();
        assert_eq!(lock.text().map(|text| text.generation), Some(1));
    }
}
