//! Why a replica did not do what a person or a driver asked. Nothing was stored, sent or changed then.

use cohub_record::{Id, Place, PublicKey};

/// Why something was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplicaError {
    /// No network was founded or joined yet.
    #[error(
        "this node belongs to no network yet; found one, or join one with its founding record or an invite"
    )]
    NoNetwork,
    /// Another network was joined before.
    #[error("this node belongs to {0} already; a node serves one network")]
    OtherNetwork(String),
    /// The record belongs to another network.
    #[error("the record belongs to another network than this node's, {0}; nothing was stored")]
    WrongNetwork(String),
    /// The founding record breaks a rule.
    #[error("the founding record is refused: {0}")]
    Founding(String),
    /// The sequence number was used.
    #[error(
        "sequence number {seq} of {key} is used by {held}; nothing was stored. Ask for the next one and sign again"
    )]
    Used {
        /// Whose log.
        key: PublicKey,
        /// The number.
        seq: u64,
        /// The record that has it.
        held: Id,
    },
    /// The record does not continue the log's last one.
    #[error(
        "the record does not continue the log of {key}, whose next sequence number is {next}; nothing was stored"
    )]
    Skips {
        /// Whose log.
        key: PublicKey,
        /// The number it should have.
        next: u64,
    },
    /// Somebody else is about to write with the key.
    #[error("another writer has the next place in the log of {key} for {left_ms} ms more; try again then")]
    Leased {
        /// Whose log.
        key: PublicKey,
        /// Milliseconds until the lease ends.
        left_ms: u64,
    },
    /// The log is one that the node does not keep.
    #[error("the log of {key} is not kept: {why}; nothing was stored")]
    NotKept {
        /// Whose log.
        key: PublicKey,
        /// Why, in words.
        why: String,
    },
    /// The record would be void.
    #[error("{rule}: {why}; nothing was stored")]
    Void {
        /// The rule, as in `rule ballot 1`.
        rule: String,
        /// What is wrong, in words.
        why: String,
    },
    /// The record builds on what is not here.
    #[error("the record builds on {} that this node does not hold or understand, first {}; nothing was stored. Wait for sync and try again",
        count(.missing.len()), .missing.first().map_or_else(|| "its own kind".to_owned(), Id::to_string))]
    Pending {
        /// What is missing.
        missing: Vec<Id>,
    },
    /// The key has later records than this node knows, or was used elsewhere (Protocol 3.4).
    #[error("{key} has a record {} at sequence number {} that this node did not write: its directory was copied or \
        set back, or the key is used elsewhere. It signs nothing with this key any more; grant a new key", .later.id, .later.seq)]
    SetBack {
        /// The key.
        key: PublicKey,
        /// The record that shows it.
        later: Place,
    },
    /// The key belongs to the node's own duties.
    #[error("{0} is written by the node itself")]
    NodesOwn(PublicKey),
    /// The first places of the log are taken by records that wait at a door, or are on their way back.
    #[error(
        "the first records of {0} were handed in at a door and are not here yet; nothing was stored. Try again when this node is let in"
    )]
    AtTheDoor(PublicKey),
    /// The log has two ends.
    #[error("the log of {0} is forked; its key signs nothing any more. Grant a new key")]
    Forked(PublicKey),
    /// The stored record that is needed cannot be read.
    #[error(transparent)]
    Read(#[from] crate::ReadError),
    /// Too much of something is open.
    #[error("at most {limit} {what} can be open at a time; nothing was kept")]
    Full {
        /// Of what.
        what: &'static str,
        /// The bound.
        limit: usize,
    },
    /// A knock that no door would take.
    #[error(
        "a knock holds one controller's first records, an inception and the grant of this node's key: {0}"
    )]
    Knock(String),
    /// The attachment is described by no record that is held.
    #[error("no record that this node holds describes attachment {0}")]
    UnknownAttachment(cohub_record::Hash),
    /// Nobody gave the attachment.
    #[error("attachment {hash} could not be fetched: {why}; the chunks that came are kept")]
    NotFetched {
        /// The attachment.
        hash: cohub_record::Hash,
        /// Why, in words.
        why: String,
    },
}

fn count(records: usize) -> String {
    match records {
        1 => "a record".to_owned(),
        records => format!("{records} records"),
    }
}
