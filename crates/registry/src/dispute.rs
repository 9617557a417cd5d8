//! What lies of more than f tellers leave undecided (Protocol 6.10): a slot whose base has two successors, a motion
//! with two outcomes. Both certificates are kept, the slot keeps its base value, and who lied is named by proof.
//!
//! **Invariant**: nothing here asks what came first. What stands in the past of a certificate of a later term is
//! settled, and of several that are, the one of the earliest such term.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Hash, PublicKey};

use crate::Outcome;
use crate::graph::{Entry, Graph, Index};
use crate::identity::Hub;
use crate::past::content;
use crate::slot::Slot;
use crate::state::{MotionState, State};

/// q returns of one motion with one outcome.
pub(crate) type Certified = (Index, Outcome);

/// What motions contend for: one slot on one base.
pub(crate) type Contest = (Slot, Option<Hash>);

/// The certificates that contradict each other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disputes {
    contests: BTreeSet<Contest>,
    /// Their certificates, each with the earliest term that has one on its past.
    certified: BTreeMap<Certified, Option<u32>>,
}

/// A teller that signed for both sides, and the two records by which its log forked on the way.
pub(crate) struct Liar {
    pub(crate) teller: PublicKey,
    pub(crate) returns: [Index; 2],
    pub(crate) fork: [Index; 2],
}

impl State {
    /// The motions for another version of the slot and base of a motion.
    pub(crate) fn rivals<'a>(
        &'a self,
        motion: &'a MotionState,
    ) -> impl Iterator<Item = (Index, &'a MotionState)> {
        let contenders = self.contenders.get(&(motion.facts.slot.clone(), motion.facts.base));
        let contenders = contenders.into_iter().flatten();
        contenders
            .filter_map(|index| Some((*index, self.motions.get(index)?)))
            .filter(|(_, other)| motion.facts.rivals(&other.facts))
    }

    /// The slots and bases that are disputed.
    pub(crate) const fn contests(&self) -> &BTreeSet<Contest> {
        &self.disputes.contests
    }

    /// The final outcome of a motion; of two that lies made final, the one that is settled.
    pub(crate) fn outcome(&self, motion: Index) -> Option<Outcome> {
        let state = self.motions.get(&motion)?;
        state.outcome().or_else(|| {
            let settled = |outcome| Some((self.settled((motion, outcome))?, outcome));
            only_least(state.certified().filter_map(settled))
        })
    }

    /// In which term a certificate was settled first.
    fn settled(&self, certified: Certified) -> Option<u32> {
        self.disputes.certified.get(&certified).copied().flatten()
    }

    /// The version that follows on a base, with the motions that adopted it. None while there is none, and while two
    /// are disputed.
    pub(crate) fn version_after(&self, contest: &Contest) -> Option<(Hash, Vec<Index>)> {
        let mut versions: BTreeMap<Hash, Vec<Index>> = BTreeMap::new();
        for index in self.contenders.get(contest).into_iter().flatten() {
            let state = self.motions.get(index).filter(|state| self.is_kept(&state.facts));
            if let Some(state) = state.filter(|state| state.certified().any(|one| one == Outcome::Adopted)) {
                versions.entry(state.facts.version).or_default().push(*index);
            }
        }
        // Protocol 6.9: what a fallback lists stands before whatever rivals it.
        if versions.keys().any(|version| self.now.stands.contains(version)) {
            versions.retain(|version, _| self.now.stands.contains(version));
        }
        if versions.len() > 1 {
            let settled = |motions: &[Index]| {
                motions.iter().filter_map(|motion| self.settled((*motion, Outcome::Adopted))).min()
            };
            let ranked = versions.iter().filter_map(|(version, motions)| Some((settled(motions)?, *version)));
            let stands = only_least(ranked)?;
            return versions.remove_entry(&stands);
        }
        let (version, mut motions) = versions.pop_first()?;
        motions.retain(|motion| self.outcome(*motion) == Some(Outcome::Adopted));
        (!motions.is_empty()).then_some((version, motions))
    }

    /// Looks what a certificate that was completed disputes or settles. Answers whether anything is disputed.
    pub(crate) fn weigh(&mut self, graph: &Graph, motion: Index) -> bool {
        let Some(facts) = self.motions.get(&motion).map(|state| &state.facts) else { return false };
        let contest = (facts.slot.clone(), facts.base);
        let of_contest = self.certificates(&contest);
        let fresh: Vec<Certified> = if contradict(self, &of_contest) {
            self.disputes.contests.insert(contest);
            let known = &self.disputes.certified;
            of_contest.into_iter().filter(|one| !known.contains_key(one)).collect()
        } else {
            Vec::new()
        };
        if self.disputes.contests.is_empty() {
            return false;
        }
        self.settle_by(graph, motion);
        for one in &fresh {
            self.disputes.certified.insert(*one, None);
        }
        if !fresh.is_empty() {
            let decided = self.motions.iter().filter(|(_, state)| state.certified().next().is_some());
            for later in decided.map(|(index, _)| *index).collect::<Vec<_>>() {
                self.settle_by(graph, later);
            }
        }
        true
    }

    /// Settles what stands in the past of a decided motion and is of a term before its own.
    fn settle_by(&mut self, graph: &Graph, later: Index) {
        let Some(term) = self.motions.get(&later).map(|state| state.facts.term) else { return };
        let before = |of: &Index| self.motions.get(of).is_some_and(|state| state.facts.term < term);
        let open: Vec<Certified> = self
            .disputes
            .certified
            .iter()
            .filter(|((of, _), settled)| before(of) && settled.is_none_or(|settled| term < settled))
            .map(|(certified, _)| *certified)
            .collect();
        if open.is_empty() {
            return;
        }
        let past = graph.past_of([later]);
        for (of, outcome) in open {
            let Some(state) = self.motions.get(&of) else { continue };
            let returns = state.returns_of(graph, outcome).filter(|(index, _)| past.contains(index));
            let tellers: BTreeSet<PublicKey> = returns.map(|(_, entry)| entry.author).collect();
            if tellers.len() >= state.facts.seating.quorum() {
                self.disputes.certified.insert((of, outcome), Some(term));
            }
        }
    }

    /// The hubs for which a key counts or counted.
    pub(crate) fn hubs_of_teller(&self, teller: PublicKey) -> impl Iterator<Item = Hub> + '_ {
        let seatings = self.motions.values().map(|state| &state.facts.seating);
        let seats = seatings.flat_map(|seating| &seating.seats);
        seats.filter(move |seat| seat.teller == teller).map(|seat| seat.hub)
    }

    /// Every certificate about a slot and base.
    pub(crate) fn certificates(&self, contest: &Contest) -> Vec<Certified> {
        let contenders = self.contenders.get(contest).into_iter().flatten();
        let states = contenders.filter_map(|index| Some((*index, self.motions.get(index)?)));
        states.flat_map(|(index, state)| state.certified().map(move |outcome| (index, outcome))).collect()
    }

    /// Whether two certificates cannot both be what honest tellers said.
    pub(crate) fn contradicts(&self, one: Certified, other: Certified) -> bool {
        if one.0 == other.0 {
            return one.1 != other.1;
        }
        let adopted = one.1 == Outcome::Adopted && other.1 == Outcome::Adopted;
        let facts = |of: Certified| self.motions.get(&of.0).map(|state| &state.facts);
        match (facts(one), facts(other)) {
            (Some(one), Some(other)) => adopted && one.rivals(other),
            _ => false,
        }
    }

    /// Protocol 7: who returned both of two certificates that contradict each other, at least 2q - n of them.
    pub(crate) fn liars(&self, graph: &Graph, one: Certified, other: Certified) -> Vec<Liar> {
        let returned = |(motion, outcome): Certified| {
            let state = self.motions.get(&motion);
            let returns = state.into_iter().flat_map(move |state| state.returns_of(graph, outcome));
            let mut by_teller: BTreeMap<PublicKey, (Index, &Entry)> = BTreeMap::new();
            for (index, entry) in returns {
                let first = by_teller.entry(entry.author).or_insert((index, entry));
                if entry.place() < first.1.place() {
                    *first = (index, entry);
                }
            }
            by_teller
        };
        let others = returned(other);
        let both =
            returned(one).into_iter().filter_map(|(teller, one)| Some((teller, one, others.get(&teller)?)));
        let liar = |(teller, one, other): (PublicKey, (Index, &Entry), &(Index, &Entry))| {
            Some(Liar { teller, returns: [one.0, other.0], fork: graph.parting(one.0, other.0)? })
        };
        both.filter_map(liar).collect()
    }
}

