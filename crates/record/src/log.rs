//! A log: what one key wrote. A line as long as its author is honest, a tree after a fork.

use std::collections::BTreeMap;

use crate::Id;

/// A place in a log. Places of one log order by sequence number, rivals of a fork by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The sequence number.
    pub seq: u64,
    /// The record's id.
    pub id: Id,
}

/// The shape of one log: ids and links, no bodies. What it answers does not depend on the order in
/// which records came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// The first chain that arrived; the index is the sequence number.
    trunk: Vec<Id>,
    /// Records off the trunk, with their predecessors.
    branches: BTreeMap<(u64, Id), Option<Id>>,
}

/// What became of a record that was offered to a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It continues the log.
    Extended,
    /// It has a rival at its sequence number: the least other id there.
    Forked {
        /// The rival.
        rival: Id,
    },
    /// It was there.
    Present,
    /// Its predecessor is not held; nothing was changed.
    Gap,
}

impl Log {
    /// Appends a record.
    pub fn append(&mut self, seq: u64, id: Id, prev: Option<Id>) -> Appended {
        if self.contains(seq, &id) {
            return Appended::Present;
        }
        let held = match (seq.checked_sub(1), prev) {
            (None, None) => true,
            (Some(before), Some(prev)) => self.contains(before, &prev),
            _ => false,
        };
        if !held {
            return Appended::Gap;
        }
        let rival = self.at(seq).next();
        let continues_trunk = self.trunk.len() as u64 == seq && self.trunk.last().copied() == prev;
        if continues_trunk {
            self.trunk.push(id);
        } else {
            self.branches.insert((seq, id), prev);
        }
        rival.map_or(Appended::Extended, |rival| Appended::Forked { rival })
    }

    /// Whether the record is held.
    #[must_use]
    pub fn contains(&self, seq: u64, id: &Id) -> bool {
        self.trunk_at(seq) == Some(*id) || self.branches.contains_key(&(seq, *id))
    }

    /// Whether any two records share a sequence number.
    #[must_use]
    pub fn is_forked(&self) -> bool {
        !self.branches.is_empty()
    }

    /// The ids at a sequence number, least first.
    pub fn at(&self, seq: u64) -> impl Iterator<Item = Id> {
        let branches = self.branches.range((seq, LEAST)..=(seq, GREATEST)).map(|((_, id), _)| *id);
        let mut ids: Vec<Id> = self.trunk_at(seq).into_iter().chain(branches).collect();
        ids.sort_unstable();
        ids.into_iter()
    }

    /// The lowest sequence number that two records share.
    #[must_use]
    pub fn lowest_fork(&self) -> Option<u64> {
        self.forks().next()
    }

