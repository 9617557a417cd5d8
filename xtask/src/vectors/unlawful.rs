//! Motions that the charter does not allow, decided by everybody all the same.

use cohub_record::{Id, Value};
use cohub_registry::{Choice, Contents, Intent, Outcome};

use super::Failure;
use super::certificates::{Decided, admission, opened};
use super::network::Network;
use super::untrue::{ALL_YES, YES, adopted};

/// What is done to an honest motion before it is signed.
type Twist = fn(&mut Contents);

/// Motions that the charter does not allow, decided by everybody all the same.
pub(super) fn all() -> Result<Vec<Decided>, Failure> {
    let mut cases = Vec::new();
    let changes: [(&'static str, Twist); 5] = [
        ("a motion without the founders' inceptions", |contents| contents.cites[1].truncate(3)),
        ("a motion with handovers in the first term", |contents| {
            let founding = contents.cites[3].clone();
            contents.cites[2] = founding;
        }),
        ("a motion without evidence", |contents| contents.cites[5].clear()),
        ("a motion for a stage out of turn", |contents| {
            contents.body = renamed(&contents.body, "initiative");
        }),
        ("a motion for a stage of nothing known", |contents| {
            contents.body = renamed(&contents.body, "chosen");
        }),
    ];
    for (name, change) in changes {
        let (mut network, good) = opened(4, "simple")?;
        let application = network.registry.view().applications[0].id;
        let mover = network.hubs[0].representative.clone();
        let deadline_ms = network.registry.motion(&good).ok_or("no motion")?.deadline;
        let intent = Intent::Advance { application, stage: None, deadline_ms, open_by_ms: 0 };
        let mut contents = network.registry.draft(&mover.public(), &intent)?;
        change(&mut contents);
        let motion = network.write(&mover, contents, Vec::new())?;
        cases.push(decided_anyway(name, network, motion)?);
    }

    cases.extend(incomplete_dossiers()?);
    Ok(cases)
}

/// Motions whose dossier lacks one thing that the stage asks for, or holds one that is not of the application.
fn incomplete_dossiers() -> Result<Vec<Decided>, Failure> {
    let mut cases = Vec::new();
    let lacking: [(&'static str, &str, usize); 5] = [
        ("a motion whose dossier lacks a document", "document", 1),
        ("a motion whose dossier lacks a review", "review", 1),
        ("a motion whose dossier lacks the interview", "interview", 1),
        ("a motion whose evidence holds something twice", "document", 0),
        ("a motion whose evidence lacks the application", "application", 1),
    ];
    for (name, kind, remove) in lacking {
        let (mut network, motion) = opened(4, "simple")?;
        network.decide(motion, &YES)?;
        let application = network.registry.view().applications[0].id;
        let motion = admission(&mut network, application)?;
        // The same motion once more, with other evidence.
        let mover = network.hubs[0].representative.clone();
        let deadline_ms = network.registry.motion(&motion).ok_or("no motion")?.deadline;
        let intent = Intent::Advance { application, stage: None, deadline_ms, open_by_ms: 0 };
        let mut contents = network.registry.draft(&mover.public(), &intent)?;
        let place = contents.cites[5].iter().rposition(|id| network.kind(id) == Some(kind));
        let place = place.ok_or("the evidence holds nothing of that kind")?;
        let twice = contents.cites[5][place];
        contents.cites[5].splice(place..place + remove, (remove == 0).then_some(twice));
        let motion = network.write(&mover, contents, Vec::new())?;
        cases.push(decided_anyway(name, network, motion)?);
    }
    Ok(cases)
}

/// The body of a motion for another stage.
fn renamed(body: &Value, stage: &str) -> Value {
    let Value::Array(mut fields) = body.clone() else { return body.clone() };
    if let Some(Value::Array(effect)) = fields.first_mut() {
        effect[2] = Value::Text(stage.to_owned());
    }
    Value::Array(fields)
}

/// Ballots, closings and returns on a motion that is void.
pub(super) fn decided_anyway(
    name: &'static str,
    mut network: Network,
    motion: Id,
) -> Result<Decided, Failure> {
    let mut heads = Vec::new();
    for seat in 0..4 {
        heads.push(network.vote(motion, seat, Choice::Yes)?);
    }
    let closings =
        (0..4).map(|seat| network.close_with(motion, seat, &heads)).collect::<Result<Vec<Id>, _>>()?;
    let returns = (0..3).map(|seat| network.return_as(motion, seat, &closings, Outcome::Adopted, ALL_YES));
    let returns = returns.collect::<Result<Vec<Id>, _>>()?;
    Ok(adopted(name, &network, motion, &returns))
}
