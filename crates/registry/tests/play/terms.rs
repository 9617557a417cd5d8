//! A committee takes over from another: seats, handovers, the lock across terms, and what is in flight.

use cohub_record::{Field as _, Id, List};
use cohub_registry::{Chair, Choice, Effect, Enough, Intent, Motion, Outcome, Question, Refusal, Votes};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, Newcomer, SAO_PAULO, VIENNA, key, representative, resolution, spare, teller,
};
use crate::{ANKARA, NONE, breaks, decided, small, stage};

use Choice::Yes;

/// The founder without a seat in the first term.
const LISBON: usize = 4;
/// The seats of the second term.
const SECOND: [usize; 4] = [VIENNA, AMSTERDAM, SAO_PAULO, LISBON];
const FOUR: Votes = Votes { yes: 4, ..NONE };

/// A motion that Vienna's node drafts for an application's next stage.
fn advance(network: &mut Network, newcomer: Newcomer, open_by_ms: u64) -> Id {
    let intent = Intent::Advance {
        application: newcomer.application,
        stage: None,
        deadline_ms: network.now + 3_600_000,
        open_by_ms,
    };
    let page = network.intended(representative(VIENNA), &intent);
    network.write(representative(VIENNA), page)
}

#[test]
fn the_assembly_seats_a_committee_that_decides_once_the_old_tellers_handed_over() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let (motion, certificate, tellers) = network.elect(&SECOND, 1);
    let committee = network.registry.view().committee;
    assert_eq!((committee.term, committee.motion, committee.handovers), (2, Some(motion), 0));
    assert_eq!(committee.tellers, tellers.iter().map(|who| key(*who)).collect::<Vec<_>>());

    // Nobody opens anything before q of the outgoing tellers have handed over.
    let intent = Intent::Move { question: resolution("We are new."), deadline_ms: network.now + 3_600_000 };
    let told = network.registry.draft(&key(representative(VIENNA)), &intent).expect_err("too early");
    assert!(told.to_string().starts_with("0 of the 3 tellers"), "{told}");
    assert!(told.to_string().contains("handover of vienna, amsterdam, sao-paulo, istanbul, whose"), "{told}");
    let handovers = network.succeed(tellers);
    assert_eq!(network.registry.handover_due(&key(teller(VIENNA))), None);
    let page = network.question(representative(VIENNA), resolution("We are new."));
    assert_eq!((page.cites[1].as_slice(), page.cites[2].len()), (certificate.as_slice(), 3));
    assert!(page.cites[2].iter().all(|cited| handovers.contains(cited)));

    let first = advance(&mut network, newcomer, 0);
    // Istanbul has no seat any more, Lisbon has.
    breaks(&network.offer(representative(ISTANBUL), network.ballot(first, Yes)).1, 1);
    for hub in SECOND {
        network.write(representative(hub), network.ballot(first, Yes));
    }
    network.close(first);
    network.bring_back(first);
    assert_eq!(decided(&network, first), ("adopted".to_owned(), FOUR));
    assert_eq!(stage(&network, newcomer).as_deref(), Some("eligible"));
    // Old tellers say nothing behind their handovers, on a new motion or an old one.
    breaks(&network.offer(teller(VIENNA), network.refusal(first, Refusal::Notice)).1, 0);

    // The certificate holds the chain of seatings down to the founding record.
    let records = network.records.clone();
    let file = network.registry.export(&first, &mut |author, place| {
        let found = records.iter().find(|record| record.author() == *author && record.place() == place);
        found.map(|record| record.bytes().to_vec())
    });
    let found = cohub_registry::certificate::verify(&file.expect("final"), Some(network.founding()));
    assert_eq!(found.map(|found| found.outcome), Ok(Outcome::Adopted));
}

