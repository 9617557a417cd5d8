//! Where a node can be reached, and which of the addresses that peers tell may be believed.

use std::{fmt, net::IpAddr, str::FromStr};

use libp2p::{Multiaddr, multiaddr::Protocol};

use crate::{error::NetError, key::NodeKey};

/// A network address as people write it: `/ip4/192.0.2.7/tcp/4001`, `/dns4/hub.example/udp/4001/quic-v1`,
/// with `/p2p/12D3Koo…` behind it where it says whom to expect there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Multiaddr);

impl Address {
    /// The node that is to be expected there, if the address says so.
    #[must_use]
    pub fn peer(&self) -> Option<NodeKey> {
        match self.0.iter().last() {
            Some(Protocol::P2p(peer)) => NodeKey::from_peer_id(&peer).ok(),
            _ => None,
        }
    }

    /// The address with the node to expect there.
    #[must_use]
    pub fn with_peer(&self, peer: NodeKey) -> Self {
        Self(self.without_peer().0.with(Protocol::P2p(peer.peer_id())))
    }

    /// The address alone.
    #[must_use]
    pub fn without_peer(&self) -> Self {
        let mut address = self.0.clone();
        if let Some(Protocol::P2p(_)) = address.iter().last() {
            address.pop();
        }
        Self(address)
    }

    /// Whether the address is on this very machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.ip().is_some_and(|ip| ip.is_loopback())
    }

    /// TCP or UDP port.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.0.iter().find_map(|part| match part {
            Protocol::Tcp(port) | Protocol::Udp(port) => Some(port),
            _ => None,
        })
    }

    /// The number it starts with, where it does not start with a name.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        match self.0.iter().next()? {
            Protocol::Ip4(ip) => Some(ip.into()),
            Protocol::Ip6(ip) => Some(ip.into()),
            _ => None,
        }
    }

    /// Whether it is one of UDP, and so of QUIC.
    pub(crate) fn is_udp(&self) -> bool {
        self.0.iter().any(|part| matches!(part, Protocol::Udp(_)))
    }

    /// Whether an address that some peer told may be remembered and dialled: never one that leads nowhere,
    /// and one on this machine only from a peer that is on this machine too.
    pub(crate) fn is_dialable(&self, told_over_loopback: bool, loopback_only: bool) -> bool {
        match self.ip() {
            Some(ip) if ip.is_loopback() => told_over_loopback,
            Some(ip) => !loopback_only && !ip.is_unspecified() && !ip.is_multicast(),
            None => !loopback_only && self.is_named(),
        }
    }

    fn is_named(&self) -> bool {
        matches!(
            self.0.iter().next(),
            Some(Protocol::Dns(_) | Protocol::Dns4(_) | Protocol::Dns6(_) | Protocol::Dnsaddr(_))
        )
    }

    pub(crate) fn as_multiaddr(&self) -> &Multiaddr {
        &self.0
    }
}

impl From<Multiaddr> for Address {
    fn from(address: Multiaddr) -> Self {
        Self(address)
    }
}

impl From<Address> for Multiaddr {
    fn from(address: Address) -> Self {
        address.0
    }
}

impl FromStr for Address {
    type Err = NetError;

    fn from_str(text: &str) -> Result<Self, NetError> {
        let refused = |why: String| NetError::Address { text: text.to_owned(), why };
        let address: Multiaddr = text.parse().map_err(|error| refused(format!("{error}")))?;
        if address.is_empty() {
            return Err(refused("it is empty".to_owned()));
        }
        Ok(Self(address))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn told_addresses_are_sifted() {
        //            address, over loopback, loopback only, dialable
        let table = [
            ("/ip4/127.0.0.1/tcp/4001", true, true, true),
            ("/ip4/127.0.0.1/tcp/4001", true, false, true),
            ("/ip4/127.0.0.1/tcp/22", false, false, false),
            ("/ip6/::1/udp/4001/quic-v1", true, true, true),
            ("/ip4/10.0.0.7/tcp/4001", true, true, false),
            ("/ip4/10.0.0.7/tcp/4001", false, false, true),
            ("/ip4/0.0.0.0/tcp/4001", false, false, false),
            ("/ip4/224.0.0.1/udp/4001/quic-v1", false, false, false),
            ("/dns4/hub.example/tcp/4001", false, false, true),
            ("/dns4/localhost/tcp/4001", true, true, false),
            ("/memory/7", true, false, false),
        ];
        for (text, over_loopback, loopback_only, expected) in table {
            let found = address(text).is_dialable(over_loopback, loopback_only);
            assert_eq!(found, expected, "{text} {over_loopback} {loopback_only}");
        }
    }

    #[test]
    fn the_node_to_expect_can_be_put_on_and_taken_off() {
        let key = NodeKey::of_secret(&[1; 32]).unwrap();
        let bare = address("/ip4/127.0.0.1/tcp/1");
        let full = bare.with_peer(key);
        assert_eq!(full.to_string(), format!("/ip4/127.0.0.1/tcp/1/p2p/{key}"));
        assert_eq!((full.peer(), bare.peer()), (Some(key), None));
        assert_eq!(full.without_peer(), bare);
        assert_eq!(full.with_peer(key), full);
        assert_eq!(full.port(), Some(1));
    }

    #[test]
    fn what_is_no_address_is_refused_in_words() {
        for text in ["", "127.0.0.1:4001", "/ip4/300.0.0.1/tcp/1", "/tcp"] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains("is no address"), "{error}");
        }
    }
}
