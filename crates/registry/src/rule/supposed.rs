//! What a rule takes where so many are there: asked before anybody votes, answered by the very function that
//! counts motions.

use cohub_record::BodyError;

use super::words::{counted, share_words};
use super::{Base, Decision, Need, Outcome, Rule, Votes};

/// A vote as one imagines it: how many there are, take part, abstain, and step out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Supposed {
    /// Seats of the roll.
    roll: u32,
    /// Seats that say yes, no or abstain.
    present: u32,
    /// Of these, seats that abstain.
    abstain: u32,
    /// Seats that step out, for a conflict of interest.
    recuse: u32,
}

/// What it takes to adopt something in a supposed vote.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WhatItTakes {
    /// Seats left after recusals, and how many must be.
    pub floor: Need,
    /// Seats that take part in the quorum's sense, and how many must.
    pub quorum: Need,
    /// What the yes votes are measured against, counted.
    pub base: u64,
    /// Seats that say yes or no.
    pub sides: u32,
    /// What it comes to if every one of these says yes.
    pub at_best: Outcome,
    /// The least yes votes that are enough; none where not even all of them are.
    pub yes: Option<u32>,
    /// The most that may say no beside these.
    pub no_at_most: Option<u32>,
    /// All this in a sentence.
    pub words: String,
}

impl Supposed {
    /// A vote with a roll of so many, of which so many take part, abstain (of those) and step out.
    ///
    /// # Errors
    /// In words, where the numbers do not go together.
    pub fn new(roll: u32, present: u32, abstain: u32, recuse: u32) -> Result<Self, BodyError> {
        if roll == 0 {
            return Err(BodyError::new("a roll of none decides nothing"));
        }
        if u64::from(present) + u64::from(recuse) > u64::from(roll) {
            let why = format!("{present} present and {recuse} recused are more than the {roll} there are");
            return Err(BodyError::new(why));
        }
        if abstain > present {
            let why = format!("{abstain} abstain, but only {present} are present: who abstains takes part");
            return Err(BodyError::new(why));
        }
        Ok(Self { roll, present, abstain, recuse })
    }

    /// The votes with so many yes among those who take a side.
    fn votes(&self, yes: u32) -> Votes {
        let no = self.sides().saturating_sub(yes);
        Votes { yes, no, abstain: self.abstain, recuse: self.recuse, block: 0 }
    }

    const fn sides(&self) -> u32 {
        self.present.saturating_sub(self.abstain)
    }
}

impl Rule {
    /// What it takes to adopt something in a supposed vote. Counted as motions are: what is answered is the
    /// least number of yes votes with which [`Rule::decide`] adopts.
    #[must_use]
    pub fn what_it_takes(&self, supposed: &Supposed) -> WhatItTakes {
        let sides = supposed.sides();
        let decided = |yes: u32| self.decide(supposed.roll, &supposed.votes(yes));
        let best = decided(sides);
        // With the same seats on a side, base, floor and quorum stay as they are; only the approval moves.
        let least = u32::try_from(best.approval.need).ok();
        let yes = least.filter(|yes| *yes <= sides && decided(*yes).outcome == Outcome::Adopted);
        WhatItTakes {
            floor: best.floor,
            quorum: best.quorum,
            base: best.base,
            sides,
            at_best: best.outcome,
            yes,
            no_at_most: yes.map(|yes| sides - yes),
            words: self.taking_words(supposed, &best, yes),
        }
    }

    fn taking_words(&self, supposed: &Supposed, best: &Decision, yes: Option<u32>) -> String {
        let Supposed { roll, recuse, .. } = *supposed;
        let sides = supposed.sides();
        if !best.floor.met() {
            let (left, share) = (counted(best.remaining, "seat"), share_words(self.floor));
            return format!(
                "nothing can be decided: with {recuse} of {roll} recused, {left} are left, and {share} of the roll \
                 ({}) must be",
                best.floor.need
            );
        }
        if best.base == 0 {
            return "nothing can be decided: nobody takes a side".to_owned();
        }
        if !best.quorum.met() {
            let counting = if self.quorum_counts_abstentions { "" } else { ", who abstains not counted," };
            let missing = match best.quorum.need.saturating_sub(best.quorum.have) {
                1 => "one more has to come".to_owned(),
                more => format!("{more} more have to come"),
            };
            return format!(
                "nothing can be decided: {} of {} take part{counting} and {} must: {missing}",
                best.quorum.have,
                counted(best.remaining, "seat"),
                best.quorum.need,
            );
        }
        let base = match self.base {
            Base::Cast => "yes and no votes",
            Base::Present => "yes, no and abstain votes",
            Base::Roll => "seats that have not recused themselves",
        };
        let unblocked = if self.consent { ", and nobody may block" } else { "" };
        match yes {
            Some(yes) => {
                let no = match sides - yes {
                    0 => "nobody may say no".to_owned(),
                    no => format!("up to {no} may say no"),
                };
                format!("{yes} yes votes of {} {base} adopt; {no}{unblocked}", best.base)
            }
            None => format!(
                "it cannot be adopted: {} yes votes of {} {base} are needed, and only {} a side",
                best.approval.need,
                best.base,
                if sides == 1 { "one takes".to_owned() } else { format!("{sides} take") },
            ),
        }
    }
}

#[cfg(test)]
mod tests;
