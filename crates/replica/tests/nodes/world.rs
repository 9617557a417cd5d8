//! A world in memory: machines with a disk and a clock, links between them, and nothing else. Every
//! message is encoded and decoded on its way, and every promise about the order of outputs is checked.

mod driver;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cohub_record::{Hash, Id, KeyCache, Place, PublicKey, Record};
use cohub_registry::Registry;
use cohub_replica::wire::{Item, Request, RequestKind, Response};
use cohub_replica::{
    Acceptance, Answer, Config, Event, Input, MessageId, ReadError, Records, Replica, ReplicaError,
    RequestId, Ticket,
};

use crate::cast::{Network, key, node, secret, teller};

/// Bytes of a chunk in this world.
pub(crate) const CHUNK: usize = 1_024;

/// What a machine has written down.
#[derive(Debug, Clone, Default)]
pub(crate) struct Disk {
    pub(crate) records: BTreeMap<(PublicKey, Place), Arc<[u8]>>,
    pub(crate) notes: BTreeMap<String, Vec<u8>>,
    pub(crate) files: BTreeMap<Hash, Vec<u8>>,
    pub(crate) damaged: BTreeSet<Id>,
    partial: BTreeMap<Hash, BTreeMap<u64, Vec<u8>>>,
}

impl Records for Disk {
    fn read(&self, author: &PublicKey, place: Place) -> Result<Option<Arc<[u8]>>, ReadError> {
        if self.damaged.contains(&place.id) {
            return Err(ReadError::Damaged(place.id.to_string()));
        }
        Ok(self.records.get(&(*author, place)).cloned())
    }

    fn attachment(&self, hash: &Hash) -> Result<Option<Arc<[u8]>>, ReadError> {
        Ok(self.files.get(hash).map(|bytes| bytes.as_slice().into()))
    }
}

/// One node's machine.
pub(crate) struct Machine {
    pub(crate) config: Config,
    pub(crate) replica: Replica,
    pub(crate) disk: Disk,
    pub(crate) events: Vec<Event>,
    pub(crate) answers: BTreeMap<Ticket, Result<Answer, ReplicaError>>,
    pub(crate) judged: BTreeMap<MessageId, Acceptance>,
    /// Who passed a message on, until it is judged.
    unjudged: BTreeMap<MessageId, (PublicKey, Item)>,
    wake_at_ms: u64,
}

/// What a script does with the requests that come to it in a node's place.
pub(crate) type Script = Box<dyn FnMut(&Request) -> Option<Response>>;

/// All machines and what is under way between them.
pub(crate) struct World {
    pub(crate) now_ms: u64,
    /// How long a message takes.
    pub(crate) delay_ms: u64,
    machines: BTreeMap<PublicKey, Machine>,
    /// Liars, mute nodes and the like.
    scripts: BTreeMap<PublicKey, Script>,
    links: BTreeSet<(PublicKey, PublicKey)>,
    flights: BTreeMap<(u64, u64), (PublicKey, Input)>,
    /// Who asked what in which request.
    inbound: BTreeMap<RequestId, (PublicKey, RequestId)>,
    /// The attachments that exist.
    pub(crate) files: BTreeMap<Hash, Vec<u8>>,
    /// Requests made, with the bytes of each and of its answer.
    pub(crate) traffic: Vec<(RequestKind, usize, usize)>,
    asked: BTreeMap<RequestId, usize>,
    /// The last answer that anybody gave.
    answered: Option<(RequestId, Response)>,
    next: u64,
    keys: KeyCache,
}

impl World {
    /// A world at the date of a network's next record.
    pub(crate) fn at(network: &Network) -> Self {
        Self {
            now_ms: network.now,
            delay_ms: 1,
            machines: BTreeMap::new(),
            scripts: BTreeMap::new(),
            links: BTreeSet::new(),
            flights: BTreeMap::new(),
            inbound: BTreeMap::new(),
            files: BTreeMap::new(),
            traffic: Vec::new(),
            asked: BTreeMap::new(),
            answered: None,
            next: 0,
            keys: KeyCache::default(),
        }
    }

    /// Starts the node of a hub that has joined the network, its teller included.
    pub(crate) fn start(&mut self, hub: usize, network: &Network) {
        let mut config = Config::new(key(node(hub)), hub as u64);
        config.tellers = vec![secret(teller(hub))];
        self.start_with(config, network);
    }

    /// Starts a node that only copies.
    pub(crate) fn start_copying(&mut self, hub: usize, network: &Network) {
        self.start_with(Config::new(key(node(hub)), hub as u64), network);
    }

