//! `cohub registry`: who is in, at which stage; equal on equal nodes.

use std::collections::BTreeSet;

use serde_json::json;

use super::{application, changes, export, hub, past, sprouts};
use crate::arguments::Registry;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, DIM, RED, counted, harmless, styled};
use crate::seen::{self, View};
use crate::when::day;

pub(crate) async fn run(context: &Context, registry: Registry) -> Result<Answer, Error> {
    match registry {
        Registry::Show => show(context).await,
        Registry::At { when } => past::at(context, &when).await,
        Registry::Diff { from, to } => changes::diff(context, &from, to.as_deref()).await,
        Registry::Sprouts => sprouts::show(context).await,
        Registry::Export { format, at, out } => {
            export::run(context, format, at.as_deref(), out.as_deref()).await
        }
    }
}

async fn show(context: &Context) -> Result<Answer, Error> {
    let registry = context.registry().await?;
    let mut fields = registry.whole.clone();
    let reported = reported(&registry.part);
    if let Some(fields) = fields.as_object_mut() {
        let list = reported.iter().map(|(year, by, of)| json!({ "year": year, "reported": by, "of": of }));
        fields.insert("reported".to_owned(), list.collect());
    }
    Answer::new("registry.show", &fields, page(&registry.part))
}

/// Of each year that anybody reported, how many of the co-owners did: those of now that were co-owners then.
fn reported(registry: &View) -> Vec<(u16, usize, usize)> {
    let years: BTreeSet<u16> = registry.reports.iter().map(|report| report.year).collect();
    let counted = |year: u16| {
        let was = |hub: &&seen::Hub| {
            let since: u16 =
                hub.since.map(day).and_then(|day| day.get(..4)?.parse().ok()).unwrap_or(u16::MAX);
            hub.status == "co-owner" && since <= year
        };
        let by = |hub: &&seen::Hub| {
            registry.reports.iter().any(|report| report.year == year && report.hub == hub.id)
        };
        let owners: Vec<&seen::Hub> =
            registry.hubs.iter().filter(|hub| was(hub) || (by(hub) && hub.status == "co-owner")).collect();
        (year, owners.iter().filter(|hub| by(hub)).count(), owners.len())
    };
    years.into_iter().map(counted).collect()
}

/// The registry for people.
pub(crate) fn page(registry: &View) -> String {
    let mut text = format!("{} {}\n", styled(BOLD, harmless(&registry.name)), styled(DIM, &registry.network));
    let seats = counted(registry.committee.seats.len(), "seat");
    let hubs = counted(registry.hubs.len(), "hub");
    let (term, version) = (registry.committee.term, registry.charter.version);
    text.push_str(&format!("{hubs}; committee of {seats}, term {term}; charter version {version}\n\n"));
    text.push_str(&hub::table(registry));
    if !registry.applications.is_empty() {
        text.push_str(&format!("\n{}", application::table(registry)));
    }
    for (year, by, of) in reported(registry) {
        text.push_str(&format!("\n{year}: reported by {by} of {}", counted(of, "co-owner")));
    }
    if !registry.reports.is_empty() {
        text.push('\n');
    }
    if !registry.evidence.is_empty() {
        let keys = counted(registry.evidence.len(), "fork");
        text.push_str(&format!("\n{}\n", styled(RED, format!("{keys} on record: cohub evidence list"))));
    }
    if !registry.disputes.is_empty() {
        let slots = counted(registry.disputes.len(), "dispute");
        text.push_str(&format!("\n{}\n", styled(RED, format!("{slots} on record: cohub evidence list"))));
    }
    text.push_str(&format!("\n{} {}", styled(DIM, "head"), registry.head));
    text
}
