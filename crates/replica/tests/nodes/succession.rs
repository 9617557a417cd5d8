//! A committee takes over from another while nodes run: old tellers hand over by themselves, their secrets
//! go, and fresh keys count.

use cohub_record::{Id, Record};
use cohub_registry::{Choice, Enough, Intent, Outcome, Question};
use cohub_replica::{Event, Input, TellerKey};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, SAO_PAULO, SMALL, VIENNA, Who, charter, key, node, representative,
    resolution, secret, spare, teller,
};
use crate::world::World;

const LISBON: usize = 4;
const ALL: [usize; 5] = [VIENNA, AMSTERDAM, SAO_PAULO, ISTANBUL, LISBON];
const FIRST: [usize; 4] = [VIENNA, AMSTERDAM, SAO_PAULO, ISTANBUL];
const SECOND: [usize; 4] = [VIENNA, AMSTERDAM, SAO_PAULO, LISBON];
const OPEN_MS: u64 = 3_600_000;
const GRACE_MS: u64 = 1_000;

/// Five founders' nodes, four with a seat; the hubs of the next committee have accepted.
fn network() -> (Network, World) {
    let mut network = Network::found(5, 4, charter(SMALL));
    network.accept_seats(&SECOND, 1);
    let mut world = World::at(&network);
    for hub in ALL {
        world.start(hub, &network);
        world.plant(hub, &network.records[1..]);
    }
    for hub in SECOND {
        // As a daemon does: it keeps the key, then tells the replica.
        world.of(hub).config.tellers.push(secret(fresh(hub)));
        world.input(key(node(hub)), Input::Teller { key: TellerKey(secret(fresh(hub))) });
    }
    world.link_all(&ALL);
    world.elapse(1_000);
    (network, world)
}

/// The teller's key of a hub in the second term.
fn fresh(hub: usize) -> Who {
    spare(hub, 101)
}

/// Tells the cast what a node holds.
fn learn(network: &mut Network, world: &World, hub: usize) {
    let disk = &world.machine(key(node(hub))).disk;
    for ((author, place), bytes) in &disk.records {
        if network.registry.place(&place.id).is_none() {
            network.take(&Record::from_checked(place.id, *author, bytes.clone()).unwrap());
        }
    }
    network.now = world.now_ms;
}

/// The kinds of what a key has written, as a hub's node holds it.
fn kinds(world: &World, who: Who, at: usize) -> Vec<String> {
    let disk = &world.machine(key(node(at))).disk;
    let own = disk.records.iter().filter(|((author, _), _)| *author == key(who));
    own.map(|((author, place), bytes)| {
        Record::from_checked(place.id, *author, bytes.clone()).unwrap().header().kind.clone()
    })
    .collect()
}

/// Vienna puts a question, and these hubs say yes at their own nodes.
fn ask(world: &mut World, network: &mut Network, question: Question, voters: &[usize]) -> Id {
    learn(network, world, VIENNA);
    let by = representative(VIENNA);
    let intent = Intent::Move { question, deadline_ms: network.now + OPEN_MS };
    let page = network.intended(by, &intent);
    let motion = network.write(by, page);
    world.submit(VIENNA, &[network.records.last().unwrap().clone()]);
    world.elapse(1_000);
    for hub in voters {
        network.write(representative(*hub), network.ballot(motion, Choice::Yes));
        world.submit(*hub, &[network.records.last().unwrap().clone()]);
    }
    world.elapse(1_000);
    motion
}

fn secrets(world: &World, hub: usize) -> Vec<cohub_record::PublicKey> {
    let config = &world.machine(key(node(hub))).config;
    config.tellers.iter().map(cohub_record::SecretKey::public).collect()
}

#[test]
fn a_committee_takes_over_and_decides_while_one_old_teller_is_away_and_comes_back() {
    let (mut network, mut world) = network();
    FIRST[..3].iter().for_each(|other| world.unlink(ISTANBUL, *other));
    world.unlink(ISTANBUL, LISBON);
    let question = network.seat_question(&SECOND);
    let seat = ask(&mut world, &mut network, question, &SECOND);
    world.elapse(OPEN_MS + 10 * GRACE_MS);
    assert_eq!(world.registry(LISBON).certificate(&seat).map(|(outcome, _)| outcome), Some(Outcome::Adopted));
    for hub in &FIRST[..3] {
        let written = kinds(&world, teller(*hub), LISBON);
        assert_eq!(written.last().map(String::as_str), Some("handover"), "{hub}: {written:?}");
        assert_eq!(
            secrets(&world, *hub),
            [key(fresh(*hub))],
            "the old secret is gone, the fresh one is there"
        );
    }
    // The founder without a seat keeps the key that has never counted.
    assert_eq!(secrets(&world, LISBON).len(), 2);
    assert_eq!(secrets(&world, ISTANBUL), [key(teller(ISTANBUL))]);

    let motion = ask(&mut world, &mut network, resolution("We are new."), &SECOND);
    world.elapse(OPEN_MS + 10 * GRACE_MS);
    assert_eq!(
        world.registry(LISBON).certificate(&motion).map(|(outcome, _)| outcome),
        Some(Outcome::Adopted)
    );
    for hub in SECOND {
        assert_eq!(kinds(&world, fresh(hub), VIENNA).first().map(String::as_str), Some("closing"));
    }

    // Istanbul comes back, hears of it, and hands over too.
    ALL.iter().filter(|hub| **hub != ISTANBUL).for_each(|other| world.link(ISTANBUL, *other));
    world.elapse(60_000);
    world.assert_alike(&ALL);
    // It may have refused a motion that came to it with no notice at all, before it heard how that ended.
    let written = kinds(&world, teller(ISTANBUL), VIENNA);
    assert!(written == ["handover"] || written == ["closing", "handover"], "{written:?}");
    assert!(secrets(&world, ISTANBUL).is_empty());
}

