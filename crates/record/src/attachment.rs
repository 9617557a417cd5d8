//! Attachments: content that rules never read, named by a salted hash, so that it can be erased while
//! every proof still holds.

use crate::{BodyError, Field as _, Hash, Text, Value, limits};

crate::words! {
    /// Who may read an attachment.
    pub enum Scope {
        /// Everybody.
        Public = "public",
        /// The nodes of co-owners, and the hub that attached it.
        Members = "members",
        /// The readers to whom its secret was shared; others may keep the ciphertext.
        Sealed = "sealed",
    }
}

crate::positional! {
    /// What a record says of an attachment. Name, media type and salt stand in the attachment itself.
    pub struct Descriptor {
        /// BLAKE3 over the attachment's bytes.
        pub hash: Hash,
        /// Length of the attachment's bytes, salt and label included.
        pub size_bytes: u64,
        /// Who may read it.
        pub scope: Scope,
        /// The X25519 recipient that a sealed attachment is encrypted to; absent in other scopes.
        pub sealed_to: Option<Hash>,
    }
}

impl Descriptor {
    /// Checks what the field types cannot: size and sealing.
    ///
    /// # Errors
    /// Where the size is beyond the limit, or only one of `sealed` and its recipient is there.
    pub fn check(&self) -> Result<(), BodyError> {
        if self.size_bytes > limits::ATTACHMENT_BYTES {
            return Err(BodyError::new(format!(
                "an attachment has at most {} bytes",
                limits::ATTACHMENT_BYTES
            )));
        }
        if (self.scope == Scope::Sealed) != self.sealed_to.is_some() {
            return Err(BodyError::new("a sealed attachment names its recipient, and only it"));
        }
        Ok(())
    }

    /// Whether the attachment's bytes travel with its record (Protocol 2.3).
    #[must_use]
    pub const fn travels(&self) -> bool {
        self.size_bytes <= limits::TRAVELLING_BYTES
    }
}

/// An attachment as it is stored and fetched: `salt(32) ‖ label ‖ content`, where the label is the
/// DAG-CBOR array `[name, media type]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Random bytes, so that nobody can guess the content from its hash.
    pub salt: [u8; 32],
    /// The file's name.
    pub name: Text<255>,
    /// The media type, as in `application/pdf`.
    pub media_type: Text<127>,
    /// The content.
    pub content: Vec<u8>,
}

impl Attachment {
    /// Salt and label: the bytes that stand before the content.
    #[must_use]
    pub fn preamble(&self) -> Vec<u8> {
        let label = Value::Array(vec![self.name.to_value(), self.media_type.to_value()]);
        [self.salt.as_slice(), &label.encode()].concat()
    }

    /// The bytes that are hashed, stored and sent.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        [self.preamble(), self.content.clone()].concat()
    }

    /// The descriptor for a record.
    #[must_use]
    pub fn descriptor(&self, scope: Scope) -> Descriptor {
        let bytes = self.encode();
        Descriptor { hash: content_hash(&bytes), size_bytes: bytes.len() as u64, scope, sealed_to: None }
    }

    /// Reads salt, name, media type and content from bytes that match `descriptor`.
    ///
    /// # Errors
    /// If the bytes are not those of the descriptor, or have no label.
    pub fn decode(descriptor: &Descriptor, bytes: &[u8]) -> Result<Self, BodyError> {
        if bytes.len() as u64 != descriptor.size_bytes || content_hash(bytes) != descriptor.hash {
            return Err(BodyError::new(format!("the bytes are not those of attachment {}", descriptor.hash)));
        }
        Self::split(bytes)
    }

    /// Splits bytes whose hash was checked before, as a store does chunk by chunk.
    ///
    /// # Errors
    /// If there is no whole salt and label at their start.
    pub fn split(bytes: &[u8]) -> Result<Self, BodyError> {
        let no_label = || BodyError::new("an attachment begins with a salt and a label");
        let (salt, rest) = bytes.split_first_chunk::<32>().ok_or_else(no_label)?;
        let length = label_length(rest).ok_or_else(no_label)?;
        let (label, content) = rest.split_at_checked(length).ok_or_else(no_label)?;
        let label = Value::decode(label).map_err(|e| BodyError::new(e.to_string()))?;
        let fields = crate::array_of(&label, 2)?;
        Ok(Self {
            salt: *salt,
            name: Text::from_value(&fields[0])?,
            media_type: Text::from_value(&fields[1])?,
            content: content.to_vec(),
        })
    }
}

fn content_hash(bytes: &[u8]) -> Hash {
    // Plain BLAKE3, so that chunks can be verified as they arrive.
    Hash::from_bytes(*blake3::hash(bytes).as_bytes())
}

/// The length of an array of two texts of less than 256 bytes each.
fn label_length(bytes: &[u8]) -> Option<usize> {
    let mut end = 1;
    for _ in 0..2 {
        let first = *bytes.get(end)?;
        end += match first {
            0x60..=0x77 => 1 + usize::from(first - 0x60),
            0x78 => 2 + usize::from(*bytes.get(end + 1)?),
            _ => return None,
        };
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_reads_back_and_a_changed_byte_is_found() {
        for name in ["a", "feasibility study of the hub on the hill.pdf", &"ö".repeat(127)] {
            let attachment = Attachment {
                salt: [5; 32],
                name: name.parse().unwrap(),
                media_type: "application/pdf".parse().unwrap(),
                content: b"content".to_vec(),
            };
            let descriptor = attachment.descriptor(Scope::Members);
            let mut bytes = attachment.encode();
            assert_eq!(Attachment::decode(&descriptor, &bytes), Ok(attachment));
            bytes[40] ^= 1;
            assert!(Attachment::decode(&descriptor, &bytes).is_err());
        }
    }

    #[test]
    fn sealed_needs_a_recipient() {
        let descriptor = |scope, sealed_to| Descriptor {
            hash: Hash::from_bytes([0; 32]),
            size_bytes: 9,
            scope,
            sealed_to,
        };
        assert!(descriptor(Scope::Sealed, None).check().is_err());
        assert!(descriptor(Scope::Public, Some(Hash::from_bytes([1; 32]))).check().is_err());
        assert!(descriptor(Scope::Sealed, Some(Hash::from_bytes([1; 32]))).check().is_ok());
    }
}
