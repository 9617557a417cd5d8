//! The one key space of a store on disk: where a record, a named value and the store's own notes stand.
//!
//! | key | value |
//! | --- | --- |
//! | `r ‖ author(32) ‖ seq(8, big endian) ‖ id(32)` | the record's first [`PIECE_BYTES`] |
//! | the same `‖ n`, n from 1 | its further pieces; the last is shorter than [`PIECE_BYTES`], or absent |
//! | `m ‖ name` | a named value |
//! | `p` | progress: how many records were acknowledged, the sum of their ids, and how many writes |
//! | `b` | birth: which lock file this store was written beside |

use std::collections::BTreeMap;

use cohub_record::{Id, Place, PublicKey};

/// Bytes of one value. A page of sled holds at most about twenty values, and a page of more than
/// 128 KiB would go into a file of its own that sled never syncs: pieces keep every page below that.
pub(crate) const PIECE_BYTES: usize = 6 * 1024;

/// Bytes of a record's key, without the number of a piece.
pub(crate) const RECORD_KEY_BYTES: usize = 1 + 32 + 8 + 32;

pub(crate) const PROGRESS_KEY: &[u8] = b"p";
pub(crate) const BIRTH_KEY: &[u8] = b"b";
pub(crate) const RECORD_PREFIX: u8 = b'r';
pub(crate) const META_PREFIX: u8 = b'm';

/// The key of a record's first piece.
pub(crate) type RecordKey = [u8; RECORD_KEY_BYTES];

pub(crate) fn record_key(author: &PublicKey, place: Place) -> RecordKey {
    key_of(author.as_bytes(), place)
}

/// The least key at or behind which the records of `author` from `seq` on stand.
pub(crate) fn seek_key(author: &[u8; 32], seq: u64) -> RecordKey {
    log_key(author, seq, &[0; 32])
}

/// The key of a record by its author's bytes.
pub(crate) fn key_of(author: &[u8; 32], place: Place) -> RecordKey {
    log_key(author, place.seq, place.id.as_bytes())
}

fn log_key(author: &[u8; 32], seq: u64, id: &[u8; 32]) -> RecordKey {
    let mut key = [RECORD_PREFIX; RECORD_KEY_BYTES];
    key[1..33].copy_from_slice(author);
    key[33..41].copy_from_slice(&seq.to_be_bytes());
    key[41..].copy_from_slice(id);
    key
}

/// The least record's key behind a record and all its pieces.
pub(crate) fn successor(key: &RecordKey) -> RecordKey {
    let mut next = *key;
    for byte in next.iter_mut().rev() {
        let carried;
        (*byte, carried) = byte.overflowing_add(1);
        if !carried {
            break;
        }
    }
    next
}

/// The key half way between two, as numbers, rounded down.
pub(crate) fn midpoint(low: &RecordKey, high: &RecordKey) -> RecordKey {
    let mut middle = [0; RECORD_KEY_BYTES];
    let mut carry = 0;
    for ((sum, low), high) in middle.iter_mut().zip(low).zip(high).rev() {
        [carry, *sum] = (u16::from(*low) + u16::from(*high) + u16::from(carry)).to_be_bytes();
    }
    for byte in &mut middle {
        let odd = *byte & 1;
        *byte = (*byte >> 1) | (carry << 7);
        carry = odd;
    }
    middle
}

/// Author and place that a key names, and the number of the piece; none if it is no record's key.
pub(crate) fn parse_record_key(key: &[u8]) -> Option<([u8; 32], Place, u8)> {
    let (prefix, rest) = key.split_first()?;
    let (author, rest) = rest.split_first_chunk::<32>()?;
    let (seq, rest) = rest.split_first_chunk::<8>()?;
    let (id, piece) = rest.split_first_chunk::<32>()?;
    let piece = match piece {
        [] => 0,
        [number] if *number > 0 => *number,
        _ => return None,
    };
    let place = Place { seq: u64::from_be_bytes(*seq), id: Id::from_bytes(*id) };
    (*prefix == RECORD_PREFIX).then_some((*author, place, piece))
}

/// The key of a record's piece; 0 is the record's own key.
pub(crate) fn piece_key(key: &RecordKey, number: u8) -> Vec<u8> {
    let mut piece = key.to_vec();
    if number > 0 {
        piece.push(number);
    }
    piece
}

/// Splits a record into its pieces. 256 KiB make 43.
pub(crate) fn pieces<'a>(key: &RecordKey, bytes: &'a [u8]) -> BTreeMap<Vec<u8>, &'a [u8]> {
    (0..=u8::MAX)
        .zip(bytes.chunks(PIECE_BYTES))
        .map(|(number, piece)| (piece_key(key, number), piece))
        .collect()
}

pub(crate) fn meta_key(name: &str) -> Vec<u8> {
    [&[META_PREFIX], name.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cohub_record::{SecretKey, limits};

    #[test]
    fn half_way_between_two_keys_and_behind_one() {
        let key = |author: u8, seq| seek_key(&[author; 32], seq);
        assert_eq!(midpoint(&key(1, 4), &key(1, 10)), key(1, 7));
        assert_eq!(midpoint(&key(1, 4), &key(1, 4)), key(1, 4));
        assert_eq!(midpoint(&key(3, 0), &key(5, 2)), key(4, 1));
        assert_eq!(midpoint(&key(0, u64::MAX), &key(0, u64::MAX)), key(0, u64::MAX));
        let last = log_key(&[1; 32], 4, &[0xff; 32]);
        assert_eq!(successor(&last), key(1, 5));
        assert!(piece_key(&last, u8::MAX) < successor(&last).to_vec());
        assert!(midpoint(&last, &key(1, 5)) == last, "nothing lies between");
    }

    #[test]
    fn keys_order_by_author_then_place_and_read_back() {
        let author = SecretKey::from_seed(&[3; 32]).public();
        let places = [(0, 9), (0, 200), (1, 1), (255, 1), (256, 0), (u64::MAX, 5)];
        let places = places.map(|(seq, id)| Place { seq, id: Id::from_bytes([id; 32]) });
        let keys = places.map(|place| record_key(&author, place));
        assert!(keys.is_sorted());
        for (key, place) in keys.iter().zip(places) {
            assert_eq!(parse_record_key(key), Some((*author.as_bytes(), place, 0)));
            assert_eq!(parse_record_key(&piece_key(key, 7)), Some((*author.as_bytes(), place, 7)));
            assert!(
                piece_key(key, 255) < seek_key(author.as_bytes(), place.seq.saturating_add(1)).to_vec()
                    || place.seq == u64::MAX
            );
        }
        for wrong in [
            &keys[0][..72],
            b"m",
            b"",
            &[keys[0].as_slice(), &[0]].concat(),
            &[keys[0].as_slice(), &[1, 2]].concat(),
        ] {
            assert_eq!(parse_record_key(wrong), None);
        }
    }

    #[test]
    fn the_largest_record_has_pieces_for_all_its_bytes() {
        let key = [RECORD_PREFIX; RECORD_KEY_BYTES];
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(limits::RECORD_BYTES).collect();
        assert_eq!(pieces(&key, &bytes).into_values().collect::<Vec<_>>().concat(), bytes);
    }
}
