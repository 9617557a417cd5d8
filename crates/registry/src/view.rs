//! What the registry shows: one canonical picture of who is in, at which stage, decided by whom.
//!
//! **Invariant**: no clock enters. Whether a motion is open or closing is said by who displays it.

mod application;
mod disputed;
mod hub;
mod motion;
mod question;

use cohub_record::{Hash, Id, PublicKey};
use serde::Serialize;

pub use application::{ApplicationView, DocumentView, InterviewView, NextStage, ReviewView, Signatures};
pub use disputed::{CertificateView, DisputeView, LiarView};
pub use hub::{Degrees, HubBrief, HubView, KeyView};
pub use motion::{MotionView, RollEntry, TallyView, TellerEntry};

use crate::effect::Effect;
use crate::identity::Hub;
use crate::slot::Slot;
use crate::{Charter, ProfileOfYear, Registry, motion as motions};

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
    /// The manifesto that stands.
    pub manifesto: ManifestoView,
    /// Panels, as the charter names them.
    pub panels: Vec<PanelView>,
    /// What was resolved, by date, then motion.
    pub resolutions: Vec<ResolutionView>,
    /// Forks: what keys signed twice.
    pub evidence: Vec<EvidenceView>,
    /// Slots with certificates that contradict each other.
    pub disputes: Vec<DisputeView>,
    /// Yearly reports by hub and year.
    pub reports: Vec<ReportView>,
}

/// The committee in office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommitteeView {
    /// Terms are counted from 1.
    pub term: u32,
    /// Generations are counted from 1. A fallback begins the next.
    pub generation: u32,
    /// Whether it was seated by a fallback.
    pub fallback: bool,
    /// Seats in order.
    pub seats: Vec<SeatView>,
    /// The tellers' keys, in the order of seats.
    pub tellers: Vec<PublicKey>,
    /// Tellers that make an outcome final.
    pub quorum: usize,
    /// Tellers that may lie or be away without harm.
    pub tolerated: usize,
    /// The motion that seated it; none in the first term.
    pub motion: Option<Id>,
    /// Tellers of the committee before who have handed over; motions of the new one need a quorum of them.
    pub handovers: usize,
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
    /// The record that holds it: the founding record or the motion.
    pub record: Id,
    /// The charter.
    pub text: Charter,
}

/// The manifesto that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ManifestoView {
    /// Versions are counted from 1.
    pub version: u32,
    /// The record that holds it: the founding record or the motion.
    pub record: Id,
    /// The manifesto.
    pub text: String,
    /// Hubs that signed this version, by slug.
    pub signed: Vec<String>,
}

/// Who sits on a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PanelView {
    /// The panel.
    pub panel: String,
    /// Its members, and their hubs where these are known.
    pub members: Vec<PanelistView>,
    /// Until when they are appointed; 0 for no end.
    pub until: u64,
    /// The motion that appointed them; none for the first.
    pub motion: Option<Id>,
}

/// A member of a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PanelistView {
    /// The key.
    pub key: PublicKey,
    /// Its hub.
    pub hub: Option<String>,
}

