//! Conflicts of interest: by the charter's words, and declared. They take reviews out of their count, and votes out of
//! every base.

use cohub_record::{List, Slug};
use cohub_registry::{
    Choice::{self, No, Recuse, Yes},
    Conflict, Enough, Intent, Kind, Outcome, Recommendation, Verdict, Votes,
};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Network, Newcomer, SAO_PAULO, SMALL, VIENNA, charter, key, representative, slug,
    teller,
};
use crate::{ANKARA, NONE, breaks, decided};

/// The small charter with such conflicts, whose first stage takes more than half of all seats that are left.
fn with(conflicts: &str) -> Network {
    let text = SMALL.replace("rule = \"simple\"", "rule = \"absolute\"");
    Network::found(5, 4, charter(&format!("conflicts = [{conflicts}]\n{text}")))
}

fn choices(network: &Network, motion: cohub_record::Id) -> Vec<(Option<Choice>, Option<Conflict>)> {
    let roll = network.registry.motion(&motion).expect("shown").roll;
    roll.iter().map(|seat| (seat.choice, seat.conflict)).collect()
}

/// Amsterdam and Sao Paulo say yes, Istanbul says no, and Vienna is silent.
fn two_to_one(network: &mut Network, newcomer: Newcomer) -> (String, Votes) {
    let motion = network.move_on(newcomer, "eligible");
    for (seat, choice) in [(AMSTERDAM, Yes), (SAO_PAULO, Yes), (ISTANBUL, No)] {
        network.write(representative(seat), network.ballot(motion, choice));
    }
    network.close(motion);
    network.bring_back(motion);
    decided(network, motion)
}

#[test]
fn who_sponsors_is_out_of_every_base_without_saying_so() {
    let mut plain = with("");
    let ankara = plain.welcome(ANKARA, VIENNA);
    assert_eq!(two_to_one(&mut plain, ankara), ("rejected".to_owned(), Votes { yes: 2, no: 1, ..NONE }));
    let mut network = with("\"sponsor\"");
    let ankara = network.welcome(ANKARA, VIENNA);
    let counted = Votes { yes: 2, no: 1, recuse: 1, ..NONE };
    assert_eq!(two_to_one(&mut network, ankara), ("adopted".to_owned(), counted));
}

#[test]
fn who_has_a_conflict_can_but_recuse_and_is_counted_once() {
    let mut network = with("\"same-hub\", \"sponsor\"");
    let ankara = network.welcome(ANKARA, AMSTERDAM);
    let motion = network.move_on(ankara, "eligible");
    let amsterdam = representative(AMSTERDAM);
    assert_eq!(
        choices(&network, motion),
        [(None, None), (Some(Recuse), Some(Conflict::Sponsor)), (None, None), (None, None)]
    );
    assert!(network.registry.ballots_due(&key(amsterdam)).is_empty(), "nobody asks it to vote");
    assert_eq!(network.registry.ballots_due(&key(representative(VIENNA))).len(), 1);
    for choice in [Yes, No, Choice::Abstain] {
        let (_, verdict) = network.offer(amsterdam, network.ballot(motion, choice));
        breaks(&verdict, 3);
    }
    network.write(amsterdam, network.ballot(motion, Recuse));
    for seat in [VIENNA, SAO_PAULO, ISTANBUL] {
        network.write(representative(seat), network.ballot(motion, Yes));
    }
    network.close(motion);
    // A teller that leaves the conflict out tells another tally than the rule's.
    let page = network.due_return(motion, 0, Enough::AllTellers).expect("enough closings");
    let without = cohub_registry::Return { outcome: Outcome::Adopted, tally: Votes { yes: 3, ..NONE } };
    let (_, verdict) = network.offer(teller(VIENNA), page.clone().saying(&without));
    breaks(&verdict, 3);
    network.bring_back(motion);
    assert_eq!(decided(&network, motion), ("adopted".to_owned(), Votes { yes: 3, recuse: 1, ..NONE }));
}

#[test]
fn where_too_few_are_left_nothing_is_decided() {
    let mut network = with("\"same-country\"");
    let ankara = network.welcome(ANKARA, VIENNA);
    let motion = network.move_on(ankara, "eligible");
    assert_eq!(choices(&network, motion), [(Some(Recuse), Some(Conflict::SameCountry)); 4]);
    let (outcome, _) = network.decide(motion, &[]);
    assert_eq!(outcome, Outcome::Inquorate);
    assert_eq!(decided(&network, motion).1, Votes { recuse: 4, ..NONE });
}

