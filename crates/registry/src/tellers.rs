//! What tellers write: closings, refusals and returns, and the lock that keeps them honest (Protocol 6.4-6.7).

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Place, positional, words};

use crate::ballot::Choice;
use crate::graph::{Entry, Graph, Index, LogIndex};
use crate::past::{Past, content};
use crate::seating::Switch;
use crate::slot::returned_by_quorums;
use crate::state::{MotionState, State};
use crate::{Kind, Outcome, Void, Votes, counted_ballot, motion};

words! {
    /// Why a teller does not close a motion.
    pub enum Refusal {
        /// It came with less notice than the charter asks.
        Notice = "notice",
        /// Its deadline is further away than the charter allows.
        TooLong = "too-long",
        /// A newer decision on charter, seating or roll stands.
        Superseded = "superseded",
        /// Its mover has withdrawn it.
        Withdrawn = "withdrawn",
    }
}

positional! {
    /// The ballots that a teller held in time, one head a seat; or a refusal.
    pub struct Closing {
        /// Why the teller refuses, if it does.
        pub refusal: Option<Refusal>,
    }
}

positional! {
    /// A motion's outcome, as counted from q or more closings.
    pub struct Return {
        /// The outcome.
        pub outcome: Outcome,
        /// The counted ballots.
        pub tally: Votes,
    }
}

/// A motion's counted ballots, by place of seat.
pub(crate) type Counted = BTreeMap<usize, (Place, Choice)>;

fn judged_motion<'a>(
    past: &Past<'a>,
    motion: Option<&'a MotionState>,
) -> Result<(Index, &'a MotionState), Void> {
    let (index, entry) = past.only(0, 1, "motion")?;
    let state = motion.filter(|_| entry.is(Kind::Motion)).ok_or_else(|| past.void(1, "cites a motion"))?;
    past.require(
        1,
        state.facts.seating.teller_of(&past.entry.author).is_some(),
        "its author is no teller of this motion",
    )?;
    Ok((index, state))
}

/// The rules of `closing`.
pub(crate) fn judge_closing(
    past: &Past<'_>,
    closing: &Closing,
    motion: Option<&MotionState>,
) -> Result<(), Void> {
    past.groups(2)?;
    let (index, state) = judged_motion(past, motion)?;
    let mut seats = Distinct::default();
    for (_, head) in past.group(1) {
        let on = head.cite(0);
        past.require(2, head.is(Kind::Ballot) && on == Some(index), "a head is no ballot of this motion")?;
        past.require(2, seats.insert(head), "two heads of one seat")?;
    }
    past.require(3, closing.refusal.is_none() || seats.is_empty(), "a refusal has no heads")?;
    let earlier = state.closings.iter().chain(&state.refusals);
    past.require(4, !written_before(past, earlier), "its author has closed or refused this motion before")
}

/// The rules of `return`.
pub(crate) fn judge_return(
    past: &Past<'_>,
    returned: &Return,
    motion: Option<&MotionState>,
    everything: &State,
) -> Result<(), Void> {
    past.groups(3)?;
    let (index, state) = judged_motion(past, motion)?;
    let mut tellers = Distinct::default();
    for (_, entry) in past.group(1) {
        let on = entry.cite(0);
        let counts = content!(entry, Closing).is_some_and(|closing| closing.refusal.is_none());
        past.require(2, counts && on == Some(index), "cites something that is no closing of this motion")?;
        past.require(2, tellers.insert(entry), "cites two closings of one teller")?;
    }
    let (found, needed) = (tellers.len(), state.facts.seating.quorum());
    if found < needed {
        return Err(past.void(2, format!("cites {found} closings, {needed} are needed")));
    }
    let (tally, outcome) = counted_before(past, state).unwrap_or_else(|| {
        let closings: Vec<&Entry> = past.group(1).map(|(_, closing)| closing).collect();
        tally(past.graph, state, &closings)
    });
    past.require(3, tally == returned.tally, "its tally is not that of the closings")?;
    past.require(3, outcome == returned.outcome, "its outcome is not that of the rule")?;
    past.require(
        4,
        !written_before(past, state.returns.iter()),
        "its author has returned this motion before",
    )?;
    judge_lock(past, returned, index, state, everything)
}

