//! One application: what its next stage asks for, its documents, reviews, interviews and votes.

use maud::{Markup, html};

use super::applications::{blocks, name, status, tag};
use super::confirm::Standing;
use super::dossier_acts::written;
use super::dossier_forms::forms;
use super::shared::{count_words, empty, hub_link, state_tag, subject, when_words};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::seen::{Application, Document, Review, Stage, View};
use crate::words::{bytes, date, day, peers, plain, record_link, short};

/// Panelists who are named; the rest is counted.
const IN_HAND: usize = 5;

/// The application that the address names.
pub(super) fn find(scene: &Scene) -> Result<&Application, Problem> {
    let missing = || Problem::not_found(said!("dossier-nowhere", name = format!("{:?}", scene.name)));
    scene.view().application(&scene.name).ok_or_else(missing)
}

pub(super) fn page(scene: &Scene, standing: &Standing) -> Result<Shown, Problem> {
    let view = scene.view();
    let application = find(scene)?;
    let body = html! {
        p class="crumbs" { a href="/applications" { (t!("place-applications")) } " /" }
        h1 { (name(view, application)) }
        p class="lead" {
            (t!("dossier-lead", status = html! { span class=(tag(&application.status)) { (status(application)) } }, hub = hub_link(view, application.hub.as_deref()), day = day(application.at), record = record_link(&application.id)))
        }
        (written(scene, standing))
        div class="grid two" {
            div class="grid" {
                div id="documents" data-live { (documents(view, application)) }
                div id="reviews" data-live { (reviews(view, application)) }
                div id="votes" data-live { (votes(scene, view, application)) }
            }
            div class="grid" { (next(scene, view, application)) (forms(scene, application)) (stages(view, application)) (signatures(view, application)) }
        }
    };
    let title =
        application.hub.as_deref().and_then(|id| view.hub(id)).map(|hub| crate::words::harmless(&hub.name));
    Ok(Shown { place: "/applications", title: title.unwrap_or_else(|| said!("dossier-application")), body })
}

/// What the next stage asks for, point by point.
fn next(scene: &Scene, view: &View, application: &Application) -> Markup {
    let stage = application
        .next
        .as_ref()
        .and_then(|next| view.charter.text.stages.iter().find(|stage| stage.slug == next.stage));
    html! {
        section id="next" class={ "card" @if application.status == "open" { " due" } } data-live {
            h2 { (t!("dossier-next")) }
            p { (blocks(scene, view, application)) }
            @if let Some(stage) = stage {
                h3 { (t!("dossier-for", stage = peers(&stage.title))) }
                (checklist(view, application, stage))
                p class="mute small" { (t!("dossier-decided-by", body = said!("body", body = plain(&stage.body)), rule = peers(&stage.rule), charter = html! { a href="/charter" { (t!("dossier-charter")) } })) }
            }
        }
    }
}

/// Point by point: whether it is there, and who has it in hand where it is not.
fn checklist(view: &View, application: &Application, stage: &Stage) -> Markup {
    let has = |slug: &str| application.documents.iter().any(|one| one.current && one.document_type == slug);
    let of_panel = |panel: &str| -> Vec<&Review> {
        application.reviews.iter().filter(|one| one.panel == panel && counts(application, one)).collect()
    };
    let applicant = || html! { span class="small mute" { (t!("in-hand", who = hub_link(view, application.hub.as_deref()))) } };
    html! {
        ul class="plain check" {
            @for slug in &stage.documents { li { (tick(has(slug))) " " (t!("check-document", document = peers(slug))) @if !has(slug) { br; (applicant()) } } }
            @for review in &stage.reviews {
                @let there = of_panel(&review.panel);
                li {
                    (tick(there.len() >= review.count)) " " (t!("check-reviews", panel = peers(&review.panel), there = there.len(), count = review.count))
                    @if there.len() < review.count { br; (panel_in_hand(view, &review.panel, &there)) }
                }
            }
            @if stage.interview {
                li {
                    (tick(!application.interviews.is_empty())) " " (t!("charter-interview"))
                    @if application.interviews.is_empty() { br; span class="small mute" { (t!("in-hand", who = t!("in-hand-anybody"))) } }
                }
            }
            @if stage.documents.is_empty() && stage.reviews.is_empty() && !stage.interview { li { (tick(true)) " " (t!("charter-nothing")) } }
        }
    }
}

/// Whether a review is one of those that the next stage asks for.
fn counts(application: &Application, review: &Review) -> bool {
    let blind = application.next.as_ref().is_some_and(|next| next.blind_ms.is_some());
    let said = matches!(review.recommendation.as_str(), "accept" | "decline");
    said && review.conflict.is_none() && (review.opens.is_some() || !blind)
}

