//! Cohub's records: ids, keys, strict codec, authentic records, logs, attachments' descriptors.
//!
//! Everything here is pure. Bytes from anywhere enter through [`Record::verify`], which checks the
//! signature before it decodes, and leave as the same bytes: nothing is ever re-encoded to be verified.

mod attachment;
mod error;
mod field;
mod id;
mod invite;
mod key;
pub mod limits;
mod log;
mod proof;
mod reading;
mod record;
mod straight;
mod value;

pub use attachment::{Attachment, Descriptor, Scope};
pub use error::{BodyError, RecordError};
pub use field::{Field, List, Slug, Text, array_of};
pub use id::{Hash, Id, IdError};
pub use invite::Invite;
pub use key::{KeyCache, KeyError, PublicKey, SecretKey, Signature, consent_message};
pub use log::{Appended, Log, Place};
pub use proof::ForkProof;
pub use reading::{recipient_from_text, recipient_text};
pub use record::{Draft, Header, Record};
pub use value::Value;
