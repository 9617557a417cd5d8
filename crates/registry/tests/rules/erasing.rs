//! The rules of `erase`.

use cohub_record::{Id, List};
use cohub_registry::{Erase, Kind, Question, Role};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Page, VIENNA, Who, attachment, controller, next_controller, representative, spare,
};
use crate::scene::{ANKARA, BERLIN, LISBON, Scene};
use crate::{Row, row};

/// Ankara erases its plan.
fn erasure(scene: &Scene) -> Page {
    scene.network.erasure(scene.documents[0])
}

fn naming(scene: &Scene, contents: &[&str]) -> Page {
    let hashes = contents.iter().map(|content| attachment(content).hash).collect();
    erasure(scene).saying(&Erase { attachments: List::new(hashes).expect("few") })
}

/// A review with a text, by a key that Lisbon grants.
fn attached_by(scene: &mut Scene, who: Who, hub: usize) -> Id {
    scene.network.give(hub, who, &[Role::Representative]);
    let page = scene.network.sponsor(who, controller(98));
    scene.network.write(who, Page { attachments: vec![attachment("a letter")], ..page })
}

/// The certificate of a resolution about these records.
fn resolved(scene: &mut Scene, records: &[Id]) -> Vec<Id> {
    scene.network.succeed(scene.next.clone());
    let erasing = List::new(records.to_vec()).expect("few");
    let question = Question::Resolve { text: "It goes.".parse().expect("a text"), erasing };
    scene.network.resolve(question).1
}

pub(crate) fn rows() -> Vec<Row> {
    let kind = Kind::Erase;
    vec![
        row(kind, 1, "of no record", |s| (controller(ANKARA), erasure(s).citing(0, &[]))),
        row(kind, 1, "of two records", |s| (controller(ANKARA), erasure(s).citing_also(0, s.documents[1]))),
        row(kind, 1, "of nothing", |s| (controller(ANKARA), naming(s, &[]))),
        row(kind, 1, "of what another record attached", |s| {
            (controller(ANKARA), erasure(s).citing(0, &[s.documents[1]]))
        }),
        row(kind, 1, "of what nobody attached", |s| (controller(ANKARA), naming(s, &["nothing"]))),
        row(kind, 1, "of one attachment twice", |s| {
            let hash = s.network.registry.attachments(&s.documents[0])[0].descriptor.hash;
            let twice = Erase { attachments: List::new(vec![hash, hash]).expect("two") };
            (controller(ANKARA), erasure(s).saying(&twice))
        }),
        row(kind, 2, "by another applicant", |s| (controller(BERLIN), erasure(s))),
        row(kind, 2, "by a seat, with no decision", |s| (representative(VIENNA), erasure(s))),
        row(kind, 2, "by another hub's controller, which says so", |s| {
            let inception = s.network.inceptions[&LISBON];
            (controller(LISBON), erasure(s).citing(1, &[inception]))
        }),
        row(kind, 2, "by the next controller, which does not say so", |s| {
            let last = s.network.end(controller(ANKARA)).expect("it has written");
            let next = next_controller(controller(ANKARA));
            let page = s.network.rotate(next, s.network.inceptions[&ANKARA], last);
            s.network.write(next, page);
            (next, erasure(s))
        }),
        row(kind, 2, "by another's inception", |s| {
            let inception = s.network.inceptions[&ANKARA];
            (controller(BERLIN), erasure(s).citing(1, &[inception]))
        }),
        row(kind, 2, "of what another hub's person attached", |s| {
            let letter = attached_by(s, spare(LISBON, 3), LISBON);
            let inception = s.network.inceptions[&VIENNA];
            (controller(VIENNA), s.network.erasure(letter).citing(1, &[inception]))
        }),
        row(kind, 3, "on a decision about another record", |s| {
            let certificate = resolved(s, &[s.documents[1]]);
            (representative(VIENNA), erasure(s).citing(1, &certificate))
        }),
        row(kind, 3, "on a decision about nothing", |s| {
            let certificate = resolved(s, &[]);
            (representative(VIENNA), erasure(s).citing(1, &certificate))
        }),
        row(kind, 3, "on another kind of decision", |s| {
            let certificate = s.eligible.clone();
            (representative(VIENNA), erasure(s).citing(1, &certificate))
        }),
        row(kind, 3, "on a return too few", |s| {
            let certificate = resolved(s, &[s.documents[0]]);
            (representative(VIENNA), erasure(s).citing(1, &certificate[1..]))
        }),
        row(kind, 3, "by who has no seat", |s| {
            let certificate = resolved(s, &[s.documents[0]]);
            (representative(ISTANBUL), erasure(s).citing(1, &certificate))
        }),
        row(kind, 3, "by a seat's controller", |s| {
            let certificate = resolved(s, &[s.documents[0]]);
            (controller(AMSTERDAM), erasure(s).citing(1, &certificate))
        }),
    ]
}
