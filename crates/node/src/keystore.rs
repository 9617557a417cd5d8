//! Keys on this machine. A person's keys are age files, opened by a passphrase for one act; the node's
//! and the teller's are plain files, for its owner only, since a daemon signs with them day and night.

use std::path::PathBuf;

use age::scrypt;
use age::secrecy::SecretString;
use cohub_record::{PublicKey, SecretKey};
use cohub_registry::Role;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::home::{erase_file, read_if_there, read_json, write_json, write_whole};
use crate::identity::label;
use crate::{Home, NodeError};

/// The most work that a key file may ask for, so that a file from elsewhere cannot stall the machine.
const MAX_WORK_FACTOR: u8 = 24;

/// A passphrase; wiped from memory when dropped, never printed.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// The passphrase as typed, without the line's end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    fn secret(&self) -> SecretString {
        SecretString::from(self.0.as_str().to_owned())
    }
}

impl<'de> Deserialize<'de> for Passphrase {
    /// As somebody typed it into a form.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let typed = Zeroizing::new(String::deserialize(deserializer)?);
        Ok(Self::new(&typed))
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Passphrase(…)")
    }
}

/// What is known of a key without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyInfo {
    /// Its name here: `controller`, `representative`, `teller`, `node`, or a person's.
    pub label: String,
    /// The public half.
    pub key: PublicKey,
    /// What its hub meant it for when it was made.
    pub roles: Vec<Role>,
    /// Whether a passphrase opens it.
    pub encrypted: bool,
    /// When it was made, milliseconds since the Unix epoch.
    pub created_at: u64,
}

/// The keys of one home.
#[derive(Debug, Clone)]
pub struct Keystore {
    home: Home,
}

impl Keystore {
    /// The keystore of a home.
    #[must_use]
    pub fn open(home: &Home) -> Self {
        Self { home: home.clone() }
    }

    /// The keys that are here.
    ///
    /// # Errors
    /// If their index cannot be read.
    pub fn list(&self) -> Result<Vec<KeyInfo>, NodeError> {
        Ok(read_json(&self.index_file())?.unwrap_or_default())
    }

    /// The key with a label.
    ///
    /// # Errors
    /// [`NodeError::NoKey`].
    pub fn find(&self, label: &str) -> Result<KeyInfo, NodeError> {
        self.list()?
            .into_iter()
            .find(|info| info.label == label)
            .ok_or_else(|| NodeError::NoKey(label.to_owned()))
    }

    /// Keeps a person's key, encrypted. A `work_factor` of 0 lets the machine choose about a second.
    ///
    /// # Errors
    /// If the label is taken or the file cannot be written.
    pub fn keep(
        &self,
        label: &str,
        secret: &SecretKey,
        roles: &[Role],
        passphrase: &Passphrase,
        work_factor: u8,
    ) -> Result<KeyInfo, NodeError> {
        let path = self.key_file(label, true);
        let mut recipient = scrypt::Recipient::new(passphrase.secret());
        if work_factor > 0 {
            recipient.set_work_factor(work_factor);
        }
        let sealed = age::encrypt(&recipient, secret.seed().as_ref())
            .map_err(|error| NodeError::content(&path, &error))?;
        self.enter(label, secret, roles, true, &sealed)
    }

    /// Puts back a person's key from a copy of its file, once the passphrase opens it and it is that key. Answers false,
    /// and touches nothing, where it is here.
    ///
    /// # Errors
    /// [`NodeError::Passphrase`]; [`NodeError::Other`] where another key has its label, or the copy is damaged.
    pub fn restore(&self, copy: &KeyInfo, sealed: &[u8], passphrase: &Passphrase) -> Result<bool, NodeError> {
        let path = self.key_file(&copy.label, true);
        let held = self.list()?.into_iter().find(|info| info.label == copy.label);
        if held.as_ref().is_some_and(|info| info.key != copy.key || !info.encrypted) {
            let why = format!("another key is called {:?} here; neither was touched", copy.label);
            return Err(NodeError::Other(why));
        }
        if held.is_some() && path.exists() {
            return Ok(false);
        }
        let secret = opened(copy, sealed, passphrase, &path)?;
        if held.is_some() {
            write_whole(&path, sealed)?;
        } else {
            self.enter(&copy.label, &secret, &copy.roles, true, sealed)?;
        }
        Ok(true)
    }

    /// Keeps a controller's key that was made anew, under a label whose secret was lost or that is new.
    ///
    /// # Errors
    /// [`NodeError::Other`] where another key has the label or its secret is here.
    pub fn keep_again(
        &self,
        label: &str,
        secret: &SecretKey,
        passphrase: &Passphrase,
        work_factor: u8,
    ) -> Result<(), NodeError> {
        let mut index = self.list()?;
        let same = |info: &KeyInfo| info.label == label && info.key == secret.public() && info.encrypted;
        if let Some(place) = index.iter().position(same).filter(|_| !self.key_file(label, true).exists()) {
            index.remove(place);
            write_json(&self.index_file(), &index)?;
        }
        self.keep(label, secret, &[], passphrase, work_factor).map(|_| ())
    }

    /// The labels of people's keys whose secrets are not here, though they belong here.
    ///
    /// # Errors
    /// If the index cannot be read.
    pub fn lost(&self) -> Result<Vec<String>, NodeError> {
        let keys = self.list()?.into_iter();
        let lost = keys.filter(|info| info.encrypted && !self.key_file(&info.label, true).exists());
        Ok(lost.map(|info| info.label).collect())
    }

