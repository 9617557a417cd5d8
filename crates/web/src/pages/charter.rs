//! The charter in plain words, and a calculator: with so many votes, what would a rule say?

use cohub_registry::Votes;
use maud::{Markup, html};

use super::charter_changes::history;
use super::rules::{counting, rule_words, stands};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::reader;
use crate::seen::{CharterText, Rule, Stage};
use crate::words::{exactly, peers, plain, record_link};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let charter = &view.charter.text;
    let timing = charter.timing;
    let body = html! {
        h1 { (peers(&charter.title)) }
        p class="lead" { (t!("charter-lead", version = view.charter.version, record = record_link(&view.charter.record))) }
        div class="grid two" {
            div class="grid" {
                section class="card" {
                    h2 { (t!("charter-way")) }
                    @for (place, stage) in charter.stages.iter().enumerate() {
                        h3 { (place + 1) ". " (peers(&stage.title)) }
                        (stage_words(charter, stage, charter.rules.iter().find(|rule| rule.slug == stage.rule)))
                    }
                    @if !charter.conflicts.is_empty() { p { (t!("charter-conflicts", conflicts = conflicts(charter))) } }
                    p { (t!("charter-signing", count = charter.signing_seats)) }
                }
                section class="card" {
                    h2 { (t!("charter-rules")) }
                    @for rule in &charter.rules { h3 { (peers(&rule.slug)) } p { (rule_words(rule)) } }
                }
                @if let Some(manifesto) = &view.manifesto {
                    section class="card" {
                        h2 { (t!("charter-manifesto", version = manifesto.version)) }
                        pre tabindex="0" { bdi { (crate::words::harmless(&manifesto.text)) } }
                        p class="mute small" { @if manifesto.signed.is_empty() { (t!("charter-unsigned")) } @else { (t!("charter-signed", count = manifesto.signed.len())) } }
                    }
                }
            }
            div class="grid" {
                (history(view, !reader::is_stranger()))
                (calculator(scene, charter))
                section class="card" {
                    h2 { (t!("charter-times")) }
                    dl {
                        dt { (t!("charter-notice")) } dd { (t!("charter-at-least", time = exactly(timing.notice_ms))) }
                        dt { (t!("charter-longest")) } dd { (exactly(timing.maximum_ms)) }
                        dt { (t!("charter-grace")) } dd { (t!("charter-grace-for", time = exactly(timing.grace_ms))) }
                    }
                }
                section class="card" {
                    h2 { (t!("charter-newcomers")) }
                    p { (t!("charter-sponsors", count = charter.sponsorship.open)) " " (t!("charter-writes", count = charter.sponsorship.records)) }
                    @if !charter.panels.is_empty() {
                        h3 { (t!("charter-panels")) }
                        ul { @for panel in &charter.panels { li { (peers(&panel.title)) " " span class="mute" { (peers(&panel.slug)) } } } }
                    }
                }
            }
        }
    };
    Ok(Shown { place: "/charter", title: said!("place-charter"), body })
}

/// Who has a conflict of interest by the charter, in words.
pub(super) fn conflicts(charter: &CharterText) -> String {
    let words = charter.conflicts.iter().map(|conflict| said!("conflict", conflict = conflict.as_str()));
    words.collect::<Vec<_>>().join("; ")
}

/// What it takes to reach a stage, with the words of the rule where they do not stand elsewhere.
pub(super) fn stage_words(charter: &CharterText, stage: &Stage, rule: Option<&Rule>) -> Markup {
    let last = charter.stages.last().is_some_and(|last| last.slug == stage.slug);
    let mut needs = Vec::new();
    if !stage.documents.is_empty() {
        needs.push(t!("charter-documents", documents = peers(&stage.documents.join(", "))));
    }
    for review in &stage.reviews {
        needs.push(t!("charter-reviews", count = review.count, panel = peers(&review.panel)));
    }
    if stage.interview {
        needs.push(t!("charter-interview"));
    }
    if needs.is_empty() {
        needs.push(t!("charter-nothing"));
    }
    let needs = html! { @for (place, need) in needs.iter().enumerate() { @if place > 0 { "; " } (need) } };
    html! {
        p {
            (t!("charter-vote-needs", needs = needs)) " "
            @if let Some(blind) = charter.blind.iter().find(|blind| blind.stage == stage.slug) {
                (t!("charter-blind", time = exactly(blind.within_ms))) " "
            }
            @if last { (t!("charter-adopting")) " " }
            (t!("charter-decides", body = said!("body", body = plain(&stage.body)), rule = peers(&stage.rule)))
            @if let Some(rule) = rule { " " (rule_words(rule)) }
            @if stage.open_within_ms > 0 { " " (t!("charter-stands-for", time = exactly(stage.open_within_ms))) }
            @if stage.wait_ms > 0 { " " (t!("charter-again-in", time = exactly(stage.wait_ms))) }
        }
    }
}

/// "What would it take?": counted by the registry's own arithmetic.
fn calculator(scene: &Scene, charter: &CharterText) -> Markup {
    let count = |name: &str, usual: u32| {
        scene.asked(name).and_then(|text| text.parse::<u32>().ok()).map_or(usual, |count| count.min(100_000))
    };
    let seats = u32::try_from(scene.view().committee.seats.len()).unwrap_or(0);
    let roll = count("roll", seats);
    let votes = Votes {
        yes: count("yes", 0),
        no: count("no", 0),
        abstain: count("abstain", 0),
        recuse: count("recuse", 0),
        block: count("block", 0),
    };
    let wanted = scene.asked("rule").or_else(|| charter.rules.first().map(|rule| rule.slug.as_str()));
    let rule = charter.rules.iter().find(|rule| Some(rule.slug.as_str()) == wanted).and_then(counting);
    let fields = [
        ("roll", said!("charter-on-the-roll"), roll),
        ("yes", said!("choice-yes"), votes.yes),
        ("no", said!("choice-no"), votes.no),
        ("abstain", said!("choice-abstain"), votes.abstain),
        ("recuse", said!("choice-recuse"), votes.recuse),
        ("block", said!("choice-block"), votes.block),
    ];
    html! {
        section class="card" {
            h2 { (t!("charter-calculator")) }
            form method="get" action="/charter" data-keep[scene.asked("rule").is_some()] {
                label class="above" for="rule" { (t!("motion-rule")) }
                select id="rule" name="rule" { @for one in &charter.rules { option value=(one.slug) selected[Some(one.slug.as_str()) == wanted] { (plain(&one.slug)) } } }
                @for (name, label, value) in fields {
                    label class="above" for=(name) { (label) }
                    input id=(name) type="number" name=(name) min="0" max="100000" value=(value);
                }
                p class="act" { button class="q" { (t!("charter-count")) } }
            }
            @if let (Some(rule), true) = (rule, scene.asked("rule").is_some()) {
                @let decision = rule.decide(roll, &votes);
                p role="status" { span class=(if decision.outcome.as_str() == "adopted" { "tag" } else { "tag r" }) { (t!("state", state = decision.outcome.as_str())) } " " (t!("sentence", words = stands(&rule, &decision))) }
                p class="mute small" { (t!("charter-needed", quorum = decision.quorum.need, took = decision.quorum.have, yes = decision.approval.need, have = decision.approval.have)) }
            }
        }
    }
}
