//! Motions: what a body is asked to decide, bound to its base and evidence (Protocol 6.1).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{BodyError, Field, Hash, Id, PublicKey, Slug, Value, array_of, positional};

use crate::application::{InterviewOutcome, Recommendation, application_of};
use crate::charter::Stage;
use crate::founding::Role;
use crate::graph::{Entry, Graph, Index};
use crate::past::{Past, content};
use crate::slot::{Slot, certificate_of, version_of};
use crate::{Charter, Kind, Rule, Void};

/// What happens if the motion is adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// An application reaches a stage; reaching the last one is the admission.
    Advance {
        /// The application.
        application: Id,
        /// The stage.
        stage: Slug,
        /// Until when the next step has to be made, in milliseconds since the Unix epoch; 0 for no end.
        open_by: u64,
    },
}

const ADVANCE: &str = "advance";

impl Field for Effect {
    fn to_value(&self) -> Value {
        match self {
            Self::Advance { application, stage, open_by } => Value::Array(vec![
                Value::Text(ADVANCE.to_owned()),
                application.to_value(),
                stage.to_value(),
                open_by.to_value(),
            ]),
        }
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        let fields = array_of(value, 4)?;
        match &fields[0] {
            Value::Text(kind) if kind == ADVANCE => Ok(Self::Advance {
                application: Field::from_value(&fields[1]).map_err(|e| e.inside("application"))?,
                stage: Field::from_value(&fields[2]).map_err(|e| e.inside("stage"))?,
                open_by: Field::from_value(&fields[3]).map_err(|e| e.inside("open_by"))?,
            }),
            _ => Err(BodyError::new("expected an effect: advance")),
        }
    }
}

impl Effect {
    /// The kind of motion that has this effect.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Advance { .. } => ADVANCE,
        }
    }
}

positional! {
    /// A question put to a body.
    pub struct Motion {
        /// What it is to bring about.
        pub effect: Effect,
        /// D: until when ballots are taken, in milliseconds since the Unix epoch.
        pub deadline: u64,
    }
}

/// What follows from a valid motion and its past alone.
#[derive(Debug, Clone)]
pub(crate) struct MotionFacts {
    pub(crate) slot: Slot,
    pub(crate) base: Option<Hash>,
    pub(crate) version: Hash,
    pub(crate) rule: Rule,
    pub(crate) deadline: u64,
}

/// The founding record that a motion pins as its charter.
fn charter_of<'a>(graph: &'a Graph, motion: &Entry) -> Option<&'a Charter> {
    let founding = graph.get(*motion.cites.get(3)?.first()?)?;
    content!(founding, Founding).map(|founding| &founding.charter)
}

/// Whether a motion's adoption is the admission: it reaches the charter's last stage.
pub(crate) fn is_admission(graph: &Graph, motion: &Entry) -> bool {
    let Some(Motion { effect: Effect::Advance { stage, .. }, .. }) = content!(motion, Motion) else {
        return false;
    };
    charter_of(graph, motion)
        .and_then(|charter| charter.stages.last())
        .is_some_and(|last| last.slug == *stage)
}

/// The motion whose certificate another cites as its base.
pub(crate) fn base_of(graph: &Graph, motion: &Entry) -> Option<Index> {
    let returned = graph.get(*motion.cites.get(4)?.first()?)?;
    returned.cites.first()?.first().copied()
}

/// Gathers what later records ask of a valid motion on a base that stands for this version.
pub(crate) fn facts(graph: &Graph, entry: &Entry, base: Option<Hash>) -> Option<MotionFacts> {
    let motion = content!(entry, Motion)?;
    let Effect::Advance { stage, .. } = &motion.effect;
    let charter = charter_of(graph, entry)?;
    let (_, stage) = charter.stage(stage)?;
    let slot = Slot::of(&motion.effect);
    Some(MotionFacts {
        version: version_of(&slot, base.as_ref(), &motion.effect),
        slot,
        base,
        rule: charter.rule(&stage.rule)?.clone(),
        deadline: motion.deadline,
    })
}

/// The rules of `motion`.
pub(crate) fn judge(past: &Past<'_>, motion: &Motion) -> Result<(), Void> {
    past.groups(6)?;
    past.granted(0, 1, &[Role::Representative])?;
    judge_seating(past)?;
    past.require(3, past.group(2).next().is_none(), "the first term has no handovers")?;
    let (_, founding) = past.only(3, 4, "charter")?;
    let charter = content!(founding, Founding)
        .map(|f| &f.charter)
        .ok_or_else(|| past.void(4, "the charter is the founding record"))?;
    let Effect::Advance { application, stage, open_by } = &motion.effect;
    let wanted =
        charter.stage(stage).ok_or_else(|| past.void(6, format!("the charter has no stage {stage}")))?;
    judge_base(past, charter, motion, wanted.0, *open_by)?;
    judge_evidence(past, wanted.1, application)
}

