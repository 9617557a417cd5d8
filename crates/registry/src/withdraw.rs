//! Withdrawals: of an application, of a motion that nobody has closed, or of a hub from the network.

use cohub_record::{PublicKey, positional};

use crate::graph::{Entry, Graph, Index};
use crate::identity::Hub;
use crate::past::Past;
use crate::{Kind, Void};

positional! {
    /// Somebody takes back what is its own. The reason, if there is one, is an attachment.
    pub struct Withdraw {}
}

/// What a withdrawal takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Withdrawn {
    /// An application.
    Application(Index),
    /// A motion.
    Motion(Index),
    /// The hub that goes.
    Exit(Hub),
}

/// What a valid withdrawal takes back.
pub(crate) fn withdrawn(graph: &Graph, entry: &Entry) -> Option<Withdrawn> {
    let subject = entry.cite(0)?;
    match graph.get(subject)?.kind? {
        Kind::Application => Some(Withdrawn::Application(subject)),
        Kind::Motion => Some(Withdrawn::Motion(subject)),
        _ => graph.hub_of(subject).map(Withdrawn::Exit),
    }
}

/// The rules of `withdraw`. `is_key_of` says whether the hub that goes granted something to a key.
pub(crate) fn judge(past: &Past<'_>, is_key_of: impl Fn(Index, &PublicKey) -> bool) -> Result<(), Void> {
    past.groups(3)?;
    let (index, subject) = past.only(0, 1, "application, motion, or inception or rotate")?;
    let standing = past.at_most_one(1, 2, "rotate")?;
    match subject.kind {
        Some(Kind::Motion) => {
            past.require(2, subject.author == past.entry.author, "its author did not open the motion")?;
            past.require(2, standing.is_none(), "a mover stands by its own motion")?;
        }
        Some(Kind::Application) => {
            let applicant = match standing {
                None => subject.author,
                Some((rotate, entry)) => {
                    let hub = subject.cite(0).and_then(|controller| past.graph.hub_of(controller));
                    let same = entry.is(Kind::Rotate) && past.graph.hub_of(rotate) == hub;
                    past.require(2, same, "the cited rotate is another hub's")?;
                    entry.author
                }
            };
            past.require(2, past.entry.author == applicant, "its author is not the applicant")?;
        }
        Some(Kind::Inception | Kind::Rotate) => {
            past.require(2, subject.author == past.entry.author, "its author does not control the hub")?;
            past.require(2, standing.is_none(), "a controller stands by the record that it cites")?;
            for (_, last) in past.group(2) {
                let own = last.author != past.entry.author && is_key_of(index, &last.author);
                past.require(3, own, "a last counting record is of no key that the hub granted")?;
            }
            return Ok(());
        }
        _ => return Err(past.void(1, "cites an application, a motion, or an inception or rotate")),
    }
    past.require(3, past.group(2).next().is_none(), "only an exit names last counting records")
}

/// The logs that an exit ends, with the last record of each that counts.
pub(crate) fn ends<'a>(graph: &'a Graph, entry: &'a Entry) -> impl Iterator<Item = &'a Entry> {
    let exit = matches!(withdrawn(graph, entry), Some(Withdrawn::Exit(_)));
    let last = entry.cites.get(2).into_iter().flatten().filter_map(|index| graph.get(*index));
    std::iter::once(entry).chain(last).filter(move |_| exit)
}
