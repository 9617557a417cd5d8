//! `cohub key restore`: lost keys put back from a copy, or a controller from its words.

use std::path::Path;

use cohub_node::identity::{self, OwnHub};
use cohub_node::keystore::{KeyInfo, Keystore};
use cohub_node::{NodeError, hex};
use cohub_record::PublicKey;
use cohub_registry::{Role, recovery_hash};
use serde::Deserialize;
use serde_json::json;

use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::passphrase;
use crate::prose::harmless;

/// The most bytes of a copy: far more than all keys of a hub.
const COPY_BYTES: u64 = 1 << 20;
const SCHEMA: &str = "cohub.keys.v1";

/// What `key backup` wrote.
#[derive(Deserialize)]
struct KeptKeys {
    schema: String,
    hub: OwnHub,
    keys: Vec<Kept>,
}

#[derive(Deserialize)]
struct Kept {
    label: String,
    key: PublicKey,
    roles: Vec<Role>,
    age: String,
}

/// Puts back what a copy has and this directory has lost.
pub(super) fn copy(context: &Context, file: &Path) -> Result<Answer, Error> {
    let KeptKeys { hub, keys, .. } = read(file)?;
    let own = identity::own_hub(&context.home()?)?;
    let keystore = context.keystore()?;
    if hub.profile != own.profile {
        let (of, here) = (hub.profile.slug, own.profile.slug);
        let why = format!("{} is a copy of the keys of {of}; this directory is of {here}", file.display());
        return Err(Error::new(Exit::Refused, why));
    }
    let passphrase = context.passphrase(&format!("for the keys in {}", file.display()))?;
    let (mut restored, mut here, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for kept in keys {
        match put_back(&keystore, &kept, &passphrase) {
            Ok(true) => restored.push(kept.label),
            Ok(false) => here.push(kept.label),
            Err(error) => failed.push(error),
        }
    }
    if let Some(first) = failed.first() {
        let exit = if matches!(first, NodeError::Passphrase(_)) { Exit::Permission } else { Exit::Failed };
        let why: Vec<String> = failed.iter().map(|error| harmless(&error.to_string())).collect();
        let done = if restored.is_empty() { "no key".to_owned() } else { restored.join(", ") };
        return Err(Error::new(exit, format!("{done} was put back; {}", why.join("; "))));
    }
    let said = match restored.as_slice() {
        [] => "Every key of the copy is here; nothing was touched.".to_owned(),
        labels => format!("Put back: {}.", labels.join(", ")),
    };
    Answer::new("key.restore", &json!({ "restored": restored, "here": here }), said)
}

fn put_back(
    keystore: &Keystore,
    kept: &Kept,
    passphrase: &cohub_node::keystore::Passphrase,
) -> Result<bool, NodeError> {
    // A label is a file's name here.
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if kept.label.is_empty() || kept.label.len() > 64 || !kept.label.chars().all(plain) {
        return Err(NodeError::Other(format!("{:?} is no name of a key", kept.label)));
    }
    let damaged = || NodeError::Other(format!("the copy of {:?} is not hexadecimal", kept.label));
    let sealed = hex::decode(&kept.age).ok_or_else(damaged)?;
    let info = KeyInfo {
        label: kept.label.clone(),
        key: kept.key,
        roles: kept.roles.clone(),
        encrypted: true,
        created_at: 0,
    };
    keystore.restore(&info, &sealed, passphrase)
}

fn read(file: &Path) -> Result<KeptKeys, Error> {
    let unreadable =
        |error: std::io::Error| Error::not_found(format!("{} cannot be read: {error}", file.display()));
    let no_copy = |why: String| {
        Error::failed(format!("{} is no copy that `cohub key backup` made: {why}", file.display()))
    };
    if std::fs::metadata(file).map_err(unreadable)?.len() > COPY_BYTES {
        return Err(no_copy("it has more than 1 MiB".to_owned()));
    }
    let bytes = std::fs::read(file).map_err(unreadable)?;
    let copy: KeptKeys = serde_json::from_slice(&bytes).map_err(|error| no_copy(error.to_string()))?;
    if copy.schema == SCHEMA {
        Ok(copy)
    } else {
        Err(no_copy(format!("it is a {:?}", harmless(&copy.schema))))
    }
}

/// Makes the controller's key anew from the words that it was made of.
pub(super) fn controller(context: &Context, words: &Path) -> Result<Answer, Error> {
    let (home, keystore) = (context.home()?, context.keystore()?);
    let own = identity::own_hub(&home)?;
    let secret = identity::recovery_key(&passphrase::recovery_words(Some(words))?)?;
    if recovery_hash(&secret.public()) == own.recovery {
        let why =
            "these are the words for the next controller: nothing was changed, `cohub key rotate` uses them";
        return Err(Error::new(Exit::Refused, why));
    }
    if secret.public() != own.controller {
        let why = "the controller was not made of these words; a first controller is in a copy only: \
                   `cohub key restore FILE`, or take over with `cohub key rotate`";
        return Err(Error::new(Exit::Refused, why));
    }
    let lost = keystore.lost()?;
    let label = match identity::controller_label(&home) {
        Ok(label) if !lost.contains(&label) => {
            let said = format!("{label} is here; nothing was touched.");
            return Answer::new("key.restore", &json!({ "restored": [], "here": [label] }), said);
        }
        Ok(label) => label,
        Err(_) => format!("{}-restored", identity::label::CONTROLLER),
    };
    let passphrase = context.passphrase("for the controller key")?;
    let work_factor = context.settings()?.keystore_work_factor;
    keystore.keep_again(&label, &secret, &passphrase, work_factor)?;
    Answer::new("key.restore", &json!({ "restored": [label], "here": [] }), format!("Put back: {label}."))
}
