//! Networks at play: what comes of motions, forks, cuts and rotations, seen from outside.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says no by panicking")]

mod agenda;
mod assembly;
mod blind;
#[path = "../cast/mod.rs"]
mod cast;
mod claims;
mod conflicts;
mod counting;
mod cuts;
mod disputes;
mod erasing;
mod fallback;
mod forks;
mod life;
mod memory;
mod rolls;
mod sharing;
mod standing;
mod terms;
mod versions;

use cast::{Network, Newcomer, SMALL, VIENNA, charter};
use cohub_record::Id;
use cohub_registry::{HubView, Verdict, Void, Votes};

const ANKARA: usize = 5;
const BERLIN: usize = 6;
const CAIRO: usize = 7;
const NONE: Votes = Votes { yes: 0, no: 0, abstain: 0, recuse: 0, block: 0 };

fn small() -> Network {
    Network::found(5, 4, charter(SMALL))
}

fn hub(network: &Network, slug: &str) -> HubView {
    let view = network.registry.view();
    view.hubs.into_iter().find(|hub| hub.slug == slug).expect("a hub that is shown")
}

fn stage(network: &Network, newcomer: Newcomer) -> Option<String> {
    let view = network.registry.view();
    view.applications.into_iter().find(|a| a.id == newcomer.application).expect("shown").stage
}

fn decided(network: &Network, motion: Id) -> (String, Votes) {
    let view = network.registry.motion(&motion).expect("a motion that is shown");
    let tally = view.tally;
    let votes = Votes {
        yes: tally.yes,
        no: tally.no,
        abstain: tally.abstain,
        recuse: tally.recuse,
        block: tally.block,
    };
    (view.state, votes)
}

/// Asserts that a record breaks that clause.
#[track_caller]
fn breaks(verdict: &Verdict, broken: u8) {
    assert!(matches!(verdict, Verdict::Void(Void { clause, .. }) if *clause == broken), "{verdict:?}");
}

/// A motion on which nobody has voted yet.
fn question(network: &mut Network) -> Id {
    let newcomer = network.welcome(ANKARA, VIENNA);
    network.move_on(newcomer, "eligible")
}
