//! What the network task does for each command of a handle.

use std::{collections::BTreeSet, time::Instant};

use bytes::Bytes;
use libp2p::{Multiaddr, gossipsub::PublishError, swarm::dial_opts::DialOpts};

use crate::{
    address::Address,
    codec::{Answer, Question},
    error::NetError,
    event::{Event, MessageId, PeerStatus, Published, RequestId},
    handle::Command,
    key::NodeKey,
    reason,
    swarm::Loop,
};

impl Loop {
    pub(crate) fn on_command(&mut self, command: Command) {
        let now = Instant::now();
        match command {
            Command::Dial(address) => self.dial(address),
            Command::AddPeer { peer, addresses } => self.add_peer(peer, addresses, now),
            Command::RemovePeer(peer) => self.remove_peer(peer, now),
            Command::Join(network) => self.join(&network),
            // For this and the replies below: whoever asked may have gone, and then nobody needs to know.
            Command::Publish { bytes, reply } => drop(reply.send(self.publish(&bytes))),
            Command::Request { peer, bytes, reply } => drop(reply.send(self.request(peer, bytes))),
            Command::Respond { id, bytes } => {
                if let Some(channel) = self.incoming.answer(id) {
                    // An error says that the peer has left; its end is told by the library.
                    let _ = self.swarm.behaviour_mut().sync.send_response(channel, Answer::Whole(bytes));
                }
            }
            Command::Verdict { message, verdict } => {
                if let Some(source) = self.undecided.take(&message) {
                    self.report(message, &source, verdict);
                }
            }
            Command::Disconnect(peer) => {
                // An error says that it is not connected.
                let _ = self.swarm.disconnect_peer_id(peer.peer_id());
            }
            Command::Block(peer) => {
                self.swarm.behaviour_mut().blocked.block_peer(peer.peer_id());
            }
            Command::Unblock(peer) => {
                self.swarm.behaviour_mut().blocked.unblock_peer(peer.peer_id());
                self.dialer.wake(peer, now);
            }
            Command::ListenAddresses(reply) => drop(reply.send(self.listen_addresses())),
            Command::Peers(reply) => drop(reply.send(self.peers())),
            // The loop stops before it hands this on.
            Command::Shutdown(_) => {}
            #[cfg(test)]
            Command::Panic => panic!("asked to panic"),
        }
    }

    fn dial(&mut self, address: Address) {
        let options = DialOpts::unknown_peer_id().address(address.clone().into()).build();
        let connection = options.connection_id();
        match self.swarm.dial(options) {
            Ok(()) => {
                self.asked.insert(connection, address);
            }
            Err(error) => self.tell_dial_failed(&address, &reason::of_dial(&error)),
        }
    }

    fn add_peer(&mut self, peer: NodeKey, addresses: Vec<Address>, now: Instant) {
        if peer.peer_id() == *self.swarm.local_peer_id() {
            return;
        }
        if !self.dialer.is_known(peer) {
            self.meter.refill(peer, now);
        }
        self.dialer.add(peer, addresses, self.links.contains_key(&peer), now);
        self.swarm.behaviour_mut().connections.bypass_peer_id(&peer.peer_id());
        self.set_gossip_access(peer);
        if self.subscribed().contains(&peer) {
            self.tell_subscribed(peer);
        }
    }

    fn remove_peer(&mut self, peer: NodeKey, now: Instant) {
        self.dialer.remove(peer);
        self.swarm.behaviour_mut().connections.remove_peer_id(&peer.peer_id());
        self.set_gossip_access(peer);
        self.sweep_soon(now);
    }

    fn publish(&mut self, bytes: &Bytes) -> Published {
        let Some(topic) = self.topic.clone() else { return Published::NoNetwork };
        match self.swarm.behaviour_mut().gossip.publish(topic, bytes.to_vec()) {
            Ok(_) => Published::Sent(MessageId::of(bytes)),
            Err(PublishError::Duplicate) => Published::Duplicate,
            Err(PublishError::NoPeersSubscribedToTopic) => Published::NobodyListens,
            Err(PublishError::AllQueuesFull(_)) => Published::QueuesFull,
            Err(
                error @ (PublishError::SigningError(_)
                | PublishError::MessageTooLarge
                | PublishError::TransformFailed(_)),
            ) => {
                // Nothing is signed or transformed, and the handle checks the size.
                tracing::error!(%error, "gossip refused a message; anti-entropy delivers it");
                Published::QueuesFull
            }
        }
    }

    fn request(&mut self, peer: NodeKey, bytes: Bytes) -> Result<RequestId, NetError> {
        self.outgoing.check(peer)?;
        let addresses = self.dialer.addresses(peer).into_iter().map(Multiaddr::from).collect();
        let sync = &mut self.swarm.behaviour_mut().sync;
        let wire = sync.send_request_with_addresses(&peer.peer_id(), Question::Whole(bytes), addresses);
        Ok(self.outgoing.insert(wire, peer))
    }

    fn listen_addresses(&self) -> Vec<Address> {
        self.swarm.listeners().cloned().map(Address::from).collect()
    }

    fn peers(&self) -> Vec<PeerStatus> {
        let subscribed = self.subscribed();
        let peers: BTreeSet<_> = self.dialer.peers().chain(self.links.keys().copied()).collect();
        peers
            .into_iter()
            .map(|peer| {
                let link = self.links.get(&peer);
                let (addresses, lost_at, next_attempt) = self.dialer.status(peer);
                PeerStatus {
                    peer,
                    known: self.dialer.is_known(peer),
                    connected: link.is_some(),
                    since: link.map(|link| link.since).or(lost_at),
                    connected_address: link.map(|link| link.address.clone()),
                    round_trip: link.and_then(|link| link.round_trip),
                    subscribed: subscribed.contains(&peer),
                    next_attempt,
                    addresses,
                }
            })
            .collect()
    }

    /// Tells how a dial went that the application asked for.
    pub(crate) fn tell_dial_failed(&mut self, asked: &Address, failures: &[(Option<Address>, String)]) {
        for (address, why) in failures {
            let address = address.clone().unwrap_or_else(|| asked.clone());
            let peer = address.peer();
            let address = Some(address.without_peer());
            self.outbox.push(Event::DialFailed { address, peer, why: why.clone() });
        }
    }
}
