//! The requests under way in both directions, and how many of each.

use std::collections::BTreeMap;

use libp2p::request_response::{InboundRequestId, OutboundFailure, OutboundRequestId, ResponseChannel};

use crate::{
    codec::Answer,
    error::{NetError, RequestError},
    event::{InboundId, RequestId},
    key::NodeKey,
    limits::Limits,
};

/// Our requests that await a response.
#[derive(Debug)]
pub(crate) struct Outgoing {
    per_peer: u32,
    total: usize,
    next: u64,
    under_way: BTreeMap<OutboundRequestId, (RequestId, NodeKey)>,
    counts: BTreeMap<NodeKey, u32>,
}

impl Outgoing {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            per_peer: limits.in_flight_per_peer,
            total: usize::try_from(limits.outgoing_in_flight).unwrap_or(usize::MAX),
            next: 0,
            under_way: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Whether one more request to the peer may be sent.
    pub(crate) fn check(&self, peer: NodeKey) -> Result<(), NetError> {
        let to_peer = self.counts.get(&peer).copied().unwrap_or(0);
        if to_peer >= self.per_peer || self.under_way.len() >= self.total {
            return Err(NetError::TooManyInFlight);
        }
        Ok(())
    }

    /// Notes a request that was handed to libp2p, and names it.
    pub(crate) fn insert(&mut self, wire: OutboundRequestId, peer: NodeKey) -> RequestId {
        let id = RequestId(self.next);
        self.next += 1;
        self.under_way.insert(wire, (id, peer));
        *self.counts.entry(peer).or_insert(0) += 1;
        id
    }

    /// Takes a request that has ended.
    pub(crate) fn remove(&mut self, wire: OutboundRequestId) -> Option<(RequestId, NodeKey)> {
        let (id, peer) = self.under_way.remove(&wire)?;
        if let Some(count) = self.counts.get_mut(&peer) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&peer);
            }
        }
        Some((id, peer))
    }

    /// Takes all requests, oldest first, for the end of the task.
    pub(crate) fn drain(&mut self) -> Vec<(RequestId, NodeKey)> {
        self.counts.clear();
        std::mem::take(&mut self.under_way).into_values().collect()
    }
}

/// Requests of peers that await our response, or whose response is still leaving.
#[derive(Debug, Default)]
pub(crate) struct Incoming {
    next: u64,
    names: BTreeMap<InboundId, InboundRequestId>,
    under_way: BTreeMap<InboundRequestId, Waiting>,
}

#[derive(Debug)]
struct Waiting {
    id: InboundId,
    peer: NodeKey,
    /// Taken once the response is given.
    channel: Option<ResponseChannel<Answer>>,
}

impl Incoming {
    /// Notes a request that goes to the application, and names it.
    pub(crate) fn insert(
        &mut self,
        wire: InboundRequestId,
        peer: NodeKey,
        channel: ResponseChannel<Answer>,
    ) -> InboundId {
        let id = InboundId(self.next);
        self.next += 1;
        self.names.insert(id, wire);
        self.under_way.insert(wire, Waiting { id, peer, channel: Some(channel) });
        id
    }

    /// The channel for the application's response; `None` if it was answered, or the peer has left.
    pub(crate) fn answer(&mut self, id: InboundId) -> Option<ResponseChannel<Answer>> {
        let wire = self.names.remove(&id)?;
        self.under_way.get_mut(&wire)?.channel.take()
    }

    /// Takes a request whose response has left or cannot leave any more. Its bytes are free only now.
    pub(crate) fn remove(&mut self, wire: InboundRequestId) -> Option<NodeKey> {
        let waiting = self.under_way.remove(&wire)?;
        self.names.remove(&waiting.id);
        Some(waiting.peer)
    }

    /// Whether responses are still leaving.
    pub(crate) fn is_sending(&self) -> bool {
        self.under_way.values().any(|waiting| waiting.channel.is_none())
    }
}

/// Says in our words why a request of ours failed.
pub(crate) fn failure(error: &OutboundFailure) -> RequestError {
    match error {
        OutboundFailure::DialFailure => RequestError::NotReachable,
        OutboundFailure::Timeout => RequestError::Timeout,
        OutboundFailure::ConnectionClosed => RequestError::ConnectionClosed,
        OutboundFailure::UnsupportedProtocols => RequestError::NotSpoken,
        OutboundFailure::Io(error) => RequestError::Broken(error.to_string()),
    }
}
