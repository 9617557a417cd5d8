//! The way out of a deadlock (Protocol 6.9): where too many tellers are gone for ever, those who elected the committee
//! seat another one and say what stands. With that a new *generation* begins, in which nothing else of the old one counts.

mod counting;
mod drafting;

use std::collections::BTreeSet;

use cohub_record::{Hash, PublicKey};

use crate::credentials::Credentials;
use crate::effect::Effect;
use crate::founding::Role;
use crate::graph::{Graph, Index};
use crate::identity::Hub;
use crate::motion::{self, Motion, MotionFacts, group};
use crate::past::{Past, content};
use crate::seating::{Roll, Seat};
use crate::slot::Slot;
use crate::state::{MotionState, State};
use crate::{Outcome, Void};

/// In which generation a motion is decided, and which fallback began that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation {
    /// Counted from 1.
    pub(crate) number: u32,
    /// The fallback motion and its version; none in the first generation.
    pub(crate) begun_by: Option<(Index, Hash)>,
}

impl Generation {
    /// That of the founding record.
    pub(crate) const FIRST: Self = Self { number: 1, begun_by: None };

    /// That of what is decided under the committee which a motion seated.
    pub(crate) fn under(motion: Index, facts: &MotionFacts) -> Self {
        if facts.is_fallback() {
            let number = facts.generation.number.saturating_add(1);
            return Self { number, begun_by: Some((motion, facts.version)) };
        }
        facts.generation
    }

    /// Whether both are the same. A fallback that was opened twice begins one generation.
    pub(crate) fn is(self, other: Self) -> bool {
        let version = |of: Self| of.begun_by.map(|(_, version)| version);
        version(self) == version(other)
    }

    /// The versions that the fallback lists which began it.
    pub(crate) fn listed(self, graph: &Graph) -> &[Hash] {
        match self.begun_by.and_then(|(motion, _)| motion::effect(graph, motion)) {
            Some(Effect::Fallback { stands, .. }) => stands,
            _ => &[],
        }
    }

    /// Protocol 6.9: whether a decision counts in this generation by what a record's past says: it is of this
    /// generation, began it, or is listed.
    pub(crate) fn keeps(self, graph: &Graph, decision: &MotionFacts) -> bool {
        self.is(decision.generation)
            || self.begun_by.is_some_and(|(_, version)| version == decision.version)
            || self.listed(graph).contains(&decision.version)
    }
}

impl MotionFacts {
    /// Whether it is a fallback.
    pub(crate) fn is_fallback(&self) -> bool {
        self.slot == Slot::Generation
    }
}

/// The seats with which a fallback roll counts: each hub by its representative.
pub(crate) fn tellers_of(roll: &Roll) -> Vec<Seat> {
    let seat =
        |voter: &crate::seating::Voter| Seat { hub: voter.hub, voting: voter.voting, teller: voter.voting };
    roll.voters().iter().map(seat).collect()
}

/// Protocol 6.9: the hubs that may decide a fallback from the committee that a motion seated: those of that
/// motion's roll; from the first committee, all founders.
pub(crate) fn roll_of(seated: Option<&MotionFacts>, founders: usize) -> BTreeSet<Hub> {
    match seated {
        Some(seated) => seated.roll.voters().iter().map(|voter| voter.hub).collect(),
        None => (0u16..).take(founders).map(Hub::Founder).collect(),
    }
}

/// The rules of a fallback beside those of every motion that seats a committee.
pub(crate) fn judge(
    past: &Past<'_>,
    motion: &Motion,
    seated_by: Option<Index>,
    stands: &[Hash],
) -> Result<(), Void> {
    judge_roll(past, motion, seated_by)?;
    past.require(16, !has_successor(past, seated_by), "the committee that it replaces was succeeded before")?;
    let once: BTreeSet<&Hash> = stands.iter().collect();
    past.require(17, once.len() == stands.len(), "lists a version twice")
}

