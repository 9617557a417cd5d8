//! What tellers write: closings, refusals and returns, and the lock that keeps them honest (Protocol 6.4-6.7).

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Place, positional, words};

use crate::ballot::Choice;
use crate::graph::{Entry, Graph, Index};
use crate::past::{Past, content};
use crate::slot::returned_by_quorums;
use crate::state::{MotionState, State};
use crate::{Kind, Outcome, Void, Votes, counted_ballot};

words! {
    /// Why a teller does not close a motion.
    pub enum Refusal {
        /// It came with less notice than the charter asks.
        Notice = "notice",
        /// Its deadline is further away than the charter allows.
        TooLong = "too-long",
        /// A newer decision on charter, seating or roll stands.
        Superseded = "superseded",
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
        past.seating.teller_of(&past.entry.author).is_some(),
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
    let mut seats = BTreeSet::new();
    for (_, head) in past.group(1) {
        let on = head.cites.first().and_then(|cites| cites.first()).copied();
        past.require(2, head.is(Kind::Ballot) && on == Some(index), "a head is no ballot of this motion")?;
        past.require(2, seats.insert(head.author), "two heads of one seat")?;
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
    let mut tellers = BTreeSet::new();
    let mut closings = Vec::new();
    for (_, entry) in past.group(1) {
        let on = entry.cites.first().and_then(|cites| cites.first()).copied();
        let counts = content!(entry, Closing).is_some_and(|closing| closing.refusal.is_none());
        past.require(2, counts && on == Some(index), "cites something that is no closing of this motion")?;
        past.require(2, tellers.insert(entry.author), "cites two closings of one teller")?;
        closings.push(entry);
    }
    let needed = past.seating.quorum();
    past.require(
        2,
        tellers.len() >= needed,
        &format!("cites {} closings, {needed} are needed", tellers.len()),
    )?;
    let (tally, outcome) =
        counted_before(past, state).unwrap_or_else(|| tally(past.graph, past.seating, state, &closings));
    past.require(3, tally == returned.tally, "its tally is not that of the closings")?;
    past.require(3, outcome == returned.outcome, "its outcome is not that of the rule")?;
    past.require(
        4,
        !written_before(past, state.returns.iter()),
        "its author has returned this motion before",
    )?;
    judge_lock(past, returned, state, everything)
}

/// What an earlier return counted that cites the very same closings. A ballot counts only where closings
/// vouch for it, so that nothing that came meanwhile can change the count.
fn counted_before(past: &Past<'_>, state: &MotionState) -> Option<(Votes, Outcome)> {
    let earlier = state.returns.iter().rev().filter_map(|index| past.graph.get(*index));
    let mut same = earlier.filter(|entry| entry.cites.get(1) == past.entry.cites.get(1));
    same.find_map(|entry| content!(entry, Return)).map(|returned| (returned.tally, returned.outcome))
}

/// Protocol 6.7: one teller does not help two versions of one slot and base.
fn judge_lock(
    past: &Past<'_>,
    returned: &Return,
    state: &MotionState,
    everything: &State,
) -> Result<(), Void> {
    let unlocked = returned_by_quorums(past, 2, 5, |outcome| outcome != Outcome::Adopted)?;
    if returned.outcome != Outcome::Adopted {
        return Ok(());
    }
    let adopted_before = |rival: &MotionState| {
        let own = rival.returns.iter().filter_map(|index| past.graph.get(*index));
        let mut own = own.filter(|entry| past.graph.precedes(entry, past.entry));
        own.any(|entry| content!(entry, Return).is_some_and(|r| r.outcome == Outcome::Adopted))
    };
    let mut rivals = everything.rivals(state);
    let locked = rivals.any(|(index, rival)| !unlocked.contains(&index) && adopted_before(rival));
    past.require(5, !locked, "its author returned adopted for another version of the same slot and base")
}

fn written_before<'a>(past: &Past<'_>, earlier: impl Iterator<Item = &'a Index>) -> bool {
    let mut held = earlier.filter_map(|index| past.graph.get(*index));
    held.any(|entry| past.graph.precedes(entry, past.entry))
}

/// Protocol 6.5: the ballots that these closings support, seat by seat.
pub(crate) fn counted(
    graph: &Graph,
    seating: &crate::seating::Seating,
    state: &MotionState,
    closings: &[&Entry],
) -> Counted {
    let mut heads: BTreeMap<usize, Vec<Place>> = BTreeMap::new();
    for head in closings
        .iter()
        .flat_map(|closing| closing.cites.get(1).into_iter().flatten())
        .filter_map(|i| graph.get(*i))
    {
        if let Some(seat) = seating.seat_of(&head.author) {
            heads.entry(seat).or_default().push(head.place());
        }
    }
    let mut counted = Counted::new();
    for (seat, heads) in heads {
        let (Some(ballots), Some(log)) =
            (state.ballots.get(&seat), graph.logs().get(&seating.seats[seat].voting))
        else {
            continue;
        };
        let places = ballots.keys().copied().collect();
        let place = counted_ballot(
            &heads,
            &places,
            |descendant, ancestor| log.descends(descendant, ancestor),
            seating.tolerated(),
        );
        if let Some((place, choice)) = place.and_then(|place| Some((place, *ballots.get(&place)?))) {
            counted.insert(seat, (place, choice));
        }
    }
    counted
}

/// The votes that the closings come to, and the rule applied to them.
pub(crate) fn tally(
    graph: &Graph,
    seating: &crate::seating::Seating,
    state: &MotionState,
    closings: &[&Entry],
) -> (Votes, Outcome) {
    let votes = votes(counted(graph, seating, state, closings).values().map(|(_, choice)| *choice));
    (votes, state.facts.rule.decide(seating.roll(), &votes).outcome)
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
