//! Applications and their dossiers as the registry shows them.

use cohub_record::{Hash, Id, PublicKey, Scope};
use serde::Serialize;

use crate::application::Score;
use crate::blind;
use crate::charter::Stage;
use crate::claim::claim_of;
use crate::conflict::{self, Conflict};
use crate::erasure::Erased;
use crate::graph::{Entry, Index};
use crate::motion::missing;
use crate::past::content;
use crate::sharing::Reader;
use crate::slot::Slot;
use crate::{InterviewOutcome, Outcome, Recommendation, Registry};

/// One application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApplicationView {
    /// Its record.
    pub id: Id,
    /// The hub that applies.
    pub hub: Option<String>,
    /// The claim of the founding record that it takes up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// The stage that it reached; absent before the first.
    pub stage: Option<String>,
    /// `open`, `withdrawn`, `rejected`, `admitted` or `co-owner`.
    pub status: String,
    /// When it was handed in, by the applicant's clock.
    pub at: u64,
    /// Its documents by place in the applicant's log, later controllers' last.
    pub documents: Vec<DocumentView>,
    /// Its reviews by id.
    pub reviews: Vec<ReviewView>,
    /// Its interviews by id.
    pub interviews: Vec<InterviewView>,
    /// The motions on it by id.
    pub motions: Vec<Id>,
    /// What is next, while something is.
    pub next: Option<NextStage>,
    /// Who signed its admission, once it is adopted.
    pub signatures: Option<Signatures>,
}

/// One document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentView {
    /// Its record.
    pub id: Id,
    /// Its type.
    #[serde(rename = "type")]
    pub document_type: String,
    /// The hash of its attachment.
    pub hash: Hash,
    /// Bytes of its attachment.
    pub size_bytes: u64,
    /// Who may read it.
    pub scope: Scope,
    /// The one that it supersedes.
    pub supersedes: Option<Id>,
    /// Whether no later version supersedes it.
    pub current: bool,
    /// When, by the applicant's clock.
    pub at: u64,
    /// Whom its secret was shared with, where it is sealed.
    pub readers: Vec<Reader>,
    /// What erased its attachment, where something did: nobody has the bytes any more.
    pub erased: Option<Erased>,
}

/// One review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewView {
    /// Its record.
    pub id: Id,
    /// The panel.
    pub panel: String,
    /// Who wrote it.
    pub author: PublicKey,
    /// The author's hub.
    pub hub: Option<String>,
    /// What it recommends.
    pub recommendation: Recommendation,
    /// The conflict of interest that the charter in force finds: the review is not counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Conflict>,
    /// Of a sealed one that is not opened yet: from when on its author opens it, in milliseconds since the Unix epoch, 0
    /// once all are in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens_from: Option<u64>,
    /// The sealed review that it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<Id>,
    /// Marks.
    pub scores: Vec<Score>,
    /// The documents that it read.
    pub documents: Vec<Id>,
    /// When, by the author's clock.
    pub at: u64,
    /// What erased its text, where something did.
    pub erased: Option<Erased>,
}

/// One interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InterviewView {
    /// Its record.
    pub id: Id,
    /// Who recorded it.
    pub author: PublicKey,
    /// The author's hub.
    pub hub: Option<String>,
    /// How it went.
    pub outcome: InterviewOutcome,
    /// When, by the author's clock.
    pub at: u64,
    /// What erased its notes, where something did.
    pub erased: Option<Erased>,
}

/// The stage that an application may ask for next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextStage {
    /// The stage.
    pub stage: String,
    /// What its dossier lacks, in words.
    pub missing: Vec<String>,
    /// How long its reviews stay sealed at the most, where they are blind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blind_ms: Option<u64>,
}

/// Signatures under an admission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatures {
    /// The motion that admitted.
    pub motion: Id,
    /// Whether the hub signed.
    pub hub: bool,
    /// Slugs of the seats that signed.
    pub seats: Vec<String>,
    /// How many seats must.
    pub seats_needed: u16,
}

impl Registry {
    pub(super) fn application_views(&self) -> Vec<ApplicationView> {
        let mut views: Vec<_> =
            self.state.applications.keys().filter_map(|index| self.application_view(*index)).collect();
        views.sort_by_key(|view| view.id);
        views
    }

