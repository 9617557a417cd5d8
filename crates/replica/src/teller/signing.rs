//! A teller signs, or says why it cannot.

use cohub_record::{Header, Id, Log, PublicKey, Record};
use cohub_registry::{Contents, Kind, Verdict};

use super::choosing::{Act, Deed};
use crate::Replica;
use crate::admission::Admission;
use crate::notes::Note;
use crate::output::Event;
use crate::turn::Turn;
use crate::wire::Item;

impl Replica {
    /// Signs one record, or puts off whatever its key owes.
    pub(super) fn perform(&mut self, turn: &mut Turn<'_>, act: Act) {
        let Act { key, motion, deed } = act;
        if let Some(why) = self.silenced(&key) {
            return self.stay_silent(turn, key, why);
        }
        let Some(ledger) = &self.ledger else { return };
        let contents = match deed {
            Deed::Refuse(refusal) => ledger.registry().closing(&motion, &[], Some(refusal)),
            Deed::Close => {
                self.teller.closed_ms.insert(motion, turn.clock_ms);
                let heads = self.teller.frozen.get(&motion).cloned().unwrap_or_default();
                ledger.registry().closing(&motion, &heads, None)
            }
            Deed::Return(contents) | Deed::HandOver(contents) => contents,
        };
        let record = self.draw_up(turn, &key, contents);
        // Something that this teller's log builds on was lost. Until it is fetched again no record of it
        // has an effect, so the duty would stay and another record be signed for it, without end.
        if record.as_ref().is_some_and(|record| ledger.registry().check(record) == Verdict::Pending) {
            return self.stay_silent(turn, key, None);
        }
        if !self.publish_duty(turn, motion, record) {
            self.teller.given_up.insert((key, motion));
        }
        self.teller_must_look();
    }

    /// Signs contents in the next place of a key's log.
    fn draw_up(&self, turn: &Turn<'_>, key: &PublicKey, contents: Contents) -> Option<Record> {
        let (secret, ledger) = (self.teller.keys.get(key)?, self.ledger.as_ref()?);
        let latest = ledger.registry().log(key).and_then(Log::latest);
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
        header.sign(secret).ok()
    }

    /// Holds and spreads what was signed. Answers whether that could be done.
    fn publish_duty(&mut self, turn: &mut Turn<'_>, motion: Id, record: Option<Record>) -> bool {
        let (teller, Some(ledger), Some(record)) = (&mut self.teller, &self.ledger, record) else {
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

    /// Whether a teller's key must not sign now, and why, if it never will again.
    #[expect(clippy::option_option, reason = "it may sign, it has to wait, or it may never again and why")]
    fn silenced(&self, public: &PublicKey) -> Option<Option<String>> {
        match self.may_write(public) {
            Err(error) => Some(Some(error.to_string())),
            Ok(()) if self.is_unsettled(public) => Some(None),
            Ok(()) => None,
        }
    }

    /// Puts off what a key owes: until peers have answered, or for good.
    fn stay_silent(&mut self, turn: &mut Turn<'_>, key: PublicKey, why: Option<String>) {
        self.teller.mute.insert(key);
        let Some(why) = why else { return };
        if self.teller.silent.get(&key) != Some(&why) {
            turn.event(Event::TellerSilent { why: why.clone() });
            self.teller.silent.insert(key, why);
        }
    }

    /// The ballots held in time by a key that cannot sign, or for people who sign later, stay fixed, over a restart too.
    pub(super) fn note_frozen(&mut self, turn: &mut Turn<'_>) {
        let teller = &self.teller;
        let waits = |motion: &Id| !teller.mute.is_empty() || teller.watches(motion);
        let waiting: Vec<Id> = teller.frozen.keys().filter(|motion| waits(motion)).copied().collect();
        for motion in &waiting {
            let Some(heads) = self.teller.frozen.get(motion) else { continue };
            let note = Note::Heads { motion: *motion, heads: heads.clone() };
            if note.fits() && self.teller.noted.insert(*motion) {
                turn.output(note.output());
            }
        }
    }
}
