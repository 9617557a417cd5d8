//! People and keys: whose keys lie here, and which keys speak for which hub.

use maud::html;

use super::shared::{empty, key, seat_link};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::words::{day, peers, plain, record_link};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let own = &scene.snapshot.own.keys;
    let body = html! {
        h1 { "People and keys" }
        p class="lead" { "Whoever holds a key can sign with it. What a key may do was granted by its hub, in a record that everybody holds." }
        section class="card gap" {
            h2 { "Keys in this directory" }
            @if own.is_empty() { (empty("None. `cohub init` makes a hub with its keys.")) }
            @else {
                table class="stack" {
                    thead { tr { th { "Name" } th { "Key" } th { "May" } th { "Opened by" } th { "Made" } } }
                    tbody {
                        @for info in own {
                            tr {
                                td data-label="Name" { (peers(&info.label)) }
                                td data-label="Key" { (key(&info.key.to_string())) }
                                td data-label="May" { (info.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")) @if info.roles.is_empty() { "speak for the hub" } }
                                td data-label="Opened by" { (if info.encrypted { "a passphrase, for one act" } else { "the node itself" }) }
                                td data-label="Made" { (day(info.created_at)) }
                            }
                        }
                    }
                }
                p class="mute small" { "A backup of them: " code { "cohub key backup --out DIR" } ". No log resumes from a backup: after a loss the controller rotates with the recovery words." }
            }
        }
        section class="card" {
            h2 { "Keys of every hub" }
            table class="stack" {
                thead { tr { th { "Hub" } th { "Key" } th { "May" } th { "Granted" } } }
                tbody {
                    @for hub in &view.hubs {
                        @for one in &hub.keys {
                            tr {
                                td data-label="Hub" { span { (seat_link(view, &hub.slug)) } }
                                td data-label="Key" { (key(&one.key)) }
                                td data-label="May" { (one.roles.iter().map(|role| plain(role)).collect::<Vec<_>>().join(", ")) @if one.roles.is_empty() { "nothing any more" } }
                                td data-label="Granted" { span { @if let Some(grant) = &one.grant { (record_link(grant)) } @else { "in the founding record" } } }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Shown { place: "/people", title: "People and keys".to_owned(), body })
}
