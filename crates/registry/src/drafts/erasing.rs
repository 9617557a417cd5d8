//! Drafts of erasures.

use cohub_record::{Field as _, Hash, Id, List, PublicKey};

use super::{Drafted, cannot};
use crate::duties::Contents;
use crate::erasure::Erase;
use crate::{Kind, Registry};

impl Registry {
    /// Erases all that a record attached and that is not erased yet.
    pub(super) fn draft_erasure(
        &self,
        author: &PublicKey,
        record: &Id,
        motion: Option<&Id>,
    ) -> Drafted<Contents> {
        let Some(entry) = self.entry(record) else {
            return cannot(format!("{record} is no record that this node holds"));
        };
        if entry.content.attachments.is_empty() {
            return cannot(format!("{record} attached nothing"));
        }
        let left: Vec<Hash> = entry.content.attachments.iter().map(|attached| attached.hash).collect();
        let left: Vec<Hash> = left.into_iter().filter(|hash| self.erased(hash).is_none()).collect();
        if left.is_empty() {
            return cannot(format!("what {record} attached is erased already"));
        }
        let standing = match motion {
            Some(motion) => match self.certificate(motion) {
                Some((_, returns)) => returns,
                None => return cannot(format!("{motion} is not decided yet")),
            },
            None if entry.author == *author => Vec::new(),
            None => vec![self.controller_record(author)?],
        };
        // A record has at most as many attachments as an erasure names.
        let body = Erase { attachments: List::new(left).unwrap_or_default() }.to_value();
        Ok(Contents { kind: Kind::Erase, cites: vec![vec![*record], standing], body })
    }
}
