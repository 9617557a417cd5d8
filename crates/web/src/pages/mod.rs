//! The pages: made on the server from one picture of the registry, readable without a script.

mod applications;
mod ballot;
mod begin;
mod charter;
mod charter_changes;
mod committee;
mod confirm;
mod dossier;
mod dossier_acts;
mod dossier_forms;
mod evidence;
mod frame;
mod hub;
mod invite;
mod map;
mod motion;
mod motions;
mod overview;
mod peers;
mod people;
mod projection;
mod records;
mod reference;
mod registry;
mod rules;
mod settings;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, RawPathParams, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

pub(crate) use frame::{login_page, plain_page};

use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::reader;
use crate::respond;
use crate::seen::{Hub, Roll, View};
use crate::server::Web;
use crate::snapshot::{Picture, Snapshot};
use crate::words::now_ms;

/// What a page is made from.
pub(crate) struct Scene {
    pub(crate) web: Arc<Web>,
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) picture: Arc<Picture>,
    pub(crate) now_ms: u64,
    /// What the address names, as in `/hubs/NAME`.
    pub(crate) name: String,
    query: BTreeMap<String, String>,
}

/// A page, without its frame.
pub(crate) struct Shown {
    /// The address of the page in the list at the side that it belongs to.
    pub(crate) place: &'static str,
    pub(crate) title: String,
    pub(crate) body: Markup,
}

type Draw = fn(&Scene) -> Result<Shown, Problem>;

/// Pages that need nothing but the picture.
const PAGES: [(&str, Draw); 12] = [
    ("/", overview::page),
    ("/hubs/{name}", hub::page),
    ("/applications", applications::page),
    ("/motions", motions::page),
    ("/committee", committee::page),
    ("/charter", charter::page),
    ("/people", people::page),
    ("/peers", peers::page),
    ("/evidence", evidence::page),
    ("/settings", settings::page),
    ("/reference", reference::page),
    ("/reference/problems", reference::problems),
];

/// Pages that the public listener has.
const PUBLIC: [(&str, Draw); 9] = [
    ("/", overview::page),
    ("/hubs/{name}", hub::page),
    ("/motions", motions::page),
    ("/motions/{name}", motion::public_page),
    ("/committee", committee::page),
    ("/charter", charter::page),
    ("/evidence", evidence::page),
    ("/reference", reference::page),
    ("/reference/problems", reference::problems),
];

/// The pages that anybody may see, at their addresses.
pub(crate) fn public_routes() -> Router<Arc<Web>> {
    drawn(&PUBLIC).merge(registry::routes())
}

/// Whether anybody may see the page at an address of the list at the side.
fn is_public(place: &str) -> bool {
    place == "/registry" || PUBLIC.iter().any(|(path, _)| *path == place)
}

/// Every page at its address.
pub(crate) fn routes() -> Router<Arc<Web>> {
    drawn(&PAGES)
        .merge(records::routes())
        .merge(ballot::routes())
        .merge(dossier_acts::routes())
        .merge(begin::routes())
        .merge(invite::routes())
        .merge(registry::routes())
        .merge(settings::routes())
        .merge(charter_changes::routes())
}

fn drawn(pages: &[(&'static str, Draw)]) -> Router<Arc<Web>> {
    pages.iter().fold(Router::new(), |router, (path, draw)| {
        let draw = *draw;
        let handler = async move |State(web): State<Arc<Web>>,
                                  path: RawPathParams,
                                  Query(query): Query<BTreeMap<String, String>>| {
            let scene = match Scene::set(web, &path, query).await {
                Ok(scene) => scene,
                Err(response) => return *response,
            };
            scene.show(draw(&scene))
        };
        router.route(path, get(handler))
    })
}

impl Scene {
    /// Gathers what a page is made from, or answers why there is none.
    async fn set(
        web: Arc<Web>,
        path: &RawPathParams,
        query: BTreeMap<String, String>,
    ) -> Result<Self, Box<Response>> {
        let snapshot = web.snapshots.current().await;
        let name = path.iter().next().map(|(_, value)| value.to_owned()).unwrap_or_default();
        Self::of(web, snapshot, name, query)
    }

    /// The same with what is known by now.
    fn of(
        web: Arc<Web>,
        snapshot: Arc<Snapshot>,
        name: String,
        query: BTreeMap<String, String>,
    ) -> Result<Self, Box<Response>> {
        let Some(picture) = snapshot.picture.clone() else {
            let page = if reader::is_stranger() {
                frame::nothing_to_show(&snapshot)
            } else {
                frame::before_a_network(&snapshot, begin::waits_at_a_door(&web))
            };
            return Err(Box::new(respond::page(StatusCode::OK, page)));
        };
        Ok(Self { web, snapshot, picture, now_ms: now_ms(), name, query })
    }

    pub(crate) fn view(&self) -> &View {
        &self.picture.view
    }

    /// A parameter behind the address; none where it is empty.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The own hub, by its controller: slugs are anybody's to take.
    pub(crate) fn own_hub(&self) -> Option<&Hub> {
        let own = self.snapshot.own.hub.as_ref()?.controller.to_string();
        self.view().hubs.iter().find(|hub| hub.controller.as_ref() == Some(&own))
    }

    /// The own hub's seat on the roll of the motion that the address names.
    fn own_seat(&self) -> Option<&Roll> {
        let own = self.snapshot.own_slug()?;
        self.view().motion(&self.name)?.roll.iter().find(|seat| seat.seat == own)
    }

    /// The page in its frame, or why there is none.
    fn show(&self, drawn: Result<Shown, Problem>) -> Response {
        self.show_with(StatusCode::OK, drawn)
    }

    /// The same with another status for what can be shown.
    fn show_with(&self, status: StatusCode, drawn: Result<Shown, Problem>) -> Response {
        match drawn {
            Ok(shown) => respond::page(status, frame::framed(&self.snapshot, self.view(), &shown)),
            Err(problem) => {
                let body = html! {
                    h1 { (t!("not-here")) }
                    p class="lead" { (shared::sentence(problem.detail())) }
                    p { a class="btn" href="/" { (t!("not-here-back")) } }
                };
                let shown = Shown { place: "", title: said!("not-here"), body };
                respond::page(problem.status, frame::framed(&self.snapshot, self.view(), &shown))
            }
        }
    }
}
