//! What a certificate proves, in words: a paragraph for people who know nothing of records.

use super::date::date_in_words;
use crate::charter::Body;
use crate::effect::Effect;
use crate::graph::{Entry, Index};
use crate::identity::Hub;
use crate::motion::{Motion, effect, is_admission};
use crate::past::content;
use crate::{EvidenceView, MotionView, Outcome, Registry, RollEntry};

const LIMITS: &str = "Proved is who signed what, and in which order: every signature, every link and every \
                      rule was checked from the founding record on. Not proved is calendar time: dates are \
                      what the signers' clocks said.";

impl Registry {
    /// The paragraph. `roll` holds the counted ballots.
    pub(super) fn explanation(
        &self,
        index: Index,
        outcome: Outcome,
        motion: &MotionView,
        roll: &[RollEntry],
        forks: &[EvidenceView],
    ) -> Option<String> {
        let entry = self.graph.get(index)?;
        let sentences = [
            self.decision_in_words(index, entry, outcome, motion)?,
            self.generation_in_words(index, outcome)?,
            self.vote_in_words(index, motion, roll)?,
            self.tellers_in_words(index, outcome, motion)?,
            self.forks_in_words(forks),
            LIMITS.to_owned(),
            self.admission_in_words(index, outcome)?,
        ];
        let said: Vec<String> = sentences.into_iter().filter(|sentence| !sentence.is_empty()).collect();
        Some(said.join(" "))
    }

    fn decision_in_words(
        &self,
        index: Index,
        entry: &Entry,
        outcome: Outcome,
        motion: &MotionView,
    ) -> Option<String> {
        let date = motion.decided_at.map(|at| format!("On {} ", date_in_words(at))).unwrap_or_default();
        let decided = match outcome {
            Outcome::Adopted => "adopted",
            Outcome::Rejected => "rejected",
            Outcome::Inquorate => "reached no decision (inquorate) on",
        };
        let network = format!("{} ({})", self.founding().name, self.network().to_network_text());
        let question = self.question_in_words(index, content!(entry, Motion)?)?;
        Some(format!(
            "{date}the {} of the network {network} {decided} the motion {}: {question}.",
            motion.body, motion.id
        ))
    }

    /// What the motion asks: which application of which hub is to reach which stage, or what else.
    fn question_in_words(&self, index: Index, motion: &Motion) -> Option<String> {
        let Effect::Advance { application, stage, open_by } = &motion.effect else {
            return Some(self.question(&motion.effect));
        };
        let facts = &self.state.motions.get(&index)?.facts;
        let hub = self.state.hub_of_application(&self.graph, self.graph.index(application)?)?;
        let name = format!("{} ({})", self.hub_name(hub), self.hub_text(hub).unwrap_or_default());
        let title = facts.charter.stage(stage).map(|(_, stage)| stage.title.as_str())?;
        let until = match open_by {
            0 => String::new(),
            at => format!(", open for the next step until {}", date_in_words(*at)),
        };
        let before = facts.after.and_then(|after| effect(&self.graph, after));
        let extends = matches!(before, Some(Effect::Advance { stage: reached, .. }) if reached == stage);
        let verb = if extends { "keeps" } else { "reaches" };
        Some(format!("the application {application} of {name} {verb} the stage {title:?}{until}"))
    }

    /// Protocol 6.9: that this is a fallback, or what generation it was decided in where a fallback began that.
    fn generation_in_words(&self, index: Index, outcome: Outcome) -> Option<String> {
        let facts = &self.state.motions.get(&index)?.facts;
        let number = facts.generation.number;
        let began = facts.generation.begun_by.map(|(motion, _)| self.graph.id(motion));
        Some(match began {
            _ if facts.is_fallback() => {
                let from = match facts.seated_by {
                    Some(motion) => format!("the committee that {} seated", self.graph.id(motion)),
                    None => "the first committee".to_owned(),
                };
                let begins = match outcome {
                    Outcome::Adopted => format!(
                        " It begins generation {}: what was decided before it and is not listed has no effect any more.",
                        number + 1
                    ),
                    _ => String::new(),
                };
                format!("It is a fallback from {from}: those decide who elected it.{begins}")
            }
            Some(motion) => {
                format!("It was decided in generation {number}, which the fallback {motion} began.")
            }
            None => String::new(),
        })
    }

