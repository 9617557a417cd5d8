//! From what somebody wants to say to the exact contents of a record: which cites it takes.

mod erasing;
mod intent;
mod moving;
mod reviewing;
mod rotating;
mod sharing;

use cohub_record::{Field as _, Id, List, PublicKey, Slug};

use crate::application::{Application, Document, Interview, Recommendation, Sign, Signed};
use crate::duties::Contents;
use crate::effect::Effect;
use crate::founding::{Role, Roles};
use crate::graph::{Entry, Index};
use crate::identity::{Grant, Hub, Inception, Sponsor};
use crate::slot::Slot;
use crate::state::MotionState;
use crate::{Ballot, Kind, Registry, motion};

pub use intent::{Intent, Question};

/// Why something cannot be said now. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Undraftable(pub String);

type Drafted<T> = Result<T, Undraftable>;

fn cannot<T>(why: impl Into<String>) -> Drafted<T> {
    Err(Undraftable(why.into()))
}

impl Registry {
    /// The contents of the record by which `author` says what it intends.
    ///
    /// # Errors
    /// [`Undraftable`] where the author may not say it, or something that it builds on is missing. The
    /// verdict of the finished record is the last word: see [`Registry::check`].
    pub fn draft(&self, author: &PublicKey, intent: &Intent) -> Drafted<Contents> {
        let contents = |kind, cites, body| Ok(Contents { kind, cites, body });
        match intent {
            Intent::Inception { profile, recovery } => {
                let body = Inception { profile: profile.clone(), recovery: *recovery }.to_value();
                contents(Kind::Inception, vec![vec![self.network()]], body)
            }
            Intent::Sponsor { controller, records } => self.draft_sponsor(author, *controller, *records),
            Intent::Application { claim } => self.draft_application(author, claim.as_ref()),
            Intent::Document { application, document_type } => {
                self.draft_document(author, application, document_type)
            }
            Intent::Review { application, panel, recommendation, scores } => {
                let said = (*recommendation, scores.clone(), None);
                self.draft_review(author, application, panel, said)
            }
            Intent::Seal { application, panel, seal } => {
                let said = (Recommendation::Sealed, List::default(), Some(*seal));
                self.draft_review(author, application, panel, said)
            }
            Intent::Open { review, recommendation, scores, secret } => {
                self.draft_opening(author, review, (*recommendation, scores, secret))
            }
            Intent::Interview { application, outcome } => {
                let cites = self.interview_cites(author, application)?;
                contents(Kind::Interview, cites, Interview { outcome: *outcome }.to_value())
            }
            Intent::Advance { application, stage, deadline_ms, open_by_ms } => {
                self.draft_advance(author, application, stage.as_ref(), *deadline_ms, *open_by_ms)
            }
            Intent::Move { question, deadline_ms } => self.draft_question(author, question, *deadline_ms),
            Intent::Withdraw { record } => self.draft_withdrawal(author, record),
            Intent::Leave => self.draft_exit(author),
            Intent::Erase { record, motion } => self.draft_erasure(author, record, motion.as_ref()),
            Intent::Share { record, attachment, reader, wrapped } => {
                self.draft_share(author, (record, attachment), *reader, wrapped)
            }
            Intent::Ballot { motion, choice } => {
                let pinned = self.graph.index(motion).and_then(|index| self.state.motions.get(&index));
                if pinned.is_some_and(|state| state.facts.roll.place_of(author).is_none()) {
                    return cannot("rule ballot 1: the key is not on the roll of this motion");
                }
                contents(Kind::Ballot, vec![vec![*motion]], Ballot { choice: *choice }.to_value())
            }
            Intent::Count { motion } => {
                // Who has a clock and knows which ballots came in time says so itself: `Registry::counting`.
                let heads: Vec<Id> =
                    self.heads(motion).iter().filter_map(|seat| seat.iter().min().copied()).collect();
                self.counting(motion, author, &heads, u64::MAX)
            }
            Intent::SignAdmission { application } => self.draft_signature(author, application),
            Intent::SignManifesto => {
                let controller = self.controller_record(author)?;
                let body = Sign { subject: Signed::Manifesto }.to_value();
                let manifesto = self.decision_on(&Slot::Manifesto).unwrap_or_else(|| vec![self.network()]);
                contents(Kind::Sign, vec![manifesto, vec![controller]], body)
            }
            Intent::Profile(profile) => {
                contents(Kind::Profile, vec![vec![self.controller_record(author)?]], profile.to_value())
            }
            Intent::Grant { key, roles, consent, encryption } => {
                let grant = Grant {
                    key: *key,
                    roles: roles.clone(),
                    consent: Some(*consent),
                    encryption: *encryption,
                };
                contents(
                    Kind::Grant,
                    vec![vec![self.controller_record(author)?], Vec::new()],
                    grant.to_value(),
                )
            }
            Intent::Revoke { key } => {
                let last = self.last_valid(key);
                let grant = Grant { key: *key, roles: Roles::default(), consent: None, encryption: None };
                contents(
                    Kind::Grant,
                    vec![vec![self.controller_record(author)?], last.into_iter().collect()],
                    grant.to_value(),
                )
            }
            Intent::Rotate { controller, recovery, before } => {
                self.draft_rotate(author, controller, *recovery, before.as_ref())
            }
        }
    }

