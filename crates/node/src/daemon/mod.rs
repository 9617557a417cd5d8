//! The daemon: store, replica, network edge and socket, from start to an orderly end.

mod answers;
mod attachments;
mod calls;
mod checks;
mod core;
mod doubt;
mod events;
mod explain;
mod export;
mod health;
mod memory;
mod network;
mod nominee;
mod opening;
mod resolve;
mod server;
mod view;

use std::sync::Arc;
use std::time::{Duration, Instant};

use cohub_net::{Address, Config as NetConfig, DialPolicy};
use cohub_record::{Invite, PublicKey};
use cohub_replica::wire::Item;
use cohub_replica::{Answer, Input, Ticket};
use tokio::sync::{mpsc, oneshot, watch};

use self::core::{Core, CoreHandle, Edges};
use self::doubt::Doubt;
use self::events::Events;
use self::network::NetWork;
use self::opening::Opening;
use crate::api::{SignedRecord, Status};
use crate::network::{Membership, NetworkFile, founding_record, membership};
use crate::outbox::Outbox;
use crate::{Home, NodeError, Settings, hex};

/// How long what is under way may take when the daemon ends.
const END_LIMIT: Duration = Duration::from_secs(5);

/// What the parts of a running daemon share.
pub(crate) struct Shared {
    pub(crate) home: Home,
    pub(crate) core: CoreHandle,
    pub(crate) events: Events,
    pub(crate) handle: cohub_net::Handle,
    pub(crate) network: mpsc::UnboundedSender<NetWork>,
    pub(crate) files: cohub_store::Attachments,
    pub(crate) node: PublicKey,
    pub(crate) doubt: Arc<Doubt>,
    pub(crate) began: Instant,
    pub(crate) end: watch::Sender<bool>,
}

/// Ends the daemon with the thread that holds it, even if that thread panics.
struct EndsAll(watch::Sender<bool>);

impl Drop for EndsAll {
    fn drop(&mut self) {
        let _ = self.0.send(true);
    }
}

/// Runs the daemon of a home until a signal or [`crate::api::Call::Stop`] ends it. `ready` is told once
/// the socket answers.
///
/// # Errors
/// If another daemon has the directory, a port is in use, or the store cannot be read or written.
pub async fn run(home: Home, settings: Settings, ready: impl FnOnce(&Status)) -> Result<(), NodeError> {
    let began = Instant::now();
    let opening = {
        let (home, settings) = (home.clone(), settings.clone());
        blocking(move || Opening::new(&home, &settings)).await?
    };
    let (node, files) = (opening.node.public(), opening.attachments.clone());
    let doubt = Arc::clone(&opening.doubt);
    let (handle, net_events) = cohub_net::spawn(&net_config(&opening)?)?;
    let (core, inbox) = core::queue();
    let (network, network_work) = mpsc::unbounded_channel();
    let events = Events::new();
    let file_work = attachments::spawn(files.clone(), home.outgoing(), core.clone(), network.clone())
        .map_err(|error| NodeError::Other(error.to_string()))?;
    let store = Arc::clone(&opening.store);
    let exporting = export::spawn(&home, store, events.clone());
    let (exports, exporting) = exporting.map_err(|error| NodeError::Other(error.to_string()))?;
    let edges = Edges { events: events.clone(), network: network.clone(), files: file_work, exports };
    let (end, ended) = watch::channel(false);
    let shared = Arc::new(Shared { home, core, events, handle, network, files, node, doubt, began, end });
    let runtime = tokio::runtime::Handle::current();
    let (core_ended, core_result) = oneshot::channel();
    {
        let end = EndsAll(shared.end.clone());
        let run = move || {
            let _ended_however = end;
            let result = Core::new(opening, edges).and_then(|core| core.run(inbox, &runtime));
            let _ = core_ended.send(result);
        };
        let core = std::thread::Builder::new().name("core".to_owned()).spawn(run);
        core.map_err(|error| NodeError::Other(format!("no thread for the core: {error}")))?;
    }
    let checks = checks::Checks::start()
        .map_err(|error| NodeError::Other(format!("no thread for checking signatures: {error}")))?;
    let edge = network::run(shared.handle.clone(), net_events, network_work, shared.core.clone(), checks);
    let net_task = tokio::spawn(edge);
    let listener = server::bind(&shared.home)?;
    begin(&shared, &settings).await?;
    let server = tokio::spawn(server::serve(listener, Arc::clone(&shared)));
    ready(&answers::status(&shared).await.map_err(|failure| NodeError::Other(failure.message))?);
    wait_for_end(ended).await;
    tracing::info!("ending");
    server.abort();
    let _ = tokio::time::timeout(END_LIMIT, shared.handle.shutdown()).await;
    shared.core.stop().await;
    let result =
        core_result.await.map_err(|error| NodeError::Other(format!("the core ended badly: {error}")))?;
    net_task.abort();
    // The core is gone and with it the last sender: what was stored is exported before the end.
    let _ = tokio::task::spawn_blocking(move || exporting.join()).await;
    server::unbind(&shared.home);
    result
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, NodeError> + Send + 'static,
) -> Result<T, NodeError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| NodeError::Other(error.to_string()))?
}

