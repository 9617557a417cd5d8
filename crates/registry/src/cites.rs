//! What a record cites, as indexes: group by group, in one list.

use cohub_record::{Id, limits};

use crate::graph::Index;

/// Groups of indexes. Reads as a slice of slices, and costs one allocation however many groups there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cites {
    all: Box<[Index]>,
    /// Where each group ends: a record has at most 4,096 cites.
    ends: [u16; limits::CITE_GROUPS],
    len: u8,
}

impl Cites {
    /// The groups of a header, each id by its index; none if an id has none.
    pub(crate) fn of(groups: &[Vec<Id>], mut index: impl FnMut(&Id) -> Option<Index>) -> Option<Self> {
        let mut all = Vec::with_capacity(groups.iter().map(Vec::len).sum());
        let mut ends = [0; limits::CITE_GROUPS];
        for (group, end) in groups.iter().zip(&mut ends) {
            for id in group {
                all.push(index(id)?);
            }
            *end = u16::try_from(all.len()).ok()?;
        }
        Some(Self { all: all.into_boxed_slice(), ends, len: u8::try_from(groups.len()).ok()? })
    }

    /// The same groups under other indexes; none if one has none.
    pub(crate) fn renamed(&self, index: impl FnMut(&Index) -> Option<Index>) -> Option<Self> {
        let all = self.all.iter().map(index).collect::<Option<Box<[Index]>>>()?;
        Some(Self { all, ..self.clone() })
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
        self.all.get(start..end)
    }

    /// The first group.
    pub(crate) fn first(&self) -> Option<&[Index]> {
        self.get(0)
    }

    /// All that is cited, in order, whatever the group.
    pub(crate) fn all(&self) -> impl Iterator<Item = Index> + '_ {
        self.all.iter().copied()
    }
}
