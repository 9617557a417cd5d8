//! The rules of `motion` and `ballot`.

use cohub_record::{Id, List};
use cohub_registry::{Choice, Effect, Kind, Motion, Recommendation};

use crate::cast::{
    AMSTERDAM, Network, Newcomer, Page, SMALL, VIENNA, Who, charter, node, representative, slug, teller,
};
use crate::scene::{ANKARA, CLAIMANT, DELHI, LISBON, Scene};
use crate::{Row, row};

const SEATING: usize = 1;
const BASE: usize = 4;
const EVIDENCE: usize = 5;

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = headings();
    rows.extend(stages());
    rows.extend(evidence());
    rows.extend(ballots());
    rows
}

/// Vienna moves Ankara to a stage; what is wrong comes with it.
fn moved(scene: &Scene, stage: &str) -> Page {
    scene.network.advance(representative(VIENNA), scene.ankara.application, stage, 9)
}

/// A motion on a hub that takes up its claim.
fn claimed(scene: &mut Scene, stage: &str) -> Page {
    let newcomer = scene.network.take_up(CLAIMANT, VIENNA);
    scene.network.advance(representative(VIENNA), newcomer.application, stage, 9)
}

/// The same scene's cast in a network whose charter calls sponsoring a conflict of interest, and a newcomer in it.
fn in_conflict(scene: &mut Scene, sponsor: usize) -> Newcomer {
    scene.network = Network::found(5, 4, charter(&format!("conflicts = [\"sponsor\"]\n{SMALL}")));
    scene.network.welcome(ANKARA, sponsor)
}

fn by_vienna(page: Page) -> (Who, Page) {
    (representative(VIENNA), page)
}

fn headings() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 1, "by a node", |s| (node(VIENNA), moved(s, "candidate"))),
        row(kind, 1, "by another's grant", |s| {
            let grant = s.network.grant_of(representative(ANKARA));
            (representative(DELHI), moved(s, "candidate").citing(0, &[grant]))
        }),
        row(kind, 1, "without a grant", |s| by_vienna(moved(s, "candidate").citing(0, &[]))),
        row(kind, 2, "seated by nothing", |s| by_vienna(moved(s, "candidate").citing(SEATING, &[]))),
        row(kind, 2, "without a founder's inception", |s| {
            let mut page = moved(s, "candidate");
            page.cites[SEATING].pop();
            by_vienna(page)
        }),
        row(kind, 2, "with a founder's inception twice", |s| {
            let page = moved(s, "candidate");
            let again = page.cites[SEATING][1];
            by_vienna(page.citing_also(SEATING, again))
        }),
        row(kind, 2, "with the founding record in another place", |s| {
            let mut page = moved(s, "candidate");
            page.cites[SEATING].reverse();
            by_vienna(page)
        }),
        row(kind, 2, "with an inception of no founder", |s| {
            let elsewhere = s.network.inceptions[&DELHI];
            by_vienna(moved(s, "candidate").citing_also(SEATING, elsewhere))
        }),
        row(kind, 3, "with a handover", |s| by_vienna(moved(s, "candidate").citing(2, &[s.admission[0]]))),
        row(kind, 4, "without a charter", |s| by_vienna(moved(s, "candidate").citing(3, &[]))),
        row(kind, 4, "with another charter", |s| {
            let elsewhere = s.network.inceptions[&VIENNA];
            by_vienna(moved(s, "candidate").citing(3, &[elsewhere]))
        }),
        row(kind, 4, "with the charter twice", |s| {
            let founding = s.network.founding();
            by_vienna(moved(s, "candidate").citing_also(3, founding))
        }),
    ]
}

