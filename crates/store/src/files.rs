//! Attachments as plain files, named by their hash.
//!
//! | file | what it is |
//! | --- | --- |
//! | `ab/abcd…` | the bytes, under the first two digits of their hash |
//! | `ab/abcd….tree` | the hashes that prove chunks; made anew from the bytes where it is lost |
//! | `ab/abcd….erased` | the visible trace of an erased attachment; it keeps the bytes from coming back |
//! | `partial/…` | what is being written or fetched |
//!
//! A file appears under its name whole and synced, or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use cohub_record::{Hash, limits};

use crate::StoreError;
use crate::directory::{create_directory, names, sync_directory};
use crate::hashtree::{CHUNK_BYTES, Leaves, NODE_BYTES, Node, Shape};
use crate::partial::PartialFile;

/// What is here of an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Nothing.
    Absent,
    /// Some of its chunks may be: a fetch was begun.
    Partial,
    /// All of it.
    Held,
    /// It was here or is expected nowhere: it was erased.
    Erased,
}

/// What a look at all held attachments found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scrub {
    /// Attachments whose bytes are those of their hash.
    pub good: u64,
    /// Attachments whose bytes are not.
    pub damaged: Vec<Hash>,
    /// Attachments erased here.
    pub erased: u64,
}

/// The directory of attachments. One part of one process opens it and clones the handle; calls block.
#[derive(Debug, Clone)]
pub struct Attachments {
    dir: PathBuf,
    next_temporary: Arc<AtomicU64>,
}

