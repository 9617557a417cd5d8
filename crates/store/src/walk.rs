//! Walking all records of a table that may be damaged: what cannot be read is named and passed by.
//!
//! A damaged table can return the same error for ever, or panic. So each failure ends the run it
//! happened in, and the walk looks for the next readable key by ever longer strides. Every run starts
//! behind the one before, and their number is bounded: the walk ends.

use std::ops::ControlFlow;

use cohub_record::Place;

use crate::keyspace::{
    PIECE_BYTES, RECORD_PREFIX, RecordKey, key_of, midpoint, parse_record_key, seek_key, successor,
};
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

/// The first key that is readable behind `after`: what is readable at some distance, later in the same log or
/// else under a later author, and then whatever is readable before that.
fn next_readable<T: Table>(table: &T, after: Option<At>) -> Option<Vec<u8>> {
    let behind =
        after.map_or_else(|| seek_key(&[0; 32], 0), |(author, place)| successor(&key_of(&author, place)));
    let (author, seq) = after.map_or(([0; 32], 0), |(author, place)| (author, place.seq));
    let within_log = |stride: u64| seq.checked_add(stride).map(|seq| seek_key(&author, seq));
    let (head, _) = author.split_first_chunk::<8>()?;
    let behind_author = |stride: u64| {
        let mut later = [0; 32];
        later[..8].copy_from_slice(&u64::from_be_bytes(*head).checked_add(stride)?.to_be_bytes());
        Some(seek_key(&later, 0))
    };
    stride(table, behind, &within_log).or_else(|| stride(table, behind, &behind_author))
}

/// Doubles the stride until something can be read there, then looks for what can be read before that.
fn stride<T: Table>(
    table: &T,
    behind: RecordKey,
    key_at: &dyn Fn(u64) -> Option<RecordKey>,
) -> Option<Vec<u8>> {
    let mut near = behind;
    for power in 0..u64::BITS {
        let far = key_at(1 << power)?;
        match first_from(table, &far) {
            Some(found) => return Some(bisect(table, near, far, found)),
            None => near = near.max(far),
        }
    }
    None
}

/// What is first readable between two keys: nothing is at the near one, `found` is at the far one. A stretch
/// may begin in one log and end in another, whose name nobody can read yet: so all keys come into question.
fn bisect<T: Table>(table: &T, mut near: RecordKey, mut far: RecordKey, mut found: Vec<u8>) -> Vec<u8> {
    loop {
        let middle = midpoint(&near, &far);
        if middle <= near {
            return found;
        }
        match first_from(table, &middle) {
            Some(key) => (far, found) = (middle, key),
            None => near = middle,
        }
    }
}

