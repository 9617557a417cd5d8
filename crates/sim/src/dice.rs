//! Chance, all of it from the seed: whoever throws has dice of its own, so that a change in how one part
//! of the world throws does not change the throws of another.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

/// A stream of throws.
#[derive(Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one part of the world of a seed.
    pub(crate) fn new(seed: u64, owner: &str) -> Self {
        Self(ChaCha8Rng::from_seed(seed_of(seed, owner)))
    }

    /// A number below `bound`; 0 where that is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// A place in a list of that length.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// True so many times out of a thousand.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of several; the first where there is none to choose from is a fault of the caller.
    pub(crate) fn pick<T: Copy>(&mut self, among: &[T]) -> Option<T> {
        among.get(self.place(among.len())).copied()
    }

    /// A sample of so many, in random order.
    pub(crate) fn some_of<T: Copy>(&mut self, among: &[T], count: usize) -> Vec<T> {
        let mut left = among.to_vec();
        let mut taken = Vec::with_capacity(count);
        while taken.len() < count && !left.is_empty() {
            taken.push(left.swap_remove(self.place(left.len())));
        }
        taken
    }

    /// 32 random bytes.
    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}

/// 32 bytes that follow from a seed and a name.
pub(crate) fn seed_of(seed: u64, name: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"cohub sim v1\n").update(&seed.to_be_bytes()).update(name.as_bytes());
    *hasher.finalize().as_bytes()
}
