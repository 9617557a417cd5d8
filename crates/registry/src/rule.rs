//! Counting rules: what a vote needs, in exact ratios, and what a given vote came to (Protocol 6.2).

mod preset;
mod supposed;
mod words;

use std::fmt;
use std::str::FromStr;

use cohub_record::{BodyError, Slug, positional, words};

pub use preset::Preset;
pub use supposed::{Supposed, WhatItTakes};

positional! {
    /// How a vote is counted.
    #[derive(serde::Serialize)]
    pub struct Rule {
        /// The rule's short name.
        pub slug: Slug,
        /// The least share of the remaining roll that must take part.
        pub quorum: Fraction,
        /// Whether who abstains takes part, as far as the quorum goes.
        pub quorum_counts_abstentions: bool,
        /// The least share of the whole roll that must remain after recusals.
        pub floor: Fraction,
        /// What the yes votes are measured against.
        pub base: Base,
        /// The share of the base that must be yes.
        pub approval: Fraction,
        /// Whether exactly that share is enough; otherwise it must be more.
        pub at_least: bool,
        /// Whether a single block rejects.
        pub consent: bool,
        /// Whether the first ballot counts and the vote closes once every seat has voted (Protocol 6.3).
        pub early_close: bool,
    }
}

positional! {
    /// An exact share. Shown as `2/3`.
    #[derive(Copy)]
    pub struct Fraction {
        /// The parts taken.
        pub numerator: u32,
        /// The parts in all; not 0 in a charter that is possible.
        pub denominator: u32,
    }
}

words! {
    /// What the yes votes are measured against. Recusals are in none of these.
    pub enum Base {
        /// The yes and no votes.
        Cast = "cast",
        /// The yes, no and abstain votes.
        Present = "present",
        /// The remaining roll, whether it voted or not.
        Roll = "roll",
    }
}

words! {
    /// What a vote came to.
    pub enum Outcome {
        /// It has effect.
        Adopted = "adopted",
        /// It was voted on and has no effect.
        Rejected = "rejected",
        /// Too few took part to decide anything.
        Inquorate = "inquorate",
    }
}

positional! {
    /// The counted ballots of one motion, at most one a seat.
    #[derive(Copy, Default, serde::Serialize, serde::Deserialize)]
    pub struct Votes {
        /// In favour.
        pub yes: u32,
        /// Against.
        pub no: u32,
        /// Taking part without a side.
        pub abstain: u32,
        /// Stepping out, for a conflict of interest.
        pub recuse: u32,
        /// Against, and not to be outvoted where the rule is consent. Everywhere else in the count a
        /// block is a no.
        pub block: u32,
    }
}

/// A count beside the least count that is enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Need {
    /// The least count that is enough.
    pub need: u64,
    /// The count.
    pub have: u64,
}

/// A rule applied to votes: the outcome, and how near each requirement was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Decision {
    /// What the vote came to.
    pub outcome: Outcome,
    /// Seats of the roll that are left after recusals.
    pub remaining: u64,
    /// Seats left, and how many must be.
    pub floor: Need,
    /// Seats that took part, and how many must.
    pub quorum: Need,
    /// Yes votes, and how many it takes with this base.
    pub approval: Need,
    /// What the yes votes are measured against, counted.
    pub base: u64,
    /// Blocks, where the rule is consent; otherwise 0.
    pub blocks: u64,
    /// The rule that was applied.
    #[serde(skip)]
    rule: Rule,
}

impl Rule {
    /// Applies the rule to the votes of a roll of so many seats.
    #[must_use]
    pub fn decide(&self, roll: u32, votes: &Votes) -> Decision {
        let Votes { yes, no, abstain, recuse, block } = *votes;
        let [yes, abstain, block] = [yes, abstain, block].map(u64::from);
        let cast = yes + u64::from(no) + block;

        // Protocol 6.2, in its order: recusals leave all bases; ...
        let remaining = u64::from(roll.saturating_sub(recuse));
        let base = match self.base {
            Base::Cast => cast,
            Base::Present => cast + abstain,
            Base::Roll => remaining,
        };
        let taking_part = if self.quorum_counts_abstentions { cast + abstain } else { cast };
        let floor = Need { need: self.floor.at_least(u64::from(roll)), have: remaining };
        let quorum = Need { need: self.quorum.at_least(remaining), have: taking_part };
        let approval = Need { need: self.yes_needed(base), have: yes };
        let blocks = if self.consent { block } else { 0 };

        let outcome = if !floor.met() || base == 0 || !quorum.met() {
            Outcome::Inquorate
        } else if blocks > 0 || !approval.met() {
            Outcome::Rejected
        } else {
            Outcome::Adopted
        };
        Decision { outcome, remaining, floor, quorum, approval, base, blocks, rule: self.clone() }
    }

    /// The least number of yes votes that is enough with such a base.
    #[must_use]
    pub fn yes_needed(&self, base: u64) -> u64 {
        if self.at_least { self.approval.at_least(base) } else { self.approval.more_than(base) }
    }
}

impl Need {
    /// Whether it is enough.
    #[must_use]
    pub const fn met(&self) -> bool {
        self.have >= self.need
    }
}

impl Fraction {
    /// The share `numerator/denominator`.
    #[must_use]
    pub const fn new(numerator: u32, denominator: u32) -> Self {
        Self { numerator, denominator }
    }

    /// The least whole number that is this share of `count` or more. Without a denominator no number is.
    #[must_use]
    pub fn at_least(self, count: u64) -> u64 {
        self.scale(count, u128::div_ceil)
    }

    /// The least whole number that is more than this share of `count`. Without a denominator no number is.
    #[must_use]
    pub fn more_than(self, count: u64) -> u64 {
        self.scale(count, |product, denominator| product / denominator + 1)
    }

    fn scale(self, count: u64, divide: impl Fn(u128, u128) -> u128) -> u64 {
        if self.denominator == 0 {
            return u64::MAX;
        }
        let share = divide(u128::from(self.numerator) * u128::from(count), u128::from(self.denominator));
        u64::try_from(share).unwrap_or(u64::MAX)
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.numerator, self.denominator)
    }
}

impl FromStr for Fraction {
    type Err = BodyError;

    fn from_str(text: &str) -> Result<Self, BodyError> {
        let read = |part: &str| part.trim().parse::<u32>().ok();
        text.split_once('/')
            .and_then(|(numerator, denominator)| Some(Self::new(read(numerator)?, read(denominator)?)))
            .ok_or_else(|| BodyError::new(format!("{text:?} is no fraction: write one like \"2/3\"")))
    }
}

impl serde::Serialize for Fraction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
