//! What committee and assembly decide beside stages: resolutions, panels, charters, the standing of hubs.

use cohub_record::List;
use cohub_registry::{
    Access, Body, Change, Charter, Choice, Enough, Intent, Keeping, Outcome, Question, Recommendation, Role,
    Verdict,
};

use crate::cast::{
    AMSTERDAM, ISTANBUL, SAO_PAULO, SMALL, VIENNA, appointment, controller, key, node, representative,
    resolution, slug, spare, teller,
};
use crate::{ANKARA, BERLIN, breaks, decided, hub, small};

use Choice::{No, Yes};

/// The founder without a seat.
const LISBON: usize = 4;

fn slugs(network: &crate::Network, motion: &cohub_record::Id) -> Vec<String> {
    network.registry.motion(motion).expect("shown").roll.into_iter().map(|entry| entry.seat).collect()
}

#[test]
fn the_committee_resolves_and_the_words_are_kept() {
    let mut network = small();
    let (motion, _) = network.resolve(resolution("We publish our books."));
    let view = network.registry.view();
    assert_eq!(view.resolutions.len(), 1);
    assert_eq!(
        (view.resolutions[0].motion, view.resolutions[0].text.as_str()),
        (motion, "We publish our books.")
    );
    let shown = network.registry.motion(&motion).expect("shown");
    assert_eq!((shown.kind, shown.body, shown.stage), ("resolve", Body::Committee, None));
    assert_eq!(shown.question, "the network resolves: \"We publish our books.\"");
    // What was rejected is not said.
    let motion = network.ask(resolution("We close our books."));
    network.agree(motion, No);
    assert_eq!(network.registry.view().resolutions.len(), 1);
}

#[test]
fn each_co_owner_has_one_vote_in_the_assembly() {
    let mut network = small();
    network.admit(ANKARA, VIENNA);
    let manifesto = Question::Manifesto { text: "One hub, one vote.".parse().expect("a text") };
    let motion = network.ask(manifesto);
    let mut voters = slugs(&network, &motion);
    voters.sort();
    assert_eq!(voters, ["amsterdam", "hub-4", "hub-5", "istanbul", "sao-paulo", "vienna"]);
    // Who is no co-owner has none, and a seat's vote is worth no more than another's.
    network.welcome(BERLIN, VIENNA);
    breaks(&network.offer(representative(BERLIN), network.ballot(motion, Yes)).1, 1);
    for hub in [VIENNA, LISBON, ANKARA, ISTANBUL] {
        network.write(representative(hub), network.ballot(motion, Yes));
    }
    for hub in [AMSTERDAM, SAO_PAULO] {
        network.write(representative(hub), network.ballot(motion, No));
    }
    network.close(motion);
    network.bring_back(motion);
    let (state, votes) = decided(&network, motion);
    assert_eq!((state.as_str(), votes.yes, votes.no), ("adopted", 4, 2), "two thirds");
    let view = network.registry.view();
    assert_eq!((view.manifesto.version, view.manifesto.text.as_str()), (2, "One hub, one vote."));
    assert_eq!(view.manifesto.record, motion);
    // A hub signs the manifesto that stands.
    let page = network.intended(controller(LISBON), &Intent::SignManifesto);
    network.write(controller(LISBON), page);
    assert_eq!(network.registry.view().manifesto.signed, ["hub-4"]);
    // The file of the decision proves it to anybody.
    let records = network.records.clone();
    let file = network.registry.export(&motion, &mut |author, place| {
        let found = records.iter().find(|record| record.author() == *author && record.place() == place);
        found.map(|record| record.bytes().to_vec())
    });
    let found = cohub_registry::certificate::verify(&file.expect("final"), None).expect("valid");
    assert!(found.explanation.contains("the assembly of the network"), "{}", found.explanation);
    assert!(found.explanation.contains("The votes by hub: "), "{}", found.explanation);
}

#[test]
fn a_vote_short_of_two_thirds_leaves_the_charter_as_it_was() {
    let mut network = small();
    let stricter = SMALL.replace("signing_seats = 2", "signing_seats = 3");
    let question = Question::Amend { charter: stricter };
    let motion = network.ask(question.clone());
    for (hub, choice) in [Yes, Yes, Yes, No, No].into_iter().enumerate() {
        network.write(representative(hub), network.ballot(motion, choice));
    }
    network.close(motion);
    network.bring_back(motion);
    assert_eq!(decided(&network, motion).0, "rejected");
    assert_eq!(network.registry.view().charter.version, 1);

    let motion = network.ask(question);
    for (hub, choice) in [Yes, Yes, Yes, Yes, No].into_iter().enumerate() {
        network.write(representative(hub), network.ballot(motion, choice));
    }
    network.close(motion);
    network.bring_back(motion);
    assert_eq!(decided(&network, motion).0, "adopted");
    let view = network.registry.view();
    assert_eq!((view.charter.version, view.charter.record, view.charter.text.signing_seats), (2, motion, 3));
}

