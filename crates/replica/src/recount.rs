//! Finds records that are no longer kept, after a fork of a prospect's log or a cut, and forgets them.
//!
//! Both are rare, so this reads all that is held again and builds a new registry: what is kept stays a
//! function of the set of records (see [`crate::keeping`]).

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, Place, PublicKey, Record};
use cohub_registry::{Keeping, Registry};

use crate::keeping::{before_fork, is_behind, keeping, survives_cut};
use crate::{Records, Replica, output::Event, output::Output, turn::Turn};

/// When to look.
#[derive(Debug, Default)]
pub(crate) struct Recount {
    due_ms: Option<u64>,
    last_ms: Option<u64>,
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
        let earliest = self.last_ms.map_or(now_ms, |last| last.saturating_add(interval_ms).max(now_ms));
        self.due_ms.get_or_insert(earliest);
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
        self.recount.last_ms = Some(turn.now_ms);
        let candidates = candidates(registry);
        if candidates.is_empty() {
            return;
        }
        match Forgetting::plan(registry, candidates, turn.records()) {
            Some(plan) if plan.doomed.is_empty() => {}
            Some(plan) => self.forget(turn, plan),
            // Something cannot be read yet, or not any more: later.
            None => self.recount.schedule(turn.now_ms, self.config.recount_interval_ms),
        }
    }

    fn forget(&mut self, turn: &mut Turn<'_>, plan: Forgetting) {
        let Some(ledger) = &mut self.ledger else { return };
        turn.event(Event::Forgotten { records: plan.doomed.len() });
        let places: Vec<(PublicKey, Place)> = plan.doomed.values().map(|c| (c.author, c.place)).collect();
        ledger.replace(plan.registry, places.iter().map(|(author, _)| *author));
        turn.output(Output::Remove { places });
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

/// What is to be forgotten, and the registry without it.
struct Forgetting {
    doomed: BTreeMap<Id, Candidate>,
    registry: Registry,
}

impl Forgetting {
    /// None where something that is held cannot be read.
    fn plan(
        registry: &Registry,
        mut candidates: BTreeMap<Id, Candidate>,
        records: &dyn Records,
    ) -> Option<Self> {
        let mut cites: Vec<(Id, PublicKey, Id)> = Vec::new();
        visit(registry, records, &mut |record| {
            let (id, author) = (record.id(), record.author());
            let on_candidates = record.header().cited().filter(|cited| candidates.contains_key(cited));
            cites.extend(on_candidates.map(|cited| (id, author, *cited)));
            if let Some(candidate) = candidates.get_mut(&id) {
                let cut = registry.cut(&author).flatten();
                candidate.survives &= survives_cut(cut, candidate.place, &record.header().kind);
            }
            Some(())
        })?;
        let kept = kept_after_all(registry, &candidates, &cites);
        let doomed: BTreeMap<Id, Candidate> =
            candidates.into_iter().filter(|(id, _)| !kept.contains(id)).collect();
        if doomed.is_empty() {
            return Some(Self { doomed, registry: registry.clone() });
        }
        let registry = rebuild(registry, &doomed, records)?;
        Some(Self { doomed, registry })
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

/// Shows every held record to `visit`, by author, then place. None where one cannot be read, or where
/// `visit` answers none.
fn visit(
    registry: &Registry,
    records: &dyn Records,
    visit: &mut dyn FnMut(&Record) -> Option<()>,
) -> Option<()> {
    for author in registry.authors() {
        for place in registry.log(&author).into_iter().flat_map(|log| log.places_from(0)) {
            let bytes = records.read(&author, place).ok().flatten()?;
            visit(&Record::from_checked(place.id, author, bytes).ok()?)?;
        }
    }
    Some(())
}

fn rebuild(registry: &Registry, doomed: &BTreeMap<Id, Candidate>, records: &dyn Records) -> Option<Registry> {
    let network = registry.network();
    let (founder, place) = registry.place(&network)?;
    let founding = records.read(&founder, place).ok().flatten()?;
    let founding = Record::from_checked(network, founder, founding).ok()?;
    let mut rebuilt = Registry::found(&founding).ok()?;
    visit(registry, records, &mut |record| {
        if doomed.contains_key(&record.id()) {
            return Some(());
        }
        rebuilt.insert(record).ok().map(|_| ())
    })?;
    Some(rebuilt)
}
