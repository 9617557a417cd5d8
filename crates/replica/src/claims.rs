//! Who is being asked for which part of the tree, so that no two peers send the same records.
//!
//! A claim ends by itself: a peer that is slow, or lies, delays the others by no more than that.

use std::collections::BTreeMap;

use cohub_record::PublicKey;

use crate::wire::{Name, Prefix};

/// A claim lasts this long at most, however well it goes: others may ask then, too.
const CLAIM_MS: u64 = 20_000;

#[derive(Debug, Clone, Copy)]
struct Claim {
    last: Name,
    peer: PublicKey,
    until_ms: u64,
}

/// Claims by their first name; no two of them overlap.
#[derive(Debug, Default)]
pub(crate) struct Claims(BTreeMap<Name, Claim>);

impl Claims {
    /// Claims the authors under a prefix for a peer, unless another peer has any of them.
    pub(crate) fn claim(&mut self, prefix: Prefix, peer: PublicKey, now_ms: u64) -> bool {
        self.claim_names(prefix.first(), prefix.last(), peer, now_ms)
    }

    /// Claims one author.
    pub(crate) fn claim_author(&mut self, author: &PublicKey, peer: PublicKey, now_ms: u64) -> bool {
        let name = Name::of(author);
        self.claim_names(name, name, peer, now_ms)
    }

    fn claim_names(&mut self, first: Name, last: Name, peer: PublicKey, now_ms: u64) -> bool {
        let before = self.0.range(..first).next_back().filter(|(_, claim)| claim.last >= first);
        let overlapping = before.into_iter().chain(self.0.range(first..=last));
        let overlapping: Vec<(Name, Claim)> = overlapping.map(|(name, claim)| (*name, *claim)).collect();
        let mut live = overlapping.iter().filter(|(_, claim)| claim.until_ms > now_ms).peekable();
        if live.peek().is_some() {
            // A peer may ask for an author while it is asked for the leaf that offered it.
            return live.all(|(_, claim)| claim.peer == peer);
        }
        for (name, _) in overlapping {
            self.0.remove(&name);
        }
        self.0.insert(first, Claim { last, peer, until_ms: now_ms.saturating_add(CLAIM_MS) });
        true
    }

    /// Ends a peer's claim on the authors under a prefix.
    pub(crate) fn release(&mut self, prefix: Prefix, peer: &PublicKey) {
        self.release_name(prefix.first(), peer);
    }

    /// Ends a peer's claim on one author.
    pub(crate) fn release_author(&mut self, author: &PublicKey, peer: &PublicKey) {
        self.release_name(Name::of(author), peer);
    }

    fn release_name(&mut self, first: Name, peer: &PublicKey) {
        if self.0.get(&first).is_some_and(|claim| claim.peer == *peer) {
            self.0.remove(&first);
        }
    }

    /// Ends all claims of a peer.
    pub(crate) fn release_all(&mut self, peer: &PublicKey) {
        self.0.retain(|_, claim| claim.peer != *peer);
    }

    /// When the first claim ends by itself.
    pub(crate) fn wake_ms(&self) -> Option<u64> {
        self.0.values().map(|claim| claim.until_ms).min()
    }
}

#[cfg(test)]
mod tests {
    use cohub_record::SecretKey;

    use super::*;

    #[test]
    fn claims_exclude_each_other_until_they_end() {
        let [ann, ben] = [1, 2].map(|seed| SecretKey::from_seed(&[seed; 32]).public());
        let child = |index| Prefix::ROOT.child(1, index);
        let mut claims = Claims::default();
        assert!(claims.claim(child(3), ann, 0));
        assert!(!claims.claim(Prefix::ROOT, ben, 0), "a part of it is claimed");
        assert!(!claims.claim(child(3).child(1, 9), ben, 0), "it is part of what is claimed");
        assert!(claims.claim(child(4), ben, 0) && claims.claim(child(2), ben, 0));
        claims.release(child(3), &ben);
        assert!(!claims.claim(child(3), ben, 0), "only who claimed it releases it");
        assert!(claims.claim(child(3), ben, CLAIM_MS), "it has ended");
        claims.release_all(&ben);
        assert!(claims.claim(Prefix::ROOT, ann, 0));
    }
}
