//! The node: what it consists of, and which part handles which input.

use std::collections::BTreeSet;

use cohub_record::{Appended, Hash, Place, PublicKey, Record};
use cohub_registry::{Decoded, Registry};

use crate::admission::Retries;
use crate::door::Door;
use crate::fetch::Fetches;
use crate::holding::Holding;
use crate::input::{FoundIn, Input};
use crate::jitter::Jitter;
use crate::knock::Knocking;
use crate::ledger::Ledger;
use crate::notes::Note;
use crate::output::{Acceptance, Answer, Output};
use crate::peers::{Asked, Peers, Pending, Requests};
use crate::recount::Recount;
use crate::steady::Steady;
use crate::sync::Sync;
use crate::teller::Teller;
use crate::turn::Turn;
use crate::waiting::Room;
use crate::wire::Response;
use crate::writing::Writing;
use crate::{Config, Records, ReplicaError, RequestId};

/// A node, as a state machine. It decides everything and does nothing: the driver tells it what happened
/// and when, and executes what it answers.
pub struct Replica {
    pub(crate) config: Config,
    /// Absent until a network is founded or joined.
    pub(crate) ledger: Option<Ledger>,
    pub(crate) peers: Peers,
    pub(crate) requests: Requests,
    pub(crate) sync: Sync,
    pub(crate) room: Room,
    pub(crate) retries: Retries,
    pub(crate) recount: Recount,
    /// Held records whose stored bytes are damaged.
    pub(crate) damaged: BTreeSet<(PublicKey, Place)>,
    pub(crate) teller: Teller,
    pub(crate) writing: Writing,
    pub(crate) holding: Holding,
    pub(crate) door: Door,
    pub(crate) knocking: Option<Knocking>,
    pub(crate) fetches: Fetches,
    /// Whether what is erased was carried out since the start.
    pub(crate) erasures_carried_out: bool,
    pub(crate) jitter: Jitter,
    steady: Steady,
    wake_at_ms: Option<u64>,
    #[cfg(feature = "weaken")]
    switched_off: Option<cohub_registry::Switch>,
}

impl Replica {
    /// Opens a replica over what a store holds: its notes now, its records by [`Replica::replay`].
    ///
    /// # Errors
    /// If the founding record that a note names cannot be read or is none.
    pub fn open(
        config: Config,
        notes: impl IntoIterator<Item = (String, Vec<u8>)>,
        records: &dyn Records,
    ) -> Result<Self, ReplicaError> {
        let teller = Teller::new(config.tellers.iter().cloned());
        let own = config.own_keys.iter().copied().chain(teller.keys());
        let mut replica = Self {
            writing: Writing::new(own),
            room: Room::new(config.limits),
            jitter: Jitter::new(config.seed),
            ledger: None,
            peers: Peers::default(),
            requests: Requests::beginning_at(config.seed),
            sync: Sync::default(),
            retries: Retries::default(),
            recount: Recount::default(),
            damaged: BTreeSet::new(),
            teller,
            holding: Holding::default(),
            door: Door::default(),
            knocking: None,
            fetches: Fetches::default(),
            erasures_carried_out: false,
            steady: Steady::default(),
            wake_at_ms: None,
            #[cfg(feature = "weaken")]
            switched_off: None,
            config,
        };
        for note in notes.into_iter().filter_map(|(name, bytes)| Note::decode(&name, &bytes)) {
            replica.recall(note, records)?;
        }
        Ok(replica)
    }

    fn recall(&mut self, note: Note, records: &dyn Records) -> Result<(), ReplicaError> {
        match note {
            Note::Founding { founder, network } => {
                let lost =
                    || ReplicaError::Founding(format!("the store holds no {}", network.to_network_text()));
                let bytes = records.read(&founder, Place { seq: 0, id: network })?.ok_or_else(lost)?;
                let founding = Record::from_checked(network, founder, bytes);
                let founding = founding.map_err(|error| ReplicaError::Founding(error.to_string()))?;
                self.begin_ledger(&founding)?;
            }
            Note::SetBack { key, later } => self.writing.recall_set_back(key, later),
            Note::Heads { motion, heads } => self.teller.recall_heads(motion, heads),
            Note::Succeeded { key, since_ms } => self.teller.recall_succession(key, since_ms),
            Note::Invite { secret, expires_at } => self.door.recall_invite(secret, expires_at),
            Note::Newcomer { node, secret, at_ms, items } => {
                self.door.recall_newcomer(node, secret, at_ms, items);
            }
            Note::Knocking { door, network, secret, items } => {
                self.remember_knocking(Knocking::new(door, network, secret, items));
            }
        }
        Ok(())
    }

