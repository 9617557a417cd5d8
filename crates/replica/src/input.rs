//! What can happen to a replica.

use cohub_record::{Hash, Id, List, PublicKey, Record, SecretKey, Text};

use crate::wire::{Item, Request, Response};

/// Names a request. Those of peers are named by the driver, the replica's own by the replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Names a gossip message, as the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub [u8; 32]);

/// Names what a local caller asked for, until it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// The secret key of a teller: the same where its public half is.
#[derive(Debug, Clone)]
pub struct TellerKey(pub SecretKey);

impl PartialEq for TellerKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.public() == other.0.public()
    }
}

impl Eq for TellerKey {}

/// One thing that happened. A peer is the key of its node, proved by the connection.
///
/// Records in an input are authentic: their types can only be made by checking signatures, which the
/// driver does on threads of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Time passed. Due no later than the last [`crate::Output::WakeAt`].
    Tick,
    /// A first connection to the peer stands.
    Connected {
        /// The peer.
        peer: PublicKey,
    },
    /// The last connection to the peer ended. Requests to it count as failed.
    Disconnected {
        /// The peer.
        peer: PublicKey,
    },
    /// A gossip message; answered by exactly one [`crate::Output::Judge`].
    Gossip {
        /// Who passed it on.
        peer: PublicKey,
        /// The message.
        message: MessageId,
        /// Its content.
        item: Item,
    },
    /// A peer asks; answered by exactly one [`crate::Output::Respond`] or [`crate::Output::ServeChunk`].
    Request {
        /// Who asks.
        peer: PublicKey,
        /// The driver's name of the request.
        id: RequestId,
        /// What it asks.
        request: Request,
    },
    /// A peer answered.
    Response {
        /// Who answered.
        peer: PublicKey,
        /// The replica's name of the request.
        id: RequestId,
        /// The answer.
        response: Response,
    },
    /// No answer will come.
    RequestFailed {
        /// Who was asked.
        peer: PublicKey,
        /// The replica's name of the request.
        id: RequestId,
    },
    /// Bytes of a peer that did not decode or are not authentic.
    Malformed {
        /// Who sent them.
        peer: PublicKey,
        /// As what they came.
        found_in: FoundIn,
    },
    /// Records signed by people at this node, in order. Answered by an acknowledgement.
    Submit {
        /// For the answer.
        ticket: Ticket,
        /// The records; the node has their larger attachments already.
        items: Vec<Item>,
    },
    /// A local writer asks for the next place in the log of its key. Answered by an acknowledgement.
    Lease {
        /// For the answer.
        ticket: Ticket,
        /// The key.
        key: PublicKey,
    },
    /// A writer gives its lease back: whatever it signed for that place is gone.
    Release {
        /// The key.
        key: PublicKey,
    },
    /// Joins the network that this record founds. Answered by an acknowledgement.
    Join {
        /// For the answer.
        ticket: Ticket,
        /// The founding record.
        founding: Record,
    },
    /// The operator vouches for a peer that no record names yet: sync with it.
    Introduce {
        /// The peer.
        peer: PublicKey,
    },
    /// Keys whose records are written on this node only, besides those it knows (Protocol 3.4).
    Own {
        /// The keys.
        keys: Vec<PublicKey>,
    },
    /// Closes, returns and hands over with this key too, once a seating names it. Written on this node only.
    Teller {
        /// The key.
        key: TellerKey,
    },
    /// Makes an invite. Answered by an acknowledgement.
    Invite {
        /// For the answer.
        ticket: Ticket,
        /// 32 random bytes.
        secret: Id,
        /// Where this node can be reached.
        addresses: List<Text<200>, 8>,
        /// Until when, milliseconds since the Unix epoch.
        expires_at: u64,
    },
    /// Knocks at the door of the node that made the invite, until it lets this node in.
    /// Answered by an acknowledgement.
    Knock {
        /// For the answer.
        ticket: Ticket,
        /// The inviting node.
        door: PublicKey,
        /// The network of the invite.
        network: Id,
        /// Its secret.
        secret: Id,
        /// The newcomer's inception and the grant of this node's key.
        items: Vec<Item>,
    },
    /// Sends a newcomer at the door away.
    Dismiss {
        /// Its controller.
        controller: PublicKey,
    },
    /// Fetches an attachment. Answered by an acknowledgement, when it is here or cannot be had.
    Fetch {
        /// For the answer.
        ticket: Ticket,
        /// The attachment.
        hash: Hash,
    },
    /// An attachment is in its place: it came whole, was handed in locally, or is there at the start.
    Kept {
        /// The attachment.
        hash: Hash,
    },
    /// What became of a [`crate::Output::OpenPartial`] or [`crate::Output::AcceptChunk`].
    Partial {
        /// The attachment.
        hash: Hash,
        /// How far it is.
        progress: Progress,
    },
    /// Nothing to do with this peer any more.
    Block {
        /// The peer.
        peer: PublicKey,
    },
    /// Takes a block back.
    Unblock {
        /// The peer.
        peer: PublicKey,
    },
}

/// As what malformed bytes came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundIn {
    /// A gossip message; answered by [`crate::Output::Judge`].
    Gossip(MessageId),
    /// A request. The driver does not answer it.
    Request,
    /// The answer to this request of ours.
    Response(RequestId),
}

/// How far an attachment is that comes in chunks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Chunks that are missing, by index: the first of them, at most 64.
    Missing(Vec<u64>),
    /// The chunk with this index did not verify: whoever sent it lied.
    Refused(u64),
    /// It is whole, verified and in its place.
    Complete,
    /// The disk did not take it; why, in words.
    Failed(String),
}
