//! Motions that the charter does not allow, decided by everybody all the same.

use cohub_record::{Field as _, Id, SecretKey, Value};
use cohub_registry::{Choice, Contents, Intent, Outcome, Recommendation, recovery_hash};

use super::Failure;
use super::certificates::{Decided, admission, claimed, opened, review};
use super::network::{Network, secret};
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
        let (mut network, _) = opened(4, "simple")?;
        let application = network.registry.view().applications[0].id;
        let (mover, mut contents) = drafted(&network, application)?;
        change(&mut contents);
        let motion = network.write(&mover, contents, Vec::new())?;
        cases.push(decided_anyway(name, network, motion)?);
    }

    cases.extend(claims()?);
    cases.extend(incomplete_dossiers()?);
    cases.extend(spoilt_dossiers()?);
    Ok(cases)
}

/// A claim by another stage than the last, and one that is another's.
fn claims() -> Result<Vec<Decided>, Failure> {
    let (mut network, application) = claimed()?;
    let (mover, mut contents) = drafted(&network, application)?;
    contents.body = renamed(&contents.body, "eligible");
    let motion = network.write(&mover, contents, Vec::new())?;
    let mut cases = vec![decided_anyway("a claim that asks for the first stage", network, motion)?];

    let (mut network, _) = claimed()?;
    let ankara = network.hubs.last().cloned().ok_or("there is no applicant")?;
    let application =
        network.say(&ankara.controller, &Intent::Application { claim: Some("lagos".parse()?) })?;
    let (mover, mut contents) = drafted(&network, network.registry.view().applications[0].id)?;
    contents.cites[5] = vec![application];
    contents.body = about(&contents.body, application);
    let motion = network.write(&mover, contents, Vec::new())?;
    cases.push(decided_anyway("a claim that is another hub's", network, motion)?);
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
        admission(&mut network, application)?;
        let (mover, mut contents) = drafted(&network, application)?;
        let place = contents.cites[5].iter().rposition(|id| network.kind(id) == Some(kind));
        let place = place.ok_or("the evidence holds nothing of that kind")?;
        let twice = contents.cites[5][place];
        contents.cites[5].splice(place..place + remove, (remove == 0).then_some(twice));
        let motion = network.write(&mover, contents, Vec::new())?;
        cases.push(decided_anyway(name, network, motion)?);
    }
    Ok(cases)
}

/// Dossiers whose one document or review counts for nothing.
fn spoilt_dossiers() -> Result<Vec<Decided>, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    network.decide(motion, &YES)?;
    let application = network.registry.view().applications[0].id;
    let ankara = network.hubs.last().cloned().ok_or("there is no applicant")?;
    let mut usurping = network.clone();

    // The panelist accepted, and asked for more after that.
    network.document(&ankara.controller, application, "plan")?;
    let accepted = review(&mut network, 0, application, Recommendation::Accept)?;
    let (mover, mut contents) = drafted(&network, application)?;
    let taken_back = review(&mut network, 0, application, Recommendation::More)?;
    contents.cites[5].retain(|id| *id != accepted);
    contents.cites[5].extend([taken_back, accepted]);
    let motion = network.write(&mover, contents, Vec::new())?;
    let mut cases = vec![decided_anyway("a motion whose one review was taken back", network, motion)?];

    // Nobody revokes a key of another hub, and nothing that rests on it stands: not even the next controller.
    let foreign = usurping.hubs[0].representative.public();
    let void = usurping.say(&ankara.controller, &Intent::Revoke { key: foreign })?;
    let recovery = recovery_hash(&secret("ankara", "second recovery").public());
    let intent = Intent::Rotate { controller: ankara.controller.public(), recovery, before: None };
    let mut rotation = usurping.registry.draft(&ankara.recovery.public(), &intent)?;
    rotation.cites[1] = vec![void];
    usurping.write(&ankara.recovery, rotation, Vec::new())?;
    let document = usurping.document(&ankara.recovery, application, "plan")?;
    let reviewed = review(&mut usurping, 0, application, Recommendation::Accept)?;
    let (mover, mut contents) = drafted(&usurping, application)?;
    contents.cites[5] = vec![application, document, reviewed];
    let motion = usurping.write(&mover, contents, Vec::new())?;
    cases.push(decided_anyway("an applicant that revoked another hub's key", usurping, motion)?);
    Ok(cases)
}

/// The mover, and an honest motion that the application reach its next stage, not yet written.
fn drafted(network: &Network, application: Id) -> Result<(SecretKey, Contents), Failure> {
    let mover = network.hubs[0].representative.clone();
    let intent = Intent::Advance { application, stage: None, deadline_ms: 1_764_100_000_000, open_by_ms: 0 };
    let contents = network.registry.draft(&mover.public(), &intent)?;
    Ok((mover, contents))
}

/// The body of a motion for another stage.
fn renamed(body: &Value, stage: &str) -> Value {
    let Value::Array(mut fields) = body.clone() else { return body.clone() };
    if let Some(Value::Array(effect)) = fields.first_mut() {
        effect[2] = Value::Text(stage.to_owned());
    }
    Value::Array(fields)
}

/// The body of a motion about another application.
fn about(body: &Value, application: Id) -> Value {
    let Value::Array(mut fields) = body.clone() else { return body.clone() };
    if let Some(Value::Array(effect)) = fields.first_mut() {
        effect[1] = application.to_value();
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
