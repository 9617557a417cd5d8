//! Puts the library's nested errors into the few words that help a person.

use std::error::Error;

use libp2p::{TransportError, swarm::DialError};

use crate::{address::Address, key::NodeKey};

/// The innermost cause, which is the one that says something.
pub(crate) fn deepest(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Why a dial failed: one entry for each address that was tried, or one without an address.
pub(crate) fn of_dial(error: &DialError) -> Vec<(Option<Address>, String)> {
    match error {
        DialError::Transport(errors) => errors
            .iter()
            .map(|(address, error)| (Some(address.clone().into()), of_transport(error)))
            .collect(),
        DialError::WrongPeerId { obtained, address } => {
            let other =
                NodeKey::from_peer_id(obtained).map_or_else(|_| obtained.to_string(), |key| key.to_string());
            vec![(Some(address.clone().into()), format!("another node answers there: {other}"))]
        }
        DialError::LocalPeerId { address } => {
            vec![(Some(address.clone().into()), "this node itself answers there".to_owned())]
        }
        DialError::NoAddresses => vec![(None, "no address is known".to_owned())],
        DialError::DialPeerConditionFalse(_) => {
            vec![(None, "already connected, or being connected".to_owned())]
        }
        DialError::Aborted => vec![(None, "the attempt was given up".to_owned())],
        DialError::Denied { cause } => vec![(None, deepest(cause))],
    }
}

/// Why one address could not be dialled.
pub(crate) fn of_transport(error: &TransportError<std::io::Error>) -> String {
    match error {
        TransportError::MultiaddrNotSupported(_) => {
            "this node may not, or cannot, dial such an address".to_owned()
        }
        TransportError::Other(error) => deepest(error),
    }
}
