//! The one way by which a record comes to be held, wherever it came from.

use cohub_record::{Appended, Id, Place, PublicKey, Record};
use cohub_registry::{Kind, Refused, Verdict};

use crate::Replica;
use crate::keeping::{self, Judgement};
use crate::output::{Event, Output};
use crate::turn::Turn;
use crate::waiting::Waiting;
use crate::wire::Item;

/// What became of a record that was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is held from now on.
    Held,
    /// It was held before.
    Present,
    /// It was held before, but its stored bytes were damaged.
    Mended,
    /// It waits, or was let go again where the waiting room has no place for it.
    Waits {
        /// Its predecessor is missing, which whoever sent it should have.
        gap: bool,
    },
    /// The protocol does not keep it.
    NotKept(Judgement),
    /// It cannot be a record of this network.
    Alien(Refused),
    /// There is no network yet.
    NoNetwork,
}

/// Records that wait for another look.
#[derive(Debug, Default)]
pub(crate) struct Retries {
    ids: Vec<Id>,
    /// It may be known by now who strangers are.
    strangers: bool,
}

impl Replica {
    /// Takes a record, and then everything in the waiting room that waited for it.
    pub(crate) fn admit(&mut self, turn: &mut Turn<'_>, item: Item, peer: Option<PublicKey>) -> Admission {
        let now_ms = turn.now_ms;
        let admission = self.admit_one(turn, Waiting { item, peer, since_ms: now_ms });
        self.retry(turn);
        admission
    }

    /// Looks again at whoever became known by something that did not come as a record.
    pub(crate) fn retry(&mut self, turn: &mut Turn<'_>) {
        loop {
            while let Some(id) = self.retries.ids.pop() {
                if let Some(waiting) = self.room.leave(&id) {
                    self.admit_one(turn, waiting);
                }
            }
            if !std::mem::take(&mut self.retries.strangers) {
                return;
            }
            self.welcome_strangers(turn);
        }
    }

    fn welcome_strangers(&mut self, turn: &mut Turn<'_>) {
        let Some(ledger) = &self.ledger else { return };
        for author in self.room.authors() {
            let stranger = keeping::keeping(ledger.registry(), &author) == cohub_registry::Keeping::Unknown;
            if !stranger {
                // Popped from the end: the first record of a log comes last in the list.
                self.retries.ids.extend(self.room.of(&author).into_iter().rev());
            }
        }
        self.open_door(turn);
    }

    fn admit_one(&mut self, turn: &mut Turn<'_>, waiting: Waiting) -> Admission {
        let Some(ledger) = &self.ledger else { return Admission::NoNetwork };
        let registry = ledger.registry();
        let record = waiting.item.record();
        let (id, author) = (record.id(), record.author());
        if registry.place(&id).is_some() {
            return self.mend(turn, waiting.item);
        }
        if record.header().network != Some(registry.network()) {
            return Admission::Alien(Refused::WrongNetwork(registry.network().to_network_text()));
        }
        let continues = record.header().prev.is_none_or(|prev| registry.place(&prev).is_some());
        match keeping::judge(registry, record) {
            Judgement::Stranger => {
                self.room.enter(waiting);
                Admission::Waits { gap: false }
            }
            Judgement::Beyond { records } => Admission::NotKept(Judgement::Beyond { records }),
            Judgement::Kept if continues => self.hold(turn, waiting),
            Judgement::Kept => {
                self.room.enter(waiting);
                Admission::Waits { gap: true }
            }
            Judgement::IfBuiltOn => {
                let built_on = keeping::is_built_on(registry, &id, &author);
                if built_on && continues {
                    return self.hold(turn, waiting);
                }
                self.room.enter(waiting);
                self.hold_chains(turn, &id);
                Admission::Waits { gap: built_on && !continues }
            }
        }
    }

    /// Protocol 3.2: a record that something kept builds on brings along those that it continues. Holds
    /// the chains that are whole now that `id` waits.
    fn hold_chains(&mut self, turn: &mut Turn<'_>, id: &Id) {
        let ends = self.room.descendants(id).into_iter().chain([*id]);
        for end in ends.collect::<Vec<_>>() {
            let Some(ledger) = &self.ledger else { return };
            let chain = self.room.chain(&end);
            let Some(first) = chain.first() else { continue };
            let begins = self.room.prev(first).is_none_or(|prev| ledger.registry().place(&prev).is_some());
            let author = self.room.author(&end);
            let built_on =
                author.is_some_and(|author| keeping::is_built_on(ledger.registry(), &end, &author));
            if begins && built_on {
                for id in chain {
                    let Some(waiting) = self.room.leave(&id) else { break };
                    self.hold(turn, waiting);
                }
            }
        }
    }

