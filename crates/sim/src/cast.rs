//! The cast: hubs with their keys, and the founding record that they agree on.

use std::collections::BTreeMap;
use std::error::Error;

use cohub_record::{
    Field as _, Hash, Header, Id, List, PublicKey, Record, SecretKey, Signature, consent_message,
};
use cohub_registry::{
    Charter, Contents, Founder, Founding, Granted, Intent, PanelSeats, Profile, Registry, Role, Roles,
    Switch, recovery_hash,
};
use cohub_replica::wire::Item;

use crate::dice::seed_of;

/// When the founding record is signed; the world begins a second later.
pub(crate) const FOUNDED_MS: u64 = 1_764_000_000_000;

/// Why a cast cannot be made: a fault of the simulator.
pub(crate) type Miscast = Box<dyn Error>;

/// One of a hub's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Desk {
    Controller,
    /// Takes over from the controller: the key of the recovery words.
    Recovery,
    /// Takes over from that one.
    NextRecovery,
    /// Moves, votes and reviews.
    Representative,
    Teller,
    /// Counts for the committee after the first.
    NextTeller,
    Node,
}

/// A hub and its secrets.
pub(crate) struct Hub {
    pub(crate) name: String,
    secrets: BTreeMap<Desk, SecretKey>,
}

/// All hubs, founders first, and what they agreed on.
pub(crate) struct Cast {
    pub(crate) hubs: Vec<Hub>,
    pub(crate) founders: usize,
    pub(crate) founding: Record,
    pub(crate) charter: Charter,
    desks: BTreeMap<PublicKey, (usize, Desk)>,
    /// Nothing but the founding record: enough to draft a newcomer's first records.
    empty: Registry,
}

pub(crate) const DESKS: [Desk; 7] = [
    Desk::Controller,
    Desk::Recovery,
    Desk::NextRecovery,
    Desk::Representative,
    Desk::Teller,
    Desk::NextTeller,
    Desk::Node,
];
/// With which a hub speaks for itself, one after the other.
pub(crate) const CONTROLLERS: [Desk; 3] = [Desk::Controller, Desk::Recovery, Desk::NextRecovery];

impl Hub {
    fn new(seed: u64, name: String) -> Self {
        let secret = |what: &str| SecretKey::from_seed(&seed_of(seed, &format!("{name} {what}")));
        Self { secrets: DESKS.iter().map(|desk| (*desk, secret(&format!("{desk:?}")))).collect(), name }
    }

    pub(crate) fn secret(&self, desk: Desk) -> &SecretKey {
        &self.secrets[&desk]
    }

    pub(crate) fn key(&self, desk: Desk) -> PublicKey {
        self.secret(desk).public()
    }

    /// The commitment to the key that takes over from a controller.
    pub(crate) fn commitment(&self, controller: Desk) -> Hash {
        recovery_hash(&match controller {
            Desk::Controller => self.key(Desk::Recovery),
            Desk::Recovery => self.key(Desk::NextRecovery),
            // Nobody rotates a third time.
            _ => self.key(Desk::Node),
        })
    }

    fn consent(&self, network: Option<&Id>, controller: Desk, desk: Desk, roles: &Roles) -> Signature {
        let roles = roles.to_value().encode();
        let message = consent_message(network, &self.key(controller), &self.key(desk), &roles);
        self.secret(desk).sign(&message)
    }

    fn granted(&self, desk: Desk, roles: &[Role]) -> Result<Granted, Miscast> {
        let roles: Roles = List::new(roles.to_vec())?;
        Ok(Granted {
            key: self.key(desk),
            consent: self.consent(None, Desk::Controller, desk, &roles),
            roles,
        })
    }

    fn profile(&self) -> Result<Profile, Miscast> {
        Ok(Profile {
            name: format!("The hub of {}", self.name).parse()?,
            slug: self.name.parse()?,
            city: self.name.parse()?,
            country: "AT".parse()?,
            lat: 4_820_000,
            lon: 1_630_000,
        })
    }

    fn founder(&self) -> Result<Founder, Miscast> {
        let keys = vec![
            self.granted(Desk::Representative, &[Role::Representative, Role::Panelist])?,
            self.granted(Desk::Teller, &[Role::Teller])?,
            self.granted(Desk::Node, &[Role::Node])?,
        ];
        Ok(Founder {
            profile: self.profile()?,
            controller: self.key(Desk::Controller),
            recovery: self.commitment(Desk::Controller),
            keys: List::new(keys)?,
        })
    }

    /// How a controller accepts a seat on the next committee.
    pub(crate) fn acceptance(&self, network: Id, controller: Desk) -> Result<Intent, Miscast> {
        let roles: Roles = List::new(vec![Role::Teller])?;
        let consent = self.consent(Some(&network), controller, Desk::NextTeller, &roles);
        Ok(Intent::Grant { key: self.key(Desk::NextTeller), roles, consent, encryption: None })
    }

