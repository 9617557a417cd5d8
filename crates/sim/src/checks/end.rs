//! What must hold at the end, when everything is mended: the honest nodes are equal, and nothing that
//! anybody was promised is missing.

use std::collections::BTreeSet;

use cohub_record::{Field as _, Hash, Id};
use cohub_registry::{Closing, Effect, Keeping, Kind, Motion};

use crate::checks::Checks;
use crate::promise::Promise;
use crate::report::Counts;
use crate::scenario::GRACE_MS;
use crate::world::World;

impl World {
    /// Whether the time of every motion is long over.
    pub(crate) fn are_all_motions_over(&self) -> bool {
        let motions = self.checks.motions().iter().filter_map(|id| self.checks.record(id));
        let deadlines = motions.filter_map(|record| Motion::from_value(&record.header().body).ok());
        // A clock may be so far off that nobody waits for its motions.
        let soon =
            deadlines.map(|motion| motion.deadline).filter(|deadline| *deadline < self.now_ms + 86_400_000);
        soon.max().is_none_or(|last| last + 5 * GRACE_MS < self.now_ms)
    }

    /// Judges the world when it has ended.
    pub(crate) fn judge(&mut self) {
        let honest = self.honest();
        let Some(witness) = honest.first().copied() else { return };
        self.check_equality(&honest);
        self.check_acknowledged(&honest);
        self.check_forks(witness);
        self.check_ballots(witness);
        self.count_motions(witness);
        self.count_refusals(witness);
        self.count_admitted(witness);
        self.count_terms(witness);
        self.count_upheavals(witness);
        self.counts.forks += self.checks.forks() as u64;
        self.counts.simulated_ms += self.now_ms - crate::scenario::BEGINS_MS;
        self.check_dose();
        self.check_proof(witness);
        self.check_power_cut(&honest);
    }

    fn check_equality(&mut self, honest: &[usize]) {
        let heads: Vec<(usize, Option<Hash>)> = honest
            .iter()
            .map(|node| (*node, self.nodes[*node].registry().map(cohub_registry::Registry::head)))
            .collect();
        let roots: Vec<_> = honest.iter().map(|node| self.nodes[*node].root()).collect();
        let Some(((first, head), root)) = heads.first().zip(roots.first()) else { return };
        for ((node, other), other_root) in heads.iter().zip(&roots).skip(1) {
            if other.is_none() || root != other_root {
                let what =
                    format!("holds other records than node {first}: {}", self.difference(*first, *node));
                self.checks.violate(self.now_ms, *node, Promise::Equality, what);
            } else if head != other {
                let what = format!("holds what node {first} holds, and shows another registry");
                self.checks.violate(self.now_ms, *node, Promise::Equality, what);
            }
        }
    }

    /// What one of two nodes holds and the other does not, in a few words.
    fn difference(&self, one: usize, other: usize) -> String {
        let (Some(mine), Some(theirs)) = (self.nodes[one].registry(), self.nodes[other].registry()) else {
            return "one belongs to no network".to_owned();
        };
        let missing = |from: &cohub_registry::Registry, of: &cohub_registry::Registry| -> Vec<String> {
            let ids = from
                .authors()
                .flat_map(|author| from.log(&author).into_iter().flat_map(|l| l.places_from(0)));
            let lacking = ids.filter(|place| of.place(&place.id).is_none());
            lacking
                .map(|place| {
                    let record = self.checks.record(&place.id);
                    let kind = record.map_or("?", |record| record.header().kind.as_str());
                    let whose = record.and_then(|record| self.cast.desk(&record.author()));
                    format!("{kind} {} of {whose:?}", place.seq)
                })
                .take(5)
                .collect()
        };
        format!("it lacks {:?}, node {one} lacks {:?}", missing(mine, theirs), missing(theirs, mine))
    }

    fn check_acknowledged(&mut self, honest: &[usize]) {
        let mut lost: Vec<(usize, usize, Id)> = Vec::new();
        for node in honest {
            let Some(registry) = self.nodes[*node].registry() else { continue };
            let missing = self.checks.acknowledged.iter().filter(|(_, id)| registry.place(id).is_none());
            lost.extend(missing.map(|(by, id)| (*node, *by, *id)));
        }
        for (node, by, id) in lost {
            self.checks.violate(
                self.now_ms,
                node,
                Promise::Keeping,
                format!("lacks {id}, which node {by} had acknowledged"),
            );
        }
    }

