//! One comparison with one peer: what differs, what is still to be asked, what came of it.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::PublicKey;

use crate::tree::{BUCKET, Tree};
use crate::wire::{Expansion, Fingerprint, Prefix};

/// Requests of one session under way at a time: enough to keep two cores checking signatures while the
/// next pages travel and the last ones are being stored.
pub(crate) const WINDOW: usize = 8;
/// Pages in a row that bring nothing, until the session ends.
pub(crate) const EMPTY_PAGES: u32 = 32;
/// Authors that a session remembers without knowing them. More of them come in the next session.
const UNKNOWN: usize = 65_536;

/// Leaves in one request, at most.
const LEAVES: usize = 64;
/// Own authors listed in one request, at most, unless one leaf alone has more.
const LISTED: usize = 320;
/// Fingerprints that one request is expected to bring, at most.
const ENTRIES: usize = 2_048;

/// The state of a session.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Requests under way.
    pub(crate) flying: usize,
    /// Records that came.
    pub(crate) gained: u64,
    /// Pages in a row that brought nothing.
    pub(crate) empty_pages: u32,
    /// The peer's root was this node's.
    pub(crate) same: bool,
    /// Compared the roots, rather than being told where to look.
    pub(crate) compared: bool,
    /// How far the peer's clock is ahead.
    pub(crate) clock_ahead_ms: i64,
    /// Prefixes that differ and hold too many authors to list.
    pub(crate) branches: BTreeSet<Prefix>,
    /// Prefixes that differ, with the peer's fingerprint where it is known.
    pub(crate) leaves: BTreeMap<Prefix, Option<Fingerprint>>,
    /// Logs to ask for.
    pub(crate) wanted: BTreeSet<PublicKey>,
    /// Logs of which the peer holds another branch.
    pub(crate) diverged: BTreeSet<PublicKey>,
    /// Logs of which damaged records are held.
    pub(crate) mending: BTreeSet<PublicKey>,
    /// Logs that the peer has and this node would not keep, so far.
    unknown: BTreeSet<PublicKey>,
}

impl Session {
    /// Whether nothing is under way and nothing left to ask for.
    pub(crate) fn is_done(&self) -> bool {
        self.flying == 0
            && self.branches.is_empty()
            && self.leaves.is_empty()
            && self.wanted.is_empty()
            && self.diverged.is_empty()
            && self.mending.is_empty()
    }

    /// Compares what a peer holds below some prefixes with what is held here. Answers whether it is an
    /// answer to that question at all.
    pub(crate) fn consider(
        &mut self,
        tree: &mut Tree,
        prefixes: &[Prefix],
        levels: u8,
        expansions: &[Expansion],
    ) -> bool {
        let fits = expansions.iter().all(|expansion| expansion.levels == levels);
        if !fits || expansions.is_empty() || expansions.len() > prefixes.len() {
            return false;
        }
        // Prefixes that the peer did not get to are asked for again.
        self.branches.extend(&prefixes[expansions.len()..]);
        for (prefix, expansion) in prefixes.iter().zip(expansions) {
            for (index, theirs) in &expansion.children {
                let child = prefix.child(levels, *index);
                if tree.fingerprint(child) == *theirs {
                    continue;
                }
                if tree.count(child) <= BUCKET || child.depth() == Prefix::DEPTH {
                    self.leaves.insert(child, Some(*theirs));
                } else {
                    self.branches.insert(child);
                }
            }
        }
        true
    }

    /// Takes prefixes to descend below, and how far: two levels where that brings no more fingerprints
    /// than fit in a page or two.
    pub(crate) fn next_branches(&mut self, tree: &Tree) -> (Vec<Prefix>, u8) {
        let deep = self.branches.iter().any(|prefix| prefix.depth() + 2 > Prefix::DEPTH);
        let entries: usize = self.branches.iter().map(|prefix| tree.count(*prefix).min(256)).sum();
        let two = !deep && entries <= ENTRIES && self.branches.len() <= ENTRIES / 256;
        let mut taken = Vec::new();
        while let Some(prefix) = self.branches.pop_first() {
            taken.push(prefix);
            if taken.len() == ENTRIES / 16 {
                break;
            }
        }
        (taken, if two { 2 } else { 1 })
    }

    /// Takes leaves that still differ, as many as one request may list, of those that `claim` agrees to.
    pub(crate) fn next_leaves(
        &mut self,
        tree: &mut Tree,
        mut claim: impl FnMut(Prefix) -> bool,
    ) -> Vec<Prefix> {
        self.leaves.retain(|prefix, theirs| *theirs != Some(tree.fingerprint(*prefix)));
        let (mut taken, mut listed) = (Vec::new(), 0);
        for prefix in self.leaves.keys() {
            let count = tree.count(*prefix);
            if taken.len() >= LEAVES || (listed > 0 && listed + count > LISTED) {
                break;
            }
            if claim(*prefix) {
                taken.push(*prefix);
                listed += count;
            }
        }
        for prefix in &taken {
            self.leaves.remove(prefix);
        }
        taken
    }

    /// Remembers a log that may become known while the session lasts. Answers whether it is new.
    pub(crate) fn note_unknown(&mut self, author: PublicKey) -> bool {
        self.unknown.len() < UNKNOWN && self.unknown.insert(author)
    }

    /// Wants those logs that have become known.
    pub(crate) fn want_known(&mut self, is_known: impl Fn(&PublicKey) -> bool) {
        let known: Vec<PublicKey> = self.unknown.iter().filter(|author| is_known(author)).copied().collect();
        for author in known {
            self.unknown.remove(&author);
            self.wanted.insert(author);
        }
    }
}

