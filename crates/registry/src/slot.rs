//! Slots: what can have only one value, and the certificates that move it (Protocol 6.1, 6.6).

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Field as _, Hash, Id, PublicKey, Value};

use crate::graph::{Entry, Graph, Index};
use crate::identity::Hub;
use crate::motion::{Effect, application_index, is_admission};
use crate::past::{Past, content};
use crate::{Outcome, Void};

const VERSION_DOMAIN: &str = "cohub version v1\n";

/// Something that has one value at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// The stage of an application.
    Application(Id),
}

impl Slot {
    /// The slot that an effect moves.
    pub(crate) const fn of(effect: &Effect) -> Self {
        match effect {
            Effect::Advance { application, .. } => Self::Application(*application),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Application(id) => Value::Array(vec![Value::Text("application".to_owned()), id.to_value()]),
        }
    }
}

/// The version that an effect gives a slot on top of a base. Opening the same effect again is no conflict.
pub(crate) fn version_of(slot: &Slot, base: Option<&Hash>, effect: &Effect) -> Hash {
    let base = base.map_or([0; 32], |hash| *hash.as_bytes());
    Hash::of(VERSION_DOMAIN, &[&slot.to_value().encode(), &base, &effect.to_value().encode()])
}

/// q returns of one motion with the outcome `adopted`, cited as a group.
pub(crate) struct Certificate<'a> {
    pub(crate) motion: &'a Entry,
}

impl Certificate<'_> {
    /// The hub that this certificate admits, if its motion reached the last stage.
    pub(crate) fn admits(&self, graph: &Graph) -> Option<Hub> {
        if !is_admission(graph, self.motion) {
            return None;
        }
        let application = graph.get(application_index(graph, self.motion)?)?;
        graph.hub_of(*application.cites.first()?.first()?)
    }
}

/// Reads the certificate that a group of cites is.
pub(crate) fn certificate_of<'a>(past: &Past<'a>, group: usize, clause: u8) -> Result<Certificate<'a>, Void> {
    let motions = returned_by_quorums(past, group, clause, |outcome| outcome == Outcome::Adopted)?;
    let mut motions = motions.into_iter().filter_map(|motion| past.graph.get(motion));
    match (motions.next(), motions.next()) {
        (Some(motion), None) => Ok(Certificate { motion }),
        (Some(_), Some(_)) => Err(past.void(clause, "the returns are of several motions")),
        (None, _) => Err(past.void(clause, "a certificate is made of returns, these are none")),
    }
}

/// Checks that a group is made of returns with a fitting outcome, of each motion exactly those of q tellers.
/// Answers the motions.
pub(crate) fn returned_by_quorums(
    past: &Past<'_>,
    group: usize,
    clause: u8,
    fits: impl Fn(Outcome) -> bool,
) -> Result<BTreeSet<Index>, Void> {
    let mut tellers: BTreeMap<Index, BTreeSet<PublicKey>> = BTreeMap::new();
    for (_, entry) in past.group(group) {
        let on = entry.cites.first().and_then(|cites| cites.first()).copied();
        let (Some(returned), Some(motion)) = (content!(entry, Return), on) else {
            return Err(past.void(clause, "a certificate is made of returns"));
        };
        past.require(clause, fits(returned.outcome), "a return of the certificate has another outcome")?;
        let fresh = tellers.entry(motion).or_default().insert(entry.author);
        past.require(clause, fresh, "a teller returned twice")?;
    }
    let needed = past.seating.quorum();
    match tellers.values().find(|tellers| tellers.len() != needed) {
        Some(found) => {
            Err(past.void(clause, format!("a certificate is {needed} returns, these are {}", found.len())))
        }
        None => Ok(tellers.into_keys().collect()),
    }
}
