//! The door (Protocol 8.4): newcomers with an invite hand in their first records, which wait there until
//! somebody sponsors them by hand.

use std::collections::BTreeMap;

use cohub_record::{Id, Invite, List, PublicKey, Text, Value};
use cohub_registry::{Access, Keeping, Kind};

use crate::admission::Admission;
use crate::keeping::keeping;
use crate::notes::Note;
use crate::output::{Answer, Event};
use crate::submit::for_everybody;
use crate::turn::Turn;
use crate::wire::{Denial, Item, Response};
use crate::{Limits, Output, Replica, ReplicaError, Ticket};

/// A newcomer who waits to be sponsored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// The controller that a `sponsor` record would name.
    pub controller: PublicKey,
    /// The key of its node.
    pub node: PublicKey,
    /// When it first knocked, milliseconds since the Unix epoch.
    pub at_ms: u64,
    /// Its inception and the grants behind it, in order.
    pub items: Vec<Item>,
    secret: Id,
}

/// Open invites and those who used one.
#[derive(Debug, Default)]
pub(crate) struct Door {
    invites: BTreeMap<Id, u64>,
    newcomers: BTreeMap<PublicKey, Newcomer>,
}

impl Door {
    /// Restores an invite.
    pub(crate) fn recall_invite(&mut self, secret: Id, expires_at: u64) {
        self.invites.insert(secret, expires_at);
    }

    /// Restores a newcomer.
    pub(crate) fn recall_newcomer(&mut self, node: PublicKey, secret: Id, at_ms: u64, items: Vec<Item>) {
        if let Some(controller) = items.first().map(|item| item.record().author()) {
            self.newcomers.insert(controller, Newcomer { controller, node, at_ms, items, secret });
        }
    }

    /// Opens an invite, and forgets those that have expired.
    fn invite(
        &mut self,
        turn: &mut Turn<'_>,
        secret: Id,
        expires_at: u64,
        limits: &Limits,
    ) -> Result<(), ReplicaError> {
        let expired: Vec<Id> = self
            .invites
            .iter()
            .filter(|(_, until)| **until <= turn.clock_ms)
            .map(|(secret, _)| *secret)
            .collect();
        for secret in expired {
            self.close_invite(turn, secret);
        }
        if self.invites.len() >= limits.invites {
            return Err(ReplicaError::Full { what: "invites", limit: limits.invites });
        }
        self.invites.insert(secret, expires_at);
        turn.output(Note::Invite { secret, expires_at }.output());
        Ok(())
    }

    fn close_invite(&mut self, turn: &mut Turn<'_>, secret: Id) {
        if self.invites.remove(&secret).is_some() {
            turn.output(Note::Invite { secret, expires_at: 0 }.forget());
        }
    }

    /// Lets a newcomer wait. Knocking again is the same; an invite is good for one newcomer.
    fn knock(&mut self, turn: &mut Turn<'_>, newcomer: Newcomer, limits: &Limits) -> Result<(), Denial> {
        let open = self.invites.get(&newcomer.secret).is_some_and(|until| *until > turn.clock_ms);
        let user = self.newcomers.values().find(|waiting| waiting.secret == newcomer.secret);
        match user {
            Some(user) if user.controller == newcomer.controller && user.node == newcomer.node => {
                return Ok(());
            }
            Some(_) => return Err(Denial::Invite),
            None if !open || self.newcomers.contains_key(&newcomer.controller) => return Err(Denial::Invite),
            None => {}
        }
        let note = newcomer.note();
        if self.newcomers.len() >= limits.knocks || !note.fits() {
            return Err(Denial::Busy { retry_ms: 60_000 });
        }
        turn.output(note.output());
        turn.event(Event::Knocked { controller: newcomer.controller, node: newcomer.node });
        self.newcomers.insert(newcomer.controller, newcomer);
        Ok(())
    }

    fn leave(&mut self, turn: &mut Turn<'_>, controller: &PublicKey) -> Option<Newcomer> {
        let newcomer = self.newcomers.remove(controller)?;
        turn.output(newcomer.note().forget());
        self.close_invite(turn, newcomer.secret);
        Some(newcomer)
    }
}

impl Newcomer {
    fn note(&self) -> Note {
        Note::Newcomer { node: self.node, secret: self.secret, at_ms: self.at_ms, items: self.items.clone() }
    }
}

