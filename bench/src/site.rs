//! Homes of nodes: a directory, keys, and the file that says which network they are in and where the others
//! are.

use std::net::TcpListener;
use std::path::Path;

use cohub_node::identity::{OwnHub, init, label};
use cohub_node::keystore::{Keystore, Passphrase};
use cohub_node::network::{Membership, NetworkFile, NodeAddress};
use cohub_node::{Home, hex};
use cohub_record::{Record, SecretKey};
use cohub_registry::{Profile, Role};

use crate::Failed;

/// The least work that opens a key.
const WORK_FACTOR: u8 = 2;

/// A home and where its node listens.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) home: Home,
    pub(crate) node: SecretKey,
    pub(crate) listen: String,
}

pub(crate) fn passphrase() -> Passphrase {
    Passphrase::new("a benchmark's passphrase")
}

/// How a node is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// TCP with Noise and yamux.
    Tcp,
    /// QUIC.
    Quic,
}

impl Way {
    pub(crate) fn address(self, port: u16) -> String {
        match self {
            Self::Tcp => format!("/ip4/127.0.0.1/tcp/{port}"),
            Self::Quic => format!("/ip4/127.0.0.1/udp/{port}/quic-v1"),
        }
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> Result<u16, Failed> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The public facts of a hub.
pub(crate) fn profile(slug: &str) -> Result<Profile, Failed> {
    Ok(Profile {
        name: slug.parse()?,
        slug: slug.parse()?,
        city: slug.parse()?,
        country: "AT".parse()?,
        lat: 4_820_000,
        lon: 1_630_000,
    })
}

impl Site {
    /// A home with new keys and a hub that is in no network.
    pub(crate) fn fresh(directory: &Path, slug: &str, way: Way) -> Result<Self, Failed> {
        let home = Home::at(directory)?;
        init(&home, profile(slug)?, &passphrase(), WORK_FACTOR)?;
        let node = Keystore::open(&home).machine(label::NODE)?;
        Ok(Self { home, node, listen: way.address(free_port()?) })
    }

    /// A home whose node has this key and whose other keys are of no consequence.
    pub(crate) fn of(directory: &Path, node: &SecretKey, way: Way) -> Result<Self, Failed> {
        let home = Home::at(directory)?;
        let keystore = Keystore::open(&home);
        let controller = SecretKey::generate()?;
        keystore.keep(label::CONTROLLER, &controller, &[], &passphrase(), WORK_FACTOR)?;
        keystore.keep_machine(label::TELLER, &SecretKey::generate()?, Role::Teller)?;
        keystore.keep_machine(label::NODE, node, Role::Node)?;
        let recovery = cohub_registry::recovery_hash(&SecretKey::generate()?.public());
        let hub = OwnHub { profile: profile("bench")?, controller: controller.public(), recovery };
        std::fs::write(home.hub_file(), serde_json::to_vec(&hub)?)?;
        Ok(Self { home, node: node.clone(), listen: way.address(free_port()?) })
    }

    /// Puts it into the network of a founding record, where it knows the addresses of others.
    pub(crate) fn join(&self, founding: &Record, others: &[(&SecretKey, &str)]) -> Result<(), Failed> {
        let nodes = others.iter().map(|(node, address)| NodeAddress {
            node: node.public(),
            hub: "bench".to_owned(),
            addresses: vec![(*address).to_owned()],
        });
        let file = NetworkFile {
            network: founding.id().to_network_text(),
            name: "bench".to_owned(),
            founding: hex::encode(founding.bytes()),
            nodes: nodes.collect(),
        };
        let membership = serde_json::to_vec(&Membership::Founding(file))?;
        Ok(std::fs::write(self.home.network_file(), membership)?)
    }
}
