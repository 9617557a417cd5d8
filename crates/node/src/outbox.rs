//! Signed records that were not handed in yet. They are durable here before anybody else sees them, and
//! they go first next time, so that no crash between signing and storing can fork a log.

use std::fs;
use std::path::PathBuf;

use cohub_record::Record;

use crate::api::SignedRecord;
use crate::home::{make_dir, read_json, write_json};
use crate::{Home, NodeError, hex};

/// The outbox of a home.
#[derive(Debug, Clone)]
pub struct Outbox {
    dir: PathBuf,
}

/// One entry of the outbox.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The signed record.
    pub signed: SignedRecord,
    path: PathBuf,
}

impl Outbox {
    /// The outbox of a home, made if it is not there.
    ///
    /// # Errors
    /// If its directory cannot be made.
    pub fn open(home: &Home) -> Result<Self, NodeError> {
        make_dir(&home.outbox())?;
        Ok(Self { dir: home.outbox() })
    }

    /// Keeps a signed record, durably.
    ///
    /// # Errors
    /// If it is no record, or cannot be written.
    pub fn put(&self, signed: &SignedRecord) -> Result<Waiting, NodeError> {
        let bytes = hex::decode(&signed.record).unwrap_or_default();
        let record = Record::verify(&bytes).map_err(|error| NodeError::Other(error.to_string()))?;
        // Sorted by name, records of one log stand in their order.
        let author = hex::encode(&record.author().as_bytes()[..8]);
        let path = self.dir.join(format!(
            "{author}-{:020}-{}.json",
            record.header().seq,
            hex::encode(&record.id().as_bytes()[..6])
        ));
        write_json(&path, signed)?;
        Ok(Waiting { signed: signed.clone(), path })
    }

    /// What waits, the records of one log in order.
    ///
    /// # Errors
    /// If the directory or an entry cannot be read.
    pub fn waiting(&self) -> Result<Vec<Waiting>, NodeError> {
        let entries = fs::read_dir(&self.dir).map_err(NodeError::file("reading", &self.dir))?;
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        paths.sort();
        // One that is gone by now was handed in by somebody else.
        let read = |path: PathBuf| Ok(read_json(&path)?.map(|signed| Waiting { signed, path }));
        paths.into_iter().filter_map(|path| read(path).transpose()).collect()
    }

    /// Forgets an entry that is stored now. Another command of this home may have handed it in and
    /// forgotten it before.
    ///
    /// # Errors
    /// If it cannot be removed.
    pub fn stored(&self, waiting: &Waiting) -> Result<(), NodeError> {
        match fs::remove_file(&waiting.path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(NodeError::file("removing", &waiting.path)),
        }
    }

    /// Sets an entry aside that can never be stored, for its owner to look at.
    ///
    /// # Errors
    /// If it cannot be moved.
    pub fn set_aside(&self, waiting: &Waiting) -> Result<PathBuf, NodeError> {
        let aside = self.dir.join("refused");
        make_dir(&aside)?;
        let target = aside.join(waiting.path.file_name().unwrap_or_default());
        fs::rename(&waiting.path, &target).map_err(NodeError::file("moving", &waiting.path))?;
        Ok(target)
    }
}

#[cfg(test)]
mod tests {
    use cohub_record::{Header, SecretKey, Value};

    use super::*;

    #[test]
    fn two_commands_may_hand_in_the_same_record() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        let header = Header {
            network: Some(cohub_record::Id::from_bytes([1; 32])),
            seq: 0,
            prev: None,
            at: 0,
            kind: "ballot".to_owned(),
            cites: Vec::new(),
            body: Value::Array(Vec::new()),
            attachments: Vec::new(),
        };
        let record = header.sign(&SecretKey::from_seed(&[8; 32])).unwrap();
        let outbox = Outbox::open(&home).unwrap();
        let signed = SignedRecord { record: hex::encode(record.bytes()), attachments: Vec::new() };
        let own = outbox.put(&signed).unwrap();
        let [found] = outbox.waiting().unwrap().try_into().unwrap();
        outbox.stored(&found).unwrap();
        outbox.stored(&own).unwrap();
        assert!(outbox.waiting().unwrap().is_empty());
    }
}