    /// Holds a record that continues its log.
    fn hold(&mut self, turn: &mut Turn<'_>, waiting: Waiting) -> Admission {
        let Some(ledger) = &mut self.ledger else { return Admission::NoNetwork };
        let Waiting { item, peer, .. } = waiting;
        let record = item.record();
        let inserted = match ledger.insert(item.decoded()) {
            Ok(inserted) => inserted,
            Err(refused) => return Admission::Alien(refused),
        };
        let (id, author, seq) = (record.id(), record.author(), record.header().seq);
        let kind = record.header().kind.clone();
        let others_changed = inserted.verdicts.len() > 1;
        turn.event(Event::RecordHeld { id, author, kind: kind.clone() });
        if let Appended::Forked { rival } = inserted.appended {
            let ids = if rival < id { [rival, id] } else { [id, rival] };
            turn.event(Event::ForkFound { author, seq, ids });
            self.recount.schedule(turn.now_ms, self.config.recount_interval_ms);
        }
        let valid = inserted.verdicts.iter().filter(|(_, verdict)| *verdict == Verdict::Valid);
        let valid: Vec<Id> = valid.map(|(id, _)| *id).collect();
        for (id, verdict) in inserted.verdicts {
            turn.event(Event::VerdictGiven { id, verdict });
        }
        valid.iter().for_each(|id| self.carry_out(turn, id));
        if let Some(motion) = motion_of(record) {
            self.teller_must_look();
            if self.verdict(&id) == Some(&Verdict::Valid) {
                turn.event(Event::MotionChanged { motion });
            }
            self.note_arrival(record, motion);
        }
        if changes_standing(&kind) || others_changed {
            self.retries.strangers = true;
            self.recount.cut_may_have_moved();
            self.sync.offers_may_be_known = true;
            self.teller_must_look();
        }
        if !self.room.is_empty() {
            self.retries.ids.extend(self.room.followers(&id));
            self.retries.ids.extend(record.header().cited().filter(|cited| self.room.contains(cited)));
        }
        if let Some(peer) = peer {
            self.holding.learn(turn, id, peer);
            self.watch_own_keys(turn, record);
        }
        self.writing.forget_lease(&author);
        self.take_attachments(turn, &item);
        turn.store(item.into_record());
        Admission::Held
    }

    /// A record that is held came again: if its stored bytes are damaged, these take their place.
    fn mend(&mut self, turn: &mut Turn<'_>, item: Item) -> Admission {
        let place = Place { seq: item.record().header().seq, id: item.record().id() };
        if self.damaged.remove(&(item.record().author(), place)) {
            turn.store(item.into_record());
            Admission::Mended
        } else {
            self.take_attachments(turn, &item);
            Admission::Present
        }
    }

    /// A stored record turned out to be damaged: it is fetched again from whoever has it.
    pub(crate) fn report_damage(&mut self, turn: &mut Turn<'_>, author: PublicKey, place: Place) {
        const DAMAGED: usize = 4_096;
        if self.damaged.len() < DAMAGED && self.damaged.insert((author, place)) {
            turn.output(Output::Event(Event::Damaged { author, place }));
        }
    }

    pub(crate) fn verdict(&self, id: &Id) -> Option<&Verdict> {
        self.ledger.as_ref().and_then(|ledger| ledger.registry().verdict(id))
    }
}

/// The motion that a record is about.
fn motion_of(record: &Record) -> Option<Id> {
    match record.header().kind.parse().ok()? {
        Kind::Motion => Some(record.id()),
        Kind::Ballot | Kind::Closing | Kind::Return => record.header().cites.first()?.first().copied(),
        _ => None,
    }
}

/// Whether a record of this kind may change whose logs are kept and who may read.
fn changes_standing(kind: &str) -> bool {
    let kind = kind.parse::<Kind>();
    kind.is_ok_and(|kind| {
        matches!(
            kind,
            Kind::Inception | Kind::Rotate | Kind::Grant | Kind::Sponsor | Kind::Sign | Kind::Return
        )
    })
}
