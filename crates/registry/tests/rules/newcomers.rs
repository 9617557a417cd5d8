//! The rules of `application`, `document`, `review`, `interview` and `sign`.

use cohub_record::{Hash, Id, List};
use cohub_registry::blind::commitment;
use cohub_registry::{InterviewOutcome, Kind, Recommendation, Review, Score};

use crate::cast::{
    AMSTERDAM, Page, VIENNA, Who, attachment, controller, next_controller, representative, slug, spare,
    teller,
};
use crate::scene::{ANKARA, BERLIN, DELHI, LISBON, Scene};
use crate::{Row, row};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = applications();
    rows.extend(documents());
    rows.extend(reviews());
    rows.extend(interviews());
    rows.extend(signatures());
    rows
}

fn applications() -> Vec<Row> {
    let kind = Kind::Application;
    vec![
        row(kind, 1, "by another hub", |s| {
            (controller(BERLIN), s.network.application(ANKARA, s.ankara.sponsor))
        }),
        row(kind, 1, "by a representative", |s| {
            (representative(ANKARA), s.network.application(ANKARA, s.ankara.sponsor))
        }),
        row(kind, 2, "on another hub's sponsor", |s| {
            (controller(ANKARA), s.network.application(ANKARA, s.berlin.sponsor))
        }),
        row(kind, 2, "on what is no sponsor", |s| {
            (controller(ANKARA), s.network.application(ANKARA, s.ankara.application))
        }),
        row(kind, 2, "on nothing", |s| {
            (controller(ANKARA), s.network.application(ANKARA, s.ankara.sponsor).citing(1, &[]))
        }),
        row(kind, 2, "on two sponsors", |s| {
            let page = s.network.application(ANKARA, s.ankara.sponsor);
            (controller(ANKARA), page.citing_also(1, s.berlin.sponsor))
        }),
        row(kind, 3, "by a claim that there is not", |s| {
            (controller(ANKARA), s.network.claiming(ANKARA, s.ankara.sponsor, "hub-99"))
        }),
        row(kind, 3, "by a founder's name", |s| {
            (controller(ANKARA), s.network.claiming(ANKARA, s.ankara.sponsor, "vienna"))
        }),
        row(kind, 3, "by another hub's claim", |s| {
            (controller(ANKARA), s.network.claiming(ANKARA, s.ankara.sponsor, "hub-9"))
        }),
    ]
}

fn plan(scene: &Scene) -> Page {
    scene.network.document(scene.ankara.application, "plan", "a second plan")
}

/// Has a hub rotate, and answers the rotate.
fn rotate(scene: &mut Scene, hub: usize) -> Id {
    let (old, new) = (controller(hub), next_controller(controller(hub)));
    let last = scene.network.end(old).expect("it has written");
    let page = scene.network.rotate(new, scene.network.inceptions[&hub], last);
    scene.network.write(new, page)
}

fn documents() -> Vec<Row> {
    let kind = Kind::Document;
    vec![
        row(kind, 1, "by another hub", |s| (controller(BERLIN), plan(s))),
        row(kind, 1, "by a representative", |s| (representative(ANKARA), plan(s))),
        row(kind, 1, "to no application", |s| (controller(ANKARA), plan(s).citing(0, &[]))),
        row(kind, 1, "to what is no application", |s| {
            (controller(ANKARA), plan(s).citing(0, &[s.ankara.sponsor]))
        }),
        row(kind, 1, "to two applications", |s| {
            (controller(ANKARA), plan(s).citing_also(0, s.berlin.application))
        }),
        row(kind, 1, "by the next controller, which does not say so", |s| {
            rotate(s, ANKARA);
            (next_controller(controller(ANKARA)), plan(s))
        }),
        row(kind, 1, "by another hub's next controller", |s| {
            let rotate = rotate(s, BERLIN);
            (next_controller(controller(BERLIN)), plan(s).citing_also(0, rotate))
        }),
        row(kind, 2, "without an attachment", |s| {
            (controller(ANKARA), Page { attachments: Vec::new(), ..plan(s) })
        }),
        row(kind, 2, "with two attachments", |s| {
            let attachments = vec![attachment("one"), attachment("two")];
            (controller(ANKARA), Page { attachments, ..plan(s) })
        }),
        row(kind, 3, "supersedes another type", |s| {
            (controller(ANKARA), plan(s).citing(1, &[s.documents[1]]))
        }),
        row(kind, 3, "supersedes another application's", |s| {
            (controller(ANKARA), plan(s).citing(1, &[s.berlin_plan]))
        }),
        row(kind, 3, "supersedes no document", |s| {
            (controller(ANKARA), plan(s).citing(1, &[s.examination[0]]))
        }),
        row(kind, 3, "supersedes two", |s| {
            (controller(ANKARA), plan(s).citing(1, &[s.documents[0], s.documents[0]]))
        }),
    ]
}

fn review(scene: &Scene, by: Who) -> Page {
    scene.network.review(by, scene.ankara.application, "finance", Recommendation::Accept)
}

