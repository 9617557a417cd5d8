//! One hub: what it says of itself, its lineage, how it came in, its people, its years.

use maud::{Markup, html};

use super::registry::continent_words;
use super::shared::{count_words, dossier, empty, hub_link, hub_tag, key, state_tag, subject};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::places::continent;
use crate::seen::{Hub, Report, View};
use crate::words::{day, harmless, number, peers, plain, record_link};

/// Motions about a hub that its page lists; all are in the list of motions.
const MOTIONS: usize = 200;

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let hub = view
        .hub(&scene.name)
        .ok_or_else(|| Problem::not_found(said!("hub-nowhere", name = format!("{:?}", scene.name))))?;
    let body = html! {
        p class="crumbs" { a href="/registry" { (t!("place-registry")) } " /" }
        h1 { (peers(&hub.name)) }
        p class="lead" {
            (hub_tag(view, &hub.status)) " " (peers(&hub.city)) ", " (peers(&hub.country))
            @if let Some(since) = hub.since { (t!("hub-since", day = day(since))) }
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
            h2 { (t!("hub-profile")) }
            dl {
                dt { (t!("hub-short-name")) } dd { (peers(&hub.slug)) }
                dt { (t!("hub-place")) } dd { (peers(&hub.city)) ", " (peers(&hub.country)) " " span class="mute" { (continent_words(continent(&hub.country))) } }
                dt { (t!("hub-coordinates")) } dd { (format!("{:.3}, {:.3}", hub.lat, hub.lon)) }
                @if let Some(id) = &hub.id { dt { (t!("hub-id")) } dd { code { (id) } } }
                @if let Some(manifesto) = signed { dt { (t!("hub-manifesto")) } dd { (t!("hub-signed-version", version = manifesto.version)) } }
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
            h2 { (t!("hub-how-it-came-in")) }
            @if hub.is_member() && applications.is_empty() { p { (t!("hub-founder")) } }
            @for application in &applications {
                p { (dossier(&application.id, &t!("hub-application-of", day = day(application.at)))) " "
                    span class="tag q" { (t!("application-status", status = plain(&application.status))) } }
            }
            @if motions().next().is_some() {
                table class="stack" {
                    thead { tr { th { (t!("when")) } th { (t!("decision")) } th { (t!("count")) } th { (t!("proof")) } } }
                    tbody {
                        @for motion in motions().take(MOTIONS) {
                            tr {
                                td data-label=(said!("when")) { (day(motion.decided_at.unwrap_or(motion.at))) }
                                td data-label=(said!("decision")) { a href={ "/motions/" (motion.id) } { (subject(view, motion)) } }
                                td data-label=(said!("count")) { (count_words(motion)) }
                                td data-label=(said!("proof")) {
                                    span {
                                        (state_tag(motion))
                                        @if motion.is_final { " " a href={ "/api/v1/motions/" (motion.id) "/certificate" } { (t!("certificate")) } }
                                    }
                                }
                            }
                        }
                    }
                }
                @let more = motions().skip(MOTIONS).count();
                @if more > 0 { p class="mute small" { (t!("hub-more", count = more, link = html! { a href="/motions" { (t!("place-motions")) } })) } }
            } @else if !hub.is_member() { (empty(&t!("hub-no-motion"))) }
        }
    }
}

fn lineage(view: &View, hub: &Hub) -> Markup {
    let sprouts: Vec<&Hub> =
        view.hubs.iter().filter(|other| other.sponsor.is_some() && other.sponsor == hub.id).collect();
    html! {
        section class="card" {
            h2 { (t!("hub-lineage")) }
            @if hub.sponsor.is_some() { p { (t!("hub-sponsor", hub = hub_link(view, hub.sponsor.as_deref()))) } }
            @if sprouts.is_empty() { (empty(&t!("hub-no-sprouts"))) }
            @else {
                p { (t!("hub-sprouts")) }
                ul class="plain" { @for sprout in sprouts { li { (hub_link(view, sprout.id.as_deref())) " " (hub_tag(view, &sprout.status)) } } }
            }
        }
    }
}

fn keys(hub: &Hub) -> Markup {
    html! {
        section class="card" {
            h2 { (t!("place-people")) }
            dl {
                @if let Some(controller) = &hub.controller { dt { (t!("hub-controller")) } dd { (key(controller)) } }
                @for one in &hub.keys {
                    dt { (one.roles.iter().map(|role| said!("role", role = plain(role))).collect::<Vec<_>>().join(", ")) }
                    dd { (key(&one.key)) @if let Some(grant) = &one.grant { (t!("hub-granted-by", record = record_link(grant))) } @else { (t!("hub-by-the-founding")) } }
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
            h2 { (t!("hub-years")) }
            @if reports.is_empty() { (empty(&t!("hub-no-years"))) }
            @else {
                (chart(&reports))
                table class="stack" {
                    thead { tr { th { (t!("hub-year")) } th class="num" { (t!("hub-members")) } th class="num" { (t!("hub-events")) } th class="num" { (t!("hub-ventures")) } th class="num" { (t!("hub-jobs")) } th { (t!("record")) } } }
                    tbody {
                        @for report in &reports {
                            tr {
                                td data-label=(said!("hub-year")) { (report.year) }
                                td data-label=(said!("hub-members")) class="num" { (number(report.members)) }
                                td data-label=(said!("hub-events")) class="num" { (number(report.events)) }
                                td data-label=(said!("hub-ventures")) class="num" { (number(report.ventures)) }
                                td data-label=(said!("hub-jobs")) class="num" { (number(report.jobs)) }
                                td data-label=(said!("record")) { (record_link(&report.record)) }
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
        svg class="years" viewBox=(format!("0 0 {width} 120")) width=(width) height="120" role="img" aria-label=(said!("hub-chart")) {
            @for (report, x) in places() {
                @let height = (u64::from(report.members) * HIGH / most).max(1);
                rect x=(x + 10) y=(HIGH - height + 18) width="44" height=(height) {}
                text x=(x + 32) y=(HIGH - height + 13) text-anchor="middle" { (number(report.members)) }
                text x=(x + 32) y="114" text-anchor="middle" { (report.year) }
            }
        }
    }
}
