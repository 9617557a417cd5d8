//! What is erased goes from every node, and comes back from none.

use cohub_record::{Descriptor, Record, Scope};
use cohub_replica::wire::{Item, Request, Response};
use cohub_replica::{Answer, Input, MessageId};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, Page, SAO_PAULO, SMALL, VIENNA, attachment, charter, controller, key, node,
};
use crate::world::World;

const ANKARA: usize = 4;

/// Ankara handed in a small plan; everybody has it. Its erasure is written and nobody has seen it.
fn stage() -> (Network, World, Descriptor, Record) {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(ANKARA, ISTANBUL);
    let descriptor = Descriptor { scope: Scope::Public, ..attachment("a plan with names") };
    let page = network.document(newcomer.application, "plan", "");
    let plan = network.write(controller(ANKARA), Page { attachments: vec![descriptor.clone()], ..page });
    let mut world = World::at(&network);
    for hub in [VIENNA, AMSTERDAM, ISTANBUL] {
        world.start_copying(hub, &network);
        world.plant(hub, &network.records[1..]);
        world.of(hub).disk.files.insert(descriptor.hash, b"the plan".to_vec());
        world.input(key(node(hub)), Input::Kept { hash: descriptor.hash });
    }
    network.write(controller(ANKARA), network.erasure(plan));
    let erasure = network.records.last().unwrap().clone();
    (network, world, descriptor, erasure)
}

fn has(world: &mut World, hub: usize, descriptor: &Descriptor) -> bool {
    world.of(hub).disk.files.contains_key(&descriptor.hash)
}

/// What a fetch answers, in words.
fn fetched(world: &mut World, hub: usize, descriptor: &Descriptor) -> String {
    let ticket = world.ticket();
    world.input(key(node(hub)), Input::Fetch { ticket, hash: descriptor.hash });
    world.elapse(1_000);
    match world.answer(hub, ticket) {
        Some(Ok(Answer::Fetched)) => "fetched".to_owned(),
        Some(Err(error)) => error.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn every_node_erases_it_when_it_hears_and_who_was_away_does_so_when_it_is_back() {
    let (_, mut world, plan, erasure) = stage();
    world.link(VIENNA, ISTANBUL);
    world.elapse(1_000);
    assert_eq!(fetched(&mut world, VIENNA, &plan), "fetched");
    world.submit(VIENNA, std::slice::from_ref(&erasure));
    world.elapse(1_000);
    assert!(!has(&mut world, VIENNA, &plan) && !has(&mut world, ISTANBUL, &plan));
    assert!(fetched(&mut world, VIENNA, &plan).contains(&format!("erased by {}", erasure.id())));
    // Amsterdam hears of it days later; until then it has the bytes, and nobody asks for them.
    world.elapse(3 * 86_400_000);
    assert!(has(&mut world, AMSTERDAM, &plan));
    world.link(AMSTERDAM, ISTANBUL);
    world.elapse(20_000);
    assert!(!has(&mut world, AMSTERDAM, &plan));
    let request = Request::Chunk { hash: plan.hash, index: 0 };
    assert_eq!(world.ask_as(VIENNA, ISTANBUL, request), Response::Chunk { proof: None });
    world.assert_alike(&[VIENNA, AMSTERDAM, ISTANBUL]);
}

#[test]
fn whoever_offers_it_again_is_left_with_it() {
    let (mut network, mut world, plan, erasure) = stage();
    world.submit(VIENNA, &[erasure]);
    assert!(!has(&mut world, VIENNA, &plan));
    // The bytes come once more, with a record that describes them as Sao Paulo's own.
    let page = network.profile(SAO_PAULO, 2_020, 3);
    network.write(controller(SAO_PAULO), Page { attachments: vec![plan.clone()], ..page });
    let record = network.records.last().unwrap().clone();
    let file = crate::cast::file("a plan with names");
    assert_eq!(file.descriptor(Scope::Public), plan, "the very bytes");
    let item = Item::new(record.clone(), vec![file.encode().into()]).unwrap();
    let message = MessageId(*blake3::hash(record.bytes()).as_bytes());
    let peer = key(node(SAO_PAULO));
    world.input(key(node(VIENNA)), Input::Gossip { peer, message, item });
    world.link(VIENNA, SAO_PAULO);
    world.elapse(20_000);
    assert!(world.holds(VIENNA, &record.id()), "what it says is kept");
    assert!(!has(&mut world, VIENNA, &plan), "what it offers is not");
}

#[test]
fn a_node_that_went_down_in_between_erases_at_its_next_start() {
    let (_, mut world, plan, erasure) = stage();
    world.submit(VIENNA, &[erasure]);
    // The record is on the disk, and the bytes still are, too.
    world.of(VIENNA).disk.files.insert(plan.hash, b"the plan".to_vec());
    world.restart(VIENNA);
    assert!(!has(&mut world, VIENNA, &plan));
    assert!(fetched(&mut world, VIENNA, &plan).contains("erased"));
}
