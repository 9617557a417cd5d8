//! One call, one answer: each arm hands on to whom it concerns.

use std::time::Duration;

use cohub_record::{Hash, Id, List, PublicKey};
use cohub_registry::{Intent, Outcome, Registry, Verdict};
use cohub_replica::{Answer, Input};
use serde::Serialize;
use tokio::time::Instant;

use super::core::{CallError, Core};
use super::network::NetWork;
use super::{Shared, answers, explain, item_of, knock, memory, nominee, resolve, take_up};
use crate::api::{
    Call, Done, Drafted, Exported, Failure, FailureKind, Fetched, Held, Invited, SignedRecord, Submitted,
};
use crate::home::make_dir;
use crate::network::NetworkFile;
use crate::{NodeError, clock, hex};

/// How often something that is waited for is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Records that one listing may ask for.
const LISTED: usize = 10_000;

/// Answers a call.
pub(crate) async fn answer(shared: &Shared, call: Call) -> Result<serde_json::Value, Failure> {
    match call {
        Call::Status => json(&answers::status(shared).await?),
        Call::Registry => {
            let picture = ask(shared, |core, registry| core.view.get(registry)).await?;
            Ok((*picture.json).clone())
        }
        Call::Motion { id } => {
            let view = ask(shared, move |_, registry| registry.motion(&id)).await?;
            let view = view.ok_or_else(|| not_found(format!("{id} is no motion that this node holds")))?;
            let state = view.state_at(clock::now_ms()).to_owned();
            let mut json = json(&view)?;
            json["state"] = state.into();
            Ok(json)
        }
        Call::Sealing { record } => {
            let sealing = ask(shared, move |_, registry| registry.sealing(&record)).await?;
            json(
                &sealing
                    .ok_or_else(|| not_found(format!("{record} is not here, or attached nothing sealed")))?,
            )
        }
        Call::Minutes { motion } => memory::minutes(shared, motion).await,
        Call::RegistryAt { as_of } => memory::registry_at(shared, as_of).await,
        Call::Preview { author, intent } => json(&preview(shared, author, intent).await?),
        Call::Draft { author, intent } => json(&draft(shared, author, intent).await?),
        Call::Check { record } => check(shared, &record).await,
        Call::Release { author } => {
            shared.core.input(Input::Release { key: author }).await;
            done()
        }
        Call::Retire => {
            shared.doubt.retire()?;
            done()
        }
        Call::Nominate { controller } => json(&nominee::nominate(shared, controller).await?),
        Call::Submit { records } => json(&submit(shared, &records).await?),
        Call::Holding { id, peers, wait_ms } => json(&holding(shared, id, peers, wait_ms).await?),
        Call::Keep { hash, path } => keep(shared, hash, path).await,
        Call::Fetch { hash, wait_ms } => json(&fetch(shared, hash, wait_ms).await?),
        Call::Join { founding } => {
            let file =
                NetworkFile { network: String::new(), name: String::new(), founding, nodes: Vec::new() };
            take_up(shared, &file).await?;
            done()
        }
        Call::Knock { invite, records } => {
            knock(shared, &invite, &records).await?;
            done()
        }
        Call::Invite { valid_ms } => json(&invite(shared, valid_ms).await?),
        Call::Door => json(&ask_core(shared, |core| answers::door(&core.replica)).await?),
        Call::Record { id } => json(&answers::record(shared, id).await?),
        Call::Records { author, kind, before, limit } => {
            let limit = limit.min(LISTED);
            json(
                &ask(shared, move |core, registry| {
                    answers::records(registry, core, author, kind.as_deref(), before, limit)
                })
                .await?,
            )
        }
        Call::Certificate { motion, outcome } => json(&certificate(shared, motion, outcome).await?),
        Call::Resolve { what, text } => {
            json(&ask(shared, move |core, registry| resolve::resolve(core, registry, what, &text)).await??)
        }
        Call::Peers => json(&answers::peers(shared).await?),
        Call::PeerAdd { address } => peer_add(shared, &address),
        Call::PeerBlock { peer } => {
            let _ = shared.network.send(NetWork::Block(peer));
            done()
        }
        Call::Agenda { key } => {
            json(&ask(shared, move |_, registry| registry.agenda(&key, clock::now_ms())).await?)
        }
        Call::SyncWait { wait_ms } => sync_wait(shared, wait_ms).await,
        Call::SyncExplain => json(&explain::explain(shared).await?),
        Call::Watch => Err(Failure::new(FailureKind::Usage, "watching is a connection of its own")),
        Call::Stop => {
            let _ = shared.end.send(true);
            done()
        }
    }
}

