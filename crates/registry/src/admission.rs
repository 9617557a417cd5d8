//! Admissions: who signed the decision on an application's last stage (Protocol 5.3).

use std::collections::BTreeSet;

use crate::application::Signed;
use crate::graph::{Entry, Index};
use crate::identity::Hub;
use crate::known::Known;
use crate::motion::is_admission;
use crate::past::content;
use crate::slot::Slot;

/// The signatures under an application's admission.
pub(crate) struct Admission<'a> {
    /// The motion that admitted: of several the least id.
    pub(crate) motion: Index,
    /// The hub's own signature: the first by place.
    pub(crate) hub: Option<&'a Entry>,
    /// Seats that signed, by place of seat.
    pub(crate) seats: BTreeSet<usize>,
    /// Whether that makes a co-owner.
    pub(crate) complete: bool,
}

impl<'a> Known<'a> {
    /// The admission of an application, once its last stage is adopted.
    pub(crate) fn admission(self, application: Index) -> Option<Admission<'a>> {
        let slot = Slot::Application(self.graph.get(application)?.id);
        let admitting =
            |index: &Index| self.graph.get(*index).is_some_and(|entry| is_admission(self.graph, entry));
        // The same effect can be adopted twice, and the last stage be extended: whichever of these is signed.
        let history = self.state.history(self.graph, self.seating, &slot);
        let motions: Vec<Index> = history.into_iter().flatten().filter(admitting).collect();
        let motion = *motions.first()?;
        let admissions = || {
            let signed = motions.iter().filter_map(|motion| self.state.signatures.get(motion));
            let signed = signed.flat_map(|list| self.state.counting(self.graph, list));
            signed
                .map(|(_, entry)| entry)
                .filter(|entry| content!(entry, Sign).is_some_and(|sign| sign.subject == Signed::Admission))
        };
        let seats: BTreeSet<usize> =
            admissions().filter_map(|entry| self.seating.seat_of(&entry.author)).collect();
        let hub = admissions()
            .filter(|entry| self.seating.seat_of(&entry.author).is_none())
            .min_by_key(|entry| entry.place());
        let complete = hub.is_some() && seats.len() >= usize::from(self.founding.charter.signing_seats);
        Some(Admission { motion, hub, seats, complete })
    }

    /// Whether a hub is a co-owner: a founder, or both sides signed the admission of an application.
    pub(crate) fn is_owner(self, hub: Hub) -> bool {
        if matches!(hub, Hub::Founder(_)) {
            return true;
        }
        let applications = self.state.hubs.get(&hub).map_or(&[][..], |records| &records.applications);
        self.state
            .counting(self.graph, applications)
            .any(|(index, _)| self.admission(index).is_some_and(|admission| admission.complete))
    }
}
