//! How sealed attachments are read (Protocol 2.2): the X25519 keys that follow from Ed25519 keys, written as age writes them.
//!
//! A reader's recipient is its public key on the Montgomery curve, as age itself does for SSH keys, so it stands
//! wherever the key does, and nobody can put another in its place. The secret of a sealed attachment follows from the key
//! of whoever attaches it and from the attachment's salt: it is kept nowhere and can be found again.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use zeroize::Zeroizing;

use crate::{Hash, KeyError, PublicKey, SecretKey};

const RECIPIENT: &str = "age";
const IDENTITY: &str = "age-secret-key-";
const SEALING: &str = "cohub 2026 sealed attachment v1";

impl PublicKey {
    /// The X25519 recipient to which secrets are wrapped that this key may read.
    ///
    /// # Errors
    /// None that a key causes: it was parsed before.
    pub fn recipient(&self) -> Result<Hash, KeyError> {
        Ok(Hash::from_bytes(self.parsed()?.to_montgomery().to_bytes()))
    }
}

impl SecretKey {
    /// The identity that opens what was wrapped to [`PublicKey::recipient`], as age writes it: `AGE-SECRET-KEY-1…`.
    #[must_use]
    pub fn reading_identity(&self) -> Zeroizing<String> {
        identity_text(&self.scalar())
    }

    /// The identity to which this key seals the attachment with a salt, as age writes it.
    #[must_use]
    pub fn sealing_identity(&self, salt: &[u8; 32]) -> Zeroizing<String> {
        let mut hasher = blake3::Hasher::new_derive_key(SEALING);
        hasher.update(self.seed().as_ref()).update(salt);
        identity_text(&Zeroizing::new(*hasher.finalize().as_bytes()))
    }
}

fn identity_text(secret: &Zeroizing<[u8; 32]>) -> Zeroizing<String> {
    Zeroizing::new(written(IDENTITY, secret.as_ref()).to_uppercase())
}

/// A recipient as age writes it: `age1…`.
#[must_use]
pub fn recipient_text(recipient: &Hash) -> String {
    written(RECIPIENT, recipient.as_bytes())
}

/// Reads a recipient that age wrote.
#[must_use]
pub fn recipient_from_text(text: &str) -> Option<Hash> {
    let checked = CheckedHrpstring::new::<Bech32>(text).ok()?;
    let bytes: Vec<u8> = checked.byte_iter().collect();
    let ours = checked.hrp().as_str() == RECIPIENT;
    bytes.try_into().ok().filter(|_| ours).map(Hash::from_bytes)
}

/// Both prefixes are constants of this file, and 32 bytes are never too long.
fn written(prefix: &str, bytes: &[u8]) -> String {
    let written = Hrp::parse(prefix).ok().and_then(|hrp| bech32::encode::<Bech32>(hrp, bytes).ok());
    written.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    #[test]
    fn a_recipient_reads_back_as_age_writes_it() {
        let recipient = key(1).public().recipient().unwrap();
        let text = recipient_text(&recipient);
        assert!(text.starts_with("age1") && text.len() == 62, "{text}");
        assert_eq!(recipient_from_text(&text), Some(recipient));
        assert_eq!(recipient_from_text(&text.replacen("age1", "agf1", 1)), None);
        assert_eq!(recipient_from_text(&text[..61]), None);
        assert!(key(1).reading_identity().starts_with("AGE-SECRET-KEY-1"));
    }

    #[test]
    fn each_key_and_each_salt_seal_to_another_identity() {
        let found_again = [0, 1].map(|_| key(4).sealing_identity(&[7; 32]));
        assert_eq!(found_again[0], found_again[1]);
        assert_ne!(found_again[0], key(5).sealing_identity(&[7; 32]));
        assert_ne!(found_again[0], key(4).sealing_identity(&[8; 32]));
        assert_ne!(found_again[0], key(4).reading_identity());
    }

    /// The first key of RFC 8032, with u = (1 + y) / (1 - y) worked out elsewhere.
    #[test]
    fn a_recipient_is_the_key_on_the_montgomery_curve() {
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        let expected = "d85e07ec22b0ad881537c2f44d662d1a143cf830c57aca4305d85c7a90f6b62e";
        let bytes: [u8; 32] = crate::id::bytes_of_hex(public).unwrap();
        let recipient = PublicKey::from_bytes(bytes).unwrap().recipient().unwrap();
        assert_eq!(recipient.to_string(), expected);
    }
}
