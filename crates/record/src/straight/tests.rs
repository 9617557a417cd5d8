//! What is read straight is what is read the long way: of headers that are good, and of a great many that are not.

use super::*;
use crate::{Hash, Scope};

/// Numbers that look random and are always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 20).expect("few bits") % bound
    }

    fn id(&mut self) -> Id {
        Id::from_bytes([(); 32].map(|()| u8::try_from(self.below(256)).expect("a byte")))
    }

    /// The ends of every length that a number can have, and what lies beside them.
    fn number(&mut self) -> i64 {
        let edge = 1_i64 << [0, 4, 5, 8, 16, 32, 48, 62][self.below(8)];
        let beside = edge + i64::try_from(self.below(5)).expect("few") - 2;
        [beside, -beside, i64::MAX, i64::MIN, 23, 24, -24, -25][self.below(8)]
    }

    fn value(&mut self, left: usize) -> Value {
        match self.below(if left > 0 { 5 } else { 3 }) {
            0 => Value::Integer(self.number()),
            1 => Value::Bytes(vec![7; self.below(300)]),
            2 => Value::Text("ä".repeat(self.below(40))),
            _ => self.values(left - 1),
        }
    }

    fn values(&mut self, left: usize) -> Value {
        let count = self.below(4);
        Value::Array((0..count).map(|_| self.value(left)).collect())
    }

    fn header(&mut self) -> Header {
        let seq = u64::try_from(self.number().max(0)).expect("not negative");
        let groups = self.below(limits::CITE_GROUPS + 1);
        let descriptor = Descriptor {
            hash: Hash::from_bytes([3; 32]),
            size_bytes: 70,
            scope: Scope::Members,
            sealed_to: None,
        };
        Header {
            network: (self.below(5) > 0).then(|| self.id()),
            seq,
            prev: (seq > 0).then(|| self.id()),
            at: u64::try_from(self.number().max(0)).expect("not negative"),
            kind: "ballot".to_owned(),
            cites: (0..groups).map(|_| (0..self.below(30)).map(|_| self.id()).collect()).collect(),
            body: self.values(limits::DEPTH - 2),
            attachments: vec![descriptor; self.below(3)],
        }
    }
}

#[test]
fn every_good_header_is_read_straight() {
    let mut dice = Dice(11);
    for _ in 0..3_000 {
        let header = dice.header();
        let bytes = header.encode();
        assert_eq!(Header::decode_strictly(&bytes).as_ref(), Ok(&header));
        assert_eq!(super::header(&bytes, 1), Some(header));
    }
}

/// Bytes are changed, lost, doubled and put in, at any place; whatever is still read is read alike.
#[test]
fn what_is_read_straight_is_what_is_read_strictly() {
    let mut dice = Dice(12);
    let (mut read, mut refused) = (0, 0);
    for _ in 0..4_000 {
        let good = dice.header().encode();
        for _ in 0..60 {
            let mut bytes = good.clone();
            for _ in 0..=dice.below(2) {
                // The beginning is where most of the structure is.
                let at = if dice.below(2) == 0 {
                    dice.below(bytes.len().min(120))
                } else {
                    dice.below(bytes.len())
                };
                let byte =
                    [0xf6, 0x18, 0x19, 0x1b, 0x38, 0x58, 0x80, 0x81, 0x9f, 0xff, 0xc0, 0xf5][dice.below(12)];
                match dice.below(5) {
                    0 => bytes[at] = byte,
                    1 => bytes[at] ^= 1 << dice.below(8),
                    2 => bytes.insert(at, byte),
                    3 => bytes.truncate(at.max(1)),
                    _ => drop(bytes.remove(at)),
                }
                if bytes.is_empty() {
                    bytes.push(byte);
                }
            }
            match super::header(&bytes, 1) {
                Some(header) if header.check().is_ok() => {
                    assert_eq!(Header::decode_strictly(&bytes), Ok(header));
                    read += 1;
                }
                _ => refused += 1,
            }
        }
    }
    assert!(read > 10_000 && refused > 100_000, "{read} read, {refused} refused");
}

#[test]
fn nesting_ends_where_it_ends_for_everybody() {
    let nested = |levels| (0..levels).fold(Value::Array(Vec::new()), |inner, _| Value::Array(vec![inner]));
    let mut dice = Dice(13);
    for levels in limits::DEPTH - 4..limits::DEPTH + 3 {
        let bytes = Header { body: nested(levels), ..dice.header() }.encode();
        assert_eq!(super::header(&bytes, 1), Header::decode_strictly(&bytes).ok(), "{levels} levels");
    }
}
