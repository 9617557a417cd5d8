//! Whether what nobody disputes is decided.

use std::collections::BTreeMap;

use cohub_record::{Field as _, Id};
use cohub_registry::{Effect, Motion, Outcome, Registry, Verdict};

use crate::promise::Promise;
use crate::scenario::{GRACE_MS, NOTICE_MS};
use crate::world::World;

/// What was decided on the same thing before, oldest first, as the bytes of each effect.
type Base = Vec<Vec<u8>>;
/// What can have one value at a time: an application, the charter, the keys of a hub, on what was decided before.
type Slot = (&'static str, Option<Id>, Base);

impl World {
    /// Counts motions, and those of them that nobody disputes.
    pub(super) fn count_motions(&mut self, witness: usize) {
        let Some(registry) = self.nodes[witness].registry() else { return };
        let motions: Vec<Id> = self.checks.motions().to_vec();
        let valid: Vec<(Id, Slot, Motion)> = motions
            .iter()
            .filter(|id| registry.verdict(id) == Some(&Verdict::Valid))
            .filter_map(|id| Some((*id, self.slot(id)?, self.read_motion(id)?)))
            .collect();
        let mut contenders: BTreeMap<&Slot, Vec<&Effect>> = BTreeMap::new();
        for (_, slot, motion) in &valid {
            contenders.entry(slot).or_default().push(&motion.effect);
        }
        let (mut undisputed, mut undisputed_finals, mut finals) = (0, 0, 0);
        let mut left = Vec::new();
        for (id, slot, motion) in &valid {
            let is_final = registry.certificate(id).is_some();
            finals += u64::from(is_final);
            if self.was_overtaken(registry, motion, id) || self.was_amended_meanwhile(registry, id) {
                continue;
            }
            let rivalled = contenders[slot].iter().any(|other| **other != motion.effect);
            if !rivalled && !self.has_forked_voter(registry, id) && self.had_notice(id, motion.deadline) {
                undisputed += 1;
                undisputed_finals += u64::from(is_final);
                if !is_final {
                    left.push(*id);
                }
            }
        }
        let counts = &mut self.counts;
        counts.motions += valid.len() as u64;
        counts.finals += finals;
        counts.undisputed += undisputed;
        counts.undisputed_finals += undisputed_finals;
        for motion in left {
            self.trace
                .note(self.now_ms, witness, || format!("nobody disputes {motion}, and it is not final"));
        }
        self.check_successors(witness);
    }

    /// Of one base at most one version is adopted.
    fn check_successors(&mut self, witness: usize) {
        let finals = self.checks.finals.iter().filter(|(_, (outcome, _))| *outcome == Outcome::Adopted);
        let mut successors: BTreeMap<Slot, (Id, Effect)> = BTreeMap::new();
        let mut faults = Vec::new();
        // What a fallback has left out has no effect, and is no successor (Protocol 6.9).
        let registry = self.nodes[witness].registry();
        let fallen = |motion: &Id| {
            registry.and_then(|registry| registry.motion(motion)).is_some_and(|motion| motion.fallen)
        };
        for motion in finals.map(|(motion, _)| *motion).filter(|motion| !fallen(motion)) {
            let (Some(slot), Some(read)) = (self.slot(&motion), self.read_motion(&motion)) else { continue };
            let (first, effect) = successors.entry(slot).or_insert((motion, read.effect.clone()));
            if *effect != read.effect {
                faults.push(format!("{first} and {motion} are rivals, and both were adopted"));
            }
        }
        for fault in faults {
            self.checks.violate(self.now_ms, witness, Promise::OneSuccessor, fault);
        }
    }

    /// Whether a motion of the first term was in flight when its tellers were succeeded: they hand over once they
    /// have returned what they closed, and may close no more of it (Protocol 6.7).
    fn was_overtaken(&self, registry: &Registry, motion: &Motion, id: &Id) -> bool {
        let first = self.checks.record(id).is_some_and(|record| {
            record.header().cites.get(1).is_some_and(|seating| seating.contains(&self.cast.network()))
        });
        let seat = registry.view().committee.motion.and_then(|seat| self.read_motion(&seat));
        first && seat.is_some_and(|seat| motion.deadline + 4 * GRACE_MS > seat.deadline)
    }

    /// Whether somebody who counts a motion may have held another charter than the motion's before the motion: who
    /// does refuses it (Protocol 6.4).
    fn was_amended_meanwhile(&self, registry: &Registry, id: &Id) -> bool {
        let amendments = self.checks.motions().iter().filter(|other| {
            let adopted = registry.certificate(other).is_some_and(|(outcome, _)| outcome == Outcome::Adopted);
            adopted && self.amendment_of(id) != Some(**other)
        });
        let amendments = amendments.filter_map(|other| self.read_motion(other));
        let mut amendments = amendments.filter(|other| matches!(other.effect, Effect::Amend { .. }));
        amendments.any(|amendment| {
            (0..self.cast.founders).filter(|node| self.scenario.is_punctual(*node)).any(|node| {
                let receipt = self.checks.valid.get(&(node, *id));
                receipt.is_none_or(|receipt| receipt.local_ms + GRACE_MS > amendment.deadline)
            })
        })
    }

    /// The motion that gave the charter under which a motion is decided; none if the founding record did.
    pub(crate) fn amendment_of(&self, id: &Id) -> Option<Id> {
        let charter = self.checks.record(id)?.header().cites.get(3)?.first()?;
        self.checks.motion_of(charter)
    }

    pub(crate) fn read_motion(&self, id: &Id) -> Option<Motion> {
        Motion::from_value(&self.checks.record(id)?.header().body).ok()
    }

    fn slot(&self, id: &Id) -> Option<Slot> {
        let (what, whose) = match self.read_motion(id)?.effect {
            Effect::Advance { application, .. } => ("application", Some(application)),
            Effect::Amend { .. } => ("charter", None),
            Effect::Recover { hub, .. } => ("keys", Some(hub)),
            _ => return None,
        };
        Some((what, whose, self.base(id)?))
    }

    /// The decisions that stand behind a motion, oldest first. Motions with one effect on one base are one
    /// version, so effects name them.
    fn base(&self, id: &Id) -> Option<Base> {
        let returned = self.checks.record(id)?.header().cites.get(4)?.first();
        let Some(before) = returned.and_then(|returned| self.checks.motion_of(returned)) else {
            return Some(Vec::new());
        };
        let mut base = self.base(&before)?;
        base.push(self.read_motion(&before)?.effect.to_value().encode());
        Some(base)
    }

    fn has_forked_voter(&self, registry: &Registry, motion: &Id) -> bool {
        registry.forks().iter().any(|fork| {
            let ballots = registry.heads(motion).into_iter().flatten();
            ballots.filter_map(|id| registry.place(&id)).any(|(author, _)| author == fork.author)
        })
    }

    /// Whether every honest teller with a good clock got it in time, and not too early.
    fn had_notice(&self, motion: &Id, deadline_ms: u64) -> bool {
        let punctual = (0..self.cast.founders).filter(|node| self.scenario.is_punctual(*node));
        punctual.into_iter().all(|node| {
            self.checks.valid.get(&(node, *motion)).is_some_and(|receipt| {
                let earliest_ms = deadline_ms.saturating_sub(self.cast.charter.timing.maximum_ms);
                (earliest_ms..=deadline_ms.saturating_sub(NOTICE_MS)).contains(&receipt.local_ms)
            })
        })
    }
}
