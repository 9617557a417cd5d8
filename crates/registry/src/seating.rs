//! Who votes and who counts: the roll of a motion, and the seats of a committee, each of which is a hub, the
//! key that votes for it and the key of its teller.

use std::sync::Arc;

use cohub_record::PublicKey;

use crate::founding::{Founding, Role};
use crate::identity::Hub;

/// One vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Voter {
    pub(crate) hub: Hub,
    pub(crate) voting: PublicKey,
}

/// Protocol 6.1: who votes on a motion, as it pins them, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Roll(Vec<Voter>);

impl Roll {
    pub(crate) const fn of(voters: Vec<Voter>) -> Self {
        Self(voters)
    }

    pub(crate) fn voters(&self) -> &[Voter] {
        &self.0
    }

    /// The place of the vote that is cast with `key`.
    pub(crate) fn place_of(&self, key: &PublicKey) -> Option<usize> {
        self.0.iter().position(|voter| voter.voting == *key)
    }

    /// The votes as a count for the arithmetic of a rule.
    pub(crate) fn size(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }
}

/// One seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) hub: Hub,
    pub(crate) voting: PublicKey,
    pub(crate) teller: PublicKey,
}

/// Rules that a simulation may switch off, to show that it finds out what each is needed for. Nothing in the product
/// can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// Protocol 6.6: q returns make an outcome final. Without it f + 1 do.
    Finality,
    /// Protocol 6.5: f + 1 closings make a ballot count. Without it f do.
    Support,
    /// Protocol 6.7: a teller that adopted one version of a slot and base does not adopt another.
    Lock,
    /// Protocol 6.7: nor does one of a later term, by what the handovers before it hold.
    InheritedLock,
    /// Protocol 6.7: only q other returns of that very motion unlock. Without it those of any motion for the same
    /// version do.
    Unlocking,
    /// Protocol 6.7: a handover is the last record of its key, which is erased.
    LastRecord,
}

/// The seats of one term, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seating {
    pub(crate) seats: Vec<Seat>,
    /// The same as a roll.
    pub(crate) roll: Arc<Roll>,
    quorum: usize,
    #[cfg(feature = "weaken")]
    switched_off: Option<Switch>,
}

impl Seating {
    /// The seating of the first term. Each founder has one representative and one teller (`founding` 4).
    pub(crate) fn first(founding: &Founding) -> Self {
        let seat = |place: &u16| {
            let founder = founding.founders.get(usize::from(*place))?;
            let voting = founder.only(Role::Representative)?;
            let teller = founder.only(Role::Teller)?;
            Some(Seat { hub: Hub::Founder(*place), voting, teller })
        };
        Self::of(founding.seats.iter().filter_map(seat).collect())
    }

    fn of(seats: Vec<Seat>) -> Self {
        // Protocol 6.6
        let quorum = match seats.len() {
            n @ (2 | 3) => n,
            n => n - tolerated(n),
        };
        let roll = seats.iter().map(|seat| Voter { hub: seat.hub, voting: seat.voting }).collect();
        Self {
            seats,
            roll: Arc::new(Roll::of(roll)),
            quorum,
            #[cfg(feature = "weaken")]
            switched_off: None,
        }
    }

    /// The seating of a later term.
    pub(crate) fn after(&self, seats: Vec<Seat>) -> Self {
        let next = Self::of(seats);
        #[cfg(feature = "weaken")]
        return Self { switched_off: self.switched_off, ..next };
        #[cfg(not(feature = "weaken"))]
        next
    }

    /// Whether a simulation switched a rule off; never so in the product.
    pub(crate) fn is_off(&self, rule: Switch) -> bool {
        #[cfg(feature = "weaken")]
        return self.switched_off == Some(rule);
        #[cfg(not(feature = "weaken"))]
        {
            let _ = rule;
            false
        }
    }

    /// Closings that do not suffice yet for a ballot to count: f.
    pub(crate) fn unsupported(&self) -> usize {
        self.tolerated().saturating_sub(usize::from(self.is_off(Switch::Support)))
    }

    /// The place of the seat that votes with `key`.
    pub(crate) fn seat_of(&self, key: &PublicKey) -> Option<usize> {
        self.roll.place_of(key)
    }

    /// The place of the seat whose teller is `key`.
    pub(crate) fn teller_of(&self, key: &PublicKey) -> Option<usize> {
        self.seats.iter().position(|seat| seat.teller == *key)
    }

    /// Tellers that may lie without harm: f.
    pub(crate) fn tolerated(&self) -> usize {
        tolerated(self.seats.len())
    }

    /// How many tellers make an outcome final: q.
    pub(crate) fn quorum(&self) -> usize {
        if self.is_off(Switch::Finality) { self.tolerated() + 1 } else { self.quorum }
    }

    /// Switches a rule off.
    #[cfg(feature = "weaken")]
    pub(crate) const fn switch_off(&mut self, rule: Option<Switch>) {
        self.switched_off = rule;
    }

    /// The rule that was switched off.
    #[cfg(feature = "weaken")]
    pub(crate) const fn switched_off(&self) -> Option<Switch> {
        self.switched_off
    }
}

const fn tolerated(seats: usize) -> usize {
    seats.saturating_sub(1) / 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use cohub_record::SecretKey;

    #[test]
    fn quorum_and_tolerance_of_each_size() {
        let key = SecretKey::from_seed(&[1; 32]).public();
        let table = [
            (1, 0, 1),
            (2, 0, 2),
            (3, 0, 3),
            (4, 1, 3),
            (5, 1, 4),
            (6, 1, 5),
            (7, 2, 5),
            (10, 3, 7),
            (13, 4, 9),
        ];
        for (n, f, q) in table {
            let seating = Seating::of(vec![Seat { hub: Hub::Founder(0), voting: key, teller: key }; n]);
            assert_eq!((seating.tolerated(), seating.quorum()), (f, q), "n = {n}");
            assert!(n < 4 || 2 * q > n + f, "two quorums share an honest teller, n = {n}");
        }
    }
}
