//! The founding record: charter, manifesto, founders, the first committee and its panels (Protocol 4.1).

use std::collections::BTreeSet;

use cohub_record::{
    BodyError, Field, Hash, Id, List, PublicKey, Signature, Slug, Text, Value, array_of, consent_message,
    positional, words,
};

use crate::past::Past;
use crate::{Charter, Void};

words! {
    /// What a key may do for its hub.
    pub enum Role {
        /// Moves and votes for the hub. One a hub: the latest.
        Representative = "representative",
        /// Closes and returns motions; held by the hub's node.
        Teller = "teller",
        /// Reviews applications on a panel.
        Panelist = "panelist",
        /// Speaks for the hub in other matters.
        Officer = "officer",
        /// Identifies the hub's node to other nodes.
        Node = "node",
    }
}

/// Roles of one key, each once.
pub type Roles = List<Role, 5>;

positional! {
    /// A hub's public facts.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Profile {
        /// What people call the hub.
        pub name: Text<120>,
        /// Its short name. Not unique by rule: pages show who else bears it.
        pub slug: Slug,
        /// Its city.
        pub city: Text<120>,
        /// Its country: two capital letters of ISO 3166-1.
        pub country: Text<2>,
        /// Latitude in 1e-5 degree.
        pub lat: i32,
        /// Longitude in 1e-5 degree.
        pub lon: i32,
    }
}

positional! {
    /// A key with its roles in a founding record, and its own consent.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Granted {
        /// The key.
        pub key: PublicKey,
        /// What it may do.
        pub roles: Roles,
        /// The key's signature over [`consent_message`].
        pub consent: Signature,
    }
}

positional! {
    /// One founding hub.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Founder {
        /// Its public facts.
        pub profile: Profile,
        /// Its controller key.
        pub controller: PublicKey,
        /// The hash of the key that may rotate next.
        pub recovery: Hash,
        /// Its other keys; standing here counts as their grant.
        pub keys: List<Granted, 64>,
    }
}

positional! {
    /// The members of one panel in the first term.
    pub struct PanelSeats {
        /// The panel, as the charter names it.
        pub panel: Slug,
        /// Keys that founders granted the role of panelist.
        pub members: List<PublicKey, 107>,
    }
}

/// The record that begins a network, written once by a key that is then thrown away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Founding {
    /// What people call the network.
    pub name: Text<120>,
    /// The rules.
    pub charter: Charter,
    /// What all hubs stand behind.
    pub manifesto: Text<65536>,
    /// The founding hubs.
    pub founders: List<Founder, 107>,
    /// The first committee: places of founders in the list above.
    pub seats: List<u16, 31>,
    /// The first panels.
    pub panels: List<PanelSeats, 16>,
    /// Hubs that are in the network already and have no keys yet: each takes up its claim later.
    pub claims: List<Profile, 1024>,
}

impl Field for Founding {
    fn to_value(&self) -> Value {
        let mut fields = vec![
            self.name.to_value(),
            self.charter.to_value(),
            self.manifesto.to_value(),
            self.founders.to_value(),
            self.seats.to_value(),
            self.panels.to_value(),
        ];
        fields.extend((!self.claims.is_empty()).then(|| self.claims.to_value()));
        Value::Array(fields)
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        let fields = match value {
            Value::Array(fields) if fields.len() == 7 => fields.as_slice(),
            other => array_of(other, 6)?,
        };
        let [name, charter, manifesto, founders, seats, panels, claims @ ..] = fields else {
            return Err(BodyError::new("a field is missing"));
        };
        let claims = claims.first().map(List::from_value).transpose();
        let claims: Option<List<Profile, 1024>> = claims.map_err(|error| error.inside("claims"))?;
        if claims.as_ref().is_some_and(|claims| claims.is_empty()) {
            return Err(BodyError::new("a list of no claims is left out"));
        }
        Ok(Self {
            name: Field::from_value(name).map_err(|error| error.inside("name"))?,
            charter: Field::from_value(charter).map_err(|error| error.inside("charter"))?,
            manifesto: Field::from_value(manifesto).map_err(|error| error.inside("manifesto"))?,
            founders: Field::from_value(founders).map_err(|error| error.inside("founders"))?,
            seats: Field::from_value(seats).map_err(|error| error.inside("seats"))?,
            panels: Field::from_value(panels).map_err(|error| error.inside("panels"))?,
            claims: claims.unwrap_or_default(),
        })
    }
}

impl Founding {
    /// The founder that has `key` among its granted keys, and the key's roles.
    #[must_use]
    pub fn granted(&self, key: &PublicKey) -> Option<(u16, &Roles)> {
        (0u16..).zip(self.founders.iter()).find_map(|(place, founder)| {
            founder.keys.iter().find(|granted| granted.key == *key).map(|granted| (place, &granted.roles))
        })
    }

    /// The founder whose controller is `key`.
    #[must_use]
    pub fn controlled(&self, key: &PublicKey) -> Option<(u16, &Founder)> {
        (0u16..).zip(self.founders.iter()).find(|(_, founder)| founder.controller == *key)
    }

    /// Whether `key` sits on a panel of the first term.
    #[must_use]
    pub fn is_panelist(&self, key: &PublicKey, panel: Option<&Slug>) -> bool {
        let mut panels = self.panels.iter().filter(|seats| panel.is_none_or(|slug| *slug == seats.panel));
        panels.any(|seats| seats.members.contains(key))
    }
}

