//! The protocols a node speaks, each with the settings this network needs.

use std::{num::NonZeroUsize, time::Duration};

use libp2p::{
    PeerId, StreamProtocol,
    allow_block_list::{self, BlockedPeers},
    connection_limits::{self, ConnectionLimits},
    gossipsub, identify,
    identity::Keypair,
    kad::{self, store::MemoryStore},
    memory_connection_limits, ping,
    request_response::{self, ProtocolSupport},
    swarm::NetworkBehaviour,
};

use crate::{
    codec::{SYNC_PROTOCOL, SyncCodec},
    error::NetError,
    event::MessageId,
    limits::{Limits, MESSAGE_MAX_BYTES},
};

/// Name by which nodes of this kind know each other in identify.
pub(crate) const IDENTIFY_PROTOCOL: &str = "/cohub/id/1";
/// Name of the protocol that finds peers' addresses.
pub(crate) const KAD_PROTOCOL: StreamProtocol = StreamProtocol::new("/cohub/kad/1");

/// Wanted neighbours in the gossip mesh, and the bounds between which it is left alone. Six reach thousands of
/// nodes in five steps; each one more costs every node another copy of every message.
const MESH_WANTED: usize = 6;
const MESH_LOW: usize = 5;
const MESH_HIGH: usize = 8;
/// Neighbours that this node chose itself, so that nobody can surround it.
const MESH_OUTBOUND_MIN: usize = 2;
/// Beats of the mesh's upkeep for which a message can still be passed on; longer than a verdict may take.
const HISTORY_BEATS: usize = 12;
const BEAT: Duration = Duration::from_secs(1);
/// How long a message is known as seen.
const SEEN_FOR: Duration = Duration::from_secs(5 * 60);
/// Messages that wait for one slow peer; beyond it they are left to anti-entropy.
const GOSSIP_QUEUE: usize = 512;
/// Topics a peer may announce; a node follows one network.
const TOPICS_MAX: usize = 8;

/// Score of a peer the application has not added: it neither gets nor sends gossip. Its subscriptions are
/// still noted, so it takes part as soon as it is added.
pub(crate) const STRANGER_SCORE: f64 = -1_000.0;
/// Score of a peer the application has added.
pub(crate) const KNOWN_SCORE: f64 = 0.0;

/// Nodes asked in one search for a peer's addresses.
const SEARCH_WIDTH: NonZeroUsize = NonZeroUsize::new(8).expect("8 is not 0");
const SEARCH_TIMEOUT: Duration = Duration::from_secs(20);
/// How often a connection is tried, and after which silence it is closed.
const PING_INTERVAL: Duration = Duration::from_secs(15);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// Gossipsub that bounds what a peer may announce.
pub(crate) type Gossip = gossipsub::Behaviour<
    gossipsub::IdentityTransform,
    gossipsub::MaxCountSubscriptionFilter<gossipsub::AllowAllSubscriptionFilter>,
>;

/// All protocols of a node. The gates come first: what they deny, the others never see.
#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    pub(crate) blocked: allow_block_list::Behaviour<BlockedPeers>,
    pub(crate) connections: connection_limits::Behaviour,
    pub(crate) memory: memory_connection_limits::Behaviour,
    pub(crate) ping: ping::Behaviour,
    pub(crate) identify: identify::Behaviour,
    pub(crate) kad: kad::Behaviour<MemoryStore>,
    pub(crate) gossip: Gossip,
    pub(crate) sync: request_response::Behaviour<SyncCodec>,
}

impl Behaviour {
    pub(crate) fn new(keys: &Keypair, limits: &Limits) -> Result<Self, NetError> {
        let own = keys.public().to_peer_id();
        Ok(Self {
            blocked: allow_block_list::Behaviour::default(),
            connections: connections(limits),
            memory: memory_connection_limits::Behaviour::with_max_bytes(limits.memory_bytes),
            ping: ping::Behaviour::new(
                ping::Config::new().with_interval(PING_INTERVAL).with_timeout(PING_TIMEOUT),
            ),
            identify: identify(keys),
            kad: kad(own),
            gossip: gossip()?,
            sync: sync(limits),
        })
    }
}

