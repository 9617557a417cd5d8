//! Certificates: a decision with everything it rests on, in one file that proves it to anybody.
//!
//! [`Registry::export`] writes the file and [`verify`] reads it. Verifying needs no node, no network and no
//! store: the file holds every record that the tellers' returns descend from, down to the founding record,
//! and the rules of this crate are applied to them from the beginning.
//!
//! **Invariant**: no byte of a valid file can change without the change being found, and no record can be
//! added: the file holds what the returns descend from and nothing else (Protocol 8).

mod date;
mod error;
mod export;
mod file;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, KeyCache, PublicKey, Record};
use serde::Serialize;

pub use error::CertificateError;

use crate::graph::Index;
use crate::past::content;
use crate::{EvidenceView, Outcome, Registry, RollEntry, TallyView, TellerEntry, Verdict};
use file::File;

/// What a certificate file was found to prove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Always true: a file that is not valid gives an error instead.
    pub valid: bool,
    /// The network: `net1…`.
    pub network: String,
    /// What people call the network.
    pub network_name: String,
    /// The motion that was decided.
    pub motion: Id,
    /// What was decided.
    pub outcome: Outcome,
    /// All of it in a paragraph, for people who know nothing of records.
    pub explanation: String,
    /// The count that most tellers returned, and how near it was to what the rule asks.
    pub tally: TallyView,
    /// The committee's tellers by seat: who closed, who returned what, who refused.
    pub tellers: Vec<TellerEntry>,
    /// Each seat's counted ballot.
    pub roll: Vec<RollEntry>,
    /// Keys among these records that signed two records for one place.
    pub forks: Vec<EvidenceView>,
    /// Records in the file.
    pub records: usize,
}

/// Verifies a certificate file and says what it proves. With `pinned`, only a certificate of that network
/// is accepted; without, the reader has to know the network that the answer names.
///
/// # Errors
/// [`CertificateError`], which names what is wrong and where.
pub fn verify(bytes: &[u8], pinned: Option<Id>) -> Result<Verified, CertificateError> {
    let file = File::read(bytes)?;
    let records = authentic(&file)?;
    let registry = replay(&records, pinned)?;
    let motion = decided(&registry, &records, &file)?;
    registry.verified(motion, file.outcome).ok_or(CertificateError::NoMotion(file.motion))
}

/// The records, each authentic, in order of their ids.
fn authentic(file: &File<'_>) -> Result<Vec<Record>, CertificateError> {
    let mut keys = KeyCache::default();
    let mut before: Option<Id> = None;
    let mut records = Vec::with_capacity(file.records.len());
    for (number, (at, bytes)) in (1..).zip(&file.records) {
        let at = *at;
        let no_record = |error| CertificateError::Record { number, at, error };
        let record = Record::verify_with(&mut keys, bytes).map_err(no_record)?;
        if before.is_some_and(|before| before >= record.id()) {
            return Err(CertificateError::Order { number, at, id: record.id() });
        }
        before = Some(record.id());
        records.push(record);
    }
    Ok(records)
}

/// The registry of these records alone, with a verdict on every one of them.
fn replay(records: &[Record], pinned: Option<Id>) -> Result<Registry, CertificateError> {
    let founding = records.iter().find(|record| record.header().network.is_none());
    let founding = founding.ok_or(CertificateError::NoFounding)?;
    if let Some(pinned) = pinned.filter(|pinned| *pinned != founding.id()) {
        return Err(CertificateError::WrongNetwork { found: founding.id(), pinned });
    }
    let mut registry = Registry::found(founding).map_err(CertificateError::Founding)?;
    let mut in_order: Vec<&Record> = records.iter().collect();
    // A record's predecessor has the lower seq, and cites may come later.
    in_order.sort_by_key(|record| record.place());
    for record in in_order {
        registry
            .insert(record)
            .map_err(|refused| CertificateError::Loose { id: record.id(), why: refused.to_string() })?;
    }
    if let Some(id) = registry.missing().first() {
        return Err(CertificateError::Missing(*id));
    }
    match records.iter().find(|record| registry.verdict(&record.id()) == Some(&Verdict::Pending)) {
        Some(unknown) => Err(CertificateError::Unknown(unknown.id())),
        None => Ok(registry),
    }
}

/// The motion, once its outcome is found to be the stated one and all records to be needed for it.
fn decided(registry: &Registry, records: &[Record], file: &File<'_>) -> Result<Index, CertificateError> {
    let no_motion = || CertificateError::NoMotion(file.motion);
    let index = registry.graph.index(&file.motion).ok_or_else(no_motion)?;
    not_void(registry, &file.motion)?;
    let state = registry.state.motions.get(&index).ok_or_else(no_motion)?;
    let ends = ends(records);
    match registry.state.outcome(index) {
        Some(outcome) if outcome == file.outcome => {}
        Some(found) => return Err(CertificateError::Outcome { stated: file.outcome, found }),
        None => {
            ends.iter().try_for_each(|id| not_void(registry, id))?;
            return Err(registry.not_final(state));
        }
    }
    let returns: BTreeMap<Id, PublicKey> = state
        .returns
        .iter()
        .filter_map(|index| registry.graph.get(*index))
        .filter(|entry| content!(entry, Return).is_some_and(|r| r.outcome == file.outcome))
        .map(|entry| (entry.id, entry.author))
        .collect();
    // Protocol 8: the file is what q returns of distinct tellers descend from, and nothing more. So whatever
    // nothing else builds on is one of these returns.
    let mut tellers = BTreeSet::new();
    for id in ends {
        let needed = returns.get(&id).is_some_and(|teller| tellers.insert(*teller));
        if !needed || tellers.len() > state.facts.seating.quorum() {
            return Err(CertificateError::Needless(id));
        }
    }
    Ok(index)
}

fn not_void(registry: &Registry, id: &Id) -> Result<(), CertificateError> {
    match registry.verdict(id) {
        Some(Verdict::Void(void)) => Err(CertificateError::Void { id: *id, void: void.clone() }),
        _ => Ok(()),
    }
}

/// The records on which no other one builds, in order of their ids.
fn ends(records: &[Record]) -> Vec<Id> {
    let built_on: BTreeSet<&Id> =
        records.iter().flat_map(|record| record.header().cited().chain(&record.header().prev)).collect();
    records.iter().map(Record::id).filter(|id| !built_on.contains(id)).collect()
}

impl Registry {
    /// What is proved by exactly these records about a motion with a final outcome.
    fn verified(&self, index: Index, outcome: Outcome) -> Option<Verified> {
        let motion = self.motion(&self.graph.id(index))?;
        let forks = self.evidence_views();
        Some(Verified {
            valid: true,
            network: self.network().to_network_text(),
            network_name: self.founding().name.to_string(),
            motion: motion.id,
            outcome,
            explanation: self.explanation(index, outcome, &motion, &motion.roll, &forks)?,
            tally: motion.tally,
            tellers: motion.tellers,
            roll: motion.roll,
            forks,
            records: self.len(),
        })
    }
}
