//! The thread that owns the replica and the store: it feeds one input after another and executes the
//! outputs in order. What is to be stored is durable before anything behind it is done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use cohub_record::{PublicKey, Record};
use cohub_replica::{Answer, Event, Input, Output, Replica, ReplicaError, Ticket};
use cohub_store::{SledStore, Store as _, StoreError};
use tokio::sync::{mpsc, oneshot};

use super::attachments::FileWork;
use super::events::Events;
use super::export::Export;
use super::network::NetWork;
use super::opening::{Opening, note_name};
use crate::{NodeError, clock};

/// Inputs that may wait for the core before those who bring them wait.
const QUEUE: usize = 4_096;
/// Inputs handled before their outputs are executed together, so that one sync of the disk serves many.
const BATCH: usize = 128;
/// How long the core sleeps where the replica names no time.
const LONG_SLEEP: Duration = Duration::from_secs(3_600);

type Ask = Box<dyn FnOnce(&mut Core) + Send>;

/// Something for the core.
pub(crate) enum Work {
    Input(Box<Input>),
    Call(oneshot::Sender<Result<Answer, CallError>>, Box<dyn FnOnce(Ticket) -> Input + Send>),
    Ask(Ask),
    Stop,
}

/// Why a call into the replica was not answered with success.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum CallError {
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    #[error("{0}")]
    Store(String),
    #[error("the node is ending; nothing was stored")]
    Ending,
}

/// Gives the core work; cheap to clone.
#[derive(Clone)]
pub(crate) struct CoreHandle {
    work: mpsc::Sender<Work>,
}

impl CoreHandle {
    /// Feeds an input; waits while the core is busy.
    pub(crate) async fn input(&self, input: Input) {
        let _ = self.work.send(Work::Input(Box::new(input))).await;
    }

    /// Takes inputs without waiting, for a task that the core may be waiting for, and feeds them in the order in which
    /// they were given: that a peer is gone and is back must not come to the core the other way round.
    pub(crate) fn in_order(&self) -> mpsc::UnboundedSender<Input> {
        let (later, mut waiting) = mpsc::unbounded_channel();
        let core = self.clone();
        tokio::spawn(async move {
            while let Some(input) = waiting.recv().await {
                core.input(input).await;
            }
        });
        later
    }

    /// Feeds an input from a thread that may block.
    pub(crate) fn input_blocking(&self, input: Input) {
        let _ = self.work.blocking_send(Work::Input(Box::new(input)));
    }

    /// Feeds an input with a ticket and waits for its acknowledgement.
    pub(crate) async fn call(
        &self,
        input: impl FnOnce(Ticket) -> Input + Send + 'static,
    ) -> Result<Answer, CallError> {
        let (reply, answer) = oneshot::channel();
        self.work.send(Work::Call(reply, Box::new(input))).await.map_err(|_| CallError::Ending)?;
        answer.await.map_err(|_| CallError::Ending)?
    }

    /// Asks something of the core's state.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Core) -> T + Send + 'static,
    ) -> Result<T, CallError> {
        let (reply, answer) = oneshot::channel();
        let ask: Ask = Box::new(move |core| {
            let _ = reply.send(question(core));
        });
        self.work.send(Work::Ask(ask)).await.map_err(|_| CallError::Ending)?;
        answer.await.map_err(|_| CallError::Ending)
    }

    /// Ends the core when what it was given before is done.
    pub(crate) async fn stop(&self) {
        let _ = self.work.send(Work::Stop).await;
    }
}

/// The core's state, on its own thread.
pub(crate) struct Core {
    pub(crate) replica: Replica,
    pub(crate) store: Arc<SledStore>,
    pub(crate) events: Events,
    pub(crate) view: super::view::Cache,
    pub(crate) health: super::health::Health,
    opening: Opening,
    network: mpsc::UnboundedSender<NetWork>,
    files: std::sync::mpsc::Sender<FileWork>,
    exports: std::sync::mpsc::Sender<Export>,
    tickets: BTreeMap<Ticket, oneshot::Sender<Result<Answer, CallError>>>,
    next_ticket: u64,
    wake_at_ms: Option<u64>,
    /// The nodes that the network edge was told of.
    known: BTreeSet<PublicKey>,
    knows_network: bool,
}

/// What the core is connected to.
pub(crate) struct Edges {
    pub(crate) events: Events,
    pub(crate) network: mpsc::UnboundedSender<NetWork>,
    pub(crate) files: std::sync::mpsc::Sender<FileWork>,
    pub(crate) exports: std::sync::mpsc::Sender<Export>,
}

