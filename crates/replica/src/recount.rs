//! Finds records that are no longer kept, after a fork of a prospect's log or a cut, and forgets them.
//!
//! Both are rare, so this reads all that is held again and builds a new registry: what is kept stays a
//! function of the set of records (see [`crate::keeping`]).

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, Place, PublicKey, Record};
use cohub_registry::{Keeping, Registry};

use crate::keeping::{before_fork, is_behind, keeping, survives_cut};
use crate::output::{Event, Output};
use crate::turn::Turn;
use crate::waiting::Waiting;
use crate::wire::Item;
use crate::{Records, Replica};

/// When to look.
#[derive(Debug, Default)]
pub(crate) struct Recount {
    due_ms: Option<u64>,
    /// Whether a cut may have changed.
    look: bool,
    /// The cuts that were looked at.
    cuts: BTreeMap<PublicKey, Option<Place>>,
}

impl Recount {
    /// A record came that may have moved a cut.
    pub(crate) const fn cut_may_have_moved(&mut self) {
        self.look = true;
    }

    /// Something that is held may not be kept any longer.
    pub(crate) fn schedule(&mut self, now_ms: u64, interval_ms: u64) {
        self.due_ms.get_or_insert(now_ms.saturating_add(interval_ms));
    }

    pub(crate) const fn wake_ms(&self) -> Option<u64> {
        self.due_ms
    }
}

/// A record that is not kept for its own sake.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    author: PublicKey,
    place: Place,
    /// It is of a kind that stays behind a cut.
    survives: bool,
}

impl Replica {
    /// Looks at cuts, and forgets what is not kept any longer.
    pub(crate) fn recount_if_due(&mut self, turn: &mut Turn<'_>) {
        let Some(ledger) = &self.ledger else { return };
        let registry = ledger.registry();
        if std::mem::take(&mut self.recount.look) {
            let cuts = registry.authors().filter_map(|author| Some((author, registry.cut(&author)?)));
            let cuts: BTreeMap<PublicKey, Option<Place>> = cuts.collect();
            if cuts != self.recount.cuts {
                self.recount.cuts = cuts;
                self.recount.schedule(turn.now_ms, self.config.recount_interval_ms);
            }
        }
        // What this turn stores cannot be read yet.
        if self.recount.due_ms.is_none_or(|due| due > turn.now_ms) || turn.stores() {
            return;
        }
        self.recount.due_ms = None;
        let candidates = candidates(registry);
        if candidates.is_empty() {
            return;
        }
        match Forgetting::plan(registry, candidates, turn.records()) {
            Ok(Some(plan)) => self.forget(turn, plan),
            Ok(None) => {}
            Err(Unreadable) => self.recount.schedule(turn.now_ms, self.config.recount_interval_ms),
        }
    }

    fn forget(&mut self, turn: &mut Turn<'_>, plan: Forgetting) {
        let Some(ledger) = &mut self.ledger else { return };
        turn.event(Event::Forgotten { records: plan.doomed.len() });
        let place = |record: &Record| Place { seq: record.header().seq, id: record.id() };
        let places: Vec<(PublicKey, Place)> =
            plan.doomed.iter().map(|record| (record.author(), place(record))).collect();
        ledger.replace(plan.registry, places.iter().map(|(author, _)| *author));
        turn.output(Output::Remove { places });
        // What builds on one of them may be on its way: they wait for it as if they had just come.
        for record in plan.doomed {
            self.room.enter(Waiting { item: Item::bare(record), peer: None, since_ms: turn.now_ms });
        }
        self.teller_must_look();
        // What was forgotten may have been what something else was kept for.
        self.recount.schedule(turn.now_ms, self.config.recount_interval_ms);
    }
}

/// Everything held that is not kept for its own sake.
fn candidates(registry: &Registry) -> BTreeMap<Id, Candidate> {
    let mut candidates = BTreeMap::new();
    for author in registry.authors() {
        let Some(log) = registry.log(&author) else { continue };
        let prospect = matches!(keeping(registry, &author), Keeping::Prospect { .. });
        let cut = registry.cut(&author);
        let from = match (cut, prospect.then(|| log.lowest_fork()).flatten()) {
            (None, None) => continue,
            (Some(cut), None) => cut.map_or(0, |last| last.seq + 1),
            (None, Some(fork)) => fork,
            (Some(cut), Some(fork)) => fork.min(cut.map_or(0, |last| last.seq + 1)),
        };
        for place in log.places_from(from) {
            let forked = prospect && !before_fork(log, place);
            let behind = cut.is_some_and(|cut| is_behind(cut, place));
            if forked || behind {
                candidates.insert(place.id, Candidate { author, place, survives: behind && !forked });
            }
        }
    }
    candidates
}

