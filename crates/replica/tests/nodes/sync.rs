//! Nodes that miss something get it, from whomever has it, whatever happens in between.

use std::collections::BTreeMap;

use cohub_record::{Id, Record};
use cohub_registry::{Choice, Role, Rotate, recovery_hash};
use cohub_replica::wire::{Denial, Fingerprint, Request, RequestKind, Response};
use cohub_replica::{Config, Event};
use proptest::prelude::*;

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, SAO_PAULO, SMALL, VIENNA, charter, controller, key, next_controller, node,
    representative, spare,
};
use crate::world::World;

/// A network with one admission behind it, a fork of a co-owner, a void record and one that is pending.
fn lively() -> Network {
    let mut network = Network::found(4, 4, charter(SMALL));
    network.admit(4, ISTANBUL);
    let newcomer = network.welcome(5, VIENNA);
    let by = representative(AMSTERDAM);
    let motion = network.move_on(newcomer, "eligible");
    let before = network.end(by);
    network.write_after(by, before, network.ballot(motion, Choice::Yes));
    let (rival, _) = network.write_after(by, before, network.ballot(motion, Choice::No));
    network.write_after(by, Some(rival), network.ballot(motion, Choice::Abstain));
    network.offer(representative(VIENNA), network.ballot(Id::from_bytes([9; 32]), Choice::Yes));
    network.offer(representative(SAO_PAULO), network.ballot(network.founding(), Choice::Yes));
    network
}

fn hold_all(world: &mut World, hub: usize, network: &Network) {
    world.plant(hub, &network.records[1..]);
    assert_eq!(world.held(hub).len(), network.records.len());
}

fn overhead(world: &World, gained: &[Record]) -> usize {
    let bytes: usize = world.traffic.iter().map(|(_, request, response)| request + response).sum();
    bytes - gained.iter().map(|record| record.bytes().len()).sum::<usize>()
}

#[test]
fn a_newcomer_gets_everything() {
    let network = lively();
    let mut world = World::at(&network);
    world.start_copying(VIENNA, &network);
    world.start_copying(AMSTERDAM, &network);
    hold_all(&mut world, VIENNA, &network);
    world.link(VIENNA, AMSTERDAM);
    world.elapse(5_000);
    world.assert_alike(&[VIENNA, AMSTERDAM]);
    assert_eq!(world.held(AMSTERDAM).len(), network.records.len());
    let synced = |event: &Event| matches!(event, Event::PeerSynced { gained, .. } if *gained > 0);
    assert!(world.of(AMSTERDAM).events.iter().any(synced));
}

/// Two people had the recovery words, and each rotated without having heard of the other.
#[test]
fn rivals_for_the_first_place_of_a_log_reach_everybody() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let new = next_controller(controller(ISTANBUL));
    let (standing, last) =
        (network.inceptions[&ISTANBUL], network.end(controller(ISTANBUL)).expect("it wrote"));
    let common = network.records.len();
    let rotate = network.write(new, network.rotate(new, standing, last));
    network.write(new, network.grant_by(new, rotate, spare(ISTANBUL, 1), &[Role::Officer]));
    let rival = Rotate { recovery: recovery_hash(&key(spare(ISTANBUL, 9))) };
    network.write_after(new, None, network.rotate(new, standing, last).saying(&rival));
    let [mine, theirs] = [&network.records[common..common + 2], &network.records[common + 2..]];
    let mut world = World::at(&network);
    for (hub, own) in [(VIENNA, mine), (AMSTERDAM, theirs)] {
        world.start_copying(hub, &network);
        world.plant(hub, &network.records[1..common]);
        world.plant(hub, own);
    }
    world.link(VIENNA, AMSTERDAM);
    world.elapse(5_000);
    world.assert_alike(&[VIENNA, AMSTERDAM]);
    assert_eq!(world.held(VIENNA).len(), network.records.len());
}

#[test]
fn equal_nodes_need_one_round_trip_and_less_than_200_bytes() {
    let network = lively();
    let mut world = World::at(&network);
    for hub in [VIENNA, AMSTERDAM] {
        world.start_copying(hub, &network);
        hold_all(&mut world, hub, &network);
    }
    world.link(VIENNA, AMSTERDAM);
    world.elapse(5_000);
    let [(RequestKind::Compare, request, response), (RequestKind::Compare, ..)] = world.traffic[..] else {
        panic!("one comparison each: {:?}", world.traffic);
    };
    assert!(request + response <= 200, "{request} + {response}");
}