fn connections(limits: &Limits) -> connection_limits::Behaviour {
    connection_limits::Behaviour::new(
        ConnectionLimits::default()
            .with_max_pending_incoming(Some(limits.pending_incoming))
            .with_max_pending_outgoing(Some(limits.pending_outgoing))
            .with_max_established_incoming(Some(limits.established_incoming))
            .with_max_established_outgoing(Some(limits.established_outgoing))
            .with_max_established_per_peer(Some(limits.established_per_peer)),
    )
}

fn identify(keys: &Keypair) -> identify::Behaviour {
    identify::Behaviour::new(
        identify::Config::new(IDENTIFY_PROTOCOL.to_owned(), keys.public())
            .with_agent_version(concat!("cohub/", env!("CARGO_PKG_VERSION")).to_owned())
            .with_push_listen_addr_updates(true)
            .with_cache_size(0),
    )
}

/// Kademlia that stores nothing and fills its table only with addresses this node has sifted.
fn kad(own: PeerId) -> kad::Behaviour<MemoryStore> {
    let mut config = kad::Config::new(KAD_PROTOCOL);
    config
        .set_kbucket_inserts(kad::BucketInserts::Manual)
        .set_record_filtering(kad::StoreInserts::FilterBoth)
        .set_caching(kad::Caching::Disabled)
        .set_replication_interval(None)
        .set_publication_interval(None)
        .set_provider_publication_interval(None)
        .set_periodic_bootstrap_interval(None)
        .set_replication_factor(SEARCH_WIDTH)
        .set_query_timeout(SEARCH_TIMEOUT);
    let mut kad = kad::Behaviour::with_config(own, MemoryStore::new(own), config);
    kad.set_mode(Some(kad::Mode::Server));
    kad
}

fn sync(limits: &Limits) -> request_response::Behaviour<SyncCodec> {
    let codec = SyncCodec {
        request_max_bytes: limits.request_max_bytes,
        response_max_bytes: limits.response_max_bytes,
    };
    // Beyond the requests under way in both directions there is room to refuse some more in words.
    let streams = limits.in_flight_per_peer.saturating_mul(3);
    let config = request_response::Config::default()
        .with_request_timeout(limits.request_timeout)
        .with_max_concurrent_streams(usize::try_from(streams).unwrap_or(usize::MAX));
    request_response::Behaviour::with_codec(codec, [(SYNC_PROTOCOL, ProtocolSupport::Full)], config)
}

fn gossip() -> Result<Gossip, NetError> {
    let refused = |why: String| NetError::Setting { setting: "gossip", why };
    let config = gossip_config().map_err(|error| refused(error.to_string()))?;
    let filter = gossipsub::MaxCountSubscriptionFilter {
        filter: gossipsub::AllowAllSubscriptionFilter {},
        max_subscribed_topics: TOPICS_MAX,
        max_subscriptions_per_request: TOPICS_MAX * 2,
    };
    let anonymous = gossipsub::MessageAuthenticity::Anonymous;
    let mut gossip = Gossip::new_with_subscription_filter(anonymous, config, filter)
        .map_err(|why| refused(why.to_owned()))?;
    gossip.with_peer_score(score_params(), gossipsub::PeerScoreThresholds::default()).map_err(refused)?;
    Ok(gossip)
}

/// Gossipsub's settings: records carry their own signatures, so messages carry none; nothing travels on
/// before the application has judged it; equal content is one message.
///
/// # Errors
/// None with the constants of this file; a test builds it.
pub(crate) fn gossip_config() -> Result<gossipsub::Config, gossipsub::ConfigBuilderError> {
    gossipsub::ConfigBuilder::default()
        .validation_mode(gossipsub::ValidationMode::Anonymous)
        .validate_messages()
        .message_id_fn(|message| gossipsub::MessageId::from(MessageId::of(&message.data).0.to_vec()))
        .max_transmit_size(MESSAGE_MAX_BYTES)
        .duplicate_cache_time(SEEN_FOR)
        .flood_publish(false)
        .mesh_n(MESH_WANTED)
        .mesh_n_low(MESH_LOW)
        .mesh_n_high(MESH_HIGH)
        .mesh_outbound_min(MESH_OUTBOUND_MIN)
        .gossip_lazy(MESH_WANTED)
        .heartbeat_interval(BEAT)
        .heartbeat_initial_delay(BEAT)
        .history_length(HISTORY_BEATS)
        .connection_handler_queue_len(GOSSIP_QUEUE)
        .build()
}

