//! What people sign about an application: handing in documents, reviewing, interviewing, asking for the vote
//! on its next stage, and both sides' signatures.
//!
//! Every act goes by the same addresses, none of which needs a script: the dossier with its forms, the review
//! of what a form says, and the act. A file is uploaded before, and waits for its signature.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, Multipart, Query, RawPathParams, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use cohub_node::keystore::KeyInfo;
use cohub_record::limits::ATTACHMENT_BYTES;
use cohub_record::{Id, List, Scope};
use cohub_registry::{Intent, Role, Score};
use maud::html;

use super::confirm::{self, Agreed, Deed, Fields, Standing, field, read, reviewed, signed};
use super::records::kind_words;
use super::shared::seat_link;
use super::{Scene, applications, dossier};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::seen::Application;
use crate::server::Web;
use crate::signing::{Enclosed, TEXT_BYTES, Wanted, chosen, keys_with, text_of};
use crate::uploads;
use crate::words::{distance, peers};

/// What stands in an upload's form around the file.
const AROUND_BYTES: u64 = 64 * 1024;
/// Letters of a field beside the file.
const FIELD_BYTES: usize = 1_000;
/// Marks that a form has room for.
pub(super) const MARKS: usize = 4;
/// The name under which an application is begun.
pub(super) const NEW: &str = "new";

pub(super) fn routes() -> Router<Arc<Web>> {
    let limit = usize::try_from(ATTACHMENT_BYTES.saturating_add(AROUND_BYTES)).unwrap_or(usize::MAX);
    Router::new()
        .route("/applications/{name}", get(page))
        .route("/applications/{name}/review", get(review_of_a_file).post(review))
        .route("/applications/{name}/sign", post(sign))
        .route("/applications/{name}/upload", post(upload).layer(DefaultBodyLimit::max(limit)))
}

async fn page(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let scene = match Scene::set(web, &path, query).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let standing = match scene.asked("written") {
        Some(id) => confirm::standing(&scene, id).await,
        None => Standing::default(),
    };
    scene.show(dossier::page(&scene, &standing))
}

/// Takes a file, and leads to what will be signed of it.
async fn upload(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let scene = match Scene::set(web, &path, BTreeMap::new()).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    match uploaded(&scene, &headers, form).await {
        Ok(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response(),
        Err(problem) => scene.show(Err(problem)),
    }
}

async fn uploaded(
    scene: &Scene,
    headers: &HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<String, Problem> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > ATTACHMENT_BYTES.saturating_add(AROUND_BYTES)) {
        return Err(uploads::too_large(ATTACHMENT_BYTES));
    }
    let mut form = form.map_err(|error| Problem::bad_request(error.body_text()))?;
    let (mut fields, mut file) = (Fields::new(), None);
    while let Some(mut part) = form.next_field().await.map_err(|error| uploads::cut_off(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            file = Some(scene.web.uploads()?.take(part, ATTACHMENT_BYTES).await?);
            continue;
        }
        let mut value = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|error| uploads::cut_off(&error))? {
            value.extend_from_slice(&chunk);
            if value.len() > FIELD_BYTES || fields.len() > 8 {
                return Err(Problem::bad_request(said!("wrong-fields")));
            }
        }
        fields.insert(name, String::from_utf8_lossy(&value).into_owned());
    }
    let file = file.ok_or_else(|| Problem::bad_request(said!("choose-a-file")))?;
    let query: Vec<String> = [("act", "document"), ("upload", file.as_str())]
        .into_iter()
        .chain(["document_type", "scope"].map(|name| (name, field(&fields, name))))
        .map(|(name, value)| format!("{name}={}", crate::respond::escaped(value)))
        .collect();
    Ok(format!("/applications/{}/review?{}", crate::respond::escaped(&scene.name), query.join("&")))
}

/// What will be signed of a file that was uploaded. Nothing is changed by looking at it.
async fn review_of_a_file(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    Query(fields): Query<Fields>,
) -> Response {
    show(web, &path, Ok(Form(fields))).await
}

async fn review(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    show(web, &path, form).await
}

async fn show(web: Arc<Web>, path: &RawPathParams, form: Result<Form<Fields>, FormRejection>) -> Response {
    let scene = match Scene::set(web, path, BTreeMap::new()).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let shown = async {
        let fields = read(form)?;
        reviewed(&scene, &deed(&scene, &fields)?, &fields).await
    };
    scene.show(shown.await)
}

async fn sign(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    form: Result<Form<Agreed>, FormRejection>,
) -> Response {
    let scene = match Scene::set(web, &path, BTreeMap::new()).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let act = async {
        let agreed = read(form)?;
        let (deed, upload) = (deed(&scene, &agreed.fields)?, field(&agreed.fields, "upload").to_owned());
        let act = signed(&scene, &deed, agreed).await?;
        if matches!(act, confirm::Act::Done(_)) {
            scene.web.uploads()?.forget(&upload);
        }
        Ok(act)
    };
    match act.await {
        Ok(act) => act.answer(&scene, |id| {
            // The picture may not know a new application yet: the list has nothing that could lack.
            let of = if scene.name == NEW { String::new() } else { format!("/{}", scene.name) };
            format!("/applications{of}?written={id}#written")
        }),
        Err(problem) => scene.show(Err(problem)),
    }
}

