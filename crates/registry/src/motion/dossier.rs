//! What a stage requires of a dossier, and whether the evidence of a motion has it (Protocol 5.2).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, PublicKey, Slug};

use crate::application::{InterviewOutcome, application_of};
use crate::charter::{Charter, Stage};
use crate::claim::claim_of;
use crate::graph::{Entry, Graph};
use crate::past::{Past, content};
use crate::{Kind, Void, blind, conflict};

/// Protocol 5.2: the vote is bound to the exact dossier.
pub(super) fn judge_evidence(
    past: &Past<'_>,
    charter: &Charter,
    stage: &Stage,
    application: &Id,
) -> Result<(), Void> {
    let mut evidence = past.group(5);
    let (index, entry) = evidence.next().ok_or_else(|| past.void(7, "the evidence lacks the application"))?;
    let own = entry.is(Kind::Application) && entry.id == *application;
    past.require(7, own, "the evidence does not begin with the application")?;
    let dossier: Vec<&Entry> = evidence.map(|(_, entry)| entry).collect();
    let belongs = dossier.iter().all(|entry| application_of(entry) == Some(index));
    past.require(7, belongs, "the evidence holds something that is not of this application")?;
    let once: BTreeSet<&Id> = dossier.iter().map(|entry| &entry.id).collect();
    past.require(7, once.len() == dossier.len(), "the evidence holds something twice")?;
    // Protocol 4.1: a claim needs no dossier.
    if claim_of(past.graph, index).is_some() {
        return Ok(());
    }
    match missing(past.graph, charter, stage, &dossier).first() {
        Some(missing) => Err(past.void(7, missing.clone())),
        None => Ok(()),
    }
}

/// What a stage requires and a dossier lacks, in words.
pub(crate) fn missing(graph: &Graph, charter: &Charter, stage: &Stage, dossier: &[&Entry]) -> Vec<String> {
    let documents: BTreeSet<&Slug> =
        dossier.iter().filter_map(|e| content!(e, Document)).map(|d| &d.document_type).collect();
    let lacking = stage.documents.iter().filter(|wanted| !documents.contains(wanted));
    let mut words: Vec<String> = lacking.map(|wanted| format!("the document {wanted} is missing")).collect();
    for required in stage.reviews.iter() {
        // Of several reviews of one panelist the latest counts.
        let mut latest: BTreeMap<PublicKey, (u64, Reverse<Id>, bool)> = BTreeMap::new();
        let mut in_conflict = BTreeSet::new();
        for (entry, review) in dossier.iter().filter_map(|e| Some((e, content!(e, Review)?))) {
            if review.panel != required.panel {
                continue;
            }
            // Protocol 6.13: a conflict of interest takes its author out of the count.
            if conflict::of_review(graph, charter, entry).is_some() {
                in_conflict.insert(entry.author);
            } else {
                let said = (entry.seq, Reverse(entry.id), blind::counts(charter, &stage.slug, review));
                latest.entry(entry.author).and_modify(|before| *before = said.max(*before)).or_insert(said);
            }
        }
        let reviewers = latest.values().filter(|(.., counts)| *counts).count();
        if reviewers < usize::from(required.count) {
            let without = match in_conflict.len() {
                0 => String::new(),
                some => format!(", without {some} of people who have a conflict of interest"),
            };
            words.push(format!(
                "{reviewers} of {} reviews by the panel {} are there{without}",
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