#[test]
fn an_open_motion_keeps_its_charter_and_a_new_one_takes_the_new_one() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let before = network.move_on(newcomer, "eligible");
    let amended = SMALL.replace("rule = \"simple\"", "rule = \"unanimous\"");
    let (charter, certificate) = network.resolve(Question::Amend { charter: amended });
    let view = |id| network.registry.motion(&id).expect("shown");
    assert_eq!(view(before).charter, network.founding());
    let simple = view(before).rule;
    // Tellers that hold the amendment when a motion on the old charter arrives refuse it.
    let late = network.registry.duties(&key(teller(VIENNA)));
    assert!(late.iter().any(|duty| duty.motion == before && duty.superseded));

    network.vote(before, &[Yes, Yes, Yes, No]);
    network.close(before);
    network.bring_back(before);
    assert_eq!(decided(&network, before).0, "adopted", "by the rule that it was opened under");

    let other = network.welcome(BERLIN, AMSTERDAM);
    let intent = Intent::Advance {
        application: other.application,
        stage: None,
        deadline_ms: network.now + 3_600_000,
        open_by_ms: 0,
    };
    let page = network.intended(representative(VIENNA), &intent);
    assert_eq!(page.cites[3], certificate);
    let after = network.write(representative(VIENNA), page);
    let shown = network.registry.motion(&after).expect("shown");
    assert_eq!(shown.charter, charter);
    assert_ne!(shown.rule, simple);
    assert!(!network.registry.duties(&key(teller(VIENNA))).iter().any(|duty| duty.superseded));
    network.vote(after, &[Yes, Yes, Yes, No]);
    network.close(after);
    network.bring_back(after);
    assert_eq!(decided(&network, after).0, "rejected");
}

#[test]
fn a_panel_is_appointed_and_its_members_review() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    // Lisbon's representative sits on no panel of the founding record.
    let by = representative(LISBON);
    breaks(
        &network.offer(by, network.review(by, newcomer.application, "space", Recommendation::Accept)).1,
        2,
    );
    let (motion, certificate) = network.resolve(appointment("space", &[LISBON, AMSTERDAM]));
    let review = network.intended(
        by,
        &Intent::Review {
            application: newcomer.application,
            panel: slug("space"),
            recommendation: Recommendation::Accept,
            scores: List::default(),
        },
    );
    assert_eq!(review.cites[1], certificate);
    network.write(by, review.clone());
    // The appointment is to that panel and of these members.
    let elsewhere = network.review(by, newcomer.application, "finance", Recommendation::Accept);
    breaks(&network.offer(by, elsewhere.citing(1, &certificate)).1, 2);
    breaks(&network.offer(representative(VIENNA), review.citing(0, &[network.founding()])).1, 2);
    let view = network.registry.view();
    let panel = view.panels.iter().find(|panel| panel.panel == "space").expect("shown");
    assert_eq!((panel.motion, panel.members.len()), (Some(motion), 2));
    assert_eq!(network.registry.panels_of(&key(representative(VIENNA))), [slug("finance")]);
}

#[test]
fn who_is_suspended_has_no_vote_until_it_is_reinstated() {
    let mut network = small();
    let (suspension, _) = network.resolve(network.standing(LISBON, Change::Suspend));
    assert_eq!(hub(&network, "hub-4").status, "suspended");
    assert_eq!(network.registry.keeping(&key(representative(LISBON))), Keeping::Whole);
    assert!(matches!(network.registry.access(&key(node(LISBON))), Access::Member { .. }));
    let motion = network.ask(Question::Manifesto { text: "Another.".parse().expect("a text") });
    assert!(!slugs(&network, &motion).contains(&"hub-4".to_owned()));

    let (reinstated, _) = network.resolve(network.standing(LISBON, Change::Reinstate));
    assert_eq!(network.registry.motion(&reinstated).expect("shown").body, Body::Assembly);
    assert_eq!(hub(&network, "hub-4").status, "co-owner");
    // The roll of the open motion stays as it was pinned, so tellers that get it only now refuse it.
    assert!(!slugs(&network, &motion).contains(&"hub-4".to_owned()));
    let duties = network.registry.duties(&key(teller(VIENNA)));
    assert!(duties.iter().any(|duty| duty.motion == motion && duty.superseded));
    assert!(network.registry.certificate(&suspension).is_some(), "what was decided stays decided");
}

#[test]
fn who_is_expelled_is_out_and_its_logs_end_and_an_appeal_brings_it_back() {
    let mut network = small();
    let (_, admission) = network.admit(ANKARA, LISBON);
    let before = network.end(representative(ANKARA));
    let by = representative(ANKARA);
    let kept = network.write(by, network.sponsor(by, controller(BERLIN)).citing(1, &admission));
    assert_ne!(before, Some(kept));
    let (_, _) = network.resolve(network.standing(ANKARA, Change::Expel));
    assert_eq!(hub(&network, "hub-5").status, "expelled");
    assert_eq!(network.registry.access(&key(node(ANKARA))), Access::Stranger);
    assert_eq!(network.registry.cut(&key(by)).flatten().map(|place| place.id), Some(kept));
    assert_eq!(network.registry.keeping(&key(by)), Keeping::Whole, "what it wrote before is kept");
    assert_eq!(network.registry.keeping(&key(controller(BERLIN))), Keeping::Unknown, "it sponsors nobody");

    // In the next assembly it has no vote; this one takes it back.
    let motion = network.ask(network.standing(ANKARA, Change::Reinstate));
    assert!(!slugs(&network, &motion).contains(&"hub-5".to_owned()));
    network.agree(motion, Yes);
    assert_eq!(hub(&network, "hub-5").status, "co-owner");
    assert_eq!(network.registry.cut(&key(by)), None);
    assert!(matches!(network.registry.access(&key(node(ANKARA))), Access::Member { .. }));
}

