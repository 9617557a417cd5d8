//! Nodes on loopback that the tests can wait for.

use std::time::Duration;

use bytes::Bytes;
use cohub_net::{Address, Config, DialPolicy, Event, EventReceiver, Handle, NodeKey, spawn};

/// Far more than anything here takes; only a failing test waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) const TCP: &str = "/ip4/127.0.0.1/tcp/0";
pub(crate) const QUIC: &str = "/ip4/127.0.0.1/udp/0/quic-v1";

pub(crate) struct Node {
    pub(crate) handle: Handle,
    pub(crate) events: EventReceiver,
    /// Where it listens.
    pub(crate) address: Address,
}

/// Settings of a test node: its own key, one listening address, short pauses, one common network.
pub(crate) fn settings(seed: u8, listen: &str) -> Config {
    let mut config = Config::new([seed; 32]);
    config.listen = vec![listen.parse().unwrap()];
    config.network = Some("test".to_owned());
    config.loopback_only = true;
    config.dial = DialPolicy {
        first_pause: Duration::from_millis(50),
        longest_pause: Duration::from_millis(200),
        ..DialPolicy::default()
    };
    config
}

impl Node {
    pub(crate) async fn start(config: &Config) -> Self {
        let (handle, events) = spawn(config).unwrap();
        let mut node = Self { handle, events, address: config.listen[0].clone() };
        node.address = node
            .until("listening", |event| match event {
                Event::Listening(address) => Some(address),
                _ => None,
            })
            .await;
        node
    }

    pub(crate) fn key(&self) -> NodeKey {
        self.handle.local()
    }

    /// Makes the other node known, with its address. Returns when that is done.
    pub(crate) async fn add(&self, other: &Self) {
        self.handle.add_peer(other.key(), vec![other.address.clone()]).await.unwrap();
        self.handle.peers().await.unwrap();
    }

    /// Dials the other node once, as a stranger.
    pub(crate) async fn dial(&self, other: &Self) {
        self.handle.dial(other.address.with_peer(other.key())).await.unwrap();
    }

    /// Reads events until one is what the test waits for.
    pub(crate) async fn until<T>(&mut self, what: &str, mut pick: impl FnMut(Event) -> Option<T>) -> T {
        let mut seen = Vec::new();
        let wait = async {
            loop {
                let event = self.events.recv().await.unwrap_or_else(|| panic!("{what}: events ended"));
                seen.push(format!("{event:?}"));
                if let Some(found) = pick(event) {
                    return found;
                }
            }
        };
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(found) => found,
            Err(_) => panic!("{what}: did not happen; seen instead: {seen:#?}"),
        }
    }

    pub(crate) async fn until_connected(&mut self, other: NodeKey) {
        self.until("connected", |event| {
            matches!(event, Event::Connected { peer, .. } if peer == other).then_some(())
        })
        .await;
    }

    pub(crate) async fn until_disconnected(&mut self, other: NodeKey) {
        self.until("disconnected", |event| {
            matches!(event, Event::Disconnected { peer } if peer == other).then_some(())
        })
        .await;
    }

    pub(crate) async fn until_subscribed(&mut self, other: NodeKey) {
        self.until("subscribed", |event| {
            matches!(event, Event::Subscribed { peer } if peer == other).then_some(())
        })
        .await;
    }

    /// Answers the next request with its bytes reversed; tells who asked.
    pub(crate) async fn answer_one(&mut self) -> NodeKey {
        let (peer, id, bytes) = self
            .until("request", |event| match event {
                Event::Request { peer, id, bytes } => Some((peer, id, bytes)),
                _ => None,
            })
            .await;
        let reversed: Bytes = bytes.iter().rev().copied().collect();
        self.handle.respond(id, reversed).await.unwrap();
        peer
    }
}
