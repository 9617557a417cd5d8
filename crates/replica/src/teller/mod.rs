//! A teller's duties, done by the node itself: it closes or refuses each motion once, returns each once
//! (Protocol 6.4, 6.5), and hands over when its committee is succeeded (6.7). A hub that is seated again
//! counts with a fresh key, so a node may have several: what is told of a motion is told of the one that
//! the motion's seating names.
//!
//! **Invariant**: duties that are due come before whatever arrives at the same time, so that a ballot
//! that arrives after D+G enters no closing of this node.

mod choosing;
mod handing_over;
mod signing;

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, PublicKey, Record, SecretKey};
use cohub_registry::{Duty, HandoverDue, Kind};

use crate::Replica;
use crate::input::TellerKey;
use crate::turn::Turn;

/// The teller of this node's hub, with its keys of several terms.
pub(crate) struct Teller {
    keys: BTreeMap<PublicKey, SecretKey>,
    /// What each key owes.
    duties: Vec<(PublicKey, Duty)>,
    /// Keys whose committee is succeeded.
    handovers: Vec<(PublicKey, HandoverDue)>,
    /// Something changed since the duties were looked at.
    look: bool,
    /// Motions whose receipt was judged.
    received: BTreeSet<Id>,
    /// Whether what was held at the start counts as received.
    started: bool,
    /// The order in which ballots came, by motion: of rivals the first received is a head.
    arrivals: BTreeMap<Id, BTreeMap<Id, u64>>,
    arrived: u64,
    /// Ballots held when their motion was to be closed, until it is.
    frozen: BTreeMap<Id, Vec<Id>>,
    /// Those of them that a note keeps over a restart, since the closing has to wait.
    noted: BTreeSet<Id>,
    /// When this node closed motions before their deadline.
    closed_ms: BTreeMap<Id, u64>,
    /// When this node first held the certificate that seats the committee after a key's own, if the key
    /// could not hand over at once.
    succeeded_ms: BTreeMap<PublicKey, u64>,
    /// Fallbacks that people count, with the time from which on each is closed: the node keeps which ballots it held
    /// then (Protocol 6.9).
    watched: Vec<(Id, u64)>,
    /// What no valid record could be made about, by key.
    given_up: BTreeSet<(PublicKey, Id)>,
    /// Keys that cannot sign until something changes.
    mute: BTreeSet<PublicKey>,
    /// When the next duty is due, as far as time alone decides.
    next_ms: Option<u64>,
    /// What was last said of a key that cannot sign.
    silent: BTreeMap<PublicKey, String>,
}

impl Teller {
    pub(crate) fn new(secrets: impl IntoIterator<Item = SecretKey>) -> Self {
        Self {
            keys: secrets.into_iter().map(|secret| (secret.public(), secret)).collect(),
            duties: Vec::new(),
            handovers: Vec::new(),
            look: true,
            received: BTreeSet::new(),
            started: false,
            arrivals: BTreeMap::new(),
            arrived: 0,
            frozen: BTreeMap::new(),
            noted: BTreeSet::new(),
            closed_ms: BTreeMap::new(),
            succeeded_ms: BTreeMap::new(),
            watched: Vec::new(),
            given_up: BTreeSet::new(),
            mute: BTreeSet::new(),
            next_ms: None,
            silent: BTreeMap::new(),
        }
    }

    /// The keys with which it counts.
    pub(crate) fn keys(&self) -> impl Iterator<Item = PublicKey> {
        self.keys.keys().copied()
    }

    pub(crate) const fn wake_ms(&self) -> Option<u64> {
        self.next_ms
    }

    /// Restores the ballots of a motion that a note kept.
    pub(crate) fn recall_heads(&mut self, motion: Id, heads: Vec<Id>) {
        self.frozen.insert(motion, heads);
        self.noted.insert(motion);
    }

    /// Restores when a key's committee was found succeeded.
    pub(crate) fn recall_succession(&mut self, key: PublicKey, since_ms: u64) {
        self.succeeded_ms.insert(key, since_ms);
    }

    /// Of the ballots that may be the head of each seat the one that came first.
    fn choose_heads(&self, motion: &Id, candidates: &[Vec<Id>]) -> Vec<Id> {
        let order = self.arrivals.get(motion);
        let arrived = |ballot: &Id| (order.and_then(|order| order.get(ballot)).copied(), *ballot);
        candidates.iter().filter_map(|seat| seat.iter().copied().min_by_key(arrived)).collect()
    }
}

impl Teller {
    /// Whether a motion is a fallback that people count.
    fn watches(&self, motion: &Id) -> bool {
        self.watched.iter().any(|(watched, _)| watched == motion)
    }
}

impl Replica {
    /// The ballots on a motion that this node held in time, for a closing that a person signs (Protocol 6.9): those
    /// kept when it was to be closed; before that, those held now.
    #[must_use]
    pub fn heads_in_time(&self, motion: &Id) -> Vec<Id> {
        let held = || {
            let ledger = self.ledger.as_ref()?;
            Some(self.teller.choose_heads(motion, &ledger.registry().heads(motion)))
        };
        self.teller.frozen.get(motion).cloned().or_else(held).unwrap_or_default()
    }

    /// Counts with another key from now on.
    pub(crate) fn take_teller(&mut self, turn: &mut Turn<'_>, key: TellerKey) {
        let public = key.0.public();
        self.teller.keys.insert(public, key.0);
        self.own(turn, vec![public]);
        self.teller_must_look();
    }

    /// Whether this node signs with the key by itself.
    pub(crate) fn is_teller(&self, key: &PublicKey) -> bool {
        self.teller.keys.contains_key(key)
    }

    /// Something came that may be a duty or change one.
    pub(crate) const fn teller_must_look(&mut self) {
        self.teller.look = true;
    }

    /// Remembers the order in which ballots came.
    pub(crate) fn note_arrival(&mut self, record: &Record, motion: Id) {
        let is_counted = !self.teller.keys.is_empty() || self.teller.watches(&motion);
        if is_counted && record.header().kind == Kind::Ballot.as_str() {
            self.teller.arrived += 1;
            self.teller.arrivals.entry(motion).or_default().insert(record.id(), self.teller.arrived);
        }
    }

    /// Does what is due, one thing after another, since each may make the next one due.
    pub(crate) fn perform_duties(&mut self, turn: &mut Turn<'_>) {
        while let Some(act) = self.next_act(turn) {
            self.perform(turn, act);
        }
        self.note_frozen(turn);
    }
}
