//! The end of a teller's key (Protocol 6.7): its handover, the last record that it signs, and then the
//! erasure of its secret.

use cohub_record::PublicKey;

use super::Teller;
use super::choosing::{Act, Deed, sooner};
use crate::notes::Note;
use crate::turn::Turn;
use crate::{Output, Replica};

impl Teller {
    /// Protocol 6.7: a key hands over when the motions that it closed are returned, or 2G later.
    pub(super) fn next_handover(&mut self, turn: &mut Turn<'_>, next_ms: &mut Option<u64>) -> Option<Act> {
        let Self { handovers, succeeded_ms, mute, .. } = self;
        for (key, due) in handovers.iter().filter(|(key, _)| !mute.contains(key)) {
            let hand_over = Act { key: *key, motion: due.motion, deed: Deed::HandOver(due.contents.clone()) };
            if due.settled {
                return Some(hand_over);
            }
            let since_ms = *succeeded_ms.entry(*key).or_insert_with(|| {
                // A restart does not begin the wait anew.
                turn.output(Note::Succeeded { key: *key, since_ms: turn.clock_ms }.output());
                turn.clock_ms
            });
            let waited_ms = since_ms.saturating_add(due.grace_ms.saturating_mul(2));
            if turn.clock_ms >= waited_ms {
                return Some(hand_over);
            }
            sooner(next_ms, waited_ms);
        }
        None
    }
}

impl Replica {
    /// What has handed over signs nothing more, and nobody may sign in its name: its secret goes, behind
    /// the record in the order of outputs, and at the next start if the node went down between the two.
    pub(super) fn erase_what_has_handed_over(&mut self, turn: &mut Turn<'_>) {
        let Some(ledger) = self.ledger.as_ref().filter(|_| self.teller.look) else { return };
        let is_over = |key: &PublicKey| ledger.registry().has_handed_over(key);
        for key in self.teller.keys().filter(is_over).collect::<Vec<_>>() {
            self.teller.keys.remove(&key);
            if let Some(since_ms) = self.teller.succeeded_ms.remove(&key) {
                turn.output(Note::Succeeded { key, since_ms }.forget());
            }
            turn.output(Output::EraseTeller { key });
        }
    }
}
