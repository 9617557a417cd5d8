//! What stands around every page: the list of pages, and as of when and from where one looks.

use maud::{DOCTYPE, Markup, html};

use super::Shown;
use super::shared::sentence;
use crate::assets::address;
use crate::reader;
use crate::seen::View;
use crate::snapshot::Snapshot;
use crate::words::{counted, number, peers, roughly};

/// A node that heard nobody for so long says so in colour.
const QUIET_MS: u64 = 120_000;

/// The pages in the order of the list, in groups.
const PLACES: [&[(&str, &str)]; 4] = [
    &[("/", "Overview"), ("/registry", "Registry")],
    &[
        ("/applications", "Applications"),
        ("/motions", "Motions"),
        ("/committee", "Committee"),
        ("/charter", "Charter"),
    ],
    &[
        ("/people", "People and keys"),
        ("/peers", "Peers and sync"),
        ("/records", "Records"),
        ("/evidence", "Evidence"),
    ],
    &[("/begin", "First steps"), ("/settings", "Settings"), ("/reference", "API")],
];

/// A page in its frame.
pub(crate) fn framed(snapshot: &Snapshot, view: &View, shown: &Shown) -> Markup {
    document(
        &format!("{} · {}", shown.title, crate::words::harmless(&view.name)),
        &html! {
            a class="skip" href="#main" { "To the content" }
            div class="shell" {
                nav aria-label="Pages" {
                    b { (peers(&view.name)) }
                    @for (place, group) in PLACES.iter().enumerate() {
                        @let listed = listed(group);
                        @if place > 0 && !listed.is_empty() { hr; }
                        @for (href, name) in listed {
                            a href=(href) aria-current=[(href == shown.place).then_some("page")] {
                                span { (name) }
                                (badge(snapshot, href))
                            }
                        }
                    }
                }
                main id="main" tabindex="-1" data-seen=[(!reader::is_stranger()).then_some(&snapshot.seen)] {
                    (seen(snapshot, view))
                    (shown.body)
                }
            }
        },
    )
}

/// What of a group whoever looks may see.
fn listed(group: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let visible = |(href, _): &&(&str, &str)| !reader::is_stranger() || super::is_public(href);
    group.iter().filter(visible).copied().collect()
}

/// How many votes wait for whoever looks.
fn badge(snapshot: &Snapshot, href: &str) -> Markup {
    let due = snapshot.due.iter().filter(|due| due.item.kind == "ballot").count();
    html! {
        @if href == "/motions" && due > 0 {
            span class="n" { (due) span class="skip" { " due from you" } }
        }
    }
}

/// From where, how fresh, and of which registry.
fn seen(snapshot: &Snapshot, view: &View) -> Markup {
    let slug = snapshot.own_slug().or(snapshot.status.as_ref().and_then(|status| status.hub.as_deref()));
    let own = slug.and_then(|slug| view.hub(slug)).map(|hub| hub.city.as_str());
    let own = own.or(slug).unwrap_or("this node");
    let head = snapshot.picture.as_ref().map(|picture| picture.head.as_str()).unwrap_or_default();
    html! {
        div class="seen" {
            span { "As seen from " strong { (peers(own)) } }
            span { (hearing(snapshot)) }
            span { "Registry " code title=(head) { (head_in_groups(head)) } }
            @if let Some(status) = &snapshot.status {
                span {
                    (number(u64::try_from(status.records).unwrap_or(u64::MAX))) " records, "
                    @if status.missing == 0 { "none missing" } @else { (status.missing) " missing" }
                }
            }
            span id="stale" hidden { a href="" { "Something changed: reload" } }
        }
        @if let Some(why) = &snapshot.down {
            section class="card warn gap" role="status" {
                h2 { "The node does not answer" }
                p { (sentence(why)) }
                p class="mute" {
                    "What you see is what it said last."
                    @if !reader::is_stranger() { " Start it again with " code { "cohub up" } "." }
                }
            }
        }
    }
}

