//! A record together with the small attachments that travel with it.

use std::sync::Arc;

use cohub_record::{Hash, KeyCache, Record, Value, limits};
use cohub_registry::Decoded;

use super::{WireError, malformed};

/// An authentic record and those of its attachments of at most 4 KiB that came along (Protocol 2).
/// Each of them is one that the record describes, checked by size and hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    record: Decoded,
    attachments: Vec<(Hash, Arc<[u8]>)>,
}

impl Item {
    /// A record by itself.
    #[must_use]
    pub fn bare(record: Record) -> Self {
        Self { record: record.into(), attachments: Vec::new() }
    }

    /// Joins a record with attachments that travel with it.
    ///
    /// # Errors
    /// [`WireError::Attachment`] where one is not described by the record, is too large to travel, or
    /// comes twice or out of the order of the descriptors.
    pub fn new(record: Record, attachments: Vec<Arc<[u8]>>) -> Result<Self, WireError> {
        let mut described = record.header().attachments.iter();
        let mut checked = Vec::with_capacity(attachments.len());
        for bytes in attachments {
            let hash = Hash::from_bytes(*blake3::hash(&bytes).as_bytes());
            let size = bytes.len() as u64;
            let matches =
                |d: &&cohub_record::Descriptor| d.hash == hash && d.size_bytes == size && d.travels();
            described.find(matches).ok_or(WireError::Attachment)?;
            checked.push((hash, bytes));
        }
        Ok(Self { record: record.into(), attachments: checked })
    }

    /// The record.
    #[must_use]
    pub const fn record(&self) -> &Record {
        self.record.record()
    }

    /// The record with what it says, decoded.
    pub(crate) const fn decoded(&self) -> &Decoded {
        &self.record
    }

    /// The attachments that came along, by hash, in the order of the record's descriptors.
    #[must_use]
    pub fn attachments(&self) -> &[(Hash, Arc<[u8]>)] {
        &self.attachments
    }

    /// The record without its attachments.
    #[must_use]
    pub fn into_record(self) -> Record {
        self.record.into_record()
    }

    /// The same item with only those attachments that `keep` answers yes to.
    #[must_use]
    pub fn with_attachments(mut self, keep: impl Fn(&Hash) -> bool) -> Self {
        self.attachments.retain(|(hash, _)| keep(hash));
        self
    }

    /// Bytes of record and attachments together.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.record().bytes().len() + self.attachments.iter().map(|(_, bytes)| bytes.len()).sum::<usize>()
    }

    /// The bytes of a gossip message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.to_value().encode()
    }

    /// Reads a gossip message and checks the signature.
    ///
    /// # Errors
    /// [`WireError`], says what was wrong.
    pub fn decode(bytes: &[u8], keys: &mut KeyCache) -> Result<Self, WireError> {
        let value = Value::decode(bytes).map_err(|e| malformed(e.to_string()))?;
        Self::from_value(&value, keys)
    }

    pub(super) fn to_value(&self) -> Value {
        let bytes = std::iter::once(self.record().bytes()).chain(self.attachments.iter().map(|(_, b)| b));
        Value::Array(bytes.map(|bytes| Value::Bytes(bytes.to_vec())).collect())
    }

    pub(super) fn from_value(value: &Value, keys: &mut KeyCache) -> Result<Self, WireError> {
        let Value::Array(parts) = value else { return Err(malformed("an item is an array")) };
        if parts.len() > 1 + limits::ATTACHMENTS {
            return Err(malformed("an item has too many attachments"));
        }
        let mut parts = parts.iter().map(|part| match part {
            Value::Bytes(bytes) => Ok(bytes.as_slice()),
            other => Err(malformed(format!("an item holds bytes, not {}", other.name()))),
        });
        let record = parts.next().ok_or_else(|| malformed("an item begins with a record"))??;
        let record = Record::verify_with(keys, record)?;
        let attachments = parts.map(|bytes| bytes.map(Arc::from)).collect::<Result<_, _>>()?;
        let item = Self::new(record, attachments)?;
        // Whoever reads items off the wire has threads for it, and the one that folds them has none to spare.
        item.record.prepare();
        Ok(item)
    }
}
