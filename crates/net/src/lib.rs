//! The only crate that names libp2p: behaviour, codec, swarm loop and a handle.
//!
//! It moves opaque bytes between nodes: small messages by gossip, pages and attachments by request and
//! response. It knows who a peer is (an Ed25519 key that the connection proves) and whether the
//! application *knows* it; what the bytes mean, and who may have which, is decided elsewhere.
//!
//! [`spawn`] starts one supervised task that owns everything; a [`Handle`] gives it commands, and an
//! [`EventReceiver`] tells what happened.
//!
//! **Architecture Invariant**: no rule of the protocol stands here, no disk is touched, and nothing here
//! decides by order of arrival.

mod address;
mod addresses;
mod behaviour;
mod codec;
mod commands;
mod config;
mod dialer;
mod error;
mod event;
mod events;
mod handle;
mod key;
mod limits;
mod meter;
mod muxer;
mod outbox;
mod reason;
mod requests;
mod spawn;
mod swarm;
mod transport;
mod verdicts;

pub use crate::{
    address::Address,
    config::Config,
    dialer::DialPolicy,
    error::{NetError, Refusal, RequestError, StopReason},
    event::{AddressStatus, Event, InboundId, MessageId, PeerStatus, Published, RequestId, Verdict},
    handle::{EventReceiver, Handle},
    key::NodeKey,
    limits::{Limits, MESSAGE_MAX_BYTES, Rate},
    spawn::spawn,
};