    /// What the controller says first.
    pub(crate) fn inception(&self) -> Result<Intent, Miscast> {
        Ok(Intent::Inception { profile: self.profile()?, recovery: self.commitment(Desk::Controller) })
    }
}

impl Cast {
    /// The cast of a seed: founders, all on the committee, then those who want to join.
    pub(crate) fn new(seed: u64, founders: usize, newcomers: usize, charter: &str) -> Result<Self, Miscast> {
        let names = (0..founders).map(|hub| format!("founder-{hub}"));
        let names = names.chain((0..newcomers).map(|hub| format!("newcomer-{hub}")));
        let hubs: Vec<Hub> = names.map(|name| Hub::new(seed, name)).collect();
        let mut charter = Charter::from_toml(charter)?;
        charter.signing_seats = charter.signing_seats.min(u16::try_from(founders)?);
        let places: Vec<u16> = (0..u16::try_from(founders)?).collect();
        let members: Vec<PublicKey> =
            hubs[..founders].iter().map(|hub| hub.key(Desk::Representative)).collect();
        let panel = |slug: &cohub_record::Slug| -> Result<PanelSeats, Miscast> {
            Ok(PanelSeats { panel: slug.clone(), members: List::new(members.clone())? })
        };
        let founding = Founding {
            claims: List::default(),
            name: "A simulated commons".parse()?,
            panels: List::new(charter.panels.iter().map(|p| panel(&p.slug)).collect::<Result<Vec<_>, _>>()?)?,
            charter: charter.clone(),
            manifesto: "We own together what we use together.".parse()?,
            founders: List::new(hubs[..founders].iter().map(Hub::founder).collect::<Result<Vec<_>, _>>()?)?,
            seats: List::new(places)?,
        };
        let header = Header {
            network: None,
            seq: 0,
            prev: None,
            at: FOUNDED_MS,
            kind: "founding".to_owned(),
            cites: Vec::new(),
            body: founding.to_value(),
            attachments: Vec::new(),
        };
        let founding = header.sign(&SecretKey::from_seed(&seed_of(seed, "the founding key")))?;
        let desks = hubs
            .iter()
            .enumerate()
            .flat_map(|(place, hub)| DESKS.map(|desk| (hub.key(desk), (place, desk))))
            .collect();
        let empty = Registry::found(&founding)?;
        Ok(Self { hubs, founders, founding, charter, desks, empty })
    }

    /// The network.
    pub(crate) const fn network(&self) -> Id {
        self.founding.id()
    }

    /// Whose key it is.
    pub(crate) fn desk(&self, key: &PublicKey) -> Option<(usize, Desk)> {
        self.desks.get(key).copied()
    }

    /// The place of the hub whose node has this key.
    pub(crate) fn node(&self, key: &PublicKey) -> Option<usize> {
        self.desk(key).filter(|(_, desk)| *desk == Desk::Node).map(|(hub, _)| hub)
    }

    /// f: tellers that may lie.
    pub(crate) const fn tolerated(&self) -> usize {
        (self.founders - 1) / 3
    }

    /// Closings that do not suffice for a ballot to count: f, or fewer where that rule does not hold.
    pub(crate) fn unsupported(&self, switched_off: Option<Switch>) -> usize {
        self.tolerated().saturating_sub(usize::from(switched_off == Some(Switch::Support)))
    }

    /// A newcomer's inception and the grant of its node's key, to be handed in at a door.
    pub(crate) fn first_records(&self, hub: usize) -> Result<Vec<Item>, Miscast> {
        let at = FOUNDED_MS;
        let hub = &self.hubs[hub];
        let (secret, key) = (hub.secret(Desk::Controller), hub.key(Desk::Controller));
        let mut registry = self.empty.clone();
        let contents = registry.draft(&key, &hub.inception()?)?;
        let inception = header(self.network(), contents, None, at).sign(secret)?;
        registry.insert(&inception)?;
        let roles: Roles = List::new(vec![Role::Node])?;
        let consent = hub.consent(Some(&self.network()), Desk::Controller, Desk::Node, &roles);
        let intent = Intent::Grant { key: hub.key(Desk::Node), roles, consent, encryption: None };
        let contents = registry.draft(&key, &intent)?;
        let grant = header(self.network(), contents, Some((1, inception.id())), at).sign(secret)?;
        Ok([inception, grant].map(Item::bare).into())
    }
}

/// Contents at a place of a log: its sequence number and the record before, unless it is the first.
pub(crate) fn header(network: Id, contents: Contents, place: Option<(u64, Id)>, at: u64) -> Header {
    Header {
        network: Some(network),
        seq: place.map_or(0, |(seq, _)| seq),
        prev: place.map(|(_, prev)| prev),
        at,
        kind: contents.kind.as_str().to_owned(),
        cites: contents.cites,
        body: contents.body,
        attachments: Vec::new(),
    }
}
