//! The reference of the API, made of the same table as its routes and its OpenAPI document.

use maud::{Markup, html};

use super::{Scene, Shown};
use crate::api::problem::{Problem, TYPES};
use crate::api::{Answers, Field, Kind, OPERATIONS, Operation, SCHEMAS, Type};
use crate::language::{ENGLISH, said, t};
use crate::reader;

pub(super) fn page(_: &Scene) -> Result<Shown, Problem> {
    let body = html! {
        h1 { (t!("place-reference")) }
        p class="lead" {
            (t!("reference-lead", openapi = html! { a href="/api/v1/openapi.json" { (t!("reference-openapi")) } }, problem = html! { a href="/reference/problems" { (t!("reference-a-problem")) } }))
        }
        div class="grid" { @for operation in OPERATIONS.iter().filter(|operation| !reader::is_stranger() || operation.is_public()) { (described(operation)) } }
        h2 id="types" { (t!("reference-types")) }
        div class="grid two" { @for (name, fields) in SCHEMAS { section class="card" id=(name) { h3 { code { (name) } } (fields_of(fields)) } } }
    };
    Ok(Shown { place: "/reference", title: said!("place-reference"), body })
}

pub(super) fn problems(_: &Scene) -> Result<Shown, Problem> {
    let body = html! {
        p class="crumbs" { a href="/reference" { (t!("place-reference")) } " /" }
        h1 { (t!("reference-problems")) }
        p class="lead" { (t!("reference-problems-lead")) }
        section class="card" {
            table class="stack" {
                thead { tr { th { (t!("reference-type")) } th { (t!("reference-meaning")) } } }
                tbody { @for (name, what) in TYPES { tr { td data-label=(said!("reference-type")) { code { "urn:cohub:problem:" (name) } } td data-label=(said!("reference-meaning")) { (english(what)) } } } }
            }
        }
    };
    Ok(Shown { place: "/reference", title: said!("reference-problems"), body })
}

/// A sentence of the OpenAPI document, which is in English for everybody.
fn english(sentence: &str) -> Markup {
    html! { bdi lang=(ENGLISH) { (sentence) } }
}

fn described(operation: &Operation) -> Markup {
    html! {
        section class="card" id=(operation.id) {
            h2 { code { (if operation.body.is_some() { "POST" } else { "GET" }) " " (operation.path) } }
            p { (english(operation.summary)) "." }
            @if !operation.parameters.is_empty() {
                dl {
                    @for parameter in operation.parameters {
                        dt { code { (parameter.name) } }
                        dd { (english(parameter.what)) @if let Kind::Words(words) = parameter.kind { ": " code { (words.join(", ")) } } }
                    }
                }
            }
            @if let Some(fields) = operation.body { p class="small" { (t!("reference-takes")) } (fields_of(fields)) }
            @match operation.answers {
                Answers::Json(fields) => details { summary { (t!("reference-answers")) } (fields_of(fields)) },
                Answers::Other(media_type) => p class="mute small" { (t!("reference-answers-with", media_type = html! { code { (media_type) } })) },
            }
        }
    }
}

fn fields_of(fields: &[Field]) -> Markup {
    html! { dl { @for (name, kind) in fields { dt { code { (name) } } dd { (type_words(*kind)) } } } }
}

fn type_words(kind: Type) -> Markup {
    html! {
        @match kind {
            Type::Text => (t!("type-text")),
            Type::Whole => (t!("type-whole")),
            Type::Number => (t!("type-number")),
            Type::Yes => (t!("type-yes")),
            Type::List(item) => (t!("type-list", item = type_words(*item))),
            Type::Of(name) => a href={ "#" (name) } { code { (name) } },
            Type::Opt(kind) => (t!("type-or-null", kind = type_words(*kind))),
            Type::Any => (t!("type-any")),
        }
    }
}