fn reviews() -> Vec<Row> {
    let kind = Kind::Review;
    vec![
        row(kind, 1, "by a teller", |s| (teller(VIENNA), review(s, teller(VIENNA)))),
        row(kind, 1, "by another's grant", |s| (representative(DELHI), review(s, representative(ANKARA)))),
        row(kind, 1, "without a grant", |s| {
            (representative(VIENNA), review(s, representative(VIENNA)).citing(0, &[]))
        }),
        row(kind, 2, "by a founder's panelist without a panel", |s| {
            (representative(LISBON), review(s, representative(LISBON)))
        }),
        row(kind, 2, "by a panelist of later without a panel", |s| {
            let clerk = s.clerk();
            (clerk, review(s, clerk))
        }),
        row(kind, 2, "for a panel that there is not", |s| {
            let by = representative(VIENNA);
            let application = s.ankara.application;
            (by, s.network.review(by, application, "sports", Recommendation::Accept))
        }),
        row(kind, 2, "appointed by nothing", |s| {
            (representative(VIENNA), review(s, representative(VIENNA)).citing(1, &[]))
        }),
        row(kind, 2, "appointed by an inception", |s| {
            let elsewhere = s.network.inceptions[&VIENNA];
            (representative(VIENNA), review(s, representative(VIENNA)).citing(1, &[elsewhere]))
        }),
        row(kind, 3, "of no application", |s| {
            (representative(VIENNA), review(s, representative(VIENNA)).citing(2, &[]))
        }),
        row(kind, 3, "of a document instead of an application", |s| {
            (representative(VIENNA), review(s, representative(VIENNA)).citing(2, &[s.documents[0]]))
        }),
        row(kind, 3, "having read another application's document", |s| {
            (representative(VIENNA), review(s, representative(VIENNA)).citing(3, &[s.berlin_plan]))
        }),
        row(kind, 3, "having read a review as if it were a document", |s| {
            (representative(VIENNA), review(s, representative(VIENNA)).citing(3, &[s.examination[0]]))
        }),
        row(kind, 4, "summing up another application's review", |s| {
            (representative(VIENNA), review(s, representative(VIENNA)).citing(4, &[s.berlin_review]))
        }),
        row(kind, 4, "summing up another panel's review", |s| {
            (representative(VIENNA), review(s, representative(VIENNA)).citing(4, &[s.examination[1]]))
        }),
        row(kind, 4, "summing up a document", |s| {
            (representative(VIENNA), review(s, representative(VIENNA)).citing(4, &[s.documents[0]]))
        }),
        row(kind, 5, "sealed without a seal", |s| {
            let by = representative(VIENNA);
            (by, s.network.review(by, s.ankara.application, "finance", Recommendation::Sealed))
        }),
        row(kind, 5, "sealed with marks", |s| {
            let scores = List::new(vec![Score { criterion: slug("market"), points: 4 }]).expect("few marks");
            let (panel, recommendation) = (slug("finance"), Recommendation::Sealed);
            let marked = Review { panel, recommendation, scores, seal: Some(accepting(SECRET)) };
            (representative(VIENNA), sealed(s, accepting(SECRET)).saying(&marked))
        }),
        row(kind, 5, "sealed, summing up a review", |s| {
            let page = sealed(s, accepting(SECRET));
            (representative(VIENNA), page.citing(4, &[s.examination[0]]))
        }),
        row(kind, 5, "opening nothing", |s| (representative(VIENNA), opening(s, SECRET).citing(4, &[]))),
        row(kind, 5, "opening what was open", |s| {
            (representative(VIENNA), opening(s, SECRET).citing(4, &[s.examination[0]]))
        }),
        row(kind, 5, "opening what another sealed", |s| {
            let page = s.network.sealed_review(
                representative(AMSTERDAM),
                s.ankara.application,
                "finance",
                accepting(SECRET),
            );
            let others = s.network.write(representative(AMSTERDAM), page);
            (representative(VIENNA), opening(s, SECRET).citing(4, &[others]))
        }),
        row(kind, 5, "opening it with another secret", |s| (representative(VIENNA), opening(s, [8; 32]))),
        row(kind, 5, "opening it as another recommendation", |s| {
            let other = Review {
                panel: slug("finance"),
                recommendation: Recommendation::Decline,
                scores: List::default(),
                seal: Some(Hash::from_bytes(SECRET)),
            };
            (representative(VIENNA), opening(s, SECRET).saying(&other))
        }),
        row(kind, 5, "opening it with another text", |s| {
            (representative(VIENNA), Page { attachments: vec![attachment("new")], ..opening(s, SECRET) })
        }),
        row(kind, 5, "opening it after reading a document more", |s| {
            (representative(VIENNA), opening(s, SECRET).citing(3, &[s.documents[0]]))
        }),
    ]
}

const SECRET: [u8; 32] = [7; 32];

