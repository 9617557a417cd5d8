//! Fills a page with the records of some logs that an asker lacks.

use std::collections::BTreeSet;

use cohub_record::{Log, Place, PublicKey, Record};
use cohub_registry::{Access, Registry};

use crate::ReadError;
use crate::access::may_read;
use crate::turn::Turn;
use crate::wire::{Cursor, Have, Item, Name, PAGE_BYTES, PAGE_ITEMS};

/// What an item costs on the wire besides its bytes.
const FRAME_BYTES: usize = 8;
/// What an offered author costs.
const OFFER_BYTES: usize = 34;

/// A page in the making.
pub(crate) struct Page<'a> {
    registry: &'a Registry,
    turn: &'a Turn<'a>,
    access: Access,
    pub(crate) items: Vec<Item>,
    pub(crate) offers: Vec<PublicKey>,
    pub(crate) diverged: Vec<PublicKey>,
    /// Where the page ended, if it is full.
    pub(crate) next: Option<Cursor>,
    /// Records whose stored bytes are damaged.
    pub(crate) damaged: Vec<(PublicKey, Place)>,
    bytes: usize,
    limit_bytes: usize,
    last: Option<Cursor>,
}

/// What an asker lacks of one log.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lacking {
    /// These, in order.
    Places(Vec<Place>),
    /// Nothing: it holds records behind all that are held here.
    Ahead,
    /// It holds another branch and has to say more of what it holds.
    Diverged,
}

impl<'a> Page<'a> {
    pub(crate) fn new(
        registry: &'a Registry,
        turn: &'a Turn<'a>,
        access: Access,
        limit_bytes: usize,
    ) -> Self {
        Self {
            registry,
            turn,
            access,
            items: Vec::new(),
            offers: Vec::new(),
            diverged: Vec::new(),
            next: None,
            damaged: Vec::new(),
            bytes: 0,
            limit_bytes: limit_bytes.min(PAGE_BYTES),
            last: None,
        }
    }

    /// Whether nothing more fits in; then `next` says where to go on.
    pub(crate) const fn is_full(&self) -> bool {
        self.next.is_some()
    }

    /// Names an author that the asker did not list.
    pub(crate) fn offer(&mut self, name: Name, author: PublicKey) {
        if !self.fits(OFFER_BYTES) {
            return;
        }
        self.bytes += OFFER_BYTES;
        self.offers.push(author);
        self.last = Some(Cursor { name, place: None });
    }

    /// Adds what the asker lacks of a log behind `after`. Answers whether the asker is ahead.
    pub(crate) fn add(
        &mut self,
        name: Name,
        author: &PublicKey,
        haves: &[Have],
        after: Option<Place>,
    ) -> bool {
        let lacking = self
            .registry
            .log(author)
            .map_or(Lacking::Ahead, |log| lacking(log, haves, after, PAGE_ITEMS + 1));
        let ahead = match lacking {
            Lacking::Places(places) => {
                self.add_records(name, author, &places);
                let unknown = |have: &Have| {
                    self.registry.log(author).is_none_or(|log| !log.contains(have.seq, &have.id))
                };
                haves.iter().any(unknown)
            }
            Lacking::Ahead => true,
            Lacking::Diverged => {
                self.diverged.push(*author);
                true
            }
        };
        if !self.is_full() {
            self.last = Some(Cursor { name, place: None });
        }
        ahead
    }

    /// Adds these records of a log, as far as they can be read and fit in.
    pub(crate) fn add_records(&mut self, name: Name, author: &PublicKey, places: &[Place]) {
        for place in places {
            let item = match self.turn.read(author, *place) {
                Ok(Some(bytes)) => Record::from_checked(place.id, *author, bytes).ok().map(|r| self.item(r)),
                Ok(None) | Err(ReadError::Unavailable(_)) => None,
                Err(ReadError::Damaged(_)) => {
                    self.damaged.push((*author, *place));
                    None
                }
            };
            // What stands behind it cannot be held by the asker without it: the rest of this log comes
            // another time.
            let Some(item) = item else { return };
            let size = item.size_bytes() + FRAME_BYTES;
            if !self.fits(size) {
                return;
            }
            self.bytes += size;
            self.items.push(item);
            self.last = Some(Cursor { name, place: Some(Have::from(*place)) });
        }
    }

