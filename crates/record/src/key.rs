//! Keys and signatures: Ed25519 with the strict rules only, behind one wrapper.
//!
//! **Invariant**: no other place of the project verifies a signature. Batch verification and the
//! permissive `verify` are absent on purpose: their verdicts differ on crafted signatures.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::id::hex;

/// An Ed25519 public key, known to be canonical and not weak.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

/// An Ed25519 signature: 64 bytes, checked only together with a key and a message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature([u8; 64]);

/// An Ed25519 secret key; wiped from memory when dropped, never printed.
#[derive(Clone)]
pub struct SecretKey(SigningKey);

/// Why a key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The bytes are no point of the curve.
    #[error("the bytes are no Ed25519 key")]
    NoPoint,
    /// The point has a second encoding, or it is one of small order.
    #[error("the key is weak or not canonical")]
    Weak,
    /// The text is no `did:key` of an Ed25519 key.
    #[error("expected did:key:z6Mk…")]
    Text,
    /// The signature does not belong to this key and message.
    #[error("the signature does not match")]
    Signature,
}

impl PublicKey {
    /// Reads a key, refusing weak and non-canonical ones.
    ///
    /// # Errors
    /// [`KeyError::NoPoint`] or [`KeyError::Weak`].
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, KeyError> {
        parse(&bytes).map(|_| Self(bytes))
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Checks a signature by the strict rules.
    ///
    /// # Errors
    /// [`KeyError::Signature`] if it is not this key's over this message.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), KeyError> {
        check(&self.parsed()?, message, signature)
    }

    pub(crate) fn parsed(&self) -> Result<VerifyingKey, KeyError> {
        parse(&self.0)
    }
}

/// Keys parsed before, so that a long log costs one parse. Holds at most [`KeyCache::KEYS`] keys.
#[derive(Default)]
pub struct KeyCache {
    keys: BTreeMap<[u8; 32], VerifyingKey>,
}

impl KeyCache {
    /// Parsed keys held: 2,048 of about 200 bytes each.
    pub const KEYS: usize = 2_048;

    pub(crate) fn verify(
        &mut self,
        author: &[u8; 32],
        message: &[u8],
        signature: &Signature,
    ) -> Result<PublicKey, KeyError> {
        if let Some(key) = self.keys.get(author) {
            return check(key, message, signature).map(|()| PublicKey(*author));
        }
        let key = parse(author)?;
        check(&key, message, signature)?;
        if self.keys.len() >= Self::KEYS {
            self.keys.clear();
        }
        self.keys.insert(*author, key);
        Ok(PublicKey(*author))
    }
}

fn parse(bytes: &[u8; 32]) -> Result<VerifyingKey, KeyError> {
    if !has_canonical_y(bytes) {
        return Err(KeyError::Weak);
    }
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NoPoint)?;
    if key.is_weak() { Err(KeyError::Weak) } else { Ok(key) }
}

/// The y coordinate, without the sign bit, is below the field's prime 2^255 - 19. The points whose x
/// is zero could be written with either sign; they are of small order and refused as weak.
fn has_canonical_y(bytes: &[u8; 32]) -> bool {
    let top = bytes[31] & 0x7f;
    top != 0x7f || bytes[1..31].iter().any(|byte| *byte != 0xff) || bytes[0] < 0xed
}

fn check(key: &VerifyingKey, message: &[u8], signature: &Signature) -> Result<(), KeyError> {
    key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&signature.0))
        .map_err(|_| KeyError::Signature)
}

impl Signature {
    /// The signature whose bytes are these.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The 64 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl SecretKey {
    /// The key of a 32-byte seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// If the system gives no randomness.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(seed.as_mut())?;
        Ok(Self::from_seed(&seed))
    }

    /// The seed, to be stored encrypted.
    #[must_use]
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The key as a Curve25519 scalar, to read what was wrapped to it.
    pub(crate) fn scalar(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_scalar_bytes())
    }

    /// Signs a message; the same message gives the same signature (RFC 8032).
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

/// The bytes that a key signs to consent to its roles (Protocol 4.3): `roles` are the canonical bytes of
/// the roles' array, `network` is absent in a founding record.
#[must_use]
pub fn consent_message(
    network: Option<&crate::Id>,
    controller: &PublicKey,
    key: &PublicKey,
    roles: &[u8],
) -> Vec<u8> {
    let network = network.map_or([0; 32], |id| *id.as_bytes());
    [b"cohub consent v1\n".as_slice(), &network, controller.as_bytes(), key.as_bytes(), roles].concat()
}

const DID_PREFIX: &str = "did:key:z";
const ED25519_CODE: [u8; 2] = [0xed, 0x01];

impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [ED25519_CODE.as_slice(), &self.0].concat();
        write!(formatter, "{DID_PREFIX}{}", bs58::encode(bytes).into_string())
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let coded = text.strip_prefix(DID_PREFIX).filter(|coded| coded.len() <= 64).ok_or(KeyError::Text)?;
        let bytes = bs58::decode(coded).into_vec().map_err(|_| KeyError::Text)?;
        let key = bytes.strip_prefix(&ED25519_CODE).ok_or(KeyError::Text)?;
        Self::from_bytes(key.try_into().map_err(|_| KeyError::Text)?)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PublicKey({}…)", hex(&self.0[..6]))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Signature({}…)", hex(&self.0[..6]))
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(…)")
    }
}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for PublicKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for Signature {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

impl<'de> serde::Deserialize<'de> for Signature {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = crate::id::bytes_of_hex(&text)
            .ok_or_else(|| serde::de::Error::custom("expected 128 hexadecimal digits"))?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_and_non_canonical_keys_are_refused() {
        let mut identity = [0; 32];
        identity[0] = 1;
        let mut identity_again = [0xff; 32];
        (identity_again[0], identity_again[31]) = (0xee, 0x7f);
        let mut prime_plus_three = [0xff; 32];
        (prime_plus_three[0], prime_plus_three[31]) = (0xf0, 0x7f);
        for (bytes, name) in [
            ([0; 32], "order four"),
            (identity, "identity"),
            (identity_again, "p + 1"),
            (prime_plus_three, "p + 3"),
        ] {
            assert_eq!(PublicKey::from_bytes(bytes), Err(KeyError::Weak), "{name}");
        }
    }

    #[test]
    fn a_did_key_reads_back_and_names_ed25519() {
        let key = SecretKey::from_seed(&[1; 32]).public();
        assert!(key.to_string().starts_with("did:key:z6Mk"));
        assert_eq!(key.to_string().parse(), Ok(key));
    }

    #[test]
    fn the_cache_gives_the_same_verdicts() {
        let secret = SecretKey::from_seed(&[2; 32]);
        let mut cache = KeyCache::default();
        for _ in 0..2 {
            assert!(cache.verify(secret.public().as_bytes(), b"yes", &secret.sign(b"yes")).is_ok());
            assert_eq!(
                cache.verify(secret.public().as_bytes(), b"no", &secret.sign(b"yes")),
                Err(KeyError::Signature)
            );
        }
    }
}
