//! A 16-ary Merkle tree over authors, by which two nodes find the logs that differ (Protocol 8.2).
//!
//! **Invariant**: a fingerprint is a function of the set of logs below it. Up to [`BUCKET`] authors are
//! hashed in a row, more of them by their sixteen children; which of the two it is follows from their
//! number alone. Fingerprints are hashes of hashes, never sums or exclusive ors, which can be forged.

use std::cmp::Ordering;

use cohub_record::{Hash, Place, PublicKey};

use crate::wire::{Expansion, Fingerprint, Name, Prefix, nibble};

/// Authors of a bucket, at most. A larger one costs more tips where one log of it differs, a smaller one
/// more round trips: sixteen let 1,000 authors be told apart in two levels (targets P6, P7).
pub(crate) const BUCKET: usize = 16;

/// The tree. Fingerprints are computed when they are asked for, and only where something changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    root: Node,
}

#[derive(Debug, Clone)]
struct Node {
    fingerprint: Option<Fingerprint>,
    below: Below,
}

#[derive(Debug, Clone)]
enum Below {
    /// In order of name.
    Bucket(Vec<Entry>),
    Branch {
        children: Box<[Node; 16]>,
        authors: usize,
    },
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    name: Name,
    author: PublicKey,
    log: Fingerprint,
}

/// The fingerprint of one log: its author and its tips, which name its whole content.
pub(crate) fn log_fingerprint(author: &PublicKey, tips: &[Place]) -> Fingerprint {
    let mut bytes = Vec::with_capacity(32 + tips.len() * 40);
    bytes.extend_from_slice(author.as_bytes());
    for tip in tips {
        bytes.extend_from_slice(&tip.seq.to_be_bytes());
        bytes.extend_from_slice(tip.id.as_bytes());
    }
    Fingerprint::of(&Hash::of("cohub log v1\n", &[&bytes]))
}

impl Tree {
    /// Sets what an author's log has come to; without a tip the author is gone.
    pub(crate) fn set(&mut self, author: &PublicKey, tips: &[Place]) {
        let name = Name::of(author);
        if tips.is_empty() {
            self.root.remove(name, 0);
        } else {
            self.set_log(name, *author, log_fingerprint(author, tips));
        }
    }

    /// Sets the fingerprint of one log.
    pub(crate) fn set_log(&mut self, name: Name, author: PublicKey, log: Fingerprint) {
        self.root.insert(Entry { name, author, log }, 0);
    }

    /// The fingerprint of all logs.
    pub(crate) fn root(&mut self) -> Fingerprint {
        self.root.fingerprint()
    }

    /// Authors under a prefix.
    pub(crate) fn count(&self, prefix: Prefix) -> usize {
        match self.root.find(prefix) {
            Found::Node(node) => node.authors(),
            Found::Part(entries) => entries.len(),
        }
    }

    /// The fingerprint of the logs under a prefix.
    pub(crate) fn fingerprint(&mut self, prefix: Prefix) -> Fingerprint {
        let mut node = &mut self.root;
        for depth in 0..prefix.depth() {
            match &mut node.below {
                Below::Bucket(entries) => return bucket_fingerprint(part(entries, prefix)),
                Below::Branch { children, .. } => node = &mut children[prefix.nibble(depth)],
            }
        }
        node.fingerprint()
    }

    /// What is below a prefix, 1 or 2 levels down.
    pub(crate) fn expand(&mut self, prefix: Prefix, levels: u8) -> Expansion {
        let highest = if levels == 1 { 15 } else { u8::MAX };
        let children = (0..=highest)
            .map(|index| (index, self.fingerprint(prefix.child(levels, index))))
            .filter(|(_, fingerprint)| *fingerprint != Fingerprint::EMPTY);
        Expansion { levels, children: children.collect() }
    }

    /// The authors under a prefix from a name on, in order of name, at most `limit`.
    pub(crate) fn authors(&self, prefix: Prefix, from: Name, limit: usize) -> Vec<(Name, PublicKey)> {
        let mut listed = Vec::new();
        match self.root.find(prefix) {
            Found::Node(node) => node.list(from, limit, &mut listed),
            Found::Part(entries) => list_entries(entries, from, limit, &mut listed),
        }
        listed
    }
}