impl Attachments {
    /// Opens the directory, making it where there is none. What was half written is removed; what was
    /// half fetched is kept.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let partial = dir.join("partial");
        create_directory(&partial)?;
        for name in names(&partial)? {
            if name.ends_with(TEMPORARY) {
                remove_if_there(&partial.join(name))?;
            }
        }
        Ok(Self { dir: dir.to_owned(), next_temporary: Arc::default() })
    }

    /// Keeps an attachment whose bytes are at hand.
    ///
    /// # Errors
    /// Like [`Attachments::put_from`].
    pub fn put(&self, bytes: &[u8]) -> Result<Hash, StoreError> {
        self.put_from(&mut &*bytes).map(|(hash, _)| hash)
    }

    /// Keeps an attachment that is read bit by bit, and returns its hash and size in bytes. It is durable
    /// then. One that is held is written anew.
    ///
    /// # Errors
    /// [`StoreError::Erased`], [`StoreError::Oversized`], [`StoreError::Full`], or what the system refuses.
    /// Nothing was kept then.
    pub fn put_from(&self, content: &mut dyn Read) -> Result<(Hash, u64), StoreError> {
        let temporary = self.temporary();
        let kept = self.write_temporary(&temporary, content).and_then(|(hash, size_bytes, nodes)| {
            self.refuse_erased(&hash)?;
            self.move_in_place(&temporary, &hash, &nodes)?;
            Ok((hash, size_bytes))
        });
        if kept.is_err() {
            remove_if_there(&temporary)?;
        }
        kept
    }

    fn write_temporary(
        &self,
        path: &Path,
        content: &mut dyn Read,
    ) -> Result<(Hash, u64, Vec<Node>), StoreError> {
        let failed = |e| StoreError::io("write", path, e);
        let mut file = File::create(path).map_err(failed)?;
        let mut size_bytes = 0;
        let mut leaves = Leaves::default();
        let mut chunk = Vec::with_capacity(CHUNK_BYTES);
        loop {
            chunk.clear();
            (&mut *content).take(CHUNK_BYTES as u64).read_to_end(&mut chunk).map_err(failed)?;
            size_bytes += chunk.len() as u64;
            if size_bytes > limits::ATTACHMENT_BYTES {
                return Err(StoreError::Oversized);
            }
            if chunk.is_empty() {
                break;
            }
            leaves.push(&chunk);
            file.write_all(&chunk).map_err(failed)?;
        }
        file.sync_all().map_err(failed)?;
        let (nodes, hash) = leaves.grow();
        Ok((hash, size_bytes, nodes))
    }

    /// Gives synced bytes their name: the tree first, so that no file is there that cannot be proved.
    pub(crate) fn move_in_place(&self, bytes: &Path, hash: &Hash, nodes: &[Node]) -> Result<(), StoreError> {
        let home = self.path(hash, "");
        let shelf = home.parent().unwrap_or(&self.dir);
        create_directory(shelf)?;
        if !nodes.is_empty() {
            self.write_tree(hash, nodes)?;
        }
        fs::rename(bytes, &home).map_err(|e| StoreError::io("name", &home, e))?;
        sync_directory(shelf)
    }

    fn write_tree(&self, hash: &Hash, nodes: &[Node]) -> Result<(), StoreError> {
        let temporary = self.temporary();
        let home = self.path(hash, ".tree");
        write_synced(&temporary, &nodes.concat())?;
        fs::rename(&temporary, &home).map_err(|e| StoreError::io("name", &home, e))
    }

    /// What is here of an attachment.
    ///
    /// # Errors
    /// If the system refuses to look.
    pub fn presence(&self, hash: &Hash) -> Result<Presence, StoreError> {
        let is_there = |path: PathBuf| path.try_exists().map_err(|e| StoreError::io("look for", &path, e));
        Ok(if is_there(self.path(hash, ".erased"))? {
            Presence::Erased
        } else if is_there(self.path(hash, ""))? {
            Presence::Held
        } else if is_there(self.partial_path(hash, ".data"))? {
            Presence::Partial
        } else {
            Presence::Absent
        })
    }

    /// Whether all of an attachment is here.
    ///
    /// # Errors
    /// If the system refuses to look.
    pub fn has(&self, hash: &Hash) -> Result<bool, StoreError> {
        Ok(self.presence(hash)? == Presence::Held)
    }

    /// The bytes of an attachment, checked. Meant for small ones; [`Attachments::copy_to`] needs no memory.
    ///
    /// # Errors
    /// [`StoreError::Absent`], [`StoreError::Erased`], or [`StoreError::Damaged`].
    pub fn get(&self, hash: &Hash) -> Result<Vec<u8>, StoreError> {
        let mut bytes = Vec::new();
        self.copy_to(hash, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes an attachment out and returns its size in bytes. All of it is checked before the first byte
    /// is written.
    ///
    /// # Errors
    /// [`StoreError::Absent`], [`StoreError::Erased`], [`StoreError::Damaged`], or what `out` refuses.
    pub fn copy_to(&self, hash: &Hash, out: &mut dyn Write) -> Result<u64, StoreError> {
        let path = self.path(hash, "");
        let (leaves, _) = self.check(hash)?;
        let mut file = File::open(&path).map_err(|e| StoreError::io("open", &path, e))?;
        for index in 0..leaves.chunks() {
            let chunk = read_chunk(&mut file).map_err(|e| StoreError::io("read", &path, e))?;
            // The file may have been damaged since it was checked as a whole.
            if !leaves.is(index, &chunk) {
                return Err(StoreError::damaged(&path, format!("chunk {index} changed while it was read")));
            }
            out.write_all(&chunk).map_err(|e| StoreError::io("copy", &path, e))?;
        }
        Ok(leaves.size_bytes())
    }

    /// Reads all of an attachment and compares it with its hash.
    fn check(&self, hash: &Hash) -> Result<(Leaves, Vec<Node>), StoreError> {
        let path = self.held_path(hash)?;
        let failed = |e| StoreError::io("read", &path, e);
        let mut file = File::open(&path).map_err(failed)?;
        let mut leaves = Leaves::default();
        loop {
            let chunk = read_chunk(&mut file).map_err(failed)?;
            if chunk.is_empty() {
                break;
            }
            leaves.push(&chunk);
        }
        let (nodes, found) = leaves.clone().grow();
        if found == *hash {
            return Ok((leaves, nodes));
        }
        Err(StoreError::Damaged {
            path,
            why: format!("its bytes have the hash {found}; remove the file and fetch it again"),
        })
    }

    /// A chunk with its proof, for [`PartialFile::accept`] on another node. It was checked.
    ///
    /// # Errors
    /// [`StoreError::Absent`] also for an attachment of another size or a chunk that it does not have;
    /// [`StoreError::Erased`], [`StoreError::Damaged`].
    pub fn chunk(&self, hash: &Hash, size_bytes: u64, index: u64) -> Result<Vec<u8>, StoreError> {
        let path = self.held_path(hash)?;
        let shape = Shape { size_bytes };
        let file = File::open(&path).map_err(|e| StoreError::io("open", &path, e))?;
        let found_bytes = file.metadata().map_err(|e| StoreError::io("look at", &path, e))?.len();
        if found_bytes != size_bytes || index >= shape.chunks() {
            return Err(StoreError::Absent(*hash));
        }
        match self.proof(hash, shape, index, &file) {
            Ok(proof) if shape.verify(hash, index, &proof).is_ok() => return Ok(proof),
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound || e.kind() == io::ErrorKind::UnexpectedEof => {}
            Err(e) => return Err(StoreError::io("read", &path, e)),
        }
        // The tree is lost or damaged; if the bytes are not, it grows again.
        let (_, nodes) = self.check(hash)?;
        self.write_tree(hash, &nodes)?;
        let proof = self.proof(hash, shape, index, &file).map_err(|e| StoreError::io("read", &path, e))?;
        match shape.verify(hash, index, &proof) {
            Ok(_) => Ok(proof),
            Err(why) => Err(StoreError::damaged(&path, why)),
        }
    }

    fn proof(&self, hash: &Hash, shape: Shape, index: u64, file: &File) -> io::Result<Vec<u8>> {
        let offsets = shape.proof_offsets(index);
        let mut proof = vec![0; offsets.len() * NODE_BYTES + shape.length(index)];
        let (nodes, chunk) = proof.split_at_mut(offsets.len() * NODE_BYTES);
        if !offsets.is_empty() {
            let tree = File::open(self.path(hash, ".tree"))?;
            for (node, offset) in nodes.chunks_mut(NODE_BYTES).zip(offsets) {
                tree.read_exact_at(node, offset)?;
            }
        }
        file.read_exact_at(chunk, shape.offset(index))?;
        Ok(proof)
    }

    /// Begins to fetch an attachment, or goes on where a fetch broke off, also after a restart. Only one
    /// part of the process fetches an attachment at a time.
    ///
    /// # Errors
    /// [`StoreError::Erased`], [`StoreError::Oversized`], [`StoreError::Full`], or what the system refuses.
    pub fn partial(&self, hash: &Hash, size_bytes: u64) -> Result<PartialFile, StoreError> {
        self.refuse_erased(hash)?;
        if size_bytes > limits::ATTACHMENT_BYTES {
            return Err(StoreError::Oversized);
        }
        PartialFile::open(self.clone(), *hash, Shape { size_bytes })
    }

    /// Erases an attachment, fetched or being fetched, and leaves a trace that keeps it from coming back.
    /// Returns whether any of its bytes were here. (Bytes may linger in the disk's free space.)
    ///
    /// # Errors
    /// If the system refuses; the trace stands before bytes go, so repeating completes it.
    pub fn erase(&self, hash: &Hash) -> Result<bool, StoreError> {
        let trace = self.path(hash, ".erased");
        let all = [
            self.path(hash, ""),
            self.path(hash, ".tree"),
            self.partial_path(hash, ".data"),
            self.partial_path(hash, ".leaves"),
        ];
        let mut here = Vec::new();
        for path in all {
            if path.try_exists().map_err(|e| StoreError::io("look for", &path, e))? {
                here.push(path);
            }
        }
        let traced = trace.try_exists().map_err(|e| StoreError::io("look for", &trace, e))?;
        if traced && here.is_empty() {
            return Ok(false);
        }
        let shelf = trace.parent().unwrap_or(&self.dir);
        create_directory(shelf)?;
        write_synced(&trace, b"This attachment was erased.\n")?;
        sync_directory(shelf)?;
        here.iter().try_for_each(|path| remove_if_there(path))?;
        sync_directory(shelf)?;
        sync_directory(&self.dir.join("partial"))?;
        Ok(!here.is_empty())
    }

    /// Reads every held attachment and compares it with its hash.
    ///
    /// # Errors
    /// If the system refuses to list or read.
    pub fn scrub(&self) -> Result<Scrub, StoreError> {
        let mut scrub = Scrub::default();
        for shelf in names(&self.dir)? {
            if shelf.len() != 2 {
                continue;
            }
            for name in names(&self.dir.join(&shelf))? {
                let (digits, ending) = name.split_once('.').unwrap_or((&name, ""));
                let Ok(hash) = digits.parse::<Hash>() else { continue };
                match ending {
                    "erased" => scrub.erased += 1,
                    "" => match self.check(&hash) {
                        Ok(_) => scrub.good += 1,
                        Err(StoreError::Damaged { .. }) => scrub.damaged.push(hash),
                        // Erased while this was under way, or half erased before.
                        Err(StoreError::Erased(_) | StoreError::Absent(_)) => {}
                        Err(other) => return Err(other),
                    },
                    _ => {}
                }
            }
        }
        Ok(scrub)
    }

    fn held_path(&self, hash: &Hash) -> Result<PathBuf, StoreError> {
        match self.presence(hash)? {
            Presence::Held => Ok(self.path(hash, "")),
            Presence::Erased => Err(StoreError::Erased(*hash)),
            Presence::Absent | Presence::Partial => Err(StoreError::Absent(*hash)),
        }
    }

    pub(crate) fn refuse_erased(&self, hash: &Hash) -> Result<(), StoreError> {
        if self.presence(hash)? == Presence::Erased { Err(StoreError::Erased(*hash)) } else { Ok(()) }
    }

    fn path(&self, hash: &Hash, ending: &str) -> PathBuf {
        let digits = hash.to_string();
        let (shelf, _) = digits.split_at(2);
        self.dir.join(shelf).join(format!("{digits}{ending}"))
    }

    pub(crate) fn partial_path(&self, hash: &Hash, ending: &str) -> PathBuf {
        self.dir.join("partial").join(format!("{hash}{ending}"))
    }

    fn temporary(&self) -> PathBuf {
        let number = self.next_temporary.fetch_add(1, Ordering::Relaxed);
        self.dir.join("partial").join(format!("{number}{TEMPORARY}"))
    }
}

/// How the names of files end that are being written.
const TEMPORARY: &str = ".writing";

fn read_chunk(file: &mut File) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(CHUNK_BYTES);
    file.take(CHUNK_BYTES as u64).read_to_end(&mut chunk)?;
    Ok(chunk)
}

fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let written = File::create(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|e| StoreError::io("write", path, e))
}

pub(crate) fn remove_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(StoreError::io("remove", path, e)),
        _ => Ok(()),
    }
}
