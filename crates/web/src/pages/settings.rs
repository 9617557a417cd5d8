//! Settings: each value and where it comes from.

use std::sync::Arc;

use axum::Router;
use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use cohub_node::settings::flags;
use cohub_node::{Settings, backup};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::shared::empty;
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{self, said, t};
use crate::reader;
use crate::server::Web;
use crate::tokens;
use crate::words::{date_both, day, harmless, peers};

/// For how long a browser keeps what was chosen.
const YEAR_SECONDS: u32 = 365 * 24 * 60 * 60;

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let home = scene.web.node.home();
    let explained = Settings::explain(home, &flags(std::collections::BTreeMap::new()));
    let body = html! {
        h1 { (t!("place-settings")) }
        p class="lead" { (t!("settings-lead")) }
        section class="card gap" {
            h2 { (t!("settings-of-the-node", directory = html! { code { (home.dir().display()) } })) }
            @match &explained {
                Err(error) => p { span class="tag r" { (t!("settings-wrong")) } " " (peers(&error.to_string())) },
                Ok(settings) => table class="stack" {
                    thead { tr { th { (t!("settings-setting")) } th { (t!("settings-value")) } th { (t!("settings-from")) } } }
                    tbody {
                        @for one in settings {
                            tr {
                                td data-label=(said!("settings-setting")) { code { (one.key) } }
                                td data-label=(said!("settings-value")) { code { (written(&one.value)) } }
                                td data-label=(said!("settings-from")) { (origin(&one.origin)) }
                            }
                        }
                    }
                },
            }
            p class="mute small" { (t!("settings-change")) }
        }
        (languages())
        (zones(scene.now_ms))
        (copies(home))
        (tokens(home))
        section class="card" {
            h2 { (t!("settings-pages")) }
            p { (t!("settings-pages-codes")) }
            p { (t!("settings-pages-elsewhere")) }
        }
    };
    Ok(Shown { place: "/settings", title: said!("place-settings"), body })
}

/// Where the language is chosen.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/settings/language", post(choose)).route("/settings/zone", post(choose_zone))
}

/// The language of the pages in this browser: one that there is, or the one that the browser asks for.
fn languages() -> Markup {
    let chosen = reader::chosen();
    let name = |one: &language::Language| match one.is_complete() {
        true => one.own_name(),
        false => said!("settings-language-in-part", language = one.own_name()),
    };
    html! {
        section id="language" class="card gap" {
            h2 { (t!("settings-language")) }
            form method="post" action="/settings/language" {
                label class="above" for="tag" { (t!("settings-language-lead")) }
                select id="tag" name="language" {
                    option value="" selected[chosen.is_none()] { (t!("settings-language-automatic")) }
                    @for one in language::all() {
                        option value=(one.tag) lang=(one.tag) selected[chosen == Some(one.tag)] { (name(one)) }
                    }
                }
                p class="act" { button class="q" { (t!("settings-language-save")) } }
            }
        }
    }
}

#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(default)]
    language: String,
}

/// Keeps which language was chosen, in a cookie that says nothing else.
async fn choose(form: Result<Form<Chosen>, FormRejection>) -> Response {
    let chosen = form.map(|Form(form)| form.language).unwrap_or_default();
    kept(reader::COOKIE, language::known(&chosen).map(|language| language.tag), "/settings#language")
}

/// The time zone of the pages in this browser: one that this machine knows, or the browser's own.
fn zones(now_ms: u64) -> Markup {
    let chosen = reader::chosen_zone();
    let mut names: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
    names.retain(|name| name != "UTC");
    names.sort_unstable();
    names.insert(0, "UTC".to_owned());
    html! {
        section id="zone" class="card gap" {
            h2 { (t!("settings-zone")) }
            form method="post" action="/settings/zone" {
                label class="above" for="name" { (t!("settings-zone-lead")) }
                select id="name" name="zone" {
                    option value="" selected[chosen.is_none()] { (t!("settings-zone-automatic")) }
                    @for name in &names { option value=(name) selected[chosen.as_ref() == Some(name)] { (name) } }
                }
                p class="act" { button class="q" { (t!("settings-zone-save")) } }
            }
            p class="mute small" { (t!("settings-zone-now", date = date_both(now_ms))) }
        }
    }
}

#[derive(Debug, Deserialize)]
struct ChosenZone {
    #[serde(default)]
    zone: String,
}

/// Keeps which time zone was chosen, in a cookie that says nothing else.
async fn choose_zone(form: Result<Form<ChosenZone>, FormRejection>) -> Response {
    let chosen = form.map(|Form(form)| form.zone).unwrap_or_default();
    let known = reader::known_zone(&chosen).map(|_| chosen.as_str());
    kept(reader::ZONE, known, "/settings#zone")
}

/// An answer that leaves a choice with the browser, or takes it back, and leads to a page.
fn kept(cookie: &str, choice: Option<&str>, to: &'static str) -> Response {
    let seconds = if choice.is_some() { YEAR_SECONDS } else { 0 };
    let value = choice.unwrap_or_default();
    let cookie = format!("{cookie}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}");
    (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, to.to_owned())]).into_response()
}

/// Whether the keys in the home are also somewhere else.
fn copies(home: &cohub_node::Home) -> Markup {
    html! {
        section class="card gap" {
            h2 { (t!("settings-copies")) }
            @match (backup::missing(home), backup::last(home)) {
                (Err(error), _) | (_, Err(error)) => p { span class="tag r" { (t!("settings-wrong")) } " " (peers(&error.to_string())) },
                (Ok(missing), last) if !missing.is_empty() => {
                    p { span class="tag r" { (t!("settings-missing")) } " " (t!("settings-no-copy", keys = peers(&missing.join(", ")))) }
                    @if let Ok(Some(last)) = last { p class="mute small" { (t!("settings-last-copy", day = day(last.at))) } }
                },
                (Ok(_), Ok(Some(last))) => p { (t!("settings-copied", day = day(last.at))) },
                (Ok(_), Ok(None)) => (empty(&t!("settings-no-keys"))),
            }
        }
    }
}

/// Tokens of programs, by name and scope.
fn tokens(home: &cohub_node::Home) -> Markup {
    html! {
        section class="card gap" {
            h2 { (t!("settings-tokens")) }
            @match tokens::list(home) {
                Err(error) => p { span class="tag r" { (t!("settings-wrong")) } " " (peers(&error.to_string())) },
                Ok(tokens) if tokens.is_empty() => (empty(&t!("settings-no-tokens"))),
                Ok(tokens) => table class="stack" {
                    thead { tr { th { (t!("name")) } th { (t!("settings-opens")) } th { (t!("made")) } } }
                    tbody {
                        @for token in &tokens {
                            tr {
                                td data-label=(said!("name")) { (peers(&token.label)) }
                                td data-label=(said!("settings-opens")) { code { (token.scope.as_str()) } }
                                td data-label=(said!("made")) { (day(token.made_at)) }
                            }
                        }
                    }
                },
            }
        }
    }
}

/// Where a value comes from, in words; the path of a file as it is.
fn origin(origin: &str) -> Markup {
    match origin {
        "flag" => t!("origin-flag"),
        "default" => t!("origin-default"),
        other => html! { code { (harmless(other)) } },
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => harmless(text),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
