//! A seeded world that drives the same replica: clocks, links, disks, liars, checks.
//!
//! One seed decides everything that happens: who is there, what breaks when, who lies and how. The nodes
//! are real replicas over the memory twin of the store; only what surrounds them is simulated. While the
//! world runs and when it has ended, what the protocol promises is checked; see [`run`].

mod cast;
mod checks;
mod clock;
mod dice;
mod disk;
mod driver;
mod liars;
mod link;
mod network;
mod node;
mod oracle;
mod people;
mod promise;
mod queue;
mod report;
mod scenario;
mod trace;
mod world;

pub use cohub_registry::Switch;
pub use promise::{Promise, Violation};
pub use report::{Counts, Report};
pub use scenario::Options;
pub use trace::Narrator;

use scenario::Scenario;
use trace::Trace;
use world::World;

/// Runs the world of a seed to its end and says what came of it.
#[must_use]
pub fn run(seed: u64, options: Options) -> Report {
    run_telling(seed, options, None)
}

/// Like [`run`], and tells everything that happens, line by line.
#[must_use]
pub fn run_telling(seed: u64, options: Options, told: Option<Narrator>) -> Report {
    let made = World::new(Scenario::of(seed, options), Trace::new(told));
    match made {
        Ok(mut world) => {
            world.run();
            world.report()
        }
        Err(error) => Report::failed(seed, format!("the cast cannot be made: {error}")),
    }
}
