//! One void test for each clause of each row of the protocol's table of rules, and a test that none is missing.

#![allow(clippy::expect_used, clippy::panic, reason = "a test says no by panicking")]

mod assembly;
#[path = "../cast/mod.rs"]
mod cast;
mod erasing;
mod every_kind;
mod fallback;
mod founding;
mod identity;
mod motions;
mod newcomers;
mod scene;
mod sharing;
mod tellers;

use std::collections::BTreeSet;

use cohub_record::Id;
use cohub_registry::{Kind, Verdict, Void};

use cast::{Network, Page, Who, controller, representative};
use scene::{LISBON, Scene};

const PROTOCOL: &str = include_str!("../../../../docs/PROTOCOL.md");

/// A way to break one rule: who writes what. What the scene needs before may be written on the way.
struct Row {
    kind: Kind,
    clause: u8,
    name: &'static str,
    write: fn(&mut Scene) -> (Who, Page),
}

const fn row(kind: Kind, clause: u8, name: &'static str, write: fn(&mut Scene) -> (Who, Page)) -> Row {
    Row { kind, clause, name, write }
}

fn rows() -> Vec<Row> {
    let rows = [
        identity::rows(),
        newcomers::rows(),
        motions::rows(),
        tellers::rows(),
        assembly::rows(),
        erasing::rows(),
        sharing::rows(),
        fallback::rows(),
    ];
    rows.into_iter().flatten().collect()
}

#[test]
fn every_row_is_void_by_its_clause_and_changes_nothing() {
    let scene = Scene::set();
    for row in rows() {
        let mut scene = scene.clone();
        let name = format!("{} {}: {}", row.kind, row.clause, row.name);
        let (who, page) = (row.write)(&mut scene);
        assert_eq!(page.kind, row.kind.as_str(), "{name}");
        void_and_harmless(&mut scene.network, who, &page, row.clause, &name);
    }
}

/// Writes a page and asserts that it is void by that clause, that a dry run says the same, that nothing
/// but the count of records changes, and that what its author writes next is unharmed.
#[track_caller]
fn void_and_harmless(network: &mut Network, who: Who, page: &Page, clause: u8, name: &str) {
    let record = network.draw(who, page.clone());
    let (before, dry) = (network.registry.view(), network.registry.check(&record));
    let held = network.registry.len();
    let (id, verdict) = network.offer(who, page.clone());
    let Verdict::Void(Void { kind, clause: broken, why }) = &verdict else {
        panic!("{name}: {verdict:?}");
    };
    assert_eq!((kind.as_str(), *broken), (page.kind.as_str(), clause), "{name}: {why}");
    assert_eq!(verdict, dry, "{name}: a dry run");
    assert_eq!(network.registry.len(), held + 1, "{name}");
    assert!(network.registry.view() == before, "{name}: a void record changed the view");
    successor_is_valid(network, who, id, name);
}

/// Whoever has a key can be made a representative, and a representative can vouch for somebody.
#[track_caller]
fn successor_is_valid(network: &mut Network, who: Who, void: Id, name: &str) {
    let hub = if who == controller(LISBON) { cast::VIENNA } else { LISBON };
    network.give(hub, who, &[cohub_registry::Role::Representative]);
    let page = network.sponsor(who, representative(99));
    let successor = network.draw(who, page.clone());
    assert_eq!(successor.header().prev, Some(void), "{name}");
    assert_eq!(network.offer(who, page).1, Verdict::Valid, "{name}: the successor");
}

/// The clauses that the table of `docs/PROTOCOL.md` §5 names.
fn documented() -> BTreeSet<(String, u8)> {
    let section = PROTOCOL.split("\n## 5.").nth(1).and_then(|rest| rest.split("\n## 6.").next());
    let lines = section.expect("section 5").lines().filter_map(|line| line.strip_prefix("| `"));
    let clauses = lines.flat_map(|line| {
        let (kind, rest) = line.split_once("` | ").expect("a kind and its rules");
        let rules = rest.trim_end_matches(" |").split(" · ");
        rules.map(move |rule| {
            let number = rule.split(' ').next().and_then(|number| number.parse().ok());
            (kind.to_owned(), number.unwrap_or_else(|| panic!("a number before {rule:?}")))
        })
    });
    clauses.collect()
}

#[test]
fn every_documented_clause_has_a_row_and_every_row_is_documented() {
    let rows = rows().into_iter().map(|row| (row.kind, row.clause));
    let tested = rows.chain(founding::clauses().map(|clause| (Kind::Founding, clause)));
    let tested: BTreeSet<(String, u8)> = tested.map(|(kind, clause)| (kind.to_string(), clause)).collect();
    let documented = documented();
    assert!(documented.len() > 50, "the table was read: {documented:?}");
    assert_eq!(tested, documented);
}
