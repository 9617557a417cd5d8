//! Between the network edge and the core: bytes become authentic inputs on threads of their own, and
//! outputs become commands. Names of requests are translated here and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use cohub_net::{Address, Event as NetEvent, EventReceiver, Handle, InboundId, NodeKey, Verdict};
use cohub_record::{KeyCache, PublicKey};
use cohub_replica::wire::{Item, Request, Response};
use cohub_replica::{Acceptance, FoundIn, Input, MessageId, RequestId};
use tokio::sync::mpsc;

use super::checks::Checks;
use super::core::CoreHandle;

/// Something for the network edge.
pub(crate) enum NetWork {
    Join(String),
    Known(BTreeSet<PublicKey>),
    Address(PublicKey, Vec<Address>),
    Publish(Vec<u8>),
    Judge(MessageId, Acceptance),
    Request {
        peer: PublicKey,
        id: RequestId,
        bytes: Vec<u8>,
    },
    Respond {
        id: RequestId,
        bytes: Vec<u8>,
    },
    Disconnect(PublicKey),
    Block(PublicKey),
    /// The replica was opened anew: it has to hear who is connected.
    Reintroduce,
}

struct Edge {
    handle: Handle,
    core: CoreHandle,
    /// For the core, which may be waiting for this task.
    later: mpsc::UnboundedSender<Input>,
    checks: Checks,
    /// Requests of ours under way, by the network's name.
    asked: BTreeMap<cohub_net::RequestId, RequestId>,
    /// Requests of peers that are not answered yet, by our name.
    asking: BTreeMap<RequestId, InboundId>,
    next_inbound: u64,
    known: BTreeSet<PublicKey>,
    connected: BTreeSet<PublicKey>,
}

/// Runs until the network ends, and says why it did if that was not asked for.
pub(crate) async fn run(
    handle: Handle,
    mut events: EventReceiver,
    mut work: mpsc::UnboundedReceiver<NetWork>,
    core: CoreHandle,
    checks: Checks,
) -> Option<String> {
    let mut edge = Edge {
        handle,
        later: core.in_order(),
        core,
        checks,
        asked: BTreeMap::new(),
        asking: BTreeMap::new(),
        next_inbound: 0,
        known: BTreeSet::new(),
        connected: BTreeSet::new(),
    };
    loop {
        tokio::select! {
            biased;
            work = work.recv() => match work {
                Some(work) => edge.execute(work).await,
                None => return None,
            },
            event = events.recv() => match event {
                Some(NetEvent::Stopped { why }) => return Some(why.to_string()),
                Some(event) => edge.hear(event).await,
                None => return Some("the network task ended".to_owned()),
            },
        }
    }
}

impl Edge {
    async fn execute(&mut self, work: NetWork) {
        match work {
            NetWork::Join(network) => drop(self.handle.join(network).await),
            NetWork::Known(nodes) => self.know(nodes).await,
            NetWork::Address(peer, addresses) => drop(self.handle.add_peer(peer.into(), addresses).await),
            NetWork::Publish(bytes) => match self.handle.publish(bytes.into()).await {
                Ok(published) => tracing::trace!(?published, "published"),
                Err(error) => tracing::debug!(%error, "not published; anti-entropy delivers it"),
            },
            NetWork::Judge(message, acceptance) => {
                let verdict = match acceptance {
                    Acceptance::Accept => Verdict::Accept,
                    Acceptance::Ignore => Verdict::Ignore,
                    Acceptance::Reject => Verdict::Reject,
                };
                drop(self.handle.verdict(cohub_net::MessageId(message.0), verdict).await);
            }
            NetWork::Request { peer, id, bytes } => {
                match self.handle.request(peer.into(), bytes.into()).await {
                    Ok(asked) => drop(self.asked.insert(asked, id)),
                    Err(error) => {
                        tracing::debug!(%peer, %error, "a request was not sent");
                        self.later(Input::RequestFailed { peer, id });
                    }
                }
            }
            NetWork::Respond { id, bytes } => {
                if let Some(inbound) = self.asking.remove(&id) {
                    drop(self.handle.respond(inbound, bytes.into()).await);
                }
            }
            NetWork::Disconnect(peer) => drop(self.handle.disconnect(peer.into()).await),
            NetWork::Block(peer) => {
                drop(self.handle.block(peer.into()).await);
                self.later(Input::Block { peer });
            }
            NetWork::Reintroduce => {
                for peer in self.connected.clone() {
                    self.later(Input::Connected { peer });
                }
            }
        }
    }

    async fn know(&mut self, nodes: BTreeSet<PublicKey>) {
        let own = self.handle.local();
        for gone in self.known.difference(&nodes) {
            drop(self.handle.remove_peer((*gone).into()).await);
        }
        for new in nodes.difference(&self.known).filter(|node| NodeKey::from(**node) != own) {
            drop(self.handle.add_peer((*new).into(), Vec::new()).await);
        }
        self.known = nodes;
    }

    async fn hear(&mut self, event: NetEvent) {
        match event {
            NetEvent::Listening(address) => tracing::info!(%address, "listening"),
            NetEvent::Connected { peer, address } => {
                tracing::debug!(%peer, %address, "connected");
                let peer = peer.into();
                self.connected.insert(peer);
                self.later(Input::Connected { peer });
            }
            NetEvent::Disconnected { peer } => {
                let peer = peer.into();
                self.connected.remove(&peer);
                self.later(Input::Disconnected { peer });
            }
            NetEvent::DialFailed { address, peer, why } => {
                tracing::debug!(?address, ?peer, %why, "not reached");
            }
            NetEvent::Subscribed { .. } => {}
            NetEvent::Gossip { peer, message, bytes } => {
                let peer = PublicKey::from(peer);
                let message = MessageId(message.0);
                self.check(move |keys| match Item::decode(&bytes, keys) {
                    Ok(item) => Input::Gossip { peer, message, item },
                    Err(_) => Input::Malformed { peer, found_in: FoundIn::Gossip(message) },
                })
                .await;
            }
            NetEvent::Request { peer, id, bytes } => {
                let peer = PublicKey::from(peer);
                self.next_inbound += 1;
                let name = RequestId(self.next_inbound);
                self.asking.insert(name, id);
                self.check(move |keys| match Request::decode(&bytes, keys) {
                    Ok(request) => Input::Request { peer, id: name, request },
                    Err(_) => Input::Malformed { peer, found_in: FoundIn::Request },
                })
                .await;
            }
            NetEvent::Response { peer, id, bytes } => {
                let Some(id) = self.asked.remove(&id) else { return };
                let peer = PublicKey::from(peer);
                self.check(move |keys| match Response::decode(&bytes, keys) {
                    Ok(response) => Input::Response { peer, id, response },
                    Err(_) => Input::Malformed { peer, found_in: FoundIn::Response(id) },
                })
                .await;
            }
            NetEvent::RequestFailed { peer, id, why } => {
                tracing::debug!(%peer, %why, "a request failed");
                if let Some(id) = self.asked.remove(&id) {
                    self.later(Input::RequestFailed { peer: peer.into(), id });
                }
            }
            NetEvent::Stopped { .. } => {}
        }
    }

    /// Feeds the core without waiting for it.
    fn later(&self, input: Input) {
        let _ = self.later.send(input);
    }

    /// Has bytes decoded and verified, and the core fed with what they are.
    async fn check(&self, decode: impl FnOnce(&mut KeyCache) -> Input + Send + 'static) {
        let core = self.core.clone();
        self.checks.add(move |keys| core.input_blocking(decode(keys))).await;
    }
}
