//! What a teller does next, by the registry and its own clock.

use cohub_record::{Id, PublicKey};
use cohub_registry::{Contents, Duty, Enough, Refusal, Registry};

use super::Teller;
use crate::Replica;
use crate::notes::Note;
use crate::turn::Turn;

/// One thing that a teller signs, with which of its keys.
pub(super) struct Act {
    pub(super) key: PublicKey,
    /// The motion that it is about.
    pub(super) motion: Id,
    pub(super) deed: Deed,
}

/// What a teller does about a motion.
pub(super) enum Deed {
    Refuse(Refusal),
    Close,
    Return(Contents),
    HandOver(Contents),
}

impl Replica {
    pub(super) fn next_act(&mut self, turn: &mut Turn<'_>) -> Option<Act> {
        self.erase_what_has_handed_over(turn);
        let (teller, registry) = (&mut self.teller, self.ledger.as_ref()?.registry());
        let now_ms = turn.clock_ms;
        if teller.look {
            for motion in teller.look_again(registry) {
                turn.output(Note::Heads { motion, heads: Vec::new() }.forget());
            }
            teller.next_ms = Some(now_ms);
        }
        if teller.next_ms.is_none_or(|next| next > now_ms) {
            return None;
        }
        teller.freeze(registry, now_ms);
        let mut next_ms = teller.next_watched(now_ms);
        let act = teller
            .next_on_a_motion(registry, now_ms, &mut next_ms)
            .or_else(|| teller.next_handover(turn, &mut next_ms));
        if act.is_none() {
            teller.next_ms = next_ms;
        }
        act
    }
}

impl Teller {
    /// Draws up anew what each key owes. Answers the fallbacks of which a note kept ballots and that are decided.
    fn look_again(&mut self, registry: &Registry) -> Vec<Id> {
        let Self { keys, duties, handovers, given_up, mute, .. } = self;
        let owes = |key: &PublicKey, motion: &Id| !given_up.contains(&(*key, *motion));
        duties.clear();
        handovers.clear();
        for key in keys.keys() {
            let mut owed = registry.duties(key);
            owed.retain(|duty| owes(key, &duty.motion) && registry.certificate(&duty.motion).is_none());
            duties.extend(owed.into_iter().map(|duty| (*key, duty)));
            let due = registry.handover_due(key).filter(|due| owes(key, &due.motion));
            handovers.extend(due.map(|due| (*key, due)));
        }
        mute.clear();
        self.look = false;
        if !std::mem::replace(&mut self.started, true) {
            self.received.extend(self.duties.iter().map(|(_, duty)| duty.motion));
        }
        let before = std::mem::replace(&mut self.watched, registry.fallbacks_to_count());
        let decided: Vec<Id> = before.into_iter().map(|(id, _)| id).filter(|id| !self.watches(id)).collect();
        for motion in &decided {
            self.frozen.remove(motion);
            self.arrivals.remove(motion);
        }
        decided.into_iter().filter(|motion| self.noted.remove(motion)).collect()
    }

    /// When the ballots of the next fallback are fixed.
    fn next_watched(&self, now_ms: u64) -> Option<u64> {
        self.watched.iter().map(|(_, closes_ms)| *closes_ms).filter(|closes_ms| *closes_ms > now_ms).min()
    }

    /// Whatever keeps a key from signing now: no later ballot enters the closings that are due.
    fn freeze(&mut self, registry: &Registry, now_ms: u64) {
        for (_, duty) in self.duties.iter().filter(|(_, duty)| is_to_close(duty, now_ms)) {
            if !self.frozen.contains_key(&duty.motion) {
                let heads = self.choose_heads(&duty.motion, &registry.heads(&duty.motion));
                self.frozen.insert(duty.motion, heads);
            }
        }
        // Protocol 6.9: a person signs later what the node held in time.
        for (motion, _) in self.watched.iter().filter(|(_, closes_ms)| *closes_ms <= now_ms) {
            if !self.frozen.contains_key(motion) {
                let heads = self.choose_heads(motion, &registry.heads(motion));
                self.frozen.insert(*motion, heads);
            }
        }
    }

    fn next_on_a_motion(
        &mut self,
        registry: &Registry,
        now_ms: u64,
        next_ms: &mut Option<u64>,
    ) -> Option<Act> {
        for (key, duty) in &self.duties {
            let act = |deed| Some(Act { key: *key, motion: duty.motion, deed });
            let closes_ms = closes_ms(duty);
            if self.mute.contains(key) {
                // Its ballots are fixed in time all the same.
                if !duty.closed && !duty.refused && closes_ms > now_ms {
                    sooner(next_ms, closes_ms);
                }
                continue;
            }
            let fresh = self.received.insert(duty.motion);
            if !duty.closed && !duty.refused {
                let withdrawn = duty.withdrawn.then_some(Refusal::Withdrawn);
                if let Some(refusal) = withdrawn.or_else(|| fresh.then(|| refusal(duty, now_ms)).flatten()) {
                    self.received.remove(&duty.motion);
                    return act(Deed::Refuse(refusal));
                }
                if is_to_close(duty, now_ms) {
                    return act(Deed::Close);
                }
                sooner(next_ms, closes_ms);
                continue;
            }
            // Protocol 6.5: closings or refusals of all n, or q closings after a further wait of G.
            let closed_ms = self.closed_ms.get(&duty.motion).copied().unwrap_or(closes_ms);
            let waited_ms = closed_ms.saturating_add(duty.timing.grace_ms);
            let enough = if now_ms >= waited_ms { Enough::Quorum } else { Enough::AllTellers };
            if let Some(contents) = registry.returning(&duty.motion, key, enough) {
                return act(Deed::Return(contents));
            }
            if now_ms < waited_ms {
                sooner(next_ms, waited_ms);
            }
        }
        None
    }
}

/// The sooner of what was known and another time.
pub(super) fn sooner(next_ms: &mut Option<u64>, at_ms: u64) {
    *next_ms = Some(next_ms.map_or(at_ms, |next| next.min(at_ms)));
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