    fn application_view(&self, index: Index) -> Option<ApplicationView> {
        let entry = self.graph.get(index).filter(|entry| self.state.counts(&self.graph, entry))?;
        let reached = self.reached(index);
        let place = reached.as_ref().map_or(0, |(place, ..)| *place);
        let signatures = self.signatures(index);
        let complete = self.known().admission(index).is_some_and(|a| a.complete);
        let slot = Slot::Application(entry.id);
        let status = match (&signatures, complete) {
            (_, true) => "co-owner",
            (Some(_), _) => "admitted",
            _ if self.is_withdrawn(index) => "withdrawn",
            _ if self.is_rejected(&slot) => "rejected",
            _ => "open",
        };
        let mut motions: Vec<Id> = self.motions_on(&slot).map(|index| self.graph.id(index)).collect();
        motions.sort_unstable();
        Some(ApplicationView {
            id: entry.id,
            hub: self.applicant_text(index),
            claim: claim_of(&self.graph, index).map(ToString::to_string),
            stage: reached.map(|(_, slug, _)| slug),
            status: status.to_owned(),
            at: entry.at,
            documents: self.document_views(index),
            reviews: self.review_views(index),
            interviews: self.interview_views(index),
            motions,
            next: self.next_stage(index, place),
            signatures,
        })
    }

    pub(crate) fn motions_on<'a>(&'a self, slot: &'a Slot) -> impl Iterator<Item = Index> + 'a {
        let of_slot = self
            .state
            .contenders
            .range((slot.clone(), None)..)
            .take_while(move |((other, _), _)| other == slot);
        let motions = of_slot.flat_map(|(_, motions)| motions.iter().copied());
        motions.filter(|index| self.state.motions.get(index).is_some_and(|state| self.stands(*index, state)))
    }

    /// Whether a motion on the present version was rejected and none is undecided.
    fn is_rejected(&self, slot: &Slot) -> bool {
        let history = self.state.history(&self.graph, slot);
        let present = history.last().and_then(|motions| self.state.motions.get(motions.first()?));
        let base = present.map(|state| state.facts.version);
        let contenders = self.state.contenders.get(&(slot.clone(), base)).into_iter().flatten();
        let outcomes: Vec<Option<Outcome>> = contenders
            .filter_map(|index| Some((*index, self.state.motions.get(index)?)))
            .filter(|(index, state)| self.stands(*index, state))
            .map(|(index, _)| self.state.outcome(index))
            .collect();
        outcomes.contains(&Some(Outcome::Rejected)) && !outcomes.contains(&None)
    }

    fn dossier<'a>(&'a self, list: &'a [Index]) -> Vec<&'a Entry> {
        let mut entries: Vec<&Entry> =
            self.state.counting(&self.graph, list).map(|(_, entry)| entry).collect();
        entries.sort_by_key(|entry| entry.id);
        entries
    }

    pub(crate) fn document_views(&self, application: Index) -> Vec<DocumentView> {
        let Some(dossier) = self.state.applications.get(&application) else { return Vec::new() };
        let mut entries = self.dossier(&dossier.documents);
        entries.sort_by_key(|entry| (self.rotations(entry), entry.seq, entry.id));
        let supersedes = |entry: &Entry| entry.cite(1).map(|index| self.graph.id(index));
        let superseded: Vec<Id> = entries.iter().filter_map(|entry| supersedes(entry)).collect();
        let view = |entry: &&Entry| {
            let index = self.graph.index(&entry.id)?;
            let descriptor = entry.content.attachments.first()?;
            Some(DocumentView {
                id: entry.id,
                document_type: content!(entry, Document)?.document_type.to_string(),
                hash: descriptor.hash,
                size_bytes: descriptor.size_bytes,
                scope: descriptor.scope,
                supersedes: supersedes(entry),
                current: !superseded.contains(&entry.id),
                at: entry.at,
                readers: self.readers(index, &descriptor.hash),
                erased: self.erased(&descriptor.hash),
            })
        };
        entries.iter().filter_map(view).collect()
    }

