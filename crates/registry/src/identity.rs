//! Hubs and their keys: inception, rotation, grants, sponsorship, the yearly profile (Protocol 4).

use cohub_record::{Hash, PublicKey, Signature, Text, positional};

use crate::founding::{Profile, Role, Roles, roles_fault};
use crate::graph::{Entry, Graph, Index};
use crate::past::{Past, content};
use crate::slot::certificate_of;
use crate::{Kind, Void};

/// Records that a sponsor may grant to a prospect at the most.
const PROSPECT_RECORDS: u64 = 4_096;
const RECOVERY_DOMAIN: &str = "cohub recovery v1\n";

positional! {
    /// The first record of a hub's controller. The hub's id is this record's id.
    pub struct Inception {
        /// Public facts.
        pub profile: Profile,
        /// The hash of the key that may rotate next.
        pub recovery: Hash,
    }
}

positional! {
    /// The first record of the key that a hub committed to: from here on it is the controller.
    pub struct Rotate {
        /// The hash of the key that may rotate after it.
        pub recovery: Hash,
    }
}

positional! {
    /// Gives a key roles for a hub; without roles it takes them all.
    pub struct Grant {
        /// The key.
        pub key: PublicKey,
        /// What it may do from now on.
        pub roles: Roles,
        /// The key's signature over its consent; absent in a revocation.
        pub consent: Option<Signature>,
        /// The key's X25519 recipient, to which secrets are wrapped.
        pub encryption: Option<Hash>,
    }
}

positional! {
    /// A representative vouches for a newcomer: its log is replicated from now on.
    pub struct Sponsor {
        /// The newcomer's controller key.
        pub controller: PublicKey,
        /// Records that the newcomer may write.
        pub records: u64,
    }
}

positional! {
    /// A hub's report of one year. The latest of a year counts.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct ProfileOfYear {
        /// The year.
        pub year: u16,
        /// The hub's name in that year.
        pub name: Text<120>,
        /// Its city.
        pub city: Text<120>,
        /// Members of the hub.
        pub members: u32,
        /// Events held.
        pub events: u32,
        /// Ventures started.
        pub ventures: u32,
        /// Jobs in them.
        pub jobs: u32,
    }
}

/// A hub, named before and after its inception alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hub {
    /// A founder: its place in the founding record.
    Founder(u16),
    /// A hub that came later: its inception.
    Later(Index),
}

/// The commitment to a recovery key.
#[must_use]
pub fn recovery_hash(key: &PublicKey) -> Hash {
    Hash::of(RECOVERY_DOMAIN, &[key.as_bytes()])
}

impl Graph {
    /// The hub that a held inception or rotate speaks for.
    pub(crate) fn hub_of(&self, index: Index) -> Option<Hub> {
        let mut index = index;
        loop {
            let entry = self.get(index)?;
            match entry.kind? {
                Kind::Rotate => index = entry.cite(0)?,
                Kind::Inception => {
                    let founding = content!(self.get(entry.cite(0)?)?, Founding)?;
                    let founder = founding.controlled(&entry.author);
                    return Some(founder.map_or(Hub::Later(index), |(place, _)| Hub::Founder(place)));
                }
                _ => return None,
            }
        }
    }

    /// The first controller of the hub that an inception or rotate speaks for.
    pub(crate) fn inception_of(&self, index: Index) -> Option<(Index, &Entry)> {
        let mut index = index;
        loop {
            let entry = self.get(index)?;
            if entry.is(Kind::Inception) {
                return Some((index, entry));
            }
            index = entry.cite(0)?;
        }
    }

    /// What a cited grant, or the founding record in its place, gives to `key`.
    pub(crate) fn granted(&self, grant: Index, key: &PublicKey) -> Option<(Hub, &Roles)> {
        let entry = self.get(grant)?;
        if let Some(founding) = content!(entry, Founding) {
            return founding.granted(key).map(|(place, roles)| (Hub::Founder(place), roles));
        }
        let fact = content!(entry, Grant).filter(|fact| fact.key == *key)?;
        Some((self.hub_of(entry.cite(0)?)?, &fact.roles))
    }
}

impl<'a> Past<'a> {
    /// The cited inception or rotate by which the author controls its hub.
    pub(crate) fn controller(&self, group: usize, clause: u8) -> Result<(Index, &'a Entry), Void> {
        let (index, entry) = self.only(group, clause, "inception or rotate")?;
        let own = (entry.is(Kind::Inception) || entry.is(Kind::Rotate)) && entry.author == self.entry.author;
        self.require(clause, own, "does not cite its author's own inception or rotate")
            .map(|()| (index, entry))
    }

    /// The hub for which the cited grant gives the author one of `roles`.
    pub(crate) fn granted(&self, group: usize, clause: u8, roles: &[Role]) -> Result<Hub, Void> {
        let (index, _) = self.only(group, clause, "grant")?;
        let granted = self.graph.granted(index, &self.entry.author);
        let fits = granted.filter(|(_, held)| held.iter().any(|role| roles.contains(role)));
        fits.map(|(hub, _)| hub).ok_or_else(|| {
            let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            self.void(clause, format!("its author is no {} by the cited grant", names.join(" or ")))
        })
    }
}

