//! The waiting room: authentic records that cannot be kept yet, bounded in every direction, so that
//! strangers fill neither disk nor memory (Protocol 3.5).

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, PublicKey};

use crate::Limits;
use crate::wire::Item;

/// What a record costs besides its bytes: its decoded header and the room's indexes.
const OVERHEAD_BYTES: usize = 512;

/// One record in the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) item: Item,
    /// Who sent it; none where it was handed in locally.
    pub(crate) peer: Option<PublicKey>,
    /// When it first came.
    pub(crate) since_ms: u64,
}

/// Records that wait for a predecessor, for their author to become known, or for something kept that
/// builds on them.
#[derive(Debug)]
pub(crate) struct Room {
    limits: Limits,
    records: BTreeMap<Id, Waiting>,
    by_age: BTreeSet<(u64, Id)>,
    by_prev: BTreeSet<(Id, Id)>,
    by_author: BTreeSet<(PublicKey, u64, Id)>,
    author_bytes: BTreeMap<PublicKey, usize>,
    peer_bytes: BTreeMap<PublicKey, usize>,
    bytes: usize,
}

impl Room {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            records: BTreeMap::new(),
            by_age: BTreeSet::new(),
            by_prev: BTreeSet::new(),
            by_author: BTreeSet::new(),
            author_bytes: BTreeMap::new(),
            peer_bytes: BTreeMap::new(),
            bytes: 0,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn contains(&self, id: &Id) -> bool {
        self.records.contains_key(id)
    }

    /// Lets a record in. Its author or its sender may have used up its share: then it goes. Where the
    /// room is full the oldest go.
    pub(crate) fn enter(&mut self, waiting: Waiting) -> bool {
        let record = waiting.item.record();
        let (id, author, size) = (record.id(), record.author(), size_of(&waiting.item));
        let by_author = self.author_bytes.get(&author).copied().unwrap_or_default();
        let by_peer = waiting.peer.and_then(|peer| self.peer_bytes.get(&peer)).copied().unwrap_or_default();
        if self.contains(&id)
            || by_author + size > self.limits.room_author_bytes
            || by_peer + size > self.limits.room_peer_bytes
        {
            return false;
        }
        while self.records.len() >= self.limits.room_records || self.bytes + size > self.limits.room_bytes {
            let Some((_, oldest)) = self.by_age.first().copied() else { return false };
            self.leave(&oldest);
        }
        if let Some(prev) = record.header().prev {
            self.by_prev.insert((prev, id));
        }
        self.by_author.insert((author, record.header().seq, id));
        self.by_age.insert((waiting.since_ms, id));
        *self.author_bytes.entry(author).or_default() += size;
        if let Some(peer) = waiting.peer {
            *self.peer_bytes.entry(peer).or_default() += size;
        }
        self.bytes += size;
        self.records.insert(id, waiting);
        true
    }

    /// Takes a record out.
    pub(crate) fn leave(&mut self, id: &Id) -> Option<Waiting> {
        let waiting = self.records.remove(id)?;
        let record = waiting.item.record();
        let size = size_of(&waiting.item);
        if let Some(prev) = record.header().prev {
            self.by_prev.remove(&(prev, *id));
        }
        self.by_author.remove(&(record.author(), record.header().seq, *id));
        self.by_age.remove(&(waiting.since_ms, *id));
        lower(&mut self.author_bytes, &record.author(), size);
        if let Some(peer) = &waiting.peer {
            lower(&mut self.peer_bytes, peer, size);
        }
        self.bytes -= size;
        Some(waiting)
    }

    /// Lets go of what has waited too long.
    pub(crate) fn expire(&mut self, now_ms: u64) {
        while let Some((since_ms, id)) = self.by_age.first().copied() {
            if since_ms.saturating_add(self.limits.room_age_ms) > now_ms {
                return;
            }
            self.leave(&id);
        }
    }

