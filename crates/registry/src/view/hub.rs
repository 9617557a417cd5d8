//! Hubs as the registry shows them.

use cohub_record::{Id, PublicKey};
use serde::{Serialize, Serializer};

use crate::effect::{Change, Effect};
use crate::founding::{Profile, Role};
use crate::graph::Index;
use crate::identity::Hub;
use crate::past::content;
use crate::slot::Slot;
use crate::view::ApplicationView;
use crate::{Registry, motion};

/// Degrees of latitude or longitude in 1e-5: an integer in canonical bytes, a decimal number for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Degrees(pub i32);

/// One hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HubView {
    /// `hub1…`; absent for a founder whose inception is not held, and for a hub that is invited.
    pub id: Option<String>,
    /// Its short name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its city.
    pub city: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Latitude.
    pub lat: Degrees,
    /// Longitude.
    pub lon: Degrees,
    /// `founding`, `invited`, `prospect`, `applicant`, a stage's slug, `co-owner`, `suspended`, `left`, `expelled`
    /// or `lapsed`.
    pub status: String,
    /// Since when, in milliseconds since the Unix epoch, by the signatures that made it so.
    pub since: Option<u64>,
    /// The present controller.
    pub controller: Option<PublicKey>,
    /// The id of the hub that sponsored it.
    pub sponsor: Option<String>,
    /// Its other keys.
    pub keys: Vec<KeyView>,
}

/// One key of a hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyView {
    /// The key.
    pub key: PublicKey,
    /// What it may do.
    pub roles: Vec<Role>,
    /// The grant; absent where the founding record grants.
    pub grant: Option<Id>,
}

/// What names a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubBrief {
    /// Its id, once its inception is held.
    pub id: Option<Id>,
    /// Its short name.
    pub slug: String,
    /// Its first controller.
    pub controller: PublicKey,
    /// Its status, as in [`HubView`].
    pub status: String,
}

impl Serialize for Degrees {
    #[expect(clippy::float_arithmetic, reason = "for people only: canonical bytes hold the integer")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_f64(f64::from(self.0) / 1e5)
        } else {
            serializer.serialize_i32(self.0)
        }
    }
}

impl Registry {
    /// All hubs, by slug, then id.
    #[must_use]
    pub fn hubs(&self) -> Vec<HubBrief> {
        let mut hubs: Vec<HubBrief> = self.state.hubs.keys().filter_map(|hub| self.brief(*hub)).collect();
        hubs.sort_by(|one, other| (&one.slug, one.id).cmp(&(&other.slug, other.id)));
        hubs
    }

    /// The hub that a key belongs to: of those with one first controller the first in [`Registry::hubs`].
    #[must_use]
    pub fn hub_with(&self, key: &PublicKey) -> Option<HubBrief> {
        let hubs = self.state.hubs_of_first.get(&self.hub_of(key)?)?;
        let hubs = hubs.iter().filter_map(|hub| self.brief(*hub));
        hubs.min_by(|one, other| (&one.slug, one.id).cmp(&(&other.slug, other.id)))
    }

    fn brief(&self, hub: Hub) -> Option<HubBrief> {
        let (id, slug, status) = (self.hub_id(hub), self.hub_slug(hub), self.hub_status(hub).0);
        Some(HubBrief { id, slug, controller: self.hub_of_first(hub)?, status })
    }

    pub(super) fn hub_views(&self, applications: &[ApplicationView]) -> Vec<HubView> {
        let known = self.state.hubs.keys().filter_map(|hub| self.hub_view(*hub));
        let mut views: Vec<HubView> = known.chain(self.invited(applications)).collect();
        views.sort_by(|one, other| (&one.slug, &one.id).cmp(&(&other.slug, &other.id)));
        views
    }

    fn hub_view(&self, hub: Hub) -> Option<HubView> {
        let profile = self.hub_profile(hub)?;
        let (status, since) = self.hub_status(hub);
        let keys = self.known().keys_of(hub).into_iter().map(|(key, granted)| KeyView {
            key,
            roles: granted.roles.to_vec(),
            grant: granted.grant.map(|(_, entry)| entry.id),
        });
        Some(HubView {
            id: self.hub_text(hub),
            slug: profile.slug.to_string(),
            name: profile.name.to_string(),
            city: profile.city.to_string(),
            country: profile.country.to_string(),
            lat: Degrees(profile.lat),
            lon: Degrees(profile.lon),
            status,
            since,
            controller: self.controller(hub),
            sponsor: self.sponsor(hub),
            keys: keys.collect(),
        })
    }

    pub(crate) fn hub_profile(&self, hub: Hub) -> Option<&Profile> {
        match hub {
            Hub::Founder(place) => {
                self.founding().founders.get(usize::from(place)).map(|founder| &founder.profile)
            }
            Hub::Later(index) => {
                self.graph.get(index).and_then(|entry| content!(entry, Inception)).map(|fact| &fact.profile)
            }
        }
    }

    pub(crate) fn hub_slug(&self, hub: Hub) -> String {
        self.hub_profile(hub).map(|profile| profile.slug.to_string()).unwrap_or_default()
    }

