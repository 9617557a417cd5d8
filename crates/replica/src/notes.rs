//! Small things that outlive a restart besides records: named values, each of a fixed form.

use cohub_record::{Field as _, Id, KeyCache, Place, PublicKey, Value};

use crate::Output;
use crate::wire::{Item, Request};

/// A note, as it is written and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Note {
    /// Where the founding record stands.
    Founding { founder: PublicKey, network: Id },
    /// A key that was used elsewhere (Protocol 3.4).
    SetBack { key: PublicKey, later: Place },
    /// The ballots that a teller held in time for a motion, while it could not sign.
    Heads { motion: Id, heads: Vec<Id> },
    /// Since when a teller's key has to hand over, while what it closed is not returned.
    Succeeded { key: PublicKey, since_ms: u64 },
    /// An open invite.
    Invite { secret: Id, expires_at: u64 },
    /// A newcomer at the door.
    Newcomer { node: PublicKey, secret: Id, at_ms: u64, items: Vec<Item> },
    /// The door at which this node knocks.
    Knocking { door: PublicKey, network: Id, secret: Id, items: Vec<Item> },
}

/// Bytes of a note, at most: what a store promises to take.
const NOTE_BYTES: usize = 4 * 1024;

impl Note {
    /// Whether the note is small enough to be stored.
    pub(crate) fn fits(&self) -> bool {
        self.encode().len() <= NOTE_BYTES
    }

    /// Writes the note.
    pub(crate) fn output(&self) -> Output {
        Output::Note { name: self.name(), bytes: Some(self.encode()) }
    }

    /// Forgets the note.
    pub(crate) fn forget(&self) -> Output {
        Output::Note { name: self.name(), bytes: None }
    }

    fn name(&self) -> String {
        match self {
            Self::Founding { .. } => "founding".to_owned(),
            Self::SetBack { key, .. } => named("set-back", key.as_bytes()),
            Self::Heads { motion, .. } => named("heads", motion.as_bytes()),
            Self::Succeeded { key, .. } => named("succeeded", key.as_bytes()),
            Self::Invite { secret, .. } => named("invite", secret.as_bytes()),
            Self::Newcomer { node, .. } => named("newcomer", node.as_bytes()),
            Self::Knocking { .. } => "knocking".to_owned(),
        }
    }

    fn encode(&self) -> Vec<u8> {
        let fields = match self {
            Self::Founding { founder, network } => vec![founder.to_value(), network.to_value()],
            Self::SetBack { key, later } => vec![key.to_value(), later.seq.to_value(), later.id.to_value()],
            Self::Heads { motion, heads } => {
                vec![motion.to_value(), Value::Array(heads.iter().map(Id::to_value).collect())]
            }
            Self::Succeeded { key, since_ms } => vec![key.to_value(), since_ms.to_value()],
            Self::Invite { secret, expires_at } => vec![secret.to_value(), expires_at.to_value()],
            Self::Newcomer { node, secret, at_ms, items } => {
                vec![node.to_value(), at_ms.to_value(), knock(secret, items)]
            }
            Self::Knocking { door, network, secret, items } => {
                vec![door.to_value(), network.to_value(), knock(secret, items)]
            }
        };
        Value::Array(fields).encode()
    }

    /// Reads a note back; none where it is not one that this software wrote.
    pub(crate) fn decode(name: &str, bytes: &[u8]) -> Option<Self> {
        let Value::Array(fields) = Value::decode(bytes).ok()? else { return None };
        let kind = name.split_once('/').map_or(name, |(kind, _)| kind);
        match (kind, fields.as_slice()) {
            ("founding", [founder, network]) => {
                Some(Self::Founding { founder: read(founder)?, network: read(network)? })
            }
            ("set-back", [key, seq, id]) => {
                Some(Self::SetBack { key: read(key)?, later: Place { seq: read(seq)?, id: read(id)? } })
            }
            ("heads", [motion, Value::Array(heads)]) => Some(Self::Heads {
                motion: read(motion)?,
                heads: heads.iter().map(read).collect::<Option<_>>()?,
            }),
            ("succeeded", [key, since_ms]) => {
                Some(Self::Succeeded { key: read(key)?, since_ms: read(since_ms)? })
            }
            ("invite", [secret, expires_at]) => {
                Some(Self::Invite { secret: read(secret)?, expires_at: read(expires_at)? })
            }
            ("newcomer", [node, at_ms, knock]) => {
                let (secret, items) = read_knock(knock)?;
                Some(Self::Newcomer { node: read(node)?, secret, at_ms: read(at_ms)?, items })
            }
            ("knocking", [door, network, knock]) => {
                let (secret, items) = read_knock(knock)?;
                Some(Self::Knocking { door: read(door)?, network: read(network)?, secret, items })
            }
            _ => None,
        }
    }
}

fn read<T: cohub_record::Field>(value: &Value) -> Option<T> {
    T::from_value(value).ok()
}

/// Names have at most 64 bytes: half of a key tells notes apart, the whole stands inside.
fn named(kind: &str, key: &[u8; 32]) -> String {
    use std::fmt::Write as _;
    key[..16].iter().fold(format!("{kind}/"), |mut name, byte| {
        let _ = write!(name, "{byte:02x}");
        name
    })
}

fn knock(secret: &Id, items: &[Item]) -> Value {
    Value::Bytes(Request::Knock { secret: *secret, items: items.to_vec() }.encode())
}

fn read_knock(value: &Value) -> Option<(Id, Vec<Item>)> {
    let Value::Bytes(bytes) = value else { return None };
    match Request::decode(bytes, &mut KeyCache::default()).ok()? {
        Request::Knock { secret, items } => Some((secret, items)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use cohub_record::{Draft, SecretKey};

    use super::*;

    #[test]
    fn every_note_reads_back_under_a_name_that_a_store_takes() {
        let (secret, key) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]).public());
        let [one, other] = [1, 2].map(|byte| Id::from_bytes([byte; 32]));
        let draft = Draft {
            network: None,
            seq: 0,
            prev: None,
            at: 0,
            kind: "x".to_owned(),
            cites: Vec::new(),
            body: Value::Array(Vec::new()),
            attachments: Vec::new(),
        };
        let items = vec![Item::bare(draft.sign(&secret).unwrap())];
        let notes = [
            Note::Founding { founder: key, network: one },
            Note::SetBack { key, later: Place { seq: 7, id: one } },
            Note::Heads { motion: one, heads: vec![one, other] },
            Note::Succeeded { key, since_ms: 5 },
            Note::Invite { secret: one, expires_at: 9 },
            Note::Newcomer { node: key, secret: one, at_ms: 3, items: items.clone() },
            Note::Knocking { door: key, network: one, secret: other, items },
        ];
        for note in notes {
            let Output::Note { name, bytes: Some(bytes) } = note.output() else { panic!("no note") };
            assert!(name.len() <= 64 && note.fits());
            assert_eq!(Note::decode(&name, &bytes), Some(note));
        }
        assert_eq!(Note::decode("founding", b"else"), None);
    }
}