    fn draft_sponsor(&self, author: &PublicKey, controller: PublicKey, records: u64) -> Drafted<Contents> {
        let (hub, grant) = self.grant_for(author, Role::Representative)?;
        let standing = match hub {
            Hub::Founder(_) => vec![self.network()],
            Hub::Later(_) => self.admission_of(hub)?,
        };
        let body = Sponsor { controller, records }.to_value();
        Ok(Contents { kind: Kind::Sponsor, cites: vec![vec![grant], standing], body })
    }

    fn draft_application(&self, author: &PublicKey, claim: Option<&Slug>) -> Drafted<Contents> {
        let controller = self.controller_record(author)?;
        let first = self
            .graph
            .index(&controller)
            .and_then(|index| self.graph.inception_of(index))
            .map(|(_, e)| e.author);
        let named = first.and_then(|first| self.state.sponsorships_of.get(&first)).into_iter().flatten();
        let counting = named.filter_map(|(index, _)| self.graph.get(*index));
        let counting = counting.filter(|entry| self.state.counts(&self.graph, entry));
        let Some(sponsor) = counting.map(|entry| entry.id).min() else {
            return cannot("no hub has sponsored this one: ask a co-owner for `cohub hub sponsor`");
        };
        Ok(Contents {
            kind: Kind::Application,
            cites: vec![vec![controller], vec![sponsor]],
            body: Application { claim: claim.cloned() }.to_value(),
        })
    }

    fn draft_document(
        &self,
        author: &PublicKey,
        application: &Id,
        document_type: &Slug,
    ) -> Drafted<Contents> {
        let (index, entry) = self.application_entry(application)?;
        let mut first = vec![*application];
        if entry.author != *author {
            first.push(self.controller_record(author)?);
        }
        let current = self.current_document(index, document_type);
        let body = Document { document_type: document_type.clone() }.to_value();
        Ok(Contents { kind: Kind::Document, cites: vec![first, current.into_iter().collect()], body })
    }

    fn draft_signature(&self, author: &PublicKey, application: &Id) -> Drafted<Contents> {
        let (index, _) = self.application_entry(application)?;
        let Some(admission) = self.known().admission(index) else {
            return cannot("the admission is not decided yet: the last stage has no final vote");
        };
        let certificate = self
            .certificate(&self.graph.id(admission.motion))
            .map(|(_, returns)| returns)
            .unwrap_or_default();
        let standing = match self.own_seating(author) {
            Some(seating) => seating,
            None => vec![self.controller_record(author)?],
        };
        let body = Sign { subject: Signed::Admission }.to_value();
        Ok(Contents { kind: Kind::Sign, cites: vec![certificate, standing], body })
    }

    fn application_entry(&self, application: &Id) -> Drafted<(Index, &Entry)> {
        let index = self.graph.index(application).filter(|index| self.state.applications.contains_key(index));
        let found = index.and_then(|index| Some((index, self.graph.get(index)?)));
        found.ok_or_else(|| Undraftable(format!("{application} is no application that this node holds")))
    }

    fn current_document(&self, application: Index, document_type: &Slug) -> Option<Id> {
        let view = self.document_views(application);
        view.into_iter()
            .rev()
            .find(|document| document.current && document.document_type == document_type.as_str())
            .map(|d| d.id)
    }

    /// The grant by which a key has a role, or the founding record in its place.
    fn grant_for(&self, key: &PublicKey, role: Role) -> Drafted<(Hub, Id)> {
        let held = self.standing.hubs_of(key).find_map(|hub| {
            let mut keys = self.known().keys_of(hub);
            let granted = keys.remove(key).filter(|granted| granted.roles.contains(&role))?;
            Some((hub, granted.grant.map_or(self.network(), |(_, entry)| entry.id)))
        });
        held.ok_or_else(|| Undraftable(format!("the key is no {role} of a hub that this node knows")))
    }

    fn dossier_cites(
        &self,
        author: &PublicKey,
        role: Role,
        seat: Option<Vec<Id>>,
        application: &Id,
    ) -> Drafted<Vec<Vec<Id>>> {
        let (index, _) = self.application_entry(application)?;
        let (_, grant) = self.grant_for(author, role)?;
        let documents = self
            .document_views(index)
            .into_iter()
            .filter(|document| document.current)
            .map(|d| d.id)
            .collect();
        // Who sits nowhere is told so by the rule.
        let seat = seat.unwrap_or_else(|| vec![self.network()]);
        Ok(vec![vec![grant], seat, vec![*application], documents])
    }

