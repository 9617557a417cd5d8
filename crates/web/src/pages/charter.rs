//! The charter in plain words, and a calculator: with so many votes, what would a rule say?

use std::str::FromStr as _;

use cohub_registry::{Base, Fraction, Rule as Counting, Votes, duration_in_words};
use maud::{Markup, html};

use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::seen::{CharterText, Rule, Stage};
use crate::words::{counted, peers, plain, record_link};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let charter = &view.charter.text;
    let timing = charter.timing;
    let body = html! {
        h1 { (peers(&charter.title)) }
        p class="lead" { "The charter, version " (view.charter.version) ", as it stands in " (record_link(&view.charter.record)) ". Every decision is made by it." }
        div class="grid two" {
            div class="grid" {
                section class="card" {
                    h2 { "From prospect to co-owner" }
                    @for (place, stage) in charter.stages.iter().enumerate() {
                        h3 { (place + 1) ". " (peers(&stage.title)) }
                        (stage_words(charter, stage, place + 1 == charter.stages.len()))
                    }
                    @if !charter.conflicts.is_empty() {
                        p {
                            "Somebody has a conflict of interest in an application who "
                            @for (place, conflict) in charter.conflicts.iter().enumerate() { @if place > 0 { ", or " } (conflict.words()) }
                            ". Such a review is not counted, and such a seat has recused: it leaves every base of the vote."
                        }
                    }
                    p { "The new hub and " (counted(charter.signing_seats, "seat")) " of the committee sign an admission; with these signatures the hub is a co-owner." }
                }
                section class="card" {
                    h2 { "Counting rules" }
                    @for rule in &charter.rules { h3 { (peers(&rule.slug)) } p { (rule_words(rule)) } }
                }
                @if let Some(manifesto) = &view.manifesto {
                    section class="card" {
                        h2 { "Manifesto, version " (manifesto.version) }
                        pre tabindex="0" { (crate::words::harmless(&manifesto.text)) }
                        p class="mute small" { @if manifesto.signed.is_empty() { "No hub has signed this version by a record of its own yet." } @else { "Signed by " (counted(manifesto.signed.len(), "hub")) "." } }
                    }
                }
            }
            div class="grid" {
                (calculator(scene, charter))
                section class="card" {
                    h2 { "Times of a vote" }
                    dl {
                        dt { "Notice" } dd { "at least " (duration_in_words(timing.notice_ms)) }
                        dt { "Longest" } dd { (duration_in_words(timing.maximum_ms)) }
                        dt { "Grace" } dd { (duration_in_words(timing.grace_ms)) " for ballots on their way" }
                    }
                }
                section class="card" {
                    h2 { "Newcomers" }
                    p { "A hub may sponsor " (counted(charter.sponsorship.open, "newcomer")) " at a time. Each may write up to " (counted(charter.sponsorship.records, "record")) " on its way in." }
                    @if !charter.panels.is_empty() {
                        h3 { "Panels" }
                        ul { @for panel in &charter.panels { li { (peers(&panel.title)) " " span class="mute" { (peers(&panel.slug)) } } } }
                    }
                }
            }
        }
    };
    Ok(Shown { place: "/charter", title: "Charter".to_owned(), body })
}

fn stage_words(charter: &CharterText, stage: &Stage, last: bool) -> Markup {
    let rule = charter.rules.iter().find(|rule| rule.slug == stage.rule);
    html! {
        p {
            "The vote needs "
            @if stage.documents.is_empty() && stage.reviews.is_empty() && !stage.interview { "nothing but the application" }
            @if !stage.documents.is_empty() { "the documents " (peers(&stage.documents.join(", "))) }
            @for review in &stage.reviews { "; " (counted(review.count, "review")) " by the panel " (peers(&review.panel)) }
            @if stage.interview { "; an interview" }
            ". "
            @if let Some(blind) = charter.blind.iter().find(|blind| blind.stage == stage.slug) {
                "Its reviews are sealed until all are in, for " (duration_in_words(blind.within_ms)) " at the longest. "
            }
            @if last { "Adopting it is the admission. " }
            "The " (peers(&stage.body)) " decides by the rule " (peers(&stage.rule)) @if let Some(rule) = rule { ": " (rule_words(rule)) } @else { "." }
            @if stage.open_within_ms > 0 { " Once reached it stands for " (duration_in_words(stage.open_within_ms)) "." }
            @if stage.wait_ms > 0 { " After a rejection it may be asked again in " (duration_in_words(stage.wait_ms)) "." }
        }
    }
}

/// The rule as the registry counts by it; none where this software does not know its words.
pub(super) fn counting(rule: &Rule) -> Option<Counting> {
    Some(Counting {
        slug: rule.slug.parse().ok()?,
        quorum: Fraction::from_str(&rule.quorum).ok()?,
        quorum_counts_abstentions: rule.quorum_counts_abstentions,
        floor: Fraction::from_str(&rule.floor).ok()?,
        base: rule.base.parse::<Base>().ok()?,
        approval: Fraction::from_str(&rule.approval).ok()?,
        at_least: rule.at_least,
        consent: rule.consent,
        early_close: rule.early_close,
    })
}

fn rule_words(rule: &Rule) -> Markup {
    html! { @match counting(rule) { Some(rule) => (rule.words()), None => "a rule that these pages cannot read" } }
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
        ("roll", "On the roll", roll),
        ("yes", "Yes", votes.yes),
        ("no", "No", votes.no),
        ("abstain", "Abstain", votes.abstain),
        ("recuse", "Recused", votes.recuse),
        ("block", "Block", votes.block),
    ];
    html! {
        section class="card" {
            h2 { "What would it take?" }
            form method="get" action="/charter" data-keep[scene.asked("rule").is_some()] {
                label class="above" for="rule" { "Rule" }
                select id="rule" name="rule" { @for one in &charter.rules { option value=(one.slug) selected[Some(one.slug.as_str()) == wanted] { (plain(&one.slug)) } } }
                @for (name, label, value) in fields {
                    label class="above" for=(name) { (label) }
                    input id=(name) type="number" name=(name) min="0" max="100000" value=(value);
                }
                p class="act" { button class="q" { "Count" } }
            }
            @if let (Some(rule), true) = (rule, scene.asked("rule").is_some()) {
                @let decision = rule.decide(roll, &votes);
                p role="status" { span class=(if decision.outcome.as_str() == "adopted" { "tag" } else { "tag r" }) { (decision.outcome.as_str()) } " " (decision.words()) "." }
                p class="mute small" { "Quorum " (decision.quorum.have) " of " (decision.quorum.need) " needed; yes " (decision.approval.have) " of " (decision.approval.need) " needed." }
            }
        }
    }
}
