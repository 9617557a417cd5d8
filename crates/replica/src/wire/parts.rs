//! The small things that messages are made of: fingerprints, prefixes of the tree, places, cursors.

use std::fmt;

use cohub_record::{BodyError, Field, Hash, List, Place, PublicKey, Value, positional};

/// The fingerprint of a set of logs: 16 bytes of BLAKE3, so that nobody can make two sets alike.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Fingerprint(pub [u8; 16]);

/// Where an author stands in the tree: the first 16 bytes of BLAKE3 over its key, big endian.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(pub u128);

/// The names that begin with the same nibbles, at most [`Prefix::DEPTH`] of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Prefix {
    first: u128,
    depth: u8,
}

/// The children of one prefix that hold anything, with their fingerprints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expansion {
    /// Levels below the prefix: 1 (16 children) or 2 (256).
    pub levels: u8,
    /// The children by index, in order.
    pub children: Vec<(u8, Fingerprint)>,
}

positional! {
    /// A place in a log, on the wire.
    pub struct Have {
        /// The sequence number.
        pub seq: u64,
        /// The record's id.
        pub id: cohub_record::Id,
    }
}

positional! {
    /// An author in a leaf of the tree, and the records of it that the asker holds: its tips, or, where
    /// the other side knows none of them, also places further down.
    pub struct Listed {
        /// The author, by name.
        pub name: Name,
        /// Places held; whatever they descend from is held too.
        pub haves: List<Have, 128>,
    }
}

positional! {
    /// All that the asker holds under one prefix.
    pub struct Leaf {
        /// The prefix.
        pub prefix: Prefix,
        /// Its authors, in order of name.
        pub authors: List<Listed, 4_096>,
    }
}

positional! {
    /// One log that the asker wants, and what it holds of it.
    pub struct Wanted {
        /// The author.
        pub author: PublicKey,
        /// Places held; whatever they descend from is held too.
        pub haves: List<Have, 128>,
    }
}

positional! {
    /// The latest record that the asker holds of a key of its own.
    pub struct Known {
        /// The key.
        pub key: PublicKey,
        /// The record, if there is any.
        pub latest: Option<Have>,
    }
}

positional! {
    /// Where a page ended: the next begins behind it. Logs stream in order of name, then of place.
    pub struct Cursor {
        /// The last author that the page is about.
        pub name: Name,
        /// The last place looked at in its log; absent where the page is done with that author.
        pub place: Option<Have>,
    }
}

impl From<Place> for Have {
    fn from(place: Place) -> Self {
        Self { seq: place.seq, id: place.id }
    }
}

impl From<&Have> for Place {
    fn from(have: &Have) -> Self {
        Self { seq: have.seq, id: have.id }
    }
}

impl Fingerprint {
    /// Of nothing.
    pub const EMPTY: Self = Self([0; 16]);

    /// The first half of a hash.
    #[must_use]
    pub fn of(hash: &Hash) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_bytes()[..16]);
        Self(bytes)
    }
}

impl Name {
    /// The name of an author.
    #[must_use]
    pub fn of(author: &PublicKey) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&blake3::hash(author.as_bytes()).as_bytes()[..16]);
        Self(u128::from_be_bytes(bytes))
    }
}

impl Prefix {
    /// Nibbles of the longest prefix. Sixteen tell any two of 2^32 authors apart; below it a set of
    /// authors is listed however large it is.
    pub const DEPTH: u8 = 16;
    /// Every name.
    pub const ROOT: Self = Self { first: 0, depth: 0 };

    /// Nibbles.
    #[must_use]
    pub const fn depth(&self) -> u8 {
        self.depth
    }

    /// The child with this index, `levels` below: 16 or 256 of them.
    #[must_use]
    pub fn child(&self, levels: u8, index: u8) -> Self {
        let depth = (self.depth + levels).min(Self::DEPTH);
        let shift = 128 - 4 * u32::from(depth).max(1);
        Self { first: self.first | (u128::from(index) << shift), depth }
    }

    /// The nibble at a depth below the prefix's own.
    pub(crate) fn nibble(&self, depth: u8) -> usize {
        nibble(self.first, depth)
    }

    /// Whether a name begins with it.
    #[must_use]
    pub const fn holds(&self, name: Name) -> bool {
        name.0 & self.mask() == self.first
    }

