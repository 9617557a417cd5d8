//! First steps: from an empty node to the first vote, which are done, and who has the next one in hand.
//!
//! The one page that there is before a network: a hub joins here with the invite that it was sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use cohub_node::api::{Call, Done, Failure};
use cohub_node::identity::OwnHub;
use cohub_node::keystore::Passphrase;
use cohub_node::network::{self, Membership};
use cohub_record::Invite;
use maud::{Markup, html};
use serde::Deserialize;

use super::confirm::read;
use super::shared::sentence;
use super::{Scene, Shown, frame};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::respond;
use crate::seen::{Hub, View};
use crate::server::Web;
use crate::snapshot::Snapshot;
use crate::words::{date_both, now_ms, peers, plain, short, whole};

/// One step.
struct Step {
    done: bool,
    title: Markup,
    /// What to do, and who has it in hand.
    words: Markup,
}

pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new()
        .route("/begin", get(page))
        .route("/begin/review", post(review))
        .route("/begin/join", post(join))
}

async fn page(State(web): State<Arc<Web>>) -> Response {
    let snapshot = web.snapshots.current().await;
    if snapshot.picture.is_none() {
        return respond::page(StatusCode::OK, frame::before_a_network(&snapshot, waits_at_a_door(&web)));
    }
    match Scene::of(web, snapshot, String::new(), BTreeMap::new()) {
        Ok(scene) => scene.show(shown(&scene)),
        Err(response) => *response,
    }
}

pub(super) fn shown(scene: &Scene) -> Result<Shown, Problem> {
    let steps = steps(&scene.snapshot, scene.own_hub(), Some(scene.view()));
    let body = html! {
        h1 { (t!("place-begin")) }
        p class="lead" { (t!("begin-lead", done = done(&steps), all = steps.len())) }
        section class="card gap" { (list(&steps)) }
        section class="card" {
            h2 { (t!("begin-only-you")) }
            ul {
                li { (t!("begin-words")) }
                li { (t!("begin-backup")) }
                li { (t!("begin-passphrase")) }
            }
        }
    };
    Ok(Shown { place: "/begin", title: said!("place-begin"), body })
}

/// How many are done, of how many, where not all are.
pub(super) fn undone(scene: &Scene) -> Option<(usize, usize)> {
    scene.snapshot.own.hub.as_ref()?;
    let steps = steps(&scene.snapshot, scene.own_hub(), Some(scene.view()));
    let done = done(&steps);
    (done < steps.len()).then_some((done, steps.len()))
}

fn done(steps: &[Step]) -> usize {
    steps.iter().filter(|step| step.done).count()
}

fn list(steps: &[Step]) -> Markup {
    let next = steps.iter().position(|step| !step.done);
    html! {
        ol class="todo" {
            @for (place, step) in steps.iter().enumerate() {
                li class=[(next == Some(place)).then_some("next")] aria-current=[(next == Some(place)).then_some("step")] {
                    @if step.done { span class="tag" { (t!("begin-done")) } } @else if next == Some(place) { span class="tag w" { (t!("begin-next")) } } @else { span class="tag q" { (t!("begin-later")) } }
                    " " strong { (step.title) }
                    @if !step.done { div class="small" { (step.words) } }
                }
            }
        }
    }
}

fn steps(snapshot: &Snapshot, hub: Option<&Hub>, view: Option<&View>) -> Vec<Step> {
    let status = snapshot.status.as_ref().filter(|_| snapshot.down.is_none());
    let connected = status.is_some_and(|status| status.peers.iter().any(|peer| peer.connected));
    let member = hub.is_some_and(Hub::is_member);
    let applications = || view.into_iter().flat_map(|view| &view.applications);
    let own = applications()
        .filter(|one| hub.is_some_and(|hub| hub.id.is_some() && hub.id == one.hub))
        .max_by_key(|one| one.at);
    let complete = own.is_some_and(|one| one.next.as_ref().is_none_or(|next| next.missing.is_empty()));
    let dossier = || own.map(|one| format!("/applications/{}", one.id));
    let votes = hub
        .is_some_and(|hub| hub.keys.iter().any(|key| key.roles.iter().any(|role| role == "representative")));
    let voted = hub.is_some_and(|hub| {
        let seats = view.into_iter().flat_map(|view| &view.motions).flat_map(|motion| &motion.roll);
        seats.into_iter().any(|seat| seat.seat == hub.slug && seat.choice.is_some())
    });
    let due = snapshot.due.iter().find(|due| due.item.kind == "ballot");
    let step = |done, title, words| Step { done, title, words };
    vec![
        step(snapshot.own.hub.is_some(), t!("step-hub"), t!("step-hub-words")),
        step(status.is_some(), t!("step-node"), t!("step-node-words")),
        step(view.is_some(), t!("step-network"), t!("step-network-words")),
        step(
            connected,
            t!("step-hears"),
            t!("step-hears-words", link = html! { a href="/peers" { (t!("place-peers")) } }),
        ),
        step(hub.is_some_and(|hub| hub.id.is_some()), t!("step-sponsored"), t!("step-sponsored-words")),
        step(
            member || own.is_some(),
            t!("step-applied"),
            t!("step-applied-words", link = html! { a href="/applications" { (t!("place-applications")) } }),
        ),
        step(
            member || complete,
            t!("step-dossier"),
            html! { (t!("step-dossier-words")) @if let Some(to) = dossier() { " " (t!("step-dossier-says", link = html! { a href=(to) { (t!("step-your-dossier")) } })) } },
        ),
        step(
            member,
            t!("step-member"),
            html! { (t!("step-member-words")) @if let Some(to) = dossier() { " " a href=(to) { (t!("step-how-far")) } "." } },
        ),
        step(votes, t!("step-votes"), t!("step-votes-words")),
        step(
            voted,
            t!("step-voted"),
            html! {
                @if let Some(due) = due { (t!("step-voted-words", link = html! { a href={ "/motions/" (due.item.id) } { (peers(&due.item.subject)) } })) }
                @else { (t!("step-no-vote", link = html! { a href="/motions" { (t!("place-motions")) } })) }
            },
        ),
    ]
}