fn stages() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 5, "on another application's stage", |s| {
            by_vienna(moved(s, "candidate").citing(BASE, &s.berlin_eligible.clone()))
        }),
        row(kind, 5, "on too few returns", |s| {
            by_vienna(moved(s, "candidate").citing(BASE, &s.eligible[1..]))
        }),
        row(kind, 5, "on returns of two motions", |s| {
            let mixed = [s.eligible[0], s.eligible[1], s.berlin_eligible[2]];
            by_vienna(moved(s, "candidate").citing(BASE, &mixed))
        }),
        row(kind, 5, "on closings", |s| by_vienna(moved(s, "candidate").citing(BASE, &s.closings[..3]))),
        row(kind, 5, "on a stage that was rejected", |s| {
            let votes = [Choice::No; 4];
            let motion = s.network.write(representative(VIENNA), moved(s, "candidate"));
            s.network.decide(motion, &votes);
            let (_, rejected) = s.network.registry.certificate(&motion).expect("final");
            by_vienna(moved(s, "initiative").citing(BASE, &rejected))
        }),
        row(kind, 6, "to a stage that there is not", |s| by_vienna(moved(s, "honorary"))),
        row(kind, 6, "over a stage", |s| by_vienna(moved(s, "initiative"))),
        row(kind, 6, "to the second stage on no base", |s| {
            by_vienna(moved(s, "candidate").citing(BASE, &[]))
        }),
        row(kind, 6, "of a claim, to the first stage", |s| by_vienna(claimed(s, "eligible"))),
        row(kind, 6, "of a claim, to a stage between", |s| by_vienna(claimed(s, "candidate"))),
        row(kind, 6, "of a claim, beyond the last stage", |s| {
            let newcomer = s.network.take_up(CLAIMANT, VIENNA);
            s.network.adopt(newcomer, "initiative");
            by_vienna(s.network.advance(representative(VIENNA), newcomer.application, "eligible", 0))
        }),
        row(kind, 6, "of no claim, to the last stage on nothing", |s| {
            by_vienna(moved(s, "initiative").citing(BASE, &[]))
        }),
        row(kind, 6, "of a claim, which the evidence does not show", |s| {
            by_vienna(claimed(s, "initiative").citing(EVIDENCE, &[]))
        }),
        row(kind, 7, "of a claim, with another's document", |s| {
            by_vienna(claimed(s, "initiative").citing_also(EVIDENCE, s.documents[0]))
        }),
        row(kind, 7, "of no claim, with the application of a claim", |s| {
            let newcomer = s.network.take_up(CLAIMANT, VIENNA);
            let moved = moved(s, "initiative").citing(BASE, &[]);
            by_vienna(moved.citing(EVIDENCE, &[newcomer.application]))
        }),
        row(kind, 6, "back to the first stage", |s| {
            s.network.bring_back(s.candidate);
            by_vienna(moved(s, "eligible"))
        }),
        row(kind, 6, "to the same stage with the same date", |s| {
            let same = s.network.advance(representative(VIENNA), s.ankara.application, "eligible", 0);
            by_vienna(same)
        }),
    ]
}

/// The motion on Ankara's second stage without the piece of evidence in that place.
fn lacking(scene: &Scene, place: usize) -> (Who, Page) {
    let mut page = moved(scene, "candidate");
    page.cites[EVIDENCE].remove(place);
    by_vienna(page)
}

/// The motion with evidence changed as it says.
fn with_evidence(scene: &Scene, change: impl FnOnce(&mut Vec<Id>)) -> (Who, Page) {
    let mut page = moved(scene, "candidate");
    change(&mut page.cites[EVIDENCE]);
    by_vienna(page)
}

fn without(evidence: &mut Vec<Id>, id: Id) {
    let before = evidence.len();
    evidence.retain(|other| *other != id);
    assert_eq!(evidence.len() + 1, before);
}

