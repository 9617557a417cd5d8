//! From what somebody wants to say to the exact contents of a record: which cites it takes.

use cohub_record::{Field as _, Hash, Id, List, PublicKey, Signature, Slug};
use serde::{Deserialize, Serialize};

use crate::application::{Application, Document, Interview, Review, Score, Sign, Signed};
use crate::duties::Contents;
use crate::founding::{Profile, Role, Roles};
use crate::graph::{Entry, Index};
use crate::identity::{Grant, Hub, Inception, ProfileOfYear, Rotate, Sponsor, recovery_hash};
use crate::motion::{Effect, Motion};
use crate::{Ballot, Choice, InterviewOutcome, Kind, Recommendation, Registry};

/// What somebody wants to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "intent", rename_all = "kebab-case")]
pub enum Intent {
    /// Begin a hub.
    Inception {
        /// Its public facts.
        profile: Profile,
        /// The hash of its recovery key.
        recovery: Hash,
    },
    /// Vouch for a newcomer.
    Sponsor {
        /// Its controller.
        controller: PublicKey,
        /// Records that it may write.
        records: u64,
    },
    /// Apply for co-ownership.
    Application,
    /// Hand in a document.
    Document {
        /// The application.
        application: Id,
        /// The type.
        document_type: Slug,
    },
    /// Review an application.
    Review {
        /// The application.
        application: Id,
        /// The panel.
        panel: Slug,
        /// What to recommend.
        recommendation: Recommendation,
        /// Marks.
        scores: List<Score, 32>,
    },
    /// Record an interview.
    Interview {
        /// The application.
        application: Id,
        /// How it went.
        outcome: InterviewOutcome,
    },
    /// Ask the committee to move an application to its next stage, or to extend the one it has.
    Advance {
        /// The application.
        application: Id,
        /// The stage; the next one where it is not said.
        stage: Option<Slug>,
        /// Until when ballots are taken.
        deadline_ms: u64,
        /// Until when the next step has to be made; 0 for no end.
        open_by_ms: u64,
    },
    /// Vote.
    Ballot {
        /// The motion.
        motion: Id,
        /// The choice.
        choice: Choice,
    },
    /// Sign the admission of an application.
    SignAdmission {
        /// The application.
        application: Id,
    },
    /// Sign the manifesto for a hub.
    SignManifesto,
    /// Report a year.
    Profile(ProfileOfYear),
    /// Give a key roles.
    Grant {
        /// The key.
        key: PublicKey,
        /// The roles.
        roles: Roles,
        /// The key's consent.
        consent: Signature,
        /// The key's X25519 recipient.
        encryption: Option<Hash>,
    },
    /// Take all roles from a key.
    Revoke {
        /// The key.
        key: PublicKey,
    },
    /// Become the controller with the key that the hub committed to.
    Rotate {
        /// The hub, by a controller that it had.
        controller: PublicKey,
        /// The hash of the next recovery key.
        recovery: Hash,
    },
}

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
            Intent::Application => self.draft_application(author),
            Intent::Document { application, document_type } => {
                self.draft_document(author, application, document_type)
            }
            Intent::Review { application, panel, recommendation, scores } => {
                let review =
                    Review { panel: panel.clone(), recommendation: *recommendation, scores: scores.clone() };
                let mut cites = self.dossier_cites(author, Role::Panelist, application)?;
                cites.push(Vec::new());
                contents(Kind::Review, cites, review.to_value())
            }
            Intent::Interview { application, outcome } => {
                let panelist = self.dossier_cites(author, Role::Panelist, application);
                let cites =
                    panelist.or_else(|_| self.dossier_cites(author, Role::Representative, application))?;
                contents(Kind::Interview, cites, Interview { outcome: *outcome }.to_value())
            }
            Intent::Advance { application, stage, deadline_ms, open_by_ms } => {
                self.draft_advance(author, application, stage.as_ref(), *deadline_ms, *open_by_ms)
            }
            Intent::Ballot { motion, choice } => {
                if self.seating.seat_of(author).is_none() {
                    return cannot("rule ballot 1: the key votes for no seat of the committee");
                }
                contents(Kind::Ballot, vec![vec![*motion]], Ballot { choice: *choice }.to_value())
            }
            Intent::SignAdmission { application } => self.draft_signature(author, application),
            Intent::SignManifesto => {
                let controller = self.controller_record(author)?;
                let body = Sign { subject: Signed::Manifesto }.to_value();
                contents(Kind::Sign, vec![vec![self.network()], vec![controller]], body)
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
                let last = self.log(key).and_then(cohub_record::Log::latest).map(|place| place.id);
                let grant = Grant { key: *key, roles: Roles::default(), consent: None, encryption: None };
                contents(
                    Kind::Grant,
                    vec![vec![self.controller_record(author)?], last.into_iter().collect()],
                    grant.to_value(),
                )
            }
            Intent::Rotate { controller, recovery } => self.draft_rotate(author, controller, *recovery),
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

    fn draft_application(&self, author: &PublicKey) -> Drafted<Contents> {
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
            body: Application {}.to_value(),
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

    fn draft_advance(
        &self,
        author: &PublicKey,
        application: &Id,
        stage: Option<&Slug>,
        deadline: u64,
        open_by: u64,
    ) -> Drafted<Contents> {
        let (index, _) = self.application_entry(application)?;
        let (_, grant) = self.grant_for(author, Role::Representative)?;
        let Some(inceptions) = self.inceptions() else {
            return cannot("the network is not constituted: some founder has not joined yet");
        };
        let reached = self.reached(self.founding(), index).map_or(0, |(place, ..)| place);
        let next = self.founding().charter.stages.get(reached).map(|stage| stage.slug.clone());
        let Some(stage) = stage.cloned().or(next) else {
            return cannot("the application has reached its last stage: both sides sign now");
        };
        let base = self.base_for(application);
        let evidence = self.evidence_for(application).unwrap_or_default();
        let seating = [vec![self.network()], inceptions].concat();
        let effect = Effect::Advance { application: *application, stage, open_by };
        Ok(Contents {
            kind: Kind::Motion,
            cites: vec![vec![grant], seating, Vec::new(), vec![self.network()], base, evidence],
            body: Motion { effect, deadline }.to_value(),
        })
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
        let standing = if self.seating.seat_of(author).is_some() {
            self.network()
        } else {
            self.controller_record(author)?
        };
        let body = Sign { subject: Signed::Admission }.to_value();
        Ok(Contents { kind: Kind::Sign, cites: vec![certificate, vec![standing]], body })
    }

    fn draft_rotate(&self, author: &PublicKey, controller: &PublicKey, recovery: Hash) -> Drafted<Contents> {
        let before = self.controller_record(controller)?;
        let committed = self.entry(&before).and_then(|entry| match entry.content() {
            Some(crate::kind::Fact::Inception(inception)) => Some(inception.recovery),
            Some(crate::kind::Fact::Rotate(rotate)) => Some(rotate.recovery),
            _ => None,
        });
        if committed != Some(recovery_hash(author)) {
            return cannot("these recovery words are not those that the hub committed to");
        }
        let Some(last) = self.log(controller).and_then(cohub_record::Log::latest) else {
            return cannot("the log that ends is not held");
        };
        Ok(Contents {
            kind: Kind::Rotate,
            cites: vec![vec![before], vec![last.id]],
            body: Rotate { recovery }.to_value(),
        })
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

    fn dossier_cites(&self, author: &PublicKey, role: Role, application: &Id) -> Drafted<Vec<Vec<Id>>> {
        let (index, _) = self.application_entry(application)?;
        let (_, grant) = self.grant_for(author, role)?;
        let documents = self
            .document_views(index)
            .into_iter()
            .filter(|document| document.current)
            .map(|d| d.id)
            .collect();
        Ok(vec![vec![grant], vec![self.network()], vec![*application], documents])
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
        let applications = self.state.hubs.get(&hub).into_iter().flat_map(|records| &records.applications);
        let admitted = applications
            .filter_map(|index| self.known().admission(*index).filter(|admission| admission.complete));
        let motion = admitted.map(|admission| self.graph.id(admission.motion)).min();
        motion
            .and_then(|motion| self.certificate(&motion))
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

    /// The panels of the first term on which a key sits.
    #[must_use]
    pub fn panels_of(&self, key: &PublicKey) -> Vec<Slug> {
        self.founding()
            .panels
            .iter()
            .filter(|seats| seats.members.contains(key))
            .map(|seats| seats.panel.clone())
            .collect()
    }

    /// The motions that are undecided and on whose roll a key is, with whether it has voted.
    #[must_use]
    pub fn ballots_due(&self, key: &PublicKey) -> Vec<(Id, bool)> {
        let Some(seat) = self.seating.seat_of(key) else { return Vec::new() };
        let open = self.standing_motions().filter(|(_, state)| state.outcome(&self.seating).is_none());
        let mut due: Vec<_> =
            open.map(|(index, state)| (self.graph.id(index), state.ballots.contains_key(&seat))).collect();
        due.sort_unstable();
        due
    }
}