/// Longest time after which a verdict can still pass a message on.
pub(crate) fn verdict_timeout_max() -> Duration {
    BEAT * (u32::try_from(HISTORY_BEATS).unwrap_or(u32::MAX) - 2)
}

/// What counts against a peer, beside being a stranger: invalid messages and broken promises. Being slow,
/// or sharing an address (as relayed peers do), does not.
fn score_params() -> gossipsub::PeerScoreParams {
    gossipsub::PeerScoreParams {
        app_specific_weight: 1.0,
        ip_colocation_factor_weight: 0.0,
        slow_peer_weight: 0.0,
        behaviour_penalty_weight: -1.0,
        behaviour_penalty_threshold: 6.0,
        behaviour_penalty_decay: gossipsub::score_parameter_decay(Duration::from_secs(10 * 60)),
        ..gossipsub::PeerScoreParams::default()
    }
}

/// What counts against a peer on the network's topic: the square of its invalid messages, which two
/// bring below the threshold for gossip and three to silence; forgotten within ten minutes.
pub(crate) fn topic_score_params() -> gossipsub::TopicScoreParams {
    gossipsub::TopicScoreParams {
        topic_weight: 1.0,
        time_in_mesh_weight: 0.0,
        first_message_deliveries_weight: 0.0,
        mesh_message_deliveries_weight: 0.0,
        mesh_failure_penalty_weight: 0.0,
        invalid_message_deliveries_weight: -10.0,
        invalid_message_deliveries_decay: gossipsub::score_parameter_decay(Duration::from_secs(10 * 60)),
        ..gossipsub::TopicScoreParams::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gossip_is_set_up_as_the_network_needs_it() {
        let config = gossip_config().unwrap();
        assert!(config.validate_messages());
        assert!(matches!(config.validation_mode(), gossipsub::ValidationMode::Anonymous));
        assert!(!config.flood_publish());
        assert!(config.duplicate_cache_time() >= Duration::from_secs(300));
        assert_eq!(config.max_transmit_size(), MESSAGE_MAX_BYTES);
        let mesh = (config.mesh_outbound_min(), config.mesh_n_low(), config.mesh_n(), config.mesh_n_high());
        assert_eq!(mesh, (2, 5, 6, 8));
        assert!(mesh.0 * 2 <= mesh.2 && mesh.0 < mesh.1, "what the library demands of a mesh");
        assert!(Limits::default().verdict_timeout <= verdict_timeout_max());
    }

    #[test]
    fn equal_content_is_one_message() {
        let config = gossip_config().unwrap();
        let id = |data: &[u8], source: Option<PeerId>| {
            config.message_id(&gossipsub::Message {
                source,
                data: data.to_vec(),
                sequence_number: None,
                topic: gossipsub::TopicHash::from_raw("any"),
            })
        };
        assert_eq!(id(b"record", None), id(b"record", Some(PeerId::random())));
        assert_ne!(id(b"record", None), id(b"other", None));
        assert_eq!(id(b"record", None).0, MessageId::of(b"record").0);
    }

    #[test]
    fn scores_are_valid_and_a_shared_address_costs_nothing() {
        let params = score_params();
        params.validate().unwrap();
        topic_score_params().validate().unwrap();
        assert!(params.ip_colocation_factor_weight.abs() < f64::EPSILON);
        let thresholds = gossipsub::PeerScoreThresholds::default();
        assert!(STRANGER_SCORE < thresholds.graylist_threshold);
        assert!(KNOWN_SCORE >= thresholds.gossip_threshold);
    }
}
