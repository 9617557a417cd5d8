//! What must be there when everybody has gone home: a decision can be proved to somebody who holds nothing,
//! and a node shows after a power cut what it showed before.

use cohub_record::{Hash, Id};
use cohub_registry::{Registry, certificate};
use cohub_replica::Records as _;

use crate::node::Machine;
use crate::promise::Promise;
use crate::world::World;

impl World {
    /// Exports the certificate of one decision and verifies it with nothing else.
    pub(super) fn check_proof(&mut self, witness: usize) {
        // Who verifies does not share a weakness.
        if self.scenario.switched_off.is_some() {
            return;
        }
        let finals: Vec<Id> = self.checks.concluded[witness].keys().copied().collect();
        let Some(motion) = self.dice.pick(&finals) else { return };
        if let Some(fault) = self.fault_of_proof(witness, &motion) {
            let what = format!("cannot prove {motion}: {fault}");
            self.checks.violate(self.now_ms, witness, Promise::Proof, what);
        } else {
            self.counts.proofs += 1;
        }
    }

    fn fault_of_proof(&self, witness: usize, motion: &Id) -> Option<String> {
        let node = &self.nodes[witness];
        let (registry, disk) = (node.registry()?, node.disk()?);
        let read = &mut |author: &_, place| disk.read(author, place).ok()?.map(|bytes| bytes.to_vec());
        let verified = registry
            .export(motion, read)
            .and_then(|file| certificate::verify(&file, Some(self.cast.network())))
            .map(|verified| verified.outcome);
        let shown = self.checks.concluded[witness].get(motion).copied();
        match verified {
            Ok(outcome) if Some(outcome) == shown => None,
            Ok(outcome) => Some(format!("the file says {outcome}")),
            Err(error) => Some(error.to_string()),
        }
    }

    /// Takes the power from a node and opens it again.
    pub(super) fn check_power_cut(&mut self, honest: &[usize]) {
        let Some(place) = self.dice.pick(honest) else { return };
        let head = |world: &Self| -> Option<Hash> { world.nodes[place].registry().map(Registry::head) };
        let before = head(self);
        let (switched_off, seed) = (self.scenario.switched_off, self.scenario.seed);
        let node = &mut self.nodes[place];
        let Machine::Up(_, disk) = &node.machine else { return };
        let disk = disk.platter().power_lost(seed).open(cohub_store::Schedule::seeded(seed, 0));
        match disk.replica(node.config.clone(), switched_off) {
            Ok(replica) => node.machine = Machine::Up(Box::new(replica), disk),
            Err(error) => {
                let what = format!("does not open after a power cut: {error}");
                return self.checks.violate(self.now_ms, place, Promise::Keeping, what);
            }
        }
        self.check_reopened(place);
        if head(self) != before {
            let what = "shows another registry after a power cut".to_owned();
            self.checks.violate(self.now_ms, place, Promise::Keeping, what);
        }
    }
}
