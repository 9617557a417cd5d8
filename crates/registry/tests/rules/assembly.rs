//! The rules of `motion` for what is no stage, and of motions of a later term; `handover` and `withdraw`.

use cohub_record::{Field as _, Id, List};
use cohub_registry::{Chair, Change, Effect, Kind, Motion, Question, Voice};

use crate::cast::{
    AMSTERDAM, ISTANBUL, Page, SMALL, VIENNA, Who, appointment, controller, key, next_controller,
    representative, resolution, slug, spare, teller,
};
use crate::scene::{ANKARA, BERLIN, DELHI, LISBON, Scene};
use crate::{Row, row};

const SEATING: usize = 1;
const HANDOVERS: usize = 2;
const CHARTER: usize = 3;
const BASE: usize = 4;
const EVIDENCE: usize = 5;
const ROLL: usize = 6;

pub(crate) fn rows() -> Vec<Row> {
    [terms(), rolls(), texts(), panels(), standings(), seats(), recoveries(), handovers(), withdrawals()]
        .into_iter()
        .flatten()
        .collect()
}

fn by_vienna(page: Page) -> (Who, Page) {
    (representative(VIENNA), page)
}

/// A question of the second term: its tellers are in office.
fn asked(scene: &mut Scene, question: Question) -> Page {
    if scene.network.tellers != scene.next {
        scene.network.succeed(scene.next.clone());
    }
    scene.network.question(representative(VIENNA), question)
}

fn resolved(scene: &mut Scene) -> Page {
    asked(scene, resolution("We go on."))
}

/// The same page with another motion in its body.
fn changed(page: Page, change: impl FnOnce(&mut Motion)) -> Page {
    let mut motion = Motion::from_value(&page.body).expect("a motion");
    change(&mut motion);
    page.saying(&motion)
}

fn with_roll(page: Page, change: impl FnOnce(&mut Vec<Voice>)) -> Page {
    changed(page, |motion| {
        let mut roll = motion.roll.to_vec();
        change(&mut roll);
        motion.roll = List::new(roll).expect("few");
    })
}

fn terms() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 2, "seated by a certificate that seats nobody", |s| {
            let page = resolved(s);
            by_vienna(page.citing(SEATING, &s.eligible.clone()))
        }),
        row(kind, 2, "seated by fewer than q returns", |s| {
            let page = resolved(s);
            by_vienna(page.citing(SEATING, &s.succession[1..]))
        }),
        row(kind, 3, "a later term without handovers", |s| by_vienna(resolved(s).citing(HANDOVERS, &[]))),
        row(kind, 3, "a later term with fewer than q handovers", |s| {
            let mut page = resolved(s);
            page.cites[HANDOVERS].pop();
            by_vienna(page)
        }),
        row(kind, 3, "a later term with a handover twice", |s| {
            let mut page = resolved(s);
            page.cites[HANDOVERS][2] = page.cites[HANDOVERS][0];
            by_vienna(page)
        }),
        row(kind, 3, "a later term with a return for a handover", |s| {
            let mut page = resolved(s);
            page.cites[HANDOVERS][2] = s.eligible[0];
            by_vienna(page)
        }),
        row(kind, 4, "under a certificate that is no charter", |s| {
            let page = resolved(s);
            by_vienna(page.citing(CHARTER, &s.succession.clone()))
        }),
        row(kind, 4, "under fewer than q returns of a charter", |s| {
            s.network.succeed(s.next.clone());
            let (_, amended) = s.network.resolve(Question::Amend { charter: SMALL.to_owned() });
            by_vienna(resolved(s).citing(CHARTER, &amended[1..]))
        }),
        row(kind, 5, "on a decision about something else", |s| {
            let page = asked(s, appointment("space", &[VIENNA]));
            by_vienna(page.citing(BASE, &s.eligible.clone()))
        }),
    ]
}

fn manifesto(scene: &mut Scene) -> Page {
    asked(scene, Question::Manifesto { text: "Another.".parse().expect("a text") })
}