#[test]
fn what_was_closed_is_brought_home_by_the_tellers_that_it_pins() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let flying = network.move_on(newcomer, "eligible");
    network.vote(flying, &[Yes; 4]);
    network.close(flying);
    network.elect(&SECOND, 1);
    let due = network.registry.handover_due(&key(teller(VIENNA))).expect("it is succeeded");
    assert!(!due.settled, "it closed a motion that it has not returned");
    network.bring_back(flying);
    let due = network.registry.handover_due(&key(teller(VIENNA))).expect("it is succeeded");
    assert!(due.settled);
    assert!(network.registry.handover_due(&key(teller(ISTANBUL))).expect("it is succeeded").settled);
    assert_eq!(decided(&network, flying).0, "adopted");
    assert_eq!(network.registry.motion(&flying).expect("shown").tellers.len(), 4);
}

#[test]
fn a_third_term_follows_the_second() {
    let mut network = small();
    let (_, _, tellers) = network.elect(&SECOND, 1);
    network.succeed(tellers);
    let third = [ISTANBUL, LISBON, VIENNA, AMSTERDAM];
    let (_, _, tellers) = network.elect(&third, 2);
    network.succeed(tellers);
    let (motion, _) = network.resolve(resolution("Three times."));
    assert_eq!(decided(&network, motion).0, "adopted");
    assert_eq!(network.registry.view().committee.term, 3);
}

#[test]
fn a_tellers_key_serves_one_committee_and_who_accepted_no_seat_is_named() {
    let mut network = small();
    // The founding record grants a teller's key to each founder; only Lisbon's has never counted.
    let intent =
        Intent::Move { question: network.seat_question(&SECOND), deadline_ms: network.now + 3_600_000 };
    let told = network.registry.draft(&key(representative(VIENNA)), &intent).expect_err("nobody accepted");
    assert!(
        told.to_string().starts_with("no seat is accepted yet by vienna, amsterdam, sao-paulo:"),
        "{told}"
    );
    let (.., tellers) = network.elect(&SECOND, 1);
    assert!(
        network.registry.has_counted(&key(tellers[3])) && !network.registry.has_counted(&key(teller(LISBON)))
    );
    network.succeed(tellers);
    let told = network.registry.draft(&key(representative(VIENNA)), &intent).expect_err("nor accepted again");
    // Lisbon's key of the founding record is fresh still.
    assert!(
        told.to_string().starts_with("no seat is accepted yet by vienna, amsterdam, sao-paulo:"),
        "{told}"
    );

    // Whoever seats the old keys all the same breaks the rule.
    network.accept_seats(&SECOND, 3);
    let page = network.question(representative(VIENNA), network.seat_question(&SECOND));
    let mut motion = Motion::from_value(&page.body).expect("a motion");
    let Effect::Seat { seats } = &mut motion.effect else { panic!("another effect") };
    let old = |chair: &Chair, hub: &usize| Chair { teller: key(spare(*hub, 101)), ..chair.clone() };
    *seats =
        List::new(seats.iter().zip(&SECOND).map(|(chair, hub)| old(chair, hub)).collect()).expect("four");
    let grants = SECOND.map(|hub| network.grants[&spare(hub, 101)]);
    let page = grants.into_iter().fold(page.saying(&motion), |page, grant| page.citing_also(5, grant));
    breaks(&network.offer(representative(VIENNA), page).1, 13);
}

/// Vienna's old teller alone adopts a version, and the second committee is in office.
fn locked() -> (Network, Newcomer, Id) {
    locked_by(VIENNA)
}

/// One old teller alone adopts a version, and the second committee is in office.
fn locked_by(seat: usize) -> (Network, Newcomer, Id) {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let old = network.move_on(newcomer, "eligible");
    network.vote(old, &[Yes; 4]);
    let closed = network.close(old);
    let page = network.returned(old, &closed, Outcome::Adopted, FOUR);
    network.write(teller(seat), page);
    let (_, _, tellers) = network.elect(&SECOND, 1);
    network.succeed(tellers);
    (network, newcomer, old)
}

/// The new committee is asked, on the handovers of these old tellers, and has voted and closed.
fn asked(network: &mut Network, newcomer: Newcomer, open_by_ms: u64, old: [usize; 3]) -> (Id, Vec<Id>) {
    let handovers = old.map(|seat| network.end(teller(seat)).expect("it handed over"));
    let intent = Intent::Advance {
        application: newcomer.application,
        stage: None,
        deadline_ms: network.now + 3_600_000,
        open_by_ms,
    };
    let page = network.intended(representative(VIENNA), &intent).citing(2, &handovers);
    let motion = network.write(representative(VIENNA), page);
    for hub in SECOND {
        network.write(representative(hub), network.ballot(motion, Yes));
    }
    let closings = network.close(motion);
    (motion, closings)
}