/// The steps and the way in, for a node that has no network yet.
pub(super) fn before(snapshot: &Snapshot, waits: bool) -> Markup {
    let steps = steps(snapshot, None, None);
    html! {
        section class="card gap" { h2 { (t!("begin-from-here")) } (list(&steps)) }
        @if waits {
            section class="card gap" role="status" {
                h2 { (t!("begin-knocks")) }
                p { (t!("begin-knocks-words")) }
            }
        } @else if let Some(hub) = &snapshot.own.hub {
            section class="card due gap" {
                h2 { (t!("begin-join")) }
                form method="post" action="/begin/review" {
                    label class="above" for="invite" { (t!("begin-invite")) }
                    textarea id="invite" name="invite" rows="4" required spellcheck="false" autocomplete="off" {}
                    p class="act" { button { (t!("read-what-you-sign")) } }
                }
                p class="small mute" { (t!("begin-as", hub = peers(hub.profile.name.as_str()), city = peers(hub.profile.city.as_str()))) }
            }
        }
    }
}

/// Whether first records are signed and the node knocks with them.
pub(super) fn waits_at_a_door(web: &Web) -> bool {
    matches!(network::membership(web.node.home()), Ok(Some(Membership::Invite { .. })))
}

#[derive(Debug, Deserialize)]
struct Written {
    #[serde(default)]
    invite: String,
}

#[derive(Debug, Deserialize)]
struct Agreed {
    #[serde(default)]
    invite: String,
    passphrase: Passphrase,
}

/// An invite as somebody pasted it: alone, as a link, or with spaces that a message put into it.
fn invite_of(text: &str) -> Result<(String, Invite), Problem> {
    let joined: String = text.split_whitespace().collect();
    let lower = joined.to_lowercase();
    let plain = lower.strip_prefix("cohub:").unwrap_or(&lower).to_owned();
    let invite: Invite = plain.parse().map_err(|error: cohub_record::BodyError| {
        Problem::bad_request(said!("invite-unusable", why = error.to_string()))
    })?;
    if invite.expires_at < now_ms() {
        return Err(Problem::bad_request(said!("invite-over")));
    }
    Ok((plain, invite))
}

async fn review(State(web): State<Arc<Web>>, form: Result<Form<Written>, FormRejection>) -> Response {
    let snapshot = web.snapshots.current().await;
    let shown = read(form).and_then(|written| invite_of(&written.invite)).and_then(|(text, invite)| {
        let hub = snapshot.own.hub.as_ref().ok_or_else(|| Problem::no_key(said!("begin-no-hub")))?;
        Ok(confirm(hub, &text, &invite, false))
    });
    answer(shown)
}

async fn join(State(web): State<Arc<Web>>, form: Result<Form<Agreed>, FormRejection>) -> Response {
    match joined(&web, form).await {
        Ok(None) => (StatusCode::SEE_OTHER, [(header::LOCATION, "/begin")]).into_response(),
        Ok(Some(again)) => respond::page(StatusCode::FORBIDDEN, again),
        Err(problem) => answer(Err(problem)),
    }
}

