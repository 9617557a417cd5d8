//! Anti-entropy (Protocol 8.2): the half of sync that asks. With every connected peer, on connecting and
//! at jittered intervals, independent of gossip; at most one session a peer.
//!
//! A session compares roots, descends where they differ, lists its tips in the leaves that differ and
//! takes pages of what it lacks. Nothing of it needs to be remembered: a session that breaks off is
//! taken up by the next one, which finds fewer differences. Here answers are understood.

use cohub_record::PublicKey;
use cohub_registry::Keeping;

use crate::Replica;
use crate::admission::Admission;
use crate::claims::Claims;
use crate::keeping::keeping;
use crate::peers::{Asked, Reason};
use crate::session::EMPTY_PAGES;
use crate::turn::Turn;
use crate::wire::{Cursor, Expansion, Item, Name, Prefix, Response};

/// What all sessions share.
#[derive(Debug, Default)]
pub(crate) struct Sync {
    pub(crate) claims: Claims,
    /// Some record may have made an offered author known.
    pub(crate) offers_may_be_known: bool,
}

impl Replica {
    /// Understands an answer to a request of a session.
    pub(crate) fn synced(&mut self, turn: &mut Turn<'_>, peer: PublicKey, asked: Asked, response: Response) {
        let Some(session) = self.peers.session(&peer) else { return };
        session.flying = session.flying.saturating_sub(1);
        match (asked, response) {
            (Asked::Compare, Response::Same { at }) => {
                session.same = true;
                session.clock_ahead_ms = ahead_ms(at, turn.clock_ms);
            }
            (Asked::Compare, Response::Nodes { at, expansions }) => {
                session.clock_ahead_ms = ahead_ms(at, turn.clock_ms);
                self.consider(turn, peer, (&[Prefix::ROOT], 2), &expansions);
            }
            (Asked::Descend { prefixes, levels }, Response::Nodes { expansions, .. }) => {
                self.consider(turn, peer, (&prefixes, levels), &expansions);
            }
            (
                asked @ (Asked::Tips { .. } | Asked::Logs { .. }),
                Response::Page { items, offers, diverged, next },
            ) => {
                self.take_page(turn, peer, asked, items, (&offers, &diverged), next);
            }
            (asked, Response::Denied(denial)) => {
                self.release(&asked, &peer);
                return self.pause(turn, peer, denial);
            }
            (asked, _) => {
                self.release(&asked, &peer);
                self.strike(turn, peer, "answered something else than was asked");
                return self.break_off(turn, peer);
            }
        }
        self.pump_all(turn, peer);
    }

    /// Compares what a peer holds below some prefixes with what is held here.
    fn consider(
        &mut self,
        turn: &mut Turn<'_>,
        peer: PublicKey,
        (prefixes, levels): (&[Prefix], u8),
        expansions: &[Expansion],
    ) {
        let (Some(ledger), Some(session)) = (&mut self.ledger, self.peers.session(&peer)) else { return };
        if !session.consider(ledger.tree(), prefixes, levels, expansions) {
            self.strike(turn, peer, "answered something else than was asked");
            self.break_off(turn, peer);
        }
    }

    /// Takes a page, and asks for the next one where there is one.
    fn take_page(
        &mut self,
        turn: &mut Turn<'_>,
        peer: PublicKey,
        asked: Asked,
        items: Vec<Item>,
        (offers, diverged): (&[PublicKey], &[PublicKey]),
        next: Option<Cursor>,
    ) {
        let (mut gained, mut mended) = (0, false);
        let was_asked = |author: &PublicKey| match &asked {
            Asked::Logs { authors, .. } => authors.contains(author),
            Asked::Tips { prefixes, .. } => prefixes.iter().any(|prefix| prefix.holds(Name::of(author))),
            _ => false,
        };
        let behind = |cursor: &Cursor| match &asked {
            Asked::Logs { after, .. } | Asked::Tips { after, .. } => {
                after.as_ref().is_none_or(|after| position(after) < position(cursor))
            }
            _ => false,
        };
        let authors = items.iter().map(|item| item.record().author());
        let strays = authors.chain(offers.iter().copied()).any(|author| !was_asked(&author));
        if strays || next.as_ref().is_some_and(|cursor| !behind(cursor)) {
            self.release(&asked, &peer);
            self.strike(turn, peer, "sent a page that was not asked for");
            return self.break_off(turn, peer);
        }
        for item in items {
            match self.admit(turn, item, Some(peer)) {
                Admission::Held => gained += 1,
                Admission::Mended => mended = true,
                Admission::Alien(refused) => self.strike(turn, peer, &refused.to_string()),
                _ => {}
            }
        }
        let (Some(ledger), Some(session)) = (&self.ledger, self.peers.session(&peer)) else { return };
        let mut news = gained > 0 || mended;
        for author in offers {
            if keeping(ledger.registry(), author) == Keeping::Unknown {
                news |= session.note_unknown(*author);
            } else {
                news |= session.wanted.insert(*author);
            }
        }
        let was_deep = matches!(asked, Asked::Logs { reason: Reason::Diverged, .. });
        session.diverged.extend(diverged.iter().filter(|author| !was_deep && was_asked(author)));
        session.gained += gained;
        session.empty_pages = if news { 0 } else { session.empty_pages + 1 };
        if session.empty_pages > EMPTY_PAGES {
            self.release(&asked, &peer);
            self.strike(turn, peer, "sent pages that bring nothing");
            return self.break_off(turn, peer);
        }
        match next {
            Some(cursor) if !self.is_mended(&asked) => self.ask_on(turn, peer, asked, &cursor),
            _ => self.release(&asked, &peer),
        }
    }

    /// Whether a request that was made for damaged records has brought them.
    fn is_mended(&self, asked: &Asked) -> bool {
        let Asked::Logs { authors, reason: Reason::Damaged, .. } = asked else { return false };
        !self.damaged.iter().any(|(author, _)| authors.contains(author))
    }

    /// Asks for the page behind a cursor, with what is held by now.
    fn ask_on(&mut self, turn: &mut Turn<'_>, peer: PublicKey, asked: Asked, cursor: &Cursor) {
        let after = Some(cursor.clone());
        match asked {
            Asked::Tips { prefixes, .. } => {
                let (done, left): (Vec<Prefix>, Vec<Prefix>) =
                    prefixes.into_iter().partition(|prefix| prefix.last() < cursor.name);
                done.iter().for_each(|prefix| self.sync.claims.release(*prefix, &peer));
                self.ask_tips(turn, peer, left, after);
            }
            Asked::Logs { authors, reason, .. } => {
                let (done, left): (Vec<PublicKey>, Vec<PublicKey>) =
                    authors.into_iter().partition(|author| Name::of(author) < cursor.name);
                done.iter().for_each(|author| self.sync.claims.release_author(author, &peer));
                self.ask_logs(turn, peer, left, reason, after);
            }
            _ => {}
        }
    }
}

/// How far the clock of a peer that named its time was ahead of this node's.
fn ahead_ms(theirs: u64, own: u64) -> i64 {
    let difference = i128::from(theirs) - i128::from(own);
    i64::try_from(difference).unwrap_or(if difference < 0 { i64::MIN } else { i64::MAX })
}

/// Where a cursor stands in the stream of a page; an author that is done with stands behind all of it.
fn position(cursor: &Cursor) -> (Name, bool, Option<(u64, cohub_record::Id)>) {
    let place = cursor.place.as_ref().map(|have| (have.seq, have.id));
    (cursor.name, place.is_none(), place)
}
