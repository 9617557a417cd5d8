//! What the representatives of a fallback roll sign as its tellers (Protocol 6.9). Their keys belong to people, so no
//! node does it by itself; used by nodes, read by no rule.

use cohub_record::{Id, PublicKey};

use crate::drafts::Undraftable;
use crate::duties::{Contents, Enough};
use crate::graph::Entry;
use crate::state::MotionState;
use crate::{Refusal, Registry};

impl Registry {
    /// The fallbacks that are not decided, each with the time from which on it is closed.
    #[must_use]
    pub fn fallbacks_to_count(&self) -> Vec<(Id, u64)> {
        let open = self
            .standing_motions()
            .filter(|(index, state)| state.facts.is_fallback() && self.state.outcome(*index).is_none());
        open.map(|(index, state)| (self.graph.id(index), closes_ms(state))).collect()
    }

    /// What a representative signs next to count a fallback: its closing or refusal, then its return. `heads` are
    /// the ballots that its node held when it was to be closed.
    ///
    /// # Errors
    /// [`Undraftable`] where there is nothing to sign, or not yet, with what it waits for.
    pub fn counting(
        &self,
        motion: &Id,
        teller: &PublicKey,
        heads: &[Id],
        now_ms: u64,
    ) -> Result<Contents, Undraftable> {
        let found = self.graph.index(motion).and_then(|index| Some((index, self.state.motions.get(&index)?)));
        let (index, state) =
            found.ok_or_else(|| Undraftable(format!("{motion} is no motion that this node holds")))?;
        let cannot = |why: String| Err(Undraftable(why));
        if !state.facts.is_fallback() {
            return cannot("the nodes of the committee count this motion by themselves".to_owned());
        }
        if state.facts.seating.teller_of(teller).is_none() {
            return cannot(
                "rule closing 1: the key is not on the fallback roll, and does not count".to_owned(),
            );
        }
        if self.state.outcome(index).is_some() {
            return cannot("it is decided: there is nothing left to count".to_owned());
        }
        let needed = state.facts.seating.quorum();
        let own = |list| MotionState::by_teller(&self.graph, list).get(teller).copied();
        if own(&state.returns).is_some() {
            let returned =
                state.returned.values().map(std::collections::BTreeSet::len).max().unwrap_or_default();
            return cannot(format!(
                "you have counted it: {returned} of the {needed} returns are there that it takes"
            ));
        }
        let Some(closed) = own(&state.closings).or_else(|| own(&state.refusals)) else {
            return self.closing_of(motion, state, heads, now_ms);
        };
        let enough = enough(state, closed, now_ms);
        let closed = MotionState::by_teller(&self.graph, &state.closings).len();
        self.returning(motion, teller, enough).ok_or_else(|| {
            let all = state.facts.seating.seats.len();
            Undraftable(format!(
                "you have closed it, as {closed} of {all} have: the votes are counted once all have, or {needed} and \
                 the charter's grace is over"
            ))
        })
    }

    fn closing_of(
        &self,
        motion: &Id,
        state: &MotionState,
        heads: &[Id],
        now_ms: u64,
    ) -> Result<Contents, Undraftable> {
        // Protocol 6.9: who holds a newer committee refuses.
        let refusal = match () {
            () if !state.withdrawals.is_empty() => Some(Refusal::Withdrawn),
            () if self.is_out_of_date(state) => Some(Refusal::Superseded),
            () => None,
        };
        let closes_ms = closes_ms(state);
        if refusal.is_none() && now_ms < closes_ms {
            return Err(Undraftable(format!(
                "it is closed after its deadline and the charter's grace: count it in {} seconds",
                (closes_ms - now_ms).div_ceil(1_000)
            )));
        }
        Ok(self.closing(motion, heads, refusal))
    }
}

/// D+G.
fn closes_ms(state: &MotionState) -> u64 {
    state.facts.deadline.saturating_add(state.facts.charter.timing.grace_ms)
}

/// Protocol 6.5: q closings suffice after a further wait of G.
fn enough(state: &MotionState, closed: &Entry, now_ms: u64) -> Enough {
    if now_ms >= closed.at.saturating_add(state.facts.charter.timing.grace_ms) {
        Enough::Quorum
    } else {
        Enough::AllTellers
    }
}
