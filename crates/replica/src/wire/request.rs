//! What a node may ask another.

use cohub_record::{Field as _, Hash, Id, KeyCache, List, Value, words};

use super::{
    Cursor, Fingerprint, Item, Known, Leaf, Prefix, Wanted, WireError, fields, malformed, message, split,
};

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Is what you hold what I hold? Answered by [`super::Response::Same`] or by the two levels of the
    /// tree below its root.
    Compare {
        /// The network.
        network: Id,
        /// The fingerprint of all logs.
        root: Fingerprint,
    },
    /// The fingerprints of the children of these prefixes.
    Descend {
        /// The prefixes.
        prefixes: List<Prefix, 4_096>,
        /// Levels below each: 1 or 2.
        levels: u8,
    },
    /// The records of the listed authors that I lack, and the authors there that I did not list.
    Tips {
        /// Leaves that differ, with all that I hold there.
        leaves: List<Leaf, 1_024>,
        /// Where the page before ended.
        after: Option<Cursor>,
    },
    /// The records of these logs that I lack.
    Logs {
        /// The logs, with what I hold of each.
        logs: List<Wanted, 1_024>,
        /// Where the page before ended.
        after: Option<Cursor>,
    },
    /// Which of these records do you hold?
    Holds {
        /// The records.
        ids: List<Id, 1_024>,
    },
    /// Do you hold a later record of these keys of mine (Protocol 3.4)?
    Latest {
        /// The keys, with the latest record that I know of each.
        keys: List<Known, 64>,
    },
    /// One chunk of an attachment, with its proof.
    Chunk {
        /// The attachment.
        hash: Hash,
        /// Which chunk, from 0.
        index: u64,
    },
    /// A newcomer with an invite hands in its first records.
    Knock {
        /// The invite's secret.
        secret: Id,
        /// The newcomer's inception and the grant of its node's key.
        items: Vec<Item>,
    },
}

words! {
    /// The kinds of requests, as the table of access and the metrics know them.
    pub enum RequestKind {
        /// [`Request::Compare`]
        Compare = "compare",
        /// [`Request::Descend`]
        Descend = "descend",
        /// [`Request::Tips`]
        Tips = "tips",
        /// [`Request::Logs`]
        Logs = "logs",
        /// [`Request::Holds`]
        Holds = "holds",
        /// [`Request::Latest`]
        Latest = "latest",
        /// [`Request::Chunk`]
        Chunk = "chunk",
        /// [`Request::Knock`]
        Knock = "knock",
    }
}

/// Records in a knock, at most.
pub(crate) const KNOCK_ITEMS: usize = 8;

impl Request {
    /// The request's kind.
    #[must_use]
    pub const fn kind(&self) -> RequestKind {
        match self {
            Self::Compare { .. } => RequestKind::Compare,
            Self::Descend { .. } => RequestKind::Descend,
            Self::Tips { .. } => RequestKind::Tips,
            Self::Logs { .. } => RequestKind::Logs,
            Self::Holds { .. } => RequestKind::Holds,
            Self::Latest { .. } => RequestKind::Latest,
            Self::Chunk { .. } => RequestKind::Chunk,
            Self::Knock { .. } => RequestKind::Knock,
        }
    }

    /// Whether it only asks. Such a request promises nothing: it may go out before what it was asked for
    /// with is durable. A knock hands in records.
    #[must_use]
    pub const fn only_asks(&self) -> bool {
        !matches!(self, Self::Knock { .. })
    }

    /// The bytes on the wire.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Compare { network, root } => message(0, [network.to_value(), root.to_value()]),
            Self::Descend { prefixes, levels } => {
                message(1, [prefixes.to_value(), Value::Integer(i64::from(*levels))])
            }
            Self::Tips { leaves, after } => message(2, [leaves.to_value(), after.to_value()]),
            Self::Logs { logs, after } => message(3, [logs.to_value(), after.to_value()]),
            Self::Holds { ids } => message(4, [ids.to_value()]),
            Self::Latest { keys } => message(5, [keys.to_value()]),
            Self::Chunk { hash, index } => message(6, [hash.to_value(), index.to_value()]),
            Self::Knock { secret, items } => {
                let items = items.iter().map(Item::to_value).collect();
                message(7, [secret.to_value(), Value::Array(items)])
            }
        }
    }

    /// Reads a request and checks the signatures of the records in it.
    ///
    /// # Errors
    /// [`WireError`], says what was wrong.
    pub fn decode(bytes: &[u8], keys: &mut KeyCache) -> Result<Self, WireError> {
        let (number, rest) = split(bytes)?;
        match number {
            0 => {
                let [network, root] = fields(rest)?;
                Ok(Self::Compare {
                    network: Id::from_value(&network)?,
                    root: Fingerprint::from_value(&root)?,
                })
            }
            1 => {
                let [prefixes, levels] = fields(rest)?;
                let levels = match levels {
                    Value::Integer(1) => 1,
                    Value::Integer(2) => 2,
                    _ => return Err(malformed("expected 1 or 2 levels")),
                };
                Ok(Self::Descend { prefixes: List::from_value(&prefixes)?, levels })
            }
            2 => {
                let [leaves, after] = fields(rest)?;
                Ok(Self::Tips { leaves: List::from_value(&leaves)?, after: Option::from_value(&after)? })
            }
            3 => {
                let [logs, after] = fields(rest)?;
                Ok(Self::Logs { logs: List::from_value(&logs)?, after: Option::from_value(&after)? })
            }
            4 => fields(rest).and_then(|[ids]| Ok(Self::Holds { ids: List::from_value(&ids)? })),
            5 => fields(rest).and_then(|[keys]| Ok(Self::Latest { keys: List::from_value(&keys)? })),
            6 => {
                let [hash, index] = fields(rest)?;
                Ok(Self::Chunk { hash: Hash::from_value(&hash)?, index: u64::from_value(&index)? })
            }
            7 => {
                let [secret, items] = fields(rest)?;
                let Value::Array(items) = items else { return Err(malformed("items are an array")) };
                if items.len() > KNOCK_ITEMS {
                    return Err(malformed(format!("a knock has at most {KNOCK_ITEMS} records")));
                }
                let items =
                    items.iter().map(|item| Item::from_value(item, keys)).collect::<Result<_, _>>()?;
                Ok(Self::Knock { secret: Id::from_value(&secret)?, items })
            }
            other => Err(malformed(format!("request {other} is unknown to this software"))),
        }
    }
}
