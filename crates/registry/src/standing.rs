//! Whose logs are kept and whose node may read what: derived from grants, sponsorships and admissions.

use std::collections::{BTreeMap, BTreeSet};

use cohub_record::PublicKey;

use crate::application::Signed;
use crate::founding::{Founding, Role};
use crate::graph::{Entry, Graph, Index};
use crate::identity::Hub;
use crate::past::content;
use crate::seating::Seating;
use crate::slot::Slot;
use crate::state::{HubState, State};

/// Protocol 3.5: whether nodes keep the log of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// All of it.
    Whole,
    /// Up to so many records: the key is a sponsored prospect's.
    Prospect {
        /// Records, counted from seq 0.
        records: u64,
    },
    /// Nothing: the key is a stranger's.
    Unknown,
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
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    keeping: BTreeMap<PublicKey, Keeping>,
    nodes: BTreeMap<PublicKey, Access>,
    hub_of: BTreeMap<PublicKey, Hub>,
    owners: BTreeSet<Hub>,
}

/// One key as its hub's grants have it now.
pub(crate) struct Granted<'a> {
    pub(crate) roles: &'a [Role],
    /// The grant, absent where the founding record grants.
    pub(crate) grant: Option<(Index, &'a Entry)>,
}

impl Standing {
    pub(crate) fn keeping(&self, key: &PublicKey) -> Keeping {
        self.keeping.get(key).copied().unwrap_or(Keeping::Unknown)
    }

    pub(crate) fn access(&self, node: &PublicKey) -> Access {
        self.nodes.get(node).copied().unwrap_or(Access::Stranger)
    }

    pub(crate) fn nodes(&self) -> impl Iterator<Item = (PublicKey, Access)> + '_ {
        self.nodes.iter().map(|(key, access)| (*key, *access))
    }

    pub(crate) fn hub_of(&self, key: &PublicKey) -> Option<Hub> {
        self.hub_of.get(key).copied()
    }

    /// Derives everything anew.
    pub(crate) fn derive(
        graph: &Graph,
        state: &State,
        seating: &Seating,
        founding_author: PublicKey,
        founding: &Founding,
    ) -> Self {
        let mut standing = Self::default();
        standing.keeping.insert(founding_author, Keeping::Whole);
        for (hub, records) in &state.hubs {
            if matches!(hub, Hub::Founder(_)) || is_admitted(graph, state, seating, founding, records) {
                standing.owners.insert(*hub);
            }
        }
        for hub in standing.owners.clone() {
            standing.enter_owner(graph, state, founding, hub);
        }
        standing.enter_prospects(graph, state, founding);
        standing
    }

    fn enter_owner(&mut self, graph: &Graph, state: &State, founding: &Founding, hub: Hub) {
        let name = self.enter_controllers(graph, state, founding, hub, Keeping::Whole);
        for granted in keys_ever(graph, state, founding, hub) {
            self.keeping.insert(granted, Keeping::Whole);
            self.hub_of.insert(granted, hub);
        }
        for (key, granted) in grants_of(graph, state, founding, hub) {
            if let Some(name) = name.filter(|_| granted.roles.contains(&Role::Node)) {
                self.nodes.insert(key, Access::Member { hub: name });
            }
        }
    }

    /// Keeps a hub's controllers and answers the first.
    fn enter_controllers(
        &mut self,
        graph: &Graph,
        state: &State,
        founding: &Founding,
        hub: Hub,
        keeping: Keeping,
    ) -> Option<PublicKey> {
        let first = first_controller(graph, founding, hub)?;
        let rotates = state.hubs.get(&hub).into_iter().flat_map(|records| &records.rotates);
        let rotated = rotates.filter_map(|index| graph.get(*index)).map(|entry| entry.author);
        for key in rotated.chain([first]) {
            self.keeping.entry(key).or_insert(keeping);
            self.hub_of.insert(key, hub);
        }
        Some(first)
    }

    fn enter_prospects(&mut self, graph: &Graph, state: &State, founding: &Founding) {
        let mut quotas: BTreeMap<PublicKey, u64> = BTreeMap::new();
        for hub in &self.owners {
            for (controller, records) in self.open_sponsorships(graph, state, founding, *hub) {
                let quota = quotas.entry(controller).or_default();
                *quota = records.max(*quota);
            }
        }
        for (controller, records) in &quotas {
            self.keeping.insert(*controller, Keeping::Prospect { records: *records });
        }
        for hub in state.hubs.keys().filter(|hub| !self.owners.contains(hub)).copied().collect::<Vec<_>>() {
            let quota = first_controller(graph, founding, hub).and_then(|first| quotas.get(&first));
            let Some(records) = quota.copied() else { continue };
            let name = self.enter_controllers(graph, state, founding, hub, Keeping::Prospect { records });
            for (key, granted) in grants_of(graph, state, founding, hub) {
                self.hub_of.entry(key).or_insert(hub);
                if let Some(name) = name.filter(|_| granted.roles.contains(&Role::Node)) {
                    self.nodes.entry(key).or_insert(Access::Prospect { hub: name });
                }
            }
        }
    }

    /// Protocol 3.5: a sponsor's first k open sponsorships count; one is open until its hub is co-owner.
    fn open_sponsorships(
        &self,
        graph: &Graph,
        state: &State,
        founding: &Founding,
        hub: Hub,
    ) -> Vec<(PublicKey, u64)> {
        let Some(records) = state.hubs.get(&hub) else { return Vec::new() };
        let mut sponsors: Vec<&Entry> =
            state.counting(graph, &records.sponsorships).map(|(_, entry)| entry).collect();
        sponsors.sort_by_key(|entry| entry.place());
        let named = sponsors.into_iter().filter_map(|entry| content!(entry, Sponsor));
        let open = named.filter(|sponsor| !self.keeping.contains_key(&sponsor.controller));
        let limit = founding.charter.sponsorship;
        open.take(usize::from(limit.open))
            .map(|sponsor| (sponsor.controller, sponsor.records.min(limit.records)))
            .collect()
    }
}

