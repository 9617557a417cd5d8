//! Decides whom to dial and when: known peers are kept connected, up to a wanted number, and are
//! dialled again after jittered, exponentially growing pauses. Pure: it is told the time and dials nobody.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use crate::{address::Address, addresses::AddressBook, event::AddressStatus, key::NodeKey};

/// Failed attempts after which a peer's addresses are looked up with other nodes.
const ATTEMPTS_BEFORE_LOOKUP: u32 = 2;

/// How known peers are kept connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DialPolicy {
    /// Pause after the first failed attempt; it doubles with each further one.
    pub first_pause: Duration,
    /// Longest pause.
    pub longest_pause: Duration,
    /// A connection that held for so long starts the pauses anew when it is lost.
    pub steady_after: Duration,
    /// Known peers to be connected with at once; when so many are, no other is dialled on our own
    /// accord. The network needs a few neighbours a node, not a connection between every two.
    pub wanted: usize,
}

impl Default for DialPolicy {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(60),
            steady_after: Duration::from_secs(10),
            wanted: 16,
        }
    }
}

/// An attempt that is due now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) peer: NodeKey,
    /// Empty where no address is known.
    pub(crate) addresses: Vec<Address>,
}

/// The known peers and the state of our efforts to reach each.
#[derive(Debug)]
pub(crate) struct Dialer {
    policy: DialPolicy,
    peers: BTreeMap<NodeKey, Known>,
    jitter: Jitter,
}

#[derive(Debug)]
struct Known {
    addresses: AddressBook,
    state: State,
    failures: u32,
    /// Breaks ties between peers that are due at the same time.
    rank: u64,
    lost_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting { until: Instant },
    Dialling,
    Connected { since: Instant },
}

impl Dialer {
    /// A dialer without peers. Dialers of different nodes should differ in `seed`, or their pauses
    /// stay in step.
    pub(crate) fn new(policy: DialPolicy, seed: u64) -> Self {
        Self { policy, peers: BTreeMap::new(), jitter: Jitter(seed) }
    }

    /// Adds a peer, or addresses to one already known, and makes it due at once.
    pub(crate) fn add(&mut self, peer: NodeKey, addresses: Vec<Address>, connected: bool, now: Instant) {
        let rank = self.jitter.next();
        let known = self.peers.entry(peer).or_insert_with(|| Known {
            addresses: AddressBook::default(),
            state: if connected { State::Connected { since: now } } else { State::Waiting { until: now } },
            failures: 0,
            rank,
            lost_at: None,
        });
        for address in addresses {
            known.addresses.configure(&address);
        }
        self.wake(peer, now);
    }

    /// Forgets a peer. A connection with it is left to others.
    pub(crate) fn remove(&mut self, peer: NodeKey) {
        self.peers.remove(&peer);
    }

    pub(crate) fn is_known(&self, peer: NodeKey) -> bool {
        self.peers.contains_key(&peer)
    }

    /// Notes an address that the network told about a known peer.
    pub(crate) fn learn(&mut self, peer: NodeKey, address: &Address) {
        if let Some(known) = self.peers.get_mut(&peer) {
            known.addresses.learn(address);
        }
    }

    /// The known addresses of a peer.
    pub(crate) fn addresses(&self, peer: NodeKey) -> Vec<Address> {
        self.peers.get(&peer).map(|known| known.addresses.all()).unwrap_or_default()
    }

    /// Makes a waiting peer due at once, with its pauses starting anew.
    pub(crate) fn wake(&mut self, peer: NodeKey, now: Instant) {
        if let Some(known) = self.peers.get_mut(&peer)
            && matches!(known.state, State::Waiting { .. })
        {
            known.state = State::Waiting { until: now };
            known.failures = 0;
        }
    }

