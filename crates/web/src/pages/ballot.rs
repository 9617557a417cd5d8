//! A motion's page with its ballot: choose, read what will be signed, sign it, and see how far it is.
//!
//! Three addresses, none of which needs a script: the motion with the form, the review of what the form
//! says, and the act.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, RawPathParams, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use cohub_node::api::{Call, Held, RecordView};
use cohub_node::keystore::{KeyInfo, Passphrase};
use cohub_record::Id;
use cohub_registry::Rule;
use maud::{Markup, html};
use serde::Deserialize;

use super::charter::counting;
use super::motion::{self, Standing};
use super::{
    Scene, Shown,
    shared::{capitalised, question},
};
use crate::api::problem::Problem;
use crate::seen::{Motion, View};
use crate::server::Web;
use crate::signing::{self, Ended, Wanted, voting_keys};
use crate::words::{counted, harmless, peers, plain, record_link};

/// What a person writes into the form.
#[derive(Debug, Deserialize)]
struct Written {
    #[serde(default)]
    choice: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    key: String,
}

/// The same, agreed to.
#[derive(Debug, Deserialize)]
struct Agreed {
    #[serde(default)]
    choice: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    key: String,
    /// The name of what was shown.
    #[serde(default)]
    shown: String,
    passphrase: Passphrase,
}

/// What stands above a review.
enum Note {
    Nothing,
    Passphrase,
    Changed,
}

pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/motions/{name}", get(shown))
        .route("/motions/{name}/review", post(reviewed))
        .route("/motions/{name}/ballot", post(signed))
}

async fn shown(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let scene = match Scene::set(web, &path, query).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let standing = standing(&scene).await;
    scene.show(motion::page(&scene, &standing))
}

/// How far the own ballot is: the one that counts, or the one that was just signed.
async fn standing(scene: &Scene) -> Standing {
    let counted = scene.own_seat().and_then(|seat| seat.record.clone());
    let ballot = scene.asked("ballot").map(str::to_owned).or_else(|| counted.clone());
    let Some(id) = ballot.as_deref().and_then(|id| id.parse::<Id>().ok()) else { return Standing::default() };
    let node = &scene.web.node;
    let held = node.call::<Held>(&Call::Holding { id, peers: 0, wait_ms: 0 }).await.ok();
    let record = node.call::<RecordView>(&Call::Record { id }).await.ok();
    Standing { counted: counted == Some(id.to_string()), ballot: Some(id.to_string()), held, record }
}

async fn reviewed(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    form: Result<Form<Written>, FormRejection>,
) -> Response {
    let scene = match Scene::set(web, &path, BTreeMap::new()).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let reviewed = async {
        let written = read(form)?;
        let wanted = wanted(&scene, &written.choice, &written.reason, &written.key)?;
        let shown = wanted.show(&scene.web).await?;
        Ok(review(&scene, motion::find(&scene)?, &wanted, &shown, &Note::Nothing))
    };
    scene.show(reviewed.await)
}

