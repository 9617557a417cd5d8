//! Gossip admission: what is passed on was authentic, is kept, and continues what is held.

use cohub_record::PublicKey;

use crate::admission::Admission;
use crate::output::Acceptance;
use crate::turn::Turn;
use crate::wire::Item;
use crate::{MessageId, Output, Replica};

impl Replica {
    /// Takes a gossip message and judges it, exactly once.
    pub(crate) fn gossip(&mut self, turn: &mut Turn<'_>, peer: PublicKey, message: MessageId, item: Item) {
        let acceptance = if self.peers.is_shunned(&peer, turn.now_ms) {
            Acceptance::Ignore
        } else {
            self.admit_gossip(turn, peer, item)
        };
        turn.output(Output::Judge { message, acceptance });
    }

    fn admit_gossip(&mut self, turn: &mut Turn<'_>, peer: PublicKey, item: Item) -> Acceptance {
        let (id, author) = (item.record().id(), item.record().author());
        match self.admit(turn, item, Some(peer)) {
            // Void ones too: they are kept and relayed, without effect (Protocol 3.1).
            Admission::Held => Acceptance::Accept,
            Admission::Present | Admission::Mended => {
                self.holding.learn(turn, id, peer);
                Acceptance::Ignore
            }
            Admission::Waits { gap: true } => {
                self.pull(turn, peer, author);
                Acceptance::Ignore
            }
            Admission::Waits { gap: false } | Admission::NotKept(_) | Admission::NoNetwork => {
                Acceptance::Ignore
            }
            Admission::Alien(refused) => {
                self.strike(turn, peer, &refused.to_string());
                Acceptance::Reject
            }
        }
    }
}
