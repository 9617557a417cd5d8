//! What is going to happen, by time; what is due at one time happens in the order in which it was planned.

use std::collections::BTreeMap;

use cohub_record::Hash;
use cohub_replica::wire::{Item, Request, Response};
use cohub_replica::{MessageId, Progress, RequestId};

/// Something that is going to happen.
#[derive(Debug)]
pub(crate) enum Happening {
    /// A message reaches a node, if the way is free and the node is up.
    Arrives { from: usize, to: usize, message: Box<Message> },
    /// A replica wanted to wake. An alarm that was set anew means nothing.
    Wakes { node: usize, alarm: u64 },
    /// Somebody looks what there is to do.
    Looks { hub: usize },
    /// A liar thinks of something.
    Schemes { liar: usize },
    /// Two nodes try to connect.
    Dials { one: usize, other: usize },
    /// A connection that leads nowhere is noticed.
    Breaks { one: usize, other: usize },
    /// A crash of the scenario.
    Crashes { crash: usize },
    /// A hub loses the key of its teller for ever.
    LosesTeller { node: usize },
    /// Somebody who read a hub's recovery words uses them.
    Steals,
    /// A node that was down comes up.
    Starts { node: usize, power_lost: bool },
    /// A replica that was opened again, since the disk was full, goes on.
    Resumes { node: usize, opening: u64 },
    /// A disk has no more room, or has some again.
    Fills { node: usize, full: bool },
    /// The network comes apart, by one cut of the links.
    Parts { cut: usize },
    /// A cut ends.
    Joins { cut: usize },
    /// All links are whole, all nodes up, all disks good from now on.
    Heals,
    /// Somebody compares what the honest nodes hold.
    Compares,
}

/// What nodes send each other.
#[derive(Debug, Clone)]
pub(crate) enum Message {
    Gossip {
        id: MessageId,
        item: Item,
    },
    Request {
        id: RequestId,
        request: Request,
    },
    Response {
        id: RequestId,
        response: Response,
    },
    /// No answer will come.
    Failure {
        id: RequestId,
    },
    /// What became of an attachment's chunk, from a node's own files.
    Progress {
        hash: Hash,
        progress: Progress,
    },
    /// Bytes that nobody can read, as a gossip message.
    JunkGossip {
        id: MessageId,
    },
    /// The same, as an answer.
    JunkResponse {
        id: RequestId,
    },
}

/// Everything that is going to happen.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    happenings: BTreeMap<(u64, u64), Happening>,
    planned: u64,
}

impl Queue {
    pub(crate) fn plan(&mut self, at_ms: u64, happening: Happening) {
        self.planned += 1;
        self.happenings.insert((at_ms, self.planned), happening);
    }

    pub(crate) fn next(&mut self) -> Option<(u64, Happening)> {
        self.happenings.pop_first().map(|((at_ms, _), happening)| (at_ms, happening))
    }
}
