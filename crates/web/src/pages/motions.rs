//! Motions: those that are open first, then those that were decided.

use maud::{Markup, html};

use super::registry::choice;
use super::shared::{count_words, empty, state_tag, subject, when_words};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
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
        h1 { (t!("place-motions")) }
        p class="lead" { (t!("motions-lead")) }
        form class="filter" method="get" action="/motions" {
            (choice(scene, "state", &said!("state-title"), STATES.into_iter(), |state| said!("state", state = state)))
            button class="q" { (t!("show")) }
        }
        section class="card" {
            @if shown.is_empty() { (empty(&t!("motions-none"))) }
            @else { (table(scene, view, &shown)) }
        }
        p {
            @if from > 0 { a href={ "/motions?from=" (from.saturating_sub(PAGE)) (state) } { (t!("motions-earlier")) } " " }
            @if all.len() > from.saturating_add(PAGE) { a href={ "/motions?from=" (from + PAGE) (state) } { (t!("motions-further")) } }
        }
    };
    Ok(Shown { place: "/motions", title: said!("place-motions"), body })
}

fn table(scene: &Scene, view: &View, motions: &[&Motion]) -> Markup {
    let due = |id: &str| scene.snapshot.due.iter().any(|due| due.item.id.to_string() == id);
    html! {
        table class="stack" {
            thead { tr { th { (t!("question")) } th { (t!("state-title")) } th { (t!("when")) } th { (t!("count")) } th { (t!("voted")) } } }
            tbody {
                @for motion in motions {
                    tr {
                        td data-label=(said!("question")) {
                            span {
                                a href={ "/motions/" (motion.id) } { (subject(view, motion)) }
                                @if due(&motion.id) { " " span class="tag r" { (t!("frame-due-from-you")) } }
                            }
                        }
                        td data-label=(said!("state-title")) { span { (state_tag(motion)) } }
                        td data-label=(said!("when")) { (when_words(motion, scene.now_ms)) }
                        td data-label=(said!("count")) { (count_words(motion)) }
                        td data-label=(said!("voted")) { (t!("of-so-many", count = motion.roll.iter().filter(|seat| seat.record.is_some()).count(), all = motion.roll.len())) }
                    }
                }
            }
        }
    }
}
