//! The format of export segments: plain files from which a store can be rebuilt, with nothing but BLAKE3.
//!
//! | bytes | of a segment's head |
//! | --- | --- |
//! | 16 | `cohub segment 1\n` |
//! | 8 | the segment's number, big endian, as in its name `NNNNNNNN.seg` |
//! | 32 | the chain so far: the hash of the last frame of the segment before; zeros in the first |
//! | 32 | BLAKE3 of the bytes above: where this segment's chain begins |
//!
//! | bytes | of a frame, one after another |
//! | --- | --- |
//! | 4 | the number of bytes of the content, big endian |
//! | … | the content: `0` and a record's bytes, or `1`, an author (32), a seq (8, big endian) and an id (32) of a record that was removed |
//! | 32 | BLAKE3 of the hash before it in the chain, and the content |
//!
//! A changed byte is found in its frame, and costs that frame alone: the next one is checked against the
//! hash as it is written. Bytes at the end that make no whole frame are what a power loss leaves.

use std::fmt;

use cohub_record::{Id, Place, PublicKey, limits};

const MAGIC: &[u8; 16] = b"cohub segment 1\n";
pub(crate) const HEAD_BYTES: usize = 16 + 8 + 32 + 32;
const LENGTH_BYTES: usize = 4;
const LINK_BYTES: usize = 32;
/// The longest content: a record and the byte that says so.
const CONTENT_BYTES: usize = limits::RECORD_BYTES + 1;
const REMOVED_BYTES: usize = 1 + 32 + 8 + 32;

/// A hash in the chain.
pub(crate) type Link = [u8; LINK_BYTES];

/// What a frame says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exported<'a> {
    /// A record was kept. Its bytes are those that were exported; whether they are authentic is for
    /// [`cohub_record::Record::verify`] to say.
    Record(&'a [u8]),
    /// A record was removed.
    Removed(PublicKey, Place),
}

/// Bytes of a segment that are not what was exported. They stay where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentDamage {
    /// The segment's number.
    pub segment: u64,
    /// Where the damaged bytes begin, counted in bytes from the start of the file.
    pub offset: u64,
    /// What is wrong there.
    pub why: String,
}

impl fmt::Display for SegmentDamage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "segment {}, byte {}: {}", name(self.segment), self.offset, self.why)
    }
}

/// How a segment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// With a whole frame, or with the head.
    Whole,
    /// With bytes that a write can leave that broke off: they may be cut off at this offset.
    Torn(usize),
    /// With bytes of which nothing can be said.
    Unreadable(usize),
}

/// What reading a segment found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The chain as the head says it was before; none if the head is damaged.
    pub(crate) before: Option<Link>,
    /// The chain behind the last whole frame.
    pub(crate) after: Link,
    pub(crate) end: End,
    pub(crate) damaged: Vec<SegmentDamage>,
}

/// The name of a segment's file.
pub(crate) fn name(number: u64) -> String {
    format!("{number:08}.seg")
}

/// The number in the name of a segment's file.
pub(crate) fn number(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".seg")?;
    (digits.len() >= 8 && digits.bytes().all(|digit| digit.is_ascii_digit()))
        .then(|| digits.parse().ok())
        .flatten()
}

/// The head of a segment.
pub(crate) fn head(number: u64, before: &Link) -> ([u8; HEAD_BYTES], Link) {
    let mut bytes = [0; HEAD_BYTES];
    bytes[..16].copy_from_slice(MAGIC);
    bytes[16..24].copy_from_slice(&number.to_be_bytes());
    bytes[24..56].copy_from_slice(before);
    let link = *blake3::hash(&bytes[..56]).as_bytes();
    bytes[56..].copy_from_slice(&link);
    (bytes, link)
}

/// Appends a frame to `out` and returns the chain behind it.
pub(crate) fn write_frame(out: &mut Vec<u8>, before: &Link, exported: Exported<'_>) -> Link {
    let content = match exported {
        Exported::Record(bytes) => [&[0], bytes].concat(),
        Exported::Removed(author, place) => {
            [&[1], author.as_bytes().as_slice(), &place.seq.to_be_bytes(), place.id.as_bytes()].concat()
        }
    };
    let link = link(before, &content);
    // A record is shorter than 4 GiB by its limit.
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&content);
    out.extend_from_slice(&link);
    link
}

fn link(before: &Link, content: &[u8]) -> Link {
    *blake3::Hasher::new().update(before).update(content).finalize().as_bytes()
}

