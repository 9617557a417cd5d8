//! What a record is worth: pending, valid, or void with the rule that it breaks.

use cohub_record::Id;

use crate::Kind;

/// The verdict on a held record. Once it is not pending it never changes, and it is the same on every node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A cite or the predecessor has no verdict yet, or the kind is unknown to this software.
    Pending,
    /// It keeps the rules of its kind.
    Valid,
    /// It breaks one: kept and relayed, without effect.
    Void(Void),
}

/// The clause that a void record breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {why}", self.rule())]
pub struct Void {
    /// The record's kind.
    pub kind: Kind,
    /// The clause of the kind's row in `docs/PROTOCOL.md` §5; 0 for what holds for every kind.
    pub clause: u8,
    /// What is wrong, in words.
    pub why: String,
}

impl Void {
    /// The rule's name, as in `ballot 1`.
    #[must_use]
    pub fn rule(&self) -> String {
        format!("rule {} {}", self.kind, self.clause)
    }
}

/// Why a record was not taken. The registry is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The record belongs to another network.
    #[error("the record belongs to another network than {0}")]
    WrongNetwork(String),
    /// Its predecessor is not held.
    #[error("the record before {0} in its log is not held")]
    Gap(Id),
    /// It does not continue its predecessor.
    #[error("the record {0} does not continue the record that it names as its predecessor")]
    Link(Id),
    /// A network begins with a valid founding record.
    #[error("this is no founding record of a network: {0}")]
    NotFounding(String),
}
