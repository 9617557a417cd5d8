//! Attachments: those that may be read come, chunk by chunk, from whoever has them.

use cohub_record::{Attachment, Descriptor, Hash, Scope};
use cohub_replica::wire::{Item, Request, Response};
use cohub_replica::{Answer, Config, Copies, Event, Input, ReplicaError};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, Page, SAO_PAULO, SMALL, VIENNA, charter, controller, key, node,
};
use crate::world::{CHUNK, World};

const ANKARA: usize = 4;

fn file(length: usize) -> Attachment {
    Attachment {
        salt: [3; 32],
        name: "plan.pdf".parse().unwrap(),
        media_type: "application/pdf".parse().unwrap(),
        content: b"All that a hub needs. ".iter().copied().cycle().take(length).collect(),
    }
}

/// Ankara, a prospect, has handed in a file of this size and scope; Istanbul's node has its bytes.
fn stage(length: usize, scope: Scope) -> (Network, World, Descriptor) {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(ANKARA, ISTANBUL);
    let descriptor = file(length).descriptor(scope);
    let page = network.document(newcomer.application, "plan", "");
    network.write(controller(ANKARA), Page { attachments: vec![descriptor.clone()], ..page });
    let mut world = World::at(&network);
    world.files.insert(descriptor.hash, file(length).encode());
    for hub in [VIENNA, AMSTERDAM, ISTANBUL] {
        world.start_copying(hub, &network);
        world.plant(hub, &network.records[1..]);
    }
    give(&mut world, ISTANBUL, descriptor.hash);
    (network, world, descriptor)
}

fn give(world: &mut World, hub: usize, hash: Hash) {
    let bytes = world.files[&hash].clone();
    world.of(hub).disk.files.insert(hash, bytes);
    world.input(key(node(hub)), Input::Kept { hash });
}

fn fetch(world: &mut World, hub: usize, hash: Hash, within_ms: u64) -> Option<Result<Answer, ReplicaError>> {
    let ticket = world.ticket();
    world.input(key(node(hub)), Input::Fetch { ticket, hash });
    world.elapse(within_ms);
    world.answer(hub, ticket)
}

#[test]
fn a_large_file_comes_in_chunks_when_somebody_wants_it() {
    let (_, mut world, file) = stage(50 * CHUNK, Scope::Members);
    world.link(VIENNA, ISTANBUL);
    world.elapse(30_000);
    assert!(!world.of(VIENNA).disk.files.contains_key(&file.hash), "nobody wanted it yet");
    assert_eq!(fetch(&mut world, VIENNA, file.hash, 1_000), Some(Ok(Answer::Fetched)));
    assert_eq!(world.machine(key(node(VIENNA))).disk.files[&file.hash], world.files[&file.hash]);
    assert_eq!(fetch(&mut world, VIENNA, file.hash, 0), Some(Ok(Answer::Fetched)), "it is here");
}

#[test]
fn a_fetch_goes_on_after_a_restart_where_it_was() {
    let (_, mut world, file) = stage(50 * CHUNK, Scope::Members);
    world.link(VIENNA, ISTANBUL);
    world.elapse(100);
    fetch(&mut world, VIENNA, file.hash, 20);
    let asked = |world: &World| world.traffic.iter().filter(|(kind, ..)| kind.as_str() == "chunk").count();
    let before = asked(&world);
    assert!(before > 8 && before < 50);
    world.restart(VIENNA);
    world.link(VIENNA, ISTANBUL);
    assert_eq!(fetch(&mut world, VIENNA, file.hash, 1_000), Some(Ok(Answer::Fetched)));
    assert!(asked(&world) <= 50 + 1 + 8, "only what was under way is asked for again");
}

