//! Founding a network and joining one: cards, the founding record, and the first records of a hub.

use cohub_record::{
    Field as _, Header, Id, Invite, List, PublicKey, Record, SecretKey, Signature, Slug, Text, Value,
    consent_message,
};
use cohub_registry::{Charter, Founder, Founding, Granted, Kind, PanelSeats, Profile, Registry, Role, Roles};
use serde::{Deserialize, Serialize};

use crate::api::SignedRecord;
use crate::home::{read_json, write_json};
use crate::identity::{PERSON_ROLES, label, own_hub};
use crate::keystore::{Keystore, Passphrase};
use crate::outbox::Outbox;
use crate::{Home, NodeError, Settings, clock, hex};

/// Sizes of a committee that tolerate as many faults as a smaller one cannot.
const SENSIBLE_SIZES: [usize; 4] = [13, 10, 7, 4];

/// What a founding hub hands to whoever writes the founding record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Public facts.
    pub profile: Profile,
    /// The controller key.
    pub controller: PublicKey,
    /// The hash of the recovery key.
    pub recovery: cohub_record::Hash,
    /// Keys with their roles and consents.
    pub keys: Vec<Granted>,
    /// Where its node can be reached, as multiaddresses without a peer id.
    pub addresses: Vec<String>,
}

/// What founders need to join: the founding record and where the nodes are. Nothing in it is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkFile {
    /// `net1…`.
    pub network: String,
    /// Its name.
    pub name: String,
    /// The founding record's bytes, in hexadecimal.
    pub founding: String,
    /// The founders' nodes.
    pub nodes: Vec<NodeAddress>,
}

/// Where one node is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeAddress {
    /// Its key.
    pub node: PublicKey,
    /// The slug of its hub.
    pub hub: String,
    /// Its addresses.
    pub addresses: Vec<String>,
}

/// How a home belongs to a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "joined", rename_all = "kebab-case")]
pub enum Membership {
    /// By its founding record.
    Founding(NetworkFile),
    /// By an invite: it knocks until it is let in.
    Invite {
        /// The invite.
        invite: String,
        /// The first records: inception and the grant of the node key.
        records: Vec<SignedRecord>,
    },
}

/// The membership of a home.
///
/// # Errors
/// If the file cannot be read.
pub fn membership(home: &Home) -> Result<Option<Membership>, NodeError> {
    read_json(&home.network_file())
}

/// The card of the hub of a home; its person and its machine keys consent to their roles here.
///
/// # Errors
/// A wrong passphrase, or no hub.
pub fn card(home: &Home, passphrase: &Passphrase) -> Result<Card, NodeError> {
    let hub = own_hub(home)?;
    let keystore = Keystore::open(home);
    let person = keystore.unlock(label::REPRESENTATIVE, passphrase)?;
    let (teller, node) = (keystore.machine(label::TELLER)?, keystore.machine(label::NODE)?);
    let keys = [(&person, &PERSON_ROLES[..]), (&teller, &[Role::Teller]), (&node, &[Role::Node])];
    let keys = keys
        .into_iter()
        .map(|(key, roles)| consent(None, &hub.controller, key, roles))
        .collect::<Result<_, _>>()?;
    let addresses = Settings::load(home, &toml::Table::new())?.listen;
    Ok(Card { profile: hub.profile, controller: hub.controller, recovery: hub.recovery, keys, addresses })
}

/// A key's consent to its roles.
///
/// # Errors
/// If there are more roles than there can be.
pub fn consent(
    network: Option<&Id>,
    controller: &PublicKey,
    key: &SecretKey,
    roles: &[Role],
) -> Result<Granted, NodeError> {
    let roles = Roles::new(roles.to_vec()).map_err(|error| NodeError::Other(error.to_string()))?;
    let consent: Signature =
        key.sign(&consent_message(network, controller, &key.public(), &roles.to_value().encode()));
    Ok(Granted { key: key.public(), roles, consent })
}

