//! What the network task makes of each event of the swarm.

use std::{io, time::Instant};

use libp2p::{
    Multiaddr, PeerId, TransportError,
    core::ConnectedPoint,
    gossipsub, identify, ping,
    request_response::{self, InboundRequestId, Message, ResponseChannel},
    swarm::{ConnectionId, DialError, SwarmEvent},
};

use crate::{
    address::Address,
    behaviour::{BehaviourEvent, IDENTIFY_PROTOCOL, KAD_PROTOCOL},
    codec::{Answer, Question},
    error::{Refusal, RequestError},
    event::{Event, MessageId, Verdict},
    key::NodeKey,
    reason,
    requests::failure,
    swarm::{Link, Loop},
};

/// Addresses taken from one peer's introduction of itself.
const TOLD_MAX: usize = 8;

type SyncEvent = request_response::Event<Question, Answer>;

impl Loop {
    pub(crate) fn on_swarm_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(event) => self.on_behaviour_event(event),
            SwarmEvent::NewListenAddr { address, .. } => self.outbox.push(Event::Listening(address.into())),
            SwarmEvent::ConnectionEstablished {
                peer_id,
                connection_id,
                endpoint,
                concurrent_dial_errors,
                ..
            } => {
                let failures = concurrent_dial_errors.unwrap_or_default();
                self.on_connected(&peer_id, connection_id, &endpoint, &failures);
            }
            SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } => {
                self.on_disconnected(&peer_id);
            }
            SwarmEvent::OutgoingConnectionError { connection_id, peer_id, error } => {
                self.on_outgoing_error(connection_id, peer_id.as_ref(), &error);
            }
            SwarmEvent::IncomingConnectionError { send_back_addr, error, .. } => {
                tracing::debug!(from = %send_back_addr, why = reason::deepest(&error), "inbound connection refused");
            }
            SwarmEvent::ListenerClosed { addresses, reason, .. } => {
                tracing::error!(
                    ?addresses,
                    ?reason,
                    "a listener ended; peers cannot reach this node there any more"
                );
            }
            SwarmEvent::ListenerError { error, .. } => tracing::warn!(%error, "a listener failed once"),
            other => tracing::trace!(?other, "swarm"),
        }
    }

    fn on_connected(
        &mut self,
        peer_id: &PeerId,
        connection: ConnectionId,
        endpoint: &ConnectedPoint,
        failures: &[(Multiaddr, TransportError<io::Error>)],
    ) {
        self.asked.remove(&connection);
        // The transport lets no other key type through.
        let Ok(peer) = NodeKey::from_peer_id(peer_id) else { return };
        let now = Instant::now();
        let address = Address::from(endpoint.get_remote_address().clone()).without_peer();
        for (address, error) in failures {
            self.dialer.note_error(peer, &address.clone().into(), &reason::of_transport(error));
        }
        self.dialer.connected(peer, endpoint.is_dialer().then_some(&address), now);
        if self.links.contains_key(&peer) {
            return;
        }
        let link = Link { address: address.clone(), since: now, used: now, round_trip: None };
        self.links.insert(peer, link);
        self.set_gossip_access(peer);
        self.sweep_soon(now);
        self.outbox.push(Event::Connected { peer, address });
    }

    fn on_disconnected(&mut self, peer_id: &PeerId) {
        let Ok(peer) = NodeKey::from_peer_id(peer_id) else { return };
        if self.links.remove(&peer).is_some() {
            self.dialer.disconnected(peer, Instant::now());
            self.outbox.push(Event::Disconnected { peer });
        }
    }

    fn on_outgoing_error(&mut self, connection: ConnectionId, peer_id: Option<&PeerId>, error: &DialError) {
        let peer = peer_id.and_then(|peer| NodeKey::from_peer_id(peer).ok());
        match (self.asked.remove(&connection), peer) {
            (Some(asked), peer) => {
                self.tell_dial_failed(&asked, &reason::of_dial(error));
                // The dialer may have left the attempt to this one.
                if let Some(peer) = peer {
                    self.try_later(peer, error, Instant::now());
                }
            }
            (None, Some(peer)) => self.on_dial_failed(peer, error, Instant::now()),
            (None, None) => {}
        }
    }

    /// An attempt on a peer failed that the application did not ask for: if the peer is known, it is told
    /// about and tried again in time.
    pub(crate) fn on_dial_failed(&mut self, peer: NodeKey, error: &DialError, now: Instant) {
        // Somebody else is dialling it; that attempt will tell.
        if matches!(error, DialError::DialPeerConditionFalse(_)) || !self.dialer.is_known(peer) {
            return;
        }
        for (address, why) in reason::of_dial(error) {
            let address = address.map(|address| address.without_peer());
            self.outbox.push(Event::DialFailed { address, peer: Some(peer), why });
        }
        self.try_later(peer, error, now);
    }

    /// Remembers why a known peer could not be reached, and looks for more of its addresses where that may help.
    fn try_later(&mut self, peer: NodeKey, error: &DialError, now: Instant) {
        for (address, why) in reason::of_dial(error) {
            if let Some(address) = address {
                self.dialer.note_error(peer, &address, &why);
            }
        }
        if self.dialer.failed(peer, now) {
            // The search dials the peer where it learns an address; nothing needs to be done with its result.
            self.swarm.behaviour_mut().kad.get_closest_peers(peer.peer_id());
        }
    }

    fn on_behaviour_event(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Sync(event) => self.on_sync_event(event),
            BehaviourEvent::Gossip(event) => self.on_gossip_event(event),
            BehaviourEvent::Ping(event) => self.on_ping(&event),
            BehaviourEvent::Identify(identify::Event::Received { peer_id, info, .. }) => {
                self.on_introduction(&peer_id, info);
            }
            BehaviourEvent::Identify(_) | BehaviourEvent::Kad(_) => {}
        }
    }

    fn on_sync_event(&mut self, event: SyncEvent) {
        match event {
            SyncEvent::Message { peer, message, .. } => match message {
                Message::Request { request_id, request, channel } => {
                    if let Err(refusal) = self.on_question(&peer, request_id, request, channel) {
                        tracing::debug!(%peer, %refusal, "request refused");
                    }
                }
                Message::Response { request_id, response } => {
                    let Some((id, peer)) = self.outgoing.remove(request_id) else { return };
                    self.outbox.push(match response {
                        Answer::Whole(bytes) => Event::Response { peer, id, bytes },
                        Answer::Refused(refusal) => {
                            Event::RequestFailed { peer, id, why: RequestError::Refused(refusal) }
                        }
                    });
                }
            },
            SyncEvent::OutboundFailure { request_id, error, .. } => {
                if let Some((id, peer)) = self.outgoing.remove(request_id) {
                    self.outbox.push(Event::RequestFailed { peer, id, why: failure(&error) });
                }
            }
            SyncEvent::InboundFailure { request_id, error, .. } => {
                tracing::debug!(%error, "a request could not be answered");
                self.end_incoming(request_id);
            }
            SyncEvent::ResponseSent { request_id, .. } => {
                self.responded_at = Some(Instant::now());
                self.end_incoming(request_id);
            }
        }
    }

    /// Hands a peer's request to the application, or refuses it in words.
    fn on_question(
        &mut self,
        peer_id: &PeerId,
        wire: InboundRequestId,
        question: Question,
        channel: ResponseChannel<Answer>,
    ) -> Result<(), Refusal> {
        let admitted = match (NodeKey::from_peer_id(peer_id), question) {
            (Ok(peer), Question::Whole(bytes)) => self.admit(peer).map(|()| (peer, bytes)),
            (Ok(_), Question::TooLarge) | (Err(_), _) => Err(Refusal::TooLarge),
        };
        match admitted {
            Ok((peer, bytes)) => {
                let id = self.incoming.insert(wire, peer, channel);
                self.outbox.push(Event::Request { peer, id, bytes });
                Ok(())
            }
            Err(refusal) => {
                // An error says that the peer has left.
                let _ = self.swarm.behaviour_mut().sync.send_response(channel, Answer::Refused(refusal));
                Err(refusal)
            }
        }
    }

    fn admit(&mut self, peer: NodeKey) -> Result<(), Refusal> {
        if !self.outbox.keeps_up() {
            return Err(Refusal::Busy);
        }
        let now = Instant::now();
        let known = self.dialer.is_known(peer);
        let rate = if known { self.limits.known_rate } else { self.limits.stranger_rate };
        self.meter.enter(peer, rate, now)?;
        self.sweep_soon(now);
        if let Some(link) = self.links.get_mut(&peer) {
            link.used = now;
        }
        Ok(())
    }

    fn end_incoming(&mut self, wire: InboundRequestId) {
        if let Some(peer) = self.incoming.remove(wire) {
            self.meter.leave(peer);
        }
    }

    fn on_gossip_event(&mut self, event: gossipsub::Event) {
        match event {
            gossipsub::Event::Message { propagation_source, message_id, message } => {
                let (Ok(peer), Ok(id)) =
                    (NodeKey::from_peer_id(&propagation_source), message_id.0.try_into())
                else {
                    return;
                };
                let id = MessageId(id);
                if !self.outbox.keeps_up() || !self.undecided.has_room() {
                    tracing::debug!(message = ?id, "no room for gossip; ignored, anti-entropy delivers it");
                    self.report(id, &propagation_source, Verdict::Ignore);
                    return;
                }
                self.undecided.insert(id, propagation_source, Instant::now());
                self.outbox.push(Event::Gossip { peer, message: id, bytes: message.data.into() });
            }
            gossipsub::Event::Subscribed { peer_id, topic } => {
                let ours = self.topic.as_ref().is_some_and(|own| own.hash() == topic);
                if let Ok(peer) = NodeKey::from_peer_id(&peer_id)
                    && ours
                {
                    self.tell_subscribed(peer);
                }
            }
            gossipsub::Event::Unsubscribed { .. } => {}
            gossipsub::Event::GossipsubNotSupported { peer_id } => {
                tracing::debug!(peer = %peer_id, "does not speak gossip");
            }
            gossipsub::Event::SlowPeer { peer_id, .. } => {
                tracing::debug!(peer = %peer_id, "too slow for gossip; anti-entropy delivers the rest");
            }
        }
    }

    fn on_ping(&mut self, event: &ping::Event) {
        match &event.result {
            Ok(round_trip) => {
                if let Ok(peer) = NodeKey::from_peer_id(&event.peer)
                    && let Some(link) = self.links.get_mut(&peer)
                {
                    link.round_trip = Some(*round_trip);
                }
            }
            Err(ping::Failure::Unsupported) => {}
            Err(ping::Failure::Timeout | ping::Failure::Other { .. }) => {
                tracing::debug!(peer = %event.peer, "does not answer pings; connection closed");
                self.swarm.close_connection(event.connection);
            }
        }
    }

    /// A peer says which addresses it listens on: those that may be dialled are remembered and told on.
    fn on_introduction(&mut self, peer_id: &PeerId, info: identify::Info) {
        let Ok(peer) = NodeKey::from_peer_id(peer_id) else { return };
        let Some(link) = self.links.get(&peer) else { return };
        if info.protocol_version != IDENTIFY_PROTOCOL || !info.protocols.contains(&KAD_PROTOCOL) {
            tracing::debug!(%peer, version = info.protocol_version, "is no node of this kind");
            return;
        }
        let over_loopback = link.address.is_loopback();
        let told = info.listen_addrs.into_iter().map(|address| Address::from(address).without_peer());
        let dialable = told.filter(|address| address.is_dialable(over_loopback, self.loopback_only));
        for address in dialable.take(TOLD_MAX).collect::<Vec<_>>() {
            self.dialer.learn(peer, &address);
            self.swarm.behaviour_mut().kad.add_address(peer_id, address.into());
        }
    }
}
