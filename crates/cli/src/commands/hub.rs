//! `cohub hub`: the hubs of the network, and what a hub says of itself and of newcomers.

use anstyle::Style;
use cohub_node::api::{Call, Newcomer, Referent};
use cohub_node::identity;
use cohub_registry::{Intent, ProfileOfYear, Role};
use serde_json::{Value, json};

use crate::arguments::{Figures, Hub};
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, CYAN, DIM, GREEN, RED, YELLOW, harmless, short, styled};
use crate::seen::{self, View};
use crate::table::{Cell, Table, pairs};
use crate::when::{date, day};
use crate::write::{Signer, Writing};

pub(crate) async fn run(context: &Context, hub: Hub) -> Result<Answer, Error> {
    match hub {
        Hub::List => list(context).await,
        Hub::Show { hub } => show(context, &hub).await,
        Hub::Report { year, figures } => report(context, "hub.report", year, figures).await,
        Hub::Profile { year, figures } => report(context, "hub.profile", year, figures).await,
        Hub::Credential(credential) => super::credential::run(context, credential).await,
        Hub::Withdraw { signing } => {
            let (signer, intent) = (Signer::Controller, Intent::Leave);
            let name = "hub.withdraw";
            Writing { name, signer, intent, attachments: Vec::new(), signing: &signing }.write(context).await
        }
        Hub::Sponsor { newcomer, records, signing } => {
            let controller = match newcomer.parse() {
                Ok(key) => key,
                Err(_) => context.controller(&newcomer).await?,
            };
            let allowed = context.registry().await?.part.charter.text.sponsorship.records;
            let intent = Intent::Sponsor { controller, records: records.unwrap_or(allowed) };
            let signer = Signer::Person(Role::Representative);
            let writing =
                Writing { name: "hub.sponsor", signer, intent, attachments: Vec::new(), signing: &signing };
            writing.write(context).await
        }
    }
}

async fn list(context: &Context) -> Result<Answer, Error> {
    let registry = context.registry().await?;
    let door: Vec<Newcomer> = context.ask(Call::Door).await?;
    let mut text = table(&registry.part);
    if !door.is_empty() {
        let mut table = Table::new(&["AT THE DOOR", "NAME", "CITY", "CONTROLLER"]);
        for one in &door {
            let city = format!("{} ({})", one.city, one.country);
            table.row([
                (&one.slug).into(),
                (&one.name).into(),
                city.into(),
                one.controller.to_string().into(),
            ]);
        }
        text.push_str(&format!("\n{}", table.or("")));
        text.push_str("Whom you know and vouch for: cohub hub sponsor SLUG\n");
    }
    let hubs = registry.whole.get("hubs").cloned().unwrap_or_default();
    Answer::new("hub.list", &json!({ "head": registry.part.head, "hubs": hubs, "door": door }), text)
}

/// All hubs in a table.
pub(crate) fn table(registry: &View) -> String {
    let mut table = Table::new(&["HUB", "NAME", "CITY", "STATUS", "SINCE", "SPONSOR"]);
    for hub in &registry.hubs {
        let sponsor = hub.sponsor.as_ref().map(|id| registry.slug(Some(id))).unwrap_or_default();
        table.row([
            Cell::styled(BOLD, &hub.slug),
            (&hub.name).into(),
            format!("{} ({})", hub.city, hub.country).into(),
            Cell::styled(status_style(&hub.status), &hub.status),
            hub.since.map(day).unwrap_or_default().into(),
            Cell::styled(DIM, sponsor),
        ]);
    }
    table.or("No hub has joined yet.")
}

fn status_style(status: &str) -> Style {
    match status {
        "co-owner" => GREEN,
        "founding" | "invited" => YELLOW,
        "prospect" | "applicant" => Style::new(),
        "suspended" | "left" | "expelled" | "lapsed" => RED,
        _ => CYAN,
    }
}

