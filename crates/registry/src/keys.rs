//! A hub's keys: its controllers, and what its latest grants give to others (Protocol 4.2, 4.3).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use cohub_record::PublicKey;

use crate::founding::{self, Role};
use crate::graph::{Entry, Index};
use crate::identity::Hub;
use crate::known::Known;
use crate::past::content;
use crate::standing::Keeping;

/// One key as its hub's grants have it now.
pub(crate) struct Granted<'a> {
    pub(crate) roles: &'a [Role],
    /// The grant, absent where the founding record grants.
    pub(crate) grant: Option<(Index, &'a Entry)>,
}

impl<'a> Known<'a> {
    /// A hub's keys with the roles that its latest grant of each gives: later controllers' grants first,
    /// then the higher seq, then the lesser id.
    pub(crate) fn keys_of(self, hub: Hub) -> BTreeMap<PublicKey, Granted<'a>> {
        let first = self.founders_keys(hub);
        let mut keys: BTreeMap<PublicKey, Granted<'a>> =
            first.map(|granted| (granted.key, Granted { roles: &granted.roles, grant: None })).collect();
        let grants = self.state.hubs.get(&hub).into_iter().flat_map(|records| &records.grants);
        for (key, grants) in grants {
            let grants = self.state.counting(self.graph, grants).filter_map(|(index, entry)| {
                let controller = entry.cite(0)?;
                let rotations = self.state.lineages.get(&controller)?.rotations;
                (!self.is_contested(hub, controller)).then_some((
                    rotations,
                    entry.seq,
                    Reverse(entry.id),
                    index,
                    entry,
                ))
            });
            let latest = grants.max_by_key(|(rotations, seq, id, ..)| (*rotations, *seq, *id));
            let latest = latest.and_then(|(.., index, entry)| Some((index, entry, content!(entry, Grant)?)));
            if let Some((index, entry, grant)) = latest {
                keys.insert(*key, Granted { roles: &grant.roles, grant: Some((index, entry)) });
            }
        }
        keys.retain(|_, granted| !granted.roles.is_empty());
        keys
    }

    /// Every key that a hub ever granted something, as far as its controllers' logs count.
    pub(crate) fn keys_ever(self, hub: Hub) -> BTreeSet<PublicKey> {
        let grants = self.state.hubs.get(&hub).into_iter().flat_map(|records| &records.grants);
        let counting = grants.filter(|(_, grants)| self.state.counting(self.graph, grants).next().is_some());
        self.founders_keys(hub).map(|granted| granted.key).chain(counting.map(|(key, _)| *key)).collect()
    }

    /// A hub's controllers, and how the log of each is kept where the hub's first may write so many records.
    ///
    /// Protocol 3.5: a prospect does not gain records by rotating. What counts in the logs before is taken
    /// off; the rotation itself is kept as long as there was more than one record left.
    pub(crate) fn controllers(self, hub: Hub, records: u64) -> BTreeMap<PublicKey, Keeping> {
        let first = self.first_controller(hub).map(|first| (first, Keeping::Prospect { records }));
        let mut controllers: BTreeMap<PublicKey, Keeping> = first.into_iter().collect();
        for (key, rotates) in self.state.hubs.get(&hub).into_iter().flat_map(|hub| &hub.rotates) {
            let kept = rotates.iter().filter_map(|rotate| {
                let lineage = self.state.lineages.get(rotate)?;
                let before = self.state.lineages.get(&lineage.before?)?;
                let left = |written: u64| records.saturating_sub(written);
                let may_rotate = left(before.records_before) > 1;
                may_rotate.then(|| Keeping::Prospect { records: left(lineage.records_before).max(1) })
            });
            let kept = kept.max().unwrap_or(Keeping::Unknown);
            controllers.entry(*key).and_modify(|other| *other = kept.max(*other)).or_insert(kept);
        }
        controllers
    }

    fn founders_keys(self, hub: Hub) -> impl Iterator<Item = &'a founding::Granted> {
        let founder = match hub {
            Hub::Founder(place) => self.founding.founders.get(usize::from(place)),
            Hub::Later(_) => None,
        };
        founder.into_iter().flat_map(|founder| founder.keys.iter())
    }

    /// Protocol 4.2: of two rival rotations none gives grants, nor does what follows it, until a decision says
    /// which one stands.
    pub(crate) fn is_contested(self, hub: Hub, controller: Index) -> bool {
        let Some(records) = self.state.hubs.get(&hub).filter(|hub| hub.rivals > 0) else { return false };
        let decided = self.state.recovered(self.graph, hub);
        let lineage = |index: &Index| self.state.lineages.get(index).and_then(|lineage| lineage.before);
        let chain = std::iter::successors(Some(controller), lineage);
        let undecided = chain.filter(|index| !decided.contains(index));
        undecided.filter_map(|index| self.graph.get(index)).any(|entry| {
            entry.is(crate::Kind::Rotate)
                && records.rotates.get(&entry.author).is_some_and(|rotates| rotates.len() > 1)
        })
    }
}