fn first_from<T: Table>(table: &T, start: &[u8]) -> Option<Vec<u8>> {
    match caught(|| table.entries(start).next()) {
        Ok(Some(Ok((key, _)))) => Some(key.as_ref().to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cohub_record::Id;

    use super::*;
    use crate::keyspace::RECORD_KEY_BYTES;

    /// A table whose broken keys fail again and again, by an error or by a panic.
    struct Broken {
        entries: BTreeMap<Vec<u8>, Vec<u8>>,
        is_broken: fn(&At) -> bool,
        panics: bool,
    }

    impl Table for Broken {
        type Bytes = Vec<u8>;

        fn entries(&self, start: &[u8]) -> impl Iterator<Item = Result<(Vec<u8>, Vec<u8>), String>> {
            let mut keys = self.entries.range(start.to_vec()..).peekable();
            std::iter::from_fn(move || {
                let (key, value) = keys.peek()?;
                let (author, place, _) = parse_record_key(key)?;
                if (self.is_broken)(&(author, place)) {
                    assert!(!self.panics, "a broken page");
                    return Some(Err("a broken page".to_owned()));
                }
                let entry = ((*key).clone(), (*value).clone());
                keys.next();
                Some(Ok(entry))
            })
        }
    }

    fn at(author: u8, seq: u64) -> At {
        ([author; 32], Place { seq, id: Id::from_bytes([7; 32]) })
    }

    /// Ten authors with a hundred records each; every tenth record has two pieces.
    fn table(is_broken: fn(&At) -> bool, panics: bool) -> Broken {
        let mut entries = BTreeMap::new();
        for (author, seq) in (0..10).flat_map(|author| (0..100).map(move |seq| (author * 20, seq))) {
            let mut key = seek_key(&[author; 32], seq);
            key[RECORD_KEY_BYTES - 32..].copy_from_slice(&[7; 32]);
            entries.insert(key.to_vec(), vec![author]);
            if seq % 10 == 0 {
                entries.insert([key.as_slice(), &[1]].concat(), vec![99]);
            }
        }
        Broken { entries, is_broken, panics }
    }

    /// The last place before a stretch that cannot be read, and the first behind it.
    type Stretch = (Option<At>, Option<At>);

    fn walked(table: &Broken) -> (Vec<At>, Vec<Stretch>) {
        let (mut records, mut regions) = (Vec::new(), Vec::new());
        let whole = walk(table, &mut |met| {
            match met {
                Met::Record { at, bytes } => {
                    let expected = if at.1.seq % 10 == 0 { vec![at.0[0], 99] } else { vec![at.0[0]] };
                    assert_eq!(bytes.as_ref(), expected);
                    records.push(at);
                }
                Met::Region { after, before, .. } => regions.push((after, before)),
            }
            ControlFlow::Continue(())
        });
        assert!(whole.is_continue());
        (records, regions)
    }

    #[test]
    fn broken_stretches_are_named_and_everything_else_is_read() {
        type Row = (&'static str, fn(&At) -> bool, Vec<Stretch>);
        let rows: [Row; 8] = [
            ("sound", |_| false, vec![]),
            ("one record", |at| at.0[0] == 40 && at.1.seq == 50, vec![(Some(at(40, 49)), Some(at(40, 51)))]),
            (
                "inside a log",
                |at| at.0[0] == 40 && (3..90).contains(&at.1.seq),
                vec![(Some(at(40, 2)), Some(at(40, 90)))],
            ),
            ("the start", |at| at.0[0] == 0 && at.1.seq < 5, vec![(None, Some(at(0, 5)))]),
            ("the end", |at| at.0[0] == 180 && at.1.seq >= 5, vec![(Some(at(180, 4)), None)]),
            ("whole logs", |at| (60..=100).contains(&at.0[0]), vec![(Some(at(40, 99)), Some(at(120, 0)))]),
            (
                "from one log into the next",
                |at| at.0[0] == 60 && at.1.seq >= 50 || at.0[0] == 80 && at.1.seq < 30,
                vec![(Some(at(60, 49)), Some(at(80, 30)))],
            ),
            ("all", |_| true, vec![(None, None)]),
        ];
        for (name, is_broken, expected) in rows {
            for panics in [false, true] {
                let table = table(is_broken, panics);
                let (records, regions) = walked(&table);
                assert_eq!(regions, expected, "{name}");
                let all = (0..10).flat_map(|author| (0..100).map(move |seq| at(author * 20, seq)));
                let sound: Vec<At> = all.filter(|at| !is_broken(at)).collect();
                assert_eq!(records, sound, "{name}");
            }
        }
    }

    #[test]
    fn a_table_broken_in_too_many_places_is_given_up_and_says_where() {
        let (records, regions) = walked(&table(|at| at.1.seq % 2 == 1, false));
        assert_eq!(regions.len(), FAILURES + 1);
        assert_eq!(regions.last(), Some(&(records.last().copied(), None)));
    }

    #[test]
    fn a_visitor_can_break_off() {
        let mut visits = 0;
        let broken_off = walk(&table(|_| false, false), &mut |_| {
            visits += 1;
            if visits == 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!((broken_off.is_break(), visits), (true, 7));
    }
}
