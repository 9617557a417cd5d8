//! Slots: what can have only one value, and the certificates that move it (Protocol 6.1, 6.6).

use std::collections::BTreeSet;

use cohub_record::{Field as _, Hash, Id, Value};

use crate::graph::{Entry, Graph, Index};
use crate::identity::Hub;
use crate::motion::{Effect, application_index, is_admission};
use crate::past::{Past, content};
use crate::{Kind, Outcome, Void};

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
    let motion = returned_by_quorum(past, group, clause, |outcome| outcome == Outcome::Adopted)?;
    let motion = past.graph.get(motion).ok_or_else(|| past.void(clause, "its motion is not held"))?;
    Ok(Certificate { motion })
}

/// Checks that a group is exactly q returns of distinct tellers on one motion, each with a fitting outcome.
pub(crate) fn returned_by_quorum(
    past: &Past<'_>,
    group: usize,
    clause: u8,
    fits: impl Fn(Outcome) -> bool,
) -> Result<Index, Void> {
    let mut motion = None;
    let mut tellers = BTreeSet::new();
    for (_, entry) in past.group(group) {
        let returned = content!(entry, Return).filter(|_| entry.is(Kind::Return));
        let returned = returned.ok_or_else(|| past.void(clause, "a certificate is made of returns"))?;
        past.require(clause, fits(returned.outcome), "a return of the certificate has another outcome")?;
        let on = entry.cites.first().and_then(|cites| cites.first()).copied();
        past.require(clause, motion.is_none() || motion == on, "the returns are of several motions")?;
        motion = on;
        past.require(clause, tellers.insert(entry.author), "a teller returned twice")?;
    }
    let needed = past.seating.quorum();
    let motion = motion.filter(|_| tellers.len() == needed);
    motion.ok_or_else(|| {
        past.void(clause, format!("a certificate is {needed} returns, these are {}", tellers.len()))
    })
}
