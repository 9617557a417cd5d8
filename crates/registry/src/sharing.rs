//! Sealed attachments: who may read one, by the secret that was wrapped for it (Protocol 2.2).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use cohub_record::{BodyError, Field, Hash, Id, PublicKey, Scope, Slug, Value, positional};
use serde::{Deserialize, Serialize};

use crate::application::{Recommendation, application_of};
use crate::ballot::Choice;
use crate::founding::Role;
use crate::graph::{Entry, Index};
use crate::past::{Past, content};
use crate::slot::Slot;
use crate::{Kind, Registry, Void};

/// A sealed attachment's secret as an age file that one reader opens: 1 to 1,024 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct Wrapped(Vec<u8>);

impl Wrapped {
    /// Bytes at most; what age writes for one X25519 recipient is about 300.
    const BYTES: usize = 1_024;

    /// The age file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TryFrom<Vec<u8>> for Wrapped {
    type Error = BodyError;

    fn try_from(bytes: Vec<u8>) -> Result<Self, BodyError> {
        if (1..=Self::BYTES).contains(&bytes.len()) {
            return Ok(Self(bytes));
        }
        Err(BodyError::new(format!("a wrapped secret has 1 to {} bytes", Self::BYTES)))
    }
}

impl From<Wrapped> for Vec<u8> {
    fn from(wrapped: Wrapped) -> Self {
        wrapped.0
    }
}

impl Field for Wrapped {
    fn to_value(&self) -> Value {
        Value::Bytes(self.0.clone())
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        match value {
            Value::Bytes(bytes) => Self::try_from(bytes.clone()),
            other => Err(BodyError::new(format!("expected bytes, found {}", other.name()))),
        }
    }
}

positional! {
    /// Lets one more key read a sealed attachment.
    pub struct Share {
        /// The key.
        pub reader: PublicKey,
        /// Which attachment of the record.
        pub attachment: Hash,
        /// Its secret, wrapped to the recipient that follows from the key.
        pub wrapped: Wrapped,
    }
}

/// A key to which a sealed attachment was shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reader {
    /// The key.
    pub key: PublicKey,
    /// Its hub.
    pub hub: Option<String>,
    /// The `share` record: of several the least id.
    pub share: Id,
}

/// What a reader needs to open a sealed attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealing {
    /// Who attached it, and can find its secret again.
    pub author: PublicKey,
    /// The attachment.
    pub attachment: Hash,
    /// Its bytes.
    pub size_bytes: u64,
    /// The recipient that it is encrypted to.
    pub sealed_to: Hash,
    /// Its secret as it was wrapped, with the key that can open it. Nobody checked that it can.
    pub shares: Vec<(PublicKey, Wrapped)>,
}

/// The rules of `share`.
pub(crate) fn judge(past: &Past<'_>, share: &Share) -> Result<(), Void> {
    past.groups(4)?;
    let (subject, entry) = past.only(0, 1, "record")?;
    let sealed = entry.content.attachments.iter().any(|attached| is_sealed(attached, &share.attachment));
    past.require(1, sealed, "the record has no such sealed attachment")?;
    let (grant, _) = past.only(1, 2, "grant")?;
    let granted = past.graph.granted(grant, &share.reader);
    let is_person = granted.is_some_and(|(_, roles)| roles.iter().any(|role| is_persons(*role)));
    past.require(2, is_person, "the cited grant makes the reader nobody who reads")?;
    match past.at_most_one(2, 3, "share by which its author reads")? {
        None => past.require(3, past.entry.author == entry.author, "its author did not attach it")?,
        Some((_, by)) => {
            let own = content!(by, Share).is_some_and(|before| {
                before.attachment == share.attachment && before.reader == past.entry.author
            });
            past.require(
                3,
                own && by.cite(0) == Some(subject),
                "its author is no reader by the cited share",
            )?;
        }
    }
    let application = application_of(entry);
    for (_, said) in past.group(3) {
        let about = application.is_some() && spoken_of(past, said) == application;
        past.require(4, about && said.author == share.reader, "cites what the reader did not say of this")?;
        past.require(4, !recuses(said), "the reader recused: it gets no later versions")?;
    }
    Ok(())
}

/// What a person's key may be; those of machines lie open on them.
fn is_persons(role: Role) -> bool {
    !matches!(role, Role::Teller | Role::Node)
}

fn is_sealed(attached: &cohub_record::Descriptor, hash: &Hash) -> bool {
    attached.hash == *hash && attached.scope == Scope::Sealed
}

/// The application that a review or a ballot is about.
fn spoken_of(past: &Past<'_>, said: &Entry) -> Option<Index> {
    match said.kind? {
        Kind::Review => application_of(said),
        Kind::Ballot => match &past.terms.motion(said.cite(0)?)?.slot {
            Slot::Application(application) => past.graph.index(application),
            _ => None,
        },
        _ => None,
    }
}

