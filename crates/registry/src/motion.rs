//! Motions: what a body is asked to decide, with everything that it pins (Protocol 6.1).

mod dossier;
mod rules;

use std::collections::BTreeMap;
use std::sync::Arc;

use cohub_record::{Hash, Id, List, PublicKey, positional};

use crate::charter::Body;
use crate::conflict::{self, Conflict};
use crate::effect::Effect;
use crate::fallback::{self, Generation};
use crate::graph::{Entry, Graph, Index};
use crate::past::content;
use crate::seating::{Roll, Seat, Seating, Voter};
use crate::slot::{Slot, version_of};
use crate::terms::Terms;
use crate::{Charter, Rule};

pub(crate) use dossier::missing;
pub(crate) use rules::judge;

/// Places of the groups of a motion's cites.
pub(crate) mod group {
    pub(crate) const SEATING: usize = 1;
    pub(crate) const HANDOVERS: usize = 2;
    pub(crate) const CHARTER: usize = 3;
    pub(crate) const BASE: usize = 4;
    pub(crate) const EVIDENCE: usize = 5;
    pub(crate) const ROLL: usize = 6;
}

positional! {
    /// A hub's vote in the assembly.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Voice {
        /// The hub.
        pub hub: Id,
        /// The key that votes for it.
        pub voting: PublicKey,
    }
}

positional! {
    /// A question put to a body.
    pub struct Motion {
        /// What it is to bring about.
        pub effect: Effect,
        /// D: until when ballots are taken, in milliseconds since the Unix epoch.
        pub deadline: u64,
        /// The assembly's roll; empty where the committee decides, whose roll is its seats.
        pub roll: List<Voice, 1024>,
    }
}

/// What follows from a valid motion and its past alone.
#[derive(Debug, Clone)]
pub(crate) struct MotionFacts {
    pub(crate) slot: Slot,
    pub(crate) base: Option<Hash>,
    pub(crate) version: Hash,
    pub(crate) body: Body,
    pub(crate) rule: Rule,
    pub(crate) deadline: u64,
    /// Who votes.
    pub(crate) roll: Arc<Roll>,
    /// Who of them has a conflict of interest by the charter, by place on the roll.
    pub(crate) conflicts: BTreeMap<usize, Conflict>,
    /// Whose tellers count, and by which motion the committee of the term is in office; none for the first. The
    /// tellers are those of that committee, or of its fallback roll.
    pub(crate) seating: Arc<Seating>,
    pub(crate) seated_by: Option<Index>,
    /// The term in which it is decided, counted from 1.
    pub(crate) term: u32,
    /// The generation in which it is decided.
    pub(crate) generation: Generation,
    /// The charter that it runs under, and the motion that adopted that; none for the first.
    pub(crate) charter: Arc<Charter>,
    pub(crate) chartered_by: Option<Index>,
    /// The motion whose certificate it stands on.
    pub(crate) after: Option<Index>,
    /// The committee that it is to bring into office.
    pub(crate) seats: Option<Arc<Seating>>,
    /// The charter that it is to bring into force.
    pub(crate) amends: Option<Arc<Charter>>,
}

impl MotionFacts {
    /// Whether another motion is for another version of the same slot and base, in the same generation: what one
    /// generation adopts locks nobody in another (Protocol 6.9).
    pub(crate) fn rivals(&self, other: &Self) -> bool {
        let same = self.slot == other.slot && self.base == other.base;
        same && self.version != other.version && self.generation.is(other.generation)
    }
}

/// The motion that a group of returns is about.
pub(crate) fn decided_by(graph: &Graph, entry: &Entry, group: usize) -> Option<Index> {
    let returned = graph.get(entry.cite(group)?)?;
    returned.is(crate::Kind::Return).then(|| returned.cite(0)).flatten()
}

/// Whether a motion's adoption is the admission: it reaches the last stage of its charter.
pub(crate) fn is_admission(terms: Terms<'_>, graph: &Graph, motion: Index) -> bool {
    let Some(Effect::Advance { stage, .. }) = effect(graph, motion) else { return false };
    let last = terms.motion(motion).and_then(|facts| facts.charter.stages.last());
    last.is_some_and(|last| last.slug == *stage)
}

/// What a motion is to bring about.
pub(crate) fn effect(graph: &Graph, motion: Index) -> Option<&Effect> {
    graph.get(motion).and_then(|entry| content!(entry, Motion)).map(|motion| &motion.effect)
}