impl Founder {
    /// The one key with `role`, if there is exactly one.
    #[must_use]
    pub fn only(&self, role: Role) -> Option<PublicKey> {
        let mut keys = self.keys.iter().filter(|granted| granted.roles.contains(&role));
        match (keys.next(), keys.next()) {
            (Some(granted), None) => Some(granted.key),
            _ => None,
        }
    }
}

impl Profile {
    /// What is wrong with it that the types of its fields do not say.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        if !self.country.as_str().bytes().all(|b| b.is_ascii_uppercase()) || self.country.as_str().len() != 2
        {
            return Some("a country is two capital letters of ISO 3166-1");
        }
        let on_earth =
            (-9_000_000..=9_000_000).contains(&self.lat) && (-18_000_000..=18_000_000).contains(&self.lon);
        (!on_earth).then_some("latitude is within 90 and longitude within 180 degrees, in 1e-5 degree")
    }
}

/// Protocol 4.3: keys of nodes and tellers live on a machine and do nothing else; each role stands once.
pub(crate) fn roles_fault(roles: &[Role]) -> Option<&'static str> {
    if roles.iter().collect::<BTreeSet<_>>().len() != roles.len() {
        return Some("a role stands twice");
    }
    let machine = roles.contains(&Role::Teller) || roles.contains(&Role::Node);
    (machine && roles.len() > 1).then_some("the key of a teller or node has no other role")
}

/// Whether `key` consented to `roles` for `controller`.
pub(crate) fn consented(
    network: Option<&Id>,
    controller: &PublicKey,
    key: &PublicKey,
    roles: &Roles,
    consent: &Signature,
) -> bool {
    key.verify(&consent_message(network, controller, key, &roles.to_value().encode()), consent).is_ok()
}

/// The rules of `founding`.
pub(crate) fn judge(past: &Past<'_>, founding: &Founding, network_is_null: bool) -> Result<(), Void> {
    past.groups(0)?;
    past.require(1, past.entry.seq == 0 && network_is_null, "stands at seq 0 and names no network")?;
    if let Err(faults) = founding.charter.possible() {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        return Err(past.void(2, format!("the charter is impossible: {}", faults.join("; "))));
    }
    past.require(3, !founding.founders.is_empty(), "names no founder")?;
    let slugs: BTreeSet<&Slug> = founding.founders.iter().map(|founder| &founder.profile.slug).collect();
    past.require(3, slugs.len() == founding.founders.len(), "two founders have one slug")?;
    past.require(3, keys_are_distinct(past, founding), "a key stands twice")?;
    for founder in founding.founders.iter() {
        judge_founder(past, founder)?;
    }
    let seats: BTreeSet<&u16> = founding.seats.iter().collect();
    let seated = founding.seats.iter().all(|place| usize::from(*place) < founding.founders.len());
    past.require(
        6,
        !seats.is_empty() && seated && seats.len() == founding.seats.len(),
        "seats are distinct founders, at least one",
    )?;
    past.require(
        6,
        usize::from(founding.charter.signing_seats) <= seats.len(),
        "more seats must sign an admission than there are",
    )?;
    judge_panels(past, founding)?;
    crate::claim::judge(past, founding)
}

fn keys_are_distinct(past: &Past<'_>, founding: &Founding) -> bool {
    let granted = |founder: &Founder| founder.keys.iter().map(|granted| granted.key).collect::<Vec<_>>();
    let keys: Vec<PublicKey> = founding
        .founders
        .iter()
        .flat_map(|founder| [vec![founder.controller], granted(founder)].concat())
        .chain([past.entry.author])
        .collect();
    keys.iter().collect::<BTreeSet<_>>().len() == keys.len()
}

fn judge_founder(past: &Past<'_>, founder: &Founder) -> Result<(), Void> {
    let slug = &founder.profile.slug;
    if let Some(fault) = founder.profile.fault() {
        return Err(past.void(4, format!("{slug}: {fault}")));
    }
    for role in [Role::Representative, Role::Teller] {
        if founder.only(role).is_none() {
            return Err(past.void(4, format!("{slug} has not exactly one {role}")));
        }
    }
    for granted in founder.keys.iter() {
        if let Some(fault) = roles_fault(&granted.roles) {
            return Err(past.void(4, format!("{slug}: {fault}")));
        }
        past.require(4, !granted.roles.is_empty(), "a key without a role")?;
        if !consented(None, &founder.controller, &granted.key, &granted.roles, &granted.consent) {
            return Err(past.void(5, format!("{slug}: a key did not consent to its roles")));
        }
    }
    Ok(())
}

fn judge_panels(past: &Past<'_>, founding: &Founding) -> Result<(), Void> {
    let named: BTreeSet<&Slug> = founding.panels.iter().map(|seats| &seats.panel).collect();
    past.require(7, named.len() == founding.panels.len(), "a panel stands twice")?;
    for seats in founding.panels.iter() {
        let known = founding.charter.panels.iter().any(|panel| panel.slug == seats.panel);
        past.require(7, known, "a panel that the charter does not name")?;
        let panelists =
            |key: &PublicKey| founding.granted(key).is_some_and(|(_, roles)| roles.contains(&Role::Panelist));
        past.require(7, seats.members.iter().all(panelists), "a panel's member is no founder's panelist")?;
        let distinct = seats.members.iter().collect::<BTreeSet<_>>().len() == seats.members.len();
        past.require(7, distinct, "a panel's member stands twice")?;
    }
    Ok(())
}
