//! One comparison with one peer: what differs, what is still to be asked, what came of it.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::PublicKey;

use crate::wire::{Fingerprint, Prefix};

/// Requests of one session under way at a time: enough to keep two cores checking signatures while the
/// next pages travel.
pub(crate) const WINDOW: usize = 4;
/// Pages in a row that bring nothing, until the session ends.
pub(crate) const EMPTY_PAGES: u32 = 32;
/// Authors that a session remembers without knowing them. More of them come in the next session.
const UNKNOWN: usize = 65_536;

/// The state of a session.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Requests under way.
    pub(crate) flying: usize,
    /// Records that came.
    pub(crate) gained: u64,
    /// Pages in a row that brought nothing.
    pub(crate) empty_pages: u32,
    /// The peer's root was this node's.
    pub(crate) same: bool,
    /// Compared the roots, rather than being told where to look.
    pub(crate) compared: bool,
    /// How far the peer's clock is ahead.
    pub(crate) clock_ahead_ms: i64,
    /// Prefixes that differ and hold too many authors to list.
    pub(crate) branches: BTreeSet<Prefix>,
    /// Prefixes that differ, with the peer's fingerprint where it is known.
    pub(crate) leaves: BTreeMap<Prefix, Option<Fingerprint>>,
    /// Logs to ask for.
    pub(crate) wanted: BTreeSet<PublicKey>,
    /// Logs of which the peer holds another branch.
    pub(crate) diverged: BTreeSet<PublicKey>,
    /// Logs that the peer has and this node would not keep, so far.
    unknown: BTreeSet<PublicKey>,
}

impl Session {
    /// Whether nothing is under way and nothing left to ask for.
    pub(crate) fn is_done(&self) -> bool {
        self.flying == 0
            && self.branches.is_empty()
            && self.leaves.is_empty()
            && self.wanted.is_empty()
            && self.diverged.is_empty()
    }

    /// Remembers a log that may become known while the session lasts. Answers whether it is new.
    pub(crate) fn note_unknown(&mut self, author: PublicKey) -> bool {
        self.unknown.len() < UNKNOWN && self.unknown.insert(author)
    }

    /// Wants those logs that have become known.
    pub(crate) fn want_known(&mut self, is_known: impl Fn(&PublicKey) -> bool) {
        let known: Vec<PublicKey> = self.unknown.iter().filter(|author| is_known(author)).copied().collect();
        for author in known {
            self.unknown.remove(&author);
            self.wanted.insert(author);
        }
    }
}
