//! What a teller owes, and the exact contents of what it signs: used by nodes, read by no rule.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Field as _, Id, PublicKey, Value};

use crate::charter::{Body, Timing};
use crate::graph::{Entry, Index};
use crate::handover::Handover;
use crate::identity::Hub;
use crate::past::content;
use crate::seating::{Switch, Voter};
use crate::slot::Slot;
use crate::state::{MotionState, OfSeat, wrote};
use crate::tellers::{Closing, Refusal, Return, inherited_locks, tally};
use crate::{Kind, Outcome, Registry};

/// A motion that a teller has not both closed and returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The motion.
    pub motion: Id,
    /// D, in milliseconds since the Unix epoch.
    pub deadline_ms: u64,
    /// N, G and the maximum of the charter that the motion pins.
    pub timing: Timing,
    /// Whether this teller closed it.
    pub closed: bool,
    /// Whether this teller refused it.
    pub refused: bool,
    /// Whether the rule closes early and everybody on the roll has voted.
    pub everyone_voted: bool,
    /// Whether a decision on charter, seating or roll is final here that the motion does not stand on, or the claim
    /// that it is about is taken up.
    pub superseded: bool,
    /// Whether its mover has withdrawn it.
    pub withdrawn: bool,
}

/// What a teller owes whose committee is succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandoverDue {
    /// The motion that seated the next committee.
    pub motion: Id,
    /// Whether every motion that this teller closed is returned by it, or final without it.
    pub settled: bool,
    /// G of the charter that the motion pins.
    pub grace_ms: u64,
    /// What to sign.
    pub contents: Contents,
}

/// How many tellers must have spoken before one returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enough {
    /// All of them closed or refused.
    AllTellers,
    /// q of them closed: after a further wait of G.
    Quorum,
}

/// What stands in a header besides the author's own place: ready to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The kind.
    pub kind: Kind,
    /// The groups of cites.
    pub cites: Vec<Vec<Id>>,
    /// The body.
    pub body: Value,
}

impl Registry {
    /// What a teller owes, in the order in which it returns: by deadline, then id (Protocol 6.7, manners).
    #[must_use]
    pub fn duties(&self, teller: &PublicKey) -> Vec<Duty> {
        if self.has_handed_over(teller) {
            return Vec::new();
        }
        let assembly = LazyCell::new(|| self.voters());
        let mut duties: Vec<Duty> = self
            .standing_motions()
            .filter(|(_, state)| state.facts.seating.teller_of(teller).is_some())
            .filter(|(_, state)| !wrote(&self.graph, &state.returns, teller))
            .map(|(index, state)| Duty {
                motion: self.graph.id(index),
                deadline_ms: state.facts.deadline,
                timing: state.facts.charter.timing,
                closed: wrote(&self.graph, &state.closings, teller),
                refused: wrote(&self.graph, &state.refusals, teller),
                everyone_voted: state.facts.rule.early_close && state.everyone_voted(),
                superseded: self.is_superseded(state, || &assembly),
                withdrawn: !state.withdrawals.is_empty(),
            })
            .collect();
        duties.sort_by_key(|duty| (duty.deadline_ms, duty.motion));
        duties
    }

    /// Protocol 6.4, 6.9: whether a motion is superseded, where one motion is asked about.
    pub(crate) fn is_out_of_date(&self, state: &MotionState) -> bool {
        let assembly = LazyCell::new(|| self.voters());
        self.is_superseded(state, || &assembly)
    }

