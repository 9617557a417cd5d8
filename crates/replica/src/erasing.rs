//! Protocol 2.1: what is erased goes from here, and does not come back, whoever offers it.

use cohub_record::{Hash, Id};

use crate::output::Event;
use crate::turn::Turn;
use crate::{Output, Replica, ReplicaError};

impl Replica {
    /// Whether the records say that an attachment is erased.
    pub(crate) fn is_erased(&self, hash: &Hash) -> bool {
        self.ledger.as_ref().is_some_and(|ledger| ledger.registry().erased(hash).is_some())
    }

    /// Carries out what a record erases that was just found valid.
    pub(crate) fn carry_out(&mut self, turn: &mut Turn<'_>, erasure: &Id) {
        let Some(ledger) = &self.ledger else { return };
        for hash in ledger.registry().named_in_erasure(erasure) {
            if self.is_erased(&hash) {
                self.drop_attachment(turn, hash);
                turn.event(Event::AttachmentErased { hash, record: *erasure });
            }
        }
    }

    /// Carries out once more, after a start, all that is erased: the node may have gone down between keeping the
    /// record and removing the bytes.
    pub(crate) fn carry_out_all(&mut self, turn: &mut Turn<'_>) {
        let Some(ledger) = self.ledger.as_ref().filter(|_| !self.erasures_carried_out) else { return };
        for hash in ledger.registry().erased_attachments().collect::<Vec<_>>() {
            self.drop_attachment(turn, hash);
        }
        self.erasures_carried_out = true;
    }

    fn drop_attachment(&mut self, turn: &mut Turn<'_>, hash: Hash) {
        for ticket in self.fetches.forget(&hash) {
            turn.acknowledge(ticket, Err(self.erased_error(hash)));
        }
        turn.output(Output::EraseAttachment { hash });
    }

    /// What somebody is told who wants an erased attachment.
    pub(crate) fn erased_error(&self, hash: Hash) -> ReplicaError {
        let erased = self.ledger.as_ref().and_then(|ledger| ledger.registry().erased(&hash));
        let by = erased.map_or_else(String::new, |erased| format!(" by {}", erased.record));
        ReplicaError::NotFetched { hash, why: format!("it was erased{by}: no node of the network keeps it") }
    }
}