#[test]
fn a_liar_is_found_out_by_its_first_chunk_and_others_are_asked() {
    let (_, mut world, file) = stage(50 * CHUNK, Scope::Members);
    give(&mut world, AMSTERDAM, file.hash);
    let lie = |request: &Request| match request {
        Request::Chunk { .. } => Some(Response::Chunk { proof: Some(vec![7; CHUNK].into()) }),
        _ => None,
    };
    world.script(key(node(SAO_PAULO)), Box::new(lie));
    [AMSTERDAM, SAO_PAULO].iter().for_each(|hub| world.link(VIENNA, *hub));
    world.elapse(100);
    assert_eq!(fetch(&mut world, VIENNA, file.hash, 5_000), Some(Ok(Answer::Fetched)));
    let liar =
        |event: &&Event| matches!(event, Event::PeerMisbehaved { peer, .. } if *peer == key(node(SAO_PAULO)));
    let found_out = world.of(VIENNA).events.iter().filter(liar).count();
    assert!((1..=4).contains(&found_out), "{found_out} chunks of a liar were under way");
}

#[test]
fn what_nobody_has_or_nobody_described_is_an_error_that_says_so() {
    let (_, mut world, file) = stage(50 * CHUNK, Scope::Members);
    world.link(VIENNA, AMSTERDAM);
    world.elapse(100);
    let answer = fetch(&mut world, VIENNA, file.hash, 60_000);
    assert!(matches!(answer, Some(Err(ReplicaError::NotFetched { .. }))), "{answer:?}");
    let unknown = Hash::from_bytes([1; 32]);
    assert_eq!(fetch(&mut world, VIENNA, unknown, 0), Some(Err(ReplicaError::UnknownAttachment(unknown))));
}

#[test]
fn a_small_file_travels_with_its_record_to_those_who_may_read_it() {
    for (scope, prospect_reads) in [(Scope::Public, true), (Scope::Members, false)] {
        let (mut network, mut world, small) = stage(700, scope);
        // Another prospect than the one that attached it.
        network.welcome(5, VIENNA);
        for hub in [AMSTERDAM, ISTANBUL] {
            world.plant(hub, &network.records[1..]);
        }
        world.start_with(Config::new(key(node(5)), 5), &network);
        world.start_copying(SAO_PAULO, &network);
        world.link(SAO_PAULO, ISTANBUL);
        world.link(5, ISTANBUL);
        world.elapse(120_000);
        world.assert_alike(&[SAO_PAULO, 5, ISTANBUL]);
        assert!(world.of(SAO_PAULO).disk.files.contains_key(&small.hash), "{scope}: a member's node has it");
        assert_eq!(world.of(5).disk.files.contains_key(&small.hash), prospect_reads, "{scope}");
        let chunks = world.traffic.iter().filter(|(kind, ..)| kind.as_str() == "chunk").count();
        assert!(chunks == 0, "{scope}: it came with its record, or not at all");
    }
}

#[test]
fn gossip_carries_public_files_and_members_ask_for_others() {
    for (scope, asked) in [(Scope::Public, false), (Scope::Members, true)] {
        let (mut network, mut world, _) = stage(50 * CHUNK, Scope::Members);
        world.link(VIENNA, AMSTERDAM);
        world.elapse(100);
        let attachment = file(300);
        let descriptor = attachment.descriptor(scope);
        world.files.insert(descriptor.hash, attachment.encode());
        let page = network.profile(VIENNA, 2_026, 1);
        network.write(controller(VIENNA), Page { attachments: vec![descriptor.clone()], ..page });
        let record = network.records.last().unwrap().clone();
        let item = Item::new(record, vec![attachment.encode().into()]).unwrap();
        assert!(world.submit_items(VIENNA, vec![item]).is_ok());
        world.elapse(5_000);
        assert!(world.of(AMSTERDAM).disk.files.contains_key(&descriptor.hash), "{scope}");
        let chunks = world.traffic.iter().filter(|(kind, ..)| kind.as_str() == "chunk").count();
        assert_eq!(chunks > 0, asked, "{scope}");
    }
}

#[test]
fn a_node_that_copies_everything_needs_not_be_asked() {
    let (network, mut world, file) = stage(50 * CHUNK, Scope::Members);
    let mut config = Config::new(key(node(SAO_PAULO)), 2);
    config.copies = Copies::All;
    world.start_with(config, &network);
    world.link(SAO_PAULO, ISTANBUL);
    world.elapse(30_000);
    assert!(world.of(SAO_PAULO).disk.files.contains_key(&file.hash));
}
