//! The registry is a function of the set of records: no order of arrival, and no duplicate, shows.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says no by panicking")]

mod cast;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

use cast::{Desk, Dice, Network, is_tangled, key, tangle};
use cohub_record::{Id, PublicKey, Record};
use cohub_registry::{Access, Enough, Keeping, Refused, Registry, Verdict};
use proptest::prelude::*;

/// Permutations of the large tangle.
const PERMUTATIONS: u64 = if cfg!(debug_assertions) { 500 } else { 10_000 };

/// Gives records to a registry in their order, each again as soon as its predecessor is there, as a node
/// does with what waits in its room; some twice.
fn insert_all(founding: &Record, records: &[&Record], dice: &mut Dice) -> Registry {
    let mut registry = Registry::found(founding).expect("a founding record");
    let mut waiting: HashMap<Id, Vec<&Record>> = HashMap::new();
    for record in records {
        let mut ready = vec![*record];
        while let Some(record) = ready.pop() {
            match registry.insert(record) {
                Ok(_) => ready.extend(waiting.remove(&record.id()).unwrap_or_default()),
                Err(Refused::Gap(_)) => {
                    let prev = record.header().prev.expect("a gap is behind something");
                    waiting.entry(prev).or_default().push(record);
                }
                Err(other) => panic!("{other}"),
            }
            if dice.happens(10) {
                let again = dice.pick(records);
                if registry.verdict(&again.id()).is_some() {
                    assert_eq!(registry.insert(again).expect("held").verdicts, []);
                }
            }
        }
    }
    assert!(waiting.is_empty());
    registry
}

/// All that a registry answers, other than its view.
#[derive(Debug, PartialEq)]
struct Answers {
    verdicts: Vec<Option<Verdict>>,
    keys: Vec<(Keeping, Access, Option<PublicKey>, Keeping)>,
    cuts: Vec<Option<Option<cohub_record::Place>>>,
    duties: Vec<Vec<cohub_registry::Duty>>,
    missing: Vec<Id>,
    /// Of each motion: certificate, heads, and what its first teller would return.
    motions: Vec<String>,
    evidence: BTreeMap<Id, (Vec<Id>, Vec<Id>)>,
    len: usize,
}

fn keys() -> Vec<PublicKey> {
    let desks = [
        Desk::Controller(0),
        Desk::Controller(1),
        Desk::Controller(2),
        Desk::Representative,
        Desk::Teller,
        Desk::Node,
        Desk::Spare(1),
        Desk::Spare(2),
    ];
    (0..12).flat_map(|hub| desks.map(|desk| key((hub, desk)))).collect()
}

fn answers(registry: &Registry, records: &[Record], keys: &[PublicKey]) -> Answers {
    let ids = || records.iter().map(Record::id);
    let of_kind = |kind| records.iter().filter(move |record| record.header().kind == kind).map(Record::id);
    let tellers: Vec<PublicKey> = registry.founding().founders.iter().map(|f| f.keys[1].key).collect();
    let motion = |id: Id| {
        let due = registry.returning(&id, &tellers[0], Enough::Quorum);
        format!("{:?} {:?} {due:?}", registry.certificate(&id), registry.heads(&id))
    };
    let evidence = |id: Id| registry.evidence_for(&id).map(|found| (id, (found, registry.base_for(&id))));
    let key = |key: &PublicKey| {
        (registry.keeping(key), registry.access(key), registry.hub_of(key), registry.committed(key))
    };
    Answers {
        verdicts: ids().map(|id| registry.verdict(&id).cloned()).collect(),
        keys: keys.iter().map(key).collect(),
        cuts: keys.iter().map(|key| registry.cut(key)).collect(),
        duties: tellers.iter().map(|teller| registry.duties(teller)).collect(),
        missing: registry.missing(),
        motions: of_kind("motion").map(motion).collect(),
        evidence: of_kind("application").filter_map(evidence).collect(),
        len: registry.len(),
    }
}

