//! A teller's duties, done by the node itself (Protocol 6.4, 6.5): it closes or refuses each motion once,
//! and returns each once.
//!
//! **Invariant**: duties that are due come before whatever arrives at the same time, so that a ballot
//! that arrives after D+G enters no closing of this node.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Header, Id, Log, PublicKey, Record, SecretKey};
use cohub_registry::{Contents, Duty, Enough, Kind, Refusal, Verdict};

use crate::Replica;
use crate::admission::Admission;
use crate::notes::Note;
use crate::output::Event;
use crate::turn::Turn;
use crate::wire::Item;

/// The teller of this node's hub.
pub(crate) struct Teller {
    secret: SecretKey,
    public: PublicKey,
    duties: Vec<Duty>,
    /// Something changed since the duties were looked at.
    look: bool,
    /// Motions whose receipt was judged.
    received: BTreeSet<Id>,
    /// Whether what was held at the start counts as received.
    started: bool,
    /// The order in which ballots came, by motion: of rivals the first received is a head.
    arrivals: BTreeMap<Id, BTreeMap<Id, u64>>,
    arrived: u64,
    /// Ballots held when their motion was to be closed, until it is.
    frozen: BTreeMap<Id, Vec<Id>>,
    /// Those of them that a note keeps over a restart, since the closing has to wait.
    noted: BTreeSet<Id>,
    /// When this node closed motions before their deadline.
    closed_ms: BTreeMap<Id, u64>,
    /// Motions on which no valid record could be made.
    given_up: BTreeSet<Id>,
    /// When the next duty is due, as far as time alone decides.
    next_ms: Option<u64>,
    /// What it last said of not being able to sign.
    silent: Option<String>,
}

/// What a teller does about a motion.
enum Act {
    Refuse(Id, Refusal),
    Close(Id),
    Return(Id, Contents),
}

impl Teller {
    pub(crate) fn new(secret: SecretKey) -> Self {
        let public = secret.public();
        Self {
            secret,
            public,
            duties: Vec::new(),
            look: true,
            received: BTreeSet::new(),
            started: false,
            arrivals: BTreeMap::new(),
            arrived: 0,
            frozen: BTreeMap::new(),
            noted: BTreeSet::new(),
            closed_ms: BTreeMap::new(),
            given_up: BTreeSet::new(),
            next_ms: None,
            silent: None,
        }
    }

    pub(crate) const fn public(&self) -> PublicKey {
        self.public
    }

    pub(crate) const fn wake_ms(&self) -> Option<u64> {
        self.next_ms
    }

    /// Restores what a note said.
    pub(crate) fn recall_heads(&mut self, motion: Id, heads: Vec<Id>) {
        self.frozen.insert(motion, heads);
        self.noted.insert(motion);
    }

    /// Of the ballots that may be the head of each seat the one that came first.
    fn choose_heads(&self, motion: &Id, candidates: &[Vec<Id>]) -> Vec<Id> {
        let order = self.arrivals.get(motion);
        let arrived = |ballot: &Id| (order.and_then(|order| order.get(ballot)).copied(), *ballot);
        candidates.iter().filter_map(|seat| seat.iter().copied().min_by_key(arrived)).collect()
    }
}

impl Replica {
    /// Something came that may be a duty or change one.
    pub(crate) const fn teller_must_look(&mut self) {
        if let Some(teller) = &mut self.teller {
            teller.look = true;
        }
    }

    /// Remembers the order in which ballots came.
    pub(crate) fn note_arrival(&mut self, record: &Record, motion: Id) {
        if let Some(teller) = &mut self.teller
            && record.header().kind == Kind::Ballot.as_str()
        {
            teller.arrived += 1;
            teller.arrivals.entry(motion).or_default().insert(record.id(), teller.arrived);
        }
    }

    /// Does what is due, one thing after another, since each may make the next one due.
    pub(crate) fn perform_duties(&mut self, turn: &mut Turn<'_>) {
        while let Some(act) = self.next_act(turn) {
            if !self.perform(turn, act) {
                return;
            }
        }
    }

