//! The registry as it was: the same function over fewer records.
//!
//! There is no clock in the registry, so "as it was" is a choice of records, which is closed under what they
//! build on. As of a motion: what its certificate proves, nothing else. As of a date: see [`AsOf::Date`].

use std::collections::BTreeSet;
use std::sync::Arc;

use cohub_record::Id;
use serde::{Deserialize, Serialize};

use crate::Registry;
use crate::graph::{Entry, Graph, Index};

/// Of when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AsOf {
    /// The records that the certificate of a decided motion descends from: what who decided it had before it.
    Motion(Id),
    /// Milliseconds since the Unix epoch. A decision belongs to it whose date, the lower median of its
    /// certificate's returns (Protocol 6.12), is not later, with all that it descends from; any other record
    /// if its author's date is not later, and what it builds on belongs to it.
    Date(u64),
}

impl Registry {
    /// The registry as it was. None where a motion is not decided, or a date lies before the network.
    #[must_use]
    pub fn as_of(&self, as_of: AsOf) -> Option<Self> {
        let kept = match as_of {
            AsOf::Motion(motion) => self.past_of_decision(&motion)?,
            AsOf::Date(date) => self.until(date)?,
        };
        self.only(&kept)
    }

    /// A decision's certificate and all that it descends from.
    fn past_of_decision(&self, motion: &Id) -> Option<BTreeSet<Index>> {
        let (_, returns) = self.certificate(motion)?;
        let mut kept = BTreeSet::new();
        self.add_past(returns.iter().filter_map(|id| self.graph.index(id)), &mut kept);
        Some(kept)
    }

    /// Protocol 6.12: what belongs to a date.
    fn until(&self, date: u64) -> Option<BTreeSet<Index>> {
        let founding = self.entry(&self.network())?;
        let mut kept = BTreeSet::new();
        let decided = |motion: &&Index| self.date_of_motion(**motion).is_some_and(|decided| decided <= date);
        let dated = self.state.motions.keys().filter(decided);
        for motion in dated {
            let returns = self.certificate(&self.graph.id(*motion)).map(|(_, returns)| returns);
            let returns = returns.into_iter().flatten();
            self.add_past(returns.filter_map(|id| self.graph.index(&id)), &mut kept);
        }
        if founding.at > date && kept.is_empty() {
            return None;
        }
        kept.insert(self.graph.index(&self.network())?);
        for index in self.graph.oldest_first() {
            let Some(entry) = self.graph.get(index).filter(|entry| entry.at <= date) else { continue };
            if entry.cites.all().chain(entry.prev).all(|on| kept.contains(&on)) {
                kept.insert(index);
            }
        }
        Some(kept)
    }

    /// Adds records and all that they descend from, by predecessors and cites.
    fn add_past(&self, records: impl Iterator<Item = Index>, kept: &mut BTreeSet<Index>) {
        let mut waiting: Vec<Index> = records.collect();
        while let Some(index) = waiting.pop() {
            if let Some(entry) = self.graph.get(index).filter(|_| kept.insert(index)) {
                waiting.extend(entry.cites.all().chain(entry.prev));
            }
        }
    }

    /// The registry of some of the records, which have to be closed under what they build on.
    fn only(&self, kept: &BTreeSet<Index>) -> Option<Self> {
        let network = self.graph.index(&self.network())?;
        let mut graph = Graph::default();
        let founding = graph.hold_again(&self.graph, network)?;
        let founder = self.graph.get(network)?.author;
        let mut registry = Self::begun(graph, founding, Arc::clone(&self.founding), founder, self.network());
        #[cfg(feature = "weaken")]
        registry.switch_off(self.switched_off());
        let others = self.graph.oldest_first().into_iter();
        for index in others.filter(|index| *index != network && kept.contains(index)) {
            registry.take_again(&self.graph, index);
        }
        Some(registry)
    }
}

impl Graph {
    /// Every held record behind all that it builds on and that is held.
    fn oldest_first(&self) -> Vec<Index> {
        let mut ordered = Vec::with_capacity(self.len());
        let mut placed = BTreeSet::new();
        for entry in self.entries() {
            let mut waiting: Vec<Index> = self.index(&entry.id).into_iter().collect();
            while let Some(index) = waiting.last().copied() {
                let held = self.get(index).filter(|_| !placed.contains(&index));
                let Some(entry) = held else {
                    waiting.pop();
                    continue;
                };
                let before = waiting.len();
                let awaited = |on: &Index| self.get(*on).is_some() && !placed.contains(on);
                waiting.extend(builds_on(entry).filter(awaited));
                if waiting.len() == before {
                    placed.insert(index);
                    ordered.push(index);
                    waiting.pop();
                }
            }
        }
        ordered
    }
}

fn builds_on(entry: &Entry) -> impl Iterator<Item = Index> + '_ {
    entry.cites.all().chain(entry.prev)
}
