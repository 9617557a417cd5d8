//! Which ballots counted, and which should have: a ballot that no honest teller held in time never does,
//! one that 2f+1 of them held always does, if its voter did not fork (Protocol 7).

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Field as _, Id, Place, PublicKey, Record};
use cohub_registry::{Effect, Kind, Motion, Registry, Rule, Verdict};

use crate::checks::{Checks, Receipt};
use crate::oracle;
use crate::promise::Promise;
use crate::scenario::GRACE_MS;
use crate::world::World;

/// One motion, as the check of its ballots needs it.
struct Poll<'a> {
    checks: &'a Checks,
    registry: &'a Registry,
    punctual: &'a [usize],
    tolerated: usize,
    unsupported: usize,
    motion: Id,
    closes_ms: u64,
    early: bool,
    /// Valid ballots by voter.
    ballots: BTreeMap<PublicKey, BTreeSet<Place>>,
}

impl World {
    /// Checks every return that counts towards a final outcome.
    pub(super) fn check_ballots(&mut self, witness: usize) {
        let Some(registry) = self.nodes[witness].registry() else { return };
        let punctual: Vec<usize> =
            (0..self.cast.founders).filter(|node| self.scenario.is_punctual(*node)).collect();
        let mut faults = Vec::new();
        let returns = registry.ids_of(Kind::Return);
        for motion in self.checks.finals.keys() {
            let Some(poll) = self.poll(registry, &punctual, *motion) else { continue };
            let on = returns.iter().filter_map(|id| self.checks.record(id));
            for returned in on.filter(|record| record.header().cites[0] == [*motion]) {
                faults.extend(poll.faults(returned));
            }
        }
        for fault in faults {
            self.checks.violate(self.now_ms, witness, Promise::Ballots, fault);
        }
    }

    /// The rule by which a motion is counted.
    pub(crate) fn rule_of(&self, motion: &Id) -> Option<Rule> {
        let body = Motion::from_value(&self.checks.record(motion)?.header().body).ok()?;
        let amendment = self.amendment_of(motion).and_then(|amendment| self.read_motion(&amendment));
        let charter = match amendment.as_ref().map(|amendment| &amendment.effect) {
            Some(Effect::Amend { charter }) => charter,
            _ => &self.cast.charter,
        };
        match &body.effect {
            Effect::Advance { stage, .. } => charter.rule(&charter.stage(stage)?.1.rule).cloned(),
            effect => charter.decides(effect.matter()?).map(|(_, rule)| rule),
        }
    }

    fn poll<'a>(&'a self, registry: &'a Registry, punctual: &'a [usize], motion: Id) -> Option<Poll<'a>> {
        let body = Motion::from_value(&self.checks.record(&motion)?.header().body).ok()?;
        let early = self.rule_of(&motion)?.early_close;
        let ballots = oracle::ballots(registry, &self.checks, &motion);
        Some(Poll {
            checks: &self.checks,
            registry,
            punctual,
            tolerated: self.cast.tolerated(),
            unsupported: self.cast.unsupported(self.scenario.switched_off),
            motion,
            closes_ms: body.deadline + GRACE_MS,
            early,
            ballots,
        })
    }
}

impl Poll<'_> {
    fn faults(&self, returned: &Record) -> Vec<String> {
        if self.registry.verdict(&returned.id()) != Some(&Verdict::Valid) {
            return Vec::new();
        }
        let Some(closings) = returned.header().cites.get(1) else { return Vec::new() };
        self.ballots.iter().filter_map(|(voter, ballots)| self.fault(voter, ballots, closings)).collect()
    }

    fn fault(&self, voter: &PublicKey, ballots: &BTreeSet<Place>, closings: &[Id]) -> Option<String> {
        let log = self.registry.log(voter)?;
        let counted = oracle::counted(self.registry, self.checks, voter, ballots, closings, self.unsupported);
        if let Some(counted) = counted
            && !self.punctual.iter().any(|node| self.was_stored_in_time(*node, &counted.id))
        {
            return Some(format!(
                "ballot {} counted for {}, though no honest teller held it in time",
                counted.id, self.motion
            ));
        }
        if log.is_forked() {
            return None;
        }
        // Of an early rule the first ballot counts, else each is as good as a later one.
        let due = if self.early { ballots.first() } else { ballots.last() };
        let missed =
            ballots.iter().rev().filter(|ballot| !self.early || Some(*ballot) == due).find(|ballot| {
                let holders = self.punctual.iter().filter(|node| self.was_valid_in_time(**node, &ballot.id));
                holders.count() > 2 * self.tolerated
            })?;
        let good = counted.is_some_and(|counted| counted.seq >= missed.seq || self.early);
        (!good).then(|| {
            format!(
                "ballot {} did not count for {}, though 2f+1 honest tellers held it in time",
                missed.id, self.motion
            )
        })
    }

    fn was_stored_in_time(&self, node: usize, ballot: &Id) -> bool {
        self.checks.stored.get(&(node, *ballot)).is_some_and(|receipt| receipt.local_ms < self.closes_ms)
    }

    fn was_valid_in_time(&self, node: usize, ballot: &Id) -> bool {
        let receipt = self.checks.valid.get(&(node, *ballot));
        receipt.is_some_and(|receipt| receipt.local_ms < self.closes_ms && self.was_open(node, receipt))
    }

    /// Where the rule closes early a ballot may come in time and still find the vote closed.
    fn was_open(&self, node: usize, receipt: &Receipt) -> bool {
        let closed = self.checks.stored.iter().find(|((at, id), _)| {
            *at == node
                && self.checks.motion_of(id) == Some(self.motion)
                && self.checks.record(id).is_some_and(|record| {
                    record.header().kind == Kind::Closing.as_str()
                        && self.checks.is_teller(&record.author(), node)
                })
        });
        !self.early || closed.is_none_or(|(_, closed)| receipt.order < closed.order)
    }
}
