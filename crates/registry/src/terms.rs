//! What follows from motions and their past alone, and so may be read by rules: who is in office by which
//! decision, which charter holds, and what was written by a key before it handed over.

use std::sync::Arc;

use cohub_record::Hash;

use crate::Charter;
use crate::graph::Index;
use crate::motion::MotionFacts;
use crate::seating::Seating;
use crate::state::{MotionState, State};

/// A view of the state that shows nothing that could come later than the record under judgement.
#[derive(Clone, Copy)]
pub(crate) struct Terms<'a>(&'a State);

impl<'a> Terms<'a> {
    pub(crate) const fn of(state: &'a State) -> Self {
        Self(state)
    }

    /// What a valid motion pins. Asked only for motions that stand in the past of the record under judgement.
    pub(crate) fn motion(self, motion: Index) -> Option<&'a MotionFacts> {
        self.0.motions.get(&motion).map(|state| &state.facts)
    }

    /// The adopted motions that seat a committee after the one of this version. They may be later than the record
    /// under judgement: who asks counts only those of their returns that stand in its past.
    pub(crate) fn successors(self, base: Option<Hash>) -> impl Iterator<Item = &'a MotionState> {
        self.0.successors(base)
    }

    /// The seating of the first term, which follows from the founding record.
    pub(crate) const fn first(self) -> &'a Arc<Seating> {
        &self.0.first
    }

    /// The founding record's charter.
    pub(crate) const fn charter(self) -> &'a Arc<Charter> {
        &self.0.charter
    }
}
