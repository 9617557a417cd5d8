//! Forms on a dossier, each for whom it is: the hub that applies, panelists, seats of the committee.

use cohub_node::keystore::KeyInfo;
use cohub_record::limits::ATTACHMENT_BYTES;
use cohub_registry::Role;
use maud::{Markup, html};

use super::Scene;
use super::dossier_acts::{MARKS, is_own};
use crate::assets::address;
use crate::language::{said, t};
use crate::seen::{Application, Panel, Stage};
use crate::signing::keys_with;
use crate::uploads::accepted;
use crate::words::{bytes, harmless, peers, roughly};

/// For how many hours a vote may be open, where the charter allows it.
const OPEN_FOR: [u64; 6] = [1, 24, 72, 168, 336, 720];
const HOUR_MS: u64 = 3_600_000;
/// How long somebody may take between choosing a deadline and signing it, at the least.
const READING_MS: u64 = 600_000;

/// Everything that whoever looks can do about this application.
pub(super) fn forms(scene: &Scene, application: &Application) -> Markup {
    let open = application.status == "open";
    html! {
        @if is_own(scene, application) {
            @if open && scene.snapshot.own.controller.is_some() { (document(scene, application)) }
        } @else if open {
            (review(scene, application))
            (interview(scene, application))
            (advance(scene, application))
        }
        (admission(scene, application))
    }
}

fn document(scene: &Scene, application: &Application) -> Markup {
    let there = |slug: &str| application.documents.iter().any(|one| one.current && one.document_type == slug);
    let next = application.next.as_ref().map(|next| next.stage.as_str());
    let mut kinds: Vec<(&str, &Stage)> = Vec::new();
    for stage in &scene.view().charter.text.stages {
        for slug in &stage.documents {
            if !kinds.iter().any(|(known, _)| *known == slug) {
                kinds.push((slug, stage));
            }
        }
    }
    // What the next stage lacks comes first, and what is there already last.
    kinds.sort_by_key(|(slug, stage)| (there(slug), Some(stage.slug.as_str()) != next));
    html! {
        section id="hand-in" class="card due" {
            h2 { (t!("hand-in-title")) }
            form method="post" action={ "/applications/" (application.id) "/upload" } enctype="multipart/form-data" data-upload=(ATTACHMENT_BYTES)
                data-large=(said!("hand-in-too-large", size = bytes(ATTACHMENT_BYTES))) data-broken=(said!("hand-in-broken")) {
                label class="above" for="document_type" { (t!("hand-in-what")) }
                select id="document_type" name="document_type" {
                    @for (slug, stage) in &kinds {
                        option value=(slug) { @if there(slug) { (t!("hand-in-again", document = harmless(slug))) } @else { (t!("hand-in-for", document = harmless(slug), stage = harmless(&stage.title))) } }
                    }
                }
                fieldset class="above" {
                    legend { (t!("hand-in-who")) }
                    label { input type="radio" name="scope" value="members" checked; span { strong { (t!("scope-members")) } br; span class="small mute" { (t!("scope-members-words")) } } }
                    label { input type="radio" name="scope" value="public"; span { strong { (t!("scope-public")) } br; span class="small mute" { (t!("scope-public-words")) } } }
                }
                p class="small mute" { (t!("scope-sealed-words")) }
                label class="above" for="file" { (t!("hand-in-file")) }
                input id="file" type="file" name="file" required accept=(accepted());
                p class="small mute" { (t!("hand-in-kinds", size = bytes(ATTACHMENT_BYTES))) }
                p class="small" role="status" data-told {}
                progress hidden max="1000" value="0" aria-label=(said!("hand-in-progress")) {}
                p class="act" { button { (t!("hand-in-send")) } }
            }
            script src=(address("upload")) defer {}
        }
    }
}

/// The panels on which a key of this home sits.
fn seats<'a>(scene: &'a Scene) -> Vec<(&'a Panel, &'a KeyInfo)> {
    let view = scene.view();
    let keys = || keys_with(&scene.snapshot.own.keys, Role::Panelist);
    let seated = |panel: &'a Panel| {
        let members = view.panels.iter().find(|one| one.panel == panel.slug)?;
        keys().find(|info| members.members.iter().any(|one| one.key == info.key.to_string()))
    };
    view.charter.text.panels.iter().filter_map(|panel| Some((panel, seated(panel)?))).collect()
}

