//! Drafts of reviews: open ones, and sealed ones where a stage is blind.

use cohub_record::{Field as _, Hash, Id, List, PublicKey, Slug};

use super::{Drafted, cannot};
use crate::application::{Recommendation, Review, Score};
use crate::duties::Contents;
use crate::founding::Role;
use crate::{Kind, Registry};

impl Registry {
    pub(super) fn draft_review(
        &self,
        author: &PublicKey,
        application: &Id,
        panel: &Slug,
        (recommendation, scores, seal): (Recommendation, List<Score, 32>, Option<Hash>),
    ) -> Drafted<Contents> {
        let conflict = self.conflict_of(author, application);
        if let Some(conflict) = conflict.filter(|_| recommendation != Recommendation::Recuse) {
            return cannot(format!(
                "the charter calls it a conflict of interest that its author {}: such a review is not counted. \
                 `--recommend recuse` says so to everybody",
                conflict.words()
            ));
        }
        let decides = matches!(recommendation, Recommendation::Accept | Recommendation::Decline);
        if recommendation == Recommendation::Sealed && seal.is_none() {
            return cannot(
                "a sealed review is made from what it says: `cohub review add` seals it where the stage is blind",
            );
        }
        if let Some(stage) = self.blind_stage(application).filter(|_| decides) {
            return cannot(format!(
                "the reviews of the stage {stage} are blind: `cohub review add` seals this one, and `cohub review open` opens \
                 it once all are in"
            ));
        }
        let seat = self.appointment_of(author, Some(panel));
        let mut cites = self.dossier_cites(author, Role::Panelist, seat, application)?;
        cites.push(Vec::new());
        let review = Review { panel: panel.clone(), recommendation, scores, seal };
        Ok(Contents { kind: Kind::Review, cites, body: review.to_value() })
    }

    /// The next stage of an application, if its reviews are blind.
    fn blind_stage(&self, application: &Id) -> Option<&Slug> {
        let index = self.graph.index(application)?;
        let reached = self.reached(index).map_or(0, |(place, ..)| place);
        let stage = self.stage_after(index, reached)?;
        self.state.now.charter.blind_ms(&stage.slug).map(|_| &stage.slug)
    }
}
