//! Settings: flag, then `COHUB_*`, then the home's `config.toml`, then `/etc/cohub/config.toml`, then defaults.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use figment::providers::{Env, Serialized};
use figment::value::{Dict, Map};
use figment::{Figment, Metadata, Profile, Provider};
use serde::{Deserialize, Serialize};

use crate::home::{read_if_there, write_whole};
use crate::{Home, NodeError};

const SYSTEM_FILE: &str = "/etc/cohub/config.toml";
const PREFIX: &str = "COHUB_";

/// Every setting of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Addresses to listen on, as multiaddresses.
    pub listen: Vec<String>,
    /// Addresses of peers to keep connected, each ending in `/p2p/…`.
    pub peers: Vec<String>,
    /// Whether to have nothing to do with addresses off this machine.
    pub loopback_only: bool,
    /// Milliseconds between two comparisons with a peer.
    pub sync_interval_ms: u64,
    /// Milliseconds until an unanswered request counts as failed.
    pub request_timeout_ms: u64,
    /// Milliseconds between two knocks at the door of an inviting hub.
    pub knock_interval_ms: u64,
    /// Milliseconds before a lost peer is dialled again, at first.
    pub redial_min_ms: u64,
    /// Milliseconds before a lost peer is dialled again, at the most.
    pub redial_max_ms: u64,
    /// MiB of memory that the store may use to cache records.
    pub cache_mib: u64,
    /// Whether to fetch every attachment that this node may read, not only those asked for.
    pub copy_attachments: bool,
    /// The work to open a key: 2 to this power rounds of scrypt; 0 lets the machine choose about a second.
    pub keystore_work_factor: u8,
    /// Where to show the registry to the world, as in `0.0.0.0:8080`; empty for nowhere.
    pub public_listen: String,
    /// The certificate, and the chain behind it, of pages that other machines reach: a PEM file.
    pub tls_certificate: String,
    /// Its private key: a PEM file.
    pub tls_key: String,
    /// The names under which browsers of other machines reach the pages, as in `hub.example.org`.
    pub page_names: Vec<String>,
    /// Where the node posts what is due from its people, as JSON; empty for nowhere.
    pub notice_webhook: String,
    /// The mail server by which it writes to them, as in `smtps://mail.example.org`; empty for none.
    pub notice_smtp: String,
    /// Its user there; empty where it asks for none.
    pub notice_smtp_user: String,
    /// The file with the user's password.
    pub notice_smtp_password_file: String,
    /// Whom its letters come from.
    pub notice_mail_from: String,
    /// Whom they go to.
    pub notice_mail_to: Vec<String>,
    /// Hours in which it tells nothing that can wait, as in `22:00-07:00` by the clock on the wall; empty for none.
    pub notice_quiet: String,
    /// The least time between two notices, in words; `0 seconds` tells each thing at once.
    pub notice_digest: String,
    /// What to log, as in `info` or `cohub_node=debug`.
    pub log: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: vec!["/ip4/0.0.0.0/tcp/4001".to_owned(), "/ip4/0.0.0.0/udp/4001/quic-v1".to_owned()],
            peers: Vec::new(),
            loopback_only: false,
            sync_interval_ms: 15_000,
            request_timeout_ms: 10_000,
            knock_interval_ms: 10_000,
            redial_min_ms: 1_000,
            redial_max_ms: 60_000,
            cache_mib: 32,
            copy_attachments: false,
            keystore_work_factor: 0,
            public_listen: String::new(),
            tls_certificate: String::new(),
            tls_key: String::new(),
            page_names: Vec::new(),
            notice_webhook: String::new(),
            notice_smtp: String::new(),
            notice_smtp_user: String::new(),
            notice_smtp_password_file: String::new(),
            notice_mail_from: String::new(),
            notice_mail_to: Vec::new(),
            notice_quiet: String::new(),
            notice_digest: "0 seconds".to_owned(),
            log: "info".to_owned(),
        }
    }
}

/// A setting, its value and where that comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The setting.
    pub key: String,
    /// Its value.
    pub value: serde_json::Value,
    /// `flag`, the environment's variable, a file's path, or `default`.
    pub origin: String,
}

/// One layer of settings, with its name.
struct Layer {
    origin: String,
    values: toml::Table,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.origin.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Serialized::defaults(&self.values).data()
    }
}

impl Settings {
    /// Gathers the settings of a node. `flags` come first.
    ///
    /// # Errors
    /// [`NodeError::Setting`], which names the setting and where it stands.
    pub fn load(home: &Home, flags: &toml::Table) -> Result<Self, NodeError> {
        let settings: Self = layers(home, flags)?.extract().map_err(|error| explain(&error))?;
        settings.check()
    }

    /// Every setting with its origin.
    ///
    /// # Errors
    /// Like [`Settings::load`].
    pub fn explain(home: &Home, flags: &toml::Table) -> Result<Vec<Explained>, NodeError> {
        let figment = layers(home, flags)?;
        figment.extract::<Self>().map_err(|error| explain(&error))?;
        let entry = |key: String| {
            let value = figment.find_value(&key).map_err(|error| explain(&error))?;
            let origin = match figment.find_metadata(&key) {
                None => "default".to_owned(),
                Some(data) if data.name.contains("environment variable") => {
                    format!("{PREFIX}{}", key.to_uppercase())
                }
                Some(data) => data.name.to_string(),
            };
            let value =
                serde_json::to_value(value).map_err(|error| NodeError::Setting(format!("{key}: {error}")))?;
            Ok(Explained { key, value, origin })
        };
        keys().into_iter().map(entry).collect()
    }