fn recuses(said: &Entry) -> bool {
    let review = content!(said, Review).map(|review| review.recommendation == Recommendation::Recuse);
    let ballot = content!(said, Ballot).map(|ballot| ballot.choice == Choice::Recuse);
    review.or(ballot).unwrap_or(false)
}

impl Registry {
    /// The keys to which a record's sealed attachment was shared, in order.
    pub(crate) fn readers(&self, record: Index, hash: &Hash) -> Vec<Reader> {
        let mut readers: BTreeMap<PublicKey, Id> = BTreeMap::new();
        for (entry, share) in self.shares(record, hash) {
            let least = readers.entry(share.reader).or_insert(entry.id);
            *least = entry.id.min(*least);
        }
        let hub = |key: &PublicKey| self.standing.hub_of(key).and_then(|hub| self.hub_text(hub));
        readers.into_iter().map(|(key, share)| Reader { hub: hub(&key), key, share }).collect()
    }

    fn shares<'a>(&'a self, record: Index, hash: &'a Hash) -> impl Iterator<Item = (&'a Entry, &'a Share)> {
        let shares = self.state.shares.get(&record).map_or(&[][..], Vec::as_slice);
        let counting = self.state.counting(&self.graph, shares);
        let shares = counting.filter_map(|(_, entry)| Some((entry, content!(entry, Share)?)));
        shares.filter(move |(_, share)| share.attachment == *hash)
    }

    /// How the sealed attachment of a record is opened: its first, where it has several. None where it has none.
    #[must_use]
    pub fn sealing(&self, record: &Id) -> Option<Sealing> {
        let index = self.graph.index(record)?;
        let entry = self.graph.get(index)?;
        let attached = entry.content.attachments.iter().find(|one| is_sealed(one, &one.hash))?;
        let mut shares: Vec<(Id, &Share)> =
            self.shares(index, &attached.hash).map(|(entry, share)| (entry.id, share)).collect();
        shares.sort_by_key(|(id, _)| *id);
        Some(Sealing {
            author: entry.author,
            attachment: attached.hash,
            size_bytes: attached.size_bytes,
            sealed_to: attached.sealed_to?,
            shares: shares.into_iter().map(|(_, share)| (share.reader, share.wrapped.clone())).collect(),
        })
    }

    /// The key that a hub, named by its first controller, gave the role of its representative last.
    #[must_use]
    pub fn representative(&self, controller: &PublicKey) -> Option<PublicKey> {
        let hub = self.standing.hub_of(controller)?;
        self.holder(hub, Role::Representative).map(|(key, _)| key)
    }

    /// The hubs of an attachment's readers, by their first controllers.
    pub(crate) fn reader_hubs(&self, record: &Id, hash: &Hash) -> Vec<PublicKey> {
        let Some(index) = self.graph.index(record) else { return Vec::new() };
        let mut hubs: Vec<PublicKey> =
            self.shares(index, hash).filter_map(|(_, share)| self.hub_of(&share.reader)).collect();
        hubs.sort_unstable();
        hubs.dedup();
        hubs
    }

    /// What a key said last of the application that a record belongs to: as each panel's reviewer, and on each motion.
    pub(crate) fn last_words(&self, record: Index, key: &PublicKey) -> Vec<&Entry> {
        let application = self.graph.get(record).and_then(application_of);
        let Some((index, entry)) = application.and_then(|index| Some((index, self.graph.get(index)?))) else {
            return Vec::new();
        };
        let reviews = self.state.applications.get(&index).map_or(&[][..], |dossier| &dossier.reviews);
        let mut by_panel: BTreeMap<&Slug, &Entry> = BTreeMap::new();
        for (_, said) in self.state.counting(&self.graph, reviews).filter(|(_, said)| said.author == *key) {
            let Some(review) = content!(said, Review) else { continue };
            let last = by_panel.entry(&review.panel).or_insert(said);
            if (said.seq, Reverse(said.id)) > (last.seq, Reverse(last.id)) {
                *last = said;
            }
        }
        let slot = Slot::Application(entry.id);
        let ballots = self.motions_on(&slot).filter_map(|motion| {
            let state = self.state.motions.get(&motion)?;
            let (place, _) = state.ballots.get(&state.facts.roll.place_of(key)?)?.choices().last()?;
            self.entry(&place.id)
        });
        let mut words: Vec<&Entry> = by_panel.into_values().chain(ballots).collect();
        words.sort_by_key(|said| said.id);
        words
    }

    /// Whether a key recused itself from the application that a record belongs to.
    pub(crate) fn is_recused(&self, record: Index, key: &PublicKey) -> bool {
        self.last_words(record, key).into_iter().any(recuses)
    }
}