    /// The latest controller: of the longest chain of rotations that stands, then the greatest id.
    fn controller(&self, hub: Hub) -> Option<PublicKey> {
        let decided = self.state.recovered(&self.graph, hub);
        let rotates = self.state.hubs.get(&hub).into_iter().flat_map(|records| &records.rotates);
        let rotates = rotates.flat_map(|(key, rotates)| rotates.iter().map(move |index| (key, index)));
        let latest = rotates.max_by_key(|(_, index)| {
            let rotations = self.state.lineages.get(index).map(|lineage| lineage.rotations);
            (rotations, decided.contains(index), self.graph.id(**index))
        });
        latest.map(|(key, _)| *key).or_else(|| self.hub_of_first(hub))
    }

    /// The hub of the first sponsorship by id that names the hub's first controller.
    fn sponsor(&self, hub: Hub) -> Option<String> {
        let named = self.state.sponsorships_of.get(&self.hub_of_first(hub)?)?;
        let counting = named.iter().filter_map(|(index, sponsor)| {
            let entry = self.graph.get(*index)?;
            self.state.counts(&self.graph, entry).then_some((entry.id, *sponsor))
        });
        counting.min_by_key(|(id, _)| *id).and_then(|(_, sponsor)| self.hub_text(sponsor))
    }

    /// Status and the date since when it holds.
    fn hub_status(&self, hub: Hub) -> (String, Option<u64>) {
        let admitted = self.known().was_admitted(hub);
        if let Some(exit) = self.state.left(&self.graph, hub).filter(|_| admitted) {
            return ("left".to_owned(), self.graph.get(exit).map(|entry| entry.at));
        }
        let word = |change| match change {
            Change::Suspend => Some("suspended"),
            Change::Expel => Some("expelled"),
            Change::Lapse => Some("lapsed"),
            Change::Reinstate => None,
        };
        let standing = self.state.standing(&self.graph, hub).filter(|_| admitted);
        if let Some((word, motion)) = standing.and_then(|(change, motion)| Some((word(change)?, motion))) {
            return (word.to_owned(), self.date_of_motion(motion));
        }
        self.way_in(hub)
    }

    /// How far a hub has come on its way to co-ownership.
    fn way_in(&self, hub: Hub) -> (String, Option<u64>) {
        let Some(records) = self.state.hubs.get(&hub) else { return ("prospect".to_owned(), None) };
        let begun =
            records.inceptions.iter().filter_map(|index| self.graph.get(*index)).min_by_key(|entry| entry.id);
        let begun = begun.map(|entry| entry.at);
        if matches!(hub, Hub::Founder(_)) {
            return (if begun.is_some() { "co-owner" } else { "founding" }.to_owned(), begun);
        }
        let mut applications: Vec<_> = self.state.counting(&self.graph, &records.applications).collect();
        applications.sort_by_key(|(_, entry)| entry.id);
        let mut best: Option<(usize, String, Option<u64>)> = None;
        for (index, entry) in applications {
            let admission = self.known().admission(index);
            let status = match admission.filter(|admission| admission.complete) {
                Some(admission) => (
                    usize::MAX,
                    "co-owner".to_owned(),
                    admission.hub.and_then(|sign| self.date_of_cited(sign, 0)),
                ),
                None => self.reached(index).unwrap_or((0, "applicant".to_owned(), Some(entry.at))),
            };
            if best.as_ref().is_none_or(|best| status.0 > best.0) {
                best = Some(status);
            }
        }
        best.map_or(("prospect".to_owned(), begun), |(_, status, since)| (status, since))
    }

    /// How far an application has come: the stage's place from 1 in the charter of now, its slug, and the
    /// date of its decision.
    pub(crate) fn reached(&self, application: Index) -> Option<(usize, String, Option<u64>)> {
        let slot = Slot::Application(self.graph.get(application)?.id);
        let (last, _) = self.state.present(&self.graph, &slot)?;
        let Some(Effect::Advance { stage, .. }) = motion::effect(&self.graph, last) else { return None };
        let (place, _) = self.state.now.charter.stage(stage)?;
        Some((place + 1, stage.to_string(), self.date_of_motion(last)))
    }

    /// Protocol 6.12: the lower median of the dates of the q returns that a record cites in a group.
    fn date_of_cited(&self, entry: &crate::graph::Entry, group: usize) -> Option<u64> {
        let cited = entry.cites.get(group)?;
        lower_median(cited.iter().filter_map(|index| self.graph.get(*index)).map(|entry| entry.at).collect())
    }

    /// The lower median of the dates of the returns of a motion's shown certificate.
    pub(crate) fn date_of_motion(&self, motion: crate::graph::Index) -> Option<u64> {
        let (_, returns) = self.certified(motion)?;
        lower_median(returns.into_iter().map(|entry| entry.at).collect())
    }

    pub(super) fn applicant_text(&self, application: crate::graph::Index) -> Option<String> {
        self.state.hub_of_application(&self.graph, application).and_then(|hub| self.hub_text(hub))
    }
}

fn lower_median(mut dates: Vec<u64>) -> Option<u64> {
    dates.sort_unstable();
    dates.get(dates.len().checked_sub(1)? / 2).copied()
}