    /// Takes a record that the store holds, by author, then place, before the first input. One whose
    /// predecessor the store has lost is left out: it is fetched again.
    pub fn replay(&mut self, record: &Decoded) {
        let Some(ledger) = &mut self.ledger else { return };
        let Ok(inserted) = ledger.insert(record) else { return };
        if matches!(inserted.appended, Appended::Forked { .. }) {
            // The node may have gone down before it forgot what is not kept.
            self.recount.schedule(0, self.config.recount_interval_ms);
        }
        self.recount.cut_may_have_moved();
        for descriptor in &record.record().header().attachments {
            if self.copies(descriptor) {
                self.fetches.want(descriptor.hash, 0);
            }
        }
    }

    /// Takes an attachment that the files hold, before the first input.
    pub fn replay_attachment(&mut self, hash: Hash) {
        self.fetches.keep(hash);
    }

    /// Handles one input; the clock shows so many milliseconds since the Unix epoch.
    pub fn handle(&mut self, input: Input, clock_ms: u64, records: &dyn Records) -> Vec<Output> {
        let mut turn = Turn::new(self.steady.at(clock_ms), clock_ms, records);
        // Protocol 6.4: what is due comes before what arrives.
        self.carry_out_all(&mut turn);
        self.perform_duties(&mut turn);
        self.dispatch(&mut turn, input);
        self.perform_duties(&mut turn);
        self.do_what_is_due(&mut turn);
        self.set_alarm(&mut turn);
        turn.finish()
    }

    fn dispatch(&mut self, turn: &mut Turn<'_>, input: Input) {
        match input {
            Input::Tick => {
                // It may come early, if the clock was set; whoever wakes a node forgets the time he was told.
                self.wake_at_ms = None;
                self.room.expire(turn.now_ms);
            }
            Input::Connected { peer } => self.connected(turn, peer),
            Input::Disconnected { peer } => self.disconnected(turn, &peer),
            Input::Gossip { peer, message, item } => self.gossip(turn, peer, message, item),
            Input::Request { peer, id, request } => self.serve(turn, peer, id, request),
            Input::Response { peer, id, response } => self.answered(turn, peer, id, Some(response)),
            Input::RequestFailed { peer, id } => self.answered(turn, peer, id, None),
            Input::Malformed { peer, found_in } => self.malformed(turn, peer, found_in),
            Input::Submit { ticket, items } => self.submit(turn, ticket, items),
            Input::Lease { ticket, key } => self.lease(turn, ticket, key),
            Input::Release { key } => self.writing.forget_lease(&key),
            Input::Join { ticket, founding } => {
                let network = founding.id();
                let result = self.found(turn, founding).map(|()| Answer::Joined { network });
                turn.acknowledge(ticket, result);
            }
            Input::Introduce { peer } => {
                self.peers.introduce(peer);
                self.contact(turn, peer);
            }
            Input::Own { keys } => self.own(turn, keys),
            Input::Teller { key } => self.take_teller(turn, key),
            Input::Invite { ticket, secret, addresses, expires_at } => {
                self.invite(turn, ticket, (secret, expires_at), addresses);
            }
            Input::Knock { ticket, door, network, secret, items } => {
                self.knock(turn, ticket, Knocking::new(door, network, secret, items));
            }
            Input::Dismiss { controller } => self.dismiss(turn, &controller),
            Input::Fetch { ticket, hash } => self.fetch(turn, ticket, hash),
            Input::Kept { hash } => self.attachment_kept(turn, hash),
            Input::Partial { hash, progress } => self.progressed(turn, hash, progress),
            Input::Block { peer } => {
                self.peers.block(peer);
                turn.output(Output::Disconnect { peer });
            }
            Input::Unblock { peer } => self.peers.unblock(&peer),
        }
    }

    fn do_what_is_due(&mut self, turn: &mut Turn<'_>) {
        for pending in self.requests.take(|pending| pending.due_ms <= turn.now_ms) {
            self.understand(turn, pending, None);
        }
        self.knock_if_due(turn);
        self.sync_if_due(turn);
        self.ask_holders_if_due(turn);
        self.fetch_if_due(turn);
        self.recount_if_due(turn);
    }

    /// Begins or joins a network.
    pub(crate) fn found(&mut self, turn: &mut Turn<'_>, founding: Record) -> Result<(), ReplicaError> {
        match &self.ledger {
            Some(ledger) if ledger.registry().network() == founding.id() => return Ok(()),
            Some(ledger) => {
                return Err(ReplicaError::OtherNetwork(ledger.registry().network().to_network_text()));
            }
            None => self.begin_ledger(&founding)?,
        }
        turn.output(Note::Founding { founder: founding.author(), network: founding.id() }.output());
        turn.store(founding);
        for peer in self.peers.connected().collect::<Vec<_>>() {
            self.contact(turn, peer);
        }
        Ok(())
    }

    fn begin_ledger(&mut self, founding: &Record) -> Result<(), ReplicaError> {
        let ledger =
            Ledger::found(founding).map_err(|refused| ReplicaError::Founding(refused.to_string()))?;
        self.ledger = Some(ledger);
        #[cfg(feature = "weaken")]
        self.switch_off(self.switched_off);
        self.teller_must_look();
        Ok(())
    }