/// The two ends of the core's queue.
pub(crate) fn queue() -> (CoreHandle, mpsc::Receiver<Work>) {
    let (work, inbox) = mpsc::channel(QUEUE);
    (CoreHandle { work }, inbox)
}

impl Core {
    pub(crate) fn new(opening: Opening, edges: Edges) -> Result<Self, NodeError> {
        let (replica, store) = (opening.replica()?, Arc::clone(&opening.store));
        Ok(Self {
            replica,
            store,
            events: edges.events,
            view: super::view::Cache::default(),
            health: super::health::Health::default(),
            opening,
            network: edges.network,
            files: edges.files,
            exports: edges.exports,
            tickets: BTreeMap::new(),
            next_ticket: 0,
            wake_at_ms: Some(0),
            known: BTreeSet::new(),
            knows_network: false,
        })
    }

    /// Runs until it is told to stop, or a write fails in a way that only a restart can mend.
    pub(crate) fn run(
        mut self,
        mut inbox: mpsc::Receiver<Work>,
        runtime: &tokio::runtime::Handle,
    ) -> Result<(), NodeError> {
        let _ = self.exports.send(Export::All);
        self.tell_network();
        loop {
            let mut next = match runtime.block_on(self.next_work(&mut inbox)) {
                Some(work) => Some(work),
                None => return Ok(()),
            };
            let mut outputs = Vec::new();
            for turn in 1..=BATCH {
                match next.take() {
                    None => break,
                    Some(Work::Stop) => return self.execute(outputs),
                    Some(Work::Ask(ask)) => {
                        self.execute(std::mem::take(&mut outputs))?;
                        ask(&mut self);
                    }
                    Some(Work::Input(input)) => self.handle(*input, &mut outputs),
                    Some(Work::Call(reply, input)) => {
                        self.next_ticket += 1;
                        let ticket = Ticket(self.next_ticket);
                        self.tickets.insert(ticket, reply);
                        self.handle(input(ticket), &mut outputs);
                    }
                }
                if turn < BATCH {
                    next = inbox.try_recv().ok();
                }
            }
            self.execute(outputs)?;
        }
    }

    /// The next work, or a tick where none came before the replica wants to wake.
    async fn next_work(&mut self, inbox: &mut mpsc::Receiver<Work>) -> Option<Work> {
        let wake = self
            .wake_at_ms
            .map_or(LONG_SLEEP, |at| Duration::from_millis(at.saturating_sub(clock::now_ms())));
        match tokio::time::timeout(wake, inbox.recv()).await {
            Ok(work) => work,
            Err(_) => {
                self.wake_at_ms = None;
                Some(Work::Input(Box::new(Input::Tick)))
            }
        }
    }

    fn handle(&mut self, input: Input, outputs: &mut Vec<Output>) {
        let now_ms = clock::now_ms();
        self.health.see(&input, now_ms);
        for output in self.replica.handle(input, now_ms, self.store.as_ref()) {
            match output {
                // A question need not wait for the disk: the next page travels while this one is stored.
                Output::Send { peer, id, request } if request.only_asks() => {
                    self.network(NetWork::Request { peer, id, bytes: request.encode() });
                }
                output => outputs.push(output),
            }
        }
    }

    /// Executes the outputs of a batch: records first and durably, then the rest in order.
    fn execute(&mut self, mut outputs: Vec<Output>) -> Result<(), NodeError> {
        let mut records: Vec<Record> = Vec::new();
        for output in &mut outputs {
            if let Output::Persist { records: batch } = output {
                records.append(batch);
            }
        }
        if !records.is_empty() {
            if let Err(error) = self.store.append(&records) {
                return self.not_stored(error, outputs);
            }
            self.view.touch();
            let _ = self.exports.send(Export::Records(records));
        }
        let mut verdicts = false;
        for output in outputs {
            verdicts |= matches!(output, Output::Event(Event::VerdictGiven { .. }));
            if let Err(error) = self.execute_one(output) {
                return self.not_stored(error, Vec::new());
            }
        }
        if verdicts || !self.knows_network {
            self.tell_network();
        }
        Ok(())
    }

