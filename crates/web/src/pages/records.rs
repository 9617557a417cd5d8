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
use crate::seen::View;
use crate::server::Web;
use crate::words::{date, harmless, peers, record_link};

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
        title: "Records".to_owned(),
        body: list_body(&scene, &page),
    });
    scene.show(shown)
}

fn list_body(scene: &Scene, page: &asked::Page) -> Markup {
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
        h1 { "Records" }
        p class="lead" { "Everything that is known stands in these: signed by one key, held by all. The newest first, by their authors' clocks." }
        form class="filter" method="get" action="/records" {
            (choice(scene, "kind", "Kind", Kind::ALL.iter().map(|kind| kind.as_str()), str::to_owned))
            label { "Key" input type="search" name="author" value=(scene.asked("author").unwrap_or_default()) placeholder="did:key:…"; }
            button class="q" { "Show" }
        }
        section class="card" {
            @if page.records.is_empty() { (empty("No record is like this.")) }
            @else { (table(scene.view(), &page.records)) }
        }
        @if let Some(cursor) = &page.next { p { a class="btn q" href=(further(cursor)) { "Older records" } } }
    }
}

fn table(view: &View, records: &[RecordLine]) -> Markup {
    html! {
        table class="stack" {
            thead { tr { th { "When" } th { "Kind" } th { "Hub" } th { "Key" } th { "Place" } th { "Verdict" } th { "Record" } } }
            tbody {
                @for line in records {
                    tr {
                        td data-label="When" { (date(line.at)) }
                        td data-label="Kind" { (peers(&line.kind)) }
                        td data-label="Hub" { span { @if let Some(hub) = &line.hub { (seat_link(view, hub)) } } }
                        td data-label="Key" { (key(&line.author.to_string())) }
                        td data-label="Place" { (line.seq) }
                        td data-label="Verdict" { span { (verdict(&line.verdict)) } }
                        td data-label="Record" { (record_link(&line.id.to_string())) }
                    }
                }
            }
        }
    }
}

fn verdict(words: &str) -> Markup {
    html! {
        @match words {
            "valid" => span class="tag" { "valid" },
            "pending" => span class="tag w" { "pending" },
            why => { span class="tag r" { "void" } " " (peers(why)) }
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
        title: format!("{} record", harmless(&record.line.kind)),
        body: one_body(scene.view(), &record),
    });
    scene.show(shown)
}

fn one_body(view: &View, record: &RecordView) -> Markup {
    let line = &record.line;
    let author = line.author.to_string();
    html! {
        p class="crumbs" { a href="/records" { "Records" } " /" }
        h1 { "A record of the kind " (peers(&line.kind)) }
        p class="lead" { (verdict(&line.verdict)) " · written " (date(line.at)) " by its author's clock" }
        div class="grid two" {
            div class="grid" {
                section class="card" {
                    h2 { "Decoded" }
                    pre tabindex="0" { (harmless_block(&record.body)) }
                    @if !record.attachments.is_empty() { h3 { "Attachments" } pre tabindex="0" { (harmless_block(&serde_json::Value::from(record.attachments.clone()))) } }
                }
                section class="card" { h2 { "Raw" } p class="mute small" { "Author, signature and header, as they were signed. The id covers every byte; the signature was verified before this was decoded." } pre tabindex="0" { (record.raw) } }
            }
            div class="grid" {
                section class="card" {
                    h2 { "Where it stands" }
                    dl {
                        dt { "Id" } dd { code { (line.id) } }
                        dt { "Author" } dd { a href={ "/records?author=" (author) } { (key(&author)) } @if let Some(hub) = &line.hub { " of " (seat_link(view, hub)) } }
                        dt { "Place" } dd { (line.seq) @if let Some(prev) = &record.prev { ", after " (record_link(&prev.to_string())) } }
                    }
                }
                section class="card" {
                    h2 { "It builds on" }
                    @if record.cites.iter().all(Vec::is_empty) { (empty("Nothing but its place.")) }
                    ul class="plain" { @for id in record.cites.iter().flatten() { li { (record_link(&id.to_string())) } } }
                }
                section class="card" {
                    h2 { "It is cited by" }
                    @if record.cited_by.is_empty() { (empty("Nothing that is held here.")) }
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
