//! What a person confirms before it is signed, whatever it is: read it, open the key, and see how far it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use cohub_node::api::{Call, Held, RecordView};
use cohub_node::keystore::Passphrase;
use cohub_record::{Id, Scope};
use maud::{Markup, html};
use serde::Deserialize;

use super::records::kind_words;
use super::shared::capitalised;
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::signing::{self, Enclosed, Ended, Wanted};
use crate::words::{bytes, peers, record_link, whole};

/// What a form sends, by the names of its fields.
pub(super) type Fields = BTreeMap<String, String>;

/// Something to be signed, and the pages around it.
pub(super) struct Deed {
    pub(super) wanted: Wanted,
    /// The address in the list at the side.
    pub(super) place: &'static str,
    /// Where it came from, and what that is called.
    pub(super) back: (String, Markup),
    /// What it is about, in a sentence.
    pub(super) about: Markup,
    /// The address that signs it.
    pub(super) to: String,
}

/// What was shown, agreed to.
#[derive(Debug, Deserialize)]
pub(super) struct Agreed {
    /// The name of what was shown.
    #[serde(default)]
    shown: String,
    passphrase: Passphrase,
    #[serde(flatten)]
    pub(super) fields: Fields,
}

/// How signing ended for its page.
pub(super) enum Act {
    Done(Id),
    Again(StatusCode, Box<Shown>),
}

/// What stands above a review.
pub(super) enum Note {
    Nothing,
    Passphrase,
    Changed,
}

/// How far a record is.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// The record; none before there is one.
    pub(super) record: Option<String>,
    /// Whether it has effect.
    pub(super) counted: bool,
    /// Who holds it.
    pub(super) held: Option<Held>,
    /// The record, where it is here.
    pub(super) view: Option<RecordView>,
}

/// Reads a form.
pub(super) fn read<T>(form: Result<Form<T>, FormRejection>) -> Result<T, Problem> {
    form.map(|Form(form)| form).map_err(|error| Problem::bad_request(error.body_text()))
}

/// A field of a form; empty where it was not sent.
pub(super) fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// The page that shows what will be signed.
pub(super) async fn reviewed(scene: &Scene, deed: &Deed, fields: &Fields) -> Result<Shown, Problem> {
    let shown = deed.wanted.show(&scene.web).await?;
    Ok(review(deed, fields, &shown, &Note::Nothing))
}

/// Signs what was shown, or shows again what it has become.
pub(super) async fn signed(scene: &Scene, deed: &Deed, agreed: Agreed) -> Result<Act, Problem> {
    let Agreed { shown, passphrase, fields } = agreed;
    Ok(match deed.wanted.sign(&scene.web, &shown, passphrase).await? {
        Ended::Stored(id) => Act::Done(id),
        Ended::Changed(shown) => {
            Act::Again(StatusCode::CONFLICT, Box::new(review(deed, &fields, &shown, &Note::Changed)))
        }
        Ended::Passphrase => {
            let shown = deed.wanted.show(&scene.web).await?;
            let page = review(deed, &fields, &shown, &Note::Passphrase);
            Act::Again(StatusCode::FORBIDDEN, Box::new(page))
        }
    })
}

impl Act {
    /// The answer: on to the page that `to` names for the record, or once more to the review.
    pub(super) fn answer(self, scene: &Scene, to: impl FnOnce(&Id) -> String) -> Response {
        match self {
            Self::Done(id) => (StatusCode::SEE_OTHER, [(header::LOCATION, to(&id))]).into_response(),
            Self::Again(status, shown) => scene.show_with(status, Ok(*shown)),
        }
    }
}

