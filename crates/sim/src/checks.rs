//! What must hold, whatever happens. The checks see everything that honest nodes store, say and conclude,
//! and compare it with what was promised; they share no state with the nodes.

mod ballots;
mod end;
mod liveness;
mod proof;

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, Place, PublicKey, Record};
use cohub_registry::{Kind, Outcome};
use cohub_replica::{Event, Records as _};

use crate::cast::{Cast, DESKS, Desk};
use crate::promise::{Promise, Violation};
use crate::scenario::Scenario;
use crate::trace::clock_text;
use crate::world::World;

/// When something came to a node: by the node's clock, and in the order of everything that came anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) local_ms: u64,
    pub(crate) order: u64,
}

/// What the checks have seen.
pub(crate) struct Checks {
    violations: Vec<Violation>,
    honest: Vec<bool>,
    /// Whose hub's each key is.
    keys: BTreeMap<PublicKey, usize>,
    /// The key that a hub shares with a thief, who forks it.
    stolen: Option<PublicKey>,
    /// Every record that was durable somewhere.
    library: BTreeMap<Id, Record>,
    /// Motions, in the order in which the first of them was stored anywhere.
    motions: Vec<Id>,
    /// The first record seen at each place of each log.
    written: BTreeMap<(PublicKey, u64), Id>,
    finals: BTreeMap<Id, (Outcome, usize)>,
    /// Outcomes that were final at each node.
    concluded: Vec<BTreeMap<Id, Outcome>>,
    acknowledged: Vec<(usize, Id)>,
    /// When ballots, closings and motions became durable at each node.
    stored: BTreeMap<(usize, Id), Receipt>,
    /// When they were found valid there.
    valid: BTreeMap<(usize, Id), Receipt>,
    forks: BTreeSet<(PublicKey, u64)>,
    order: u64,
    blames: BTreeMap<String, u64>,
}

/// A world with so many violations is not told any further.
const ENOUGH: usize = 20;

impl Checks {
    pub(crate) fn new(scenario: &Scenario, cast: &Cast) -> Self {
        let nodes = scenario.nodes();
        let hubs = cast.hubs.iter().enumerate();
        Self {
            violations: Vec::new(),
            honest: (0..nodes).map(|node| !scenario.is_liar(node)).collect(),
            keys: hubs.flat_map(|(place, hub)| DESKS.map(|desk| (hub.key(desk), place))).collect(),
            stolen: scenario
                .theft
                .as_ref()
                .and(scenario.rotation)
                .map(|(hub, _)| cast.hubs[hub].key(Desk::Recovery)),
            library: BTreeMap::new(),
            motions: Vec::new(),
            written: BTreeMap::new(),
            finals: BTreeMap::new(),
            concluded: vec![BTreeMap::new(); nodes],
            acknowledged: Vec::new(),
            stored: BTreeMap::new(),
            valid: BTreeMap::new(),
            forks: BTreeSet::new(),
            order: 0,
            blames: BTreeMap::new(),
        }
    }

    pub(crate) fn violate(&mut self, now_ms: u64, node: usize, promise: Promise, what: String) {
        if self.violations.len() < ENOUGH {
            self.violations.push(Violation { promise, at: clock_text(now_ms), node, what });
        }
    }

    pub(crate) fn take_violations(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.violations)
    }

    /// Forks that honest nodes found.
    pub(crate) fn forks(&self) -> usize {
        self.forks.len()
    }

    /// What honest nodes held against each other, and how often.
    pub(crate) const fn blames(&self) -> &BTreeMap<String, u64> {
        &self.blames
    }

    /// A record that was durable somewhere.
    pub(crate) fn record(&self, id: &Id) -> Option<&Record> {
        self.library.get(id)
    }

    /// Everything that was durable somewhere.
    pub(crate) fn ids(&self) -> Vec<Id> {
        self.library.keys().copied().collect()
    }

    /// A liar signed a record that its own node does not hold.
    pub(crate) fn forged(&mut self, record: &Record) {
        self.library.entry(record.id()).or_insert_with(|| record.clone());
    }

    pub(crate) fn motions(&self) -> &[Id] {
        &self.motions
    }

    /// The motion that a record is about.
    pub(crate) fn motion_of(&self, id: &Id) -> Option<Id> {
        let header = self.library.get(id)?.header();
        match header.kind.parse().ok()? {
            Kind::Motion => Some(*id),
            Kind::Ballot | Kind::Closing | Kind::Return => header.cites.first()?.first().copied(),
            _ => None,
        }
    }

    /// Records became durable at a node.
    pub(crate) fn stored(&mut self, node: usize, local_ms: u64, now_ms: u64, records: &[Record]) {
        for record in records {
            self.order += 1;
            let receipt = Receipt { local_ms, order: self.order };
            if self.honest[node] && self.is_of_motion(record) {
                self.stored.entry((node, record.id())).or_insert(receipt);
            }
            self.see(node, now_ms, record);
        }
    }

    /// Whether it is known that a record is durable at a node, as far as that matters.
    fn has_seen(&self, node: usize, id: &Id) -> bool {
        self.library.get(id).is_some_and(|record| {
            !self.honest[node] || !self.is_of_motion(record) || self.stored.contains_key(&(node, *id))
        })
    }

    /// A record left a node.
    pub(crate) fn published(&mut self, node: usize, now_ms: u64, record: &Record) {
        if self.honest[node] && !self.library.contains_key(&record.id()) {
            self.violate(
                now_ms,
                node,
                Promise::Keeping,
                format!("published {} before it was durable", record.id()),
            );
        }
    }

    fn is_of_motion(&self, record: &Record) -> bool {
        matches!(record.header().kind.as_str(), "motion" | "ballot" | "closing")
    }

    /// No honest key signs one sequence number twice.
    fn see(&mut self, node: usize, now_ms: u64, record: &Record) {
        let (id, author, seq) = (record.id(), record.author(), record.header().seq);
        if self.library.contains_key(&id) {
            return;
        }
        if record.header().kind == Kind::Motion.as_str() {
            self.motions.push(id);
        }
        self.library.insert(id, record.clone());
        let first = *self.written.entry((author, seq)).or_insert(id);
        if first != id && self.is_honest_key(&author) {
            let what = format!("{author} signed {first} and {id} as number {seq}, and is honest");
            self.violate(now_ms, node, Promise::OneHand, what);
        }
    }

    fn is_honest_key(&self, key: &PublicKey) -> bool {
        self.stolen.as_ref() != Some(key) && self.keys.get(key).is_none_or(|hub| self.honest[*hub])
    }

    /// An honest node answered that it stored a record.
    pub(crate) fn acknowledged(&mut self, node: usize, id: Id) {
        if self.honest[node] {
            self.acknowledged.push((node, id));
        }
    }

    /// A node said something.
    pub(crate) fn witness(&mut self, node: usize, now_ms: u64, local_ms: u64, event: &Event, cast: &Cast) {
        if !self.honest[node] {
            return;
        }
        match event {
            Event::VerdictGiven { id, verdict: cohub_registry::Verdict::Valid } => {
                let receipt = Receipt { local_ms, order: self.order };
                if self.stored.contains_key(&(node, *id)) {
                    self.valid.entry((node, *id)).or_insert(receipt);
                }
            }
            Event::ForkFound { author, seq, .. } => {
                self.forks.insert((*author, *seq));
                if self.is_honest_key(author) {
                    let what = format!("found a fork of {author} at {seq}, who is honest");
                    self.violate(now_ms, node, Promise::OneHand, what);
                }
            }
            Event::SetBack { key, later } if self.stolen.as_ref() != Some(key) => {
                let what = format!("thinks that {key} was set back, by {}", later.id);
                self.violate(now_ms, node, Promise::OneHand, what);
            }
            Event::PeerMisbehaved { peer, why } => {
                let honest = cast.node(peer).is_some_and(|peer| self.honest[peer]);
                if honest {
                    *self.blames.entry(why.clone()).or_default() += 1;
                }
            }
            _ => {}
        }
    }
}