/// What an earlier return counted that cites the very same closings. A ballot counts only where closings
/// vouch for it, so that nothing that came meanwhile can change the count.
fn counted_before(past: &Past<'_>, state: &MotionState) -> Option<(Votes, Outcome)> {
    let earlier = state.returns.iter().rev().filter_map(|index| past.graph.get(*index));
    let mut same = earlier.filter(|entry| entry.cites.get(1) == past.entry.cites.get(1));
    same.find_map(|entry| content!(entry, Return)).map(|returned| (returned.tally, returned.outcome))
}

/// Protocol 6.7: one teller does not help two versions of one slot and base, nor does one after it that counts
/// on what it handed over.
fn judge_lock(
    past: &Past<'_>,
    returned: &Return,
    index: Index,
    state: &MotionState,
    everything: &State,
) -> Result<(), Void> {
    let unlocked = returned_by_quorums(past, 2, 5, |outcome| outcome != Outcome::Adopted)?;
    if returned.outcome != Outcome::Adopted {
        return Ok(());
    }
    let seating = &state.facts.seating;
    let unlocked = |rival: &Index| unlocks(everything, &unlocked, rival);
    let mut rivals = everything.rivals(state).filter(|_| !seating.is_off(Switch::Lock));
    let own = rivals.any(|(rival, other)| !unlocked(&rival) && adopted_before(past.graph, other, past.entry));
    past.require(5, !own, "its author returned adopted for another version of the same slot and base")?;
    let inherited = inherited_locks(past.graph, everything, index);
    past.require(
        5,
        inherited.iter().all(unlocked),
        "a teller of a term before handed over an adopted for another version of the same slot and base",
    )
}

/// Whether a rival is among the motions that failed by q returns.
fn unlocks(everything: &State, failed: &BTreeSet<Index>, rival: &Index) -> bool {
    let of = |motion: &Index| everything.motions.get(motion).map(|state| &state.facts);
    let any = of(rival).is_some_and(|facts| facts.seating.is_off(Switch::Unlocking));
    let version = |motion: &Index| of(motion).map(|facts| facts.version);
    failed.contains(rival) || any && failed.iter().any(|other| version(other) == version(rival))
}

/// Whether the author of `entry` returned a motion as adopted before it.
pub(crate) fn adopted_before(graph: &Graph, motion: &MotionState, entry: &Entry) -> bool {
    let own = motion.returns.iter().filter_map(|index| graph.get(*index));
    let mut own = own.filter(|earlier| graph.precedes(earlier, entry));
    own.any(|earlier| content!(earlier, Return).is_some_and(|r| r.outcome == Outcome::Adopted))
}

/// Protocol 6.7: the rivals of a motion that the chains of handovers in its past hold as adopted. Of the
/// terms before only the latest counts that adopted anything for this slot and base.
pub(crate) fn inherited_locks(graph: &Graph, everything: &State, motion: Index) -> BTreeSet<Index> {
    let Some(of) = everything.motions.get(&motion).map(|state| &state.facts) else { return BTreeSet::new() };
    let contenders = everything.contenders.get(&(of.slot.clone(), of.base)).map_or(&[][..], Vec::as_slice);
    if contenders == [motion] || of.seating.is_off(Switch::InheritedLock) {
        return BTreeSet::new();
    }
    let mut term = Some(motion);
    while let Some(standing) = term {
        // Protocol 6.9: what was locked before a fallback fell with its generation.
        if everything.motions.get(&standing).is_none_or(|state| state.facts.is_fallback()) {
            break;
        }
        let cited = graph.get(standing).and_then(|entry| entry.cites.get(motion::group::HANDOVERS));
        let handovers: Vec<&Entry> = cited.into_iter().flatten().filter_map(|i| graph.get(*i)).collect();
        let handed_over = |index: &&Index| {
            let adopted = everything.motions.get(index);
            adopted.is_some_and(|state| handovers.iter().any(|last| adopted_before(graph, state, last)))
        };
        let adopted: Vec<Index> = contenders.iter().filter(handed_over).copied().collect();
        if !adopted.is_empty() {
            let rival = |index: &Index| {
                everything.motions.get(index).is_some_and(|state| state.facts.version != of.version)
            };
            return adopted.into_iter().filter(rival).collect();
        }
        term = everything.motions.get(&standing).and_then(|state| state.facts.seated_by);
    }
    BTreeSet::new()
}

