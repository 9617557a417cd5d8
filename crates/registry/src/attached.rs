//! Attachments as records describe them: whose they are, and who may read them.

use cohub_record::{Descriptor, Hash, Id, PublicKey, Scope};

use crate::Registry;
use crate::graph::Entry;

/// An attachment that a held record describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRef {
    /// The record.
    pub record: Id,
    /// Its author.
    pub author: PublicKey,
    /// The hub whose attachment it is, by its first controller: the author's, unless another hub describes
    /// the same bytes in a valid record.
    pub hub: Option<PublicKey>,
    /// The narrowest scope that this or any valid record gives it: describing what another hub attached
    /// opens it to nobody.
    pub scope: Scope,
    /// The hubs whose keys its secret was shared with, by their first controllers.
    pub readers: Vec<PublicKey>,
    /// What the record says of the attachment.
    pub descriptor: Descriptor,
}

impl Registry {
    /// The attachments that a held record describes.
    #[must_use]
    pub fn attachments(&self, record: &Id) -> Vec<AttachmentRef> {
        let Some(entry) = self.entry(record) else { return Vec::new() };
        entry.content.attachments.iter().map(|descriptor| self.attachment_ref(entry, descriptor)).collect()
    }

    fn attachment_ref(&self, entry: &Entry, descriptor: &Descriptor) -> AttachmentRef {
        let describing = self.state.attachments.get(&descriptor.hash).into_iter().flatten();
        let others: Vec<&Entry> = describing.filter_map(|index| self.graph.get(*index)).collect();
        let hub = self.hub_of(&entry.author);
        let scopes = others.iter().flat_map(|other| &other.content.attachments);
        let scopes = scopes.filter(|other| other.hash == descriptor.hash).map(|other| other.scope);
        AttachmentRef {
            record: entry.id,
            author: entry.author,
            hub: hub.filter(|_| others.iter().all(|other| self.hub_of(&other.author) == hub)),
            scope: scopes.chain([descriptor.scope]).max().unwrap_or(Scope::Sealed),
            readers: self.reader_hubs(&entry.id, &descriptor.hash),
            descriptor: descriptor.clone(),
        }
    }

    /// An attachment by its hash: of several valid records that describe it the one with the least id.
    #[must_use]
    pub fn attachment(&self, hash: &Hash) -> Option<AttachmentRef> {
        let record = self.state.attachments.get(hash)?.iter().map(|index| self.graph.id(*index)).min()?;
        self.attachments(&record).into_iter().find(|reference| reference.descriptor.hash == *hash)
    }
}
