//! A committee that cannot decide any more (Protocol 6.9): who elected it seats another, says what stands, and
//! nothing of the generation before holds anybody.

use cohub_record::{Field as _, Id, List};
use cohub_registry::{Choice, Effect, Enough, Intent, Motion, Outcome, Question, Registry, Votes};

use crate::cast::{
    AMSTERDAM, Dice, ISTANBUL, Network, Newcomer, SAO_PAULO, VIENNA, Who, appointment, key, representative,
    resolution, teller,
};
use crate::{ANKARA, BERLIN, NONE, decided, hub, small, stage};

use Choice::Yes;

/// The founder without a seat in the first term.
const LISBON: usize = 4;
const NEXT: [usize; 4] = [VIENNA, AMSTERDAM, SAO_PAULO, LISBON];

/// Some committee in office says yes, by these hubs.
fn advance(network: &mut Network, newcomer: Newcomer, open_by_ms: u64) -> Id {
    let deadline_ms = network.now + 3_600_000;
    let intent = Intent::Advance { application: newcomer.application, stage: None, deadline_ms, open_by_ms };
    let page = network.intended(representative(VIENNA), &intent);
    let motion = network.write(representative(VIENNA), page);
    network.agree(motion, Yes);
    motion
}

fn file(network: &Network, motion: &Id) -> Vec<u8> {
    let exported = network.registry.export(motion, &mut |author, place| {
        let found =
            network.records.iter().find(|record| record.author() == *author && record.place() == place);
        found.map(|record| record.bytes().to_vec())
    });
    exported.expect("final")
}

/// A fallback that lists nothing.
fn forget_everything(network: &mut Network) {
    let tellers = network.accept_seats(&NEXT, 3);
    let page = network.question(representative(VIENNA), network.fallback_question(&NEXT, &[]));
    let mut motion = Motion::from_value(&page.body).expect("a motion");
    let Effect::Fallback { stands, .. } = &mut motion.effect else { panic!("a fallback") };
    *stands = List::default();
    let motion = network.write(representative(VIENNA), page.saying(&motion));
    network.count(motion);
    (network.tellers, network.seats) = (tellers, 4);
}

#[test]
fn the_founders_seat_another_committee_and_what_was_decided_stands() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    network.adopt(newcomer, "eligible");
    network.hand_in(newcomer, &["plan", "budget"]);
    network.examine(newcomer, &["finance", "space"]);
    // Three of four tellers are gone: whatever is asked waits for ever.
    let (motion, certificate) = network.fall_back(&NEXT, 1, &[]);
    let view = network.registry.motion(&motion).expect("shown");
    assert_eq!((view.kind, view.body.to_string().as_str(), view.fallback), ("seat", "assembly", true));
    assert_eq!((view.tellers.len(), certificate.len()), (5, 4), "all founders count, and q of five is four");
    assert_eq!(
        view.question,
        "the committee is The hub of vienna, The hub of amsterdam, The hub of sao-paulo, The hub of hub-4 from a \
         next generation on, in which one decision from before stands and no other"
    );
    let committee = network.registry.view().committee;
    assert_eq!((committee.generation, committee.fallback, committee.term), (2, true, 2));
    assert_eq!((committee.motion, committee.handovers), (Some(motion), 0));
    assert_eq!(stage(&network, newcomer).as_deref(), Some("eligible"));

    // The new committee needs no handover, and goes on where the old one stopped.
    let next = advance(&mut network, newcomer, 0);
    assert_eq!(stage(&network, newcomer).as_deref(), Some("candidate"));
    assert_eq!(network.registry.motion(&next).expect("shown").generation, 2);
    assert_eq!(network.registry.handover_due(&key(teller(VIENNA))), None, "nothing is handed over");

    // And so does the one after it, to which it hands over as ever.
    let (.., tellers) = network.elect(&[ISTANBUL, LISBON, VIENNA, AMSTERDAM], 2);
    network.succeed(tellers);
    let last = advance(&mut network, newcomer, 0);
    assert_eq!(stage(&network, newcomer).as_deref(), Some("initiative"));
    let committee = network.registry.view().committee;
    assert_eq!((committee.generation, committee.fallback, committee.term), (2, false, 3));
    for (motion, told) in [(motion, "It is a fallback"), (next, "generation 2"), (last, "generation 2")] {
        let found = cohub_registry::certificate::verify(&file(&network, &motion), Some(network.founding()));
        let found = found.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.outcome, Outcome::Adopted);
        assert!(found.explanation.contains(told), "{}", found.explanation);
    }
}

#[test]
fn a_fallback_certificate_has_no_byte_that_is_not_checked() {
    let mut network = Network::found(
        2,
        1,
        crate::cast::charter(&crate::cast::SMALL.replace("signing_seats = 2", "signing_seats = 1")),
    );
    let (motion, _) = network.fall_back(&[AMSTERDAM], 1, &[]);
    let whole = file(&network, &motion);
    assert!(cohub_registry::certificate::verify(&whole, None).is_ok());
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(cohub_registry::certificate::verify(&changed, None).is_err(), "byte {at}");
    }
}

