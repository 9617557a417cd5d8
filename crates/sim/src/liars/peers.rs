//! Liars among peers: what they say of what they hold, and what they send in place of an answer.

use cohub_record::List;
use cohub_replica::wire::{Denial, Expansion, Fingerprint, Item, Request, Response};

use crate::liars::Vice;
use crate::queue::Message;
use crate::world::World;

/// The longest time that a message can say.
const LONGEST_MS: u64 = i64::MAX.unsigned_abs();

impl World {
    /// What a node really sends: an honest one what it was told to. None: nothing.
    pub(crate) fn tamper(&mut self, from: usize, to: usize, message: Message) -> Option<Message> {
        let Some(liar) = self.liars.get(&from) else { return Some(message) };
        let vices = [Vice::FalseRoots, Vice::Junk, Vice::Stalls, Vice::Censors, Vice::TwoVoices];
        let [false_roots, junk, stalls, censors, two_voices] = vices.map(|vice| liar.has(vice));
        if two_voices && self.keeps_back(from, to, &message) {
            return None;
        }
        if stalls {
            return self.stall(from, message);
        }
        if junk {
            return Some(self.junk(from, message));
        }
        if censors {
            return Some(self.censor(from, message));
        }
        if false_roots {
            return Some(self.lie_about_roots(from, message));
        }
        Some(message)
    }

    /// Who votes with two voices does not let everybody hear the first one.
    fn keeps_back(&self, from: usize, to: usize, message: &Message) -> bool {
        let Message::Gossip { item, .. } = message else { return false };
        let own = self.cast.desk(&item.record().author()).is_some_and(|(hub, _)| hub == from);
        own && item.record().header().kind == "ballot" && to % 2 == 1
    }

    fn throw(&mut self, place: usize, per_mille: u64) -> bool {
        self.liars.get_mut(&place).is_some_and(|liar| liar.dice.chance(per_mille))
    }

    fn random_fingerprint(&mut self, place: usize) -> Fingerprint {
        let bytes = self.liars.get_mut(&place).map(|liar| liar.dice.bytes()).unwrap_or_default();
        let mut fingerprint = [0; 16];
        fingerprint.copy_from_slice(&bytes[..16]);
        Fingerprint(fingerprint)
    }

    fn stall(&mut self, place: usize, message: Message) -> Option<Message> {
        match message {
            Message::Response { .. } if self.throw(place, 600) => None,
            Message::Response { id, .. } if self.throw(place, 500) => {
                let response = Response::Denied(Denial::Busy { retry_ms: LONGEST_MS });
                Some(Message::Response { id, response })
            }
            message => Some(message),
        }
    }

    fn junk(&mut self, place: usize, message: Message) -> Message {
        if !self.throw(place, 200) {
            return message;
        }
        match message {
            Message::Gossip { id, .. } => Message::JunkGossip { id },
            Message::Response { id, .. } if self.throw(place, 500) => Message::JunkResponse { id },
            Message::Response { id, .. } => {
                let response = Response::Holds { held: List::default() };
                Message::Response { id, response }
            }
            message => message,
        }
    }

    /// Gives pages without some of their records, or without any, and says that there was nothing else.
    fn censor(&mut self, place: usize, message: Message) -> Message {
        match message {
            Message::Response { id, response: Response::Page { mut items, offers, diverged, next } } => {
                let nothing = self.throw(place, 300);
                let hidden = self.throw(place, 500);
                items.retain(|item| !(nothing || hidden && item.record().id().as_bytes()[0] < 64));
                let next = if nothing { None } else { next };
                Message::Response { id, response: Response::Page { items, offers, diverged, next } }
            }
            message => message,
        }
    }

    fn lie_about_roots(&mut self, place: usize, message: Message) -> Message {
        if !self.throw(place, 500) {
            return message;
        }
        match message {
            Message::Request { id, request: Request::Compare { network, .. } } => {
                let root = self.random_fingerprint(place);
                Message::Request { id, request: Request::Compare { network, root } }
            }
            Message::Response { id, response: Response::Nodes { at, .. } } => {
                Message::Response { id, response: Response::Same { at } }
            }
            Message::Response { id, response: Response::Same { at } } => {
                let children = (0..=15).map(|index| (index * 16, self.random_fingerprint(place)));
                let expansion = Expansion { levels: 2, children: children.collect() };
                let expansions = List::new(vec![expansion]).unwrap_or_default();
                Message::Response { id, response: Response::Nodes { at, expansions } }
            }
            message => message,
        }
    }

    /// Sends old records again, under new names.
    pub(super) fn replay(&mut self, place: usize) {
        const RECORDS: usize = 10;
        if !self.liars.get(&place).is_some_and(|liar| liar.has(Vice::Replays)) {
            return;
        }
        let ids = self.checks.ids();
        let nodes: Vec<usize> = (0..self.nodes.len()).filter(|node| *node != place).collect();
        for _ in 0..RECORDS {
            let Some(liar) = self.liars.get_mut(&place) else { return };
            let (id, to) = (liar.dice.pick(&ids), liar.dice.pick(&nodes));
            let record = id.and_then(|id| self.checks.record(&id)).cloned();
            if let (Some(record), Some(to)) = (record, to) {
                let message = self.fresh_message(Item::bare(record));
                self.carry(place, to, message);
            }
        }
    }
}
