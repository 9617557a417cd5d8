//! Claims: hubs that are in the network when it is founded and have no keys yet. Each takes up its claim with keys of
//! its own, by an application that names it and that only the last stage decides (Protocol 4.1).

use std::collections::BTreeSet;

use cohub_record::Slug;

use crate::founding::{Founding, Profile};
use crate::graph::{Graph, Index};
use crate::identity::Hub;
use crate::past::{Past, content};
use crate::view::{ApplicationView, Degrees, HubView};
use crate::{Registry, Void};

/// The status of a hub whose claim nobody has taken up.
const INVITED: &str = "invited";

impl Founding {
    /// The claim with that slug.
    #[must_use]
    pub fn claim(&self, slug: &Slug) -> Option<&Profile> {
        self.claims.iter().find(|claim| claim.slug == *slug)
    }
}

/// The claims of a founding record are of hubs that can be told apart.
pub(crate) fn judge(past: &Past<'_>, founding: &Founding) -> Result<(), Void> {
    let founders = founding.founders.iter().map(|founder| &founder.profile.slug);
    let mut slugs: BTreeSet<&Slug> = founders.collect();
    for claim in founding.claims.iter() {
        let slug = &claim.slug;
        if let Some(fault) = claim.fault() {
            return Err(past.void(8, format!("the claim {slug}: {fault}")));
        }
        if !slugs.insert(slug) {
            return Err(past.void(8, format!("the claim {slug} is a founder's, or stands twice")));
        }
    }
    Ok(())
}

/// Protocol 4.1: an application names a claim of the founding record, and is of a hub with that slug.
pub(crate) fn judge_taking_up(past: &Past<'_>, controller: Index, claim: Option<&Slug>) -> Result<(), Void> {
    let Some(slug) = claim else { return Ok(()) };
    let inception = past.graph.inception_of(controller).map(|(_, entry)| entry);
    let founding = inception.and_then(|entry| past.graph.get(entry.cite(0)?));
    let founding = founding.and_then(|entry| content!(entry, Founding));
    let known = founding.is_some_and(|founding| founding.claim(slug).is_some());
    if !known {
        return Err(past.void(3, format!("the founding record has no claim {slug}")));
    }
    let own = inception.and_then(|entry| content!(entry, Inception)).map(|fact| &fact.profile.slug);
    let fits = own == Some(slug);
    past.require(3, fits, &format!("its hub has another slug than the claim {slug} that it takes up"))
}

/// The claim that an application takes up.
pub(crate) fn claim_of(graph: &Graph, application: Index) -> Option<&Slug> {
    graph.get(application).and_then(|entry| content!(entry, Application))?.claim.as_ref()
}

impl Registry {
    /// The other hub that was admitted by the claim of an application: a claim is taken up once.
    pub(crate) fn taken_up_by_another(&self, application: Index) -> Option<Hub> {
        let claim = claim_of(&self.graph, application)?;
        let own = self.state.hub_of_application(&self.graph, application);
        let others =
            self.state.applications.keys().filter(|other| claim_of(&self.graph, **other) == Some(claim));
        let admitted = others.filter(|other| self.known().admission(**other).is_some());
        let mut hubs = admitted.filter_map(|other| self.state.hub_of_application(&self.graph, *other));
        hubs.find(|hub| Some(*hub) != own)
    }

    /// The claims that no application answers which stands: hubs that are invited.
    pub(crate) fn invited(&self, applications: &[ApplicationView]) -> Vec<HubView> {
        let stands =
            |application: &&ApplicationView| !matches!(application.status.as_str(), "withdrawn" | "rejected");
        let answered: BTreeSet<&str> = applications
            .iter()
            .filter(stands)
            .filter_map(|application| application.claim.as_deref())
            .collect();
        let founded_at = self.graph.index(&self.network()).and_then(|index| self.graph.get(index));
        let view = |claim: &Profile| HubView {
            id: None,
            slug: claim.slug.to_string(),
            name: claim.name.to_string(),
            city: claim.city.to_string(),
            country: claim.country.to_string(),
            lat: Degrees(claim.lat),
            lon: Degrees(claim.lon),
            status: INVITED.to_owned(),
            since: founded_at.map(|entry| entry.at),
            controller: None,
            sponsor: None,
            keys: Vec::new(),
        };
        let claims = self.founding().claims.iter();
        claims.filter(|claim| !answered.contains(claim.slug.as_str())).map(view).collect()
    }
}