/// Protocol 6.9: each hub of the fallback roll, and no other, by a representative that it granted.
fn judge_roll(past: &Past<'_>, motion: &Motion, seated_by: Option<Index>) -> Result<(), Void> {
    let founding = past.group(group::SEATING).find_map(|(_, entry)| content!(entry, Founding));
    let seated = seated_by.and_then(|motion| past.terms.motion(motion));
    let wanted = roll_of(seated, founding.map_or(0, |founding| founding.founders.len()));
    let credentials = Credentials::read(past, group::ROLL);
    let (mut hubs, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for voice in motion.roll.iter() {
        let hub = credentials.known(&voice.hub).filter(|hub| wanted.contains(hub));
        let hub = hub.ok_or_else(|| {
            let named = voice.hub.to_hub_text();
            past.void(15, format!("{named} is not on the fallback roll, or nothing of it is shown"))
        })?;
        let fresh = hubs.insert(hub) && keys.insert(voice.voting);
        past.require(15, fresh, "a hub or key stands twice on the roll")?;
        let granted = credentials.granted(&voice.hub, &voice.voting, Role::Representative);
        past.require(15, granted, "does not show that a voting key is its hub's representative")?;
    }
    past.require(15, hubs == wanted, "a hub of the fallback roll is missing")
}

/// Whether q returns that seat a committee after the one that a motion seated stand in the past of a record.
fn has_successor(past: &Past<'_>, seated_by: Option<Index>) -> bool {
    let base = seated_by.and_then(|motion| past.terms.motion(motion)).map(|facts| facts.version);
    let successors: Vec<&MotionState> = past.terms.successors(base).collect();
    if successors.is_empty() {
        return false;
    }
    // Walked only where such a certificate is there at all. What it is asked for is in the past alone.
    let before = past.graph.past_of(past.entry.cites.all().chain(past.entry.prev));
    successors.into_iter().any(|state| {
        let adopted = state.returns_of(past.graph, Outcome::Adopted);
        let tellers: BTreeSet<PublicKey> =
            adopted.filter(|(index, _)| before.contains(index)).map(|(_, entry)| entry.author).collect();
        tellers.len() >= state.facts.seating.quorum()
    })
}

impl State {
    /// The motions that were adopted to seat a committee after the one of this version.
    pub(crate) fn successors(&self, base: Option<Hash>) -> impl Iterator<Item = &MotionState> {
        let contests = [(Slot::Committee, base), (Slot::Generation, base)];
        let motions =
            contests.into_iter().flat_map(|contest| self.contenders.get(&contest).into_iter().flatten());
        let states = motions.filter_map(|index| self.motions.get(index));
        states.filter(|state| state.certified().any(|one| one == Outcome::Adopted))
    }

    /// The generation of now. Protocol 6.9: of several fallbacks that are final the one of the highest generation
    /// counts, of these the one that replaces the committee of the latest term.
    pub(crate) fn latest_generation(&self, graph: &Graph) -> Generation {
        let contests = self.contenders.range((Slot::Generation, None)..).map(|(contest, _)| contest);
        let contests = contests.take_while(|(slot, _)| *slot == Slot::Generation);
        let begun = contests.filter_map(|contest| {
            let (version, motions) = self.version_after(contest)?;
            let motion = motions.into_iter().min_by_key(|index| graph.id(*index))?;
            let facts = &self.motions.get(&motion)?.facts;
            Some((
                (facts.generation.number, facts.term, std::cmp::Reverse(version)),
                Generation::under(motion, facts),
            ))
        });
        begun.max_by_key(|(rank, _)| *rank).map_or(Generation::FIRST, |(_, generation)| generation)
    }

    /// The versions of the generations before that stand in the one of now: those listed, and what they stand on.
    pub(crate) fn all_standing(&self, graph: &Graph) -> BTreeSet<Hash> {
        if self.now.generation.begun_by.is_none() {
            return BTreeSet::new();
        }
        self.motions.keys().flat_map(|motion| self.standing_by(graph, *motion)).collect()
    }

    /// What an adopted motion contributes to them: its version, if that is listed, and those before it.
    pub(crate) fn standing_by(&self, graph: &Graph, motion: Index) -> Vec<Hash> {
        let listed = self.now.generation.listed(graph);
        let Some(state) = self
            .motions
            .get(&motion)
            .filter(|state| !state.facts.is_fallback() && listed.contains(&state.facts.version))
        else {
            return Vec::new();
        };
        if !state.certified().any(|one| one == Outcome::Adopted) {
            return Vec::new();
        }
        let facts = |index: Index| self.motions.get(&index).map(|state| &state.facts);
        let chain = std::iter::successors(Some(&state.facts), |later| facts(later.after?));
        chain.map(|facts| facts.version).collect()
    }

    /// Protocol 6.9: whether a decision counts now: a fallback does, what was decided in the generation of now, and
    /// what stands of those before.
    pub(crate) fn is_kept(&self, facts: &MotionFacts) -> bool {
        facts.is_fallback()
            || facts.generation.is(self.now.generation)
            || self.now.stands.contains(&facts.version)
    }
}