    fn execute_one(&mut self, output: Output) -> Result<(), StoreError> {
        match output {
            Output::Persist { .. } => {}
            Output::Remove { places } => {
                self.store.remove(&places)?;
                self.view.touch();
                let _ = self.exports.send(Export::Removed(places));
            }
            Output::Note { name, bytes: Some(bytes) } => self.store.put_meta(&note_name(&name), &bytes)?,
            Output::Note { name, bytes: None } => self.store.remove_meta(&note_name(&name))?,
            Output::EraseTeller { key } => match self.opening.erase_teller(&key) {
                Ok(()) => tracing::info!("{key} has handed over: its secret is erased"),
                Err(error) => self.events.warn(&format!(
                    "{key} has handed over, and its secret could not be erased: {error}; it is tried again at the next start"
                )),
            },
            Output::KeepAttachment { hash, bytes } => self.file(FileWork::Keep { hash, bytes }),
            Output::EraseAttachment { hash } => self.file(FileWork::Erase { hash }),
            Output::OpenPartial { hash, size_bytes } => self.file(FileWork::OpenPartial { hash, size_bytes }),
            Output::AcceptChunk { hash, index, proof } => self.file(FileWork::Accept { hash, index, proof }),
            Output::ServeChunk { peer: _, id, hash, index } => self.serve(id, hash, index),
            Output::Publish { item } => self.network(NetWork::Publish(item.encode())),
            Output::Judge { message, acceptance } => self.network(NetWork::Judge(message, acceptance)),
            Output::Send { peer, id, request } => {
                self.network(NetWork::Request { peer, id, bytes: request.encode() });
            }
            Output::Respond { peer: _, id, response } => {
                self.network(NetWork::Respond { id, bytes: response.encode() });
            }
            Output::Disconnect { peer } => self.network(NetWork::Disconnect(peer)),
            Output::Acknowledge { ticket, result } => {
                if let Some(reply) = self.tickets.remove(&ticket) {
                    let _ = reply.send(result.map_err(CallError::from));
                }
            }
            Output::Event(event) => {
                self.health.tell(&event);
                self.events.tell(&event);
            }
            Output::WakeAt(at) => self.wake_at_ms = Some(at),
        }
        Ok(())
    }

    fn serve(&self, id: cohub_replica::RequestId, hash: cohub_record::Hash, index: u64) {
        let size_bytes = self
            .replica
            .registry()
            .and_then(|registry| registry.attachment(&hash))
            .map(|a| a.descriptor.size_bytes);
        self.file(FileWork::Serve { id, hash, size_bytes: size_bytes.unwrap_or_default(), index });
    }

    /// Never waits: the network edge waits for the core when it brings inputs, and one of two must not.
    fn network(&self, work: NetWork) {
        let _ = self.network.send(work);
    }

    fn file(&self, work: FileWork) {
        let _ = self.files.send(work);
    }

    /// Nothing behind a failed write may be done: its callers hear why, and the replica is opened anew
    /// from what is durable. Only a full disk can be lived with; after anything else the daemon ends.
    fn not_stored(&mut self, error: StoreError, outputs: Vec<Output>) -> Result<(), NodeError> {
        let full = matches!(error, StoreError::Full { .. });
        let why = error.to_string();
        for output in outputs {
            match output {
                Output::Acknowledge { ticket, .. } => {
                    if let Some(reply) = self.tickets.remove(&ticket) {
                        let _ = reply.send(Err(CallError::Store(why.clone())));
                    }
                }
                Output::Judge { message, .. } => {
                    self.network(NetWork::Judge(message, cohub_replica::Acceptance::Ignore));
                }
                _ => {}
            }
        }
        self.events.warn(&why);
        if !full {
            return Err(error.into());
        }
        self.replica = self.opening.replica()?;
        self.view.touch();
        self.wake_at_ms = Some(0);
        self.network(NetWork::Reintroduce);
        Ok(())
    }

    /// Tells the network edge which nodes this network knows, and its name.
    fn tell_network(&mut self) {
        let Some(registry) = self.replica.registry() else { return };
        let nodes: BTreeSet<PublicKey> = registry.nodes().map(|(key, _)| key).collect();
        let network = registry.network().to_network_text();
        if !self.knows_network {
            self.knows_network = true;
            self.network(NetWork::Join(network));
        }
        if nodes != self.known {
            self.network(NetWork::Known(nodes.clone()));
            self.known = nodes;
        }
    }
}

#[cfg(test)]
mod tests {
    use cohub_record::SecretKey;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_fed_without_waiting_keeps_its_order() {
        let peer = SecretKey::from_seed(&[1; 32]).public();
        let (core, mut inbox) = queue();
        let later = core.in_order();
        let told = tokio::spawn(async move {
            for _ in 0..1_000 {
                later.send(Input::Disconnected { peer }).unwrap();
                later.send(Input::Connected { peer }).unwrap();
            }
        });
        for number in 0..2_000 {
            let Some(Work::Input(input)) = inbox.recv().await else { panic!("{number} did not come") };
            assert_eq!(matches!(*input, Input::Connected { .. }), number % 2 == 1, "{number}");
        }
        told.await.unwrap();
    }
}