impl Replica {
    /// Makes an invite.
    pub(crate) fn invite(
        &mut self,
        turn: &mut Turn<'_>,
        ticket: Ticket,
        (secret, expires_at): (Id, u64),
        addresses: List<Text<200>, 8>,
    ) {
        let result = match &self.ledger {
            None => Err(ReplicaError::NoNetwork),
            Some(ledger) => {
                let network = ledger.registry().network();
                let invite = Invite { network, node: self.config.node, addresses, secret, expires_at };
                self.door
                    .invite(turn, secret, expires_at, &self.config.limits)
                    .map(|()| Answer::Invited(Box::new(invite)))
            }
        };
        turn.acknowledge(ticket, result);
    }

    /// Answers a knock with the founding record, and whether the newcomer is let in by now.
    pub(crate) fn answer_knock(
        &mut self,
        turn: &mut Turn<'_>,
        peer: PublicKey,
        secret: Id,
        items: Vec<Item>,
    ) -> Response {
        const UNREADABLE_MS: u64 = 5_000;
        let welcome = self.access(&peer) != Access::Stranger;
        if !welcome {
            let Some(ledger) = &self.ledger else { return Response::Denied(Denial::Network) };
            let network = ledger.registry().network();
            if check_first_records(&items, &peer, &network).is_err() {
                return Response::Denied(Denial::Invite);
            }
            let controller = items[0].record().author();
            let newcomer = Newcomer { controller, node: peer, at_ms: turn.clock_ms, items, secret };
            if let Err(denial) = self.door.knock(turn, newcomer, &self.config.limits) {
                return Response::Denied(denial);
            }
            self.open_door(turn);
            self.retry(turn);
        }
        match self.founding_item(turn) {
            Some(founding) => Response::Knocked { welcome, founding: Box::new(founding) },
            None => Response::Denied(Denial::Busy { retry_ms: UNREADABLE_MS }),
        }
    }

    /// Lets in those who were sponsored by now.
    pub(crate) fn open_door(&mut self, turn: &mut Turn<'_>) {
        let Some(ledger) = &self.ledger else { return };
        let known = |controller: &&PublicKey| keeping(ledger.registry(), controller) != Keeping::Unknown;
        for controller in self.door.newcomers.keys().filter(known).copied().collect::<Vec<_>>() {
            let Some(newcomer) = self.door.leave(turn, &controller) else { continue };
            for item in newcomer.items {
                if self.admit(turn, item.clone(), Some(newcomer.node)) == Admission::Held {
                    turn.output(Output::Publish { item: for_everybody(item) });
                }
            }
            turn.event(Event::Welcomed { controller });
        }
    }

    /// Sends a newcomer away.
    pub(crate) fn dismiss(&mut self, turn: &mut Turn<'_>, controller: &PublicKey) {
        self.door.leave(turn, controller);
    }

    /// Those who wait to be sponsored.
    pub fn newcomers(&self) -> impl Iterator<Item = &Newcomer> {
        self.door.newcomers.values()
    }

    fn founding_item(&self, turn: &Turn<'_>) -> Option<Item> {
        let registry = self.ledger.as_ref()?.registry();
        let network = registry.network();
        let (founder, place) = registry.place(&network)?;
        let bytes = turn.read(&founder, place).ok().flatten()?;
        cohub_record::Record::from_checked(network, founder, bytes).ok().map(Item::bare)
    }
}

/// A knock holds the first records of one log: an inception, then grants, one of them of the key of the
/// node that knocks.
pub(crate) fn check_first_records(
    items: &[Item],
    node: &PublicKey,
    network: &Id,
) -> Result<(), &'static str> {
    let first = items.first().ok_or("there is none")?.record();
    if first.header().kind != Kind::Inception.as_str() || first.header().seq != 0 {
        return Err("it does not begin with an inception");
    }
    if items.iter().any(|item| item.record().header().network != Some(*network)) {
        return Err("a record belongs to another network");
    }
    if items.windows(2).any(|pair| pair[1].record().continues(pair[0].record()).is_err()) {
        return Err("the records do not continue each other");
    }
    let grants = |item: &Item| {
        let header = item.record().header();
        let names_node =
            |fields: &Vec<Value>| fields.first() == Some(&Value::Bytes(node.as_bytes().to_vec()));
        header.kind == Kind::Grant.as_str()
            && matches!(&header.body, Value::Array(fields) if names_node(fields))
    };
    if items.iter().any(grants) { Ok(()) } else { Err("no grant names the node's key") }
}
