//! Evidence: keys that signed two records for one place, and decisions that contradict each other, with all records.

use maud::{Markup, html};

use super::shared::{empty, hub_link, key};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::seen::Dispute;
use crate::words::record_link;

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let body = html! {
        h1 { (t!("place-evidence")) }
        p class="lead" { (t!("evidence-lead")) }
        section class="card" {
            h2 { (t!("evidence-forks", count = view.evidence.len())) }
            @if view.evidence.is_empty() { (empty(&t!("evidence-no-forks"))) }
            @else {
                table class="stack" {
                    thead { tr { th { (t!("hub")) } th { (t!("key")) } th { (t!("evidence-place")) } th { (t!("evidence-both")) } } }
                    tbody {
                        @for one in &view.evidence {
                            tr {
                                td data-label=(said!("hub")) { span { (hub_link(view, one.hub.as_deref())) } }
                                td data-label=(said!("key")) { (key(&one.author)) }
                                td data-label=(said!("evidence-place")) { @if one.kind == "fork" { (t!("evidence-fork-at", place = one.seq)) } @else { (t!("evidence-unknown")) } }
                                td data-label=(said!("evidence-both")) { span { @for (place, id) in one.records.iter().enumerate() { @if place > 0 { ", " } (record_link(id)) } } }
                            }
                        }
                    }
                }
            }
        }
        section class="card" {
            h2 { (t!("evidence-disputes", count = view.disputes.len())) }
            @if view.disputes.is_empty() { (empty(&t!("evidence-no-disputes"))) }
            @for one in &view.disputes { (dispute(scene, one)) }
        }
    };
    Ok(Shown { place: "/evidence", title: said!("place-evidence"), body })
}

/// What a vote can come to: a node answers no other words.
const OUTCOMES: [&str; 3] = ["adopted", "rejected", "inquorate"];

/// Letters of an id, and more than a slug has.
const LONGEST: usize = 80;

/// An outcome in words, if it is one.
fn known(outcome: &str) -> String {
    if OUTCOMES.contains(&outcome) { said!("state", state = outcome) } else { said!("evidence-unknown") }
}

/// Both sides, and who signed for both.
fn dispute(scene: &Scene, one: &Dispute) -> Markup {
    let view = scene.view();
    html! {
        h3 { (t!("evidence-slot", slot = one.slot.as_str())) " " bdi { (one.subject.chars().take(LONGEST).collect::<String>()) } }
        p {
            @match &one.stands {
                Some(motion) => (t!("evidence-stands", motion = record_link(motion))),
                None => (t!("evidence-none-stands")),
            }
        }
        ul {
            @for side in &one.certificates {
                li { (record_link(&side.motion)) ", " (known(&side.outcome)) }
            }
        }
        table class="stack" {
            thead { tr { th { (t!("hub")) } th { (t!("key")) } th { (t!("evidence-place")) } th { (t!("evidence-both")) } } }
            tbody {
                @for liar in &one.tellers {
                    tr {
                        td data-label=(said!("hub")) { span { (hub_link(view, liar.hub.as_deref())) } }
                        td data-label=(said!("key")) { (key(&liar.author)) }
                        td data-label=(said!("evidence-place")) { (liar.seq) }
                        td data-label=(said!("evidence-both")) { span { @for (place, id) in liar.records.iter().enumerate() { @if place > 0 { ", " } (record_link(id)) } } }
                    }
                }
            }
        }
    }
}
