//! `/api/v1`: one table of operations. Routes, the OpenAPI document and the reference page are made of it,
//! so that none can say what another does not.

mod documents;
mod live;
mod openapi;
mod operations;
pub(crate) mod problem;
mod read;
pub(crate) mod records;
mod schema;
mod writing;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, RawPathParams, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::Value;

pub(crate) use openapi::document;
pub(crate) use operations::OPERATIONS;
use operations::PUBLIC;
pub(crate) use schema::{Field, SCHEMAS, Type};

use crate::reader;
use crate::respond;
use crate::server::Web;
use crate::snapshot::{Picture, Snapshot};
use problem::Problem;

/// Items of a page where the caller does not say.
pub(crate) const PAGE: usize = 100;
/// Items of a page at the most.
pub(crate) const LONGEST_PAGE: usize = 1_000;

/// One operation. None signs: what changes anything takes what its author signed elsewhere.
pub(crate) struct Operation {
    /// Its name in the document.
    pub(crate) id: &'static str,
    /// Its address, with parameters in braces.
    pub(crate) path: &'static str,
    /// What it answers, in a sentence.
    pub(crate) summary: &'static str,
    /// What it takes, by type, where it takes JSON: it is a `POST` then, and a `GET` otherwise.
    pub(crate) body: Option<&'static [Field]>,
    /// What it may be asked, in the address and behind it.
    pub(crate) parameters: &'static [Parameter],
    /// What it answers, by type.
    pub(crate) answers: Answers,
    run: Run,
}

/// A parameter.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) what: &'static str,
    /// What the value may be.
    pub(crate) kind: Kind,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
}

/// What the value of a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// A count from 1 to the longest page.
    Limit,
    /// One of some words.
    Words(&'static [&'static str]),
}

/// What an operation answers.
pub(crate) enum Answers {
    /// JSON with these fields, and `as_of`.
    Json(&'static [Field]),
    /// A file, or a stream, of that media type.
    Other(&'static str),
}

type Asked = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

enum Run {
    /// Answered from the picture of the registry; the same picture gives the same answer.
    Seen(fn(&Ask, &Picture) -> Result<Value, Problem>),
    /// Answered from what is known now.
    Now(fn(&Ask) -> Result<Value, Problem>),
    /// Asks the node, or answers something else than JSON.
    Asks(fn(Ask) -> Asked),
    /// Hands what it was given to the node.
    Takes(fn(Ask, Value) -> Asked),
}

/// One call.
pub(crate) struct Ask {
    pub(crate) web: Arc<Web>,
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) headers: HeaderMap,
    path: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
}

impl Operation {
    /// Whether anybody may call it at the public listener.
    pub(crate) fn is_public(&self) -> bool {
        PUBLIC.contains(&self.id)
    }
}

/// Whether an address is for programs.
pub(crate) fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Every operation at its address.
pub(crate) fn routes() -> Router<Arc<Web>> {
    routes_of(OPERATIONS.iter())
}

/// Those that anybody may call.
pub(crate) fn public_routes() -> Router<Arc<Web>> {
    routes_of(OPERATIONS.iter().filter(|operation| operation.is_public()))
}

fn routes_of(operations: impl Iterator<Item = &'static Operation>) -> Router<Arc<Web>> {
    operations.fold(Router::new(), |router, operation| {
        let handler = async move |State(web): State<Arc<Web>>,
                                  path: RawPathParams,
                                  query: Query<Vec<(String, String)>>,
                                  headers: HeaderMap,
                                  body: Bytes| {
            let path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            answer(operation, web, path, query.0, headers, &body)
                .await
                .unwrap_or_else(axum::response::IntoResponse::into_response)
        };
        router.route(operation.path, if operation.body.is_some() { post(handler) } else { get(handler) })
    })
}

/// Reads what an operation takes.
fn taken(headers: &HeaderMap, body: &[u8]) -> Result<Value, Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    // A form of another page cannot say this type, whatever it puts into its fields.
    if kind.split(';').next().map(str::trim) != Some("application/json") {
        let why = format!("this takes application/json, not {kind:?}");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Media type", why));
    }
    serde_json::from_slice(body).map_err(|error| Problem::bad_request(format!("this is no JSON: {error}")))
}

