//! The registry as it was, and what minutes say of a motion.

use cohub_record::Id;
use cohub_registry::certificate;
use cohub_registry::minutes::{Minutes, Returned};
use cohub_registry::{AsOf, Choice, Outcome, Question, Refusal, Registry};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, SAO_PAULO, SMALL, VIENNA, charter, controller, representative, resolution,
    teller,
};
use crate::{ANKARA, hub, small};

use Choice::{Abstain, No, Yes};

/// Head, and the date of the last record, after each scene of a newcomer's way.
fn scenes(network: &mut Network) -> Vec<(u64, String)> {
    let mut seen = Vec::new();
    let mut mark = |network: &Network| seen.push((network.now - 1_000, network.registry.head().to_string()));
    mark(network);
    let newcomer = network.welcome(ANKARA, VIENNA);
    mark(network);
    let motion = network.move_on(newcomer, "eligible");
    network.vote(motion, &[Yes, Yes, No]);
    mark(network);
    network.close(motion);
    network.bring_back(motion);
    mark(network);
    network.hand_in(newcomer, &["plan", "budget"]);
    network.examine(newcomer, &["finance", "space"]);
    network.adopt(newcomer, "candidate");
    mark(network);
    let (_, certificate) = network.adopt(newcomer, "initiative");
    mark(network);
    network.sign(newcomer, &certificate);
    network.write(controller(ANKARA), network.profile(ANKARA, 2025, 31));
    mark(network);
    seen
}

fn as_of(network: &Network, date: u64) -> Registry {
    network.registry.as_of(AsOf::Date(date)).expect("after the founding")
}

#[test]
fn as_of_a_date_the_registry_is_what_it_was_then() {
    let mut network = small();
    let seen = scenes(&mut network);
    for (date, head) in &seen {
        assert_eq!(as_of(&network, *date).head().to_string(), *head, "{date}");
    }
    let heads: std::collections::BTreeSet<_> = seen.iter().map(|(_, head)| head).collect();
    assert_eq!(heads.len(), seen.len(), "each scene changed something");
    let end = as_of(&network, u64::MAX);
    assert_eq!((end.head(), end.len()), (network.registry.head(), network.registry.len()));
    assert!(network.registry.as_of(AsOf::Date(1_763_999_999_999)).is_none(), "before the founding");
    assert_eq!(as_of(&network, 1_764_000_000_000).len(), 1);
}

#[test]
fn as_of_a_date_is_the_same_whatever_came_first() {
    let mut network = small();
    let seen = scenes(&mut network);
    let mut other = Registry::found(&network.records[0]).expect("a founding record");
    let mut left: Vec<_> = network.records[1..].iter().rev().collect();
    while !left.is_empty() {
        left.retain(|record| other.insert(record).is_err());
    }
    for (date, head) in &seen {
        let then = other.as_of(AsOf::Date(*date)).expect("after the founding");
        assert_eq!(then.head().to_string(), *head, "{date}");
    }
}

#[test]
fn a_decision_has_the_lower_median_of_its_returns_for_a_date() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let (motion, certificate) = network.adopt(newcomer, "eligible");
    let decided = network.registry.motion(&motion).and_then(|view| view.decided_at).expect("decided");
    let mut dates: Vec<u64> = certificate.iter().map(|id| date_of(&network, *id)).collect();
    dates.sort_unstable();
    assert_eq!((dates.len(), dates[1]), (3, decided), "q is 3");
    let status = |date| {
        let view = as_of(&network, date).view();
        view.hubs.into_iter().find(|hub| hub.slug == "hub-5").expect("begun").status
    };
    // The third return is dated later, and belongs to the decision all the same.
    assert!(dates[2] > decided);
    assert_eq!((status(decided - 1).as_str(), status(decided).as_str()), ("applicant", "eligible"));
}

fn date_of(network: &Network, id: Id) -> u64 {
    network.records.iter().find(|record| record.id() == id).expect("written").header().at
}

#[test]
fn a_clock_that_is_ahead_takes_away_what_builds_on_it_and_nothing_else() {
    let mut network = small();
    let date = network.now;
    network.now += 10_000_000;
    network.write(controller(VIENNA), network.profile(VIENNA, 2024, 1));
    network.now = date + 1_000;
    network.write(controller(VIENNA), network.profile(VIENNA, 2025, 2));
    network.write(controller(AMSTERDAM), network.profile(AMSTERDAM, 2025, 3));
    let then = as_of(&network, date + 100_000).view();
    assert_eq!(then.reports.iter().map(|report| report.report.members).collect::<Vec<_>>(), [3]);
    assert_eq!(network.registry.view().reports.len(), 3);
}

