//! An invite for a newcomer: as a link, in words for a message, and as a picture for a telephone's camera.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, RawPathParams, State};
use axum::response::Response;
use axum::routing::get;
use cohub_node::api::{Call, Invited};
use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};

use super::confirm::{Fields, field, read};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::server::Web;
use crate::words::{date_both, harmless};

const DAY_MS: u64 = 86_400_000;
/// For how many days an invite may be good.
const DAYS: [u64; 4] = [1, 3, 7, 30];
/// Free modules around a code, as its standard asks for.
const QUIET: usize = 4;

pub(super) fn routes() -> Router<Arc<Web>> {
    Router::new().route("/invite", get(page).post(make))
}

async fn page(State(web): State<Arc<Web>>, path: RawPathParams) -> Response {
    match Scene::set(web, &path, std::collections::BTreeMap::new()).await {
        Ok(scene) => scene.show(Ok(shown(&form(&scene)))),
        Err(response) => *response,
    }
}

async fn make(
    State(web): State<Arc<Web>>,
    path: RawPathParams,
    asked: Result<Form<Fields>, FormRejection>,
) -> Response {
    let scene = match Scene::set(web, &path, std::collections::BTreeMap::new()).await {
        Ok(scene) => scene,
        Err(response) => return *response,
    };
    let made = async {
        let fields = read(asked)?;
        let days = DAYS.into_iter().find(|days| days.to_string() == field(&fields, "days"));
        let days = days.ok_or_else(|| Problem::bad_request(said!("invite-choose")))?;
        let invited: Invited = scene.web.node.call(&Call::Invite { valid_ms: days * DAY_MS }).await?;
        Ok(shown(&invite(&scene, &invited)))
    };
    scene.show(made.await)
}

pub(super) fn shown(part: &Markup) -> Shown {
    let body = html! {
        h1 { (t!("registry-invite")) }
        p class="lead" { (t!("invite-lead")) }
        (part)
    };
    Shown { place: "/registry", title: said!("registry-invite"), body }
}

pub(super) fn form(scene: &Scene) -> Markup {
    let member = scene.own_hub().is_some_and(crate::seen::Hub::is_member);
    html! {
        section class="card" {
            @if !member { p { span class="tag w" { (t!("overview-tag-attention")) } " " (t!("invite-no-member")) } }
            (again(&t!("invite-make"), false))
        }
    }
}

/// The form, on a page that is not to change by itself once somebody has an invite on it.
fn again(words: &Markup, kept: bool) -> Markup {
    html! {
        form method="post" action="/invite" data-keep[kept] {
            label class="above" for="days" { (t!("invite-good-for")) }
            select id="days" name="days" { @for days in DAYS { option value=(days) selected[days == 7] { (t!("days", count = days)) } } }
            p class="act" { button class=[kept.then_some("q")] { (words) } }
        }
    }
}

pub(super) fn invite(scene: &Scene, invited: &Invited) -> Markup {
    let link = format!("cohub:{}", invited.invite);
    let own = scene.own_hub().map(|hub| hub.name.as_str()).or(scene.snapshot.own_slug()).unwrap_or_default();
    html! {
        div class="grid two gap" {
            div class="grid" {
                section class="card" {
                    h2 { (t!("invite-in-words")) }
                    pre id="words" tabindex="0" {
                        (t!("invite-words-who", hub = harmless(own), network = harmless(&scene.view().name))) "\n\n"
                        (t!("invite-words-init")) "\n"
                        (t!("invite-words-up")) "\n"
                        (t!("invite-words-paste")) "\n\n"
                        bdi { (invited.invite) }
                    }
                }
                section class="card" {
                    h2 { (t!("invite-link")) }
                    p { a href=(link) { bdi { (link) } } }
                    p class="small mute" { (t!("invite-link-words")) }
                }
            }
            section class="card" {
                h2 { (t!("invite-picture")) }
                @match drawn(&link) {
                    Some(code) => { (code) p class="small mute" { (t!("invite-picture-words")) } },
                    None => p class="mute" { (t!("invite-too-long")) },
                }
                p { (t!("invite-until", date = date_both(invited.expires_at))) }
            }
        }
        section class="card" { (again(&t!("invite-another"), true)) }
    }
}

/// A code of a text that has no small letters to lose; none where no code holds it.
fn drawn(text: &str) -> Option<Markup> {
    let code = QrCode::with_error_correction_level(text.to_uppercase(), EcLevel::L).ok()?;
    let (width, modules) = (code.width(), code.to_colors());
    let whole = width + 2 * QUIET;
    Some(html! {
        svg class="qr" viewBox=(format!("0 0 {whole} {whole}")) role="img" aria-label=(said!("invite-picture-label")) shape-rendering="crispEdges" {
            rect width=(whole) height=(whole) fill="#fff" {}
            path fill="#000" d=(path(&modules, width)) {}
        }
    })
}

/// The dark modules, row by row, each run of them as one piece.
fn path(modules: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in modules.chunks(width.max(1)).enumerate() {
        let mut x = 0;
        while x < row.len() {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules that a path fills.
    fn filled(path: &str) -> Vec<(usize, usize)> {
        let runs = path.split('M').skip(1);
        runs.flat_map(|run| {
            let (at, rest) = run.split_once('h').unwrap();
            let (x, y) = at.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = rest.split('v').next().unwrap().parse().unwrap();
            (x..x + length).map(move |x| (x, y))
        })
        .collect()
    }

    #[test]
    fn every_dark_module_is_drawn_and_no_other() {
        let code = QrCode::new("COHUB:COHUBINVITE1").unwrap();
        let (width, modules) = (code.width(), code.to_colors());
        let dark: Vec<_> = (0..width * width)
            .filter(|at| modules[*at] == Color::Dark)
            .map(|at| (at % width + QUIET, at / width + QUIET))
            .collect();
        assert_eq!(filled(&path(&modules, width)), dark);
        assert!(drawn(&"a".repeat(5_000)).is_none());
    }
}