/// Writes the founding record with a one-use key. Every founder's person sits on every panel; seats are
/// the first founders, as many as is sensible unless `seats` says how many. `claims` are hubs without a card.
///
/// # Errors
/// [`NodeError::Founding`] with the rule that the record would break.
pub fn found(
    name: &str,
    charter: Charter,
    manifesto: &str,
    cards: &[Card],
    seats: Option<usize>,
    claims: Vec<Profile>,
) -> Result<NetworkFile, NodeError> {
    let refused = |why: String| NodeError::Founding(why);
    let panels =
        charter.panels.iter().map(|panel| panel_seats(&panel.slug, cards)).collect::<Result<Vec<_>, _>>()?;
    let count = seats.unwrap_or_else(|| committee_size(cards.len()));
    let places = (0..count).map(|place| u16::try_from(place).map_err(|error| refused(error.to_string())));
    let founding = Founding {
        name: name.parse::<Text<120>>().map_err(|error| refused(format!("name: {error}")))?,
        charter,
        manifesto: manifesto.parse().map_err(|error| refused(format!("manifesto: {error}")))?,
        founders: list("founders", cards.iter().map(founder).collect::<Result<Vec<_>, _>>()?)?,
        seats: list("seats", places.collect::<Result<Vec<_>, _>>()?)?,
        panels: list("panels", panels)?,
        claims: list("claims", claims)?,
    };
    let one_use = SecretKey::generate().map_err(|error| refused(format!("no randomness: {error}")))?;
    let record = header(None, 0, None, Kind::Founding, Vec::new(), founding.to_value()).sign(&one_use);
    let record = record.map_err(|error| refused(error.to_string()))?;
    Registry::found(&record).map_err(|error| refused(error.to_string()))?;
    let node = |card: &Card| {
        let key = card.keys.iter().find(|granted| granted.roles.contains(&Role::Node));
        let key = key.ok_or_else(|| refused(format!("the card of {} has no node", card.profile.slug)))?.key;
        Ok(NodeAddress { node: key, hub: card.profile.slug.to_string(), addresses: card.addresses.clone() })
    };
    Ok(NetworkFile {
        network: record.id().to_network_text(),
        name: name.to_owned(),
        founding: hex::encode(record.bytes()),
        nodes: cards.iter().map(node).collect::<Result<_, NodeError>>()?,
    })
}

fn founder(card: &Card) -> Result<Founder, NodeError> {
    Ok(Founder {
        profile: card.profile.clone(),
        controller: card.controller,
        recovery: card.recovery,
        keys: list("keys of a founder", card.keys.clone())?,
    })
}

fn panel_seats(panel: &Slug, cards: &[Card]) -> Result<PanelSeats, NodeError> {
    let panelists =
        cards.iter().flat_map(|card| &card.keys).filter(|granted| granted.roles.contains(&Role::Panelist));
    Ok(PanelSeats {
        panel: panel.clone(),
        members: list("members of a panel", panelists.map(|granted| granted.key).collect())?,
    })
}

fn list<T, const MAX: usize>(what: &str, items: Vec<T>) -> Result<List<T, MAX>, NodeError> {
    List::new(items).map_err(|error| NodeError::Founding(format!("{what}: {error}")))
}

/// The largest sensible committee of so many founders: 4, 7, 10 or 13; all of them where they are fewer.
#[must_use]
pub fn committee_size(founders: usize) -> usize {
    SENSIBLE_SIZES.into_iter().find(|size| *size <= founders).unwrap_or(founders)
}

/// A network that a home belongs to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// The network.
    pub network: Id,
    /// Whether first records were signed for it; not so where the home belonged to it already.
    pub signed: bool,
}