    fn check_forks(&mut self, witness: usize) {
        let Some(registry) = self.nodes[witness].registry() else { return };
        let wrong: Vec<_> =
            registry.forks().into_iter().filter(|fork| self.checks.is_honest_key(&fork.author)).collect();
        for fork in wrong {
            let what = format!("shows a fork of {} at {}, who is honest", fork.author, fork.seq);
            self.checks.violate(self.now_ms, witness, Promise::OneHand, what);
        }
    }

    /// A world in which too little goes wrong shows nothing.
    fn check_dose(&mut self) {
        let Counts { forks, refusals, restarts, .. } = self.counts;
        for (count, what) in [(forks, "fork"), (refusals, "refusal"), (restarts, "restart")] {
            if count == 0 {
                self.checks.violate(self.now_ms, 0, Promise::Dose, format!("there was no {what}"));
            }
        }
    }

    fn count_admitted(&mut self, witness: usize) {
        let Some(registry) = self.nodes[witness].registry() else { return };
        let newcomers = (self.cast.founders..self.cast.hubs.len()).map(|hub| self.controller(hub));
        self.counts.admitted +=
            newcomers.filter(|key| registry.keeping(key) == Keeping::Whole).count() as u64;
    }

    fn count_terms(&mut self, witness: usize) {
        let Some(registry) = self.nodes[witness].registry() else { return };
        let committee = registry.view().committee;
        self.counts.successions += u64::from(committee.term.saturating_sub(1));
        self.counts.fallbacks += u64::from(committee.generation.saturating_sub(1));
        self.counts.handovers += committee.handovers as u64;
        let later = registry.ids_of(Kind::Motion).into_iter().filter(|id| {
            let seating = self.checks.record(id).and_then(|record| record.header().cites.get(1).cloned());
            let first = seating.is_none_or(|seating| seating.contains(&self.cast.network()));
            !first && registry.certificate(id).is_some()
        });
        self.counts.later_finals += later.count() as u64;
    }

    fn count_upheavals(&mut self, witness: usize) {
        let Some(registry) = self.nodes[witness].registry() else { return };
        let adopted = registry.ids_of(Kind::Motion).into_iter().filter(|id| {
            registry.certificate(id).is_some_and(|(outcome, _)| outcome == cohub_registry::Outcome::Adopted)
        });
        let effects = adopted.filter_map(|id| Some(self.read_motion(&id)?.effect));
        let (mut amendments, mut recoveries) = (0, 0);
        for effect in effects {
            amendments += u64::from(matches!(effect, Effect::Amend { .. }));
            recoveries += u64::from(matches!(effect, Effect::Recover { .. }));
        }
        let rotations = registry.ids_of(Kind::Rotate);
        let rotated: BTreeSet<_> =
            rotations.iter().filter_map(|id| registry.place(id)).map(|(author, _)| author).collect();
        self.counts.amendments += amendments;
        self.counts.recoveries += recoveries;
        self.counts.rotations += rotated.len() as u64;
        self.counts.stolen += (rotations.len() - rotated.len()) as u64;
        let pinned = registry.ids_of(Kind::Motion).into_iter();
        let pinned =
            pinned.filter(|id| self.amendment_of(id).is_some() && registry.certificate(id).is_some());
        self.counts.amended_finals += pinned.count() as u64;
    }

    fn count_refusals(&mut self, witness: usize) {
        let Some(registry) = self.nodes[witness].registry() else { return };
        let closings = registry.ids_of(Kind::Closing).into_iter();
        let bodies =
            closings.filter_map(|id| Closing::from_value(&self.checks.record(&id)?.header().body).ok());
        self.counts.refusals += bodies.filter(|closing| closing.refusal.is_some()).count() as u64;
    }
}

impl Checks {
    /// Whether a key is the teller's of a hub.
    pub(super) fn is_teller(&self, key: &cohub_record::PublicKey, hub: usize) -> bool {
        self.keys.get(key) == Some(&hub)
    }
}
