//! `cohub network`: found one, join one, invite somebody.

use std::path::Path;

use cohub_node::api::{Call, Invited, Status};
use cohub_node::network::{self, Card, NetworkFile};
use cohub_registry::{Charter, Profile};
use serde::Serialize;
use serde_json::{Value, json};

use crate::arguments::Network;
use crate::context::Context;
use crate::exit::{Error, Exit};
use crate::output::Answer;
use crate::prose::{BOLD, counted, harmless, styled};
use crate::register;
use crate::table::pairs;
use crate::when::{date_and_distance, now_ms};

pub(crate) async fn run(context: &Context, network: Network) -> Result<Answer, Error> {
    match network {
        Network::Card { addresses, out } => card(context, addresses, out.as_deref()),
        Network::Found { name, charter, manifesto, seats, register, out, cards } => {
            let charter = read_charter(&charter)?;
            let manifesto = read(&manifesto)?;
            let cards = cards.iter().map(|card| read_json(card)).collect::<Result<Vec<Card>, _>>()?;
            let claims = match &register {
                Some(register) => read_register(context, register, &cards)?,
                None => Vec::new(),
            };
            let invited = match claims.len() {
                0 => String::new(),
                1 => "; 1 hub more is invited to take up its claim".to_owned(),
                more => format!("; {more} hubs more are invited to take up their claims"),
            };
            let file = network::found(&name, charter, &manifesto, &cards, seats, claims)?;
            let said = format!("{} is founded by {}{invited}.", file.name, counted(cards.len(), "hub"));
            hand_out("network.found", &file, out.as_deref(), &said)
        }
        Network::Join { network } => join(context, &network),
        Network::Info => info(context).await,
        Network::Invite { valid } => {
            let valid_ms = u64::try_from(valid.as_millis()).unwrap_or(u64::MAX);
            let invited: Invited = context.ask(Call::Invite { valid_ms }).await?;
            context.say(&format!("Good for one knock, until {}.", date_and_distance(invited.expires_at)));
            Answer::new("network.invite", &invited, invited.invite.clone())
        }
    }
}

fn card(context: &Context, addresses: Vec<String>, out: Option<&Path>) -> Result<Answer, Error> {
    let passphrase = context.passphrase("to put your keys' consent on the card")?;
    let mut card = network::card(&context.home()?, &passphrase)?;
    if !addresses.is_empty() {
        card.addresses = addresses;
    } else if card.addresses.iter().any(|address| address.contains("/0.0.0.0/") || address.contains("/::/")) {
        context.say("The card names no address that others can dial: give --address /dns/HOST/tcp/4001");
    }
    hand_out("network.card", &card, out, &format!("The card of {}.", card.profile.slug))
}

/// A JSON file for others: on stdout, or in a file with a word about it.
fn hand_out(name: &str, file: &impl Serialize, out: Option<&Path>, said: &str) -> Result<Answer, Error> {
    let text = serde_json::to_string_pretty(file).map_err(|error| Error::failed(error.to_string()))?;
    let Some(path) = out else { return Answer::new(name, file, text) };
    std::fs::write(path, format!("{text}\n"))
        .map_err(|error| Error::failed(format!("{} cannot be written: {error}", path.display())))?;
    Answer::new(name, file, format!("{said} It lies in {}.", path.display()))
}

fn join(context: &Context, network: &str) -> Result<Answer, Error> {
    let home = context.home()?;
    // As a link, or as a camera read it from a picture.
    let lower = network.trim().to_lowercase();
    let invite = lower.strip_prefix("cohub:").unwrap_or(&lower);
    let by_invite = invite.starts_with("cohubinvite1");
    let file = if by_invite { None } else { Some(read_json::<NetworkFile>(Path::new(network))?) };
    let passphrase = context.passphrase("to sign your hub's first record")?;
    let joined = match &file {
        Some(file) => network::join(&home, file, &passphrase)?,
        None => network::join_by_invite(&home, invite, &passphrase)?,
    };
    let next = match (joined.signed, by_invite) {
        (false, _) => "This node belongs to it already; nothing was signed.",
        (true, true) => {
            "Your first records are signed. The node knocks at the inviting hub's door once it runs: `cohub up`."
        }
        (true, false) => "Your hub's inception is signed. It is handed in once the node runs: `cohub up`.",
    };
    let network = joined.network.to_network_text();
    let by = if by_invite { "invite" } else { "founding" };
    let fields = json!({ "network": network, "by": by, "signed": joined.signed });
    Answer::new("network.join", &fields, format!("{network}\n{next}"))
}

async fn info(context: &Context) -> Result<Answer, Error> {
    let status: Status = context.ask(Call::Status).await?;
    if status.network.is_none() {
        return Err(Error::new(
            Exit::NotFound,
            "this node is in no network; `cohub network join FILE|INVITE`",
        ));
    }
    let registry = context.registry().await?.part;
    let owners = registry.hubs.iter().filter(|hub| hub.status == "co-owner").count();
    let fields = json!({
        "network": registry.network,
        "name": registry.name,
        "constituted": registry.constituted,
        "head": registry.head,
        "hubs": registry.hubs.len(),
        "co_owners": owners,
        "seats": registry.committee.seats.len(),
        "charter": registry.charter.version,
        "records": status.records,
        "addresses": status.addresses,
    });
    let constituted = if registry.constituted { "constituted" } else { "waiting for founders to join" };
    let text = format!(
        "{}\n{}",
        styled(BOLD, harmless(&registry.name)),
        pairs(&[
            ("network", registry.network.clone()),
            ("state", constituted.to_owned()),
            ("hubs", format!("{}, {owners} of them co-owners", registry.hubs.len())),
            (
                "committee",
                format!(
                    "term {}, {}",
                    registry.committee.term,
                    counted(registry.committee.seats.len(), "seat")
                )
            ),
            ("charter", format!("version {}", registry.charter.version)),
            ("head", registry.head.clone()),
            ("as of", format!("{}, {}", crate::when::date(now_ms()), counted(status.records, "record"))),
        ])
    );
    Answer::new("network.info", &fields, text)
}

/// The hubs of an existing register that have no card; or all its faults, and nothing is founded.
fn read_register(context: &Context, path: &Path, cards: &[Card]) -> Result<Vec<Profile>, Error> {
    let register = register::read(&read(path)?, cards).map_err(|faults| {
        let line = |fault: &register::Fault| format!("\n  line {}: {}", fault.line, fault.why);
        let lines: String = faults.iter().map(line).collect();
        let count = counted(faults.len(), "fault");
        let path = path.display();
        Error::new(Exit::Refused, format!("{path} has {count}, and nothing was founded:{lines}"))
    })?;
    if !register.unlisted.is_empty() {
        let slugs = register.unlisted.join(", ");
        context.say(&format!("Founders that the register does not have: {slugs}."));
    }
    Ok(register.claims)
}

fn read_charter(path: &Path) -> Result<Charter, Error> {
    Charter::from_toml(&read(path)?)
        .map_err(|error| Error::new(Exit::Refused, format!("{}: {error}", path.display())))
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path)
        .map_err(|error| Error::not_found(format!("{} cannot be read: {error}", path.display())))
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = read(path)?;
    let value: Value = serde_json::from_str(&text)
        .map_err(|error| Error::usage(format!("{} is no JSON: {error}", path.display())))?;
    T::deserialize(value)
        .map_err(|error| Error::usage(format!("{} is not what is expected here: {error}", path.display())))
}
