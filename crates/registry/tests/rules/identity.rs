//! The rules of `inception`, `rotate`, `grant`, `sponsor` and `profile`.

use cohub_record::{Header, Id, List};
use cohub_registry::{Grant, Inception, Kind, Role, Sponsor, Verdict, Void, recovery_hash};

use crate::cast::{
    ISTANBUL, Network, Page, SMALL, VIENNA, Who, charter, consent, controller, founding, key,
    next_controller, node, profile, representative, secret, spare,
};
use crate::scene::{ANKARA, BERLIN, DELHI, LISBON, STRANGER, Scene};
use crate::{Row, row};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = inceptions();
    rows.extend(rotations());
    rows.extend(grants());
    rows.extend(sponsorships());
    rows.extend(profiles());
    rows
}

/// What an inception says, with the recovery key of another hub.
fn elsewhere(hub: usize) -> Inception {
    Inception { profile: profile(hub), recovery: recovery_hash(&key(controller(hub))) }
}

/// A network that Istanbul has not joined yet.
fn without_istanbul(scene: &mut Scene) -> &Network {
    scene.network = Network::begin(&founding(5, 4, charter(SMALL)));
    scene.network.incept(LISBON);
    &scene.network
}

fn inceptions() -> Vec<Row> {
    let kind = Kind::Inception;
    vec![
        row(kind, 1, "a hub begins twice", |s| (controller(DELHI), s.network.inception(DELHI))),
        row(kind, 2, "cites no founding record", |s| {
            let elsewhere = s.network.inceptions[&VIENNA];
            (controller(STRANGER), s.network.inception(STRANGER).citing(0, &[elsewhere]))
        }),
        row(kind, 2, "cites nothing", |s| {
            (controller(STRANGER), s.network.inception(STRANGER).citing(0, &[]))
        }),
        row(kind, 2, "cites the founding record twice", |s| {
            let founding = s.network.founding();
            (controller(STRANGER), s.network.inception(STRANGER).citing_also(0, founding))
        }),
        row(kind, 3, "a founder commits to another key", |s| {
            let page = without_istanbul(s).inception(ISTANBUL);
            (controller(ISTANBUL), page.saying(&elsewhere(ISTANBUL)))
        }),
        row(kind, 3, "a founder has another name", |s| {
            let page = without_istanbul(s).inception(ISTANBUL);
            let recovery = recovery_hash(&key(next_controller(controller(ISTANBUL))));
            (controller(ISTANBUL), page.saying(&Inception { profile: profile(STRANGER), recovery }))
        }),
        row(kind, 3, "in no country", |s| {
            let mut inception = elsewhere(STRANGER);
            inception.profile.country = "a1".parse().expect("a text");
            (controller(STRANGER), s.network.inception(STRANGER).saying(&inception))
        }),
        row(kind, 3, "beyond the date line", |s| {
            let mut inception = elsewhere(STRANGER);
            inception.profile.lon = -18_000_001;
            (controller(STRANGER), s.network.inception(STRANGER).saying(&inception))
        }),
        row(kind, 4, "by a founder's other key", |s| (node(VIENNA), s.network.inception(STRANGER))),
    ]
}

/// Delhi rotates.
fn rotation(scene: &Scene) -> (Who, Page) {
    let (who, network) = (controller(DELHI), &scene.network);
    let last = network.end(who).expect("it has written");
    (next_controller(who), network.rotate(next_controller(who), network.inceptions[&DELHI], last))
}

fn rotations() -> Vec<Row> {
    let kind = Kind::Rotate;
    vec![
        row(kind, 1, "not the key's first record", |s| {
            let (who, page) = rotation(s);
            s.network.give(LISBON, who, &[Role::Representative]);
            let first = s.network.sponsor(who, controller(STRANGER));
            s.network.write(who, first);
            (who, page)
        }),
        row(kind, 2, "cites what is neither inception nor rotate", |s| {
            let (who, page) = rotation(s);
            (who, page.citing(0, &[s.berlin.application]))
        }),
        row(kind, 2, "cites nothing that it follows", |s| {
            let (who, page) = rotation(s);
            (who, page.citing(0, &[]))
        }),
        row(kind, 2, "names no last record", |s| {
            let (who, page) = rotation(s);
            (who, page.citing(1, &[]))
        }),
        row(kind, 2, "names two last records", |s| {
            let (who, page) = rotation(s);
            let inception = s.network.inceptions[&DELHI];
            (who, page.citing_also(1, inception))
        }),
        row(kind, 2, "names a last record of another log", |s| {
            let (who, page) = rotation(s);
            (who, page.citing(1, &[s.berlin.application]))
        }),
        row(kind, 3, "by a key that was not committed to", |s| {
            let (_, page) = rotation(s);
            (controller(STRANGER), page)
        }),
    ]
}

