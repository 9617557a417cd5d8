//! Jitter of intervals, from a seed: so that nodes do not speak all at once, and a simulation repeats.

/// A small generator (SplitMix64). Nothing that must be secret comes from it.
#[derive(Debug, Clone)]
pub(crate) struct Jitter(u64);

impl Jitter {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`, which is not 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }

    /// The interval, a quarter more or less.
    pub(crate) fn around(&mut self, interval_ms: u64) -> u64 {
        interval_ms - interval_ms / 4 + self.below(interval_ms / 2 + 1)
    }
}
