//! The registry: a pure function from a set of records to who is in, at which stage, decided by whom.

mod charter;
mod rule;
mod support;

pub use charter::{
    Body, Charter, CharterError, Fault, Impossible, Panel, Review, Sponsorship, Stage, Timing,
    duration_in_words,
};
pub use rule::{Base, Decision, Fraction, Need, Outcome, Preset, Rule, Votes};
pub use support::counted_ballot;
