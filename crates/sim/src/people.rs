//! People: what they want to say, how they get it signed and handed in, and what they do when their node
//! went down in between. A signed record stays in the outbox until the node has answered for it.

mod founder;
mod newcomer;
mod upheaval;
mod voter;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cohub_record::{Attachment, Id, PublicKey, Scope};
use cohub_registry::Intent;
use cohub_replica::wire::Item;
use cohub_replica::{Answer, Input, Lease, ReplicaError, Ticket};

use crate::cast::{Desk, header};
use crate::dice::Dice;
use crate::promise::Promise;
use crate::queue::Happening;
use crate::world::World;

use upheaval::Aim;
pub(crate) use voter::Ballots;

/// How long somebody waits before looking again.
const LOOKS_MS: (u64, u64) = (20_000, 80_000);

/// The keys that people sign with.
const PENS: [Desk; 4] = [Desk::Controller, Desk::Recovery, Desk::NextRecovery, Desk::Representative];

/// What a node was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Errand {
    /// The next place for a key of the hub.
    Lease(Desk),
    /// To take the record in the outbox.
    Submit(Desk),
    /// An invite for a newcomer.
    Invite(usize),
    /// To join, or to knock at a door.
    Enter,
}

/// One of a hub's keys in the hand of a person.
#[derive(Debug, Default)]
pub(crate) struct Pen {
    wish: Option<Intent>,
    /// Signed, and not answered for.
    outbox: Option<Item>,
    /// The node was asked and has not answered.
    waits: bool,
}

/// The people of one hub.
pub(crate) struct Person {
    pub(crate) dice: Dice,
    pens: BTreeMap<Desk, Pen>,
    pub(crate) ballots: Ballots,
    /// What was said about an application, in a word, and done.
    done: BTreeSet<(Id, &'static str)>,
    courses: BTreeMap<Id, founder::Course>,
    /// Newcomers that have an invite, with its secret.
    invited: BTreeMap<usize, Id>,
    /// How often this hub moved for something else than an application, and the deadline of the last motion.
    tries: BTreeMap<Aim, (u32, u64)>,
    entered: bool,
}

impl Person {
    pub(crate) fn new(seed: u64, hub: usize) -> Self {
        let pens = PENS.map(|desk| (desk, Pen::default()));
        Self {
            dice: Dice::new(seed, &format!("the people of hub {hub}")),
            pens: pens.into(),
            ballots: Ballots::default(),
            done: BTreeSet::new(),
            courses: BTreeMap::new(),
            invited: BTreeMap::new(),
            tries: BTreeMap::new(),
            entered: false,
        }
    }
}

impl World {
    /// Somebody looks at the node, and does one thing with each key that has nothing under way.
    pub(crate) fn look(&mut self, hub: usize) {
        let at_ms = self.now_ms + self.people[hub].dice.between(LOOKS_MS.0, LOOKS_MS.1);
        self.queue.plan(at_ms, Happening::Looks { hub });
        if !self.nodes[hub].is_up() {
            return;
        }
        if !self.people[hub].entered {
            return self.enter(hub);
        }
        for desk in PENS {
            let pen = &self.people[hub].pens[&desk];
            if pen.waits {
                continue;
            }
            if pen.outbox.is_some() {
                self.hand_in(hub, desk);
            } else if let Some(wish) = self.wish(hub, desk) {
                self.pen(hub, desk).wish = Some(wish);
                self.pen(hub, desk).waits = true;
                let key = self.cast.hubs[hub].key(desk);
                self.ask(hub, Errand::Lease(desk), |ticket| Input::Lease { ticket, key });
            }
        }
    }

    fn enter(&mut self, hub: usize) {
        if hub >= self.cast.founders {
            return self.knock(hub);
        }
        let founding = self.cast.founding.clone();
        self.ask(hub, Errand::Enter, |ticket| Input::Join { ticket, founding });
    }

    fn wish(&mut self, hub: usize, desk: Desk) -> Option<Intent> {
        if hub < self.cast.founders { self.founder_wish(hub, desk) } else { self.newcomer_wish(hub, desk) }
    }

    fn pen(&mut self, hub: usize, desk: Desk) -> &mut Pen {
        self.people[hub].pens.entry(desk).or_default()
    }

    /// Asks a node for something that it will answer.
    pub(crate) fn ask(&mut self, hub: usize, errand: Errand, input: impl FnOnce(Ticket) -> Input) {
        let ticket = Ticket(self.number());
        self.errands.insert((hub, ticket), errand);
        self.feed(hub, input(ticket));
    }

    fn hand_in(&mut self, hub: usize, desk: Desk) {
        let pen = self.pen(hub, desk);
        let Some(item) = pen.outbox.clone() else { return };
        pen.waits = true;
        self.ask(hub, Errand::Submit(desk), |ticket| Input::Submit { ticket, items: vec![item] });
    }

    /// People take up what nodes have answered.
    pub(crate) fn take_up_answers(&mut self) {
        while let Some((hub, ticket, result)) = self.answers.pop_front() {
            let Some(errand) = self.errands.remove(&(hub, ticket)) else { continue };
            match (errand, result) {
                (Errand::Lease(desk), Some(Ok(Answer::Leased(lease)))) => self.write(hub, desk, lease),
                (Errand::Submit(desk), Some(result)) => self.handed_in(hub, desk, result),
                (Errand::Lease(desk), result) => {
                    let pen = self.pen(hub, desk);
                    (pen.waits, pen.wish) = (false, None);
                    self.count_refusal(hub, desk, result);
                }
                // Nobody knows what became of it: it is handed in again.
                (Errand::Submit(desk), None) => self.pen(hub, desk).waits = false,
                (Errand::Invite(newcomer), Some(Ok(Answer::Invited(invite)))) => {
                    self.people[hub].invited.insert(newcomer, invite.secret);
                }
                (Errand::Invite(_), _) => {}
                (Errand::Enter, Some(Ok(_))) => self.people[hub].entered = true,
                (Errand::Enter, _) => {}
            }
        }
    }

