//! What a replica wants done.

use std::sync::Arc;

use cohub_record::{Hash, Id, Invite, Place, PublicKey, Record};

use cohub_registry::Verdict;

use crate::error::ReplicaError;
use crate::input::{MessageId, RequestId, Ticket};
use crate::wire::{Item, Request, Response};

/// One thing to do. The driver executes the outputs of an input in order, and those of an earlier input
/// first; what is stored must be durable before anything behind it is done.
///
/// It may run several inputs and move all their [`Output::Persist`]s to the front, into one batch; and a
/// [`Output::Send`] of a request that [only asks](Request::only_asks) may go before everything. If storing
/// fails, nothing behind it is done: the replica is dropped and opened again from the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Store these records, all or none. At most one an input, and before everything else of it.
    Persist {
        /// The records.
        records: Vec<Record>,
    },
    /// Forget these records, which the protocol no longer keeps (Protocol 3.2, 3.3).
    Remove {
        /// Author and place of each.
        places: Vec<(PublicKey, Place)>,
    },
    /// Store a small value under a name, or forget it. Handed back to [`crate::Replica::open`].
    Note {
        /// At most 64 bytes.
        name: String,
        /// At most 4 KiB; `None` forgets the name.
        bytes: Option<Vec<u8>>,
    },
    /// Erase the secret half of a teller's key that has handed over (Protocol 6.7), wherever it lies. Told
    /// again at a later start if that could not be done.
    EraseTeller {
        /// The key.
        key: PublicKey,
    },
    /// Store an attachment that came whole.
    KeepAttachment {
        /// Its hash, checked.
        hash: Hash,
        /// Its bytes.
        bytes: Arc<[u8]>,
    },
    /// Erase an attachment, what is here of it and what comes of it later, for good. Told again at each start.
    EraseAttachment {
        /// Its hash.
        hash: Hash,
    },
    /// Open an attachment that comes in chunks, new or begun before; answered by [`crate::Input::Partial`].
    OpenPartial {
        /// The attachment.
        hash: Hash,
        /// Its size.
        size_bytes: u64,
    },
    /// Verify a chunk and keep it; answered by [`crate::Input::Partial`].
    AcceptChunk {
        /// The attachment.
        hash: Hash,
        /// Which chunk.
        index: u64,
        /// The chunk with its proof.
        proof: Arc<[u8]>,
    },
    /// Gossip an item.
    Publish {
        /// The item.
        item: Item,
    },
    /// Pass a gossip message on or not. Exactly one for each.
    Judge {
        /// The message.
        message: MessageId,
        /// What to do with it.
        acceptance: Acceptance,
    },
    /// Ask a peer.
    Send {
        /// Whom.
        peer: PublicKey,
        /// The replica's name of the request.
        id: RequestId,
        /// What.
        request: Request,
    },
    /// Answer a peer.
    Respond {
        /// Whom.
        peer: PublicKey,
        /// The driver's name of the request.
        id: RequestId,
        /// The answer.
        response: Response,
    },
    /// Answer a peer with a chunk of an attachment that it may read, or with
    /// [`Response::Chunk`] without a proof where the attachment is not here.
    ServeChunk {
        /// Whom.
        peer: PublicKey,
        /// The driver's name of the request.
        id: RequestId,
        /// The attachment.
        hash: Hash,
        /// Which chunk.
        index: u64,
    },
    /// Close the connection to a peer that misbehaved too often, or was blocked.
    Disconnect {
        /// The peer.
        peer: PublicKey,
    },
    /// Answer a local caller.
    Acknowledge {
        /// Which call.
        ticket: Ticket,
        /// The answer.
        result: Result<Answer, ReplicaError>,
    },
    /// Something that watchers and metrics may want to know.
    Event(Event),
    /// Send [`crate::Input::Tick`] at this time, milliseconds since the Unix epoch, or soon after. It
    /// replaces the time named before.
    WakeAt(u64),
}