#[cfg(test)]
mod tests {
    use cohub_record::{Id, SecretKey};

    use super::*;
    use crate::serve::list;
    use crate::wire::{Have, Leaf, Listed, Name, Request, Response};

    /// What finding the differences took.
    #[derive(Debug)]
    struct Cost {
        /// Round trips until records flow, the one that brings them included.
        round_trips: usize,
        /// Bytes of all messages, records aside.
        bytes: usize,
        /// Own logs that were listed.
        listed: usize,
    }

    /// A tree of so many authors; every log numbered below `ahead` has another record.
    fn tree(authors: u64, ahead: u64) -> Tree {
        let author = SecretKey::from_seed(&[1; 32]).public();
        let mut tree = Tree::default();
        // Some numbers are hashed so that the names are spread as those of keys are.
        for number in 0..authors {
            let hash = blake3::hash(&number.to_be_bytes());
            let (mut name, mut log) = ([0; 16], [0; 16]);
            name.copy_from_slice(&hash.as_bytes()[..16]);
            log.copy_from_slice(&hash.as_bytes()[16..]);
            log[0] ^= u8::from(number < ahead);
            tree.set_log(Name(u128::from_be_bytes(name)), author, Fingerprint(log));
        }
        tree
    }

    fn nodes(tree: &mut Tree, prefixes: &[Prefix], levels: u8) -> (Vec<Expansion>, usize) {
        let expansions: Vec<Expansion> = prefixes.iter().map(|prefix| tree.expand(*prefix, levels)).collect();
        let response = Response::Nodes { at: 1 << 40, expansions: list(expansions.clone()) };
        (expansions, response.encode().len())
    }

    fn compare(own: &mut Tree, theirs: &mut Tree) -> Cost {
        let request = Request::Compare { network: Id::from_bytes([1; 32]), root: own.root() };
        let mut cost = Cost { round_trips: 1, bytes: request.encode().len(), listed: 0 };
        if own.root() == theirs.root() {
            cost.bytes += Response::Same { at: 1 << 40 }.encode().len();
            return cost;
        }
        let mut session = Session::default();
        let (expansions, bytes) = nodes(theirs, &[Prefix::ROOT], 2);
        cost.bytes += bytes;
        assert!(session.consider(own, &[Prefix::ROOT], 2, &expansions));
        while !session.branches.is_empty() {
            cost.round_trips += 1;
            // All that is asked before the first answer comes is one round trip.
            let mut asked = Vec::new();
            while !session.branches.is_empty() {
                asked.push(session.next_branches(own));
            }
            for (prefixes, levels) in asked {
                let request = Request::Descend { prefixes: list(prefixes.iter().copied()), levels };
                let (expansions, bytes) = nodes(theirs, &prefixes, levels);
                cost.bytes += request.encode().len() + bytes;
                assert!(session.consider(own, &prefixes, levels, &expansions));
            }
        }
        cost.round_trips += 1;
        while !session.leaves.is_empty() {
            let taken = session.next_leaves(own, |_| true);
            let leaf = |prefix: Prefix| Leaf {
                prefix,
                authors: list(own.authors(prefix, prefix.first(), usize::MAX).into_iter().map(
                    |(name, _)| {
                        let tip = Have { seq: 1_000, id: Id::from_bytes([7; 32]) };
                        Listed { name, haves: list([tip]) }
                    },
                )),
            };
            let leaves: Vec<Leaf> = taken.into_iter().map(leaf).collect();
            cost.listed += leaves.iter().map(|leaf| leaf.authors.len()).sum::<usize>();
            cost.bytes += Request::Tips { leaves: list(leaves), after: None }.encode().len();
        }
        cost
    }

    #[test]
    fn equal_nodes_need_one_round_trip_and_less_than_200_bytes() {
        let cost = compare(&mut tree(1_000, 0), &mut tree(1_000, 0));
        assert!(cost.round_trips == 1 && cost.bytes <= 200, "{cost:?}");
    }

    #[test]
    fn a_thousand_authors_twenty_of_which_differ() {
        let cost = compare(&mut tree(1_000, 0), &mut tree(1_000, 20));
        assert!(cost.round_trips <= 2 && cost.bytes <= 12_000, "{cost:?}");
    }

    #[test]
    fn ten_missing_records_cost_no_full_list_of_tips() {
        let cost = compare(&mut tree(1_000, 0), &mut tree(1_000, 10));
        assert!(cost.listed <= 100, "{cost:?}");
    }

    #[test]
    fn a_million_authors_a_hundred_of_which_differ() {
        let cost = compare(&mut tree(1_000_000, 0), &mut tree(1_000_000, 100));
        assert!(cost.round_trips <= 5 && cost.bytes <= 200_000, "{cost:?}");
    }

    #[test]
    fn an_answer_to_another_question_is_none() {
        let (mut own, mut theirs) = (tree(100, 0), tree(100, 50));
        let mut session = Session::default();
        let (expansions, _) = nodes(&mut theirs, &[Prefix::ROOT], 2);
        assert!(!session.consider(&mut own, &[Prefix::ROOT], 1, &expansions));
        assert!(!session.consider(&mut own, &[], 2, &expansions));
        assert!(!session.consider(&mut own, &[Prefix::ROOT], 2, &[]));
        assert!(session.is_done());
    }
}
