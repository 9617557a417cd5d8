//! Evidence: keys that signed two records for one place, and decisions that contradict each other, with all records.

use maud::{Markup, html};

use super::shared::{empty, hub_link, key};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::seen::Dispute;
use crate::words::{counted, record_link};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let body = html! {
        h1 { "Evidence" }
        p class="lead" { "A key that signs two records for one place in its log has lied to somebody, or was copied. Both records prove it; neither changes a count." }
        section class="card" {
            h2 { (counted(view.evidence.len(), "fork")) }
            @if view.evidence.is_empty() { (empty("Nobody was found to have signed twice.")) }
            @else {
                table class="stack" {
                    thead { tr { th { "Hub" } th { "Key" } th { "Place" } th { "Both records" } } }
                    tbody {
                        @for one in &view.evidence {
                            tr {
                                td data-label="Hub" { span { (hub_link(view, one.hub.as_deref())) } }
                                td data-label="Key" { (key(&one.author)) }
                                td data-label="Place" { (known(&one.kind, &["fork"])) " at " (one.seq) }
                                td data-label="Both records" { span { @for (place, id) in one.records.iter().enumerate() { @if place > 0 { " and " } (record_link(id)) } } }
                            }
                        }
                    }
                }
            }
        }
        section class="card" {
            h2 { (counted(view.disputes.len(), "disputed decision")) }
            @if view.disputes.is_empty() { (empty("No two decisions contradict each other.")) }
            @for one in &view.disputes { (dispute(scene, one)) }
        }
    };
    Ok(Shown { place: "/evidence", title: "Evidence".to_owned(), body })
}

/// What a slot can be of, and what a vote can come to: a node answers no other words.
const SLOTS: [&str; 8] =
    ["application", "hub", "keys", "committee", "charter", "manifesto", "panel", "resolution"];
const OUTCOMES: [&str; 3] = ["adopted", "rejected", "inquorate"];

/// Letters of an id, and more than a slug has.
const LONGEST: usize = 80;

/// A word, if it is one of those.
fn known(word: &str, words: &'static [&'static str]) -> &'static str {
    words.iter().find(|one| **one == word).copied().unwrap_or("something unknown")
}

/// Both sides, and who signed for both.
fn dispute(scene: &Scene, one: &Dispute) -> Markup {
    let view = scene.view();
    html! {
        h3 { (known(&one.slot, &SLOTS)) " " bdi { (one.subject.chars().take(LONGEST).collect::<String>()) } }
        p {
            @match &one.stands {
                Some(motion) => { "What stands: " (record_link(motion)) "." }
                None => { "None of this stands: the value from before is kept." }
            }
        }
        ul {
            @for side in &one.certificates {
                li { (record_link(&side.motion)) ", " (known(&side.outcome, &OUTCOMES)) }
            }
        }
        table class="stack" {
            thead { tr { th { "Hub" } th { "Key" } th { "Place" } th { "Both records" } } }
            tbody {
                @for liar in &one.tellers {
                    tr {
                        td data-label="Hub" { span { (hub_link(view, liar.hub.as_deref())) } }
                        td data-label="Key" { (key(&liar.author)) }
                        td data-label="Place" { (liar.seq) }
                        td data-label="Both records" { span { @for (place, id) in liar.records.iter().enumerate() { @if place > 0 { " and " } (record_link(id)) } } }
                    }
                }
            }
        }
    }
}