#[test]
fn the_lock_reaches_over_a_handover_and_the_same_version_goes_through() {
    let (mut network, newcomer, old) = locked();
    let (rival, closings) = asked(&mut network, newcomer, 7, [VIENNA, AMSTERDAM, SAO_PAULO]);
    let page = network.returned(rival, &closings, Outcome::Adopted, FOUR);
    breaks(&network.offer(network.tellers[1], page).1, 5);
    assert_eq!(network.due_return(rival, 1, Enough::Quorum), None, "an honest node knows");
    assert_eq!(
        network.registry.motion(&old).expect("shown").state,
        "unresolved",
        "nobody returns it any more"
    );
    // What was handed over is the version that the new committee can still adopt.
    let (same, _) = asked(&mut network, newcomer, 0, [VIENNA, AMSTERDAM, SAO_PAULO]);
    network.bring_back(same);
    assert_eq!(decided(&network, same).0, "adopted");
}

#[test]
fn a_draft_rests_on_handovers_that_lock_no_other_version_where_there_are_enough() {
    for seat in [VIENNA, AMSTERDAM, SAO_PAULO, ISTANBUL] {
        let (mut network, newcomer, _) = locked_by(seat);
        let other = advance(&mut network, newcomer, 7);
        for hub in SECOND {
            network.write(representative(hub), network.ballot(other, Yes));
        }
        network.close(other);
        network.bring_back(other);
        assert_eq!(decided(&network, other).0, "adopted", "locked by {seat}");
    }
}

#[test]
fn q_handovers_without_an_adopted_show_that_nothing_was_adopted() {
    let (mut network, newcomer, _) = locked();
    let (other, _) = asked(&mut network, newcomer, 7, [AMSTERDAM, SAO_PAULO, ISTANBUL]);
    network.bring_back(other);
    assert_eq!(decided(&network, other).0, "adopted");
}

#[test]
fn a_lock_of_the_first_term_still_holds_in_the_third() {
    let (mut network, newcomer, _) = locked();
    let third = [ISTANBUL, LISBON, VIENNA, AMSTERDAM];
    // The seating of the third term stands on handovers with Vienna's among them.
    let tellers = network.accept_seats(&third, 2);
    let first = [VIENNA, AMSTERDAM, SAO_PAULO].map(|seat| network.end(teller(seat)).expect("it handed over"));
    let page = network.question(representative(VIENNA), network.seat_question(&third)).citing(2, &first);
    let motion = network.write(representative(VIENNA), page);
    network.agree(motion, Yes);
    network.succeed(tellers);
    let intent = Intent::Advance {
        application: newcomer.application,
        stage: None,
        deadline_ms: network.now + 3_600_000,
        open_by_ms: 7,
    };
    let page = network.intended(representative(VIENNA), &intent);
    let rival = network.write(representative(VIENNA), page);
    for hub in third {
        network.write(representative(hub), network.ballot(rival, Yes));
    }
    let closings = network.close(rival);
    let page = network.returned(rival, &closings, Outcome::Adopted, FOUR);
    breaks(&network.offer(network.tellers[0], page).1, 5);
}

#[test]
fn a_seat_is_the_assemblys_whatever_a_mover_says() {
    let mut network = small();
    network.accept_seats(&SECOND, 1);
    let page = network.question(representative(VIENNA), network.seat_question(&SECOND));
    let bare = page.clone().citing(6, &[]);
    breaks(&network.offer(representative(VIENNA), bare).1, 8);
    let motion = network.write(representative(VIENNA), page);
    assert_eq!(network.registry.motion(&motion).expect("shown").roll.len(), 5);
    let question = Question::Seat { hubs: cohub_record::List::default() };
    let empty = network.question(representative(VIENNA), question);
    breaks(&network.offer(representative(VIENNA), empty).1, 13);
}
