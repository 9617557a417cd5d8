//! What the network does with messages and connections: it carries them, loses them, comes apart and
//! comes together again.

use cohub_record::KeyCache;
use cohub_replica::wire::{Item, Request, Response};
use cohub_replica::{FoundIn, Input, RequestId};

use crate::link::Cut;
use crate::promise::Promise;
use crate::queue::{Happening, Message};
use crate::scenario::cut_between;
use crate::world::World;

/// How long a node takes to notice that a connection leads nowhere, at most.
const NOTICES_MS: u64 = 30_000;
/// How long a node waits until it dials again.
const REDIALS_MS: (u64, u64) = (5_000, 30_000);

impl World {
    /// Sends a message, as a liar would have it where one sends.
    pub(crate) fn send(&mut self, from: usize, to: usize, message: Message) {
        if let Some(message) = self.tamper(from, to, message) {
            self.carry(from, to, message);
        }
    }

    /// Gives a message to the link.
    pub(crate) fn carry(&mut self, from: usize, to: usize, message: Message) {
        if !self.links.is_up(from, to) || self.links.is_blocked(from, to) {
            return self.lose(from, to, &message);
        }
        let mut delays = self.links.delays();
        if matches!(message, Message::Request { .. }) {
            delays.truncate(1);
        }
        if delays.is_empty() {
            return self.lose(from, to, &message);
        }
        self.counts.repeats += u64::from(delays.len() > 1);
        let message = Box::new(message);
        for delay_ms in delays {
            let message = message.clone();
            self.queue.plan(self.now_ms + delay_ms, Happening::Arrives { from, to, message });
        }
    }

    /// A message gets lost. Of a request the asker may hear; or it has to wait until it loses patience.
    fn lose(&mut self, from: usize, to: usize, message: &Message) {
        self.counts.drops += 1;
        let Message::Request { id, .. } = message else { return };
        if self.dice.chance(500) {
            let (message, at_ms) =
                (Box::new(Message::Failure { id: *id }), self.now_ms + self.dice.between(1, 5_000));
            self.queue.plan(at_ms, Happening::Arrives { from: to, to: from, message });
        }
    }

    pub(crate) fn arrive(&mut self, from: usize, to: usize, message: Message) {
        let gone = from != to && (!self.links.is_up(from, to) || self.links.is_blocked(from, to));
        if gone && !matches!(message, Message::Failure { .. }) {
            self.counts.drops += 1;
            return;
        }
        if !self.nodes[to].is_up() {
            return;
        }
        let peer = self.nodes[from].config.node;
        match self.code(message) {
            Message::Gossip { id, item } => {
                // Who spreads gossip tells repetitions apart, as long as it remembers.
                let heard = !self.nodes[to].heard.insert(id);
                if heard && !self.dice.chance(20) {
                    return;
                }
                self.nodes[to].unjudged.insert(id, (from, item.clone()));
                self.feed(to, Input::Gossip { peer, message: id, item });
            }
            Message::Request { id: theirs, request } => {
                let id = RequestId(self.number());
                self.nodes[to].inbound.insert(id, (from, theirs));
                self.feed(to, Input::Request { peer, id, request });
            }
            Message::Response { id, response } => self.feed(to, Input::Response { peer, id, response }),
            Message::Failure { id } => self.feed(to, Input::RequestFailed { peer, id }),
            Message::Progress { hash, progress } => self.feed(to, Input::Partial { hash, progress }),
            Message::JunkGossip { id } => {
                self.feed(to, Input::Malformed { peer, found_in: FoundIn::Gossip(id) });
            }
            Message::JunkResponse { id } => {
                self.feed(to, Input::Malformed { peer, found_in: FoundIn::Response(id) });
            }
        }
    }