pub(super) fn review(deed: &Deed, fields: &Fields, shown: &signing::Shown, note: &Note) -> Shown {
    let (drafted, wanted) = (&shown.drafted, &deed.wanted);
    let (back, name) = &deed.back;
    let body = html! {
        p class="crumbs" { a href=(back) { (name) } " /" }
        h1 { (t!("sign-title")) }
        p class="lead" { (deed.about) }
        @match note {
            Note::Nothing => {}
            Note::Passphrase => section class="card warn gap" role="alert" { p { (t!("sign-wrong-passphrase")) } }
            Note::Changed => section class="card warn gap" role="alert" { p { (t!("sign-changed")) } }
        }
        div class="grid two" {
            div class="grid" {
                section class="card" {
                    h2 { (t!("sign-in-words")) }
                    @for sentence in &drafted.summary { p { (whole(&format!("{}.", capitalised(sentence)))) } }
                    @for one in &wanted.enclosed { (enclosed(one)) }
                    @if wanted.enclosed.is_empty() { p class="mute" { (t!("sign-nothing-with-it")) } }
                }
                section class="card" {
                    h2 { (t!("sign-to-the-letter")) }
                    dl {
                        dt { (t!("record-kind-title")) } dd { (kind_words(drafted.kind.as_str())) }
                        dt { (t!("record-place")) } dd { (t!("sign-place", seq = drafted.seq, key = peers(&wanted.key.label))) @if let Some(prev) = &drafted.prev { (t!("record-after", record = record_link(&prev.to_string()))) } }
                        dt { (t!("key")) } dd { code { (wanted.key.key) } }
                        dt { (t!("record-builds-on")) } dd { @for (place, id) in drafted.cites.iter().flatten().enumerate() { @if place > 0 { ", " } (record_link(&id.to_string())) } }
                        dt { (t!("record-body")) } dd { code { (drafted.body) } }
                    }
                    p class="mute small" { (t!("sign-body-words")) }
                }
            }
            section class="card due" {
                h2 { (t!("sign-it")) }
                form method="post" action=(deed.to) data-keep {
                    @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                    input type="hidden" name="shown" value=(shown.name);
                    label class="above" for="passphrase" { (t!("sign-passphrase", key = peers(&wanted.key.label))) }
                    input id="passphrase" type="password" name="passphrase" required autocomplete="off" autofocus;
                    p class="mute small" { (t!("sign-passphrase-words")) }
                    p class="act" { button { (t!("sign-button")) } " " a class="btn q" href=(back) { (t!("sign-back")) } }
                }
            }
        }
    };
    Shown { place: deed.place, title: said!("sign-title"), body }
}

fn enclosed(one: &Enclosed) -> Markup {
    let readers = match one.scope {
        Scope::Public => said!("readers-public"),
        Scope::Members => said!("readers-members"),
        Scope::Sealed => said!("readers-shared"),
    };
    html! {
        @if let Some(words) = one.words() {
            p { (t!("sign-with-text", readers = readers)) }
            blockquote { (whole(words)) }
        } @else {
            p { (t!("sign-with-file", name = html! { strong { (peers(one.name.as_str())) } }, size = bytes(one.size_bytes), media_type = peers(one.media_type.as_str()), readers = readers)) }
            p class="small mute" { (t!("sign-file-hash", hash = html! { code { (one.hash) } })) }
        }
    }
}

/// How far a record is that this node may hold.
pub(super) async fn standing(scene: &Scene, id: &str) -> Standing {
    let Ok(id) = id.parse::<Id>() else { return Standing::default() };
    let node = Arc::clone(&scene.web.node);
    let held = node.call::<Held>(&Call::Holding { id, peers: 0, wait_ms: 0 }).await.ok();
    let view = node.call::<RecordView>(&Call::Record { id }).await.ok();
    let counted = view.as_ref().is_some_and(|view| view.line.verdict == "valid");
    Standing { record: Some(id.to_string()), counted, held, view }
}

/// How far it is, from the signature on; `last` says what became of it where it is more than counted or not.
pub(super) fn steps(standing: &Standing, last: Option<String>) -> Markup {
    let Some(id) = &standing.record else { return html! {} };
    let verdict = standing.view.as_ref().map(|record| record.line.verdict.as_str());
    let held = standing.held.as_ref().map_or(0, |held| held.peers_holding);
    let connected = standing.held.as_ref().map_or(0, |held| held.peers_connected);
    let counted = || if standing.counted { said!("steps-counted") } else { said!("steps-not-counted") };
    let fate = last.unwrap_or_else(counted);
    html! {
        ol class="steps" {
            li class="on" { (t!("steps-signed")) }
            li class=[verdict.is_some().then_some("on")] { (t!("steps-stored")) }
            li class=[(held > 0).then_some("on")] { @if held > 0 { (t!("steps-held", count = held)) } @else { (t!("steps-on-no-peer")) } }
            li class=[standing.counted.then_some("on")] { (fate) }
        }
        @if held == 0 && connected == 0 { p class="mute small" { (t!("steps-alone")) } }
        @if let Some(why) = verdict.filter(|verdict| !matches!(*verdict, "valid" | "pending")) { p { span class="tag r" { (t!("verdict-void")) } " " (peers(why)) } }
        p class="small" { (record_link(id)) }
    }
}
