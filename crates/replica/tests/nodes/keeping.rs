//! What is kept is a function of the set of records: whatever order they come in, whoever sends them.

use std::collections::BTreeSet;

use cohub_record::{Id, Record};
use cohub_registry::{Choice, Keeping, Recommendation};
use cohub_replica::Event;

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, SAO_PAULO, SMALL, VIENNA, charter, controller, key, representative,
};
use crate::world::World;

/// Long enough for every recount that is due.
const A_WHILE_MS: u64 = 120_000;

struct Shuffle(u64);

impl Shuffle {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn shuffle(&mut self, mut records: Vec<Record>) -> Vec<Record> {
        for place in (1..records.len()).rev() {
            records.swap(place, self.below(place + 1));
        }
        records
    }
}

/// Checks that exactly the records but `dropped` are kept: where they come in an order of their own, in
/// random ones, and where two nodes have random parts of them and meet.
#[track_caller]
fn assert_kept(network: &Network, dropped: &[Id]) {
    let all: BTreeSet<Id> = network.records.iter().map(Record::id).collect();
    let expected: BTreeSet<Id> = all.iter().filter(|id| !dropped.contains(id)).copied().collect();
    assert_eq!(expected.len() + dropped.len(), all.len());
    for seed in 0..24 {
        let mut random = Shuffle(seed);
        let mut world = World::at(network);
        for hub in [VIENNA, AMSTERDAM, SAO_PAULO] {
            world.start_copying(hub, network);
        }
        let records = network.records[1..].to_vec();
        let order = if seed == 0 { records } else { random.shuffle(records) };
        world.plant(VIENNA, &order);
        let [one, other] = parts(&network.records, &mut random);
        world.plant(AMSTERDAM, &random.shuffle(one));
        world.plant(SAO_PAULO, &random.shuffle(other));
        world.elapse(A_WHILE_MS);
        assert_eq!(world.held(VIENNA), expected, "in one place, seed {seed}");
        world.link(AMSTERDAM, SAO_PAULO);
        world.elapse(A_WHILE_MS);
        assert_eq!(world.held(AMSTERDAM), expected, "in two places, seed {seed}");
        world.link(VIENNA, AMSTERDAM);
        world.elapse(A_WHILE_MS);
        world.assert_alike(&[VIENNA, AMSTERDAM, SAO_PAULO]);
    }
}

/// Two parts that make the whole, each with the past of whatever is in it: nobody writes about what
/// their own node does not hold.
fn parts(records: &[Record], random: &mut Shuffle) -> [Vec<Record>; 2] {
    let choice: Vec<usize> = records.iter().map(|_| random.below(3)).collect();
    [0, 1].map(|part| {
        let chosen = records.iter().zip(&choice).filter(|(_, choice)| **choice != 1 - part);
        let mut wanted: BTreeSet<Id> = chosen.map(|(record, _)| record.id()).collect();
        let mut part = Vec::new();
        // Records stand behind their past.
        for record in records.iter().rev() {
            if wanted.contains(&record.id()) {
                wanted.extend(record.header().cited().chain(&record.header().prev));
                part.push(record.clone());
            }
        }
        part
    })
}

#[test]
fn a_prospects_log_ends_at_its_lowest_fork_and_at_what_others_build_on() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(4, ISTANBUL);
    let by = controller(4);
    let before = network.end(by);
    let documents = network.hand_in(newcomer, &["plan", "plan", "plan", "plan"]);
    let plan = |network: &Network, content: &str| network.document(newcomer.application, "plan", content);
    // Three rivals of the first document: the two least ids of the four stay.
    let mut rivals = vec![documents[0]];
    for content in ["one", "two", "three"] {
        rivals.push(network.write_after(by, before, plan(&network, content)).0);
    }
    // A higher fork decides nothing.
    let (higher, _) = network.write_after(by, Some(documents[1]), plan(&network, "four"));
    // Vienna builds on the third document, and so on all that it continues.
    let page = network.review(representative(VIENNA), newcomer.application, "space", Recommendation::Accept);
    network.offer(representative(VIENNA), page.citing_also(3, documents[2]));
    rivals.sort_unstable();
    let mut dropped: Vec<Id> = rivals[2..].iter().filter(|id| **id != documents[0]).copied().collect();
    dropped.extend([documents[3], higher]);
    assert_kept(&network, &dropped);
}

