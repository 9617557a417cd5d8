//! Held records as a graph: who wrote what after what, citing what. Ids become small indexes here.

use std::collections::{BTreeMap, HashMap};

use cohub_record::{Appended, Descriptor, Id, Log, Place, PublicKey, Record};

use crate::cites::Cites;
use crate::kind::{Fact, Kind};
use crate::{Refused, Verdict};

/// The index of a record that is held, or that a held one cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Index(u32);

/// One held record, without its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) id: Id,
    pub(crate) author: PublicKey,
    pub(crate) seq: u64,
    pub(crate) prev: Option<Index>,
    pub(crate) at: u64,
    /// Absent where the kind is unknown to this software.
    pub(crate) kind: Option<Kind>,
    pub(crate) cites: Cites,
    /// The content, or why it is not what the kind says.
    pub(crate) fact: Option<Result<Fact, String>>,
    pub(crate) attachments: Box<[Descriptor]>,
    pub(crate) verdict: Verdict,
}

impl Entry {
    pub(crate) const fn place(&self) -> Place {
        Place { seq: self.seq, id: self.id }
    }

    pub(crate) const fn is_valid(&self) -> bool {
        matches!(self.verdict, Verdict::Valid)
    }
}

/// Ids to indexes. Looked up only: the order of a hash map reaches nobody.
#[derive(Debug, Clone, Default)]
struct Indexes(HashMap<Id, Index>);

/// The held records and their logs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    indexes: Indexes,
    ids: Vec<Id>,
    /// In step with `ids`; absent where a record is only cited.
    entries: Vec<Option<Entry>>,
    logs: BTreeMap<PublicKey, Log>,
    /// Who waits for the verdict of whom.
    waiters: BTreeMap<Index, Vec<Index>>,
    /// How many verdicts a pending record waits for, where it waits for any.
    awaited: BTreeMap<Index, usize>,
    held: usize,
}

impl Graph {
    /// Holds a record; answers how its log took it, and its index. Nothing changes where it is refused.
    pub(crate) fn hold(&mut self, record: &Record) -> Result<(Appended, Index), Refused> {
        let header = record.header();
        if let Some(prev) = header.prev {
            let held =
                self.index(&prev).and_then(|index| self.get(index)).ok_or(Refused::Gap(record.id()))?;
            if held.author != record.author() || held.seq.checked_add(1) != Some(header.seq) {
                return Err(Refused::Link(record.id()));
            }
        }
        let index = self.intern(record.id());
        let appended =
            self.logs.entry(record.author()).or_default().append(header.seq, record.id(), header.prev);
        if matches!(appended, Appended::Present | Appended::Gap) {
            return Ok((appended, index));
        }
        let mut entry = self.entry(record);
        // Each id gets an index, and the limits of a header keep its cites within what fits.
        entry.cites = Cites::of(&header.cites, |id| Some(self.intern(*id))).unwrap_or_default();
        let awaited = self.await_verdicts(index, &entry);
        if awaited > 0 {
            self.awaited.insert(index, awaited);
        }
        self.entries[index.0 as usize] = Some(entry);
        self.held += 1;
        Ok((appended, index))
    }

    /// Holds a record that another graph holds; answers its index. None where it is not held there, or what it
    /// builds on is not held here.
    pub(crate) fn hold_again(&mut self, from: &Self, index: Index) -> Option<Index> {
        let entry = from.get(index)?;
        let here = |on: &Index| self.index(&from.id(*on)).filter(|on| self.get(*on).is_some());
        let prev = match &entry.prev {
            Some(prev) => Some(here(prev)?),
            None => None,
        };
        let cites = entry.cites.renamed(here)?;
        let prev_id = prev.map(|prev| self.id(prev));
        let own = self.intern(entry.id);
        let appended = self.logs.entry(entry.author).or_default().append(entry.seq, entry.id, prev_id);
        if matches!(appended, Appended::Present | Appended::Gap) {
            return Some(own);
        }
        let entry = Entry { prev, cites, verdict: Verdict::Pending, ..entry.clone() };
        let awaited = self.await_verdicts(own, &entry);
        if awaited > 0 {
            self.awaited.insert(own, awaited);
        }
        self.entries[own.0 as usize] = Some(entry);
        self.held += 1;
        Some(own)
    }

