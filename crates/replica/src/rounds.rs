//! When a session with a peer begins and how it ends: in rounds, with patience for those that fail.

use cohub_record::PublicKey;
use cohub_registry::Access;

use crate::output::Event;
use crate::peers::{Asked, Sentence};
use crate::session::Session;
use crate::turn::Turn;
use crate::wire::{Denial, Request};
use crate::{Output, Replica};

/// Damaged places that one session asks for, at most.
const MENDING: usize = 64;
/// Peers that are compared with in one interval; of more that hold the same, each is compared with less often, so that a
/// node with many peers does not work more than one with few.
const PEERS_AT_A_TIME: usize = 8;
/// The longest pause after failures.
const LONGEST_PAUSE_MS: u64 = 5 * 60 * 1000;

impl Replica {
    /// Whether to ask a peer for records: the records name it, or the operator vouched for it.
    pub(crate) fn syncs_with(&self, peer: &PublicKey, now_ms: u64) -> bool {
        !self.peers.is_shunned(peer, now_ms)
            && (self.access(peer) != Access::Stranger || self.peers.is_introduced(peer))
    }

    /// Begins the sessions that are due.
    pub(crate) fn sync_if_due(&mut self, turn: &mut Turn<'_>) {
        if self.ledger.is_none() {
            return;
        }
        let due = self.peers.iter().filter(|(_, peer)| {
            peer.session.is_none() && (peer.next_round_ms <= turn.now_ms || !peer.ahead.is_empty())
        });
        for peer in due.map(|(peer, _)| *peer).collect::<Vec<_>>() {
            if self.syncs_with(&peer, turn.now_ms) {
                self.begin_session(turn, peer);
            } else {
                let pause_ms = self.jitter.around(self.config.sync_interval_ms);
                if let Some(known) = self.peers.get_mut(&peer) {
                    known.next_round_ms = turn.now_ms.saturating_add(pause_ms);
                    known.ahead.clear();
                }
            }
        }
    }

    fn begin_session(&mut self, turn: &mut Turn<'_>, peer: PublicKey) {
        let Some(ledger) = &mut self.ledger else { return };
        let Some(known) = self.peers.get_mut(&peer) else { return };
        let mut session = Session::default();
        session.mending.extend(self.damaged.iter().map(|(author, _)| *author).take(MENDING));
        session.leaves.extend(std::mem::take(&mut known.ahead).into_iter().map(|prefix| (prefix, None)));
        if session.leaves.is_empty() {
            session.compared = true;
            known.session = Some(session);
            let network = ledger.registry().network();
            let root = ledger.tree().root();
            self.ask(turn, peer, Asked::Compare, Request::Compare { network, root });
        } else {
            known.session = Some(session);
            self.pump(turn, peer);
        }
    }

    /// Takes one log from a peer that showed to have more of it than is held here.
    pub(crate) fn pull(&mut self, turn: &mut Turn<'_>, peer: PublicKey, author: PublicKey) {
        if self.syncs_with(&peer, turn.now_ms)
            && let Some(known) = self.peers.get_mut(&peer)
        {
            known.session.get_or_insert_default().wanted.insert(author);
            self.pump(turn, peer);
        }
    }

    /// A peer's root differs from this node's: it may hold more, so compare soon.
    pub(crate) fn peer_may_be_ahead(&mut self, turn: &Turn<'_>, peer: PublicKey) {
        let soon_ms = self.jitter.around(self.config.sync_interval_ms / 8);
        if let Some(known) = self.peers.get_mut(&peer).filter(|known| known.fruitless < 2) {
            known.next_round_ms = known.next_round_ms.min(turn.now_ms.saturating_add(soon_ms));
        }
    }

    /// Ends a session that has nothing left to ask.
    pub(crate) fn end_session(&mut self, turn: &mut Turn<'_>, peer: PublicKey) {
        let crowd = u64::try_from(self.peers.iter().count() / PEERS_AT_A_TIME).unwrap_or(u64::MAX).max(1);
        let interval_ms = self.config.sync_interval_ms;
        let Some(known) = self.peers.get_mut(&peer) else { return };
        let Some(session) = known.session.take() else { return };
        // Whoever else is connected is compared with meanwhile: what is missing here shows as soon as with few peers.
        let pause_ms =
            self.jitter.around(if session.same { interval_ms.saturating_mul(crowd) } else { interval_ms });
        known.failures = 0;
        if session.same || session.gained > 0 {
            known.fruitless = 0;
        } else if session.compared {
            known.fruitless = known.fruitless.saturating_add(1);
        }
        if session.compared {
            // A peer that is only behind has nothing to give: asked less often, up to a quarter as often.
            known.next_round_ms = turn.now_ms.saturating_add(pause_ms << known.fruitless.min(2));
        }
        turn.event(Event::PeerSynced {
            peer,
            gained: session.gained,
            same: session.same,
            clock_ahead_ms: session.clock_ahead_ms,
        });
    }

    /// Ends a session because the peer did not want to answer.
    pub(crate) fn pause(&mut self, turn: &Turn<'_>, peer: PublicKey, denial: Denial) {
        let pause_ms = match denial {
            Denial::Busy { retry_ms } => {
                let retry_ms = retry_ms.min(60_000);
                retry_ms + self.jitter.below(retry_ms / 4 + 1)
            }
            Denial::Access | Denial::Network | Denial::Invite => {
                self.jitter.around(self.config.sync_interval_ms)
            }
        };
        self.drop_session(&peer, turn.now_ms.saturating_add(pause_ms));
    }

    /// Ends a session because the peer failed: the next one comes later and later.
    pub(crate) fn break_off(&mut self, turn: &Turn<'_>, peer: PublicKey) {
        let Some(known) = self.peers.get_mut(&peer) else { return };
        known.failures = known.failures.saturating_add(1);
        let pause_ms = (1_000_u64 << known.failures.min(20)).min(LONGEST_PAUSE_MS);
        let pause_ms = self.jitter.around(pause_ms);
        self.drop_session(&peer, turn.now_ms.saturating_add(pause_ms));
    }

    /// Forgets a session and whatever it had under way.
    pub(crate) fn drop_session(&mut self, peer: &PublicKey, next_round_ms: u64) {
        self.requests.take(|pending| pending.peer == *peer && pending.asked.is_sync());
        self.sync.claims.release_all(peer);
        if let Some(known) = self.peers.get_mut(peer) {
            known.session = None;
            known.ahead.clear();
            known.next_round_ms = next_round_ms;
        }
    }

    /// Ends the claims that a request had.
    pub(crate) fn release(&mut self, asked: &Asked, peer: &PublicKey) {
        match asked {
            Asked::Tips { prefixes, .. } => {
                prefixes.iter().for_each(|prefix| self.sync.claims.release(*prefix, peer));
            }
            Asked::Logs { authors, .. } => {
                authors.iter().for_each(|author| self.sync.claims.release_author(author, peer));
            }
            _ => {}
        }
    }

    /// Remembers a misdeed of a peer, and parts from it after too many.
    pub(crate) fn strike(&mut self, turn: &mut Turn<'_>, peer: PublicKey, why: &str) {
        turn.event(Event::PeerMisbehaved { peer, why: why.to_owned() });
        if self.peers.strike(&peer, turn.now_ms) == Sentence::Shunned {
            self.drop_session(&peer, u64::MAX);
            turn.output(Output::Disconnect { peer });
        }
    }
}