pub(crate) fn json<T: Serialize>(answer: &T) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(answer).map_err(|error| Failure::new(FailureKind::Failed, error.to_string()))
}

fn done() -> Result<serde_json::Value, Failure> {
    json(&Done {})
}

fn unverified(error: &NodeError) -> Failure {
    Failure::new(FailureKind::Verification, error.to_string())
}

fn not_found(why: String) -> Failure {
    Failure::new(FailureKind::NotFound, why)
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        use cohub_replica::ReplicaError as R;
        let kind = match &error {
            CallError::Replica(
                R::Void { .. }
                | R::Pending { .. }
                | R::WrongNetwork(_)
                | R::Used { .. }
                | R::Skips { .. }
                | R::Founding(_)
                | R::OtherNetwork(_),
            ) => FailureKind::Refused,
            CallError::Replica(R::NotKept { .. } | R::SetBack { .. } | R::Forked(_) | R::NodesOwn(_)) => {
                FailureKind::Permission
            }
            CallError::Replica(R::NoNetwork | R::UnknownAttachment(_)) => FailureKind::NotFound,
            CallError::Replica(_) | CallError::Store(_) => FailureKind::Failed,
            CallError::Ending => FailureKind::NotRunning,
        };
        Self::new(kind, error.to_string())
    }
}

/// Asks something of the core.
pub(crate) async fn ask_core<T: Send + 'static>(
    shared: &Shared,
    question: impl FnOnce(&mut Core) -> T + Send + 'static,
) -> Result<T, Failure> {
    shared.core.ask(question).await.map_err(Failure::from)
}

/// Asks something of the registry.
pub(crate) async fn ask<T: Send + 'static>(
    shared: &Shared,
    question: impl FnOnce(&mut Lent<'_>, &Registry) -> T + Send + 'static,
) -> Result<T, Failure> {
    let answer = ask_core(shared, |core| {
        let Core { replica, view, store, .. } = core;
        let registry = replica.registry()?;
        Some(question(&mut Lent { view, store, replica }, registry))
    });
    answer.await?.ok_or_else(|| Failure::from(CallError::Replica(cohub_replica::ReplicaError::NoNetwork)))
}

/// The rest of the core, while its registry is looked at.
pub(crate) struct Lent<'a> {
    pub(crate) view: &'a mut super::view::Cache,
    pub(crate) store: &'a cohub_store::SledStore,
    pub(crate) replica: &'a cohub_replica::Replica,
}

/// What a record would say, and where it would stand now.
async fn preview(shared: &Shared, author: PublicKey, intent: Intent) -> Result<Drafted, Failure> {
    shared.doubt.may_sign(&author)?;
    let drafted = ask(shared, move |lent, registry| {
        refuse_late(registry, &intent)?;
        let contents = match &intent {
            // Protocol 6.9: people close and return a fallback by what this node held in time and by its clock.
            Intent::Count { motion } => {
                let heads = lent.replica.heads_in_time(motion);
                registry.counting(motion, &author, &heads, clock::now_ms())
            }
            intent => registry.draft(&author, intent),
        };
        let contents = contents.map_err(|error| Failure::new(FailureKind::Refused, error.to_string()))?;
        let latest = registry.log(&author).and_then(cohub_record::Log::latest);
        Ok(Drafted {
            network: registry.network(),
            seq: latest.map_or(0, |latest| latest.seq + 1),
            prev: latest.map(|latest| latest.id),
            kind: contents.kind.to_string(),
            body: hex::encode(&contents.body.encode()),
            summary: answers::summary(registry, &contents, &intent),
            cites: contents.cites,
        })
    });
    drafted.await?
}

