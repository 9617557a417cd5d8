//! The overview: what is due from who looks, how the node is, where the hubs are, what was decided lately.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::shared::{count_words, empty, hub_tag, seat_link, sentence, state_tag, subject};
use super::{Scene, Shown, begin, map::map};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::places::continent;
use crate::reader;
use crate::seen::{Hub, View};
use crate::words::{date_both, day, distance, peers};

/// Decisions that are shown.
const LATELY: usize = 6;
/// Things that are due and shown; the rest is counted.
const DUE: usize = 4;

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let body = html! {
        h1 { (t!("overview-title", hubs = view.hubs.len())) }
        p class="lead" { (where_words(view)) " " (t!("overview-no-centre")) }
        @if !view.constituted {
            section class="card warn gap" { p { (t!("overview-not-constituted")) } }
        }
        @if let Some((done, all)) = begin::undone(scene) {
            section class="card gap" { p { (t!("overview-first-steps", link = html! { a href="/begin" { (t!("place-begin")) } }, done = done, all = all)) } }
        }
        @if !reader::is_stranger() {
            div class="grid three gap" {
                (votes(scene))
                (waiting(scene))
                (health(scene))
            }
        }
        section class="card gap" {
            h2 { (t!("overview-where-we-are")) }
            (map(view, scene.snapshot.own_slug()))
            p class="seen" {
                span { i { "●" } " " (t!("overview-co-owner")) }
                span { i class="off" { "●" } " " (t!("overview-on-its-way")) }
                span { (t!("overview-lines")) }
            }
            details id="hubs" { summary { (t!("overview-as-table")) } (table(view)) }
        }
        (lately(scene))
    };
    Ok(Shown { place: "/", title: said!("place-overview"), body })
}

/// "62 countries on six continents."
fn where_words(view: &View) -> String {
    let countries: BTreeSet<&str> = view.hubs.iter().map(|hub| hub.country.as_str()).collect();
    let continents: BTreeSet<&str> =
        countries.iter().map(|country| continent(country)).filter(|name| !name.is_empty()).collect();
    said!("overview-where", countries = countries.len(), continents = continents.len())
}

fn votes(scene: &Scene) -> Markup {
    let due: Vec<_> = scene.snapshot.due.iter().filter(|due| due.item.kind == "ballot").collect();
    html! {
        section class={ "card" @if !due.is_empty() { " due" } } {
            h2 { (t!("overview-your-votes", count = due.len())) }
            @if due.is_empty() { (empty(&t!("overview-no-votes"))) }
            @for one in due.iter().take(DUE) {
                p {
                    strong { (peers(&one.item.subject)) } br;
                    @if let Some(by) = one.item.by {
                        span class="tag w" { (t!("closes", when = distance(by, scene.now_ms))) } " "
                    }
                    (t!("overview-with-the-key", key = peers(&one.who)))
                }
                p { a class="btn" href={ "/motions/" (one.item.id) } { (t!("overview-read-and-vote")) } }
            }
            @if due.len() > DUE { p { a href="/motions?state=open" { (t!("overview-and-more", count = due.len() - DUE)) } } }
        }
    }
}

fn waiting(scene: &Scene) -> Markup {
    let due: Vec<_> = scene.snapshot.due.iter().filter(|due| due.item.kind != "ballot").collect();
    html! {
        section class="card" {
            h2 { (t!("overview-waiting")) }
            @if due.is_empty() { (empty(&t!("overview-nothing-waits"))) }
            @for one in due.iter().take(DUE) {
                p {
                    span class="tag w" { (one.item.kind) } " " (peers(&one.item.subject))
                    @if let Some(by) = one.item.by { ", " (date_both(by)) }
                    br;
                    (door(scene.view(), &one.item.id.to_string()))
                    br;
                    code { (one.item.command) }
                }
            }
            @if due.len() > DUE { p class="mute" { (t!("overview-and-more-agenda", count = due.len() - DUE)) } }
        }
    }
}

