//! Who may write what next in the logs that are written here: leases, and the watch over keys that a
//! copied or rolled-back directory would use again (Protocol 3.4).

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, Log, Place, PublicKey, Record};

use crate::keeping::{Judgement, keeping};
use crate::notes::Note;
use crate::output::{Answer, Event, Lease};
use crate::peers::Asked;
use crate::serve::list;
use crate::turn::Turn;
use crate::wire::{Item, Known, Request};
use crate::{Replica, ReplicaError, Ticket};

/// How long a lease lasts.
const LEASE_MS: u64 = 60_000;
/// Keys that can be asked about at a time.
const KEYS: usize = 64;

/// Keys of this node and what is known of them.
#[derive(Debug, Default)]
pub(crate) struct Writing {
    own: BTreeSet<PublicKey>,
    /// Keys that were used elsewhere, with the record that shows it.
    set_back: BTreeMap<PublicKey, Place>,
    leases: BTreeMap<PublicKey, u64>,
    /// Peers that were asked about a key since this node runs.
    asked: BTreeSet<(PublicKey, PublicKey)>,
    /// Leases that wait for peers' answers.
    waiting: Vec<(Ticket, PublicKey)>,
    /// Records that this node handed out itself before anybody held them.
    pub(crate) expected: BTreeSet<Id>,
}

impl Writing {
    pub(crate) fn new(own: impl IntoIterator<Item = PublicKey>) -> Self {
        Self { own: own.into_iter().collect(), ..Self::default() }
    }

    /// Restores what a note said.
    pub(crate) fn recall_set_back(&mut self, key: PublicKey, later: Place) {
        self.set_back.insert(key, later);
    }

    /// The record that shows that a key was used elsewhere.
    pub(crate) fn set_back(&self, key: &PublicKey) -> Option<Place> {
        self.set_back.get(key).copied()
    }

    /// The place that was leased is taken, or given back.
    pub(crate) fn forget_lease(&mut self, key: &PublicKey) {
        self.leases.remove(key);
    }
}

impl Replica {
    /// Keys that are written here from now on.
    pub(crate) fn own(&mut self, turn: &mut Turn<'_>, keys: Vec<PublicKey>) {
        self.writing.own.extend(keys);
        for peer in self.peers.connected().collect::<Vec<_>>() {
            self.ask_latest(turn, peer);
        }
    }

    /// Protocol 3.4: asks a peer at the first contact whether it holds later records of this node's keys.
    pub(crate) fn ask_latest(&mut self, turn: &mut Turn<'_>, peer: PublicKey) {
        let Some(ledger) = &self.ledger else { return };
        if !self.syncs_with(&peer, turn.now_ms) {
            return;
        }
        let fresh = self.writing.own.iter().filter(|key| !self.writing.asked.contains(&(peer, **key)));
        let keys: Vec<PublicKey> = fresh.copied().take(KEYS).collect();
        if keys.is_empty() {
            return;
        }
        self.writing.asked.extend(keys.iter().map(|key| (peer, *key)));
        let latest = |key: &PublicKey| ledger.registry().log(key).and_then(Log::latest).map(Into::into);
        let known = keys.iter().map(|key| Known { key: *key, latest: latest(key) });
        let request = Request::Latest { keys: list(known) };
        self.ask(turn, peer, Asked::Latest { keys }, request);
    }

    /// A peer showed records of this node's keys. They are authentic, so nobody can make them up.
    pub(crate) fn latest_answered(&mut self, turn: &mut Turn<'_>, peer: PublicKey, items: Vec<Item>) {
        for item in items {
            let (id, author) = (item.record().id(), item.record().author());
            let held = self.ledger.as_ref().is_some_and(|ledger| ledger.registry().place(&id).is_some());
            if !held {
                self.watch_own_keys(turn, item.record());
                self.pull(turn, peer, author);
            }
        }
        self.teller_must_look();
        self.ask_latest(turn, peer);
        self.grant_waiting(turn);
    }

    /// A peer did not say whether it knows of later records: it is asked again at the next contact.
    pub(crate) fn latest_failed(&mut self, turn: &mut Turn<'_>, peer: PublicKey, keys: &[PublicKey]) {
        for key in keys {
            self.writing.asked.remove(&(peer, *key));
        }
        self.teller_must_look();
        self.grant_waiting(turn);
    }

