//! Feeds inputs to replicas and executes their outputs in order, as a node's driver does: what is to be
//! stored is durable before anything behind it is done. Processes die between any two outputs.

use cohub_replica::wire::{Item, Response};
use cohub_replica::{Acceptance, Event, Input, MessageId, Output, Progress, RequestId};
use cohub_store::{Schedule, StoreError};

use crate::node::Machine;
use crate::promise::Promise;
use crate::queue::{Happening, Message};
use crate::world::World;

/// How long it takes until a replica that was opened again goes on.
const RESUMES_MS: u64 = 1_000;

/// What became of an output.
enum Done {
    Yes,
    /// The disk is full: the replica is opened again.
    Full,
    /// The process ends.
    Died,
}

impl World {
    /// Gives a node an input, if it is up, and does what it answers.
    pub(crate) fn feed(&mut self, place: usize, input: Input) {
        let node = &mut self.nodes[place];
        let Machine::Up(replica, disk) = &mut node.machine else { return };
        self.trace.input(self.now_ms, place, &input);
        let local_ms = node.clock.local_ms(self.now_ms);
        let outputs = replica.handle(input, local_ms, disk);
        self.execute(place, local_ms, outputs);
    }

    fn execute(&mut self, place: usize, local_ms: u64, outputs: Vec<Output>) {
        let stores = matches!(outputs.first(), Some(Output::Persist { .. }));
        let doom = self.nodes[place].doom.filter(|_| stores);
        let last = doom.map(|_| self.dice.place(outputs.len() + 1));
        let mut motions = Vec::new();
        for (number, output) in outputs.into_iter().enumerate() {
            if last == Some(number) {
                break;
            }
            self.trace.output(self.now_ms, place, &output);
            match self.execute_one(place, local_ms, output, &mut motions) {
                Done::Yes => {}
                Done::Full => return self.reopen(place),
                Done::Died => {
                    self.counts.faults += 1;
                    let down_ms = self.dice.below(120_000);
                    let power_lost = self.dice.chance(500);
                    return self.go_down(place, down_ms, power_lost);
                }
            }
        }
        for motion in motions {
            self.check_outcome(place, &motion);
        }
        if let Some(crash) = doom {
            let planned = self.scenario.crashes[crash];
            self.go_down(place, planned.down_ms, planned.power_lost);
        }
    }

    fn execute_one(
        &mut self,
        place: usize,
        local_ms: u64,
        output: Output,
        motions: &mut Vec<cohub_record::Id>,
    ) -> Done {
        match output {
            Output::Persist { records } => {
                let Some(disk) = self.nodes[place].disk() else { return Done::Died };
                match disk.append(&records) {
                    Ok(()) => self.checks.stored(place, local_ms, self.now_ms, &records),
                    Err(error) => return failed(&error),
                }
            }
            Output::Remove { places } => {
                let Some(disk) = self.nodes[place].disk() else { return Done::Died };
                if let Err(error) = disk.remove(&places) {
                    return failed(&error);
                }
            }
            Output::Note { name, bytes } => {
                let Some(disk) = self.nodes[place].disk() else { return Done::Died };
                if let Err(error) = disk.note(&name, bytes.as_deref()) {
                    return failed(&error);
                }
            }
            Output::EraseTeller { key } => self.nodes[place].erase_teller(&key),
            Output::KeepAttachment { hash, bytes } => {
                if let Some(disk) = self.nodes[place].disk_mut() {
                    disk.keep_file(hash, bytes);
                }
            }
            Output::EraseAttachment { hash } => {
                if let Some(disk) = self.nodes[place].disk_mut() {
                    disk.erase_file(&hash);
                }
            }
            Output::OpenPartial { hash, .. } => {
                self.report_progress(place, hash, Progress::Missing(vec![0]));
            }
            // In this world every attachment is one chunk and its own proof.
            Output::AcceptChunk { hash, index, proof } => {
                let good = blake3::hash(&proof).as_bytes() == hash.as_bytes();
                if good && let Some(disk) = self.nodes[place].disk_mut() {
                    disk.keep_file(hash, proof);
                }
                let progress = if good { Progress::Complete } else { Progress::Refused(index) };
                self.report_progress(place, hash, progress);
            }
            Output::ServeChunk { id, hash, index, .. } => {
                let proof = self.nodes[place].disk().and_then(|disk| disk.file(&hash));
                let proof = proof.filter(|_| index == 0);
                self.respond(place, id, Response::Chunk { proof });
            }
            Output::Publish { item } => {
                let id = message_id(&item);
                self.checks.published(place, self.now_ms, item.record());
                self.nodes[place].heard.insert(id);
                self.spread(place, None, id, &item);
            }
            Output::Judge { message, acceptance } => self.judged(place, message, acceptance),
            Output::Send { peer, id, request } => {
                if let Some(to) = self.cast.node(&peer) {
                    self.send(place, to, Message::Request { id, request });
                }
            }
            Output::Respond { id, response, .. } => self.respond(place, id, response),
            Output::Disconnect { peer } => {
                if let Some(other) = self.cast.node(&peer) {
                    self.queue.plan(self.now_ms, Happening::Breaks { one: place, other });
                    self.counts.disconnects += 1;
                }
            }
            Output::Acknowledge { ticket, result } => self.answers.push_back((place, ticket, Some(result))),
            Output::Event(event) => self.witness(place, local_ms, &event, motions),
            Output::WakeAt(local_ms) => self.set_alarm(place, local_ms),
        }
        Done::Yes
    }