enum Found<'a> {
    Node(&'a Node),
    /// The prefix ends inside a bucket.
    Part(&'a [Entry]),
}

impl Default for Node {
    fn default() -> Self {
        Self { fingerprint: None, below: Below::Bucket(Vec::new()) }
    }
}

impl Node {
    fn authors(&self) -> usize {
        match &self.below {
            Below::Bucket(entries) => entries.len(),
            Below::Branch { authors, .. } => *authors,
        }
    }

    fn find(&self, prefix: Prefix) -> Found<'_> {
        let mut node = self;
        for depth in 0..prefix.depth() {
            match &node.below {
                Below::Bucket(entries) => return Found::Part(part(entries, prefix)),
                Below::Branch { children, .. } => node = &children[prefix.nibble(depth)],
            }
        }
        Found::Node(node)
    }

    /// Answers whether the author is new.
    fn insert(&mut self, entry: Entry, depth: u8) -> bool {
        self.fingerprint = None;
        let added = match &mut self.below {
            Below::Bucket(entries) => match entries.binary_search_by(|held| held.name.cmp(&entry.name)) {
                Ok(place) => {
                    entries[place] = entry;
                    false
                }
                Err(place) => {
                    entries.insert(place, entry);
                    true
                }
            },
            Below::Branch { children, authors } => {
                let added = children[nibble(entry.name.0, depth)].insert(entry, depth + 1);
                *authors += usize::from(added);
                added
            }
        };
        self.split(depth);
        added
    }

    /// Makes a branch of a bucket that is too large.
    fn split(&mut self, depth: u8) {
        let Below::Bucket(entries) = &mut self.below else { return };
        if entries.len() <= BUCKET || depth == Prefix::DEPTH {
            return;
        }
        let authors = entries.len();
        let mut children: Box<[Self; 16]> = Box::default();
        for entry in std::mem::take(entries) {
            children[nibble(entry.name.0, depth)].insert(entry, depth + 1);
        }
        self.below = Below::Branch { children, authors };
    }

    /// Answers whether the author was there.
    fn remove(&mut self, name: Name, depth: u8) -> bool {
        let removed = match &mut self.below {
            Below::Bucket(entries) => match entries.binary_search_by(|held| held.name.cmp(&name)) {
                Ok(place) => {
                    entries.remove(place);
                    true
                }
                Err(_) => false,
            },
            Below::Branch { children, authors } => {
                let removed = children[nibble(name.0, depth)].remove(name, depth + 1);
                *authors -= usize::from(removed);
                removed
            }
        };
        if removed {
            self.fingerprint = None;
            self.join();
        }
        removed
    }

    /// Makes a bucket of a branch that has become small.
    fn join(&mut self) {
        if let Below::Branch { children, authors: ..=BUCKET } = &mut self.below {
            let entries = children.iter_mut().flat_map(|child| match &mut child.below {
                Below::Bucket(entries) => std::mem::take(entries),
                Below::Branch { .. } => Vec::new(),
            });
            self.below = Below::Bucket(entries.collect());
        }
    }

    fn fingerprint(&mut self) -> Fingerprint {
        if let Some(fingerprint) = self.fingerprint {
            return fingerprint;
        }
        let fingerprint = match &mut self.below {
            Below::Bucket(entries) => bucket_fingerprint(entries),
            Below::Branch { children, .. } => {
                let mut bytes = [0; 16 * 16];
                for (child, place) in children.iter_mut().zip(bytes.chunks_exact_mut(16)) {
                    place.copy_from_slice(&child.fingerprint().0);
                }
                Fingerprint::of(&Hash::of("cohub branch v1\n", &[&bytes]))
            }
        };
        self.fingerprint = Some(fingerprint);
        fingerprint
    }

    fn list(&self, from: Name, limit: usize, listed: &mut Vec<(Name, PublicKey)>) {
        match &self.below {
            Below::Bucket(entries) => list_entries(entries, from, limit, listed),
            Below::Branch { children, .. } => {
                // Only the child that `from` stands in, and those behind it; all of them where `from`
                // stands before this node.
                for child in children.iter() {
                    if listed.len() >= limit {
                        return;
                    }
                    if child.last().is_some_and(|last| last >= from) {
                        child.list(from, limit, listed);
                    }
                }
            }
        }
    }

    fn last(&self) -> Option<Name> {
        match &self.below {
            Below::Bucket(entries) => entries.last().map(|entry| entry.name),
            Below::Branch { children, .. } => children.iter().rev().find_map(Self::last),
        }
    }
}

