//! The reference of the API, made of the same table as its routes and its OpenAPI document.

use maud::{Markup, html};

use super::{Scene, Shown};
use crate::api::problem::{Problem, TYPES};
use crate::api::{Answers, Field, Kind, OPERATIONS, Operation, SCHEMAS, Type};
use crate::reader;

pub(super) fn page(_: &Scene) -> Result<Shown, Problem> {
    let body = html! {
        h1 { "API" }
        p class="lead" {
            "What these pages read, for programs: " a href="/api/v1/openapi.json" { "OpenAPI 3.1" }
            ", the same table that the routes are made of. Every answer in JSON carries " code { "as_of" }
            ": the registry's head, the records held, how many are missing. An " code { "ETag" } " changes with it. What goes wrong is "
            a href="/reference/problems" { "a problem with a stable type" } "."
        }
        div class="grid" { @for operation in OPERATIONS.iter().filter(|operation| !reader::is_stranger() || operation.is_public()) { (described(operation)) } }
        h2 id="types" { "Types" }
        div class="grid two" { @for (name, fields) in SCHEMAS { section class="card" id=(name) { h3 { (name) } (fields_of(fields)) } } }
    };
    Ok(Shown { place: "/reference", title: "API".to_owned(), body })
}

pub(super) fn problems(_: &Scene) -> Result<Shown, Problem> {
    let body = html! {
        p class="crumbs" { a href="/reference" { "API" } " /" }
        h1 { "Problems" }
        p class="lead" { "As RFC 9457 has them: " code { "application/problem+json" } " with type, title, status and a sentence of detail." }
        section class="card" {
            table class="stack" {
                thead { tr { th { "Type" } th { "Meaning" } } }
                tbody { @for (name, what) in TYPES { tr { td data-label="Type" { code { "urn:cohub:problem:" (name) } } td data-label="Meaning" { (what) } } } }
            }
        }
    };
    Ok(Shown { place: "/reference", title: "Problems".to_owned(), body })
}

fn described(operation: &Operation) -> Markup {
    html! {
        section class="card" id=(operation.id) {
            h2 { code { (if operation.body.is_some() { "POST" } else { "GET" }) " " (operation.path) } }
            p { (operation.summary) "." }
            @if !operation.parameters.is_empty() {
                dl {
                    @for parameter in operation.parameters {
                        dt { code { (parameter.name) } }
                        dd { (parameter.what) @if let Kind::Words(words) = parameter.kind { ": " (words.join(", ")) } }
                    }
                }
            }
            @if let Some(fields) = operation.body { p class="small" { "Takes JSON:" } (fields_of(fields)) }
            @match operation.answers {
                Answers::Json(fields) => details { summary { "Answers" } (fields_of(fields)) },
                Answers::Other(media_type) => p class="mute small" { "Answers " code { (media_type) } },
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
            Type::Text => "text",
            Type::Whole => "whole number",
            Type::Number => "number",
            Type::Yes => "true or false",
            Type::List(item) => { "list of " (type_words(*item)) }
            Type::Of(name) => a href={ "#" (name) } { (name) },
            Type::Opt(kind) => { (type_words(*kind)) ", or null" }
            Type::Any => "as the protocol has it",
        }
    }
}