    /// Signs what is wished for in the place that was leased, keeps it, and hands it in.
    fn write(&mut self, hub: usize, desk: Desk, lease: Lease) {
        self.pen(hub, desk).waits = false;
        let Some(wish) = self.pen(hub, desk).wish.clone() else { return };
        match self.sign(hub, desk, &wish, lease) {
            Some(item) => {
                self.pen(hub, desk).outbox = Some(item);
                self.hand_in(hub, desk);
            }
            None => self.pen(hub, desk).wish = None,
        }
    }

    fn sign(&mut self, hub: usize, desk: Desk, wish: &Intent, lease: Lease) -> Option<Item> {
        let secret = self.cast.hubs[hub].secret(desk).clone();
        let node = &self.nodes[hub];
        let drafted = match wish {
            Intent::Count { motion } => Ok(self.counting(hub, motion)?),
            wish => node.registry()?.draft(&secret.public(), wish),
        };
        let contents = match drafted {
            Ok(contents) => contents,
            Err(error) => {
                self.trace.note(self.now_ms, hub, || format!("cannot draft {wish:?}: {error}"));
                return None;
            }
        };
        let at = node.clock.local_ms(self.now_ms);
        let place = lease.prev.map(|prev| (lease.seq, prev));
        let mut header = header(self.cast.network(), contents, place, at);
        let mut files: Vec<Arc<[u8]>> = Vec::new();
        if let Intent::Document { document_type, .. } = wish {
            let file = Attachment {
                salt: self.people[hub].dice.bytes(),
                name: format!("{document_type}.txt").parse().ok()?,
                media_type: "text/plain".parse().ok()?,
                content: format!("What we have in mind: {document_type}.").into_bytes(),
            };
            header.attachments = vec![file.descriptor(Scope::Members)];
            files.push(file.encode().into());
        }
        Item::new(header.sign(&secret).ok()?, files).ok()
    }

    fn handed_in(&mut self, hub: usize, desk: Desk, result: Result<Answer, ReplicaError>) {
        let pen = self.pen(hub, desk);
        pen.waits = false;
        let (item, wish) = (pen.outbox.take(), pen.wish.take());
        match result {
            Ok(Answer::Stored { ids, .. }) => {
                self.counts.written += 1;
                ids.iter().for_each(|id| self.checks.acknowledged(hub, *id));
                if let (Some(item), Some(wish)) = (item, wish) {
                    self.was_written(hub, &item, &wish);
                }
            }
            result => {
                if let Some(Intent::Ballot { motion, .. }) = &wish {
                    self.people[hub].ballots.reconsider(motion);
                }
                self.count_refusal(hub, desk, Some(result));
            }
        }
    }

    /// Remembers what was said, so that it is not said again.
    fn was_written(&mut self, hub: usize, item: &Item, wish: &Intent) {
        let person = &mut self.people[hub];
        match wish {
            Intent::Ballot { motion, choice } => person.ballots.cast(motion, *choice),
            Intent::Review { application, .. } => drop(person.done.insert((*application, "review"))),
            Intent::Interview { application, .. } => drop(person.done.insert((*application, "interview"))),
            Intent::Grant { .. } => drop(person.done.insert((self.cast.network(), "accept"))),
            Intent::Move { question, deadline_ms } => {
                let tries = Aim::of(question).map(|aim| person.tries.entry(aim).or_default());
                if let Some(tries) = tries {
                    *tries = (tries.0 + 1, *deadline_ms);
                }
            }
            Intent::Rotate { .. } => self.was_rotated(hub, item.record()),
            Intent::SignAdmission { application } => drop(person.done.insert((*application, "sign"))),
            Intent::Advance { application, deadline_ms, .. } => {
                let (application, deadline_ms) = (*application, *deadline_ms);
                self.has_moved(hub, application, item.record().id(), deadline_ms);
            }
            _ => {}
        }
    }

    /// Somebody's node did not do what it was asked. That a place in the log is taken it may say only to
    /// liars: the honest write with one machine, one record after the other.
    fn count_refusal(&mut self, hub: usize, desk: Desk, result: Option<Result<Answer, ReplicaError>>) {
        let Some(Err(error)) = result else { return };
        self.counts.refused_to_people += 1;
        let taken = matches!(
            error,
            ReplicaError::Used { .. }
                | ReplicaError::Skips { .. }
                | ReplicaError::SetBack { .. }
                | ReplicaError::Forked(_)
        );
        if taken && !self.scenario.is_liar(hub) && !self.scenario.is_stolen(hub, desk) {
            self.checks.violate(
                self.now_ms,
                hub,
                Promise::OneHand,
                format!("told an honest writer that {error}"),
            );
        }
    }

    /// The controller of a newcomer, by the place of its hub.
    pub(crate) fn controller(&self, hub: usize) -> PublicKey {
        self.cast.hubs[hub].key(Desk::Controller)
    }
}
