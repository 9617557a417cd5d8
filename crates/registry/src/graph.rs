//! Held records as a graph: who wrote what after what, citing what. Ids become small indexes here.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use cohub_record::{Appended, Id, Log, Place, PublicKey, Record};

use crate::awaiting::Awaiting;
use crate::cites::Cites;
use crate::content::Content;
use crate::ids::Mixing;
use crate::kind::Kind;
use crate::{Refused, Verdict};

/// The index of a record that is held, or that a held one cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Index(u32);

impl Index {
    /// That of the first record to be held.
    pub(crate) const FIRST: Self = Self(0);

    #[cfg(test)]
    pub(crate) const fn at(place: u32) -> Self {
        Self(place)
    }

    /// The same as a place in a list.
    pub(crate) const fn place(self) -> usize {
        self.0 as usize
    }
}

/// Which of the held logs a record stands in; that of a record that is not held may not be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogIndex(u32);

/// One held record, without its bytes.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) id: Id,
    pub(crate) author: PublicKey,
    pub(crate) seq: u64,
    pub(crate) log: LogIndex,
    pub(crate) prev: Option<Index>,
    pub(crate) at: u64,
    /// Absent where the kind is unknown to this software.
    pub(crate) kind: Option<Kind>,
    pub(crate) cites: Cites,
    pub(crate) content: Arc<Content>,
    pub(crate) verdict: Verdict,
}

impl Entry {
    /// The entry of a record that stands in no log here and cites nothing that has an index.
    fn without_cites(record: &Record, content: &Arc<Content>) -> Self {
        let header = record.header();
        Self {
            id: record.id(),
            author: record.author(),
            seq: header.seq,
            log: LogIndex(u32::MAX),
            prev: None,
            at: header.at,
            kind: content.kind,
            cites: Cites::default(),
            content: Arc::clone(content),
            verdict: Verdict::Pending,
        }
    }

    pub(crate) const fn place(&self) -> Place {
        Place { seq: self.seq, id: self.id }
    }

    pub(crate) const fn is_valid(&self) -> bool {
        matches!(self.verdict, Verdict::Valid)
    }
}

/// How far a record came: kept beside the entries, so that asking about many of them touches little memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// It is cited, but not held.
    Absent,
    /// It is held and has no verdict yet.
    Pending,
    Valid,
    Void,
}

/// The held records and their logs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Graph {
    /// Looked up only: the order of a hash map reaches nobody.
    indexes: HashMap<Id, Index, Mixing>,
    ids: Vec<Id>,
    /// In step with `ids`.
    progress: Vec<Progress>,
    /// In step with `ids`; absent where a record is only cited.
    entries: Vec<Option<Entry>>,
    authors: BTreeMap<PublicKey, LogIndex>,
    logs: Vec<Log>,
    awaiting: Awaiting,
    held: usize,
}

impl Graph {
    /// Holds a record; answers how its log took it, and its index. Nothing changes where it is refused.
    pub(crate) fn hold(
        &mut self,
        record: &Record,
        content: &Arc<Content>,
    ) -> Result<(Appended, Index), Refused> {
        let header = record.header();
        let prev = match &header.prev {
            None => None,
            Some(prev) => {
                let index = self.index(prev).ok_or(Refused::Gap(record.id()))?;
                let held = self.get(index).ok_or(Refused::Gap(record.id()))?;
                if held.author != record.author() || held.seq.checked_add(1) != Some(header.seq) {
                    return Err(Refused::Link(record.id()));
                }
                Some((index, held.log))
            }
        };
        let index = self.intern(&record.id());
        let log = prev.map_or_else(|| self.log_or_new(&record.author()), |(_, log)| log);
        let appended = self.logs[log.0 as usize].append(header.seq, record.id(), header.prev);
        if matches!(appended, Appended::Present | Appended::Gap) {
            return Ok((appended, index));
        }
        // Each id gets an index, and the limits of a header keep its cites within what fits.
        let cites = Cites::of(&header.cites, |id| Some(self.intern(id))).unwrap_or_default();
        let prev = prev.map(|(index, _)| index);
        let entry = Entry { log, prev, cites, ..Entry::without_cites(record, content) };
        self.enter(index, entry);
        Ok((appended, index))
    }

    fn enter(&mut self, index: Index, entry: Entry) {
        self.await_verdicts(index, &entry);
        self.progress[index.place()] = Progress::Pending;
        self.entries[index.place()] = Some(entry);
        self.held += 1;
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
        let own = self.intern(&entry.id);
        let log = self.log_or_new(&entry.author);
        let appended = self.logs[log.0 as usize].append(entry.seq, entry.id, prev_id);
        if matches!(appended, Appended::Present | Appended::Gap) {
            return Some(own);
        }
        self.enter(own, Entry { log, prev, cites, verdict: Verdict::Pending, ..entry.clone() });
        Some(own)
    }

