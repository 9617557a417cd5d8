//! Forks: what a key signed twice is told, and alters nothing that was counted.

use cohub_record::Id;
use cohub_registry::{Access, Choice, Kind, Outcome, Role, Verdict, View, Votes};

use crate::cast::{
    AMSTERDAM, Network, Page, VIENNA, Who, controller, key, node, representative, spare, teller,
};
use crate::{ANKARA, BERLIN, NONE, breaks, decided, hub, small, stage};

use Choice::{No, Yes};

#[test]
fn a_fork_at_any_place_of_any_log_is_told_and_changes_nothing_else() {
    let mut network = small();
    network.admit(ANKARA, VIENNA);
    let before = network.registry.view();
    assert_eq!(before.evidence, []);
    for (place, record) in network.records.clone().iter().enumerate().skip(1) {
        let mut network = network.clone();
        let who = author(&network, record);
        let rival = network.ballot(record.id(), No);
        let (id, verdict) = network.write_after(who, record.header().prev, rival);
        let name = format!("{} at {place}", record.header().kind);
        if record.header().kind == "motion" {
            // The rival is a ballot on a motion, which counts if its author has a seat.
            assert_eq!(verdict, Verdict::Valid, "{name}");
        } else {
            breaks(&verdict, 1);
        }
        let after = network.registry.view();
        let [evidence] = after.evidence.as_slice() else { panic!("{name}: one fork") };
        let mut both = [id, record.id()];
        both.sort_unstable();
        assert_eq!((evidence.author, evidence.seq), (record.author(), record.header().seq), "{name}");
        assert_eq!(evidence.records, both, "{name}");
        let of = network.registry.hub_of(&record.author());
        let hub = network.registry.hubs().into_iter().find(|hub| Some(hub.controller) == of);
        assert_eq!(evidence.hub, hub.and_then(|hub| hub.id).map(|id| id.to_hub_text()), "{name}");
        for (motion, forked) in before.motions.iter().zip(&after.motions) {
            assert_eq!((&motion.state, &motion.tally), (&forked.state, &forked.tally), "{name}");
        }
        if verdict != Verdict::Valid {
            assert!(View { evidence: Vec::new(), ..after } == before, "{name}");
        }
    }
}

/// Who of the cast wrote a record.
fn author(network: &Network, record: &cohub_record::Record) -> Who {
    let desks = [controller, representative, teller, node];
    let mut everybody = (0..=ANKARA).flat_map(|hub| desks.map(|desk| desk(hub)));
    let found = everybody.find(|who| key(*who) == record.author());
    found.unwrap_or_else(|| panic!("{:?} of {} is nobody", record.id(), network.records.len()))
}

#[test]
fn of_two_grants_at_one_place_the_lesser_id_counts() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let end = network.end(controller(ANKARA));
    let roles = [[Role::Officer], [Role::Panelist]];
    let clerk = spare(ANKARA, 1);
    let rivals = roles.map(|roles| {
        let page = network.grant(newcomer.hub, clerk, &roles);
        (network.write_after(controller(ANKARA), end, page).0, roles)
    });
    let (least, roles) = *rivals.iter().min().expect("two");
    let shown = hub(&network, "hub-5");
    let shown = shown.keys.iter().find(|shown| shown.key == key(clerk)).expect("granted");
    assert_eq!((shown.grant, shown.roles.as_slice()), (Some(least), roles.as_slice()));
    // A later grant on either branch is later than both.
    let (other, _) = *rivals.iter().max().expect("two");
    let page = network.grant(newcomer.hub, clerk, &[Role::Node]);
    network.write_after(controller(ANKARA), Some(other), page);
    assert_eq!(network.registry.access(&key(clerk)), Access::Prospect { hub: key(controller(ANKARA)) });
}

#[test]
fn a_teller_that_returns_both_ways_is_counted_for_both_and_more_than_f_of_them_dispute() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let motion = network.move_on(newcomer, "eligible");
    let ballots = network.vote(motion, &[Yes; 4]);
    let ends: Vec<Option<Id>> = (0..4).map(|seat| network.end(teller(seat))).collect();
    let with: Vec<Id> =
        (0..4).map(|seat| network.write(teller(seat), network.closing(motion, &ballots))).collect();
    let without: Vec<Id> = (0..4)
        .map(|seat| network.write_after(teller(seat), ends[seat], network.closing(motion, &[])).0)
        .collect();
    let four = Votes { yes: 4, ..NONE };
    for seat in 0..3 {
        network.write(teller(seat), network.returned(motion, &with, Outcome::Adopted, four));
    }
    assert_eq!(decided(&network, motion).0, "adopted");
    let certificate = network.registry.certificate(&motion).expect("final").1;
    // One liar, f of them, flips nothing: two returns are there for the other outcome.
    for seat in [3, 2] {
        let page = network.returned(motion, &without, Outcome::Inquorate, NONE);
        let (_, verdict) = network.write_after(teller(seat), Some(without[seat]), page);
        assert_eq!(verdict, Verdict::Valid);
    }
    assert_eq!(decided(&network, motion), ("adopted".to_owned(), four));
    assert_eq!(network.registry.certificate(&motion).expect("final").1, certificate);
    assert_eq!(stage(&network, newcomer).as_deref(), Some("eligible"));
    // Two liars do: both outcomes have q returns, the slot keeps its base, and the liars are named.
    let page = network.returned(motion, &without, Outcome::Inquorate, NONE);
    network.write_after(teller(1), Some(without[1]), page);
    assert_eq!(decided(&network, motion).0, "disputed");
    assert_eq!(network.registry.certificate(&motion), None);
    assert_eq!(stage(&network, newcomer), None);
    let forked: Vec<_> = network.registry.forks().iter().map(|fork| fork.author).collect();
    assert!([1, 2].iter().all(|seat| forked.contains(&key(teller(*seat)))));
}

#[test]
fn a_record_of_a_kind_that_is_not_known_waits_and_so_does_what_builds_on_it() {
    let mut network = small();
    let page = Page { kind: "sonnet".to_owned(), ..network.ballot(network.founding(), Yes) };
    let (unknown, verdict) = network.offer(representative(VIENNA), page);
    assert_eq!(verdict, Verdict::Pending);
    assert!("sonnet".parse::<Kind>().is_err());
    let by = representative(VIENNA);
    assert_eq!(network.offer(by, network.sponsor(by, controller(BERLIN))).1, Verdict::Pending);
    let citing = network.ballot(unknown, Yes);
    assert_eq!(network.offer(representative(AMSTERDAM), citing).1, Verdict::Pending);
    assert_eq!(network.registry.missing(), [], "it is held, only not understood");
}