    /// Switches a rule off, now and in whatever network is joined later. To be called before the first record is
    /// replayed.
    #[cfg(feature = "weaken")]
    pub fn switch_off(&mut self, rule: Option<cohub_registry::Switch>) {
        self.switched_off = rule;
        if let Some(ledger) = &mut self.ledger {
            ledger.switch_off(rule);
        }
    }

    fn connected(&mut self, turn: &mut Turn<'_>, peer: PublicKey) {
        if self.peers.is_shunned(&peer, turn.now_ms) {
            turn.output(Output::Disconnect { peer });
            return;
        }
        self.peers.connect(peer, turn.now_ms);
        self.contact(turn, peer);
    }

    /// A peer that may be asked for records can be reached: asks about this node's keys first, then syncs.
    fn contact(&mut self, turn: &mut Turn<'_>, peer: PublicKey) {
        if let Some(known) = self.peers.get_mut(&peer) {
            known.next_round_ms = known.next_round_ms.min(turn.now_ms);
            self.ask_latest(turn, peer);
        }
    }

    fn disconnected(&mut self, turn: &mut Turn<'_>, peer: &PublicKey) {
        self.drop_session(peer, turn.now_ms);
        self.peers.disconnect(peer);
        for pending in self.requests.take(|pending| pending.peer == *peer) {
            self.understand(turn, pending, None);
        }
    }

    fn answered(&mut self, turn: &mut Turn<'_>, peer: PublicKey, id: RequestId, response: Option<Response>) {
        // An answer that nobody waits for any more changes nothing.
        if let Some(pending) = self.requests.close(id, &peer) {
            self.understand(turn, pending, response);
        }
    }

    /// An answer, or the news that none will come.
    fn understand(&mut self, turn: &mut Turn<'_>, pending: Pending, response: Option<Response>) {
        let Pending { peer, asked, .. } = pending;
        match (asked, response) {
            (asked, Some(response)) if asked.is_sync() => self.synced(turn, peer, asked, response),
            (asked, None) if asked.is_sync() => {
                self.break_off(turn, peer);
                self.pump_all(turn, peer);
            }
            (Asked::Holds { ids }, Some(Response::Holds { held })) => {
                self.holders_answered(turn, peer, &ids, &held);
            }
            (Asked::Latest { .. }, Some(Response::Later { items })) => {
                self.latest_answered(turn, peer, items);
            }
            (Asked::Latest { keys }, _) => self.latest_failed(turn, peer, &keys),
            (Asked::Chunk { hash, index }, response) => {
                self.chunk_answered(turn, peer, (hash, index), response);
            }
            (Asked::Knock, Some(Response::Knocked { welcome, founding })) => {
                self.door_answered(turn, welcome, *founding);
            }
            // Not answered, or denied: these are asked again in their own time.
            (_, None | Some(Response::Denied(_))) => {}
            (_, Some(_)) => self.strike(turn, peer, "answered something else than was asked"),
        }
    }

    fn malformed(&mut self, turn: &mut Turn<'_>, peer: PublicKey, found_in: FoundIn) {
        self.strike(turn, peer, "sent bytes that are malformed or not authentic");
        match found_in {
            FoundIn::Gossip(message) => {
                turn.output(Output::Judge { message, acceptance: Acceptance::Reject });
            }
            FoundIn::Request => {}
            FoundIn::Response(id) => self.answered(turn, peer, id, None),
        }
    }

    /// Names the time at which something is due next, where it changed.
    fn set_alarm(&mut self, turn: &mut Turn<'_>) {
        let rounds =
            self.peers.iter().filter(|(_, peer)| peer.session.is_none()).map(|(_, peer)| peer.next_round_ms);
        let times = [
            rounds.filter(|_| self.ledger.is_some()).min(),
            self.requests.wake_ms(),
            self.sync.claims.wake_ms(),
            self.holding.wake_ms(),
            self.knock_wake_ms(),
            self.fetches.wake_ms(),
            self.recount.wake_ms(),
        ];
        let steady = times.into_iter().flatten().min().map(|at_ms| self.steady.clock_ms(at_ms));
        // A teller keeps dates, which the clock shows.
        let dates = self.teller.wake_ms().filter(|_| self.ledger.is_some());
        let wake_at_ms = steady.into_iter().chain(dates).min().map(|at_ms| at_ms.max(turn.clock_ms + 1));
        if wake_at_ms != self.wake_at_ms {
            self.wake_at_ms = wake_at_ms;
            turn.output(Output::WakeAt(wake_at_ms.unwrap_or(u64::MAX)));
        }
    }

    /// The registry, once there is a network.
    #[must_use]
    pub fn registry(&self) -> Option<&Registry> {
        self.ledger.as_ref().map(Ledger::registry)
    }

    /// Records that wait, and their bytes.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        (self.room.len(), self.room.bytes())
    }

    /// The fingerprint of all logs: equal on nodes that hold the same records. None before a network.
    pub fn root(&mut self) -> Option<crate::wire::Fingerprint> {
        self.ledger.as_mut().map(|ledger| ledger.tree().root())
    }
}
