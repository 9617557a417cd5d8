//! Who else holds the records of this node's people: the difference between stored and safe.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, PublicKey};

use crate::Replica;
use crate::output::Event;
use crate::peers::Asked;
use crate::serve::list;
use crate::turn::Turn;
use crate::wire::Request;

/// Records watched, at most; the first by id goes.
const WATCHED: usize = 4_096;
/// The first question comes after this time, when gossip has had its chance.
const FIRST_MS: u64 = 100;
/// The longest time between two questions.
const LONGEST_MS: u64 = 10_000;
/// How long a record is watched.
const WATCHED_MS: u64 = 5 * 60 * 1000;

#[derive(Debug)]
struct Watched {
    holders: BTreeSet<PublicKey>,
    next_ms: u64,
    pause_ms: u64,
    until_ms: u64,
}

/// The records that are watched.
#[derive(Debug, Default)]
pub(crate) struct Holding(BTreeMap<Id, Watched>);

impl Holding {
    /// Watches a record from now on.
    pub(crate) fn watch(&mut self, id: Id, now_ms: u64) {
        if self.0.len() >= WATCHED {
            self.0.pop_first();
        }
        let watched = Watched {
            holders: BTreeSet::new(),
            next_ms: now_ms.saturating_add(FIRST_MS),
            pause_ms: FIRST_MS,
            until_ms: now_ms.saturating_add(WATCHED_MS),
        };
        self.0.insert(id, watched);
    }

    /// A peer showed that it holds a record.
    pub(crate) fn learn(&mut self, turn: &mut Turn<'_>, id: Id, peer: PublicKey) {
        if let Some(watched) = self.0.get_mut(&id)
            && watched.holders.insert(peer)
        {
            turn.event(Event::HeldBy { id, peers: watched.holders.len() });
        }
    }

    /// The peers known to hold a record of this node.
    pub(crate) fn holders(&self, id: &Id) -> usize {
        self.0.get(id).map_or(0, |watched| watched.holders.len())
    }

    pub(crate) fn wake_ms(&self) -> Option<u64> {
        self.0.values().map(|watched| watched.next_ms).min()
    }

    /// What to ask whom now. What all of `peers` hold is no longer asked about.
    fn due(&mut self, peers: &[PublicKey], now_ms: u64) -> BTreeMap<PublicKey, Vec<Id>> {
        let mut questions: BTreeMap<PublicKey, Vec<Id>> = BTreeMap::new();
        self.0.retain(|_, watched| watched.until_ms > now_ms);
        for (id, watched) in self.0.iter_mut().filter(|(_, watched)| watched.next_ms <= now_ms) {
            for peer in peers.iter().filter(|peer| !watched.holders.contains(peer)) {
                questions.entry(*peer).or_default().push(*id);
            }
            watched.pause_ms = (watched.pause_ms * 2).min(LONGEST_MS);
            watched.next_ms = now_ms.saturating_add(watched.pause_ms);
        }
        questions
    }
}

impl Replica {
    /// Asks who holds what.
    pub(crate) fn ask_holders_if_due(&mut self, turn: &mut Turn<'_>) {
        if self.holding.wake_ms().is_none_or(|wake| wake > turn.now_ms) {
            return;
        }
        let connected: Vec<PublicKey> = self.peers.connected().collect();
        let peers: Vec<PublicKey> =
            connected.into_iter().filter(|peer| self.syncs_with(peer, turn.now_ms)).collect();
        for (peer, ids) in self.holding.due(&peers, turn.now_ms) {
            let request = Request::Holds { ids: list(ids.iter().copied()) };
            self.ask(turn, peer, Asked::Holds { ids }, request);
        }
    }

    /// A peer said which records it holds.
    pub(crate) fn holders_answered(
        &mut self,
        turn: &mut Turn<'_>,
        peer: PublicKey,
        ids: &[Id],
        held: &[bool],
    ) {
        for (id, _) in ids.iter().zip(held).filter(|(_, held)| **held) {
            self.holding.learn(turn, *id, peer);
        }
    }

    /// Peers known to hold a record that this node's people or its teller signed; 0 for others.
    #[must_use]
    pub fn peers_holding(&self, id: &Id) -> usize {
        self.holding.holders(id)
    }
}