    fn vote_in_words(&self, index: Index, motion: &MotionView, roll: &[RollEntry]) -> Option<String> {
        let voters = self.state.motions.get(&index)?.facts.roll.voters();
        let names = voters.iter().map(|voter| self.hub_name(voter.hub));
        let votes = names.zip(roll).map(|(name, entry)| match entry.choice {
            Some(choice) => match entry.conflict {
                Some(conflict) => format!("{name} {choice} (it {})", conflict.words()),
                None => format!("{name} {choice}"),
            },
            None => format!("{name} none"),
        });
        let votes = votes.collect::<Vec<_>>().join(", ");
        let (have, need) = (motion.tally.quorum.have, motion.tally.quorum.need);
        let by = if motion.body == Body::Committee { "seat" } else { "hub" };
        Some(format!(
            "The rule: {} The votes by {by}: {votes}. The count: {}; {have} took part and {need} had to.",
            motion.rule, motion.tally.words
        ))
    }

    fn tellers_in_words(&self, index: Index, outcome: Outcome, motion: &MotionView) -> Option<String> {
        let seating = &self.state.motions.get(&index)?.facts.seating;
        let returned = motion.tellers.iter().filter(|teller| teller.returned == Some(outcome)).count();
        let (all, needed, tolerated) = (seating.seats.len(), seating.quorum(), seating.tolerated());
        let fallback = self.state.motions.get(&index)?.facts.is_fallback();
        let liars = match tolerated {
            0 => "with so few of them every one has to be honest".to_owned(),
            some => format!("even if {some} of the {all} had lied, the outcome would stand"),
        };
        if fallback {
            return Some(format!(
                "The tellers are the representatives on this roll, who collected the ballots until the deadline and then \
                 counted them: {returned} of {all} returned this outcome, {needed} had to, and {liars}."
            ));
        }
        let whose = if motion.body == Body::Committee { "Each seat's" } else { "Each committee seat's" };
        Some(format!(
            "{whose} node is a teller, which collects ballots until the deadline and then counts them: \
             {returned} of {all} tellers returned this outcome, {needed} had to, and {liars}."
        ))
    }

    /// Protocol 5.3: an adopted last stage is the admission, which both sides then sign.
    fn admission_in_words(&self, index: Index, outcome: Outcome) -> Option<String> {
        if outcome != Outcome::Adopted || !is_admission(self.known().terms(), &self.graph, index) {
            return Some(String::new());
        }
        let seats = match self.state.motions.get(&index)?.facts.charter.signing_seats {
            1 => "one seat".to_owned(),
            seats => format!("{seats} seats"),
        };
        Some(format!(
            "This is the admission: the hub is a co-owner once it and {seats} of the committee have signed; \
             signatures are not part of this file."
        ))
    }

    pub(crate) fn hub_name(&self, hub: Hub) -> String {
        self.hub_profile(hub).map(|profile| profile.name.to_string()).unwrap_or_default()
    }

    fn forks_in_words(&self, forks: &[EvidenceView]) -> String {
        let pairs = forks.iter().map(|fork| {
            let [one, other] = &fork.records;
            let hub = self.standing.hub_of(&fork.author).map(|hub| self.hub_name(hub));
            let whose = hub.map(|name| format!("a key of {name}")).unwrap_or_else(|| "a key".to_owned());
            format!("{whose} ({}) signed both {one} and {other}", fork.author)
        });
        match pairs.collect::<Vec<_>>().join(", and ") {
            none if none.is_empty() => none,
            pairs => format!("These records prove that keys signed two things for one place: {pairs}."),
        }
    }
}