async fn signed(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    form: Result<Form<Agreed>, FormRejection>,
) -> Response {
    let scene = match Scene::set(web, &path, BTreeMap::new()).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    match act(&scene, form).await {
        Ok(Act::Done(id)) => {
            let to = format!("/motions/{}?ballot={id}#ballot", scene.name);
            (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
        }
        Ok(Act::Again(status, shown)) => scene.show_with(status, Ok(shown)),
        Err(problem) => scene.show(Err(problem)),
    }
}

enum Act {
    Done(Id),
    Again(StatusCode, Shown),
}

async fn act(scene: &Scene, form: Result<Form<Agreed>, FormRejection>) -> Result<Act, Problem> {
    let agreed = read(form)?;
    let wanted = wanted(scene, &agreed.choice, &agreed.reason, &agreed.key)?;
    let motion = motion::find(scene)?;
    Ok(match wanted.sign(&scene.web, &agreed.shown, agreed.passphrase).await? {
        Ended::Stored(id) => Act::Done(id),
        Ended::Changed(shown) => {
            Act::Again(StatusCode::CONFLICT, review(scene, motion, &wanted, &shown, &Note::Changed))
        }
        Ended::Passphrase => {
            let shown = wanted.show(&scene.web).await?;
            Act::Again(StatusCode::FORBIDDEN, review(scene, motion, &wanted, &shown, &Note::Passphrase))
        }
    })
}

fn read<T>(form: Result<Form<T>, FormRejection>) -> Result<T, Problem> {
    form.map(|Form(form)| form).map_err(|error| Problem::bad_request(error.body_text()))
}

fn wanted(scene: &Scene, choice: &str, reason: &str, key: &str) -> Result<Wanted, Problem> {
    let id = motion::find(scene)?.id.parse().map_err(|error| Problem::not_found(format!("{error}")))?;
    Wanted::read(id, choice, reason, key, &scene.snapshot.own.keys)
}

/// The rule by which a motion is counted, where it is one of the charter in force.
fn rule_of(view: &View, motion: &Motion) -> Option<Rule> {
    view.charter.text.rules.iter().filter_map(counting).find(|rule| rule.words() == motion.rule)
}

/// The form on the motion's page.
pub(super) fn form(view: &View, motion: &Motion, keys: &[KeyInfo], chosen: Option<&str>) -> Markup {
    let rule = rule_of(view, motion);
    let able: Vec<&KeyInfo> = voting_keys(keys).collect();
    let choices = [
        ("yes", "Yes"),
        ("no", "No"),
        ("abstain", "Abstain"),
        ("recuse", "Recuse: I have a conflict of interest"),
    ];
    html! {
        @if chosen.is_some() && rule.as_ref().is_some_and(|rule| rule.early_close) {
            p class="mute" { "By this rule the first ballot of each seat counts: it cannot be changed." }
        } @else if able.is_empty() {
            p class="mute" { "No key in this directory votes: " code { "cohub person add" } " makes one." }
        } @else {
            form method="post" action={ "/motions/" (motion.id) "/review" } {
                fieldset {
                    legend class="mute small" {
                        @match rule.as_ref().map(|rule| rule.early_close) {
                            Some(false) => "You can change it until closing.",
                            Some(true) => "By this rule your first ballot counts: it cannot be changed.",
                            None => "Whether it can be changed is for the rule to say.",
                        }
                    }
                    @for (value, words) in choices {
                        label { input type="radio" name="choice" value=(value) required checked[chosen == Some(value)]; span { (words) } }
                    }
                    @if rule.as_ref().is_some_and(|rule| rule.consent) {
                        label { input type="radio" name="choice" value="block" checked[chosen == Some("block")]; span { "Block: it must not pass" } }
                    }
                }
                label class="above" for="reason" { "Reason, seen by members" }
                textarea id="reason" name="reason" rows="3" maxlength="3000" dir="auto" {}
                @if able.len() > 1 {
                    label class="above" for="key" { "Signed with the key" }
                    select id="key" name="key" { @for info in &able { option value=(info.label) { (harmless(&info.label)) } } }
                }
                p class="act" { button { "Review what you sign" } }
            }
        }
    }
}

/// What will be signed, for the person to read before the key is opened.
fn review(scene: &Scene, motion: &Motion, wanted: &Wanted, shown: &signing::Shown, note: &Note) -> Shown {
    let drafted = &shown.drafted;
    let to = format!("/motions/{}", motion.id);
    let body = html! {
        p class="crumbs" { a href=(to) { "Motion" } " /" }
        h1 { "What you sign" }
        p class="lead" { (question(scene.view(), motion)) }
        @match note {
            Note::Nothing => {},
            Note::Passphrase => section class="card due gap" role="alert" {
                h2 { "The passphrase does not open the key" }
                p { "Nothing was signed and nothing was changed." }
            },
            Note::Changed => section class="card due gap" role="alert" {
                h2 { "Something came in between" }
                p { "The record would say something else by now: your key wrote another one, or there is an earlier ballot that this one replaces. Nothing was signed. Below is what it would say now." }
            },
        }
        div class="grid two" {
            div class="grid" {
                section class="card" {
                    h2 { "In words" }
                    @for sentence in &drafted.summary { p { (peers(&capitalised(sentence))) } }
                    @if !wanted.reason.is_empty() { p { "With the reason, for members:" } blockquote { (peers(&wanted.reason)) } }
                    @else { p class="mute" { "Without a reason." } }
                }
                section class="card" {
                    h2 { "To the letter" }
                    dl {
                        dt { "Choice" } dd { strong { (plain(wanted.choice.as_str())) } }
                        dt { "Kind" } dd { (drafted.kind) }
                        dt { "Place" } dd { "number " (drafted.seq) " of the key " (peers(&wanted.key.label)) @if let Some(prev) = &drafted.prev { ", after " (record_link(&prev.to_string())) } }
                        dt { "Key" } dd { code { (wanted.key.key) } }
                        dt { "Builds on" } dd { @for (place, id) in drafted.cites.iter().flatten().enumerate() { @if place > 0 { ", " } (record_link(&id.to_string())) } }
                        dt { "Body" } dd { code { (drafted.body) } }
                    }
                    p class="mute small" { "The body is DAG-CBOR in hexadecimal. The date, the network and a hash of the reason are signed with it." }
                }
            }
            section class="card due" {
                h2 { "Sign it" }
                form method="post" action={ (to) "/ballot" } data-keep {
                    input type="hidden" name="choice" value=(wanted.choice.as_str());
                    input type="hidden" name="reason" value=(wanted.reason);
                    input type="hidden" name="key" value=(wanted.key.label);
                    input type="hidden" name="shown" value=(shown.name);
                    label class="above" for="passphrase" { "Passphrase of the key " (peers(&wanted.key.label)) }
                    input id="passphrase" type="password" name="passphrase" required autocomplete="off" autofocus;
                    p class="mute small" { "It opens the key for this one signature, in this process, and is kept nowhere." }
                    p class="act" { button { "Sign and hand in" } " " a class="btn q" href=(to) { "Back" } }
                }
            }
        }
    };
    Shown { place: "/motions", title: "What you sign".to_owned(), body }
}

/// How far a ballot is, from the signature to the count.
pub(super) fn steps(motion: &Motion, standing: &Standing) -> Markup {
    let Some(id) = &standing.ballot else { return html! {} };
    let verdict = standing.record.as_ref().map(|record| record.line.verdict.as_str());
    let held = standing.held.as_ref().map_or(0, |held| held.peers_holding);
    let connected = standing.held.as_ref().map_or(0, |held| held.peers_connected);
    let superseded = motion.roll.iter().any(|seat| seat.superseded.contains(id));
    html! {
        ol class="steps" {
            li class="on" { "signed" }
            li class=[verdict.is_some().then_some("on")] { "stored here" }
            li class=[(held > 0).then_some("on")] { @if held > 0 { "held by " (counted(held, "peer")) } @else { "on no peer yet" } }
            li class=[standing.counted.then_some("on")] { @if superseded { "replaced by a later one" } @else if standing.counted { "counted" } @else { "not counted yet" } }
        }
        @if held == 0 && connected == 0 { p class="mute small" { "No other node is connected: it goes to the first that comes." } }
        @if let Some(why) = verdict.filter(|verdict| !matches!(*verdict, "valid" | "pending")) { p { span class="tag r" { "void" } " " (peers(why)) } }
        p class="small" { (record_link(id)) }
    }
}
