//! What the daemon says of itself, its peers, its records and what people owe.

use cohub_record::{Field as _, Id, PublicKey};
use cohub_registry::{
    Closing, Contents, Effect, Inception, Intent, Motion, Question, Registry, Return, Verdict,
};
use cohub_replica::{Records as _, Replica};

use super::Shared;
use super::calls::{Lent, ask, ask_core};
use super::core::Core;
use crate::api::{
    AddressView, Counts, Failure, FailureKind, Newcomer, PeerView, RecordLine, RecordView, Status,
};
use crate::{NodeError, clock, hex, identity};

/// Behind by so much without a word from anybody, a node says that it is alone.
const ALONE_AFTER_MS: u64 = 120_000;
/// A clock that differs from a peer's by more is pointed out.
const CLOCK_APART_MS: u64 = 60_000;

/// How the node is.
pub(crate) async fn status(shared: &Shared) -> Result<Status, Failure> {
    let own = identity::own_hub(&shared.home)?;
    let peers = peers(shared).await?;
    let addresses = shared.handle.listen_addresses().await.map_err(NodeError::from)?;
    let local = shared.handle.local();
    let slug = own.profile.slug.to_string();
    let up_ms = u64::try_from(shared.began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let doubtful = shared.doubt.warning();
    let controller = own.controller;
    let addresses = addresses.iter().map(|address| format!("{address}/p2p/{local}")).collect();
    let mut status = Status {
        network: None,
        network_name: None,
        hub: Some(slug),
        hub_status: None,
        peer_id: local.to_string(),
        node: shared.node,
        addresses,
        records: 0,
        missing: 0,
        head: None,
        peers,
        synced: false,
        last_heard_ms: None,
        warnings: doubtful.into_iter().collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        up_ms,
        clock_offset_ms: None,
        counts: Counts::default(),
    };
    ask_core(shared, move |core| {
        let now = clock::now_ms();
        status.synced = core.health.is_synced();
        status.last_heard_ms = core.health.last_heard_ms().map(|at| now.saturating_sub(at));
        status.clock_offset_ms = core.health.clock_offset_ms();
        status.counts = core.health.counts();
        status.warnings.extend(warnings(core, &status));
        if let Some(registry) = core.replica.registry() {
            status.network = Some(registry.network().to_network_text());
            status.network_name = Some(registry.founding().name.to_string());
            status.records = registry.len();
            status.missing = registry.missing().len();
            status.head = Some(core.view.head(registry));
            status.hub_status = registry.hub_with(&controller).map(|hub| hub.status);
        }
        status
    })
    .await
}

fn warnings(core: &Core, status: &Status) -> Vec<String> {
    let replica = &core.replica;
    let mut warnings = Vec::new();
    let connected = status.peers.iter().filter(|peer| peer.connected).count();
    if replica.registry().is_none() {
        warnings.push(
            "no network yet: found one with `cohub network found`, or join one with `cohub network join`"
                .to_owned(),
        );
    } else if connected == 0 {
        let heard = status.last_heard_ms.is_some_and(|ago| ago < ALONE_AFTER_MS);
        if !heard {
            warnings.push("alone: no peer is connected; `cohub peer list` shows why".to_owned());
        }
    }
    if let Some(apart) =
        core.health.clock_offset_ms().map(i64::unsigned_abs).filter(|apart| *apart > CLOCK_APART_MS)
    {
        warnings.push(format!(
            "this clock differs from its peers' by {} s; set it, or ballots may come late",
            apart / 1000
        ));
    }
    let forks = replica.registry().map_or(0, |registry| registry.forks().len());
    if forks > 0 {
        warnings.push(format!("{forks} forks were found: `cohub evidence list` shows who signed twice"));
    }
    let disputes = replica.registry().map_or(0, Registry::disputes);
    if disputes > 0 {
        warnings.push(format!(
            "{disputes} decisions are disputed: more tellers lied than the rules bear. `cohub evidence list` names them, \
             and what was decided before is kept"
        ));
    }
    warnings
}

/// Peers with their addresses.
pub(crate) async fn peers(shared: &Shared) -> Result<Vec<PeerView>, Failure> {
    let peers = shared.handle.peers().await.map_err(NodeError::from)?;
    let views: Vec<PeerView> = peers
        .into_iter()
        .map(|peer| {
            let addresses = peer.addresses.into_iter().map(|address| AddressView {
                address: address.address.to_string(),
                last_error: address.last_error,
            });
            PeerView {
                key: peer.peer.into(),
                hub: None,
                connected: peer.connected,
                rtt_us: peer.round_trip.and_then(|rtt| u64::try_from(rtt.as_micros()).ok()),
                addresses: addresses.collect(),
            }
        })
        .collect();
    ask_core(shared, move |core| {
        let Some(registry) = core.replica.registry() else { return views };
        let hubs = registry.hubs();
        let slug = |key: &PublicKey| {
            let hub = registry.hub_of(key)?;
            hubs.iter().find(|candidate| candidate.controller == hub).map(|hub| hub.slug.clone())
        };
        views.into_iter().map(|view| PeerView { hub: slug(&view.key), ..view }).collect()
    })
    .await
}

/// Who stands at the door.
pub(crate) fn door(replica: &Replica) -> Vec<Newcomer> {
    let newcomer = |newcomer: &cohub_replica::Newcomer| {
        let inception = newcomer.items.first()?.record();
        let Inception { profile, .. } = Inception::from_value(&inception.header().body).ok()?;
        Some(Newcomer {
            controller: newcomer.controller,
            node: newcomer.node,
            slug: profile.slug.to_string(),
            name: profile.name.to_string(),
            city: profile.city.to_string(),
            country: profile.country.to_string(),
        })
    };
    replica.newcomers().filter_map(newcomer).collect()
}

/// One record, decoded and raw.
pub(crate) async fn record(shared: &Shared, id: Id) -> Result<RecordView, Failure> {
    let found = ask(shared, move |core, registry| {
        let (author, place) = registry.place(&id)?;
        let bytes = core.store.read(&author, place).ok().flatten()?;
        let record = cohub_record::Record::from_store(&id, &bytes).ok()?;
        Some(RecordView {
            line: line(registry, &registry.hubs(), &record),
            prev: record.header().prev,
            cites: record.header().cites.clone(),
            body: json_of(&record.header().body),
            attachments: record.header().attachments.iter().map(|descriptor| {
                serde_json::json!({ "hash": descriptor.hash, "size_bytes": descriptor.size_bytes, "scope": descriptor.scope })
            }).collect(),
            cited_by: registry.cited_by(&id),
            raw: hex::encode(&bytes),
        })
    });
    found
        .await?
        .ok_or_else(|| Failure::new(FailureKind::NotFound, format!("{id} is no record that this node holds")))
}

/// Records by the authors' clocks, the newest last.
pub(crate) fn records(
    registry: &Registry,
    core: &Lent<'_>,
    author: Option<PublicKey>,
    kind: Option<&str>,
    before: Option<(u64, Id)>,
    limit: usize,
) -> Vec<RecordLine> {
    let read = |author: &PublicKey, place: cohub_record::Place| {
        let bytes = core.store.read(author, place).ok().flatten()?;
        cohub_record::Record::from_store(&place.id, &bytes).ok()
    };
    // Of each record its date and its place only: a record may be large, and few of them are shown.
    let mut found = Vec::new();
    for key in registry.authors().filter(|key| author.is_none_or(|author| author == *key)) {
        let Some(log) = registry.log(&key) else { continue };
        for place in log.places_from(0) {
            let Some(record) = read(&key, place) else { continue };
            let (at, of_kind) = (record.header().at, kind.is_none_or(|kind| record.header().kind == kind));
            if of_kind && before.is_none_or(|before| (at, place.id) < before) {
                found.push((at, place.id, key, place));
            }
        }
    }
    found.sort_unstable_by_key(|(at, id, ..)| (*at, *id));
    let beyond = found.len().saturating_sub(limit);
    let (hubs, shown) = (registry.hubs(), found.split_off(beyond));
    let shown = shown.into_iter().filter_map(|(_, _, key, place)| read(&key, place));
    shown.map(|record| line(registry, &hubs, &record)).collect()
}

pub(crate) fn line(
    registry: &Registry,
    hubs: &[cohub_registry::HubBrief],
    record: &cohub_record::Record,
) -> RecordLine {
    let verdict = match registry.verdict(&record.id()) {
        Some(Verdict::Valid) => "valid".to_owned(),
        Some(Verdict::Void(void)) => void.to_string(),
        Some(Verdict::Pending) | None => "pending".to_owned(),
    };
    let hub = registry.hub_of(&record.author());
    let hub = hub.and_then(|controller| hubs.iter().find(|hub| hub.controller == controller));
    RecordLine {
        id: record.id(),
        author: record.author(),
        hub: hub.map(|hub| hub.slug.clone()),
        seq: record.header().seq,
        at: record.header().at,
        kind: record.header().kind.clone(),
        verdict,
    }
}

fn json_of(value: &cohub_record::Value) -> serde_json::Value {
    use cohub_record::Value;
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(integer) => (*integer).into(),
        Value::Bytes(bytes) => hex::encode(bytes).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(json_of).collect(),
    }
}