    /// A panelist interviews by its appointment, a seat by its seating.
    fn interview_cites(&self, author: &PublicKey, application: &Id) -> Drafted<Vec<Vec<Id>>> {
        let panel = self.appointment_of(author, None);
        let panelist = self.dossier_cites(author, Role::Panelist, panel.clone(), application);
        match (panelist, self.own_seating(author)) {
            (Ok(cites), _) if panel.is_some() => Ok(cites),
            (_, seating) => self.dossier_cites(author, Role::Representative, seating, application),
        }
    }

    /// The certificate of the decision that gave a slot its present value.
    pub(crate) fn decision_on(&self, slot: &Slot) -> Option<Vec<Id>> {
        let (motion, _) = self.state.present(&self.graph, slot)?;
        self.certificate(&self.graph.id(motion)).map(|(_, returns)| returns)
    }

    /// The last record of a log that can be cited: what is void cannot.
    fn last_valid(&self, key: &PublicKey) -> Option<Id> {
        let places = self.log(key)?.places_from(0).map(|place| place.id);
        let valid = places.filter(|id| self.entry(id).is_some_and(Entry::is_valid));
        valid.last()
    }

    /// By what the committee in office is in office, if a key votes for one of its seats.
    fn own_seating(&self, key: &PublicKey) -> Option<Vec<Id>> {
        self.seating().seat_of(key)?;
        Some(self.decision_on(&Slot::Committee).unwrap_or_else(|| vec![self.network()]))
    }

    /// By what a key sits on a panel, on any where none is named.
    fn appointment_of(&self, key: &PublicKey, panel: Option<&Slug>) -> Option<Vec<Id>> {
        let sitting = self.panels_of(key).into_iter().find(|sits| panel.is_none_or(|panel| panel == sits))?;
        Some(self.decision_on(&Slot::Panel(sitting)).unwrap_or_else(|| vec![self.network()]))
    }

    /// The latest inception or rotate of a key.
    fn controller_record(&self, key: &PublicKey) -> Drafted<Id> {
        let begins = self.log(key).and_then(|log| log.at(0).next()).and_then(|id| self.entry(&id));
        let begins = begins.filter(|entry| entry.is(Kind::Inception) || entry.is(Kind::Rotate));
        begins
            .map(|entry| entry.id)
            .ok_or_else(|| Undraftable("the key controls no hub that this node holds".to_owned()))
    }

    /// The certificate by which a hub was admitted.
    fn admission_of(&self, hub: Hub) -> Drafted<Vec<Id>> {
        let admission = self.known().complete_admission(hub);
        admission
            .and_then(|admission| self.certificate(&self.graph.id(admission.motion)))
            .map(|(_, returns)| returns)
            .ok_or_else(|| Undraftable("the hub is no co-owner yet".to_owned()))
    }

    /// The application of a hub, named by its first controller: the latest by place.
    #[must_use]
    pub fn application_of_hub(&self, controller: &PublicKey) -> Option<Id> {
        let hub = self.standing.hub_of(controller)?;
        let applications =
            self.state.hubs.get(&hub)?.applications.iter().filter_map(|index| self.graph.get(*index));
        applications.max_by_key(|entry| (entry.seq, std::cmp::Reverse(entry.id))).map(|entry| entry.id)
    }

    /// The panels on which a key sits now.
    #[must_use]
    pub fn panels_of(&self, key: &PublicKey) -> Vec<Slug> {
        let panels = self.state.now.charter.panels.iter().map(|panel| panel.slug.clone());
        panels.filter(|panel| self.panel_members(panel).contains(key)).collect()
    }

    /// Who sits on a panel now.
    #[must_use]
    pub fn panel_members(&self, panel: &Slug) -> Vec<PublicKey> {
        let appointed = self.state.present(&self.graph, &Slot::Panel(panel.clone()));
        match appointed.and_then(|(motion, _)| motion::effect(&self.graph, motion)) {
            Some(Effect::Appoint { members, .. }) => members.to_vec(),
            _ => {
                let first = self.founding().panels.iter().find(|seats| seats.panel == *panel);
                first.map(|seats| seats.members.to_vec()).unwrap_or_default()
            }
        }
    }

    /// The motions that are undecided and on whose roll a key is, with whether it has voted.
    #[must_use]
    pub fn ballots_due(&self, key: &PublicKey) -> Vec<(Id, bool)> {
        let open = self.standing_motions().filter(|(index, _)| self.state.outcome(*index).is_none());
        let open = open.filter(|(_, state)| state.withdrawals.is_empty() && self.state.is_kept(&state.facts));
        let voted = |(index, state): (Index, &MotionState)| {
            let place =
                state.facts.roll.place_of(key).filter(|place| !state.facts.conflicts.contains_key(place))?;
            Some((self.graph.id(index), state.ballots.contains_key(&place)))
        };
        let mut due: Vec<_> = open.filter_map(voted).collect();
        due.sort_unstable();
        due
    }
}
