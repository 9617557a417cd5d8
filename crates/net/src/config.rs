//! What a node needs to know before it goes on the network.

use zeroize::Zeroizing;

use crate::{address::Address, dialer::DialPolicy, limits::Limits};

/// Settings of the network edge.
#[derive(Clone)]
pub struct Config {
    /// The node key: an Ed25519 seed. It proves who this node is, and signs nothing else.
    pub secret: Zeroizing<[u8; 32]>,
    /// Addresses to listen on (`/ip4/0.0.0.0/tcp/4001`, `/ip4/0.0.0.0/udp/4001/quic-v1`); port 0 takes a
    /// free one, which [`Event::Listening`](crate::Event::Listening) tells.
    pub listen: Vec<Address>,
    /// The network whose gossip to take part in; [`Handle::join`](crate::Handle::join) sets it later.
    pub network: Option<String>,
    /// Never leave this machine: no address off loopback is listened on or dialled, and no name resolved.
    pub loopback_only: bool,
    /// Bounds on what peers may do.
    pub limits: Limits,
    /// How known peers are kept connected.
    pub dial: DialPolicy,
}

impl Config {
    /// Settings with the usual limits, for a node that listens nowhere and has joined nothing.
    #[must_use]
    pub fn new(secret: [u8; 32]) -> Self {
        Self {
            secret: Zeroizing::new(secret),
            listen: Vec::new(),
            network: None,
            loopback_only: false,
            limits: Limits::default(),
            dial: DialPolicy::default(),
        }
    }
}