/// A hub's name, for people; its id where nothing more is known.
fn name_of(registry: &Registry, hub: Option<String>) -> String {
    let Some(hub) = hub else { return "a hub that is not held".to_owned() };
    registry.view().hubs.into_iter().find(|view| view.id.as_ref() == Some(&hub)).map_or(hub, |view| view.name)
}

/// What a draft says, in sentences for the person who signs.
pub(crate) fn summary(registry: &Registry, contents: &Contents, intent: &Intent) -> Vec<String> {
    let hub_of = |application: &Id| {
        let view = registry.view().applications.into_iter().find(|view| view.id == *application);
        name_of(registry, view.and_then(|view| view.hub))
    };
    let cited: usize = contents.cites.iter().map(Vec::len).sum();
    let said = match intent {
        Intent::Inception { profile, .. } => format!("{} begins as a hub of this network", profile.name),
        Intent::Sponsor { controller, records } => {
            format!("your hub vouches for {controller}, who may write up to {records} records")
        }
        Intent::Application { claim: None } => "your hub applies for co-ownership".to_owned(),
        Intent::Application { claim: Some(claim) } => {
            format!(
                "your hub takes up the claim {claim}: it is in the network already, and applies for co-ownership"
            )
        }
        Intent::Document { document_type, application } => {
            format!("the document {document_type} is handed in with the application {application}")
        }
        Intent::Review { panel, recommendation, application, .. } => {
            format!("a review for the panel {panel} on {}: {recommendation}", hub_of(application))
        }
        Intent::Seal { panel, application, .. } => format!(
            "a sealed review for the panel {panel} on {}: nobody reads what it says until you open it, and you can open \
             it in no other way",
            hub_of(application)
        ),
        Intent::Open { review, recommendation, .. } => {
            format!("your sealed review {review} is opened: {recommendation}")
        }
        Intent::Interview { outcome, application } => {
            format!("an interview with {} took place: {outcome}", hub_of(application))
        }
        Intent::Advance { application, stage, .. } => {
            let stage = stage.as_ref().map_or_else(|| "its next stage".to_owned(), ToString::to_string);
            format!("the committee is asked whether {} shall reach {stage}", hub_of(application))
        }
        Intent::Move { question, .. } => asked(registry, contents, question),
        Intent::Withdraw { record } => format!("you take back {record}"),
        Intent::Erase { record, motion } => {
            let by = motion.map_or_else(String::new, |motion| format!(", as {motion} decided"));
            format!(
                "every node erases what {record} attached{by}; nobody can bring it back. The record and what builds on it stand"
            )
        }
        Intent::Share { record, reader, .. } => {
            let whose = registry.hub_with(reader).map_or_else(String::new, |hub| format!(" of {}", hub.slug));
            format!("{reader}{whose} may read what {record} attached, and let others read it")
        }
        Intent::Leave => {
            "your hub leaves the network: it is a co-owner no more, and its keys' logs end here".to_owned()
        }
        Intent::Ballot { motion, choice } => match registry.motion(motion) {
            Some(view) => format!("you vote {choice} on: {}. Rule: {}", view.question, view.rule),
            None => format!("you vote {choice} on {motion}"),
        },
        Intent::Count { motion } => counted(registry, contents, motion),
        Intent::SignAdmission { application } => {
            format!("you sign the admission of {} as co-owner", hub_of(application))
        }
        Intent::SignManifesto => "your hub signs the manifesto".to_owned(),
        Intent::Profile(profile) => format!("your hub reports the year {}", profile.year),
        Intent::Grant { key, roles, .. } => {
            let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            format!("{key} becomes {} of your hub", roles.join(" and "))
        }
        Intent::Revoke { key } => format!("{key} loses all its roles for your hub"),
        Intent::Rotate { before: None, .. } => {
            "this key becomes your hub's controller, and the old one's log ends".to_owned()
        }
        Intent::Rotate { before: Some(first), .. } => format!(
            "this key becomes your hub's controller, and the old one's log ends before {first}: that record and all \
             behind it count no more"
        ),
    };
    let others = if cited == 1 { "other" } else { "others" };
    vec![said, format!("a record of the kind {}, which builds on {cited} {others}", contents.kind)]
}

