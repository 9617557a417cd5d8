//! Blind reviews: sealed, opened once all are in or their time is over, and counted only then.

use cohub_record::{Hash, Id, List};
use cohub_registry::blind::commitment;
use cohub_registry::{Intent, Recommendation, ReviewView, Verdict};

use crate::ANKARA;
use crate::cast::{
    AMSTERDAM, Network, Newcomer, Page, SAO_PAULO, SMALL, VIENNA, Who, charter, key, representative, slug,
};

const DAY_MS: u64 = 86_400_000;
const SECRET: Hash = Hash::from_bytes([7; 32]);

/// Ankara has all that its second stage takes but reviews, and these are blind: two by finance, one by space.
fn at_the_panels() -> (Network, Newcomer) {
    let text = SMALL.replace("interview = true", "interview = true\nblind = \"1 day\"");
    let mut network = Network::found(5, 4, charter(&text));
    let ankara = network.welcome(ANKARA, VIENNA);
    network.adopt(ankara, "eligible");
    network.hand_in(ankara, &["plan", "budget"]);
    let by = representative(VIENNA);
    let page = network.interview(by, ankara.application, cohub_registry::InterviewOutcome::Favourable);
    network.write(by, page);
    (network, ankara)
}

fn seal_of(panel: &str, said: Recommendation) -> Hash {
    commitment(&SECRET, &slug(panel), said, &List::default(), &[])
}

/// Seals a review as somebody's node would draft it.
fn seal(network: &mut Network, by: Who, of: Newcomer, panel: &str, said: Recommendation) -> Id {
    let intent = Intent::Seal { application: of.application, panel: slug(panel), seal: seal_of(panel, said) };
    let page = Page::from(network.registry.draft(&key(by), &intent).expect("may be said"));
    network.write(by, page)
}

fn opening(sealed: Id, recommendation: Recommendation) -> Intent {
    Intent::Open { review: sealed, recommendation, scores: List::default(), secret: SECRET }
}

fn open(network: &mut Network, by: Who, sealed: Id, said: Recommendation) -> Id {
    let page = Page::from(network.registry.draft(&key(by), &opening(sealed, said)).expect("may be opened"));
    network.write(by, page)
}

fn review(network: &Network, id: Id) -> ReviewView {
    let view = network.registry.view();
    view.applications[0].reviews.iter().find(|review| review.id == id).expect("shown").clone()
}

fn missing(network: &Network) -> Vec<String> {
    network.registry.view().applications[0].next.clone().expect("a next stage").missing
}

fn due(network: &Network, by: Who, now_ms: u64) -> Vec<String> {
    let items = network.registry.agenda(&key(by), now_ms).due;
    items.into_iter().filter(|item| item.kind == "review").map(|item| item.command).collect()
}

#[test]
fn what_is_sealed_counts_once_it_is_opened() {
    let (mut network, ankara) = at_the_panels();
    let [vienna, amsterdam] = [VIENNA, AMSTERDAM].map(representative);
    let first = seal(&mut network, vienna, ankara, "finance", Recommendation::Accept);
    let shown = review(&network, first);
    assert_eq!((shown.recommendation, shown.scores.len()), (Recommendation::Sealed, 0));
    // One of two: it is opened when the day is over.
    let at = shown.at;
    assert_eq!(shown.opens_from, Some(at + DAY_MS));
    let command = format!("cohub review open {first}");
    assert!(!due(&network, vienna, at + DAY_MS - 1).contains(&command));
    assert!(due(&network, vienna, at + DAY_MS).contains(&command));
    let second = seal(&mut network, amsterdam, ankara, "finance", Recommendation::Decline);
    assert!(
        missing(&network)[0].starts_with("0 of 2 reviews by the panel finance"),
        "sealed ones do not count"
    );
    // Both are in: nobody waits any longer, for this panel.
    assert_eq!([first, second].map(|id| review(&network, id).opens_from), [Some(0); 2]);
    assert!(due(&network, vienna, 0).contains(&command));
    let space = seal(&mut network, representative(SAO_PAULO), ankara, "space", Recommendation::Accept);
    assert_eq!(review(&network, space).opens_from, Some(0), "one is all that is asked of this panel");

    let opened = open(&mut network, vienna, first, Recommendation::Accept);
    assert_eq!((review(&network, opened).opens, review(&network, first).opens_from), (Some(first), None));
    assert!(!due(&network, vienna, 0).contains(&command), "it is opened");
    assert!(network.registry.draft(&key(vienna), &opening(first, Recommendation::Accept)).is_err(), "once");
    assert!(missing(&network)[0].starts_with("1 of 2 reviews by the panel finance"));
    open(&mut network, amsterdam, second, Recommendation::Decline);
    open(&mut network, representative(SAO_PAULO), space, Recommendation::Accept);
    assert_eq!(missing(&network), Vec::<String>::new());
    let motion = network.move_on(ankara, "candidate");
    assert_eq!(network.verdict(&motion), Verdict::Valid);
}

#[test]
fn an_opening_shows_what_had_been_sealed_before_and_can_say_nothing_else() {
    let (mut network, ankara) = at_the_panels();
    let [vienna, amsterdam] = [VIENNA, AMSTERDAM].map(representative);
    let first = seal(&mut network, vienna, ankara, "finance", Recommendation::Decline);
    let second = seal(&mut network, amsterdam, ankara, "finance", Recommendation::Accept);
    let drafted = network.registry.draft(&key(vienna), &opening(first, Recommendation::Decline));
    assert_eq!(drafted.expect("may be opened").cites[4], [first, second]);
    let another = network.registry.draft(&key(vienna), &opening(first, Recommendation::Accept));
    let record = network.draw(vienna, Page::from(another.expect("a draft reads no seal")));
    let verdict = network.registry.check(&record);
    crate::breaks(&verdict, 5);
    let others = network.registry.draft(&key(amsterdam), &opening(first, Recommendation::Decline));
    assert!(others.is_err(), "nobody opens what another sealed");
}

#[test]
fn in_a_blind_stage_an_open_review_is_refused_but_a_question_and_a_recusal_are_not() {
    let (network, ankara) = at_the_panels();
    let draft = |recommendation| {
        let (application, panel, scores) = (ankara.application, slug("finance"), List::default());
        let intent = Intent::Review { application, panel, recommendation, scores };
        network.registry.draft(&key(representative(VIENNA)), &intent)
    };
    for said in [Recommendation::Accept, Recommendation::Decline, Recommendation::Sealed] {
        let refused = draft(said).expect_err("it is blind");
        assert!(refused.0.contains("cohub review add"), "{refused}");
    }
    for said in [Recommendation::More, Recommendation::Recuse] {
        assert!(draft(said).is_ok(), "{said}");
    }
}
