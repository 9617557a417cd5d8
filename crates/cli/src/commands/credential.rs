//! `cohub hub credential`: what this node's registry says of a co-owner, signed by a representative of this hub.

use std::path::PathBuf;

use cohub_node::api::Referent;
use cohub_node::identity;
use cohub_registry::Role;
use serde_json::{Value, json};

use crate::arguments::Credential;
use crate::context::Context;
use crate::credential::{Membership, signed};
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{BOLD, harmless, styled};
use crate::when::{now_ms, rfc3339};
use crate::write::{Signer, unlock};

const DAY_MS: u64 = 86_400_000;

pub(crate) async fn run(context: &Context, arguments: Credential) -> Result<Answer, Error> {
    let Credential { hub, days, key, out } = arguments;
    let id = context.resolve(Referent::Hub, &hub).await?;
    let registry = context.registry().await?;
    let hub = registry.part.hub(&id)?;
    if hub.status != "co-owner" {
        let why = format!(
            "{} is no co-owner in good standing ({}): there is no membership to speak for",
            hub.slug, hub.status
        );
        return Err(Error::new(Exit::Refused, why));
    }
    let own = identity::own_hub(&context.home()?)?.controller;
    let issuer = registry.part.hubs.iter().find(|hub| hub.controller == Some(own));
    let issuer = issuer.and_then(|hub| hub.id.as_deref()).ok_or_else(|| {
        Error::new(
            Exit::Refused,
            "your own hub is not in this registry, so it cannot speak of others".to_owned(),
        )
    })?;
    let application = registry.part.application_of(hub.id.as_deref().unwrap_or_default());
    let admission = application.map(|application| registry.of_application(&application.id, "signatures"));
    let admission =
        admission.and_then(|signatures| signatures.get("motion").and_then(Value::as_str).map(str::to_owned));
    let now = now_ms() / 1_000 * 1_000;
    let valid = [now, now.saturating_add(u64::from(days) * DAY_MS)].map(rfc3339);
    let [from, until] = valid.clone();
    let membership = Membership {
        network: [&registry.part.network, &registry.part.name],
        hub: [hub.id.as_deref().unwrap_or_default(), &hub.slug, &hub.name, &hub.city, &hub.country],
        controller: hub.controller.map(|key| key.to_string()).unwrap_or_default(),
        since: hub.since.map(rfc3339),
        admission,
        head: &registry.part.head,
        issuer_hub: issuer,
        valid,
    };
    let signer = Signer::Person(Role::Representative).key(context, key.as_deref())?;
    context.say(&styled(BOLD, "To be signed"));
    context.say(&format!(
        "  {} is a co-owner of {}, says the key {}, from {from} until {until}",
        harmless(&hub.name),
        harmless(&registry.part.name),
        signer.label
    ));
    let credential = signed(&membership, &unlock(context, &signer)?);
    answer(&credential, out)
}

fn answer(credential: &Value, out: Option<PathBuf>) -> Result<Answer, Error> {
    let text = serde_json::to_string_pretty(credential).map_err(|error| Error::failed(error.to_string()))?;
    let fields = json!({ "credential": credential, "path": out });
    let Some(path) = out else { return Answer::new("hub.credential", &fields, text) };
    std::fs::write(&path, format!("{text}\n"))
        .map_err(|error| Error::failed(format!("{} cannot be written: {error}", path.display())))?;
    Answer::new("hub.credential", &fields, format!("The credential lies in {}.", path.display()))
}