impl MotionState {
    /// The outcomes that q tellers returned; where no more than f lied it is one at the most.
    pub(crate) fn certified(&self) -> impl Iterator<Item = Outcome> + '_ {
        let quorum = self.facts.seating.quorum();
        self.returned.iter().filter(move |(_, tellers)| tellers.len() >= quorum).map(|(outcome, _)| *outcome)
    }

    /// The returns with an outcome.
    pub(crate) fn returns_of<'a>(
        &'a self,
        graph: &'a Graph,
        outcome: Outcome,
    ) -> impl Iterator<Item = (Index, &'a Entry)> {
        let entries = self.returns.iter().filter_map(|index| Some((*index, graph.get(*index)?)));
        entries.filter(move |(_, entry)| content!(entry, Return).is_some_and(|one| one.outcome == outcome))
    }
}

fn contradict(state: &State, certificates: &[Certified]) -> bool {
    let pairs = certificates.iter().enumerate();
    pairs
        .into_iter()
        .any(|(place, one)| certificates[..place].iter().any(|other| state.contradicts(*one, *other)))
}

/// What has the earliest term, if nothing else has it too.
fn only_least<T>(of_terms: impl Iterator<Item = (u32, T)>) -> Option<T> {
    let mut least: Option<(u32, Option<T>)> = None;
    for (term, one) in of_terms {
        least = match least {
            Some((first, _)) if first == term => Some((first, None)),
            Some((first, kept)) if first < term => Some((first, kept)),
            _ => Some((term, Some(one))),
        };
    }
    least.and_then(|(_, one)| one)
}

impl Graph {
    /// These records and all that they descend from, by predecessors and cites.
    pub(crate) fn past_of(&self, records: impl IntoIterator<Item = Index>) -> BTreeSet<Index> {
        let mut waiting: Vec<Index> = records.into_iter().collect();
        let mut past = BTreeSet::new();
        while let Some(index) = waiting.pop() {
            if let Some(entry) = self.get(index).filter(|_| past.insert(index)) {
                waiting.extend(entry.cites.all().chain(entry.prev));
            }
        }
        past
    }

    /// The two records of one place from which two records of one log descend; none where one continues the other.
    fn parting(&self, one: Index, other: Index) -> Option<[Index; 2]> {
        let (mut one, mut other) = (one, other);
        loop {
            let [first, second] = [self.get(one)?, self.get(other)?];
            if one == other || first.author != second.author {
                return None;
            }
            match first.seq.cmp(&second.seq) {
                std::cmp::Ordering::Less => other = second.prev?,
                std::cmp::Ordering::Greater => one = first.prev?,
                std::cmp::Ordering::Equal if first.prev == second.prev => return Some([one, other]),
                std::cmp::Ordering::Equal => (one, other) = (first.prev?, second.prev?),
            }
        }
    }
}