    /// A record that was not held came from elsewhere: if it is by a key that is written only here, the key
    /// must not be used any more.
    pub(crate) fn watch_own_keys(&mut self, turn: &mut Turn<'_>, record: &Record) {
        let (id, key) = (record.id(), record.author());
        if !self.writing.own.contains(&key)
            || self.writing.set_back.contains_key(&key)
            || self.writing.expected.contains(&id)
        {
            return;
        }
        let later = Place { seq: record.header().seq, id };
        self.writing.set_back.insert(key, later);
        self.writing.leases.remove(&key);
        turn.output(Note::SetBack { key, later }.output());
        turn.event(Event::SetBack { key, later });
    }

    /// Whether peers were asked about a key and have not answered yet.
    pub(crate) fn is_unsettled(&self, key: &PublicKey) -> bool {
        self.requests
            .iter()
            .any(|pending| matches!(&pending.asked, Asked::Latest { keys } if keys.contains(key)))
    }

    /// Whether a key may sign the next record of its log.
    pub(crate) fn may_write(&self, key: &PublicKey) -> Result<(), ReplicaError> {
        if let Some(later) = self.writing.set_back(key) {
            return Err(ReplicaError::SetBack { key: *key, later });
        }
        let is_held =
            |id: &Id| self.ledger.as_ref().is_some_and(|ledger| ledger.registry().place(id).is_some());
        if self.knocking.as_ref().is_some_and(|knocking| knocking.has_out(key, is_held)) {
            return Err(ReplicaError::AtTheDoor(*key));
        }
        let forked =
            self.ledger.as_ref().and_then(|ledger| ledger.registry().log(key)).is_some_and(Log::is_forked);
        if forked { Err(ReplicaError::Forked(*key)) } else { Ok(()) }
    }

    /// Leases the next place in the log of a key, once no peer is being asked about it.
    pub(crate) fn lease(&mut self, turn: &mut Turn<'_>, ticket: Ticket, key: PublicKey) {
        const WAITING: usize = 256;
        self.own(turn, vec![key]);
        if !self.is_unsettled(&key) {
            let result = self.grant_lease(turn, key).map(Answer::Leased);
            turn.acknowledge(ticket, result);
        } else if self.writing.waiting.len() < WAITING {
            self.writing.waiting.push((ticket, key));
        } else {
            turn.acknowledge(ticket, Err(ReplicaError::Full { what: "writers", limit: WAITING }));
        }
    }

    /// Leases to those that waited for peers' answers.
    pub(crate) fn grant_waiting(&mut self, turn: &mut Turn<'_>) {
        for (ticket, key) in std::mem::take(&mut self.writing.waiting) {
            if self.is_unsettled(&key) {
                self.writing.waiting.push((ticket, key));
            } else {
                let result = self.grant_lease(turn, key).map(Answer::Leased);
                turn.acknowledge(ticket, result);
            }
        }
    }

    fn grant_lease(&mut self, turn: &Turn<'_>, key: PublicKey) -> Result<Lease, ReplicaError> {
        self.may_write(&key)?;
        let ledger = self.ledger.as_ref().ok_or(ReplicaError::NoNetwork)?;
        let registry = ledger.registry();
        if self.is_teller(&key) {
            return Err(ReplicaError::NodesOwn(key));
        }
        if keeping(registry, &key) == cohub_registry::Keeping::Unknown {
            return Err(not_kept(key, Judgement::Stranger));
        }
        if let Some(until) = self.writing.leases.get(&key).filter(|until| **until > turn.now_ms) {
            return Err(ReplicaError::Leased { key, left_ms: until - turn.now_ms });
        }
        let latest = registry.log(&key).and_then(Log::latest);
        self.writing.leases.insert(key, turn.now_ms.saturating_add(LEASE_MS));
        let expires_at = turn.clock_ms.saturating_add(LEASE_MS);
        Ok(Lease {
            key,
            seq: latest.map_or(0, |latest| latest.seq + 1),
            prev: latest.map(|latest| latest.id),
            expires_at,
        })
    }
}

/// Says in words why a record of a key is not kept.
pub(crate) fn not_kept(key: PublicKey, judgement: Judgement) -> ReplicaError {
    let why = match judgement {
        Judgement::Stranger => "no hub of this network that counts has granted the key".to_owned(),
        Judgement::Beyond { records } => {
            format!("its sponsor vouched for {records} records, and that many are written")
        }
        Judgement::Kept | Judgement::IfBuiltOn => {
            "its log was cut or forked, and nothing behind that counts".to_owned()
        }
    };
    ReplicaError::NotKept { key, why }
}
