//! What can go wrong, said so that the reader knows what was kept and what to do.

use crate::address::Address;

/// Why a call into this crate failed. A call that fails has changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// Another program listens on the port.
    #[error(
        "port {port} is in use (asked to listen on {address}); nothing was started: \
         stop the other program or choose another port"
    )]
    AddressInUse {
        /// The address asked for.
        address: Address,
        /// Its TCP or UDP port.
        port: u16,
    },
    /// The system refuses the listening address for another reason.
    #[error("cannot listen on {address}: {why}; nothing was started: check the address and its rights")]
    CannotListen {
        /// The address asked for.
        address: Address,
        /// The system's or the transport's words.
        why: String,
    },
    /// A text or peer id is no Ed25519 node key.
    #[error("{text:?} is no node key: expected the peer id of an Ed25519 key (12D3Koo…)")]
    Key {
        /// What was given.
        text: String,
    },
    /// A text is no network address.
    #[error("{text:?} is no address ({why}): expected such as /ip4/192.0.2.7/tcp/4001 or /udp/4001/quic-v1")]
    Address {
        /// What was given.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// A configured value is outside what this crate can work with.
    #[error("setting {setting}: {why}; nothing was started")]
    Setting {
        /// Name of the setting.
        setting: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The bytes to send exceed the limit; nothing was sent.
    #[error("{what} of {bytes} bytes exceeds the limit of {limit} bytes; nothing was sent")]
    TooLarge {
        /// `message`, `request` or `response`.
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// The limit in force.
        limit: usize,
    },
    /// As many requests to this peer, or to all, are under way as the limits allow; nothing was sent.
    #[error("too many requests are under way; nothing was sent: wait until some have ended")]
    TooManyInFlight,
    /// The network task has ended; [`Event::Stopped`](crate::Event::Stopped) says why.
    #[error("the network task has ended; nothing was sent: start it again")]
    Stopped,
}

/// Why a request of ours got no response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not connected, and no known address answered.
    #[error("the peer is not reachable")]
    NotReachable,
    /// No response in time; the peer may or may not have acted on the request.
    #[error("no response in time")]
    Timeout,
    /// The connection closed first; the peer may or may not have acted on the request.
    #[error("the connection closed before the response")]
    ConnectionClosed,
    /// The peer does not speak this protocol.
    #[error("the peer does not speak the sync protocol")]
    NotSpoken,
    /// The peer answered that it will not serve the request.
    #[error("the peer refused: {0}")]
    Refused(Refusal),
    /// The stream broke, or the peer sent something that is no response.
    #[error("the exchange broke: {0}")]
    Broken(String),
    /// The network task ended before the response.
    #[error("the network task ended")]
    Stopped,
}

/// Why a request is answered without looking into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The peer sends faster, or has more under way, than it is allowed.
    #[error("too many requests")]
    TooManyRequests,
    /// The request is longer than the limit.
    #[error("request too large")]
    TooLarge,
    /// The node is overloaded; a later attempt may succeed.
    #[error("busy, try again later")]
    Busy,
}

/// Why the network task ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StopReason {
    /// [`Handle::shutdown`](crate::Handle::shutdown) was called, or every handle was dropped.
    #[error("asked to stop")]
    Asked,
    /// Nobody reads the events any more.
    #[error("the event receiver was dropped")]
    Unread,
    /// The task panicked: a bug. Every request under way has failed.
    #[error("the network task panicked: {0}")]
    Panicked(String),
}