    /// Takes the attempts that are due, soonest first, as far as more connections are wanted.
    pub(crate) fn due(&mut self, now: Instant) -> Vec<Attempt> {
        let mut due: Vec<_> = self
            .peers
            .iter()
            .filter_map(|(peer, known)| match known.state {
                State::Waiting { until } if until <= now => Some((until, known.rank, *peer)),
                State::Waiting { .. } | State::Dialling | State::Connected { .. } => None,
            })
            .collect();
        due.sort_unstable();
        due.truncate(self.wanted_more());
        due.into_iter()
            .filter_map(|(_, _, peer)| {
                let known = self.peers.get_mut(&peer)?;
                known.state = State::Dialling;
                Some(Attempt { peer, addresses: known.addresses.all() })
            })
            .collect()
    }

    /// When the next attempt is due; `None` while none is wanted.
    pub(crate) fn next_attempt(&self) -> Option<Instant> {
        if self.wanted_more() == 0 {
            return None;
        }
        self.peers.values().filter_map(Known::waiting_until).min()
    }

    /// A connection with the peer stands, whoever dialled it; `dialled` is the address that answered us.
    pub(crate) fn connected(&mut self, peer: NodeKey, dialled: Option<&Address>, now: Instant) {
        let Some(known) = self.peers.get_mut(&peer) else { return };
        if let Some(address) = dialled {
            known.addresses.succeeded(address);
        }
        if !matches!(known.state, State::Connected { .. }) {
            known.state = State::Connected { since: now };
        }
    }

    /// The last connection with the peer is gone. A connection that did not last counts as a failure,
    /// so that a peer that shuts the door at once is not dialled without pause.
    pub(crate) fn disconnected(&mut self, peer: NodeKey, now: Instant) {
        let policy = self.policy;
        let Some(known) = self.peers.get_mut(&peer) else { return };
        if let State::Connected { since } = known.state {
            let held = now.saturating_duration_since(since);
            known.failures = if held >= policy.steady_after { 0 } else { known.failures.saturating_add(1) };
        }
        let pause = policy.pause(known.failures, &mut self.jitter);
        known.state = State::Waiting { until: now + pause };
        known.lost_at = Some(now);
    }

    /// Notes why one address of the peer did not answer.
    pub(crate) fn note_error(&mut self, peer: NodeKey, address: &Address, why: &str) {
        if let Some(known) = self.peers.get_mut(&peer) {
            known.addresses.failed(address, why);
        }
    }

    /// An attempt on the peer failed. Says whether its addresses should be looked up elsewhere.
    pub(crate) fn failed(&mut self, peer: NodeKey, now: Instant) -> bool {
        let policy = self.policy;
        let Some(known) = self.peers.get_mut(&peer) else { return false };
        if known.state != State::Dialling {
            return false;
        }
        known.failures = known.failures.saturating_add(1);
        let pause = policy.pause(known.failures, &mut self.jitter);
        known.state = State::Waiting { until: now + pause };
        known.failures >= ATTEMPTS_BEFORE_LOOKUP || known.addresses.is_empty()
    }

    /// The known peers in the order of their keys.
    pub(crate) fn peers(&self) -> impl Iterator<Item = NodeKey> + '_ {
        self.peers.keys().copied()
    }

    /// Addresses of a peer with their last errors, when it was lost and when it will be dialled next.
    pub(crate) fn status(&self, peer: NodeKey) -> (Vec<AddressStatus>, Option<Instant>, Option<Instant>) {
        match self.peers.get(&peer) {
            Some(known) => (known.addresses.status(), known.lost_at, known.waiting_until()),
            None => (Vec::new(), None, None),
        }
    }

    fn wanted_more(&self) -> usize {
        let engaged = self.peers.values().filter(|known| known.waiting_until().is_none()).count();
        self.policy.wanted.saturating_sub(engaged)
    }
}

impl Known {
    fn waiting_until(&self) -> Option<Instant> {
        match self.state {
            State::Waiting { until } => Some(until),
            State::Dialling | State::Connected { .. } => None,
        }
    }
}

impl DialPolicy {
    /// A random pause between half and all of the doubled first pause, never above the longest.
    fn pause(&self, failures: u32, jitter: &mut Jitter) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        let whole = self.first_pause.saturating_mul(1 << doublings).min(self.longest_pause);
        let half_us = u64::try_from(whole.as_micros() / 2).unwrap_or(u64::MAX);
        Duration::from_micros(half_us + jitter.next() % (half_us + 1))
    }
}