fn evidence() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 7, "no evidence", |s| by_vienna(moved(s, "candidate").citing(EVIDENCE, &[]))),
        row(kind, 7, "no application", |s| lacking(s, 0)),
        row(kind, 7, "another application", |s| with_evidence(s, |e| e[0] = s.berlin.application)),
        row(kind, 7, "evidence for another application than the effect's", |s| {
            let effect =
                Effect::Advance { application: s.berlin.application, stage: slug("candidate"), open_by: 9 };
            let deadline = s.network.now;
            let page = moved(s, "candidate").citing(BASE, &s.berlin_eligible.clone());
            by_vienna(page.saying(&Motion { effect, deadline, roll: List::default() }))
        }),
        row(kind, 7, "the application twice", |s| {
            with_evidence(s, |evidence| evidence.push(s.ankara.application))
        }),
        row(kind, 7, "no plan", |s| with_evidence(s, |evidence| without(evidence, s.documents[0]))),
        row(kind, 7, "no budget", |s| with_evidence(s, |evidence| without(evidence, s.documents[1]))),
        row(kind, 7, "one review of two by the finance panel", |s| {
            with_evidence(s, |evidence| without(evidence, s.examination[0]))
        }),
        row(kind, 7, "no review by the space panel", |s| {
            with_evidence(s, |evidence| {
                without(evidence, s.examination[1]);
                without(evidence, s.examination[3]);
            })
        }),
        row(kind, 7, "two reviews of one panelist where two panelists are asked", |s| {
            let by = representative(VIENNA);
            let page = s.network.review(by, s.ankara.application, "finance", Recommendation::Decline);
            let second = s.network.write(by, page);
            with_evidence(s, |evidence| {
                without(evidence, s.examination[2]);
                assert!(evidence.contains(&second));
            })
        }),
        row(kind, 7, "a review that asks for more, a review that recuses", |s| {
            for said in [Recommendation::More, Recommendation::Recuse] {
                let by = representative(2);
                let page = s.network.review(by, s.ankara.application, "finance", said);
                s.network.write(by, page);
            }
            with_evidence(s, |evidence| without(evidence, s.examination[2]))
        }),
        row(kind, 7, "a review that its author took back", |s| {
            let by = representative(VIENNA);
            let page = s.network.review(by, s.ankara.application, "finance", Recommendation::Recuse);
            s.network.write(by, page);
            by_vienna(moved(s, "candidate"))
        }),
        row(kind, 7, "a review by the sponsor's panelist where the charter calls that a conflict", |s| {
            let newcomer = in_conflict(s, VIENNA);
            let motion = s.network.move_on(newcomer, "eligible");
            for seat in 1..4 {
                s.network.write(representative(seat), s.network.ballot(motion, Choice::Yes));
            }
            s.network.close(motion);
            s.network.bring_back(motion);
            s.network.hand_in(newcomer, &["plan", "budget"]);
            s.network.examine(newcomer, &["finance", "space"]);
            by_vienna(s.network.advance(representative(VIENNA), newcomer.application, "candidate", 9))
        }),
        row(kind, 7, "reviews that were never sealed, where the stage is blind", |s| {
            let blind = SMALL.replace("interview = true", "interview = true\nblind = \"1 day\"");
            s.network = Network::found(5, 4, charter(&blind));
            let newcomer = s.network.welcome(ANKARA, VIENNA);
            s.network.adopt(newcomer, "eligible");
            s.network.hand_in(newcomer, &["plan", "budget"]);
            s.network.examine(newcomer, &["finance", "space"]);
            by_vienna(s.network.advance(representative(VIENNA), newcomer.application, "candidate", 9))
        }),
        row(kind, 7, "no interview", |s| with_evidence(s, |evidence| without(evidence, s.examination[4]))),
        row(kind, 7, "another application's document too", |s| {
            with_evidence(s, |evidence| evidence.push(s.berlin_plan))
        }),
        row(kind, 7, "another application's review too", |s| {
            with_evidence(s, |evidence| evidence.push(s.berlin_review))
        }),
        row(kind, 7, "something else too", |s| with_evidence(s, |evidence| evidence.push(s.ankara.sponsor))),
        row(kind, 7, "a document twice", |s| with_evidence(s, |evidence| evidence.push(s.documents[0]))),
    ]
}

fn ballots() -> Vec<Row> {
    let kind = Kind::Ballot;
    vec![
        row(kind, 1, "by a founder without a seat", |s| {
            (representative(LISBON), s.network.ballot(s.rival, Choice::Yes))
        }),
        row(kind, 1, "by the applicant", |s| {
            (representative(ANKARA), s.network.ballot(s.rival, Choice::Yes))
        }),
        row(kind, 1, "by a seat's teller", |s| (teller(VIENNA), s.network.ballot(s.rival, Choice::Yes))),
        row(kind, 1, "on nothing", |s| by_vienna(s.network.ballot(s.rival, Choice::Yes).citing(0, &[]))),
        row(kind, 1, "on an application", |s| by_vienna(s.network.ballot(s.ankara.application, Choice::Yes))),
        row(kind, 1, "on two motions", |s| {
            by_vienna(s.network.ballot(s.rival, Choice::Yes).citing_also(0, s.candidate))
        }),
        row(kind, 2, "a block where the rule knows none", |s| {
            let by = representative(VIENNA);
            let page = s.network.advance(by, s.berlin.application, "eligible", 9);
            let extension = s.network.write(by, page);
            by_vienna(s.network.ballot(extension, Choice::Block))
        }),
        row(kind, 3, "a yes of the sponsor's hub where the charter calls that a conflict", |s| {
            let newcomer = in_conflict(s, AMSTERDAM);
            let motion = s.network.move_on(newcomer, "eligible");
            (representative(AMSTERDAM), s.network.ballot(motion, Choice::Yes))
        }),
    ]
}
