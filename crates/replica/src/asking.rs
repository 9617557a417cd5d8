//! What a session asks next, as long as it has something to ask.

use cohub_record::{List, Log, Place, PublicKey};
use cohub_registry::Keeping;

use crate::Replica;
use crate::keeping::keeping;
use crate::page::spaced;
use crate::peers::{Asked, Peer, Reason};
use crate::serve::list;
use crate::session::WINDOW;
use crate::turn::Turn;
use crate::wire::{Cursor, Have, Leaf, Listed, Name, Prefix, Request, Wanted};

/// Logs in one request, at most.
const LOGS: usize = 64;
/// Logs in one request that says more of what is held, at most.
const DEEP_LOGS: usize = 8;

impl Replica {
    /// Sends a request and remembers it.
    pub(crate) fn ask(&mut self, turn: &mut Turn<'_>, peer: PublicKey, asked: Asked, request: Request) {
        let due_ms = turn.now_ms.saturating_add(self.config.request_timeout_ms);
        if asked.is_sync()
            && let Some(session) = self.peers.session(&peer)
        {
            session.flying += 1;
        }
        let id = self.requests.open(peer, due_ms, asked);
        turn.send(peer, id, request);
    }

    /// Keeps as many requests under way as a session may have, and ends it when there is nothing left.
    pub(crate) fn pump(&mut self, turn: &mut Turn<'_>, peer: PublicKey) {
        while self.peers.session(&peer).is_some_and(|session| session.flying < WINDOW) {
            let asked = self.ask_branches(turn, peer)
                || self.ask_diverged(turn, peer)
                || self.ask_mending(turn, peer)
                || self.ask_wanted(turn, peer)
                || self.ask_leaves(turn, peer);
            if !asked {
                break;
            }
        }
        if self.peers.session(&peer).is_some_and(|session| session.is_done()) {
            self.end_session(turn, peer);
        }
    }

    /// Goes on with a session, and with others: it may have released its claims or made authors known.
    pub(crate) fn pump_all(&mut self, turn: &mut Turn<'_>, peer: PublicKey) {
        if std::mem::take(&mut self.sync.offers_may_be_known)
            && let Some(ledger) = &self.ledger
        {
            let registry = ledger.registry();
            for peer in self.peers.connected().collect::<Vec<_>>() {
                if let Some(session) = self.peers.session(&peer) {
                    session.want_known(|author| keeping(registry, author) != Keeping::Unknown);
                }
            }
        }
        self.pump(turn, peer);
        let idle = |(key, known): &(&PublicKey, &Peer)| {
            **key != peer && known.session.as_ref().is_some_and(|session| session.flying < WINDOW)
        };
        for other in self.peers.iter().filter(idle).map(|(key, _)| *key).collect::<Vec<_>>() {
            self.pump(turn, other);
        }
    }

    fn ask_branches(&mut self, turn: &mut Turn<'_>, peer: PublicKey) -> bool {
        let (Some(ledger), Some(session)) = (&mut self.ledger, self.peers.session(&peer)) else {
            return false;
        };
        let (prefixes, levels) = session.next_branches(ledger.tree());
        if prefixes.is_empty() {
            return false;
        }
        let request = Request::Descend { prefixes: list(prefixes.iter().copied()), levels };
        self.ask(turn, peer, Asked::Descend { prefixes, levels }, request);
        true
    }

    fn ask_diverged(&mut self, turn: &mut Turn<'_>, peer: PublicKey) -> bool {
        let Some(session) = self.peers.session(&peer) else { return false };
        let authors: Vec<PublicKey> = session.diverged.iter().copied().take(DEEP_LOGS).collect();
        session.diverged.retain(|author| !authors.contains(author));
        !authors.is_empty() && self.ask_logs(turn, peer, authors, Reason::Diverged, None)
    }