fn bucket_fingerprint(entries: &[Entry]) -> Fingerprint {
    if entries.is_empty() {
        return Fingerprint::EMPTY;
    }
    let logs: Vec<u8> = entries.iter().flat_map(|entry| entry.log.0).collect();
    Fingerprint::of(&Hash::of("cohub bucket v1\n", &[&logs]))
}

/// The entries of a bucket whose names begin with a prefix.
fn part(entries: &[Entry], prefix: Prefix) -> &[Entry] {
    let side = |entry: &Entry| match (entry.name < prefix.first(), entry.name > prefix.last()) {
        (true, _) => Ordering::Less,
        (_, true) => Ordering::Greater,
        _ => Ordering::Equal,
    };
    let start = entries.partition_point(|entry| side(entry) == Ordering::Less);
    let end = entries.partition_point(|entry| side(entry) != Ordering::Greater);
    &entries[start..end]
}

fn list_entries(entries: &[Entry], from: Name, limit: usize, listed: &mut Vec<(Name, PublicKey)>) {
    let behind = entries.iter().filter(|entry| entry.name >= from);
    listed.extend(behind.take(limit.saturating_sub(listed.len())).map(|entry| (entry.name, entry.author)));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cohub_record::{Id, SecretKey};
    use proptest::prelude::*;

    use super::*;

    fn author(number: u64) -> PublicKey {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&number.to_le_bytes());
        SecretKey::from_seed(&seed).public()
    }

    fn tip(seq: u8) -> [Place; 1] {
        [Place { seq: u64::from(seq), id: Id::from_bytes([seq; 32]) }]
    }

    fn tree_of(logs: &BTreeMap<u64, u8>) -> Tree {
        let mut tree = Tree::default();
        logs.iter().for_each(|(number, seq)| tree.set(&author(*number), &tip(*seq)));
        tree
    }

    /// Every prefix, one and two levels down from each node that has more than a bucket.
    fn agree(left: &mut Tree, right: &mut Tree, prefix: Prefix) {
        assert_eq!(left.fingerprint(prefix), right.fingerprint(prefix), "{prefix:?}");
        assert_eq!(left.count(prefix), right.count(prefix));
        assert_eq!(
            left.authors(prefix, prefix.first(), usize::MAX),
            right.authors(prefix, prefix.first(), usize::MAX)
        );
        assert_eq!(left.expand(prefix, 2), right.expand(prefix, 2));
        if left.count(prefix) > 1 && prefix.depth() < 4 {
            (0..16).for_each(|index| agree(left, right, prefix.child(1, index)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_tree_depends_on_the_logs_and_not_on_how_they_came(
            changes in proptest::collection::vec((0_u64..60, 0_u8..4), 1..200),
        ) {
            let (mut tree, mut logs) = (Tree::default(), BTreeMap::new());
            for (number, seq) in changes {
                if seq == 0 {
                    tree.set(&author(number), &[]);
                    logs.remove(&number);
                } else {
                    tree.set(&author(number), &tip(seq));
                    logs.insert(number, seq);
                }
                // Asking in between fills the caches that must be dropped again.
                let _ = tree.root();
            }
            agree(&mut tree, &mut tree_of(&logs), Prefix::ROOT);
        }

        #[test]
        fn any_other_log_changes_the_root(count in 1_u64..60, chosen in 0_u64..60, seq in 2_u8..5) {
            let mut logs: BTreeMap<u64, u8> = (0..count).map(|number| (number, 1)).collect();
            let before = tree_of(&logs).root();
            logs.insert(chosen % count, seq);
            prop_assert_ne!(tree_of(&logs).root(), before);
        }
    }

    #[test]
    fn nothing_has_no_fingerprint_and_authors_are_listed_from_a_name_on() {
        assert_eq!(Tree::default().expand(Prefix::ROOT, 1).children, []);
        let tree = tree_of(&(0..200).map(|number| (number, 1)).collect());
        let all = tree.authors(Prefix::ROOT, Prefix::ROOT.first(), usize::MAX);
        assert!(all.len() == 200 && all.is_sorted());
        for (place, (name, _)) in all.iter().enumerate() {
            assert_eq!(tree.authors(Prefix::ROOT, *name, 7), all[place..(place + 7).min(200)]);
        }
    }
}