#[test]
fn a_teller_that_cannot_bring_home_what_it_closed_hands_over_2g_later_over_a_restart_too() {
    let (mut network, mut world) = network();
    // Vienna alone has closed a motion that nobody else hears of.
    let lonely = ask(&mut world, &mut network, resolution("Alone."), &[]);
    let motion = network.registry.motion(&lonely).unwrap();
    let question = network.seat_question(&SECOND);
    let seat = ask(&mut world, &mut network, question, &SECOND);
    FIRST[1..].iter().for_each(|other| world.unlink(VIENNA, *other));
    world.unlink(VIENNA, LISBON);
    world.elapse(10);
    world.now_ms = motion.deadline + GRACE_MS + 10;
    world.wake(VIENNA);
    assert_eq!(kinds(&world, teller(VIENNA), VIENNA), ["closing"]);
    // The others are shown no more of the first motion than Vienna wants: they decide the second one.
    FIRST[1..].iter().for_each(|hub| world.pause(*hub));
    let certificate: Vec<Record> = {
        learn(&mut network, &world, VIENNA);
        network.tellers = [AMSTERDAM, SAO_PAULO, ISTANBUL].map(teller).to_vec();
        let before = network.records.len();
        network.close(seat);
        for place in 0..3 {
            let page = network.due_return(seat, place, Enough::Quorum).unwrap();
            network.write(network.tellers[place], page);
        }
        network.records[before..].to_vec()
    };
    world.plant(VIENNA, &certificate);
    assert!(world.registry(VIENNA).certificate(&seat).is_some());
    assert!(!kinds(&world, teller(VIENNA), VIENNA).contains(&"handover".to_owned()), "it has to wait");
    world.elapse(GRACE_MS + 500);
    world.restart(VIENNA);
    world.elapse(400);
    assert!(!kinds(&world, teller(VIENNA), VIENNA).contains(&"handover".to_owned()), "for all of 2G");
    world.elapse(200);
    assert_eq!(kinds(&world, teller(VIENNA), VIENNA).last().map(String::as_str), Some("handover"));
    assert_eq!(secrets(&world, VIENNA), [key(fresh(VIENNA))]);
}

#[test]
fn a_node_that_went_down_between_its_handover_and_the_erasure_erases_at_the_next_start() {
    let (mut network, mut world) = network();
    let question = network.seat_question(&SECOND);
    ask(&mut world, &mut network, question, &SECOND);
    world.elapse(OPEN_MS + 10 * GRACE_MS);
    assert_eq!(secrets(&world, VIENNA), [key(fresh(VIENNA))]);
    world.of(VIENNA).config.tellers.push(secret(teller(VIENNA)));
    world.restart(VIENNA);
    assert_eq!(secrets(&world, VIENNA), [key(fresh(VIENNA))]);
    let written = kinds(&world, teller(VIENNA), VIENNA);
    assert_eq!(written.iter().filter(|kind| *kind == "handover").count(), 1);
}

#[test]
fn a_key_that_may_not_sign_keeps_no_other_key_of_the_node_from_signing() {
    let (mut network, mut world) = network();
    let question = network.seat_question(&SECOND);
    let seat = ask(&mut world, &mut network, question, &SECOND);
    // Vienna's first teller was copied, and the copy has refused the motion.
    let copy = network.draw(teller(VIENNA), network.refusal(seat, cohub_registry::Refusal::Notice));
    world.plant(AMSTERDAM, std::slice::from_ref(&copy));
    world.elapse(OPEN_MS + 10 * GRACE_MS);
    let silent = |event: &Event| matches!(event, Event::TellerSilent { .. });
    assert!(world.machine(key(node(VIENNA))).events.iter().any(silent));
    let motion = ask(&mut world, &mut network, resolution("We are new."), &SECOND);
    world.elapse(OPEN_MS + 10 * GRACE_MS);
    assert_eq!(kinds(&world, teller(VIENNA), AMSTERDAM), ["closing"], "the copy's refusal");
    assert_eq!(kinds(&world, fresh(VIENNA), AMSTERDAM).first().map(String::as_str), Some("closing"));
    assert!(world.registry(VIENNA).certificate(&motion).is_some());
    world.assert_alike(&ALL);
}
