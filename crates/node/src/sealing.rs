//! Sealed attachments in a person's own process (Protocol 2.2): made, opened with a reader's key, shared with another.
//! The daemon holds ciphertext only, and never the keys that open it.

use std::io::{Read, Write};
use std::str::FromStr as _;

use age::secrecy::ExposeSecret as _;
use age::x25519::{Identity, Recipient};
use cohub_record::{
    Attachment, Descriptor, Hash, PublicKey, Scope, SecretKey, recipient_from_text, recipient_text,
};
use cohub_registry::{Sealing, Wrapped};
use zeroize::Zeroizing;

use crate::NodeError;

/// The name and media type that everybody sees of a sealed attachment.
const LABEL: [&str; 2] = ["sealed.age", "application/x-age-encryption"];

/// The secret of one sealed attachment.
pub struct Secret(Identity);

fn failed(why: impl std::fmt::Display) -> NodeError {
    NodeError::Sealed(why.to_string())
}

impl Secret {
    /// The secret with which a key seals what has this salt.
    ///
    /// # Errors
    /// None that a key or a salt causes.
    pub(crate) fn of_author(author: &SecretKey, salt: &[u8; 32]) -> Result<Self, NodeError> {
        Identity::from_str(&author.sealing_identity(salt)).map(Self).map_err(failed)
    }

    /// The secret of a stored sealed attachment, for the key that attached it or one that it was shared with.
    ///
    /// # Errors
    /// [`NodeError::NotAReader`] where it is neither, or what was shared is not the secret; [`NodeError::Sealed`] where
    /// the bytes are not the attachment's.
    pub fn find(sealing: &Sealing, key: &SecretKey, stored: &[u8]) -> Result<Self, NodeError> {
        let fits = |secret: &Self| secret.recipient().is_ok_and(|recipient| recipient == sealing.sealed_to);
        if key.public() == sealing.author {
            let outer = outer(sealing, stored)?;
            return Self::of_author(key, &outer.salt)?.only(fits);
        }
        let reader = Identity::from_str(&key.reading_identity()).map_err(failed)?;
        let shared = sealing.shares.iter().filter(|(reader, _)| *reader == key.public());
        // Nobody could check what others wrapped: one that is not the secret must not hide one that is.
        let mut opened = shared.filter_map(|(_, wrapped)| Self::unwrap(&reader, wrapped)).filter(fits);
        opened.next().ok_or_else(|| NodeError::NotAReader(key.public().to_string()))
    }

    fn only(self, fits: impl Fn(&Self) -> bool) -> Result<Self, NodeError> {
        if fits(&self) { Ok(self) } else { Err(failed("the key that attached it makes another secret")) }
    }

    fn unwrap(reader: &Identity, wrapped: &Wrapped) -> Option<Self> {
        let text = Zeroizing::new(age::decrypt(reader, wrapped.as_bytes()).ok()?);
        Identity::from_str(std::str::from_utf8(&text).ok()?).ok().map(Self)
    }

    /// The recipient that belongs to it, as descriptors have it.
    ///
    /// # Errors
    /// If age writes recipients in another way than it documents.
    pub(crate) fn recipient(&self) -> Result<Hash, NodeError> {
        recipient_from_text(&self.0.to_public().to_string()).ok_or_else(|| failed("age made no recipient"))
    }

    /// Wraps it for a reader.
    ///
    /// # Errors
    /// None that a key causes.
    pub fn wrap(&self, reader: &PublicKey) -> Result<Wrapped, NodeError> {
        let recipient = recipient_text(&reader.recipient().map_err(failed)?);
        let recipient = Recipient::from_str(&recipient).map_err(failed)?;
        let wrapped = age::encrypt(&recipient, self.0.to_string().expose_secret().as_bytes());
        Wrapped::try_from(wrapped.map_err(failed)?).map_err(failed)
    }

    /// Seals what is read: true name and media type, and the content behind them.
    pub(crate) fn seal(&self, mut content: impl Read, out: &mut impl Write) -> Result<(), NodeError> {
        let to = self.0.to_public();
        let encryptor = age::Encryptor::with_recipients(std::iter::once(&to as &dyn age::Recipient));
        let mut sealed = encryptor.map_err(failed)?.wrap_output(out).map_err(failed)?;
        std::io::copy(&mut content, &mut sealed).map_err(failed)?;
        sealed.finish().map(|_| ()).map_err(failed)
    }

    /// Opens a stored sealed attachment.
    ///
    /// # Errors
    /// [`NodeError::Sealed`] where a byte of it is another, or what is inside is no attachment.
    pub fn open(&self, sealing: &Sealing, stored: &[u8]) -> Result<Attachment, NodeError> {
        let outer = outer(sealing, stored)?;
        let inside = age::decrypt(&self.0, &outer.content).map_err(failed)?;
        Attachment::split(&inside).map_err(|error| failed(error.why))
    }
}

