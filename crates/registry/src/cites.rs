//! What a record cites, as indexes: group by group, in one list.

use cohub_record::{Id, limits};

use crate::graph::Index;

/// Groups of indexes. Reads as a slice of slices. Few cites cost no allocation, and many cost one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cites {
    all: All,
    /// Where each group ends: a record has at most 4,096 cites.
    ends: [u16; limits::CITE_GROUPS],
    len: u8,
}

/// Cites that are kept in place.
const FEW: usize = 3;

#[derive(Debug, Clone, PartialEq, Eq)]
enum All {
    Few([Index; FEW], u8),
    Many(Box<[Index]>),
}

impl Default for All {
    fn default() -> Self {
        Self::Few([Index::FIRST; FEW], 0)
    }
}

impl All {
    /// So many indexes; none if one is missing.
    fn gather(count: usize, mut indexes: impl Iterator<Item = Option<Index>>) -> Option<Self> {
        if count > FEW {
            let mut all = Vec::with_capacity(count);
            for index in indexes {
                all.push(index?);
            }
            return Some(Self::Many(all.into_boxed_slice()));
        }
        let mut few = [Index::FIRST; FEW];
        for (place, index) in few.iter_mut().zip(indexes.by_ref()) {
            *place = index?;
        }
        Some(Self::Few(few, u8::try_from(count).ok()?))
    }

    fn as_slice(&self) -> &[Index] {
        match self {
            Self::Few(few, count) => few.get(..usize::from(*count)).unwrap_or_default(),
            Self::Many(all) => all,
        }
    }
}

impl Cites {
    /// The groups of a header, each id by its index; none if an id has none.
    pub(crate) fn of(groups: &[Vec<Id>], index: impl FnMut(&Id) -> Option<Index>) -> Option<Self> {
        let mut ends = [0; limits::CITE_GROUPS];
        let mut count = 0;
        for (group, end) in groups.iter().zip(&mut ends) {
            count += group.len();
            *end = u16::try_from(count).ok()?;
        }
        let all = All::gather(count, groups.iter().flatten().map(index))?;
        Some(Self { all, ends, len: u8::try_from(groups.len()).ok()? })
    }

    /// The same groups under other indexes; none if one has none.
    pub(crate) fn renamed(&self, index: impl FnMut(&Index) -> Option<Index>) -> Option<Self> {
        let all = self.all.as_slice();
        Some(Self { all: All::gather(all.len(), all.iter().map(index))?, ends: self.ends, len: self.len })
    }

    /// How many groups there are.
    pub(crate) fn len(&self) -> usize {
        usize::from(self.len)
    }

    /// One group.
    pub(crate) fn get(&self, group: usize) -> Option<&[Index]> {
        let ends = self.ends.get(..self.len())?;
        let end = usize::from(*ends.get(group)?);
        let start = group.checked_sub(1).map_or(0, |before| usize::from(ends[before]));
        self.all.as_slice().get(start..end)
    }

    /// The first group.
    pub(crate) fn first(&self) -> Option<&[Index]> {
        self.get(0)
    }

    /// All that is cited, in order, whatever the group.
    pub(crate) fn all(&self) -> impl Iterator<Item = Index> + '_ {
        self.all.as_slice().iter().copied()
    }
}
