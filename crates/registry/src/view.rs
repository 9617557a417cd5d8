//! What the registry shows: one canonical picture of who is in, at which stage, decided by whom.
//!
//! **Invariant**: no clock enters. Whether a motion is open or closing is said by who displays it.

mod application;
mod hub;
mod motion;

use cohub_record::{Hash, Id, PublicKey};
use serde::Serialize;

pub use application::{ApplicationView, DocumentView, InterviewView, NextStage, ReviewView, Signatures};
pub use hub::{Degrees, HubBrief, HubView, KeyView};
pub use motion::{MotionView, RollEntry, TallyView, TellerEntry};

use crate::identity::Hub;
use crate::{Charter, ProfileOfYear, Registry};

const HEAD_DOMAIN: &str = "cohub registry v1\n";

/// The whole registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct View {
    /// The network: `net1…`.
    pub network: String,
    /// What people call it.
    pub name: String,
    /// Whether every founder's inception is held.
    pub constituted: bool,
    /// Hubs by slug, then id.
    pub hubs: Vec<HubView>,
    /// Applications by id.
    pub applications: Vec<ApplicationView>,
    /// Motions by deadline, then id.
    pub motions: Vec<MotionView>,
    /// The committee in office.
    pub committee: CommitteeView,
    /// The charter in force.
    pub charter: CharterView,
    /// Forks: what keys signed twice.
    pub evidence: Vec<EvidenceView>,
    /// Yearly reports by hub and year.
    pub reports: Vec<ReportView>,
}

/// The committee in office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommitteeView {
    /// Terms are counted from 1.
    pub term: u32,
    /// Seats in order.
    pub seats: Vec<SeatView>,
    /// The tellers' keys, in the order of seats.
    pub tellers: Vec<PublicKey>,
    /// Tellers that make an outcome final.
    pub quorum: usize,
    /// Tellers that may lie or be away without harm.
    pub tolerated: usize,
}

/// One seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeatView {
    /// The hub's id, once its inception is held.
    pub hub: Option<String>,
    /// Its slug.
    pub slug: String,
    /// The key that votes.
    pub voting: PublicKey,
    /// The key that closes and returns.
    pub teller: PublicKey,
}

/// The charter in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CharterView {
    /// Versions are counted from 1.
    pub version: u32,
    /// The record that holds it.
    pub record: Id,
    /// The charter.
    pub text: Charter,
}

/// A fork.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceView {
    /// `fork`.
    pub kind: &'static str,
    /// The key that signed both records.
    pub author: PublicKey,
    /// Its hub, where it belongs to one.
    pub hub: Option<String>,
    /// The sequence number that was used twice.
    pub seq: u64,
    /// The two least ids there.
    pub records: [Id; 2],
}

/// A hub's report of one year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportView {
    /// The hub.
    pub hub: Option<String>,
    /// The record.
    pub record: Id,
    /// What it says.
    #[serde(flatten)]
    pub report: ProfileOfYear,
}

impl View {
    /// The hash of the canonical bytes.
    #[must_use]
    pub fn head(&self) -> Hash {
        Hash::of(HEAD_DOMAIN, &[&self.canonical()])
    }

    /// The canonical bytes: DAG-CBOR, keys sorted.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        // Texts, integers, lists and maps written into memory have no way to fail.
        serde_ipld_dagcbor::to_vec(self).unwrap_or_default()
    }
}

impl Registry {
    /// The whole picture. Costs time in proportion to hubs, applications and motions.
    #[must_use]
    pub fn view(&self) -> View {
        let hubs = self.hub_views();
        View {
            network: self.network().to_network_text(),
            name: self.founding().name.to_string(),
            constituted: self.inceptions().is_some(),
            hubs,
            applications: self.application_views(),
            motions: self.motion_views(),
            committee: self.committee_view(),
            charter: self.charter_view(),
            evidence: self.evidence_views(),
            reports: self.report_views(),
        }
    }

    /// Every founder's inception, in the order of founders; none while one is missing.
    #[must_use]
    pub fn inceptions(&self) -> Option<Vec<Id>> {
        let founders = u16::try_from(self.founding().founders.len()).ok()?;
        (0..founders).map(|place| self.hub_id(Hub::Founder(place))).collect()
    }

    /// A hub's id: its inception's, of rival inceptions the least.
    pub(crate) fn hub_id(&self, hub: Hub) -> Option<Id> {
        match hub {
            Hub::Later(index) => Some(self.graph.id(index)),
            Hub::Founder(_) => {
                self.state.hubs.get(&hub)?.inceptions.iter().map(|index| self.graph.id(*index)).min()
            }
        }
    }

    /// Rotations before the controller that a record stands by, be that its last or its first cite.
    pub(crate) fn rotations(&self, entry: &crate::graph::Entry) -> Option<usize> {
        let standing = entry.cites.first()?.iter().rev();
        let mut lineages = standing.filter_map(|index| self.state.lineages.get(index));
        lineages.next().map(|lineage| lineage.rotations)
    }

    pub(crate) fn hub_text(&self, hub: Hub) -> Option<String> {
        self.hub_id(hub).map(|id| id.to_hub_text())
    }

    pub(crate) fn hub_of_first(&self, hub: Hub) -> Option<PublicKey> {
        self.known().first_controller(hub)
    }

    fn committee_view(&self) -> CommitteeView {
        let seats = self.seating.seats.iter().map(|seat| SeatView {
            hub: self.hub_text(seat.hub),
            slug: self.hub_slug(seat.hub),
            voting: seat.voting,
            teller: seat.teller,
        });
        CommitteeView {
            term: 1,
            seats: seats.collect(),
            tellers: self.seating.seats.iter().map(|seat| seat.teller).collect(),
            quorum: self.seating.quorum(),
            tolerated: self.seating.tolerated(),
        }
    }

    fn charter_view(&self) -> CharterView {
        CharterView { version: 1, record: self.network(), text: self.founding().charter.clone() }
    }

    pub(crate) fn evidence_views(&self) -> Vec<EvidenceView> {
        let view = |fork: crate::Fork| EvidenceView {
            kind: "fork",
            author: fork.author,
            hub: self.standing.hub_of(&fork.author).and_then(|hub| self.hub_text(hub)),
            seq: fork.seq,
            records: fork.ids,
        };
        self.forks().into_iter().map(view).collect()
    }

    fn report_views(&self) -> Vec<ReportView> {
        let mut latest = std::collections::BTreeMap::new();
        for (hub, records) in &self.state.hubs {
            let mut profiles: Vec<_> =
                self.state.counting(&self.graph, &records.profiles).map(|(_, entry)| entry).collect();
            profiles.sort_by_key(|entry| (self.rotations(entry), entry.seq, std::cmp::Reverse(entry.id)));
            for entry in profiles {
                if let Some(report) = crate::past::content!(entry, Profile) {
                    let view =
                        ReportView { hub: self.hub_text(*hub), record: entry.id, report: report.clone() };
                    latest.insert((self.hub_id(*hub), report.year), view);
                }
            }
        }
        latest.into_values().collect()
    }
}
