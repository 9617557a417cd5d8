//! What a scan of a store yields: good records one by one, and a report of what was damaged.

use std::fmt;

use cohub_record::{Id, Place, PublicKey, Record, RecordError};

/// A record as a scan hands it out: its bytes were just checked against its place and author.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'a> {
    /// The key that signed.
    pub author: PublicKey,
    /// The place in the author's log.
    pub place: Place,
    /// The bytes as received.
    pub bytes: &'a [u8],
}

impl Stored<'_> {
    /// Decodes the record.
    ///
    /// # Errors
    /// If the bytes were stored at another record's place.
    pub fn decode(&self) -> Result<Record, RecordError> {
        Record::from_scan(self.author, self.place, self.bytes)
    }
}

/// What a scan found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// Good records, each handed out once.
    pub records: u64,
    /// What could not be handed out, by name.
    pub damaged: Vec<Damage>,
}

/// One thing that a scan found damaged. It stays where it is; peers and export segments have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// A record whose bytes are not those of its id.
    Record {
        /// The author, as its 32 bytes.
        author: [u8; 32],
        /// The place where it should be.
        place: Place,
        /// What does not match.
        why: String,
    },
    /// A stretch that cannot be read, so that the records in it are unknown.
    Region {
        /// The last place read before it, none at the start.
        after: Option<([u8; 32], Place)>,
        /// The first place read behind it, none at the end.
        before: Option<([u8; 32], Place)>,
        /// Why it cannot be read.
        why: String,
    },
    /// The records there are not those that were acknowledged: some vanished or came back.
    Total {
        /// Records acknowledged and not removed.
        expected: u64,
        /// Records there, good and damaged.
        found: u64,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |at: &Option<([u8; 32], Place)>, open: &str| {
            at.as_ref().map_or_else(|| open.to_owned(), |(author, place)| record_name(author, *place))
        };
        match self {
            Self::Record { author, place, why } => {
                write!(formatter, "{}: {why}", record_name(author, *place))
            }
            Self::Region { after, before, why } => {
                let (after, before) = (name(after, "the start"), name(before, "the end"));
                write!(formatter, "unreadable between {after} and {before}: {why}")
            }
            Self::Total { expected, found } if expected == found => {
                write!(formatter, "{found} records are there, but not the {expected} that were acknowledged")
            }
            Self::Total { expected, found } => {
                write!(formatter, "{found} records are there, {expected} were acknowledged")
            }
        }
    }
}

/// A record's name for people, for an author whose key may be damaged.
fn record_name(author: &[u8; 32], place: Place) -> String {
    let author =
        PublicKey::from_bytes(*author).map_or_else(|_| "an unreadable key".to_owned(), |k| k.to_string());
    format!("record {} (seq {} of {author})", place.id, place.seq)
}

/// How many records a store acknowledged, and the sum of their ids. Written with every batch, so that
/// a record that vanishes without a trace is missed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) records: u64,
    ids: u128,
}

impl Totals {
    const BYTES: usize = 24;

    pub(crate) fn add(&mut self, id: &Id) {
        self.records += 1;
        self.ids = self.ids.wrapping_add(low_half(id));
    }

    pub(crate) fn take(&mut self, id: &Id) {
        self.records = self.records.saturating_sub(1);
        self.ids = self.ids.wrapping_sub(low_half(id));
    }

    fn encode(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&self.records.to_be_bytes());
        bytes[8..].copy_from_slice(&self.ids.to_be_bytes());
        bytes
    }

    fn decode(bytes: &[u8; Self::BYTES]) -> Self {
        let number = |bytes: &[u8]| bytes.iter().fold(0, |bits, byte| bits << 8 | u128::from(*byte));
        let records = bytes.first_chunk().map_or(0, |records| u64::from_be_bytes(*records));
        Self { records, ids: number(&bytes[8..]) }
    }

    /// The damage to report where `found` was found in place of these.
    pub(crate) fn missed(self, found: Self) -> Option<Damage> {
        (self != found).then_some(Damage::Total { expected: self.records, found: found.records })
    }
}

/// How far a store got: what it acknowledged in all, and in how many writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) totals: Totals,
    pub(crate) writes: u64,
}

impl Progress {
    pub(crate) fn encode(self) -> Vec<u8> {
        [self.totals.encode().as_slice(), &self.writes.to_be_bytes()].concat()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (totals, writes) = bytes.split_first_chunk::<{ Totals::BYTES }>()?;
        Some(Self { totals: Totals::decode(totals), writes: u64::from_be_bytes(writes.try_into().ok()?) })
    }
}

fn low_half(id: &Id) -> u128 {
    let mut half = [0; 16];
    half.copy_from_slice(&id.as_bytes()[..16]);
    u128::from_be_bytes(half)
}

/// Checks bytes against the place they are stored at: every byte, by the id.
pub(crate) fn check_record(author: &[u8; 32], place: Place, bytes: &[u8]) -> Result<(), String> {
    if bytes.get(..32) != Some(author.as_slice()) {
        return Err("the bytes there are of another author".to_owned());
    }
    match Record::id_of(bytes) {
        Ok(id) if id == place.id => Ok(()),
        Ok(id) => Err(format!("the bytes there have the id {id}")),
        Err(why) => Err(why.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_see_a_record_swapped_for_another() {
        let (one, two) = (Id::from_bytes([1; 32]), Id::from_bytes([2; 32]));
        let (mut expected, mut found) = (Totals::default(), Totals::default());
        expected.add(&one);
        found.add(&two);
        assert_eq!(expected.missed(found), Some(Damage::Total { expected: 1, found: 1 }));
        found.add(&one);
        found.take(&two);
        assert_eq!(expected.missed(found), None);
        let progress = Progress { totals: expected, writes: 700 };
        assert_eq!(Progress::decode(&progress.encode()), Some(progress));
        assert_eq!(Progress::decode(&progress.encode()[1..]), None);
    }
}