#[test]
fn as_of_a_motion_is_what_its_certificate_holds() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let (first, _) = network.adopt(newcomer, "eligible");
    network.write(controller(SAO_PAULO), network.profile(SAO_PAULO, 2025, 8));
    let second = network.ask(resolution("We meet in May."));
    assert!(network.registry.as_of(AsOf::Motion(second)).is_none(), "it is not decided");
    network.hand_in(newcomer, &["plan", "budget"]);
    let records = network.records.clone();
    let mut read = |_: &cohub_record::PublicKey, place: cohub_record::Place| {
        let record = records.iter().find(|record| record.id() == place.id)?;
        Some(record.bytes().to_vec())
    };
    let file = network.registry.export(&first, &mut read).expect("decided");
    let verified = certificate::verify(&file, None).expect("valid");
    let then = network.registry.as_of(AsOf::Motion(first)).expect("decided");
    assert_eq!(then.len(), verified.records);
    assert_eq!(then.motion(&first).map(|view| view.tally), Some(verified.tally));
    assert_eq!(hub_status(&then), "eligible");
    assert_eq!(then.view().reports, [], "no report is in the past of the decision");
}

fn hub_status(registry: &Registry) -> String {
    registry.view().hubs.into_iter().find(|hub| hub.slug == "hub-5").expect("begun").status
}

fn minutes(network: &Network, motion: Id) -> Minutes {
    network.registry.minutes(&motion).expect("a motion")
}

#[test]
fn minutes_name_every_ballot_and_every_word_of_a_teller() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let motion = network.move_on(newcomer, "eligible");
    let [hesitant, _] =
        [No, Yes].map(|choice| network.write(representative(AMSTERDAM), network.ballot(motion, choice)));
    for (seat, choice) in [(VIENNA, Yes), (SAO_PAULO, Abstain)] {
        network.write(representative(seat), network.ballot(motion, choice));
    }
    let heads: Vec<Id> = network.registry.heads(&motion).into_iter().map(|seat| seat[0]).collect();
    for seat in [VIENNA, AMSTERDAM, SAO_PAULO] {
        network.write(teller(seat), network.closing(motion, &heads));
    }
    let late = network.write(representative(ISTANBUL), network.ballot(motion, No));
    network.write(teller(ISTANBUL), network.refusal(motion, Refusal::Notice));
    let open = minutes(&network, motion);
    assert!(open.tellers.iter().all(|teller| teller.returned.is_none()));
    network.bring_back(motion);

    let told = minutes(&network, motion);
    assert_eq!((told.network_name.as_str(), told.mover.as_str()), ("Commons of tests", "The hub of vienna"));
    assert_eq!((told.charter_title.as_str(), told.charter_version), ("Small", Some(1)));
    assert_eq!((told.rule_name.as_str(), told.tellers_needed, told.tellers_tolerated), ("simple", 3, 1));
    assert_eq!((told.count.quorum.have, told.count.quorum.need), (3, 2));
    assert_eq!(told.count.words, "2 of 2 votes cast are yes, more than half needed: met, with none to spare");
    let roll: Vec<_> = told.roll.iter().map(|vote| vote.counted.as_ref().map(|cast| cast.choice)).collect();
    assert_eq!(roll, [Some(Yes), Some(Yes), Some(Abstain), None]);
    let others: Vec<_> = told.roll.iter().flat_map(|vote| &vote.others).collect();
    assert_eq!(others.len(), 2);
    assert_eq!((others[0].ballot.record, others[0].ballot.choice), (hesitant, No));
    assert_eq!(others[0].why, "a later one counts");
    assert_eq!((others[1].ballot.record, others[1].why.as_str()), (late, "too few tellers held it in time"));
    let closings = told.tellers.iter().filter(|teller| teller.closing.is_some()).count();
    let refusal = told.tellers[ISTANBUL].refusal.as_ref().expect("it refused");
    assert_eq!((closings, refusal.why), (3, Refusal::Notice));
    for part in &told.tellers {
        let Returned { said, outcome, tally } = part.returned.as_ref().expect("it returned");
        assert_eq!((*outcome, tally.yes, tally.abstain), (Outcome::Adopted, 2, 1));
        let (author, _) = network.registry.place(&said.record).expect("held");
        assert_eq!(author, part.key);
        assert_eq!(said.at, date_of(&network, said.record));
    }
}

#[test]
fn minutes_say_under_which_charter_a_motion_ran() {
    let mut network = small();
    let before = network.ask(resolution("Under the first."));
    let amended = SMALL.replace("title = \"Small\"", "title = \"Smaller\"");
    network.resolve(Question::Amend { charter: amended });
    let after = network.ask(resolution("Under the second."));
    let told = [before, after].map(|motion| minutes(&network, motion));
    assert_eq!(told.each_ref().map(|minutes| minutes.charter_version), [Some(1), Some(2)]);
    assert_eq!(told.each_ref().map(|minutes| minutes.charter_title.as_str()), ["Small", "Smaller"]);
    assert_eq!(network.registry.minutes(&network.founding()), None);
    assert_eq!(hub(&network, "vienna").status, "co-owner");
    assert_eq!(charter(SMALL).title.as_str(), "Small");
}
