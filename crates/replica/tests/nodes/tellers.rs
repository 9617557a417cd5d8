//! Tellers do their duty by themselves, by their own clocks, and no ballot that is late is counted.

use cohub_record::{Id, Record};
use cohub_registry::{Choice, Kind, Outcome, Refusal};
use cohub_replica::Event;

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, Newcomer, Page, SAO_PAULO, SMALL, VIENNA, charter, key, node,
    representative, secret, teller,
};
use crate::world::World;

const HUBS: [usize; 4] = [VIENNA, AMSTERDAM, SAO_PAULO, ISTANBUL];
/// Between a motion of the cast and its deadline.
const OPEN_MS: u64 = 3_600_000;
const GRACE_MS: u64 = 1_000;

/// Four founders' nodes, all linked, and an application that can advance.
fn committee() -> (Network, Newcomer, World) {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(4, ISTANBUL);
    let mut world = World::at(&network);
    for hub in HUBS {
        world.start(hub, &network);
        world.plant(hub, &network.records[1..]);
    }
    world.link_all(&HUBS);
    world.elapse(1_000);
    network.now = world.now_ms;
    (network, newcomer, world)
}

/// Writes the next record of a key and hands it in at its hub's node.
fn hand_in(world: &mut World, network: &mut Network, who: crate::cast::Who, page: Page) -> Id {
    let id = network.write(who, page);
    world.submit(who.0, &[network.records.last().unwrap().clone()]);
    id
}

fn open(world: &mut World, network: &mut Network, newcomer: Newcomer) -> Id {
    let by = representative(VIENNA);
    network.now = world.now_ms;
    let page = network.advance(by, newcomer.application, "eligible", 0);
    hand_in(world, network, by, page)
}

fn vote(world: &mut World, network: &mut Network, hub: usize, motion: Id, choice: Choice) -> Id {
    let page = network.ballot(motion, choice);
    hand_in(world, network, representative(hub), page)
}

/// What the teller of a hub wrote, as another node holds it.
fn written_by(world: &mut World, hub: usize, at: usize) -> Vec<Record> {
    let author = key(teller(hub));
    let disk = &world.of(at).disk;
    let own = disk.records.iter().filter(|((key, _), _)| *key == author);
    own.map(|((_, place), bytes)| Record::from_checked(place.id, author, bytes.clone()).unwrap()).collect()
}

fn kinds(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.header().kind.as_str()).collect()
}

#[test]
fn a_motion_becomes_final_by_itself() {
    let (mut network, newcomer, mut world) = committee();
    let motion = open(&mut world, &mut network, newcomer);
    world.elapse(1_000);
    for hub in HUBS {
        vote(&mut world, &mut network, hub, motion, Choice::Yes);
    }
    world.elapse(OPEN_MS + GRACE_MS - 2_000);
    assert!(written_by(&mut world, VIENNA, VIENNA).is_empty(), "nobody closes before D+G");
    world.elapse(5_000);
    world.assert_alike(&HUBS);
    let (outcome, _) = world.registry(ISTANBUL).certificate(&motion).expect("final");
    assert_eq!(outcome, Outcome::Adopted);
    for hub in HUBS {
        let written = written_by(&mut world, hub, VIENNA);
        assert_eq!(kinds(&written).first(), Some(&"closing"));
        assert!(written.len() <= 2 && kinds(&written).iter().skip(1).all(|kind| *kind == "return"));
    }
}

#[test]
fn a_ballot_that_comes_after_d_and_g_enters_no_closing() {
    let (mut network, newcomer, mut world) = committee();
    let motion = open(&mut world, &mut network, newcomer);
    let deadline = network.now - 1_000 + OPEN_MS;
    world.elapse(1_000);
    for hub in [VIENNA, AMSTERDAM, SAO_PAULO] {
        vote(&mut world, &mut network, hub, motion, Choice::Yes);
    }
    let ballot = network.draw(representative(ISTANBUL), network.ballot(motion, Choice::Yes));
    // The clocks jump to the very moment, and nothing wakes anybody before the ballot comes.
    world.elapse(1_000);
    HUBS.iter().for_each(|one| {
        HUBS.iter().filter(|other| *other > one).for_each(|other| world.unlink(*one, *other));
    });
    world.elapse(10);
    world.now_ms = deadline + GRACE_MS + 2_000;
    world.submit(VIENNA, std::slice::from_ref(&ballot));
    let closing = written_by(&mut world, VIENNA, VIENNA).remove(0);
    assert_eq!(closing.header().kind, Kind::Closing.as_str());
    assert_eq!(closing.header().cites[1].len(), 3);
    assert!(!closing.header().cites[1].contains(&ballot.id()));
    assert!(world.holds(VIENNA, &ballot.id()), "it is held all the same");
}

