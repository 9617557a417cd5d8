//! Certificates of what is no stage: of the assembly, under an amended charter, and of a second committee.

use cohub_record::{Id, List};
use cohub_registry::{Change, Choice, Intent, Outcome, Question, Role};

use super::Failure;
use super::certificates::{Decided, admission, charter, opened};
use super::network::{Network, secret};

const YES: [Choice; 4] = [Choice::Yes; 4];

/// Decisions that hold.
pub(super) fn all() -> Result<Vec<Decided>, Failure> {
    Ok([assembled()?, succeeded()?].concat())
}

/// The first hub puts a question.
fn ask(network: &mut Network, question: Question) -> Result<Id, Failure> {
    let key = network.hubs[0].representative.clone();
    let deadline_ms = network.in_an_hour();
    network.say(&key, &Intent::Move { question, deadline_ms })
}

fn adopted(name: &'static str, network: &Network, motion: Id, returns: &[Id]) -> Decided {
    Decided::of(name, network, motion, Outcome::Adopted, returns)
}

/// The assembly with a hub in it that was admitted: its manifesto, a charter, an expulsion.
fn assembled() -> Result<Vec<Decided>, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    network.decide(motion, &YES)?;
    let application = network.registry.view().applications[0].id;
    let motion = admission(&mut network, application)?;
    network.decide(motion, &YES)?;
    let ankara = network.hubs.last().cloned().ok_or("there is no applicant")?;
    network.say(&ankara.controller, &Intent::SignAdmission { application })?;
    let seat = network.hubs[2].representative.clone();
    network.say(&seat, &Intent::SignAdmission { application })?;
    network.grant(&ankara.controller, &ankara.representative, Role::Representative)?;

    let mut cases = Vec::new();
    let text = "What is ours together is used together.".parse()?;
    let motion = ask(&mut network, Question::Manifesto { text })?;
    let five = [Choice::Yes, Choice::Yes, Choice::No, Choice::Yes, Choice::Abstain];
    let returns = network.decide(motion, &five)?;
    cases.push(adopted("a manifesto, by the assembly", &network, motion, &returns[..3]));

    let amended = format!(
        "{}\n[decisions]\nresolve = {{ body = \"assembly\", rule = \"admission\" }}\n",
        charter("simple")
    );
    let motion = ask(&mut network, Question::Amend { charter: amended })?;
    network.decide(motion, &[Choice::Yes; 5])?;
    let text = "Our books are open.".parse()?;
    let motion = ask(&mut network, Question::Resolve { text, erasing: List::default() })?;
    let returns = network.decide(motion, &[Choice::Yes, Choice::Yes, Choice::Yes, Choice::No, Choice::No])?;
    let rejected = Outcome::Rejected;
    cases.push(Decided::of(
        "a resolution under an amended charter",
        &network,
        motion,
        rejected,
        &returns[1..],
    ));

    let members = List::new(vec![network.hubs[1].panelist.public(), network.hubs[3].panelist.public()])?;
    let panel = "community".parse()?;
    let motion = ask(&mut network, Question::Appoint { panel, members, until_ms: 0 })?;
    let returns = network.decide(motion, &YES)?;
    cases.push(adopted("an appointment", &network, motion, &returns[1..]));

    let hub = network.registry.hubs().into_iter().find(|hub| hub.slug == "ankara").and_then(|hub| hub.id);
    let hub = hub.ok_or("there is no Ankara")?;
    let motion = ask(&mut network, Question::Standing { hub, change: Change::Expel })?;
    let returns = network.decide(motion, &[Choice::Yes; 5])?;
    cases.push(adopted("an expulsion", &network, motion, &returns[..3]));
    let motion = ask(&mut network, Question::Standing { hub, change: Change::Reinstate })?;
    let returns = network.decide(motion, &[Choice::Yes, Choice::Yes, Choice::No, Choice::Yes])?;
    cases.push(adopted("a reinstatement", &network, motion, &returns[..3]));
    Ok(cases)
}

