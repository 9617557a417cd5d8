//! Which records are kept: a function of the set of records, never of the order in which they came.
//!
//! A record is kept for its own sake, by the rules here, or because something kept builds on it
//! (Protocol 3.2, 3.3): a kept record of another author cites it, or one does that is itself kept only
//! because something builds on it, or a kept record of its own log continues it.

use cohub_record::{Id, Log, Place, PublicKey, Record};
use cohub_registry::{Keeping, Registry};

/// Records behind a cut that are kept for their own sake, at most.
const BEHIND_CUT: u64 = 4_096;

/// What the protocol says of a record that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Kept for its own sake.
    Kept,
    /// Kept only if something kept builds on it.
    IfBuiltOn,
    /// Not kept: a prospect has written as much as it may.
    Beyond {
        /// Its quota.
        records: u64,
    },
    /// Not kept: its author is a stranger, so far.
    Stranger,
}

/// What a log is to this network: also that of a key whose first record is yet to come.
pub(crate) fn keeping(registry: &Registry, author: &PublicKey) -> Keeping {
    match registry.keeping(author) {
        Keeping::Unknown => registry.committed(author),
        known => known,
    }
}

/// Judges a record that is not held.
pub(crate) fn judge(registry: &Registry, record: &Record) -> Judgement {
    let author = record.author();
    let place = Place { seq: record.header().seq, id: record.id() };
    let empty = Log::default();
    let log = registry.log(&author).unwrap_or(&empty);
    match keeping(registry, &author) {
        Keeping::Unknown => return Judgement::Stranger,
        // Protocol 3.5: the quota is a maximum seq.
        Keeping::Prospect { records } if place.seq >= records => return Judgement::Beyond { records },
        Keeping::Prospect { .. } if !before_fork(log, place) => return Judgement::IfBuiltOn,
        Keeping::Prospect { .. } | Keeping::Whole => {}
    }
    let behind = registry.cut(&author).is_some_and(|cut| is_behind(cut, place));
    if behind && !survives_cut(registry.cut(&author).flatten(), place, &record.header().kind) {
        return Judgement::IfBuiltOn;
    }
    Judgement::Kept
}

/// Protocol 3.2: a prospect's log ends at its lowest fork; of the rivals there the two least ids stay.
/// `place` need not be held; if it is not, it counts as if it were.
pub(crate) fn before_fork(log: &Log, place: Place) -> bool {
    let rivals = log.at(place.seq).filter(|id| *id != place.id);
    let lesser = rivals.filter(|id| *id < place.id).count();
    log.lowest_fork().is_none_or(|lowest| place.seq <= lowest) && lesser < 2
}

/// Whether a place stands behind a cut.
pub(crate) fn is_behind(cut: Option<Place>, place: Place) -> bool {
    cut.is_none_or(|last| place.seq > last.seq)
}

/// Protocol 3.3: a cut does not touch ballots, closings, returns and handovers. They are kept behind it where they
/// continue what is kept, a bounded number of them.
pub(crate) fn survives_cut(cut: Option<Place>, place: Place, kind: &str) -> bool {
    let first = cut.map_or(0, |last| last.seq + 1);
    matches!(kind, "ballot" | "closing" | "return" | "handover") && place.seq - first < BEHIND_CUT
}

/// Whether a held record builds on one that is not held, such that this one is kept for it.
pub(crate) fn is_built_on(registry: &Registry, id: &Id, author: &PublicKey) -> bool {
    registry.waiting_for(id).iter().any(|(waiter, place)| {
        waiter != author
            || registry.log(waiter).is_some_and(|log| !for_own_sake(registry, waiter, log, *place))
    })
}

/// Whether a held record is kept for its own sake, as far as its place tells.
fn for_own_sake(registry: &Registry, author: &PublicKey, log: &Log, place: Place) -> bool {
    let forked = matches!(keeping(registry, author), Keeping::Prospect { .. }) && !before_fork(log, place);
    let behind = registry.cut(author).is_some_and(|cut| is_behind(cut, place));
    !forked && !behind
}
