//! One motion: the question, the exact effect, the rule in words, how it stands, who voted what, tellers.

use maud::{Markup, html};

use super::ballot;
use super::charter_changes;
use super::confirm::Standing;
use super::rules;
use super::shared::{bar, dossier, gap, hub_link, question, seat_link, state_tag, when_words};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::reader;
use crate::seen::{Motion, Teller, View};
use crate::words::{date, date_both, peers, plain, record_link, short};

pub(super) fn page(scene: &Scene, standing: &Standing, amends: Option<&Markup>) -> Result<Shown, Problem> {
    let view = scene.view();
    let motion = find(scene)?;
    let body = html! {
        (heading(scene, view, motion))
        div class="grid two" {
            div class="grid" {
                (decides(view, motion))
                @if let Some(changes) = amends { (changes) }
                (stands(view, motion))
                (roll_call(scene, view, motion))
            }
            div class="grid" {
                (ballot(scene, motion, standing))
                (tellers(view, motion))
                (proof(motion))
            }
        }
    };
    Ok(Shown { place: "/motions", title: said!("motion-title"), body })
}

/// The same for strangers, who have no ballot on it.
pub(super) fn public_page(scene: &Scene) -> Result<Shown, Problem> {
    let amends = charter_changes::of_a_known_amendment(scene.view(), find(scene)?);
    page(scene, &Standing::default(), amends.as_ref())
}

/// The motion that the address names.
pub(super) fn find(scene: &Scene) -> Result<&Motion, Problem> {
    let missing = || Problem::not_found(said!("motion-nowhere", name = format!("{:?}", scene.name)));
    scene.view().motion(&scene.name).ok_or_else(missing)
}

fn heading(scene: &Scene, view: &View, motion: &Motion) -> Markup {
    html! {
        p class="crumbs" {
            a href="/motions" { (t!("place-motions")) } " /"
            @if motion.kind == "advance" && !reader::is_stranger() { " " (dossier(&motion.subject, &t!("motion-dossier"))) " /" }
        }
        h1 { (question(view, motion)) }
        p class="lead" {
            (state_tag(motion)) " "
            @if motion.state == "open" { (t!("motion-closes", date = date_both(motion.deadline), when = crate::words::distance(motion.deadline, scene.now_ms))) }
            @else { (t!("motion-deadline", when = when_words(motion, scene.now_ms), date = date_both(motion.deadline))) }
            (t!("motion-moved", hub = hub_link(view, motion.mover_hub.as_deref()), date = date(motion.at), record = record_link(&motion.id)))
        }
    }
}

fn decides(view: &View, motion: &Motion) -> Markup {
    let application = view.application(&motion.subject);
    html! {
        section class="card" {
            h2 { (t!("motion-decides")) }
            dl {
                dt { (t!("motion-effect")) }
                dd {
                    @if let (Some(stage), true) = (&motion.stage, motion.kind == "advance") {
                        (t!("motion-reaches", hub = hub_link(view, motion.hub.as_deref()), stage = html! { strong { (peers(view.stage_title(stage))) } }))
                        @if view.charter.text.stages.last().is_some_and(|last| last.slug == *stage) { (t!("motion-admission")) }
                    } @else { (question(view, motion)) }
                }
                dt { (t!("motion-rule")) } dd { (rules::motions_rule(view, motion)) " " span class="mute" { (t!("motion-charter-version", version = view.charter.version)) } }
                dt { (t!("motion-who-decides")) } dd { (t!("motion-body", body = said!("body", body = body(motion)), count = motion.roll.len())) }
                @if motion.generation > 1 || motion.fallen {
                    dt { (t!("motion-generation")) }
                    dd { @if motion.fallen { (t!("motion-generation-fell", generation = motion.generation)) } @else { (motion.generation) } }
                }
                @if motion.fallback {
                    dt { (t!("motion-counted-by")) }
                    dd { (t!("motion-counted-by-roll", command = html! { code { "cohub motion count" } })) }
                }
                dt { (t!("motion-bound-to")) }
                dd {
                    @if motion.evidence.is_empty() { (t!("motion-bound-to-nothing")) }
                    @for (place, id) in motion.evidence.iter().enumerate() {
                        @if place > 0 { ", " }
                        (bound_to(application, id))
                    }
                }
                @if motion.is_undecided() && !motion.changed_since.is_empty() {
                    dt { (t!("motion-changed")) }
                    dd {
                        span class="tag w" { (t!("motion-not-part")) } " "
                        @for (place, id) in motion.changed_since.iter().enumerate() { @if place > 0 { ", " } (bound_to(application, id)) }
                    }
                }
            }
        }
    }
}

