//! What a local caller may ask the daemon, over its Unix socket: one JSON line a call, one a reply.
//!
//! **Invariant**: no call hands over a secret key, and none signs a record. Writers draft here, sign in
//! their own process, and hand the signed bytes in.

mod answers;

use cohub_record::{Hash, Id, PublicKey};
use cohub_registry::{AsOf, Intent, Outcome};
use serde::{Deserialize, Serialize};

pub use answers::{
    AddressView, Agenda, AgendaItem, Awaited, Compared, Counts, Done, Drafted, EventLine, Explained,
    Exported, Fetched, Held, Invited, Missing, Newcomer, Nominee, PeerExplained, PeerView, RecordLine,
    RecordView, Referent, Resolved, Status, Submitted,
};

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "kebab-case")]
pub enum Call {
    /// How the node is. Answers [`Status`].
    Status,
    /// The registry's view with its `head`.
    Registry,
    /// One motion, with its state at this time.
    Motion {
        /// The motion.
        id: Id,
    },
    /// What minutes of a motion say beside it. Answers [`cohub_registry::minutes::Minutes`].
    Minutes {
        /// The motion.
        motion: Id,
    },
    /// The registry's view as it was, with its `head`, and with `as_of` and `records`.
    RegistryAt {
        /// Of when.
        as_of: AsOf,
    },
    /// What a record that somebody intends to write would say, for the person to read before it opens its
    /// key; nothing is leased. Answers [`Drafted`].
    Preview {
        /// Who will sign.
        author: PublicKey,
        /// What is to be said.
        intent: Intent,
    },
    /// The contents of a record that somebody intends to write, with the next place in its author's log,
    /// leased to this caller. Answers [`Drafted`].
    Draft {
        /// Who will sign.
        author: PublicKey,
        /// What is to be said.
        intent: Intent,
    },
    /// Asks whether a rule refuses a signed record, without taking it. Answers [`Done`], or the refusal.
    Check {
        /// The record.
        record: SignedRecord,
    },
    /// Gives a leased place back, where nothing that was signed for it was kept. Answers [`Done`].
    Release {
        /// Whose log.
        author: PublicKey,
    },
    /// Gives up for good the keys that were here when the directory was found copied or put back; keys made
    /// since then sign. Changes nothing where nothing is suspicious. Answers [`Done`].
    Retire,
    /// A fresh teller's key of this node for the next committee, made and kept here where there is none, with its
    /// consent. Answers [`Nominee`].
    Nominate {
        /// The controller that will grant it.
        controller: PublicKey,
    },
    /// Takes signed records. Answers [`Submitted`].
    Submit {
        /// The records, in order.
        records: Vec<SignedRecord>,
    },
    /// Waits until so many peers hold a record, or the time is over. Answers [`Held`].
    Holding {
        /// The record.
        id: Id,
        /// Peers to wait for.
        peers: usize,
        /// How long to wait at the most.
        wait_ms: u64,
    },
    /// Takes an attachment from a file that the caller wrote beside the store. Answers [`Done`].
    Keep {
        /// Its hash, which is checked.
        hash: Hash,
        /// The file; it is moved.
        path: String,
    },
    /// Fetches an attachment from peers where it is not here. Answers [`Fetched`].
    Fetch {
        /// The attachment.
        hash: Hash,
        /// How long to wait at the most.
        wait_ms: u64,
    },
    /// Joins a network by its founding record. Answers [`Done`].
    Join {
        /// The founding record's bytes, in hexadecimal.
        founding: String,
    },
    /// Knocks at the door that an invite names. Answers [`Done`].
    Knock {
        /// The invite.
        invite: String,
        /// The newcomer's first records: its inception and the grant of its node key.
        records: Vec<SignedRecord>,
    },
    /// Makes an invite. Answers [`Invited`].
    Invite {
        /// For how long it is good.
        valid_ms: u64,
    },
    /// Who knocked. Answers a list of [`Newcomer`].
    Door,
    /// One record: decoded, raw, verdict. Answers [`RecordView`].
    Record {
        /// The record.
        id: Id,
    },
    /// How the sealed attachment of a record is opened. Answers [`cohub_registry::Sealing`].
    Sealing {
        /// The record.
        record: Id,
    },
    /// Records, newest last by their authors' clocks. Answers a list of [`RecordLine`].
    Records {
        /// Only of this author.
        author: Option<PublicKey>,
        /// Only of this kind.
        kind: Option<String>,
        /// Only those before this one, by date and id.
        #[serde(default)]
        before: Option<(u64, Id)>,
        /// At most so many.
        limit: usize,
    },
    /// A final motion's certificate file. Answers [`Exported`].
    Certificate {
        /// The motion.
        motion: Id,
        /// Of this outcome, where the certificates of a disputed motion or slot are asked for.
        #[serde(default)]
        outcome: Option<Outcome>,
    },
    /// What a written reference means. Answers [`Resolved`].
    Resolve {
        /// What it should be.
        what: Referent,
        /// A slug, a short unique prefix, or a whole id.
        text: String,
    },
    /// Peers, with addresses and the last error of each. Answers a list of [`PeerView`].
    Peers,
    /// Dials an address, `/ip4/…/tcp/…/p2p/…`, and keeps it. Answers [`Done`].
    PeerAdd {
        /// The address.
        address: String,
    },
    /// Has nothing to do with a peer any more. Answers [`Done`].
    PeerBlock {
        /// The peer's node key.
        peer: PublicKey,
    },
    /// What a key owes. Answers [`Agenda`].
    Agenda {
        /// The person's key.
        key: PublicKey,
    },
    /// Waits until this node compared with a connected peer and nothing was missing. Answers [`Status`].
    SyncWait {
        /// How long to wait at the most.
        wait_ms: u64,
    },
    /// What is missing here, who waits for it, and how each peer compares. Answers [`Explained`].
    SyncExplain,
    /// Answers a line for each event until the caller leaves. Each is an [`EventLine`].
    Watch,
    /// Ends the daemon. Answers [`Done`].
    Stop,
}

/// A signed record and the attachments that travel with it, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedRecord {
    /// The record's bytes.
    pub record: String,
    /// The bytes of its attachments of at most 4 KiB, in the order of its descriptors.
    pub attachments: Vec<String>,
}

/// A reply line: an answer, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    /// The answer, as the call says.
    Ok(serde_json::Value),
    /// Why there is none.
    Error(Failure),
}

/// Why a call failed. Each kind has its exit code in the CLI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// What happened, what was kept, what to do.
    pub message: String,
}

/// What kind of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// Anything else: exit code 1.
    Failed,
    /// A call that cannot be understood: 2.
    Usage,
    /// Nothing has that name: 3.
    NotFound,
    /// A key is missing or has not the role: 4.
    Permission,
    /// A rule says no; which, in words: 5.
    Refused,
    /// No daemon answers: 7.
    NotRunning,
    /// Bytes that do not verify: 8.
    Verification,
}

impl Failure {
    /// A failure of a kind.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}