    /// The sequence numbers that two or more records share, in order.
    pub fn forks(&self) -> impl Iterator<Item = u64> + '_ {
        let mut last = None;
        self.branches.keys().filter_map(move |(seq, _)| {
            let fresh = last != Some(*seq);
            last = Some(*seq);
            (fresh && self.at(*seq).nth(1).is_some()).then_some(*seq)
        })
    }

    /// The records that nothing in this log continues, in order. They name the log's whole content.
    #[must_use]
    pub fn tips(&self) -> Vec<Place> {
        let Some(last) = self.trunk.len().checked_sub(1) else { return Vec::new() };
        let trunk = Place { seq: last as u64, id: self.trunk[last] };
        if self.branches.is_empty() {
            return vec![trunk];
        }
        let continued: std::collections::BTreeSet<Id> = self.branches.values().flatten().copied().collect();
        let branches = self.branches.keys().map(|(seq, id)| Place { seq: *seq, id: *id });
        let mut tips: Vec<Place> =
            branches.chain([trunk]).filter(|place| !continued.contains(&place.id)).collect();
        tips.sort_unstable();
        tips
    }

    /// The latest record: highest sequence number, then, between rivals, the least id (Protocol 3.1).
    #[must_use]
    pub fn latest(&self) -> Option<Place> {
        let branch = self.branches.keys().next_back().map_or(0, |(seq, _)| *seq);
        let seq = branch.max(self.trunk.len().checked_sub(1)? as u64);
        self.at(seq).next().map(|id| Place { seq, id })
    }

    /// The predecessor of a held record.
    #[must_use]
    pub fn prev(&self, place: Place) -> Option<Place> {
        let before = place.seq.checked_sub(1)?;
        let id = match self.branches.get(&(place.seq, place.id)) {
            Some(prev) => (*prev)?,
            None if self.trunk_at(place.seq) == Some(place.id) => self.trunk_at(before)?,
            None => return None,
        };
        Some(Place { seq: before, id })
    }

    /// Whether `descendant` is `ancestor` or continues it; both are held.
    #[must_use]
    pub fn descends(&self, descendant: Place, ancestor: Place) -> bool {
        let mut place = descendant;
        while place.seq > ancestor.seq {
            // On the trunk every lower record of the trunk is an ancestor: no need to walk.
            if self.trunk_at(place.seq) == Some(place.id) {
                return self.trunk_at(ancestor.seq) == Some(ancestor.id);
            }
            let Some(prev) = self.prev(place) else { return false };
            place = prev;
        }
        place == ancestor
    }

    /// The held records in order of place, from a sequence number on.
    pub fn places_from(&self, seq: u64) -> impl Iterator<Item = Place> + '_ {
        let highest = self.latest().map_or(0, |latest| latest.seq + 1);
        (seq..highest).flat_map(move |seq| self.at(seq).map(move |id| Place { seq, id }))
    }

    /// Records held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.trunk.len() + self.branches.len()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.trunk.is_empty()
    }

    fn trunk_at(&self, seq: u64) -> Option<Id> {
        usize::try_from(seq).ok().and_then(|place| self.trunk.get(place)).copied()
    }
}

const LEAST: Id = Id::from_bytes([0; 32]);
const GREATEST: Id = Id::from_bytes([0xff; 32]);

#[cfg(test)]
mod tests {
    use super::*;

    fn id(byte: u8) -> Id {
        Id::from_bytes([byte; 32])
    }

    fn place(seq: u64, byte: u8) -> Place {
        Place { seq, id: id(byte) }
    }

    /// 1 ─ 2 ─ 3
    ///   ╰ 4 ─ 5 ─ 6
    const TREE: [(u64, u8, u8); 6] = [(0, 1, 0), (1, 2, 1), (2, 3, 2), (1, 4, 1), (2, 5, 4), (3, 6, 5)];

    fn grow(order: &[usize]) -> Log {
        let mut log = Log::default();
        for &index in order {
            let (seq, own, prev) = TREE[index];
            let appended = log.append(seq, id(own), (prev != 0).then(|| id(prev)));
            assert_ne!(appended, Appended::Gap);
        }
        log
    }

    #[test]
    fn answers_do_not_depend_on_the_order_of_arrival() {
        for order in [[0, 1, 2, 3, 4, 5], [0, 3, 4, 5, 1, 2], [0, 3, 1, 4, 2, 5]] {
            let log = grow(&order);
            assert_eq!(log.tips(), [place(2, 3), place(3, 6)]);
            assert_eq!(log.latest(), Some(place(3, 6)));
            assert_eq!(log.forks().collect::<Vec<_>>(), [1, 2]);
            assert!(log.descends(place(3, 6), place(1, 4)) && log.descends(place(2, 3), place(0, 1)));
            assert!(!log.descends(place(3, 6), place(1, 2)) && !log.descends(place(2, 3), place(1, 4)));
            assert_eq!(log.places_from(1).map(|p| p.id).collect::<Vec<_>>(), [2, 4, 3, 5, 6].map(id));
        }
    }

    #[test]
    fn a_fork_names_its_rival_and_a_gap_changes_nothing() {
        let mut log = Log::default();
        assert_eq!(log.append(1, id(2), Some(id(1))), Appended::Gap);
        assert_eq!(log.append(0, id(1), None), Appended::Extended);
        assert_eq!(log.append(0, id(7), None), Appended::Forked { rival: id(1) });
        assert_eq!(log.append(0, id(1), None), Appended::Present);
        assert_eq!(log.latest(), Some(place(0, 1)));
    }
}
