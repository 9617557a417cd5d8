//! What closings come to, counted once more beside the registry: for liars, who choose what they cite, and
//! for checks, which look at each ballot.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Field as _, Id, Place, PublicKey};
use cohub_registry::{Ballot, Choice, Kind, Registry, Votes, counted_ballot};

use crate::checks::Checks;

/// The valid ballots of a motion that a registry holds, by voter.
pub(crate) fn ballots(
    registry: &Registry,
    checks: &Checks,
    motion: &Id,
) -> BTreeMap<PublicKey, BTreeSet<Place>> {
    let mut ballots: BTreeMap<PublicKey, BTreeSet<Place>> = BTreeMap::new();
    for id in registry.ids_of(Kind::Ballot) {
        if checks.motion_of(&id) == Some(*motion)
            && let Some((author, place)) = registry.place(&id)
        {
            ballots.entry(author).or_default().insert(place);
        }
    }
    ballots
}

/// The ballot of one voter that these closings come to.
pub(crate) fn counted(
    registry: &Registry,
    checks: &Checks,
    voter: &PublicKey,
    ballots: &BTreeSet<Place>,
    closings: &[Id],
    tolerated: usize,
) -> Option<Place> {
    let log = registry.log(voter)?;
    let closings = closings.iter().filter_map(|id| checks.record(id));
    let heads = closings.flat_map(|closing| closing.header().cites.get(1).cloned().unwrap_or_default());
    let places = heads.filter_map(|head| registry.place(&head));
    let own: Vec<Place> = places.filter(|(author, _)| author == voter).map(|(_, place)| place).collect();
    counted_ballot(&own, ballots, |low, high| log.descends(low, high), tolerated)
}

/// The votes that these closings come to.
pub(crate) fn votes(
    registry: &Registry,
    checks: &Checks,
    motion: &Id,
    closings: &[Id],
    tolerated: usize,
) -> Votes {
    let mut votes = Votes::default();
    for (voter, ballots) in ballots(registry, checks, motion) {
        let place = counted(registry, checks, &voter, &ballots, closings, tolerated);
        let record = place.and_then(|place| checks.record(&place.id));
        let ballot = record.and_then(|record| Ballot::from_value(&record.header().body).ok());
        match ballot.map(|ballot| ballot.choice) {
            Some(Choice::Yes) => votes.yes += 1,
            Some(Choice::No) => votes.no += 1,
            Some(Choice::Abstain) => votes.abstain += 1,
            Some(Choice::Recuse) => votes.recuse += 1,
            Some(Choice::Block) => votes.block += 1,
            None => {}
        }
    }
    votes
}
