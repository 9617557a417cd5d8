//! Erasures: an attachment goes from every node, and the record that described it stays (Protocol 2.1).

use std::collections::BTreeSet;

use cohub_record::{Descriptor, Hash, Id, List, PublicKey, positional};

use crate::graph::{Entry, Index};
use crate::motion::group;
use crate::past::{Past, content};
use crate::slot::{Slot, certificate_of};
use crate::{Kind, Registry, Void};

positional! {
    /// Erases attachments of one record, for good.
    pub struct Erase {
        /// Their hashes.
        pub attachments: List<Hash, 64>,
    }
}

/// An erasure that has effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    /// The `erase` record: of several the least id.
    pub record: Id,
    /// Who signed it.
    pub by: PublicKey,
    /// The resolution that let a seat erase it; none where the hub that attached it did.
    pub motion: Option<Id>,
    /// When, by the author's clock.
    pub at: u64,
}

/// The rules of `erase`. `is_key_of` says whether the hub for which a controller stands granted something to a key.
pub(crate) fn judge(
    past: &Past<'_>,
    erase: &Erase,
    is_key_of: impl Fn(Index, &PublicKey) -> bool,
) -> Result<(), Void> {
    past.groups(2)?;
    let (subject, entry) = past.only(0, 1, "record")?;
    let described = |hash: &Hash| entry.content.attachments.iter().any(|attached| attached.hash == *hash);
    let distinct: BTreeSet<&Hash> = erase.attachments.iter().collect();
    let some = !distinct.is_empty() && distinct.len() == erase.attachments.len();
    past.require(1, some && distinct.into_iter().all(described), "erases what the record does not attach")?;
    let Some((by, standing)) = past.group(1).next() else {
        return past.require(2, past.entry.author == entry.author, "its author did not attach it");
    };
    if standing.is(Kind::Return) {
        let certificate = certificate_of(past, 1, 3)?;
        let resolved = matches!(certificate.facts.slot, Slot::Resolution(_));
        let motion = past.graph.get(certificate.index);
        let evidence = motion.and_then(|motion| motion.cites.get(group::EVIDENCE)).unwrap_or_default();
        past.require(3, resolved && evidence.contains(&subject), "the decision is not about the record")?;
        let seated = certificate.facts.seating.seat_of(&past.entry.author).is_some();
        return past.require(3, seated, "its author has no seat on the committee that the decision pins");
    }
    past.controller(1, 2)?;
    let controlled = std::iter::successors(Some(by), |index| {
        past.graph.get(*index).filter(|entry| entry.is(Kind::Rotate))?.cite(0)
    });
    let mut controlled = controlled.filter_map(|index| past.graph.get(index));
    let own = controlled.any(|before| before.author == entry.author) || is_key_of(by, &entry.author);
    past.require(2, own, "another hub attached it")
}

/// What weighs more says whose an attachment is where several records describe it: a prospect cannot take a dossier's
/// file for its own by a ballot, nor a voter a review's by a report.
fn weight(entry: &Entry) -> u8 {
    match entry.kind {
        Some(Kind::Document) => 3,
        Some(Kind::Review) => 2,
        Some(Kind::Interview) => 1,
        _ => 0,
    }
}

impl Registry {
    /// Whether and by what an attachment is erased. A resolution erases it whoever describes it. A hub erases its
    /// own: where records of one weight and several hubs describe it, each of these has to.
    #[must_use]
    pub fn erased(&self, hash: &Hash) -> Option<Erased> {
        let erasures = self.state.erasures.get(hash)?;
        let erasures: Vec<&Entry> =
            self.state.counting(&self.graph, erasures).map(|(_, entry)| entry).collect();
        let resolved = |entry: &&&Entry| self.resolved(entry).is_some();
        let first = erasures.iter().filter(resolved).min_by_key(|entry| entry.id);
        let first = first.or_else(|| {
            let own = self.is_erased_by_its_hubs(hash, &erasures);
            erasures.iter().filter(|_| own).min_by_key(|entry| entry.id)
        })?;
        Some(Erased {
            record: first.id,
            by: first.author,
            motion: self.resolved(first).map(|motion| self.graph.id(motion)),
            at: first.at,
        })
    }

    /// The motion by which a seat erases.
    fn resolved(&self, erasure: &Entry) -> Option<Index> {
        let cited = self.graph.get(erasure.cite(1)?)?;
        content!(cited, Return)?;
        cited.cite(0)
    }

    fn is_erased_by_its_hubs(&self, hash: &Hash, erasures: &[&Entry]) -> bool {
        let describing = self.state.attachments.get(hash).map_or(&[][..], Vec::as_slice);
        let mut describing: Vec<&Entry> =
            self.state.counting(&self.graph, describing).map(|(_, entry)| entry).collect();
        let heaviest = describing.iter().map(|entry| weight(entry)).max();
        describing.retain(|entry| Some(weight(entry)) == heaviest);
        let subjects = || erasures.iter().filter_map(|erasure| self.graph.get(erasure.cite(0)?));
        let covered = |entry: &Entry| {
            subjects().any(|subject| {
                let hub = self.hub_of(&subject.author);
                subject.author == entry.author || hub.is_some() && hub == self.hub_of(&entry.author)
            })
        };
        subjects().next().is_some() && describing.into_iter().all(covered)
    }

    /// The attachments that a valid `erase` record names; none where it is another record.
    #[must_use]
    pub fn named_in_erasure(&self, record: &Id) -> Vec<Hash> {
        let erase = self.entry(record).filter(|entry| entry.is_valid());
        let erase = erase.and_then(|entry| content!(entry, Erase));
        erase.map(|erase| erase.attachments.to_vec()).unwrap_or_default()
    }

    /// Every attachment that is erased, in order.
    pub fn erased_attachments(&self) -> impl Iterator<Item = Hash> + '_ {
        self.state.erasures.keys().filter(|hash| self.erased(hash).is_some()).copied()
    }

    /// The first of a record's attachments that is erased, and by what.
    pub(crate) fn erased_of(&self, attachments: &[Descriptor]) -> Option<Erased> {
        attachments.iter().find_map(|attached| self.erased(&attached.hash))
    }
}