fn rolls() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 8, "a roll where the committee decides", |s| {
            let roll = manifesto(s);
            let roll = Motion::from_value(&roll.body).expect("a motion").roll;
            by_vienna(changed(resolved(s), |motion| motion.roll = roll))
        }),
        row(kind, 8, "proofs of a roll where the committee decides", |s| {
            let proof = s.network.inceptions[&VIENNA];
            by_vienna(resolved(s).citing(ROLL, &[proof]))
        }),
        row(kind, 8, "nobody on the assembly's roll", |s| by_vienna(with_roll(manifesto(s), Vec::clear))),
        row(kind, 8, "a hub twice on the roll", |s| {
            by_vienna(with_roll(manifesto(s), |roll| roll.push(roll[0].clone())))
        }),
        row(kind, 8, "a prospect on the roll", |s| {
            let page = manifesto(s);
            let grant = s.network.grant_of(representative(BERLIN));
            let (hub, voting) = (s.network.inceptions[&BERLIN], key(representative(BERLIN)));
            by_vienna(with_roll(page, |roll| roll.push(Voice { hub, voting })).citing_also(ROLL, grant))
        }),
        row(kind, 8, "a later hub without the signatures of its admission", |s| {
            let mut page = manifesto(s);
            let keep = |id: &Id| s.network.registry.ids_of(Kind::Sign).contains(id);
            page.cites[ROLL].retain(|id| !keep(id));
            by_vienna(page)
        }),
        row(kind, 8, "a key that its hub made no representative", |s| {
            by_vienna(with_roll(manifesto(s), |roll| roll[0].voting = key(teller(VIENNA))))
        }),
        row(kind, 8, "a hub with another hub's key", |s| {
            by_vienna(with_roll(manifesto(s), |roll| {
                let voting = roll[1].voting;
                roll.remove(1);
                roll[0].voting = voting;
            }))
        }),
        row(kind, 8, "no proofs at all", |s| by_vienna(manifesto(s).citing(ROLL, &[]))),
    ]
}

fn texts() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 9, "a resolution with evidence that attached nothing", |s| {
            let page = resolved(s);
            by_vienna(page.citing(EVIDENCE, &[s.ankara.application]))
        }),
        row(kind, 9, "a resolution on another one like it", |s| {
            s.network.succeed(s.next.clone());
            let (_, before) = s.network.resolve(resolution("We go on."));
            by_vienna(resolved(s).citing(BASE, &before))
        }),
        row(kind, 11, "an amendment that does not stand on the charter in force", |s| {
            s.network.succeed(s.next.clone());
            s.network.resolve(Question::Amend { charter: SMALL.to_owned() });
            by_vienna(asked(s, Question::Amend { charter: SMALL.to_owned() }).citing(BASE, &[]))
        }),
        row(kind, 11, "an impossible charter", |s| {
            let page = asked(s, Question::Amend { charter: SMALL.to_owned() });
            by_vienna(changed(page, |motion| {
                let Effect::Amend { charter } = &mut motion.effect else { panic!("an amendment") };
                charter.signing_seats = 0;
            }))
        }),
        row(kind, 11, "an amendment with evidence", |s| {
            let page = asked(s, Question::Amend { charter: SMALL.to_owned() });
            by_vienna(page.citing(EVIDENCE, &[s.ankara.application]))
        }),
        row(kind, 11, "a manifesto with evidence", |s| {
            let page = manifesto(s);
            by_vienna(page.citing(EVIDENCE, &[s.ankara.application]))
        }),
    ]
}

fn panels() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 10, "a panel that there is not", |s| {
            let page = asked(s, appointment("space", &[VIENNA]));
            by_vienna(changed(page, |motion| {
                let Effect::Appoint { panel, .. } = &mut motion.effect else { panic!("an appointment") };
                *panel = slug("law");
            }))
        }),
        row(kind, 10, "nobody on a panel", |s| by_vienna(asked(s, appointment("space", &[])))),
        row(kind, 10, "a member twice", |s| by_vienna(asked(s, appointment("space", &[VIENNA, VIENNA])))),
        row(kind, 10, "a member who is no panelist", |s| {
            let page = asked(s, appointment("space", &[VIENNA]));
            by_vienna(changed(page, |motion| {
                let Effect::Appoint { members, .. } = &mut motion.effect else { panic!("an appointment") };
                *members = List::new(vec![key(teller(VIENNA))]).expect("few");
            }))
        }),
        row(kind, 10, "a member without the grant", |s| {
            by_vienna(asked(s, appointment("space", &[DELHI])).citing(EVIDENCE, &[]))
        }),
    ]
}

