//! What the network tells the application, and the names both use.

use std::{
    fmt,
    time::{Duration, Instant},
};

use bytes::Bytes;

use crate::{
    address::Address,
    error::{RequestError, StopReason},
    key::NodeKey,
};

/// What happened on the network. Every request of ours ends in exactly one of
/// [`Event::Response`] and [`Event::RequestFailed`], or in [`Event::Stopped`].
#[derive(Clone, Debug)]
pub enum Event {
    /// The node can be reached at this address.
    Listening(Address),
    /// A first connection with the peer stands.
    Connected {
        /// Who.
        peer: NodeKey,
        /// The address dialled, or the one it came from.
        address: Address,
    },
    /// The last connection with the peer is gone.
    Disconnected {
        /// Who.
        peer: NodeKey,
    },
    /// An address of a known peer, or one given to [`Handle::dial`](crate::Handle::dial), did not answer.
    DialFailed {
        /// The address; `None` where the attempt did not get as far as an address.
        address: Option<Address>,
        /// Who was expected there, if known.
        peer: Option<NodeKey>,
        /// Why, in words.
        why: String,
    },
    /// The peer takes part in the network's gossip: what is published now reaches it.
    Subscribed {
        /// Who.
        peer: NodeKey,
    },
    /// A message came; it travels on only after [`Verdict::Accept`].
    Gossip {
        /// The peer that passed it on, not necessarily its author.
        peer: NodeKey,
        /// Names the message in [`Handle::verdict`](crate::Handle::verdict).
        message: MessageId,
        /// Its content.
        bytes: Bytes,
    },
    /// A peer asks something.
    Request {
        /// Who.
        peer: NodeKey,
        /// Names the request in [`Handle::respond`](crate::Handle::respond).
        id: InboundId,
        /// Its content.
        bytes: Bytes,
    },
    /// A request of ours was answered.
    Response {
        /// Who answered.
        peer: NodeKey,
        /// The request.
        id: RequestId,
        /// The answer.
        bytes: Bytes,
    },
    /// A request of ours got no answer.
    RequestFailed {
        /// Whom we asked.
        peer: NodeKey,
        /// The request.
        id: RequestId,
        /// Why.
        why: RequestError,
    },
    /// The last event: the network task has ended, and every request under way with it.
    Stopped {
        /// Why.
        why: StopReason,
    },
}

/// A request of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub(crate) u64);

/// A request of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InboundId(pub(crate) u64);

/// A gossip message: BLAKE3 of its content, so two messages of equal content are one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub [u8; 32]);

impl MessageId {
    pub(crate) fn of(content: &[u8]) -> Self {
        Self(*blake3::hash(content).as_bytes())
    }
}

impl fmt::Debug for MessageId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MessageId({})", blake3::Hash::from_bytes(self.0).to_hex())
    }
}

/// The application's judgement of a gossip message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Pass it on.
    Accept,
    /// Do not pass it on; nobody is to blame (unknown author, too late, too much).
    Ignore,
    /// Do not pass it on, and hold it against the peer that sent it (bad signature).
    Reject,
}

/// What became of a message given to [`Handle::publish`](crate::Handle::publish). None of these is a
/// failure: records are durable before they are published, and anti-entropy delivers what gossip does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// On its way to at least one peer.
    Sent(MessageId),
    /// Already seen or sent within the last minutes.
    Duplicate,
    /// No connected peer takes part in the network's gossip.
    NobodyListens,
    /// Every peer's queue is full.
    QueuesFull,
    /// No network has been joined.
    NoNetwork,
}

/// What is known about one peer at this moment.
#[derive(Clone, Debug)]
pub struct PeerStatus {
    /// Who.
    pub peer: NodeKey,
    /// Whether the application added it.
    pub known: bool,
    /// Whether a connection stands.
    pub connected: bool,
    /// When it connected or was lost; `None` if it was never connected.
    pub since: Option<Instant>,
    /// Address of the connection that stands.
    pub connected_address: Option<Address>,
    /// Round trip of the last ping.
    pub round_trip: Option<Duration>,
    /// Whether it takes part in the network's gossip.
    pub subscribed: bool,
    /// When the next attempt to reach it is due.
    pub next_attempt: Option<Instant>,
    /// Its addresses.
    pub addresses: Vec<AddressStatus>,
}

/// One address of a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressStatus {
    /// The address, without the peer id.
    pub address: Address,
    /// Why the last attempt on it failed; `None` after a success, or if it was never tried.
    pub last_error: Option<String>,
}
