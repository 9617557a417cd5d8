//! Walking all records of a table that may be damaged: what cannot be read is named and passed by.
//!
//! A damaged table can return the same error for ever, or panic. So each failure ends the run it
//! happened in, and the walk looks for the next readable key by ever longer strides. Every run starts
//! behind the one before, and their number is bounded: the walk ends.

use std::ops::ControlFlow;

use cohub_record::Place;

use crate::keyspace::{PIECE_BYTES, RECORD_KEY_BYTES, RECORD_PREFIX, parse_record_key, seek_key};
use crate::watchdog::caught;

/// Failures passed by before the rest of the table is given up, and named as one stretch.
const FAILURES: usize = 64;

/// An ordered table of keys and values.
pub(crate) trait Table {
    /// A key or a value.
    type Bytes: AsRef<[u8]>;

    /// Keys from `start` on, below the end of the records, in order.
    fn entries(&self, start: &[u8]) -> impl Iterator<Item = Result<(Self::Bytes, Self::Bytes), String>>;
}

/// Author and place of a record.
pub(crate) type At = ([u8; 32], Place);

/// What a walk meets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Met<B> {
    /// All pieces of a record, joined. Nothing about them was checked.
    Record { at: At, bytes: Joined<B> },
    /// A stretch that cannot be read.
    Region { after: Option<At>, before: Option<At>, why: String },
}

/// A record's bytes: as they lie in the table, or joined from several pieces.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Joined<B> {
    One(B),
    Many(Vec<u8>),
}

impl<B: AsRef<[u8]>> AsRef<[u8]> for Joined<B> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::One(bytes) => bytes.as_ref(),
            Self::Many(bytes) => bytes,
        }
    }
}

/// Walks the table and hands what it meets to `visit`, until `visit` breaks off.
pub(crate) fn walk<T: Table>(
    table: &T,
    visit: &mut dyn FnMut(Met<T::Bytes>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut start = vec![RECORD_PREFIX];
    for failures in 0.. {
        let mut last = None;
        let Some(why) = run(table, &start, &mut last, visit)? else { return ControlFlow::Continue(()) };
        let after = last.or_else(|| parse_record_key(&start).map(|(author, place, _)| (author, place)));
        let resumed = if failures < FAILURES { next_readable(table, after) } else { None };
        let before =
            resumed.as_ref().and_then(|key| parse_record_key(key)).map(|(author, place, _)| (author, place));
        visit(Met::Region { after, before, why })?;
        match resumed {
            Some(key) => start = key,
            None => break,
        }
    }
    ControlFlow::Continue(())
}

/// Reads on from `start` to the end, or to a failure, which it returns in words. `last` becomes the
/// last place read.
fn run<T: Table>(
    table: &T,
    start: &[u8],
    last: &mut Option<At>,
    visit: &mut dyn FnMut(Met<T::Bytes>) -> ControlFlow<()>,
) -> ControlFlow<(), Option<String>> {
    let mut entries = table.entries(start);
    let mut open: Option<(At, Joined<T::Bytes>)> = None;
    loop {
        let (key, value) = match caught(|| entries.next()) {
            Ok(Some(Ok(entry))) => entry,
            Ok(None) => break,
            Ok(Some(Err(why))) | Err(why) => {
                flush(open, visit)?;
                return ControlFlow::Continue(Some(why));
            }
        };
        let Some((author, place, piece)) = parse_record_key(key.as_ref()) else {
            flush(open.take(), visit)?;
            visit(Met::Region { after: *last, before: *last, why: "a key there is no record's".to_owned() })?;
            continue;
        };
        *last = Some((author, place));
        open = match open {
            Some((at, bytes)) if at == (author, place) && piece > 0 => Some((at, bytes.join(value.as_ref()))),
            done => {
                flush(done, visit)?;
                Some(((author, place), Joined::One(value)))
            }
        };
    }
    flush(open, visit)?;
    ControlFlow::Continue(None)
}

fn flush<B>(
    open: Option<(At, Joined<B>)>,
    visit: &mut dyn FnMut(Met<B>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    open.map_or(ControlFlow::Continue(()), |(at, bytes)| visit(Met::Record { at, bytes }))
}

impl<B: AsRef<[u8]>> Joined<B> {
    fn join(self, piece: &[u8]) -> Self {
        let mut bytes = match self {
            Self::One(first) => {
                let mut bytes = Vec::with_capacity(2 * PIECE_BYTES);
                bytes.extend_from_slice(first.as_ref());
                bytes
            }
            Self::Many(bytes) => bytes,
        };
        bytes.extend_from_slice(piece);
        Self::Many(bytes)
    }
}

/// The first key found readable behind `after`: later in the same log, else under a later author.
fn next_readable<T: Table>(table: &T, after: Option<At>) -> Option<Vec<u8>> {
    let (author, seq) = after.map_or(([0; 32], 0), |(author, place)| (author, place.seq));
    let within_log = |stride: u64| seq.checked_add(stride).map(|seq| seek_key(&author, seq));
    let (head, _) = author.split_first_chunk::<8>()?;
    let behind_author = |stride: u64| {
        let mut later = [0; 32];
        later[..8].copy_from_slice(&u64::from_be_bytes(*head).checked_add(stride)?.to_be_bytes());
        Some(seek_key(&later, 0))
    };
    stride(table, &within_log).or_else(|| stride(table, &behind_author))
}

/// Doubles the stride until something can be read there, then halves back to the least such stride.
fn stride<T: Table>(table: &T, key_at: &dyn Fn(u64) -> Option<RecordKey>) -> Option<Vec<u8>> {
    let readable = |stride: u64| key_at(stride).and_then(|key| first_from(table, &key));
    let (mut far, mut found) = (0..u64::BITS)
        .map(|power| 1 << power)
        .find_map(|stride| readable(stride).map(|key| (stride, key)))?;
    let mut near = far / 2;
    while near + 1 < far {
        let middle = near.midpoint(far);
        match readable(middle) {
            Some(key) => (far, found) = (middle, key),
            None => near = middle,
        }
    }
    Some(found)
}

type RecordKey = [u8; RECORD_KEY_BYTES];

fn first_from<T: Table>(table: &T, start: &[u8]) -> Option<Vec<u8>> {
    match caught(|| table.entries(start).next()) {
        Ok(Some(Ok((key, _)))) => Some(key.as_ref().to_vec()),
        _ => None,
    }
}
