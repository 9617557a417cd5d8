//! What minutes of a motion say beside the motion itself: every ballot, every word of a teller with its key and
//! record, and the charter that it ran under. Read by no rule, and no part of the head.

use cohub_record::{Id, PublicKey};
use serde::{Deserialize, Serialize};

use crate::ballot::Choice;
use crate::graph::Entry;
use crate::past::content;
use crate::slot::Slot;
use crate::state::{MotionState, OfSeat};
use crate::{Conflict, Need, Outcome, Refusal, Registry, RollEntry, Votes};

/// Minutes of one motion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minutes {
    /// The network: `net1…`.
    pub network: String,
    /// What people call it.
    pub network_name: String,
    /// The mover's hub.
    pub mover: String,
    /// The title of the charter that the motion pins.
    pub charter_title: String,
    /// Its version, counted from 1; absent where it is a version that does not stand in the charter's history.
    pub charter_version: Option<usize>,
    /// The name of the rule in that charter.
    pub rule_name: String,
    /// How the count met the rule.
    pub count: Count,
    /// Tellers that make an outcome final.
    pub tellers_needed: usize,
    /// Tellers that may lie without harm.
    pub tellers_tolerated: usize,
    /// The roll, in its order.
    pub roll: Vec<Vote>,
    /// The tellers, in the order of their seats.
    pub tellers: Vec<TellersPart>,
}

/// The count beside what the rule asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Seats left after recusals.
    pub floor: Need,
    /// Seats that took part.
    pub quorum: Need,
    /// Yes votes.
    pub approval: Need,
    /// What the yes votes are measured against.
    pub base: u64,
    /// Blocks, where the rule is consent.
    pub blocks: u64,
    /// How it stands in words.
    pub words: String,
}

/// One vote of the roll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The hub's slug.
    pub hub: String,
    /// The hub's name.
    pub name: String,
    /// The key that votes.
    pub key: PublicKey,
    /// The ballot that counts, if one does.
    pub counted: Option<Cast>,
    /// The conflict of interest that the charter finds: it has recused, with a ballot or without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Conflict>,
    /// The others, in the order of the voter's log.
    pub others: Vec<NotCounted>,
}

/// A ballot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// Its record.
    pub record: Id,
    /// What it says.
    pub choice: Choice,
    /// When, by the voter's clock.
    pub at: u64,
}

/// A ballot that does not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCounted {
    /// The ballot.
    #[serde(flatten)]
    pub ballot: Cast,
    /// Why not, in words.
    pub why: String,
}

/// One teller's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellersPart {
    /// The hub's slug.
    pub hub: String,
    /// The hub's name.
    pub name: String,
    /// The teller's key.
    pub key: PublicKey,
    /// Its closing.
    pub closing: Option<Said>,
    /// Its refusal.
    pub refusal: Option<Refused>,
    /// Its return.
    pub returned: Option<Returned>,
}

/// A record and when it was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The record.
    pub record: Id,
    /// When, by the teller's clock.
    pub at: u64,
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The record, and when.
    #[serde(flatten)]
    pub said: Said,
    /// Why.
    pub why: Refusal,
}

/// A return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The record, and when.
    #[serde(flatten)]
    pub said: Said,
    /// The outcome.
    pub outcome: Outcome,
    /// The tally.
    pub tally: Votes,
}

