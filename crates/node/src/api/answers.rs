//! What the daemon answers: one type a call.

use cohub_record::{Id, PublicKey, Signature};
pub use cohub_registry::agenda::{Agenda, AgendaItem, Awaited};
use serde::{Deserialize, Serialize};

/// How the node is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// `net1…`; absent before a network is joined.
    pub network: Option<String>,
    /// The network's name.
    pub network_name: Option<String>,
    /// The own hub's slug.
    pub hub: Option<String>,
    /// The own hub's status in the registry.
    pub hub_status: Option<String>,
    /// This node's libp2p peer id.
    pub peer_id: String,
    /// This node's key.
    pub node: PublicKey,
    /// Addresses on which it listens, each with its peer id.
    pub addresses: Vec<String>,
    /// Records held.
    pub records: usize,
    /// Records that held ones cite and that are missing here.
    pub missing: usize,
    /// The hash of the registry, in hexadecimal.
    pub head: Option<String>,
    /// Peers.
    pub peers: Vec<PeerView>,
    /// Whether a comparison with a connected peer ended with nothing missing.
    pub synced: bool,
    /// Milliseconds since anything was heard from a peer.
    pub last_heard_ms: Option<u64>,
    /// What needs attention, each with cause and fix.
    pub warnings: Vec<String>,
    /// Version of this software.
    pub version: String,
    /// Milliseconds since the daemon began.
    pub up_ms: u64,
    /// How far the clocks of most peers are ahead of this one, in milliseconds; absent before a comparison.
    pub clock_offset_ms: Option<i64>,
    /// What came of what peers and people sent.
    pub counts: Counts,
}

/// What came of what peers and people sent, since the daemon began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records that are held since then.
    pub held: u64,
    /// Records found valid.
    pub valid: u64,
    /// Records found void.
    pub void: u64,
    /// Messages that were malformed or not authentic.
    pub malformed: u64,
    /// Items that came by gossip.
    pub gossiped: u64,
    /// Comparisons with a peer that began with nothing missing on either side.
    pub compared_same: u64,
    /// Comparisons that found a difference.
    pub compared_apart: u64,
    /// Records that comparisons brought.
    pub gained: u64,
    /// Times that a peer sent what it should not have.
    pub misbehaved: u64,
}

/// The last comparison with a connected peer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Whether both held the same at its start.
    pub same: bool,
    /// How far the peer's clock is ahead, in milliseconds.
    pub clock_ahead_ms: i64,
}

/// Why this node has not what the others have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// Records that held ones build on and that are not here, by id; at most 1,000.
    pub missing: Vec<Missing>,
    /// How many there are.
    pub missing_count: usize,
    /// Every known peer.
    pub peers: Vec<PeerExplained>,
}

/// A record that is not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The record.
    pub id: Id,
    /// Held records that wait for it.
    pub wanted_by: Vec<RecordLine>,
}

/// A peer, and how far it agrees with this node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerExplained {
    /// Who and where it is.
    #[serde(flatten)]
    pub peer: PeerView,
    /// The last comparison since it connected.
    pub compared: Option<Compared>,
}

/// The teller's key with which a hub accepts a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nominee {
    /// The key; its secret half stays with the daemon.
    pub key: PublicKey,
    /// Its consent to be the hub's teller.
    pub consent: Signature,
    /// Whether it was made just now.
    pub made: bool,
}

/// A peer as this node sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerView {
    /// Its node key.
    pub key: PublicKey,
    /// The slug of its hub, where known.
    pub hub: Option<String>,
    /// Whether a connection stands.
    pub connected: bool,
    /// Round-trip time in microseconds.
    pub rtt_us: Option<u64>,
    /// Its addresses, each with the last error.
    pub addresses: Vec<AddressView>,
}

/// One address of a peer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressView {
    /// The address.
    pub address: String,
    /// Why the last dial failed, if it did.
    pub last_error: Option<String>,
}

/// The contents of a record to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// The network.
    pub network: Id,
    /// The place in the author's log.
    pub seq: u64,
    /// The record before.
    pub prev: Option<Id>,
    /// The kind.
    pub kind: String,
    /// Groups of cites.
    pub cites: Vec<Vec<Id>>,
    /// The body as DAG-CBOR, in hexadecimal.
    pub body: String,
    /// What it says, in sentences for the person who signs.
    pub summary: Vec<String>,
}

/// Signed records are stored here and on their way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submitted {
    /// Their ids, in order.
    pub ids: Vec<Id>,
}

/// Who holds a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Peers known to hold it.
    pub peers_holding: usize,
    /// Peers connected.
    pub peers_connected: usize,
}

/// Where a whole, verified attachment lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The file: salt, label and content.
    pub path: String,
}

/// An invite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// `cohubinvite1…`.
    pub invite: String,
    /// Milliseconds since the Unix epoch.
    pub expires_at: u64,
}

/// Somebody at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer {
    /// The controller that a sponsor names.
    pub controller: PublicKey,
    /// Its node.
    pub node: PublicKey,
    /// The slug it wants.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its city.
    pub city: String,
    /// Its country.
    pub country: String,
}

/// One record, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// The line.
    #[serde(flatten)]
    pub line: RecordLine,
    /// The record before.
    pub prev: Option<Id>,
    /// Groups of cites.
    pub cites: Vec<Vec<Id>>,
    /// The body, decoded.
    pub body: serde_json::Value,
    /// Descriptors of attachments.
    pub attachments: Vec<serde_json::Value>,
    /// Records here that cite it.
    pub cited_by: Vec<Id>,
    /// The bytes, in hexadecimal.
    pub raw: String,
}

/// One record, in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordLine {
    /// The record.
    pub id: Id,
    /// Who wrote it.
    pub author: PublicKey,
    /// The author's hub.
    pub hub: Option<String>,
    /// Place in the author's log.
    pub seq: u64,
    /// By the author's clock.
    pub at: u64,
    /// The kind.
    pub kind: String,
    /// `pending`, `valid`, or the rule that it breaks.
    pub verdict: String,
}

/// A certificate file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The file's bytes, in hexadecimal.
    pub certificate: String,
}

/// What a reference can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Referent {
    /// A hub: slug, prefix or id. Resolves to its id.
    Hub,
    /// A hub, resolved to its first controller; newcomers at the door too.
    Controller,
    /// An application: of a hub, or by prefix or id.
    Application,
    /// A motion: by prefix or id, or the only open one on a hub's application.
    Motion,
    /// Any record, by prefix or id.
    Record,
    /// A document: by prefix or id of its record, or a type of the only application.
    Document,
    /// Who can read what is sealed: a key, or a hub's representative. Resolves to the key.
    Reader,
}

/// What a reference means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// The record's id, of a hub its inception's.
    pub id: Option<Id>,
    /// The key, for controllers and readers.
    pub key: Option<PublicKey>,
}

/// An event, for watchers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    /// Milliseconds since the Unix epoch.
    pub at: u64,
    /// `record`, `verdict`, `motion`, `held`, `fork`, `peer`, `door`, `teller`, `warning`.
    pub event: String,
    /// The record, motion or key that it is about.
    pub about: Option<String>,
    /// In words.
    pub words: String,
}

/// It is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}
