//! One motion: the question, the exact effect, the rule in words, how it stands, who voted what, tellers.

use maud::{Markup, html};

use super::ballot;
use super::confirm::Standing;
use super::shared::{bar, dossier, gap, hub_link, question, seat_link, state_tag, when_words};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::seen::{Motion, Teller, View};
use crate::words::{date, date_both, harmless, peers, plain, record_link, short};

pub(super) fn page(scene: &Scene, standing: &Standing) -> Result<Shown, Problem> {
    let view = scene.view();
    let motion = find(scene)?;
    let body = html! {
        (heading(scene, view, motion))
        div class="grid two" {
            div class="grid" {
                (decides(view, motion))
                (stands(motion))
                (roll_call(scene, view, motion))
            }
            div class="grid" {
                (ballot(scene, motion, standing))
                (tellers(view, motion))
                (proof(motion))
            }
        }
    };
    Ok(Shown { place: "/motions", title: "Motion".to_owned(), body })
}

/// The same for strangers, who have no ballot on it.
pub(super) fn public_page(scene: &Scene) -> Result<Shown, Problem> {
    page(scene, &Standing::default())
}

/// The motion that the address names.
pub(super) fn find(scene: &Scene) -> Result<&Motion, Problem> {
    let missing = || Problem::not_found(format!("{:?} is no motion that this node knows.", scene.name));
    scene.view().motion(&scene.name).ok_or_else(missing)
}

fn heading(scene: &Scene, view: &View, motion: &Motion) -> Markup {
    html! {
        p class="crumbs" {
            a href="/motions" { "Motions" } " /"
            @if motion.kind == "advance" { " " (dossier(&motion.subject, &html! { "Dossier" })) " /" }
        }
        h1 { (question(view, motion)) }
        p class="lead" {
            (state_tag(motion)) " "
            @if motion.state == "open" { "closes " (date_both(motion.deadline)) ", " (crate::words::distance(motion.deadline, scene.now_ms)) }
            @else { (when_words(motion, scene.now_ms)) ", deadline " (date_both(motion.deadline)) }
            " · moved by " (hub_link(view, motion.mover_hub.as_deref())) " on " (date(motion.at)) " · " (record_link(&motion.id))
        }
    }
}

