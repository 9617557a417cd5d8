//! A motion's page with its ballot: choose, read what will be signed, sign it, and see how far it is.
//!
//! Three addresses, none of which needs a script: the motion with the form, the review of what the form
//! says, and the act.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, RawPathParams, State};
use axum::response::Response;
use axum::routing::{get, post};
use cohub_node::keystore::KeyInfo;
use cohub_registry::{Intent, Role};
use maud::{Markup, html};

use super::Scene;
use super::charter_changes::of_an_amendment;
use super::confirm::{self, Agreed, Deed, Fields, Standing, field, read, reviewed, signed};
use super::motion;
use super::rules::rule_of;
use super::shared::question;
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::seen::{Motion, View};
use crate::server::Web;
use crate::signing::{Enclosed, REASON_BYTES, Wanted, chosen, keys_with, text_of};
use crate::words::harmless;

pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/motions/{name}", get(page))
        .route("/motions/{name}/review", post(review))
        .route("/motions/{name}/ballot", post(ballot))
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
    let standing = standing(&scene).await;
    let amends = match motion::find(&scene) {
        Ok(motion) => of_an_amendment(&scene, motion).await,
        Err(_) => None,
    };
    scene.show(motion::page(&scene, &standing, amends.as_ref()))
}

/// How far the own ballot is: the one that counts, or the one that was just signed.
async fn standing(scene: &Scene) -> Standing {
    let counted = scene.own_seat().and_then(|seat| seat.record.as_deref());
    let Some(ballot) = scene.asked("ballot").or(counted) else { return Standing::default() };
    let standing = confirm::standing(scene, ballot).await;
    Standing { counted: standing.record.is_some() && counted == standing.record.as_deref(), ..standing }
}

async fn review(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    form: Result<Form<Fields>, FormRejection>,
) -> Response {
    let scene = match Scene::set(web, &path, BTreeMap::new()).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let shown = async {
        let fields = read(form)?;
        reviewed(&scene, &deed(&scene, &fields)?, &fields).await
    };
    scene.show(shown.await)
}

async fn ballot(
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
        signed(&scene, &deed(&scene, &agreed.fields)?, agreed).await
    };
    match act.await {
        Ok(act) => act.answer(&scene, |id| format!("/motions/{}?ballot={id}#ballot", scene.name)),
        Err(problem) => scene.show(Err(problem)),
    }
}

/// The ballot that a form asks for.
fn deed(scene: &Scene, fields: &Fields) -> Result<Deed, Problem> {
    let motion = motion::find(scene)?;
    let id = motion.id.parse().map_err(|error| Problem::not_found(format!("{error}")))?;
    let to = format!("/motions/{}", motion.id);
    Ok(Deed {
        wanted: wanted(id, fields, &scene.snapshot.own.keys)?,
        place: "/motions",
        about: question(scene.view(), motion),
        back: (to.clone(), t!("motion-title")),
        to: format!("{to}/ballot"),
    })
}

fn wanted(motion: cohub_record::Id, fields: &Fields, keys: &[KeyInfo]) -> Result<Wanted, Problem> {
    let choice = field(fields, "choice").parse().map_err(|_| Problem::bad_request(said!("ballot-choose")))?;
    let reason = text_of(field(fields, "reason"), REASON_BYTES)?;
    let none = said!("no-key-votes");
    let key = chosen(keys_with(keys, Role::Representative), field(fields, "key"), none)?;
    let enclosed = Enclosed::text("reason.txt", &reason)?.into_iter().collect();
    Ok(Wanted { intent: Intent::Ballot { motion, choice }, key, enclosed })
}

/// The form on the motion's page.
pub(super) fn form(view: &View, motion: &Motion, keys: &[KeyInfo], chosen: Option<&str>) -> Markup {
    let rule = rule_of(view, motion);
    let able: Vec<&KeyInfo> = keys_with(keys, Role::Representative).collect();
    let choices = [
        ("yes", t!("ballot-yes")),
        ("no", t!("ballot-no")),
        ("abstain", t!("ballot-abstain")),
        ("recuse", t!("ballot-recuse")),
    ];
    html! {
        @if chosen.is_some() && rule.as_ref().is_some_and(|rule| rule.early_close) {
            p class="mute" { (t!("ballot-first-counts")) }
        } @else if able.is_empty() {
            p class="mute" { (t!("no-key-votes")) }
        } @else {
            form method="post" action={ "/motions/" (motion.id) "/review" } {
                fieldset {
                    legend class="mute small" {
                        @match rule.as_ref().map(|rule| rule.early_close) {
                            Some(false) => (t!("ballot-can-change")),
                            Some(true) => (t!("ballot-first-counts")),
                            None => (t!("ballot-rule-says")),
                        }
                    }
                    @for (value, words) in choices {
                        label { input type="radio" name="choice" value=(value) required checked[chosen == Some(value)]; span { (words) } }
                    }
                    @if rule.as_ref().is_some_and(|rule| rule.consent) {
                        label { input type="radio" name="choice" value="block" checked[chosen == Some("block")]; span { (t!("ballot-block")) } }
                    }
                }
                label class="above" for="reason" { (t!("ballot-reason")) }
                textarea id="reason" name="reason" rows="3" maxlength="3000" dir="auto" {}
                @if able.len() > 1 {
                    label class="above" for="key" { (t!("ballot-key")) }
                    select id="key" name="key" { @for info in &able { option value=(info.label) { (harmless(&info.label)) } } }
                }
                p class="act" { button { (t!("read-what-you-sign")) } }
            }
        }
    }
}

/// How far a ballot is, from the signature to the count.
pub(super) fn steps(motion: &Motion, standing: &Standing) -> Markup {
    let superseded = standing.record.as_ref().is_some_and(|id| {
        let mut seats = motion.roll.iter();
        seats.any(|seat| seat.superseded.contains(id))
    });
    confirm::steps(standing, superseded.then(|| said!("steps-replaced")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::tests::key;

    #[test]
    fn a_ballot_is_a_choice_with_a_reason_that_travels() {
        let keys = [key("representative", &[Role::Representative], true)];
        let motion = cohub_record::Id::from_bytes([1; 32]);
        let ballot = |choice: &str, reason: &str| {
            let fields = [("choice", choice), ("reason", reason)];
            let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            wanted(motion, &fields, &keys)
        };
        for choice in ["", "maybe", "YES"] {
            assert!(ballot(choice, "").is_err(), "{choice}");
        }
        assert!(ballot("no", "").unwrap().enclosed.is_empty());
        let long = "w".repeat(REASON_BYTES + 1);
        assert!(ballot("no", &long).is_err());
        assert_eq!(ballot("no", &long[1..]).unwrap().enclosed[0].words(), Some(&long[1..]));
    }
}