/// Asserts that a permutation of a network's records gives the same registry.
fn same_in_another_order(network: &Network, expected: &(Vec<u8>, Answers), keys: &[PublicKey], seed: u64) {
    let mut dice = Dice::new(seed);
    let mut order: Vec<&Record> = network.records[1..].iter().collect();
    dice.shuffle(&mut order);
    let registry = insert_all(&network.records[0], &order, &mut dice);
    let (canonical, answered) = expected;
    let view = registry.view();
    if view.canonical() != *canonical {
        let other = network.registry.view();
        differ("hub", &view.hubs, &other.hubs, seed);
        differ("application", &view.applications, &other.applications, seed);
        differ("motion", &view.motions, &other.motions, seed);
        assert_eq!(view, other, "permutation {seed}");
        panic!("permutation {seed}: equal views have other bytes");
    }
    let answers = answers(&registry, &network.records, keys);
    differ("verdict", &answers.verdicts, &answered.verdicts, seed);
    differ("key", &answers.keys, &answered.keys, seed);
    differ("motion", &answers.motions, &answered.motions, seed);
    assert_eq!(answers, *answered, "permutation {seed}");
}

/// Names the first difference of two lists, so that a failure can be read.
fn differ<T: PartialEq + std::fmt::Debug>(what: &str, one: &[T], other: &[T], seed: u64) {
    for (place, (one, other)) in one.iter().zip(other).enumerate() {
        assert_eq!(one, other, "permutation {seed}: {what} {place}");
    }
}

#[test]
fn ten_thousand_permutations_give_equal_bytes() {
    let network = tangle(1, 560);
    assert!(is_tangled(&network), "the tangle is none");
    let keys = keys();
    let expected = (network.registry.view().canonical(), answers(&network.registry, &network.records, &keys));
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get) as u64;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (network, expected, keys) = (&network, &expected, &keys);
            scope.spawn(move || {
                for seed in (thread..PERMUTATIONS).step_by(usize::try_from(threads).expect("few")) {
                    same_in_another_order(network, expected, keys, seed);
                }
            });
        }
    });
}

#[test]
fn other_tangles_do_not_depend_on_order_either() {
    let keys = keys();
    for seed in 2..if cfg!(debug_assertions) { 6 } else { 60 } {
        let network = tangle(seed, 450);
        let expected =
            (network.registry.view().canonical(), answers(&network.registry, &network.records, &keys));
        for permutation in 0..10 {
            same_in_another_order(&network, &expected, &keys, seed * 1_000 + permutation);
        }
    }
}

/// What records descend from, by prev and cites, as far as it is held.
fn past(network: &Network, chosen: &BTreeSet<usize>) -> Vec<usize> {
    let places: HashMap<Id, usize> =
        network.records.iter().enumerate().map(|(place, record)| (record.id(), place)).collect();
    let mut past = BTreeSet::new();
    let mut open: Vec<usize> = chosen.iter().copied().collect();
    while let Some(place) = open.pop() {
        if past.insert(place) {
            let header = network.records[place].header();
            open.extend(header.cited().chain(&header.prev).filter_map(|id| places.get(id)));
        }
    }
    past.into_iter().collect()
}

static TANGLES: LazyLock<Vec<Network>> =
    LazyLock::new(|| (0..8).map(|seed| tangle(100 + seed, 400)).collect());

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(debug_assertions) { 16 } else { 256 }, ..ProptestConfig::default() })]

    /// A verdict reads only the record and its past: with nothing but its past it is the same, and two
    /// registries that hold the same part of a network show the same.
    #[test]
    fn a_verdict_is_that_of_the_past_alone(seed in 0..8_usize, chosen in prop::collection::vec(any::<prop::sample::Index>(), 1..12), order in any::<u64>()) {
        let network = &TANGLES[seed];
        let chosen = chosen.iter().map(|index| index.index(network.records.len())).collect();
        let part: Vec<&Record> =
            past(network, &chosen).into_iter().filter(|place| *place > 0).map(|place| &network.records[place]).collect();
        let mut shuffled = part.clone();
        let mut dice = Dice::new(order);
        dice.shuffle(&mut shuffled);
        let one = insert_all(&network.records[0], &part, &mut dice);
        let other = insert_all(&network.records[0], &shuffled, &mut dice);
        for record in &part {
            prop_assert_eq!(one.verdict(&record.id()), network.registry.verdict(&record.id()));
        }
        let keys = keys();
        prop_assert_eq!(answers(&one, &network.records, &keys), answers(&other, &network.records, &keys));
        prop_assert_eq!(one.view(), other.view());
    }
}
