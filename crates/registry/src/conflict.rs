//! Conflicts of interest in an application: declared by who has one, or found by what the charter says is one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, PublicKey, Slug, words};

use crate::Registry;
use crate::application::{Recommendation, application_of};
use crate::charter::Charter;
use crate::founding::Profile;
use crate::graph::{Entry, Graph, Index};
use crate::identity::Hub;
use crate::motion::group;
use crate::past::content;
use crate::seating::Roll;

words! {
    /// What a charter may call a conflict of interest between somebody and an application.
    pub enum Conflict {
        /// Being of the hub that applies.
        SameHub = "same-hub",
        /// Being of a hub in the country of the hub that applies.
        SameCountry = "same-country",
        /// Being of the hub that sponsors it.
        Sponsor = "sponsor",
        /// Having said `recuse` in a review of it: what takes somebody off a panel then takes the vote, too.
        Declared = "declared",
    }
}

impl Conflict {
    /// Why somebody has one, in words that follow on a name: `... is of the hub that applies`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::SameHub => "is of the hub that applies",
            Self::SameCountry => "is of a hub in the same country",
            Self::Sponsor => "is of the hub that sponsors it",
            Self::Declared => "declared it in a review",
        }
    }
}

/// Protocol 6.13: by which word of a charter people of a hub have a conflict of interest in an application. What
/// somebody declared is no matter of hubs: see [`on_roll`].
pub(crate) fn found(graph: &Graph, charter: &Charter, application: Index, hub: Hub) -> Option<Conflict> {
    let applies = graph.get(application)?;
    let applicant = applies.cite(0)?;
    let holds = |conflict: &Conflict| match conflict {
        Conflict::SameHub => graph.hub_of(applicant) == Some(hub),
        Conflict::SameCountry => {
            let own = profile(graph, applicant, hub).map(|profile| &profile.country);
            let inception = graph.inception_of(applicant).and_then(|(_, entry)| content!(entry, Inception));
            own.is_some() && own == inception.map(|inception| &inception.profile.country)
        }
        Conflict::Sponsor => {
            let sponsor = applies.cite(1).and_then(|index| graph.get(index));
            let by = sponsor.and_then(|sponsor| graph.granted(sponsor.cite(0)?, &sponsor.author));
            by.is_some_and(|(sponsor, _)| sponsor == hub)
        }
        Conflict::Declared => false,
    };
    charter.conflicts.iter().find(|conflict| holds(conflict)).copied()
}

/// What the inception of a hub says of it; of a founder, what the founding record says. `near` is any inception or
/// rotate of the network.
fn profile(graph: &Graph, near: Index, hub: Hub) -> Option<&Profile> {
    match hub {
        Hub::Later(index) => content!(graph.get(index)?, Inception).map(|inception| &inception.profile),
        Hub::Founder(place) => {
            let (_, inception) = graph.inception_of(near)?;
            let founding = content!(graph.get(inception.cite(0)?)?, Founding)?;
            founding.founders.get(usize::from(place)).map(|founder| &founder.profile)
        }
    }
}

/// The conflict of a review's author, found by the hub whose grant the review cites.
pub(crate) fn of_review(graph: &Graph, charter: &Charter, review: &Entry) -> Option<Conflict> {
    let (hub, _) = graph.granted(review.cite(0)?, &review.author)?;
    found(graph, charter, application_of(review)?, hub)
}

/// Protocol 6.13: who on a roll has a conflict of interest in the application that a motion is about, by place.
pub(crate) fn on_roll(
    graph: &Graph,
    charter: &Charter,
    motion: &Entry,
    application: &Id,
    roll: &Roll,
) -> BTreeMap<usize, Conflict> {
    let Some(application) = graph.index(application).filter(|_| !charter.conflicts.is_empty()) else {
        return BTreeMap::new();
    };
    let declared = match charter.conflicts.contains(&Conflict::Declared) {
        true => declared(graph, motion),
        false => BTreeSet::new(),
    };
    let conflict = |(place, voter): (usize, &crate::seating::Voter)| {
        let said = declared.contains(&voter.voting).then_some(Conflict::Declared);
        found(graph, charter, application, voter.hub).or(said).map(|conflict| (place, conflict))
    };
    roll.voters().iter().enumerate().filter_map(conflict).collect()
}

/// Whose latest review for a panel, of those that a motion is bound to, says `recuse`.
fn declared(graph: &Graph, motion: &Entry) -> BTreeSet<PublicKey> {
    let mut latest: BTreeMap<(PublicKey, &Slug), (u64, Reverse<Id>, Recommendation)> = BTreeMap::new();
    let evidence = motion.cites.get(group::EVIDENCE).into_iter().flatten();
    for entry in evidence.filter_map(|index| graph.get(*index)) {
        if let Some(review) = content!(entry, Review) {
            let said = (entry.seq, Reverse(entry.id), review.recommendation);
            let before = latest.entry((entry.author, &review.panel)).or_insert(said);
            *before = said.max(*before);
        }
    }
    let recused = latest.into_iter().filter(|(_, (.., said))| *said == Recommendation::Recuse);
    recused.map(|((author, _), _)| author).collect()
}

impl Registry {
    /// The conflict of interest that the charter in force finds between a key's hub and an application.
    #[must_use]
    pub fn conflict_of(&self, key: &PublicKey, application: &Id) -> Option<Conflict> {
        let application = self.graph.index(application)?;
        let mut hubs = self.standing.hubs_of(key);
        hubs.find_map(|hub| found(&self.graph, &self.state.now.charter, application, hub))
    }
}
