//! What can be wrong with bytes that claim to be a record. Nothing here changes any state.

use crate::{Id, KeyError};

/// Why bytes are no record. Nothing was kept of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Fewer bytes than an author, a signature and the smallest header, or more than the limit.
    #[error("a record has 97 to 262144 bytes, this has {0}")]
    Size(usize),
    /// The author's key or the signature was refused.
    #[error("author or signature refused: {0}")]
    Key(#[from] KeyError),
    /// The header is not canonical DAG-CBOR, or holds a type that headers do not have.
    #[error("the header is not canonical: {0}")]
    Encoding(String),
    /// The header decodes, but not to the fields of a header.
    #[error("the header is malformed: {0}")]
    Header(#[from] BodyError),
    /// A version of the record format that this software does not know.
    #[error("record version {0} is unknown to this software; update it to read the record")]
    Version(i64),
    /// The record does not continue the one that it names as its predecessor.
    #[error("the record does not continue {0}: its author or sequence number differs")]
    Link(Id),
    /// Two records that were offered as a fork are none.
    #[error("the two records are no fork: a fork has one author, one sequence number and two ids")]
    NoFork,
}

/// Where a body, or a part of it, is not what its kind says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {why}")]
pub struct BodyError {
    /// The field, from the outside in, with dots.
    pub path: String,
    /// What is wrong there.
    pub why: String,
}

impl BodyError {
    /// An error at the value itself.
    pub fn new(why: impl Into<String>) -> Self {
        Self { path: String::new(), why: why.into() }
    }

    /// The same error seen from the field that holds the value.
    #[must_use]
    pub fn inside(self, field: &str) -> Self {
        let path = if self.path.is_empty() { field.to_owned() } else { format!("{field}.{}", self.path) };
        Self { path, why: self.why }
    }
}