/// The assembly seats the same hubs with fresh tellers, and the old ones hand over.
fn succession(network: &mut Network) -> Result<(Id, Vec<Id>), Failure> {
    let mut hubs = Vec::new();
    for place in 0..4 {
        let (controller, fresh) = (
            network.hubs[place].controller.clone(),
            secret(network.hubs[place].profile.slug.as_str(), "second teller"),
        );
        network.grant(&controller, &fresh, Role::Teller)?;
        let slug = network.hubs[place].profile.slug.to_string();
        let hub = network.registry.hubs().into_iter().find(|hub| hub.slug == slug);
        hubs.push(hub.and_then(|hub| hub.id).ok_or("a founder without an inception")?);
    }
    let motion = ask(network, Question::Seat { hubs: List::new(hubs)? })?;
    let returns = network.decide(motion, &YES)?;
    for place in 0..4 {
        let old = network.hubs[place].teller.clone();
        let due = network.registry.handover_due(&old.public()).ok_or("nothing is to be handed over")?;
        network.write(&old, due.contents, Vec::new())?;
        network.hubs[place].teller = secret(network.hubs[place].profile.slug.as_str(), "second teller");
    }
    Ok((motion, returns))
}

fn succeeded() -> Result<Vec<Decided>, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    network.decide(motion, &YES)?;
    let (seated, returns) = succession(&mut network)?;
    let mut cases = vec![adopted("a second committee", &network, seated, &returns[..3])];
    let text = "We go on.".parse()?;
    let motion = ask(&mut network, Question::Resolve { text, erasing: List::default() })?;
    let returns = network.decide(motion, &[Choice::Yes, Choice::No, Choice::Yes, Choice::Yes])?;
    cases.push(adopted("a decision of the second committee", &network, motion, &returns[1..]));
    Ok(cases)
}

/// Decisions that do not hold: against a lock that was handed over, and by tellers who have handed over.
pub(super) fn untrue() -> Result<Vec<Decided>, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    for seat in 0..4 {
        network.vote(motion, seat, Choice::Yes)?;
    }
    let mut closings = Vec::new();
    for seat in 0..4 {
        closings.push(network.close(motion, seat)?);
    }
    // All four tellers hold it as adopted: whichever three handovers are cited.
    let mut late = network.clone();
    for seat in 0..4 {
        network.return_(motion, seat)?;
    }
    let application = network.registry.view().applications[0].id;
    succession(&mut network)?;
    let rival = rival_on_no_base(&mut network, application)?;
    let mut held = Vec::new();
    for seat in 0..4 {
        network.vote(rival, seat, Choice::Yes)?;
    }
    for seat in 0..4 {
        held.push(network.close(rival, seat)?);
    }
    let mut returns = Vec::new();
    for seat in 0..3 {
        returns.push(network.return_as(rival, seat, &held, Outcome::Adopted, [4, 0, 0, 0, 0])?);
    }
    let mut cases = vec![adopted("a version against one that was handed over", &network, rival, &returns)];

    let olds: Vec<_> = late.hubs.iter().take(4).map(|hub| hub.teller.clone()).collect();
    succession(&mut late)?;
    for (place, old) in olds.into_iter().enumerate() {
        late.hubs[place].teller = old;
    }
    let mut returns = Vec::new();
    for seat in 0..3 {
        returns.push(late.return_as(motion, seat, &closings, Outcome::Adopted, [4, 0, 0, 0, 0])?);
    }
    cases.push(adopted("returns by tellers who have handed over", &late, motion, &returns));
    Ok(cases)
}

/// A motion of the second committee for another version of the first stage.
fn rival_on_no_base(network: &mut Network, application: Id) -> Result<Id, Failure> {
    let key = network.hubs[0].representative.clone();
    let intent = Intent::Advance {
        application,
        stage: Some("eligible".parse()?),
        deadline_ms: network.in_an_hour(),
        open_by_ms: 1_790_000_000_000,
    };
    let mut contents = network.registry.draft(&key.public(), &intent)?;
    contents.cites[4] = Vec::new();
    network.write(&key, contents, Vec::new())
}
