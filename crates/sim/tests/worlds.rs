//! Two hundred worlds in which nothing that the protocol promises is broken, and what shows that the checks
//! could fail: worlds that are too quiet fail, and so do worlds with a weaker rule.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says no by panicking")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use cohub_sim::{Counts, Options, Promise, Report, Switch, run};

/// Worlds of the tests' own command; `cargo xtask sim --seeds N` runs more.
const SEEDS: u64 = 200;

/// Runs worlds on all cores, until `enough` says so of one of them; by seed.
fn run_all(seeds: u64, options: Options, enough: impl Fn(&Report) -> bool + Sync) -> Vec<Report> {
    let (next, reports) = (AtomicU64::new(1), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > seeds {
                return;
            }
            let report = run(seed, options);
            if enough(&report) {
                next.store(seeds + 1, Ordering::Relaxed);
            }
            reports.lock().unwrap().push(report);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    let mut reports = reports.into_inner().unwrap();
    reports.sort_by_key(|report| report.seed);
    reports
}

#[track_caller]
fn assert_no_promise_is_broken(reports: &[Report]) {
    let mut faults = Vec::new();
    for report in reports {
        faults.extend(report.violations.iter().map(|violation| format!("seed {}: {violation}", report.seed)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn sum(reports: &[Report]) -> Counts {
    let mut counts = Counts::default();
    reports.iter().for_each(|report| counts.add(&report.counts));
    counts
}

#[test]
fn no_world_breaks_a_promise_and_what_nobody_disputes_is_decided() {
    let reports = run_all(SEEDS, Options::default(), |_| false);
    assert_no_promise_is_broken(&reports);
    for Report { seed, counts, .. } in &reports {
        assert!(counts.forks > 0, "nobody forked in seed {seed}");
        assert!(counts.refusals > 0, "no teller refused anything in seed {seed}");
        assert!(counts.restarts > 0, "no node was started again in seed {seed}");
    }
    let counts = sum(&reports);
    assert_eq!(counts.seeds, SEEDS);
    assert_eq!(counts.shortfalls(), Vec::<String>::new(), "{counts:?}");
    assert_eq!(counts.proofs, SEEDS, "a certificate of each world was verified with nothing else");
}

#[test]
fn a_larger_committee_and_a_smaller_one_keep_the_promises_too() {
    for (founders, seeds) in [(3, 10), (7, 10), (10, 4)] {
        let reports = run_all(seeds, Options { founders, ..Options::default() }, |_| false);
        assert_no_promise_is_broken(&reports);
        let counts = sum(&reports);
        assert!(counts.undisputed_finals * 100 >= counts.undisputed * 95, "{founders}: {counts:?}");
        assert!(counts.finals > 0, "{founders}: {counts:?}");
    }
}

/// More than f tellers are gone: nothing more is final, until those who founded the network seat another committee.
#[test]
fn a_network_goes_on_by_the_fallback_when_too_many_tellers_are_gone_for_ever() {
    const ABANDONED: u64 = 24;
    let reports = run_all(ABANDONED, Options { abandoned: true, ..Options::default() }, |_| false);
    assert_no_promise_is_broken(&reports);
    let counts = sum(&reports);
    assert!(
        counts.fallbacks * 10 >= ABANDONED * 9,
        "{} fallbacks in {ABANDONED} worlds: {counts:?}",
        counts.fallbacks
    );
    assert_eq!(counts.successions, counts.fallbacks, "there is no other way: {counts:?}");
    assert!(counts.later_finals > ABANDONED, "too little is decided after it: {counts:?}");
}

#[test]
fn a_seed_replays_to_the_byte() {
    for seed in [2, 11, 93, 1_369] {
        let once = run(seed, Options::default());
        assert_eq!(once, run(seed, Options::default()), "seed {seed}");
        assert_ne!(once.trace, run(seed + 1, Options::default()).trace, "seed {seed} and the next");
    }
}

/// Each of these rules is needed: without it some world breaks the promise that it is there for, and is found.
#[track_caller]
fn assert_is_found_out(rule: Switch, promise: Promise) {
    let breaks = |report: &Report| report.violations.iter().any(|violation| violation.promise == promise);
    let reports = run_all(3 * SEEDS, Options { switched_off: Some(rule), ..Options::default() }, breaks);
    assert!(reports.iter().any(breaks), "{} worlds keep every promise without {rule:?}", reports.len());
}

/// With f + 1 returns in place of q a final outcome flips.
#[test]
fn a_weakened_rule_of_finality_is_found_out() {
    assert_is_found_out(Switch::Finality, Promise::OneOutcome);
}

/// With f closings in place of f + 1 a teller makes ballots count that nobody else held in time.
#[test]
fn ballots_that_one_liar_may_support_are_found_out() {
    assert_is_found_out(Switch::Support, Promise::Ballots);
}

/// Two rivals are adopted by the same tellers.
#[test]
fn a_term_without_a_lock_is_found_out() {
    assert_is_found_out(Switch::Lock, Promise::OneSuccessor);
}

/// A liar keeps its return back until the next committee has adopted a rival of what lacked just that.
#[test]
fn a_lock_that_is_not_handed_over_is_found_out() {
    assert_is_found_out(Switch::InheritedLock, Promise::OneSuccessor);
}

/// What locks is let go by the failure of another motion for the same version.
#[test]
fn a_lock_that_the_failure_of_another_motion_opens_is_found_out() {
    assert_is_found_out(Switch::Unlocking, Promise::OneSuccessor);
}

/// Tellers go on after they have handed over, and adopt what the next committee has decided otherwise.
#[test]
fn tellers_who_go_on_after_their_handover_are_found_out() {
    assert_is_found_out(Switch::LastRecord, Promise::OneSuccessor);
}

/// The same people and liars break nothing where every rule holds.
#[test]
fn rivals_who_do_not_give_way_break_no_promise_while_every_rule_holds() {
    assert_no_promise_is_broken(&run_all(80, Options { contested: true, ..Options::default() }, |_| false));
}

/// Many worlds in which too little happens are no proof.
#[test]
fn a_run_of_many_worlds_in_which_something_is_missing_falls_short() {
    let reports = run_all(4, Options::default(), |_| false);
    let few = sum(&reports);
    assert_eq!(few.shortfalls(), Vec::<String>::new(), "of so few nothing is asked");
    let many = Counts { seeds: SEEDS, ..few };
    let short = many.shortfalls().join("\n");
    assert!(short.contains("amendments of the charter") && short.contains("votes between"), "{short}");
}
