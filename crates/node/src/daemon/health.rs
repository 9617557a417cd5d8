//! What the daemon noticed of its peers: who is connected, when anything was heard, whose clock differs; and what came
//! of all that they sent, counted.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::PublicKey;
use cohub_registry::Verdict;
use cohub_replica::{Event, Input};

use crate::api::{Compared, Counts};

/// Noticed so far. Lost at a restart, and rightly so.
#[derive(Debug, Default)]
pub(crate) struct Health {
    connected: BTreeSet<PublicKey>,
    compared: BTreeMap<PublicKey, Compared>,
    last_heard_ms: Option<u64>,
    counts: Counts,
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
            Input::Malformed { .. } => self.counts.malformed += 1,
            _ => {}
        }
        if matches!(input, Input::Gossip { .. }) {
            self.counts.gossiped += 1;
        }
    }

    /// Notices an event of the replica.
    pub(crate) fn tell(&mut self, event: &Event) {
        match event {
            Event::PeerSynced { peer, same, clock_ahead_ms, gained } => {
                let count =
                    if *same { &mut self.counts.compared_same } else { &mut self.counts.compared_apart };
                *count += 1;
                self.counts.gained += gained;
                self.compared.insert(*peer, Compared { same: *same, clock_ahead_ms: *clock_ahead_ms });
            }
            Event::RecordHeld { .. } => self.counts.held += 1,
            Event::VerdictGiven { verdict: Verdict::Valid, .. } => self.counts.valid += 1,
            Event::VerdictGiven { verdict: Verdict::Void(_), .. } => self.counts.void += 1,
            Event::PeerMisbehaved { .. } => self.counts.misbehaved += 1,
            _ => {}
        }
    }

    /// The last comparison with a connected peer.
    pub(crate) fn compared(&self, peer: &PublicKey) -> Option<Compared> {
        self.compared.get(peer).copied()
    }

    /// What came of what peers and people sent.
    pub(crate) const fn counts(&self) -> Counts {
        self.counts
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
        assert_eq!(health.compared(&peer), None);
    }

    #[test]
    fn what_came_of_each_thing_is_counted_once() {
        let peer = SecretKey::from_seed(&[1; 32]).public();
        let id = cohub_record::Id::from_bytes([2; 32]);
        let mut health = Health::default();
        health.see(&Input::Malformed { peer, found_in: cohub_replica::FoundIn::Request }, 1);
        for same in [false, true, true] {
            health.tell(&Event::PeerSynced { peer, gained: 3, same, clock_ahead_ms: 0 });
        }
        health.tell(&Event::RecordHeld { id, author: peer, kind: "ballot".to_owned() });
        health.tell(&Event::VerdictGiven { id, verdict: Verdict::Valid });
        health.tell(&Event::VerdictGiven { id, verdict: Verdict::Pending });
        let expected = Counts {
            malformed: 1,
            compared_same: 2,
            compared_apart: 1,
            gained: 9,
            held: 1,
            valid: 1,
            ..Counts::default()
        };
        assert_eq!(health.counts(), expected);
    }
}