    fn next_act(&mut self, turn: &mut Turn<'_>) -> Option<Act> {
        let (Some(teller), Some(ledger)) = (&mut self.teller, &self.ledger) else { return None };
        let registry = ledger.registry();
        let now_ms = turn.clock_ms;
        if teller.look {
            teller.duties = registry.duties(&teller.public);
            teller.duties.retain(|duty| {
                !teller.given_up.contains(&duty.motion) && registry.certificate(&duty.motion).is_none()
            });
            teller.look = false;
            teller.next_ms = Some(now_ms);
        }
        if !std::mem::replace(&mut teller.started, true) {
            teller.received.extend(teller.duties.iter().map(|duty| duty.motion));
        }
        if teller.next_ms.is_none_or(|next| next > now_ms) {
            return None;
        }
        // Whatever keeps this teller from signing now: no later ballot enters these closings.
        for duty in teller.duties.iter().filter(|duty| is_to_close(duty, now_ms)) {
            if !teller.frozen.contains_key(&duty.motion) {
                let heads = teller.choose_heads(&duty.motion, &registry.heads(&duty.motion));
                teller.frozen.insert(duty.motion, heads);
            }
        }
        let mut next_ms: Option<u64> = None;
        for duty in &teller.duties {
            let fresh = teller.received.insert(duty.motion);
            if !duty.closed && !duty.refused {
                let withdrawn = duty.withdrawn.then_some(Refusal::Withdrawn);
                if let Some(refusal) = withdrawn.or_else(|| fresh.then(|| refusal(duty, now_ms)).flatten()) {
                    teller.received.remove(&duty.motion);
                    return Some(Act::Refuse(duty.motion, refusal));
                }
                if is_to_close(duty, now_ms) {
                    return Some(Act::Close(duty.motion));
                }
                let closes_ms = closes_ms(duty);
                next_ms = Some(next_ms.map_or(closes_ms, |next| next.min(closes_ms)));
                continue;
            }
            // Protocol 6.5: closings or refusals of all n, or q closings after a further wait of G.
            let closed_ms = teller.closed_ms.get(&duty.motion).copied().unwrap_or_else(|| closes_ms(duty));
            let waited_ms = closed_ms.saturating_add(duty.timing.grace_ms);
            let enough = if now_ms >= waited_ms { Enough::Quorum } else { Enough::AllTellers };
            if let Some(contents) = registry.returning(&duty.motion, &teller.public, enough) {
                return Some(Act::Return(duty.motion, contents));
            }
            if now_ms < waited_ms {
                next_ms = Some(next_ms.map_or(waited_ms, |next| next.min(waited_ms)));
            }
        }
        teller.next_ms = next_ms;
        None
    }

    /// Signs one record. Answers whether it was done.
    fn perform(&mut self, turn: &mut Turn<'_>, act: Act) -> bool {
        let Some(public) = self.teller.as_ref().map(Teller::public) else { return false };
        if let Some(why) = self.silenced(&public) {
            self.stay_silent(turn, why);
            return false;
        }
        let (Some(teller), Some(ledger)) = (&mut self.teller, &self.ledger) else { return false };
        if let Act::Close(motion) = &act {
            teller.closed_ms.insert(*motion, turn.clock_ms);
        }
        let (motion, contents) = match act {
            Act::Refuse(motion, refusal) => (motion, ledger.registry().closing(&motion, &[], Some(refusal))),
            Act::Close(motion) => {
                let heads = teller.frozen.get(&motion).cloned().unwrap_or_default();
                (motion, ledger.registry().closing(&motion, &heads, None))
            }
            Act::Return(motion, contents) => (motion, contents),
        };
        let record = self.draw_up(turn, contents);
        // Something that this teller's log builds on was lost. Until it is fetched again no record of it
        // has an effect, so the duty would stay and another record be signed for it, without end.
        if record.as_ref().is_some_and(|record| ledger.registry().check(record) == Verdict::Pending) {
            self.stay_silent(turn, None);
            return false;
        }
        if !self.publish_duty(turn, motion, record)
            && let Some(teller) = &mut self.teller
        {
            teller.given_up.insert(motion);
            teller.look = true;
        }
        true
    }

