//! Records that people signed at this node. Nothing is stored that would be without effect: whoever
//! signed it learns the rule that it breaks instead.

use cohub_record::{Id, Log, Record, Scope};
use cohub_registry::{Registry, Verdict};

use crate::admission::Admission;
use crate::keeping::{Judgement, judge};
use crate::output::Answer;
use crate::turn::Turn;
use crate::wire::Item;
use crate::writing::not_kept;
use crate::{Output, Replica, ReplicaError, Ticket};

impl Replica {
    /// Takes records in order, up to the first that is refused.
    pub(crate) fn submit(&mut self, turn: &mut Turn<'_>, ticket: Ticket, items: Vec<Item>) {
        let mut ids = Vec::new();
        let mut refused = None;
        for item in items {
            let (id, author) = (item.record().id(), item.record().author());
            match self.submit_one(turn, item) {
                Ok(()) => ids.push(id),
                Err(error) => {
                    // Its writer is told, and begins anew: nobody has the place now.
                    self.writing.forget_lease(&author);
                    refused = Some(error);
                    break;
                }
            }
        }
        let result = match (refused, ids.is_empty()) {
            (Some(error), true) => Err(error),
            (refused, _) => Ok(Answer::Stored { ids, refused }),
        };
        turn.acknowledge(ticket, result);
    }

    fn submit_one(&mut self, turn: &mut Turn<'_>, item: Item) -> Result<(), ReplicaError> {
        let record = item.record();
        let ledger = self.ledger.as_ref().ok_or(ReplicaError::NoNetwork)?;
        let registry = ledger.registry();
        if registry.place(&record.id()).is_some() {
            // Handing in twice is harmless: a caller that was cut off does not know.
            return Ok(());
        }
        check(registry, record)?;
        if self.is_teller(&record.author()) {
            return Err(ReplicaError::NodesOwn(record.author()));
        }
        self.may_write(&record.author())?;
        check_place(registry, record)?;
        match judge(registry, record) {
            Judgement::Kept => {}
            other => return Err(not_kept(record.author(), other)),
        }
        check_verdict(registry, record)?;
        self.originate(turn, item);
        Ok(())
    }

    /// Holds a record that was written here, and spreads it.
    pub(crate) fn originate(&mut self, turn: &mut Turn<'_>, item: Item) -> Admission {
        let id = item.record().id();
        let admission = self.admit(turn, item.clone(), None);
        if admission == Admission::Held {
            self.holding.watch(id, turn.now_ms);
            turn.output(Output::Publish { item: for_everybody(item) });
        }
        admission
    }
}

/// Everybody who listens hears gossip, so only public attachments travel with it. Members ask for others.
pub(crate) fn for_everybody(item: Item) -> Item {
    let descriptors = item.record().header().attachments.clone();
    let public = |hash: &_| descriptors.iter().any(|d| d.hash == *hash && d.scope == Scope::Public);
    item.with_attachments(public)
}

fn check(registry: &Registry, record: &Record) -> Result<(), ReplicaError> {
    if record.header().network == Some(registry.network()) {
        return Ok(());
    }
    Err(ReplicaError::WrongNetwork(registry.network().to_network_text()))
}

/// The record must be the next of its log.
fn check_place(registry: &Registry, record: &Record) -> Result<(), ReplicaError> {
    let (key, seq) = (record.author(), record.header().seq);
    let latest = registry.log(&key).and_then(Log::latest);
    let next = latest.map_or(0, |latest| latest.seq + 1);
    let held = registry.log(&key).and_then(|log| log.at(seq).next());
    match held {
        Some(held) => Err(ReplicaError::Used { key, seq, held }),
        None if seq != next || record.header().prev != latest.map(|latest| latest.id) => {
            Err(ReplicaError::Skips { key, next })
        }
        None => Ok(()),
    }
}

fn check_verdict(registry: &Registry, record: &Record) -> Result<(), ReplicaError> {
    match registry.check(record) {
        Verdict::Valid => Ok(()),
        Verdict::Void(void) => Err(ReplicaError::Void { rule: void.rule(), why: void.why }),
        Verdict::Pending => {
            let undecided =
                |id: &&Id| registry.verdict(id).is_none_or(|verdict| *verdict == Verdict::Pending);
            Err(ReplicaError::Pending {
                missing: record.header().cited().filter(undecided).copied().collect(),
            })
        }
    }
}
