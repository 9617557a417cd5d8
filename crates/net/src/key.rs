//! Names a node by the public key that its connections prove.

use std::{fmt, str::FromStr};

use cohub_record::PublicKey;
use libp2p::{PeerId, identity::Keypair, multihash::Multihash};

use crate::error::NetError;

/// Multihash code of "the digest is the value itself", which Ed25519 peer ids use.
const IDENTITY_CODE: u64 = 0;
/// What stands before the 32 key bytes in an Ed25519 peer id: key type 1, then 32 bytes of data.
const ED25519_PREFIX: [u8; 4] = [0x08, 0x01, 0x12, 0x20];

/// A node's Ed25519 public key, canonical and not weak as every key of the protocol. Shown and read as the
/// peer id that libp2p makes of it (`12D3Koo…`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeKey(PublicKey);

impl NodeKey {
    /// The public key that belongs to a node's secret (an Ed25519 seed).
    ///
    /// # Errors
    /// [`NetError::Key`] if the key library refuses the seed.
    pub fn of_secret(secret: &[u8; 32]) -> Result<Self, NetError> {
        Self::from_peer_id(&keypair(secret)?.public().to_peer_id())
    }

    /// The key inside a peer id; a peer id of another key type, or of a weak key, is refused.
    pub(crate) fn from_peer_id(peer: &PeerId) -> Result<Self, NetError> {
        let hash = peer.as_ref();
        let key = hash
            .digest()
            .strip_prefix(&ED25519_PREFIX)
            .filter(|_| hash.code() == IDENTITY_CODE)
            .and_then(|key| key.try_into().ok())
            .and_then(|key| PublicKey::from_bytes(key).ok());
        key.map(Self).ok_or_else(|| NetError::Key { text: peer.to_string() })
    }

    #[expect(clippy::expect_used, reason = "36 bytes always fit an identity multihash")]
    pub(crate) fn peer_id(self) -> PeerId {
        let mut digest = [0; 36];
        digest[..4].copy_from_slice(&ED25519_PREFIX);
        digest[4..].copy_from_slice(self.0.as_bytes());
        let hash = Multihash::wrap(IDENTITY_CODE, &digest).expect("36 bytes are at most 64");
        PeerId::from_multihash(hash).expect("an identity hash of 36 bytes is a peer id")
    }
}

/// The signing key pair of a secret.
pub(crate) fn keypair(secret: &[u8; 32]) -> Result<Keypair, NetError> {
    // The key library wipes the buffer it reads from.
    let mut seed = *secret;
    Keypair::ed25519_from_bytes(&mut seed).map_err(|error| NetError::Key { text: error.to_string() })
}

impl From<PublicKey> for NodeKey {
    fn from(key: PublicKey) -> Self {
        Self(key)
    }
}

impl From<NodeKey> for PublicKey {
    fn from(key: NodeKey) -> Self {
        key.0
    }
}

impl fmt::Display for NodeKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.peer_id().fmt(formatter)
    }
}

impl fmt::Debug for NodeKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "NodeKey({self})")
    }
}

impl FromStr for NodeKey {
    type Err = NetError;

    fn from_str(text: &str) -> Result<Self, NetError> {
        let peer: PeerId = text.parse().map_err(|_| NetError::Key { text: text.to_owned() })?;
        Self::from_peer_id(&peer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bytes_name_the_same_node() {
        let key = NodeKey::of_secret(&[7; 32]).unwrap();
        assert_eq!(key.to_string().parse::<NodeKey>().unwrap(), key);
        assert_eq!(key.peer_id(), keypair(&[7; 32]).unwrap().public().to_peer_id());
        assert!(key.to_string().starts_with("12D3Koo"));
    }

    #[test]
    fn other_key_types_are_refused() {
        // An RSA peer id is a SHA-256 hash; an ECDSA one would carry another key type.
        let hashed = PeerId::from_multihash(Multihash::wrap(0x12, &[9; 32]).unwrap()).unwrap();
        assert!(NodeKey::from_peer_id(&hashed).is_err());
        let mut digest = [0; 36];
        digest[..4].copy_from_slice(&[0x08, 0x03, 0x12, 0x20]);
        let ecdsa = PeerId::from_multihash(Multihash::wrap(0, &digest).unwrap()).unwrap();
        assert!(NodeKey::from_peer_id(&ecdsa).is_err());
        let mut weak = [0; 36];
        weak[..4].copy_from_slice(&ED25519_PREFIX);
        let weak = PeerId::from_multihash(Multihash::wrap(0, &weak).unwrap()).unwrap();
        assert!(NodeKey::from_peer_id(&weak).is_err(), "a point of small order");
        assert!("not a peer".parse::<NodeKey>().is_err());
    }
}
