//! A network that took in hubs which were there before it: they are invited until each takes up its claim.

use cohub_record::Id;
use cohub_registry::{Choice, Intent, Outcome, Registry};

use crate::cast::{AMSTERDAM, Network, SMALL, VIENNA, charter, controller, key, representative, teller};
use crate::{ANKARA, BERLIN, hub};

/// Founded by four, with claims of Ankara (`hub-5`) and Berlin (`hub-6`).
fn founded() -> Network {
    Network::found_with_claims(4, 4, charter(SMALL), &[ANKARA, BERLIN])
}

fn invited(network: &Network) -> Vec<String> {
    let hubs = network.registry.view().hubs.into_iter();
    hubs.filter(|hub| hub.status == "invited").map(|hub| hub.slug).collect()
}

fn withdraw(network: &mut Network, application: Id) {
    let page = network.withdrawal(application);
    network.write(controller(ANKARA), page);
}

#[test]
fn a_claim_is_taken_up_by_the_vote_of_the_last_stage() {
    let mut network = founded();
    assert_eq!(invited(&network), ["hub-5", "hub-6"]);
    let shown = hub(&network, "hub-5");
    assert_eq!((shown.id, shown.controller, shown.keys.len()), (None, None, 0));
    assert_eq!((shown.name.as_str(), shown.city.as_str()), ("The hub of hub-5", "hub-5"));

    // Before the vote the hub stands for itself, and its claim is not shown beside it.
    let ankara = network.take_up(ANKARA, AMSTERDAM);
    assert_eq!(invited(&network), ["hub-6"]);
    assert_eq!(hub(&network, "hub-5").status, "applicant");
    let applied = network.registry.view().applications.remove(0);
    assert_eq!(applied.claim.as_deref(), Some("hub-5"));
    let next = applied.next.expect("a next stage");
    assert_eq!((next.stage.as_str(), next.missing.len()), ("initiative", 0), "no dossier, the last stage");

    let (_, certificate) = network.adopt(ankara, "initiative");
    network.sign(ankara, &certificate);
    let joined = hub(&network, "hub-5");
    assert_eq!((joined.status.as_str(), joined.sponsor), ("co-owner", hub(&network, "amsterdam").id));
    assert_eq!(network.registry.view().hubs.len(), 6, "nobody stands there twice");
}

#[test]
fn a_claim_that_was_let_go_can_be_taken_up_again() {
    let mut network = founded();
    let ankara = network.take_up(ANKARA, VIENNA);
    withdraw(&mut network, ankara.application);
    assert_eq!(invited(&network), ["hub-5", "hub-6"], "taken back");
    let again = network.write(controller(ANKARA), network.claiming(ANKARA, ankara.sponsor, "hub-5"));
    assert_eq!(invited(&network), ["hub-6"]);
    let by = representative(VIENNA);
    let motion = network.write(by, network.advance(by, again, "initiative", 0));
    let (outcome, _) = network.decide(motion, &[Choice::No; 4]);
    assert_eq!(outcome, Outcome::Rejected);
    assert_eq!(invited(&network), ["hub-5", "hub-6"], "rejected");
}

/// Two hubs say that they are the one in the register: whoever was admitted first has the claim.
#[test]
fn a_claim_is_taken_up_once() {
    let mut network = founded();
    let ankara = network.take_up(ANKARA, VIENNA);
    // Somebody else begins a hub of that name. The cast names hubs by numbers, so it is told here.
    let rival = BERLIN;
    let by = representative(AMSTERDAM);
    let sponsor = network.write(by, network.sponsor(by, controller(rival)));
    let mut begun = network.inception(rival);
    let mut inception = cohub_registry::Inception {
        profile: crate::cast::profile(ANKARA),
        recovery: cohub_registry::recovery_hash(&key(crate::cast::next_controller(controller(rival)))),
    };
    inception.profile.name = "Another hub of that name".parse().expect("a text");
    begun = begun.saying(&inception);
    let begun = network.write(controller(rival), begun);
    network.inceptions.insert(rival, begun);
    let other = network.write(controller(rival), network.claiming(rival, sponsor, "hub-5"));
    let motion = network.write(by, network.advance(by, other, "initiative", 0));
    let superseded = |network: &Network| {
        let duties = network.registry.duties(&key(teller(VIENNA)));
        duties.into_iter().find(|duty| duty.motion == motion).expect("it is owed").superseded
    };
    assert!(!superseded(&network));

    let (_, certificate) = network.adopt(ankara, "initiative");
    assert!(superseded(&network), "tellers refuse the other");
    network.sign(ankara, &certificate);
    let next = network.registry.view().applications.into_iter().find(|one| one.id == other);
    let missing = next.and_then(|one| one.next).expect("a next stage").missing;
    assert!(missing.len() == 1 && missing[0].contains("taken up by hub1"), "{missing:?}");
    let wish = Intent::Advance { application: other, stage: None, deadline_ms: network.now, open_by_ms: 0 };
    let refused = network.registry.draft(&key(by), &wish).expect_err("nobody opens such a motion");
    assert!(refused.to_string().contains("taken up"), "{refused}");
}

/// Over months and in any order: the registry is the same.
#[test]
fn claims_are_taken_up_in_any_order() {
    let mut network = founded();
    for (hub, by) in [(BERLIN, AMSTERDAM), (ANKARA, BERLIN)] {
        let by = if by == BERLIN { VIENNA } else { by };
        let newcomer = network.take_up(hub, by);
        let (_, certificate) = network.adopt(newcomer, "initiative");
        network.sign(newcomer, &certificate);
    }
    assert_eq!(invited(&network), Vec::<String>::new());
    let mut other = Registry::found(&network.records[0]).expect("a founding record");
    let mut left: Vec<_> = network.records[1..].iter().rev().collect();
    while !left.is_empty() {
        left.retain(|record| other.insert(record).is_err());
    }
    assert!(other.view() == network.registry.view());
}