/// Protocol 4.1: motions of the first term cite the founding record and every founder's inception.
fn judge_seating(past: &Past<'_>) -> Result<(), Void> {
    let mut cited = past.group(1);
    let founding = cited.next().and_then(|(_, entry)| content!(entry, Founding));
    let founding = founding.ok_or_else(|| past.void(2, "the seating begins with the founding record"))?;
    let mut founders = BTreeSet::new();
    for (_, entry) in cited {
        let place =
            founding.controlled(&entry.author).map(|(place, _)| place).filter(|_| entry.is(Kind::Inception));
        let place = place
            .ok_or_else(|| past.void(2, "the seating cites something else than founders' inceptions"))?;
        past.require(2, founders.insert(place), "the seating cites a founder twice")?;
    }
    past.require(2, founders.len() == founding.founders.len(), "the seating lacks a founder's inception")
}

fn judge_base(
    past: &Past<'_>,
    charter: &Charter,
    motion: &Motion,
    wanted: usize,
    open_by: u64,
) -> Result<(), Void> {
    if past.group(4).next().is_none() {
        return past.require(6, wanted == 0, "only the first stage has no base");
    }
    let certificate = certificate_of(past, 4, 5)?;
    let before = content!(certificate.motion, Motion)
        .ok_or_else(|| past.void(5, "the base is a certificate of a motion"))?;
    past.require(
        5,
        Slot::of(&before.effect) == Slot::of(&motion.effect),
        "the base is of another application",
    )?;
    let Effect::Advance { stage: reached, open_by: until, .. } = &before.effect;
    let reached = charter.stage(reached).map(|(place, _)| place);
    let extension = reached == Some(wanted) && *until != open_by;
    past.require(6, extension || reached.map(|place| place + 1) == Some(wanted), "its stage is not the next")
}

/// Protocol 5.2: the vote is bound to the exact dossier.
fn judge_evidence(past: &Past<'_>, stage: &Stage, application: &Id) -> Result<(), Void> {
    let mut evidence = past.group(5);
    let (index, entry) = evidence.next().ok_or_else(|| past.void(7, "the evidence lacks the application"))?;
    let own = entry.is(Kind::Application) && entry.id == *application;
    past.require(7, own, "the evidence does not begin with the application")?;
    let dossier: Vec<&Entry> = evidence.map(|(_, entry)| entry).collect();
    let belongs = dossier.iter().all(|entry| application_of(entry) == Some(index));
    past.require(7, belongs, "the evidence holds something that is not of this application")?;
    let once: BTreeSet<&Id> = dossier.iter().map(|entry| &entry.id).collect();
    past.require(7, once.len() == dossier.len(), "the evidence holds something twice")?;
    match missing(stage, &dossier).first() {
        Some(missing) => Err(past.void(7, missing.clone())),
        None => Ok(()),
    }
}

/// What a stage requires and a dossier lacks, in words.
pub(crate) fn missing(stage: &Stage, dossier: &[&Entry]) -> Vec<String> {
    let documents: BTreeSet<&Slug> =
        dossier.iter().filter_map(|e| content!(e, Document)).map(|d| &d.document_type).collect();
    let lacking = stage.documents.iter().filter(|wanted| !documents.contains(wanted));
    let mut words: Vec<String> = lacking.map(|wanted| format!("the document {wanted} is missing")).collect();
    for required in stage.reviews.iter() {
        // Of several reviews of one panelist the latest counts.
        let mut latest: BTreeMap<PublicKey, (u64, Reverse<Id>, Recommendation)> = BTreeMap::new();
        for (entry, review) in dossier.iter().filter_map(|e| Some((e, content!(e, Review)?))) {
            if review.panel == required.panel {
                let said = (entry.seq, Reverse(entry.id), review.recommendation);
                latest.entry(entry.author).and_modify(|before| *before = said.max(*before)).or_insert(said);
            }
        }
        let counts = |said: &Recommendation| matches!(said, Recommendation::Accept | Recommendation::Decline);
        let reviewers = latest.values().filter(|(.., said)| counts(said)).count();
        if reviewers < usize::from(required.count) {
            words.push(format!(
                "{reviewers} of {} reviews by the panel {} are there",
                required.count, required.panel
            ));
        }
    }
    let held = dossier
        .iter()
        .any(|e| content!(e, Interview).is_some_and(|i| i.outcome != InterviewOutcome::Postponed));
    if stage.interview && !held {
        words.push("the interview is missing".to_owned());
    }
    words
}

/// The application that an `advance` motion is about.
pub(crate) fn application_index(graph: &Graph, motion: &Entry) -> Option<Index> {
    let Effect::Advance { application, .. } = &content!(motion, Motion)?.effect;
    graph.index(application)
}
