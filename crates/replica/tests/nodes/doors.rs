//! A newcomer comes in: invite, knock, sponsor, and then everything by ordinary sync.

use cohub_record::{Id, Invite, List};
use cohub_registry::Role;
use cohub_replica::wire::{Denial, Item, Request, Response};
use cohub_replica::{Answer, Config, Event, Input, ReplicaError};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, SAO_PAULO, SMALL, VIENNA, charter, controller, key, node, representative,
};
use crate::world::World;

const ANKARA: usize = 4;
const ANOTHER: usize = 5;

fn stage() -> (Network, World) {
    let network = Network::found(4, 4, charter(SMALL));
    let mut world = World::at(&network);
    for hub in [VIENNA, ISTANBUL] {
        world.start(hub, &network);
        world.plant(hub, &network.records[1..]);
    }
    world.link(VIENNA, ISTANBUL);
    world.elapse(100);
    (network, world)
}

fn invite(world: &mut World, secret: u8, for_ms: u64) -> Result<Invite, ReplicaError> {
    let ticket = world.ticket();
    let secret = Id::from_bytes([secret; 32]);
    let expires_at = world.now_ms + for_ms;
    let input = Input::Invite { ticket, secret, addresses: List::default(), expires_at };
    world.input(key(node(ISTANBUL)), input);
    match world.answer(ISTANBUL, ticket).expect("an answer") {
        Ok(Answer::Invited(invite)) => Ok(*invite),
        Err(error) => Err(error),
        other => panic!("{other:?}"),
    }
}

/// What a hub that knows nothing but the network's id writes first.
fn first_records(network: &Network, hub: usize) -> Vec<Item> {
    let mut own = network.clone();
    // The registry of the cast would not mind a hub that nobody sponsors.
    own.incept(hub);
    own.offer(controller(hub), own.grant(hub, node(hub), &[Role::Node]));
    own.records[network.records.len()..].iter().cloned().map(Item::bare).collect()
}

fn knock(world: &mut World, hub: usize, invite: &Invite, items: Vec<Item>) -> Result<Answer, ReplicaError> {
    let ticket = world.ticket();
    let Invite { node: door, network, secret, .. } = *invite;
    world.input(key(node(hub)), Input::Knock { ticket, door, network, secret, items });
    world.answer(hub, ticket).expect("an answer")
}

fn sponsor(world: &mut World, network: &mut Network, hub: usize) {
    let page = network.sponsor(representative(ISTANBUL), controller(hub));
    network.write(representative(ISTANBUL), page);
    world.submit(ISTANBUL, &[network.records.last().unwrap().clone()]);
}

#[test]
fn a_newcomer_is_let_in_once_somebody_sponsors_it() {
    let (mut network, mut world) = stage();
    let items = first_records(&network, ANKARA);
    world.start_alone(Config::new(key(node(ANKARA)), 9));
    let invite = invite(&mut world, 1, 1_000_000).unwrap();
    assert_eq!(knock(&mut world, ANKARA, &invite, items.clone()), Ok(Answer::Knocking));
    world.link(ANKARA, ISTANBUL);
    world.elapse(30_000);
    let waiting: Vec<_> =
        world.of(ISTANBUL).replica.newcomers().map(|newcomer| newcomer.controller).collect();
    assert_eq!(waiting, [key(controller(ANKARA))]);
    assert_eq!(world.registry(ANKARA).network(), network.founding(), "it may read the founding record");
    assert_eq!(world.held(ANKARA).len(), 1, "and nothing else");
    assert!(!world.holds(ISTANBUL, &items[0].record().id()));
    sponsor(&mut world, &mut network, ANKARA);
    world.elapse(30_000);
    assert!(items.iter().all(|item| world.holds(VIENNA, &item.record().id())));
    world.assert_alike(&[VIENNA, ISTANBUL, ANKARA]);
    assert_eq!(world.of(ISTANBUL).replica.newcomers().count(), 0);
    let welcomed =
        |event: &Event| matches!(event, Event::Welcomed { controller } if *controller == waiting[0]);
    assert!(world.of(ISTANBUL).events.iter().any(welcomed));
    // Its own records came back to it from others: that is no alarm.
    assert!(!world.of(ANKARA).events.iter().any(|event| matches!(event, Event::SetBack { .. })));
    assert!(!world.of(ANKARA).disk.notes.contains_key("knocking"), "it knocks no more");
    // It is a node like any other from now on: Amsterdam, which sees only it, hears from Vienna by it.
    world.start_copying(AMSTERDAM, &network);
    world.link(AMSTERDAM, VIENNA);
    world.elapse(1_000);
    world.unlink(AMSTERDAM, VIENNA);
    world.link(AMSTERDAM, ANKARA);
    world.elapse(1_000);
    let report = network.write(controller(VIENNA), network.profile(VIENNA, 2_026, 1));
    world.submit(VIENNA, &[network.records.last().unwrap().clone()]);
    world.elapse(100);
    assert!(world.holds(AMSTERDAM, &report));
    world.assert_alike(&[VIENNA, ISTANBUL, ANKARA, AMSTERDAM]);
}