    pub(crate) fn start_with(&mut self, config: Config, network: &Network) {
        let key = config.node;
        self.start_alone(config);
        let ticket = self.ticket();
        self.input(key, Input::Join { ticket, founding: network.records[0].clone() });
        assert!(matches!(self.machine(key).answers[&ticket], Ok(Answer::Joined { .. })));
    }

    /// Starts a node that knows of no network.
    pub(crate) fn start_alone(&mut self, config: Config) {
        let disk = Disk::default();
        let node = config.node;
        let replica = Replica::open(config.clone(), [], &disk).unwrap();
        let machine = Machine {
            config,
            replica,
            disk,
            events: Vec::new(),
            answers: BTreeMap::new(),
            judged: BTreeMap::new(),
            unjudged: BTreeMap::new(),
            wake_at_ms: u64::MAX,
        };
        self.machines.insert(node, machine);
    }

    /// Has a script answer in the place of a node.
    pub(crate) fn script(&mut self, key: PublicKey, script: Script) {
        self.scripts.insert(key, script);
    }

    /// Kills a node and starts it from its disk; its links are gone.
    pub(crate) fn restart(&mut self, hub: usize) {
        let key = key(node(hub));
        for (one, other) in self.links.clone() {
            if one == key || other == key {
                self.part(one, other);
            }
        }
        self.flights.retain(|_, (to, _)| *to != key);
        let machine = self.machines.get_mut(&key).unwrap();
        let notes: Vec<(String, Vec<u8>)> = machine.disk.notes.clone().into_iter().collect();
        machine.replica = Replica::open(machine.config.clone(), notes, &machine.disk).unwrap();
        for ((author, place), bytes) in &machine.disk.records {
            if !machine.disk.damaged.contains(&place.id) {
                let record = Record::from_checked(place.id, *author, Arc::clone(bytes)).unwrap();
                machine.replica.replay(&record.into());
            }
        }
        machine.disk.files.keys().for_each(|hash| machine.replica.replay_attachment(*hash));
        machine.unjudged.clear();
        machine.wake_at_ms = u64::MAX;
        self.input(key, Input::Tick);
    }

    /// A machine is off: time passes it by until it is restarted.
    pub(crate) fn pause(&mut self, hub: usize) {
        self.of(hub).wake_at_ms = u64::MAX;
        let key = key(node(hub));
        self.flights.retain(|_, (to, _)| *to != key);
    }

    /// Links the nodes of two hubs.
    pub(crate) fn link(&mut self, one: usize, other: usize) {
        self.link_keys(key(node(one)), key(node(other)));
    }

    pub(crate) fn link_keys(&mut self, one: PublicKey, other: PublicKey) {
        self.links.insert((one, other));
        self.fly(one, Input::Connected { peer: other });
        self.fly(other, Input::Connected { peer: one });
    }

    pub(crate) fn link_all(&mut self, hubs: &[usize]) {
        for (place, one) in hubs.iter().enumerate() {
            hubs[place + 1..].iter().for_each(|other| self.link(*one, *other));
        }
    }

    pub(crate) fn unlink(&mut self, one: usize, other: usize) {
        self.part(key(node(one)), key(node(other)));
    }

    fn part(&mut self, one: PublicKey, other: PublicKey) {
        self.links.remove(&(one, other));
        self.links.remove(&(other, one));
        self.fly(one, Input::Disconnected { peer: other });
        self.fly(other, Input::Disconnected { peer: one });
    }

    fn linked(&self, one: PublicKey, other: PublicKey) -> bool {
        self.links.contains(&(one, other)) || self.links.contains(&(other, one))
    }

    fn neighbours(&self, of: PublicKey) -> Vec<PublicKey> {
        let either = self.links.iter().filter(|(one, other)| *one == of || *other == of);
        either.map(|(one, other)| if *one == of { *other } else { *one }).collect()
    }

