//! A node of the world: a real replica over a simulated disk, up or down, and what its driver remembers.

use std::collections::{BTreeMap, BTreeSet};

use cohub_registry::Registry;
use cohub_replica::wire::{Fingerprint, Item};
use cohub_replica::{Config, MessageId, Replica, RequestId};

use crate::cast::{Cast, Desk};
use crate::clock::Clock;
use crate::disk::{Disk, Platter};
use crate::scenario::Scenario;

/// A node.
pub(crate) struct Node {
    pub(crate) config: Config,
    pub(crate) clock: Clock,
    pub(crate) machine: Machine,
    /// Who asked what this node has not answered yet, and how they name it.
    pub(crate) inbound: BTreeMap<RequestId, (usize, RequestId)>,
    /// Gossip messages that came before.
    pub(crate) heard: BTreeSet<MessageId>,
    /// Gossip that is not judged yet, and who passed it on.
    pub(crate) unjudged: BTreeMap<MessageId, (usize, Item)>,
    /// The number of the alarm that counts.
    pub(crate) alarm: u64,
    /// How often it was opened.
    pub(crate) openings: u64,
    /// The crash that strikes when it next stores something, by its number in the scenario.
    pub(crate) doom: Option<usize>,
}

/// The process and the disk under it.
pub(crate) enum Machine {
    Up(Box<Replica>, Disk),
    Down(Option<Platter>),
}

impl Node {
    /// A key that has handed over is no key of this node any more.
    pub(crate) fn erase_teller(&mut self, key: &cohub_record::PublicKey) {
        self.config.tellers.retain(|secret| secret.public() != *key);
    }

    pub(crate) fn new(place: usize, cast: &Cast, scenario: &Scenario) -> Self {
        let hub = &cast.hubs[place];
        let mut config = Config::new(hub.key(Desk::Node), scenario.seed ^ place as u64);
        config.sync_interval_ms = scenario.sync_interval_ms;
        config.knock_interval_ms = scenario.sync_interval_ms / 2;
        config.recount_interval_ms = scenario.sync_interval_ms;
        // A liar signs with its keys what it likes, where it likes.
        if !scenario.is_liar(place) {
            config.own_keys = vec![hub.key(Desk::Controller), hub.key(Desk::Representative)];
            config.own_keys.extend([Desk::Recovery, Desk::NextRecovery].map(|desk| hub.key(desk)));
            if place < cast.founders {
                config.tellers = [Desk::Teller, Desk::NextTeller].map(|desk| hub.secret(desk).clone()).into();
            }
        }
        Self {
            config,
            clock: scenario.clocks[place],
            machine: Machine::Down(Some(Platter::empty(place))),
            inbound: BTreeMap::new(),
            heard: BTreeSet::new(),
            unjudged: BTreeMap::new(),
            alarm: 0,
            openings: 0,
            doom: None,
        }
    }

    /// What its replica is opened with. As in the daemon, each opening has a seed of its own, so that an answer
    /// to what was asked before answers nothing that is asked now.
    pub(crate) fn config_of_opening(&self) -> Config {
        let mut config = self.config.clone();
        config.seed ^= self.openings << 20;
        config
    }

    pub(crate) const fn is_up(&self) -> bool {
        matches!(self.machine, Machine::Up(..))
    }

    pub(crate) fn replica(&self) -> Option<&Replica> {
        match &self.machine {
            Machine::Up(replica, _) => Some(replica),
            Machine::Down(_) => None,
        }
    }

    pub(crate) fn disk(&self) -> Option<&Disk> {
        match &self.machine {
            Machine::Up(_, disk) => Some(disk),
            Machine::Down(_) => None,
        }
    }

    pub(crate) fn disk_mut(&mut self) -> Option<&mut Disk> {
        match &mut self.machine {
            Machine::Up(_, disk) => Some(disk),
            Machine::Down(_) => None,
        }
    }

    pub(crate) fn registry(&self) -> Option<&Registry> {
        self.replica().and_then(Replica::registry)
    }

    pub(crate) fn root(&mut self) -> Option<Fingerprint> {
        match &mut self.machine {
            Machine::Up(replica, _) => replica.root(),
            Machine::Down(_) => None,
        }
    }

    /// Forgets what only a running process remembers.
    pub(crate) fn forget(&mut self) {
        self.inbound.clear();
        self.heard.clear();
        self.unjudged.clear();
        self.alarm += 1;
        self.doom = None;
    }
}