/// What everybody sees of a sealed attachment with this salt.
///
/// # Errors
/// None: both words are short.
pub(crate) fn label(salt: [u8; 32]) -> Result<Attachment, NodeError> {
    let [name, media_type] = LABEL;
    Ok(Attachment {
        salt,
        name: name.parse().map_err(failed)?,
        media_type: media_type.parse().map_err(failed)?,
        content: Vec::new(),
    })
}

fn outer(sealing: &Sealing, stored: &[u8]) -> Result<Attachment, NodeError> {
    let descriptor = Descriptor {
        hash: sealing.attachment,
        size_bytes: sealing.size_bytes,
        scope: Scope::Sealed,
        sealed_to: Some(sealing.sealed_to),
    };
    Attachment::decode(&descriptor, stored).map_err(|error| failed(error.why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    /// What the first key seals, with the bytes that are stored of it.
    fn sealed(content: &[u8]) -> (Sealing, Vec<u8>) {
        let secret = Secret::of_author(&key(1), &[9; 32]).unwrap();
        let inner = Attachment {
            salt: [3; 32],
            name: "names.txt".parse().unwrap(),
            media_type: "text/plain".parse().unwrap(),
            content: content.to_vec(),
        };
        let mut outer = label([9; 32]).unwrap();
        secret.seal(inner.encode().as_slice(), &mut outer.content).unwrap();
        let sealing = Sealing {
            author: key(1).public(),
            attachment: outer.descriptor(Scope::Members).hash,
            size_bytes: outer.encode().len() as u64,
            sealed_to: secret.recipient().unwrap(),
            shares: Vec::new(),
        };
        (sealing, outer.encode())
    }

    #[test]
    fn the_author_finds_the_secret_again_and_a_reader_opens_what_was_shared_with_it() {
        let (mut sealing, stored) = sealed(b"names and addresses");
        assert!(!stored.windows(5).any(|window| window == b"names"), "neither the content nor the name");
        let secret = Secret::find(&sealing, &key(1), &stored).unwrap();
        assert_eq!(secret.open(&sealing, &stored).unwrap().content, b"names and addresses");
        let stranger = Secret::find(&sealing, &key(2), &stored).err().unwrap();
        assert!(matches!(stranger, NodeError::NotAReader(_)), "{stranger}");
        let wrapped = secret.wrap(&key(2).public()).unwrap();
        sealing.shares.push((key(2).public(), wrapped.clone()));
        let read = Secret::find(&sealing, &key(2), &stored).unwrap().open(&sealing, &stored).unwrap();
        assert_eq!((read.name.as_str(), read.content.as_slice()), ("names.txt", &b"names and addresses"[..]));
        assert!(Secret::find(&sealing, &key(3), &stored).is_err(), "nobody else");
        // What was wrapped for another, and given out as one's own, opens nothing.
        sealing.shares.push((key(3).public(), wrapped));
        assert!(Secret::find(&sealing, &key(3), &stored).is_err());
    }

    #[test]
    fn a_reader_lets_another_read_and_a_wrong_secret_hides_no_right_one() {
        let (mut sealing, stored) = sealed(b"ours");
        let wrong = Secret::of_author(&key(7), &[9; 32]).unwrap().wrap(&key(2).public()).unwrap();
        sealing.shares.push((key(2).public(), wrong));
        assert!(Secret::find(&sealing, &key(2), &stored).is_err(), "it is not the secret of this attachment");
        sealing.shares.push((key(2).public(), Wrapped::try_from(vec![0; 40]).unwrap()));
        let secret = Secret::find(&sealing, &key(1), &stored).unwrap();
        sealing.shares.push((key(2).public(), secret.wrap(&key(2).public()).unwrap()));
        let reader = Secret::find(&sealing, &key(2), &stored).unwrap();
        sealing.shares.push((key(3).public(), reader.wrap(&key(3).public()).unwrap()));
        let third = Secret::find(&sealing, &key(3), &stored).unwrap();
        assert_eq!(third.open(&sealing, &stored).unwrap().content, b"ours");
    }

    #[test]
    fn a_changed_byte_is_found() {
        let (sealing, stored) = sealed(b"ours");
        let secret = Secret::find(&sealing, &key(1), &stored).unwrap();
        for place in [0, 40, stored.len() / 2, stored.len() - 1] {
            let mut changed = stored.clone();
            changed[place] ^= 1;
            assert!(secret.open(&sealing, &changed).is_err(), "byte {place}");
        }
        // One who hands out other ciphertext under a right hash is found out by age.
        let mut other = label([9; 32]).unwrap();
        let mut content = Attachment::decode(&descriptor_of(&sealing), &stored).unwrap().content;
        *content.last_mut().unwrap() ^= 1;
        other.content = content;
        let forged = Sealing { attachment: other.descriptor(Scope::Members).hash, ..sealing };
        assert!(secret.open(&forged, &other.encode()).is_err());
    }

    fn descriptor_of(sealing: &Sealing) -> Descriptor {
        Descriptor {
            hash: sealing.attachment,
            size_bytes: sealing.size_bytes,
            scope: Scope::Sealed,
            sealed_to: Some(sealing.sealed_to),
        }
    }
}