/// Joins the network that this hub is a founder of: signs its inception, which the daemon hands in. Where
/// it joined before, only the addresses of the others are taken over: a second inception would be a fork.
///
/// # Errors
/// If the file holds no founding record, the hub is no founder, the home belongs to a network already, or
/// the passphrase is wrong.
pub fn join(home: &Home, file: &NetworkFile, passphrase: &Passphrase) -> Result<Joined, NodeError> {
    let hub = own_hub(home)?;
    let record = founding_record(file)?;
    let registry = Registry::found(&record).map_err(|error| NodeError::Founding(error.to_string()))?;
    let network = registry.network();
    refuse_second(home, &network)?;
    match membership(home)? {
        Some(Membership::Founding(_)) => {
            write_json(&home.network_file(), &Membership::Founding(file.clone()))?;
            return Ok(Joined { network, signed: false });
        }
        // Its inception was signed when the invite was taken up.
        Some(Membership::Invite { .. }) => return Ok(Joined { network, signed: false }),
        None => {}
    }
    if registry.founding().controlled(&hub.controller).is_none() {
        let why = format!("{} is no founder of {}; ask a member for an invite", hub.profile.slug, file.name);
        return Err(NodeError::Founding(why));
    }
    let controller = Keystore::open(home).unlock(label::CONTROLLER, passphrase)?;
    let inception = inception(&hub, &network, &controller)?;
    let outbox = Outbox::open(home)?;
    outbox.put(&bare(&inception))?;
    write_json(&home.network_file(), &Membership::Founding(file.clone()))?;
    Ok(Joined { network, signed: true })
}

/// Prepares to join by an invite: signs the hub's inception and the grants of its node and its person.
/// The first two are shown at the inviting hub's door; the third waits in the outbox until it is let in.
///
/// # Errors
/// If the invite is damaged or over, the home belongs to another network, or the passphrase is wrong.
pub fn join_by_invite(home: &Home, text: &str, passphrase: &Passphrase) -> Result<Joined, NodeError> {
    let hub = own_hub(home)?;
    let invite: Invite =
        text.parse().map_err(|error: cohub_record::BodyError| NodeError::Other(error.to_string()))?;
    if invite.expires_at < clock::now_ms() {
        return Err(NodeError::Other("the invite is over; ask for another".to_owned()));
    }
    let network = invite.network;
    refuse_second(home, &network)?;
    let (records, signed) = match membership(home)? {
        Some(Membership::Invite { records, .. }) => (records, false),
        Some(Membership::Founding(_)) => return Ok(Joined { network, signed: false }),
        None => (first_records(home, &hub, &network, passphrase)?, true),
    };
    write_json(&home.network_file(), &Membership::Invite { invite: text.trim().to_owned(), records })?;
    Ok(Joined { network, signed })
}

fn first_records(
    home: &Home,
    hub: &crate::identity::OwnHub,
    network: &Id,
    passphrase: &Passphrase,
) -> Result<Vec<SignedRecord>, NodeError> {
    let keystore = Keystore::open(home);
    let controller = keystore.unlock(label::CONTROLLER, passphrase)?;
    let person = keystore.unlock(label::REPRESENTATIVE, passphrase)?;
    let node = keystore.machine(label::NODE)?;
    let inception = inception(hub, network, &controller)?;
    let node_grant = grant(network, &controller, &node, &[Role::Node], &inception, &inception)?;
    let person_grant = grant(network, &controller, &person, &PERSON_ROLES, &inception, &node_grant)?;
    Outbox::open(home)?.put(&bare(&person_grant))?;
    Ok(vec![bare(&inception), bare(&node_grant)])
}

fn refuse_second(home: &Home, network: &Id) -> Result<(), NodeError> {
    let joined = match membership(home)? {
        None => return Ok(()),
        Some(Membership::Founding(file)) => file.network,
        Some(Membership::Invite { invite, .. }) => {
            let invite: Result<Invite, _> = invite.parse();
            invite.map(|invite| invite.network.to_network_text()).unwrap_or_default()
        }
    };
    if joined == network.to_network_text() {
        return Ok(());
    }
    Err(NodeError::Founding(format!("this node belongs to {joined} already; a node serves one network")))
}

