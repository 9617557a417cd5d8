//! What a replica is told once, when it is opened.

use cohub_record::{PublicKey, SecretKey};

/// Which attachments a node fetches without being asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copies {
    /// Those that travel with their record, at most 4 KiB each.
    Travelling,
    /// All that it may read.
    All,
}

/// Who the node is and how eager it is. Nothing of this enters a verdict.
#[derive(Clone)]
pub struct Config {
    /// The node's own key: what other nodes know it by.
    pub node: PublicKey,
    /// The keys with which it closes and returns motions and hands over, where its hub is a teller: one a
    /// term, and fresh ones for terms to come.
    pub tellers: Vec<SecretKey>,
    /// Keys whose records are written on this node only (Protocol 3.4).
    pub own_keys: Vec<PublicKey>,
    /// Seeds the jitter of intervals.
    pub seed: u64,
    /// Time between two comparisons with one peer, give or take a quarter.
    pub sync_interval_ms: u64,
    /// Bytes of records in one page, at most, unless one record alone has more. 64 KiB suit relays.
    pub page_bytes: usize,
    /// How long an answer may take.
    pub request_timeout_ms: u64,
    /// Time between two knocks at a door.
    pub knock_interval_ms: u64,
    /// How long after a fork or a cut records are searched for that are no longer kept.
    pub recount_interval_ms: u64,
    /// Attachments fetched unasked.
    pub copies: Copies,
    /// Bounds of what strangers and gaps may occupy.
    pub limits: Limits,
}

/// Bounds of memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Records in the waiting room.
    pub room_records: usize,
    /// Bytes in the waiting room.
    pub room_bytes: usize,
    /// Bytes in the waiting room by one author. A chain of records that becomes kept only by its last one
    /// (Protocol 3.2) waits here, so this bounds its length.
    pub room_author_bytes: usize,
    /// Bytes in the waiting room from one peer.
    pub room_peer_bytes: usize,
    /// How long a record waits.
    pub room_age_ms: u64,
    /// Newcomers at the door.
    pub knocks: usize,
    /// Invites that may be open.
    pub invites: usize,
}

impl Config {
    /// A node with this key, the usual intervals and bounds, and no teller.
    #[must_use]
    pub fn new(node: PublicKey, seed: u64) -> Self {
        Self {
            node,
            tellers: Vec::new(),
            own_keys: Vec::new(),
            seed,
            sync_interval_ms: 15_000,
            page_bytes: 64 * 1024,
            request_timeout_ms: 10_000,
            knock_interval_ms: 10_000,
            recount_interval_ms: 30_000,
            copies: Copies::Travelling,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            room_records: 8_192,
            room_bytes: 16 * 1024 * 1024,
            room_author_bytes: 4 * 1024 * 1024,
            room_peer_bytes: 6 * 1024 * 1024,
            room_age_ms: 10 * 60 * 1000,
            knocks: 64,
            invites: 64,
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Config")
            .field("node", &self.node)
            .field("tellers", &self.tellers.iter().map(SecretKey::public).collect::<Vec<_>>())
            .field("own_keys", &self.own_keys)
            .field("sync_interval_ms", &self.sync_interval_ms)
            .field("copies", &self.copies)
            .finish_non_exhaustive()
    }
}