/// A record that a vote is bound to, by what it is.
fn bound_to(application: Option<&crate::seen::Application>, id: &str) -> Markup {
    let Some(application) = application else { return record_link(id) };
    if application.id == id {
        return dossier(id, &t!("motion-the-application"));
    }
    let document = application.documents.iter().find(|one| one.id == id);
    let review = application.reviews.iter().find(|one| one.id == id);
    html! {
        @if let Some(document) = document { (peers(&document.document_type)) " " code title=(document.hash) { (short(&document.hash)) "…" } }
        @else if let Some(review) = review { (t!("motion-review", panel = peers(&review.panel), recommendation = said!("opinion", word = plain(&review.recommendation)))) }
        @else if application.interviews.iter().any(|one| one.id == id) { (t!("motion-interview")) }
        @else { (record_link(id)) }
    }
}

fn stands(view: &View, motion: &Motion) -> Markup {
    let tally = &motion.tally;
    let roll = u64::try_from(motion.roll.len()).unwrap_or(u64::MAX);
    let remaining = roll.saturating_sub(tally.recuse);
    let cast = tally.yes + tally.no + tally.block;
    html! {
        section id="stands" data-live class="card" {
            h2 {
                (t!("motion-stands")) " "
                @if motion.is_final { span class="tag" { (t!("motion-final")) } }
                @else { span class="tag w" { (t!("motion-provisional")) } }
            }
            div { (t!("motion-quorum", part = html! { strong { (t!("motion-took-part", have = tally.quorum.have, all = remaining)) } }, need = tally.quorum.need, gap = html! { strong { (gap(tally.quorum)) } })) }
            (bar(tally.quorum, remaining, &said!("motion-quorum-bar", have = tally.quorum.have, all = remaining, need = tally.quorum.need)))
            div { (t!("motion-approval", yes = html! { strong { (t!("motion-yes", count = tally.approval.have)) } }, cast = cast, need = tally.approval.need, gap = html! { strong { (gap(tally.approval)) } })) }
            (bar(tally.approval, cast.max(tally.approval.need), &said!("motion-approval-bar", have = tally.approval.have, need = tally.approval.need)))
            p class="mute small" { (rules::tally(view, motion)) }
            @if tally.recuse > 0 { p class="mute small" { (t!("motion-recused", count = tally.recuse, all = roll)) } }
        }
    }
}

