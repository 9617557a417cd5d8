//! Rival motions on one slot: the lock, twins, extensions, and signatures under either.

use cohub_record::Id;
use cohub_registry::{Choice, Enough, Outcome, Verdict, Votes};

use crate::cast::{AMSTERDAM, ISTANBUL, Network, Newcomer, VIENNA, controller, representative, teller};
use crate::{ANKARA, NONE, breaks, decided, hub, small, stage};

use Choice::Yes;

/// Two motions for other versions of one slot and base, both with four yes votes and closed.
fn rivals(network: &mut Network) -> (Newcomer, [Id; 2], [Vec<Id>; 2]) {
    let newcomer = network.welcome(ANKARA, VIENNA);
    let by = representative(VIENNA);
    let motions = [0, 7].map(|open_by| {
        let page = network.advance(by, newcomer.application, "eligible", open_by);
        network.write(by, page)
    });
    let closings = motions.map(|motion| {
        network.vote(motion, &[Yes; 4]);
        network.close(motion)
    });
    (newcomer, motions, closings)
}

#[test]
fn a_teller_adopts_one_version_until_the_other_has_failed() {
    let mut network = small();
    let (newcomer, [first, second], [closed_first, closed_second]) = rivals(&mut network);
    let four = Votes { yes: 4, ..NONE };
    let adopt = |network: &Network, motion, closings: &[Id]| {
        network.returned(motion, closings, Outcome::Adopted, four)
    };
    let page = adopt(&network, first, &closed_first);
    network.write(teller(VIENNA), page);
    breaks(&network.offer(teller(VIENNA), adopt(&network, second, &closed_second)).1, 5);
    assert_eq!(network.due_return(second, VIENNA, Enough::Quorum), None, "a node knows");
    assert_eq!(network.due_return(second, AMSTERDAM, Enough::Quorum), None, "and so does an honest other");

    // Another teller may by the rule, and a fork of Vienna's below its adoption may too.
    let page = adopt(&network, second, &closed_second);
    assert_eq!(network.clone().offer(teller(AMSTERDAM), page.clone()).1, Verdict::Valid);
    let below = network.before(network.end(teller(VIENNA)).expect("it wrote"));
    let below = network.before(below.expect("it refused to").to_owned());
    assert_eq!(network.clone().write_after(teller(VIENNA), below, page.clone()).1, Verdict::Valid);

    // q others close the first motion again on a branch, where it is inquorate: that unlocks it for Vienna.
    let mut again = Vec::new();
    for (seat, closing) in closed_first.iter().enumerate().skip(1) {
        let before = network.before(*closing);
        again.push(network.write_after(teller(seat), before, network.closing(first, &[])).0);
    }
    let mut failed = Vec::new();
    for (seat, closing) in (1..4).zip(&again) {
        let page = network.returned(first, &again, Outcome::Inquorate, NONE);
        failed.push(network.write_after(teller(seat), Some(*closing), page).0);
    }
    assert_eq!(decided(&network, first).0, "inquorate");
    breaks(&network.offer(teller(VIENNA), page.clone()).1, 5);
    let due = network.due_return(second, VIENNA, Enough::Quorum).expect("unlocked");
    failed.sort_unstable();
    assert_eq!(due.cites[2], failed);
    assert_eq!(network.offer(teller(VIENNA), due).1, Verdict::Valid);
    network.bring_back_all_but(second, VIENNA);
    assert_eq!(stage(&network, newcomer).as_deref(), Some("eligible"));
}

#[test]
fn the_same_effect_moved_twice_is_no_rival_of_itself() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let twins = [network.move_on(newcomer, "eligible"), network.move_on(newcomer, "eligible")];
    for motion in twins {
        assert_eq!(network.decide(motion, &[Yes; 4]).0, Outcome::Adopted);
    }
    assert_eq!(stage(&network, newcomer).as_deref(), Some("eligible"));
    // Either certificate is a base for what follows, and they are one version of it.
    network.hand_in(newcomer, &["plan", "budget"]);
    network.examine(newcomer, &["finance", "space"]);
    for motion in twins {
        let by = representative(VIENNA);
        let (_, certificate) = network.registry.certificate(&motion).expect("final");
        let page = network.advance(by, newcomer.application, "candidate", 0).citing(4, &certificate);
        let next = network.write(by, page);
        assert_eq!(network.decide(next, &[Yes; 4]).0, Outcome::Adopted);
    }
    assert_eq!(stage(&network, newcomer).as_deref(), Some("candidate"));
}

#[test]
fn signatures_under_either_certificate_of_one_admission_belong_together() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    network.adopt(newcomer, "eligible");
    network.hand_in(newcomer, &["plan", "budget"]);
    network.examine(newcomer, &["finance", "space"]);
    network.adopt(newcomer, "candidate");
    let twins = [network.move_on(newcomer, "initiative"), network.move_on(newcomer, "initiative")];
    let [one, other] = twins.map(|motion| network.decide(motion, &[Yes; 4]).1);
    // A new date for the admission is an admission too.
    let by = representative(VIENNA);
    let extension = network.write(by, network.advance(by, newcomer.application, "initiative", 9));
    let (_, extended) = network.decide(extension, &[Yes; 4]);
    network.write(controller(ANKARA), network.sign_admission(ANKARA, &one));
    network.write(representative(VIENNA), network.sign_as_seat(&other));
    assert_eq!(hub(&network, "hub-5").status, "initiative");
    network.write(representative(ISTANBUL), network.sign_as_seat(&extended));
    assert_eq!(hub(&network, "hub-5").status, "co-owner");
}

#[test]
fn an_extension_keeps_the_stage_and_moves_the_version() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let (_, eligible) = network.adopt(newcomer, "eligible");
    let by = representative(VIENNA);
    let extension = network.write(by, network.advance(by, newcomer.application, "eligible", 9));
    assert_eq!(network.decide(extension, &[Yes; 4]).0, Outcome::Adopted);
    assert_eq!(stage(&network, newcomer).as_deref(), Some("eligible"));
    network.hand_in(newcomer, &["plan", "budget"]);
    network.examine(newcomer, &["finance", "space"]);
    // On the version before the extension the next stage is a rival of the extension, and locked.
    let stale = network.advance(by, newcomer.application, "candidate", 0).citing(4, &eligible);
    let stale = network.write(by, stale);
    network.vote(stale, &[Yes; 4]);
    let closings = network.close(stale);
    let page = network.returned(stale, &closings, Outcome::Adopted, Votes { yes: 4, ..NONE });
    breaks(&network.offer(teller(VIENNA), page).1, 5);
    network.adopt(newcomer, "candidate");
    assert_eq!(stage(&network, newcomer).as_deref(), Some("candidate"));
}
