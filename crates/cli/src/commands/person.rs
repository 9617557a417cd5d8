//! `cohub person`: who may act for a hub.

use cohub_node::keystore::KeyInfo;
use cohub_node::{identity, network};
use cohub_record::{Id, PublicKey, SecretKey};
use cohub_registry::{Intent, Role, Roles};
use serde::Serialize;
use serde_json::json;

use crate::arguments::{Person, Signing};
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, DIM, short, styled};
use crate::table::{Cell, Table, pairs};
use crate::write::{Signer, Writing};

/// A key of the own hub.
#[derive(Debug, Serialize)]
struct Listed {
    key: PublicKey,
    /// What the registry says that it may do now.
    roles: Vec<String>,
    grant: Option<Id>,
    /// Its label, where it lies in this directory.
    label: Option<String>,
}

pub(crate) async fn run(context: &Context, person: Person) -> Result<Answer, Error> {
    match person {
        Person::List => list(context).await,
        Person::Show { person } => show(context, &person).await,
        Person::Add { label, roles, signing } => add(context, &label, &roles, &signing).await,
        Person::Revoke { person, signing } => {
            let key = find(context, &person).await?.key;
            let (signer, intent) = (Signer::Controller, Intent::Revoke { key });
            let name = "person.revoke";
            Writing { name, signer, intent, attachments: Vec::new(), signing: &signing }.write(context).await
        }
    }
}

/// The keys of the own hub by the registry, and those here that have no role yet.
async fn people(context: &Context) -> Result<Vec<Listed>, Error> {
    let own = identity::own_hub(&context.home()?)?;
    let here: Vec<KeyInfo> = context.keystore()?.list()?;
    let registry = context.registry().await?.part;
    let granted = registry.hub_controlled_by(&own.controller).map(|hub| hub.keys.clone()).unwrap_or_default();
    let label = |key: &PublicKey| here.iter().find(|info| info.key == *key).map(|info| info.label.clone());
    let mut listed: Vec<Listed> = granted
        .into_iter()
        .map(|key| Listed { label: label(&key.key), key: key.key, roles: key.roles, grant: key.grant })
        .collect();
    for info in &here {
        if !listed.iter().any(|one| one.key == info.key) {
            let roles = if info.key == own.controller { vec!["controller".to_owned()] } else { Vec::new() };
            listed.push(Listed { key: info.key, roles, grant: None, label: Some(info.label.clone()) });
        }
    }
    Ok(listed)
}

async fn find(context: &Context, text: &str) -> Result<Listed, Error> {
    let mut fitting: Vec<Listed> = people(context).await?.into_iter().filter(|one| one.is(text)).collect();
    match (fitting.pop(), fitting.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => {
            Err(Error::usage(format!("{text:?} names several keys of your hub; give more of it")))
        }
        (None, _) => Err(Error::not_found(format!("your hub has no key {text:?}; `cohub person list`"))),
    }
}

impl Listed {
    fn is(&self, text: &str) -> bool {
        let key = self.key.to_string();
        let letters = text.strip_prefix("did:key:").unwrap_or(text);
        let prefix = letters.len() >= 6 && short_form(&key).starts_with(letters);
        self.label.as_deref() == Some(text) || prefix
    }

    fn roles_in_words(&self) -> String {
        if self.roles.is_empty() { "none now".to_owned() } else { self.roles.join(", ") }
    }
}

fn short_form(key: &str) -> &str {
    key.strip_prefix("did:key:").unwrap_or(key)
}

async fn list(context: &Context) -> Result<Answer, Error> {
    let people = people(context).await?;
    let mut table = Table::new(&["LABEL HERE", "ROLES", "KEY", "GRANT"]);
    for one in &people {
        table.row([
            Cell::styled(BOLD, one.label.clone().unwrap_or_default()),
            one.roles_in_words().into(),
            short(&one.key.to_string()).into(),
            Cell::styled(DIM, one.grant.map(|id| short(&id.to_string())).unwrap_or_default()),
        ]);
    }
    Answer::new("person.list", &json!({ "people": people }), table.or("Your hub has no keys."))
}

async fn show(context: &Context, text: &str) -> Result<Answer, Error> {
    let one = find(context, text).await?;
    let grant = one.grant.map_or_else(|| "none, or the founding record".to_owned(), |id| id.to_string());
    let page = pairs(&[
        ("key", one.key.to_string()),
        ("roles", one.roles_in_words()),
        ("grant", grant),
        ("here", one.label.clone().map_or_else(|| "no".to_owned(), |label| styled(BOLD, label))),
    ]);
    Answer::new("person.show", &one, page)
}

/// Makes a key, keeps it here, and has the hub grant it roles.
async fn add(context: &Context, label: &str, roles: &[Role], signing: &Signing) -> Result<Answer, Error> {
    let home = context.home()?;
    let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if !plain || label.is_empty() || label.len() > 48 {
        return Err(Error::usage(format!("{label:?} is no label: 1 to 48 letters, digits, hyphens")));
    }
    let own = identity::own_hub(&home)?;
    let network: Id = context
        .registry()
        .await?
        .part
        .network
        .parse()
        .map_err(|error: cohub_record::IdError| Error::failed(error.to_string()))?;
    let keystore = context.keystore()?;
    let secret = match keystore.find(label) {
        // The key was made before and the grant did not come about.
        Ok(_) => keystore.unlock(label, &context.passphrase(&format!("of the key {label:?}"))?)?,
        Err(_) => {
            let secret = SecretKey::generate()
                .map_err(|error| Error::failed(format!("the system gives no randomness: {error}")))?;
            let passphrase = context.new_passphrase()?;
            keystore.keep(label, &secret, roles, &passphrase, context.settings()?.keystore_work_factor)?;
            secret
        }
    };
    let granted = network::consent(Some(&network), &own.controller, &secret, roles)?;
    let roles = Roles::new(roles.to_vec()).map_err(|error| Error::usage(error.to_string()))?;
    let intent = Intent::Grant { key: granted.key, roles, consent: granted.consent, encryption: None };
    let signer = Signer::Controller;
    Writing { name: "person.add", signer, intent, attachments: Vec::new(), signing }.write(context).await
}