/// What a representative says who counts a fallback.
fn counted(registry: &Registry, contents: &Contents, motion: &Id) -> String {
    let question = registry.motion(motion).map(|view| view.question).unwrap_or_default();
    if let Ok(returned) = Return::from_value(&contents.body) {
        return format!("you count the votes on whether {question}: it is {}", returned.outcome);
    }
    let refusal = Closing::from_value(&contents.body).ok().and_then(|closing| closing.refusal);
    match (refusal, contents.cites.get(1).map_or(0, Vec::len)) {
        (Some(refusal), _) => format!("you refuse to count the votes on whether {question}: {refusal}"),
        (None, ballots) => format!(
            "you close the vote on whether {question}, with the ballots that your node held in time: {ballots}"
        ),
    }
}

/// What a drafted motion asks of whom.
fn asked(registry: &Registry, contents: &Contents, question: &Question) -> String {
    let motion = Motion::from_value(&contents.body).ok();
    let effect = motion.as_ref().map(|motion| registry.question_of(&motion.effect));
    let body = match &motion {
        Some(Motion { effect: Effect::Fallback { .. }, .. }) => "fallback roll",
        Some(motion) if !motion.roll.is_empty() => "assembly",
        _ => "committee",
    };
    let what = effect.unwrap_or_else(|| format!("{question:?}"));
    let erased = match question {
        Question::Resolve { erasing, .. } if !erasing.is_empty() => {
            let records: Vec<String> = erasing.iter().map(Id::to_string).collect();
            format!(", and every node then erases what these attached: {}", records.join(", "))
        }
        _ => String::new(),
    };
    format!("the {body} is asked whether {what}{erased}")
}
