//! Motions as the registry shows them: question, rule, roll call, tellers, and how the count stands.

use std::collections::BTreeMap;

use cohub_record::{Id, PublicKey};
use serde::Serialize;

use crate::ballot::Choice;
use crate::charter::Body;
use crate::conflict::Conflict;
use crate::effect::Effect;
use crate::graph::{Entry, Index};
use crate::past::content;
use crate::slot::Slot;
use crate::state::MotionState;
use crate::tellers::{Return, counted, votes};
use crate::{Decision, Need, Outcome, Registry, Votes};

/// One motion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MotionView {
    /// Its record.
    pub id: Id,
    /// `advance`, `resolve`, `appoint`, `amend`, `standing`, `seat` or `recover`.
    pub kind: &'static str,
    /// What it is about: an application, a hub, a panel, a resolution's hash, or what there is one of.
    pub subject: String,
    /// What becomes true if it is adopted, in words.
    pub question: String,
    /// The exact effect.
    pub effect: Effect,
    /// Who decides.
    pub body: Body,
    /// In which generation it is decided. A fallback begins the next.
    pub generation: u32,
    /// Whether it is a fallback, which its roll counts.
    pub fallback: bool,
    /// Whether it was decided in a generation that is over and a fallback left it out: it has no effect any more.
    pub fallen: bool,
    /// The record of the charter that it runs under.
    pub charter: Id,
    /// The stage that it asks for, where it does.
    pub stage: Option<String>,
    /// The hub that it is about, where it is about one.
    pub hub: Option<String>,
    /// `undecided`, `withdrawn`, `adopted`, `rejected`, `inquorate`, `unresolved` or `disputed`. Who knows the
    /// time says `open` or `closing` for `undecided`: see [`MotionView::state_at`].
    pub state: String,
    /// Whether q tellers returned the outcome.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// The rule, in by-law words.
    pub rule: String,
    /// Until when ballots are taken, in milliseconds since the Unix epoch.
    pub deadline: u64,
    /// When it was opened, by the mover's clock.
    pub at: u64,
    /// The key that moved it.
    pub mover: PublicKey,
    /// The mover's hub.
    pub mover_hub: Option<String>,
    /// What it is bound to.
    pub evidence: Vec<Id>,
    /// Documents, reviews or interviews that came after it was opened.
    pub changed_since: Vec<Id>,
    /// Seat by seat.
    pub roll: Vec<RollEntry>,
    /// The count: of the certificate once final, provisional before.
    pub tally: TallyView,
    /// Tellers by seat.
    pub tellers: Vec<TellerEntry>,
    /// How many of them make an outcome final.
    pub tellers_needed: usize,
    /// When it was decided: the lower median of its returns' dates.
    pub decided_at: Option<u64>,
}

/// One seat's vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RollEntry {
    /// The hub's slug.
    pub seat: String,
    /// Its choice, if it voted. Who has a conflict of interest has recused, with a ballot or without.
    pub choice: Option<Choice>,
    /// The conflict of interest that the charter finds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Conflict>,
    /// When, by the voter's clock.
    pub at: Option<u64>,
    /// The ballot.
    pub record: Option<Id>,
    /// Its other ballots, by place: earlier ones, and those that no count has room for any more.
    pub superseded: Vec<Id>,
}

/// The count, and how near it is to what the rule asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TallyView {
    /// In favour.
    pub yes: u32,
    /// Against.
    pub no: u32,
    /// Taking part without a side.
    pub abstain: u32,
    /// Out, for a conflict of interest.
    pub recuse: u32,
    /// Blocks, under consent.
    pub block: u32,
    /// Taking part, and how many must.
    pub quorum: Need,
    /// Yes, and how many it takes.
    pub approval: Need,
    /// The gap in words.
    pub words: String,
}

/// One teller's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TellerEntry {
    /// The hub's slug.
    pub seat: String,
    /// The teller's key.
    pub key: PublicKey,
    /// Its closing.
    pub closed: Option<Id>,
    /// The outcome that it returned.
    pub returned: Option<Outcome>,
    /// Why it refused, if it did.
    pub refused: Option<crate::Refusal>,
}

impl MotionView {
    /// The state as one says it at a time: `open` until the deadline, `closing` from then on.
    #[must_use]
    pub fn state_at(&self, now_ms: u64) -> &str {
        match self.state.as_str() {
            "undecided" if now_ms < self.deadline => "open",
            "undecided" => "closing",
            decided => decided,
        }
    }
}