#[test]
fn a_hub_that_leaves_is_out_at_once() {
    let mut network = small();
    let ends = network.end(representative(LISBON));
    let page = network.intended(controller(LISBON), &Intent::Leave);
    let exit = network.write(controller(LISBON), page);
    assert_eq!(hub(&network, "hub-4").status, "left");
    assert_eq!(network.registry.access(&key(node(LISBON))), Access::Stranger);
    assert_eq!(network.registry.cut(&key(controller(LISBON))).flatten().map(|place| place.id), Some(exit));
    assert_eq!(network.registry.cut(&key(representative(LISBON))).flatten().map(|place| place.id), ends);
    let motion = network.ask(Question::Manifesto { text: "Another.".parse().expect("a text") });
    assert!(!slugs(&network, &motion).contains(&"hub-4".to_owned()));
}

#[test]
fn a_motion_that_its_mover_took_back_is_refused_and_an_application_rests() {
    let mut network = small();
    let newcomer = network.welcome(ANKARA, VIENNA);
    let motion = network.move_on(newcomer, "eligible");
    let by = representative(VIENNA);
    network.write(by, network.withdrawal(motion));
    assert_eq!(network.registry.motion(&motion).expect("shown").state, "withdrawn");
    assert!(network.registry.duties(&key(teller(VIENNA))).iter().all(|duty| duty.withdrawn));
    assert_eq!(network.registry.ballots_due(&key(by)), []);
    // Who had closed it before may still bring it home: what q tellers return is final.
    network.vote(motion, &[Yes; 4]);
    network.close(motion);
    network.bring_back(motion);
    assert_eq!(decided(&network, motion).0, "adopted");

    network.write(controller(ANKARA), network.withdrawal(newcomer.application));
    let view = network.registry.view();
    assert_eq!(view.applications[0].status, "withdrawn");
}

#[test]
fn of_two_rival_rotations_the_decided_one_gives_grants() {
    let mut network = small();
    let next = crate::cast::next_controller(controller(LISBON));
    let (inception, last) = (network.inceptions[&LISBON], network.end(controller(LISBON)).expect("it wrote"));
    let first = network.write(next, network.rotate(next, inception, last));
    let grant = network.grant_by(next, first, spare(LISBON, 1), &[Role::Officer]);
    network.write(next, grant);
    let other = crate::cast::Page::saying(
        network.rotate(next, inception, last),
        &cohub_registry::Rotate { recovery: cohub_registry::recovery_hash(&key(spare(LISBON, 9))) },
    );
    let (second, verdict) = network.write_after(next, None, other);
    assert_eq!(verdict, Verdict::Valid);
    let roles = |network: &crate::Network| {
        let keys = hub(network, "hub-4").keys;
        keys.iter().any(|granted| granted.key == key(spare(LISBON, 1)))
    };
    assert!(!roles(&network), "two rivals: nobody decides yet");

    let question = |rotate| Question::Recover { hub: inception, rotate };
    let (motion, _) = network.resolve(question(first));
    assert!(roles(&network));
    assert_eq!(network.registry.motion(&motion).expect("shown").kind, "recover");
    // A later decision for the other rotation stands beside it, on the version before.
    let page = network.question(representative(VIENNA), question(second));
    let base = page.cites[4].clone();
    assert_eq!(base, network.registry.certificate(&motion).expect("final").1);
}

#[test]
fn drafts_under_an_amended_charter_follow_its_body() {
    let mut network = small();
    let amended =
        format!("{SMALL}\n[decisions]\nresolve = {{ body = \"assembly\", rule = \"unanimous\" }}\n");
    assert!(Charter::from_toml(&amended).is_ok());
    network.resolve(Question::Amend { charter: amended });
    let motion = network.ask(resolution("Together."));
    let view = network.registry.motion(&motion).expect("shown");
    assert_eq!((view.body, view.roll.len()), (Body::Assembly, 5));
    for hub in [VIENNA, AMSTERDAM, SAO_PAULO, ISTANBUL] {
        network.write(representative(hub), network.ballot(motion, Yes));
    }
    network.write(representative(LISBON), network.ballot(motion, No));
    network.close(motion);
    let page = network.due_return(motion, VIENNA, Enough::AllTellers).expect("closed by all");
    network.write(teller(VIENNA), page);
    network.bring_back_all_but(motion, VIENNA);
    assert_eq!(decided(&network, motion).0, Outcome::Rejected.as_str());
}
