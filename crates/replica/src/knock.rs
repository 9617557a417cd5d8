//! A newcomer's side of the door: this node knocks until it is let in.

use cohub_record::{Id, PublicKey};

use crate::door::check_first_records;
use crate::notes::Note;
use crate::output::{Answer, Event};
use crate::peers::Asked;
use crate::turn::Turn;
use crate::wire::{Item, KNOCK_ITEMS, Request};
use crate::{Replica, ReplicaError, Ticket};

/// Where and with what this node knocks.
#[derive(Debug, Clone)]
pub(crate) struct Knocking {
    door: PublicKey,
    network: Id,
    secret: Id,
    items: Vec<Item>,
    next_ms: u64,
}

impl Knocking {
    pub(crate) const fn new(door: PublicKey, network: Id, secret: Id, items: Vec<Item>) -> Self {
        Self { door, network, secret, items, next_ms: 0 }
    }

    /// The records that were handed in: they come back from others once they are let in.
    pub(crate) fn ids(&self) -> impl Iterator<Item = Id> + '_ {
        self.items.iter().map(|item| item.record().id())
    }

    /// Whether records of this key were handed in and are not held here yet.
    pub(crate) fn has_out(&self, key: &PublicKey, is_held: impl Fn(&Id) -> bool) -> bool {
        let mut own = self.items.iter().map(Item::record).filter(|record| record.author() == *key);
        own.any(|record| !is_held(&record.id()))
    }

    fn note(&self) -> Note {
        let Self { door, network, secret, items, .. } = self.clone();
        Note::Knocking { door, network, secret, items }
    }
}

impl Replica {
    /// Begins to knock.
    pub(crate) fn knock(&mut self, turn: &mut Turn<'_>, ticket: Ticket, knocking: Knocking) {
        let result = self.begin_to_knock(turn, knocking).map(|()| Answer::Knocking);
        turn.acknowledge(ticket, result);
    }

    fn begin_to_knock(&mut self, turn: &mut Turn<'_>, knocking: Knocking) -> Result<(), ReplicaError> {
        if let Some(ledger) = &self.ledger
            && ledger.registry().network() != knocking.network
        {
            return Err(ReplicaError::OtherNetwork(ledger.registry().network().to_network_text()));
        }
        let refused = |why: &str| ReplicaError::Knock(why.to_owned());
        check_first_records(&knocking.items, &self.config.node, &knocking.network).map_err(refused)?;
        if knocking.items.len() > KNOCK_ITEMS || !knocking.note().fits() {
            return Err(refused("they are too many or too large"));
        }
        turn.output(knocking.note().output());
        self.remember_knocking(knocking);
        Ok(())
    }

    /// Takes up knocking, now or after a restart.
    pub(crate) fn remember_knocking(&mut self, knocking: Knocking) {
        self.peers.introduce(knocking.door);
        self.writing.expected.extend(knocking.ids());
        self.knocking = Some(knocking);
    }

    /// Knocks where it is time to, and stops once the records handed in have come back.
    pub(crate) fn knock_if_due(&mut self, turn: &mut Turn<'_>) {
        let Some(knocking) = &mut self.knocking else { return };
        let registry = self.ledger.as_ref().map(crate::ledger::Ledger::registry);
        if knocking.ids().all(|id| registry.is_some_and(|registry| registry.place(&id).is_some())) {
            turn.output(knocking.note().forget());
            self.knocking = None;
            return;
        }
        let door = knocking.door;
        let request = Request::Knock { secret: knocking.secret, items: knocking.items.clone() };
        if knocking.next_ms <= turn.now_ms && self.peers.get(&door).is_some() {
            knocking.next_ms = turn.now_ms.saturating_add(self.config.knock_interval_ms);
            self.ask(turn, door, Asked::Knock, request);
        }
    }

    pub(crate) fn knock_wake_ms(&self) -> Option<u64> {
        let knocking = self.knocking.as_ref()?;
        self.peers.get(&knocking.door).map(|_| knocking.next_ms)
    }

    /// The door answered: with the founding record, and whether this node may ask for the others.
    pub(crate) fn door_answered(&mut self, turn: &mut Turn<'_>, welcome: bool, founding: Item) {
        let Some(knocking) = &self.knocking else { return };
        let door = knocking.door;
        if self.ledger.is_none() {
            if founding.record().id() != knocking.network {
                return self.strike(turn, door, "answered a knock with another network's founding record");
            }
            if let Err(error) = self.found(turn, founding.into_record()) {
                return self.strike(turn, door, &error.to_string());
            }
        }
        turn.event(Event::DoorAnswered { welcome });
        if welcome && let Some(known) = self.peers.get_mut(&door) {
            known.next_round_ms = turn.now_ms;
        }
    }
}
