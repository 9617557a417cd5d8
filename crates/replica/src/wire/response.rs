//! What a node answers.

use std::sync::Arc;

use cohub_record::{Field as _, KeyCache, List, PublicKey, Value};

use super::{Cursor, Expansion, Item, WireError, fields, malformed, message, split};

/// Why a request was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// The node that asks may not ask this.
    Access,
    /// Too many requests; worth asking again after so many milliseconds.
    Busy {
        /// Milliseconds.
        retry_ms: u64,
    },
    /// The request is about another network, or this node has none yet.
    Network,
    /// The invite is unknown, expired, or was used by somebody else.
    Invite,
}

/// One response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// Both hold the same records.
    Same {
        /// The answering node's clock, milliseconds since the Unix epoch.
        at: u64,
    },
    /// What the answering node holds below the prefixes asked for, in their order.
    Nodes {
        /// The answering node's clock, milliseconds since the Unix epoch.
        at: u64,
        /// For each prefix, its children that hold anything.
        expansions: List<Expansion, 4_096>,
    },
    /// Records that the asker lacks.
    Page {
        /// The records, those of one log in order.
        items: Vec<Item>,
        /// Authors under the prefixes asked for that the asker did not list.
        offers: List<PublicKey, 4_096>,
        /// Authors of which the asker holds something else: it should say more of what it holds.
        diverged: List<PublicKey, 1_024>,
        /// Where to go on; absent on the last page.
        next: Option<Cursor>,
    },
    /// For each id asked for, whether it is held.
    Holds {
        /// In the order of the request.
        held: List<bool, 1_024>,
    },
    /// Records of the asker's own keys that it does not know, one a key.
    Later {
        /// The records.
        items: Vec<Item>,
    },
    /// A chunk of an attachment with its proof, or nothing where it is not held here.
    Chunk {
        /// As `cohub-store` makes it.
        proof: Option<Arc<[u8]>>,
    },
    /// The knock was heard.
    Knocked {
        /// Whether the newcomer is sponsored by now and may ask for records.
        welcome: bool,
        /// The founding record.
        founding: Box<Item>,
    },
    /// The request was not answered.
    Denied(Denial),
}

/// Items in a page: as many small records as fit in 64 KiB.
pub(crate) const PAGE_ITEMS: usize = super::PAGE_BYTES / 100;

impl Response {
    /// The bytes on the wire.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let array = |items: &[Item]| Value::Array(items.iter().map(Item::to_value).collect());
        match self {
            Self::Same { at } => message(0, [at.to_value()]),
            Self::Nodes { at, expansions } => message(1, [at.to_value(), expansions.to_value()]),
            Self::Page { items, offers, diverged, next } => {
                message(2, [array(items), offers.to_value(), diverged.to_value(), next.to_value()])
            }
            Self::Holds { held } => message(3, [held.to_value()]),
            Self::Later { items } => message(4, [array(items)]),
            Self::Chunk { proof } => {
                let proof = proof.iter().map(|bytes| Value::Bytes(bytes.to_vec())).collect();
                message(5, [Value::Array(proof)])
            }
            Self::Knocked { welcome, founding } => message(6, [welcome.to_value(), founding.to_value()]),
            Self::Denied(denial) => {
                let (why, retry_ms) = match denial {
                    Denial::Access => (0, 0),
                    Denial::Busy { retry_ms } => (1, *retry_ms),
                    Denial::Network => (2, 0),
                    Denial::Invite => (3, 0),
                };
                message(7, [Value::Integer(why), retry_ms.to_value()])
            }
        }
    }

    /// Reads a response and checks the signatures of the records in it.
    ///
    /// # Errors
    /// [`WireError`], says what was wrong.
    pub fn decode(bytes: &[u8], keys: &mut KeyCache) -> Result<Self, WireError> {
        let (number, rest) = split(bytes)?;
        match number {
            0 => fields(rest).and_then(|[at]| Ok(Self::Same { at: u64::from_value(&at)? })),
            1 => {
                let [at, expansions] = fields(rest)?;
                Ok(Self::Nodes { at: u64::from_value(&at)?, expansions: List::from_value(&expansions)? })
            }
            2 => {
                let [items, offers, diverged, next] = fields(rest)?;
                Ok(Self::Page {
                    items: read_items(&items, PAGE_ITEMS, keys)?,
                    offers: List::from_value(&offers)?,
                    diverged: List::from_value(&diverged)?,
                    next: Option::from_value(&next)?,
                })
            }
            3 => fields(rest).and_then(|[held]| Ok(Self::Holds { held: List::from_value(&held)? })),
            4 => fields(rest).and_then(|[items]| Ok(Self::Later { items: read_items(&items, 64, keys)? })),
            5 => fields(rest).and_then(|[proof]| Ok(Self::Chunk { proof: read_proof(proof)? })),
            6 => {
                let [welcome, founding] = fields(rest)?;
                let founding = Box::new(Item::from_value(&founding, keys)?);
                Ok(Self::Knocked { welcome: bool::from_value(&welcome)?, founding })
            }
            7 => {
                let [why, retry_ms] = fields(rest)?;
                read_denial(&why, u64::from_value(&retry_ms)?).map(Self::Denied)
            }
            other => Err(malformed(format!("response {other} is unknown to this software"))),
        }
    }
}

fn read_items(value: &Value, limit: usize, keys: &mut KeyCache) -> Result<Vec<Item>, WireError> {
    let Value::Array(items) = value else { return Err(malformed("items are an array")) };
    if items.len() > limit {
        return Err(malformed(format!("at most {limit} records, these are {}", items.len())));
    }
    items.iter().map(|item| Item::from_value(item, keys)).collect()
}

fn read_proof(value: Value) -> Result<Option<Arc<[u8]>>, WireError> {
    let Value::Array(mut parts) = value else { return Err(malformed("a proof is an array")) };
    match (parts.pop(), parts.is_empty()) {
        (None, _) => Ok(None),
        (Some(Value::Bytes(bytes)), true) => Ok(Some(bytes.into())),
        _ => Err(malformed("a proof is one byte string or none")),
    }
}

fn read_denial(why: &Value, retry_ms: u64) -> Result<Denial, WireError> {
    match (why, retry_ms) {
        (Value::Integer(0), 0) => Ok(Denial::Access),
        (Value::Integer(1), retry_ms) => Ok(Denial::Busy { retry_ms }),
        (Value::Integer(2), 0) => Ok(Denial::Network),
        (Value::Integer(3), 0) => Ok(Denial::Invite),
        _ => Err(malformed("a denial that is unknown to this software")),
    }
}