    /// The entry of a record of a network whose cites are all held, without holding it.
    pub(crate) fn preview(&self, record: &Record, network: &Id) -> Option<Entry> {
        let header = record.header();
        let decided = |id: &Id| self.index(id).filter(|index| !self.is_undecided(*index));
        let prev = match &header.prev {
            Some(prev) => Some(decided(prev)?),
            None => None,
        };
        let cites = Cites::of(&header.cites, decided)?;
        let mut content = Content::of(record);
        content.consented &= header.network == Some(*network);
        let log = self.authors.get(&record.author()).copied();
        let entry = Entry::without_cites(record, &Arc::new(content));
        Some(Entry { cites, prev, log: log.unwrap_or(entry.log), ..entry })
    }

    /// Whether a record has no verdict, held or not.
    fn is_undecided(&self, index: Index) -> bool {
        matches!(self.progress[index.place()], Progress::Absent | Progress::Pending)
    }

    /// Whether a record is held and valid.
    pub(crate) fn is_valid(&self, index: Index) -> bool {
        self.progress[index.place()] == Progress::Valid
    }

    fn await_verdicts(&mut self, index: Index, entry: &Entry) {
        let on = entry.cites.all().chain(entry.prev);
        let mut awaited: Vec<Index> = on.filter(|on| self.is_undecided(*on)).collect();
        awaited.sort_unstable();
        awaited.dedup();
        for on in awaited {
            self.awaiting.add(index, on);
        }
    }

    /// Whether nothing that the record builds on is without a verdict.
    pub(crate) fn is_ripe(&self, index: Index) -> bool {
        self.progress[index.place()] == Progress::Pending && self.awaiting.is_ready(index)
    }

    /// Sets a verdict for ever and answers who is ripe by it.
    pub(crate) fn settle(&mut self, index: Index, verdict: Verdict) -> Vec<Index> {
        if let Some(entry) = self.entries[index.place()].as_mut() {
            self.progress[index.place()] = match verdict {
                Verdict::Pending => Progress::Pending,
                Verdict::Valid => Progress::Valid,
                Verdict::Void(_) => Progress::Void,
            };
            entry.verdict = verdict;
        }
        self.awaiting.release(index)
    }

    /// The held records that wait for the verdict of another.
    pub(crate) fn waiters(&self, on: Index) -> impl Iterator<Item = &Entry> {
        self.awaiting.on(on).filter_map(|waiter| self.get(waiter))
    }

    fn intern(&mut self, id: &Id) -> Index {
        // 2^32 records of at least a hundred bytes are beyond any machine that holds them in memory.
        let next = Index(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        let index = *self.indexes.entry(*id).or_insert(next);
        if index == next {
            self.ids.push(*id);
            self.progress.push(Progress::Absent);
            self.entries.push(None);
        }
        index
    }

    fn log_or_new(&mut self, author: &PublicKey) -> LogIndex {
        let next = LogIndex(u32::try_from(self.logs.len()).unwrap_or(u32::MAX));
        let log = *self.authors.entry(*author).or_insert(next);
        if log == next {
            self.logs.push(Log::default());
        }
        log
    }

    pub(crate) fn index(&self, id: &Id) -> Option<Index> {
        self.indexes.get(id).copied()
    }

    pub(crate) fn get(&self, index: Index) -> Option<&Entry> {
        self.entries.get(index.place()).and_then(Option::as_ref)
    }

    /// Every held record, in the order of arrival: to be sorted before it is shown.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    pub(crate) fn id(&self, index: Index) -> Id {
        self.ids[index.place()]
    }

    /// The held logs, in order of their authors.
    pub(crate) fn logs(&self) -> impl Iterator<Item = (&PublicKey, &Log)> {
        self.authors.iter().filter_map(|(author, log)| Some((author, self.logs.get(log.0 as usize)?)))
    }

    pub(crate) fn log(&self, author: &PublicKey) -> Option<&Log> {
        self.authors.get(author).and_then(|log| self.logs.get(log.0 as usize))
    }

    /// The log that a held record stands in.
    pub(crate) fn log_of(&self, entry: &Entry) -> Option<&Log> {
        self.logs.get(entry.log.0 as usize)
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
        descendant.log == ancestor.log
            && self.log_of(ancestor).is_some_and(|log| log.descends(descendant.place(), ancestor.place()))
    }

    /// Whether `earlier` is a true ancestor of `entry`, which need not be held itself.
    pub(crate) fn precedes(&self, earlier: &Entry, entry: &Entry) -> bool {
        entry.prev.and_then(|prev| self.get(prev)).is_some_and(|prev| self.descends(prev, earlier))
    }
}