/// A hub's first controller: it names the hub even before its inception is held.
pub(crate) fn first_controller(graph: &Graph, founding: &Founding, hub: Hub) -> Option<PublicKey> {
    match hub {
        Hub::Founder(place) => founding.founders.get(usize::from(place)).map(|founder| founder.controller),
        Hub::Later(index) => graph.get(index).map(|entry| entry.author),
    }
}

/// Protocol 5.3: both sides signed the admission that moved one of the hub's applications to its last stage.
fn is_admitted(
    graph: &Graph,
    state: &State,
    seating: &Seating,
    founding: &Founding,
    records: &HubState,
) -> bool {
    records.applications.iter().any(|application| {
        admission(graph, state, seating, founding, *application).is_some_and(|a| a.complete)
    })
}

/// The signatures under an application's admission.
pub(crate) struct Admission<'a> {
    /// The motion that admitted.
    pub(crate) motion: Index,
    /// The hub's own signature: the first by place.
    pub(crate) hub: Option<&'a Entry>,
    /// Seats that signed, by place of seat.
    pub(crate) seats: BTreeSet<usize>,
    /// Whether that makes a co-owner.
    pub(crate) complete: bool,
}

/// The admission of an application, once its last stage is adopted.
pub(crate) fn admission<'a>(
    graph: &'a Graph,
    state: &'a State,
    seating: &Seating,
    founding: &Founding,
    application: Index,
) -> Option<Admission<'a>> {
    let slot = Slot::Application(graph.get(application)?.id);
    let history = state.history(seating, &slot);
    let admitting =
        |index: &Index| graph.get(*index).is_some_and(|entry| crate::motion::is_admission(graph, entry));
    let motion = history.into_iter().find(admitting)?;
    let signed = state.signatures.get(&motion).map_or(&[][..], Vec::as_slice);
    let admissions = || {
        state
            .counting(graph, signed)
            .filter(|(_, e)| content!(e, Sign).is_some_and(|s| s.subject == Signed::Admission))
    };
    let seats: BTreeSet<usize> =
        admissions().filter_map(|(_, entry)| seating.seat_of(&entry.author)).collect();
    let hub = admissions()
        .map(|(_, entry)| entry)
        .filter(|e| seating.seat_of(&e.author).is_none())
        .min_by_key(|e| e.place());
    let complete = hub.is_some() && seats.len() >= usize::from(founding.charter.signing_seats);
    Some(Admission { motion, hub, seats, complete })
}

/// Every key that a hub ever granted something, as far as its controllers' logs count.
fn keys_ever(graph: &Graph, state: &State, founding: &Founding, hub: Hub) -> BTreeSet<PublicKey> {
    let later = state.hubs.get(&hub).into_iter().flat_map(|records| state.counting(graph, &records.grants));
    let later = later.filter_map(|(_, entry)| content!(entry, Grant)).map(|grant| grant.key);
    founders_keys(founding, hub).map(|granted| granted.key).chain(later).collect()
}

fn founders_keys(founding: &Founding, hub: Hub) -> impl Iterator<Item = &crate::founding::Granted> {
    let founder = match hub {
        Hub::Founder(place) => founding.founders.get(usize::from(place)),
        Hub::Later(_) => None,
    };
    founder.into_iter().flat_map(|founder| founder.keys.iter())
}

/// A hub's keys with the roles that its latest grant of each gives: later controllers' grants first, then
/// the higher seq, then the lesser id. Grants of a rotation that has a rival do not count (Protocol 4.2).
pub(crate) fn grants_of<'a>(
    graph: &'a Graph,
    state: &'a State,
    founding: &'a Founding,
    hub: Hub,
) -> BTreeMap<PublicKey, Granted<'a>> {
    let first = founders_keys(founding, hub)
        .map(|granted| (granted.key, Granted { roles: &granted.roles, grant: None }));
    let mut keys: BTreeMap<PublicKey, Granted<'a>> = first.collect();
    let Some(records) = state.hubs.get(&hub) else { return keys };
    let mut grants: Vec<(Index, &Entry)> =
        state.counting(graph, &records.grants).filter(|(_, e)| !is_rival(graph, e)).collect();
    grants.sort_by_key(|(_, entry)| (rotations(graph, entry), entry.seq, std::cmp::Reverse(entry.id)));
    for (index, entry) in grants {
        if let Some(grant) = content!(entry, Grant) {
            keys.insert(grant.key, Granted { roles: &grant.roles, grant: Some((index, entry)) });
        }
    }
    keys.retain(|_, granted| !granted.roles.is_empty());
    keys
}

/// How many rotations stand between a grant and the hub's inception.
fn rotations(graph: &Graph, grant: &Entry) -> usize {
    let mut before = grant.cites.first().and_then(|group| group.first()).and_then(|index| graph.get(*index));
    let mut count = 0;
    while let Some(entry) = before.filter(|entry| entry.is(crate::Kind::Rotate)) {
        count += 1;
        before = entry.cites.first().and_then(|group| group.first()).and_then(|index| graph.get(*index));
    }
    count
}

fn is_rival(graph: &Graph, grant: &Entry) -> bool {
    rotations(graph, grant) > 0
        && graph.logs().get(&grant.author).is_some_and(|log| log.at(0).nth(1).is_some())
}
