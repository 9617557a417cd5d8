//! The rules of `share`.

use cohub_record::Id;
use cohub_registry::{Choice, Kind, Recommendation, Role};

use crate::cast::{AMSTERDAM, Page, SAO_PAULO, VIENNA, Who, controller, node, representative, spare, teller};
use crate::scene::{ANKARA, BERLIN, LISBON, Scene};
use crate::{Row, row};

const READER: Who = representative(VIENNA);

/// Berlin shares its letter with Vienna.
fn sharing(scene: &Scene) -> Page {
    scene.network.share(scene.berlin_letter, READER)
}

/// A key that Lisbon grants these roles.
fn granted(scene: &mut Scene, roles: &[Role]) -> Who {
    let who = spare(LISBON, 3);
    scene.network.give(LISBON, who, roles);
    who
}

/// A review of Berlin for a panel of the first term.
fn reviewed(scene: &mut Scene, by: Who, said: Recommendation) -> Id {
    let page = scene.network.review(by, scene.berlin.application, "finance", said);
    scene.network.write(by, page)
}

/// Vienna reads Berlin's letter by this share.
fn shared(scene: &mut Scene) -> Id {
    let page = sharing(scene);
    scene.network.write(controller(BERLIN), page)
}

pub(crate) fn rows() -> Vec<Row> {
    [of_what_and_to_whom(), by_whom(), to_who_recused()].into_iter().flatten().collect()
}

fn of_what_and_to_whom() -> Vec<Row> {
    let kind = Kind::Share;
    vec![
        row(kind, 1, "of no record", |s| (controller(BERLIN), sharing(s).citing(0, &[]))),
        row(kind, 1, "of two records", |s| (controller(BERLIN), sharing(s).citing_also(0, s.berlin_plan))),
        row(kind, 1, "of what another record attached", |s| {
            (controller(BERLIN), sharing(s).citing(0, &[s.berlin_plan]))
        }),
        row(kind, 1, "of what is not sealed", |s| {
            (controller(BERLIN), s.network.share(s.berlin_plan, READER))
        }),
        row(kind, 2, "by no grant", |s| (controller(BERLIN), sharing(s).citing(1, &[]))),
        row(kind, 2, "by two grants", |s| {
            let grant = s.network.grant_of(READER);
            (controller(BERLIN), sharing(s).citing(1, &[grant, grant]))
        }),
        row(kind, 2, "by another key's grant", |s| {
            let who = granted(s, &[Role::Panelist]);
            let grant = s.network.grant_of(who);
            (controller(BERLIN), sharing(s).citing(1, &[grant]))
        }),
        row(kind, 2, "by what is no grant", |s| {
            (controller(BERLIN), sharing(s).citing(1, &[s.berlin_review]))
        }),
        row(kind, 2, "to a hub's controller", |s| {
            (controller(BERLIN), s.network.share(s.berlin_letter, controller(VIENNA)))
        }),
        row(kind, 2, "to a teller", |s| {
            (controller(BERLIN), s.network.share(s.berlin_letter, teller(VIENNA)))
        }),
        row(kind, 2, "to a node", |s| {
            s.network.give(LISBON, node(LISBON), &[Role::Node]);
            (controller(BERLIN), s.network.share(s.berlin_letter, node(LISBON)))
        }),
        row(kind, 2, "by a revocation", |s| {
            let who = granted(s, &[Role::Panelist]);
            let page = s.network.revocation(LISBON, who, None);
            let revocation = s.network.write(controller(LISBON), page);
            (controller(BERLIN), s.network.share(s.berlin_letter, who).citing(1, &[revocation]))
        }),
    ]
}

fn by_whom() -> Vec<Row> {
    let kind = Kind::Share;
    vec![
        row(kind, 3, "by another applicant", |s| (controller(ANKARA), sharing(s))),
        row(kind, 3, "by who would read it", |s| (READER, sharing(s))),
        row(kind, 3, "by who reads it, which does not say so", |s| {
            shared(s);
            (READER, s.network.share(s.berlin_letter, representative(AMSTERDAM)))
        }),
        row(kind, 3, "by another's share", |s| {
            let share = shared(s);
            let page = s.network.share(s.berlin_letter, representative(SAO_PAULO));
            (representative(AMSTERDAM), page.citing(2, &[share]))
        }),
        row(kind, 3, "by a share of another record", |s| {
            let page = s.network.sealed_document(s.berlin.application, "letter", "another");
            let other = s.network.write(controller(BERLIN), page);
            let page = s.network.share(other, READER);
            let share = s.network.write(controller(BERLIN), page);
            let page = s.network.share(s.berlin_letter, representative(AMSTERDAM));
            (READER, page.citing(2, &[share]))
        }),
        row(kind, 3, "by two shares", |s| {
            let share = shared(s);
            let page = s.network.share(s.berlin_letter, representative(AMSTERDAM));
            (READER, page.citing(2, &[share, share]))
        }),
        row(kind, 3, "by what is no share", |s| {
            let page = s.network.share(s.berlin_letter, representative(AMSTERDAM));
            (READER, page.citing(2, &[s.berlin_review]))
        }),
    ]
}

fn to_who_recused() -> Vec<Row> {
    let kind = Kind::Share;
    vec![
        row(kind, 4, "to who recused in a review", |s| {
            let said = reviewed(s, READER, Recommendation::Recuse);
            (controller(BERLIN), sharing(s).citing(3, &[said]))
        }),
        row(kind, 4, "to who recused beside what it said before", |s| {
            let said = reviewed(s, READER, Recommendation::Recuse);
            (controller(BERLIN), sharing(s).citing(3, &[s.berlin_review, said]))
        }),
        row(kind, 4, "to who recused in a vote", |s| {
            let page = s.network.sealed_document(s.ankara.application, "letter", "to nobody");
            let letter = s.network.write(controller(ANKARA), page);
            let page = s.network.ballot(s.rival, Choice::Recuse);
            let ballot = s.network.write(READER, page);
            (controller(ANKARA), s.network.share(letter, READER).citing(3, &[ballot]))
        }),
        row(kind, 4, "with another's words", |s| {
            let said = reviewed(s, representative(AMSTERDAM), Recommendation::Accept);
            (controller(BERLIN), sharing(s).citing(3, &[said]))
        }),
        row(kind, 4, "with words on another application", |s| {
            let said = s.examination[0];
            (controller(BERLIN), sharing(s).citing(3, &[said]))
        }),
        row(kind, 4, "with a vote on another application", |s| {
            let ballot = s.rival_ballots[0];
            (controller(BERLIN), sharing(s).citing(3, &[ballot]))
        }),
        row(kind, 4, "with what is no word on it", |s| {
            (controller(BERLIN), sharing(s).citing(3, &[s.berlin_plan]))
        }),
        row(kind, 4, "with words on what belongs to no application", |s| {
            let by = representative(LISBON);
            let page = s.network.sponsor(by, controller(99));
            let letter = s.network.sealed_document(s.berlin.application, "letter", "to a friend");
            let letter = s.network.write(by, Page { attachments: letter.attachments, ..page });
            (by, s.network.share(letter, READER).citing(3, &[s.berlin_review]))
        }),
    ]
}
