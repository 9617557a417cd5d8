//! Lines, forks at every place, nested forks, the threshold on both sides, and random logs against the
//! definition of Protocol 6.5 taken word for word.

use std::collections::BTreeSet;

use cohub_record::{Id, Place};
use proptest::prelude::*;

use super::*;

/// A voter's log as a tree: for each record its predecessor, and whether it is a ballot of the motion.
#[derive(Debug)]
struct Tree {
    prev: Vec<Option<usize>>,
    is_ballot: Vec<bool>,
}

impl Tree {
    fn place(&self, index: usize) -> Place {
        // Rivals of a fork order by their ids; reversed indices make that differ from the order of arrival.
        let mut id = [0; 32];
        id[..8].copy_from_slice(&(u64::MAX - index as u64).to_be_bytes());
        Place { seq: self.path(index).len() as u64 - 1, id: Id::from_bytes(id) }
    }

    fn index(&self, place: Place) -> usize {
        (0..self.prev.len()).find(|index| self.place(*index) == place).expect("a place of this tree")
    }

    /// The record and all that it continues, from itself down.
    fn path(&self, index: usize) -> Vec<usize> {
        std::iter::successors(Some(index), |index| self.prev[*index]).collect()
    }

    fn counted(&self, heads: &[usize], f: usize) -> Option<usize> {
        let heads: Vec<Place> = heads.iter().map(|head| self.place(*head)).collect();
        let ballots: BTreeSet<Place> = (0..self.prev.len())
            .filter(|index| self.is_ballot[*index])
            .map(|index| self.place(index))
            .collect();
        let descends = |descendant: Place, ancestor: Place| {
            self.path(self.index(descendant)).contains(&self.index(ancestor))
        };
        counted_ballot(&heads, &ballots, descends, f).map(|place| self.index(place))
    }

    /// Protocol 6.5, word for word.
    fn by_definition(&self, heads: &[usize], f: usize) -> Option<usize> {
        let ballots = (0..self.prev.len()).filter(|index| self.is_ballot[*index]);
        let supported: Vec<usize> = ballots
            .filter(|ballot| heads.iter().filter(|head| self.path(**head).contains(ballot)).count() > f)
            .collect();
        let has_supported_successor =
            |leaf: usize| supported.iter().any(|other| *other != leaf && self.path(*other).contains(&leaf));
        let leaves: Vec<usize> = supported.iter().copied().filter(|b| !has_supported_successor(*b)).collect();
        match leaves[..] {
            [] => None,
            [deepest] => Some(deepest),
            [first, ..] => {
                let common = |index: &usize| leaves.iter().all(|leaf| self.path(*leaf).contains(index));
                self.path(first).into_iter().find(|index| self.is_ballot[*index] && common(index))
            }
        }
    }
}

/// A tree of ballots only, each given by its predecessor.
fn ballots<const N: usize>(prev: [Option<usize>; N]) -> Tree {
    Tree { prev: prev.to_vec(), is_ballot: vec![true; N] }
}

#[test]
fn on_a_line_the_latest_ballot_with_enough_support_counts() {
    let line = ballots([None, Some(0), Some(1)]);
    let table: &[(&[usize], usize, Option<usize>)] = &[
        (&[], 0, None),
        (&[2], 0, Some(2)),
        (&[2, 2, 2], 1, Some(2)),
        (&[2, 2, 1], 1, Some(2)),
        (&[2, 1, 1], 1, Some(1)), // one teller alone saw the last ballot: it may lie
        (&[2, 1, 0], 1, Some(1)), // who saw the last one saw the one before it
        (&[2, 0, 0], 1, Some(0)),
        (&[2], 1, None),
    ];
    for (heads, f, expected) in table {
        assert_eq!(line.counted(heads, *f), *expected, "heads {heads:?}, f {f}");
    }
}

#[test]
fn f_supporters_are_too_few_and_one_more_is_enough() {
    let line = ballots([None, Some(0)]);
    for f in 0..=4 {
        assert_eq!(line.counted(&vec![1; f], f), None);
        assert_eq!(line.counted(&vec![1; f + 1], f), Some(1));
        assert_eq!(line.counted(&[vec![1; f], vec![0; 1]].concat(), f), Some(0));
    }
}

#[test]
fn records_between_ballots_neither_count_nor_cut() {
    let line =
        Tree { prev: vec![None, Some(0), Some(1), Some(2)], is_ballot: vec![false, true, false, true] };
    assert_eq!(line.counted(&[3, 3], 1), Some(3));
    assert_eq!(line.counted(&[3, 1], 1), Some(1));
}

