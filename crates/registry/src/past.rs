//! What a rule may read: the record, and what it builds on. Nothing else is reachable from here.

use crate::graph::{Entry, Graph, Index};
use crate::kind::Fact;
use crate::terms::Terms;
use crate::{Kind, Void};

/// A record under judgement and its past.
#[derive(Clone, Copy)]
pub(crate) struct Past<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) entry: &'a Entry,
    pub(crate) kind: Kind,
    /// What follows from the motions in its past.
    pub(crate) terms: Terms<'a>,
}

impl<'a> Past<'a> {
    /// A clause that is broken, in words.
    pub(crate) fn void(&self, clause: u8, why: impl Into<String>) -> Void {
        Void { kind: self.kind, clause, why: why.into() }
    }

    /// Breaks the clause unless `holds`.
    pub(crate) fn require(&self, clause: u8, holds: bool, why: &str) -> Result<(), Void> {
        if holds { Ok(()) } else { Err(self.void(clause, why)) }
    }

    /// Checks that the record has exactly the groups of cites of its kind.
    pub(crate) fn groups(&self, count: usize) -> Result<(), Void> {
        let found = self.entry.cites.len();
        if found == count {
            Ok(())
        } else {
            Err(self.void(0, format!("expected {count} groups of cites, found {found}")))
        }
    }

    /// Checks that what the record says of its attachments is possible.
    pub(crate) fn attachments(&self) -> Result<(), Void> {
        let mut faults =
            self.entry.content.attachments.iter().filter_map(|descriptor| descriptor.check().err());
        faults.next().map_or(Ok(()), |fault| Err(self.void(0, fault.to_string())))
    }

    /// The records of one group; every one of them is held and valid.
    pub(crate) fn group(&self, group: usize) -> impl Iterator<Item = (Index, &'a Entry)> + use<'a> {
        let graph = self.graph;
        let entry = self.entry;
        entry
            .cites
            .get(group)
            .into_iter()
            .flatten()
            .filter_map(move |index| Some((*index, graph.get(*index)?)))
    }

    /// The only record of a group.
    pub(crate) fn only(&self, group: usize, clause: u8, what: &str) -> Result<(Index, &'a Entry), Void> {
        let mut records = self.group(group);
        match (records.next(), records.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(self.void(clause, format!("cites exactly one {what}"))),
        }
    }

    /// The record of a group that may be empty.
    pub(crate) fn at_most_one(
        &self,
        group: usize,
        clause: u8,
        what: &str,
    ) -> Result<Option<(Index, &'a Entry)>, Void> {
        let mut records = self.group(group);
        match (records.next(), records.next()) {
            (found, None) => Ok(found),
            _ => Err(self.void(clause, format!("cites at most one {what}"))),
        }
    }
}

impl Entry {
    /// The content of a record that decoded.
    pub(crate) fn content(&self) -> Option<&Fact> {
        self.content.fact.as_ref().and_then(|fact| fact.as_ref().ok())
    }

    /// The first record of a group of cites.
    pub(crate) fn cite(&self, group: usize) -> Option<Index> {
        self.cites.get(group)?.first().copied()
    }

    /// Whether this record follows `kind`.
    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kind == Some(kind)
    }
}

/// Reads the content of an entry of one kind: `content!(entry, Grant)` is `Option<&Grant>`.
macro_rules! content {
    ($entry:expr, $kind:ident) => {
        match $entry.content() {
            Some(crate::kind::Fact::$kind(fact)) => Some(fact.as_ref()),
            _ => None,
        }
    };
}
pub(crate) use content;
