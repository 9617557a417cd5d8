//! Peers and sync: who is reached, who is not and why, and whether anything is missing.

use cohub_node::api::PeerView;
use maud::{Markup, html};

use super::shared::{empty, key, seat_link, sentence};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::seen::View;
use crate::words::{counted, number, peers, roughly};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let snapshot = &scene.snapshot;
    let status = snapshot.status.as_ref();
    let status = status.ok_or_else(|| Problem::not_running(snapshot.down.clone().unwrap_or_default()))?;
    let connected = status.peers.iter().filter(|peer| peer.connected).count();
    let body = html! {
        h1 { "Peers and sync" }
        p class="lead" { "Nodes that hold the same records compute the same registry." }
        div class="grid three gap" {
            section class="card" {
                h2 { "Sync" }
                p {
                    @if status.missing > 0 { span class="tag w" { (status.missing) " missing" } " records that others cite are not here yet." }
                    @else if status.synced { span class="tag" { "equal" } " The last comparison with a peer found nothing missing." }
                    @else { span class="tag w" { "comparing" } " No comparison with a connected peer has ended yet." }
                }
                p class="mute small" { (number(u64::try_from(status.records).unwrap_or(u64::MAX))) " records held. " @if let Some(ago) = status.last_heard_ms { "A peer was heard " (if ago < 1_000 { "just now".to_owned() } else { format!("{} ago", roughly(ago)) }) "." } @else { "Nobody was heard yet." } }
            }
            section class="card" {
                h2 { "Reached" }
                p { strong { (connected) } " of " (counted(status.peers.len(), "peer")) }
                @if connected == 0 { p class="mute small" { "Alone: what you write is kept here and goes to the first node that comes." } }
            }
            section class="card" {
                h2 { "This node" }
                p class="small" { code { (status.peer_id) } }
                @for address in &status.addresses { p class="small" { code { (address) } } }
            }
        }
        @if !status.warnings.is_empty() {
            section class="card warn gap" { h2 { "What needs attention" } @for warning in &status.warnings { p { (sentence(warning)) } } }
        }
        section class="card" {
            h2 { "Peers" }
            @if status.peers.is_empty() { (empty("None is known. `cohub peer add ADDRESS` names one.")) }
            @else { (table(scene.view(), &status.peers)) }
        }
    };
    Ok(Shown { place: "/peers", title: "Peers and sync".to_owned(), body })
}

fn table(view: &View, list: &[PeerView]) -> Markup {
    html! {
        table class="stack" {
            thead { tr { th { "Hub" } th { "Node" } th { "Reached" } th { "Round trip" } th { "Addresses, and why the last dial failed" } } }
            tbody {
                @for peer in list {
                    tr {
                        td data-label="Hub" { span { @if let Some(hub) = &peer.hub { (seat_link(view, hub)) } @else { span class="mute" { "unknown" } } } }
                        td data-label="Node" { (key(&peer.key.to_string())) }
                        td data-label="Reached" { span { @if peer.connected { span class="tag" { "connected" } } @else { span class="tag w" { "not reached" } } } }
                        td data-label="Round trip" { @if let Some(us) = peer.rtt_us { (us / 1_000) "." (us % 1_000 / 100) " ms" } }
                        td data-label="Addresses" {
                            span {
                                @for address in &peer.addresses {
                                    div class="small" {
                                        code { (peers(&address.address)) }
                                        @if let Some(error) = &address.last_error { " " span class="mute" { (peers(error)) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