/// What commits to a yes of the panel on finance, without a text.
fn accepting(secret: [u8; 32]) -> Hash {
    let secret = Hash::from_bytes(secret);
    commitment(&secret, &slug("finance"), Recommendation::Accept, &List::default(), &[])
}

fn sealed(scene: &Scene, seal: Hash) -> Page {
    scene.network.sealed_review(representative(VIENNA), scene.ankara.application, "finance", seal)
}

/// Vienna seals a yes, and opens it with such a secret.
fn opening(scene: &mut Scene, secret: [u8; 32]) -> Page {
    let by = representative(VIENNA);
    let page = sealed(scene, accepting(SECRET));
    let sealed = scene.network.write(by, page);
    let said = (Recommendation::Accept, Hash::from_bytes(secret));
    scene.network.opening(by, (scene.ankara.application, sealed), "finance", said)
}

fn interview(scene: &Scene, by: Who) -> Page {
    scene.network.interview(by, scene.ankara.application, InterviewOutcome::Favourable)
}

fn interviews() -> Vec<Row> {
    let kind = Kind::Interview;
    vec![
        row(kind, 1, "by a founder without panel and seat", |s| {
            (representative(LISBON), interview(s, representative(LISBON)))
        }),
        row(kind, 1, "by a seat's teller", |s| (teller(VIENNA), interview(s, teller(VIENNA)))),
        row(kind, 1, "by another's grant", |s| (representative(DELHI), interview(s, representative(ANKARA)))),
        row(kind, 1, "seated by nothing", |s| {
            (representative(VIENNA), interview(s, representative(VIENNA)).citing(1, &[]))
        }),
        row(kind, 2, "of no application", |s| {
            (representative(VIENNA), interview(s, representative(VIENNA)).citing(2, &[s.documents[0]]))
        }),
        row(kind, 2, "having read another application's document", |s| {
            (representative(VIENNA), interview(s, representative(VIENNA)).citing(3, &[s.berlin_plan]))
        }),
    ]
}

/// Berlin signs its own first stage, as if that were its admission.
fn signatures() -> Vec<Row> {
    let kind = Kind::Sign;
    vec![
        row(kind, 1, "a stage that is no admission", |s| {
            (controller(BERLIN), s.network.sign_admission(BERLIN, &s.berlin_eligible))
        }),
        row(kind, 1, "too few returns", |s| {
            (controller(DELHI), s.network.sign_admission(DELHI, &s.admission[1..]))
        }),
        row(kind, 1, "more returns than a certificate has", |s| {
            let motion = motion_of(s, s.admission[0]);
            let every: Vec<Id> = returns_of(s, motion);
            assert_eq!(every.len(), 4);
            (controller(DELHI), s.network.sign_admission(DELHI, &every))
        }),
        row(kind, 1, "nothing", |s| (controller(DELHI), s.network.sign_admission(DELHI, &[]))),
        row(kind, 1, "closings", |s| (representative(VIENNA), s.network.sign_as_seat(&s.closings[..3]))),
        row(kind, 1, "the manifesto of an inception", |s| {
            let elsewhere = s.network.inceptions[&DELHI];
            (controller(DELHI), s.network.sign_manifesto(DELHI).citing(0, &[elsewhere]))
        }),
        row(kind, 1, "the manifesto of nothing", |s| {
            (controller(DELHI), s.network.sign_manifesto(DELHI).citing(0, &[]))
        }),
        row(kind, 2, "another hub's admission", |s| {
            (controller(BERLIN), s.network.sign_admission(BERLIN, &s.admission))
        }),
        row(kind, 2, "an admission for a hub that it does not control", |s| {
            (representative(VIENNA), s.network.sign_admission(DELHI, &s.admission))
        }),
        row(kind, 2, "an admission as a seat, without one", |s| {
            (representative(LISBON), s.network.sign_as_seat(&s.admission))
        }),
        row(kind, 2, "an admission as a seat, with the teller's key", |s| {
            (teller(VIENNA), s.network.sign_as_seat(&s.admission))
        }),
        row(kind, 2, "an admission, standing by nothing", |s| {
            (controller(DELHI), s.network.sign_admission(DELHI, &s.admission).citing(1, &[]))
        }),
        row(kind, 2, "the manifesto for another hub", |s| {
            (controller(BERLIN), s.network.sign_manifesto(DELHI))
        }),
        row(kind, 2, "the manifesto by a representative", |s| {
            (spare(DELHI, 2), s.network.sign_manifesto(DELHI))
        }),
    ]
}

fn motion_of(scene: &Scene, returned: Id) -> Id {
    let record = scene.network.records.iter().find(|record| record.id() == returned).expect("written");
    record.header().cites[0][0]
}

fn returns_of(scene: &Scene, motion: Id) -> Vec<Id> {
    let returns = scene.network.records.iter().filter(|record| record.header().kind == "return");
    returns.filter(|record| record.header().cites[0][0] == motion).map(cohub_record::Record::id).collect()
}
