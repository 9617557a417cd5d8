//! Who may read what is sealed, and who no more.

use cohub_record::{Id, PublicKey};
use cohub_registry::certificate::verify;
use cohub_registry::{Choice, Intent, Outcome, Recommendation, Registry, Role, Wrapped};

use crate::cast::{
    AMSTERDAM, Network, Newcomer, SAO_PAULO, VIENNA, Who, controller, key, representative, spare,
};
use crate::{ANKARA, small};

const LISBON: usize = 4;

/// Ankara's plan, sealed and shared with Vienna.
fn sealed(network: &mut Network) -> (Newcomer, Id, Id) {
    let ankara = network.welcome(ANKARA, VIENNA);
    let plan = network.write(controller(ANKARA), network.sealed_document(ankara.application, "plan", "ours"));
    let share = network.write(controller(ANKARA), network.share(plan, representative(VIENNA)));
    (ankara, plan, share)
}

fn readers(network: &Network, record: Id) -> Vec<PublicKey> {
    let view = network.registry.view();
    let mut documents = view.applications.iter().flat_map(|one| &one.documents);
    let document = documents.find(|one| one.id == record).expect("shown");
    document.readers.iter().map(|reader| reader.key).collect()
}

fn sorted(mut keys: Vec<PublicKey>) -> Vec<PublicKey> {
    keys.sort_unstable();
    keys
}

/// What a key is told that wants to share with another, or the kind that it would write.
fn drafted(network: &Network, by: Who, record: Id, reader: Who) -> Result<String, String> {
    let attachment = network.registry.attachments(&record)[0].descriptor.hash;
    let wrapped = Wrapped::try_from(vec![1; 300]).expect("bytes");
    let intent = Intent::Share { record, attachment, reader: key(reader), wrapped };
    let contents = network.registry.draft(&key(by), &intent);
    contents.map(|contents| contents.kind.to_string()).map_err(|error| error.to_string())
}

#[test]
fn whoever_reads_lets_others_read_and_the_order_of_arrival_shows_nowhere() {
    let mut network = small();
    let (_, plan, share) = sealed(&mut network);
    let [vienna, amsterdam, sao_paulo] = [VIENNA, AMSTERDAM, SAO_PAULO].map(representative);
    assert_eq!(readers(&network, plan), [key(vienna)]);
    assert!(drafted(&network, amsterdam, plan, sao_paulo).expect_err("it does not read").contains("share 3"));
    assert!(drafted(&network, vienna, plan, vienna).expect_err("it does").contains("already"));
    assert_eq!(drafted(&network, vienna, plan, amsterdam), Ok("share".to_owned()));
    let page = network.share(plan, amsterdam).citing(2, &[share]);
    let second = network.write(vienna, page);
    let page = network.share(plan, sao_paulo).citing(2, &[second]);
    network.write(amsterdam, page);
    assert_eq!(readers(&network, plan), sorted(vec![key(vienna), key(amsterdam), key(sao_paulo)]));
    let sealing = network.registry.sealing(&plan).expect("it is sealed");
    assert_eq!((sealing.author, sealing.shares.len()), (key(controller(ANKARA)), 3));
    assert!(network.registry.attachments(&plan)[0].readers.len() == 3, "their nodes may fetch it");

    let mut backwards = Registry::found(&network.records[0]).expect("a founding record");
    let mut left: Vec<_> = network.records[1..].iter().rev().collect();
    while !left.is_empty() {
        left.retain(|record| backwards.insert(record).is_err());
    }
    assert_eq!(backwards.head(), network.registry.head());
    assert_eq!(backwards.sealing(&plan), Some(sealing));
}

#[test]
fn who_recuses_keeps_what_it_read_and_gets_no_later_version() {
    let mut network = small();
    let (ankara, plan, _) = sealed(&mut network);
    let [vienna, amsterdam] = [VIENNA, AMSTERDAM].map(representative);
    let review = network.review(vienna, ankara.application, "finance", Recommendation::Recuse);
    network.write(vienna, review);
    let page = network.sealed_document(ankara.application, "plan", "ours, corrected").citing(1, &[plan]);
    let second = network.write(controller(ANKARA), page);
    let refused = drafted(&network, controller(ANKARA), second, vienna).expect_err("it recused");
    assert!(refused.contains("share 4") && refused.contains("no later versions"), "{refused}");
    assert_eq!(drafted(&network, controller(ANKARA), second, amsterdam), Ok("share".to_owned()));
    assert_eq!(readers(&network, plan), [key(vienna)], "what it read it has read");
    assert!(readers(&network, second).is_empty());
    // Whoever finds that it has no conflict after all may read again.
    let review = network.review(vienna, ankara.application, "finance", Recommendation::Accept);
    network.write(vienna, review);
    assert_eq!(drafted(&network, controller(ANKARA), second, vienna), Ok("share".to_owned()));
}

