//! Whose logs are kept and whose node may read what: derived from grants, sponsorships and admissions.
//!
//! Each hub lays claim to keys; a record touches a few hubs, and only their claims are derived anew.
//!
//! **Invariant**: claims on one key order by what the hubs are, never by when they came.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::{Id, PublicKey};

use crate::founding::Role;
use crate::graph::Entry;
use crate::identity::Hub;
use crate::known::Known;
use crate::past::content;

/// Protocol 3.5: how much of a key's log nodes keep, from nothing to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Keeping {
    /// Nothing: the key is a stranger's.
    Unknown,
    /// Up to so many records: the key is a sponsored prospect's.
    Prospect {
        /// Records, counted from seq 0.
        records: u64,
    },
    /// All of it.
    Whole,
}

/// What the key of a node is to this network. A hub is named by its first controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nobody that is known here.
    Stranger,
    /// The node of a sponsored hub.
    Prospect {
        /// The hub.
        hub: PublicKey,
    },
    /// The node of a co-owner.
    Member {
        /// The hub.
        hub: PublicKey,
    },
}

/// Who is who, by key.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// The key that signed the founding record.
    founder: PublicKey,
    /// What hubs have to do with a key: the first claim is the one that counts where there can be one.
    claims: BTreeMap<PublicKey, Vec<Claim>>,
    /// The keys that each hub claims.
    claimed: BTreeMap<Hub, Vec<PublicKey>>,
    owners: BTreeSet<Hub>,
    /// Hubs that were co-owners once: their logs are kept as far as they count.
    former: BTreeSet<Hub>,
    /// The newcomers that each co-owner's open sponsorships name, and the records that they may write.
    open: BTreeMap<Hub, BTreeMap<PublicKey, u64>>,
    /// The same by newcomer.
    quotas: BTreeMap<PublicKey, BTreeMap<Hub, u64>>,
}

/// What a hub has to do with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Claim {
    rank: Rank,
    hub: Hub,
    keeping: Keeping,
    is_node: bool,
}

/// Whose claim on a key comes first: present roles before past ones, co-owners before prospects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    past: bool,
    prospect: bool,
    first_controller: PublicKey,
    inception: Option<Id>,
}

impl Standing {
    /// Nobody but the key that signed the founding record.
    pub(crate) const fn of_founder(founder: PublicKey) -> Self {
        Self {
            founder,
            claims: BTreeMap::new(),
            claimed: BTreeMap::new(),
            owners: BTreeSet::new(),
            former: BTreeSet::new(),
            open: BTreeMap::new(),
            quotas: BTreeMap::new(),
        }
    }

    pub(crate) fn keeping(&self, key: &PublicKey) -> Keeping {
        if *key == self.founder {
            return Keeping::Whole;
        }
        let claimed = self.claims_on(key).map(|claim| claim.keeping).max();
        claimed.max(self.quota(key).map(|records| Keeping::Prospect { records })).unwrap_or(Keeping::Unknown)
    }

    pub(crate) fn access(&self, node: &PublicKey) -> Access {
        let claim = self.claims_on(node).find(|claim| claim.is_node);
        claim.map_or(Access::Stranger, |Claim { rank, .. }| {
            let hub = rank.first_controller;
            if rank.prospect { Access::Prospect { hub } } else { Access::Member { hub } }
        })
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = (PublicKey, Access)> + '_ {
        let nodes = self.claims.keys().map(|key| (*key, self.access(key)));
        nodes.filter(|(_, access)| *access != Access::Stranger)
    }

    /// The hub that a key belongs to: of several the first in rank.
    pub(crate) fn hub_of(&self, key: &PublicKey) -> Option<Hub> {
        self.hubs_of(key).next()
    }

    /// The hubs that a key belongs to, in order of rank.
    pub(crate) fn hubs_of(&self, key: &PublicKey) -> impl Iterator<Item = Hub> {
        self.claims_on(key).map(|claim| claim.hub)
    }

    fn claims_on(&self, key: &PublicKey) -> impl Iterator<Item = &Claim> {
        self.claims.get(key).into_iter().flatten()
    }

    /// The records that a newcomer may write on the word of its sponsors.
    fn quota(&self, controller: &PublicKey) -> Option<u64> {
        self.quotas.get(controller)?.values().copied().max()
    }

    /// Derives anew what records that touched these hubs may have changed.
    pub(crate) fn update(&mut self, known: Known<'_>, touched: &BTreeSet<Hub>) {
        let mut sponsors = touched.clone();
        for hub in touched {
            let (admitted, out) = (known.was_admitted(*hub), known.is_out(*hub));
            if admitted && out {
                self.former.insert(*hub);
            } else {
                self.former.remove(hub);
            }
            let was_owner = self.owners.contains(hub);
            let is_owner = admitted && !out;
            if is_owner != was_owner {
                if is_owner {
                    self.owners.insert(*hub)
                } else {
                    self.owners.remove(hub)
                };
                // A sponsorship is open until its newcomer is co-owner.
                let first = known.first_controller(*hub);
                let sponsorships = first.and_then(|first| known.state.sponsorships_of.get(&first));
                sponsors.extend(sponsorships.into_iter().flatten().map(|(_, sponsor)| *sponsor));
            }
        }
        let mut claimants = touched.clone();
        for sponsor in &sponsors {
            for newcomer in self.update_open(known, *sponsor) {
                claimants.extend(known.state.hubs_of_first.get(&newcomer).into_iter().flatten());
            }
        }
        for hub in claimants {
            self.claim(known, hub);
        }
    }

