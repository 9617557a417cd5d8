//! People write through their node: in order, with effect, and never twice in one place.

use cohub_record::{Id, Record};
use cohub_registry::Choice;
use cohub_replica::wire::Item;
use cohub_replica::{Answer, Event, Input, Lease, ReplicaError};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, SMALL, VIENNA, Who, charter, controller, key, node, representative, spare,
    teller,
};
use crate::world::World;

fn stage() -> (Network, World) {
    let network = Network::found(4, 4, charter(SMALL));
    let mut world = World::at(&network);
    world.start(VIENNA, &network);
    world.plant(VIENNA, &network.records[1..]);
    (network, world)
}

fn report(network: &Network, hub: usize, year: u16) -> Record {
    network.draw(controller(hub), network.profile(hub, year, 9))
}

fn submit(world: &mut World, record: Record) -> Result<Answer, ReplicaError> {
    world.submit_items(VIENNA, vec![Item::bare(record)])
}

fn lease(world: &mut World, who: Who) -> Option<Result<Lease, ReplicaError>> {
    let ticket = world.ticket();
    world.input(key(node(VIENNA)), Input::Lease { ticket, key: key(who) });
    world.elapse(100);
    let answer = world.answer(VIENNA, ticket)?;
    Some(answer.map(|answer| match answer {
        Answer::Leased(lease) => lease,
        other => panic!("{other:?}"),
    }))
}

#[test]
fn what_is_refused_is_named_and_not_stored() {
    let (mut network, mut world) = stage();
    let motion = {
        let newcomer = network.welcome(4, ISTANBUL);
        network.move_on(newcomer, "eligible")
    };
    world.plant(VIENNA, &network.records[1..]);
    let held = world.held(VIENNA);
    let stranger = network.draw(spare(9, 0), network.profile(VIENNA, 2_026, 1));
    let used = network.draw_after(controller(VIENNA), None, network.profile(VIENNA, 2_026, 1));
    network.write(controller(VIENNA), network.profile(VIENNA, 2_025, 1));
    let skips = report(&network, VIENNA, 2_026);
    let void = network.draw(spare(9, 1), network.ballot(motion, Choice::Yes));
    let block = network.draw(representative(VIENNA), network.ballot(motion, Choice::Block));
    let pending = network.draw(representative(VIENNA), network.ballot(Id::from_bytes([9; 32]), Choice::Yes));
    let own = network.draw(teller(VIENNA), network.closing(motion, &[]));
    let alien = Network::found(3, 3, charter(SMALL)).records[1].clone();
    type Expected = fn(&ReplicaError) -> bool;
    let table: Vec<(&str, Record, Expected)> = vec![
        ("another network's", alien, |e| matches!(e, ReplicaError::WrongNetwork(_))),
        ("a stranger's", stranger, |e| matches!(e, ReplicaError::NotKept { .. })),
        ("somebody's who is not on the roll", void, |e| matches!(e, ReplicaError::NotKept { .. })),
        ("a used number", used, |e| matches!(e, ReplicaError::Used { seq: 0, .. })),
        ("a number ahead", skips, |e| matches!(e, ReplicaError::Skips { next: 1, .. })),
        ("a rule broken", block, |e| matches!(e, ReplicaError::Void { rule, .. } if rule == "rule ballot 2")),
        (
            "on what is not here",
            pending,
            |e| matches!(e, ReplicaError::Pending { missing } if missing.len() == 1),
        ),
        ("the teller's", own, |e| matches!(e, ReplicaError::NodesOwn(_))),
    ];
    for (name, record, expected) in table {
        let error = submit(&mut world, record).expect_err(name);
        assert!(expected(&error), "{name}: {error}");
    }
    assert_eq!(world.held(VIENNA), held, "nothing was stored");
}

#[test]
fn records_are_taken_in_order_up_to_the_first_that_is_refused_and_twice_is_once() {
    let (mut network, mut world) = stage();
    let good = network.write(controller(VIENNA), network.profile(VIENNA, 2_025, 1));
    let good = Item::bare(network.records.iter().find(|record| record.id() == good).unwrap().clone());
    let void = Item::bare(network.draw(controller(VIENNA), network.profile(VIENNA, 1_000, 1)));
    for _ in 0..2 {
        let answer = world.submit_items(VIENNA, vec![good.clone(), void.clone(), good.clone()]);
        let Ok(Answer::Stored { ids, refused: Some(ReplicaError::Void { rule, .. }) }) = answer else {
            panic!("{answer:?}")
        };
        assert_eq!((ids, rule.as_str()), (vec![good.record().id()], "rule profile 2"));
    }
}