/// The members of a panel who have not reviewed it.
fn panel_in_hand(view: &View, panel: &str, reviews: &[&Review]) -> Markup {
    let members = view.panels.iter().filter(|one| one.panel == panel).flat_map(|one| &one.members);
    let waiting: Vec<_> = members
        .filter(|member| !reviews.iter().any(|review| review.hub.is_some() && review.hub == member.hub))
        .collect();
    html! {
        span class="small mute" {
            @if waiting.is_empty() { (t!("in-hand-nobody")) }
            @else {
                @let named = html! { @for (place, member) in waiting.iter().take(IN_HAND).enumerate() { @if place > 0 { ", " } (hub_link(view, member.hub.as_deref())) } };
                (t!("in-hand", who = named))
                @if waiting.len() > IN_HAND { " " (t!("overview-and-more", count = waiting.len() - IN_HAND)) }
            }
        }
    }
}

fn tick(there: bool) -> Markup {
    html! { @if there { span class="tag" { (t!("check-there")) } } @else { span class="tag w" { (t!("waits-lacks")) } } }
}

fn stages(view: &View, application: &Application) -> Markup {
    let reached =
        view.charter.text.stages.iter().position(|stage| Some(&stage.slug) == application.stage.as_ref());
    html! {
        section class="card" {
            h2 { (t!("dossier-way")) }
            ol class="steps" {
                @for (place, stage) in view.charter.text.stages.iter().enumerate() {
                    li class=[reached.is_some_and(|reached| place <= reached).then_some("on")] {
                        (peers(&stage.title))
                        @if reached == Some(place) { span class="skip" { " " (t!("dossier-reached")) } }
                    }
                }
                li class=[(application.status == "co-owner").then_some("on")] { (t!("overview-co-owner")) }
            }
        }
    }
}