/// No rule reads a clock, so a late ballot would be valid and count for nothing: its voter hears that here.
fn refuse_late(registry: &Registry, intent: &Intent) -> Result<(), Failure> {
    let Intent::Ballot { motion, .. } = intent else { return Ok(()) };
    let Some(view) = registry.motion(motion) else { return Ok(()) };
    match view.state_at(clock::now_ms()) {
        "open" => Ok(()),
        state => {
            let why = format!(
                "the vote on {motion} is over ({state}): a ballot would not be counted; nothing was signed"
            );
            Err(Failure::new(FailureKind::Refused, why))
        }
    }
}

/// The same, with its place leased.
async fn draft(shared: &Shared, author: PublicKey, intent: Intent) -> Result<Drafted, Failure> {
    let drafted = preview(shared, author, intent).await?;
    match shared.core.call(move |ticket| Input::Lease { ticket, key: author }).await? {
        Answer::Leased(lease) => Ok(Drafted { seq: lease.seq, prev: lease.prev, ..drafted }),
        _ => Err(Failure::new(FailureKind::Failed, "no place in the log was leased")),
    }
}

/// The last word of the rules on a record, before anything of it is kept.
async fn check(shared: &Shared, signed: &SignedRecord) -> Result<serde_json::Value, Failure> {
    let item = item_of(signed).map_err(|error| unverified(&error))?;
    match ask(shared, move |_, registry| registry.check(item.record())).await? {
        Verdict::Void(void) => Err(Failure::new(FailureKind::Refused, format!("{void}; nothing was kept"))),
        Verdict::Valid | Verdict::Pending => done(),
    }
}

async fn submit(shared: &Shared, records: &[SignedRecord]) -> Result<Submitted, Failure> {
    let items = records
        .iter()
        .map(|signed| item_of(signed).map_err(|error| unverified(&error)))
        .collect::<Result<Vec<_>, _>>()?;
    match shared.core.call(move |ticket| Input::Submit { ticket, items }).await? {
        Answer::Stored { ids, refused: None } => Ok(Submitted { ids }),
        Answer::Stored { refused: Some(error), .. } => Err(CallError::Replica(error).into()),
        _ => Err(Failure::new(FailureKind::Failed, "the records were not stored")),
    }
}