impl Registry {
    /// One motion.
    #[must_use]
    pub fn motion(&self, id: &Id) -> Option<MotionView> {
        let index = self.graph.index(id)?;
        self.motion_view(index, self.state.motions.get(&index)?)
    }

    pub(super) fn motion_views(&self) -> Vec<MotionView> {
        let mut views: Vec<_> =
            self.standing_motions().filter_map(|(index, state)| self.motion_view(index, state)).collect();
        views.sort_by_key(|view| (view.deadline, view.id));
        views
    }

    fn motion_view(&self, index: Index, state: &MotionState) -> Option<MotionView> {
        let entry = self.graph.get(index)?;
        let motion = content!(entry, Motion)?;
        let outcome = self.state.outcome(index);
        let (returned, closings) = self.shown_count(state, outcome);
        let roll = self.roll(state, closings.as_deref());
        let shown = returned.unwrap_or_else(|| votes(roll.iter().filter_map(|entry| entry.choice)));
        let decision = state.facts.rule.decide(state.facts.roll.size(), &shown);
        let evidence: Vec<Id> =
            entry.cites.get(5).into_iter().flatten().map(|index| self.graph.id(*index)).collect();
        // The vote is bound to the dossier as it was; of other evidence there is none that could change.
        let current = match &motion.effect {
            Effect::Advance { application, .. } => self.evidence_for(application).unwrap_or_default(),
            _ => Vec::new(),
        };
        let stage = match &motion.effect {
            Effect::Advance { stage, .. } => Some(stage.to_string()),
            _ => None,
        };
        Some(MotionView {
            id: entry.id,
            kind: motion.effect.kind(),
            subject: self.subject(&state.facts.slot),
            question: self.question_on(&motion.effect, entry),
            effect: motion.effect.clone(),
            body: state.facts.body,
            generation: state.facts.generation.number,
            fallback: state.facts.is_fallback(),
            fallen: self.has_fallen(state, outcome),
            charter: state.facts.chartered_by.map_or_else(|| self.network(), |motion| self.graph.id(motion)),
            stage,
            hub: self.hub_concerned(&motion.effect),
            state: self.motion_state(index, state, outcome).to_owned(),
            is_final: outcome.is_some(),
            rule: state.facts.rule.words(),
            deadline: motion.deadline,
            at: entry.at,
            mover: entry.author,
            mover_hub: self.standing.hub_of(&entry.author).and_then(|hub| self.hub_text(hub)),
            changed_since: current.into_iter().filter(|id| !evidence.contains(id)).collect(),
            evidence,
            tally: TallyView::of(&shown, &decision),
            roll,
            tellers: self.teller_entries(state),
            tellers_needed: state.facts.seating.quorum(),
            decided_at: outcome.and_then(|_| self.date_of_motion(index)),
        })
    }

    /// Whether a fallback left out what was or would be decided. Who sat on the committee before is no such thing.
    fn has_fallen(&self, state: &MotionState, outcome: Option<Outcome>) -> bool {
        let refused = matches!(outcome, Some(Outcome::Rejected | Outcome::Inquorate));
        !refused && state.facts.slot != Slot::Committee && !self.state.is_kept(&state.facts)
    }

    /// Each seat's ballot that these closings count. Without closings its latest, or its first where the
    /// rule closes early; of rivals the least id.
    fn roll(&self, state: &MotionState, closings: Option<&[&Entry]>) -> Vec<RollEntry> {
        let counted = closings.map(|closings| counted(&self.graph, state, closings));
        let entry = |(place, seat): (usize, &crate::seating::Voter)| {
            let mut ballots = state.ballots.get(&place).map_or_else(Vec::new, |of| of.choices().to_vec());
            ballots.sort_by_key(|(place, _)| (place.seq, std::cmp::Reverse(place.id)));
            let counts = if state.facts.rule.early_close { ballots.first() } else { ballots.last() };
            let shown = match &counted {
                Some(counted) => counted.get(&place).map(|(place, choice)| (place.id, *choice)),
                None => counts.map(|(place, choice)| (place.id, *choice)),
            };
            let conflict = state.facts.conflicts.get(&place).copied();
            RollEntry {
                seat: self.hub_slug(seat.hub),
                choice: conflict.map(|_| Choice::Recuse).or(shown.map(|(_, choice)| choice)),
                conflict,
                at: shown.and_then(|(id, _)| self.entry(&id)).map(|entry| entry.at),
                record: shown.map(|(id, _)| id),
                superseded: ballots
                    .iter()
                    .map(|(place, _)| place.id)
                    .filter(|id| shown.map(|(s, _)| s) != Some(*id))
                    .collect(),
            }
        };
        state.facts.roll.voters().iter().enumerate().map(entry).collect()
    }

