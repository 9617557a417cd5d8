//! An attachment that arrives chunk by chunk, in any order and from any number of providers.
//!
//! Beside the bytes stand the leaves of the chunks that were verified, so that a restart goes on where
//! it was. They are not synced: what a power loss spoils is found when all is there, and fetched again.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use cohub_record::Hash;

use crate::StoreError;
use crate::files::{Attachments, remove_if_there};
use crate::hashtree::{NODE_BYTES, Node, Shape};

/// Stands for a chunk that is missing.
const MISSING: Node = [0; NODE_BYTES];

/// An attachment being fetched. Dropping it keeps what has arrived.
#[derive(Debug)]
pub struct PartialFile {
    home: Attachments,
    hash: Hash,
    shape: Shape,
    data_path: PathBuf,
    leaves_path: PathBuf,
    data: File,
    leaves_file: File,
    leaves: Vec<Node>,
}

impl PartialFile {
    pub(crate) fn open(home: Attachments, hash: Hash, shape: Shape) -> Result<Self, StoreError> {
        let data_path = home.partial_path(&hash, ".data");
        let leaves_path = home.partial_path(&hash, ".leaves");
        let open = |path: &PathBuf| {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create(true).truncate(false);
            options.open(path).map_err(|e| StoreError::io("open", path, e))
        };
        let (data, leaves_file) = (open(&data_path)?, open(&leaves_path)?);
        let chunks = usize::try_from(shape.chunks()).map_err(|_| StoreError::Oversized)?;
        let leaves = vec![MISSING; chunks];
        let mut partial = Self { home, hash, shape, data_path, leaves_path, data, leaves_file, leaves };
        partial.resume().map_err(|e| StoreError::io("read", &partial.leaves_path, e))?;
        Ok(partial)
    }

    /// Takes over the leaves of an earlier fetch, if they are of an attachment of the same size.
    fn resume(&mut self) -> io::Result<()> {
        let leaves = fs::read(&self.leaves_path)?;
        let (nodes, rest) = leaves.as_chunks::<NODE_BYTES>();
        let is_same_size = rest.is_empty() && self.data.metadata()?.len() == self.shape.size_bytes;
        if nodes.len() == self.leaves.len() && is_same_size {
            self.leaves = nodes.to_vec();
            return Ok(());
        }
        self.leaves_file.set_len(0)?;
        self.data.set_len(self.shape.size_bytes)?;
        self.leaves_file.set_len((self.leaves.len() * NODE_BYTES) as u64)
    }

    /// The attachment.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// Number of chunks in all.
    #[must_use]
    pub fn chunks(&self) -> u64 {
        self.shape.chunks()
    }

    /// The chunks still to be fetched, in order.
    pub fn missing(&self) -> impl Iterator<Item = u64> {
        (0..).zip(&self.leaves).filter(|(_, leaf)| **leaf == MISSING).map(|(index, _)| index)
    }

    /// Takes a chunk with its proof, as [`Attachments::chunk`] makes it. One that is there already is
    /// written anew.
    ///
    /// # Errors
    /// [`StoreError::Forged`] if the provider lied; [`StoreError::Full`], or what the system refuses. The
    /// other chunks are kept.
    pub fn accept(&mut self, index: u64, proof: &[u8]) -> Result<(), StoreError> {
        let (hash, shape) = (self.hash, self.shape);
        let forged = |why| StoreError::Forged { hash, index, why };
        let (leaf, chunk) = shape.verify(&hash, index, proof).map_err(forged)?;
        self.data
            .write_all_at(chunk, shape.offset(index))
            .map_err(|e| StoreError::io("write", &self.data_path, e))?;
        self.set_leaf(index, leaf)
    }

    fn set_leaf(&mut self, index: u64, leaf: Node) -> Result<(), StoreError> {
        self.leaves_file
            .write_all_at(&leaf, index * NODE_BYTES as u64)
            .map_err(|e| StoreError::io("write", &self.leaves_path, e))?;
        if let Some(known) = usize::try_from(index).ok().and_then(|index| self.leaves.get_mut(index)) {
            *known = leaf;
        }
        Ok(())
    }

    /// Reads everything once more, syncs it and gives it its name: the attachment is held then.
    ///
    /// # Errors
    /// [`StoreError::Incomplete`] if chunks are missing or were spoiled on the disk: open it again with
    /// [`Attachments::partial`] and fetch those. [`StoreError::Erased`] if it was erased meanwhile. Else
    /// what the system refuses.
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.home.refuse_erased(&self.hash)?;
        self.drop_spoiled()?;
        let missing = self.missing().count() as u64;
        if missing > 0 {
            return Err(StoreError::Incomplete { hash: self.hash, missing });
        }
        let (nodes, root) = self.shape.grow(self.leaves.clone());
        if root != self.hash {
            // Which leaf is wrong cannot be told.
            for index in 0..self.chunks() {
                self.set_leaf(index, MISSING)?;
            }
            return Err(StoreError::Incomplete { hash: self.hash, missing: self.chunks() });
        }
        self.data.sync_all().map_err(|e| StoreError::io("sync", &self.data_path, e))?;
        self.home.move_in_place(&self.data_path, &self.hash, &nodes)?;
        remove_if_there(&self.leaves_path)
    }

    /// Compares the bytes on the disk with their leaves.
    fn drop_spoiled(&mut self) -> Result<(), StoreError> {
        for (index, leaf) in (0..).zip(self.leaves.clone()) {
            if leaf == MISSING {
                continue;
            }
            let mut chunk = vec![0; self.shape.length(index)];
            self.data
                .read_exact_at(&mut chunk, self.shape.offset(index))
                .map_err(|e| StoreError::io("read", &self.data_path, e))?;
            if leaf != self.shape.leaf(index, &chunk) {
                self.set_leaf(index, MISSING)?;
            }
        }
        Ok(())
    }
}