/// What a grant says, with a consent to whatever is asked.
fn consented(scene: &Scene, network: Option<&Id>, by: usize, said: &[Role], granted: &[Role]) -> (Who, Page) {
    let roles = |roles: &[Role]| List::new(roles.to_vec()).expect("few roles");
    let who = spare(DELHI, 1);
    let consent = Some(consent(network, controller(by), who, &roles(said)));
    let grant = Grant { key: key(who), roles: roles(granted), consent, encryption: None };
    (controller(DELHI), scene.network.grant(DELHI, who, granted).saying(&grant))
}

#[test]
fn a_consent_that_was_given_in_another_network_is_none_here() {
    let scene = Scene::set();
    let elsewhere = Some(Id::from_bytes([9; 32]));
    let (by, page) = consented(&scene, elsewhere.as_ref(), DELHI, &[Role::Officer], &[Role::Officer]);
    let header = Header { network: elsewhere, ..scene.network.draw(by, page).header().clone() };
    let record = header.sign(&secret(by)).expect("a record");
    let verdict = scene.network.registry.check(&record);
    assert!(matches!(verdict, Verdict::Void(Void { clause: 3, .. })), "{verdict:?}");
}

fn revocation(scene: &Scene, last: Option<Id>) -> Page {
    scene.network.revocation(DELHI, representative(DELHI), last)
}

fn grants() -> Vec<Row> {
    let kind = Kind::Grant;
    vec![
        row(kind, 1, "cites another hub's inception", |s| {
            let page = s.network.grant_by(
                controller(DELHI),
                s.network.inceptions[&BERLIN],
                spare(DELHI, 1),
                &[Role::Officer],
            );
            (controller(DELHI), page)
        }),
        row(kind, 1, "cites the founding record", |s| {
            let founding = s.network.founding();
            let page = s.network.grant(DELHI, spare(DELHI, 1), &[Role::Officer]);
            (controller(DELHI), page.citing(0, &[founding]))
        }),
        row(kind, 1, "by another key of the hub", |s| {
            (representative(DELHI), s.network.grant(DELHI, spare(DELHI, 1), &[Role::Officer]))
        }),
        row(kind, 2, "a teller that also represents", |s| {
            (
                controller(DELHI),
                s.network.grant(DELHI, spare(DELHI, 1), &[Role::Teller, Role::Representative]),
            )
        }),
        row(kind, 2, "a role twice", |s| {
            (controller(DELHI), s.network.grant(DELHI, spare(DELHI, 1), &[Role::Officer, Role::Officer]))
        }),
        row(kind, 2, "to the controller itself", |s| {
            (controller(DELHI), s.network.grant(DELHI, controller(DELHI), &[Role::Officer]))
        }),
        row(kind, 3, "without consent", |s| {
            let roles = List::new(vec![Role::Officer]).expect("few roles");
            let grant = Grant { key: key(spare(DELHI, 1)), roles, consent: None, encryption: None };
            let page = s.network.grant(DELHI, spare(DELHI, 1), &[Role::Officer]);
            (controller(DELHI), page.saying(&grant))
        }),
        row(kind, 3, "with a consent to other roles", |s| {
            let network = s.network.founding();
            consented(s, Some(&network), DELHI, &[Role::Officer], &[Role::Officer, Role::Panelist])
        }),
        row(kind, 3, "with a consent to the same roles in another order", |s| {
            let network = s.network.founding();
            let said = [Role::Panelist, Role::Officer];
            consented(s, Some(&network), DELHI, &said, &[Role::Officer, Role::Panelist])
        }),
        row(kind, 3, "with a consent for a founding record", |s| {
            consented(s, None, DELHI, &[Role::Officer], &[Role::Officer])
        }),
        row(kind, 3, "with a consent to another controller", |s| {
            let network = s.network.founding();
            consented(s, Some(&network), BERLIN, &[Role::Officer], &[Role::Officer])
        }),
        row(kind, 4, "a revocation with a consent", |s| {
            let network = s.network.founding();
            consented(s, Some(&network), DELHI, &[], &[])
        }),
        row(kind, 4, "a revocation of a key that the hub never granted anything", |s| {
            (controller(DELHI), s.network.revocation(DELHI, representative(VIENNA), None))
        }),
        row(kind, 4, "a revocation of another hub's controller", |s| {
            (controller(DELHI), s.network.revocation(DELHI, controller(VIENNA), None))
        }),
        row(kind, 4, "a revocation before the grant", |s| {
            let before = s.network.end(controller(DELHI));
            s.network.give(DELHI, spare(DELHI, 1), &[Role::Officer]);
            s.network.go_on_from(controller(DELHI), before);
            let page = s.network.profile(DELHI, 2025, 3);
            s.network.write(controller(DELHI), page);
            (controller(DELHI), s.network.revocation(DELHI, spare(DELHI, 1), None))
        }),
        row(kind, 4, "a revocation that ends another key's log", |s| {
            (controller(DELHI), revocation(s, Some(s.berlin.application)))
        }),
        row(kind, 4, "a revocation that names two last records", |s| {
            let (one, other) = (s.ballots[0], s.ballots[1]);
            (controller(DELHI), revocation(s, None).citing(1, &[one, other]))
        }),
        row(kind, 4, "a grant that names a last record", |s| {
            let page = s.network.grant(DELHI, representative(VIENNA), &[Role::Officer]);
            (controller(DELHI), page.citing(1, &[s.ballots[0]]))
        }),
    ]
}

