//! Ids and hashes: 32 bytes of BLAKE3, written in bech32m for people.

use std::fmt;
use std::str::FromStr;

use bech32::{Bech32m, Hrp};

/// The id of a record: covers author, signature and header, so a link fixes every byte.
///
/// A hub is named by the id of its inception and a network by the id of its founding record; only the
/// written form differs: `rec1…`, `hub1…`, `net1…`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 32]);

/// The BLAKE3 hash of something that is not a record: an attachment, a version, a registry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// Why a written id could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no id: expected rec1…, hub1… or net1… (bech32m), or 64 hexadecimal digits")]
pub struct IdError(String);

impl Id {
    /// The id whose bytes are these.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `rec1…`, the form for a record.
    #[must_use]
    pub fn to_record_text(&self) -> String {
        self.to_text("rec")
    }

    /// `hub1…`, the form for a hub, which is named by its inception.
    #[must_use]
    pub fn to_hub_text(&self) -> String {
        self.to_text("hub")
    }

    /// `net1…`, the form for a network, which is named by its founding record.
    #[must_use]
    pub fn to_network_text(&self) -> String {
        self.to_text("net")
    }

    fn to_text(self, prefix: &str) -> String {
        bech32_text(prefix, &self.0)
    }
}

impl Hash {
    /// The hash whose bytes are these.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Hashes `parts`, one after another, behind a `domain` that ends in a line feed.
    #[must_use]
    pub fn of(domain: &str, parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(domain.as_bytes());
        for part in parts {
            hasher.update(part);
        }
        Self(*hasher.finalize().as_bytes())
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Bech32m of `bytes` behind `prefix`; prefixes are constants of this crate and always valid.
pub(crate) fn bech32_text(prefix: &str, bytes: &[u8]) -> String {
    Hrp::parse(prefix)
        .ok()
        .and_then(|hrp| bech32::encode::<Bech32m>(hrp, bytes).ok())
        .unwrap_or_else(|| format!("{prefix}:{}", hex(bytes)))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of exactly `2 * N` hexadecimal digits.
pub(crate) fn bytes_of_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != N * 2 || !text.bytes().all(|letter| letter.is_ascii_hexdigit()) {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(bytes)
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_record_text())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Id({}…)", hex(&self.0[..6]))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hash({}…)", hex(&self.0[..6]))
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let refused = || IdError(text.chars().take(80).collect());
        if let Some(bytes) = bytes_of_hex(text) {
            return Ok(Self(bytes));
        }
        let checked =
            bech32::primitives::decode::CheckedHrpstring::new::<Bech32m>(text).map_err(|_| refused())?;
        let prefix = checked.hrp().to_lowercase();
        let bytes: Vec<u8> = checked.byte_iter().collect();
        let id = bytes.try_into().map(Self).map_err(|_| refused())?;
        // The last letter has four bits to spare; an id is written with zeros in them only.
        let is_its_text = id.to_text(&prefix) == text.to_lowercase();
        if is_its_text && ["rec", "hub", "net"].contains(&prefix.as_str()) { Ok(id) } else { Err(refused()) }
    }
}

impl FromStr for Hash {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        bytes_of_hex(text).map(Self).ok_or_else(|| IdError(text.chars().take(80).collect()))
    }
}

impl serde::Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Hash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_written_form_reads_back() {
        let id = Id::from_bytes([7; 32]);
        for text in [id.to_record_text(), id.to_hub_text(), id.to_network_text(), hex(id.as_bytes())] {
            assert_eq!(text.parse(), Ok(id), "{text}");
        }
    }

    #[test]
    fn a_wrong_letter_is_found() {
        let text = Id::from_bytes([7; 32]).to_record_text();
        for place in 4..text.len() {
            let mut wrong = text.clone();
            let letter = if &wrong[place..=place] == "q" { "p" } else { "q" };
            wrong.replace_range(place..=place, letter);
            assert!(wrong.parse::<Id>().is_err(), "{wrong}");
        }
        assert!("key1qqqq".parse::<Id>().is_err());
        assert!(format!("+7{}", "07".repeat(31)).parse::<Id>().is_err());
    }
}
