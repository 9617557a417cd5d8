//! Opening a node: the store under its lock, the keys of the machine, and a replica made from both.

use std::path::Path;
use std::sync::Arc;

use cohub_record::{Hash, PublicKey, SecretKey};
use cohub_registry::Decoded;
use cohub_replica::{Config, Copies, Replica};
use cohub_store::{Attachments, Options, Scan, SledStore, Store as _};

use super::doubt::Doubt;
use crate::identity::label;
use crate::keystore::Keystore;
use crate::{Home, NodeError, Settings};

const NOTE_PREFIX: &str = "note/";
const MIB: u64 = 1024 * 1024;
/// Records that are handed on together while a store is replayed.
const BATCH: usize = 256;
/// Batches that wait to be folded before decoding waits.
const WAITING: usize = 4;

/// The name under which a replica's note is stored.
pub(crate) fn note_name(name: &str) -> String {
    format!("{NOTE_PREFIX}{name}")
}

/// Everything that a replica is made from, also a second time.
pub(crate) struct Opening {
    pub(crate) settings: Settings,
    pub(crate) store: Arc<SledStore>,
    pub(crate) attachments: Attachments,
    pub(crate) doubt: Arc<Doubt>,
    pub(crate) node: SecretKey,
    keystore: Keystore,
}

impl Opening {
    /// Opens the store and reads the machine's keys.
    ///
    /// # Errors
    /// [`NodeError::NoHub`], a store that is open elsewhere or damaged, or a key that cannot be read.
    pub(crate) fn new(home: &Home, settings: &Settings) -> Result<Self, NodeError> {
        let keystore = Keystore::open(home);
        crate::identity::own_hub(home)?;
        let options = Options { cache_bytes: settings.cache_mib * MIB, ..Options::default() };
        let opened = SledStore::open(&home.data(), options)?;
        let attachments = Attachments::open(&cohub_store::attachments_dir(&home.data()))?;
        clear(&home.outgoing())?;
        let here: Vec<PublicKey> = keystore.list()?.into_iter().map(|info| info.key).collect();
        let store = Arc::new(opened.store);
        // Protocol 3.4: a store that looks copied or set back signs nothing.
        let doubt = Doubt::new(&store, opened.suspicion.as_ref(), &here)?;
        Ok(Self {
            settings: settings.clone(),
            store,
            attachments,
            doubt: Arc::new(doubt),
            node: keystore.machine(label::NODE)?,
            keystore,
        })
    }

    /// Erases the secret of a teller's key that has handed over.
    ///
    /// # Errors
    /// If the files of the keys cannot be written.
    pub(crate) fn erase_teller(&self, key: &PublicKey) -> Result<(), NodeError> {
        self.keystore.erase_teller(key)
    }

    /// A replica of what is durable.
    ///
    /// # Errors
    /// If the store stopped answering, or a key cannot be read.
    pub(crate) fn replica(&self) -> Result<Replica, NodeError> {
        let mut config =
            Config::new(self.node.public(), crate::clock::now_ms() ^ seed_of(&self.node.public()));
        config.tellers = self.keystore.tellers()?;
        config.tellers.retain(|teller| self.doubt.may_sign(&teller.public()).is_ok());
        config.own_keys = self.keystore.list()?.into_iter().map(|info| info.key).collect();
        config.sync_interval_ms = self.settings.sync_interval_ms;
        config.request_timeout_ms = self.settings.request_timeout_ms;
        config.knock_interval_ms = self.settings.knock_interval_ms;
        config.copies = if self.settings.copy_attachments { Copies::All } else { Copies::Travelling };
        let notes = self.store.metas(NOTE_PREFIX)?;
        let notes = notes.into_iter().map(|(name, bytes)| (name[NOTE_PREFIX.len()..].to_owned(), bytes));
        let opened = Replica::open(config, notes, self.store.as_ref());
        let mut replica = opened.map_err(|error| NodeError::Other(error.to_string()))?;
        let (scan, attachments) = self.replay(&mut replica)?;
        for hash in attachments {
            if self.attachments.has(&hash)? {
                replica.replay_attachment(hash);
            }
        }
        for damage in &scan.damaged {
            tracing::warn!(%damage, "a stored record is damaged; it is fetched again from peers");
        }
        Ok(replica)
    }

    /// Has a replica take every stored record; answers what the scan found, and the attachments that the
    /// records describe. One thread decodes while another folds what was decoded.
    fn replay(&self, replica: &mut Replica) -> Result<(Scan, Vec<Hash>), NodeError> {
        let mut attachments = Vec::new();
        let scan = std::thread::scope(|scope| {
            let (decoded, to_fold) = std::sync::mpsc::sync_channel::<Vec<Decoded>>(WAITING);
            let fold = move || {
                for batch in to_fold {
                    batch.iter().for_each(|record| replica.replay(record));
                }
            };
            let started = std::thread::Builder::new().name("replay".to_owned()).spawn_scoped(scope, fold);
            started.map_err(|why| NodeError::Other(format!("no thread could be started: {why}")))?;
            let mut batch = Vec::with_capacity(BATCH);
            let scan = self.store.scan(&mut |stored| {
                let Ok(record) = stored.decode() else { return };
                attachments.extend(record.header().attachments.iter().map(|descriptor| descriptor.hash));
                let record = Decoded::from(record);
                record.prepare();
                batch.push(record);
                if batch.len() == BATCH {
                    // It ends before its other end is dropped only by a panic, which the scope passes on.
                    let _ = decoded.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
                }
            });
            let _ = decoded.send(batch);
            scan.map_err(NodeError::from)
        })?;
        Ok((scan, attachments))
    }
}

/// Removes what was taken out of the store for somebody to read: it is not to outlive its erasure.
fn clear(dir: &Path) -> Result<(), NodeError> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(NodeError::file("removing", dir)),
    }
}

fn seed_of(key: &PublicKey) -> u64 {
    key.as_bytes().iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte))
}