fn roll_call(scene: &Scene, view: &View, motion: &Motion) -> Markup {
    let own = scene.snapshot.own_slug();
    html! {
        section id="roll" data-live class="card" {
            h2 { (t!("motion-roll")) }
            table class="stack" {
                thead { tr { th { (t!("motion-seat")) } th { (t!("motion-vote")) } th { (t!("motion-cast")) } th { (t!("motion-ballot")) } } }
                tbody {
                    @for seat in &motion.roll {
                        tr {
                            td data-label=(said!("motion-seat")) {
                                span {
                                    @if own == Some(seat.seat.as_str()) { strong { (t!("motion-you", hub = seat_link(view, &seat.seat))) } }
                                    @else { (seat_link(view, &seat.seat)) }
                                }
                            }
                            td data-label=(said!("motion-vote")) {
                                span {
                                    (choice(motion, seat.choice.as_deref(), own == Some(seat.seat.as_str())))
                                    @if let Some(conflict) = seat.conflict { " " span class="mute small" { (t!("motion-conflict", conflict = conflict.as_str())) } }
                                }
                            }
                            td data-label=(said!("motion-cast")) { @if let Some(at) = seat.at { (date(at)) } }
                            td data-label=(said!("motion-ballot")) {
                                span {
                                    @if let Some(record) = &seat.record { (record_link(record)) }
                                    @if !seat.superseded.is_empty() {
                                        (t!("motion-instead-of"))
                                        @for (place, id) in seat.superseded.iter().enumerate() { @if place > 0 { ", " } (record_link(id)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn choice(motion: &Motion, choice: Option<&str>, own: bool) -> Markup {
    html! {
        @match choice {
            Some("yes") => (t!("choice-yes")),
            Some("no") => (t!("choice-no")),
            Some("abstain") => (t!("choice-abstain")),
            Some("recuse") => (t!("choice-recuse")),
            Some("block") => span class="tag r" { (t!("choice-block")) },
            Some(other) => (plain(other)),
            None if own && motion.state == "open" => span class="tag r" { (t!("choice-due")) },
            None if motion.state == "open" => (t!("choice-not-yet")),
            None => span class="mute" { (t!("choice-none")) },
        }
    }
}

/// The own seat's ballot: what it says, how far it is, and the form that casts or changes it.
fn ballot(scene: &Scene, motion: &Motion, standing: &Standing) -> Markup {
    if scene.snapshot.own_slug().is_none() {
        return html! {};
    }
    let Some(seat) = scene.own_seat() else {
        return html! {
            section class="card" { h2 { (t!("motion-your-ballot")) } p class="mute" { (t!("motion-not-on-the-roll")) } }
        };
    };
    let open = motion.state == "open";
    html! {
        section id="ballot" class={ "card" @if open && seat.choice.is_none() { " due" } } {
            h2 { (t!("motion-your-ballot-for", hub = seat_link(scene.view(), &seat.seat))) }
            @if let Some(conflict) = seat.conflict { p { (t!("motion-your-conflict", conflict = conflict.as_str())) } }
            @else { @match (&seat.choice, open) {
                (Some(chosen), _) => p { (t!("motion-voted", choice = html! { strong { (t!("ballot-choice", choice = plain(chosen))) } })) },
                (None, true) => p { (t!("motion-not-voted-yet")) },
                (None, false) => p { (t!("motion-not-voted")) },
            } }
            (ballot::steps(motion, standing))
            @if open && seat.conflict.is_none() { (ballot::form(scene.view(), motion, &scene.snapshot.own.keys, seat.choice.as_deref())) }
        }
    }
}

/// Who decides.
fn body(motion: &Motion) -> String {
    if motion.fallback {
        return "fallback".to_owned();
    }
    plain(motion.body.as_deref().unwrap_or("committee"))
}

fn tellers(view: &View, motion: &Motion) -> Markup {
    let quorum = motion.tellers_needed;
    html! {
        section id="tellers" data-live class="card" {
            h2 { (t!("motion-tellers")) }
            p class="mute small" {
                @if motion.is_final { (t!("motion-is-final", count = motion.tellers.len())) }
                @else { (t!("motion-final-when", quorum = quorum, count = motion.tellers.len())) }
            }
            table {
                thead { tr { th { (t!("motion-seat")) } th { (t!("motion-its-count")) } } }
                tbody {
                    @for teller in &motion.tellers {
                        tr { td { (seat_link(view, &teller.seat)) } td { (part(motion, teller)) } }
                    }
                }
            }
        }
    }
}

fn part(motion: &Motion, teller: &Teller) -> Markup {
    html! {
        @match (&teller.returned, &teller.refused, &teller.closed) {
            (Some(outcome), ..) => span class=(if outcome == "adopted" { "tag" } else { "tag r" }) { (t!("teller-returned", outcome = said!("state", state = plain(outcome)))) },
            (None, Some(reason), _) => span class="tag r" { (t!("teller-refused", reason = plain(reason))) }
            (None, None, Some(closing)) => { span class="tag w" { (t!("teller-closed")) } " " (record_link(closing)) }
            (None, None, None) if motion.state == "open" => (t!("teller-waits")),
            (None, None, None) => span class="tag w" { (t!("teller-silent")) },
        }
    }
}

fn proof(motion: &Motion) -> Markup {
    html! {
        section id="proof" data-live class="card" {
            h2 { (t!("motion-proof")) }
            @if motion.is_final {
                p { a class="btn q" href={ "/api/v1/motions/" (motion.id) "/certificate" } { (t!("motion-certificate")) } }
                p class="mute small" { (t!("motion-verify")) }
            } @else {
                p class="mute" { (t!("motion-no-certificate")) }
            }
            p class="small" { a href={ "/api/v1/motions/" (motion.id) } { (t!("motion-as-json")) } }
        }
    }
}