/// A small deterministic generator (SplitMix64): it spreads pauses, and guards nothing.
#[derive(Debug)]
struct Jitter(u64);

impl Jitter {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: DialPolicy = DialPolicy {
        first_pause: Duration::from_millis(100),
        longest_pause: Duration::from_millis(1_000),
        steady_after: Duration::from_secs(5),
        wanted: 2,
    };

    fn address(port: u16) -> Address {
        format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap()
    }

    fn key(number: u8) -> NodeKey {
        NodeKey::of_secret(&[number; 32]).unwrap()
    }

    fn dialer_with(peers: u8, now: Instant) -> Dialer {
        let mut dialer = Dialer::new(POLICY, 7);
        for number in 1..=peers {
            dialer.add(key(number), vec![address(u16::from(number))], false, now);
        }
        dialer
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_are_jittered() {
        let mut now = Instant::now();
        let mut dialer = dialer_with(1, now);
        let mut lookups = Vec::new();
        for whole_ms in [100, 200, 400, 800, 1_000, 1_000] {
            assert_eq!(dialer.due(now), [Attempt { peer: key(1), addresses: vec![address(1)] }]);
            assert_eq!(dialer.due(now), [], "it is being dialled");
            lookups.push(dialer.failed(key(1), now));
            let pause = dialer.next_attempt().unwrap() - now;
            let bounds = Duration::from_millis(whole_ms / 2)..=Duration::from_millis(whole_ms);
            assert!(bounds.contains(&pause), "{pause:?} is not within {bounds:?}");
            assert_eq!(dialer.due(now), [], "the pause is kept");
            now += pause;
        }
        assert_eq!(lookups, [false, true, true, true, true, true]);
    }

    #[test]
    fn no_more_peers_are_dialled_than_wanted() {
        let now = Instant::now();
        let mut dialer = dialer_with(4, now);
        let first: Vec<_> = dialer.due(now).into_iter().map(|attempt| attempt.peer).collect();
        assert_eq!(first.len(), 2);
        assert_eq!(dialer.next_attempt(), None);
        dialer.connected(first[0], None, now);
        assert_eq!(dialer.due(now), []);
        dialer.failed(first[1], now);
        let replaced = dialer.due(now);
        assert_eq!(replaced.len(), 1);
        assert!(!first.contains(&replaced[0].peer), "another one gets its turn");
    }

    #[test]
    fn a_lost_peer_is_dialled_again_and_a_short_connection_counts_as_a_failure() {
        let now = Instant::now();
        let mut dialer = dialer_with(1, now);
        for expected_max_ms in [100, 200, 400] {
            dialer.connected(key(1), Some(&address(1)), now);
            assert_eq!(dialer.next_attempt(), None);
            dialer.disconnected(key(1), now);
            let pause = dialer.next_attempt().unwrap() - now;
            assert!(pause >= Duration::from_millis(expected_max_ms / 2));
            assert!(pause <= Duration::from_millis(expected_max_ms));
        }
        dialer.connected(key(1), Some(&address(1)), now);
        let later = now + POLICY.steady_after;
        dialer.disconnected(key(1), later);
        assert!(dialer.next_attempt().unwrap() - later <= Duration::from_millis(100));
    }

    #[test]
    fn the_last_error_of_each_address_is_kept_until_it_works() {
        let now = Instant::now();
        let mut dialer = dialer_with(1, now);
        dialer.note_error(key(1), &address(1), "connection refused");
        let error = |dialer: &Dialer| dialer.status(key(1)).0[0].last_error.clone();
        assert_eq!(error(&dialer).as_deref(), Some("connection refused"));
        dialer.connected(key(1), Some(&address(1)), now);
        assert_eq!(error(&dialer), None);
    }

    #[test]
    fn a_peer_without_addresses_is_looked_up_at_once() {
        let now = Instant::now();
        let mut dialer = Dialer::new(POLICY, 7);
        dialer.add(key(1), Vec::new(), false, now);
        assert_eq!(dialer.due(now), [Attempt { peer: key(1), addresses: Vec::new() }]);
        assert!(dialer.failed(key(1), now));
    }
}