/// The founding record of a network file, verified.
///
/// # Errors
/// If it is no authentic record, or not that of the network that the file names.
pub fn founding_record(file: &NetworkFile) -> Result<Record, NodeError> {
    let refused = |why: String| NodeError::Founding(format!("the file holds no founding record: {why}"));
    let bytes = hex::decode(&file.founding).ok_or_else(|| refused("it is not hexadecimal".to_owned()))?;
    let record = Record::verify(&bytes).map_err(|error| refused(error.to_string()))?;
    if record.id().to_network_text() != file.network {
        return Err(refused("it is another network's".to_owned()));
    }
    Ok(record)
}

fn inception(
    hub: &crate::identity::OwnHub,
    network: &Id,
    controller: &SecretKey,
) -> Result<Record, NodeError> {
    let body = cohub_registry::Inception { profile: hub.profile.clone(), recovery: hub.recovery }.to_value();
    sign(header(Some(*network), 0, None, Kind::Inception, vec![vec![*network]], body), controller)
}

fn grant(
    network: &Id,
    controller: &SecretKey,
    key: &SecretKey,
    roles: &[Role],
    inception: &Record,
    prev: &Record,
) -> Result<Record, NodeError> {
    let granted = consent(Some(network), &controller.public(), key, roles)?;
    let grant = cohub_registry::Grant {
        key: granted.key,
        roles: granted.roles,
        consent: Some(granted.consent),
        encryption: None,
    };
    let cites = vec![vec![inception.id()], Vec::new()];
    let seq = prev.header().seq + 1;
    sign(header(Some(*network), seq, Some(prev.id()), Kind::Grant, cites, grant.to_value()), controller)
}

fn sign(header: Header, secret: &SecretKey) -> Result<Record, NodeError> {
    header.sign(secret).map_err(|error| NodeError::Other(error.to_string()))
}

fn header(
    network: Option<Id>,
    seq: u64,
    prev: Option<Id>,
    kind: Kind,
    cites: Vec<Vec<Id>>,
    body: Value,
) -> Header {
    Header {
        network,
        seq,
        prev,
        at: clock::now_ms(),
        kind: kind.to_string(),
        cites,
        body,
        attachments: Vec::new(),
    }
}

fn bare(record: &Record) -> SignedRecord {
    SignedRecord { record: hex::encode(record.bytes()), attachments: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity;

    /// A founder's home, and the file of its network of one.
    fn founded(dir: &std::path::Path) -> (Home, NetworkFile, Passphrase) {
        let (home, passphrase) = (Home::at(dir).unwrap(), Passphrase::new("a passphrase"));
        let profile = Profile {
            slug: "vienna".parse().unwrap(),
            name: "Vienna Hub".parse().unwrap(),
            city: "Vienna".parse().unwrap(),
            country: "AT".parse().unwrap(),
            lat: 0,
            lon: 0,
        };
        identity::init(&home, profile, &passphrase, 1).unwrap();
        let template = include_str!("../../../config/charter.toml");
        let charter = template.replace("signing_seats = 2", "signing_seats = 1");
        let charter = Charter::from_toml(&charter).unwrap();
        let card = card(&home, &passphrase).unwrap();
        (home, found("One", charter, "We own this.", &[card], None, Vec::new()).unwrap(), passphrase)
    }

    #[test]
    fn joining_again_signs_no_second_inception() {
        let temp = tempfile::tempdir().unwrap();
        let (home, file, passphrase) = founded(temp.path());
        assert!(join(&home, &file, &passphrase).unwrap().signed);
        let waiting = Outbox::open(&home).unwrap().waiting().unwrap();
        let moved = NetworkFile { nodes: Vec::new(), ..file.clone() };
        assert!(!join(&home, &moved, &passphrase).unwrap().signed);
        let after = Outbox::open(&home).unwrap().waiting().unwrap();
        assert_eq!(after.len(), 1);
        assert_eq!(after[0].signed, waiting[0].signed);
        assert_eq!(membership(&home).unwrap(), Some(Membership::Founding(moved)));
    }

    #[test]
    fn committees_have_sensible_sizes() {
        for (founders, size) in [(1, 1), (3, 3), (4, 4), (6, 4), (7, 7), (11, 10), (12, 10), (106, 13)] {
            assert_eq!(committee_size(founders), size, "{founders} founders");
        }
    }
}
