//! `cohub application`: who wants to join, how far it is, and what is next.

use cohub_node::api::Referent;
use cohub_registry::Intent;
use serde_json::json;

use crate::arguments::Application;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, CYAN, DIM, GREEN, RED, YELLOW, bytes, counted, harmless, short, styled};
use crate::seen::{self, View};
use crate::table::{Cell, Table, pairs};
use crate::when::{date, day};
use crate::write::{Signer, Writing};

pub(crate) async fn run(context: &Context, application: Application) -> Result<Answer, Error> {
    match application {
        Application::Open { claim, signing } => {
            let (signer, intent) = (Signer::Controller, Intent::Application { claim });
            let name = "application.open";
            Writing { name, signer, intent, attachments: Vec::new(), signing: &signing }.write(context).await
        }
        Application::Withdraw { application, signing } => {
            let record = context.resolve(Referent::Application, &application).await?;
            let (signer, intent) = (Signer::Controller, Intent::Withdraw { record });
            let name = "application.withdraw";
            Writing { name, signer, intent, attachments: Vec::new(), signing: &signing }.write(context).await
        }
        Application::List => list(context).await,
        Application::Show { application } => show(context, &application).await,
    }
}

async fn list(context: &Context) -> Result<Answer, Error> {
    let registry = context.registry().await?;
    let text = table(&registry.part);
    let applications = registry.whole.get("applications").cloned().unwrap_or_default();
    Answer::new("application.list", &json!({ "applications": applications }), text)
}

/// All applications in a table.
pub(crate) fn table(registry: &View) -> String {
    let mut table =
        Table::new(&["APPLICANT", "STAGE", "STATUS", "SINCE", "DOCUMENTS", "REVIEWS", "NEXT", "APPLICATION"]);
    for one in &registry.applications {
        let current = one.documents.iter().filter(|document| document.current).count();
        table.row([
            Cell::styled(BOLD, registry.slug(one.hub.as_deref())),
            one.stage.clone().unwrap_or_else(|| "none yet".to_owned()).into(),
            Cell::styled(status_style(&one.status), &one.status),
            day(one.at).into(),
            current.to_string().into(),
            one.reviews.len().to_string().into(),
            next_in_short(one).into(),
            short(&one.id.to_string()).into(),
        ]);
    }
    table.or("Nobody has applied yet.")
}

fn next_in_short(application: &seen::Application) -> String {
    let Some(next) = &application.next else { return String::new() };
    if next.missing.is_empty() {
        format!("{}: to be voted", next.stage)
    } else {
        format!("{}: {} missing", next.stage, next.missing.len())
    }
}

fn status_style(status: &str) -> anstyle::Style {
    match status {
        "co-owner" => GREEN,
        "admitted" => CYAN,
        "rejected" => RED,
        _ => YELLOW,
    }
}

async fn show(context: &Context, text: &str) -> Result<Answer, Error> {
    let id = context.resolve(Referent::Application, text).await?;
    let registry = context.registry().await?;
    let application = registry.part.application(&id)?;
    let whole = registry.find("applications", &id.to_string());
    Answer::new("application.show", &json!({ "application": whole }), page(&registry.part, application))
}

fn page(registry: &View, application: &seen::Application) -> String {
    let hub = registry.slug(application.hub.as_deref());
    let mut text = format!("{}\n", styled(BOLD, format!("The application of {}", harmless(&hub))));
    let next = application.next.as_ref().map_or_else(
        || "nothing: the last stage is reached".to_owned(),
        |next| {
            if next.missing.is_empty() {
                format!("{}: everything is there, a motion can be opened", next.stage)
            } else {
                format!("{}: missing {}", next.stage, next.missing.join("; "))
            }
        },
    );
    let claim = application
        .claim
        .as_ref()
        .map(|claim| ("claim", format!("{claim}: in the register that the network was founded with")));
    let mut facts = vec![("id", application.id.to_string()), ("handed in", date(application.at))];
    facts.extend(claim);
    facts.extend([
        ("stage", application.stage.clone().unwrap_or_else(|| "none yet".to_owned())),
        ("status", styled(status_style(&application.status), &application.status)),
        ("next", next),
        ("signatures", signatures(application)),
    ]);
    text.push_str(&pairs(&facts));
    text.push_str(&format!("\n{}", documents(registry, application)));
    text.push_str(&format!("\n{}", reviews(registry, application)));
    text.push_str(&format!("\n{}", interviews(registry, application)));
    let mut motions = Table::new(&["MOTION", "STAGE", "STATE", "DEADLINE"]);
    for motion in registry.motions.iter().filter(|motion| application.motions.contains(&motion.id)) {
        let id = short(&motion.id.to_string());
        motions.row([
            id.into(),
            motion.stage.clone().unwrap_or_default().into(),
            motion.state_now().into(),
            date(motion.deadline).into(),
        ]);
    }
    text.push_str(&format!("\n{}", motions.or("No motion was opened on it.")));
    text
}

