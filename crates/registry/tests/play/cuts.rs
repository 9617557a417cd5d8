//! Cuts: where a log ends, what is behind has no effect, except in votes.

use cohub_record::{Id, Place};
use cohub_registry::{Choice, Keeping, Recommendation, Verdict, Votes};

use crate::cast::{AMSTERDAM, VIENNA, controller, key, node, representative, teller};
use crate::{ANKARA, BERLIN, NONE, breaks, decided, question, small};

use Choice::{No, Yes};

#[test]
fn a_revocation_ends_a_log_but_not_its_part_in_votes() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let motion = network.move_on(newcomer, "eligible");
    let undecided = network.move_on(newcomer, "eligible");
    // Amsterdam votes, reviews, sponsors and moves; then all of it is cut off below.
    let by = representative(AMSTERDAM);
    let last = network.end(by);
    network.vote(motion, &[Yes, Yes, Yes, No]);
    let review = network.review(by, newcomer.application, "finance", Recommendation::Accept);
    let review = network.write(by, review);
    network.write(by, network.sponsor(by, controller(BERLIN)));
    let moved = network.write(by, network.advance(by, newcomer.application, "eligible", 3));
    let view = network.registry.view();
    assert!(view.applications[0].reviews.iter().any(|shown| shown.id == review));
    assert!(view.motions.iter().any(|shown| shown.id == moved));
    network.write(controller(AMSTERDAM), network.revocation(AMSTERDAM, by, last));
    let view = network.registry.view();
    assert_eq!(view.applications[0].reviews, []);
    assert!(!view.motions.iter().any(|shown| shown.id == moved) && view.motions.len() == 2);
    assert!(!view.applications[0].motions.contains(&moved));
    assert_eq!(network.registry.keeping(&key(controller(BERLIN))), Keeping::Unknown);
    let cut = network.registry.cut(&key(by)).expect("cut");
    assert_eq!(cut.map(|place: Place| place.id), last);
    // Verdicts are what they were, and the seat votes on: the roll stands as pinned.
    assert_eq!(network.verdict(&review), Verdict::Valid);
    network.write(by, network.ballot(undecided, No));
    network.close(motion);
    network.bring_back(motion);
    assert_eq!(decided(&network, motion), ("adopted".to_owned(), Votes { yes: 3, no: 1, ..NONE }));
    // A motion behind the cut that the tellers took up all the same has effect.
    network.vote(moved, &[No; 4]);
    network.close(moved);
    network.bring_back(moved);
    assert_eq!(decided(&network, moved).0, "rejected");
    assert!(network.registry.view().motions.iter().any(|shown| shown.id == moved));
}

#[test]
fn a_cut_tellers_closings_and_returns_count() {
    let mut network = small();
    let motion = question(&mut network);
    network.vote(motion, &[Yes; 4]);
    for hub in 0..4 {
        network.write(controller(hub), network.revocation(hub, teller(hub), None));
    }
    network.close(motion);
    network.bring_back(motion);
    assert_eq!(decided(&network, motion).0, "adopted");
}

#[test]
fn a_hub_that_is_no_part_of_a_log_cannot_cut_it() {
    let mut network = small();
    network.welcome(ANKARA, VIENNA);
    let before = network.registry.view();
    for victim in
        [controller(VIENNA), representative(VIENNA), teller(VIENNA), node(VIENNA), controller(BERLIN)]
    {
        breaks(&network.offer(controller(ANKARA), network.revocation(ANKARA, victim, None)).1, 4);
        assert_eq!(network.registry.cut(&key(victim)), None);
    }
    assert_eq!(network.registry.view(), before);
}

#[test]
fn of_two_cuts_the_earlier_counts() {
    let mut network = small();
    let by = representative(AMSTERDAM);
    let sponsored: Vec<Id> =
        (6..9).map(|hub| network.write(by, network.sponsor(by, controller(hub)))).collect();
    for last in [Some(sponsored[1]), Some(sponsored[0]), Some(sponsored[2])] {
        network.write(controller(AMSTERDAM), network.revocation(AMSTERDAM, by, last));
    }
    let cut = network.registry.cut(&key(by)).expect("cut");
    assert_eq!(cut.map(|place| place.id), Some(sponsored[0]));
    let kept = [6, 7, 8].map(|hub| network.registry.keeping(&key(controller(hub))));
    assert_ne!(kept[0], Keeping::Unknown);
    assert_eq!(kept[1..], [Keeping::Unknown; 2]);
}
