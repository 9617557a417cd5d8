//! Ids as keys of a hash map: all 32 bytes, mixed with numbers that only this process knows.
//!
//! Ids of held records are hashes already, but a record may cite any 32 bytes, and whoever writes it chooses them:
//! a part of an id taken as it is would let one author crowd thousands of ids into one place of the map. So two
//! ids meet by chance only, whatever they are, and nobody outside knows which chance it is.

use std::hash::{BuildHasher, Hasher, RandomState};

const WORDS: usize = 4;

/// Numbers drawn once a map.
#[derive(Debug, Clone)]
pub(crate) struct Mixing([u64; WORDS]);

impl Default for Mixing {
    fn default() -> Self {
        let random = RandomState::new();
        Self([0_u64, 1, 2, 3].map(|number| random.hash_one(number)))
    }
}

impl BuildHasher for Mixing {
    type Hasher = Mixed;

    fn build_hasher(&self) -> Mixed {
        Mixed { numbers: self.0, mixed: 0 }
    }
}

/// The sum of products of neighbouring words, each with a secret number added: two ids that differ anywhere have
/// one sum for about one choice of numbers in 2^64.
#[derive(Debug)]
pub(crate) struct Mixed {
    numbers: [u64; WORDS],
    mixed: u128,
}

impl Hasher for Mixed {
    fn write(&mut self, bytes: &[u8]) {
        let [one, two, three, four] = self.numbers;
        for bytes in bytes.chunks(8 * WORDS) {
            let mut id = [0; 8 * WORDS];
            id[..bytes.len()].copy_from_slice(bytes);
            let factor = |at: usize, number: u64| u128::from(word(&id[8 * at..]).wrapping_add(number));
            let sum = (factor(0, one) * factor(1, two)).wrapping_add(factor(2, three) * factor(3, four));
            self.mixed = self.mixed.wrapping_add(sum);
        }
    }

    /// The length of an id is always the same.
    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        let halves = self.mixed.to_le_bytes();
        spread(word(&halves) ^ word(&halves[8..]))
    }
}

/// Has every bit of a sum tell in the low bits, of which a map makes its places, and lets no two sums meet.
fn spread(sum: u64) -> u64 {
    // Odd, so that nothing is lost; the golden ratio's digits, which have no pattern.
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let once = (sum ^ sum >> 32).wrapping_mul(ODD);
    let twice = (once ^ once >> 29).wrapping_mul(ODD);
    twice ^ twice >> 32
}

/// The number that the first eight bytes are.
fn word(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |word| u64::from_le_bytes(*word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cohub_record::Id;
    use std::collections::HashSet;

    fn id(word: usize, number: u64) -> Id {
        let mut bytes = [7; 32];
        bytes[word * 8..][..8].copy_from_slice(&number.to_le_bytes());
        Id::from_bytes(bytes)
    }

    #[test]
    fn ids_that_differ_in_one_word_alone_do_not_meet() {
        let mixing = Mixing::default();
        for word in 0..WORDS {
            let places: HashSet<u64> = (0..4_096).map(|n| mixing.hash_one(id(word, n)) & 0xf_ffff).collect();
            // By chance about eight of these meet in a million places; a hundred never do.
            assert!(places.len() > 3_996, "{} places for word {word}", places.len());
        }
    }

    /// A number that lets a factor be even leaves the sums few low bits to differ in.
    #[test]
    fn an_unlucky_number_crowds_no_ids() {
        let neighbour = u64::from_le_bytes([7; 8]);
        for zeros in [12, 20, 40] {
            let mixing = Mixing([1, (1_u64 << zeros).wrapping_sub(neighbour), 3, 4]);
            let places: HashSet<u64> = (0..4_096).map(|n| mixing.hash_one(id(0, n)) & 0xf_ffff).collect();
            assert!(places.len() > 3_996, "{} places with {zeros} zeros", places.len());
        }
    }

    #[test]
    fn what_meets_in_one_map_does_not_meet_in_the_next() {
        let (one, other) = (Mixing::default(), Mixing::default());
        assert_eq!(one.hash_one(id(0, 1)), one.clone().hash_one(id(0, 1)));
        assert_ne!(one.hash_one(id(0, 1)), other.hash_one(id(0, 1)));
    }
}
