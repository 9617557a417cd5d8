//! The application's side: a cheap, cloneable handle that talks to the network task, and the receiver of
//! its events.
//!
//! Every call waits while the task's queue is full; the task itself never waits for the application, so
//! these waits end even while no event is read. A call that fails changed nothing.

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};

use crate::{
    address::Address,
    error::NetError,
    event::{Event, InboundId, MessageId, PeerStatus, Published, RequestId, Verdict},
    key::NodeKey,
    limits::MESSAGE_MAX_BYTES,
};

/// What a handle asks of the network task.
#[derive(Debug)]
pub(crate) enum Command {
    Dial(Address),
    AddPeer {
        peer: NodeKey,
        addresses: Vec<Address>,
    },
    RemovePeer(NodeKey),
    Join(String),
    Publish {
        bytes: Bytes,
        reply: oneshot::Sender<Published>,
    },
    Request {
        peer: NodeKey,
        bytes: Bytes,
        reply: oneshot::Sender<Result<RequestId, NetError>>,
    },
    Respond {
        id: InboundId,
        bytes: Bytes,
    },
    Verdict {
        message: MessageId,
        verdict: Verdict,
    },
    Disconnect(NodeKey),
    Block(NodeKey),
    Unblock(NodeKey),
    ListenAddresses(oneshot::Sender<Vec<Address>>),
    Peers(oneshot::Sender<Vec<PeerStatus>>),
    Shutdown(oneshot::Sender<()>),
    #[cfg(test)]
    Panic,
}

/// Talks to the network task. When the last handle is dropped the task ends.
#[derive(Clone, Debug)]
pub struct Handle {
    pub(crate) commands: mpsc::Sender<Command>,
    pub(crate) local: NodeKey,
    pub(crate) request_max_bytes: usize,
    pub(crate) response_max_bytes: usize,
}

impl Handle {
    /// This node's own key.
    #[must_use]
    pub fn local(&self) -> NodeKey {
        self.local
    }

    /// Tries an address once; [`Event::Connected`] or [`Event::DialFailed`] tells how it went.
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn dial(&self, address: Address) -> Result<(), NetError> {
        self.send(Command::Dial(address)).await
    }

    /// Makes a peer known: a node of this network. It is kept connected as
    /// [`DialPolicy`](crate::DialPolicy) says, takes part in gossip, is measured by the rate for known
    /// peers and is exempt from the limits for strangers. More addresses can be added later; with none,
    /// they are looked up with other nodes.
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn add_peer(&self, peer: NodeKey, addresses: Vec<Address>) -> Result<(), NetError> {
        self.send(Command::AddPeer { peer, addresses }).await
    }

    /// Makes a known peer a stranger again: no gossip, no dialling. A connection stands until it idles.
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn remove_peer(&self, peer: NodeKey) -> Result<(), NetError> {
        self.send(Command::RemovePeer(peer)).await
    }

    /// Takes part in the gossip of a network, and of no other.
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn join(&self, network: String) -> Result<(), NetError> {
        self.send(Command::Join(network)).await
    }

    /// Hands a message to gossip. What it answers is information, not a failure: see [`Published`].
    ///
    /// # Errors
    /// [`NetError::TooLarge`] above [`MESSAGE_MAX_BYTES`]; [`NetError::Stopped`].
    pub async fn publish(&self, bytes: Bytes) -> Result<Published, NetError> {
        within("message", bytes.len(), MESSAGE_MAX_BYTES)?;
        self.ask(|reply| Command::Publish { bytes, reply }).await
    }

    /// Sends a request, connecting first where an address is known. Exactly one event with the returned
    /// id follows: [`Event::Response`] or [`Event::RequestFailed`], unless [`Event::Stopped`] comes first.
    ///
    /// # Errors
    /// [`NetError::TooLarge`]; [`NetError::TooManyInFlight`]; [`NetError::Stopped`].
    pub async fn request(&self, peer: NodeKey, bytes: Bytes) -> Result<RequestId, NetError> {
        within("request", bytes.len(), self.request_max_bytes)?;
        self.ask(|reply| Command::Request { peer, bytes, reply }).await?
    }

    /// Answers a request. If the peer has left or given up meanwhile, the answer is dropped: there is
    /// nobody to give it to.
    ///
    /// # Errors
    /// [`NetError::TooLarge`], and the request can still be answered; [`NetError::Stopped`].
    pub async fn respond(&self, id: InboundId, bytes: Bytes) -> Result<(), NetError> {
        within("response", bytes.len(), self.response_max_bytes)?;
        self.send(Command::Respond { id, bytes }).await
    }

    /// Judges a gossip message. Only the first verdict counts, and none after
    /// [`Limits::verdict_timeout`](crate::Limits::verdict_timeout).
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn verdict(&self, message: MessageId, verdict: Verdict) -> Result<(), NetError> {
        self.send(Command::Verdict { message, verdict }).await
    }

    /// Closes all connections with a peer. A known peer is dialled again in time.
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn disconnect(&self, peer: NodeKey) -> Result<(), NetError> {
        self.send(Command::Disconnect(peer)).await
    }

    /// Closes all connections with a peer and takes no more, in either direction.
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn block(&self, peer: NodeKey) -> Result<(), NetError> {
        self.send(Command::Block(peer)).await
    }

    /// Takes a peer's connections again, and dials it if it is known.
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn unblock(&self, peer: NodeKey) -> Result<(), NetError> {
        self.send(Command::Unblock(peer)).await
    }

    /// The addresses on which this node can be reached, as far as it knows.
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn listen_addresses(&self) -> Result<Vec<Address>, NetError> {
        self.ask(Command::ListenAddresses).await
    }

    /// All known and all connected peers, in the order of their keys.
    ///
    /// # Errors
    /// [`NetError::Stopped`].
    pub async fn peers(&self) -> Result<Vec<PeerStatus>, NetError> {
        self.ask(Command::Peers).await
    }

    /// Ends the network task: takes nothing new, lets responses that are being sent leave, closes every
    /// connection. Returns when that is done; [`Event::Stopped`] is then the last event.
    ///
    /// # Errors
    /// [`NetError::Stopped`] if it has ended already.
    pub async fn shutdown(&self) -> Result<(), NetError> {
        self.ask(Command::Shutdown).await
    }

    async fn send(&self, command: Command) -> Result<(), NetError> {
        self.commands.send(command).await.map_err(|_| NetError::Stopped)
    }

    async fn ask<T>(&self, command: impl FnOnce(oneshot::Sender<T>) -> Command) -> Result<T, NetError> {
        let (reply, answer) = oneshot::channel();
        self.send(command(reply)).await?;
        answer.await.map_err(|_| NetError::Stopped)
    }
}

fn within(what: &'static str, bytes: usize, limit: usize) -> Result<(), NetError> {
    if bytes > limit { Err(NetError::TooLarge { what, bytes, limit }) } else { Ok(()) }
}

/// Receives the network's events, in order, ending with [`Event::Stopped`].
#[derive(Debug)]
pub struct EventReceiver(pub(crate) mpsc::Receiver<Event>);

impl EventReceiver {
    /// The next event; `None` after [`Event::Stopped`].
    pub async fn recv(&mut self) -> Option<Event> {
        self.0.recv().await
    }

    /// The next event if one is there already.
    pub fn try_recv(&mut self) -> Option<Event> {
        self.0.try_recv().ok()
    }
}