#[test]
fn one_writer_a_key_has_the_next_place_until_it_is_taken_or_the_lease_ends() {
    let (mut network, mut world) = stage();
    let who = controller(VIENNA);
    let first = lease(&mut world, who).unwrap().unwrap();
    assert_eq!((first.seq, first.prev), (1, network.end(who)));
    assert!(matches!(lease(&mut world, who), Some(Err(ReplicaError::Leased { .. }))));
    assert!(lease(&mut world, representative(VIENNA)).unwrap().is_ok(), "another key is another log");
    assert!(matches!(lease(&mut world, teller(VIENNA)), Some(Err(ReplicaError::NodesOwn(_)))));
    assert!(matches!(lease(&mut world, spare(9, 9)), Some(Err(ReplicaError::NotKept { .. }))));
    network.write(who, network.profile(VIENNA, 2_025, 1));
    submit(&mut world, network.records.last().unwrap().clone()).unwrap();
    assert_eq!(lease(&mut world, who).unwrap().unwrap().seq, 2);
    world.elapse(60_000);
    assert_eq!(lease(&mut world, who).unwrap().unwrap().seq, 2, "the lease has ended");
    assert!(matches!(lease(&mut world, who), Some(Err(ReplicaError::Leased { .. }))));
    world.input(key(node(VIENNA)), Input::Release { key: key(who) });
    assert_eq!(lease(&mut world, who).unwrap().unwrap().seq, 2, "the lease was given back");
}

#[test]
fn before_a_key_writes_its_peers_are_asked_whether_they_hold_later_records() {
    let (mut network, mut world) = stage();
    world.start(AMSTERDAM, &network);
    world.plant(AMSTERDAM, &network.records[1..]);
    // Vienna's directory was set back: Amsterdam holds a record that it does not know any more.
    network.write(controller(VIENNA), network.profile(VIENNA, 2_025, 1));
    let later = network.records.last().unwrap().clone();
    world.plant(AMSTERDAM, std::slice::from_ref(&later));
    world.link(VIENNA, AMSTERDAM);
    world.elapse(1);
    let ticket = world.ticket();
    world.input(key(node(VIENNA)), Input::Lease { ticket, key: key(controller(VIENNA)) });
    world.elapse(50);
    let answer = world.answer(VIENNA, ticket);
    let Some(Err(ReplicaError::SetBack { later: shown, .. })) = answer else { panic!("{answer:?}") };
    assert_eq!(shown.id, later.id());
    let set_back = |event: &&Event| matches!(event, Event::SetBack { .. });
    assert_eq!(world.of(VIENNA).events.iter().filter(set_back).count(), 1);
    world.restart(VIENNA);
    world.link(VIENNA, AMSTERDAM);
    world.elapse(60_000);
    world.assert_alike(&[VIENNA, AMSTERDAM]);
    let next = report(&network, VIENNA, 2_026);
    let refused = submit(&mut world, next);
    assert!(
        matches!(refused, Err(ReplicaError::SetBack { .. })),
        "the old key is never resumed: {refused:?}"
    );
    assert!(lease(&mut world, representative(VIENNA)).unwrap().is_ok(), "other keys are not touched");
}

#[test]
fn a_mute_peer_delays_a_writer_no_longer_than_an_answer_may_take() {
    let (network, mut world) = stage();
    world.script(key(node(AMSTERDAM)), Box::new(|_| None));
    world.link(VIENNA, AMSTERDAM);
    world.elapse(10);
    let ticket = world.ticket();
    world.input(key(node(VIENNA)), Input::Lease { ticket, key: key(controller(VIENNA)) });
    world.elapse(5_000);
    assert_eq!(world.answer(VIENNA, ticket), None);
    world.elapse(10_000);
    let Some(Ok(Answer::Leased(lease))) = world.answer(VIENNA, ticket) else { panic!("no lease") };
    assert_eq!(lease.prev, network.end(controller(VIENNA)));
}

#[test]
fn own_records_that_come_back_are_no_alarm() {
    let (mut network, mut world) = stage();
    world.start(AMSTERDAM, &network);
    world.plant(AMSTERDAM, &network.records[1..]);
    world.link(VIENNA, AMSTERDAM);
    world.elapse(100);
    for year in 2_001..2_006 {
        lease(&mut world, controller(VIENNA)).unwrap().unwrap();
        network.write(controller(VIENNA), network.profile(VIENNA, year, 1));
        submit(&mut world, network.records.last().unwrap().clone()).unwrap();
        world.elapse(20_000);
    }
    world.restart(VIENNA);
    world.link(VIENNA, AMSTERDAM);
    world.elapse(60_000);
    assert!(lease(&mut world, controller(VIENNA)).unwrap().is_ok());
    assert!(!world.of(VIENNA).events.iter().any(|event| matches!(event, Event::SetBack { .. })));
}
