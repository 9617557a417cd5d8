//! How people vote: some early, some late, some twice; most agree, on some motions few do.

use std::collections::BTreeMap;

use cohub_record::{Id, PublicKey};
use cohub_registry::{Choice, Intent, Registry};

use crate::dice::Dice;
use crate::scenario::{GRACE_MS, NOTICE_MS};

/// What somebody wants to say on one motion, and when.
#[derive(Debug, Clone, Copy)]
struct Plan {
    at_ms: u64,
    choice: Choice,
    /// A change of mind.
    then: Option<(u64, Choice)>,
}

/// All that somebody wants to say on motions.
#[derive(Debug, Default)]
pub(crate) struct Ballots {
    plans: BTreeMap<Id, Option<Plan>>,
}

impl Ballots {
    /// The next ballot that is due.
    pub(super) fn due(
        &mut self,
        registry: &Registry,
        key: &PublicKey,
        local_ms: u64,
        dice: &mut Dice,
    ) -> Option<Intent> {
        for (motion, _) in registry.ballots_due(key) {
            let plan = self.plans.entry(motion).or_insert_with(|| plan(registry, &motion, local_ms, dice));
            if let Some(plan) = plan.filter(|plan| plan.at_ms <= local_ms) {
                return Some(Intent::Ballot { motion, choice: plan.choice });
            }
        }
        None
    }

    /// A ballot was refused: not every rule knows every choice.
    pub(super) fn reconsider(&mut self, motion: &Id) {
        if let Some(plan) = self.plans.get_mut(motion) {
            *plan = plan
                .take()
                .filter(|plan| plan.choice != Choice::No)
                .map(|plan| Plan { choice: Choice::No, ..plan });
        }
    }

    /// A ballot was cast.
    pub(super) fn cast(&mut self, motion: &Id, choice: Choice) {
        if let Some(plan) = self.plans.get_mut(motion) {
            let said = plan.filter(|plan| plan.choice == choice);
            *plan = said.and_then(|plan| plan.then).map(|(at_ms, choice)| Plan { at_ms, choice, then: None });
        }
    }
}

fn plan(registry: &Registry, motion: &Id, local_ms: u64, dice: &mut Dice) -> Option<Plan> {
    let deadline_ms = registry.motion(motion)?.deadline;
    // Not everybody votes.
    if dice.chance(50) {
        return None;
    }
    let at_ms = match dice.below(20) {
        // At the last moment, and after it.
        0 => deadline_ms.saturating_sub(dice.below(60_000)),
        1 => deadline_ms + dice.below(GRACE_MS * 2),
        _ => local_ms + dice.below(deadline_ms.saturating_sub(local_ms).min(NOTICE_MS)),
    };
    let mood = motion.as_bytes()[0] % 8;
    let choice = choice(mood, dice);
    let then = dice.chance(150).then(|| (at_ms + dice.below(NOTICE_MS), self::choice(mood, dice)));
    Some(Plan { at_ms, choice, then: then.filter(|(_, other)| *other != choice) })
}

/// A choice in a mood: of eight moods one is hostile, three are divided.
fn choice(mood: u8, dice: &mut Dice) -> Choice {
    let (yes, no) = match mood {
        0 => (200, 600),
        1..=3 => (450, 400),
        _ => (930, 20),
    };
    match dice.below(1_000) {
        draw if draw < yes => Choice::Yes,
        draw if draw < yes + no => Choice::No,
        draw if draw % 5 == 0 => Choice::Block,
        draw if draw % 5 == 1 => Choice::Recuse,
        _ => Choice::Abstain,
    }
}
