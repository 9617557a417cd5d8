//! What the world may see of a node's registry and of the node, and the listener that shows it.
//!
//! **Invariant**: what is made for strangers is made from a picture in which nothing else stands. A page that
//! forgets for whom it is drawn has nothing to give away.
//!
//! **Invariant**: a stranger changes nothing, gets no cookie, and makes the node ask no peer.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use cohub_node::Home;
use cohub_node::api::Status;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::compression::CompressionLayer;

use crate::api::problem::Problem;
use crate::doorway::Doorway;
use crate::reader::Reader;
use crate::server::{Web, nowhere, other_method};
use crate::snapshot::Audience;
use crate::{WebError, api, assets, pages, place, respond};

/// Answers to strangers that are made at a time; the others wait, so that no crowd stops the node's own people.
const AT_A_TIME: usize = 8;
/// What a stranger is told of a node that does not answer: why is its host's to know.
pub(crate) const DOWN: &str = "The node behind these pages does not answer now.";

/// The public listener of one home, bound and not served yet.
pub struct Public {
    doorway: Doorway,
    web: Arc<Web>,
    address: String,
}

/// What the layers of the public listener share.
#[derive(Clone)]
struct Crowd(Arc<Semaphore>);

impl Public {
    /// Binds the public listener of a home.
    ///
    /// # Errors
    /// Where the address is none, or cannot be listened on.
    pub async fn open(home: &Home, listen: &str) -> Result<Self, WebError> {
        let wanted: SocketAddr = listen.parse().map_err(|_| WebError::PublicListen(listen.to_owned()))?;
        let bound = TcpListener::bind(wanted).await;
        let listener = bound.map_err(|source| WebError::Port { address: listen.to_owned(), source })?;
        let address = format!("http://{}", listener.local_addr().map_err(WebError::Ended)?);
        place::tell_public(home, &address)?;
        Ok(Self {
            doorway: Doorway::new(listener, None),
            web: Arc::new(Web::open(home, Audience::World)?),
            address,
        })
    }

    /// `http://ADDRESS:PORT`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Serves until it is dropped.
    ///
    /// # Errors
    /// If the port is lost.
    pub async fn serve(self) -> Result<(), WebError> {
        let Self { doorway, web, .. } = self;
        let (keeping, following) = (Arc::clone(&web.snapshots), Arc::clone(&web.snapshots));
        tokio::select! {
            served = axum::serve(doorway, router(web)) => served.map_err(WebError::Ended),
            () = keeping.keep() => Ok(()),
            () = following.follow() => Ok(()),
        }
    }
}

/// The routes that are the world's, and nothing else.
fn router(web: Arc<Web>) -> Router {
    let crowd = Crowd(Arc::new(Semaphore::new(AT_A_TIME)));
    Router::new()
        .merge(assets::routes())
        .merge(api::public_routes())
        .merge(pages::public_routes())
        .fallback(nowhere)
        .method_not_allowed_fallback(other_method)
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(crowd, gate))
        .with_state(web)
}

/// Strangers read. Whatever they show, a cookie or a token, says nothing here.
async fn gate(State(Crowd(room)): State<Crowd>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = match room.acquire().await {
        Ok(_turn) if reads => Reader::of(request.headers(), true).answered(next.run(request)).await,
        Ok(_) => {
            let words = "This address shows; it takes nothing.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "Method not allowed", words)
                .into_response()
        }
        Err(_) => Problem::not_running(DOWN).into_response(),
    };
    respond::secure(&mut response);
    response
}

/// The registry as the world may see it. Left out: which person holds which key, who sits on panels, what is
/// between an applicant and its panels (reviews, interviews, what its dossier lacks), and documents that are
/// not everybody's. Keys that signed what is shown stay, since a certificate is checked against them.
pub(crate) fn registry(mut whole: Value) -> Value {
    let lists = ["applications", "hubs", "panels"].map(|name| whole.get_mut(name).map(Value::take));
    let [applications, hubs, panels] = lists;
    let each = |list: Option<Value>, change: fn(&mut Value)| match list {
        Some(Value::Array(mut items)) => {
            items.iter_mut().for_each(change);
            Value::Array(items)
        }
        _ => Value::Array(Vec::new()),
    };
    let changed = [
        ("applications", each(applications, application)),
        ("hubs", each(hubs, |hub| put(hub, "keys", Value::Array(Vec::new())))),
        ("panels", each(panels, |panel| put(panel, "members", Value::Array(Vec::new())))),
    ];
    for (name, list) in changed {
        put(&mut whole, name, list);
    }
    whole
}

fn application(one: &mut Value) {
    for list in ["reviews", "interviews"] {
        put(one, list, Value::Array(Vec::new()));
    }
    put(one, "next", Value::Null);
    if let Some(documents) = one.get_mut("documents").and_then(Value::as_array_mut) {
        documents.retain(|document| document.get("scope").and_then(Value::as_str) == Some("public"));
    }
}

fn put(of: &mut Value, field: &str, value: Value) {
    if let Some(fields) = of.as_object_mut() {
        fields.insert(field.to_owned(), value);
    }
}

/// How the node is, as far as the world may know: whose it is, how much it holds, when it last heard from others.
pub(crate) fn status(whole: Status) -> Status {
    let (peer_id, addresses, peers, warnings) = (String::new(), Vec::new(), Vec::new(), Vec::new());
    Status { peer_id, addresses, peers, warnings, ..whole }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_world_sees_who_is_in_and_not_what_is_between_an_applicant_and_its_panels() {
        let document = |scope: &str| json!({ "id": scope, "scope": scope });
        let documents = ["public", "members", "sealed", "unheard-of"].map(document);
        let whole = json!({
            "head": "h", "motions": [{ "id": "m" }],
            "hubs": [{ "slug": "vienna", "controller": "c", "keys": [{ "key": "k" }] }],
            "panels": [{ "panel": "space", "members": [{ "key": "k" }] }],
            "applications": [{
                "id": "a", "reviews": [{ "id": "r" }], "interviews": [{ "id": "i" }], "next": { "missing": ["x"] },
                "documents": documents,
            }],
        });
        let expected = json!({
            "head": "h", "motions": [{ "id": "m" }],
            "hubs": [{ "slug": "vienna", "controller": "c", "keys": [] }],
            "panels": [{ "panel": "space", "members": [] }],
            "applications": [{
                "id": "a", "reviews": [], "interviews": [], "next": null,
                "documents": [{ "id": "public", "scope": "public" }],
            }],
        });
        assert_eq!(registry(whole), expected);
        assert_eq!(registry(expected.clone()), expected, "what was left out stays out");
    }
}