    /// Whether so many bytes fit in; if not, the page is full. The first record always does.
    fn fits(&mut self, size: usize) -> bool {
        if self.is_full() {
            return false;
        }
        let empty = self.items.is_empty() && self.offers.is_empty();
        let count = self.items.len().max(self.offers.len());
        if empty || (self.bytes + size <= self.limit_bytes && count < PAGE_ITEMS) {
            return true;
        }
        self.next.clone_from(&self.last);
        false
    }

    /// The record with those of its small attachments that the asker may have.
    fn item(&self, record: Record) -> Item {
        if record.header().attachments.is_empty() {
            return Item::bare(record);
        }
        let attachments = self.registry.attachments(&record.id()).into_iter();
        let erased = |hash: &cohub_record::Hash| self.registry.erased(hash).is_some();
        let readable = attachments
            .filter(|a| a.descriptor.travels() && may_read(a, self.access) && !erased(&a.descriptor.hash));
        let bytes =
            readable.filter_map(|a| self.turn.records().attachment(&a.descriptor.hash).ok().flatten());
        Item::new(record.clone(), bytes.collect()).unwrap_or_else(|_| Item::bare(record))
    }
}

/// What somebody who holds `haves`, and all that those descend from, lacks of a log behind `after`: the
/// first `limit` records of it.
pub(crate) fn lacking(log: &Log, haves: &[Have], after: Option<Place>, limit: usize) -> Lacking {
    let known: Vec<Place> =
        haves.iter().map(Place::from).filter(|place| log.contains(place.seq, &place.id)).collect();
    // Where the asker has another first record, nothing is common to both: it lacks all of this log.
    let parted = haves.iter().any(|have| have.seq == 0);
    if known.is_empty() && !haves.is_empty() && !parted {
        let highest = haves.iter().map(|have| have.seq).max();
        // Where a log is forked, what the asker has behind it may be what is not kept here.
        let ahead = !log.is_forked() && highest > log.latest().map(|latest| latest.seq);
        return if ahead { Lacking::Ahead } else { Lacking::Diverged };
    }
    let behind_cursor = |place: &Place| after.is_none_or(|after| *place > after);
    if !log.is_forked() {
        let first = known.iter().map(|place| place.seq + 1).max().unwrap_or_default();
        let from = after.map_or(first, |after| first.max(after.seq));
        return Lacking::Places(log.places_from(from).filter(behind_cursor).take(limit).collect());
    }
    let mut covered = BTreeSet::new();
    for place in known {
        let mut next = Some(place);
        while let Some(place) = next.filter(|place| covered.insert(*place)) {
            next = log.prev(place);
        }
    }
    let places = log.places_from(0).filter(|place| !covered.contains(place));
    Lacking::Places(places.filter(behind_cursor).take(limit).collect())
}

/// What to say of a log to somebody who knows none of its tips: the tips, and places further and further
/// down, so that the last common one is found within twice its distance.
pub(crate) fn spaced(log: &Log) -> Vec<Have> {
    const HAVES: usize = 128;
    let tips = log.tips();
    let mut haves: Vec<Have> = tips.iter().copied().map(Have::from).collect();
    for tip in tips {
        let (mut step, mut next) = (1, Some(tip));
        while let Some(place) = next.filter(|_| haves.len() < HAVES) {
            next = down(log, place, step);
            haves.extend(next.map(Have::from));
            step *= 2;
        }
    }
    haves.truncate(HAVES);
    haves
}

fn down(log: &Log, from: Place, steps: u64) -> Option<Place> {
    (0..steps).try_fold(from, |place, _| log.prev(place)).or_else(|| {
        let mut first = from;
        while let Some(prev) = log.prev(first) {
            first = prev;
        }
        (first != from).then_some(first)
    })
}

#[cfg(test)]
mod tests {
    use cohub_record::Id;

    use super::*;

    fn id(branch: u8, seq: u64) -> Id {
        let mut bytes = [branch; 32];
        bytes[..8].copy_from_slice(&seq.to_be_bytes());
        Id::from_bytes(bytes)
    }