#[test]
fn who_recuses_in_a_vote_gets_no_later_version() {
    let mut network = small();
    let ankara = network.welcome(ANKARA, VIENNA);
    network.hand_in(ankara, &["plan"]);
    let page = network.sealed_document(ankara.application, "budget", "ours");
    let budget = network.write(controller(ANKARA), page);
    let motion = network.move_on(ankara, "eligible");
    network.vote(motion, &[Choice::Recuse, Choice::Yes, Choice::Yes, Choice::Yes]);
    let [vienna, amsterdam] = [VIENNA, AMSTERDAM].map(representative);
    assert!(drafted(&network, controller(ANKARA), budget, vienna).is_err());
    assert_eq!(drafted(&network, controller(ANKARA), budget, amsterdam), Ok("share".to_owned()));
}

#[test]
fn machines_and_strangers_are_no_readers_and_what_is_erased_has_none() {
    let mut network = small();
    let (_, plan, _) = sealed(&mut network);
    let by = controller(ANKARA);
    for nobody in [controller(VIENNA), crate::cast::teller(VIENNA), spare(LISBON, 7)] {
        assert!(drafted(&network, by, plan, nobody).expect_err("no person").contains("cannot read"));
    }
    network.give(LISBON, spare(LISBON, 7), &[Role::Panelist]);
    assert_eq!(drafted(&network, by, plan, spare(LISBON, 7)), Ok("share".to_owned()));
    network.write(by, network.erasure(plan));
    let hash = network.registry.attachments(&plan)[0].descriptor.hash;
    assert!(network.registry.erased(&hash).is_some(), "the ciphertext goes like anything else");
    assert!(drafted(&network, by, plan, spare(LISBON, 7)).expect_err("it is gone").contains("erased"));
}

#[test]
fn shares_beyond_the_end_of_their_log_do_not_count() {
    let mut network = small();
    let (_, plan, share) = sealed(&mut network);
    let clerk = spare(LISBON, 1);
    network.give(LISBON, clerk, &[Role::Panelist]);
    let page = network.share(plan, clerk).citing(2, &[share]);
    let second = network.write(representative(VIENNA), page);
    let page = network.share(plan, representative(AMSTERDAM)).citing(2, &[second]);
    network.write(clerk, page);
    assert_eq!(readers(&network, plan).len(), 3);
    network.write(controller(LISBON), network.revocation(LISBON, clerk, None));
    assert_eq!(readers(&network, plan), sorted(vec![key(representative(VIENNA)), key(clerk)]));
    assert!(drafted(&network, controller(ANKARA), plan, clerk).is_err(), "its roles are gone");
}

#[test]
fn a_decision_on_what_is_sealed_is_proved_without_it() {
    let mut network = small();
    let (ankara, plan, _) = sealed(&mut network);
    network.write(controller(ANKARA), network.document(ankara.application, "budget", "open"));
    network.adopt(ankara, "eligible");
    network.examine(ankara, &["finance", "space"]);
    let motion = network.move_on(ankara, "candidate");
    let (outcome, _) = network.decide(motion, &[Choice::Yes; 4]);
    assert_eq!(outcome, Outcome::Adopted);
    let mut read = |_: &_, place: cohub_record::Place| {
        network.records.iter().find(|record| record.id() == place.id).map(|record| record.bytes().to_vec())
    };
    let bytes = network.registry.export(&motion, &mut read).expect("a certificate");
    let proof = verify(&bytes, Some(network.founding())).expect("it holds");
    assert_eq!(proof.motion, motion);
    let holds = |needle: &Id| bytes.windows(32).any(|window| window == needle.as_bytes());
    assert!(holds(&plan), "the certificate names the sealed plan");
}
