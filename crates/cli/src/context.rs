//! What every command has at hand: the home, the node's client, the passphrase, and where to print.

use cohub_node::api::{Call, Referent, Resolved};
use cohub_node::keystore::Keystore;
use cohub_node::{Client, Home, Passphrase, Settings};
use cohub_record::{Id, PublicKey};
use serde::de::DeserializeOwned;

use crate::arguments::Global;
use crate::exit::Error;
use crate::{output, passphrase, seen};

/// One run of the command line.
#[derive(Debug)]
pub(crate) struct Context {
    global: Global,
}

impl Context {
    pub(crate) const fn new(global: Global) -> Self {
        Self { global }
    }

    /// Whether answers are JSON.
    pub(crate) const fn json(&self) -> bool {
        self.global.json
    }

    /// The node's directory.
    pub(crate) fn home(&self) -> Result<Home, Error> {
        Ok(Home::locate(self.global.home.as_deref())?)
    }

    /// The settings in force, without flags of `up`.
    pub(crate) fn settings(&self) -> Result<Settings, Error> {
        Ok(Settings::load(&self.home()?, &toml::Table::new())?)
    }

    /// The keys of this home.
    pub(crate) fn keystore(&self) -> Result<Keystore, Error> {
        Ok(Keystore::open(&self.home()?))
    }

    /// The running node.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        Ok(Client::connect(&self.home()?).await?)
    }

    /// One call to the running node.
    pub(crate) async fn ask<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        Ok(self.client().await?.call(&call).await?)
    }

    /// The registry as the running node sees it.
    pub(crate) async fn registry(&self) -> Result<seen::Registry, Error> {
        seen::Registry::read(self.ask(Call::Registry).await?)
    }

    /// The record that a written reference means.
    pub(crate) async fn resolve(&self, what: Referent, text: &str) -> Result<Id, Error> {
        let resolved: Resolved = self.ask(Call::Resolve { what, text: text.to_owned() }).await?;
        resolved.id.ok_or_else(|| Error::not_found(format!("nothing is known by {text:?}")))
    }

    /// The controller of the hub that a written reference means.
    pub(crate) async fn controller(&self, text: &str) -> Result<PublicKey, Error> {
        let call = Call::Resolve { what: Referent::Controller, text: text.to_owned() };
        let resolved: Resolved = self.ask(call).await?;
        resolved.key.ok_or_else(|| Error::not_found(format!("no hub is known by {text:?}")))
    }

    /// The passphrase of the keystore, for a purpose that a prompt names.
    pub(crate) fn passphrase(&self, purpose: &str) -> Result<Passphrase, Error> {
        passphrase::read(self.global.passphrase_file.as_deref(), purpose)
    }

    /// A passphrase for a new keystore.
    pub(crate) fn new_passphrase(&self) -> Result<Passphrase, Error> {
        passphrase::choose(self.global.passphrase_file.as_deref())
    }

    /// Tells the person what is going on, on stderr.
    pub(crate) fn say(&self, text: &str) {
        if !self.global.quiet {
            output::aside(text);
        }
    }
}
