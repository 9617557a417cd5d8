//! When copies of people's keys were last made, so that a host can be told which keys have none.

use cohub_record::PublicKey;
use serde::{Deserialize, Serialize};

use crate::keystore::Keystore;
use crate::{Home, NodeError, clock};

const NOTE: &str = "backup";

/// The last backup of keys, as noted in the home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backup {
    /// When it was made, milliseconds since the Unix epoch.
    pub at: u64,
    /// The keys in it.
    pub keys: Vec<PublicKey>,
}

/// Notes that a backup of these keys was just written.
///
/// # Errors
/// If the note cannot be written.
pub fn note(home: &Home, keys: Vec<PublicKey>) -> Result<(), NodeError> {
    home.set_note(NOTE, &Backup { at: clock::now_ms(), keys })
}

/// The last backup; none if none was made here.
///
/// # Errors
/// If the note cannot be read.
pub fn last(home: &Home) -> Result<Option<Backup>, NodeError> {
    home.note(NOTE)
}

/// The labels of people's keys that are in no backup. The machine's own keys belong in none: a second node with them
/// would sign beside the first.
///
/// # Errors
/// If the note or the keys cannot be read.
pub fn missing(home: &Home) -> Result<Vec<String>, NodeError> {
    let kept = last(home)?.map(|backup| backup.keys).unwrap_or_default();
    let keys = Keystore::open(home).list()?.into_iter();
    Ok(keys.filter(|info| info.encrypted && !kept.contains(&info.key)).map(|info| info.label).collect())
}
