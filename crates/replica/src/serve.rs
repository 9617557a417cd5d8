//! Answers peers' requests: the half of sync that gives. It keeps nothing between two requests.

use std::collections::BTreeMap;

use cohub_record::{List, Place, PublicKey};
use cohub_registry::Access;

use crate::access::{may_ask, may_read};
use crate::page::Page;
use crate::turn::Turn;
use crate::wire::{
    Cursor, Denial, Expansion, Fingerprint, Known, Leaf, Name, Prefix, Request, Response, Wanted,
};
use crate::{Output, Replica, RequestId};

/// Expansions in one answer, at most: two levels of eight prefixes, or one level of 128.
const EXPANDED: usize = 128 * 16;
/// Authors looked at for one page, at most.
const AUTHORS: usize = 8_192;

impl Replica {
    /// What the records say of a node. Before a network is known everybody is a stranger.
    pub(crate) fn access(&self, peer: &PublicKey) -> Access {
        self.ledger.as_ref().map_or(Access::Stranger, |ledger| ledger.registry().access(peer))
    }

    /// Answers a request, exactly once.
    pub(crate) fn serve(&mut self, turn: &mut Turn<'_>, peer: PublicKey, id: RequestId, request: Request) {
        let access = self.access(&peer);
        match self.admit_request(turn, peer, access, &request) {
            Err(denial) => turn.respond(peer, id, Response::Denied(denial)),
            Ok(()) => {
                if let Request::Chunk { hash, index } = request {
                    self.serve_chunk(turn, peer, id, (hash, index), access);
                } else {
                    let response = self.answer(turn, peer, access, request);
                    turn.respond(peer, id, response);
                }
            }
        }
    }

    fn admit_request(
        &mut self,
        turn: &Turn<'_>,
        peer: PublicKey,
        access: Access,
        request: &Request,
    ) -> Result<(), Denial> {
        const UNKNOWN_PEER_MS: u64 = 1_000;
        if self.ledger.is_none() {
            return Err(Denial::Network);
        }
        if self.peers.is_shunned(&peer, turn.now_ms) || !may_ask(request.kind(), access) {
            return Err(Denial::Access);
        }
        let known = self.peers.get_mut(&peer).ok_or(Denial::Busy { retry_ms: UNKNOWN_PEER_MS })?;
        known.budget.spend(request.kind(), access, turn.now_ms).map_err(|retry_ms| Denial::Busy { retry_ms })
    }

    fn answer(&mut self, turn: &mut Turn<'_>, peer: PublicKey, access: Access, request: Request) -> Response {
        let at = turn.clock_ms;
        let Some(ledger) = &mut self.ledger else { return Response::Denied(Denial::Network) };
        match request {
            Request::Compare { network, .. } if network != ledger.registry().network() => {
                Response::Denied(Denial::Network)
            }
            Request::Compare { root, .. } if root == ledger.tree().root() => Response::Same { at },
            Request::Compare { root, .. } => {
                let expansion = ledger.tree().expand(Prefix::ROOT, 2);
                if root != Fingerprint::EMPTY {
                    self.peer_may_be_ahead(turn, peer);
                }
                Response::Nodes { at, expansions: list([expansion]) }
            }
            Request::Descend { prefixes, levels } => {
                let width = if levels == 1 { 16 } else { 256 };
                let expand = |prefix: &Prefix| match prefix.depth() + levels <= Prefix::DEPTH {
                    true => ledger.tree().expand(*prefix, levels),
                    false => Expansion { levels, children: Vec::new() },
                };
                Response::Nodes { at, expansions: list(prefixes.iter().take(EXPANDED / width).map(expand)) }
            }
            Request::Tips { leaves, after } => self.answer_tips(turn, peer, access, &leaves, after.as_ref()),
            Request::Logs { logs, after } => self.answer_logs(turn, access, &logs, after.as_ref()),
            Request::Holds { ids } => {
                Response::Holds { held: list(ids.iter().map(|id| ledger.registry().place(id).is_some())) }
            }
            Request::Latest { keys } => self.answer_latest(turn, access, &keys),
            Request::Knock { secret, items } => self.answer_knock(turn, peer, secret, items),
            // Answered by the driver's files.
            Request::Chunk { .. } => Response::Chunk { proof: None },
        }
    }

