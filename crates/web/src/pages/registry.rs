//! The registry: every hub, by continent, country and status.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::shared::{empty, hub_link, hub_tag};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::places::{continent, continents};
use crate::seen::{Hub, View};
use crate::words::{counted, day, peers, plain};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let is = |name: &str, value: &str| scene.asked(name).is_none_or(|wanted| wanted == value);
    let shown: Vec<&Hub> = view
        .hubs
        .iter()
        .filter(|hub| {
            is("status", &hub.status)
                && is("country", &hub.country)
                && is("continent", continent(&hub.country))
        })
        .collect();
    let body = html! {
        h1 { "Registry" }
        p { a class="btn q" href="/invite" { "Invite a hub" } }
        p class="lead" {
            "Who is in, at which stage. Every node computes the same from the same records; equal heads are equal registries."
        }
        (filter(scene, view))
        section class="card" {
            h2 { (counted(shown.len(), "hub")) @if shown.len() < view.hubs.len() { " of " (view.hubs.len()) } }
            @if shown.is_empty() { (empty("No hub is like this. Choose less.")) }
            @else { (table(view, &shown)) }
        }
        p class="small" { a href="/api/v1/registry" { "The whole registry as JSON" } }
    };
    Ok(Shown { place: "/registry", title: "Registry".to_owned(), body })
}

fn filter(scene: &Scene, view: &View) -> Markup {
    let statuses: BTreeSet<&str> = view.hubs.iter().map(|hub| hub.status.as_str()).collect();
    let countries: BTreeSet<&str> = view.hubs.iter().map(|hub| hub.country.as_str()).collect();
    html! {
        form class="filter" method="get" action="/registry" {
            (choice(scene, "continent", "Continent", continents()))
            (choice(scene, "country", "Country", countries.into_iter()))
            (choice(scene, "status", "Status", statuses.into_iter()))
            button class="q" { "Show" }
        }
    }
}

/// A list to choose one value of, or all.
pub(super) fn choice<'a>(
    scene: &Scene,
    name: &str,
    label: &str,
    values: impl Iterator<Item = &'a str>,
) -> Markup {
    html! {
        label { (label)
            select name=(name) {
                option value="" { "all" }
                @for value in values {
                    option value=(value) selected[scene.asked(name) == Some(value)] { (plain(value)) }
                }
            }
        }
    }
}

fn table(view: &View, hubs: &[&Hub]) -> Markup {
    html! {
        table class="stack" {
            thead { tr { th { "Hub" } th { "City" } th { "Country" } th { "Status" } th { "Since" } th { "Sponsored by" } } }
            tbody {
                @for hub in hubs {
                    tr {
                        td data-label="Hub" { a href={ "/hubs/" (hub.key()) } { (peers(&hub.name)) } }
                        td data-label="City" { (peers(&hub.city)) }
                        td data-label="Country" { span { (peers(&hub.country)) " " span class="mute" { (continent(&hub.country)) } } }
                        td data-label="Status" { span { (hub_tag(&hub.status)) } }
                        td data-label="Since" { @if let Some(since) = hub.since { (day(since)) } }
                        td data-label="Sponsored by" { @if hub.sponsor.is_some() { span { (hub_link(view, hub.sponsor.as_deref())) } } }
                    }
                }
            }
        }
    }
}
