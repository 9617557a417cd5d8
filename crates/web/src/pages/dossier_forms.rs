//! Forms on a dossier, each for whom it is: the hub that applies, panelists, seats of the committee.

use cohub_node::keystore::KeyInfo;
use cohub_record::limits::ATTACHMENT_BYTES;
use cohub_registry::Role;
use maud::{Markup, html};

use super::Scene;
use super::dossier_acts::{MARKS, is_own};
use crate::assets::address;
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
            h2 { "Hand in a document" }
            form method="post" action={ "/applications/" (application.id) "/upload" } enctype="multipart/form-data" data-upload=(ATTACHMENT_BYTES)
                data-large={ "This file is larger than " (bytes(ATTACHMENT_BYTES)) "." } data-broken="The upload broke off; nothing was kept. Send it again." {
                label class="above" for="document_type" { "What it is" }
                select id="document_type" name="document_type" {
                    @for (slug, stage) in &kinds {
                        option value=(slug) { (harmless(slug)) @if there(slug) { ": a new version" } @else { ", for " (harmless(&stage.title)) } }
                    }
                }
                fieldset class="above" {
                    legend { "Who may read it" }
                    label { input type="radio" name="scope" value="members" checked; span { strong { "Members" } br; span class="small mute" { "Co-owners' nodes and yours can fetch it. Everybody else sees that it exists, how large it is and its hash, and no word of it." } } }
                    label { input type="radio" name="scope" value="public"; span { strong { "Everybody" } br; span class="small mute" { "Any node may fetch and keep it. What was public once cannot be made secret again." } } }
                }
                p class="small mute" { "For a few people only: " code { "cohub document add FILE --type TYPE --scope sealed --to HUB" } " seals it on this machine before it goes anywhere. Others keep ciphertext, and you can add readers later." }
                label class="above" for="file" { "The file: choose it, or drag it here" }
                input id="file" type="file" name="file" required accept=(accepted());
                p class="small mute" { "A document, a table or a picture of at most " (bytes(ATTACHMENT_BYTES)) ". A newer version takes the place of an older one; both stay on record." }
                p class="small" role="status" data-told {}
                progress hidden max="1000" value="0" aria-label="Sent of the file" {}
                p class="act" { button { "Send it, and read what you sign" } }
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
        ("accept", "Go on"),
        ("decline", "Do not go on"),
        ("more", "More is needed before I can say"),
        ("recuse", "I have a conflict of interest: do not count me"),
    ];
    html! {
        section id="review" class="card" {
            h2 { "Review it" }
            p class="small mute" { "You sit on a panel. Read the documents first: your review names the versions that are here now." }
            form method="post" action={ "/applications/" (application.id) "/review" } {
                input type="hidden" name="act" value="review";
                input type="hidden" name="key" value=(key.label);
                label class="above" for="panel" { "For the panel" }
                select id="panel" name="panel" {
                    @for (panel, _) in &seats { option value=(panel.slug) selected[wanted(panel)] { (harmless(&panel.title)) @if wanted(panel) { ", which the next stage asks for" } } }
                }
                fieldset class="above" {
                    legend { "You recommend" }
                    @for (value, words) in recommendations { label { input type="radio" name="recommendation" value=(value) required; span { (words) } } }
                }
                fieldset class="marks above" {
                    legend { "Marks, if you give any: a criterion in one word, and its points" }
                    @for at in 0..MARKS {
                        span {
                            input type="text" name={ "criterion" (at) } aria-label={ "Criterion " (at + 1) } pattern="[a-z0-9]([a-z0-9\\-]*[a-z0-9])?" maxlength="64" placeholder=[(at == 0).then_some("market")];
                            input type="number" name={ "points" (at) } aria-label={ "Points for criterion " (at + 1) } min="0" max="1000" placeholder=[(at == 0).then_some("4")];
                        }
                    }
                }
                label class="above" for="text" { "In words, for members" }
                textarea id="text" name="text" rows="5" maxlength="6000" dir="auto" {}
                p class="act" { button { "Read what you sign" } }
            }
        }
    }
}

fn interview(scene: &Scene, application: &Application) -> Markup {
    let seats = seats(scene);
    let Some((_, key)) = seats.first() else { return html! {} };
    let outcomes = [
        ("favourable", "It went well"),
        ("unfavourable", "It did not go well"),
        ("postponed", "It was not held"),
    ];
    html! {
        section class="card" {
            details id="interview" {
                summary { "Record an interview" }
                form method="post" action={ "/applications/" (application.id) "/review" } {
                    input type="hidden" name="act" value="interview";
                    input type="hidden" name="key" value=(key.label);
                    fieldset { legend { "How it went" } @for (value, words) in outcomes { label { input type="radio" name="outcome" value=(value) required; span { (words) } } } }
                    label class="above" for="notes" { "Notes, for members" }
                    textarea id="notes" name="text" rows="4" maxlength="6000" dir="auto" {}
                    p class="act" { button { "Read what you sign" } }
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
            h2 { "Open the vote" }
            p class="small mute" { "Nothing lacks for " (peers(view.stage_title(&next.stage))) ". The vote is bound to the dossier as it is now." }
            form method="post" action={ "/applications/" (application.id) "/review" } {
                input type="hidden" name="act" value="advance";
                input type="hidden" name="key" value=(key.label);
                input type="hidden" name="open_by" value=(open_by);
                label class="above" for="deadline" { "Ballots are taken for" }
                select id="deadline" name="deadline" { @for time in times { option value=(scene.now_ms.saturating_add(time)) { (roughly(time)) } } }
                p class="act" { button { "Read what you sign" } }
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
            h2 { "Sign the admission" }
            p { "It was adopted. With the signatures of both sides the hub is a co-owner; yours is due, with the key " (peers(&due.who)) "." }
            form method="post" action={ "/applications/" (application.id) "/review" } {
                input type="hidden" name="act" value="admission";
                input type="hidden" name="key" value=(due.who);
                p class="act" { button { "Read what you sign" } }
            }
        }
    }
}
