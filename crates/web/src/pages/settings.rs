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
use crate::words::{day, harmless, peers};

/// For how long a browser keeps which language was chosen.
const YEAR_SECONDS: u32 = 365 * 24 * 60 * 60;

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let home = scene.web.node.home();
    let explained = Settings::explain(home, &flags(std::collections::BTreeMap::new()));
    let body = html! {
        h1 { "Settings" }
        p class="lead" { "Each value, and where it comes from: a flag, the environment, a file, or the default." }
        section class="card gap" {
            h2 { "Of the node in " code { (home.dir().display()) } }
            @match &explained {
                Err(error) => p { span class="tag r" { "wrong" } " " (harmless(&error.to_string())) },
                Ok(settings) => table class="stack" {
                    thead { tr { th { "Setting" } th { "Value" } th { "From" } } }
                    tbody {
                        @for one in settings {
                            tr {
                                td data-label="Setting" { code { (one.key) } }
                                td data-label="Value" { (written(&one.value)) }
                                td data-label="From" { (harmless(&one.origin)) }
                            }
                        }
                    }
                },
            }
            p class="mute small" { "Change one with " code { "cohub config set KEY VALUE" } "; a node that runs takes it up when it is started again." }
        }
        (languages())
        (copies(home))
        (tokens(home))
        section class="card" {
            h2 { "These pages" }
            p { "They are for browsers that opened an address of " code { "cohub ui --print" } ". Such an address works once, within an hour; the cookie that it leaves ends with this server." }
            p { "Other machines reach them only by TLS, under the names in " code { "page_names" } ", and with the login that " code { "cohub ui --new-login" } " made." }
        }
    };
    Ok(Shown { place: "/settings", title: "Settings".to_owned(), body })
}

/// Where the language is chosen.
pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/settings/language", post(choose))
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
    let (tag, seconds) = match language::known(&chosen) {
        Some(language) => (language.tag, YEAR_SECONDS),
        None => ("", 0),
    };
    let cookie = format!("{}={tag}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}", reader::COOKIE);
    let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, "/settings#language".to_owned())];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// Whether the keys in the home are also somewhere else.
fn copies(home: &cohub_node::Home) -> Markup {
    html! {
        section class="card gap" {
            h2 { "Copies of keys" }
            @match (backup::missing(home), backup::last(home)) {
                (Err(error), _) | (_, Err(error)) => p { span class="tag r" { "wrong" } " " (harmless(&error.to_string())) },
                (Ok(missing), last) if !missing.is_empty() => {
                    p { span class="tag r" { "missing" } " No copy was made of " (harmless(&missing.join(", "))) ". Keep one elsewhere: " code { "cohub key backup --out FILE" } "." }
                    @if let Ok(Some(last)) = last { p class="mute small" { "The last copy is of " (day(last.at)) "." } }
                },
                (Ok(_), Ok(Some(last))) => p { "The last one was made on " (day(last.at)) ", and holds every key of a person here." },
                (Ok(_), Ok(None)) => (empty("There are no keys to copy. `cohub init` makes a hub's first ones.")),
            }
        }
    }
}

/// Tokens of programs, by name and scope.
fn tokens(home: &cohub_node::Home) -> Markup {
    html! {
        section class="card gap" {
            h2 { "Tokens" }
            @match tokens::list(home) {
                Err(error) => p { span class="tag r" { "wrong" } " " (harmless(&error.to_string())) },
                Ok(tokens) if tokens.is_empty() => (empty("None. `cohub token create --label NAME --scope read` makes one for a program; none can sign.")),
                Ok(tokens) => table class="stack" {
                    thead { tr { th { "Name" } th { "Opens" } th { "Made" } } }
                    tbody {
                        @for token in &tokens {
                            tr {
                                td data-label="Name" { (peers(&token.label)) }
                                td data-label="Opens" { (token.scope.as_str()) }
                                td data-label="Made" { (day(token.made_at)) }
                            }
                        }
                    }
                },
            }
        }
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => harmless(text),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(written).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
