//! Drafts of rotations: who takes over, and what of the log before still counts (Protocol 4.2).

use cohub_record::{Field as _, Hash, Id, Place, PublicKey};

use super::{Drafted, cannot};
use crate::duties::Contents;
use crate::graph::Entry;
use crate::identity::{Rotate, recovery_hash};
use crate::kind::Fact;
use crate::{Kind, Registry};

impl Registry {
    /// `author` takes over from `controller`, whose log counts up to `before`, or whole.
    pub(super) fn draft_rotate(
        &self,
        author: &PublicKey,
        controller: &PublicKey,
        recovery: Hash,
        before: Option<&Id>,
    ) -> Drafted<Contents> {
        self.controller_record(controller)?;
        // A key that two people have may have begun its log twice: the branch is meant that commits to this key.
        let first = self.log(controller).into_iter().flat_map(|log| log.at(0));
        let mut first = first.filter_map(|id| self.entry(&id)).filter(|entry| entry.is_valid());
        let Some(standing) = first.find(|entry| commitment(entry) == Some(recovery_hash(author))) else {
            return cannot("these recovery words are not those that the hub committed to");
        };
        let last = match before {
            None => self.last_on_branch(controller, standing.place()),
            Some(id) => self.last_before(controller, standing.place(), id)?,
        };
        let Some(last) = last else { return cannot("the log that ends is not held") };
        Ok(Contents {
            kind: Kind::Rotate,
            cites: vec![vec![standing.id], vec![last]],
            body: Rotate { recovery }.to_value(),
        })
    }

    /// The last record of a branch that can be cited: what is void cannot.
    fn last_on_branch(&self, key: &PublicKey, first: Place) -> Option<Id> {
        let log = self.log(key)?;
        let places = log.places_from(0).filter(|place| log.descends(*place, first));
        places.map(|place| place.id).filter(|id| self.entry(id).is_some_and(Entry::is_valid)).last()
    }

    /// The last record below one of a branch that can be cited.
    fn last_before(&self, key: &PublicKey, first: Place, id: &Id) -> Drafted<Option<Id>> {
        let place = self.entry(id).filter(|entry| entry.author == *key).map(Entry::place);
        let log = self.log(key);
        let (Some(place), Some(log)) = (place, log) else {
            return cannot(format!("{id} is no record of the controller whose log is to end before it"));
        };
        if place == first || !log.descends(place, first) {
            return cannot(format!(
                "{id} begins the log, or another branch of it: nothing before it could count"
            ));
        }
        let below = std::iter::successors(log.prev(place), |place| log.prev(*place)).map(|place| place.id);
        let mut valid = below.filter(|id| self.entry(id).is_some_and(Entry::is_valid));
        Ok(valid.next())
    }
}

/// The key that an inception or rotate commits to.
fn commitment(entry: &Entry) -> Option<Hash> {
    match entry.content()? {
        Fact::Inception(inception) => Some(inception.recovery),
        Fact::Rotate(rotate) => Some(rotate.recovery),
        _ => None,
    }
}
