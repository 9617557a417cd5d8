//! The rules of `closing` and `return`.

use cohub_record::Id;
use cohub_registry::{Kind, Outcome, Refusal, Verdict, Votes};

use crate::cast::{Page, VIENNA, Who, representative, teller};
use crate::scene::{LISBON, Scene};
use crate::{Row, row};

const FOUR: Votes = Votes { yes: 4, no: 0, abstain: 0, recuse: 0, block: 0 };

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = closings();
    rows.extend(returns());
    rows.extend(locks());
    rows
}

fn by_vienna(page: Page) -> (Who, Page) {
    (teller(VIENNA), page)
}

fn closings() -> Vec<Row> {
    let kind = Kind::Closing;
    vec![
        row(kind, 1, "by a teller without a seat", |s| (teller(LISBON), s.network.closing(s.rival, &[]))),
        row(kind, 1, "by a seat's voting key", |s| (representative(VIENNA), s.network.closing(s.rival, &[]))),
        row(kind, 1, "of nothing", |s| by_vienna(s.network.closing(s.rival, &[]).citing(0, &[]))),
        row(kind, 1, "of an application", |s| by_vienna(s.network.closing(s.ankara.application, &[]))),
        row(kind, 2, "with a ballot on another motion", |s| {
            by_vienna(s.network.closing(s.rival, &[s.rival_ballots[0], s.ballots[1]]))
        }),
        row(kind, 2, "with a motion for a head", |s| by_vienna(s.network.closing(s.rival, &[s.rival]))),
        row(kind, 2, "with a head twice", |s| {
            by_vienna(s.network.closing(s.rival, &[s.rival_ballots[0]; 2]))
        }),
        row(kind, 2, "with two heads of one seat", |s| {
            let again = s.network.ballot(s.rival, cohub_registry::Choice::No);
            let second = s.network.write(representative(VIENNA), again);
            by_vienna(s.network.closing(s.rival, &[s.rival_ballots[0], second]))
        }),
        row(kind, 3, "a refusal with heads", |s| {
            let page = s.network.refusal(s.rival, Refusal::Notice);
            by_vienna(page.citing(1, &[s.rival_ballots[0]]))
        }),
        row(kind, 4, "a second time", |s| by_vienna(s.network.closing(s.candidate, &[]))),
        row(kind, 4, "after refusing", |s| {
            let page = s.network.refusal(s.rival, Refusal::TooLong);
            s.network.write(teller(VIENNA), page);
            by_vienna(s.network.closing(s.rival, &s.rival_ballots))
        }),
        row(kind, 4, "refusing after closing", |s| {
            by_vienna(s.network.refusal(s.candidate, Refusal::Superseded))
        }),
    ]
}

/// A good return on the candidate motion; tests spoil it.
fn good(scene: &Scene) -> Page {
    scene.network.returned(scene.candidate, &scene.closings, Outcome::Adopted, FOUR)
}

