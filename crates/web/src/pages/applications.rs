//! Applications: in columns by stage, what each lacks, who has it in hand, for how long.

use cohub_record::Slug;
use maud::{Markup, html};

use super::dossier_acts::NEW;
use super::shared::{empty, hub_link, when_words};
use super::{Scene, Shown};
use crate::api::problem::Problem;
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
    let stages: Vec<(Option<&str>, &str)> = std::iter::once((None, "Handed in"))
        .chain(view.charter.text.stages.iter().map(|stage| (Some(stage.slug.as_str()), stage.title.as_str())))
        .collect();
    let ended: Vec<&Application> = view.applications.iter().filter(|one| !open(one)).collect();
    let body = html! {
        h1 { "Applications" }
        p class="lead" { "From prospect to co-owner. Each step is decided by a vote that is bound to the exact dossier." }
        (own(scene))
        @if view.applications.is_empty() {
            section class="card" { (empty("Nobody has applied yet. A co-owner invites with `cohub network invite` and sponsors with `cohub hub sponsor`.")) }
        } @else {
            div class="columns gap" tabindex="0" role="region" aria-label="Applications by stage" {
                @for (stage, title) in &stages {
                    @let cards = of_stage(*stage);
                    section {
                        h2 { (peers(title)) " " span class="mute" { (cards.len()) } }
                        @if cards.is_empty() { p class="mute small" { "none" } }
                        @for application in cards.iter().take(COLUMN) { (card(scene, view, application)) }
                        @if cards.len() > COLUMN { p class="mute" { "and " (cards.len() - COLUMN) " more" } }
                    }
                }
            }
            @if !ended.is_empty() {
                section class="card" {
                    h2 { "Ended" }
                    table class="stack" {
                        thead { tr { th { "Hub" } th { "Came to" } th { "Last stage" } th { "Handed in" } } }
                        tbody {
                            @for application in ended {
                                tr {
                                    td data-label="Hub" { span { (hub_link(view, application.hub.as_deref())) } }
                                    td data-label="Came to" { span { span class=(tag(&application.status)) { (plain(&application.status)) } " " a href={ "/applications/" (application.id) } { "dossier" } } }
                                    td data-label="Last stage" { @if let Some(stage) = &application.stage { (peers(view.stage_title(stage))) } }
                                    td data-label="Handed in" { (day(application.at)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Shown { place: "/applications", title: "Applications".to_owned(), body })
}

/// The way in for a hub that was sponsored, and what became of what it just signed.
fn own(scene: &Scene) -> Markup {
    let Some(hub) = scene.own_hub().filter(|hub| hub.id.is_some() && !hub.is_member()) else {
        return html! {};
    };
    let applies = scene.view().applications.iter().any(|one| one.hub == hub.id && one.status != "withdrawn");
    html! {
        @if !applies && scene.asked("written").is_some() {
            section class="card gap" role="status" { p { "Your application is signed and stored. It stands here in a moment." } }
        } @else if !applies && scene.snapshot.own.controller.is_some() {
            section id="apply" class="card due gap" {
                h2 { "Your hub can apply" }
                @if claim(scene).is_some() {
                    p { "The register that the network was founded with has a hub of this name. By your application yours takes up its claim: the committee votes once, on the last stage." }
                }
                p { (peers(&hub.name)) " was sponsored. An application opens its dossier: documents, reviews and votes follow, stage by stage." }
                form method="post" action={ "/applications/" (NEW) "/review" } { p class="act" { button { "Read what you sign" } } }
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
            p class="small mute" { "handed in " (distance(application.at, scene.now_ms)) }
        }
    }
}

/// The name of the hub that applies.
pub(super) fn name(view: &View, application: &Application) -> Markup {
    let hub = application.hub.as_deref().and_then(|id| view.hub(id));
    hub.map_or_else(|| html! { "A hub that is not known here" }, |hub| peers(&hub.name))
}

/// What the application waits for, and for whom.
pub(super) fn blocks(scene: &Scene, view: &View, application: &Application) -> Markup {
    let voting = application.motions.iter().filter_map(|id| view.motion(id)).find(|one| one.is_undecided());
    if let Some(motion) = voting {
        return html! {
            span class="tag w" { "vote" } " The " (plain(motion.body.as_deref().unwrap_or("committee"))) " votes; "
            a href={ "/motions/" (motion.id) } { (when_words(motion, scene.now_ms)) }
        };
    }
    if let Some(signatures) = &application.signatures {
        let seats = signatures.seats_needed.saturating_sub(signatures.seats.len());
        return html! {
            @if !signatures.hub { span class="tag w" { "signature" } " the hub has to sign its admission. " }
            @if seats > 0 { span class="tag w" { "signature" } " " (seats) " of the committee have to sign. " }
            @if signatures.hub && seats == 0 { span class="tag" { "signed" } " by both sides" }
        };
    }
    match &application.next {
        None => html! { "Nothing is next." },
        Some(next) if next.missing.is_empty() => html! {
            span class="tag" { "ready" } " A committee seat may open the vote on " (peers(view.stage_title(&next.stage))) "."
        },
        Some(next) => html! {
            span class="tag w" { "lacks" } " " (peers(&next.missing.join("; ")))
        },
    }
}
