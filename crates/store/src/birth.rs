//! Protocol 3.4: a log is written by one machine, so a store that was copied or rolled back is told
//! apart from the one that wrote.
//!
//! The store notes how the file system knows its lock file: inode, time of birth and time of last
//! change. Copying makes another file; putting a backup back changes the file. Each opening writes the
//! lock file and notes its new state, so that lock file and store vouch for each other.
//!
//! Changing the file's owner or mode counts as a change too: better asked once too often than forked.
//!
//! What this cannot tell: a block device or a virtual machine that was put back to an earlier state as a
//! whole. A peer that holds a later record of the same key tells that.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Names one store: random, made when the store is made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity([u8; 16]);

/// How the file system knows a lock file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birth {
    /// The device. Shown, not compared: its number may change when a machine starts anew.
    pub device: u64,
    /// The file's number on it.
    pub inode: u64,
    /// When the file was made, in seconds and nanoseconds since the Unix epoch; some file systems do not say.
    pub born: Option<(u64, u32)>,
    /// When the file or its owner, mode or name last changed, in seconds and nanoseconds.
    pub changed: (i64, i64),
}

/// Why nothing may be signed with the keys that wrote to this store before. It takes and gives records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suspicion {
    /// The lock file is another than the one this store was written beside.
    Copied {
        /// The one noted in the store.
        recorded: Box<Birth>,
        /// The one there; none if it says nothing of this store.
        found: Option<Box<Birth>>,
    },
    /// The lock file is the same, but it or the store was put back, or something else changed it.
    RolledBack {
        /// As noted in the store.
        recorded: Box<Birth>,
        /// As it is now.
        found: Box<Birth>,
    },
    /// The newest writes are gone: the store was put back, or its end was damaged.
    Behind {
        /// Writes that were acknowledged.
        acknowledged: u64,
        /// Writes that are there.
        found: u64,
    },
    /// The store was rebuilt from export segments, which may lack the latest records.
    Rebuilt,
    /// The store does not say beside which lock file it was written.
    Unmarked,
}

impl fmt::Display for Suspicion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Copied { .. } => {
                "this directory looks copied: its lock file is not the one its store was written beside"
            }
            Self::RolledBack { .. } => {
                "this directory looks put back to an earlier state: its lock file was changed by something else"
            }
            Self::Behind { .. } => "this store lost its newest writes, or was put back to an earlier state",
            Self::Rebuilt => "this store was rebuilt from export segments and may lack the latest records",
            Self::Unmarked => "this store does not say which directory it belongs to",
        })?;
        if let Self::Behind { acknowledged, found } = self {
            write!(formatter, " ({found} writes are there, {acknowledged} were acknowledged)")?;
        }
        formatter.write_str(
            "; nothing is signed with its keys, because two places that write with one key fork its log",
        )
    }
}

/// What the store notes about its lock file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BirthNote {
    pub(crate) identity: Identity,
    /// How often the store was opened; the lock file says the same.
    pub(crate) generation: u64,
    pub(crate) birth: Birth,
    /// The lock file is about to be written for the next generation.
    pub(crate) opening: bool,
    /// A suspicion that stays until it is acknowledged, whatever the lock file says.
    pub(crate) doubt: Option<Suspicion>,
}

impl BirthNote {
    /// Compares the note with the lock file: the generation it says, if it speaks of this store, and
    /// how the file system knows it.
    pub(crate) fn suspicion(&self, says: Option<(Identity, u64)>, found: Birth) -> Option<Suspicion> {
        if self.doubt.is_some() {
            return self.doubt.clone();
        }
        let recorded = &self.birth;
        let generation =
            says.filter(|(identity, _)| *identity == self.identity).map(|(_, generation)| generation);
        let Some(generation) = generation else {
            return Some(Suspicion::Copied { recorded: recorded.clone().into(), found: None });
        };
        if !recorded.is_same_file(&found) {
            return Some(Suspicion::Copied { recorded: recorded.clone().into(), found: Some(found.into()) });
        }
        let untouched = generation == self.generation && found.changed == recorded.changed;
        // A crash between writing the lock file and noting it leaves it one generation ahead.
        let crashed_while_opening = self.opening && generation == self.generation + 1;
        if untouched || crashed_while_opening {
            return None;
        }
        Some(Suspicion::RolledBack { recorded: recorded.clone().into(), found: found.into() })
    }
}

impl Birth {
    fn is_same_file(&self, other: &Self) -> bool {
        self.inode == other.inode && self.born == other.born
    }
}

impl Identity {
    /// The identity whose bytes are these.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// A new identity from the system's randomness.
    pub(crate) fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Identity({self})")
    }
}

impl Serialize for Identity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Identity {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = (text.len() == 32).then(|| u128::from_str_radix(&text, 16).ok()).flatten();
        digits
            .map(|digits| Self(digits.to_be_bytes()))
            .ok_or_else(|| serde::de::Error::custom("32 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: Identity = Identity::from_bytes([7; 16]);

    fn birth(inode: u64, changed: i64) -> Birth {
        Birth { device: 1, inode, born: Some((5, 6)), changed: (changed, 0) }
    }

    fn note(opening: bool) -> BirthNote {
        BirthNote { identity: IDENTITY, generation: 4, birth: birth(10, 100), opening, doubt: None }
    }

    #[test]
    fn only_the_untouched_file_is_trusted() {
        type Verdict = fn(&Option<Suspicion>) -> bool;
        type Row = (&'static str, bool, Option<(Identity, u64)>, Birth, Verdict);
        let copied: Verdict = |s| matches!(s, Some(Suspicion::Copied { .. }));
        let rolled_back: Verdict = |s| matches!(s, Some(Suspicion::RolledBack { .. }));
        let trusted: Verdict = Option::is_none;
        let table: [Row; 9] = [
            ("untouched", false, Some((IDENTITY, 4)), birth(10, 100), trusted),
            (
                "another device number",
                false,
                Some((IDENTITY, 4)),
                Birth { device: 2, ..birth(10, 100) },
                trusted,
            ),
            ("another inode", false, Some((IDENTITY, 4)), birth(11, 100), copied),
            ("another birth", false, Some((IDENTITY, 4)), Birth { born: None, ..birth(10, 100) }, copied),
            ("another store's lock", false, Some((Identity::from_bytes([8; 16]), 4)), birth(10, 100), copied),
            ("no text", false, None, birth(10, 100), copied),
            ("changed in place", false, Some((IDENTITY, 4)), birth(10, 101), rolled_back),
            ("the store put back alone", false, Some((IDENTITY, 5)), birth(10, 101), rolled_back),
            ("crashed while opening", true, Some((IDENTITY, 5)), birth(10, 101), trusted),
        ];
        for (name, opening, says, found, verdict) in table {
            let suspicion = note(opening).suspicion(says, found);
            assert!(verdict(&suspicion), "{name}: {suspicion:?}");
        }
        let rebuilt = BirthNote { doubt: Some(Suspicion::Rebuilt), ..note(false) };
        assert_eq!(rebuilt.suspicion(Some((IDENTITY, 4)), birth(10, 100)), Some(Suspicion::Rebuilt));
    }
}