/// The seating that a group of cites names: the founding record's, or that of a certificate.
pub(crate) fn seating_of(
    terms: Terms<'_>,
    graph: &Graph,
    entry: &Entry,
    group: usize,
) -> Option<(Option<Index>, Arc<Seating>)> {
    if let Some(motion) = decided_by(graph, entry, group) {
        return Some((Some(motion), terms.motion(motion)?.seats.clone()?));
    }
    let founding = graph.get(entry.cite(group)?)?;
    content!(founding, Founding).map(|_| (None, Arc::clone(terms.first())))
}

/// The charter that a group of cites names.
fn charter_of(
    terms: Terms<'_>,
    graph: &Graph,
    entry: &Entry,
    group: usize,
) -> Option<(Option<Index>, Arc<Charter>)> {
    if let Some(motion) = decided_by(graph, entry, group) {
        return Some((Some(motion), terms.motion(motion)?.amends.clone()?));
    }
    let founding = graph.get(entry.cite(group)?)?;
    content!(founding, Founding).map(|_| (None, Arc::clone(terms.charter())))
}

/// Who decides a motion, and by which rule, under a charter.
fn decides(charter: &Charter, effect: &Effect) -> Option<(Body, Rule)> {
    match effect {
        Effect::Advance { stage, .. } => {
            let (_, stage) = charter.stage(stage)?;
            Some((stage.body, charter.rule(&stage.rule)?.clone()))
        }
        other => charter.decides(other.matter()?),
    }
}

/// Gathers what later records ask of a valid motion.
pub(crate) fn facts(terms: Terms<'_>, graph: &Graph, entry: &Entry) -> Option<MotionFacts> {
    let motion = content!(entry, Motion)?;
    let (seated_by, seating) = seating_of(terms, graph, entry, group::SEATING)?;
    let (chartered_by, charter) = charter_of(terms, graph, entry, group::CHARTER)?;
    let (body, rule) = decides(&charter, &motion.effect)?;
    let after = decided_by(graph, entry, group::BASE);
    let base = after.and_then(|after| terms.motion(after)).map(|after| after.version);
    let slot = Slot::of(&motion.effect);
    let hub = |id: &Id| graph.hub_of(graph.index(id)?);
    let roll = match body {
        Body::Committee => Arc::clone(&seating.roll),
        Body::Assembly => {
            let voter = |voice: &Voice| Some(Voter { hub: hub(&voice.hub)?, voting: voice.voting });
            Arc::new(Roll::of(motion.roll.iter().filter_map(voter).collect()))
        }
    };
    let conflicts = match &motion.effect {
        Effect::Advance { application, .. } => conflict::on_roll(graph, &charter, entry, application, &roll),
        _ => BTreeMap::new(),
    };
    let (mut seats, mut amends) = (None, None);
    match &motion.effect {
        Effect::Seat { seats: chairs } | Effect::Fallback { seats: chairs, .. } => {
            let seat = |chair: &crate::Chair| {
                Some(Seat { hub: hub(&chair.hub)?, voting: chair.voting, teller: chair.teller })
            };
            seats = Some(Arc::new(seating.after(chairs.iter().filter_map(seat).collect())));
        }
        Effect::Amend { charter } => amends = Some(Arc::new(charter.as_ref().clone())),
        _ => {}
    }
    let seated = seated_by.and_then(|motion| Some((motion, terms.motion(motion)?)));
    let generation = seated.map_or(Generation::FIRST, |(motion, facts)| Generation::under(motion, facts));
    let tellers = match &motion.effect {
        // Protocol 6.9: the committee cannot count any more, the fallback roll does.
        Effect::Fallback { .. } => Arc::new(seating.after(fallback::tellers_of(&roll))),
        _ => seating,
    };
    Some(MotionFacts {
        version: version_of(&slot, base.as_ref(), &motion.effect),
        slot,
        base,
        body,
        rule,
        deadline: motion.deadline,
        roll,
        conflicts,
        seating: tellers,
        term: seated.map_or(1, |(_, seats)| seats.term.saturating_add(1)),
        generation,
        seated_by,
        charter,
        chartered_by,
        after,
        seats,
        amends,
    })
}

/// The application that an `advance` motion is about.
pub(crate) fn application_index(graph: &Graph, motion: Index) -> Option<Index> {
    match effect(graph, motion)? {
        Effect::Advance { application, .. } => graph.index(application),
        _ => None,
    }
}
