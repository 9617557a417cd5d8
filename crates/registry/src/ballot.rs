//! Ballots: one voter's choice on one motion, to be changed until closing (Protocol 6.3).

use cohub_record::{positional, words};

use crate::motion::MotionFacts;
use crate::past::Past;
use crate::{Kind, Void};

words! {
    /// What a voter may choose.
    pub enum Choice {
        /// In favour.
        Yes = "yes",
        /// Against.
        No = "no",
        /// Taking part without a side.
        Abstain = "abstain",
        /// A conflict of interest: leaves every base.
        Recuse = "recuse",
        /// Against, and enough to reject where the rule is consent.
        Block = "block",
    }
}

positional! {
    /// A vote; its reason, if there is one, is an attachment.
    pub struct Ballot {
        /// The choice.
        pub choice: Choice,
    }
}

/// The rules of `ballot`.
pub(crate) fn judge(past: &Past<'_>, ballot: &Ballot, motion: Option<&MotionFacts>) -> Result<(), Void> {
    past.groups(1)?;
    let (_, entry) = past.only(0, 1, "motion")?;
    let motion = motion.filter(|_| entry.is(Kind::Motion)).ok_or_else(|| past.void(1, "cites a motion"))?;
    let place = motion.roll.place_of(&past.entry.author);
    let place = place.ok_or_else(|| past.void(1, "its author is not on the roll"))?;
    past.require(
        2,
        ballot.choice != Choice::Block || motion.rule.consent,
        "this motion's rule knows no block",
    )?;
    // Protocol 6.13
    match motion.conflicts.get(&place).filter(|_| ballot.choice != Choice::Recuse) {
        Some(conflict) => {
            let why =
                format!("its author has a conflict of interest: it {}, and can but recuse", conflict.words());
            Err(past.void(3, why))
        }
        None => Ok(()),
    }
}
