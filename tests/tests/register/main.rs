//! An existing network of 107 hubs is brought in: its register goes through the command that founds, its claims are
//! taken up one by one in memory, and then all 107 vote. What proves that vote is checked by the command that verifies.
//!
//! `cargo test --release --workspace --test register -- --nocapture` tells what it took.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test says no by panicking")]

mod people;

use std::path::Path;
use std::process::{Command, Output};
use std::time::Instant;

use cohub_node::network::{Card, NetworkFile, consent, founding_record};
use cohub_registry::{Choice, Intent, Profile, Question, Role, recovery_hash};
use serde_json::Value;

use people::{Hub, People};

/// The register of 107 places that is in the binary, too.
const REGISTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/cli/data/hub-cities.csv");
const CHARTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../config/charter.toml");
const HUBS: usize = 107;
/// A step that meets every place of a list of 103, in an order that is not the list's.
const STRIDE: usize = 31;

fn founders() -> Vec<Hub> {
    let places = [("vienna", "AT"), ("amsterdam", "NL"), ("sao-paulo", "BR"), ("istanbul", "TR")];
    let hub = |(slug, country): (&str, &str)| {
        let profile = Profile {
            name: format!("The hub in {slug}").parse().unwrap(),
            slug: slug.parse().unwrap(),
            city: slug.parse().unwrap(),
            country: country.parse().unwrap(),
            lat: 0,
            lon: 0,
        };
        Hub::new(profile)
    };
    places.into_iter().map(hub).collect()
}

fn card(hub: &Hub) -> Card {
    let controller = hub.controller.public();
    let person = [Role::Representative, Role::Panelist];
    let keys =
        [(&hub.representative, &person[..]), (&hub.teller, &[Role::Teller]), (&hub.node, &[Role::Node])];
    let keys = keys.map(|(key, roles)| consent(None, &controller, key, roles).unwrap());
    Card {
        profile: hub.profile.clone(),
        controller,
        recovery: recovery_hash(&hub.recovery.public()),
        keys: keys.to_vec(),
        addresses: vec!["/ip4/127.0.0.1/tcp/4001".to_owned()],
    }
}

fn cohub(desk: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(cohub_tests::cohub().unwrap());
    command.current_dir(desk).env("COHUB_HOME", desk.join("home")).args(words).output().unwrap()
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

/// The founding record that `cohub network found --register` writes.
fn founded(desk: &Path, committee: &[Hub]) -> NetworkFile {
    std::fs::write(desk.join("manifesto.txt"), "We own this together.").unwrap();
    let mut words = vec!["network", "found", "--name", "Commons of 107", "--charter", CHARTER];
    words.extend(["--manifesto", "manifesto.txt", "--register", REGISTER, "--out", "network.json"]);
    let cards: Vec<String> = committee.iter().map(|hub| format!("{}.card", hub.profile.slug)).collect();
    for (hub, name) in committee.iter().zip(&cards) {
        std::fs::write(desk.join(name), serde_json::to_vec(&card(hub)).unwrap()).unwrap();
    }
    words.extend(cards.iter().map(String::as_str));
    let output = cohub(desk, &words);
    assert!(output.status.success(), "{}", said(&output));
    assert!(said(&output).contains("103 hubs more are invited"), "{}", said(&output));
    serde_json::from_slice(&std::fs::read(desk.join("network.json")).unwrap()).unwrap()
}

#[test]
fn a_network_of_107_is_brought_in_and_all_of_it_votes() {
    let desk = tempfile::tempdir().unwrap();
    let desk = desk.path();
    let committee = founders();
    let begun = Instant::now();
    let file = founded(desk, &committee);
    println!("founded with a register of {HUBS} hubs: {} ms", begun.elapsed().as_millis());

    let mut people = People::of(founding_record(&file).unwrap());
    for hub in &committee {
        people.begin(hub);
    }
    let claims = people.registry.founding().claims.to_vec();
    assert_eq!((people.count("co-owner"), people.count("invited"), claims.len()), (4, 103, 103));

    // Whoever was let in may let in the next.
    let begun = Instant::now();
    let mut hubs = committee.clone();
    for number in 0..claims.len() {
        let hub = Hub::new(claims[number * STRIDE % claims.len()].clone());
        let sponsor = hubs[number / 2].clone();
        people.take_up(&hub, &sponsor, &committee);
        hubs.push(hub);
        if number % 20 == 0 {
            assert_eq!((people.count("co-owner"), people.count("invited")), (5 + number, 102 - number));
        }
    }
    assert_eq!((people.count("co-owner"), people.count("invited")), (HUBS, 0));
    println!("103 claims taken up, {} records: {} ms", people.records.len(), begun.elapsed().as_millis());

    let begun = Instant::now();
    let question = Question::Manifesto { text: "We own this together, all 107 of us.".parse().unwrap() };
    let deadline_ms = people.records.values().map(|record| record.header().at).max().unwrap() + 3_600_000;
    let motion = people.say(&committee[0].representative, &Intent::Move { question, deadline_ms });
    // Seven stay away, twelve say no, eight abstain.
    let choice = |place: usize| match place {
        0..80 => Choice::Yes,
        80..92 => Choice::No,
        _ => Choice::Abstain,
    };
    let votes: Vec<(&Hub, Choice)> =
        hubs.iter().take(100).enumerate().map(|(place, hub)| (hub, choice(place))).collect();
    people.decide(motion, &votes, &committee);
    let view = people.registry.motion(&motion).unwrap();
    assert_eq!((view.state.as_str(), view.is_final, view.roll.len()), ("adopted", true, HUBS));
    println!("a vote with a roll of {}: {} ms", view.roll.len(), begun.elapsed().as_millis());

    let begun = Instant::now();
    let bytes_of = |place: cohub_record::Place| Some(people.records.get(&place.id)?.bytes().to_vec());
    let certificate = people.registry.export(&motion, &mut |_, place| bytes_of(place)).unwrap();
    std::fs::write(desk.join("vote.certificate"), &certificate).unwrap();
    println!("its certificate, {} bytes: {} ms", certificate.len(), begun.elapsed().as_millis());

    let begun = Instant::now();
    let verify = ["certificate", "verify", "vote.certificate", "--network", file.network.as_str(), "--json"];
    let output = cohub(desk, &verify);
    assert!(output.status.success(), "{}", said(&output));
    println!("verified by the command, offline: {} ms", begun.elapsed().as_millis());
    let verified: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&verified["valid"], &verified["outcome"]), (&Value::Bool(true), &Value::from("adopted")));
    let tally = ["yes", "no", "abstain", "recuse"].map(|choice| verified["tally"][choice].as_u64());
    assert_eq!(tally, [Some(80), Some(12), Some(8), Some(0)], "{}", verified["tally"]);

    let mut changed = certificate;
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    std::fs::write(desk.join("vote.certificate"), &changed).unwrap();
    assert_eq!(cohub(desk, &verify).status.code(), Some(8), "a changed byte proves nothing");
}