    /// Derives a hub's open sponsorships anew, and answers whose records they change.
    fn update_open(&mut self, known: Known<'_>, sponsor: Hub) -> BTreeSet<PublicKey> {
        let open = self.open_sponsorships(known, sponsor);
        let before = self.open.remove(&sponsor).unwrap_or_default();
        let differs = |key: &&PublicKey| open.get(*key) != before.get(*key);
        let changed: BTreeSet<PublicKey> =
            open.keys().chain(before.keys()).filter(differs).copied().collect();
        for newcomer in &changed {
            let quotas = self.quotas.entry(*newcomer).or_default();
            match open.get(newcomer) {
                Some(records) => quotas.insert(sponsor, *records),
                None => quotas.remove(&sponsor),
            };
            if quotas.is_empty() {
                self.quotas.remove(newcomer);
            }
        }
        if !open.is_empty() {
            self.open.insert(sponsor, open);
        }
        changed
    }

    /// Protocol 3.5: a co-owner's first k open sponsorships count.
    fn open_sponsorships(&self, known: Known<'_>, sponsor: Hub) -> BTreeMap<PublicKey, u64> {
        let records = known.state.hubs.get(&sponsor).filter(|_| self.owners.contains(&sponsor));
        let sponsorships = records.map_or(&[][..], |records| &records.sponsorships);
        let mut sponsorships: Vec<&Entry> =
            known.state.counting(known.graph, sponsorships).map(|(_, entry)| entry).collect();
        sponsorships.sort_by_key(|entry| entry.place());
        let is_open = |controller: &PublicKey| {
            let hubs = known.state.hubs_of_first.get(controller);
            let once = |hub: &Hub| self.owners.contains(hub) || self.former.contains(hub);
            !hubs.into_iter().flatten().any(once)
        };
        let limit = known.state.now.charter.sponsorship;
        let named = sponsorships.into_iter().filter_map(|entry| content!(entry, Sponsor));
        let mut open = BTreeMap::new();
        for sponsor in named.filter(|sponsor| is_open(&sponsor.controller)).take(usize::from(limit.open)) {
            let records = open.entry(sponsor.controller).or_default();
            *records = sponsor.records.min(limit.records).max(*records);
        }
        open
    }

    /// Derives the claims of a hub anew. A hub that is neither co-owner nor sponsored has none.
    fn claim(&mut self, known: Known<'_>, hub: Hub) {
        for key in self.claimed.remove(&hub).unwrap_or_default() {
            let claims = self.claims.entry(key).or_default();
            claims.retain(|claim| claim.hub != hub);
            if claims.is_empty() {
                self.claims.remove(&key);
            }
        }
        let Some(first_controller) = known.first_controller(hub) else { return };
        let is_owner = self.owners.contains(&hub);
        let quota = self.quota(&first_controller);
        let is_former = self.former.contains(&hub);
        if !is_owner && !is_former && quota.is_none() {
            return;
        }
        let inception = match hub {
            Hub::Founder(_) => None,
            Hub::Later(index) => Some(known.graph.id(index)),
        };
        let rank = Rank { past: is_former, prospect: !is_owner, first_controller, inception };
        // The logs of a prospect's people and machines are not kept: they have nothing to say yet.
        let keeping = if is_owner || is_former { Keeping::Whole } else { Keeping::Unknown };
        let past = Claim { rank: Rank { past: true, ..rank }, hub, keeping, is_node: false };
        let ever = if is_owner || is_former { known.keys_ever(hub) } else { BTreeSet::new() };
        let mut claims: BTreeMap<PublicKey, Claim> = ever.into_iter().map(|key| (key, past)).collect();
        for (key, granted) in known.keys_of(hub).into_iter().filter(|_| !is_former) {
            let is_node = granted.roles.contains(&Role::Node);
            claims.insert(key, Claim { rank, hub, keeping, is_node });
        }
        for (key, kept) in known.controllers(hub, quota.unwrap_or(0)) {
            let own = claims.entry(key).or_insert(Claim { rank, hub, keeping, is_node: false });
            (own.rank, own.keeping) = (rank, own.keeping.max(kept));
        }
        for (key, claim) in &claims {
            let on_key = self.claims.entry(*key).or_default();
            let place = on_key.partition_point(|other| other.rank < claim.rank);
            on_key.insert(place, *claim);
        }
        self.claimed.insert(hub, claims.into_keys().collect());
    }
}
