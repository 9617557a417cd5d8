//! What can be wrong with a certificate file, or stand in the way of writing one.

use cohub_record::{Id, RecordError};

use crate::{Outcome, Refused, Void};

/// Why a certificate is not valid, or cannot be written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The bytes are not those of a certificate file, or not their one encoding.
    #[error("not a certificate file: at byte {at}, {why}")]
    File {
        /// Bytes before the fault.
        at: usize,
        /// What is wrong there.
        why: String,
    },
    /// A record of the file is not authentic.
    #[error("record {number} of the certificate, at byte {at}, is not authentic: {error}")]
    Record {
        /// Its number in the file, from 1.
        number: usize,
        /// Bytes before it.
        at: usize,
        /// What is wrong with it.
        error: RecordError,
    },
    /// A record stands at the wrong place, or twice.
    #[error(
        "record {number} of the certificate, {id} at byte {at}, is out of order: records stand in order of \
         their ids, each once"
    )]
    Order {
        /// Its number in the file, from 1.
        number: usize,
        /// Bytes before it.
        at: usize,
        /// The record.
        id: Id,
    },
    /// No record of the file begins a network.
    #[error("the certificate holds no founding record, so nothing says whose rules were applied")]
    NoFounding,
    /// The founding record does not found a network.
    #[error("the certificate's network is impossible: {0}")]
    Founding(Refused),
    /// It is a certificate of another network.
    #[error(
        "the certificate is of the network {}, expected was {}",
        found.to_network_text(),
        pinned.to_network_text()
    )]
    WrongNetwork {
        /// The network whose founding record the file holds.
        found: Id,
        /// The network that was asked for.
        pinned: Id,
    },
    /// A record has no place in the file's logs.
    #[error("the record {id} has no place in the certificate: {why}")]
    Loose {
        /// The record.
        id: Id,
        /// Why it was not taken.
        why: String,
    },
    /// A record that others cite is not in the file.
    #[error("the certificate lacks the record {0}, on which records in it build")]
    Missing(Id),
    /// A record has a kind that this software does not know.
    #[error(
        "the record {0} rests on a kind that this software does not know; update it to verify the certificate"
    )]
    Unknown(Id),
    /// The record that the file names as the motion is not there, or is none.
    #[error("{0} is no motion among these records")]
    NoMotion(Id),
    /// The motion, or a return that the file rests on, breaks a rule.
    #[error("the record {id} is void, and the decision rests on it: {void}")]
    Void {
        /// The record.
        id: Id,
        /// The rule.
        void: Void,
    },
    /// The file, or this registry, lacks returns of the tellers.
    #[error(
        "the outcome is provisional: {needed} tellers must return the same one, {returned} did so far; {}",
        silence(silent)
    )]
    Provisional {
        /// Tellers who returned the outcome that most tellers returned.
        returned: usize,
        /// How many it takes.
        needed: usize,
        /// Hubs whose tellers have not returned anything, in the order of seats.
        silent: Vec<String>,
    },
    /// Two outcomes have enough returns: more tellers lied than the rules bear.
    #[error("the outcome is disputed: enough tellers returned two different ones, so neither is certain")]
    Disputed,
    /// The outcome that the file states is not the one that the tellers returned.
    #[error("the certificate says {stated}, but the tellers returned {found}")]
    Outcome {
        /// The word in the file.
        stated: Outcome,
        /// The outcome that follows from the records.
        found: Outcome,
    },
    /// A record of the file is not part of what the decision rests on.
    #[error("the record {0} does not belong here: the decision does not rest on it")]
    Needless(Id),
    /// The bytes of a held record could not be read for the file.
    #[error("the record {0} could not be read, so no certificate was written; check the store")]
    Unreadable(Id),
}

impl CertificateError {
    /// One word for the fault, for programs and for the golden vectors.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::File { .. } => "file",
            Self::Record { .. } => "record",
            Self::Order { .. } => "order",
            Self::NoFounding | Self::Founding(_) => "founding",
            Self::WrongNetwork { .. } => "network",
            Self::Loose { .. } => "loose",
            Self::Missing(_) => "missing",
            Self::Unknown(_) => "unknown",
            Self::NoMotion(_) => "motion",
            Self::Void { .. } => "void",
            Self::Provisional { .. } => "provisional",
            Self::Disputed => "disputed",
            Self::Outcome { .. } => "outcome",
            Self::Needless(_) => "needless",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

fn silence(silent: &[String]) -> String {
    match silent {
        [] => "all tellers returned, but not the same".to_owned(),
        silent => format!("the tellers of {} have returned nothing yet", silent.join(", ")),
    }
}