    /// Hands records to a hub's node as its people would; all are taken.
    #[track_caller]
    pub(crate) fn submit(&mut self, hub: usize, records: &[Record]) {
        let items = records.iter().cloned().map(Item::bare).collect();
        match self.submit_items(hub, items) {
            Ok(Answer::Stored { refused: None, .. }) => {}
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn submit_items(&mut self, hub: usize, items: Vec<Item>) -> Result<Answer, ReplicaError> {
        let ticket = self.ticket();
        self.input(key(node(hub)), Input::Submit { ticket, items });
        self.answer(hub, ticket).expect("submissions are answered at once")
    }

    /// Puts records into a node from nowhere, as if a peer that is gone had gossiped them.
    pub(crate) fn plant(&mut self, hub: usize, records: &[Record]) {
        let to = key(node(hub));
        for record in records {
            let message = MessageId(*record.id().as_bytes());
            let item = Item::bare(record.clone());
            self.input(to, Input::Gossip { peer: key(node(99)), message, item });
        }
    }

    pub(crate) fn ticket(&mut self) -> Ticket {
        self.next += 1;
        Ticket(self.next)
    }

    pub(crate) fn answer(&self, hub: usize, ticket: Ticket) -> Option<Result<Answer, ReplicaError>> {
        self.machine(key(node(hub))).answers.get(&ticket).cloned()
    }

    pub(crate) fn machine(&self, key: PublicKey) -> &Machine {
        &self.machines[&key]
    }

    pub(crate) fn of(&mut self, hub: usize) -> &mut Machine {
        self.machines.get_mut(&key(node(hub))).unwrap()
    }

    pub(crate) fn registry(&self, hub: usize) -> &Registry {
        self.machine(key(node(hub))).replica.registry().unwrap()
    }

    pub(crate) fn holds(&self, hub: usize, id: &Id) -> bool {
        self.registry(hub).place(id).is_some()
    }

    #[track_caller]
    pub(crate) fn assert_alike(&mut self, hubs: &[usize]) {
        for pair in hubs.windows(2) {
            let [one, other] = [pair[0], pair[1]].map(|hub| self.held(hub));
            let difference: Vec<_> = one.symmetric_difference(&other).collect();
            assert!(difference.is_empty(), "{pair:?} differ in {difference:?}");
            assert_eq!(self.of(pair[0]).replica.root(), self.of(pair[1]).replica.root());
            assert_eq!(self.registry(pair[0]).head(), self.registry(pair[1]).head());
        }
    }

    /// The records that a node holds, which are those on its disk.
    pub(crate) fn held(&self, hub: usize) -> BTreeSet<Id> {
        let machine = self.machine(key(node(hub)));
        let registry = machine.replica.registry().unwrap();
        let stored: BTreeSet<Id> = machine.disk.records.keys().map(|(_, place)| place.id).collect();
        let logs = registry.authors().flat_map(|author| registry.log(&author).unwrap().places_from(0));
        let held: BTreeSet<Id> = logs.map(|place| place.id).collect();
        assert_eq!(held, stored, "what is held is what is stored");
        held
    }

    /// A message is about to be judged that the driver could not even decode.
    pub(crate) fn expect_judgement(&mut self, hub: usize, message: MessageId, from: usize, any: &Record) {
        self.of(hub).unjudged.insert(message, (key(node(from)), Item::bare(any.clone())));
    }

    pub(crate) fn are_linked(&self, one: usize, other: usize) -> bool {
        self.linked(key(node(one)), key(node(other)))
    }

    /// Asks a node something as if from another one, which a script plays; it is answered at once.
    pub(crate) fn ask_as(&mut self, hub: usize, of: usize, request: Request) -> Response {
        let (peer, to) = (key(node(hub)), key(node(of)));
        if !self.linked(peer, to) {
            self.links.insert((peer, to));
            self.input(to, Input::Connected { peer });
        }
        self.next += 1;
        let id = RequestId(self.next);
        self.inbound.insert(id, (peer, id));
        self.asked.insert(id, self.traffic.len());
        self.traffic.push((request.kind(), 0, 0));
        self.answered = None;
        self.input(to, Input::Request { peer, id, request });
        self.answered.take().expect("an answer").1
    }

    /// Lets time pass.
    pub(crate) fn elapse(&mut self, ms: u64) {
        let until = self.now_ms + ms;
        loop {
            let flight = self.flights.keys().next().map(|(at, _)| *at);
            let wake = self.machines.values().map(|machine| machine.wake_at_ms).min();
            let Some(next) = flight.into_iter().chain(wake).min().filter(|next| *next <= until) else {
                break;
            };
            self.now_ms = self.now_ms.max(next);
            if flight == Some(next) {
                let (_, (to, input)) = self.flights.pop_first().unwrap();
                self.input(to, input);
            } else {
                let due = self.machines.iter().find(|(_, machine)| machine.wake_at_ms == next);
                let key = *due.unwrap().0;
                self.machines.get_mut(&key).unwrap().wake_at_ms = u64::MAX;
                self.input(key, Input::Tick);
            }
        }
        self.now_ms = until;
    }

    /// Wakes a node, whatever time it is, as a driver does whose sleep has ended. It sleeps on until it is
    /// told a time.
    pub(crate) fn wake(&mut self, hub: usize) {
        self.of(hub).wake_at_ms = u64::MAX;
        self.input(key(node(hub)), Input::Tick);
    }

    /// Whatever is under way between nodes never arrives.
    pub(crate) fn lose_what_is_under_way(&mut self) {
        self.flights.clear();
    }

    fn fly(&mut self, to: PublicKey, input: Input) {
        self.next += 1;
        self.flights.insert((self.now_ms + self.delay_ms, self.next), (to, input));
    }
}
