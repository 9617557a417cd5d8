//! What a record says, decoded: a function of the record alone, so it is worked out once, on any thread.

use std::sync::{Arc, OnceLock};

use cohub_record::{Descriptor, Record};

use crate::founding::consented;
use crate::kind::{Fact, Kind};

/// A record with what it says decoded and the signatures in it checked, at the latest when a registry takes it.
#[derive(Debug, Clone)]
pub struct Decoded {
    record: Record,
    content: OnceLock<Arc<Content>>,
}

impl Decoded {
    /// Does the work now, on this thread, so that nobody has to wait for it later.
    pub fn prepare(&self) {
        self.content();
    }

    /// The record.
    #[must_use]
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// The record without what it says.
    #[must_use]
    pub fn into_record(self) -> Record {
        self.record
    }

    pub(crate) fn content(&self) -> &Arc<Content> {
        self.content.get_or_init(|| Arc::new(Content::of(&self.record)))
    }
}

impl From<Record> for Decoded {
    fn from(record: Record) -> Self {
        Self { record, content: OnceLock::new() }
    }
}

/// What is decoded follows from the record.
impl PartialEq for Decoded {
    fn eq(&self, other: &Self) -> bool {
        self.record == other.record
    }
}

impl Eq for Decoded {}

/// What a record says.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    /// Absent where the kind is unknown to this software.
    pub(crate) kind: Option<Kind>,
    /// The content, or why it is not what the kind says.
    pub(crate) fact: Option<Result<Fact, String>>,
    pub(crate) attachments: Box<[Descriptor]>,
    /// Protocol 4.3: whether the key that a grant names consented to its roles, in the network of the record.
    pub(crate) consented: bool,
}

impl Content {
    pub(crate) fn of(record: &Record) -> Self {
        let header = record.header();
        let kind: Option<Kind> = header.kind.parse().ok();
        let fact = kind.map(|kind| Fact::decode(kind, header).map_err(|fault| fault.to_string()));
        let consented = match &fact {
            Some(Ok(Fact::Grant(grant))) => grant.consent.as_ref().is_some_and(|consent| {
                consented(header.network.as_ref(), &record.author(), &grant.key, &grant.roles, consent)
            }),
            _ => false,
        };
        Self { kind, fact, attachments: header.attachments.clone().into_boxed_slice(), consented }
    }
}