    fn report_progress(&mut self, place: usize, hash: cohub_record::Hash, progress: Progress) {
        // The files are another thread: the answer comes after what is under way.
        let message = Box::new(Message::Progress { hash, progress });
        self.queue.plan(self.now_ms + 1, Happening::Arrives { from: place, to: place, message });
    }

    fn witness(&mut self, place: usize, local_ms: u64, event: &Event, motions: &mut Vec<cohub_record::Id>) {
        if let Event::VerdictGiven { id, verdict: cohub_registry::Verdict::Valid } = event
            && let Some(motion) = self.checks.motion_of(id)
        {
            motions.push(motion);
        }
        self.checks.witness(place, self.now_ms, local_ms, event, &self.cast);
    }

    fn judged(&mut self, place: usize, message: MessageId, acceptance: Acceptance) {
        if let Some((from, item)) = self.nodes[place].unjudged.remove(&message)
            && acceptance == Acceptance::Accept
        {
            self.spread(place, Some(from), message, &item);
        }
    }

    fn respond(&mut self, place: usize, id: RequestId, response: Response) {
        if let Some((to, id)) = self.nodes[place].inbound.remove(&id) {
            self.send(place, to, Message::Response { id, response });
        }
    }

    /// Gossips to everybody that a node is connected to, but not back.
    pub(crate) fn spread(&mut self, place: usize, but: Option<usize>, id: MessageId, item: &Item) {
        for to in self.links.neighbours(place) {
            if Some(to) != but {
                self.send(place, to, Message::Gossip { id, item: item.clone() });
            }
        }
    }

    fn set_alarm(&mut self, place: usize, local_ms: u64) {
        /// Some other thing wakes a node now and then.
        const NOW_AND_THEN_MS: u64 = 10 * 60_000;
        let node = &mut self.nodes[place];
        node.alarm += 1;
        let at_ms =
            node.clock.world_ms(self.now_ms, local_ms).clamp(self.now_ms + 1, self.now_ms + NOW_AND_THEN_MS);
        let alarm = node.alarm;
        self.queue.plan(at_ms, Happening::Wakes { node: place, alarm });
    }

    /// Opens a node's replica over its disk.
    pub(crate) fn start(&mut self, place: usize, power_lost: bool) {
        let faults = if self.healed_ms.is_some() { 0 } else { self.scenario.faults_per_mille };
        let seed = self.scenario.seed ^ (self.nodes[place].openings << 8) ^ place as u64;
        let node = &mut self.nodes[place];
        let Machine::Down(platter) = &mut node.machine else { return };
        let Some(platter) = platter.take() else { return };
        let platter = if power_lost { platter.power_lost(seed) } else { platter };
        let disk = platter.open(Schedule::seeded(seed, faults));
        match disk.replica(node.config_of_opening(), self.scenario.switched_off) {
            Ok(replica) => {
                node.machine = Machine::Up(Box::new(replica), disk);
                if node.openings > 0 {
                    self.counts.restarts += 1;
                }
                node.openings += 1;
                node.forget();
                self.trace.note(self.now_ms, place, || "starts".to_owned());
                self.check_reopened(place);
                self.feed(place, Input::Tick);
                self.dial_all(place);
            }
            Err(error) => {
                node.machine = Machine::Down(Some(disk.platter()));
                self.checks.violate(
                    self.now_ms,
                    place,
                    Promise::Keeping,
                    format!("a good disk does not open: {error}"),
                );
            }
        }
    }