#[test]
fn door_and_newcomer_remember_over_a_restart() {
    let (mut network, mut world) = stage();
    let items = first_records(&network, ANKARA);
    let mut config = Config::new(key(node(ANKARA)), 9);
    config.own_keys = vec![key(controller(ANKARA))];
    world.start_alone(config);
    let invite = invite(&mut world, 1, 1_000_000).unwrap();
    knock(&mut world, ANKARA, &invite, items).unwrap();
    world.restart(ISTANBUL);
    world.restart(ANKARA);
    world.link(ANKARA, ISTANBUL);
    world.elapse(30_000);
    assert_eq!(world.of(ISTANBUL).replica.newcomers().count(), 1);
    world.restart(ISTANBUL);
    assert_eq!(world.of(ISTANBUL).replica.newcomers().count(), 1);
    world.restart(ANKARA);
    sponsor(&mut world, &mut network, ANKARA);
    world.link(ANKARA, ISTANBUL);
    world.elapse(60_000);
    world.assert_alike(&[ISTANBUL, ANKARA]);
    assert!(!world.of(ANKARA).events.iter().any(|event| matches!(event, Event::SetBack { .. })));
}

#[test]
fn nobody_writes_in_the_place_of_a_record_that_was_handed_in_and_has_not_come_back() {
    let (mut network, mut world) = stage();
    let items = first_records(&network, ANKARA);
    world.start_alone(Config::new(key(node(ANKARA)), 9));
    let invite = invite(&mut world, 1, 1_000_000).unwrap();
    knock(&mut world, ANKARA, &invite, items.clone()).unwrap();
    world.link(ANKARA, ISTANBUL);
    world.elapse(30_000);
    // Of its two records only the inception is back: gossip brought it, and lost the grant.
    let first = items[0].record().clone();
    network.take(&first);
    let page = network.sponsor(representative(ISTANBUL), controller(ANKARA));
    network.write(representative(ISTANBUL), page);
    world.unlink(ANKARA, ISTANBUL);
    world.elapse(10);
    world.plant(ANKARA, &network.records[1..]);
    assert!(world.holds(ANKARA, &first.id()) && !world.holds(ANKARA, &items[1].record().id()));
    let ticket = world.ticket();
    world.input(key(node(ANKARA)), Input::Lease { ticket, key: key(controller(ANKARA)) });
    world.elapse(100);
    let answer = world.answer(ANKARA, ticket);
    assert!(matches!(answer, Some(Err(ReplicaError::AtTheDoor(_)))), "{answer:?}");
    // Once both are here the next place is free.
    world.plant(ANKARA, &[items[1].record().clone()]);
    let ticket = world.ticket();
    world.input(key(node(ANKARA)), Input::Lease { ticket, key: key(controller(ANKARA)) });
    world.elapse(100);
    let Some(Ok(Answer::Leased(lease))) = world.answer(ANKARA, ticket) else { panic!("no lease") };
    assert_eq!(lease.seq, 2);
}

