//! Admissions: who signed the decision on an application's last stage (Protocol 5.3), and who is in.

use std::collections::{BTreeMap, BTreeSet};

use crate::credentials::{Signer, signed_admission};
use crate::effect::Change;
use crate::graph::{Entry, Index};
use crate::identity::Hub;
use crate::known::Known;
use crate::motion::is_admission;
use crate::slot::Slot;
use crate::terms::Terms;

/// The signatures under an application's admission.
pub(crate) struct Admission<'a> {
    /// The motion that admitted: of several the least id.
    pub(crate) motion: Index,
    /// The hub's own signature: the first by place.
    pub(crate) hub: Option<&'a Entry>,
    /// Hubs whose seats signed, with the signature: the first by place.
    pub(crate) seats: BTreeMap<Hub, &'a Entry>,
    /// How many seats must.
    pub(crate) needed: u16,
    /// Whether that makes a co-owner.
    pub(crate) complete: bool,
}

impl<'a> Known<'a> {
    pub(crate) const fn terms(self) -> Terms<'a> {
        Terms::of(self.state)
    }

    /// The admission of an application, once its last stage is adopted.
    pub(crate) fn admission(self, application: Index) -> Option<Admission<'a>> {
        let slot = Slot::Application(self.graph.get(application)?.id);
        let admitting = |index: &Index| is_admission(self.terms(), self.graph, *index);
        // The same effect can be adopted twice, and the last stage be extended: whichever of these is signed.
        let history = self.state.history(self.graph, &slot);
        let motions: Vec<Index> = history.into_iter().flatten().filter(admitting).collect();
        let motion = *motions.first()?;
        let needed = self.terms().motion(motion)?.charter.signing_seats;
        let mut admission = Admission { motion, hub: None, seats: BTreeMap::new(), needed, complete: false };
        let signed = motions.iter().filter_map(|motion| self.state.signatures.get(motion));
        let signed = signed.flat_map(|list| self.state.counting(self.graph, list));
        for (_, entry) in signed {
            let first = |before: Option<&'a Entry>| match before {
                Some(before) if before.place() <= entry.place() => before,
                _ => entry,
            };
            match signed_admission(self.terms(), self.graph, entry) {
                Some((_, Signer::Applicant)) => admission.hub = Some(first(admission.hub)),
                Some((_, Signer::Seat(hub))) => {
                    let earliest = first(admission.seats.get(&hub).copied());
                    admission.seats.insert(hub, earliest);
                }
                None => {}
            }
        }
        admission.complete = admission.hub.is_some() && admission.seats.len() >= usize::from(needed);
        Some(admission)
    }

    /// Whether a hub was made a co-owner: a founder, or both sides signed the admission of an application.
    pub(crate) fn was_admitted(self, hub: Hub) -> bool {
        matches!(hub, Hub::Founder(_)) || self.complete_admission(hub).is_some()
    }

    /// The admission that made a hub a co-owner: of several that of the application with the least id.
    pub(crate) fn complete_admission(self, hub: Hub) -> Option<Admission<'a>> {
        let applications = self.state.hubs.get(&hub).map_or(&[][..], |records| &records.applications);
        let mut applications: Vec<_> = self.state.counting(self.graph, applications).collect();
        applications.sort_by_key(|(_, entry)| entry.id);
        let mut admissions = applications.into_iter().filter_map(|(index, _)| self.admission(index));
        admissions.find(|admission| admission.complete)
    }

    /// Whether a hub is a co-owner now, be that suspended: it was admitted and neither left nor was put out.
    pub(crate) fn is_owner(self, hub: Hub) -> bool {
        self.was_admitted(hub) && !self.is_out(hub)
    }

    /// Whether a hub left or was put out.
    pub(crate) fn is_out(self, hub: Hub) -> bool {
        matches!(self.state.standing(self.graph, hub), Some((Change::Expel | Change::Lapse, _)))
            || self.state.left(self.graph, hub).is_some()
    }

    /// Whether a hub is a co-owner in good standing, and so has a vote in the assembly.
    pub(crate) fn is_in_good_standing(self, hub: Hub) -> bool {
        let suspended = || matches!(self.state.standing(self.graph, hub), Some((Change::Suspend, _)));
        self.is_owner(hub) && !suspended()
    }

    /// The co-owners in good standing.
    pub(crate) fn in_good_standing(self) -> BTreeSet<Hub> {
        self.state.hubs.keys().copied().filter(|hub| self.is_in_good_standing(*hub)).collect()
    }
}
