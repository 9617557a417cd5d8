//! What came of a run, and of many.

use cohub_record::Hash;

use crate::promise::{Promise, Violation};

/// What happened in a world, or in several, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Worlds.
    pub seeds: u64,
    /// Valid motions.
    pub motions: u64,
    /// Motions with a final outcome.
    pub finals: u64,
    /// Motions without a rival, without a voter who forked, and with enough notice.
    pub undisputed: u64,
    /// Those of them with a final outcome.
    pub undisputed_finals: u64,
    /// Forks that honest nodes found.
    pub forks: u64,
    /// Refusals by tellers.
    pub refusals: u64,
    /// Nodes that were opened again after they had gone down.
    pub restarts: u64,
    /// Messages that were lost.
    pub drops: u64,
    /// Messages that came twice.
    pub repeats: u64,
    /// Partitions.
    pub cuts: u64,
    /// Those of them that were laid over a deadline.
    pub cuts_across_deadlines: u64,
    /// Writes that a disk refused for want of room.
    pub full_disks: u64,
    /// Writes that failed otherwise.
    pub faults: u64,
    /// Connections that nodes closed.
    pub disconnects: u64,
    /// Records that people wrote.
    pub written: u64,
    /// Requests of people that their node refused.
    pub refused_to_people: u64,
    /// Messages that went through the codecs of the wire.
    pub coded: u64,
    /// Certificates that were verified with nothing else.
    pub proofs: u64,
    /// Hubs that were admitted.
    pub admitted: u64,
    /// Committees that followed on another.
    pub successions: u64,
    /// Those of them that a fallback seated.
    pub fallbacks: u64,
    /// Handovers to them.
    pub handovers: u64,
    /// Motions of theirs with a final outcome.
    pub later_finals: u64,
    /// Inputs to replicas.
    pub inputs: u64,
    /// Simulated time, in milliseconds.
    pub simulated_ms: u64,
}

impl Counts {
    /// Adds the numbers of other worlds.
    pub fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.seeds, other.seeds),
            (&mut self.motions, other.motions),
            (&mut self.finals, other.finals),
            (&mut self.undisputed, other.undisputed),
            (&mut self.undisputed_finals, other.undisputed_finals),
            (&mut self.forks, other.forks),
            (&mut self.refusals, other.refusals),
            (&mut self.restarts, other.restarts),
            (&mut self.drops, other.drops),
            (&mut self.repeats, other.repeats),
            (&mut self.cuts, other.cuts),
            (&mut self.cuts_across_deadlines, other.cuts_across_deadlines),
            (&mut self.full_disks, other.full_disks),
            (&mut self.faults, other.faults),
            (&mut self.disconnects, other.disconnects),
            (&mut self.written, other.written),
            (&mut self.refused_to_people, other.refused_to_people),
            (&mut self.coded, other.coded),
            (&mut self.proofs, other.proofs),
            (&mut self.admitted, other.admitted),
            (&mut self.successions, other.successions),
            (&mut self.fallbacks, other.fallbacks),
            (&mut self.handovers, other.handovers),
            (&mut self.later_finals, other.later_finals),
            (&mut self.inputs, other.inputs),
            (&mut self.simulated_ms, other.simulated_ms),
        ];
        for (sum, more) in pairs {
            *sum += more;
        }
    }
}

/// What came of one seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// The hash of everything that happened, in order.
    pub trace: Hash,
    /// In numbers.
    pub counts: Counts,
    /// What must not be.
    pub violations: Vec<Violation>,
    /// What honest nodes held against each other, and how often.
    pub blames: Vec<(String, u64)>,
}

impl Report {
    /// A world that could not even begin.
    pub(crate) fn failed(seed: u64, what: String) -> Self {
        let violation = Violation { promise: Promise::Dose, at: String::new(), node: 0, what };
        Self {
            seed,
            trace: Hash::from_bytes([0; 32]),
            counts: Counts { seeds: 1, ..Counts::default() },
            violations: vec![violation],
            blames: Vec::new(),
        }
    }
}