    /// Protocol 6.6: of a final motion the tally that most tellers returned, then the least, with the
    /// closings that it was counted from: those that a return with this tally cites, of several such
    /// returns the one with the least id. Before that the closings that are held, once they are q.
    fn shown_count(
        &self,
        state: &MotionState,
        outcome: Option<Outcome>,
    ) -> (Option<Votes>, Option<Vec<&Entry>>) {
        if let Some(outcome) = outcome {
            let returns = MotionState::by_teller(&self.graph, &state.returns);
            let fitting =
                returns.values().filter_map(|entry| content!(entry, Return)).filter(|r| r.outcome == outcome);
            let mut tallies: BTreeMap<[u32; 5], (usize, Votes)> = BTreeMap::new();
            for returned in fitting {
                let Votes { yes, no, abstain, recuse, block } = returned.tally;
                tallies.entry([yes, no, abstain, recuse, block]).or_insert((0, returned.tally)).0 += 1;
            }
            let most = tallies.iter().max_by_key(|(votes, (count, _))| (*count, std::cmp::Reverse(**votes)));
            if let Some((_, (_, votes))) = most {
                let shown = Return { outcome, tally: *votes };
                let returns = state.returns.iter().filter_map(|index| self.graph.get(*index));
                let returns = returns.filter(|entry| content!(entry, Return) == Some(&shown));
                let cited = returns.min_by_key(|entry| entry.id).and_then(|entry| entry.cites.get(1));
                let closings = cited.into_iter().flatten().filter_map(|index| self.graph.get(*index));
                return (Some(*votes), Some(closings.collect()));
            }
        }
        let closings: Vec<_> = MotionState::by_teller(&self.graph, &state.closings).into_values().collect();
        (None, (closings.len() >= state.facts.seating.quorum()).then_some(closings))
    }

    /// Protocol 6.6 and 6.10, without a clock.
    fn motion_state(&self, index: Index, state: &MotionState, outcome: Option<Outcome>) -> &'static str {
        if self.is_disputed(index) {
            return "disputed";
        }
        if let Some(outcome) = outcome {
            return outcome.as_str();
        }
        let seating = &state.facts.seating;
        let (n, q, f) = (seating.seats.len(), seating.quorum(), seating.tolerated());
        // Protocol 6.6: who handed over returns nothing any more.
        let returns = MotionState::by_teller(&self.graph, &state.returns);
        let silent =
            seating.seats.iter().map(|seat| &seat.teller).filter(|teller| {
                !returns.contains_key(*teller) && !self.state.handovers.contains_key(*teller)
            });
        let silent = silent.count();
        let hopeless = Outcome::ALL.iter().all(|outcome| {
            let returned = state.returned.get(outcome).map_or(0, std::collections::BTreeSet::len);
            returned + silent + f < q
        });
        let refusals = MotionState::by_teller(&self.graph, &state.refusals).len();
        match () {
            () if !state.withdrawals.is_empty() => "withdrawn",
            () if hopeless || refusals > n - q + f => "unresolved",
            () => "undecided",
        }
    }

    fn teller_entries(&self, state: &MotionState) -> Vec<TellerEntry> {
        let closings = MotionState::by_teller(&self.graph, &state.closings);
        let refusals = MotionState::by_teller(&self.graph, &state.refusals);
        let returns = MotionState::by_teller(&self.graph, &state.returns);
        let entry = |seat: &crate::seating::Seat| TellerEntry {
            seat: self.hub_slug(seat.hub),
            key: seat.teller,
            closed: closings.get(&seat.teller).map(|entry| entry.id),
            returned: returns
                .get(&seat.teller)
                .and_then(|entry| content!(entry, Return))
                .map(|returned| returned.outcome),
            refused: refusals
                .get(&seat.teller)
                .and_then(|entry| content!(entry, Closing))
                .and_then(|closing| closing.refusal),
        };
        state.facts.seating.seats.iter().map(entry).collect()
    }
}

impl TallyView {
    fn of(votes: &Votes, decision: &Decision) -> Self {
        Self {
            yes: votes.yes,
            no: votes.no,
            abstain: votes.abstain,
            recuse: votes.recuse,
            block: votes.block,
            quorum: decision.quorum,
            approval: decision.approval,
            words: decision.words(),
        }
    }
}