#[test]
fn what_a_prospects_kept_record_of_another_log_builds_on_is_kept_too() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(4, ISTANBUL);
    let other = network.welcome(5, VIENNA);
    let by = controller(4);
    let before = network.end(by);
    let documents = network.hand_in(newcomer, &["plan", "plan", "plan"]);
    let (rival, _) = network.write_after(by, before, network.document(newcomer.application, "plan", "rival"));
    // Void, but kept: another prospect's document says that it supersedes this one's.
    let page = network.document(other.application, "plan", "mine").citing(1, &[documents[1]]);
    network.offer(controller(5), page);
    assert!(network.registry.place(&rival).is_some());
    assert_kept(&network, &documents[2..]);
}

#[test]
fn a_prospect_writes_no_more_than_its_sponsor_vouched_for() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(4, ISTANBUL);
    let types = vec!["plan"; 60];
    network.hand_in(newcomer, &types);
    let Keeping::Prospect { records } = network.registry.keeping(&key(controller(4))) else {
        panic!("prospect")
    };
    let beyond = |record: &&Record| record.author() == key(controller(4)) && record.header().seq >= records;
    let dropped: Vec<Id> = network.records.iter().filter(beyond).map(Record::id).collect();
    assert!(dropped.len() > 10);
    assert_kept(&network, &dropped);
}

#[test]
fn behind_a_cut_stay_ballots_and_what_others_build_on() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(4, ISTANBUL);
    let motion = network.move_on(newcomer, "eligible");
    let by = representative(AMSTERDAM);
    let review =
        |network: &Network, panel| network.review(by, newcomer.application, panel, Recommendation::Accept);
    let last = network.write(by, review(&network, "space"));
    let cut = network.revocation(AMSTERDAM, by, Some(last));
    let ballot = network.write(by, network.ballot(motion, Choice::Yes));
    let cited = network.write(by, review(&network, "space"));
    let later = network.write(by, review(&network, "finance"));
    let last_ballot = network.write(by, network.ballot(motion, Choice::No));
    let summing_up =
        network.review(representative(VIENNA), newcomer.application, "space", Recommendation::Accept);
    network.write(representative(VIENNA), summing_up.citing_also(4, cited));
    network.write(controller(AMSTERDAM), cut);
    assert!(network.registry.place(&ballot).is_some());
    assert_kept(&network, &[later, last_ballot]);
}

#[test]
fn what_is_forgotten_is_said_once_and_survives_a_restart() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(4, ISTANBUL);
    let before = network.end(controller(4));
    network.hand_in(newcomer, &["plan", "plan"]);
    let rival =
        network.draw_after(controller(4), before, network.document(newcomer.application, "plan", "rival"));
    let mut world = World::at(&network);
    world.start_copying(VIENNA, &network);
    world.plant(VIENNA, &network.records[1..]);
    world.elapse(A_WHILE_MS);
    world.plant(VIENNA, &[rival]);
    world.elapse(A_WHILE_MS);
    let said = |event: &&Event| matches!(event, Event::Forgotten { records: 1 });
    assert_eq!(world.of(VIENNA).events.iter().filter(said).count(), 1);
    let held = world.held(VIENNA);
    let head = world.registry(VIENNA).head();
    world.restart(VIENNA);
    world.elapse(A_WHILE_MS);
    assert_eq!(world.held(VIENNA), held);
    assert_eq!(world.registry(VIENNA).head(), head);
    assert_eq!(world.of(VIENNA).events.iter().filter(said).count(), 1);
}

#[test]
fn what_a_node_had_no_time_to_forget_it_forgets_when_it_is_started_again() {
    let mut network = Network::found(4, 4, charter(SMALL));
    let newcomer = network.welcome(4, ISTANBUL);
    let before = network.end(controller(4));
    network.hand_in(newcomer, &["plan", "plan"]);
    let rival =
        network.draw_after(controller(4), before, network.document(newcomer.application, "plan", "rival"));
    let mut world = World::at(&network);
    for hub in [VIENNA, AMSTERDAM] {
        world.start_copying(hub, &network);
        world.plant(hub, &network.records[1..]);
        world.elapse(A_WHILE_MS);
        world.plant(hub, std::slice::from_ref(&rival));
    }
    world.restart(AMSTERDAM);
    world.elapse(A_WHILE_MS);
    world.assert_alike(&[VIENNA, AMSTERDAM]);
}
