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
use crate::respond;
use crate::seen::{Hub, View};
use crate::server::Web;
use crate::snapshot::Snapshot;
use crate::words::{date_both, now_ms, peers, plain, short, whole};

/// One step.
struct Step {
    done: bool,
    title: &'static str,
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
        h1 { "First steps" }
        p class="lead" { "From an empty node to the first vote: " (done(&steps)) " of " (steps.len()) " are done." }
        section class="card gap" { (list(&steps)) }
        section class="card" {
            h2 { "What only you can know" }
            ul {
                li { "The 24 recovery words that " code { "cohub init" } " showed once lie on paper, where no computer reads them. They make your hub's next key if this machine is lost." }
                li { "The keys are backed up: " code { "cohub key backup --out DIR" } "." }
                li { "The passphrase is in somebody's head, or in a password manager." }
            }
        }
    };
    Ok(Shown { place: "/begin", title: "First steps".to_owned(), body })
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
                    @if step.done { span class="tag" { "done" } } @else if next == Some(place) { span class="tag w" { "next" } } @else { span class="tag q" { "later" } }
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
        step(
            snapshot.own.hub.is_some(),
            "The hub has a name and keys",
            html! { code { "cohub init" } " makes them, and shows the recovery words once." },
        ),
        step(
            status.is_some(),
            "Its node runs",
            html! { code { "cohub up" } " starts it; " code { "cohub service install" } " starts it with the machine." },
        ),
        step(
            view.is_some(),
            "It is in a network",
            html! { "With an invite of a hub that is in one: paste it here. In hand: a co-owner, who makes it." },
        ),
        step(
            connected,
            "It hears other nodes",
            html! { "In hand: the network between you. " a href="/peers" { "Peers and sync" } " says what each address answered." },
        ),
        step(
            hub.is_some_and(|hub| hub.id.is_some()),
            "A co-owner sponsors it",
            html! { "In hand: the hub that invited you. It sees your hub at its door, and vouches for it: " code { "cohub hub sponsor" } "." },
        ),
        step(
            member || own.is_some(),
            "It applied",
            html! { "In hand: you. " a href="/applications" { "Applications" } " has the button, as soon as you are sponsored." },
        ),
        step(
            member || complete,
            "Its dossier has what the next stage asks for",
            html! { "In hand: you for documents, panelists for reviews. " @if let Some(to) = dossier() { a href=(to) { "Your dossier" } " says what lacks." } },
        ),
        step(
            member,
            "Both sides signed: it is a co-owner",
            html! { "In hand: the committee, which votes on each stage, and at the end you and its seats, who sign." @if let Some(to) = dossier() { " " a href=(to) { "How far it is" } "." } },
        ),
        step(
            votes,
            "Somebody may vote for it",
            html! { "In hand: you. " code { "cohub person add NAME --role representative" } " gives somebody a key." },
        ),
        step(
            voted,
            "Its first vote is cast",
            html! {
                @if let Some(due) = due { "In hand: you. " a href={ "/motions/" (due.item.id) } { (peers(&due.item.subject)) } }
                @else { "No motion waits for your vote. The next in which your hub has a seat, or a vote in the assembly, stands under " a href="/motions" { "Motions" } "." }
            },
        ),
    ]
}

/// The steps and the way in, for a node that has no network yet.
pub(super) fn before(snapshot: &Snapshot, waits: bool) -> Markup {
    let steps = steps(snapshot, None, None);
    html! {
        section class="card gap" { h2 { "From here to the first vote" } (list(&steps)) }
        @if waits {
            section class="card gap" role="status" {
                h2 { "It knocks" }
                p { "Your hub's first records are signed. The node knocks at the door of the hub that invited it until that hub sponsors it; this page goes on by itself then." }
            }
        } @else if let Some(hub) = &snapshot.own.hub {
            section class="card due gap" {
                h2 { "Join with an invite" }
                form method="post" action="/begin/review" {
                    label class="above" for="invite" { "The invite that you were sent, whole: it begins with cohubinvite1" }
                    textarea id="invite" name="invite" rows="4" required spellcheck="false" autocomplete="off" {}
                    p class="act" { button { "Read what you sign" } }
                }
                p class="small mute" { "As " (peers(hub.profile.name.as_str())) ", " (peers(hub.profile.city.as_str())) "." }
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
        Problem::bad_request(format!(
            "This cannot be used: {error}. Copy it once more, from its first letter to its last."
        ))
    })?;
    if invite.expires_at < now_ms() {
        return Err(Problem::bad_request("This invite is over. Ask the hub that sent it for another."));
    }
    Ok((plain, invite))
}

async fn review(State(web): State<Arc<Web>>, form: Result<Form<Written>, FormRejection>) -> Response {
    let snapshot = web.snapshots.current().await;
    let shown = read(form).and_then(|written| invite_of(&written.invite)).and_then(|(text, invite)| {
        let hub = snapshot
            .own
            .hub
            .as_ref()
            .ok_or_else(|| Problem::no_key("This directory has no hub: `cohub init`."))?;
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

fn confirm(hub: &OwnHub, text: &str, invite: &Invite, wrong: bool) -> Markup {
    let profile = &hub.profile;
    let body = html! {
        main id="main" {
            h1 { "What you sign" }
            p class="lead" { "Your hub's first records: who it is, and which keys act for it." }
            @if wrong { section class="card warn gap" role="alert" { p { "The passphrase does not open your keys. Nothing was signed." } } }
            div class="grid two" {
                section class="card" {
                    h2 { "In words" }
                    p { (whole(profile.name.as_str())) " begins as a hub of this network. Everybody in it reads this, and it stays." }
                    dl {
                        dt { "Short name" } dd { (peers(profile.slug.as_str())) }
                        dt { "Place" } dd { (peers(profile.city.as_str())) ", " (peers(profile.country.as_str())) }
                        dt { "Controller" } dd { code { (hub.controller) } }
                        dt { "Network" } dd { code title=(invite.network.to_network_text()) { (short(&invite.network.to_network_text())) "…" } }
                        dt { "Knocks at" } dd { @for (place, address) in invite.addresses.iter().enumerate() { @if place > 0 { ", " } code { (plain(address.as_str())) } } }
                        dt { "Good until" } dd { (date_both(invite.expires_at)) }
                    }
                    p class="small mute" { "With it go grants of your node's key and of your representative's." }
                }
                section class="card due" {
                    h2 { "Sign it" }
                    form method="post" action="/begin/join" data-keep {
                        input type="hidden" name="invite" value=(text);
                        label class="above" for="passphrase" { "Passphrase of your keys" }
                        input id="passphrase" type="password" name="passphrase" required autocomplete="off" autofocus;
                        p class="mute small" { "It opens them for these records, in this process, and is kept nowhere." }
                        p class="act" { button { "Sign and knock" } " " a class="btn q" href="/begin" { "Back" } }
                    }
                }
            }
        }
    };
    frame::document("What you sign", &body)
}

fn answer(shown: Result<Markup, Problem>) -> Response {
    match shown {
        Ok(page) => respond::page(StatusCode::OK, page),
        Err(problem) => {
            let body = html! {
                main id="main" {
                    h1 { "Not done" }
                    p class="lead" { (sentence(problem.detail())) }
                    p { a class="btn" href="/begin" { "To the first steps" } }
                }
            };
            respond::page(problem.status, frame::document("Not done", &body))
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
