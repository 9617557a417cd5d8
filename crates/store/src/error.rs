//! Why storage refused or failed. Every message says what happened, what was kept, and what to do.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cohub_record::{Hash, limits};

/// What went wrong in a store, its export segments or its attachments.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process, or another part of this one, has the directory open. Nothing was touched.
    #[error("{} is in use by {}; stop it first or choose another directory; nothing was changed", dir.display(), holder_text(*pid))]
    Locked {
        /// The directory.
        dir: PathBuf,
        /// The process that holds it, where its lock file could be read.
        pid: Option<u32>,
    },
    /// There is no room. Everything acknowledged before is kept, nothing of the refused write is.
    #[error(
        "the disk is full: {} has {free_bytes} bytes free, too few for this write; {kept}; make room and try again",
        path.display()
    )]
    Full {
        /// What was to be written to.
        path: PathBuf,
        /// Bytes free.
        free_bytes: u64,
        /// What is safe, in words.
        kept: String,
    },
    /// The system refused a read or a write.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// What was stored is not what is there now. Nothing was repaired in place.
    #[error(
        "{} is damaged: {why}; nothing was changed; run `cohub store check`, then `cohub store rebuild`",
        path.display()
    )]
    Damaged {
        /// What is damaged.
        path: PathBuf,
        /// How.
        why: String,
    },
    /// No answer within the limit, as damaged stores can do. What was acknowledged before is on disk.
    #[error(
        "{} gave no answer for {} s while {doing}; end this process, then run `cohub store check`",
        path.display(),
        limit.as_secs()
    )]
    Stuck {
        /// The store.
        path: PathBuf,
        /// What was tried.
        doing: &'static str,
        /// How long it was waited for.
        limit: Duration,
    },
    /// A write failed half-way, so no other is taken. What was acknowledged before is on disk; of the
    /// failed batch each record may or may not be.
    #[error(
        "{} takes no more writes since one failed: {why}; what was acknowledged is kept; \
         mend the cause and restart",
        path.display()
    )]
    Closed {
        /// The store.
        path: PathBuf,
        /// Why the write failed.
        why: String,
    },
    /// A named value whose name or size is beyond the limit. Nothing was kept of it.
    #[error(
        "{name:?} cannot be stored: a name has 1 to {} bytes and a value at most {}",
        crate::NAME_BYTES,
        crate::META_BYTES
    )]
    Meta {
        /// The name.
        name: String,
    },
    /// An attachment that was erased is not taken again.
    #[error("attachment {0} was erased here and is not taken again")]
    Erased(Hash),
    /// An attachment that is not held here.
    #[error("attachment {0} is not held here; fetch it from a node that has it")]
    Absent(Hash),
    /// An attachment of which not all chunks are there. What is there is kept.
    #[error("{missing} chunks of attachment {hash} are still missing; the others are kept")]
    Incomplete {
        /// The attachment.
        hash: Hash,
        /// Chunks to fetch.
        missing: u64,
    },
    /// Bytes that are not those of the chunk they were offered for. None was kept; who sent them lied.
    #[error(
        "the bytes offered for chunk {index} of attachment {hash} are not its bytes: {why}; none was kept"
    )]
    Forged {
        /// The attachment.
        hash: Hash,
        /// The chunk's number.
        index: u64,
        /// What does not match.
        why: &'static str,
    },
    /// More bytes than an attachment may have. None was kept.
    #[error("an attachment has at most {} bytes; nothing was kept", limits::ATTACHMENT_BYTES)]
    Oversized,
    /// Something that is there and must not be written over.
    #[error("{} is there already; nothing was written over", .0.display())]
    Occupied(PathBuf),
}

fn holder_text(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

impl StoreError {
    /// Wraps an error of the system; a full disk gets its own variant.
    pub(crate) fn io(doing: &'static str, path: &Path, source: io::Error) -> Self {
        if is_full(&source) {
            let free_bytes = fs4::available_space(path.parent().unwrap_or(path)).unwrap_or(0);
            let kept = "what was acknowledged before is kept".to_owned();
            return Self::Full { path: path.to_owned(), free_bytes, kept };
        }
        Self::Io { doing, path: path.to_owned(), source }
    }

    /// Something at `path` is not what was stored.
    pub(crate) fn damaged(path: &Path, why: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), why: why.into() }
    }
}

/// Whether the system says that there is no room.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
