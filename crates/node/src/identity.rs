//! The hub of this directory: its keys and its recovery words.

use cohub_record::{Hash, PublicKey, SecretKey};
use cohub_registry::{Profile, Role, recovery_hash};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::home::{read_json, write_json};
use crate::keystore::{Keystore, Passphrase};
use crate::{Home, NodeError};

/// Names of the keys that a hub begins with.
pub mod label {
    /// Speaks for the hub itself.
    pub const CONTROLLER: &str = "controller";
    /// Moves, votes and reviews.
    pub const REPRESENTATIVE: &str = "representative";
    /// Closes and returns motions.
    pub const TELLER: &str = "teller";
    /// Identifies the node.
    pub const NODE: &str = "node";
}

/// Roles of a hub's first person.
pub const PERSON_ROLES: [Role; 2] = [Role::Representative, Role::Panelist];

/// Public facts of the own hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnHub {
    /// What the hub says of itself.
    pub profile: Profile,
    /// Its controller.
    pub controller: PublicKey,
    /// The hash of its recovery key.
    pub recovery: Hash,
}

/// A hub that was just made.
pub struct Initiated {
    /// The hub.
    pub hub: OwnHub,
    /// 24 words, shown once and stored nowhere: they make the next controller.
    pub recovery_words: Zeroizing<String>,
    /// The person's key.
    pub representative: PublicKey,
    /// The teller's key.
    pub teller: PublicKey,
    /// The node's key.
    pub node: PublicKey,
}

/// Makes a hub in a home that has none: four keys, and the recovery words.
///
/// # Errors
/// [`NodeError::HubExists`], or what went wrong with the files.
pub fn init(
    home: &Home,
    profile: Profile,
    passphrase: &Passphrase,
    work_factor: u8,
) -> Result<Initiated, NodeError> {
    if let Some(hub) = read_json::<OwnHub>(&home.hub_file())? {
        return Err(NodeError::HubExists { home: home.dir().to_owned(), slug: hub.profile.slug.to_string() });
    }
    let (words, recovery) = new_recovery()?;
    let secret =
        || SecretKey::generate().map_err(|error| NodeError::Other(format!("no randomness: {error}")));
    let (controller, representative, teller, node) = (secret()?, secret()?, secret()?, secret()?);
    let keystore = Keystore::open(home);
    keystore.keep(label::CONTROLLER, &controller, &[], passphrase, work_factor)?;
    keystore.keep(label::REPRESENTATIVE, &representative, &PERSON_ROLES, passphrase, work_factor)?;
    keystore.keep_machine(label::TELLER, &teller, Role::Teller)?;
    keystore.keep_machine(label::NODE, &node, Role::Node)?;
    let hub = OwnHub { profile, controller: controller.public(), recovery };
    write_json(&home.hub_file(), &hub)?;
    Ok(Initiated {
        hub,
        recovery_words: words,
        representative: representative.public(),
        teller: teller.public(),
        node: node.public(),
    })
}

/// The hub of a home.
///
/// # Errors
/// [`NodeError::NoHub`].
pub fn own_hub(home: &Home) -> Result<OwnHub, NodeError> {
    read_json(&home.hub_file())?.ok_or_else(|| NodeError::NoHub(home.dir().to_owned()))
}

/// New recovery words and the hash to commit to.
///
/// # Errors
/// If the system gives no randomness.
pub fn new_recovery() -> Result<(Zeroizing<String>, Hash), NodeError> {
    let mut entropy = Zeroizing::new([0; 32]);
    getrandom::fill(entropy.as_mut()).map_err(|error| NodeError::Other(format!("no randomness: {error}")))?;
    let mnemonic = bip39::Mnemonic::from_entropy(entropy.as_ref())
        .map_err(|error| NodeError::Other(error.to_string()))?;
    let hash = recovery_hash(&SecretKey::from_seed(&entropy).public());
    Ok((Zeroizing::new(mnemonic.to_string()), hash))
}

/// The key that recovery words make.
///
/// # Errors
/// If they are not 24 words of the list with their checksum.
pub fn recovery_key(words: &str) -> Result<SecretKey, NodeError> {
    let words = Zeroizing::new(words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase());
    let wrong = |why: String| NodeError::Other(format!("these are not the recovery words: {why}"));
    let mnemonic = bip39::Mnemonic::parse_normalized(&words).map_err(|error| wrong(error.to_string()))?;
    let entropy = Zeroizing::new(mnemonic.to_entropy());
    let seed: &[u8; 32] =
        entropy.as_slice().try_into().map_err(|_| wrong("24 words are needed".to_owned()))?;
    Ok(SecretKey::from_seed(seed))
}

/// Hands the hub of a home to the key of its recovery words, once the rotation is signed and stored.
///
/// # Errors
/// If the files cannot be written.
pub fn rotated(
    home: &Home,
    secret: &SecretKey,
    recovery: Hash,
    passphrase: &Passphrase,
    work_factor: u8,
    generation: usize,
) -> Result<(), NodeError> {
    let hub = own_hub(home)?;
    Keystore::open(home).keep(
        &format!("{}-{generation}", label::CONTROLLER),
        secret,
        &[],
        passphrase,
        work_factor,
    )?;
    write_json(&home.hub_file(), &OwnHub { controller: secret.public(), recovery, ..hub })
}

/// The label under which the present controller of a home is kept.
///
/// # Errors
/// [`NodeError::NoHub`] or [`NodeError::NoKey`].
pub fn controller_label(home: &Home) -> Result<String, NodeError> {
    let controller = own_hub(home)?.controller;
    let keys = Keystore::open(home).list()?;
    let info = keys.into_iter().find(|info| info.key == controller);
    info.map(|info| info.label).ok_or_else(|| NodeError::NoKey(label::CONTROLLER.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_words_make_the_key_that_was_committed_to() {
        let (words, hash) = new_recovery().unwrap();
        assert_eq!(words.split(' ').count(), 24);
        assert_eq!(recovery_hash(&recovery_key(&words).unwrap().public()), hash);
        assert!(recovery_key(&words.replacen(' ', " zoo ", 1)).is_err());
    }
}
