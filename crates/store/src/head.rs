//! How far a store got, noted outside of it: sled drops the end of its log without a word where it
//! finds it damaged, and with it writes that were acknowledged.
//!
//! The note is written after each acknowledged write and not synced: after a power loss it may lag
//! behind the store, which is harmless, but it is never ahead of what was acknowledged.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use cohub_record::Hash;

use crate::StoreError;
use crate::birth::Identity;

const FILE_NAME: &str = "head";
const BYTES: usize = 16 + 8 + 32;

/// The file `head`: identity, number of writes, checksum.
#[derive(Debug)]
pub(crate) struct Head {
    file: File,
    path: PathBuf,
}

impl Head {
    pub(crate) fn open(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(FILE_NAME);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(&path).map_err(|e| StoreError::io("open", &path, e))?;
        Ok(Self { file, path })
    }

    /// Writes that the store of this identity acknowledged, as far as noted.
    pub(crate) fn writes(&self, identity: Identity) -> u64 {
        let mut bytes = [0; BYTES];
        match self.file.read_exact_at(&mut bytes, 0) {
            Ok(()) => {
                let (noted, rest) = bytes.split_at(16);
                let writes = rest.first_chunk().map_or(0, |writes| u64::from_be_bytes(*writes));
                if noted == identity.as_bytes() && bytes == encode(identity, writes) { writes } else { 0 }
            }
            Err(_) => 0,
        }
    }

    pub(crate) fn note(&self, identity: Identity, writes: u64) -> Result<(), StoreError> {
        let failed = |e| StoreError::io("write", &self.path, e);
        self.file.write_all_at(&encode(identity, writes), 0).map_err(failed)
    }
}

fn encode(identity: Identity, writes: u64) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    bytes[..16].copy_from_slice(identity.as_bytes());
    bytes[16..24].copy_from_slice(&writes.to_be_bytes());
    let checksum = Hash::of("cohub store head v1\n", &[&bytes[..24]]);
    bytes[24..].copy_from_slice(checksum.as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_note_of_the_same_store_counts() {
        let dir = tempfile::tempdir().unwrap();
        let identity = Identity::from_bytes([1; 16]);
        let head = Head::open(dir.path()).unwrap();
        assert_eq!(head.writes(identity), 0);
        head.note(identity, 70_000).unwrap();
        let head = Head::open(dir.path()).unwrap();
        assert_eq!(head.writes(identity), 70_000);
        assert_eq!(head.writes(Identity::from_bytes([2; 16])), 0);
        for bit in 0..BYTES * 8 {
            let mut bytes = std::fs::read(&head.path).unwrap();
            bytes[bit / 8] ^= 1 << (bit % 8);
            head.file.write_all_at(&bytes, 0).unwrap();
            assert_eq!(head.writes(identity), 0, "bit {bit}");
            head.note(identity, 70_000).unwrap();
        }
    }
}