fn sponsorships() -> Vec<Row> {
    let kind = Kind::Sponsor;
    vec![
        row(kind, 1, "by a node", |s| (node(VIENNA), sponsoring(s, node(VIENNA)))),
        row(kind, 1, "by a controller", |s| (controller(VIENNA), sponsoring(s, controller(VIENNA)))),
        row(kind, 1, "by another's grant", |s| {
            let page = sponsoring(s, representative(DELHI)).citing(1, &s.admission.clone());
            (representative(ANKARA), page)
        }),
        row(kind, 1, "without a grant", |s| {
            (representative(VIENNA), sponsoring(s, representative(VIENNA)).citing(0, &[]))
        }),
        row(kind, 2, "by no founder, as if by one", |s| {
            (representative(ANKARA), sponsoring(s, representative(ANKARA)))
        }),
        row(kind, 2, "citing the founding record twice", |s| {
            let founding = s.network.founding();
            (representative(VIENNA), sponsoring(s, representative(VIENNA)).citing_also(1, founding))
        }),
        row(kind, 2, "citing another hub's admission", |s| {
            let page = sponsoring(s, representative(ANKARA)).citing(1, &s.admission.clone());
            (representative(ANKARA), page)
        }),
        row(kind, 2, "citing its own first stage", |s| {
            let page = sponsoring(s, representative(ANKARA)).citing(1, &s.eligible.clone());
            (representative(ANKARA), page)
        }),
        row(kind, 2, "citing too few returns", |s| {
            let page = sponsoring(s, representative(DELHI)).citing(1, &s.admission[1..]);
            (representative(DELHI), page)
        }),
        row(kind, 2, "citing one return often enough", |s| {
            let page = sponsoring(s, representative(DELHI)).citing(1, &[s.admission[0]; 3]);
            (representative(DELHI), page)
        }),
        row(kind, 2, "citing returns of two motions", |s| {
            let mixed = [s.admission[0], s.admission[1], s.eligible[2]];
            (representative(DELHI), sponsoring(s, representative(DELHI)).citing(1, &mixed))
        }),
        row(kind, 2, "citing nothing that it stands by", |s| {
            (representative(VIENNA), sponsoring(s, representative(VIENNA)).citing(1, &[]))
        }),
        row(kind, 3, "for no record", |s| {
            let sponsor = Sponsor { controller: key(controller(STRANGER)), records: 0 };
            (representative(VIENNA), sponsoring(s, representative(VIENNA)).saying(&sponsor))
        }),
        row(kind, 3, "for too many records", |s| {
            let sponsor = Sponsor { controller: key(controller(STRANGER)), records: 4_097 };
            (representative(VIENNA), sponsoring(s, representative(VIENNA)).saying(&sponsor))
        }),
    ]
}

fn sponsoring(scene: &Scene, by: Who) -> Page {
    scene.network.sponsor(by, controller(STRANGER))
}

fn profiles() -> Vec<Row> {
    let kind = Kind::Profile;
    vec![
        row(kind, 1, "for another hub", |s| (controller(BERLIN), s.network.profile(DELHI, 2025, 3))),
        row(kind, 1, "by a representative", |s| (representative(DELHI), s.network.profile(DELHI, 2025, 3))),
        row(kind, 2, "before the years begin", |s| (controller(DELHI), s.network.profile(DELHI, 1899, 3))),
        row(kind, 2, "after the years end", |s| (controller(DELHI), s.network.profile(DELHI, 10_000, 3))),
    ]
}