impl Registry {
    /// What minutes of a motion say; none where no valid motion has that id.
    #[must_use]
    pub fn minutes(&self, motion: &Id) -> Option<Minutes> {
        let state = self.state.motions.get(&self.graph.index(motion)?)?;
        let view = self.motion(motion)?;
        let facts = &state.facts;
        let votes = Votes {
            yes: view.tally.yes,
            no: view.tally.no,
            abstain: view.tally.abstain,
            recuse: view.tally.recuse,
            block: view.tally.block,
        };
        let decision = facts.rule.decide(facts.roll.size(), &votes);
        let count = Count {
            floor: decision.floor,
            quorum: decision.quorum,
            approval: decision.approval,
            base: decision.base,
            blocks: decision.blocks,
            words: decision.words(),
        };
        let mover = self.standing.hub_of(&view.mover);
        Some(Minutes {
            network: self.network().to_network_text(),
            network_name: self.founding().name.to_string(),
            mover: mover.map(|hub| self.hub_name(hub)).unwrap_or_default(),
            charter_title: facts.charter.title.to_string(),
            charter_version: self.charter_version(state),
            rule_name: facts.rule.slug.to_string(),
            count,
            tellers_needed: facts.seating.quorum(),
            tellers_tolerated: facts.seating.tolerated(),
            roll: self.votes(state, &view.roll),
            tellers: self.tellers_parts(state),
        })
    }

    /// The place in the charter's history of the charter that a motion pins.
    fn charter_version(&self, state: &MotionState) -> Option<usize> {
        let Some(by) = state.facts.chartered_by else { return Some(1) };
        let history = self.state.history(&self.graph, &Slot::Charter);
        history.iter().position(|motions| motions.contains(&by)).map(|place| place + 2)
    }

    fn votes(&self, state: &MotionState, shown: &[RollEntry]) -> Vec<Vote> {
        let voters = state.facts.roll.voters().iter().enumerate().zip(shown);
        let vote = |((seat, voter), shown): ((usize, &crate::seating::Voter), &RollEntry)| {
            let ballots = state.ballots.get(&seat).map_or(&[][..], OfSeat::choices);
            let cast = |(place, choice): &(cohub_record::Place, Choice)| {
                let at = self.entry(&place.id).map_or(0, |entry| entry.at);
                (place.seq, Cast { record: place.id, choice: *choice, at })
            };
            let (mut counted, mut others) = (None, Vec::new());
            for (seq, ballot) in ballots.iter().map(cast) {
                if shown.record == Some(ballot.record) {
                    counted = Some((seq, ballot));
                } else {
                    others.push((seq, ballot));
                }
            }
            let counts_from = counted.as_ref().map(|(seq, _)| *seq);
            let why = |seq: u64| match counts_from {
                Some(counts) if seq < counts => "a later one counts",
                Some(_) if state.facts.rule.early_close => "the first one counts",
                _ => "too few tellers held it in time",
            };
            let others =
                others.into_iter().map(|(seq, ballot)| NotCounted { ballot, why: why(seq).to_owned() });
            Vote {
                hub: self.hub_slug(voter.hub),
                name: self.hub_name(voter.hub),
                key: voter.voting,
                others: others.collect(),
                counted: counted.map(|(_, ballot)| ballot),
                conflict: shown.conflict,
            }
        };
        voters.map(vote).collect()
    }

    fn tellers_parts(&self, state: &MotionState) -> Vec<TellersPart> {
        let closings = MotionState::by_teller(&self.graph, &state.closings);
        let refusals = MotionState::by_teller(&self.graph, &state.refusals);
        let returns = MotionState::by_teller(&self.graph, &state.returns);
        let said = |entry: &&Entry| Said { record: entry.id, at: entry.at };
        let part = |seat: &crate::seating::Seat| TellersPart {
            hub: self.hub_slug(seat.hub),
            name: self.hub_name(seat.hub),
            key: seat.teller,
            closing: closings.get(&seat.teller).map(said),
            refusal: refusals.get(&seat.teller).and_then(|entry| {
                Some(Refused { said: said(entry), why: content!(entry, Closing)?.refusal? })
            }),
            returned: returns.get(&seat.teller).and_then(|entry| {
                let crate::Return { outcome, tally } = content!(entry, Return)?.clone();
                Some(Returned { said: said(entry), outcome, tally })
            }),
        };
        state.facts.seating.seats.iter().map(part).collect()
    }
}
