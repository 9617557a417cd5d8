//! New records spread at once, and only what is kept is passed on.

use cohub_record::Record;
use cohub_replica::wire::Item;
use cohub_replica::{Acceptance, Event, FoundIn, Input, MessageId};

use crate::cast::{AMSTERDAM, ISTANBUL, Network, SAO_PAULO, SMALL, VIENNA, charter, controller, key, node};
use crate::world::World;

fn judge(world: &mut World, hub: usize, from: usize, record: &Record) -> Acceptance {
    let message = MessageId(*blake3::hash(record.bytes()).as_bytes());
    let item = Item::bare(record.clone());
    world.input(key(node(hub)), Input::Gossip { peer: key(node(from)), message, item });
    world.of(hub).judged[&message]
}

#[test]
fn a_record_spreads_along_a_line_without_any_comparison() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let mut world = World::at(&network);
    let hubs = [VIENNA, AMSTERDAM, SAO_PAULO, ISTANBUL];
    for hub in hubs {
        world.start_copying(hub, &network);
        world.plant(hub, &network.records[1..]);
    }
    hubs.windows(2).for_each(|pair| world.link(pair[0], pair[1]));
    world.elapse(1_000);
    let report = network.write(controller(VIENNA), network.profile(VIENNA, 2_026, 9));
    world.submit(VIENNA, &[network.records.last().unwrap().clone()]);
    world.elapse(3);
    assert!(world.holds(ISTANBUL, &report), "three links, a millisecond each");
    world.elapse(1_000);
    let held_by = |event: &Event| matches!(event, Event::HeldBy { id, peers: 1 } if *id == report);
    assert!(world.of(VIENNA).events.iter().any(held_by), "its only neighbour said so");
    assert_eq!(world.of(VIENNA).replica.peers_holding(&report), 1);
}

#[test]
fn each_kind_of_message_is_judged_once_and_rightly() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let mut world = World::at(&network);
    world.start_copying(VIENNA, &network);
    world.plant(VIENNA, &network.records[1..]);
    network.write(controller(AMSTERDAM), network.profile(AMSTERDAM, 2_001, 1));
    network.write(controller(AMSTERDAM), network.profile(AMSTERDAM, 2_002, 1));
    let [first, second] = [2, 1].map(|back| network.records[network.records.len() - back].clone());
    network.offer(controller(AMSTERDAM), network.ballot(network.founding(), cohub_registry::Choice::Yes));
    let void = network.records.last().unwrap().clone();
    let stranger = network.draw((7, crate::cast::Desk::Spare(0)), network.inception(5));
    let alien = Network::found(3, 3, charter(SMALL)).records[1].clone();
    let mut check = |record: &Record, expected: Acceptance, name: &str| {
        assert_eq!(judge(&mut world, VIENNA, AMSTERDAM, record), expected, "{name}");
    };
    check(&second, Acceptance::Ignore, "its predecessor is missing");
    check(&first, Acceptance::Accept, "it continues what is held");
    check(&second, Acceptance::Ignore, "it is held by now: it had waited");
    check(&void, Acceptance::Accept, "void records are kept and relayed");
    check(&void, Acceptance::Ignore, "it is held");
    check(&stranger, Acceptance::Ignore, "its author is a stranger");
    check(&alien, Acceptance::Reject, "it belongs to another network");
    assert!(world.holds(VIENNA, &second.id()));
    assert_eq!(world.of(VIENNA).replica.waiting().0, 1, "the stranger's record waits");
}

#[test]
fn a_gap_is_filled_by_the_peer_that_showed_it() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let mut world = World::at(&network);
    for hub in [VIENNA, AMSTERDAM] {
        world.start_copying(hub, &network);
        world.plant(hub, &network.records[1..]);
    }
    world.link(VIENNA, AMSTERDAM);
    world.elapse(100);
    let before = network.records.len();
    for year in 2_001..2_009 {
        network.write(controller(AMSTERDAM), network.profile(AMSTERDAM, year, 1));
    }
    let records = network.records[before..].to_vec();
    world.plant(AMSTERDAM, &records);
    // All but the last were lost on their way.
    judge(&mut world, VIENNA, AMSTERDAM, records.last().unwrap());
    world.elapse(10);
    world.assert_alike(&[VIENNA, AMSTERDAM]);
}

#[test]
fn a_peer_that_sends_rubbish_is_rejected_and_soon_disconnected() {
    let network = Network::found(4, 4, charter(SMALL));
    let mut world = World::at(&network);
    world.start_copying(VIENNA, &network);
    world.start_copying(AMSTERDAM, &network);
    world.link(VIENNA, AMSTERDAM);
    world.elapse(100);
    let peer = key(node(AMSTERDAM));
    for byte in 0..8 {
        let message = MessageId([byte; 32]);
        world.expect_judgement(VIENNA, message, AMSTERDAM, &network.records[0]);
        world.input(key(node(VIENNA)), Input::Malformed { peer, found_in: FoundIn::Gossip(message) });
        assert_eq!(world.of(VIENNA).judged[&message], Acceptance::Reject);
    }
    world.elapse(10);
    assert!(!world.are_linked(VIENNA, AMSTERDAM), "eight misdeeds are enough");
    world.link(VIENNA, AMSTERDAM);
    world.elapse(10);
    assert!(!world.are_linked(VIENNA, AMSTERDAM), "and it is shunned for a while");
}
