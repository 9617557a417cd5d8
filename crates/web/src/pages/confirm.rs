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

use super::shared::capitalised;
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::signing::{self, Enclosed, Ended, Wanted};
use crate::words::{bytes, counted, peers, record_link, whole};

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
enum Note {
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

fn review(deed: &Deed, fields: &Fields, shown: &signing::Shown, note: &Note) -> Shown {
    let (drafted, wanted) = (&shown.drafted, &deed.wanted);
    let (back, name) = &deed.back;
    let body = html! {
        p class="crumbs" { a href=(back) { (name) } " /" }
        h1 { "What you sign" }
        p class="lead" { (deed.about) }
        @match note {
            Note::Nothing => {}
            Note::Passphrase => section class="card warn gap" role="alert" { p { "The passphrase does not open this key. Nothing was signed." } }
            Note::Changed => section class="card warn gap" role="alert" { p { "Something came in between, and the record would say something else now. Nothing was signed: read it again." } }
        }
        div class="grid two" {
            div class="grid" {
                section class="card" {
                    h2 { "In words" }
                    @for sentence in &drafted.summary { p { (whole(&format!("{}.", capitalised(sentence)))) } }
                    @for one in &wanted.enclosed { (enclosed(one)) }
                    @if wanted.enclosed.is_empty() { p class="mute" { "Nothing goes with it." } }
                }
                section class="card" {
                    h2 { "To the letter" }
                    dl {
                        dt { "Kind" } dd { (drafted.kind) }
                        dt { "Place" } dd { "number " (drafted.seq) " of the key " (peers(&wanted.key.label)) @if let Some(prev) = &drafted.prev { ", after " (record_link(&prev.to_string())) } }
                        dt { "Key" } dd { code { (wanted.key.key) } }
                        dt { "Builds on" } dd { @for (place, id) in drafted.cites.iter().flatten().enumerate() { @if place > 0 { ", " } (record_link(&id.to_string())) } }
                        dt { "Body" } dd { code { (drafted.body) } }
                    }
                    p class="mute small" { "The body is DAG-CBOR in hexadecimal. The date, the network and a hash of what goes with it are signed as well." }
                }
            }
            section class="card due" {
                h2 { "Sign it" }
                form method="post" action=(deed.to) data-keep {
                    @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
                    input type="hidden" name="shown" value=(shown.name);
                    label class="above" for="passphrase" { "Passphrase of the key " (peers(&wanted.key.label)) }
                    input id="passphrase" type="password" name="passphrase" required autocomplete="off" autofocus;
                    p class="mute small" { "It opens the key for this one signature, in this process, and is kept nowhere." }
                    p class="act" { button { "Sign and hand in" } " " a class="btn q" href=(back) { "Back" } }
                }
            }
        }
    };
    Shown { place: deed.place, title: "What you sign".to_owned(), body }
}

fn enclosed(one: &Enclosed) -> Markup {
    let readers = match one.scope {
        Scope::Public => "everybody",
        Scope::Members => "members",
        Scope::Sealed => "those it is shared with",
    };
    html! {
        @if let Some(words) = one.words() {
            p { "With this text, for " (readers) ":" }
            blockquote { (whole(words)) }
        } @else {
            p { "With the file " strong { (peers(one.name.as_str())) } ", " (bytes(one.size_bytes)) ", " (peers(one.media_type.as_str())) ", for " (readers) "." }
            p class="small mute" { "BLAKE3 of its content: " code { (one.hash) } }
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
pub(super) fn steps(standing: &Standing, last: Option<&str>) -> Markup {
    let Some(id) = &standing.record else { return html! {} };
    let verdict = standing.view.as_ref().map(|record| record.line.verdict.as_str());
    let held = standing.held.as_ref().map_or(0, |held| held.peers_holding);
    let connected = standing.held.as_ref().map_or(0, |held| held.peers_connected);
    let fate = last.unwrap_or(if standing.counted { "counted" } else { "not counted yet" });
    html! {
        ol class="steps" {
            li class="on" { "signed" }
            li class=[verdict.is_some().then_some("on")] { "stored here" }
            li class=[(held > 0).then_some("on")] { @if held > 0 { "held by " (counted(held, "peer")) } @else { "on no peer yet" } }
            li class=[standing.counted.then_some("on")] { (fate) }
        }
        @if held == 0 && connected == 0 { p class="mute small" { "No other node is connected: it goes to the first that comes." } }
        @if let Some(why) = verdict.filter(|verdict| !matches!(*verdict, "valid" | "pending")) { p { span class="tag r" { "void" } " " (peers(why)) } }
        p class="small" { (record_link(id)) }
    }
}
