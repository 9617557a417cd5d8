//! What a group of cites proves about hubs: which of them are co-owners, and what they granted to whom.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, PublicKey};

use crate::application::Signed;
use crate::founding::{Founding, Role};
use crate::graph::{Entry, Graph, Index};
use crate::identity::Hub;
use crate::motion::{application_index, decided_by, is_admission, seating_of};
use crate::past::{Past, content};
use crate::terms::Terms;

/// Who signed an admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Signer {
    /// The hub itself.
    Applicant,
    /// A seat of the committee, by its hub.
    Seat(Hub),
}

/// The admission under which a valid signature stands, and who signed it.
pub(crate) fn signed_admission(terms: Terms<'_>, graph: &Graph, entry: &Entry) -> Option<(Index, Signer)> {
    if content!(entry, Sign)?.subject != Signed::Admission {
        return None;
    }
    let motion = decided_by(graph, entry, 0).filter(|motion| is_admission(terms, graph, *motion))?;
    let standing = graph.get(entry.cite(1)?)?;
    if standing.is(crate::Kind::Inception) || standing.is(crate::Kind::Rotate) {
        return Some((motion, Signer::Applicant));
    }
    let (_, seating) = seating_of(terms, graph, entry, 1)?;
    let seat = seating.seats.get(seating.seat_of(&entry.author)?)?;
    Some((motion, Signer::Seat(seat.hub)))
}

/// What records prove about hubs.
#[derive(Default)]
pub(crate) struct Credentials<'a> {
    founding: Option<&'a Founding>,
    /// Hubs whose inceptions are there, or under other records that are.
    hubs: BTreeMap<Id, Hub>,
    granted: BTreeSet<(Id, PublicKey, Role)>,
    /// Who signed which hub's admission, and how many seats had to.
    admitted: BTreeMap<Id, (BTreeSet<Signer>, usize)>,
}

impl<'a> Credentials<'a> {
    /// Reads a group of cites.
    pub(crate) fn read(past: &Past<'a>, group: usize) -> Self {
        let mut found = Self::default();
        for (index, entry) in past.group(group) {
            found.enter(past, index, entry);
        }
        found
    }

    fn enter(&mut self, past: &Past<'a>, index: Index, entry: &'a Entry) {
        let graph = past.graph;
        let under = |controller: Option<Index>| graph.inception_of(controller?);
        match entry.content() {
            Some(crate::kind::Fact::Inception(_)) => {
                self.hub(graph, index, entry);
            }
            Some(crate::kind::Fact::Grant(grant)) => {
                if let Some((inception, begun)) = under(entry.cite(0)) {
                    self.hub(graph, inception, begun);
                    self.granted.extend(grant.roles.iter().map(|role| (begun.id, grant.key, *role)));
                }
            }
            Some(crate::kind::Fact::Sign(_)) => {
                let Some((motion, signer)) = signed_admission(past.terms, graph, entry) else { return };
                let application = application_index(graph, motion).and_then(|index| graph.get(index));
                let hub = application.and_then(|application| under(application.cite(0)));
                let Some((inception, begun)) = hub else { return };
                self.hub(graph, inception, begun);
                let needed = past.terms.motion(motion).map_or(0, |facts| facts.charter.signing_seats);
                let (signers, most) = self.admitted.entry(begun.id).or_default();
                signers.insert(signer);
                *most = (*most).max(usize::from(needed));
            }
            _ => {}
        }
    }

    fn hub(&mut self, graph: &'a Graph, inception: Index, begun: &'a Entry) {
        if let Some(hub) = graph.hub_of(inception) {
            self.hubs.insert(begun.id, hub);
        }
        let founding = begun.cite(0).and_then(|index| graph.get(index));
        self.founding = self.founding.or_else(|| founding.and_then(|entry| content!(entry, Founding)));
    }

    /// The hub of that id, if it is known from these records.
    pub(crate) fn known(&self, hub: &Id) -> Option<Hub> {
        self.hubs.get(hub).copied()
    }

    /// The hub of that id, if it is a co-owner: a founder, or admitted and signed by both sides.
    pub(crate) fn owner(&self, hub: &Id) -> Option<Hub> {
        let known = self.known(hub)?;
        let admitted = || {
            self.admitted.get(hub).is_some_and(|(signers, needed)| {
                let seats = signers.iter().filter(|signer| **signer != Signer::Applicant).count();
                signers.contains(&Signer::Applicant) && seats >= *needed
            })
        };
        (matches!(known, Hub::Founder(_)) || admitted()).then_some(known)
    }

    /// Whether a hub granted a role to a key.
    pub(crate) fn granted(&self, hub: &Id, key: &PublicKey, role: Role) -> bool {
        let by_founding = || match (self.known(hub), self.founding) {
            (Some(Hub::Founder(place)), Some(founding)) => founding
                .granted(key)
                .is_some_and(|(granter, roles)| granter == place && roles.contains(&role)),
            _ => false,
        };
        self.granted.contains(&(*hub, *key, role)) || by_founding()
    }
}