    /// The entry of a record whose cites are all held, without holding it.
    pub(crate) fn preview(&self, record: &Record) -> Option<Entry> {
        let header = record.header();
        let decided =
            |id: &Id| self.index(id).filter(|i| self.get(*i).is_some_and(|e| e.verdict != Verdict::Pending));
        header.prev.is_none_or(|prev| decided(&prev).is_some()).then_some(())?;
        let cites = Cites::of(&header.cites, decided)?;
        Some(Entry { cites, ..self.entry(record) })
    }

    /// The entry without its cites.
    fn entry(&self, record: &Record) -> Entry {
        let header = record.header();
        let kind = header.kind.parse().ok();
        Entry {
            id: record.id(),
            author: record.author(),
            seq: header.seq,
            prev: header.prev.and_then(|id| self.index(&id)),
            at: header.at,
            kind,
            cites: Cites::default(),
            fact: kind.map(|kind| Fact::decode(kind, header).map_err(|e| e.to_string())),
            attachments: header.attachments.clone().into_boxed_slice(),
            verdict: Verdict::Pending,
        }
    }

    fn await_verdicts(&mut self, index: Index, entry: &Entry) -> usize {
        let undecided = |on: &Index| self.get(*on).is_none_or(|e| e.verdict == Verdict::Pending);
        let mut awaited: Vec<Index> = entry.cites.all().chain(entry.prev).filter(undecided).collect();
        awaited.sort_unstable();
        awaited.dedup();
        for on in &awaited {
            self.waiters.entry(*on).or_default().push(index);
        }
        awaited.len()
    }

    /// Whether nothing that the record builds on is without a verdict.
    pub(crate) fn is_ripe(&self, index: Index) -> bool {
        self.get(index).is_some_and(|entry| entry.verdict == Verdict::Pending)
            && !self.awaited.contains_key(&index)
    }

    /// Sets a verdict for ever and answers who is ripe by it.
    pub(crate) fn settle(&mut self, index: Index, verdict: Verdict) -> Vec<Index> {
        if let Some(entry) = self.entries.get_mut(index.0 as usize).and_then(Option::as_mut) {
            entry.verdict = verdict;
        }
        let mut ripe = Vec::new();
        for waiter in self.waiters.remove(&index).unwrap_or_default() {
            if let Some(left) = self.awaited.get_mut(&waiter) {
                *left = left.saturating_sub(1);
                if *left == 0 {
                    self.awaited.remove(&waiter);
                    ripe.push(waiter);
                }
            }
        }
        ripe
    }

    /// The held records that wait for the verdict of another.
    pub(crate) fn waiters(&self, on: Index) -> &[Index] {
        self.waiters.get(&on).map_or(&[], Vec::as_slice)
    }

    fn intern(&mut self, id: Id) -> Index {
        if let Some(index) = self.indexes.0.get(&id) {
            return *index;
        }
        // 2^32 records of at least a hundred bytes are beyond any machine that holds them in memory.
        let index = Index(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        self.indexes.0.insert(id, index);
        self.ids.push(id);
        self.entries.push(None);
        index
    }

    pub(crate) fn index(&self, id: &Id) -> Option<Index> {
        self.indexes.0.get(id).copied()
    }

    pub(crate) fn get(&self, index: Index) -> Option<&Entry> {
        self.entries.get(index.0 as usize).and_then(Option::as_ref)
    }

    /// Every held record, in the order of arrival: to be sorted before it is shown.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    pub(crate) fn id(&self, index: Index) -> Id {
        self.ids[index.0 as usize]
    }

    pub(crate) fn logs(&self) -> &BTreeMap<PublicKey, Log> {
        &self.logs
    }

    pub(crate) const fn len(&self) -> usize {
        self.held
    }

    /// Cited but not held, in order of id.
    pub(crate) fn missing(&self) -> Vec<Id> {
        let mut missing: Vec<Id> = self
            .ids
            .iter()
            .zip(&self.entries)
            .filter(|(_, entry)| entry.is_none())
            .map(|(id, _)| *id)
            .collect();
        missing.sort_unstable();
        missing
    }

    /// Whether `descendant` is `ancestor` or continues it in their author's log.
    pub(crate) fn descends(&self, descendant: &Entry, ancestor: &Entry) -> bool {
        descendant.author == ancestor.author
            && self
                .logs
                .get(&ancestor.author)
                .is_some_and(|log| log.descends(descendant.place(), ancestor.place()))
    }

    /// Whether `earlier` is a true ancestor of `entry`, which need not be held itself.
    pub(crate) fn precedes(&self, earlier: &Entry, entry: &Entry) -> bool {
        entry.prev.and_then(|prev| self.get(prev)).is_some_and(|prev| self.descends(prev, earlier))
    }
}