#[test]
fn what_a_fallback_does_not_list_falls() {
    let mut network = small();
    let (newcomer, _) = network.admit(ANKARA, VIENNA);
    network.resolve(appointment("space", &[LISBON]));
    let (said, _) = network.resolve(resolution("We said so."));
    assert_eq!(hub(&network, "hub-5").status, "co-owner");
    forget_everything(&mut network);
    let view = network.registry.view();
    assert_eq!(stage(&network, newcomer), None);
    assert_eq!(hub(&network, "hub-5").status, "applicant");
    assert_eq!(view.panels[0].motion, None, "the founding record's panel sits again");
    assert!(view.resolutions.is_empty());
    let told = network.registry.motion(&said).expect("shown");
    assert!(told.fallen && told.is_final && told.state == "adopted");
    // Nothing forbids to decide it again.
    let (again, _) = network.resolve(resolution("We said so."));
    assert_eq!(network.registry.view().resolutions[0].motion, again);
    let motion = advance(&mut network, newcomer, 0);
    assert_eq!(
        (decided(&network, motion).0.as_str(), stage(&network, newcomer).as_deref()),
        ("adopted", Some("eligible"))
    );
}

#[test]
fn what_one_generation_adopted_locks_nobody_in_the_next() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let old = network.move_on(newcomer, "eligible");
    network.vote(old, &[Yes; 4]);
    let closed = network.close(old);
    let four = Votes { yes: 4, ..NONE };
    for seat in [VIENNA, AMSTERDAM] {
        let page = network.returned(old, &closed, Outcome::Adopted, four);
        network.write(teller(seat), page);
    }
    network.fall_back(&NEXT, 1, &[]);
    assert!(network.registry.motion(&old).expect("shown").fallen);
    let other = advance(&mut network, newcomer, 7);
    assert_eq!(decided(&network, other).0, "adopted");
    // A third teller comes back and completes the old one: it is final, and of no effect, and no dispute.
    let page = network.returned(old, &closed, Outcome::Adopted, four);
    network.write(teller(SAO_PAULO), page);
    let view = network.registry.view();
    assert_eq!((decided(&network, old).0.as_str(), view.disputes.len()), ("adopted", 0));
    let counted = view.motions.iter().filter(|motion| motion.kind == "advance" && !motion.fallen).count();
    assert_eq!((counted, stage(&network, newcomer).as_deref()), (1, Some("eligible")));
}

#[test]
fn of_two_fallbacks_the_one_from_the_later_committee_counts_and_the_highest_generation_before_that() {
    let mut network = small();
    network.accept_seats(&[ISTANBUL], 5);
    let early = network.question(representative(VIENNA), network.fallback_question(&[ISTANBUL, LISBON], &[]));
    let early = network.write(representative(ISTANBUL), early);
    let (.., tellers) = network.elect(&NEXT, 1);
    network.succeed(tellers);
    let (late, _) = network.fall_back(&NEXT, 2, &[]);
    // Nobody who is honest counts the early one any more, but who has the founders' keys can.
    network.count(early);
    let committee = network.registry.view().committee;
    assert_eq!((committee.motion, committee.generation, committee.term), (Some(late), 2, 3));
    let (third, _) = network.fall_back(&NEXT, 3, &[]);
    let committee = network.registry.view().committee;
    assert_eq!((committee.motion, committee.generation, committee.term), (Some(third), 3, 4));
}

#[test]
fn a_fallback_says_which_side_of_a_dispute_stands() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let by = representative(VIENNA);
    let rival = network.write(by, network.advance(by, newcomer.application, "eligible", 9));
    network.vote(rival, &[Yes; 4]);
    let before: Vec<Option<Id>> = (0..4).map(|seat| network.end(teller(seat))).collect();
    let motion = network.move_on(newcomer, "eligible");
    network.decide(motion, &[Yes; 4]);
    let heads: Vec<Id> = network.registry.heads(&rival).into_iter().map(|seat| seat[0]).collect();
    let closings: Vec<Id> = (0..4)
        .map(|seat| network.write_after(teller(seat), before[seat], network.closing(rival, &heads)).0)
        .collect();
    for seat in 0..3 {
        let page = network.returned(rival, &closings, Outcome::Adopted, Votes { yes: 4, ..NONE });
        network.write_after(teller(seat), Some(closings[seat]), page);
    }
    assert_eq!((stage(&network, newcomer), network.registry.disputes()), (None, 1));
    let mut forgetful = network.clone();
    network.fall_back(&NEXT, 1, &[rival]);
    let view = network.registry.view();
    assert_eq!((stage(&network, newcomer).as_deref(), network.registry.disputes()), (Some("eligible"), 0));
    assert_eq!(view.disputes[0].stands, Some(rival));
    assert_eq!(view.disputes[0].tellers.len(), 3, "the liars stay named");
    // Where it says nothing the slot keeps its base, and what is decided next stands.
    forgetful.fall_back(&NEXT, 1, &[]);
    assert_eq!(stage(&forgetful, newcomer), None);
    let anew = advance(&mut forgetful, newcomer, 11);
    assert_eq!(
        (decided(&forgetful, anew).0.as_str(), stage(&forgetful, newcomer).as_deref()),
        ("adopted", Some("eligible"))
    );
}