/// A resolution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResolutionView {
    /// The motion.
    pub motion: Id,
    /// What was resolved.
    pub text: String,
    /// When, by the tellers' clocks.
    pub decided_at: Option<u64>,
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
        let applications = self.application_views();
        View {
            network: self.network().to_network_text(),
            name: self.founding().name.to_string(),
            constituted: self.inceptions().is_some(),
            hubs: self.hub_views(&applications),
            applications,
            motions: self.motion_views(),
            committee: self.committee_view(),
            charter: self.charter_view(),
            manifesto: self.manifesto_view(),
            panels: self.panel_views(),
            resolutions: self.resolution_views(),
            evidence: self.evidence_views(),
            disputes: self.dispute_views(),
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
        let (seating, now) = (self.seating(), &self.state.now);
        let seats = seating.seats.iter().map(|seat| SeatView {
            hub: self.hub_text(seat.hub),
            slug: self.hub_slug(seat.hub),
            voting: seat.voting,
            teller: seat.teller,
        });
        CommitteeView {
            term: now.term,
            generation: now.generation.number,
            fallback: now.seated_by.is_some_and(|motion| {
                self.state.motions.get(&motion).is_some_and(|state| state.facts.is_fallback())
            }),
            seats: seats.collect(),
            tellers: seating.seats.iter().map(|seat| seat.teller).collect(),
            quorum: seating.quorum(),
            tolerated: seating.tolerated(),
            motion: now.seated_by.map(|motion| self.graph.id(motion)),
            handovers: now.seated_by.map_or(0, |motion| self.handovers_to(motion).len()),
        }
    }

    fn charter_view(&self) -> CharterView {
        let now = &self.state.now;
        CharterView {
            version: now.charters,
            record: now.chartered_by.map_or_else(|| self.network(), |motion| self.graph.id(motion)),
            text: now.charter.as_ref().clone(),
        }
    }

    fn manifesto_view(&self) -> ManifestoView {
        let adopted = self.state.present(&self.graph, &Slot::Manifesto);
        let (version, record) = match adopted {
            Some((motion, versions)) => (versions + 1, self.graph.id(motion)),
            None => (1, self.network()),
        };
        let text = match adopted.and_then(|(motion, _)| motions::effect(&self.graph, motion)) {
            Some(Effect::Manifesto { text }) => text.to_string(),
            _ => self.founding().manifesto.to_string(),
        };
        let signed = self.manifesto_signers(adopted.map(|(motion, _)| motion));
        ManifestoView { version: u32::try_from(version).unwrap_or(u32::MAX), record, text, signed }
    }

    fn panel_views(&self) -> Vec<PanelView> {
        let view = |panel: &crate::Panel| {
            let appointed = self.state.present(&self.graph, &Slot::Panel(panel.slug.clone()));
            let motion = appointed.map(|(motion, _)| motion);
            let member = |key: PublicKey| PanelistView {
                hub: self.standing.hub_of(&key).and_then(|hub| self.hub_text(hub)),
                key,
            };
            let until = match motion.and_then(|motion| motions::effect(&self.graph, motion)) {
                Some(Effect::Appoint { until, .. }) => *until,
                _ => 0,
            };
            PanelView {
                panel: panel.slug.to_string(),
                members: self.panel_members(&panel.slug).into_iter().map(member).collect(),
                until,
                motion: motion.map(|motion| self.graph.id(motion)),
            }
        };
        self.state.now.charter.panels.iter().map(view).collect()
    }

    fn resolution_views(&self) -> Vec<ResolutionView> {
        let slots = self.state.contenders.keys().map(|(slot, _)| slot);
        let slots = slots.filter(|slot| matches!(slot, Slot::Resolution(_)));
        let view = |slot: &Slot| {
            let (motion, _) = self.state.present(&self.graph, slot)?;
            let Some(Effect::Resolve { text }) = motions::effect(&self.graph, motion) else { return None };
            let decided_at = self.date_of_motion(motion);
            Some(ResolutionView { motion: self.graph.id(motion), text: text.to_string(), decided_at })
        };
        let mut views: Vec<ResolutionView> = slots.filter_map(view).collect();
        views.sort_by_key(|view| (view.decided_at, view.motion));
        views
    }

    /// The slugs of co-owners that signed a manifesto: that of a motion, or the founding record's.
    fn manifesto_signers(&self, adopted: Option<crate::graph::Index>) -> Vec<String> {
        let signed = self.state.counting(&self.graph, &self.state.manifesto_signatures);
        let of_this = signed.filter(|(_, entry)| motions::decided_by(&self.graph, entry, 0) == adopted);
        let hubs = of_this.filter_map(|(_, entry)| self.graph.hub_of(entry.cite(1)?));
        let hubs: std::collections::BTreeSet<Hub> = hubs.collect();
        let mut slugs: Vec<String> = hubs.into_iter().map(|hub| self.hub_slug(hub)).collect();
        slugs.sort();
        slugs
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
                    latest.insert((self.hub_id(*hub), report.year), (*hub, entry.id, report));
                }
            }
        }
        let view = |(hub, record, report): (Hub, Id, &crate::ProfileOfYear)| ReportView {
            hub: self.hub_text(hub),
            record,
            report: report.clone(),
        };
        latest.into_values().map(view).collect()
    }
}