fn suspended(scene: &mut Scene, hub: usize) -> Page {
    let question = scene.network.standing(hub, Change::Suspend);
    asked(scene, question)
}

fn standings() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 12, "of a hub that is not shown to be a co-owner", |s| {
            let page = suspended(s, DELHI);
            let inception = s.network.inceptions[&DELHI];
            by_vienna(page.citing(EVIDENCE, &[inception]))
        }),
        row(kind, 12, "of a prospect", |s| {
            let page = suspended(s, LISBON);
            let hub = s.network.inceptions[&BERLIN];
            let page = changed(page, |motion| {
                motion.effect = Effect::Standing { hub, change: Change::Suspend };
            });
            by_vienna(page.citing(EVIDENCE, &[hub]))
        }),
        row(kind, 12, "reinstated without having been suspended", |s| {
            let question = s.network.standing(LISBON, Change::Reinstate);
            by_vienna(asked(s, question))
        }),
        row(kind, 12, "suspended twice", |s| {
            s.network.succeed(s.next.clone());
            s.network.resolve(s.network.standing(LISBON, Change::Suspend));
            by_vienna(suspended(s, LISBON))
        }),
        row(kind, 12, "suspended after having been expelled", |s| {
            s.network.succeed(s.next.clone());
            s.network.resolve(s.network.standing(DELHI, Change::Expel));
            by_vienna(suspended(s, DELHI))
        }),
    ]
}

/// Three hubs with fresh tellers, and the question whether they shall be the third committee.
fn seated(scene: &mut Scene) -> Page {
    let hubs = [VIENNA, ISTANBUL, DELHI];
    scene.network.accept_seats(&hubs, 2);
    let question = scene.network.seat_question(&hubs);
    asked(scene, question)
}

fn with_chairs(page: Page, change: impl FnOnce(&mut Vec<Chair>)) -> Page {
    changed(page, |motion| {
        let Effect::Seat { seats } = &mut motion.effect else { panic!("a committee") };
        let mut chairs = seats.to_vec();
        change(&mut chairs);
        *seats = List::new(chairs).expect("few");
    })
}

fn seats() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 13, "on another base than its seating", |s| by_vienna(seated(s).citing(BASE, &[]))),
        row(kind, 13, "nobody seated", |s| by_vienna(with_chairs(seated(s), Vec::clear))),
        row(kind, 13, "fewer seats than sign an admission", |s| {
            by_vienna(with_chairs(seated(s), |chairs| chairs.truncate(1)))
        }),
        row(kind, 13, "a hub with two seats", |s| {
            by_vienna(with_chairs(seated(s), |chairs| chairs.push(chairs[0].clone())))
        }),
        row(kind, 13, "a hub that is not on the roll", |s| {
            let page = seated(s);
            let delhi = s.network.inceptions[&DELHI];
            by_vienna(with_roll(page, |roll| roll.retain(|voice| voice.hub != delhi)))
        }),
        row(kind, 13, "a voting key that is no representative", |s| {
            by_vienna(with_chairs(seated(s), |chairs| chairs[0].voting = key(controller(VIENNA))))
        }),
        row(kind, 13, "a teller that its hub did not grant", |s| {
            by_vienna(with_chairs(seated(s), |chairs| chairs[0].teller = key(spare(VIENNA, 9))))
        }),
        row(kind, 13, "keys that the evidence does not show", |s| by_vienna(seated(s).citing(EVIDENCE, &[]))),
        row(kind, 13, "a teller of the committee in office", |s| {
            by_vienna(
                with_chairs(seated(s), |chairs| chairs[0].teller = key(spare(VIENNA, 101)))
                    .citing_also(EVIDENCE, s.network.grant_of(spare(VIENNA, 101))),
            )
        }),
        row(kind, 13, "a teller of the first committee", |s| {
            by_vienna(with_chairs(seated(s), |chairs| chairs[0].teller = key(teller(VIENNA))))
        }),
    ]
}

