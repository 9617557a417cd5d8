//! What is remembered of each connected peer, and of those that misbehaved.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::PublicKey;

use crate::budget::Budget;
use crate::input::RequestId;
use crate::session::Session;
use crate::wire::Prefix;

/// Misdeeds until a peer is disconnected and shunned for [`SHUNNED_MS`].
const STRIKES: u32 = 8;
/// How long a peer is shunned.
const SHUNNED_MS: u64 = 10 * 60 * 1000;
/// Shunned peers remembered, at most.
const SHUNNED: usize = 4_096;
/// Prefixes remembered under which a peer is ahead, at most; a comparison finds the others.
const AHEAD: usize = 64;

/// A connected peer.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) budget: Budget,
    /// The comparison under way.
    pub(crate) session: Option<Session>,
    /// When the next one is due.
    pub(crate) next_round_ms: u64,
    /// Comparisons in a row that found a difference and brought nothing.
    pub(crate) fruitless: u32,
    /// Requests in a row that got no answer.
    pub(crate) failures: u32,
    strikes: u32,
    /// Where it is known to hold more than this node.
    pub(crate) ahead: BTreeSet<Prefix>,
}

/// All peers.
#[derive(Debug, Default)]
pub(crate) struct Peers {
    connected: BTreeMap<PublicKey, Peer>,
    /// The operator vouched for them.
    introduced: BTreeSet<PublicKey>,
    blocked: BTreeSet<PublicKey>,
    shunned: BTreeMap<PublicKey, u64>,
}

/// What follows from a misdeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sentence {
    /// It is remembered.
    Noted,
    /// It was the last one.
    Shunned,
}

impl Peers {
    pub(crate) fn connect(&mut self, peer: PublicKey, now_ms: u64) {
        self.connected.entry(peer).or_insert_with(|| Peer {
            budget: Budget::new(now_ms),
            session: None,
            next_round_ms: now_ms,
            fruitless: 0,
            failures: 0,
            strikes: 0,
            ahead: BTreeSet::new(),
        });
    }

    pub(crate) fn disconnect(&mut self, peer: &PublicKey) {
        self.connected.remove(peer);
    }

    pub(crate) fn get(&self, peer: &PublicKey) -> Option<&Peer> {
        self.connected.get(peer)
    }

    pub(crate) fn get_mut(&mut self, peer: &PublicKey) -> Option<&mut Peer> {
        self.connected.get_mut(peer)
    }

    pub(crate) fn session(&mut self, peer: &PublicKey) -> Option<&mut Session> {
        self.connected.get_mut(peer)?.session.as_mut()
    }

    pub(crate) fn connected(&self) -> impl Iterator<Item = PublicKey> + '_ {
        self.connected.keys().copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&PublicKey, &Peer)> {
        self.connected.iter()
    }

    pub(crate) fn introduce(&mut self, peer: PublicKey) {
        self.introduced.insert(peer);
    }

    pub(crate) fn is_introduced(&self, peer: &PublicKey) -> bool {
        self.introduced.contains(peer)
    }

    pub(crate) fn block(&mut self, peer: PublicKey) {
        self.blocked.insert(peer);
    }

    pub(crate) fn unblock(&mut self, peer: &PublicKey) {
        self.blocked.remove(peer);
        self.shunned.remove(peer);
    }

    /// Whether nothing is to be had from a peer and nothing given to it.
    pub(crate) fn is_shunned(&self, peer: &PublicKey, now_ms: u64) -> bool {
        self.blocked.contains(peer) || self.shunned.get(peer).is_some_and(|until| *until > now_ms)
    }

    /// Remembers a misdeed.
    pub(crate) fn strike(&mut self, peer: &PublicKey, now_ms: u64) -> Sentence {
        let Some(known) = self.connected.get_mut(peer) else { return Sentence::Noted };
        known.strikes += 1;
        if known.strikes < STRIKES {
            return Sentence::Noted;
        }
        self.shunned.retain(|_, until| *until > now_ms);
        if self.shunned.len() >= SHUNNED {
            self.shunned.pop_first();
        }
        self.shunned.insert(*peer, now_ms.saturating_add(SHUNNED_MS));
        Sentence::Shunned
    }

    /// Remembers where a peer holds more.
    pub(crate) fn note_ahead(&mut self, peer: &PublicKey, prefixes: Vec<Prefix>) {
        if let Some(known) = self.connected.get_mut(peer) {
            let free = AHEAD.saturating_sub(known.ahead.len());
            known.ahead.extend(prefixes.into_iter().take(free));
        }
    }
}

/// Requests of this node that are under way.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    next: u64,
    pending: BTreeMap<RequestId, Pending>,
}

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) peer: PublicKey,
    pub(crate) due_ms: u64,
    pub(crate) asked: Asked,
}

/// What was asked, as far as it is needed to understand the answer.
#[derive(Debug, Clone)]
pub(crate) enum Asked {
    Compare,
    Descend { prefixes: Vec<Prefix>, levels: u8 },
    Tips { prefixes: Vec<Prefix>, after: Option<crate::wire::Cursor> },
    Logs { authors: Vec<PublicKey>, reason: Reason, after: Option<crate::wire::Cursor> },
    Holds { ids: Vec<cohub_record::Id> },
    Latest { keys: Vec<PublicKey> },
    Chunk { hash: cohub_record::Hash, index: u64 },
    Knock,
}

/// Why logs are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The peer has more of them.
    Lacking,
    /// The peer has another branch of them.
    Diverged,
    /// What is held of them is damaged.
    Damaged,
}

impl Asked {
    /// Whether the answer belongs to a session.
    pub(crate) const fn is_sync(&self) -> bool {
        matches!(self, Self::Compare | Self::Descend { .. } | Self::Tips { .. } | Self::Logs { .. })
    }
}

impl Requests {
    /// Names begin elsewhere whenever a replica is opened: an answer to what was asked before answers
    /// nothing that is asked now.
    pub(crate) fn beginning_at(seed: u64) -> Self {
        Self { next: seed << 16, pending: BTreeMap::new() }
    }

    pub(crate) fn open(&mut self, peer: PublicKey, due_ms: u64, asked: Asked) -> RequestId {
        let id = RequestId(self.next);
        self.next = self.next.wrapping_add(1);
        self.pending.insert(id, Pending { peer, due_ms, asked });
        id
    }

    /// Takes the request that an answer of this peer is for.
    pub(crate) fn close(&mut self, id: RequestId, peer: &PublicKey) -> Option<Pending> {
        self.pending.get(&id).filter(|pending| pending.peer == *peer)?;
        self.pending.remove(&id)
    }

    /// Takes the requests that `which` answers yes to.
    pub(crate) fn take(&mut self, which: impl Fn(&Pending) -> bool) -> Vec<Pending> {
        let ids: Vec<RequestId> =
            self.pending.iter().filter(|(_, pending)| which(pending)).map(|(id, _)| *id).collect();
        ids.into_iter().filter_map(|id| self.pending.remove(&id)).collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Pending> {
        self.pending.values()
    }

    pub(crate) fn wake_ms(&self) -> Option<u64> {
        self.pending.values().map(|pending| pending.due_ms).min()
    }
}