    /// The waiting records that continue this one directly.
    pub(crate) fn followers(&self, id: &Id) -> impl Iterator<Item = Id> + '_ {
        let id = *id;
        self.by_prev
            .range((id, LEAST)..)
            .take_while(move |(prev, _)| *prev == id)
            .map(|(_, follower)| *follower)
    }

    /// The waiting records that continue this one, directly or not.
    pub(crate) fn descendants(&self, id: &Id) -> Vec<Id> {
        let mut found: Vec<Id> = self.followers(id).collect();
        let mut next = 0;
        while let Some(id) = found.get(next).copied() {
            found.extend(self.followers(&id));
            next += 1;
        }
        found
    }

    /// The waiting records from the first one that is not in the room up to this one, oldest first.
    pub(crate) fn chain(&self, id: &Id) -> Vec<Id> {
        let mut chain = Vec::new();
        let mut next = Some(*id);
        while let Some(waiting) = next.and_then(|id| self.records.get(&id)) {
            chain.push(waiting.item.record().id());
            next = waiting.item.record().header().prev;
        }
        chain.reverse();
        chain
    }

    /// The predecessor of a waiting record.
    pub(crate) fn prev(&self, id: &Id) -> Option<Id> {
        self.records.get(id)?.item.record().header().prev
    }

    /// The author of a waiting record.
    pub(crate) fn author(&self, id: &Id) -> Option<PublicKey> {
        Some(self.records.get(id)?.item.record().author())
    }

    /// Authors of waiting records.
    pub(crate) fn authors(&self) -> Vec<PublicKey> {
        self.author_bytes.keys().copied().collect()
    }

    /// The waiting records of an author, in order of place.
    pub(crate) fn of(&self, author: &PublicKey) -> Vec<Id> {
        let first = (*author, 0, LEAST);
        self.by_author.range(first..).take_while(|(key, ..)| key == author).map(|(.., id)| *id).collect()
    }
}

const LEAST: Id = Id::from_bytes([0; 32]);

fn size_of(item: &Item) -> usize {
    item.size_bytes() + OVERHEAD_BYTES
}

fn lower(bytes: &mut BTreeMap<PublicKey, usize>, key: &PublicKey, size: usize) {
    if let Some(held) = bytes.get_mut(key) {
        *held -= size;
        if *held == 0 {
            bytes.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use cohub_record::{Draft, Record, SecretKey, Value};

    use super::*;

    fn log(author: u8, length: u64) -> Vec<Record> {
        let mut records: Vec<Record> = Vec::new();
        for seq in 0..length {
            let draft = Draft {
                network: None,
                seq,
                prev: records.last().map(Record::id),
                at: 0,
                kind: "x".to_owned(),
                cites: Vec::new(),
                body: Value::Array(Vec::new()),
                attachments: Vec::new(),
            };
            records.push(draft.sign(&SecretKey::from_seed(&[author; 32])).unwrap());
        }
        records
    }

    fn waiting(record: &Record, peer: u8, since_ms: u64) -> Waiting {
        let peer = Some(SecretKey::from_seed(&[peer; 32]).public());
        Waiting { item: Item::bare(record.clone()), peer, since_ms }
    }

    #[test]
    fn a_chain_is_found_from_either_end() {
        let records = log(1, 4);
        let mut room = Room::new(Limits::default());
        for record in records[1..].iter().rev() {
            assert!(room.enter(waiting(record, 9, 0)) && !room.enter(waiting(record, 9, 0)));
        }
        let ids: Vec<Id> = records.iter().map(Record::id).collect();
        assert_eq!(room.descendants(&ids[0]), ids[1..]);
        assert_eq!(room.chain(&ids[3]), ids[1..]);
        assert_eq!(room.of(&records[0].author()), ids[1..]);
        room.leave(&ids[2]).unwrap();
        assert_eq!(room.descendants(&ids[0]), ids[1..2]);
        assert_eq!(room.chain(&ids[3]), ids[3..]);
    }

    #[test]
    fn every_bound_holds_and_nothing_is_left_when_all_have_gone() {
        let one = size_of(&waiting(&log(1, 1)[0], 0, 0).item);
        let limits = Limits {
            room_records: 4,
            room_bytes: 1 << 20,
            room_author_bytes: one * 3,
            room_peer_bytes: one * 4,
            room_age_ms: 100,
            ..Limits::default()
        };
        let mut room = Room::new(limits);
        let taken = |room: &mut Room, author, peer, now| {
            log(author, 5).iter().filter(|record| room.enter(waiting(record, peer, now))).count()
        };
        assert!(taken(&mut room, 1, 7, 0) < 4, "an author has no more than its share");
        assert!(taken(&mut room, 2, 7, 1) < 4, "a peer has no more than its share");
        taken(&mut room, 3, 8, 2);
        taken(&mut room, 4, 9, 3);
        assert!(room.len() <= 4 && !room.contains(&log(1, 1)[0].id()), "the oldest go");
        room.expire(1_000);
        assert!(room.is_empty() && room.bytes() == 0);
        assert!(room.author_bytes.is_empty() && room.peer_bytes.is_empty() && room.by_prev.is_empty());
    }
}