#[test]
fn an_early_close_waits_for_nobody_who_has_a_conflict() {
    let text = SMALL.replace("rule = \"simple\"", "rule = \"quick\"");
    let text = format!(
        "conflicts = [\"sponsor\"]\n{text}\n[rules.quick]\npreset = \"simple\"\nearly_close = true\n"
    );
    let mut network = Network::found(5, 4, charter(&text));
    let ankara = network.welcome(ANKARA, VIENNA);
    let motion = network.move_on(ankara, "eligible");
    let ended = |network: &Network| network.registry.duties(&key(teller(VIENNA)))[0].everyone_voted;
    for seat in [AMSTERDAM, SAO_PAULO, ISTANBUL] {
        assert!(!ended(&network));
        network.write(representative(seat), network.ballot(motion, Yes));
    }
    assert!(ended(&network));
}

/// Ankara, sponsored by Vienna, has all that its second stage takes but reviews.
fn at_the_panels(conflicts: &str) -> (Network, Newcomer) {
    let text = SMALL.replace("rule = \"consent\"", "rule = \"absolute\"");
    let mut network = Network::found(5, 4, charter(&format!("conflicts = [{conflicts}]\n{text}")));
    let ankara = network.welcome(ANKARA, VIENNA);
    let motion = network.move_on(ankara, "eligible");
    for seat in [AMSTERDAM, SAO_PAULO, ISTANBUL] {
        network.write(representative(seat), network.ballot(motion, Yes));
    }
    network.close(motion);
    network.bring_back(motion);
    network.hand_in(ankara, &["plan", "budget"]);
    (network, ankara)
}

fn missing(network: &Network) -> Vec<String> {
    network.registry.view().applications[0].next.clone().expect("a next stage").missing
}

#[test]
fn reviews_of_who_has_a_conflict_are_not_counted() {
    let (mut network, ankara) = at_the_panels("\"sponsor\"");
    let panel: Slug = slug("finance");
    let review = |recommendation| Intent::Review {
        application: ankara.application,
        panel: panel.clone(),
        recommendation,
        scores: List::default(),
    };
    let vienna = key(representative(VIENNA));
    let refused = network.registry.draft(&vienna, &review(Recommendation::Accept)).expect_err("a conflict");
    assert!(refused.0.contains("is of the hub that sponsors it"), "{refused}");
    assert!(network.registry.draft(&vienna, &review(Recommendation::Recuse)).is_ok());
    assert!(network.registry.draft(&key(representative(AMSTERDAM)), &review(Recommendation::Accept)).is_ok());
    let due = |hub| network.registry.agenda(&key(representative(hub)), 0).due;
    assert!(due(AMSTERDAM).iter().any(|item| item.kind == "review"));
    assert!(!due(VIENNA).iter().any(|item| item.kind == "review"), "nobody asks it for a review");

    // The review itself is no fault: what it is not is counted.
    network.examine(ankara, &["finance", "space"]);
    let conflicts: Vec<_> =
        network.registry.view().applications[0].reviews.iter().filter_map(|review| review.conflict).collect();
    assert_eq!(conflicts, [Conflict::Sponsor; 2]);
    assert_eq!(
        missing(&network),
        [
            "1 of 2 reviews by the panel finance are there, without 1 of people who have a conflict of interest"
        ]
    );
    let by = representative(VIENNA);
    let (_, verdict) = network.offer(by, network.advance(by, ankara.application, "candidate", 0));
    breaks(&verdict, 7);
    let by = representative(SAO_PAULO);
    let page = network.review(by, ankara.application, "finance", Recommendation::Decline);
    network.write(by, page);
    assert!(missing(&network).is_empty());
    let motion = network.move_on(ankara, "candidate");
    assert_eq!(network.verdict(&motion), Verdict::Valid);
}

#[test]
fn who_recused_on_a_panel_has_no_vote_where_the_charter_says_so() {
    for (conflicts, out) in [("", None), ("\"declared\"", Some(Conflict::Declared))] {
        let (mut network, ankara) = at_the_panels(conflicts);
        network.examine(ankara, &["finance", "space"]);
        let by = representative(ISTANBUL);
        for (panel, said) in [("finance", Recommendation::Accept), ("space", Recommendation::Recuse)] {
            let page = network.review(by, ankara.application, panel, said);
            assert_eq!(page.kind, Kind::Review.as_str());
            // The last founder sits on no panel: Istanbul does.
            network.write(by, page);
        }
        let motion = network.move_on(ankara, "candidate");
        assert_eq!(choices(&network, motion)[ISTANBUL], (out.map(|_| Recuse), out));
    }
}

#[test]
fn who_took_the_recusal_back_votes() {
    let (mut network, ankara) = at_the_panels("\"declared\"");
    network.examine(ankara, &["finance", "space"]);
    let by = representative(ISTANBUL);
    for said in [Recommendation::Recuse, Recommendation::Accept] {
        let page = network.review(by, ankara.application, "finance", said);
        network.write(by, page);
    }
    let motion = network.move_on(ankara, "candidate");
    assert_eq!(choices(&network, motion)[ISTANBUL], (None, None));
}
