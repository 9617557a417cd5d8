//! Why this node has not what the others have: what is missing, who waits for it, how each peer compares.

use cohub_record::Record;
use cohub_replica::Records as _;

use super::Shared;
use super::answers::{line, peers};
use super::calls::ask_core;
use crate::api::{Explained, Failure, Missing, PeerExplained};

/// Missing records that one answer names.
const MISSING_MAX: usize = 1_000;
/// Waiting records named for each.
const WAITING_MAX: usize = 20;

pub(crate) async fn explain(shared: &Shared) -> Result<Explained, Failure> {
    let peers = peers(shared).await?;
    ask_core(shared, move |core| {
        let compared = |peer: crate::api::PeerView| {
            let compared = core.health.compared(&peer.key).filter(|_| peer.connected);
            PeerExplained { peer, compared }
        };
        let peers = peers.into_iter().map(compared).collect();
        let Some(registry) = core.replica.registry() else {
            return Explained { missing: Vec::new(), missing_count: 0, peers };
        };
        let (ids, hubs) = (registry.missing(), registry.hubs());
        let missing = ids.iter().take(MISSING_MAX).map(|id| {
            let waiting = registry.waiting_for(id).into_iter().take(WAITING_MAX);
            let wanted_by = waiting.filter_map(|(author, place)| {
                let bytes = core.store.read(&author, place).ok().flatten()?;
                Some(line(registry, &hubs, &Record::from_store(&place.id, &bytes).ok()?))
            });
            Missing { id: *id, wanted_by: wanted_by.collect() }
        });
        Explained { missing: missing.collect(), missing_count: ids.len(), peers }
    })
    .await
}
