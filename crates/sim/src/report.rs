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
    /// Amendments of the charter that were adopted.
    pub amendments: u64,
    /// Motions under an amended charter with a final outcome.
    pub amended_finals: u64,
    /// Keys that took over a hub from the one before.
    pub rotations: u64,
    /// Those of them to which two people rotated.
    pub stolen: u64,
    /// Votes that let one of two rotations stand.
    pub recoveries: u64,
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
            (&mut self.amendments, other.amendments),
            (&mut self.amended_finals, other.amended_finals),
            (&mut self.rotations, other.rotations),
            (&mut self.stolen, other.stolen),
            (&mut self.recoveries, other.recoveries),
            (&mut self.inputs, other.inputs),
            (&mut self.simulated_ms, other.simulated_ms),
        ];
        for (sum, more) in pairs {
            *sum += more;
        }
    }
}

/// From so many worlds on a run shows enough of each thing, or it shows too little.
const MANY: u64 = 100;

impl Counts {
    /// Of what there was too little in many worlds; of few, where nothing goes wrong but by chance, nothing.
    #[must_use]
    pub fn shortfalls(&self) -> Vec<String> {
        let things = [
            ("hubs admitted", self.admitted),
            ("committees that followed on another", self.successions),
            ("decisions of theirs", self.later_finals),
            ("amendments of the charter", self.amendments),
            ("decisions under an amended charter", self.amended_finals),
            ("keys that took over from others", self.rotations),
            ("stolen rotations", self.stolen),
            ("votes between two rotations", self.recoveries),
            ("partitions over a deadline", self.cuts_across_deadlines),
            ("messages that were lost", self.drops),
            ("messages that came twice", self.repeats),
            ("messages that went through the wire's codecs", self.coded),
            ("full disks", self.full_disks),
            ("failed writes", self.faults),
        ];
        let few = things.into_iter().filter(|(_, count)| count * 10 < self.seeds);
        let mut short: Vec<String> =
            few.map(|(what, count)| format!("{count} {what} in {} worlds are too few", self.seeds)).collect();
        if self.undisputed < 2 * self.seeds || self.undisputed_finals * 100 < self.undisputed * 95 {
            short.push(format!(
                "{} of {} motions that nobody disputes are decided: too few",
                self.undisputed_finals, self.undisputed
            ));
        }
        if self.seeds < MANY { Vec::new() } else { short }
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
