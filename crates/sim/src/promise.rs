//! What the protocol promises, by name, and what is said where a promise was broken.

use std::fmt;

/// Something that must hold in every world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// An outcome that is final stays, and is the same at every honest node.
    OneOutcome,
    /// Of the versions that follow on one base at most one is adopted.
    OneSuccessor,
    /// A ballot that no honest teller held in time is not counted; one that 2f+1 of them held is.
    Ballots,
    /// Whatever is final can be shown to anybody who was not there.
    Proof,
    /// Honest nodes that can reach each other become equal.
    Equality,
    /// What a node has acknowledged is never lost, and nothing leaves a node that is not durable there.
    Keeping,
    /// No honest key signs two records for one place, and nobody thinks it did.
    OneHand,
    /// What is sent is what arrives.
    Wire,
    /// A world in which too little goes wrong shows nothing.
    Dose,
}

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub promise: Promise,
    /// When, in hours, minutes and seconds since the world began.
    pub at: String,
    /// At which node.
    pub node: usize,
    /// What was found.
    pub what: String,
}

impl fmt::Display for Promise {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OneOutcome => "one outcome",
            Self::OneSuccessor => "one successor",
            Self::Ballots => "ballots",
            Self::Proof => "proof",
            Self::Equality => "equality",
            Self::Keeping => "keeping",
            Self::OneHand => "one hand",
            Self::Wire => "wire",
            Self::Dose => "dose",
        })
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { promise, at, node, what } = self;
        write!(formatter, "[{promise}] {at} node {node}: {what}")
    }
}