#[test]
fn a_teller_that_was_down_across_the_deadline_closes_with_what_it_had_stored() {
    let (mut network, newcomer, mut world) = committee();
    let motion = open(&mut world, &mut network, newcomer);
    world.elapse(1_000);
    let early = vote(&mut world, &mut network, VIENNA, motion, Choice::Yes);
    world.elapse(1_000);
    HUBS.iter().skip(1).for_each(|other| world.unlink(VIENNA, *other));
    world.elapse(10);
    vote(&mut world, &mut network, AMSTERDAM, motion, Choice::Yes);
    vote(&mut world, &mut network, SAO_PAULO, motion, Choice::Yes);
    // Vienna's machine is off: its clock passes the deadline before it starts again.
    world.pause(VIENNA);
    world.elapse(OPEN_MS + GRACE_MS + 10);
    world.restart(VIENNA);
    HUBS.iter().skip(1).for_each(|other| world.link(VIENNA, *other));
    world.elapse(60_000);
    let closing = written_by(&mut world, VIENNA, AMSTERDAM).remove(0);
    assert_eq!(closing.header().cites[1], [early], "what came after the start was late");
    world.assert_alike(&HUBS);
    assert_eq!(
        world.registry(VIENNA).certificate(&motion).map(|(outcome, _)| outcome),
        Some(Outcome::Adopted)
    );
}

#[test]
fn too_little_notice_and_too_long_a_wait_are_refused_once() {
    for (wait_ms, refusal) in [(500, Refusal::Notice), (100 * 24 * OPEN_MS, Refusal::TooLong)] {
        let (mut network, newcomer, mut world) = committee();
        let by = representative(VIENNA);
        let page = network.advance(by, newcomer.application, "eligible", 0);
        let effect = cohub_registry::Effect::Advance {
            application: newcomer.application,
            stage: crate::cast::slug("eligible"),
            open_by: 0,
        };
        let page = page.saying(&cohub_registry::Motion {
            effect,
            deadline: world.now_ms + wait_ms,
            roll: cohub_record::List::default(),
        });
        let motion = hand_in(&mut world, &mut network, by, page);
        world.elapse(OPEN_MS);
        for hub in HUBS {
            let written = written_by(&mut world, hub, VIENNA);
            let [closing] = &written[..] else { panic!("one refusal of {hub}: {:?}", kinds(&written)) };
            let refused = cohub_registry::Closing { refusal: Some(refusal) };
            assert_eq!(closing.header().body, cohub_record::Field::to_value(&refused));
            assert_eq!(closing.header().cites, [vec![motion], Vec::new()]);
        }
        world.assert_alike(&HUBS);
    }
}

#[test]
fn of_rival_ballots_each_teller_closes_with_the_one_that_it_got_first() {
    let (mut network, newcomer, mut world) = committee();
    let motion = open(&mut world, &mut network, newcomer);
    world.elapse(1_000);
    let by = representative(ISTANBUL);
    let yes = network.draw(by, network.ballot(motion, Choice::Yes));
    let no = network.draw(by, network.ballot(motion, Choice::No));
    world.plant(VIENNA, &[yes.clone(), no.clone()]);
    world.plant(AMSTERDAM, &[no.clone(), yes.clone()]);
    world.elapse(OPEN_MS + 60_000);
    let head = |world: &mut World, hub| written_by(world, hub, hub)[0].header().cites[1][0];
    assert_eq!(head(&mut world, VIENNA), yes.id());
    assert_eq!(head(&mut world, AMSTERDAM), no.id());
    let forked = |event: &Event| matches!(event, Event::ForkFound { author, .. } if *author == key(by));
    assert!(world.of(SAO_PAULO).events.iter().any(forked));
    world.assert_alike(&HUBS);
}