#[test]
fn representatives_count_a_fallback_after_its_deadline_and_refuse_when_there_is_a_newer_committee() {
    let mut network = small();
    network.accept_seats(&NEXT, 1);
    let motion = network.ask(network.fallback_question(&NEXT, &[]));
    let now = network.now;
    let view = network.registry.motion(&motion).expect("shown");
    let closes_ms = view.deadline + network.registry.founding().charter.timing.grace_ms;
    assert_eq!(network.registry.fallbacks_to_count(), [(motion, closes_ms)]);
    let asked = |network: &Network, who: Who, at| network.registry.counting(&motion, &key(who), &[], at);
    let told =
        |network: &Network, who: Who, at| asked(network, who, at).expect_err("nothing to sign").to_string();
    assert!(told(&network, representative(VIENNA), now).starts_with("it is closed after its deadline"));
    assert!(told(&network, teller(VIENNA), closes_ms).starts_with("rule closing 1"));
    for hub in 0..4 {
        network.write(representative(hub), network.ballot(motion, Yes));
    }
    let heads: Vec<Id> = network.registry.heads(&motion).into_iter().map(|seat| seat[0]).collect();
    network.now = closes_ms;
    let agenda = |network: &Network, at| {
        let due = network.registry.agenda(&key(representative(VIENNA)), at).due;
        due.into_iter().filter(|item| item.kind == "count").map(|item| item.command).collect::<Vec<_>>()
    };
    assert_eq!(agenda(&network, closes_ms), [format!("cohub motion count {motion}")]);
    for hub in 0..4 {
        let contents = network.registry.counting(&motion, &key(representative(hub)), &heads, network.now);
        network.write(representative(hub), contents.expect("it closes").into());
    }
    // The fifth is away: q of them wait for the charter's grace.
    assert_eq!(agenda(&network, closes_ms), Vec::<String>::new());
    assert!(told(&network, representative(VIENNA), closes_ms).contains("as 4 of 5 have"));
    assert_eq!(network.registry.returning(&motion, &key(representative(VIENNA)), Enough::AllTellers), None);
    let later = network.now + network.registry.founding().charter.timing.grace_ms;
    for hub in 0..4 {
        let contents = asked(&network, representative(hub), later).expect("it returns");
        network.write(representative(hub), contents.into());
    }
    assert_eq!(decided(&network, motion).0, "adopted");
    assert_eq!(network.registry.fallbacks_to_count(), []);
    assert_eq!(told(&network, representative(4), later), "it is decided: there is nothing left to count");

    // A fallback from a committee that was succeeded meanwhile is refused.
    let mut network = small();
    network.accept_seats(&[VIENNA, LISBON], 7);
    let motion = network.ask(network.fallback_question(&[VIENNA, LISBON], &[]));
    network.elect(&NEXT, 1);
    let contents = network.registry.counting(&motion, &key(representative(LISBON)), &[], network.now);
    let page = network.refusal(motion, cohub_registry::Refusal::Superseded);
    assert_eq!(crate::cast::Page::from(contents.expect("it refuses")), page);
}

#[test]
fn a_fallback_comes_to_the_same_in_any_order() {
    let mut network = small();
    let (newcomer, _) = network.admit(ANKARA, VIENNA);
    network.welcome(BERLIN, AMSTERDAM);
    network.resolve(appointment("space", &[LISBON]));
    network.resolve(Question::Amend { charter: crate::cast::SMALL.replace("open = 2", "open = 3") });
    network.fall_back(&NEXT, 1, &[]);
    network.resolve(resolution("We go on."));
    let mut forgetful = network.clone();
    forgetful.resolve(resolution("And on."));
    forget_everything(&mut forgetful);
    let _ = newcomer;
    for network in [network, forgetful] {
        let expected = network.registry.view().canonical();
        for seed in 0..60 {
            let mut order: Vec<usize> = (1..network.records.len()).collect();
            Dice::new(seed).shuffle(&mut order);
            let mut registry = Registry::found(&network.records[0]).expect("a founding record");
            while !order.is_empty() {
                order.retain(|place| registry.insert(&network.records[*place]).is_err());
            }
            assert_eq!(registry.view().canonical(), expected, "permutation {seed}");
        }
    }
}
