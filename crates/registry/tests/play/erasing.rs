//! What is erased, by whom, and what comes of it: nothing that proves anything.

use cohub_record::{Hash, Id, List};
use cohub_registry::certificate::verify;
use cohub_registry::{Choice, Kind, Outcome, Question, Registry, Role, Verdict};

use crate::cast::{AMSTERDAM, Network, Newcomer, Page, VIENNA, controller, representative, spare};
use crate::{ANKARA, BERLIN, breaks, small};

fn hash_of(network: &Network, record: Id) -> Hash {
    network.registry.attachments(&record)[0].descriptor.hash
}

/// Ankara hands in two documents and is rejected.
fn rejected(network: &mut Network) -> (Newcomer, Vec<Id>, Id) {
    let ankara = network.welcome(ANKARA, VIENNA);
    network.adopt(ankara, "eligible");
    let documents = network.hand_in(ankara, &["plan", "budget"]);
    network.examine(ankara, &["finance", "space"]);
    let motion = network.move_on(ankara, "candidate");
    let (outcome, _) = network.decide(motion, &[Choice::Block; 4]);
    assert_eq!(outcome, Outcome::Rejected);
    (ankara, documents, motion)
}

fn status(network: &Network, newcomer: Newcomer) -> String {
    let view = network.registry.view();
    view.applications.into_iter().find(|a| a.id == newcomer.application).expect("shown").status
}

/// Whether the certificate of a motion verifies by itself.
fn proves(network: &Network, motion: Id) -> bool {
    let mut read = |_: &_, place: cohub_record::Place| {
        network.records.iter().find(|record| record.id() == place.id).map(|record| record.bytes().to_vec())
    };
    let bytes = network.registry.export(&motion, &mut read).expect("a certificate");
    verify(&bytes, Some(network.founding())).is_ok_and(|proof| proof.motion == motion)
}

#[test]
fn a_rejected_applicant_erases_its_documents_and_the_proof_still_holds() {
    let mut network = small();
    let (ankara, documents, motion) = rejected(&mut network);
    let before = network.registry.motion(&motion).expect("shown");
    for record in &documents {
        let hash = hash_of(&network, *record);
        assert_eq!(network.registry.erased(&hash), None);
        let erasure = network.write(controller(ANKARA), network.erasure(*record));
        let erased = network.registry.erased(&hash).expect("erased");
        assert_eq!((erased.record, erased.motion), (erasure, None));
    }
    let view = network.registry.view();
    let shown = view.applications.iter().find(|a| a.id == ankara.application).expect("shown");
    assert!(shown.documents.iter().all(|document| document.erased.is_some()), "the trace is seen");
    assert_eq!(status(&network, ankara), "rejected");
    assert_eq!(network.registry.motion(&motion), Some(before), "nothing of the decision changed");
    assert!(proves(&network, motion));
    // In any order the same is erased.
    let mut backwards = Registry::found(&network.records[0]).expect("a founding record");
    let mut left: Vec<_> = network.records[1..].iter().rev().collect();
    while !left.is_empty() {
        left.retain(|record| backwards.insert(record).is_err());
    }
    assert_eq!(backwards.head(), network.registry.head());
    assert_eq!(backwards.erased_attachments().count(), 2);
}

#[test]
fn a_hub_s_controller_erases_what_its_people_attached() {
    let mut network = small();
    let by = spare(VIENNA, 1);
    network.give(VIENNA, by, &[Role::Representative]);
    let page = network.sponsor(by, controller(BERLIN));
    let attachments = vec![crate::cast::attachment("a letter")];
    let letter = network.write(by, Page { attachments, ..page });
    let inception = network.inceptions[&VIENNA];
    let page = network.erasure(letter).citing(1, &[inception]);
    network.write(controller(VIENNA), page);
    assert!(network.registry.erased(&hash_of(&network, letter)).is_some());
}