    fn have(branch: u8, seq: u64) -> Have {
        Have { seq, id: id(branch, seq) }
    }

    /// A trunk up to `trunk`, and branch 1 from behind `fork` up to `branch`.
    fn log(trunk: u64, branch: Option<(u64, u64)>) -> Log {
        let mut log = Log::default();
        for seq in 0..=trunk {
            log.append(seq, id(0, seq), seq.checked_sub(1).map(|before| id(0, before)));
        }
        if let Some((fork, last)) = branch {
            for seq in fork + 1..=last {
                log.append(seq, id(1, seq), Some(id(u8::from(seq > fork + 1), seq - 1)));
            }
        }
        log
    }

    fn seqs(lacking: Lacking) -> Vec<u64> {
        match lacking {
            Lacking::Places(places) => places.iter().map(|place| place.seq).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_an_asker_lacks_of_a_line() {
        let line = log(9, None);
        assert_eq!(seqs(lacking(&line, &[], None, usize::MAX)), (0..10).collect::<Vec<_>>());
        assert_eq!(seqs(lacking(&line, &[have(0, 6)], None, usize::MAX)), [7, 8, 9]);
        assert_eq!(
            seqs(lacking(&line, &[have(0, 6)], Some(Place { seq: 8, id: id(0, 8) }), usize::MAX)),
            [9]
        );
        assert_eq!(seqs(lacking(&line, &[have(0, 9)], None, usize::MAX)), [0; 0]);
        assert_eq!(lacking(&line, &[have(0, 12)], None, usize::MAX), Lacking::Ahead);
        assert_eq!(lacking(&line, &[have(1, 9)], None, usize::MAX), Lacking::Diverged);
    }

    #[test]
    fn what_an_asker_lacks_of_a_fork() {
        let tree = log(9, Some((4, 7)));
        assert_eq!(seqs(lacking(&tree, &[have(0, 9)], None, usize::MAX)), [5, 6, 7]);
        assert_eq!(seqs(lacking(&tree, &[have(1, 7), have(0, 6)], None, usize::MAX)), [7, 8, 9]);
        assert_eq!(seqs(lacking(&tree, &[have(1, 7), have(0, 9)], None, usize::MAX)), [0; 0]);
        assert_eq!(lacking(&tree, &[have(0, 12)], None, usize::MAX), Lacking::Diverged);
    }

    #[test]
    fn of_a_log_that_began_twice_the_other_is_sent_whole() {
        let mut other = Log::default();
        other.append(0, id(1, 0), None);
        other.append(1, id(1, 1), Some(id(1, 0)));
        let line = log(3, None);
        assert_eq!(
            lacking(&line, &[have(1, 1)], None, usize::MAX),
            Lacking::Diverged,
            "its tip says nothing yet"
        );
        assert_eq!(seqs(lacking(&line, &spaced(&other), None, usize::MAX)), [0, 1, 2, 3]);
        assert_eq!(seqs(lacking(&other, &spaced(&line), None, usize::MAX)), [0, 1]);
        assert_eq!(seqs(lacking(&line, &[have(1, 0)], None, usize::MAX)), [0, 1, 2, 3]);
        let mut both = log(3, None);
        both.append(0, id(1, 0), None);
        assert_eq!(seqs(lacking(&both, &spaced(&other), None, usize::MAX)), [0, 1, 2, 3]);
        assert_eq!(seqs(lacking(&both, &spaced(&line), None, usize::MAX)), [0]);
    }

    #[test]
    fn spaced_places_find_the_last_common_record_within_twice_its_distance() {
        for (length, fork) in [(9, 4), (400, 4), (400, 390), (4_000, 0), (2, 1)] {
            let asker = log(fork, Some((fork, length)));
            let answering = log(length, None);
            assert_eq!(lacking(&answering, &[have(1, length)], None, usize::MAX), Lacking::Diverged);
            let sent = seqs(lacking(&answering, &spaced(&asker), None, usize::MAX));
            assert!(sent.first().is_some_and(|first| *first <= fork + 1), "the branch is whole");
            assert!(sent.len() as u64 <= 2 * (length - fork) + 1, "{length} {fork}: {}", sent.len());
        }
    }
}