/// The rules of `inception`.
pub(crate) fn judge_inception(past: &Past<'_>, inception: &Inception) -> Result<(), Void> {
    past.groups(1)?;
    past.require(1, past.entry.seq == 0, "stands at seq 0")?;
    let (_, entry) = past.only(0, 2, "founding record")?;
    let founding = content!(entry, Founding).ok_or_else(|| past.void(2, "cites the founding record"))?;
    if let Some(fault) = inception.profile.fault() {
        return Err(past.void(3, fault));
    }
    if let Some((_, founder)) = founding.controlled(&past.entry.author) {
        let same = founder.profile == inception.profile && founder.recovery == inception.recovery;
        past.require(3, same, "a founder's inception repeats what the founding record says of it")?;
    }
    past.require(
        4,
        founding.granted(&past.entry.author).is_none(),
        "its author is another key of the founding record",
    )
}

/// The rules of `rotate`.
pub(crate) fn judge_rotate(past: &Past<'_>) -> Result<(), Void> {
    past.groups(2)?;
    past.require(1, past.entry.seq == 0, "stands at seq 0")?;
    let (_, before) = past.only(0, 2, "inception or rotate")?;
    let committed = match before.content() {
        Some(crate::kind::Fact::Inception(inception)) => inception.recovery,
        Some(crate::kind::Fact::Rotate(rotate)) => rotate.recovery,
        _ => return Err(past.void(2, "cites an inception or rotate")),
    };
    let (_, last) = past.only(1, 2, "last counting record")?;
    past.require(2, last.author == before.author, "the last counting record is not of the log that ends")?;
    past.require(3, recovery_hash(&past.entry.author) == committed, "its key is not the one committed to")
}

/// The rules of `grant`. `grants` are those of the hub that name the same key.
pub(crate) fn judge_grant(past: &Past<'_>, grant: &Grant, grants: &[Index]) -> Result<(), Void> {
    past.groups(2)?;
    let (controller, _) = past.controller(0, 1)?;
    past.require(2, grant.key != past.entry.author, "a controller grants itself nothing")?;
    if let Some(fault) = roles_fault(&grant.roles) {
        return Err(past.void(2, fault));
    }
    let last = past.at_most_one(1, 4, "last counting record")?;
    if grant.roles.is_empty() {
        past.require(4, grant.consent.is_none(), "a revocation carries no consent")?;
        past.require(
            4,
            past.gave_before(controller, &grant.key, grants),
            "the hub granted this key nothing",
        )?;
        return past.require(
            4,
            last.is_none_or(|(_, last)| last.author == grant.key),
            "the last counting record is not of the revoked key",
        );
    }
    past.require(4, last.is_none(), "only a revocation names a last counting record")?;
    past.require(3, grant.consent.is_some(), "the key's consent is missing")?;
    past.require(3, past.entry.content.consented, "the key did not consent to these roles")
}

impl Past<'_> {
    /// Whether the hub for which `controller` stands granted something to `key` in this record's past: in
    /// the founding record, in the author's log, or in what counts of the logs of the controllers before.
    pub(crate) fn gave_before(&self, controller: Index, key: &PublicKey, grants: &[Index]) -> bool {
        let founder = self.graph.inception_of(controller).and_then(|(_, inception)| {
            let founding = self.graph.get(inception.cite(0)?)?;
            content!(founding, Founding)?.controlled(&inception.author)
        });
        if founder.is_some_and(|(_, founder)| founder.keys.iter().any(|granted| granted.key == *key)) {
            return true;
        }
        let granted = || grants.iter().filter_map(|index| self.graph.get(*index));
        let mut rotate = self.graph.get(controller).filter(|entry| entry.is(Kind::Rotate));
        if granted().any(|grant| self.graph.precedes(grant, self.entry)) {
            return true;
        }
        while let Some(entry) = rotate {
            let cited = |group: usize| self.graph.get(entry.cite(group)?);
            if cited(1).is_some_and(|last| granted().any(|grant| self.graph.descends(last, grant))) {
                return true;
            }
            rotate = cited(0).filter(|entry| entry.is(Kind::Rotate));
        }
        false
    }
}

/// The rules of `sponsor`.
pub(crate) fn judge_sponsor(past: &Past<'_>, sponsor: &Sponsor) -> Result<(), Void> {
    past.groups(2)?;
    let hub = past.granted(0, 1, &[Role::Representative])?;
    let founded = past.group(1).next().is_some_and(|(_, entry)| entry.is(Kind::Founding));
    if founded {
        past.only(1, 2, "founding record")?;
        past.require(2, matches!(hub, Hub::Founder(_)), "its hub is no founder")?;
    } else {
        let certificate = certificate_of(past, 1, 2)?;
        past.require(2, certificate.admits(past) == Some(hub), "does not cite the admission of its hub")?;
    }
    past.require(3, (1..=PROSPECT_RECORDS).contains(&sponsor.records), "grants 1 to 4,096 records")
}

/// The rules of `profile`.
pub(crate) fn judge_profile(past: &Past<'_>, profile: &ProfileOfYear) -> Result<(), Void> {
    past.groups(1)?;
    past.controller(0, 1)?;
    past.require(2, (1900..=9999).contains(&profile.year), "a year from 1900 to 9999")
}
