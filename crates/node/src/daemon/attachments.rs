//! The thread that reads and writes attachments, so that large files hold nobody up.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use cohub_record::Hash;
use cohub_replica::wire::Response;
use cohub_replica::{Input, Progress, RequestId};
use cohub_store::{Attachments, StoreError};
use tokio::sync::mpsc;

use super::core::CoreHandle;
use super::network::NetWork;
use crate::NodeError;

/// Missing chunks that are named at a time.
const MISSING_NAMED: usize = 64;

/// Something to do with an attachment.
pub(crate) enum FileWork {
    Keep { hash: Hash, bytes: Arc<[u8]> },
    Erase { hash: Hash },
    OpenPartial { hash: Hash, size_bytes: u64 },
    Accept { hash: Hash, index: u64, proof: Arc<[u8]> },
    Serve { id: RequestId, hash: Hash, size_bytes: u64, index: u64 },
}

/// Starts the thread; it ends when the last sender is gone.
pub(crate) fn spawn(
    files: Attachments,
    outgoing: PathBuf,
    core: CoreHandle,
    network: mpsc::UnboundedSender<NetWork>,
) -> std::io::Result<Sender<FileWork>> {
    let (sender, work) = channel();
    std::thread::Builder::new()
        .name("attachments".to_owned())
        .spawn(move || run(&files, &outgoing, &core, &network, &work))?;
    Ok(sender)
}

fn run(
    files: &Attachments,
    outgoing: &Path,
    core: &CoreHandle,
    network: &mpsc::UnboundedSender<NetWork>,
    work: &Receiver<FileWork>,
) {
    let mut sizes = std::collections::BTreeMap::new();
    for work in work {
        match work {
            FileWork::Keep { hash, bytes } => match files.put(&bytes) {
                Ok(_) => core.input_blocking(Input::Kept { hash }),
                Err(StoreError::Erased(_)) => tracing::debug!(%hash, "an erased attachment was not kept"),
                Err(error) => tracing::warn!(%hash, %error, "an attachment was not kept"),
            },
            FileWork::Erase { hash } => {
                if let Err(error) = erase(files, outgoing, &hash) {
                    tracing::error!(%hash, %error, "an attachment could not be erased; it is tried again at the next start");
                }
            }
            FileWork::OpenPartial { hash, size_bytes } => {
                sizes.insert(hash, size_bytes);
                let progress = open(files, &hash, size_bytes);
                core.input_blocking(Input::Partial { hash, progress });
            }
            FileWork::Accept { hash, index, proof } => {
                let size_bytes = sizes.get(&hash).copied().unwrap_or_default();
                let progress = accept(files, &hash, size_bytes, index, &proof);
                core.input_blocking(Input::Partial { hash, progress });
            }
            FileWork::Serve { id, hash, size_bytes, index } => {
                let proof = match files.chunk(&hash, size_bytes, index) {
                    Ok(proof) => Some(proof.into()),
                    Err(error) => {
                        tracing::debug!(%hash, %error, "a chunk was not served");
                        None
                    }
                };
                let _ = network.send(NetWork::Respond { id, bytes: Response::Chunk { proof }.encode() });
            }
        }
    }
}

/// Erases an attachment, and what was taken out of it for somebody here to read.
fn erase(files: &Attachments, outgoing: &Path, hash: &Hash) -> Result<(), NodeError> {
    if files.erase(hash)? {
        tracing::info!(%hash, "an attachment was erased");
    }
    let copy = outgoing.join(hash.to_string());
    match std::fs::remove_file(&copy) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(NodeError::file("removing", &copy)),
    }
}

fn open(files: &Attachments, hash: &Hash, size_bytes: u64) -> Progress {
    match files.has(hash) {
        Ok(true) => return Progress::Complete,
        Ok(false) => {}
        Err(error) => return Progress::Failed(error.to_string()),
    }
    match files.partial(hash, size_bytes) {
        Ok(partial) => Progress::Missing(partial.missing().take(MISSING_NAMED).collect()),
        Err(error) => Progress::Failed(error.to_string()),
    }
}

fn accept(files: &Attachments, hash: &Hash, size_bytes: u64, index: u64, proof: &[u8]) -> Progress {
    let accepted = files.partial(hash, size_bytes).and_then(|mut partial| {
        partial.accept(index, proof)?;
        let missing: Vec<u64> = partial.missing().take(MISSING_NAMED).collect();
        if missing.is_empty() {
            partial.finish()?;
        }
        Ok(missing)
    });
    match accepted {
        Ok(missing) if missing.is_empty() => Progress::Complete,
        Ok(missing) => Progress::Missing(missing),
        Err(StoreError::Forged { index, .. }) => Progress::Refused(index),
        Err(error) => Progress::Failed(error.to_string()),
    }
}