    fn answer_tips(
        &mut self,
        turn: &mut Turn<'_>,
        peer: PublicKey,
        access: Access,
        leaves: &[Leaf],
        after: Option<&Cursor>,
    ) -> Response {
        let Some(ledger) = &mut self.ledger else { return Response::Denied(Denial::Network) };
        let mut leaves: Vec<&Leaf> = leaves.iter().collect();
        leaves.sort_by_key(|leaf| leaf.prefix);
        let (mut authors_left, mut ahead) = (AUTHORS, Vec::new());
        let lists: Vec<(&Leaf, Vec<(Name, PublicKey)>)> = leaves
            .into_iter()
            .map(|leaf| {
                let from = after.map_or(leaf.prefix.first(), |cursor| cursor.name.max(leaf.prefix.first()));
                let authors = ledger.tree().authors(leaf.prefix, from, authors_left);
                authors_left -= authors.len();
                (leaf, authors)
            })
            .collect();
        let mut page = Page::new(ledger.registry(), turn, access, self.config.page_bytes);
        for (leaf, authors) in &lists {
            let mut listed: BTreeMap<Name, &[_]> =
                leaf.authors.iter().map(|listed| (listed.name, &*listed.haves)).collect();
            for (name, author) in authors {
                let Some(place) = behind(after, *name) else {
                    listed.remove(name);
                    continue;
                };
                let is_ahead = match listed.remove(name) {
                    Some(haves) => page.add(*name, author, haves, place),
                    None => {
                        page.offer(*name, *author);
                        false
                    }
                };
                if is_ahead {
                    ahead.push(leaf.prefix);
                }
                if page.is_full() {
                    break;
                }
            }
            // Whoever is left over is not held here at all.
            if after.is_none() && !page.is_full() && !listed.is_empty() {
                ahead.push(leaf.prefix);
            }
            if page.is_full() {
                break;
            }
        }
        let (response, damaged) = finish(page);
        damaged.into_iter().for_each(|(author, place)| self.report_damage(turn, author, place));
        self.peers.note_ahead(&peer, ahead);
        response
    }

    fn answer_logs(
        &mut self,
        turn: &mut Turn<'_>,
        access: Access,
        logs: &[Wanted],
        after: Option<&Cursor>,
    ) -> Response {
        let Some(ledger) = &self.ledger else { return Response::Denied(Denial::Network) };
        let mut logs: Vec<(Name, &Wanted)> = logs.iter().map(|log| (Name::of(&log.author), log)).collect();
        logs.sort_by_key(|(name, _)| *name);
        let mut page = Page::new(ledger.registry(), turn, access, self.config.page_bytes);
        for (name, log) in logs {
            if let Some(place) = behind(after, name) {
                page.add(name, &log.author, &log.haves, place);
            }
            if page.is_full() {
                break;
            }
        }
        let (response, damaged) = finish(page);
        damaged.into_iter().for_each(|(author, place)| self.report_damage(turn, author, place));
        response
    }

    /// Protocol 3.4: shows the asker records of its own keys that it does not know.
    fn answer_latest(&mut self, turn: &mut Turn<'_>, access: Access, keys: &[Known]) -> Response {
        let Some(ledger) = &self.ledger else { return Response::Denied(Denial::Network) };
        let mut page = Page::new(ledger.registry(), turn, access, self.config.page_bytes);
        for known in keys {
            let Some(latest) = ledger.registry().log(&known.key).and_then(cohub_record::Log::latest) else {
                continue;
            };
            let theirs = known.latest.as_ref().map(Place::from);
            let later = theirs.is_none_or(|theirs| latest.seq >= theirs.seq && latest != theirs);
            if later {
                page.add_records(Name::of(&known.key), &known.key, &[latest]);
            }
        }
        Response::Later { items: page.items }
    }

    fn serve_chunk(
        &mut self,
        turn: &mut Turn<'_>,
        peer: PublicKey,
        id: RequestId,
        (hash, index): (cohub_record::Hash, u64),
        access: Access,
    ) {
        let attachment = self.ledger.as_ref().and_then(|ledger| ledger.registry().attachment(&hash));
        match attachment {
            _ if self.is_erased(&hash) => turn.respond(peer, id, Response::Chunk { proof: None }),
            None => turn.respond(peer, id, Response::Chunk { proof: None }),
            Some(attachment) if may_read(&attachment, access) => {
                turn.output(Output::ServeChunk { peer, id, hash, index });
            }
            Some(_) => turn.respond(peer, id, Response::Denied(Denial::Access)),
        }
    }
}

/// Whether an author stands behind a cursor, and behind which place of its log.
#[expect(clippy::option_option, reason = "not at all, all of its log, or what stands behind a place")]
fn behind(after: Option<&Cursor>, name: Name) -> Option<Option<Place>> {
    match after {
        Some(cursor) if name < cursor.name || (name == cursor.name && cursor.place.is_none()) => None,
        Some(cursor) if name == cursor.name => Some(cursor.place.as_ref().map(Place::from)),
        _ => Some(None),
    }
}

fn finish(page: Page<'_>) -> (Response, Vec<(PublicKey, Place)>) {
    let response = Response::Page {
        items: page.items,
        offers: list(page.offers),
        diverged: list(page.diverged),
        next: page.next,
    };
    (response, page.damaged)
}

/// A list of what was bounded before.
pub(crate) fn list<T, const MAX: usize>(items: impl IntoIterator<Item = T>) -> List<T, MAX> {
    List::new(items.into_iter().take(MAX).collect()).unwrap_or_default()
}
