//! What the daemon noticed of its peers: who is connected, when anything was heard, whose clock differs.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::PublicKey;
use cohub_replica::{Event, Input};

/// Noticed so far. Lost at a restart, and rightly so.
#[derive(Debug, Default)]
pub(crate) struct Health {
    connected: BTreeSet<PublicKey>,
    compared: BTreeMap<PublicKey, Compared>,
    last_heard_ms: Option<u64>,
}

/// The last comparison with a peer.
#[derive(Debug, Clone, Copy)]
struct Compared {
    same: bool,
    clock_ahead_ms: i64,
}

impl Health {
    /// Notices an input before the replica does.
    pub(crate) fn see(&mut self, input: &Input, now_ms: u64) {
        match input {
            Input::Connected { peer } => {
                self.connected.insert(*peer);
            }
            Input::Disconnected { peer } => {
                self.connected.remove(peer);
                self.compared.remove(peer);
            }
            Input::Gossip { .. } | Input::Request { .. } | Input::Response { .. } => {
                self.last_heard_ms = Some(now_ms);
            }
            _ => {}
        }
    }

    /// Notices an event of the replica.
    pub(crate) fn tell(&mut self, event: &Event) {
        if let Event::PeerSynced { peer, same, clock_ahead_ms, .. } = event {
            self.compared.insert(*peer, Compared { same: *same, clock_ahead_ms: *clock_ahead_ms });
        }
    }

    /// Whether the last comparison with some connected peer found no difference.
    pub(crate) fn is_synced(&self) -> bool {
        self.compared.values().any(|compared| compared.same)
    }

    /// Peers connected.
    pub(crate) fn peers_connected(&self) -> usize {
        self.connected.len()
    }

    /// When anything was last heard from a peer, milliseconds since the Unix epoch.
    pub(crate) const fn last_heard_ms(&self) -> Option<u64> {
        self.last_heard_ms
    }

    /// How far the clocks of most peers are ahead of this one: the lower median.
    pub(crate) fn clock_offset_ms(&self) -> Option<i64> {
        let mut offsets: Vec<i64> = self.compared.values().map(|compared| compared.clock_ahead_ms).collect();
        offsets.sort_unstable();
        offsets.get(offsets.len().checked_sub(1)? / 2).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cohub_record::SecretKey;

    #[test]
    fn a_lost_peer_is_no_witness_of_sync() {
        let peer = SecretKey::from_seed(&[1; 32]).public();
        let mut health = Health::default();
        health.see(&Input::Connected { peer }, 5);
        health.tell(&Event::PeerSynced { peer, gained: 0, same: true, clock_ahead_ms: -7 });
        assert!(health.is_synced() && health.clock_offset_ms() == Some(-7));
        health.see(&Input::Disconnected { peer }, 6);
        assert!(!health.is_synced() && health.peers_connected() == 0);
    }
}
