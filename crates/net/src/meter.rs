//! Measures what each peer asks of this node: a rate and a number of requests under way.
//!
//! The rate is a token bucket kept as one instant (the generic cell rate algorithm): the time at
//! which the bucket would be full again. It outlives a connection, so reconnecting gains nothing.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::{
    error::Refusal,
    key::NodeKey,
    limits::{Limits, Rate},
};

/// Peers measured at once; beyond it, peers not yet measured are told to come back later.
const ACCOUNTS_MAX: usize = 4_096;

/// The accounts of all peers that asked something lately.
#[derive(Debug)]
pub(crate) struct Meter {
    per_peer: u32,
    total: u32,
    in_flight: u32,
    accounts: BTreeMap<NodeKey, Account>,
}

#[derive(Debug)]
struct Account {
    full_at: Instant,
    in_flight: u32,
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            per_peer: limits.in_flight_per_peer,
            total: limits.in_flight,
            in_flight: 0,
            accounts: BTreeMap::new(),
        }
    }

    /// Counts one request in, or says why it is not served. A refused request costs no token.
    pub(crate) fn enter(&mut self, peer: NodeKey, rate: Rate, now: Instant) -> Result<(), Refusal> {
        if self.in_flight >= self.total {
            return Err(Refusal::Busy);
        }
        if self.accounts.len() >= ACCOUNTS_MAX && !self.accounts.contains_key(&peer) {
            self.sweep(now);
            if self.accounts.len() >= ACCOUNTS_MAX {
                return Err(Refusal::Busy);
            }
        }
        let account = self.accounts.entry(peer).or_insert(Account { full_at: now, in_flight: 0 });
        let token = Duration::from_secs(1) / rate.per_second;
        let full_at = account.full_at.max(now) + token;
        if account.in_flight >= self.per_peer || full_at.duration_since(now) > token * rate.burst {
            return Err(Refusal::TooManyRequests);
        }
        account.full_at = full_at;
        account.in_flight += 1;
        self.in_flight += 1;
        Ok(())
    }

    /// Counts one request out again, once its response has left or failed.
    pub(crate) fn leave(&mut self, peer: NodeKey) {
        if let Some(account) = self.accounts.get_mut(&peer)
            && account.in_flight > 0
        {
            account.in_flight -= 1;
            self.in_flight -= 1;
        }
    }

    /// Fills a peer's bucket again: it is measured by another rate from now on.
    pub(crate) fn refill(&mut self, peer: NodeKey, now: Instant) {
        if let Some(account) = self.accounts.get_mut(&peer) {
            account.full_at = now;
        }
    }

    /// Forgets the peers about whom nothing needs to be remembered.
    pub(crate) fn sweep(&mut self, now: Instant) {
        self.accounts.retain(|_, account| account.in_flight > 0 || account.full_at > now);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u8) -> NodeKey {
        NodeKey::of_secret(&[number; 32]).unwrap()
    }

    const RATE: Rate = Rate { per_second: 10, burst: 3 };

    fn meter(per_peer: u32, total: u32) -> Meter {
        Meter::new(&Limits { in_flight_per_peer: per_peer, in_flight: total, ..Limits::default() })
    }

    #[test]
    fn a_burst_passes_and_then_the_rate_rules() {
        let (mut meter, start) = (meter(64, 64), Instant::now());
        let peer = key(1);
        for _ in 0..3 {
            assert_eq!(meter.enter(peer, RATE, start), Ok(()));
        }
        assert_eq!(meter.enter(peer, RATE, start), Err(Refusal::TooManyRequests));
        let early = start + Duration::from_millis(99);
        assert_eq!(meter.enter(peer, RATE, early), Err(Refusal::TooManyRequests));
        let due = start + Duration::from_millis(100);
        assert_eq!(meter.enter(peer, RATE, due), Ok(()));
        assert_eq!(meter.enter(peer, RATE, due), Err(Refusal::TooManyRequests));
        assert_eq!(meter.enter(key(2), RATE, due), Ok(()), "peers are measured apart");
        meter.refill(peer, due);
        assert_eq!(meter.enter(peer, RATE, due), Ok(()));
    }

    #[test]
    fn requests_under_way_are_bounded_by_peer_and_in_all() {
        let (mut meter, now) = (meter(2, 3), Instant::now());
        let rate = Rate { per_second: 1_000, burst: 1_000 };
        let [first, second] = [key(1), key(2)];
        assert_eq!(meter.enter(first, rate, now), Ok(()));
        assert_eq!(meter.enter(first, rate, now), Ok(()));
        assert_eq!(meter.enter(first, rate, now), Err(Refusal::TooManyRequests));
        assert_eq!(meter.enter(second, rate, now), Ok(()));
        assert_eq!(meter.enter(second, rate, now), Err(Refusal::Busy));
        meter.leave(first);
        assert_eq!(meter.enter(second, rate, now), Ok(()));
        meter.leave(key(3));
        assert_eq!(meter.enter(first, rate, now), Err(Refusal::Busy), "a stray leave frees nothing");
    }

    #[test]
    fn accounts_are_forgotten_when_full_again() {
        let (mut meter, start) = (meter(8, 8), Instant::now());
        let peer = key(1);
        assert_eq!(meter.enter(peer, RATE, start), Ok(()));
        let later = start + Duration::from_secs(1);
        meter.sweep(later);
        assert!(!meter.is_empty(), "a request is still under way");
        meter.leave(peer);
        meter.sweep(start);
        assert!(!meter.is_empty(), "the bucket is not full yet");
        meter.sweep(later);
        assert!(meter.is_empty());
    }
}
