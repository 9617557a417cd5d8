//! One hub: what it says of itself, its lineage, how it came in, its people, its years.

use maud::{Markup, html};

use super::shared::{count_words, dossier, empty, hub_link, hub_tag, key, state_tag, subject};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::places::continent;
use crate::seen::{Hub, Report, View};
use crate::words::{day, harmless, number, peers, plain, record_link};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let hub = view
        .hub(&scene.name)
        .ok_or_else(|| Problem::not_found(format!("{:?} is no hub that this node knows.", scene.name)))?;
    let body = html! {
        p class="crumbs" { a href="/registry" { "Registry" } " /" }
        h1 { (peers(&hub.name)) }
        p class="lead" {
            (hub_tag(&hub.status)) " " (peers(&hub.city)) ", " (peers(&hub.country))
            @if let Some(since) = hub.since { " · since " (day(since)) }
        }
        div class="grid two" {
            div class="grid" {
                (profile(view, hub))
                (history(view, hub))
                (reports(view, hub))
            }
            div class="grid" { (lineage(view, hub)) (keys(hub)) }
        }
    };
    Ok(Shown { place: "/registry", title: harmless(&hub.name), body })
}

fn profile(view: &View, hub: &Hub) -> Markup {
    let signed = view.manifesto.as_ref().filter(|manifesto| manifesto.signed.contains(&hub.slug));
    html! {
        section class="card" {
            h2 { "Profile" }
            dl {
                dt { "Short name" } dd { (peers(&hub.slug)) }
                dt { "Place" } dd { (peers(&hub.city)) ", " (peers(&hub.country)) " " span class="mute" { (continent(&hub.country)) } }
                dt { "Coordinates" } dd { (format!("{:.3}, {:.3}", hub.lat, hub.lon)) }
                @if let Some(id) = &hub.id { dt { "Id" } dd { code { (id) } } }
                @if let Some(manifesto) = signed { dt { "Manifesto" } dd { "signed version " (manifesto.version) } }
            }
        }
    }
}

fn history(view: &View, hub: &Hub) -> Markup {
    let applications: Vec<_> =
        view.applications.iter().filter(|one| one.hub.is_some() && one.hub == hub.id).collect();
    let motions = || view.motions.iter().filter(|one| one.hub.is_some() && one.hub == hub.id);
    html! {
        section class="card" {
            h2 { "How it came in" }
            @if hub.is_member() && applications.is_empty() { p { "It is a founder: the founding record names it." } }
            @for application in &applications {
                p { (dossier(&application.id, &html! { "Application of " (day(application.at)) })) " "
                    span class="tag q" { (plain(&application.status)) } }
            }
            @if motions().next().is_some() {
                table class="stack" {
                    thead { tr { th { "When" } th { "Decision" } th { "Count" } th { "Proof" } } }
                    tbody {
                        @for motion in motions() {
                            tr {
                                td data-label="When" { (day(motion.decided_at.unwrap_or(motion.at))) }
                                td data-label="Decision" { a href={ "/motions/" (motion.id) } { (subject(view, motion)) } }
                                td data-label="Count" { (count_words(motion)) }
                                td data-label="Proof" {
                                    span {
                                        (state_tag(motion))
                                        @if motion.is_final { " " a href={ "/api/v1/motions/" (motion.id) "/certificate" } { "certificate" } }
                                    }
                                }
                            }
                        }
                    }
                }
            } @else if !hub.is_member() { (empty("No motion was opened about it yet.")) }
        }
    }
}

fn lineage(view: &View, hub: &Hub) -> Markup {
    let sprouts: Vec<&Hub> =
        view.hubs.iter().filter(|other| other.sponsor.is_some() && other.sponsor == hub.id).collect();
    html! {
        section class="card" {
            h2 { "Lineage" }
            @if hub.sponsor.is_some() { p { "Sponsored by " (hub_link(view, hub.sponsor.as_deref())) "." } }
            @if sprouts.is_empty() { (empty("It has sponsored nobody yet.")) }
            @else {
                p { "It sponsored:" }
                ul class="plain" { @for sprout in sprouts { li { (hub_link(view, sprout.id.as_deref())) " " (hub_tag(&sprout.status)) } } }
            }
        }
    }
}

fn keys(hub: &Hub) -> Markup {
    html! {
        section class="card" {
            h2 { "People and keys" }
            dl {
                @if let Some(controller) = &hub.controller { dt { "controller" } dd { (key(controller)) } }
                @for one in &hub.keys {
                    dt { (one.roles.iter().map(|role| plain(role)).collect::<Vec<_>>().join(", ")) }
                    dd { (key(&one.key)) @if let Some(grant) = &one.grant { " granted by " (record_link(grant)) } @else { " by the founding record" } }
                }
            }
        }
    }
}

fn reports(view: &View, hub: &Hub) -> Markup {
    let reports: Vec<&Report> =
        view.reports.iter().filter(|report| report.hub.is_some() && report.hub == hub.id).collect();
    html! {
        section class="card" {
            h2 { "Its years" }
            @if reports.is_empty() { (empty("It has not reported a year yet: `cohub hub profile --year …`.")) }
            @else {
                (chart(&reports))
                table class="stack" {
                    thead { tr { th { "Year" } th class="num" { "Members" } th class="num" { "Events" } th class="num" { "Ventures" } th class="num" { "Jobs" } th { "Record" } } }
                    tbody {
                        @for report in &reports {
                            tr {
                                td data-label="Year" { (report.year) }
                                td data-label="Members" class="num" { (number(report.members)) }
                                td data-label="Events" class="num" { (number(report.events)) }
                                td data-label="Ventures" class="num" { (number(report.ventures)) }
                                td data-label="Jobs" class="num" { (number(report.jobs)) }
                                td data-label="Record" { (record_link(&report.record)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Members over the years; the table below says the same.
fn chart(reports: &[&Report]) -> Markup {
    const HIGH: u64 = 80;
    let most = reports.iter().map(|report| u64::from(report.members)).max().unwrap_or(1).max(1);
    let places = || reports.iter().zip((0_u64..).step_by(64));
    let width = reports.len().saturating_mul(64);
    html! {
        svg class="years" viewBox=(format!("0 0 {width} 120")) width=(width) height="120" role="img" aria-label="Members by year; the table below has the numbers" {
            @for (report, x) in places() {
                @let height = (u64::from(report.members) * HIGH / most).max(1);
                rect x=(x + 10) y=(HIGH - height + 18) width="44" height=(height) {}
                text x=(x + 32) y=(HIGH - height + 13) text-anchor="middle" { (number(report.members)) }
                text x=(x + 32) y="114" text-anchor="middle" { (report.year) }
            }
        }
    }
}