    /// Whether one of the two begins with the other.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let mask = self.mask() & other.mask();
        self.first & mask == other.first & mask
    }

    /// The least name that begins with it.
    #[must_use]
    pub const fn first(&self) -> Name {
        Name(self.first)
    }

    /// The greatest name that begins with it.
    #[must_use]
    pub const fn last(&self) -> Name {
        Name(self.first | !self.mask())
    }

    const fn mask(&self) -> u128 {
        match self.depth {
            0 => 0,
            depth => u128::MAX << (128 - 4 * depth as u32),
        }
    }
}

/// The nibble of a name at a depth.
pub(crate) fn nibble(name: u128, depth: u8) -> usize {
    let shifted = name >> (124 - 4 * u32::from(depth.min(31)));
    (shifted & 0xf) as usize
}

fn bytes_of(value: &Value) -> Result<&[u8], BodyError> {
    match value {
        Value::Bytes(bytes) => Ok(bytes),
        other => Err(BodyError::new(format!("expected bytes, found {}", other.name()))),
    }
}

fn sixteen(value: &Value) -> Result<[u8; 16], BodyError> {
    let bytes = bytes_of(value)?;
    bytes.try_into().map_err(|_| BodyError::new(format!("expected 16 bytes, found {}", bytes.len())))
}

impl Field for Fingerprint {
    fn to_value(&self) -> Value {
        Value::Bytes(self.0.to_vec())
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        sixteen(value).map(Self)
    }
}

impl Field for Name {
    fn to_value(&self) -> Value {
        Value::Bytes(self.0.to_be_bytes().to_vec())
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        sixteen(value).map(|bytes| Self(u128::from_be_bytes(bytes)))
    }
}

/// The depth, then the nibbles, two a byte; a last half byte is zero.
impl Field for Prefix {
    fn to_value(&self) -> Value {
        let length = usize::from(self.depth).div_ceil(2);
        let mut bytes = vec![self.depth];
        bytes.extend_from_slice(&self.first.to_be_bytes()[..length]);
        Value::Bytes(bytes)
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        let refused = || BodyError::new("expected a depth of at most 16 and as many nibbles");
        let (depth, nibbles) = bytes_of(value)?.split_first().ok_or_else(refused)?;
        if *depth > Self::DEPTH || nibbles.len() != usize::from(*depth).div_ceil(2) {
            return Err(refused());
        }
        let mut first = [0; 16];
        first[..nibbles.len()].copy_from_slice(nibbles);
        let prefix = Self { first: u128::from_be_bytes(first), depth: *depth };
        if prefix.first & !prefix.mask() == 0 { Ok(prefix) } else { Err(refused()) }
    }
}

/// A bit for each child, the first child the highest bit of the first byte, then the fingerprints.
impl Field for Expansion {
    fn to_value(&self) -> Value {
        let mut bytes = vec![0; bitmap_bytes(self.levels)];
        for (index, _) in &self.children {
            if let Some(byte) = bytes.get_mut(usize::from(index / 8)) {
                *byte |= 0x80 >> (index % 8);
            }
        }
        bytes.extend(self.children.iter().flat_map(|(_, fingerprint)| fingerprint.0));
        Value::Bytes(bytes)
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        let bytes = bytes_of(value)?;
        // One level has at most 2 + 16 * 16 bytes, two levels at least 32 and 16 for each child, so
        // that the length modulo 16 tells them apart: 2 or 0.
        let levels = if bytes.len() % 16 == 2 { 1 } else { 2 };
        let refused = || BodyError::new("expected a bit and a fingerprint for each child");
        let (bitmap, fingerprints) = bytes.split_at_checked(bitmap_bytes(levels)).ok_or_else(refused)?;
        let set = |index: &u8| bitmap[usize::from(index / 8)] & (0x80 >> (index % 8)) != 0;
        let highest = if levels == 1 { 15 } else { u8::MAX };
        let indexes: Vec<u8> = (0..=highest).filter(set).collect();
        if fingerprints.len() != indexes.len() * 16 {
            return Err(refused());
        }
        let children = indexes.into_iter().zip(fingerprints.chunks_exact(16)).map(|(index, chunk)| {
            let mut fingerprint = [0; 16];
            fingerprint.copy_from_slice(chunk);
            (index, Fingerprint(fingerprint))
        });
        Ok(Self { levels, children: children.collect() })
    }
}

const fn bitmap_bytes(levels: u8) -> usize {
    if levels == 1 { 2 } else { 32 }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Fingerprint({:08x}…)", u128::from_be_bytes(self.0) >> 96)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Name({:08x}…)", self.0 >> 96)
    }
}

impl fmt::Debug for Prefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nibbles = (0..self.depth).map(|depth| format!("{:x}", self.nibble(depth)));
        write!(formatter, "Prefix({})", nibbles.collect::<String>())
    }
}