#[test]
fn an_invite_is_good_for_one_newcomer_until_it_expires() {
    let (network, mut world) = stage();
    let denied = |world: &mut World, hub: usize, secret: u8, items: Vec<Item>| {
        let request = Request::Knock { secret: Id::from_bytes([secret; 32]), items };
        match world.ask_as(hub, ISTANBUL, request) {
            Response::Knocked { .. } => None,
            Response::Denied(denial) => Some(denial),
            other => panic!("{other:?}"),
        }
    };
    let ankara = first_records(&network, ANKARA);
    let another = first_records(&network, ANOTHER);
    invite(&mut world, 1, 10_000).unwrap();
    invite(&mut world, 2, 10_000).unwrap();
    let shuffled: Vec<Item> = ankara.iter().rev().cloned().collect();
    assert_eq!(denied(&mut world, ANKARA, 9, ankara.clone()), Some(Denial::Invite), "an unknown secret");
    assert_eq!(denied(&mut world, ANKARA, 1, shuffled), Some(Denial::Invite), "records out of order");
    assert_eq!(denied(&mut world, ANOTHER, 1, ankara.clone()), Some(Denial::Invite), "another's node key");
    world.elapse(60_000 - 1);
    invite(&mut world, 1, 100_000).unwrap();
    assert_eq!(denied(&mut world, ANKARA, 2, ankara.clone()), Some(Denial::Invite), "it has expired");
    assert_eq!(denied(&mut world, ANKARA, 1, ankara.clone()), None);
    world.elapse(60_000);
    assert_eq!(denied(&mut world, ANKARA, 1, ankara), None, "knocking again is the same");
    assert_eq!(denied(&mut world, ANOTHER, 1, another), Some(Denial::Invite), "it was used by somebody else");
    assert_eq!(world.of(ISTANBUL).replica.newcomers().count(), 1);
}

#[test]
fn a_knock_that_no_door_would_take_is_refused_at_home() {
    let (network, mut world) = stage();
    world.start_alone(Config::new(key(node(ANKARA)), 9));
    let invite = invite(&mut world, 1, 1_000_000).unwrap();
    let without_grant = vec![first_records(&network, ANKARA).remove(0)];
    let refused = knock(&mut world, ANKARA, &invite, without_grant);
    assert!(matches!(refused, Err(ReplicaError::Knock(_))), "{refused:?}");
    let elsewhere = Invite { network: Id::from_bytes([8; 32]), ..invite.clone() };
    let refused = knock(&mut world, ANKARA, &elsewhere, first_records(&network, ANKARA));
    assert!(matches!(refused, Err(ReplicaError::Knock(_))), "{refused:?}");
    world.start_copying(SAO_PAULO, &network);
    let refused = knock(&mut world, SAO_PAULO, &elsewhere, first_records(&network, ANKARA));
    assert!(matches!(refused, Err(ReplicaError::OtherNetwork(_))), "{refused:?}");
}

#[test]
fn a_newcomer_can_be_sent_away_and_the_door_is_not_unbounded() {
    let (network, mut world) = stage();
    for secret in 0..64 {
        invite(&mut world, secret, 1_000_000).unwrap();
    }
    let refused = invite(&mut world, 99, 1_000_000);
    assert!(matches!(refused, Err(ReplicaError::Full { limit: 64, .. })), "{refused:?}");
    let request = Request::Knock { secret: Id::from_bytes([7; 32]), items: first_records(&network, ANKARA) };
    assert!(matches!(world.ask_as(ANKARA, ISTANBUL, request), Response::Knocked { welcome: false, .. }));
    let controller = key(controller(ANKARA));
    world.input(key(node(ISTANBUL)), Input::Dismiss { controller });
    assert_eq!(world.of(ISTANBUL).replica.newcomers().count(), 0);
    assert!(!world.of(ISTANBUL).disk.notes.keys().any(|name| name.starts_with("newcomer/")));
}
