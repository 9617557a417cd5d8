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
