//! Opening a store on disk: is it the one that wrote here before, and as far as it got (Protocol 3.4)?

use std::io;
use std::path::Path;

use crate::birth::{BirthNote, Identity, Suspicion};
use crate::directory::{create_directory, sync_directory};
use crate::head::Head;
use crate::lock::DirectoryLock;
use crate::sled::{Raw, SledStore};
use crate::{Options, StoreError};

/// A store, and whether it may be written to with the keys it was written with before.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: SledStore,
    /// Why it must not be, if it must not; [`SledStore::acknowledge`] says that it may.
    pub suspicion: Option<Suspicion>,
}

impl SledStore {
    /// Opens the store in `dir`, making it where there is none.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if it is open elsewhere; [`StoreError::Damaged`] or [`StoreError::Stuck`] if
    /// its files cannot be read. Nothing was written then; but sled, as soon as it opens, cuts off a
    /// damaged end of its own log, which shows as [`Suspicion::Behind`].
    pub fn open(dir: &Path, options: Options) -> Result<Opened, StoreError> {
        create_directory(dir)?;
        let lock = DirectoryLock::acquire(dir)?;
        let raw = Raw::open(dir, &options)?;
        let (writes, note) = (raw.progress(dir)?.writes, raw.birth_note(dir)?);
        let said = lock.text().map(|text| (text.identity, text.generation));
        // A lock file without a store's note of it: the end of the store was lost, or making it broke off.
        let identity = match note.as_ref().map(|note| note.identity).or(said.map(|(identity, _)| identity)) {
            Some(identity) => identity,
            None => Identity::generate().map_err(|e| {
                StoreError::io("ask for randomness for", dir, io::Error::other(e.to_string()))
            })?,
        };
        let head = Head::open(dir)?;
        let acknowledged = head.writes(identity);
        let suspicion = if acknowledged > writes {
            Some(Suspicion::Behind { acknowledged, found: writes })
        } else if let Some(note) = &note {
            note.suspicion(said, lock.birth()?)
        } else {
            raw.has_records.then_some(Suspicion::Unmarked)
        };
        let generation = note.as_ref().map_or(0, |note| note.generation);
        let store = raw.into_store(dir, options, (identity, generation), (lock, head))?;
        if note.is_none() {
            sync_directory(&dir.join("sled"))?;
            sync_directory(dir)?;
        }
        match &suspicion {
            Some(suspicion) => store.doubt(suspicion)?,
            None => store.acknowledge()?,
        }
        Ok(Opened { store, suspicion })
    }

    /// Says that this directory is the only one that writes with its keys, as after a move. From then on
    /// the store is not suspected.
    ///
    /// # Errors
    /// If the lock file or the store cannot be written; the suspicion stays then.
    pub fn acknowledge(&self) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        let (identity, birth) = (self.identity, self.lock.birth()?);
        let before = BirthNote { identity, generation: writer.generation, birth, opening: true, doubt: None };
        self.note_birth(&mut writer, &before)?;
        let generation = writer.generation + 1;
        self.lock.write(identity, generation)?;
        let after = BirthNote { generation, birth: self.lock.birth()?, opening: false, ..before };
        self.note_birth(&mut writer, &after)?;
        writer.generation = generation;
        Ok(())
    }

    /// Notes a suspicion in the store, so that every opening has it until it is acknowledged.
    pub(crate) fn doubt(&self, suspicion: &Suspicion) -> Result<(), StoreError> {
        let mut writer = self.writer()?;
        let generation = writer.generation;
        // The next opener learns from the lock file which process this is.
        self.lock.write(self.identity, generation)?;
        let (identity, birth, doubt) = (self.identity, self.lock.birth()?, Some(suspicion.clone()));
        self.note_birth(&mut writer, &BirthNote { identity, generation, birth, opening: false, doubt })
    }
}
