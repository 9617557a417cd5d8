//! The registry: every hub, by continent, country and status.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, RawPathParams, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use cohub_node::api::Call;
use cohub_registry::AsOf;
use maud::{Markup, html};
use serde_json::Value;

use super::shared::{empty, hub_link, hub_tag, status_words};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::places::{continent, continents};
use crate::reader;
use crate::respond::escaped;
use crate::seen::{Hub, View};
use crate::server::Web;
use crate::spreadsheet::csv;
use crate::words::{day, end_of, harmless, peers, plain};

pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/registry", get(shown)).route("/registry.csv", get(table_to_keep))
}

async fn shown(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let scene = match Scene::set(web, &path, query).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let drawn = match then(&scene).await {
        Ok(None) => page(&scene, scene.view(), None),
        Ok(Some(whole)) => read(&whole).and_then(|view| page(&scene, &view, scene.asked("at"))),
        Err(problem) => Err(problem),
    };
    scene.show(drawn)
}

/// The hubs as a file that spreadsheets read.
async fn table_to_keep(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let scene = match Scene::set(web, &path, query).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    match then(&scene).await {
        Err(problem) => scene.show(Err(problem)),
        Ok(whole) => {
            let table = csv(whole.as_ref().unwrap_or(&scene.picture.whole));
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"registry.csv\""),
            ];
            (headers, table).into_response()
        }
    }
}

/// The registry as it was at the end of the day that is asked for; none where no day is.
async fn then(scene: &Scene) -> Result<Option<Value>, Problem> {
    // To tell the past over is work for the node, which strangers are not to give it.
    let Some(day) = scene.asked("at").filter(|_| !reader::is_stranger()) else { return Ok(None) };
    let unread = || Problem::bad_request(format!("{day:?} is no day: write it as 2026-11-24."));
    let as_of = AsOf::Date(end_of(day).ok_or_else(unread)?);
    Ok(Some(scene.web.node.call(&Call::RegistryAt { as_of }).await?))
}

fn read(whole: &Value) -> Result<View, Problem> {
    View::read(whole).map_err(|error| Problem::not_running(format!("the registry cannot be read: {error}")))
}

pub(super) fn page(scene: &Scene, view: &View, at: Option<&str>) -> Result<Shown, Problem> {
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
        h1 { (t!("place-registry")) }
        @if !reader::is_stranger() { p { a class="btn q" href="/invite" { (t!("registry-invite")) } } }
        p class="lead" {
            (t!("registry-lead"))
        }
        @if let Some(day) = at {
            section class="card warn gap" role="status" {
                p { (t!("registry-as-it-was", day = html! { strong { (harmless(day)) } }, link = html! { a href="/registry" { (t!("registry-as-it-is")) } })) }
            }
        }
        (filter(scene, view, at))
        section class="card" {
            h2 {
                @if shown.len() < view.hubs.len() { (t!("registry-hubs-of", shown = shown.len(), all = view.hubs.len())) }
                @else { (t!("hubs", count = shown.len())) }
            }
            @if shown.is_empty() { (empty(&t!("registry-none"))) }
            @else { (table(view, &shown)) }
        }
        p class="small" { a href="/api/v1/registry" { (t!("registry-as-json")) } " · "
            a href={ "/registry.csv" @if let Some(day) = at { "?at=" (escaped(day)) } } download { (t!("registry-as-csv")) } }
    };
    Ok(Shown { place: "/registry", title: said!("place-registry"), body })
}

fn filter(scene: &Scene, view: &View, at: Option<&str>) -> Markup {
    let statuses: BTreeSet<&str> = view.hubs.iter().map(|hub| hub.status.as_str()).collect();
    let countries: BTreeSet<&str> = view.hubs.iter().map(|hub| hub.country.as_str()).collect();
    html! {
        form class="filter" method="get" action="/registry" {
            (choice(scene, "continent", &said!("registry-continent"), continents(), continent_words))
            (choice(scene, "country", &said!("country"), countries.into_iter(), plain))
            (choice(scene, "status", &said!("status-title"), statuses.into_iter(), |status| status_words(view, status)))
            @if !reader::is_stranger() { label { (t!("registry-on")) input type="date" name="at" value=[at.map(harmless)]; } }
            button class="q" { (t!("show")) }
        }
    }
}

/// A continent's name as people write it.
pub(super) fn continent_words(name: &str) -> String {
    said!("continent", name = name.replace(' ', "-"))
}

/// A list to choose one value of, or all; each as these words say it.
pub(super) fn choice<'a>(
    scene: &Scene,
    name: &str,
    label: &str,
    values: impl Iterator<Item = &'a str>,
    words: impl Fn(&str) -> String,
) -> Markup {
    html! {
        label { (label)
            select name=(name) {
                option value="" { (t!("all")) }
                @for value in values {
                    option value=(value) selected[scene.asked(name) == Some(value)] { (words(value)) }
                }
            }
        }
    }
}

fn table(view: &View, hubs: &[&Hub]) -> Markup {
    html! {
        table class="stack" {
            thead { tr { th { (t!("hub")) } th { (t!("city")) } th { (t!("country")) } th { (t!("status-title")) } th { (t!("since")) } th { (t!("sponsored-by")) } } }
            tbody {
                @for hub in hubs {
                    tr {
                        td data-label=(said!("hub")) { a href={ "/hubs/" (hub.key()) } { (peers(&hub.name)) } }
                        td data-label=(said!("city")) { (peers(&hub.city)) }
                        td data-label=(said!("country")) { span { (peers(&hub.country)) " " span class="mute" { (continent_words(continent(&hub.country))) } } }
                        td data-label=(said!("status-title")) { span { (hub_tag(view, &hub.status)) } }
                        td data-label=(said!("since")) { @if let Some(since) = hub.since { (day(since)) } }
                        td data-label=(said!("sponsored-by")) { @if hub.sponsor.is_some() { span { (hub_link(view, hub.sponsor.as_deref())) } } }
                    }
                }
            }
        }
    }
}