/// "11 of 12 peers, last heard 3 s ago".
fn hearing(snapshot: &Snapshot) -> Markup {
    let Some(status) = snapshot.status.as_ref().filter(|_| snapshot.down.is_none()) else {
        return html! { i class="off" { "●" } " the node does not answer" };
    };
    let stranger = reader::is_stranger();
    let connected = status.peers.iter().filter(|peer| peer.connected).count();
    let quiet = status.last_heard_ms.is_none_or(|ago| ago > QUIET_MS);
    let heard = status.last_heard_ms.map_or_else(
        || "nobody was heard yet".to_owned(),
        |ago| {
            if ago < 1_000 { "heard just now".to_owned() } else { format!("last heard {} ago", roughly(ago)) }
        },
    );
    html! {
        i class=[(quiet || !stranger && connected == 0).then_some("off")] { "●" } " "
        @if !stranger { (connected) " of " (counted(status.peers.len(), "peer")) ", " }
        (heard)
        @if (stranger || connected > 0) && !status.synced { ", still comparing" }
    }
}

/// "7f3c 19ab": enough to compare two nodes by eye.
fn head_in_groups(head: &str) -> String {
    let letters: Vec<char> = head.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The page of a node that has joined no network, or that does not answer.
pub(crate) fn before_a_network(snapshot: &Snapshot, waits: bool) -> Markup {
    let body = html! {
        main id="main" data-seen=(snapshot.seen) {
            @if let Some(why) = &snapshot.down {
                h1 { "The node does not answer" }
                p class="lead" { (sentence(why)) }
                p { "This page looks again by itself once the node runs: " code { "cohub up" } "." }
            } @else {
                h1 { "This node has no network yet" }
                p class="lead" { "There is nothing to show before it has joined one." }
                (super::begin::before(snapshot, waits))
                section class="card" {
                    h2 { "In a terminal" }
                    ul {
                        li { "Were you invited? " code { "cohub network join INVITE" } " knocks at the door of who invited you." }
                        li { "Do you found a network? Each founder runs " code { "cohub network card" } ", and one of you " code { "cohub network found" } "." }
                        li { "Do you want to see one first? " code { "cohub demo" } " shows a whole network on this machine." }
                    }
                    @if let Some(status) = &snapshot.status {
                        @for warning in &status.warnings { p { (sentence(warning)) } }
                    }
                }
            }
        }
    };
    document("cohub", &body)
}

/// What strangers are told where there is no registry.
pub(crate) fn nothing_to_show(snapshot: &Snapshot) -> Markup {
    let why = snapshot.down.as_deref().unwrap_or("The node behind these pages has joined no network yet.");
    plain_page("Nothing to show", why)
}

/// A page for whoever was not let in: it says nothing of the node.
pub(crate) fn plain_page(title: &str, words: &str) -> Markup {
    document(title, &html! { main id="main" { h1 { (title) } p class="lead" { (sentence(words)) } } })
}

/// The page that asks for the login, and what was wrong with the last one.
pub(crate) fn login_page(wrong: Option<&str>) -> Markup {
    let body = html! {
        main id="main" {
            h1 { "Log in" }
            @if let Some(words) = wrong { p class="lead" role="alert" { (sentence(words)) } }
            p { (sentence("These pages act for a hub. Their host made a login for them with `cohub ui --new-login`.")) }
            form method="post" action="/login" {
                label class="above" for="login" { "Login" }
                input id="login" name="login" type="password" autocomplete="current-password" autocapitalize="none" spellcheck="false" required;
                p class="act" { button { "Log in" } }
            }
        }
    };
    document("Log in", &body)
}

pub(super) fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" dir="ltr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                link rel="icon" href=(address("icon"));
                link rel="stylesheet" href=(address("style"));
                script src=(address("live")) defer {}
            }
            body { (body) }
        }
    }
}