    /// Protocol 6.4: whether charter, seating or roll have moved on from what a motion pins, or its claim is taken.
    fn is_superseded<'a>(
        &self,
        state: &MotionState,
        assembly: impl FnOnce() -> &'a BTreeMap<Hub, PublicKey>,
    ) -> bool {
        let (facts, now) = (&state.facts, &self.state.now);
        let version = |motion: Option<Index>| Some(self.state.motions.get(&motion?)?.facts.version);
        let same = version(facts.seated_by) == now.seating_version
            && version(facts.chartered_by) == now.charter_version;
        let roll = || by_hub(facts.roll.voters().iter());
        if facts.is_fallback() {
            let electors = self.electors().into_iter().map(|elector| (elector.hub, elector.voting)).collect();
            return !same || roll() != electors;
        }
        let taken = matches!(facts.slot, Slot::Application(application)
            if self.graph.index(&application).is_some_and(|index| self.taken_up_by_another(index).is_some()));
        !same || taken || (facts.body == Body::Assembly && roll() != *assembly())
    }

    /// The votes of the assembly now.
    fn voters(&self) -> BTreeMap<Hub, PublicKey> {
        by_hub(self.assembly().iter().map(|(voter, _)| voter))
    }

    /// The handover that a teller owes once the committee after its own is in office (Protocol 6.7).
    #[must_use]
    pub fn handover_due(&self, teller: &PublicKey) -> Option<HandoverDue> {
        if self.state.handovers.contains_key(teller) {
            return None;
        }
        let succeeding = self.state.history(&self.graph, &Slot::Committee).into_iter().flatten();
        let succeeding = succeeding.filter_map(|index| Some((index, self.state.motions.get(&index)?)));
        // Protocol 6.9: nothing is handed over to the committee of a fallback.
        let mut succeeding = succeeding.filter(|(_, state)| !state.facts.is_fallback());
        let (index, state) = succeeding.find(|(_, state)| state.facts.seating.teller_of(teller).is_some())?;
        let motion = self.graph.id(index);
        let (_, returns) = self.certificate(&motion)?;
        let mut closed =
            self.state.motions.iter().filter(|(_, motion)| wrote(&self.graph, &motion.closings, teller));
        let settled = closed.all(|(index, motion)| {
            self.state.outcome(*index).is_some() || wrote(&self.graph, &motion.returns, teller)
        });
        let contents = Contents { kind: Kind::Handover, cites: vec![returns], body: Handover {}.to_value() };
        Some(HandoverDue { motion, settled, grace_ms: state.facts.charter.timing.grace_ms, contents })
    }

    /// Whether a teller has handed over: it has signed its last record (Protocol 6.7).
    #[must_use]
    pub fn has_handed_over(&self, teller: &PublicKey) -> bool {
        self.state.handovers.contains_key(teller) && !self.state.first.is_off(Switch::LastRecord)
    }

    /// The motions that have effect (Protocol 3.3).
    pub(crate) fn standing_motions(&self) -> impl Iterator<Item = (Index, &MotionState)> {
        let motions = self.state.motions.iter().map(|(index, state)| (*index, state));
        motions.filter(|(index, state)| self.stands(*index, state))
    }

    /// Whether a motion has effect: its log was not cut before it, or somebody returned it.
    pub(crate) fn stands(&self, index: Index, state: &MotionState) -> bool {
        let counts = self.graph.get(index).is_some_and(|entry| self.state.counts(&self.graph, entry));
        counts || !state.returns.is_empty()
    }

    /// For each seat that voted the ballots that may be its head: one in an honest log, the ends of the
    /// branches in a forked one. Where the rule closes early these are the first ballots, else the latest.
    #[must_use]
    pub fn heads(&self, motion: &Id) -> Vec<Vec<Id>> {
        let Some(state) = self.graph.index(motion).and_then(|index| self.state.motions.get(&index)) else {
            return Vec::new();
        };
        let heads = |(seat, ballots): (&usize, &OfSeat)| {
            let log = self.graph.log(&state.facts.roll.voters()[*seat].voting)?;
            let early = state.facts.rule.early_close;
            let covered =
                |place, other| if early { log.descends(place, other) } else { log.descends(other, place) };
            let ends = ballots
                .places()
                .filter(|place| !ballots.places().any(|other| other != *place && covered(*place, other)));
            Some(ends.map(|place| place.id).collect())
        };
        state.ballots.iter().filter_map(heads).collect()
    }

    /// The contents of a closing with these heads, or of a refusal.
    #[must_use]
    pub fn closing(&self, motion: &Id, heads: &[Id], refusal: Option<Refusal>) -> Contents {
        let heads = if refusal.is_some() { Vec::new() } else { heads.to_vec() };
        Contents {
            kind: Kind::Closing,
            cites: vec![vec![*motion], heads],
            body: Closing { refusal }.to_value(),
        }
    }

    /// The contents of a teller's return; none while the closings do not suffice, or while the lock or
    /// the manners of an honest teller (Protocol 6.7) forbid it.
    #[must_use]
    pub fn returning(&self, motion: &Id, teller: &PublicKey, enough: Enough) -> Option<Contents> {
        let index = self.graph.index(motion)?;
        let state = self.state.motions.get(&index)?;
        let closings = MotionState::by_teller(&self.graph, &state.closings);
        let refusals = MotionState::by_teller(&self.graph, &state.refusals);
        let spoken: BTreeSet<&PublicKey> = closings.keys().chain(refusals.keys()).collect();
        let seating = &state.facts.seating;
        let awaited = enough == Enough::AllTellers && spoken.len() < seating.seats.len();
        if closings.len() < seating.quorum() || awaited {
            return None;
        }
        let closings: Vec<&Entry> = closings.into_values().collect();
        let (votes, outcome) = tally(&self.graph, state, &closings);
        let adopts = outcome == Outcome::Adopted;
        let unlocking = if adopts { self.unlocking(index, state, teller)? } else { Vec::new() };
        let cited = closings.iter().map(|entry| entry.id).collect();
        let body = Return { outcome, tally: votes }.to_value();
        Some(Contents { kind: Kind::Return, cites: vec![vec![*motion], cited, unlocking], body })
    }

    /// The returns that allow a teller to adopt: of each motion that locks it. None if a rival is adopted
    /// by anybody and its motion lacks q other returns.
    fn unlocking(&self, index: Index, state: &MotionState, teller: &PublicKey) -> Option<Vec<Id>> {
        let mut unlocking = Vec::new();
        let handed_over = inherited_locks(&self.graph, &self.state, index);
        for (rival, other) in self.state.rivals(state) {
            if let Some(adopted) = other.returned.get(&Outcome::Adopted) {
                let others = self.failed_as_a_version(rival);
                let inherited = handed_over.contains(&rival);
                // A rival of a term that is over locks by handovers alone: nobody returns it any more.
                let bygone = !inherited && other.facts.seated_by != state.facts.seated_by;
                let unlocked = state.facts.seating.is_off(Switch::Lock);
                if bygone || unlocked {
                    continue;
                }
                let others = others?;
                if inherited || adopted.contains(teller) {
                    unlocking.extend(others);
                }
            }
        }
        unlocking.sort_unstable();
        Some(unlocking)
    }

    /// q returns that a rival failed by: its own.
    fn failed_as_a_version(&self, rival: Index) -> Option<Vec<Id>> {
        let own = self.other_returns(rival);
        let facts = &self.state.motions.get(&rival)?.facts;
        if own.is_some() || !facts.seating.is_off(Switch::Unlocking) {
            return own;
        }
        let others = self.state.motions.iter().filter(|(_, other)| other.facts.version == facts.version);
        others.into_iter().find_map(|(motion, _)| self.other_returns(*motion))
    }

    /// q returns of a motion that are not `adopted`, if there are so many.
    fn other_returns(&self, motion: Index) -> Option<Vec<Id>> {
        let state = self.state.motions.get(&motion)?;
        let returns: Vec<Index> = state.returns.clone();
        let not_adopted = |index: &Index| {
            self.graph
                .get(*index)
                .is_some_and(|entry| content!(entry, Return).is_some_and(|r| r.outcome != Outcome::Adopted))
        };
        let others: Vec<Index> = returns.into_iter().filter(not_adopted).collect();
        let by_teller = MotionState::by_teller(&self.graph, &others);
        let quorum = state.facts.seating.quorum();
        (by_teller.len() >= quorum).then(|| by_teller.values().take(quorum).map(|entry| entry.id).collect())
    }

    /// q returns that make a motion's certificate, least ids first; none while it is not final.
    #[must_use]
    pub fn certificate(&self, motion: &Id) -> Option<(Outcome, Vec<Id>)> {
        let (outcome, returns) = self.certified(self.graph.index(motion)?)?;
        Some((outcome, returns.into_iter().map(|entry| entry.id).collect()))
    }

    /// The same as entries.
    pub(crate) fn certified(&self, motion: Index) -> Option<(Outcome, Vec<&Entry>)> {
        let outcome = self.state.outcome(motion)?;
        Some((outcome, self.returns_for(motion, outcome)?))
    }

    /// q returns of one outcome, least ids first; none while there are fewer.
    pub(crate) fn returns_for(&self, motion: Index, outcome: Outcome) -> Option<Vec<&Entry>> {
        let state = self.state.motions.get(&motion)?;
        let returns: Vec<Index> = state.returns_of(&self.graph, outcome).map(|(index, _)| index).collect();
        let mut returns: Vec<&Entry> = MotionState::by_teller(&self.graph, &returns).into_values().collect();
        returns.sort_unstable_by_key(|entry| entry.id);
        let quorum = state.facts.seating.quorum();
        (returns.len() >= quorum).then(|| returns.into_iter().take(quorum).collect())
    }
}

/// Votes by hub, each of which has one.
fn by_hub<'a>(voters: impl Iterator<Item = &'a Voter>) -> BTreeMap<Hub, PublicKey> {
    voters.map(|voter| (voter.hub, voter.voting)).collect()
}
