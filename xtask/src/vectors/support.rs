//! Which ballot of a voter counts: logs that are lines and trees, and what each closing saw of them.

use std::collections::BTreeSet;

use cohub_record::{Id, Place};
use cohub_registry::counted_ballot;
use serde_json::{Value as Json, json};

use super::{Failure, VectorFile};

/// A voter's log: for each record its predecessor, and whether it is a ballot of the motion.
struct Log {
    name: String,
    records: Vec<(Option<usize>, bool)>,
}

impl Log {
    /// Ballots only, each given by its predecessor.
    fn of(name: &str, prev: &[Option<usize>]) -> Self {
        Self { name: name.to_owned(), records: prev.iter().map(|prev| (*prev, true)).collect() }
    }

    fn path(&self, index: usize) -> Vec<usize> {
        std::iter::successors(Some(index), |index| self.records[*index].0).collect()
    }

    fn place(&self, index: usize) -> Place {
        let mut id = [0; 32];
        id[..8].copy_from_slice(&(index as u64).to_be_bytes());
        Place { seq: self.path(index).len() as u64 - 1, id: Id::from_bytes(id) }
    }

    fn counted(&self, heads: &[usize], f: usize) -> Option<usize> {
        let places: Vec<Place> = (0..self.records.len()).map(|index| self.place(index)).collect();
        let index = |place: Place| places.iter().position(|other| *other == place).unwrap_or_default();
        let heads: Vec<Place> = heads.iter().map(|head| places[*head]).collect();
        let ballots: BTreeSet<Place> =
            places.iter().zip(&self.records).filter(|(_, r)| r.1).map(|(p, _)| *p).collect();
        let descends = |one: Place, other: Place| self.path(index(one)).contains(&index(other));
        counted_ballot(&heads, &ballots, descends, f).map(index)
    }

    fn case(&self, heads: &[usize], f: usize) -> Json {
        let records: Vec<Json> =
            self.records.iter().map(|(prev, ballot)| json!({ "prev": prev, "ballot": ballot })).collect();
        json!({ "name": self.name, "log": records, "heads": heads, "f": f, "counted": self.counted(heads, f) })
    }
}

pub(super) fn file() -> Result<VectorFile, Failure> {
    let line = Log::of("a line of three ballots", &[None, Some(0), Some(1)]);
    let fork = Log::of("a ballot with two rivals after it", &[None, Some(0), Some(0)]);
    let split = Log::of("two rival first ballots", &[None, None]);
    let nested = Log::of("a fork inside a branch", &[None, Some(0), Some(1), Some(2), Some(2), Some(1)]);
    let among = Log {
        name: "ballots among other records".to_owned(),
        records: vec![(None, false), (Some(0), true), (Some(1), false), (Some(2), true), (Some(3), false)],
    };
    let below = Log {
        name: "rivals that part below the first ballot".to_owned(),
        records: vec![(None, false), (Some(0), true), (Some(0), true), (Some(2), true)],
    };
    let table: [(&Log, &[&[usize]]); 6] = [
        (&line, &[&[], &[2], &[2, 2], &[2, 2, 1], &[2, 1, 1], &[2, 1, 0], &[2, 0, 0], &[0], &[1, 1, 1]]),
        (&fork, &[&[1, 1, 2], &[1, 2, 2], &[1, 1, 2, 2], &[1, 2], &[1, 2, 0], &[0, 0, 1]]),
        (&split, &[&[0, 0, 1], &[0, 1, 1], &[0, 0, 1, 1], &[0, 1]]),
        (&nested, &[&[3, 3, 4, 4], &[3, 4, 5, 5], &[3, 4, 5], &[3, 3, 4, 4, 5, 5], &[3, 3, 5], &[4, 5, 5]]),
        (&among, &[&[3, 3], &[3, 1], &[1, 1], &[3]]),
        (&below, &[&[1, 1, 3, 3], &[1, 3, 3], &[1, 1, 3], &[1, 1, 2, 3]]),
    ];
    let mut cases = Vec::new();
    for (log, heads) in table {
        cases.extend(heads.iter().flat_map(|heads| (0..=2).map(|f| log.case(heads, f))));
    }
    cases.extend((0..200).map(scattered));
    Ok(VectorFile {
        name: "support.json",
        about: "The counted ballot of one voter (Protocol 6.5). Records and heads are named by place in `log`.",
        lists: vec![("cases", cases)],
    })
}

/// A log and closings drawn from the hash of a number.
fn scattered(number: u64) -> Json {
    let mut stream = blake3::Hasher::new().update(&number.to_le_bytes()).finalize_xof();
    let mut draw = |below: usize| {
        let mut byte = [0; 1];
        stream.fill(&mut byte);
        usize::from(byte[0]) % below
    };
    let length = 2 + draw(8);
    // Most records continue the latest but one or the latest, so that branches grow long.
    let prev = |index: usize, pick: usize| match (index, pick) {
        (0, _) | (_, 0) => None,
        (_, 1) => Some(0),
        (_, pick) => Some(index.saturating_sub(1 + pick % 2)),
    };
    let records = (0..length).map(|index| (prev(index, draw(8)), draw(4) > 0)).collect();
    let log = Log { name: format!("drawn log {number}"), records };
    let ballots: Vec<usize> = (0..length).filter(|index| log.records[*index].1).collect();
    let heads: Vec<usize> = match ballots.len() {
        0 => Vec::new(),
        some => (0..draw(6)).map(|_| ballots[draw(some)]).collect(),
    };
    log.case(&heads, draw(3))
}
