//! Every state of two motions and a handover, and for each rule one state that is wrong without it.

#![allow(clippy::panic, reason = "a test says no by panicking")]

use cohub_model::{COUNTED, FAULTY, Network, ONE_OUTCOME, ONE_SUCCESSOR, Rules, TELLERS};
use stateright::{Checker as _, Model as _};

/// Looks at every state.
fn checked(network: Network) -> impl stateright::Checker<Network> {
    network.checker().spawn_bfs().join()
}

#[test]
fn two_rivals_in_one_term_keep_every_promise() {
    let found = checked(Network::of("A1 B1"));
    found.assert_properties();
    assert!(found.is_done() && found.unique_state_count() > 1_000, "{} states", found.unique_state_count());
}

#[test]
fn two_rivals_with_a_handover_between_keep_every_promise() {
    let found = checked(Network::of("A1 B2"));
    found.assert_properties();
    assert!(found.is_done() && found.unique_state_count() > 1_000, "{} states", found.unique_state_count());
}

/// Asserts that a promise is broken somewhere under other rules, and says how.
#[track_caller]
fn breaks(motions: &str, promise: &'static str, change: impl FnOnce(&mut Rules)) {
    let found = checked(Network::of(motions).under(change));
    let path = found.discovery(promise).unwrap_or_else(|| panic!("{promise}: no state breaks it"));
    println!("{promise} is broken by {:?}", path.into_actions());
}

#[test]
fn a_ballot_needs_f_and_1_closings_no_fewer_and_no_more() {
    breaks("A1 B1", COUNTED, |rules| rules.support = FAULTY);
    breaks("A1 B1", COUNTED, |rules| rules.support = TELLERS - FAULTY);
}

#[test]
fn an_outcome_needs_q_returns() {
    breaks("A1 B1", ONE_OUTCOME, |rules| rules.finality = FAULTY + 1);
}

#[test]
fn a_teller_returns_a_motion_once() {
    breaks("A1 B1", ONE_OUTCOME, |rules| rules.one_return = false);
}

#[test]
fn the_lock_holds_within_a_term() {
    breaks("A1 B1", ONE_SUCCESSOR, |rules| rules.lock = false);
}

#[test]
fn the_lock_holds_across_a_handover() {
    breaks("A1 B2", ONE_SUCCESSOR, |rules| rules.inherited_lock = false);
}

#[test]
fn a_motion_of_the_next_term_cites_q_handovers() {
    breaks("A1 B2", ONE_SUCCESSOR, |rules| rules.handovers = FAULTY + 1);
}

#[test]
fn a_handover_is_the_last_record_of_its_key() {
    breaks("A1 B2", ONE_SUCCESSOR, |rules| rules.handover_is_last = false);
}

#[test]
fn only_the_failure_of_that_very_motion_unlocks() {
    breaks("A1 B1", ONE_SUCCESSOR, |rules| rules.unlocked_by_that_motion = false);
    breaks("A1 B2", ONE_SUCCESSOR, |rules| rules.unlocked_by_that_motion = false);
}

#[test]
fn a_motion_is_decided_by_the_tellers_that_it_pins() {
    breaks("A1 B2", ONE_OUTCOME, |rules| rules.pinned_tellers = false);
}
