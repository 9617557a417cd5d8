//! Links between nodes: they lose, repeat, delay and so reorder; cuts part the network for a while.

use std::collections::{BTreeMap, BTreeSet};

use crate::dice::Dice;

/// Who cannot reach whom while a cut lasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing passes between the side and the others.
    Symmetric,
    /// Nothing passes from the side to the others.
    OneWay,
    /// One node reaches both the side and the others.
    Bridge(usize),
}

/// A partition.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    pub(crate) shape: Shape,
    pub(crate) side: BTreeSet<usize>,
    pub(crate) begins_ms: u64,
    pub(crate) ends_ms: u64,
}

impl Cut {
    fn blocks(&self, from: usize, to: usize) -> bool {
        let across = self.side.contains(&from) != self.side.contains(&to);
        match self.shape {
            Shape::Symmetric => across,
            Shape::OneWay => across && self.side.contains(&from),
            Shape::Bridge(bridge) => across && from != bridge && to != bridge,
        }
    }
}

/// How bad the links are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quality {
    pub(crate) lost_per_mille: u64,
    pub(crate) repeated_per_mille: u64,
    /// Messages that take up to [`SLOW_MS`].
    pub(crate) slow_per_mille: u64,
}

/// The usual delay, at most.
const DELAY_MS: u64 = 150;
/// The longest delay of all.
const SLOW_MS: u64 = 30_000;

/// All links.
pub(crate) struct Links {
    pub(crate) quality: Quality,
    dice: Dice,
    /// Who connects to whom, lower place first, and whether they are connected.
    pairs: BTreeMap<(usize, usize), bool>,
    /// Cuts in force, by their place in the scenario.
    cuts: BTreeMap<usize, Cut>,
}

impl Links {
    pub(crate) fn new(quality: Quality, dice: Dice, pairs: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let pairs = pairs.into_iter().map(|(one, other)| (ordered(one, other), false)).collect();
        Self { quality, dice, pairs, cuts: BTreeMap::new() }
    }

    pub(crate) fn begin(&mut self, number: usize, cut: Cut) {
        self.cuts.insert(number, cut);
    }

    pub(crate) fn end(&mut self, number: usize) -> bool {
        self.cuts.remove(&number).is_some()
    }

    /// Ends all cuts; links lose a little for ever.
    pub(crate) fn heal(&mut self) {
        self.cuts.clear();
        self.quality.lost_per_mille = self.quality.lost_per_mille.min(20);
        self.quality.slow_per_mille = 0;
    }

    /// The side of a cut in force, of several the first's.
    pub(crate) fn side(&self) -> Option<&BTreeSet<usize>> {
        self.cuts.values().next().map(|cut| &cut.side)
    }

    pub(crate) fn is_blocked(&self, from: usize, to: usize) -> bool {
        self.cuts.values().any(|cut| cut.blocks(from, to))
    }

    pub(crate) fn is_up(&self, one: usize, other: usize) -> bool {
        self.pairs.get(&ordered(one, other)).copied().unwrap_or(false)
    }

    /// Connects or disconnects two nodes. Answers whether that changed anything.
    pub(crate) fn set_up(&mut self, one: usize, other: usize, up: bool) -> bool {
        match self.pairs.get_mut(&ordered(one, other)) {
            Some(state) if *state != up => {
                *state = up;
                true
            }
            _ => false,
        }
    }

    /// Every pair of nodes that connects where it can.
    pub(crate) fn pairs(&self) -> Vec<(usize, usize)> {
        self.pairs.keys().copied().collect()
    }

    /// The nodes that a node is connected to.
    pub(crate) fn neighbours(&self, node: usize) -> Vec<usize> {
        let ends = self.pairs.iter().filter(|(_, up)| **up).filter_map(|((one, other), _)| {
            (*one == node).then_some(*other).or_else(|| (*other == node).then_some(*one))
        });
        ends.collect()
    }

    /// After how long each copy of a message arrives; none where it is lost.
    pub(crate) fn delays(&mut self) -> Vec<u64> {
        let mut copies = 1;
        if self.dice.chance(self.quality.lost_per_mille) {
            copies = 0;
        } else if self.dice.chance(self.quality.repeated_per_mille) {
            copies = 2;
        }
        (0..copies).map(|_| self.delay_ms()).collect()
    }

    /// How long one message takes.
    pub(crate) fn delay_ms(&mut self) -> u64 {
        let longest = if self.dice.chance(self.quality.slow_per_mille) { SLOW_MS } else { DELAY_MS };
        self.dice.between(1, longest)
    }
}

fn ordered(one: usize, other: usize) -> (usize, usize) {
    (one.min(other), one.max(other))
}