/// The page of what is owed: not everything that waits is about an application.
pub(super) fn door(view: &View, id: &str) -> Markup {
    html! {
        @if view.applications.iter().any(|application| application.id == id) {
            a href={ "/applications/" (id) } { (t!("overview-open-dossier")) }
        } @else if view.motions.iter().any(|motion| motion.id == id) {
            a href={ "/motions/" (id) } { (t!("overview-read-motion")) }
        } @else {
            a href={ "/records/" (id) } { (t!("overview-read-record")) }
        }
    }
}

fn health(scene: &Scene) -> Markup {
    let snapshot = &scene.snapshot;
    let warnings = snapshot.status.as_ref().map(|status| status.warnings.as_slice()).unwrap_or_default();
    let well = warnings.is_empty() && snapshot.down.is_none();
    html! {
        section class={ "card" @if !well { " warn" } } {
            h2 { (t!("overview-node")) }
            @if well {
                p { (t!("overview-healthy", tag = html! { span class="tag" { (t!("overview-tag-healthy")) } })) }
            }
            @if let Some(why) = &snapshot.down { p { span class="tag r" { (t!("overview-tag-down")) } " " (sentence(why)) } }
            @for warning in warnings { p { span class="tag w" { (t!("overview-tag-attention")) } " " (sentence(warning)) } }
            @if let Some(status) = &snapshot.status {
                p class="mute small" { (t!("overview-network", network = html! { code title=(scene.view().network) { (crate::words::short(&scene.view().network)) "…" } })) }
                p class="mute small" { (t!("overview-version", version = status.version.as_str(), time = crate::words::roughly(status.up_ms))) }
            }
            p { a href="/peers" { (t!("place-peers")) } }
        }
    }
}

fn table(view: &View) -> Markup {
    let member = |hub: &Hub| hub.is_member();
    let (members, others): (Vec<&Hub>, Vec<&Hub>) = view.hubs.iter().partition(|hub| member(hub));
    html! {
        div class="scroll" {
            table {
                caption { (t!("overview-table-caption", members = members.len(), others = others.len())) }
                thead { tr { th { (t!("hub")) } th { (t!("city")) } th { (t!("country")) } th { (t!("status-title")) } th { (t!("sponsored-by")) } } }
                tbody {
                    @for hub in members.iter().chain(&others) {
                        tr {
                            td { a href={ "/hubs/" (hub.key()) } { (peers(&hub.name)) } }
                            td { (peers(&hub.city)) }
                            td { (peers(&hub.country)) }
                            td { (hub_tag(view, &hub.status)) }
                            td {
                                @if let Some(sponsor) = hub.sponsor.as_deref().and_then(|id| view.hub(id)) {
                                    (seat_link(view, &sponsor.slug))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn lately(scene: &Scene) -> Markup {
    let view = scene.view();
    let mut decided: Vec<_> = view.motions.iter().filter(|motion| motion.is_final).collect();
    decided.sort_by_key(|motion| std::cmp::Reverse(motion.decided_at));
    html! {
        section class="card" {
            h2 { (t!("overview-lately")) }
            @if decided.is_empty() { (empty(&t!("overview-nothing-decided"))) }
            @else {
                table class="stack" {
                    thead { tr { th { (t!("when")) } th { (t!("decision")) } th { (t!("count")) } th { (t!("proof")) } } }
                    tbody {
                        @for motion in decided.into_iter().take(LATELY) {
                            tr {
                                td data-label=(said!("when")) { @if let Some(at) = motion.decided_at { (day(at)) } }
                                td data-label=(said!("decision")) { a href={ "/motions/" (motion.id) } { (subject(view, motion)) } }
                                td data-label=(said!("count")) { (count_words(motion)) }
                                td data-label=(said!("proof")) {
                                    span {
                                        (state_tag(motion)) " "
                                        (t!("overview-tellers",
                                            count = motion.tellers.iter().filter(|teller| teller.returned.is_some()).count(),
                                            all = motion.tellers.len(),
                                            certificate = html! { a href={ "/api/v1/motions/" (motion.id) "/certificate" } { (t!("certificate")) } },
                                        ))
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