    fn review_views(&self, application: Index) -> Vec<ReviewView> {
        let Some(dossier) = self.state.applications.get(&application) else { return Vec::new() };
        let view = |entry: &Entry| {
            let review = content!(entry, Review)?;
            Some(ReviewView {
                id: entry.id,
                panel: review.panel.to_string(),
                author: entry.author,
                hub: self.standing.hub_of(&entry.author).and_then(|hub| self.hub_text(hub)),
                recommendation: review.recommendation,
                conflict: conflict::of_review(&self.graph, &self.state.now.charter, entry),
                opens_from: self.opens_from(&entry.id),
                opens: blind::opens(entry).map(|sealed| self.graph.id(sealed)),
                scores: review.scores.to_vec(),
                documents: entry
                    .cites
                    .get(3)
                    .into_iter()
                    .flatten()
                    .map(|index| self.graph.id(*index))
                    .collect(),
                at: entry.at,
                erased: self.erased_of(&entry.content.attachments),
            })
        };
        self.dossier(&dossier.reviews).into_iter().filter_map(view).collect()
    }

    fn interview_views(&self, application: Index) -> Vec<InterviewView> {
        let Some(dossier) = self.state.applications.get(&application) else { return Vec::new() };
        let view = |entry: &Entry| {
            Some(InterviewView {
                id: entry.id,
                author: entry.author,
                hub: self.standing.hub_of(&entry.author).and_then(|hub| self.hub_text(hub)),
                outcome: content!(entry, Interview)?.outcome,
                at: entry.at,
                erased: self.erased_of(&entry.content.attachments),
            })
        };
        self.dossier(&dossier.interviews).into_iter().filter_map(view).collect()
    }

    /// The stage that follows on the one that an application reached, counted from 1.
    ///
    /// Protocol 4.1: a claim needs the last stage only.
    pub(crate) fn stage_after(&self, application: Index, reached: usize) -> Option<&Stage> {
        let stages = &self.state.now.charter.stages;
        let claims = reached == 0 && claim_of(&self.graph, application).is_some();
        if claims { stages.last() } else { stages.get(reached) }
    }

    fn next_stage(&self, application: Index, reached: usize) -> Option<NextStage> {
        let stage = self.stage_after(application, reached)?;
        if claim_of(&self.graph, application).is_some() {
            let taken = self.taken_up_by_another(application).map(|hub| {
                let id = self.hub_text(hub).unwrap_or_default();
                format!("the claim is taken up by {id} already")
            });
            let (stage, missing) = (stage.slug.to_string(), taken.into_iter().collect());
            return Some(NextStage { stage, missing, blind_ms: None });
        }
        let dossier = self.state.applications.get(&application)?;
        let all = [&dossier.documents, &dossier.reviews, &dossier.interviews];
        let entries: Vec<&Entry> = all.into_iter().flat_map(|list| self.dossier(list)).collect();
        let charter = &self.state.now.charter;
        Some(NextStage {
            stage: stage.slug.to_string(),
            missing: missing(&self.graph, charter, stage, &entries),
            blind_ms: charter.blind_ms(&stage.slug),
        })
    }

    /// Whether the applicant took its application back.
    fn is_withdrawn(&self, application: Index) -> bool {
        let dossier = self.state.applications.get(&application);
        let withdrawals = dossier.map_or(&[][..], |dossier| &dossier.withdrawals);
        self.state.counting(&self.graph, withdrawals).next().is_some()
    }

    fn signatures(&self, application: Index) -> Option<Signatures> {
        let admission = self.known().admission(application)?;
        Some(Signatures {
            motion: self.graph.id(admission.motion),
            hub: admission.hub.is_some(),
            seats: admission.seats.keys().map(|hub| self.hub_slug(*hub)).collect(),
            seats_needed: admission.needed,
        })
    }

    /// The ids that an `advance` motion on an application cites as evidence: the application, then the
    /// current documents, the reviews and the interviews.
    #[must_use]
    pub fn evidence_for(&self, application: &Id) -> Option<Vec<Id>> {
        let index = self.graph.index(application)?;
        let dossier = self.state.applications.get(&index)?;
        let documents = self
            .document_views(index)
            .into_iter()
            .filter(|document| document.current)
            .map(|document| document.id);
        let others = self
            .dossier(&dossier.reviews)
            .into_iter()
            .chain(self.dossier(&dossier.interviews))
            .map(|entry| entry.id);
        Some(std::iter::once(*application).chain(documents).chain(others).collect())
    }

    /// The base that an `advance` motion on an application cites: the certificate of the stage that it
    /// reached, or nothing before the first.
    #[must_use]
    pub fn base_for(&self, application: &Id) -> Vec<Id> {
        self.decision_on(&Slot::Application(*application)).unwrap_or_default()
    }
}