    /// Passes a message through the codec of the wire, now and then.
    fn code(&mut self, message: Message) -> Message {
        if !self.dice.chance(self.scenario.coded_per_mille) {
            return message;
        }
        let keys = &mut KeyCache::default();
        let decoded = match &message {
            Message::Gossip { id, item } => {
                Item::decode(&item.encode(), keys).map(|item| Message::Gossip { id: *id, item })
            }
            Message::Request { id, request } => {
                Request::decode(&request.encode(), keys).map(|request| Message::Request { id: *id, request })
            }
            Message::Response { id, response } => Response::decode(&response.encode(), keys)
                .map(|response| Message::Response { id: *id, response }),
            _ => return message,
        };
        match decoded {
            Ok(decoded) => {
                self.counts.coded += 1;
                if !is_same(&decoded, &message) {
                    self.checks.violate(
                        self.now_ms,
                        0,
                        Promise::Wire,
                        format!("the codec changed {message:?}"),
                    );
                }
                decoded
            }
            Err(error) => {
                self.checks.violate(
                    self.now_ms,
                    0,
                    Promise::Wire,
                    format!("the codec refuses its own work: {error}"),
                );
                message
            }
        }
    }

    /// A node that has come up dials everybody.
    pub(crate) fn dial_all(&mut self, place: usize) {
        for (one, other) in self.links.pairs() {
            if one == place || other == place {
                let at_ms = self.now_ms + self.dice.between(50, 3_000);
                self.queue.plan(at_ms, Happening::Dials { one, other });
            }
        }
    }

    pub(crate) fn dial(&mut self, one: usize, other: usize) {
        if self.links.is_up(one, other) || !self.nodes[one].is_up() || !self.nodes[other].is_up() {
            return;
        }
        if self.links.is_blocked(one, other) || self.links.is_blocked(other, one) {
            let at_ms = self.now_ms + self.dice.between(REDIALS_MS.0, REDIALS_MS.1);
            return self.queue.plan(at_ms, Happening::Dials { one, other });
        }
        if self.links.set_up(one, other, true) {
            for (node, to) in [(one, other), (other, one)] {
                let peer = self.nodes[to].config.node;
                self.feed(node, Input::Connected { peer });
            }
        }
    }

    /// Ends a connection; whoever is up dials again.
    pub(crate) fn disconnect(&mut self, one: usize, other: usize) {
        if !self.links.set_up(one, other, false) {
            return;
        }
        for (node, to) in [(one, other), (other, one)] {
            let peer = self.nodes[to].config.node;
            self.feed(node, Input::Disconnected { peer });
        }
        let at_ms = self.now_ms + self.dice.between(REDIALS_MS.0, REDIALS_MS.1);
        self.queue.plan(at_ms, Happening::Dials { one, other });
    }

    pub(crate) fn notice_break(&mut self, one: usize, other: usize) {
        self.disconnect(one, other);
    }

    pub(crate) fn part(&mut self, number: usize) {
        if self.healed_ms.is_some() {
            return;
        }
        let cut = self.scenario.cuts[number].clone();
        self.counts.cuts += 1;
        self.trace.note(self.now_ms, 0, || format!("the network parts: {:?} {:?}", cut.shape, cut.side));
        self.links.begin(number, cut);
        for (one, other) in self.links.pairs() {
            let blocked = self.links.is_blocked(one, other) || self.links.is_blocked(other, one);
            if blocked && self.dice.chance(600) {
                let at_ms = self.now_ms + self.dice.below(NOTICES_MS);
                self.queue.plan(at_ms, Happening::Breaks { one, other });
            }
        }
    }

    pub(crate) fn join(&mut self, number: usize) {
        if self.links.end(number) {
            self.trace.note(self.now_ms, 0, || "the network joins".to_owned());
        }
    }

    /// Parts the network over a time that matters.
    pub(crate) fn part_across(&mut self, from_ms: u64, until_ms: u64) {
        let nodes = self.nodes.len();
        let cut: Cut = cut_between(&mut self.dice, nodes, from_ms.max(self.now_ms + 1), until_ms);
        let number = self.scenario.cuts.len();
        self.queue.plan(cut.begins_ms, Happening::Parts { cut: number });
        self.queue.plan(cut.ends_ms.max(cut.begins_ms + 1), Happening::Joins { cut: number });
        self.scenario.cuts.push(cut);
        self.counts.cuts_across_deadlines += 1;
    }
}

fn is_same(one: &Message, other: &Message) -> bool {
    match (one, other) {
        (Message::Gossip { item, .. }, Message::Gossip { item: other, .. }) => item == other,
        (Message::Request { request, .. }, Message::Request { request: other, .. }) => request == other,
        (Message::Response { response, .. }, Message::Response { response: other, .. }) => response == other,
        _ => false,
    }
}
