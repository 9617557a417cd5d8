//! Clause 0, which holds for every kind: a body of its kind, the right groups of cites, possible
//! attachments, and nothing void to stand on.

use cohub_record::{Descriptor, Scope, Value};
use cohub_registry::{Choice, InterviewOutcome, Kind, Outcome, Recommendation, Role, Verdict, Votes};

use crate::cast::{
    Page, VIENNA, Who, attachment, controller, next_controller, representative, spare, teller,
};
use crate::scene::{ANKARA, BERLIN, DELHI, STRANGER, Scene};
use crate::void_and_harmless;

/// A valid page of each kind but `founding`.
fn good(scene: &Scene, kind: Kind) -> (Who, Page) {
    let Scene { network, ankara, .. } = scene;
    let vienna = representative(VIENNA);
    let adopted = Votes { yes: 4, ..Votes::default() };
    match kind {
        Kind::Founding => unreachable!("judged before there is a registry"),
        Kind::Inception => (controller(STRANGER), network.inception(STRANGER)),
        Kind::Rotate => {
            let last = network.end(controller(DELHI)).expect("it has written");
            let next = next_controller(controller(DELHI));
            (next, network.rotate(next, network.inceptions[&DELHI], last))
        }
        Kind::Grant => (controller(DELHI), network.grant(DELHI, spare(DELHI, 1), &[Role::Officer])),
        Kind::Sponsor => (vienna, network.sponsor(vienna, controller(STRANGER))),
        Kind::Application => (controller(ANKARA), network.application(ANKARA, ankara.sponsor)),
        Kind::Document => {
            let page = network.document(ankara.application, "plan", "better");
            (controller(ANKARA), page.citing(1, &scene.documents[..1]))
        }
        Kind::Review => {
            let page = network.review(vienna, ankara.application, "finance", Recommendation::More);
            (vienna, page.citing(3, &scene.documents).citing(4, &[scene.examination[0]]))
        }
        Kind::Interview => {
            let page = network.interview(vienna, ankara.application, InterviewOutcome::Postponed);
            (vienna, page.citing(3, &scene.documents))
        }
        Kind::Sign => (controller(DELHI), network.sign_admission(DELHI, &scene.admission)),
        Kind::Profile => (controller(DELHI), network.profile(DELHI, 2025, 7)),
        Kind::Motion => (vienna, network.advance(vienna, ankara.application, "candidate", 9)),
        Kind::Ballot => (vienna, network.ballot(scene.rival, Choice::Block)),
        Kind::Closing => (teller(VIENNA), network.closing(scene.rival, &scene.rival_ballots)),
        Kind::Handover => (teller(VIENNA), network.handover(&scene.succession)),
        Kind::Withdraw => (controller(ANKARA), network.withdrawal(ankara.application)),
        Kind::Share => {
            let page = network.share(scene.berlin_letter, vienna);
            (controller(BERLIN), page.citing(3, &[scene.berlin_review]))
        }
        Kind::Erase => (controller(ANKARA), network.erasure(scene.documents[0])),
        Kind::Return => {
            (teller(VIENNA), network.returned(scene.candidate, &scene.closings, Outcome::Adopted, adopted))
        }
    }
}

fn spoil(change: impl Fn(&Scene, Page) -> Option<Page>, name: &str) {
    let scene = Scene::set();
    for kind in Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Founding) {
        let mut scene = scene.clone();
        let (who, page) = good(&scene, kind);
        if let Some(page) = change(&scene, page) {
            void_and_harmless(&mut scene.network, who, &page, 0, &format!("{kind} with {name}"));
        }
    }
}

#[test]
fn a_good_record_of_every_kind_is_valid() {
    let scene = Scene::set();
    for kind in Kind::ALL.iter().copied().filter(|kind| *kind != Kind::Founding) {
        let mut scene = scene.clone();
        let (who, page) = good(&scene, kind);
        assert_eq!(scene.network.offer(who, page).1, Verdict::Valid, "{kind}");
    }
}

#[test]
fn a_body_of_another_kind_is_void() {
    let longer = |_: &Scene, mut page: Page| {
        let Value::Array(fields) = &mut page.body else { panic!("an array") };
        fields.push(Value::Integer(1));
        Some(page)
    };
    spoil(longer, "a field too many");
    let shorter = |_: &Scene, mut page: Page| {
        let Value::Array(fields) = &mut page.body else { panic!("an array") };
        fields.pop().map(|_| page)
    };
    spoil(shorter, "a field too few");
    let other = |_: &Scene, mut page: Page| {
        let Value::Array(fields) = &mut page.body else { panic!("an array") };
        *fields.first_mut()? = Value::Integer(-1);
        Some(page)
    };
    spoil(other, "a field of another type");
}

#[test]
fn other_groups_of_cites_are_void() {
    let more = |_: &Scene, mut page: Page| {
        page.cites.push(Vec::new());
        Some(page)
    };
    spoil(more, "a group of cites too many");
    let fewer = |_: &Scene, mut page: Page| page.cites.pop().map(|_| page);
    spoil(fewer, "a group of cites too few");
}

#[test]
fn to_stand_on_a_void_record_is_void_in_any_place() {
    for group in 0..6 {
        // Only what is erased may be a void record's.
        let holds = move |page: &Page| group < page.cites.len() && (group > 0 || page.kind != "erase");
        let also = move |scene: &Scene, page: Page| holds(&page).then(|| page.citing_also(group, scene.void));
        spoil(also, &format!("a void cite in group {group}"));
        let instead =
            move |scene: &Scene, page: Page| holds(&page).then(|| page.citing(group, &[scene.void]));
        spoil(instead, &format!("nothing but a void cite in group {group}"));
    }
}

#[test]
fn impossible_attachments_are_void() {
    let small = attachment("small");
    let recipient = Some(small.hash);
    let table = [
        ("too large", Descriptor { size_bytes: (512 << 20) + 1, ..small.clone() }),
        ("sealed to nobody", Descriptor { scope: Scope::Sealed, ..small.clone() }),
        ("public and sealed", Descriptor { scope: Scope::Public, sealed_to: recipient, ..small.clone() }),
        ("for members and sealed", Descriptor { sealed_to: recipient, ..small }),
    ];
    for (name, descriptor) in table {
        let attach = move |_: &Scene, page: Page| {
            let attachments = vec![attachment("good"), descriptor.clone()];
            Some(Page { attachments, ..page })
        };
        spoil(attach, &format!("an attachment that is {name}"));
    }
}
