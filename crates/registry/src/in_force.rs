//! What decisions add up to: the versions of each slot, who is in office, which charter holds, where the
//! standing of hubs has come to. All of it is derived anew from the motions that are final.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cohub_record::{Hash, Id, Place, PublicKey};

use crate::Charter;
use crate::effect::{Change, Effect};
use crate::fallback::Generation;
use crate::graph::{Graph, Index};
use crate::identity::Hub;
use crate::motion;
use crate::seating::Seating;
use crate::slot::Slot;
use crate::state::State;

/// Committee and charter as they are now.
#[derive(Debug, Clone)]
pub(crate) struct InForce {
    pub(crate) seating: Arc<Seating>,
    /// The motion that seated it, and the version that this is; none in the first term.
    pub(crate) seated_by: Option<Index>,
    pub(crate) seating_version: Option<Hash>,
    /// Terms are counted from 1.
    pub(crate) term: u32,
    /// The generation, and the versions of those before that stand in it.
    pub(crate) generation: Generation,
    pub(crate) stands: BTreeSet<Hash>,
    pub(crate) charter: Arc<Charter>,
    /// The motion that adopted it, and the version that this is; none for the first charter.
    pub(crate) chartered_by: Option<Index>,
    pub(crate) charter_version: Option<Hash>,
    /// Charters are counted from 1.
    pub(crate) charters: u32,
}

impl InForce {
    /// What the founding record put in force.
    pub(crate) const fn at_first(seating: Arc<Seating>, charter: Arc<Charter>) -> Self {
        Self {
            seating,
            seated_by: None,
            seating_version: None,
            term: 1,
            generation: Generation::FIRST,
            stands: BTreeSet::new(),
            charter,
            chartered_by: None,
            charter_version: None,
            charters: 1,
        }
    }
}

impl State {
    /// The versions that a slot has had, in order, up to the present one: of each the motions that adopted
    /// it, by id. Where more than f tellers lied two versions can have certificates: the slot keeps its
    /// base then, until one of them is settled (Protocol 6.10).
    pub(crate) fn history(&self, graph: &Graph, slot: &Slot) -> Vec<Vec<Index>> {
        let mut history = Vec::new();
        let mut base = None;
        // Protocol 6.9: the committees of a generation begin with the one that its fallback seated.
        if let (Slot::Committee, Some((fallback, _))) = (slot, self.now.generation.begun_by) {
            let replaced = self.motions.get(&fallback).and_then(|state| state.facts.base);
            if let Some((version, mut motions)) = self.version_after(&(Slot::Generation, replaced)) {
                motions.sort_by_key(|index| graph.id(*index));
                history.push(motions);
                base = Some(version);
            }
        }
        while let Some((version, mut motions)) = self.version_after(&(slot.clone(), base)) {
            motions.sort_by_key(|index| graph.id(*index));
            history.push(motions);
            base = Some(version);
        }
        history
    }

    /// The motion that gave a slot its present version, of several the least id, and how many versions there were.
    pub(crate) fn present(&self, graph: &Graph, slot: &Slot) -> Option<(Index, usize)> {
        let history = self.history(graph, slot);
        Some((*history.last()?.first()?, history.len()))
    }

    /// Derives anew what the decision of a motion may have changed. Adds to `touched` the hubs that it concerns.
    pub(crate) fn decided(&mut self, graph: &Graph, motion: Index, touched: &mut BTreeSet<Hub>) {
        let Some(slot) = self.motions.get(&motion).map(|state| state.facts.slot.clone()) else { return };
        let standing = self.standing_by(graph, motion);
        self.now.stands.extend(standing);
        if self.weigh(graph, motion) {
            // What is disputed, or settled by this, may be anything.
            self.derive_in_force(graph);
            self.derive_expulsions(graph, touched);
            touched.extend(self.hubs.keys());
        }
        match slot {
            Slot::Application(_) => {
                touched.extend(self.motions.get(&motion).and_then(|state| self.applicant(graph, state)));
            }
            Slot::Hub(hub) => {
                touched.extend(graph.index(&hub).and_then(|index| graph.hub_of(index)));
                self.derive_expulsions(graph, touched);
            }
            Slot::Keys(hub) => touched.extend(graph.index(&hub).and_then(|index| graph.hub_of(index))),
            Slot::Committee | Slot::Charter => {
                self.derive_in_force(graph);
                touched.extend(self.hubs.keys());
            }
            Slot::Generation => {
                self.derive_in_force(graph);
                self.derive_expulsions(graph, touched);
                touched.extend(self.hubs.keys());
            }
            Slot::Manifesto | Slot::Panel(_) | Slot::Resolution(_) => {}
        }
    }

