//! The thread that writes export segments behind the store: it may lag, and catches up once the node is open, so
//! that nobody waits for it at the start.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use cohub_record::{Place, PublicKey, Record};
use cohub_store::{Exporter, SledStore, StoreError};

use super::events::Events;
use crate::Home;

/// Records that one sync of the segment serves at most.
const BATCH: usize = 4_000;
/// How long more records are waited for before a sync: nobody waits for it, and it slows the syncs of the store that
/// somebody does wait for.
const LINGER: Duration = Duration::from_millis(500);

/// Something to export.
pub(crate) enum Export {
    /// Whatever of the store the segments lack.
    All,
    Records(Vec<Record>),
    Removed(Vec<(PublicKey, Place)>),
}

/// Starts the thread; it ends when the last sender is gone and everything is exported.
///
/// # Errors
/// If the system starts no thread.
pub(crate) fn spawn(
    home: &Home,
    store: Arc<SledStore>,
    events: Events,
) -> std::io::Result<(Sender<Export>, std::thread::JoinHandle<()>)> {
    let (sender, work) = channel();
    let dir = cohub_store::segments_dir(&home.data());
    let thread = std::thread::Builder::new().name("export".to_owned()).spawn(move || {
        if let Err(error) = run(&dir, &store, &work) {
            events.warn(&format!(
                "no export segments are written any more: {error}; restart when the cause is mended"
            ));
        }
    })?;
    Ok((sender, thread))
}

fn run(dir: &std::path::Path, store: &Arc<SledStore>, work: &Receiver<Export>) -> Result<(), StoreError> {
    let Ok(first) = work.recv() else { return Ok(()) };
    let mut exporter = Exporter::open(dir)?;
    let mut next = Some(first);
    while let Some(export) = next.take().or_else(|| work.recv().ok()) {
        match export {
            Export::All => {
                exporter.catch_up(store.as_ref())?;
            }
            Export::Removed(places) => exporter.removed(&places)?,
            Export::Records(mut records) => {
                let until = Instant::now() + LINGER;
                while records.len() < BATCH {
                    match work.recv_timeout(until.saturating_duration_since(Instant::now())) {
                        Ok(Export::Records(more)) => records.extend(more),
                        Ok(other) => {
                            next = Some(other);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                exporter.append(&records)?;
            }
        }
    }
    Ok(())
}