    /// Signs contents in the next place of the teller's log.
    fn draw_up(&self, turn: &Turn<'_>, contents: Contents) -> Option<Record> {
        let (teller, ledger) = (self.teller.as_ref()?, self.ledger.as_ref()?);
        let latest = ledger.registry().log(&teller.public).and_then(Log::latest);
        let header = Header {
            network: Some(ledger.registry().network()),
            seq: latest.map_or(0, |latest| latest.seq + 1),
            prev: latest.map(|latest| latest.id),
            at: turn.clock_ms,
            kind: contents.kind.as_str().to_owned(),
            cites: contents.cites,
            body: contents.body,
            attachments: Vec::new(),
        };
        header.sign(&teller.secret).ok()
    }

    /// Holds and spreads what was signed. Answers whether that could be done.
    fn publish_duty(&mut self, turn: &mut Turn<'_>, motion: Id, record: Option<Record>) -> bool {
        let (Some(teller), Some(ledger), Some(record)) = (&mut self.teller, &self.ledger, record) else {
            return false;
        };
        if let Verdict::Void(void) = ledger.registry().check(&record) {
            turn.event(Event::TellerSilent { why: void.to_string() });
            return false;
        }
        let (id, kind) = (record.id(), record.header().kind.clone());
        if kind == Kind::Closing.as_str() {
            teller.received.insert(motion);
            teller.arrivals.remove(&motion);
            teller.frozen.remove(&motion);
            if teller.noted.remove(&motion) {
                turn.output(Note::Heads { motion, heads: Vec::new() }.forget());
            }
        } else {
            teller.closed_ms.remove(&motion);
        }
        turn.event(Event::TellerSigned { motion, kind, id });
        self.originate(turn, Item::bare(record)) == Admission::Held
    }

    /// Whether the teller's key must not sign now, and why, if it never will again.
    #[expect(clippy::option_option, reason = "it may sign, it has to wait, or it may never again and why")]
    fn silenced(&self, public: &PublicKey) -> Option<Option<String>> {
        match self.may_write(public) {
            Err(error) => Some(Some(error.to_string())),
            Ok(()) if self.is_unsettled(public) => Some(None),
            Ok(()) => None,
        }
    }

    /// Puts off what is due: until peers have answered, or for good. The ballots held in time stay fixed,
    /// over a restart too.
    fn stay_silent(&mut self, turn: &mut Turn<'_>, why: Option<String>) {
        let Some(teller) = &mut self.teller else { return };
        teller.next_ms = None;
        for (motion, heads) in &teller.frozen {
            let note = Note::Heads { motion: *motion, heads: heads.clone() };
            if note.fits() && teller.noted.insert(*motion) {
                turn.output(note.output());
            }
        }
        if why.is_some() && why != teller.silent {
            turn.event(Event::TellerSilent { why: why.clone().unwrap_or_default() });
            teller.silent = why;
        }
    }
}

/// D+G.
const fn closes_ms(duty: &Duty) -> u64 {
    duty.deadline_ms.saturating_add(duty.timing.grace_ms)
}

/// Protocol 6.4: closed after D+G, or once every seat has voted where the rule closes early.
const fn is_to_close(duty: &Duty, now_ms: u64) -> bool {
    !duty.closed && !duty.refused && (now_ms >= closes_ms(duty) || duty.everyone_voted)
}

/// Protocol 6.4: refused on first receipt is what does not stand on the latest decisions, or came with too
/// little notice, or asks for too long.
fn refusal(duty: &Duty, now_ms: u64) -> Option<Refusal> {
    if duty.superseded {
        Some(Refusal::Superseded)
    } else if duty.deadline_ms < now_ms.saturating_add(duty.timing.notice_ms) {
        Some(Refusal::Notice)
    } else if duty.deadline_ms > now_ms.saturating_add(duty.timing.maximum_ms) {
        Some(Refusal::TooLong)
    } else {
        None
    }
}