async fn show(context: &Context, text: &str) -> Result<Answer, Error> {
    let registry = context.registry().await?;
    if let Some(hub) = registry.part.hubs.iter().find(|hub| hub.status == "invited" && hub.slug == text) {
        let hubs = registry.whole.get("hubs").and_then(Value::as_array);
        let whole = hubs.into_iter().flatten().find(|one| {
            one.get("status").and_then(Value::as_str) == Some("invited")
                && one.get("slug").and_then(Value::as_str) == Some(text)
        });
        let fields = json!({ "hub": whole, "reports": [], "head": registry.part.head });
        return Answer::new("hub.show", &fields, invited(hub));
    }
    let id = context.resolve(Referent::Hub, text).await?;
    let hub = registry.part.hub(&id)?;
    let whole = registry.find("hubs", &id.to_hub_text());
    let reports: Vec<&seen::Report> =
        registry.part.reports.iter().filter(|report| report.hub == hub.id).collect();
    let years: Vec<&Value> = registry
        .whole
        .get("reports")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|report| hub.id.is_some() && report.get("hub").and_then(Value::as_str) == hub.id.as_deref())
        .collect();
    let fields = json!({ "hub": whole, "reports": years, "head": registry.part.head });
    Answer::new("hub.show", &fields, page(&registry.part, hub, &reports))
}

/// A hub of the register that the network was founded with, which has no keys yet.
fn invited(hub: &seen::Hub) -> String {
    let slug = &hub.slug;
    format!(
        "{} {}\n{}\nIt takes up its claim with keys of its own: `cohub init --slug {slug}` and `cohub network join` with \
         an invite; a member sponsors it, and then `cohub application open --claim {slug}`.\n",
        styled(BOLD, harmless(&hub.name)),
        styled(DIM, slug),
        pairs(&[
            ("place", format!("{} ({})", harmless(&hub.city), hub.country)),
            ("status", hub.status.clone()),
            ("since", hub.since.map(date).unwrap_or_default()),
        ]),
    )
}

fn page(registry: &View, hub: &seen::Hub, reports: &[&seen::Report]) -> String {
    let since = hub.since.map(|at| format!(" since {}", date(at))).unwrap_or_default();
    let sponsor = hub.sponsor.as_ref().map_or_else(|| "a founder".to_owned(), |id| registry.slug(Some(id)));
    let sprouts: Vec<&str> = registry
        .hubs
        .iter()
        .filter(|other| other.sponsor.is_some() && other.sponsor == hub.id)
        .map(|other| other.slug.as_str())
        .collect();
    let mut text = format!("{} {}\n", styled(BOLD, harmless(&hub.name)), styled(DIM, &hub.slug));
    text.push_str(&pairs(&[
        ("id", hub.id.clone().unwrap_or_default()),
        ("city", harmless(&format!("{} ({})", hub.city, hub.country))),
        ("status", format!("{}{since}", hub.status)),
        ("sponsored by", sponsor),
        ("sponsor of", if sprouts.is_empty() { "nobody yet".to_owned() } else { sprouts.join(", ") }),
        ("controller", hub.controller.map(|key| key.to_string()).unwrap_or_default()),
    ]));
    let mut keys = Table::new(&["KEY", "ROLES", "GRANTED BY"]);
    for key in &hub.keys {
        let grant = key.grant.map_or_else(|| "founding record".to_owned(), |id| short(&id.to_string()));
        keys.row([short(&key.key.to_string()).into(), key.roles.join(", ").into(), grant.into()]);
    }
    text.push_str(&format!("\n{}", keys.or("No keys but the controller's.")));
    if !reports.is_empty() {
        let mut years = Table::new(&["YEAR", "MEMBERS", "EVENTS", "VENTURES", "JOBS"]);
        for report in reports {
            years.row(
                [u32::from(report.year), report.members, report.events, report.ventures, report.jobs]
                    .map(|count| Cell::from(count.to_string())),
            );
        }
        text.push_str(&format!("\n{}", years.or("")));
    }
    text
}

async fn report(context: &Context, name: &'static str, year: u16, figures: Figures) -> Result<Answer, Error> {
    let own = identity::own_hub(&context.home()?)?.profile;
    let intent = Intent::Profile(ProfileOfYear {
        year,
        name: figures.name.unwrap_or(own.name),
        city: figures.city.unwrap_or(own.city),
        members: figures.members,
        events: figures.events,
        ventures: figures.ventures,
        jobs: figures.jobs,
    });
    let (signer, signing) = (Signer::Controller, &figures.signing);
    Writing { name, signer, intent, attachments: Vec::new(), signing }.write(context).await
}