/// Lisbon's rotation, and the question whether it stands.
fn recovered(scene: &mut Scene) -> (Page, Id) {
    let next = next_controller(controller(LISBON));
    let last = scene.network.end(controller(LISBON)).expect("it wrote");
    let page = scene.network.rotate(next, scene.network.inceptions[&LISBON], last);
    let rotate = scene.network.write(next, page);
    let hub = scene.network.inceptions[&LISBON];
    (asked(scene, Question::Recover { hub, rotate }), rotate)
}

fn recoveries() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 14, "without the rotation", |s| by_vienna(recovered(s).0.citing(EVIDENCE, &[]))),
        row(kind, 14, "an inception for a rotation", |s| {
            let (page, _) = recovered(s);
            let inception = s.network.inceptions[&LISBON];
            by_vienna(page.citing(EVIDENCE, &[inception]))
        }),
        row(kind, 14, "another rotation than it says", |s| {
            let (page, _) = recovered(s);
            let (hub, rotate) = (s.network.inceptions[&LISBON], s.ankara.application);
            by_vienna(changed(page, |motion| motion.effect = Effect::Recover { hub, rotate }))
        }),
        row(kind, 14, "the rotation of another hub", |s| {
            let (page, rotate) = recovered(s);
            let hub = s.network.inceptions[&VIENNA];
            by_vienna(changed(page, |motion| motion.effect = Effect::Recover { hub, rotate }))
        }),
    ]
}

fn handovers() -> Vec<Row> {
    let kind = Kind::Handover;
    vec![
        row(kind, 1, "to nobody", |s| (teller(VIENNA), s.network.handover(&[]))),
        row(kind, 1, "after a decision that seats nobody", |s| {
            (teller(VIENNA), s.network.handover(&s.eligible))
        }),
        row(kind, 1, "on fewer than q returns", |s| (teller(VIENNA), s.network.handover(&s.succession[1..]))),
        row(kind, 2, "by a teller without a seat", |s| (teller(LISBON), s.network.handover(&s.succession))),
        row(kind, 2, "by a teller of the next committee", |s| {
            (spare(VIENNA, 101), s.network.handover(&s.succession))
        }),
        row(kind, 2, "by a seat's voting key", |s| {
            (representative(VIENNA), s.network.handover(&s.succession))
        }),
    ]
}

fn withdrawals() -> Vec<Row> {
    let kind = Kind::Withdraw;
    vec![
        row(kind, 1, "of nothing", |s| {
            (controller(ANKARA), s.network.withdrawal(s.ankara.application).citing(0, &[]))
        }),
        row(kind, 1, "of a document", |s| (controller(ANKARA), s.network.withdrawal(s.documents[0]))),
        row(kind, 2, "of another's application", |s| {
            (controller(BERLIN), s.network.withdrawal(s.ankara.application))
        }),
        row(kind, 2, "of an application by another hub's rotation", |s| {
            let next = next_controller(controller(LISBON));
            let last = s.network.end(controller(LISBON)).expect("it wrote");
            let page = s.network.rotate(next, s.network.inceptions[&LISBON], last);
            let rotate = s.network.write(next, page);
            (next, s.network.withdrawal(s.ankara.application).citing(1, &[rotate]))
        }),
        row(kind, 2, "of another's motion", |s| {
            (representative(ISTANBUL), s.network.withdrawal(s.candidate))
        }),
        row(kind, 2, "of a motion, with something beside it", |s| {
            let inception = s.network.inceptions[&VIENNA];
            (representative(VIENNA), s.network.withdrawal(s.candidate).citing(1, &[inception]))
        }),
        row(kind, 2, "of another hub", |s| {
            let inception = s.network.inceptions[&VIENNA];
            (controller(LISBON), s.network.withdrawal(inception))
        }),
        row(kind, 2, "of a hub, with something beside it", |s| {
            let inception = s.network.inceptions[&LISBON];
            (controller(LISBON), s.network.withdrawal(inception).citing(1, &[inception]))
        }),
        row(kind, 3, "of a hub, ending another hub's log", |s| {
            let last = s.network.end(representative(AMSTERDAM)).expect("it wrote");
            let inception = s.network.inceptions[&LISBON];
            (controller(LISBON), s.network.withdrawal(inception).citing(2, &[last]))
        }),
        row(kind, 3, "of an application, ending a log", |s| {
            let page = s.network.withdrawal(s.ankara.application);
            (controller(ANKARA), page.citing(2, &[s.documents[0]]))
        }),
    ]
}
