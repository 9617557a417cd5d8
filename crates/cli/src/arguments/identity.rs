//! Words for people and keys.

use std::path::PathBuf;

use clap::Subcommand;
use cohub_registry::Role;

use super::{Signing, parsed};

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Person {
    /// The keys of your hub and what each may do
    List,
    /// One key: its roles, its grant, whether it is in this directory
    Show {
        /// Its label here, or the key (did:key:…, or a short prefix of it)
        person: String,
    },
    /// Make a key for somebody and grant it roles
    Add {
        /// A label for the key in this directory
        label: String,
        /// A role: representative, panelist or officer; once for each
        #[arg(long = "role", required = true, value_parser = personal_role)]
        roles: Vec<Role>,
        #[command(flatten)]
        signing: Signing,
    },
    /// Take all roles from a key
    Revoke {
        /// Its label here, or the key
        person: String,
        #[command(flatten)]
        signing: Signing,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Key {
    /// The keys in this directory
    List,
    /// Copy the encrypted keys into one file
    ///
    /// The file holds people's keys as they lie here, each still encrypted with your passphrase. Keys of the
    /// machine are left out: a restored machine gets new ones.
    Backup {
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Put back lost keys from a copy that `key backup` made, or a controller from the words that it was made of
    ///
    /// Nothing that is here is touched. A key signs on only where its log went on: on another machine rotate the
    /// controller with the recovery words, and give people new keys.
    Restore {
        /// The file that `key backup` wrote
        #[arg(value_name = "FILE", required_unless_present = "words_file", conflicts_with = "words_file")]
        copy: Option<PathBuf>,
        /// Make the controller anew from 24 words, the first line of a file: those that the last rotation used up
        #[arg(long, value_name = "FILE")]
        words_file: Option<PathBuf>,
    },
    /// Replace your hub's controller key by the one of the recovery words
    Rotate {
        /// Read the 24 recovery words from the first line of a file
        #[arg(long, value_name = "FILE")]
        words_file: Option<PathBuf>,
        /// After a theft: the first record of the old key that you did not sign; it and all behind it count no more
        #[arg(long, value_name = "RECORD")]
        before: Option<String>,
        #[command(flatten)]
        signing: Signing,
    },
}

fn personal_role(text: &str) -> Result<Role, String> {
    match parsed(text)? {
        Role::Teller | Role::Node => Err("the keys of a teller and a node belong to a machine".to_owned()),
        role => Ok(role),
    }
}