fn review(scene: &Scene, application: &Application) -> Markup {
    let seats = seats(scene);
    let wanted = application
        .next
        .as_ref()
        .and_then(|next| scene.view().charter.text.stages.iter().find(|stage| stage.slug == next.stage));
    let wanted =
        |panel: &Panel| wanted.is_some_and(|stage| stage.reviews.iter().any(|one| one.panel == panel.slug));
    let Some((_, key)) = seats.first() else { return html! {} };
    let recommendations = [
        ("accept", t!("review-accept")),
        ("decline", t!("review-decline")),
        ("more", t!("review-more")),
        ("recuse", t!("review-recuse")),
    ];
    html! {
        section id="review" class="card" {
            h2 { (t!("review-title")) }
            p class="small mute" { (t!("review-lead")) }
            form method="post" action={ "/applications/" (application.id) "/review" } {
                input type="hidden" name="act" value="review";
                input type="hidden" name="key" value=(key.label);
                label class="above" for="panel" { (t!("review-for")) }
                select id="panel" name="panel" {
                    @for (panel, _) in &seats { option value=(panel.slug) selected[wanted(panel)] { @if wanted(panel) { (t!("review-wanted", panel = harmless(&panel.title))) } @else { (harmless(&panel.title)) } } }
                }
                fieldset class="above" {
                    legend { (t!("review-recommend")) }
                    @for (value, words) in recommendations { label { input type="radio" name="recommendation" value=(value) required; span { (words) } } }
                }
                fieldset class="marks above" {
                    legend { (t!("review-marks")) }
                    @for at in 0..MARKS {
                        span {
                            input type="text" name={ "criterion" (at) } aria-label=(said!("review-criterion", number = at + 1)) pattern="[a-z0-9]([a-z0-9\\-]*[a-z0-9])?" maxlength="64" placeholder=[(at == 0).then(|| said!("review-example"))];
                            input type="number" name={ "points" (at) } aria-label=(said!("review-points", number = at + 1)) min="0" max="1000" placeholder=[(at == 0).then_some("4")];
                        }
                    }
                }
                label class="above" for="text" { (t!("review-words")) }
                textarea id="text" name="text" rows="5" maxlength="6000" dir="auto" {}
                p class="act" { button { (t!("read-what-you-sign")) } }
            }
        }
    }
}

fn interview(scene: &Scene, application: &Application) -> Markup {
    let seats = seats(scene);
    let Some((_, key)) = seats.first() else { return html! {} };
    let outcomes = [
        ("favourable", t!("interview-favourable")),
        ("unfavourable", t!("interview-unfavourable")),
        ("postponed", t!("interview-postponed")),
    ];
    html! {
        section class="card" {
            details id="interview" {
                summary { (t!("interview-title")) }
                form method="post" action={ "/applications/" (application.id) "/review" } {
                    input type="hidden" name="act" value="interview";
                    input type="hidden" name="key" value=(key.label);
                    fieldset { legend { (t!("interview-outcome")) } @for (value, words) in outcomes { label { input type="radio" name="outcome" value=(value) required; span { (words) } } } }
                    label class="above" for="notes" { (t!("interview-notes")) }
                    textarea id="notes" name="text" rows="4" maxlength="6000" dir="auto" {}
                    p class="act" { button { (t!("read-what-you-sign")) } }
                }
            }
        }
    }
}

/// Opening the vote on the next stage, for a seat of the committee once nothing lacks.
fn advance(scene: &Scene, application: &Application) -> Markup {
    let view = scene.view();
    let keys = || keys_with(&scene.snapshot.own.keys, Role::Representative);
    let key = keys().find(|info| view.committee.seats.iter().any(|seat| seat.voting == info.key.to_string()));
    let undecided =
        application.motions.iter().filter_map(|id| view.motion(id)).any(crate::seen::Motion::is_undecided);
    let ready = application.next.as_ref().filter(|next| next.missing.is_empty() && !undecided);
    let (Some(key), Some(next)) = (key, ready) else { return html! {} };
    let timing = view.charter.text.timing;
    // More than the notice by what somebody takes to read and sign.
    let reading = (timing.notice_ms / 4).max(READING_MS);
    let usual = timing.notice_ms.saturating_add(reading).min(timing.maximum_ms);
    let longer = OPEN_FOR.into_iter().map(|hours| hours * HOUR_MS);
    let longer = longer.filter(|time| (usual + 1..=timing.maximum_ms).contains(time));
    let times = std::iter::once(usual).chain(longer);
    let stage = view.charter.text.stages.iter().find(|stage| stage.slug == next.stage);
    let open_by = match stage.map_or(0, |stage| stage.open_within_ms) {
        0 => 0,
        open_within => scene.now_ms.saturating_add(open_within),
    };
    html! {
        section id="advance" class="card" {
            h2 { (t!("advance-title")) }
            p class="small mute" { (t!("advance-lead", stage = peers(view.stage_title(&next.stage)))) }
            form method="post" action={ "/applications/" (application.id) "/review" } {
                input type="hidden" name="act" value="advance";
                input type="hidden" name="key" value=(key.label);
                input type="hidden" name="open_by" value=(open_by);
                label class="above" for="deadline" { (t!("advance-for")) }
                select id="deadline" name="deadline" { @for time in times { option value=(scene.now_ms.saturating_add(time)) { (roughly(time)) } } }
                p class="act" { button { (t!("read-what-you-sign")) } }
            }
        }
    }
}

/// The signature under an admission, where it is due from a key of this home.
fn admission(scene: &Scene, application: &Application) -> Markup {
    let due = scene
        .snapshot
        .due
        .iter()
        .find(|one| one.item.kind == "signature" && one.item.id.to_string() == application.id);
    let Some(due) = due else { return html! {} };
    html! {
        section id="admission" class="card due" {
            h2 { (t!("admission-title")) }
            p { (t!("admission-lead", key = peers(&due.who))) }
            form method="post" action={ "/applications/" (application.id) "/review" } {
                input type="hidden" name="act" value="admission";
                input type="hidden" name="key" value=(due.who);
                p class="act" { button { (t!("read-what-you-sign")) } }
            }
        }
    }
}