fn documents(view: &View, application: &Application) -> Markup {
    let version = |document: &Document| {
        let mut count = 1_usize;
        let mut before = document.supersedes.as_ref();
        // A chain of versions is no longer than the list it is in.
        while let Some(id) = before.filter(|_| count <= application.documents.len()) {
            count += 1;
            before = application
                .documents
                .iter()
                .find(|one| one.id == *id)
                .and_then(|one| one.supersedes.as_ref());
        }
        count
    };
    html! {
        section class="card" {
            h2 { (t!("dossier-documents")) }
            @if application.documents.is_empty() { (empty(&t!("dossier-no-documents"))) }
            @else {
                table class="stack" {
                    thead { tr { th { (t!("dossier-document")) } th { (t!("applications-handed-in")) } th { (t!("dossier-size")) } th { (t!("dossier-readers")) } th { (t!("dossier-hash")) } } }
                    tbody {
                        @for document in application.documents.iter().rev() {
                            tr {
                                td data-label=(said!("dossier-document")) {
                                    span {
                                        @if document.erased.is_some() || document.scope == "sealed" { (peers(&document.document_type)) }
                                        @else { a href={ "/api/v1/documents/" (document.id) "/content" } download { (peers(&document.document_type)) } }
                                        " " (t!("dossier-version", version = version(document))) " "
                                        @if !document.current { span class="tag q" { (t!("dossier-superseded")) } }
                                        @if let Some(erased) = &document.erased {
                                            " " a class="tag q" href={ "/records/" (erased.record) } { (t!("dossier-erased")) }
                                        }
                                    }
                                }
                                td data-label=(said!("applications-handed-in")) { (date(document.at)) }
                                td data-label=(said!("dossier-size")) { (bytes(document.size_bytes)) }
                                td data-label=(said!("dossier-readers")) { @if document.erased.is_some() { (t!("readers-nobody")) } @else { (readers(view, document)) } }
                                td data-label=(said!("dossier-hash")) { code title=(document.hash) { (short(&document.hash)) "…" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn readers(view: &View, document: &Document) -> Markup {
    match document.scope.as_str() {
        "public" => t!("readers-public"),
        "members" => t!("readers-members"),
        "sealed" if document.readers.is_empty() => t!("readers-sealed-nobody"),
        "sealed" => {
            let named = html! {
                @for (place, reader) in document.readers.iter().enumerate() {
                    @if place > 0 { ", " }
                    @match &reader.hub {
                        Some(hub) => (hub_link(view, Some(hub))),
                        None => code title=(reader.key) { (short(&reader.key)) "…" },
                    }
                }
            };
            html! { span { (t!("readers-sealed", readers = named)) } }
        }
        other => html! { (plain(other)) },
    }
}

fn reviews(view: &View, application: &Application) -> Markup {
    html! {
        section class="card" {
            h2 { (t!("dossier-reviews")) }
            @if application.reviews.is_empty() && application.interviews.is_empty() { (empty(&t!("dossier-no-reviews"))) }
            @else {
                table class="stack" {
                    thead { tr { th { (t!("dossier-what")) } th { (t!("dossier-by")) } th { (t!("dossier-says")) } th { (t!("dossier-marks")) } th { (t!("when")) } } }
                    tbody {
                        @for review in application.reviews.iter().filter(|one| !was_opened(application, one)) {
                            tr {
                                td data-label=(said!("dossier-what")) { span { (t!("dossier-review", panel = peers(&review.panel))) } }
                                td data-label=(said!("dossier-by")) { span { (hub_link(view, review.hub.as_deref())) } }
                                td data-label=(said!("dossier-says")) { span { (opinion(&review.recommendation)) @if let Some(conflict) = review.conflict { " " span class="tag q" { (t!("dossier-not-counted", conflict = conflict.as_str())) } } } }
                                td data-label=(said!("dossier-marks")) { @if !review.scores.is_empty() { span { @for (place, score) in review.scores.iter().enumerate() { @if place > 0 { ", " } (peers(&score.criterion)) " " (score.points) } } } }
                                td data-label=(said!("when")) { span { (date(review.at)) " " (record_link(&review.id)) } }
                            }
                        }
                        @for interview in &application.interviews {
                            tr {
                                td data-label=(said!("dossier-what")) { (t!("motion-interview")) }
                                td data-label=(said!("dossier-by")) { span { (hub_link(view, interview.hub.as_deref())) } }
                                td data-label=(said!("dossier-says")) { span { (opinion(&interview.outcome)) } }
                                td data-label=(said!("dossier-marks")) {}
                                td data-label=(said!("when")) { span { (date(interview.at)) " " (record_link(&interview.id)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whether another review of its author opened it and says what it said.
fn was_opened(application: &Application, review: &Review) -> bool {
    application.reviews.iter().any(|other| other.opens.as_ref() == Some(&review.id))
}

fn opinion(word: &str) -> Markup {
    let class = match word {
        "accept" | "favourable" => "tag",
        "decline" | "unfavourable" => "tag r",
        "recuse" => "tag q",
        _ => "tag w",
    };
    html! { span class=(class) { (t!("opinion", word = plain(word))) } }
}

fn votes(scene: &Scene, view: &View, application: &Application) -> Markup {
    let mut motions: Vec<_> = application.motions.iter().filter_map(|id| view.motion(id)).collect();
    motions.sort_by_key(|motion| std::cmp::Reverse(motion.deadline));
    html! {
        section class="card" {
            h2 { (t!("dossier-votes")) }
            @if motions.is_empty() { (empty(&t!("dossier-no-votes"))) }
            @else {
                table class="stack" {
                    thead { tr { th { (t!("question")) } th { (t!("state-title")) } th { (t!("when")) } th { (t!("count")) } th { (t!("motion-bound-to")) } } }
                    tbody {
                        @for motion in motions {
                            tr {
                                td data-label=(said!("question")) { a href={ "/motions/" (motion.id) } { (subject(view, motion)) } }
                                td data-label=(said!("state-title")) { span { (state_tag(motion)) } }
                                td data-label=(said!("when")) { (when_words(motion, scene.now_ms)) }
                                td data-label=(said!("count")) { (count_words(motion)) }
                                td data-label=(said!("motion-bound-to")) {
                                    span {
                                        (t!("dossier-records", count = motion.evidence.len()))
                                        @if motion.is_undecided() && !motion.changed_since.is_empty() { " " span class="tag w" { (t!("dossier-changed", count = motion.changed_since.len())) } }
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

fn signatures(view: &View, application: &Application) -> Markup {
    let Some(signatures) = &application.signatures else { return html! {} };
    html! {
        section class="card" {
            h2 { (t!("dossier-signatures")) }
            ul class="plain" {
                li { (tick(signatures.hub)) " " (t!("dossier-hub-itself")) }
                li { (tick(signatures.seats.len() >= signatures.seats_needed)) " " (t!("dossier-seats-sign", have = signatures.seats.len(), count = signatures.seats_needed)) }
            }
            p { @for (place, seat) in signatures.seats.iter().enumerate() { @if place > 0 { ", " } (super::shared::seat_link(view, seat)) } }
            p { a href={ "/motions/" (signatures.motion) } { (t!("dossier-admitting-vote")) } }
        }
    }
}
