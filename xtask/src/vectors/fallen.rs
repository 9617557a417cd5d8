//! Certificates of a fallback and of what the generation decides that it begins (Protocol 6.9), and of a decision in
//! whose past an attachment was erased.

use cohub_record::{Field as _, Hash, Id, List, SecretKey, Value};
use cohub_registry::{Choice, Contents, Intent, Outcome, Question, Role};

use super::Failure;
use super::certificates::{Decided, opened};
use super::network::{Network, secret};
use super::unlawful::decided_anyway;
use super::untrue::adopted;

const YES: [Choice; 4] = [Choice::Yes; 4];

/// Decisions that hold.
pub(super) fn all() -> Result<Vec<Decided>, Failure> {
    Ok([fallen_back()?, vec![erased()?]].concat())
}

/// A network of four that has decided something, with what one of them would write to replace the committee.
fn fallback() -> Result<(Network, SecretKey, Contents), Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    network.decide(motion, &YES)?;
    let mut hubs = Vec::new();
    for place in 0..4 {
        let hub = network.hubs[place].clone();
        network.grant(&hub.controller, &fresh(hub.profile.slug.as_str()), Role::Teller)?;
        let found =
            network.registry.hubs().into_iter().find(|view| view.slug == hub.profile.slug.to_string());
        hubs.push(found.and_then(|view| view.id).ok_or("a founder without an inception")?);
    }
    let question = Question::Fallback { hubs: List::new(hubs)?, standing: List::default() };
    let (mover, deadline_ms) = (network.hubs[0].representative.clone(), network.in_an_hour());
    let contents = network.registry.draft(&mover.public(), &Intent::Move { question, deadline_ms })?;
    // From here on those count who vote.
    for hub in &mut network.hubs {
        hub.teller = hub.representative.clone();
    }
    Ok((network, mover, contents))
}

/// The key with which a hub counts for the committee of the fallback.
fn fresh(slug: &str) -> SecretKey {
    secret(slug, "teller after the fallback")
}

/// The fallback, a resolution of the committee that it seats, and a stage on one that stands.
fn fallen_back() -> Result<Vec<Decided>, Failure> {
    let (mut network, mover, contents) = fallback()?;
    let motion = network.write(&mover, contents, Vec::new())?;
    let returns = network.decide(motion, &[Choice::Yes, Choice::Yes, Choice::No, Choice::Yes])?;
    let mut cases = vec![adopted("a fallback", &network, motion, &returns[..3])];
    for hub in &mut network.hubs {
        hub.teller = fresh(hub.profile.slug.as_str());
    }
    let deadline_ms = network.in_an_hour();
    let question = Question::Resolve { text: "We begin again.".parse()?, erasing: List::default() };
    let motion = network.say(&mover, &Intent::Move { question, deadline_ms })?;
    let returns = network.decide(motion, &YES)?;
    cases.push(adopted("a decision of the next generation", &network, motion, &returns[1..]));

    // On a stage that stands, with another date.
    let application = network.registry.view().applications[0].id;
    let advance = Intent::Advance {
        application,
        stage: Some("eligible".parse()?),
        deadline_ms: network.in_an_hour(),
        open_by_ms: 1_790_000_000_000,
    };
    let motion = network.say(&mover, &advance)?;
    let returns = network.decide(motion, &YES)?;
    cases.push(adopted(
        "a decision on what stands from the generation before",
        &network,
        motion,
        &returns[..3],
    ));
    Ok(cases)
}

/// What the applicant attached is erased by decision before a vote of whoever erased it.
fn erased() -> Result<Decided, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    network.decide(motion, &YES)?;
    let application = network.registry.view().applications[0].id;
    let ankara = network.hubs.last().cloned().ok_or("there is no applicant")?.controller;
    let plan = network.document(&ankara, application, "plan")?;
    let seat = network.hubs[0].representative.clone();
    let question = Question::Resolve { text: "The plan goes.".parse()?, erasing: List::new(vec![plan])? };
    let deadline_ms = network.in_an_hour();
    let motion = network.say(&seat, &Intent::Move { question, deadline_ms })?;
    network.decide(motion, &YES)?;
    network.say(&seat, &Intent::Erase { record: plan, motion: Some(motion) })?;
    let question = Question::Resolve { text: "It is gone.".parse()?, erasing: List::default() };
    let deadline_ms = network.in_an_hour();
    let motion = network.say(&seat, &Intent::Move { question, deadline_ms })?;
    let returns = network.decide(motion, &YES)?;
    Ok(Decided::of("a decision after an erasure", &network, motion, Outcome::Adopted, &returns[..3]))
}

/// What is done to a lawful fallback before it is signed.
type Twist = fn(&mut Contents) -> Result<(), Failure>;

/// Fallbacks that are void, clause by clause.
pub(super) fn untrue() -> Result<Vec<Decided>, Failure> {
    let twists: [(&'static str, Twist); 3] = [
        ("a fallback without one of the founders", |contents| {
            replace(&mut contents.body, 2, |roll| roll.truncate(3))
        }),
        ("a fallback that lists a version twice", |contents| {
            replace(&mut contents.body, 0, |effect| {
                let once = Hash::from_bytes([7; 32]).to_value();
                effect[2] = Value::Array(vec![once.clone(), once]);
            })
        }),
        ("a fallback with handovers", |contents| {
            let founding: Vec<Id> = contents.cites[3].clone();
            contents.cites[2] = founding;
            Ok(())
        }),
    ];
    let mut cases = Vec::new();
    for (name, twist) in twists {
        let (mut network, mover, mut contents) = fallback()?;
        twist(&mut contents)?;
        let motion = network.write(&mover, contents, Vec::new())?;
        cases.push(decided_anyway(name, network, motion)?);
    }
    Ok(cases)
}

/// Changes one array of a body.
fn replace(body: &mut Value, place: usize, change: impl FnOnce(&mut Vec<Value>)) -> Result<(), Failure> {
    let Value::Array(fields) = body else { return Err("the body is no array".into()) };
    let Some(Value::Array(field)) = fields.get_mut(place) else {
        return Err("there is no such array".into());
    };
    change(field);
    Ok(())
}