/// The records to be forgotten, and the registry without it.
struct Forgetting {
    doomed: Vec<Record>,
    registry: Registry,
}

/// Something that is held cannot be read yet, or not any more.
struct Unreadable;

impl Forgetting {
    /// None where everything is kept.
    fn plan(
        registry: &Registry,
        mut candidates: BTreeMap<Id, Candidate>,
        records: &dyn Records,
    ) -> Result<Option<Self>, Unreadable> {
        let mut cites: Vec<(Id, PublicKey, Id)> = Vec::new();
        visit(registry, records, &mut |record| {
            let (id, author) = (record.id(), record.author());
            let on_candidates = record.header().cited().filter(|cited| candidates.contains_key(cited));
            cites.extend(on_candidates.map(|cited| (id, author, *cited)));
            if let Some(candidate) = candidates.get_mut(&id) {
                let cut = registry.cut(&author).flatten();
                candidate.survives &= survives_cut(cut, candidate.place, &record.header().kind);
            }
            Ok(())
        })?;
        let kept = kept_after_all(registry, &candidates, &cites);
        candidates.retain(|id, _| !kept.contains(id));
        if candidates.is_empty() {
            return Ok(None);
        }
        let (founder, place) = registry.place(&registry.network()).ok_or(Unreadable)?;
        let founding = read(records, &founder, place)?;
        let mut rebuilt = Registry::found(&founding).map_err(|_| Unreadable)?;
        #[cfg(feature = "weaken")]
        rebuilt.switch_off(registry.switched_off());
        let mut doomed = Vec::new();
        visit(registry, records, &mut |record| {
            if candidates.contains_key(&record.id()) {
                doomed.push(record.clone());
                return Ok(());
            }
            rebuilt.insert(record).map(|_| ()).map_err(|_| Unreadable)
        })?;
        Ok(Some(Self { doomed, registry: rebuilt }))
    }
}

/// The candidates that are kept because something kept builds on them, or because a cut spares them.
fn kept_after_all(
    registry: &Registry,
    candidates: &BTreeMap<Id, Candidate>,
    cites: &[(Id, PublicKey, Id)],
) -> BTreeSet<Id> {
    let mut kept: BTreeSet<Id> = BTreeSet::new();
    loop {
        let before = kept.len();
        for (citing, author, cited) in cites {
            let is_candidate = candidates.contains_key(citing);
            let other_author = candidates.get(cited).is_some_and(|candidate| candidate.author != *author);
            if (!is_candidate && other_author) || kept.contains(citing) {
                kept.insert(*cited);
            }
        }
        for (id, candidate) in candidates {
            let prev = registry.log(&candidate.author).and_then(|log| log.prev(candidate.place));
            let prev_kept =
                prev.is_none_or(|prev| !candidates.contains_key(&prev.id) || kept.contains(&prev.id));
            if candidate.survives && prev_kept {
                kept.insert(*id);
            }
            if let Some(prev) = prev.filter(|prev| kept.contains(id) && candidates.contains_key(&prev.id)) {
                kept.insert(prev.id);
            }
        }
        if kept.len() == before {
            return kept;
        }
    }
}

/// Shows every held record to `visit`, by author, then place.
fn visit(
    registry: &Registry,
    records: &dyn Records,
    visit: &mut dyn FnMut(&Record) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    for author in registry.authors() {
        for place in registry.log(&author).into_iter().flat_map(|log| log.places_from(0)) {
            visit(&read(records, &author, place)?)?;
        }
    }
    Ok(())
}

fn read(records: &dyn Records, author: &PublicKey, place: Place) -> Result<Record, Unreadable> {
    let bytes = records.read(author, place).ok().flatten().ok_or(Unreadable)?;
    Record::from_checked(place.id, *author, bytes).map_err(|_| Unreadable)
}