    /// Nothing behind a refused write is done; the replica is opened anew from what is durable.
    fn reopen(&mut self, place: usize) {
        self.counts.full_disks += 1;
        self.trace.note(self.now_ms, place, || "has no room, and opens its replica again".to_owned());
        self.fail_errands(place);
        let switched_off = self.scenario.switched_off;
        let node = &mut self.nodes[place];
        node.forget();
        node.openings += 1;
        let config = node.config_of_opening();
        let Machine::Up(replica, disk) = &mut node.machine else { return };
        match disk.replica(config, switched_off) {
            Ok(fresh) => **replica = fresh,
            Err(error) => {
                return self.checks.violate(
                    self.now_ms,
                    place,
                    Promise::Keeping,
                    format!("a full disk does not open: {error}"),
                );
            }
        }
        self.check_reopened(place);
        let opening = self.nodes[place].openings;
        self.queue.plan(self.now_ms + RESUMES_MS, Happening::Resumes { node: place, opening });
    }

    /// A replica that was opened again hears who is connected.
    pub(crate) fn resume(&mut self, place: usize, opening: u64) {
        for other in self.links.neighbours(place) {
            // The disk may be full still.
            if self.nodes[place].openings != opening {
                return;
            }
            let peer = self.nodes[other].config.node;
            self.feed(place, Input::Connected { peer });
        }
        self.feed(place, Input::Tick);
    }

    pub(crate) fn crash_as_planned(&mut self, crash: usize) {
        let planned = self.scenario.crashes[crash];
        if self.healed_ms.is_some() || !self.nodes[planned.node].is_up() {
            return;
        }
        if planned.amid_outputs {
            self.nodes[planned.node].doom = Some(crash);
        } else {
            self.go_down(planned.node, planned.down_ms, planned.power_lost);
        }
    }

    /// The machine that counted for a hub is gone, and its key with it; people set the node up again.
    pub(crate) fn lose_teller(&mut self, place: usize) {
        let key = self.cast.hubs[place].key(crate::cast::Desk::Teller);
        self.nodes[place].erase_teller(&key);
        self.trace.note(self.now_ms, place, || "loses the key of its teller for ever".to_owned());
        if self.nodes[place].is_up() {
            self.go_down(place, 60_000, false);
        }
    }

    /// A node's process ends; it comes up again later.
    pub(crate) fn go_down(&mut self, place: usize, down_ms: u64, power_lost: bool) {
        self.trace.note(self.now_ms, place, || format!("goes down for {} s", down_ms / 1_000));
        self.fail_errands(place);
        let node = &mut self.nodes[place];
        if let Machine::Up(_, disk) = &node.machine {
            node.machine = Machine::Down(Some(disk.platter()));
        }
        node.forget();
        self.queue.plan(self.now_ms + 1 + down_ms, Happening::Starts { node: place, power_lost });
        for other in self.links.neighbours(place) {
            self.disconnect(place, other);
        }
    }

    /// Nobody answers any more what a node was asked.
    fn fail_errands(&mut self, place: usize) {
        let open =
            self.errands.range((place, cohub_replica::Ticket(0))..(place + 1, cohub_replica::Ticket(0)));
        let open: Vec<_> = open.map(|((_, ticket), _)| *ticket).collect();
        self.answers.retain(|(node, ..)| *node != place);
        self.answers.extend(open.into_iter().map(|ticket| (place, ticket, None)));
    }
}

fn failed(error: &StoreError) -> Done {
    match error {
        StoreError::Full { .. } => Done::Full,
        _ => Done::Died,
    }
}

/// The name of a gossip message: nodes that publish the same item name it alike.
pub(crate) fn message_id(item: &Item) -> MessageId {
    let mut name = *item.record().id().as_bytes();
    for (hash, _) in item.attachments() {
        name.iter_mut().zip(hash.as_bytes()).for_each(|(byte, other)| *byte ^= other);
    }
    MessageId(name)
}
