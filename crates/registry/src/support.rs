//! Which ballot of one voter counts, when each teller vouches for the last one it has seen (Protocol 6.5).

use std::collections::BTreeSet;

use cohub_record::Place;

/// The ballot of one voter that counts for a motion, if any.
///
/// `heads` holds one place for each cited closing that names a ballot of this voter, `ballots` the valid
/// ballots of this motion in the voter's log, and `descends(descendant, ancestor)` says whether a place
/// of that log is another one or continues it. `f` is the number of tellers that may lie.
///
/// An honest voter's log is a line, and the answer is the latest ballot that f+1 tellers have seen. A
/// voter who forked gets the last ballot that all of the supported branches agree on.
#[must_use]
pub fn counted_ballot(
    heads: &[Place],
    ballots: &BTreeSet<Place>,
    descends: impl Fn(Place, Place) -> bool,
    f: usize,
) -> Option<Place> {
    let supporters = |ballot: Place| heads.iter().filter(|head| descends(**head, ballot)).count();
    let supported: Vec<Place> = ballots.iter().copied().filter(|ballot| supporters(*ballot) > f).collect();

    // Places order by sequence number, so whoever descends from a place comes after it.
    let mut leaves: Vec<Place> = Vec::new();
    for &ballot in supported.iter().rev() {
        if !leaves.iter().any(|leaf| descends(*leaf, ballot)) {
            leaves.push(ballot);
        }
    }
    supported.into_iter().rev().find(|ballot| leaves.iter().all(|leaf| descends(*leaf, *ballot)))
}

#[cfg(test)]
mod tests;