    /// Writes one setting into the home's `config.toml`, where `value` is TOML or plain text.
    ///
    /// # Errors
    /// If there is no such setting or the value does not fit; the file is unchanged then.
    pub fn set(home: &Home, key: &str, value: &str) -> Result<(), NodeError> {
        if !keys().iter().any(|known| known == key) {
            return Err(NodeError::Setting(format!(
                "{key}: there is no such setting; there are {}",
                keys().join(", ")
            )));
        }
        let path = home.config_file();
        let mut table = table_of(&path)?;
        let parsed = format!("value = {value}")
            .parse::<toml::Table>()
            .ok()
            .and_then(|mut parsed| parsed.remove("value"));
        table.insert(key.to_owned(), parsed.unwrap_or_else(|| toml::Value::String(value.to_owned())));
        let figment = Figment::from(defaults())
            .merge(Layer { origin: path.display().to_string(), values: table.clone() });
        figment.extract::<Self>().map_err(|error| explain(&error))?.check()?;
        write_whole(&path, table.to_string().as_bytes())
    }

    fn check(self) -> Result<Self, NodeError> {
        let wrong = |key: &str, why: &str| Err(NodeError::Setting(format!("{key}: {why}")));
        if self.sync_interval_ms < 100 || self.request_timeout_ms < 100 || self.redial_min_ms < 10 {
            return wrong("sync_interval_ms, request_timeout_ms", "at least 100; redial_min_ms at least 10");
        }
        if self.redial_max_ms < self.redial_min_ms {
            return wrong("redial_max_ms", "at least redial_min_ms");
        }
        if !(1..=4096).contains(&self.cache_mib) {
            return wrong("cache_mib", "1 to 4096");
        }
        if self.keystore_work_factor > 24 {
            return wrong("keystore_work_factor", "at most 24; 0 lets the machine choose");
        }
        Ok(self)
    }
}

fn defaults() -> Layer {
    let values = toml::Table::try_from(Settings::default()).unwrap_or_default();
    Layer { origin: "default".to_owned(), values }
}

fn keys() -> Vec<String> {
    defaults().values.keys().cloned().collect()
}

fn layers(home: &Home, flags: &toml::Table) -> Result<Figment, NodeError> {
    let file = |path: PathBuf| -> Result<Layer, NodeError> {
        Ok(Layer { origin: path.display().to_string(), values: table_of(&path)? })
    };
    let keys = keys();
    let names: Vec<&str> = keys.iter().map(String::as_str).collect();
    Ok(Figment::from(defaults())
        .merge(file(PathBuf::from(SYSTEM_FILE))?)
        .merge(file(home.config_file())?)
        .merge(Env::prefixed(PREFIX).only(&names))
        .merge(Layer { origin: "flag".to_owned(), values: flags.clone() }))
}

fn table_of(path: &Path) -> Result<toml::Table, NodeError> {
    let Some(bytes) = read_if_there(path)? else { return Ok(toml::Table::new()) };
    let text = String::from_utf8(bytes).map_err(|error| NodeError::content(path, &error))?;
    text.parse().map_err(|error| NodeError::Setting(format!("in {}: {error}", path.display())))
}

fn explain(error: &figment::Error) -> NodeError {
    let origin = error.metadata.as_ref().map(|data| format!(" (from {})", data.name)).unwrap_or_default();
    NodeError::Setting(format!("{}: {}{origin}", error.path.join("."), error.kind))
}

/// Flags as a layer of settings.
#[must_use]
pub fn flags(values: BTreeMap<String, toml::Value>) -> toml::Table {
    values.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_beats_the_file_beats_the_default() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        Settings::set(&home, "cache_mib", "64").unwrap();
        Settings::set(&home, "log", "debug").unwrap();
        let flags = flags(BTreeMap::from([("cache_mib".to_owned(), toml::Value::Integer(16))]));
        let settings = Settings::load(&home, &flags).unwrap();
        assert_eq!((settings.cache_mib, settings.log.as_str(), settings.loopback_only), (16, "debug", false));
        let explained = Settings::explain(&home, &flags).unwrap();
        let origin = |key: &str| explained.iter().find(|one| one.key == key).unwrap().origin.clone();
        assert_eq!(origin("cache_mib"), "flag");
        assert_eq!(origin("log"), home.config_file().display().to_string());
        assert_eq!(origin("listen"), "default");
    }

    #[test]
    fn unknown_settings_and_impossible_values_are_named() {
        let temp = tempfile::tempdir().unwrap();
        let home = Home::at(temp.path()).unwrap();
        assert!(Settings::set(&home, "cache", "64").unwrap_err().to_string().contains("no such setting"));
        assert!(Settings::set(&home, "cache_mib", "lots").unwrap_err().to_string().contains("cache_mib"));
        assert!(!home.config_file().exists());
        std::fs::write(home.config_file(), "cahce_mib = 1\n").unwrap();
        let error = Settings::load(&home, &toml::Table::new()).unwrap_err().to_string();
        assert!(error.contains("cahce_mib"), "{error}");
    }
}
