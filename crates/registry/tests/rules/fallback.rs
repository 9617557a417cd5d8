//! The rules of `motion` for a fallback and for what is decided after it, and of `handover`.

use cohub_record::{Field as _, Hash, List};
use cohub_registry::{Effect, Kind, Motion, Question, Voice};

use crate::cast::{
    AMSTERDAM, Page, SAO_PAULO, SMALL, VIENNA, Who, appointment, key, representative, resolution, teller,
};
use crate::scene::{DELHI, LISBON, Scene};
use crate::{Row, row};

const HANDOVERS: usize = 2;
const CHARTER: usize = 3;
const BASE: usize = 4;
const EVIDENCE: usize = 5;
const ROLL: usize = 6;

/// A fallback from the first committee, as if the second had not been seated: drafted before it was.
fn fallback(scene: &mut Scene) -> Page {
    let mut page = drafted(scene, &[VIENNA, AMSTERDAM, SAO_PAULO, LISBON]);
    // The scene's assembly has seated a second committee; this is by the founders from the first.
    let inceptions = (0..5).map(|hub| scene.network.inceptions[&hub]);
    page.cites[1] = std::iter::once(scene.network.founding()).chain(inceptions).collect();
    page.cites[BASE].clear();
    with_roll(page.citing(ROLL, &founders(scene)), |roll| {
        roll.retain(|voice| voice.hub != scene.network.inceptions[&DELHI]);
    })
}

/// A fallback from the committee in office.
fn drafted(scene: &mut Scene, hubs: &[usize]) -> Page {
    scene.network.accept_seats(hubs, 9);
    scene.network.question(representative(VIENNA), scene.network.fallback_question(hubs, &[]))
}

fn founders(scene: &Scene) -> Vec<cohub_record::Id> {
    (0..5).map(|hub| scene.network.inceptions[&hub]).collect()
}

fn by_vienna(page: Page) -> (Who, Page) {
    (representative(VIENNA), page)
}

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

/// The network goes on by a fallback that lists nothing but what it is told.
fn fallen(scene: &mut Scene, keeps: impl Fn(&Scene) -> Vec<Hash>) {
    let hubs = [VIENNA, AMSTERDAM, SAO_PAULO, LISBON];
    let tellers = scene.network.accept_seats(&hubs, 9);
    let page = scene.network.question(representative(VIENNA), scene.network.fallback_question(&hubs, &[]));
    let kept = keeps(scene);
    let page = changed(page, |motion| {
        let Effect::Fallback { stands, .. } = &mut motion.effect else { panic!("a fallback") };
        *stands = List::new(kept).expect("few");
    });
    let motion = scene.network.write(representative(VIENNA), page);
    scene.network.count(motion);
    (scene.network.tellers, scene.network.seats) = (tellers, 4);
}

pub(crate) fn rows() -> Vec<Row> {
    let kind = Kind::Motion;
    vec![
        row(kind, 3, "a fallback with handovers", |s| {
            let handovers = s.network.succeed(s.next.clone());
            let page = drafted(s, &[VIENNA, AMSTERDAM, SAO_PAULO, LISBON]);
            by_vienna(page.citing(HANDOVERS, &handovers[..3]))
        }),
        row(kind, 3, "the term after a fallback with handovers", |s| {
            let handovers = s.network.succeed(s.next.clone());
            fallen(s, |_| Vec::new());
            let page = s.network.question(representative(VIENNA), resolution("We go on."));
            by_vienna(page.citing(HANDOVERS, &handovers[..3]))
        }),
        row(kind, 4, "under a charter that fell", |s| {
            s.network.succeed(s.next.clone());
            let (_, amended) = s.network.resolve(Question::Amend { charter: SMALL.to_owned() });
            fallen(s, |_| Vec::new());
            let page = s.network.question(representative(VIENNA), resolution("We go on."));
            by_vienna(page.citing(CHARTER, &amended))
        }),
        row(kind, 5, "on a decision that fell", |s| {
            s.network.succeed(s.next.clone());
            let (_, before) = s.network.resolve(appointment("space", &[AMSTERDAM]));
            fallen(s, |_| Vec::new());
            let page = s.network.question(representative(VIENNA), appointment("space", &[VIENNA]));
            by_vienna(page.citing(BASE, &before))
        }),
        row(kind, 13, "a fallback that does not stand on the committee that it replaces", |s| {
            by_vienna(drafted(s, &[VIENNA, AMSTERDAM, SAO_PAULO, LISBON]).citing(BASE, &[]))
        }),
        row(kind, 13, "a fallback that seats a teller's key again", |s| {
            let page = drafted(s, &[VIENNA, AMSTERDAM, SAO_PAULO, LISBON]);
            let old = s.next[0];
            let grant = s.network.grants[&old];
            let page = changed(page, |motion| {
                let Effect::Fallback { seats, .. } = &mut motion.effect else { panic!("a fallback") };
                let mut chairs = seats.to_vec();
                chairs[0].teller = key(old);
                *seats = List::new(chairs).expect("four");
            });
            by_vienna(page.citing_also(EVIDENCE, grant))
        }),
        row(kind, 15, "a fallback without a hub of its roll", |s| {
            by_vienna(with_roll(fallback(s), |roll| roll.truncate(4)))
        }),
        row(kind, 15, "a fallback with a hub twice", |s| {
            by_vienna(with_roll(fallback(s), |roll| roll.push(roll[0].clone())))
        }),
        row(kind, 15, "a fallback from the first committee with a hub that is no founder", |s| {
            let hub = s.network.inceptions[&DELHI];
            let voting = key(representative(DELHI));
            let grant = s.network.grant_of(representative(DELHI));
            by_vienna(
                with_roll(fallback(s), |roll| roll.push(Voice { hub, voting })).citing_also(ROLL, grant),
            )
        }),
        row(kind, 15, "a fallback in which a teller's key votes", |s| {
            let own = s.network.inceptions[&VIENNA];
            by_vienna(with_roll(fallback(s), |roll| {
                let voice = roll.iter_mut().find(|voice| voice.hub == own);
                voice.expect("a founder").voting = key(teller(VIENNA));
            }))
        }),
        row(kind, 15, "a fallback that shows nothing of its roll", |s| {
            by_vienna(fallback(s).citing(ROLL, &[]))
        }),
        row(kind, 16, "a fallback that knows of the next committee", |s| {
            // It stands in Vienna's own log that the second committee was seated: it asked something of that.
            s.network.succeed(s.next.clone());
            let page = fallback(s);
            s.network.ask(resolution("We go on."));
            by_vienna(page)
        }),
        row(kind, 17, "a fallback that lists a version twice", |s| {
            by_vienna(changed(fallback(s), |motion| {
                let Effect::Fallback { stands, .. } = &mut motion.effect else { panic!("a fallback") };
                let version = Hash::of("any", &[]);
                *stands = List::new(vec![version, version]).expect("few");
            }))
        }),
        row(Kind::Handover, 1, "to the committee of a fallback", |s| {
            let outgoing = s.next[0];
            s.network.succeed(s.next.clone());
            fallen(s, |_| Vec::new());
            let committee = s.network.registry.view().committee.motion.expect("it was seated");
            let (_, certificate) = s.network.registry.certificate(&committee).expect("final");
            (outgoing, s.network.handover(&certificate))
        }),
        row(Kind::Closing, 1, "of a fallback by a teller of the committee", |s| {
            let page = drafted(s, &[VIENNA, AMSTERDAM, SAO_PAULO, LISBON]);
            let motion = s.network.write(representative(VIENNA), page);
            (s.next[0], s.network.closing(motion, &[]))
        }),
    ]
}
