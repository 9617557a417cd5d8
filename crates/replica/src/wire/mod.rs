//! What two nodes say to each other: positional DAG-CBOR, decoded strictly, every limit a type.
//!
//! **Invariant**: whatever leaves this module's decoding is authentic: signatures are checked here, so
//! that a driver can do it on as many threads as it has, before the replica sees anything.

mod item;
mod parts;
mod request;
mod response;

pub use item::Item;
pub(crate) use parts::nibble;
pub use parts::{Cursor, Expansion, Fingerprint, Have, Known, Leaf, Listed, Name, Prefix, Wanted};
pub(crate) use request::KNOCK_ITEMS;
pub use request::{Request, RequestKind};
pub(crate) use response::PAGE_ITEMS;
pub use response::{Denial, Response};

use cohub_record::{BodyError, RecordError, Value};

/// Bytes of records in one page, at most; a single record may exceed it.
pub const PAGE_BYTES: usize = 64 * 1024;

/// Why bytes of a peer were refused. Nothing was kept of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The bytes are not canonical, or not what a message holds.
    #[error("the message is malformed: {0}")]
    Malformed(String),
    /// A record in it is not authentic.
    #[error("a record in the message was refused: {0}")]
    Record(#[from] RecordError),
    /// An attachment in it belongs to none of the record's descriptors.
    #[error("an attachment came along that its record does not describe")]
    Attachment,
}

impl From<BodyError> for WireError {
    fn from(error: BodyError) -> Self {
        Self::Malformed(error.to_string())
    }
}

fn malformed(why: impl Into<String>) -> WireError {
    WireError::Malformed(why.into())
}

/// A message on the wire: its number, then its fields.
fn message(number: i64, fields: impl IntoIterator<Item = Value>) -> Vec<u8> {
    Value::Array(std::iter::once(Value::Integer(number)).chain(fields).collect()).encode()
}

/// Splits a message into its number and its fields.
fn split(bytes: &[u8]) -> Result<(i64, Vec<Value>), WireError> {
    let Value::Array(mut fields) = Value::decode(bytes).map_err(|e| malformed(e.to_string()))? else {
        return Err(malformed("a message is an array"));
    };
    if fields.is_empty() {
        return Err(malformed("a message begins with its number"));
    }
    match fields.remove(0) {
        Value::Integer(number) => Ok((number, fields)),
        other => Err(malformed(format!("a message begins with its number, not with {}", other.name()))),
    }
}

/// Exactly as many fields as a message has.
fn fields<const N: usize>(fields: Vec<Value>) -> Result<[Value; N], WireError> {
    let found = fields.len();
    fields.try_into().map_err(|_| malformed(format!("expected {N} fields, found {found}")))
}
