//! The golden vectors of `tests/vectors` that concern counting and certificates.
#![expect(clippy::expect_used, reason = "a test may panic")]

use std::collections::BTreeSet;

use cohub_record::{Id, Place};
use cohub_registry::certificate::{CertificateError, verify};
use cohub_registry::{Fraction, Outcome, Rule, Votes, counted_ballot};
use serde_json::Value as Json;

fn read(name: &str) -> Json {
    let path = format!("{}/../../tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("the vectors are there"))
        .expect("they are JSON")
}

/// The cases of a list; a list without cases would test nothing.
fn list<'a>(file: &'a Json, name: &str) -> &'a Vec<Json> {
    let cases = file[name].as_array().expect(name);
    assert!(!cases.is_empty(), "{name}");
    cases
}

fn text<'a>(case: &'a Json, field: &str) -> &'a str {
    case[field].as_str().expect(field)
}

fn number(value: &Json) -> u32 {
    value.as_u64().and_then(|number| number.try_into().ok()).expect("a number")
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

fn id(text: &str) -> Id {
    text.parse().expect("an id")
}

fn rule(case: &Json) -> Rule {
    let share = |name: &str| Fraction::new(number(&case[name][0]), number(&case[name][1]));
    let flag = |name: &str| case[name].as_bool().expect(name);
    Rule {
        slug: text(case, "slug").parse().expect("a slug"),
        quorum: share("quorum"),
        quorum_counts_abstentions: flag("quorum_counts_abstentions"),
        floor: share("floor"),
        base: text(case, "base").parse().expect("a base"),
        approval: share("approval"),
        at_least: flag("at_least"),
        consent: flag("consent"),
        early_close: false,
    }
}

#[test]
fn tallies() {
    let file = read("tallies.json");
    let rules: Vec<Rule> = list(&file, "rules").iter().map(rule).collect();
    for (rule, case) in rules.iter().zip(list(&file, "rules")) {
        assert_eq!(rule.words(), text(case, "words"));
    }
    for case in list(&file, "cases") {
        let [yes, no, abstain, recuse, block] = [0, 1, 2, 3, 4].map(|place| number(&case["votes"][place]));
        let rule = &rules[usize::try_from(number(&case["rule"])).expect("a place")];
        let found = rule.decide(number(&case["roll"]), &Votes { yes, no, abstain, recuse, block });
        assert_eq!(found.outcome.as_str(), text(case, "outcome"), "{case}");
        for (name, need) in [("floor", found.floor), ("quorum", found.quorum), ("approval", found.approval)] {
            assert_eq!(Some(need.need), case[name][0].as_u64(), "{name} of {case}");
            assert_eq!(Some(need.have), case[name][1].as_u64(), "{name} of {case}");
        }
        assert_eq!(Some(found.base), case["base"].as_u64(), "{case}");
    }
}

#[test]
fn counted_ballots() {
    let place = |value: &Json| value.as_u64().and_then(|place| usize::try_from(place).ok());
    for case in list(&read("support.json"), "cases") {
        let log = list(case, "log");
        let prev: Vec<Option<usize>> = log.iter().map(|record| place(&record["prev"])).collect();
        let path =
            |index| std::iter::successors(Some(index), |index: &usize| prev[*index]).collect::<Vec<_>>();
        // What counts does not depend on which of two rivals has the lesser id.
        for reversed in [false, true] {
            let places: Vec<Place> = (0..prev.len())
                .map(|index| {
                    let order = if reversed { u64::MAX - index as u64 } else { index as u64 };
                    let mut bytes = [0; 32];
                    bytes[..8].copy_from_slice(&order.to_be_bytes());
                    Place { seq: path(index).len() as u64 - 1, id: Id::from_bytes(bytes) }
                })
                .collect();
            let index = |place: Place| places.iter().position(|other| *other == place).expect("a place");
            let is_ballot = |index: &usize| log[*index]["ballot"].as_bool().expect("ballot");
            let ballots: BTreeSet<Place> =
                (0..prev.len()).filter(is_ballot).map(|index| places[index]).collect();
            let heads: Vec<Place> = case["heads"]
                .as_array()
                .expect("heads")
                .iter()
                .map(|head| places[place(head).expect("a place")])
                .collect();
            let descends = |one: Place, other: Place| path(index(one)).contains(&index(other));
            let found = counted_ballot(&heads, &ballots, descends, place(&case["f"]).expect("f"));
            assert_eq!(found.map(index), place(&case["counted"]), "{case}");
        }
    }
}

#[test]
fn valid_certificates() {
    for case in list(&read("certificates.json"), "valid") {
        let name = text(case, "name");
        let found = verify(&unhex(text(case, "hex")), None).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(found.network.parse(), Ok(id(text(case, "network"))), "{name}");
        assert_eq!(found.network_name, text(case, "network_name"), "{name}");
        assert_eq!(found.motion, id(text(case, "motion")), "{name}");
        assert_eq!(found.outcome.as_str(), text(case, "outcome"), "{name}");
        assert_eq!(found.explanation, text(case, "explanation"), "{name}");
        assert_eq!(Some(found.records as u64), case["records"].as_u64(), "{name}");
        let tally = &found.tally;
        let votes = [tally.yes, tally.no, tally.abstain, tally.recuse, tally.block];
        assert_eq!(votes.to_vec(), list(case, "tally").iter().map(number).collect::<Vec<_>>(), "{name}");
        let counted: Vec<Option<Id>> =
            list(case, "counted").iter().map(|ballot| ballot.as_str().map(id)).collect();
        assert_eq!(found.roll.iter().map(|entry| entry.record).collect::<Vec<_>>(), counted, "{name}");
        let returned: Vec<Option<&str>> = list(case, "returned").iter().map(Json::as_str).collect();
        let tellers: Vec<Option<&str>> =
            found.tellers.iter().map(|entry| entry.returned.map(Outcome::as_str)).collect();
        assert_eq!(tellers, returned, "{name}");
        let forks: Vec<[Id; 2]> = case["forks"]
            .as_array()
            .expect("forks")
            .iter()
            .map(|pair| [0, 1].map(|place| id(pair[place].as_str().expect("an id"))))
            .collect();
        assert_eq!(found.forks.iter().map(|fork| fork.records).collect::<Vec<_>>(), forks, "{name}");
    }
}

#[test]
fn untrue_and_changed_certificates() {
    let file = read("certificates.json");
    for case in list(&file, "untrue") {
        let fault = verify(&unhex(text(case, "hex")), None).expect_err(text(case, "name"));
        assert_eq!(fault.word(), text(case, "fault"), "{}: {fault}", text(case, "name"));
        if let CertificateError::Void { void, .. } = &fault {
            let rule = format!("{} {}", void.kind, void.clause);
            assert_eq!(rule, text(case, "rule"), "{}: {fault}", text(case, "name"));
        }
    }
    for case in list(&file, "changed") {
        let of = list(&file, "valid").iter().find(|valid| valid["name"] == case["of"]).expect("a valid one");
        let mut bytes = unhex(text(of, "hex"));
        if let (Some(at), Some(remove)) = (case["at"].as_u64(), case["remove"].as_u64()) {
            let at = usize::try_from(at).expect("an offset");
            bytes.splice(at..at + usize::try_from(remove).expect("a length"), unhex(text(case, "insert")));
        }
        let found = verify(&bytes, case["pin"].as_str().map(id));
        assert_eq!(found.err().map(|fault| fault.word()), case["fault"].as_str(), "{}", text(case, "name"));
    }
}