async fn holding(shared: &Shared, id: Id, peers: usize, wait_ms: u64) -> Result<Held, Failure> {
    let until = Instant::now() + Duration::from_millis(wait_ms);
    loop {
        let (peers_holding, peers_connected) =
            ask_core(shared, move |core| (core.replica.peers_holding(&id), core.health.peers_connected()))
                .await?;
        if peers_holding >= peers || Instant::now() >= until {
            return Ok(Held { peers_holding, peers_connected });
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn keep(shared: &Shared, hash: Hash, path: String) -> Result<serde_json::Value, Failure> {
    let source = std::path::PathBuf::from(path);
    if source.parent() != Some(shared.home.incoming().as_path()) {
        return Err(Failure::new(
            FailureKind::Usage,
            "attachments are handed in from the incoming directory",
        ));
    }
    let files = shared.files.clone();
    let kept = tokio::task::spawn_blocking(move || {
        let mut file = std::fs::File::open(&source).map_err(NodeError::file("reading", &source))?;
        let (found, _) = files.put_from(&mut file)?;
        std::fs::remove_file(&source).map_err(NodeError::file("removing", &source))?;
        if found == hash {
            return Ok(());
        }
        files.erase(&found)?;
        Err(NodeError::Other("the file is not the attachment that was named".to_owned()))
    });
    kept.await.map_err(|error| Failure::new(FailureKind::Failed, error.to_string()))??;
    shared.core.input(Input::Kept { hash }).await;
    done()
}

async fn fetch(shared: &Shared, hash: Hash, wait_ms: u64) -> Result<Fetched, Failure> {
    let fetched = shared.core.call(move |ticket| Input::Fetch { ticket, hash });
    match tokio::time::timeout(Duration::from_millis(wait_ms), fetched).await {
        Ok(answer) => drop(answer?),
        Err(_) => {
            return Err(not_found(format!(
                "attachment {hash} did not come within {wait_ms} ms; the chunks that came are kept"
            )));
        }
    }
    let outgoing = shared.home.outgoing();
    make_dir(&outgoing)?;
    let path = outgoing.join(hash.to_string());
    let (files, target) = (shared.files.clone(), path.clone());
    let copied = tokio::task::spawn_blocking(move || {
        let mut file = std::fs::File::create(&target).map_err(NodeError::file("writing", &target))?;
        files.copy_to(&hash, &mut file).map_err(NodeError::from)
    });
    copied.await.map_err(|error| Failure::new(FailureKind::Failed, error.to_string()))??;
    Ok(Fetched { path: path.display().to_string() })
}

async fn invite(shared: &Shared, valid_ms: u64) -> Result<Invited, Failure> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| Failure::new(FailureKind::Failed, error.to_string()))?;
    let listening = shared.handle.listen_addresses().await.map_err(NodeError::from)?;
    let addresses = listening.iter().take(8).filter_map(|address| address.to_string().parse().ok()).collect();
    let addresses =
        List::new(addresses).map_err(|error| Failure::new(FailureKind::Failed, error.to_string()))?;
    let expires_at = clock::now_ms().saturating_add(valid_ms);
    let invite =
        move |ticket| Input::Invite { ticket, secret: Id::from_bytes(secret), addresses, expires_at };
    match shared.core.call(invite).await? {
        Answer::Invited(invite) => Ok(Invited { invite: invite.to_string(), expires_at }),
        _ => Err(Failure::new(FailureKind::Failed, "no invite was made")),
    }
}

async fn certificate(shared: &Shared, motion: Id, outcome: Option<Outcome>) -> Result<Exported, Failure> {
    let exported = ask(shared, move |core, registry| {
        use cohub_replica::Records as _;
        let mut read = |author: &PublicKey, place| {
            core.store.read(author, place).ok().flatten().map(|bytes| bytes.to_vec())
        };
        match outcome {
            Some(outcome) => registry.export_outcome(&motion, outcome, &mut read),
            None => registry.export(&motion, &mut read),
        }
    });
    let bytes = exported.await?.map_err(|error| Failure::new(FailureKind::Refused, error.to_string()))?;
    Ok(Exported { certificate: hex::encode(&bytes) })
}

fn peer_add(shared: &Shared, text: &str) -> Result<serde_json::Value, Failure> {
    let wrong = |why: String| Failure::new(FailureKind::Usage, format!("{text:?}: {why}"));
    let address: cohub_net::Address = text.parse().map_err(|error| wrong(format!("{error}")))?;
    let ends = || wrong("an address of a peer ends in /p2p/…".to_owned());
    let peer = PublicKey::from(address.peer().ok_or_else(ends)?);
    let _ = shared.network.send(NetWork::Address(peer, vec![address]));
    let core = shared.core.clone();
    tokio::spawn(async move { core.input(Input::Introduce { peer }).await });
    done()
}

async fn sync_wait(shared: &Shared, wait_ms: u64) -> Result<serde_json::Value, Failure> {
    let until = Instant::now() + Duration::from_millis(wait_ms);
    // A status draws the whole registry, which is not for every look.
    while !ask_core(shared, |core| core.health.is_synced()).await? && Instant::now() < until {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    json(&answers::status(shared).await?)
}