    fn derive_in_force(&mut self, graph: &Graph) {
        let mut now = InForce::at_first(Arc::clone(&self.first), Arc::clone(&self.charter));
        self.now.generation = self.latest_generation(graph);
        self.now.stands = self.all_standing(graph);
        now.generation = self.now.generation;
        now.stands.clone_from(&self.now.stands);
        let count = |versions: usize| u32::try_from(versions).unwrap_or(u32::MAX).saturating_add(1);
        if let Some((motion, _)) = self.present(graph, &Slot::Committee)
            && let Some(facts) = self.motions.get(&motion).map(|state| &state.facts)
            && let Some(seats) = &facts.seats
        {
            now.seating = Arc::clone(seats);
            (now.seated_by, now.seating_version, now.term) =
                (Some(motion), Some(facts.version), facts.term.saturating_add(1));
        }
        if let Some((motion, charters)) = self.present(graph, &Slot::Charter)
            && let Some(facts) = self.motions.get(&motion).map(|state| &state.facts)
            && let Some(charter) = &facts.amends
        {
            now.charter = Arc::clone(charter);
            (now.chartered_by, now.charter_version, now.charters) =
                (Some(motion), Some(facts.version), count(charters));
        }
        self.now = now;
    }

    /// Protocol 3.3: the expulsion of a hub cuts the logs of its keys behind the last records that it names.
    pub(crate) fn derive_expulsions(&mut self, graph: &Graph, touched: &mut BTreeSet<Hub>) {
        let mut cuts: BTreeMap<PublicKey, Option<Place>> = BTreeMap::new();
        for id in &self.standing_of {
            let Some(hub) = graph.index(id).and_then(|index| graph.hub_of(index)) else { continue };
            let Some((Change::Expel | Change::Lapse, motion)) = self.change(graph, id) else { continue };
            let evidence = graph.get(motion).and_then(|entry| entry.cites.get(motion::group::EVIDENCE));
            for last in evidence.into_iter().flatten().filter_map(|index| graph.get(*index)) {
                if self.is_key_of(hub, &last.author) {
                    let place = Some(last.place());
                    cuts.entry(last.author).and_modify(|cut| *cut = (*cut).max(place)).or_insert(place);
                }
            }
        }
        let before = std::mem::replace(&mut self.expulsions, cuts);
        let changed = before.keys().chain(self.expulsions.keys());
        for key in changed.filter(|key| before.get(*key) != self.expulsions.get(*key)) {
            touched.extend(self.touched_by.get(key).into_iter().flatten());
        }
    }

    /// Whether any motion is about the standing of a hub.
    pub(crate) fn has_standing_motion(&self, graph: &Graph, hub: Hub) -> bool {
        self.standing_of.iter().any(|id| graph.index(id).and_then(|index| graph.hub_of(index)) == Some(hub))
    }

    /// Whether a key controls a hub, or was ever granted something by it.
    fn is_key_of(&self, hub: Hub, key: &PublicKey) -> bool {
        let first = self.hubs_of_first.get(key).is_some_and(|hubs| hubs.contains(&hub));
        let records = self.hubs.get(&hub);
        let granted = records
            .is_some_and(|records| records.grants.contains_key(key) || records.rotates.contains_key(key));
        first || granted || self.founders_keys.get(key) == Some(&hub)
    }

    /// The last decision on the standing of a hub, by an inception's id.
    pub(crate) fn change(&self, graph: &Graph, hub: &Id) -> Option<(Change, Index)> {
        let (motion, _) = self.present(graph, &Slot::Hub(*hub))?;
        match motion::effect(graph, motion)? {
            Effect::Standing { change, .. } => Some((*change, motion)),
            _ => None,
        }
    }

    /// The last decision on the standing of a hub: of a founder that forked its inception, whichever there is.
    pub(crate) fn standing(&self, graph: &Graph, hub: Hub) -> Option<(Change, Index)> {
        if self.standing_of.is_empty() {
            return None;
        }
        let inceptions = self.hubs.get(&hub).map_or(&[][..], |records| &records.inceptions);
        let found = inceptions.iter().filter_map(|index| self.change(graph, &graph.id(*index)));
        found.max_by_key(|(change, motion)| (*change, graph.id(*motion)))
    }

    /// Whether a hub went by itself: an exit that counts.
    pub(crate) fn left(&self, graph: &Graph, hub: Hub) -> Option<Index> {
        let exits = self.hubs.get(&hub).map_or(&[][..], |records| &records.exits);
        self.counting(graph, exits).min_by_key(|(_, entry)| entry.place()).map(|(index, _)| index)
    }

    /// Protocol 4.2: the rotations of a hub that were decided on.
    pub(crate) fn recovered(&self, graph: &Graph, hub: Hub) -> BTreeSet<Index> {
        let inceptions = self.hubs.get(&hub).map_or(&[][..], |records| &records.inceptions);
        let decisions =
            inceptions.iter().flat_map(|index| self.history(graph, &Slot::Keys(graph.id(*index))));
        let effects = decisions.filter_map(|motions| motion::effect(graph, *motions.first()?));
        let rotates = effects.filter_map(|effect| match effect {
            Effect::Recover { rotate, .. } => graph.index(rotate),
            _ => None,
        });
        rotates.collect()
    }

    /// Where the log of a key ends, if it was cut.
    pub(crate) fn cut_of(&self, key: &PublicKey) -> Option<Option<Place>> {
        match (self.cuts.get(key), self.expulsions.get(key)) {
            (Some(one), Some(other)) => Some(*one.min(other)),
            (one, other) => one.or(other).copied(),
        }
    }
}
