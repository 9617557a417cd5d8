//! What was said validly on one motion: ballots, closings, refusals, returns, and what they come to.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Place, PublicKey};

use crate::Outcome;
use crate::ballot::Choice;
use crate::graph::{Entry, Graph, Index};
use crate::motion::MotionFacts;

/// Everything that was said validly on one motion.
#[derive(Debug, Clone)]
pub(crate) struct MotionState {
    pub(crate) facts: MotionFacts,
    /// Ballots by place of the voter's seat.
    pub(crate) ballots: BTreeMap<usize, OfSeat>,
    pub(crate) closings: Vec<Index>,
    pub(crate) refusals: Vec<Index>,
    pub(crate) returns: Vec<Index>,
    /// Who returned which outcome.
    pub(crate) returned: BTreeMap<Outcome, BTreeSet<PublicKey>>,
    /// By its mover.
    pub(crate) withdrawals: Vec<Index>,
}

impl MotionState {
    /// Whether nobody on the roll is left who has to vote: Protocol 6.13 asks none of who has a conflict of interest.
    pub(crate) fn everyone_voted(&self) -> bool {
        (0..self.facts.roll.voters().len())
            .all(|place| self.ballots.contains_key(&place) || self.facts.conflicts.contains_key(&place))
    }
}

/// The ballots of one seat, in order of place: one mostly, so that a list is less than a tree.
#[derive(Debug, Clone, Default)]
pub(crate) struct OfSeat(Vec<(Place, Choice)>);

impl OfSeat {
    /// Adds a ballot.
    pub(crate) fn insert(&mut self, place: Place, choice: Choice) {
        match self.find(place) {
            Ok(at) => self.0[at].1 = choice,
            Err(at) => self.0.insert(at, (place, choice)),
        }
    }

    /// The choice of the ballot at a place.
    pub(crate) fn at(&self, place: Place) -> Option<Choice> {
        self.find(place).ok().map(|at| self.0[at].1)
    }

    /// Where they stand, in order.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        self.0.iter().map(|(place, _)| *place)
    }

    /// Each with its choice, in order.
    pub(crate) fn choices(&self) -> &[(Place, Choice)] {
        &self.0
    }

    fn find(&self, place: Place) -> Result<usize, usize> {
        self.0.binary_search_by(|(held, _)| held.cmp(&place))
    }
}

impl MotionState {
    /// A motion on which nobody has said anything.
    pub(crate) const fn of(facts: MotionFacts) -> Self {
        Self {
            facts,
            ballots: BTreeMap::new(),
            closings: Vec::new(),
            refusals: Vec::new(),
            returns: Vec::new(),
            returned: BTreeMap::new(),
            withdrawals: Vec::new(),
        }
    }

    /// The final outcome. None while no outcome has q tellers, and if lies gave two of them q.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        let quorum = self.facts.seating.quorum();
        let mut finals = self.returned.iter().filter(|(_, tellers)| tellers.len() >= quorum);
        match (finals.next(), finals.next()) {
            (Some((outcome, _)), None) => Some(*outcome),
            _ => None,
        }
    }

    /// Closings or refusals, by teller; of several of one teller the first by place.
    pub(crate) fn by_teller<'a>(graph: &'a Graph, list: &[Index]) -> BTreeMap<PublicKey, &'a Entry> {
        let mut entries: Vec<&Entry> = list.iter().filter_map(|index| graph.get(*index)).collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.place()));
        entries.into_iter().map(|entry| (entry.author, entry)).collect()
    }
}

/// Whether a teller's record stands in its list.
pub(crate) fn wrote<'a>(graph: &'a Graph, list: &'a [Index], teller: &PublicKey) -> bool {
    list.iter().filter_map(|index| graph.get(*index)).any(|entry| entry.author == *teller)
}