#[test]
fn ten_missing_records_flow_in_the_second_round_trip_and_cost_no_full_list_of_tips() {
    let mut network = lively();
    let mut world = World::at(&network);
    for hub in [VIENNA, AMSTERDAM] {
        world.start_copying(hub, &network);
        hold_all(&mut world, hub, &network);
    }
    let before = network.records.len();
    for year in 2_001..2_011 {
        network.write(crate::cast::controller(VIENNA), network.profile(VIENNA, year, 9));
    }
    let missing = &network.records[before..];
    world.plant(VIENNA, missing);
    world.link(VIENNA, AMSTERDAM);
    world.elapse(1_000);
    world.assert_alike(&[VIENNA, AMSTERDAM]);
    let kinds: Vec<RequestKind> = world.traffic.iter().map(|(kind, ..)| *kind).collect();
    let tips: Vec<&(RequestKind, usize, usize)> =
        world.traffic.iter().filter(|(kind, ..)| *kind == RequestKind::Tips).collect();
    // Vienna compares too, and finds nothing that it lacks.
    assert!(kinds.iter().filter(|kind| **kind == RequestKind::Compare).count() <= 3, "{kinds:?}");
    assert!(tips.iter().all(|(_, request, _)| *request < 200), "{tips:?}");
    let authors = world.registry(VIENNA).authors().count();
    assert!(overhead(&world, missing) < 3_000, "{} bytes, {authors} authors", overhead(&world, missing));
}

#[test]
fn the_pages_of_many_logs_travel_side_by_side() {
    let mut network = Network::found(8, 4, charter(SMALL));
    for hub in 0..8 {
        for year in 2_000..2_040 {
            network.write(crate::cast::controller(hub), network.profile(hub, year, 9));
        }
    }
    let mut world = World::at(&network);
    let mut config = Config::new(key(node(VIENNA)), 1);
    config.page_bytes = 1_000;
    world.start_with(config, &network);
    world.start_copying(AMSTERDAM, &network);
    hold_all(&mut world, VIENNA, &network);
    world.link(VIENNA, AMSTERDAM);
    let mut waited_ms: usize = 0;
    while world.held(AMSTERDAM).len() < network.records.len() && waited_ms < 10_000 {
        world.elapse(1);
        waited_ms += 1;
    }
    world.assert_alike(&[VIENNA, AMSTERDAM]);
    let pages = world.traffic.iter().filter(|(kind, ..)| *kind == RequestKind::Logs).count();
    assert!(pages > 80 && waited_ms * 2 < pages, "{pages} pages took {waited_ms} ms");
}

#[test]
fn a_sync_that_breaks_off_is_taken_up() {
    let network = lively();
    let mut world = World::at(&network);
    let mut config = Config::new(key(node(VIENNA)), 1);
    config.page_bytes = 1_000;
    world.start_with(config, &network);
    world.start_copying(AMSTERDAM, &network);
    hold_all(&mut world, VIENNA, &network);
    let mut held = 0;
    for _ in 0..100 {
        world.link(VIENNA, AMSTERDAM);
        world.elapse(12);
        world.unlink(VIENNA, AMSTERDAM);
        world.elapse(1);
        assert!(world.held(AMSTERDAM).len() >= held, "nothing is lost");
        held = world.held(AMSTERDAM).len();
    }
    world.assert_alike(&[VIENNA, AMSTERDAM]);
}

#[test]
fn three_peers_do_not_send_the_same_records() {
    let network = lively();
    let mut world = World::at(&network);
    for hub in [VIENNA, AMSTERDAM, SAO_PAULO] {
        world.start_copying(hub, &network);
        hold_all(&mut world, hub, &network);
    }
    world.start_copying(ISTANBUL, &network);
    [VIENNA, AMSTERDAM, SAO_PAULO].iter().for_each(|hub| world.link(*hub, ISTANBUL));
    world.elapse(5_000);
    world.assert_alike(&[VIENNA, ISTANBUL]);
    let sent: usize = world.traffic.iter().map(|(_, _, response)| response).sum();
    let records: usize = network.records.iter().map(|record| record.bytes().len()).sum();
    assert!(sent < records + records / 4, "{sent} bytes for {records} bytes of records");
}

#[test]
fn what_only_one_holds_reaches_all_along_a_line() {
    let network = lively();
    let hubs = [VIENNA, AMSTERDAM, SAO_PAULO, ISTANBUL];
    let mut world = World::at(&network);
    hubs.iter().for_each(|hub| world.start_copying(*hub, &network));
    for (place, hub) in hubs.iter().enumerate() {
        let own: Vec<Record> = network.records[1..].iter().skip(place).step_by(1).cloned().collect();
        world.plant(*hub, &own);
    }
    hubs.windows(2).for_each(|pair| world.link(pair[0], pair[1]));
    world.elapse(120_000);
    world.assert_alike(&hubs);
}

#[test]
fn a_damaged_record_is_named_and_fetched_again() {
    let network = lively();
    let mut world = World::at(&network);
    for hub in [VIENNA, AMSTERDAM, SAO_PAULO] {
        world.start_copying(hub, &network);
    }
    hold_all(&mut world, VIENNA, &network);
    hold_all(&mut world, AMSTERDAM, &network);
    let damaged = network.records[9].id();
    world.of(VIENNA).disk.damaged.insert(damaged);
    world.link(VIENNA, SAO_PAULO);
    world.elapse(5_000);
    assert!(!world.holds(SAO_PAULO, &damaged), "nothing bad is served");
    let named = |event: &Event| matches!(event, Event::Damaged { place, .. } if place.id == damaged);
    assert!(world.of(VIENNA).events.iter().any(named));
    world.link(VIENNA, AMSTERDAM);
    world.elapse(60_000);
    assert!(world.of(VIENNA).disk.damaged.is_empty(), "the other copy took its place");
    world.assert_alike(&[VIENNA, AMSTERDAM, SAO_PAULO]);
}

