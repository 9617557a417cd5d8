//! Records: a page at a time, and each one decoded, raw, with what cites it. Asked of the node.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, RawPathParams, State};
use axum::response::Response;
use axum::routing::get;
use cohub_node::api::{RecordLine, RecordView};
use cohub_registry::Kind;
use maud::{Markup, html};

use super::registry::choice;
use super::shared::{empty, key, seat_link};
use super::{Scene, Shown};
use crate::api::{PAGE, records as asked};
use crate::language::{said, t};
use crate::seen::View;
use crate::server::Web;
use crate::words::{date, harmless, peers, plain, record_link};

pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/records", get(list)).route("/records/{name}", get(one))
}

async fn list(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let scene = match Scene::set(web, &path, query).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let (author, kind, cursor) = (scene.asked("author"), scene.asked("kind"), scene.asked("cursor"));
    let page = asked::page(&scene.web, author, kind, PAGE, cursor).await;
    let shown = page.map(|page| Shown {
        place: "/records",
        title: said!("place-records"),
        body: list_body(&scene, &page),
    });
    scene.show(shown)
}

pub(super) fn list_body(scene: &Scene, page: &asked::Page) -> Markup {
    let further = |cursor: &str| {
        let mut address = format!("/records?cursor={cursor}");
        for name in ["author", "kind"] {
            if let Some(value) = scene.asked(name) {
                address.push_str(&format!("&{name}={value}"));
            }
        }
        address
    };
    html! {
        h1 { (t!("place-records")) }
        p class="lead" { (t!("records-lead")) }
        form class="filter" method="get" action="/records" {
            (choice(scene, "kind", &said!("record-kind-title"), Kind::ALL.iter().map(|kind| kind.as_str()), kind_words))
            label { (t!("key")) " " input type="search" name="author" value=(scene.asked("author").unwrap_or_default()) ; }
            button class="q" { (t!("show")) }
        }
        section class="card" {
            @if page.records.is_empty() { (empty(&t!("records-none"))) }
            @else { (table(scene.view(), &page.records)) }
        }
        @if let Some(cursor) = &page.next { p { a class="btn q" href=(further(cursor)) { (t!("records-older")) } } }
    }
}

fn table(view: &View, records: &[RecordLine]) -> Markup {
    html! {
        table class="stack" {
            thead { tr { th { (t!("when")) } th { (t!("record-kind-title")) } th { (t!("hub")) } th { (t!("key")) } th { (t!("record-place")) } th { (t!("record-verdict")) } th { (t!("record")) } } }
            tbody {
                @for line in records {
                    tr {
                        td data-label=(said!("when")) { (date(line.at)) }
                        td data-label=(said!("record-kind-title")) { (kind_words(&line.kind)) }
                        td data-label=(said!("hub")) { span { @if let Some(hub) = &line.hub { (seat_link(view, hub)) } } }
                        td data-label=(said!("key")) { (key(&line.author.to_string())) }
                        td data-label=(said!("record-place")) { (line.seq) }
                        td data-label=(said!("record-verdict")) { span { (verdict(&line.verdict)) } }
                        td data-label=(said!("record")) { (record_link(&line.id.to_string())) }
                    }
                }
            }
        }
    }
}

/// A kind of record in words.
pub(super) fn kind_words(kind: &str) -> String {
    said!("record-kind", kind = plain(kind))
}

fn verdict(words: &str) -> Markup {
    html! {
        @match words {
            "valid" => span class="tag" { (t!("verdict-valid")) },
            "pending" => span class="tag w" { (t!("verdict-pending")) },
            why => { span class="tag r" { (t!("verdict-void")) } " " (peers(why)) }
        }
    }
}

async fn one(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let scene = match Scene::set(web, &path, query).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let record = asked::record(&scene.web, &scene.name).await;
    let shown = record.map(|record| Shown {
        place: "/records",
        title: said!("record-of-the-kind", kind = kind_words(&record.line.kind)),
        body: one_body(scene.view(), &record),
    });
    scene.show(shown)
}

pub(super) fn one_body(view: &View, record: &RecordView) -> Markup {
    let line = &record.line;
    let author = line.author.to_string();
    html! {
        p class="crumbs" { a href="/records" { (t!("place-records")) } " /" }
        h1 { (t!("record-of-the-kind", kind = kind_words(&line.kind))) }
        p class="lead" { (verdict(&line.verdict)) " " (t!("record-written", date = date(line.at))) }
        div class="grid two" {
            div class="grid" {
                section class="card" {
                    h2 { (t!("record-decoded")) }
                    pre tabindex="0" { code { (harmless_block(&record.body)) } }
                    @if !record.attachments.is_empty() { h3 { (t!("record-attachments")) } pre tabindex="0" { code { (harmless_block(&serde_json::Value::from(record.attachments.clone()))) } } }
                }
                section class="card" { h2 { (t!("record-raw")) } p class="mute small" { (t!("record-raw-words")) } pre tabindex="0" { code { (record.raw) } } }
            }
            div class="grid" {
                section class="card" {
                    h2 { (t!("record-where")) }
                    dl {
                        dt { (t!("hub-id")) } dd { code { (line.id) } }
                        dt { (t!("record-author")) } dd { a href={ "/records?author=" (author) } { (key(&author)) } @if let Some(hub) = &line.hub { " " (t!("record-of-hub", hub = seat_link(view, hub))) } }
                        dt { (t!("record-place")) } dd { (line.seq) @if let Some(prev) = &record.prev { (t!("record-after", record = record_link(&prev.to_string()))) } }
                    }
                }
                section class="card" {
                    h2 { (t!("record-builds-on")) }
                    @if record.cites.iter().all(Vec::is_empty) { (empty(&t!("record-builds-on-nothing"))) }
                    ul class="plain" { @for id in record.cites.iter().flatten() { li { (record_link(&id.to_string())) } } }
                }
                section class="card" {
                    h2 { (t!("record-cited-by")) }
                    @if record.cited_by.is_empty() { (empty(&t!("record-cited-by-nothing"))) }
                    ul class="plain" { @for id in &record.cited_by { li { (record_link(&id.to_string())) } } }
                }
            }
        }
    }
}

/// A value, indented; each text in it made harmless.
fn harmless_block(value: &serde_json::Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.lines().map(harmless).collect::<Vec<_>>().join("\n")
}
