//! What stands around every page: the list of pages, and as of when and from where one looks.

use maud::{DOCTYPE, Markup, html};

use super::Shown;
use super::shared::sentence;
use crate::assets::address;
use crate::language::{self, said, t};
use crate::reader;
use crate::seen::View;
use crate::snapshot::Snapshot;
use crate::words::{peers, roughly};

/// A node that heard nobody for so long says so in colour.
const QUIET_MS: u64 = 120_000;

/// The pages in the order of the list, in groups.
const PLACES: [&[(&str, &str)]; 4] = [
    &[("/", "place-overview"), ("/registry", "place-registry")],
    &[
        ("/applications", "place-applications"),
        ("/motions", "place-motions"),
        ("/committee", "place-committee"),
        ("/charter", "place-charter"),
    ],
    &[
        ("/people", "place-people"),
        ("/peers", "place-peers"),
        ("/records", "place-records"),
        ("/evidence", "place-evidence"),
    ],
    &[("/begin", "place-begin"), ("/settings", "place-settings"), ("/reference", "place-reference")],
];

/// A page in its frame.
pub(crate) fn framed(snapshot: &Snapshot, view: &View, shown: &Shown) -> Markup {
    document(
        &format!("{} · {}", shown.title, crate::words::harmless(&view.name)),
        &html! {
            a class="skip" href="#main" { (t!("frame-skip")) }
            div class="shell" {
                nav aria-label=(said!("frame-pages")) {
                    b { (peers(&view.name)) }
                    @for (place, group) in PLACES.iter().enumerate() {
                        @let listed = listed(group);
                        @if place > 0 && !listed.is_empty() { hr; }
                        @for (href, name) in listed {
                            a href=(href) aria-current=[(href == shown.place).then_some("page")] {
                                span { (language::text(name, &[])) }
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
            span class="n" { (due) span class="skip" { " " (t!("frame-due-from-you")) } }
        }
    }
}

/// From where, how fresh, and of which registry.
fn seen(snapshot: &Snapshot, view: &View) -> Markup {
    let slug = snapshot.own_slug().or(snapshot.status.as_ref().and_then(|status| status.hub.as_deref()));
    let own = slug.and_then(|slug| view.hub(slug)).map(|hub| hub.city.as_str());
    let own = own.or(slug).map_or_else(|| t!("frame-this-node"), peers);
    let head = snapshot.picture.as_ref().map(|picture| picture.head.as_str()).unwrap_or_default();
    html! {
        div class="seen" {
            span { (t!("frame-seen-from", place = html! { strong { (own) } })) }
            span { (hearing(snapshot)) }
            span { (t!("frame-registry", head = html! { code title=(head) { (head_in_groups(head)) } })) }
            @if let Some(status) = &snapshot.status {
                span { (t!("frame-records", count = status.records, missing = status.missing)) }
            }
            span id="stale" hidden { a href="" { (t!("frame-stale")) } }
        }
        @if let Some(why) = &snapshot.down {
            section class="card warn gap" role="status" {
                h2 { (t!("frame-down")) }
                p { (sentence(why)) }
                p class="mute" {
                    (t!("frame-down-last"))
                    @if !reader::is_stranger() { " " (t!("frame-down-start")) }
                }
            }
        }
    }
}

/// "11 of 12 peers, last heard 3 s ago".
fn hearing(snapshot: &Snapshot) -> Markup {
    let Some(status) = snapshot.status.as_ref().filter(|_| snapshot.down.is_none()) else {
        return html! { i class="off" { "●" } " " (t!("frame-does-not-answer")) };
    };
    let stranger = reader::is_stranger();
    let connected = status.peers.iter().filter(|peer| peer.connected).count();
    let quiet = status.last_heard_ms.is_none_or(|ago| ago > QUIET_MS);
    let heard = status.last_heard_ms.map_or_else(
        || said!("frame-nobody-heard"),
        |ago| {
            if ago < 1_000 { said!("frame-heard-now") } else { said!("frame-heard-ago", time = roughly(ago)) }
        },
    );
    html! {
        i class=[(quiet || !stranger && connected == 0).then_some("off")] { "●" } " "
        @if !stranger { (t!("frame-peers", connected = connected, all = status.peers.len())) " " }
        (heard)
        @if (stranger || connected > 0) && !status.synced { (t!("frame-comparing")) }
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
                h1 { (t!("frame-down")) }
                p class="lead" { (sentence(why)) }
                p { (t!("before-looks-again")) }
            } @else {
                h1 { (t!("before-title")) }
                p class="lead" { (t!("before-lead")) }
                (super::begin::before(snapshot, waits))
                section class="card" {
                    h2 { (t!("before-terminal")) }
                    ul {
                        li { (t!("before-invited")) }
                        li { (t!("before-founder")) }
                        li { (t!("before-demo")) }
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
    let why = if snapshot.down.is_some() { said!("frame-down") } else { said!("nothing-joined") };
    plain_page(&said!("nothing-title"), &why)
}

/// A page for whoever was not let in: it says nothing of the node.
pub(crate) fn plain_page(title: &str, words: &str) -> Markup {
    document(title, &html! { main id="main" { h1 { (title) } p class="lead" { (sentence(words)) } } })
}

/// The page that asks for the login, and says where the last one was wrong.
pub(crate) fn login_page(wrong: bool) -> Markup {
    let body = html! {
        main id="main" {
            h1 { (t!("login-title")) }
            @if wrong { p class="lead" role="alert" { (t!("login-wrong")) } }
            p { (t!("login-lead")) }
            form method="post" action="/login" {
                label class="above" for="login" { (t!("login-label")) }
                input id="login" name="login" type="password" autocomplete="current-password" autocapitalize="none" spellcheck="false" required;
                p class="act" { button { (t!("login-title")) } }
            }
        }
    };
    document(&said!("login-title"), &body)
}

pub(super) fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language::current().tag) dir=(language::current().direction()) {
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
