//! A newcomer's whole way, from the founding of a network to co-ownership, as the registry shows it.

use crate::cast::{
    AMSTERDAM, EXAMPLE, Network, SAO_PAULO, SMALL, VIENNA, charter, controller, key, node, representative,
};
use crate::{ANKARA, hub};
use cohub_record::Id;
use cohub_registry::{
    Access, ApplicationView, Choice, InterviewOutcome, Keeping, MotionView, Outcome, Recommendation,
    Registry, Verdict,
};

const YES: Choice = Choice::Yes;
const NO: Choice = Choice::No;

fn application(network: &Network, id: Id) -> ApplicationView {
    let view = network.registry.view();
    view.applications.into_iter().find(|application| application.id == id).expect("shown")
}

fn motion(network: &Network, id: Id) -> MotionView {
    network.registry.motion(&id).expect("a motion that is shown")
}

/// Gives the records to another registry, the latest first, each as soon as its predecessor is there.
fn backwards(network: &Network) -> Registry {
    let mut registry = Registry::found(&network.records[0]).expect("a founding record");
    let mut left: Vec<_> = network.records[1..].iter().rev().collect();
    while !left.is_empty() {
        left.retain(|record| registry.insert(record).is_err());
    }
    registry
}

#[test]
fn a_newcomer_becomes_co_owner() {
    let mut network = Network::found(5, 4, charter(EXAMPLE));
    assert!(network.registry.view().constituted);
    assert_eq!(hub(&network, "vienna").status, "co-owner");
    assert_eq!(network.registry.keeping(&key(controller(ANKARA))), Keeping::Unknown);

    // Sponsored, begun, applied.
    let ankara = network.welcome(ANKARA, VIENNA);
    assert_eq!(network.registry.keeping(&key(controller(ANKARA))), Keeping::Prospect { records: 50 });
    let access = network.registry.access(&key(node(ANKARA)));
    assert_eq!(access, Access::Prospect { hub: key(controller(ANKARA)) });
    let shown = hub(&network, "hub-5");
    assert_eq!((shown.status.as_str(), shown.controller), ("applicant", Some(key(controller(ANKARA)))));
    assert_eq!(shown.sponsor, hub(&network, "vienna").id);
    let applied = application(&network, ankara.application);
    assert_eq!((applied.status.as_str(), applied.stage.as_deref()), ("open", None));
    assert_eq!(applied.next.expect("a next stage").missing, Vec::<String>::new());

    // Eligible: 3 to 1. The count is provisional until three of four tellers have returned it.
    let eligible = network.move_on(ankara, "eligible");
    network.vote(eligible, &[YES, YES, NO]);
    let open = motion(&network, eligible);
    assert_eq!((open.state.as_str(), open.is_final), ("undecided", false));
    assert_eq!((open.state_at(open.deadline - 1), open.state_at(open.deadline)), ("open", "closing"));
    assert_eq!(open.tally.words, "2 of 3 votes cast are yes, more than half needed: met, with none to spare");
    let late = network.write(representative(3), network.ballot(eligible, YES));
    network.close(eligible);
    let tellers: Vec<_> = motion(&network, eligible).tellers;
    assert!(tellers.iter().all(|teller| teller.closed.is_some() && teller.returned.is_none()));
    let dates = network.now;
    let returns = network.bring_back(eligible);
    let decided = motion(&network, eligible);
    assert_eq!((decided.state.as_str(), decided.is_final), ("adopted", true));
    assert_eq!((decided.tally.yes, decided.tally.no), (3, 1));
    assert_eq!(
        decided.tally.words,
        "3 of 4 votes cast are yes, more than half needed: met, with none to spare"
    );
    assert_eq!(decided.roll[3].record, Some(late));
    // A ballot that no closing saw is held, and the roll call stays what was counted.
    let missed = network.write(representative(AMSTERDAM), network.ballot(eligible, NO));
    let after = motion(&network, eligible);
    assert_eq!((after.tally, after.roll[1].choice), (decided.tally, Some(YES)));
    assert_eq!(after.roll[1].superseded, [missed]);
    // The lower median of the dates of three of the returns, which were written a second apart.
    let (_, certificate) = network.registry.certificate(&eligible).expect("final");
    assert_eq!((certificate.len(), returns.len()), (3, 4));
    let since = hub(&network, "hub-5").since.expect("a date");
    assert!((dates..dates + 4_000).contains(&since));
    assert_eq!((decided.decided_at, hub(&network, "hub-5").status.as_str()), (Some(since), "eligible"));

    // Pre-candidate: a report, a review, a first vote that fails, a second that does not.
    let lacking = application(&network, ankara.application).next.expect("a next stage").missing;
    assert_eq!(
        lacking,
        ["the document preliminary-report is missing", "0 of 1 reviews by the panel community are there"]
    );
    let report = network.hand_in(ankara, &["preliminary-report"])[0];
    let by = representative(SAO_PAULO);
    let page = network.review(by, ankara.application, "community", Recommendation::Accept);
    network.write(by, page.citing(3, &[report]));
    let refused = network.move_on(ankara, "pre-candidate");
    assert_eq!(network.decide(refused, &[YES, NO, NO, YES]).0, Outcome::Rejected);
    assert_eq!(
        motion(&network, refused).tally.words,
        "2 of 4 votes cast are yes, more than half needed: one more needed"
    );
    assert_eq!(application(&network, ankara.application).status, "rejected");
    assert_eq!(hub(&network, "hub-5").status, "eligible");
    let again = network.move_on(ankara, "pre-candidate");
    assert_eq!(application(&network, ankara.application).status, "open");
    assert_eq!(network.decide(again, &[YES, YES, NO, YES]).0, Outcome::Adopted);

    // Candidate: a document is superseded while the vote runs, which is shown and changes nothing.
    let study = network.hand_in(ankara, &["feasibility-study", "financial-projection"])[0];
    network.examine(ankara, &["finance"]);
    let candidate = network.move_on(ankara, "candidate");
    let page = network.document(ankara.application, "feasibility-study", "a better one");
    let better = network.write(controller(ANKARA), page.citing(1, &[study]));
    assert_eq!(motion(&network, candidate).changed_since, [better]);
    assert_eq!(network.decide(candidate, &[YES, YES, Choice::Abstain, Choice::Recuse]).0, Outcome::Adopted);
    assert_eq!(
        motion(&network, candidate).tally.words,
        "2 of 2 votes cast are yes, at least two thirds needed: met, with none to spare"
    );
    let shown = application(&network, ankara.application);
    let current: Vec<_> = shown.documents.iter().filter(|document| document.current).map(|d| d.id).collect();
    assert!(current.contains(&better) && !current.contains(&study) && shown.documents.len() == 4);

    // Initiative is the admission; both sides sign it.
    network.hand_in(ankara, &["community-strategy", "space-design", "future-plan"]);
    let by = representative(AMSTERDAM);
    let page = network.review(by, ankara.application, "space", Recommendation::Accept);
    network.write(by, page);
    let initiative = network.move_on(ankara, "initiative");
    let (outcome, admission) = network.decide(initiative, &[YES, YES, YES, NO]);
    assert_eq!(outcome, Outcome::Adopted);
    assert_eq!(hub(&network, "hub-5").status, "initiative");
    assert_eq!(application(&network, ankara.application).status, "admitted");
    network.write(controller(ANKARA), network.sign_admission(ANKARA, &admission));
    network.write(representative(VIENNA), network.sign_as_seat(&admission));
    let signatures = application(&network, ankara.application).signatures.expect("an admission");
    assert_eq!((signatures.motion, signatures.hub, signatures.seats_needed), (initiative, true, 2));
    assert_eq!(signatures.seats, ["vienna"]);
    assert_eq!(hub(&network, "hub-5").status, "initiative", "one seat's signature is not enough");
    network.write(representative(AMSTERDAM), network.sign_as_seat(&admission));
    let owner = hub(&network, "hub-5");
    assert_eq!((owner.status.as_str(), owner.since), ("co-owner", motion(&network, initiative).decided_at));
    assert_eq!(application(&network, ankara.application).status, "co-owner");
    assert_eq!(application(&network, ankara.application).next, None);
    assert_eq!(network.registry.keeping(&key(controller(ANKARA))), Keeping::Whole);
    assert_eq!(network.registry.keeping(&key(representative(ANKARA))), Keeping::Whole);
    let access = network.registry.access(&key(node(ANKARA)));
    assert_eq!(access, Access::Member { hub: key(controller(ANKARA)) });

    // The new co-owner vouches for somebody itself, citing its admission; hubs adhere and report.
    let page = network.sponsor(representative(ANKARA), controller(6)).citing(1, &admission);
    network.write(representative(ANKARA), page);
    assert_eq!(network.registry.keeping(&key(controller(6))), Keeping::Prospect { records: 50 });
    network.write(controller(ANKARA), network.sign_manifesto(ANKARA));
    network.write(controller(ANKARA), network.profile(ANKARA, 2025, 31));
    let view = network.registry.view();
    assert_eq!(view.reports.iter().map(|report| report.report.members).collect::<Vec<_>>(), [31]);
    assert_eq!((view.evidence.len(), view.motions.len(), view.applications.len()), (0, 5, 1));

    // Whoever holds the same records sees the same, whatever came first.
    let other = backwards(&network);
    assert_eq!(other.view(), view);
    assert_eq!(other.head(), network.registry.head());
    assert!(network.records.iter().all(|record| other.verdict(&record.id()) == Some(&Verdict::Valid)));
    assert_eq!(other.missing(), []);
}

#[test]
fn an_interview_that_was_postponed_was_not_held() {
    let mut network = Network::found(5, 4, charter(SMALL));
    let newcomer = network.welcome(ANKARA, VIENNA);
    network.adopt(newcomer, "eligible");
    let by = representative(VIENNA);
    let page = network.interview(by, newcomer.application, InterviewOutcome::Postponed);
    network.write(by, page);
    let lacking = application(&network, newcomer.application).next.expect("a next stage").missing;
    assert!(lacking.contains(&"the interview is missing".to_owned()), "{lacking:?}");
}

#[test]
fn a_network_of_any_size_decides() {
    for seats in [1, 2, 3, 4, 7, 10, 13, 31] {
        let mut charter = charter(SMALL);
        charter.signing_seats = 1;
        let mut network = Network::found(seats, seats, charter);
        let newcomer = network.welcome(40, VIENNA);
        let (motion, certificate) = network.adopt(newcomer, "eligible");
        let committee = network.registry.view().committee;
        assert_eq!(certificate.len(), committee.quorum, "{seats} seats");
        assert_eq!(network.registry.motion(&motion).expect("shown").tally.yes as usize, seats);
    }
}