#[test]
fn with_one_teller_away_the_others_wait_another_g_and_decide() {
    let (mut network, newcomer, mut world) = committee();
    HUBS.iter().take(3).for_each(|other| world.unlink(ISTANBUL, *other));
    let motion = open(&mut world, &mut network, newcomer);
    world.elapse(1_000);
    for hub in [VIENNA, AMSTERDAM, SAO_PAULO] {
        vote(&mut world, &mut network, hub, motion, Choice::Yes);
    }
    world.elapse(OPEN_MS + GRACE_MS - 1_500);
    assert_eq!(kinds(&written_by(&mut world, VIENNA, VIENNA)), ["closing"; 0]);
    world.elapse(600);
    assert_eq!(kinds(&written_by(&mut world, VIENNA, VIENNA)), ["closing"]);
    world.elapse(GRACE_MS);
    assert!(world.registry(VIENNA).certificate(&motion).is_some());
    // The absent one learns of it, and owes nothing any more.
    HUBS.iter().take(3).for_each(|other| world.link(ISTANBUL, *other));
    world.elapse(60_000);
    world.assert_alike(&HUBS);
    let late = kinds(&written_by(&mut world, ISTANBUL, VIENNA)).len();
    assert!(late <= 1, "at most a refusal: it came with no notice at all");
}

#[test]
fn a_teller_whose_key_was_used_elsewhere_signs_nothing_more() {
    let (mut network, newcomer, mut world) = committee();
    let motion = open(&mut world, &mut network, newcomer);
    world.elapse(1_000);
    // Amsterdam's directory was copied: the copy has refused the motion.
    let copy = network.draw(teller(AMSTERDAM), network.refusal(motion, Refusal::Notice));
    assert_eq!(copy.author(), secret(teller(AMSTERDAM)).public());
    world.plant(VIENNA, std::slice::from_ref(&copy));
    world.elapse(OPEN_MS + 60_000);
    let written = written_by(&mut world, AMSTERDAM, VIENNA);
    assert_eq!(written.iter().map(Record::id).collect::<Vec<_>>(), [copy.id()]);
    let set_back =
        |event: &Event| matches!(event, Event::SetBack { key: used, .. } if *used == copy.author());
    assert!(world.machine(key(node(AMSTERDAM))).events.iter().any(set_back));
    world.restart(AMSTERDAM);
    world.link(AMSTERDAM, VIENNA);
    world.elapse(60_000);
    assert_eq!(written_by(&mut world, AMSTERDAM, AMSTERDAM).len(), 1, "nor after a restart");
}

#[test]
fn a_teller_whose_log_builds_on_what_its_store_lost_signs_nothing_until_that_is_fetched() {
    let (mut network, newcomer, mut world) = committee();
    let before = network.records.len();
    let another = network.welcome(5, ISTANBUL);
    HUBS.iter().for_each(|hub| world.plant(*hub, &network.records[before..]));
    let decided = open(&mut world, &mut network, newcomer);
    world.elapse(OPEN_MS + GRACE_MS + 1_000);
    assert!(world.registry(VIENNA).certificate(&decided).is_some());
    let returned = |hub: &&usize| written_by(&mut world, **hub, **hub).len() == 2;
    let lame = *HUBS.iter().find(returned).expect("q tellers have returned");
    let motion = open(&mut world, &mut network, another);
    world.elapse(1_000);
    for hub in HUBS {
        vote(&mut world, &mut network, hub, motion, Choice::Yes);
    }
    world.elapse(1_000);
    // Its disk loses what its return cites, and nobody is there to give it back.
    let others: Vec<usize> = HUBS.into_iter().filter(|hub| *hub != lame).collect();
    others.iter().for_each(|other| world.unlink(lame, *other));
    others[..2].iter().for_each(|other| world.unlink(others[2], *other));
    world.elapse(10);
    world.pause(others[2]);
    let lost = key(teller(others[0]));
    world.of(lame).disk.records.retain(|(author, _), _| *author != lost);
    world.restart(lame);
    world.elapse(OPEN_MS + GRACE_MS + 1_000);
    assert_eq!(written_by(&mut world, lame, lame).len(), 2, "it has signed nothing");
    others[..2].iter().for_each(|other| world.link(lame, *other));
    world.elapse(60_000);
    world.assert_alike(&[lame, others[0], others[1]]);
    assert_eq!(kinds(&written_by(&mut world, lame, others[0]))[2], "closing", "it does its duty then");
    assert!(world.registry(lame).certificate(&motion).is_some());
}