/// What becomes of a gossip message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acceptance {
    /// Pass it on.
    Accept,
    /// Do not pass it on; nobody is to blame.
    Ignore,
    /// Do not pass it on, and hold it against the peer.
    Reject,
}

/// The answer to a local caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The records are stored here, and on their way to others.
    Stored {
        /// Their ids, in order.
        ids: Vec<Id>,
        /// Why the records behind them were refused, if there were any; those were not stored.
        refused: Option<ReplicaError>,
    },
    /// The next place in the log of a key, for this caller until it expires.
    Leased(Lease),
    /// The network is joined.
    Joined {
        /// The network.
        network: Id,
    },
    /// The invite.
    Invited(Box<Invite>),
    /// The node knocks until it is let in.
    Knocking,
    /// The attachment is here.
    Fetched,
}

/// The next place in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Whose log.
    pub key: PublicKey,
    /// The sequence number to sign.
    pub seq: u64,
    /// The record before it.
    pub prev: Option<Id>,
    /// Milliseconds since the Unix epoch.
    pub expires_at: u64,
}

/// Something that happened, for status, watchers and metrics. Losing one changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A record is held from now on.
    RecordHeld {
        /// The record.
        id: Id,
        /// Its author.
        author: PublicKey,
        /// Its kind.
        kind: String,
    },
    /// A held record got its verdict, which never changes.
    VerdictGiven {
        /// The record.
        id: Id,
        /// The verdict.
        verdict: Verdict,
    },
    /// Something about a motion changed: a ballot, closing or return on it was found valid, or itself.
    MotionChanged {
        /// The motion.
        motion: Id,
    },
    /// A peer is now known to hold a record of this node's people.
    HeldBy {
        /// The record.
        id: Id,
        /// Peers that hold it.
        peers: usize,
    },
    /// An attachment is here.
    AttachmentKept {
        /// The attachment.
        hash: Hash,
    },
    /// An attachment was erased.
    AttachmentErased {
        /// The attachment.
        hash: Hash,
        /// The record that says so.
        record: Id,
    },
    /// Two records with one author and sequence number are held.
    ForkFound {
        /// Who signed both.
        author: PublicKey,
        /// Where.
        seq: u64,
        /// The two.
        ids: [Id; 2],
    },
    /// A comparison with a peer ended.
    PeerSynced {
        /// The peer.
        peer: PublicKey,
        /// Records that came.
        gained: u64,
        /// Whether both held the same at its start.
        same: bool,
        /// How far the peer's clock is ahead, in milliseconds.
        clock_ahead_ms: i64,
    },
    /// A peer sent what it should not have.
    PeerMisbehaved {
        /// The peer.
        peer: PublicKey,
        /// What, in words.
        why: String,
    },
    /// Records fell out of what is kept.
    Forgotten {
        /// How many.
        records: usize,
    },
    /// A stored record is damaged; it is fetched again.
    Damaged {
        /// Whose.
        author: PublicKey,
        /// Where.
        place: Place,
    },
    /// This node writes no more with a key of its own (Protocol 3.4).
    SetBack {
        /// The key.
        key: PublicKey,
        /// The record that shows it.
        later: Place,
    },
    /// A newcomer stands at the door.
    Knocked {
        /// The controller that a sponsor would name.
        controller: PublicKey,
        /// Its node.
        node: PublicKey,
    },
    /// A newcomer was sponsored and its first records are held.
    Welcomed {
        /// Its controller.
        controller: PublicKey,
    },
    /// The door at which this node knocks answered.
    DoorAnswered {
        /// Whether this node is let in.
        welcome: bool,
    },
    /// This node's teller closed, refused or returned a motion, or handed over to the committee it seats.
    TellerSigned {
        /// The motion.
        motion: Id,
        /// `closing`, `return` or `handover`.
        kind: String,
        /// The record.
        id: Id,
    },
    /// This node's teller cannot sign; why, in words.
    TellerSilent {
        /// Why.
        why: String,
    },
}
