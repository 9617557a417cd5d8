//! Applications: in columns by stage, what each lacks, who has it in hand, for how long.

use cohub_record::Slug;
use maud::{Markup, html};

use super::dossier_acts::NEW;
use super::shared::{empty, hub_link, when_words};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::seen::{Application, View};
use crate::words::{day, distance, peers, plain};

/// Cards in a column; the list behind it holds all.
const COLUMN: usize = 40;

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let open = |application: &&Application| matches!(application.status.as_str(), "open" | "admitted");
    let of_stage = |stage: Option<&str>| -> Vec<&Application> {
        view.applications.iter().filter(open).filter(|one| one.stage.as_deref() == stage).collect()
    };
    let stages: Vec<(Option<&str>, Markup)> = std::iter::once((None, t!("applications-handed-in")))
        .chain(view.charter.text.stages.iter().map(|stage| (Some(stage.slug.as_str()), peers(&stage.title))))
        .collect();
    let ended: Vec<&Application> = view.applications.iter().filter(|one| !open(one)).collect();
    let body = html! {
        h1 { (t!("place-applications")) }
        p class="lead" { (t!("applications-lead")) }
        (own(scene))
        @if view.applications.is_empty() {
            section class="card" { (empty(&t!("applications-none"))) }
        } @else {
            div class="columns gap" tabindex="0" role="region" aria-label=(said!("applications-by-stage")) {
                @for (stage, title) in &stages {
                    @let cards = of_stage(*stage);
                    section {
                        h2 { (title) " " span class="mute" { (cards.len()) } }
                        @if cards.is_empty() { p class="mute small" { (t!("none")) } }
                        @for application in cards.iter().take(COLUMN) { (card(scene, view, application)) }
                        @if cards.len() > COLUMN { p class="mute" { (t!("overview-and-more", count = cards.len() - COLUMN)) } }
                    }
                }
            }
            @if !ended.is_empty() {
                section class="card" {
                    h2 { (t!("applications-ended")) }
                    table class="stack" {
                        thead { tr { th { (t!("hub")) } th { (t!("applications-came-to")) } th { (t!("applications-last-stage")) } th { (t!("applications-handed-in")) } } }
                        tbody {
                            @for application in ended {
                                tr {
                                    td data-label=(said!("hub")) { span { (hub_link(view, application.hub.as_deref())) } }
                                    td data-label=(said!("applications-came-to")) { span { span class=(tag(&application.status)) { (status(application)) } " " a href={ "/applications/" (application.id) } { (t!("motion-dossier")) } } }
                                    td data-label=(said!("applications-last-stage")) { @if let Some(stage) = &application.stage { (peers(view.stage_title(stage))) } }
                                    td data-label=(said!("applications-handed-in")) { (day(application.at)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Shown { place: "/applications", title: said!("place-applications"), body })
}

/// The way in for a hub that was sponsored, and what became of what it just signed.
fn own(scene: &Scene) -> Markup {
    let Some(hub) = scene.own_hub().filter(|hub| hub.id.is_some() && !hub.is_member()) else {
        return html! {};
    };
    let applies = scene.view().applications.iter().any(|one| one.hub == hub.id && one.status != "withdrawn");
    html! {
        @if !applies && scene.asked("written").is_some() {
            section class="card gap" role="status" { p { (t!("applications-stored")) } }
        } @else if !applies && scene.snapshot.own.controller.is_some() {
            section id="apply" class="card due gap" {
                h2 { (t!("applications-can-apply")) }
                @if claim(scene).is_some() {
                    p { (t!("applications-claim")) }
                }
                p { (t!("applications-sponsored", hub = peers(&hub.name))) }
                form method="post" action={ "/applications/" (NEW) "/review" } { p class="act" { button { (t!("read-what-you-sign")) } } }
            }
        }
    }
}

/// The claim that the own hub can take up: one of its slug that nobody has.
pub(super) fn claim(scene: &Scene) -> Option<Slug> {
    let own = scene.own_hub()?;
    let mut hubs = scene.view().hubs.iter();
    hubs.find(|hub| hub.status == "invited" && hub.slug == own.slug).and_then(|hub| hub.slug.parse().ok())
}

pub(super) fn tag(status: &str) -> &'static str {
    match status {
        "co-owner" | "admitted" => "tag",
        "rejected" => "tag r",
        "withdrawn" => "tag q",
        _ => "tag w",
    }
}

fn card(scene: &Scene, view: &View, application: &Application) -> Markup {
    html! {
        article class="card" {
            h3 { a href={ "/applications/" (application.id) } { (name(view, application)) } }
            p class="small" { (blocks(scene, view, application)) }
            p class="small mute" { (t!("applications-handed-in-when", when = distance(application.at, scene.now_ms))) }
        }
    }
}

/// An application's status in words.
pub(super) fn status(application: &Application) -> String {
    said!("application-status", status = plain(&application.status))
}

/// The name of the hub that applies.
pub(super) fn name(view: &View, application: &Application) -> Markup {
    let hub = application.hub.as_deref().and_then(|id| view.hub(id));
    hub.map_or_else(|| t!("hub-unknown"), |hub| peers(&hub.name))
}

/// What the application waits for, and for whom.
pub(super) fn blocks(scene: &Scene, view: &View, application: &Application) -> Markup {
    let voting = application.motions.iter().filter_map(|id| view.motion(id)).find(|one| one.is_undecided());
    if let Some(motion) = voting {
        return html! {
            span class="tag w" { (t!("waits-vote")) } " " (t!("waits-votes", body = said!("body", body = plain(motion.body.as_deref().unwrap_or("committee"))))) " "
            a href={ "/motions/" (motion.id) } { (when_words(motion, scene.now_ms)) }
        };
    }
    if let Some(signatures) = &application.signatures {
        let seats = signatures.seats_needed.saturating_sub(signatures.seats.len());
        return html! {
            @if !signatures.hub { span class="tag w" { (t!("waits-signature")) } " " (t!("waits-hub-signs")) " " }
            @if seats > 0 { span class="tag w" { (t!("waits-signature")) } " " (t!("waits-seats-sign", count = seats)) " " }
            @if signatures.hub && seats == 0 { span class="tag" { (t!("waits-signed")) } " " (t!("waits-both-sides")) }
        };
    }
    match &application.next {
        None => t!("waits-nothing"),
        Some(next) if next.missing.is_empty() => html! {
            span class="tag" { (t!("waits-ready")) } " " (t!("waits-opening", stage = peers(view.stage_title(&next.stage))))
        },
        Some(next) => html! {
            span class="tag w" { (t!("waits-lacks")) } " " @for (place, one) in next.missing.iter().enumerate() { @if place > 0 { "; " } (lacking(one)) }
        },
    }
}

/// What is missing, as the node says it, in the reader's words where these pages know the sentence.
fn lacking(sentence: &str) -> Markup {
    let document = sentence.strip_prefix("the document ").and_then(|rest| rest.strip_suffix(" is missing"));
    let reviews = sentence.strip_suffix(" are there").and_then(|rest| {
        let (counts, panel) = rest.split_once(" reviews by the panel ")?;
        let (there, of) = counts.split_once(" of ")?;
        Some((there.parse::<u64>().ok()?, of.parse::<u64>().ok()?, panel))
    });
    match (document, reviews) {
        (Some(document), _) => t!("lacks-document", document = peers(document)),
        (None, Some((there, of, panel))) => {
            t!("lacks-reviews", there = there, count = of, panel = peers(panel))
        }
        (None, None) if sentence == "the interview is missing" => t!("lacks-interview"),
        (None, None) => peers(sentence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The registry's sentences for what a dossier lacks, and one that these pages do not know.
    #[test]
    fn what_lacks_is_said_in_the_readers_words_and_never_left_out() {
        let reader = crate::reader::Reader::speaking(crate::language::known("tr").expect("Turkish is there"));
        let table = [
            ("the document plan is missing", "<bdi>plan</bdi> belgesi eksik"),
            (
                "1 of 2 reviews by the panel market are there",
                "<bdi>market</bdi> panelinin 2 incelemesinden 1 tanesi var",
            ),
            ("the interview is missing", "görüşme eksik"),
            ("something else", "<bdi>something else</bdi>"),
        ];
        for (sentence, expected) in table {
            assert_eq!(reader.made(|| lacking(sentence)).into_string(), expected);
        }
        let english = "2 of 3 reviews by the panel <bdi>market</bdi> are there";
        assert_eq!(lacking("2 of 3 reviews by the panel market are there").into_string(), english);
    }
}