/// The act that a form asks for.
fn deed(scene: &Scene, fields: &Fields) -> Result<Deed, Problem> {
    let view = scene.view();
    if scene.name == NEW {
        let claim = applications::claim(scene);
        let about = match &claim {
            None => t!("deed-applies"),
            Some(claim) => t!("deed-claims", claim = html! { strong { (peers(claim.as_str())) } }),
        };
        let wanted =
            Wanted { intent: Intent::Application { claim }, key: controller(scene)?, enclosed: Vec::new() };
        let back = ("/applications".to_owned(), t!("place-applications"));
        return Ok(Deed {
            wanted,
            place: "/applications",
            back,
            about,
            to: format!("/applications/{NEW}/sign"),
        });
    }
    let application = dossier::find(scene)?;
    let to = format!("/applications/{}", application.id);
    Ok(Deed {
        wanted: wanted(scene, application, fields)?,
        place: "/applications",
        about: t!("deed-about", hub = applications::name(view, application)),
        back: (to.clone(), t!("motion-dossier")),
        to: format!("{to}/sign"),
    })
}

fn wanted(scene: &Scene, of: &Application, fields: &Fields) -> Result<Wanted, Problem> {
    let application: Id = of.id.parse().map_err(|error| Problem::not_found(format!("{error}")))?;
    let word = |name: &str| field(fields, name);
    let unusable = |name: &str| Problem::bad_request(said!("choose", what = name));
    let panelist = || {
        let none = said!("no-key-on-a-panel");
        chosen(keys_with(&scene.snapshot.own.keys, Role::Panelist), word("key"), none)
    };
    let (intent, key, enclosed) = match word("act") {
        "document" => {
            let document_type = word("document_type").parse().map_err(|_| unusable("document"))?;
            let scope = match word("scope") {
                "public" => Scope::Public,
                "members" => Scope::Members,
                _ => return Err(unusable("readers")),
            };
            let file = scene.web.uploads()?.get(word("upload"))?.enclosed(scope)?;
            (Intent::Document { application, document_type }, controller(scene)?, Some(file))
        }
        "review" => {
            let panel = word("panel").parse().map_err(|_| unusable("panel"))?;
            let recommendation = word("recommendation").parse().map_err(|_| unusable("recommendation"))?;
            let text = Enclosed::text("review.txt", &text_of(word("text"), TEXT_BYTES)?)?;
            let scores = marks(fields)?;
            (Intent::Review { application, panel, recommendation, scores }, panelist()?, text)
        }
        "interview" => {
            let outcome = word("outcome").parse().map_err(|_| unusable("outcome"))?;
            let notes = Enclosed::text("notes.txt", &text_of(word("text"), TEXT_BYTES)?)?;
            (Intent::Interview { application, outcome }, panelist()?, notes)
        }
        "admission" => {
            let key =
                if is_own(scene, of) { controller(scene)? } else { representative(scene, word("key"))? };
            (Intent::SignAdmission { application }, key, None)
        }
        "advance" => {
            let deadline_ms = word("deadline").parse().map_err(|_| unusable("deadline"))?;
            let open_by_ms = word("open_by").parse().map_err(|_| unusable("deadline"))?;
            let intent = Intent::Advance { application, stage: None, deadline_ms, open_by_ms };
            (intent, representative(scene, word("key"))?, None)
        }
        other => return Err(Problem::bad_request(said!("wrong-act", act = format!("{other:?}")))),
    };
    Ok(Wanted { intent, key, enclosed: enclosed.into_iter().collect() })
}

/// Marks of a review: criteria with their points, where both are said.
fn marks(fields: &Fields) -> Result<List<Score, 32>, Problem> {
    let mut scores = Vec::new();
    for at in 0..MARKS {
        let (criterion, points) =
            (field(fields, &format!("criterion{at}")).trim(), field(fields, &format!("points{at}")).trim());
        if criterion.is_empty() && points.is_empty() {
            continue;
        }
        let unusable = || {
            let mark = format!("{criterion:?} {points:?}");
            Problem::bad_request(said!("wrong-mark", mark = mark))
        };
        let points = points.parse().map_err(|_| unusable())?;
        scores.push(Score { criterion: criterion.parse().map_err(|_| unusable())?, points });
    }
    List::new(scores).map_err(|error| Problem::bad_request(error.to_string()))
}

fn controller(scene: &Scene) -> Result<KeyInfo, Problem> {
    scene.snapshot.own.controller.clone().ok_or_else(|| Problem::no_key(said!("no-controller")))
}

fn representative(scene: &Scene, label: &str) -> Result<KeyInfo, Problem> {
    let none = said!("no-key-acts");
    chosen(keys_with(&scene.snapshot.own.keys, Role::Representative), label, none)
}

/// Whether the own hub applies.
pub(super) fn is_own(scene: &Scene, application: &Application) -> bool {
    let own = scene.own_hub().and_then(|hub| hub.id.as_ref());
    own.is_some() && own == application.hub.as_ref()
}

/// What was written just now, and how far it is.
pub(super) fn written(scene: &Scene, standing: &Standing) -> maud::Markup {
    let Some(view) = &standing.view else { return html! {} };
    html! {
        section id="written" class="card gap" data-live {
            h2 { (t!("written-title", kind = kind_words(&view.line.kind), when = distance(view.line.at, scene.now_ms))) }
            (confirm::steps(standing, None))
            @if let Some(hub) = scene.own_hub() { p class="small mute" { (t!("written-for", hub = seat_link(scene.view(), &hub.slug))) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_a_word_and_a_number_or_refused() {
        let marks = |said: &[(&str, &str)]| {
            let fields = said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            marks(&fields).map(|scores| scores.iter().map(|one| one.points).collect::<Vec<_>>())
        };
        assert_eq!(marks(&[]), Ok(vec![]));
        assert_eq!(
            marks(&[("criterion0", "market"), ("points0", " 4 "), ("criterion2", "team"), ("points2", "5")]),
            Ok(vec![4, 5])
        );
        for bad in [("market", ""), ("", "4"), ("market", "much"), ("market", "-1"), ("Two words", "3")] {
            assert!(marks(&[("criterion1", bad.0), ("points1", bad.1)]).is_err(), "{bad:?}");
        }
    }
}