fn net_config(opening: &Opening) -> Result<NetConfig, NodeError> {
    let settings = &opening.settings;
    let mut config = NetConfig::new(*opening.node.seed());
    config.listen = addresses("listen", &settings.listen)?;
    config.loopback_only = settings.loopback_only;
    config.dial = DialPolicy {
        first_pause: Duration::from_millis(settings.redial_min_ms),
        longest_pause: Duration::from_millis(settings.redial_max_ms),
        ..DialPolicy::default()
    };
    config.limits.request_timeout = Duration::from_millis(settings.request_timeout_ms);
    Ok(config)
}

fn addresses(setting: &str, texts: &[String]) -> Result<Vec<Address>, NodeError> {
    let read = |text: &String| {
        text.parse().map_err(|error| NodeError::Setting(format!("{setting}: {text:?}: {error}")))
    };
    texts.iter().map(read).collect()
}

/// Takes up what the home says: its network, its peers, and what waits in the outbox.
async fn begin(shared: &Shared, settings: &Settings) -> Result<(), NodeError> {
    for address in addresses("peers", &settings.peers)? {
        let peer = address
            .peer()
            .ok_or_else(|| NodeError::Setting(format!("peers: {address} does not end in /p2p/…")))?;
        introduce(shared, peer.into(), vec![address]).await;
    }
    match membership(&shared.home)? {
        Some(Membership::Founding(file)) => take_up(shared, &file).await?,
        Some(Membership::Invite { invite, records }) => knock(shared, &invite, &records).await?,
        None => {}
    }
    for waiting in Outbox::open(&shared.home)?.waiting()? {
        let Ok(item) = item_of(&waiting.signed) else { continue };
        let answer = shared.core.call(move |ticket| Input::Submit { ticket, items: vec![item] }).await;
        if matches!(answer, Ok(Answer::Stored { refused: None, .. })) {
            Outbox::open(&shared.home)?.stored(&waiting)?;
        }
    }
    Ok(())
}

async fn introduce(shared: &Shared, peer: PublicKey, addresses: Vec<Address>) {
    let _ = shared.network.send(NetWork::Address(peer, addresses));
    shared.core.input(Input::Introduce { peer }).await;
}

/// Joins by a founding record and makes the founders' nodes known.
pub(crate) async fn take_up(shared: &Shared, file: &NetworkFile) -> Result<(), NodeError> {
    let founding = founding_record(file)?;
    let answer = shared.core.call(move |ticket| Input::Join { ticket, founding }).await;
    answer.map_err(|error| NodeError::Founding(error.to_string()))?;
    for node in file.nodes.iter().filter(|node| node.node != shared.node) {
        let addresses = node.addresses.iter().filter_map(|text| text.parse().ok()).collect();
        let _ = shared.network.send(NetWork::Address(node.node, addresses));
    }
    Ok(())
}

/// Knocks at the door of an invite until it is let in.
pub(crate) async fn knock(shared: &Shared, invite: &str, records: &[SignedRecord]) -> Result<(), NodeError> {
    let invite: Invite =
        invite.parse().map_err(|error: cohub_record::BodyError| NodeError::Other(error.to_string()))?;
    let items = records.iter().map(item_of).collect::<Result<Vec<_>, _>>()?;
    let addresses = invite.addresses.iter().filter_map(|text| text.as_str().parse().ok()).collect();
    let _ = shared.network.send(NetWork::Address(invite.node, addresses));
    let knock = move |ticket: Ticket| Input::Knock {
        ticket,
        door: invite.node,
        network: invite.network,
        secret: invite.secret,
        items,
    };
    shared.core.call(knock).await.map(|_| ()).map_err(|error| NodeError::Other(error.to_string()))
}

/// A signed record from a local caller, verified.
pub(crate) fn item_of(signed: &SignedRecord) -> Result<Item, NodeError> {
    let refused = |why: String| NodeError::Other(format!("no record: {why}"));
    let bytes = hex::decode(&signed.record).ok_or_else(|| refused("it is not hexadecimal".to_owned()))?;
    let record = cohub_record::Record::verify(&bytes).map_err(|error| refused(error.to_string()))?;
    let attachments = signed.attachments.iter().map(|text| hex::decode(text).map(Into::into));
    let attachments = attachments
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| refused("an attachment is not hexadecimal".to_owned()))?;
    Item::new(record, attachments).map_err(|error| refused(error.to_string()))
}

/// Waits for a signal, or for something in the daemon to end it.
async fn wait_for_end(mut ended: watch::Receiver<bool>) {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = ended.wait_for(|end| *end) => {}
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
