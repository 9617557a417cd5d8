//! Certificates whose past holds shares of a sealed document: decisions about a share, lawful and not.

use cohub_record::{Descriptor, Hash, Id, List, Scope};
use cohub_registry::{Choice, Contents, Intent, Outcome, Question, Recommendation, Wrapped};

use super::Failure;
use super::certificates::{Decided, opened, review};
use super::network::Network;
use super::unlawful::decided_anyway;

const YES: [Choice; 4] = [Choice::Yes; 4];

/// A sealed plan, and who is about to let whom read it.
struct Scene {
    network: Network,
    plan: Id,
    other: Id,
    /// What a reader would write that lets another read.
    share: Contents,
}

fn descriptor(content: &str) -> Descriptor {
    let hash = Hash::from_bytes(*blake3::hash(content.as_bytes()).as_bytes());
    Descriptor { hash, size_bytes: 70_000, scope: Scope::Sealed, sealed_to: Some(hash) }
}

fn share(network: &Network, record: Id, content: &str, reader: usize) -> Result<Intent, Failure> {
    let wrapped = Wrapped::try_from(content.as_bytes().repeat(40))?;
    let reader = network.hubs[reader].panelist.public();
    Ok(Intent::Share { record, attachment: descriptor(content).hash, reader, wrapped })
}

/// The applicant seals its plan and shares it with the first panelist, who lets the second read.
fn scene() -> Result<Scene, Failure> {
    let (mut network, motion) = opened(4, "simple")?;
    network.decide(motion, &YES)?;
    let application = network.registry.view().applications[0].id;
    let ankara = network.hubs.last().cloned().ok_or("there is no applicant")?.controller;
    let document = Intent::Document { application, document_type: "plan".parse()? };
    let [mut plan, mut other] = [application; 2];
    for (place, content) in [(&mut plan, "sealed plan"), (&mut other, "another")] {
        let contents = network.registry.draft(&ankara.public(), &document)?;
        *place = network.write(&ankara, contents, vec![descriptor(content)])?;
    }
    let first = share(&network, plan, "sealed plan", 0)?;
    network.say(&ankara, &first)?;
    review(&mut network, 1, application, Recommendation::More)?;
    let second = share(&network, plan, "sealed plan", 1)?;
    let share = network.registry.draft(&network.hubs[0].panelist.public(), &second)?;
    Ok(Scene { network, plan, other, share })
}

/// The reader writes it, and the committee is asked about the note that goes with it.
fn asked(scene: Scene) -> Result<(Network, Id), Failure> {
    let Scene { mut network, share, .. } = scene;
    let reader = network.hubs[0].panelist.clone();
    let note = Descriptor { scope: Scope::Members, sealed_to: None, ..descriptor("a note") };
    let record = network.write(&reader, share, vec![note])?;
    let text = "The note that goes with this share is nobody's business.".parse()?;
    let question = Question::Resolve { text, erasing: List::new(vec![record])? };
    let mover = network.hubs[0].representative.clone();
    let deadline_ms = network.in_an_hour();
    let motion = network.say(&mover, &Intent::Move { question, deadline_ms })?;
    Ok((network, motion))
}

/// A decision that holds.
pub(super) fn all() -> Result<Vec<Decided>, Failure> {
    let (mut network, motion) = asked(scene()?)?;
    let returns = network.decide(motion, &YES)?;
    let name = "a resolution about a share, by a reader";
    Ok(vec![Decided::of(name, &network, motion, Outcome::Adopted, &returns[..3])])
}

/// What is done to a lawful share before it is signed.
type Twist = fn(&mut Scene) -> Result<(), Failure>;

/// Decisions about shares that are void, clause by clause.
pub(super) fn untrue() -> Result<Vec<Decided>, Failure> {
    let twists: [(&'static str, Twist); 6] = [
        ("a share of what another record attached", |scene| {
            scene.share.cites[0] = vec![scene.other];
            Ok(())
        }),
        ("a share with a key that is no grant's", |scene| {
            scene.share.cites[1] = vec![scene.plan];
            Ok(())
        }),
        ("a share by who does not say how it reads", |scene| {
            scene.share.cites[2].clear();
            Ok(())
        }),
        ("a share by who reads by what is no share", |scene| {
            scene.share.cites[2] = vec![scene.other];
            Ok(())
        }),
        ("a share with who recused", |scene| {
            let application = scene.network.registry.view().applications[0].id;
            let said = review(&mut scene.network, 1, application, Recommendation::Recuse)?;
            scene.share.cites[3].push(said);
            Ok(())
        }),
        ("a share with another's words", |scene| {
            let application = scene.network.registry.view().applications[0].id;
            let said = review(&mut scene.network, 2, application, Recommendation::Accept)?;
            scene.share.cites[3] = vec![said];
            Ok(())
        }),
    ];
    let mut cases = Vec::new();
    for (name, twist) in twists {
        let mut scene = scene()?;
        twist(&mut scene)?;
        let (network, motion) = asked(scene)?;
        cases.push(decided_anyway(name, network, motion)?);
    }
    Ok(cases)
}