/// A log of six ballots with a second branch from each place on, as long as the first.
#[test]
fn a_fork_at_any_place_falls_back_to_what_is_below_it() {
    const LENGTH: usize = 6;
    for fork in 0..LENGTH {
        let line = (0..LENGTH).map(|index| index.checked_sub(1));
        let rival = (fork..LENGTH).map(|depth| match depth == fork {
            true => fork.checked_sub(1),
            false => Some(LENGTH + depth - fork - 1),
        });
        let prev: Vec<Option<usize>> = line.chain(rival).collect();
        let (one, other) = (LENGTH - 1, prev.len() - 1);
        let tree = Tree { is_ballot: vec![true; prev.len()], prev };
        let below = fork.checked_sub(1);

        assert_eq!(tree.counted(&[one, one, other, other], 1), below, "both supported, fork at {fork}");
        assert_eq!(tree.counted(&[one, one, other], 1), Some(one), "one supported, fork at {fork}");
        assert_eq!(tree.counted(&[one, other, other], 1), Some(other), "the other, fork at {fork}");
        assert_eq!(tree.counted(&[one, other], 1), below, "neither supported alone, fork at {fork}");
    }
}

/// A fork below the first ballot, in records that are no ballots: nothing is common.
#[test]
fn rivals_without_a_common_ballot_count_as_none() {
    let tree = Tree { prev: vec![None, Some(0), Some(0), Some(2)], is_ballot: vec![false, true, true, true] };
    assert_eq!(tree.counted(&[1, 1, 3, 3], 1), None);
    assert_eq!(tree.counted(&[1, 3, 3], 1), Some(3));
}

/// 0 ─ 1 ─ 2 ─ 3
///       │   ╰ 4
///       ╰ 5
#[test]
fn nested_forks_fall_back_as_far_as_the_support_reaches() {
    let tree = ballots([None, Some(0), Some(1), Some(2), Some(2), Some(1)]);
    assert_eq!(tree.counted(&[3, 3, 4, 4], 1), Some(2), "the inner fork alone");
    assert_eq!(tree.counted(&[3, 4, 5, 5], 1), Some(1), "the inner branches support 2, which rivals 5");
    assert_eq!(tree.counted(&[3, 4, 5], 1), Some(2), "5 has one supporter: no rival");
    assert_eq!(tree.counted(&[3, 3, 4, 4, 5, 5], 1), Some(1), "three branches");
    assert_eq!(tree.counted(&[3, 4, 5], 2), Some(1), "only 0 and 1 have all three");
}

/// Random logs of up to ten records, most of them ballots, with heads among the ballots.
fn log_and_heads() -> impl Strategy<Value = (Tree, Vec<usize>)> {
    let shape = proptest::collection::vec((any::<prop::sample::Index>(), prop::bool::weighted(0.75)), 1..=10);
    (shape, proptest::collection::vec(any::<prop::sample::Index>(), 0..=5)).prop_map(|(shape, heads)| {
        // The latest two records are the likeliest predecessors, so that branches get long.
        let prev = |index: usize, pick: &prop::sample::Index| match (index, pick.index(6)) {
            (0, _) | (_, 5) => None,
            (_, 0) => Some(pick.index(index)),
            (_, back) => Some(index.saturating_sub(1 + back % 2)),
        };
        let tree = Tree {
            prev: shape.iter().enumerate().map(|(index, (pick, _))| prev(index, pick)).collect(),
            is_ballot: shape.iter().map(|(_, is_ballot)| *is_ballot).collect(),
        };
        let cast: Vec<usize> = (0..shape.len()).filter(|index| tree.is_ballot[*index]).collect();
        let heads = if cast.is_empty() { Vec::new() } else { heads.iter().map(|h| *h.get(&cast)).collect() };
        (tree, heads)
    })
}

/// All orders of the items.
fn orders(items: &[usize]) -> Vec<Vec<usize>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let first = |index: usize| {
        let rest = [&items[..index], &items[index + 1..]].concat();
        orders(&rest).into_iter().map(move |order| [vec![items[index]], order].concat())
    };
    (0..items.len()).flat_map(first).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_order_of_closings_counts_what_the_definition_says((tree, heads) in log_and_heads(), f in 0_usize..3) {
        let expected = tree.by_definition(&heads, f);
        for order in orders(&heads) {
            prop_assert_eq!(tree.counted(&order, f), expected);
        }
    }

    /// Guarantee: what too few tellers vouch for is never counted.
    #[test]
    fn a_counted_ballot_has_more_than_f_supporters((tree, heads) in log_and_heads(), f in 0_usize..3) {
        if let Some(counted) = tree.counted(&heads, f) {
            prop_assert!(heads.iter().filter(|head| tree.path(**head).contains(&counted)).count() > f);
        }
    }
}