fn signatures(application: &seen::Application) -> String {
    let Some(signed) = &application.signatures else { return "not admitted yet".to_owned() };
    let hub = if signed.hub { "the hub signed" } else { "the hub has not signed" };
    let seats =
        if signed.seats.is_empty() { String::new() } else { format!(" ({})", signed.seats.join(", ")) };
    format!("{hub}; {} of {} signed{seats}", signed.seats.len(), counted(signed.seats_needed, "seat"))
}

/// The documents of a dossier.
pub(crate) fn documents(registry: &View, application: &seen::Application) -> String {
    let mut table = Table::new(&["DOCUMENT", "TYPE", "VERSION", "SIZE", "READERS", "HANDED IN"]);
    for one in &application.documents {
        let version = if one.current { "current" } else { "superseded" };
        table.row([
            short(&one.id.to_string()).into(),
            Cell::styled(BOLD, &one.document_type),
            version.into(),
            bytes(one.size_bytes).into(),
            if one.erased.is_some() {
                Cell::styled(YELLOW, "nobody: erased")
            } else {
                readers(registry, one).into()
            },
            date(one.at).into(),
        ]);
    }
    table.or("The dossier holds no documents.")
}

/// Who reads a document.
fn readers(registry: &View, document: &seen::Document) -> String {
    if document.scope != cohub_record::Scope::Sealed {
        return document.scope.to_string();
    }
    let name = |reader: &seen::Reader| match &reader.hub {
        Some(hub) => registry.slug(Some(hub)),
        None => short(&reader.key.to_string()),
    };
    let names: Vec<String> = document.readers.iter().map(name).collect();
    if names.is_empty() { "sealed: nobody yet".to_owned() } else { format!("sealed: {}", names.join(", ")) }
}

/// The reviews of a dossier.
pub(crate) fn reviews(registry: &View, application: &seen::Application) -> String {
    let mut table = Table::new(&["REVIEW", "PANEL", "BY", "RECOMMENDS", "MARKS", "READ", "DATE"]);
    for one in &application.reviews {
        let marks: Vec<String> =
            one.scores.iter().map(|score| format!("{} {}", score.criterion, score.points)).collect();
        table.row([
            short(&one.id.to_string()).into(),
            (&one.panel).into(),
            registry.slug(one.hub.as_deref()).into(),
            match one.conflict {
                Some(conflict) => {
                    Cell::styled(YELLOW, format!("{}, not counted: {}", one.recommendation, conflict.words()))
                }
                None if one.recommendation != "sealed" => (&one.recommendation).into(),
                None if one.opens_from.is_some() => Cell::styled(YELLOW, "sealed"),
                None => Cell::styled(DIM, "sealed, opened since"),
            },
            marks.join(", ").into(),
            counted(one.documents.len(), "document").into(),
            day(one.at).into(),
        ]);
    }
    table.or("Nobody has reviewed it yet.")
}

/// The interviews of a dossier.
pub(crate) fn interviews(registry: &View, application: &seen::Application) -> String {
    let mut table = Table::new(&["INTERVIEW", "BY", "OUTCOME", "DATE"]);
    for one in &application.interviews {
        let by = registry.slug(one.hub.as_deref());
        table.row([short(&one.id.to_string()).into(), by.into(), (&one.outcome).into(), day(one.at).into()]);
    }
    table.or("No interview was recorded yet.")
}
