//! Motions: those that are open first, then those that were decided.

use maud::{Markup, html};

use super::registry::choice;
use super::shared::{count_words, empty, state_tag, subject, when_words};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::seen::{Motion, View};

/// Motions on a page.
const PAGE: usize = 100;
const STATES: [&str; 7] = ["open", "closing", "adopted", "rejected", "inquorate", "unresolved", "disputed"];

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let fits = |motion: &&Motion| scene.asked("state").is_none_or(|state| motion.state == state);
    let from: usize = scene.asked("from").and_then(|from| from.parse().ok()).unwrap_or(0);
    let mut all: Vec<&Motion> = view.motions.iter().filter(fits).collect();
    all.sort_by_key(|motion| {
        let undecided = motion.is_undecided();
        // What closes first stands first while it is open, what was decided last stands first after.
        (!undecided, if undecided { motion.deadline } else { u64::MAX - motion.deadline })
    });
    let shown: Vec<&Motion> = all.iter().skip(from).take(PAGE).copied().collect();
    let state = scene.asked("state").map(|state| format!("&state={state}")).unwrap_or_default();
    let body = html! {
        h1 { "Motions" }
        p class="lead" { "What is asked, who votes what, and when it is decided. Every vote is signed and open." }
        form class="filter" method="get" action="/motions" {
            (choice(scene, "state", "State", STATES.into_iter()))
            button class="q" { "Show" }
        }
        section class="card" {
            @if shown.is_empty() { (empty("There is no such motion. A committee seat opens one with `cohub motion open`.")) }
            @else { (table(scene, view, &shown)) }
        }
        p {
            @if from > 0 { a href={ "/motions?from=" (from.saturating_sub(PAGE)) (state) } { "Earlier on this list" } " " }
            @if all.len() > from.saturating_add(PAGE) { a href={ "/motions?from=" (from + PAGE) (state) } { "Further down this list" } }
        }
    };
    Ok(Shown { place: "/motions", title: "Motions".to_owned(), body })
}

fn table(scene: &Scene, view: &View, motions: &[&Motion]) -> Markup {
    let due = |id: &str| scene.snapshot.due.iter().any(|due| due.item.id.to_string() == id);
    html! {
        table class="stack" {
            thead { tr { th { "Question" } th { "State" } th { "When" } th { "Count" } th { "Voted" } } }
            tbody {
                @for motion in motions {
                    tr {
                        td data-label="Question" {
                            span {
                                a href={ "/motions/" (motion.id) } { (subject(view, motion)) }
                                @if due(&motion.id) { " " span class="tag r" { "due from you" } }
                            }
                        }
                        td data-label="State" { span { (state_tag(motion)) } }
                        td data-label="When" { (when_words(motion, scene.now_ms)) }
                        td data-label="Count" { (count_words(motion)) }
                        td data-label="Voted" { (motion.roll.iter().filter(|seat| seat.choice.is_some()).count()) " of " (motion.roll.len()) }
                    }
                }
            }
        }
    }
}