#[test]
fn a_seat_erases_what_a_resolution_names_whoever_describes_it() {
    let mut network = small();
    let (_, documents, _) = rejected(&mut network);
    let erasing = List::new(vec![documents[0]]).expect("one");
    let text = "Ankara's plan names people who never agreed.".parse().expect("a text");
    let (motion, certificate) = network.resolve(Question::Resolve { text, erasing });
    let question = network.registry.motion(&motion).expect("shown").question;
    assert!(question.contains(&documents[0].to_string()), "voters see what is erased: {question}");
    let hash = hash_of(&network, documents[0]);
    assert_eq!(network.registry.erased(&hash), None, "deciding is not doing");
    let page = network.erasure(documents[0]).citing(1, &certificate);
    network.write(representative(AMSTERDAM), page);
    assert_eq!(network.registry.erased(&hash).expect("erased").motion, Some(motion));
    // Another applicant hands the same bytes in as its own: they stay erased.
    let berlin = network.welcome(BERLIN, VIENNA);
    let attachments = network.registry.attachments(&documents[0]);
    let page = network.document(berlin.application, "plan", "another");
    let page = Page { attachments: vec![attachments[0].descriptor.clone()], ..page };
    network.write(controller(BERLIN), page);
    assert!(network.registry.erased(&hash).is_some());
}

/// Whoever sees a record knows the hashes in it, and could describe them as its own: to keep what another erases, or
/// to erase what another keeps.
#[test]
fn describing_another_s_attachment_neither_keeps_nor_erases_it() {
    let mut network = small();
    let (ankara, documents, motion) = rejected(&mut network);
    let descriptor = network.registry.attachments(&documents[0])[0].descriptor.clone();
    let hash = descriptor.hash;
    // Amsterdam describes it in a ballot's place, a sponsorship, and erases that.
    let by = representative(AMSTERDAM);
    let page = network.sponsor(by, controller(BERLIN));
    let copied = network.write(by, Page { attachments: vec![descriptor.clone()], ..page });
    network.write(by, network.erasure(copied));
    assert_eq!(network.registry.erased(&hash), None, "a ballot's weight takes no document");
    // Nor does it keep the document, whose applicant erases it.
    network.write(controller(ANKARA), network.erasure(documents[0]));
    assert!(network.registry.erased(&hash).is_some(), "nor keeps it");
    assert_eq!((status(&network, ankara).as_str(), proves(&network, motion)), ("rejected", true));
}

#[test]
fn of_two_applicants_that_describe_the_same_file_both_have_to_erase_it() {
    let mut network = small();
    let (_, documents, _) = rejected(&mut network);
    let descriptor = network.registry.attachments(&documents[0])[0].descriptor.clone();
    let berlin = network.welcome(BERLIN, VIENNA);
    let page = network.document(berlin.application, "plan", "another");
    let page = Page { attachments: vec![descriptor.clone()], ..page };
    let copied = network.write(controller(BERLIN), page);
    network.write(controller(BERLIN), network.erasure(copied));
    assert_eq!(network.registry.erased(&descriptor.hash), None, "a copy's erasure leaves the first");
    network.write(controller(ANKARA), network.erasure(documents[0]));
    assert!(network.registry.erased(&descriptor.hash).is_some());
}

#[test]
fn what_a_void_record_attached_can_be_erased() {
    let mut network = small();
    let ankara = network.welcome(ANKARA, VIENNA);
    let by = representative(VIENNA);
    let page = network.ballot(ankara.application, Choice::Yes);
    let attachments = vec![crate::cast::attachment("a reason")];
    let (void, verdict) = network.offer(by, Page { attachments, ..page });
    breaks(&verdict, 1);
    let (erasure, verdict) = network.offer(by, network.erasure(void));
    assert_eq!(verdict, Verdict::Valid);
    let hash = hash_of(&network, void);
    assert_eq!(network.registry.erased(&hash).expect("erased").record, erasure);
    assert_eq!(network.registry.ids_of(Kind::Erase), [erasure]);
}

#[test]
fn a_thief_s_erasure_behind_the_cut_has_no_effect() {
    let mut network = small();
    let (_, documents, _) = rejected(&mut network);
    let last = network.end(controller(ANKARA)).expect("it has written");
    network.write(controller(ANKARA), network.erasure(documents[0]));
    let hash = hash_of(&network, documents[0]);
    assert!(network.registry.erased(&hash).is_some());
    let next = crate::cast::next_controller(controller(ANKARA));
    let page = network.rotate(next, network.inceptions[&ANKARA], last);
    let rotate = network.write(next, page);
    assert_eq!(network.registry.erased(&hash), None);
    // The hub itself erases by its next controller.
    let page = network.erasure(documents[0]).citing(1, &[rotate]);
    network.write(next, page);
    assert!(network.registry.erased(&hash).is_some());
}
