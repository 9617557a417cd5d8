//! People and keys: whose keys lie here, and which keys speak for which hub.

use maud::html;

use super::shared::{empty, key, seat_link};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::words::{day, peers, plain, record_link};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let own = &scene.snapshot.own.keys;
    let body = html! {
        h1 { (t!("place-people")) }
        p class="lead" { (t!("people-lead")) }
        section class="card gap" {
            h2 { (t!("people-own")) }
            @if own.is_empty() { (empty(&t!("people-none"))) }
            @else {
                table class="stack" {
                    thead { tr { th { (t!("name")) } th { (t!("key")) } th { (t!("people-may")) } th { (t!("people-opened-by")) } th { (t!("made")) } } }
                    tbody {
                        @for info in own {
                            tr {
                                td data-label=(said!("name")) { (peers(&info.label)) }
                                td data-label=(said!("key")) { (key(&info.key.to_string())) }
                                td data-label=(said!("people-may")) { (roles(info.roles.iter().map(|role| role.as_str()))) @if info.roles.is_empty() { (t!("people-speaks")) } }
                                td data-label=(said!("people-opened-by")) { @if info.encrypted { (t!("people-passphrase")) } @else { (t!("people-node")) } }
                                td data-label=(said!("made")) { (day(info.created_at)) }
                            }
                        }
                    }
                }
                p class="mute small" { (t!("people-backup")) }
            }
        }
        section class="card" {
            h2 { (t!("people-every")) }
            table class="stack" {
                thead { tr { th { (t!("hub")) } th { (t!("key")) } th { (t!("people-may")) } th { (t!("people-granted")) } } }
                tbody {
                    @for hub in &view.hubs {
                        @for one in &hub.keys {
                            tr {
                                td data-label=(said!("hub")) { span { (seat_link(view, &hub.slug)) } }
                                td data-label=(said!("key")) { (key(&one.key)) }
                                td data-label=(said!("people-may")) { (roles(one.roles.iter().map(String::as_str))) @if one.roles.is_empty() { (t!("people-nothing")) } }
                                td data-label=(said!("people-granted")) { span { @if let Some(grant) = &one.grant { (record_link(grant)) } @else { (t!("people-founding")) } } }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Shown { place: "/people", title: said!("place-people"), body })
}

/// Roles in words, one after the other.
fn roles<'a>(roles: impl Iterator<Item = &'a str>) -> String {
    roles.map(|role| said!("role", role = plain(role))).collect::<Vec<_>>().join(", ")
}