/// Signs the first records and has the node knock; a page where the passphrase opened nothing.
async fn joined(
    web: &Arc<Web>,
    form: Result<Form<Agreed>, FormRejection>,
) -> Result<Option<Markup>, Problem> {
    let _one_at_a_time = web.signing.lock().await;
    let agreed = read(form)?;
    let (text, invite) = invite_of(&agreed.invite)?;
    let (home, signing) = (web.node.home().clone(), text.clone());
    let signed =
        tokio::task::spawn_blocking(move || network::join_by_invite(&home, &signing, &agreed.passphrase));
    let failed =
        |error: tokio::task::JoinError| Failure::new(cohub_node::api::FailureKind::Failed, error.to_string());
    match signed.await.map_err(failed)? {
        Err(cohub_node::NodeError::Passphrase(_)) => {
            let hub = cohub_node::identity::own_hub(web.node.home()).map_err(Failure::from)?;
            return Ok(Some(confirm(&hub, &text, &invite, true)));
        }
        signed => signed.map_err(Failure::from)?,
    };
    if let Some(Membership::Invite { invite, records }) =
        network::membership(web.node.home()).map_err(Failure::from)?
    {
        // Where the node does not run it knocks when it is started.
        let _: Result<Done, Failure> = web.node.call(&Call::Knock { invite, records }).await;
    }
    web.snapshots.look();
    Ok(None)
}

pub(super) fn confirm(hub: &OwnHub, text: &str, invite: &Invite, wrong: bool) -> Markup {
    let profile = &hub.profile;
    let body = html! {
        main id="main" {
            h1 { (t!("sign-title")) }
            p class="lead" { (t!("begin-first-records")) }
            @if wrong { section class="card warn gap" role="alert" { p { (t!("begin-wrong-passphrase")) } } }
            div class="grid two" {
                section class="card" {
                    h2 { (t!("sign-in-words")) }
                    p { (t!("begin-begins", hub = whole(profile.name.as_str()))) }
                    dl {
                        dt { (t!("hub-short-name")) } dd { (peers(profile.slug.as_str())) }
                        dt { (t!("hub-place")) } dd { (peers(profile.city.as_str())) ", " (peers(profile.country.as_str())) }
                        dt { (t!("begin-controller")) } dd { code { (hub.controller) } }
                        dt { (t!("begin-network")) } dd { code title=(invite.network.to_network_text()) { (short(&invite.network.to_network_text())) "…" } }
                        dt { (t!("begin-knocks-at")) } dd { @for (place, address) in invite.addresses.iter().enumerate() { @if place > 0 { ", " } code { (plain(address.as_str())) } } }
                        dt { (t!("begin-good-until")) } dd { (date_both(invite.expires_at)) }
                    }
                    p class="small mute" { (t!("begin-grants")) }
                }
                section class="card due" {
                    h2 { (t!("sign-it")) }
                    form method="post" action="/begin/join" data-keep {
                        input type="hidden" name="invite" value=(text);
                        label class="above" for="passphrase" { (t!("begin-passphrase-of")) }
                        input id="passphrase" type="password" name="passphrase" required autocomplete="off" autofocus;
                        p class="mute small" { (t!("begin-passphrase-words")) }
                        p class="act" { button { (t!("begin-sign")) } " " a class="btn q" href="/begin" { (t!("sign-back")) } }
                    }
                }
            }
        }
    };
    frame::document(&said!("sign-title"), &body)
}

fn answer(shown: Result<Markup, Problem>) -> Response {
    match shown {
        Ok(page) => respond::page(StatusCode::OK, page),
        Err(problem) => {
            let body = html! {
                main id="main" {
                    h1 { (t!("begin-not-done")) }
                    p class="lead" { (sentence(problem.detail())) }
                    p { a class="btn" href="/begin" { (t!("begin-back")) } }
                }
            };
            respond::page(problem.status, frame::document(&said!("begin-not-done"), &body))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cohub_record::{Id, List, SecretKey};

    #[test]
    fn an_invite_is_read_as_people_paste_it() {
        let invite = |expires_at| Invite {
            network: Id::from_bytes([1; 32]),
            node: SecretKey::from_seed(&[2; 32]).public(),
            addresses: List::new(vec!["/ip4/127.0.0.1/tcp/1".parse().unwrap()]).unwrap(),
            secret: Id::from_bytes([3; 32]),
            expires_at,
        };
        let text = invite(u64::MAX / 2).to_string();
        let (first, last) = text.split_at(40);
        for pasted in [
            text.clone(),
            format!(" {first}\n{last} "),
            format!("cohub:{text}"),
            format!("COHUB:{}", text.to_uppercase()),
        ] {
            assert_eq!(invite_of(&pasted).unwrap().0, text, "{pasted}");
        }
        for pasted in [String::new(), first.to_owned(), text.replace('1', "l"), invite(1).to_string()] {
            assert_eq!(invite_of(&pasted).unwrap_err().status, StatusCode::BAD_REQUEST, "{pasted}");
        }
    }
}