    /// Keeps a key of the machine: not encrypted, for its owner only.
    ///
    /// # Errors
    /// If the label is taken or the file cannot be written.
    pub fn keep_machine(&self, label: &str, secret: &SecretKey, role: Role) -> Result<KeyInfo, NodeError> {
        let hex = Zeroizing::new(crate::hex::encode(secret.seed().as_ref()));
        self.enter(label, secret, &[role], false, hex.as_bytes())
    }

    fn enter(
        &self,
        label: &str,
        secret: &SecretKey,
        roles: &[Role],
        encrypted: bool,
        bytes: &[u8],
    ) -> Result<KeyInfo, NodeError> {
        let mut index = self.list()?;
        if index.iter().any(|info| info.label == label) {
            return Err(NodeError::Other(format!("there is a key {label:?} already; it was not touched")));
        }
        write_whole(&self.key_file(label, encrypted), bytes)?;
        let info = KeyInfo {
            label: label.to_owned(),
            key: secret.public(),
            roles: roles.to_vec(),
            encrypted,
            created_at: crate::clock::now_ms(),
        };
        index.push(info.clone());
        write_json(&self.index_file(), &index)?;
        Ok(info)
    }

    /// Opens a person's key for one act.
    ///
    /// # Errors
    /// [`NodeError::NoKey`], [`NodeError::Passphrase`], or a damaged file.
    pub fn unlock(&self, label: &str, passphrase: &Passphrase) -> Result<SecretKey, NodeError> {
        let info = self.find(label)?;
        if !info.encrypted {
            return self.machine(label);
        }
        let path = self.key_file(label, true);
        let sealed = read_if_there(&path)?.ok_or_else(|| NodeError::NoKey(label.to_owned()))?;
        opened(&info, &sealed, passphrase, &path)
    }

    /// Reads a key of the machine.
    ///
    /// # Errors
    /// [`NodeError::NoKey`], or a damaged file.
    pub fn machine(&self, label: &str) -> Result<SecretKey, NodeError> {
        let info = self.find(label)?;
        let path = self.key_file(label, false);
        let text =
            read_if_there(&path)?.map(Zeroizing::new).ok_or_else(|| NodeError::NoKey(label.to_owned()))?;
        let text = std::str::from_utf8(&text).map_err(|error| NodeError::content(&path, &error))?;
        let seed = crate::hex::decode(text.trim())
            .map(Zeroizing::new)
            .ok_or_else(|| NodeError::content(&path, "no key"))?;
        secret_of(&seed, &info, &path)
    }

    /// The keys with which this machine counts, where its hub is a teller: one a term, and fresh ones.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn tellers(&self) -> Result<Vec<SecretKey>, NodeError> {
        let tellers = self.list()?.into_iter().filter(is_teller);
        let secrets = tellers.filter_map(|info| match self.machine(&info.label) {
            // An erasure that was broken off, or a file that was lost: it counts no more either way.
            Err(NodeError::NoKey(label)) => {
                tracing::warn!("the secret of the teller's key {label:?} is not here: it signs nothing");
                None
            }
            read => Some(read),
        });
        secrets.collect()
    }

    /// Makes another teller's key and keeps it here.
    ///
    /// # Errors
    /// If the system gives no randomness or the file cannot be written.
    pub fn make_teller(&self) -> Result<(KeyInfo, SecretKey), NodeError> {
        let secret =
            SecretKey::generate().map_err(|error| NodeError::Other(format!("no randomness: {error}")))?;
        let number = |info: &KeyInfo| info.label.strip_prefix("teller-")?.parse::<u64>().ok();
        let last = self.list()?.iter().filter_map(number).max().unwrap_or(1);
        let label = format!("{}-{}", label::TELLER, last.saturating_add(1));
        Ok((self.keep_machine(&label, &secret, Role::Teller)?, secret))
    }

    /// Erases the secret of a teller's key, as far as the file system lets: it is written over, then removed.
    /// Nothing happens where it is not here.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub fn erase_teller(&self, key: &PublicKey) -> Result<(), NodeError> {
        let mut index = self.list()?;
        let Some(place) = index.iter().position(|info| info.key == *key && is_teller(info)) else {
            return Ok(());
        };
        let info = index.remove(place);
        // First the file: an entry without a secret can be erased again, a secret without an entry not.
        erase_file(&self.key_file(&info.label, false))?;
        write_json(&self.index_file(), &index)
    }

    fn index_file(&self) -> PathBuf {
        self.home.keys().join("index.json")
    }

    fn key_file(&self, label: &str, encrypted: bool) -> PathBuf {
        self.home.keys().join(format!("{label}.{}", if encrypted { "age" } else { "key" }))
    }
}

/// Opens the file of a person's key, and checks that it is that key.
fn opened(
    info: &KeyInfo,
    sealed: &[u8],
    passphrase: &Passphrase,
    path: &std::path::Path,
) -> Result<SecretKey, NodeError> {
    let mut identity = scrypt::Identity::new(passphrase.secret());
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    let opened = age::decrypt(&identity, sealed).map(Zeroizing::new);
    let seed = opened.map_err(|error| match error {
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => NodeError::Passphrase(info.label.clone()),
        other => NodeError::content(path, &other),
    })?;
    secret_of(&seed, info, path)
}

fn is_teller(info: &KeyInfo) -> bool {
    !info.encrypted && info.roles.contains(&Role::Teller)
}

fn secret_of(seed: &[u8], info: &KeyInfo, path: &std::path::Path) -> Result<SecretKey, NodeError> {
    let seed: &[u8; 32] = seed.try_into().map_err(|_| NodeError::content(path, "a key has 32 bytes"))?;
    let secret = SecretKey::from_seed(seed);
    if secret.public() == info.key {
        Ok(secret)
    } else {
        Err(NodeError::content(path, "it holds another key than the index says"))
    }
}

#[cfg(test)]
mod tests;