/// Peers that answer wrongly, each in its own way.
fn liars() -> BTreeMap<&'static str, fn(&Request) -> Option<Response>> {
    fn page(items: Vec<cohub_replica::wire::Item>) -> Response {
        let (offers, diverged) = Default::default();
        Response::Page { items, offers, diverged, next: None }
    }
    let mut liars: BTreeMap<&'static str, fn(&Request) -> Option<Response>> = BTreeMap::new();
    liars.insert("is mute", |_| None);
    liars.insert("is always busy", |_| Some(Response::Denied(Denial::Busy { retry_ms: 1 << 60 })));
    liars.insert("answers another question", |_| Some(Response::Holds { held: Default::default() }));
    liars.insert("claims to differ everywhere and has nothing", |request| match request {
        Request::Compare { .. } | Request::Descend { .. } => {
            let (count, levels) = match request {
                Request::Descend { prefixes, levels } => (prefixes.len(), *levels),
                _ => (1, 2),
            };
            let children =
                (0..=if levels == 1 { 15 } else { 255 }).map(|index| (index, Fingerprint([index; 16])));
            let expansion = cohub_replica::wire::Expansion { levels, children: children.collect() };
            let expansions = cohub_record::List::new(vec![expansion; count]).unwrap();
            Some(Response::Nodes { at: 0, expansions })
        }
        _ => Some(page(Vec::new())),
    });
    liars.insert("sends pages without end", |request| match request {
        Request::Tips { after, leaves } => {
            let name = after.as_ref().map_or(leaves[0].prefix.first(), |cursor| cursor.name);
            let name = cohub_replica::wire::Name(name.0.saturating_add(1));
            let next = Some(cohub_replica::wire::Cursor { name, place: None });
            let (offers, diverged) = Default::default();
            Some(Response::Page { items: Vec::new(), offers, diverged, next })
        }
        Request::Compare { .. } => {
            let children = vec![(0, Fingerprint([1; 16]))];
            let expansion = cohub_replica::wire::Expansion { levels: 2, children };
            let expansions = cohub_record::List::new(vec![expansion]).unwrap();
            Some(Response::Nodes { at: 0, expansions })
        }
        _ => None,
    });
    liars
}

#[test]
fn no_liar_stops_sync_with_the_honest_or_costs_more_than_a_bounded_amount() {
    let network = lively();
    for (name, liar) in liars() {
        let mut world = World::at(&network);
        world.start_copying(VIENNA, &network);
        world.start_copying(AMSTERDAM, &network);
        hold_all(&mut world, VIENNA, &network);
        world.script(key(node(ISTANBUL)), Box::new(liar));
        world.link(AMSTERDAM, ISTANBUL);
        world.elapse(100);
        world.link(VIENNA, AMSTERDAM);
        world.elapse(60_000);
        world.assert_alike(&[VIENNA, AMSTERDAM]);
        let before = world.traffic.len();
        world.elapse(600_000);
        let requests = world.traffic.len() - before;
        assert!(requests < 700, "a peer that {name}: {requests} requests in ten minutes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_random_sets_converge_to_their_union_with_pages_of_any_size(
        seed in any::<u64>(),
        page_bytes in 1_usize..5_000,
    ) {
        let network = lively();
        let mut world = World::at(&network);
        for hub in [VIENNA, AMSTERDAM] {
            let mut config = Config::new(key(node(hub)), seed);
            config.page_bytes = page_bytes;
            world.start_with(config, &network);
        }
        let mut random = seed;
        let mut parts: [Vec<Record>; 2] = Default::default();
        let mut left: [Vec<Id>; 2] = Default::default();
        for record in &network.records[1..] {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // One of the two holds it, or both: most logs end somewhere, and go on at the other.
            for (place, (part, left)) in parts.iter_mut().zip(&mut left).enumerate() {
                let broken = record.header().prev.is_some_and(|prev| left.contains(&prev));
                let ends = (random >> (33 + place * 7)) % 6 == 0;
                if broken || (ends && place as u64 == (random >> 60) % 2) {
                    left.push(record.id());
                } else {
                    part.push(record.clone());
                }
            }
        }
        world.plant(VIENNA, &parts[0]);
        world.plant(AMSTERDAM, &parts[1]);
        let either = |record: &&Record| parts.iter().any(|part| part.contains(record));
        let union: Vec<Record> = network.records.iter().filter(either).cloned().collect();
        world.start_copying(SAO_PAULO, &network);
        world.plant(SAO_PAULO, &union);
        world.link(VIENNA, AMSTERDAM);
        world.elapse(120_000);
        world.assert_alike(&[VIENNA, AMSTERDAM]);
        // As far as the union is kept: where an admission is in neither, its hub's keys are strangers'.
        prop_assert_eq!(world.held(VIENNA), world.held(SAO_PAULO));
    }
}