async fn answer(
    operation: &Operation,
    web: Arc<Web>,
    path: BTreeMap<String, String>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: &[u8],
) -> Result<Response, Problem> {
    let query = checked(operation, query)?;
    let snapshot = web.snapshots.current().await;
    let ask = Ask { web, snapshot, headers, path, query };
    match operation.run {
        Run::Seen(run) => {
            let picture = ask.picture()?;
            let etag = format!("\"{}\"", ask.snapshot.tag);
            if respond::holds(&ask.headers, &etag) {
                return Ok(respond::tagged(&ask.headers, &ask.snapshot.tag, "application/json", ""));
            }
            let body = ask.with_as_of(run(&ask, picture)?).to_string();
            Ok(respond::tagged(&ask.headers, &ask.snapshot.tag, "application/json", body))
        }
        Run::Now(run) => Ok(ask.json(run(&ask)?)),
        Run::Asks(run) => run(ask).await,
        Run::Takes(run) => {
            let taken = taken(&ask.headers, body)?;
            run(ask, taken).await
        }
    }
}

/// The parameters behind the address: each known, once, and of its kind.
fn checked(operation: &Operation, query: Vec<(String, String)>) -> Result<BTreeMap<String, String>, Problem> {
    let mut checked = BTreeMap::new();
    for (name, value) in query {
        let known = operation.parameters.iter().find(|p| p.name == name && p.place == Place::Query);
        let Some(parameter) = known else {
            return Err(Problem::bad_request(format!("{name:?} is no parameter of {}", operation.id)));
        };
        match parameter.kind {
            Kind::Limit if !value.parse().is_ok_and(|limit| (1..=LONGEST_PAGE).contains(&limit)) => {
                let why = format!("{name} is a whole number from 1 to {LONGEST_PAGE}, not {value:?}");
                return Err(Problem::bad_request(why));
            }
            Kind::Words(words) if !words.contains(&value.as_str()) => {
                let why = format!("{name} is one of {}, not {value:?}", words.join(", "));
                return Err(Problem::bad_request(why));
            }
            Kind::Text | Kind::Limit | Kind::Words(_) => {}
        }
        if checked.insert(name, value).is_some() {
            return Err(Problem::bad_request(format!("{} is given twice", parameter.name)));
        }
    }
    Ok(checked)
}

impl Ask {
    /// A parameter of the address.
    fn named(&self, name: &str) -> &str {
        self.path.get(name).map_or("", String::as_str)
    }

    /// A parameter behind the address.
    fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// How many items are asked for.
    fn limit(&self) -> usize {
        self.asked("limit").and_then(|limit| limit.parse().ok()).unwrap_or(PAGE)
    }

    /// The registry, or why there is none.
    fn picture(&self) -> Result<&Picture, Problem> {
        match (&self.snapshot.picture, &self.snapshot.down) {
            (Some(picture), _) => Ok(picture),
            (None, Some(why)) => Err(Problem::not_running(why.clone())),
            (None, None) => Err(Problem::no_network()),
        }
    }

    fn with_as_of(&self, mut fields: Value) -> Value {
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("as_of".to_owned(), serde_json::json!(self.snapshot.as_of()));
        }
        fields
    }

    /// An answer with a tag of its own.
    fn json(&self, fields: Value) -> Response {
        let body = self.with_as_of(fields).to_string();
        let tag = blake3::hash(body.as_bytes()).to_hex()[..24].to_owned();
        respond::tagged(&self.headers, &tag, "application/json", body)
    }
}

/// The document itself.
fn openapi(ask: Ask) -> Asked {
    Box::pin(async move {
        let body = document(reader::is_stranger()).to_string();
        let tag = blake3::hash(body.as_bytes()).to_hex()[..24].to_owned();
        Ok(respond::tagged(&ask.headers, &tag, "application/json", body))
    })
}
