//! Slots: what can have only one value, and the certificates that move it (Protocol 6.1, 6.6).

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Field as _, Hash, Id, PublicKey, Slug, Value};

use crate::effect::Effect;
use crate::graph::Index;
use crate::identity::Hub;
use crate::motion::{MotionFacts, application_index, is_admission};
use crate::past::{Past, content};
use crate::{Outcome, Void};

const VERSION_DOMAIN: &str = "cohub version v1\n";
const RESOLUTION_DOMAIN: &str = "cohub resolution v1\n";

/// Something that has one value at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slot {
    /// The stage of an application.
    Application(Id),
    /// The standing of a hub.
    Hub(Id),
    /// Which of a hub's rival rotations stands.
    Keys(Id),
    /// Who sits on the committee.
    Committee,
    /// Which committee begins the next generation, after one that cannot decide any more.
    Generation,
    /// The charter in force.
    Charter,
    /// The manifesto.
    Manifesto,
    /// Who sits on a panel.
    Panel(Slug),
    /// Whether something was said.
    Resolution(Hash),
}

impl Slot {
    /// The slot that an effect moves.
    pub(crate) fn of(effect: &Effect) -> Self {
        match effect {
            Effect::Advance { application, .. } => Self::Application(*application),
            Effect::Resolve { text } => {
                Self::Resolution(Hash::of(RESOLUTION_DOMAIN, &[text.as_str().as_bytes()]))
            }
            Effect::Appoint { panel, .. } => Self::Panel(panel.clone()),
            Effect::Amend { .. } => Self::Charter,
            Effect::Manifesto { .. } => Self::Manifesto,
            Effect::Standing { hub, .. } => Self::Hub(*hub),
            Effect::Seat { .. } => Self::Committee,
            Effect::Fallback { .. } => Self::Generation,
            Effect::Recover { hub, .. } => Self::Keys(*hub),
        }
    }

    /// The word that it begins with.
    pub(crate) const fn word(&self) -> &'static str {
        match self {
            Self::Application(_) => "application",
            Self::Hub(_) => "hub",
            Self::Keys(_) => "keys",
            Self::Committee => "committee",
            Self::Generation => "generation",
            Self::Charter => "charter",
            Self::Manifesto => "manifesto",
            Self::Panel(_) => "panel",
            Self::Resolution(_) => "resolution",
        }
    }

    fn to_value(&self) -> Value {
        let key = match self {
            Self::Application(id) | Self::Hub(id) | Self::Keys(id) => Some(id.to_value()),
            Self::Panel(slug) => Some(slug.to_value()),
            Self::Resolution(hash) => Some(hash.to_value()),
            Self::Committee | Self::Generation | Self::Charter | Self::Manifesto => None,
        };
        Value::Array(std::iter::once(Value::Text(self.word().to_owned())).chain(key).collect())
    }
}

/// The version that an effect gives a slot on top of a base. Opening the same effect again is no conflict.
pub(crate) fn version_of(slot: &Slot, base: Option<&Hash>, effect: &Effect) -> Hash {
    let base = base.map_or([0; 32], |hash| *hash.as_bytes());
    Hash::of(VERSION_DOMAIN, &[&slot.to_value().encode(), &base, &effect.to_value().encode()])
}

/// q returns of one motion with the outcome `adopted`, cited as a group.
pub(crate) struct Certificate<'a> {
    pub(crate) index: Index,
    pub(crate) facts: &'a MotionFacts,
}

impl Certificate<'_> {
    /// The hub that this certificate admits, if its motion reached the last stage.
    pub(crate) fn admits(&self, past: &Past<'_>) -> Option<Hub> {
        if !is_admission(past.terms, past.graph, self.index) {
            return None;
        }
        let application = past.graph.get(application_index(past.graph, self.index)?)?;
        past.graph.hub_of(application.cite(0)?)
    }
}

/// Reads the certificate that a group of cites is.
pub(crate) fn certificate_of<'a>(past: &Past<'a>, group: usize, clause: u8) -> Result<Certificate<'a>, Void> {
    let motions = returned_by_quorums(past, group, clause, |outcome| outcome == Outcome::Adopted)?;
    let facts = |index| Some(Certificate { index, facts: past.terms.motion(index)? });
    let mut motions = motions.into_iter().filter_map(facts);
    match (motions.next(), motions.next()) {
        (Some(certificate), None) => Ok(certificate),
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
        let on = entry.cite(0);
        let (Some(returned), Some(motion)) = (content!(entry, Return), on) else {
            return Err(past.void(clause, "a certificate is made of returns"));
        };
        past.require(clause, fits(returned.outcome), "a return of the certificate has another outcome")?;
        let fresh = tellers.entry(motion).or_default().insert(entry.author);
        past.require(clause, fresh, "a teller returned twice")?;
    }
    for (motion, tellers) in &tellers {
        // Protocol 6.6: q of the tellers of this very motion.
        let needed = past.terms.motion(*motion).map_or(0, |facts| facts.seating.quorum());
        if tellers.len() != needed {
            let found = tellers.len();
            return Err(past.void(clause, format!("a certificate is {needed} returns, these are {found}")));
        }
    }
    Ok(tellers.into_keys().collect())
}