/// Reads a segment: hands every good frame to `visit`, with its offset, and names the damaged ones.
pub(crate) fn read(segment: u64, bytes: &[u8], visit: &mut dyn FnMut(u64, Exported<'_>)) -> Reading {
    let Some((first, _)) = bytes.split_first_chunk::<HEAD_BYTES>() else {
        return Reading { before: None, after: [0; LINK_BYTES], end: End::Torn(0), damaged: Vec::new() };
    };
    let mut damaged = Vec::new();
    let mut damage = |offset: usize, why: &str| {
        damaged.push(SegmentDamage { segment, offset: offset as u64, why: why.to_owned() });
    };
    let (before, mut after) = (copy_link(&first[24..]), copy_link(&first[56..]));
    let is_head_good = *first == head(segment, &before).0;
    if !is_head_good {
        damage(0, "the head is not that of this segment");
    }
    let mut offset = HEAD_BYTES;
    let end = loop {
        let rest = &bytes[offset..];
        let Some(frame) = Frame::split(rest) else { break end_of(offset, rest) };
        let next = offset + frame.length();
        let is_last = next == bytes.len();
        if frame.link != link(&after, frame.content) {
            if is_last {
                break End::Torn(offset);
            }
            damage(offset, "the frame's bytes are not those of its hash");
        } else {
            match frame.exported() {
                Some(exported) => visit(offset as u64, exported),
                None => damage(offset, "the frame is of a kind that this software does not know"),
            }
        }
        (offset, after) = (next, frame.link);
    };
    if let End::Unreadable(offset) = end {
        damage(offset, "what follows is no frame");
    }
    Reading { before: is_head_good.then_some(before), after, end, damaged }
}

/// How a segment ends whose bytes from `offset` on make no frame.
fn end_of(offset: usize, rest: &[u8]) -> End {
    let length = rest.first_chunk().map(|length| u32::from_be_bytes(*length) as usize);
    let is_torn = match length {
        // A length of 0 is no frame: a file may grow before its bytes arrive.
        None | Some(0) => rest.iter().all(|byte| *byte == 0) || rest.len() < LENGTH_BYTES,
        Some(length) => length <= CONTENT_BYTES,
    };
    match (rest.is_empty(), is_torn) {
        (true, _) => End::Whole,
        (false, true) => End::Torn(offset),
        (false, false) => End::Unreadable(offset),
    }
}

/// A frame whose length is plausible and whose bytes are all there.
struct Frame<'a> {
    content: &'a [u8],
    link: Link,
}

impl<'a> Frame<'a> {
    fn split(bytes: &'a [u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<LENGTH_BYTES>()?;
        let length = u32::from_be_bytes(*length) as usize;
        if !(1..=CONTENT_BYTES).contains(&length) {
            return None;
        }
        let (content, rest) = rest.split_at_checked(length)?;
        let link = rest.first_chunk::<LINK_BYTES>()?;
        Some(Self { content, link: *link })
    }

    fn length(&self) -> usize {
        LENGTH_BYTES + self.content.len() + LINK_BYTES
    }

    fn exported(&self) -> Option<Exported<'a>> {
        match self.content.split_first()? {
            (0, record) => Some(Exported::Record(record)),
            (1, removed) if self.content.len() == REMOVED_BYTES => {
                let (author, rest) = removed.split_first_chunk::<32>()?;
                let (seq, id) = rest.split_first_chunk::<8>()?;
                let place = Place { seq: u64::from_be_bytes(*seq), id: Id::from_bytes(copy_link(id)) };
                Some(Exported::Removed(PublicKey::from_bytes(*author).ok()?, place))
            }
            _ => None,
        }
    }
}

/// The first 32 bytes; the callers' slices have as many.
fn copy_link(bytes: &[u8]) -> Link {
    bytes.first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cohub_record::SecretKey;

    fn segment() -> (Vec<u8>, Vec<usize>) {
        let (head, mut link) = head(3, &[9; 32]);
        let mut bytes = head.to_vec();
        let mut ends = vec![HEAD_BYTES];
        let removed = Place { seq: 4, id: Id::from_bytes([5; 32]) };
        let author = SecretKey::from_seed(&[1; 32]).public();
        for exported in [
            Exported::Record(b"one"),
            Exported::Record(&[7; 500]),
            Exported::Removed(author, removed),
            Exported::Record(b"four"),
        ] {
            link = write_frame(&mut bytes, &link, exported);
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    fn count(bytes: &[u8]) -> (usize, Reading) {
        let mut count = 0;
        let reading = read(3, bytes, &mut |_, _| count += 1);
        (count, reading)
    }

    #[test]
    fn cut_at_every_byte_the_whole_frames_are_read_and_the_cut_one_is_torn() {
        let (bytes, ends) = segment();
        for cut in 0..=bytes.len() {
            let (count, reading) = count(&bytes[..cut]);
            let whole = ends.iter().filter(|end| **end <= cut).count().saturating_sub(1);
            assert_eq!(count, whole, "cut at {cut}");
            assert!(reading.damaged.is_empty(), "cut at {cut}: {:?}", reading.damaged);
            let last = ends.iter().rev().find(|end| **end <= cut).copied();
            let end = match last {
                None => End::Torn(0),
                Some(last) if last == cut => End::Whole,
                Some(last) => End::Torn(last),
            };
            assert_eq!(reading.end, end, "cut at {cut}");
            // A file may have grown before its bytes arrived.
            let zeroed = [&bytes[..cut], &[0; 700]].concat();
            let (count, _) = super::tests::count(&zeroed);
            assert_eq!(count, whole, "zeros from {cut}");
        }
    }

    #[test]
    fn every_flipped_bit_is_found_and_costs_at_most_what_its_frame_says_follows() {
        let (bytes, ends) = segment();
        let (all, _) = count(&bytes);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let (count, reading) = count(&flipped);
            let is_found = !reading.damaged.is_empty() || reading.end != End::Whole;
            assert!(is_found, "bit {bit}");
            let start = *ends.iter().rev().find(|end| **end <= bit / 8).unwrap_or(&0);
            let is_in_length = start > 0 && bit / 8 < start + LENGTH_BYTES;
            assert!(is_in_length || count + 2 >= all, "bit {bit}: {count} frames are left");
        }
    }
}