    /// Asks for what is held, but damaged.
    fn ask_mending(&mut self, turn: &mut Turn<'_>, peer: PublicKey) -> bool {
        let Some(session) = self.peers.session(&peer) else { return false };
        let Some(author) = session.mending.pop_first() else { return false };
        self.ask_logs(turn, peer, vec![author], Reason::Damaged, None)
    }

    fn ask_wanted(&mut self, turn: &mut Turn<'_>, peer: PublicKey) -> bool {
        let Some(session) = self.peers.session(&peer) else { return false };
        let claims = &mut self.sync.claims;
        // Each request brings one page at a time: what is wanted is divided among all that may be under way.
        let share = session.wanted.len().div_ceil(WINDOW.saturating_sub(session.flying).max(1));
        let free = session.wanted.iter().filter(|author| claims.claim_author(author, peer, turn.now_ms));
        let authors: Vec<PublicKey> = free.copied().take(share.min(LOGS)).collect();
        authors.iter().for_each(|author| {
            session.wanted.remove(author);
        });
        !authors.is_empty() && self.ask_logs(turn, peer, authors, Reason::Lacking, None)
    }

    fn ask_leaves(&mut self, turn: &mut Turn<'_>, peer: PublicKey) -> bool {
        let (Some(ledger), Some(session)) = (&mut self.ledger, self.peers.session(&peer)) else {
            return false;
        };
        let claims = &mut self.sync.claims;
        let prefixes = session.next_leaves(ledger.tree(), |prefix| claims.claim(prefix, peer, turn.now_ms));
        !prefixes.is_empty() && self.ask_tips(turn, peer, prefixes, None)
    }

    pub(crate) fn ask_tips(
        &mut self,
        turn: &mut Turn<'_>,
        peer: PublicKey,
        prefixes: Vec<Prefix>,
        after: Option<Cursor>,
    ) -> bool {
        let Some(ledger) = &mut self.ledger else { return false };
        let authors =
            prefixes.iter().map(|prefix| (*prefix, ledger.tree().authors(*prefix, prefix.first(), 4_096)));
        let authors: Vec<(Prefix, Vec<(Name, PublicKey)>)> = authors.collect();
        let registry = ledger.registry();
        let tips = |author: &PublicKey| registry.log(author).map(Log::tips).unwrap_or_default();
        let leaves = authors.iter().map(|(prefix, authors)| leaf(*prefix, authors, tips));
        let request = Request::Tips { leaves: list(leaves), after: after.clone() };
        self.ask(turn, peer, Asked::Tips { prefixes, after }, request);
        true
    }

    pub(crate) fn ask_logs(
        &mut self,
        turn: &mut Turn<'_>,
        peer: PublicKey,
        authors: Vec<PublicKey>,
        reason: Reason,
        after: Option<Cursor>,
    ) -> bool {
        let Some(ledger) = &self.ledger else { return false };
        let registry = ledger.registry();
        let haves = |author: &PublicKey| -> List<Have, 128> {
            let Some(log) = registry.log(author) else { return List::default() };
            match reason {
                Reason::Lacking => list(log.tips().into_iter().map(Have::from)),
                Reason::Diverged => list(spaced(log)),
                Reason::Damaged => {
                    let damaged =
                        self.damaged.iter().filter(|(key, _)| key == author).map(|(_, place)| *place);
                    list(damaged.min().and_then(|place| log.prev(place)).map(Have::from))
                }
            }
        };
        let logs = authors.iter().map(|author| Wanted { author: *author, haves: haves(author) });
        let request = Request::Logs { logs: list(logs), after: after.clone() };
        self.ask(turn, peer, Asked::Logs { authors, reason, after }, request);
        true
    }
}

/// A leaf that lists these authors with their tips.
fn leaf(prefix: Prefix, authors: &[(Name, PublicKey)], tips: impl Fn(&PublicKey) -> Vec<Place>) -> Leaf {
    let listed = authors
        .iter()
        .map(|(name, author)| Listed { name: *name, haves: list(tips(author).into_iter().map(Have::from)) });
    Leaf { prefix, authors: list(listed) }
}