fn decides(view: &View, motion: &Motion) -> Markup {
    let application = view.application(&motion.subject);
    html! {
        section class="card" {
            h2 { "What you decide on" }
            dl {
                dt { "Effect" }
                dd {
                    @if let (Some(stage), true) = (&motion.stage, motion.kind == "advance") {
                        (hub_link(view, motion.hub.as_deref())) " reaches " strong { (peers(view.stage_title(stage))) }
                        @if view.charter.text.stages.last().is_some_and(|last| last.slug == *stage) { ": this is its admission" }
                    } @else { (question(view, motion)) }
                }
                dt { "Rule" } dd { (harmless(&motion.rule)) " " span class="mute" { "(charter version " (view.charter.version) ")" } }
                dt { "Decides" } dd { "the " (body(motion)) ", " (motion.roll.len()) " on the roll" }
                @if motion.generation > 1 || motion.fallen {
                    dt { "Generation" }
                    dd { (motion.generation) @if motion.fallen { ", and it fell with that: it has no effect any more" } }
                }
                @if motion.fallback {
                    dt { "Counted by" }
                    dd { "those on the roll: each runs " code { "cohub motion count" } " after the deadline, and again when the others have" }
                }
                dt { "Bound to" }
                dd {
                    @if motion.evidence.is_empty() { "nothing beside itself" }
                    @for (place, id) in motion.evidence.iter().enumerate() {
                        @if place > 0 { ", " }
                        (bound_to(application, id))
                    }
                }
                @if motion.is_undecided() && !motion.changed_since.is_empty() {
                    dt { "Changed since" }
                    dd {
                        span class="tag w" { "not part of this vote" } " "
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
        return dossier(id, &html! { "the application" });
    }
    let document = application.documents.iter().find(|one| one.id == id);
    let review = application.reviews.iter().find(|one| one.id == id);
    html! {
        @if let Some(document) = document { (peers(&document.document_type)) " " code title=(document.hash) { (short(&document.hash)) "…" } }
        @else if let Some(review) = review { "review " (peers(&review.panel)) " (" (plain(&review.recommendation)) ")" }
        @else if application.interviews.iter().any(|one| one.id == id) { "interview" }
        @else { (record_link(id)) }
    }
}

fn stands(motion: &Motion) -> Markup {
    let tally = &motion.tally;
    let roll = u64::try_from(motion.roll.len()).unwrap_or(u64::MAX);
    let remaining = roll.saturating_sub(tally.recuse);
    let cast = tally.yes + tally.no + tally.block;
    html! {
        section id="stands" data-live class="card" {
            h2 { "How it stands " span class=(if motion.is_final { "tag" } else { "tag w" }) { (if motion.is_final { "final" } else { "provisional" }) } }
            div { "Quorum: " strong { (tally.quorum.have) " of " (remaining) " took part" } ", " (tally.quorum.need) " needed: " strong { (gap(tally.quorum)) } }
            (bar(tally.quorum, remaining, &format!("{} of {remaining} took part, {} needed", tally.quorum.have, tally.quorum.need)))
            div { "Approval: " strong { (tally.approval.have) " yes" } " of " (cast) " votes for or against, " (tally.approval.need) " needed: " strong { (gap(tally.approval)) } }
            (bar(tally.approval, cast.max(tally.approval.need), &format!("{} yes, {} needed", tally.approval.have, tally.approval.need)))
            p class="mute small" { (harmless(&tally.words)) "." }
            @if tally.recuse > 0 { p class="mute small" { (tally.recuse) " recused for a conflict of interest and left the base of " (roll) "." } }
        }
    }
}

fn roll_call(scene: &Scene, view: &View, motion: &Motion) -> Markup {
    let own = scene.snapshot.own_slug();
    html! {
        section id="roll" data-live class="card" {
            h2 { "Roll call" }
            table class="stack" {
                thead { tr { th { "Seat" } th { "Vote" } th { "Cast" } th { "Ballot" } } }
                tbody {
                    @for seat in &motion.roll {
                        tr {
                            td data-label="Seat" {
                                span {
                                    @if own == Some(seat.seat.as_str()) { strong { (seat_link(view, &seat.seat)) " (you)" } }
                                    @else { (seat_link(view, &seat.seat)) }
                                }
                            }
                            td data-label="Vote" { span { (choice(motion, seat.choice.as_deref(), own == Some(seat.seat.as_str()))) } }
                            td data-label="Cast" { @if let Some(at) = seat.at { (date(at)) } }
                            td data-label="Ballot" {
                                span {
                                    @if let Some(record) = &seat.record { (record_link(record)) }
                                    @if !seat.superseded.is_empty() {
                                        " instead of "
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
            Some("yes") => "Yes",
            Some("no") => "No",
            Some("abstain") => "Abstains",
            Some("recuse") => "Recused",
            Some("block") => span class="tag r" { "Blocks" },
            Some(other) => (plain(other)),
            None if own && motion.state == "open" => span class="tag r" { "due" },
            None if motion.state == "open" => "not yet",
            None => span class="mute" { "did not vote" },
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
            section class="card" { h2 { "Your ballot" } p class="mute" { "Your hub is not on this roll." } }
        };
    };
    let open = motion.state == "open";
    html! {
        section id="ballot" class={ "card" @if open && seat.choice.is_none() { " due" } } {
            h2 { "Your ballot for " (seat_link(scene.view(), &seat.seat)) }
            @match (&seat.choice, open) {
                (Some(choice), _) => p { "Your hub voted " strong { (plain(choice)) } "." },
                (None, true) => p { "Your hub has not voted yet." },
                (None, false) => p { "Your hub did not vote." },
            }
            (ballot::steps(motion, standing))
            @if open { (ballot::form(scene.view(), motion, &scene.snapshot.own.keys, seat.choice.as_deref())) }
        }
    }
}

/// Who decides.
fn body(motion: &Motion) -> String {
    if motion.fallback {
        return "fallback roll".to_owned();
    }
    plain(motion.body.as_deref().unwrap_or("committee"))
}

fn tellers(view: &View, motion: &Motion) -> Markup {
    let quorum = motion.tellers_needed;
    html! {
        section id="tellers" data-live class="card" {
            h2 { "Tellers" }
            p class="mute small" {
                @if motion.is_final { "Final: enough of " (motion.tellers.len()) " returned the same outcome." }
                @else { "Final when " (quorum) " of " (motion.tellers.len()) " return the same outcome." }
            }
            table {
                thead { tr { th { "Seat" } th { "Its count" } } }
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
            (Some(outcome), ..) => span class=(if outcome == "adopted" { "tag" } else { "tag r" }) { "returned " (plain(outcome)) },
            (None, Some(reason), _) => span class="tag r" { "refused: " (plain(reason)) }
            (None, None, Some(closing)) => { span class="tag w" { "closed" } " " (record_link(closing)) }
            (None, None, None) if motion.state == "open" => "waits for closing",
            (None, None, None) => span class="tag w" { "not heard yet" },
        }
    }
}

fn proof(motion: &Motion) -> Markup {
    html! {
        section id="proof" data-live class="card" {
            h2 { "Proof" }
            @if motion.is_final {
                p { a class="btn q" href={ "/api/v1/motions/" (motion.id) "/certificate" } { "Certificate" } }
                p class="mute small" { "A file that verifies without a node, by " code { "cohub certificate verify FILE" } "." }
            } @else {
                p class="mute" { "A certificate can be had once the outcome is final." }
            }
            p class="small" { a href={ "/api/v1/motions/" (motion.id) } { "This motion as JSON" } }
        }
    }
}