impl World {
    /// Compares what a node holds for final with what it and all others held for final before.
    pub(crate) fn check_outcome(&mut self, place: usize, motion: &Id) {
        if self.scenario.is_liar(place) {
            return;
        }
        let Some(registry) = self.nodes[place].registry() else { return };
        let outcome = registry.certificate(motion).map(|(outcome, _)| outcome);
        let before = self.checks.concluded[place].get(motion).copied();
        match (before, outcome) {
            (Some(before), None) => {
                let what = format!("{motion} was {before} and is not final any more");
                self.checks.violate(self.now_ms, place, Promise::OneOutcome, what);
            }
            (Some(before), Some(outcome)) if before != outcome => {
                let what = format!("{motion} flipped from {before} to {outcome}");
                self.checks.violate(self.now_ms, place, Promise::OneOutcome, what);
            }
            (None, Some(outcome)) => {
                self.checks.concluded[place].insert(*motion, outcome);
                let (first, by) = *self.checks.finals.entry(*motion).or_insert((outcome, place));
                if first != outcome {
                    let what = format!("{motion} is {outcome}; at node {by} it is {first}");
                    self.checks.violate(self.now_ms, place, Promise::OneOutcome, what);
                }
            }
            _ => {}
        }
    }

    /// What a node held for final, and what it had acknowledged, is there after it was opened again.
    pub(crate) fn check_reopened(&mut self, place: usize) {
        self.find_what_is_durable(place);
        if self.scenario.is_liar(place) {
            return;
        }
        let motions: Vec<Id> = self.checks.concluded[place].keys().copied().collect();
        for motion in motions {
            self.check_outcome(place, &motion);
        }
        let Some(registry) = self.nodes[place].registry() else { return };
        let mine = self.checks.acknowledged.iter().filter(|(node, _)| *node == place);
        let lost: Vec<Id> = mine.map(|(_, id)| *id).filter(|id| registry.place(id).is_none()).collect();
        let local_ms = self.nodes[place].clock.local_ms(self.now_ms);
        let valid = [Kind::Motion, Kind::Ballot, Kind::Closing].map(|kind| registry.ids_of(kind)).concat();
        for id in lost {
            self.checks.violate(
                self.now_ms,
                place,
                Promise::Keeping,
                format!("lost {id}, which it had acknowledged"),
            );
        }
        for id in valid {
            let receipt = Receipt { local_ms, order: self.checks.order };
            self.checks.valid.entry((place, id)).or_insert(receipt);
        }
    }

    /// A write that failed, or during which the node went down, may be durable all the same.
    fn find_what_is_durable(&mut self, place: usize) {
        let node = &self.nodes[place];
        let (Some(registry), Some(disk)) = (node.registry(), node.disk()) else { return };
        let places = registry.authors().flat_map(|author| {
            let log = registry.log(&author).into_iter();
            log.flat_map(|log| log.places_from(0)).map(move |at| (author, at))
        });
        let unseen = places.filter(|(_, at)| !self.checks.has_seen(place, &at.id));
        let read = |(author, at): (PublicKey, Place)| {
            Record::from_checked(at.id, author, disk.read(&author, at).ok()??).ok()
        };
        let found: Vec<Record> = unseen.filter_map(read).collect();
        self.checks.stored(place, node.clock.local_ms(self.now_ms), self.now_ms, &found);
    }
}