fn returns() -> Vec<Row> {
    let kind = Kind::Return;
    vec![
        row(kind, 1, "by a teller without a seat", |s| (teller(LISBON), good(s))),
        row(kind, 1, "by a seat's voting key", |s| (representative(VIENNA), good(s))),
        row(kind, 1, "on nothing", |s| by_vienna(good(s).citing(0, &[]))),
        row(kind, 1, "on an application", |s| by_vienna(good(s).citing(0, &[s.ankara.application]))),
        row(kind, 2, "of fewer than q closings", |s| by_vienna(good(s).citing(1, &s.closings[..2]))),
        row(kind, 2, "of one closing often enough", |s| {
            by_vienna(good(s).citing(1, &[s.closings[0], s.closings[1], s.closings[1]]))
        }),
        row(kind, 2, "of two closings of one teller who forked", |s| {
            let prev = s.network.before(s.closings[1]);
            let fork = s.network.closing(s.candidate, &[]);
            let (fork, verdict) = s.network.write_after(teller(1), prev, fork);
            assert_eq!(verdict, Verdict::Valid);
            by_vienna(good(s).citing(1, &[s.closings[0], s.closings[1], fork]))
        }),
        row(kind, 2, "of a closing of another motion", |s| {
            let page = s.network.closing(s.rival, &s.rival_ballots);
            let other = s.network.write(teller(3), page);
            by_vienna(good(s).citing(1, &[s.closings[0], s.closings[1], other]))
        }),
        row(kind, 2, "of a refusal", |s| {
            let mut closings = Vec::new();
            for seat in 1..3 {
                let page = s.network.closing(s.rival, &s.rival_ballots);
                closings.push(s.network.write(teller(seat), page));
            }
            let page = s.network.refusal(s.rival, Refusal::Notice);
            closings.push(s.network.write(teller(3), page));
            by_vienna(s.network.returned(s.rival, &closings, Outcome::Adopted, FOUR))
        }),
        row(kind, 2, "of ballots", |s| by_vienna(good(s).citing(1, &s.ballots[..3]))),
        row(kind, 3, "with another tally", |s| {
            let tally = Votes { yes: 3, abstain: 1, ..FOUR };
            by_vienna(s.network.returned(s.candidate, &s.closings, Outcome::Adopted, tally))
        }),
        row(kind, 3, "with another outcome", |s| {
            by_vienna(s.network.returned(s.candidate, &s.closings, Outcome::Rejected, FOUR))
        }),
        row(kind, 3, "with the outcome of another tally", |s| {
            let tally = Votes { yes: 0, no: 4, ..FOUR };
            by_vienna(s.network.returned(s.candidate, &s.closings, Outcome::Rejected, tally))
        }),
        row(kind, 4, "a second time", |s| {
            let page = good(s);
            s.network.write(teller(VIENNA), page);
            by_vienna(good(s).citing(1, &s.closings[..3]))
        }),
    ]
}

/// Everybody closes the rival motion, and Vienna returns the candidate motion as adopted.
fn locked(scene: &mut Scene) -> Page {
    let closings = scene.network.close(scene.rival);
    let page = good(scene);
    scene.network.write(teller(VIENNA), page);
    scene.network.returned(scene.rival, &closings, Outcome::Adopted, FOUR)
}

/// Three tellers close the candidate motion again, on branches and without ballots, and return that.
fn inquorate_candidate(scene: &mut Scene) -> (Vec<Id>, Vec<Id>) {
    let network = &mut scene.network;
    let mut closings = Vec::new();
    for seat in 1..4 {
        let prev = network.before(scene.closings[seat]);
        closings.push(network.write_after(teller(seat), prev, network.closing(scene.candidate, &[])).0);
    }
    let mut returns = Vec::new();
    for (seat, closing) in (1..4).zip(&closings) {
        let page = network.returned(scene.candidate, &closings, Outcome::Inquorate, Votes::default());
        let (id, verdict) = network.write_after(teller(seat), Some(*closing), page);
        assert_eq!(verdict, Verdict::Valid);
        returns.push(id);
    }
    (closings, returns)
}

fn locks() -> Vec<Row> {
    let kind = Kind::Return;
    vec![
        row(kind, 5, "adopting two versions of one slot and base", |s| by_vienna(locked(s))),
        row(kind, 5, "unlocked by returns that adopt", |s| {
            let page = locked(s);
            let mut returns = Vec::new();
            for seat in 1..4 {
                let good = good(s);
                returns.push(s.network.write(teller(seat), good));
            }
            by_vienna(page.citing(2, &returns))
        }),
        row(kind, 5, "unlocked by fewer than q returns", |s| {
            let page = locked(s);
            let (_, returns) = inquorate_candidate(s);
            by_vienna(page.citing(2, &returns[..2]))
        }),
        row(kind, 5, "unlocked by q returns of another motion", |s| {
            let page = locked(s);
            let by = representative(VIENNA);
            let other = s.network.advance(by, s.berlin.application, "eligible", 3);
            let other = s.network.write(by, other);
            s.network.close(other);
            let returns = s.network.bring_back(other);
            by_vienna(page.citing(2, &returns[..3]))
        }),
        row(kind, 5, "unlocked by something else", |s| {
            let page = locked(s);
            by_vienna(page.citing(2, &s.closings[..3]))
        }),
        row(kind, 5, "unlocking, without need, by too few returns", |s| {
            by_vienna(good(s).citing(2, &s.eligible[..2]))
        }),
    ]
}