fn written_before<'a>(past: &Past<'_>, earlier: impl Iterator<Item = &'a Index>) -> bool {
    let Some(prev) = past.entry.prev.and_then(|prev| past.graph.get(prev)) else { return false };
    let mut held = earlier.filter_map(|index| past.graph.get(*index));
    held.any(|entry| past.graph.descends(prev, entry))
}

/// The logs that records stand in, in order, each once.
#[derive(Default)]
struct Distinct(Vec<LogIndex>);

impl Distinct {
    /// Adds the log of a record; answers whether it was not there.
    fn insert(&mut self, entry: &Entry) -> bool {
        let place = self.0.binary_search(&entry.log);
        if let Err(place) = place {
            self.0.insert(place, entry.log);
        }
        place.is_err()
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Protocol 6.5: the ballots that these closings support, seat by seat.
pub(crate) fn counted(graph: &Graph, state: &MotionState, closings: &[&Entry]) -> Counted {
    let named = closings.iter().flat_map(|closing| closing.cites.get(1).into_iter().flatten());
    let mut named: Vec<Index> = named.copied().collect();
    named.sort_unstable();
    let mut heads: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
    for same in named.chunk_by(|one, other| one == other) {
        let head = same.first().and_then(|head| graph.get(*head));
        let seat = head.and_then(|head| Some((state.facts.roll.place_of(&head.author)?, head.place())));
        if let Some((seat, place)) = seat {
            heads.entry(seat).or_default().extend(std::iter::repeat_n(place, same.len()));
        }
    }
    let mut counted = Counted::new();
    for (seat, heads) in heads {
        let (Some(ballots), Some(log)) =
            (state.ballots.get(&seat), graph.log(&state.facts.roll.voters()[seat].voting))
        else {
            continue;
        };
        let places = ballots.places().collect();
        let place = counted_ballot(
            &heads,
            &places,
            |descendant, ancestor| log.descends(descendant, ancestor),
            state.facts.seating.unsupported(),
        );
        if let Some((place, choice)) = place.and_then(|place| Some((place, ballots.at(place)?))) {
            counted.insert(seat, (place, choice));
        }
    }
    counted
}

/// The votes that the closings come to, and the rule applied to them.
pub(crate) fn tally(graph: &Graph, state: &MotionState, closings: &[&Entry]) -> (Votes, Outcome) {
    let counted = counted(graph, state, closings);
    let cast = counted.iter().filter(|(seat, _)| !state.facts.conflicts.contains_key(seat));
    // Protocol 6.13: who has a conflict of interest has recused, whether or not that is said.
    let recused = state.facts.conflicts.values().map(|_| Choice::Recuse);
    let votes = votes(cast.map(|(_, (_, choice))| *choice).chain(recused));
    (votes, state.facts.rule.decide(state.facts.roll.size(), &votes).outcome)
}

/// Counts choices.
pub(crate) fn votes(choices: impl Iterator<Item = Choice>) -> Votes {
    choices.fold(Votes::default(), |mut votes, choice| {
        let count = match choice {
            Choice::Yes => &mut votes.yes,
            Choice::No => &mut votes.no,
            Choice::Abstain => &mut votes.abstain,
            Choice::Recuse => &mut votes.recuse,
            Choice::Block => &mut votes.block,
        };
        *count = count.saturating_add(1);
        votes
    })
}
