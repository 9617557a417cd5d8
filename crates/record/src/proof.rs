//! Proof of a fork: two records that an honest key never signs both.

use crate::{Record, RecordError};

/// Two authentic records with one author and sequence number, the lesser id first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForkProof {
    first: Record,
    second: Record,
}

impl ForkProof {
    /// Joins two records to a proof.
    ///
    /// # Errors
    /// [`RecordError::NoFork`] unless author and sequence number are the same and the ids differ.
    pub fn new(one: Record, other: Record) -> Result<Self, RecordError> {
        let fork = one.author() == other.author()
            && one.header().seq == other.header().seq
            && one.id() != other.id();
        if !fork {
            return Err(RecordError::NoFork);
        }
        let (first, second) = if one.id() < other.id() { (one, other) } else { (other, one) };
        Ok(Self { first, second })
    }

    /// Verifies a proof from bytes of anywhere.
    ///
    /// # Errors
    /// If either is no record, or the two are no fork.
    pub fn verify(one: &[u8], other: &[u8]) -> Result<Self, RecordError> {
        Self::new(Record::verify(one)?, Record::verify(other)?)
    }

    /// Both records, the lesser id first.
    #[must_use]
    pub const fn records(&self) -> (&Record, &Record) {
        (&self.first, &self.second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Header, SecretKey, Value};

    fn record(seed: u8, at: u64) -> Record {
        let body = Value::Array(Vec::new());
        let header = Header {
            network: None,
            seq: 0,
            prev: None,
            at,
            kind: "x".into(),
            cites: vec![],
            body,
            attachments: vec![],
        };
        header.sign(&SecretKey::from_seed(&[seed; 32])).unwrap()
    }

    #[test]
    fn only_two_records_of_one_key_and_place_are_a_fork() {
        let (one, other) = (record(1, 1), record(1, 2));
        let proof = ForkProof::new(one.clone(), other.clone()).unwrap();
        assert_eq!(ForkProof::verify(other.bytes(), one.bytes()), Ok(proof));
        assert_eq!(ForkProof::new(one.clone(), one.clone()), Err(RecordError::NoFork));
        assert_eq!(ForkProof::new(one, record(2, 1)), Err(RecordError::NoFork));
    }
}
