//! The file itself: one canonical encoding, read without copying, so that every fault has a byte offset.

use cohub_record::{Field as _, Id, Value};

use super::CertificateError;
use crate::Outcome;

const LABEL: &str = "cohub certificate v1";
const FIELDS: usize = 4;

/// Major types of CBOR, shifted to their place in the first byte.
const BYTES: u8 = 0x40;
const TEXT: u8 = 0x60;
const ARRAY: u8 = 0x80;

/// A certificate file (Protocol 8), decoded but not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File<'a> {
    pub(super) motion: Id,
    pub(super) outcome: Outcome,
    /// Each record's bytes behind their offset in the file.
    pub(super) records: Vec<(usize, &'a [u8])>,
}

/// The bytes of a certificate file. `records` stand in order of their ids.
pub(super) fn encode(motion: &Id, outcome: Outcome, records: Vec<Vec<u8>>) -> Vec<u8> {
    Value::Array(vec![
        Value::Text(LABEL.to_owned()),
        motion.to_value(),
        outcome.to_value(),
        Value::Array(records.into_iter().map(Value::Bytes).collect()),
    ])
    .encode()
}

impl<'a> File<'a> {
    /// Reads a file strictly: its bytes are the only ones that say this.
    ///
    /// # Errors
    /// [`CertificateError::File`], with the place of the first byte that is wrong.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, CertificateError> {
        let mut reader = Reader { bytes, at: 0 };
        reader.expect(ARRAY, FIELDS, "an array of four fields")?;
        if reader.text("a label")? != LABEL {
            return Err(reader.fault_at(1, format!("a label other than {LABEL:?}")));
        }
        let start = reader.at;
        let motion = reader.byte_string("the id of a motion")?.try_into();
        let motion = motion.map_err(|_| reader.fault_at(start, "an id has 32 bytes"))?;
        let start = reader.at;
        let outcome = reader.text("an outcome")?.parse();
        let outcome =
            outcome.map_err(|error| reader.fault_at(start, format!("the outcome is none: {error}")))?;
        let count = reader.head(ARRAY, "an array of records")?;
        let mut records = Vec::new();
        for _ in 0..count {
            let record = reader.byte_string("a record")?;
            records.push((reader.at - record.len(), record));
        }
        match bytes.len() - reader.at {
            0 => Ok(Self { motion: Id::from_bytes(motion), outcome, records }),
            left => Err(reader.fault_at(reader.at, format!("{left} bytes follow the end"))),
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn fault_at(&self, at: usize, why: impl Into<String>) -> CertificateError {
        CertificateError::File { at, why: why.into() }
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], CertificateError> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| self.fault_at(self.bytes.len(), "the file ends too early"))?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    /// Reads the type and length of an item: the length must be written in as few bytes as it takes.
    fn head(&mut self, major: u8, what: &str) -> Result<usize, CertificateError> {
        let start = self.at;
        let first = self.take(1)?[0];
        if first & 0xe0 != major {
            return Err(self.fault_at(start, format!("expected {what}")));
        }
        let (width, least) = match first & 0x1f {
            short @ 0..24 => return Ok(usize::from(short)),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            _ => return Err(self.fault_at(start, format!("{what} of no stated length"))),
        };
        let length = self.take(width)?.iter().fold(0, |length: u64, byte| length << 8 | u64::from(*byte));
        if length < least {
            return Err(self.fault_at(start, "a length in more bytes than it takes"));
        }
        usize::try_from(length).map_err(|_| self.fault_at(start, "a length beyond this machine"))
    }

    fn expect(&mut self, major: u8, length: usize, what: &str) -> Result<(), CertificateError> {
        let start = self.at;
        match self.head(major, what)? {
            found if found == length => Ok(()),
            _ => Err(self.fault_at(start, format!("expected {what}"))),
        }
    }

    fn byte_string(&mut self, what: &str) -> Result<&'a [u8], CertificateError> {
        let length = self.head(BYTES, what)?;
        self.take(length)
    }

    fn text(&mut self, what: &str) -> Result<&'a str, CertificateError> {
        let start = self.at;
        let length = self.head(TEXT, what)?;
        std::str::from_utf8(self.take(length)?).map_err(|_| self.fault_at(start, "text that is not UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden() -> Vec<u8> {
        encode(&Id::from_bytes([7; 32]), Outcome::Adopted, vec![vec![1; 20], vec![2; 300], vec![3; 70_000]])
    }

    #[test]
    fn a_file_reads_back_with_the_offset_of_each_record() {
        let bytes = golden();
        let file = File::read(&bytes).unwrap();
        assert_eq!((file.motion, file.outcome), (Id::from_bytes([7; 32]), Outcome::Adopted));
        assert_eq!(
            file.records.iter().map(|(_, record)| record.len()).collect::<Vec<_>>(),
            [20, 300, 70_000]
        );
        for (at, record) in file.records {
            assert_eq!(&bytes[at..at + record.len()], record);
        }
    }

    #[test]
    fn what_is_read_is_its_only_encoding() {
        let bytes = golden();
        // A record's own bytes are for the signature to judge; everything around them is judged here.
        for at in 0..bytes.len() - 70_000 {
            for mask in [0x01, 0x20, 0xff] {
                let mut changed = bytes.clone();
                changed[at] ^= mask;
                if let Ok(file) = File::read(&changed) {
                    let records = file.records.iter().map(|(_, record)| record.to_vec()).collect();
                    assert_eq!(encode(&file.motion, file.outcome, records), changed, "byte {at}");
                }
            }
        }
        for length in (0..400).chain(bytes.len() - 400..bytes.len()) {
            assert!(File::read(&bytes[..length]).is_err(), "{length} bytes");
        }
        assert!(File::read(&[bytes, vec![0]].concat()).is_err());
    }

    #[test]
    fn a_fault_names_its_byte() {
        let at = |bytes: &[u8]| match File::read(bytes) {
            Err(CertificateError::File { at, .. }) => at,
            other => panic!("{other:?}"),
        };
        assert_eq!(at(&[]), 0);
        assert_eq!(at(&[0x83]), 0);
        assert_eq!(at(b"\x84\x74cohub certificate v2"), 1);
        assert_eq!(at(b"\x84\x74cohub certificate v1\x41\x00"), 22);
        assert_eq!(at(&golden()[..100]), 100);
        let mut indefinite = golden();
        indefinite[64] = 0x9f;
        assert_eq!(at(&indefinite), 64);
    }
}
