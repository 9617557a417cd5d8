//! A node goes on when somebody sets its clock, and whenever it is woken.

use cohub_record::PublicKey;
use cohub_registry::Choice;
use cohub_replica::Config;

use crate::cast::{AMSTERDAM, Network, SMALL, VIENNA, charter, key, node, representative};
use crate::world::World;

/// Two nodes that hold the same, but for a ballot that one of them has and the other did not hear of.
fn unequal() -> World {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(4, VIENNA);
    let motion = network.move_on(newcomer, "eligible");
    let before = network.end(representative(AMSTERDAM));
    let contents = network.ballot(motion, Choice::Yes);
    let (ballot, _) = network.write_after(representative(AMSTERDAM), before, contents);
    let (last, others) = network.records.split_last().expect("records");
    assert_eq!(last.id(), ballot);
    let mut world = World::at(&network);
    for hub in [VIENNA, AMSTERDAM] {
        world.start_copying(hub, &network);
        world.plant(hub, &others[1..]);
    }
    world.link(VIENNA, AMSTERDAM);
    world.elapse(5_000);
    world.assert_alike(&[VIENNA, AMSTERDAM]);
    world.plant(VIENNA, std::slice::from_ref(last));
    world.lose_what_is_under_way();
    world
}

fn rounds_ms(rounds: u64) -> u64 {
    let any: PublicKey = key(node(VIENNA));
    rounds * Config::new(any, 0).sync_interval_ms
}

#[test]
fn a_clock_that_is_set_back_by_a_day_does_not_stop_a_node_for_a_day() {
    let mut world = unequal();
    world.now_ms -= 86_400_000;
    world.wake(VIENNA);
    world.wake(AMSTERDAM);
    world.elapse(rounds_ms(3));
    world.assert_alike(&[VIENNA, AMSTERDAM]);
}

#[test]
fn a_node_that_is_woken_too_early_says_again_when_to_wake_it() {
    let mut world = unequal();
    world.wake(VIENNA);
    world.wake(AMSTERDAM);
    world.elapse(rounds_ms(3));
    world.assert_alike(&[VIENNA, AMSTERDAM]);
}
