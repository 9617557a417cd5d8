//! The overview: what is due from who looks, how the node is, where the hubs are, what was decided lately.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::shared::{count_words, empty, hub_tag, seat_link, sentence, state_tag, subject};
use super::{Scene, Shown, begin, map::map};
use crate::api::problem::Problem;
use crate::places::continent;
use crate::reader;
use crate::seen::{Hub, View};
use crate::words::{counted, date_both, day, distance, peers};

/// Decisions that are shown.
const LATELY: usize = 6;
/// Things that are due and shown; the rest is counted.
const DUE: usize = 4;

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let body = html! {
        h1 { (counted(view.hubs.len(), "hub")) ", one network" }
        p class="lead" { (where_words(view)) " No centre: every line below is signed by a hub and held by all." }
        @if !view.constituted {
            section class="card warn gap" { p { "The network is not constituted yet: not every founder's first record is here. Nothing can be decided before." } }
        }
        @if let Some((done, all)) = begin::undone(scene) {
            section class="card gap" { p { a href="/begin" { "First steps" } ": " (done) " of " (all) " are done." } }
        }
        @if !reader::is_stranger() {
            div class="grid three gap" {
                (votes(scene))
                (waiting(scene))
                (health(scene))
            }
        }
        section class="card gap" {
            h2 { "Where we are" }
            (map(view, scene.snapshot.own_slug()))
            p class="seen" {
                span { i { "●" } " co-owner" }
                span { i class="off" { "●" } " on its way" }
                span { "lines: who sponsored whom" }
            }
            details id="hubs" { summary { "Show as table" } (table(view)) }
        }
        (lately(scene))
    };
    Ok(Shown { place: "/", title: "Overview".to_owned(), body })
}

/// "62 countries on six continents."
fn where_words(view: &View) -> String {
    let countries: BTreeSet<&str> = view.hubs.iter().map(|hub| hub.country.as_str()).collect();
    let continents: BTreeSet<&str> =
        countries.iter().map(|country| continent(country)).filter(|name| !name.is_empty()).collect();
    let noun = if countries.len() == 1 { "country" } else { "countries" };
    let onto = if continents.len() == 1 { "continent" } else { "continents" };
    format!("{} {noun} on {} {onto}.", countries.len(), in_letters(continents.len()))
}

fn in_letters(count: usize) -> String {
    const WORDS: [&str; 8] = ["no", "one", "two", "three", "four", "five", "six", "seven"];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

fn votes(scene: &Scene) -> Markup {
    let due: Vec<_> = scene.snapshot.due.iter().filter(|due| due.item.kind == "ballot").collect();
    html! {
        section class={ "card" @if !due.is_empty() { " due" } } {
            h2 { @if due.len() == 1 { "Your vote is due" } @else if due.is_empty() { "Your votes" } @else { (due.len()) " votes are due from you" } }
            @if due.is_empty() { (empty("Nothing waits for your vote.")) }
            @for one in due.iter().take(DUE) {
                p {
                    strong { (peers(&one.item.subject)) } br;
                    @if let Some(by) = one.item.by {
                        span class="tag w" { "closes " (distance(by, scene.now_ms)) } " "
                    }
                    "with the key " (peers(&one.who))
                }
                p { a class="btn" href={ "/motions/" (one.item.id) } { "Read and vote" } }
            }
            @if due.len() > DUE { p { a href="/motions?state=open" { "and " (due.len() - DUE) " more" } } }
        }
    }
}

fn waiting(scene: &Scene) -> Markup {
    let due: Vec<_> = scene.snapshot.due.iter().filter(|due| due.item.kind != "ballot").collect();
    html! {
        section class="card" {
            h2 { "Waiting for you" }
            @if due.is_empty() { (empty("No review and no signature is due from you.")) }
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
            @if due.len() > DUE { p class="mute" { "and " (due.len() - DUE) " more: " code { "cohub agenda" } } }
        }
    }
}

/// The page of what is owed: not everything that waits is about an application.
pub(super) fn door(view: &View, id: &str) -> Markup {
    html! {
        @if view.applications.iter().any(|application| application.id == id) {
            a href={ "/applications/" (id) } { "Open the dossier" }
        } @else if view.motions.iter().any(|motion| motion.id == id) {
            a href={ "/motions/" (id) } { "Read the motion" }
        } @else {
            a href={ "/records/" (id) } { "Read the record" }
        }
    }
}

fn health(scene: &Scene) -> Markup {
    let snapshot = &scene.snapshot;
    let warnings = snapshot.status.as_ref().map(|status| status.warnings.as_slice()).unwrap_or_default();
    let well = warnings.is_empty() && snapshot.down.is_none();
    html! {
        section class={ "card" @if !well { " warn" } } {
            h2 { "This node" }
            @if well {
                p { span class="tag" { "healthy" } " it answers, and has what its peers have" }
            }
            @if let Some(why) = &snapshot.down { p { span class="tag r" { "down" } " " (sentence(why)) } }
            @for warning in warnings { p { span class="tag w" { "attention" } " " (sentence(warning)) } }
            @if let Some(status) = &snapshot.status {
                p class="mute small" { "Network " code title=(scene.view().network) { (crate::words::short(&scene.view().network)) "…" } }
                p class="mute small" { "cohub " (status.version) ", up " (crate::words::roughly(status.up_ms)) }
            }
            p { a href="/peers" { "Peers and sync" } }
        }
    }
}

fn table(view: &View) -> Markup {
    let member = |hub: &Hub| hub.is_member();
    let (members, others): (Vec<&Hub>, Vec<&Hub>) = view.hubs.iter().partition(|hub| member(hub));
    html! {
        div class="scroll" {
            table {
                caption { (counted(members.len(), "co-owner")) ", " (others.len()) " on their way" }
                thead { tr { th { "Hub" } th { "City" } th { "Country" } th { "Status" } th { "Sponsored by" } } }
                tbody {
                    @for hub in members.iter().chain(&others) {
                        tr {
                            td { a href={ "/hubs/" (hub.key()) } { (peers(&hub.name)) } }
                            td { (peers(&hub.city)) }
                            td { (peers(&hub.country)) }
                            td { (hub_tag(&hub.status)) }
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
            h2 { "Decided lately" }
            @if decided.is_empty() { (empty("Nothing was decided yet. A committee seat opens a motion with `cohub motion open`.")) }
            @else {
                table class="stack" {
                    thead { tr { th { "When" } th { "Decision" } th { "Count" } th { "Proof" } } }
                    tbody {
                        @for motion in decided.into_iter().take(LATELY) {
                            tr {
                                td data-label="When" { @if let Some(at) = motion.decided_at { (day(at)) } }
                                td data-label="Decision" { a href={ "/motions/" (motion.id) } { (subject(view, motion)) } }
                                td data-label="Count" { (count_words(motion)) }
                                td data-label="Proof" {
                                    span {
                                        (state_tag(motion)) " "
                                        (motion.tellers.iter().filter(|teller| teller.returned.is_some()).count())
                                        " of " (motion.tellers.len()) " tellers · "
                                        a href={ "/api/v1/motions/" (motion.id) "/certificate" } { "certificate" }
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
