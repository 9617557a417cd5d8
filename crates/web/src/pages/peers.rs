//! Peers and sync: who is reached, who is not and why, and whether anything is missing.

use cohub_node::api::PeerView;
use maud::{Markup, html};

use super::shared::{empty, key, seat_link, sentence};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::seen::View;
use crate::words::{peers, roughly};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let snapshot = &scene.snapshot;
    let status = snapshot.status.as_ref();
    let status = status.ok_or_else(|| Problem::not_running(snapshot.down.clone().unwrap_or_default()))?;
    let connected = status.peers.iter().filter(|peer| peer.connected).count();
    let body = html! {
           h1 { (t!("place-peers")) }
           p class="lead" { (t!("peers-lead")) }
           div class="grid three gap" {
               section class="card" {
                   h2 { (t!("peers-sync")) }
                   p {
                       @if status.missing > 0 { span class="tag w" { (t!("peers-missing", count = status.missing)) } " " (t!("peers-cited")) }
                       @else if status.synced { span class="tag" { (t!("peers-equal")) } " " (t!("peers-nothing-missing")) }
                       @else { span class="tag w" { (t!("peers-comparing")) } " " (t!("peers-not-compared")) }
                   }
                   p class="mute small" { (t!("peers-held", count = status.records)) " "
                       @match status.last_heard_ms {
                           None => (t!("peers-nobody-heard")),
                           Some(0..1_000) => (t!("peers-heard-now")),
                           Some(ago) => (t!("peers-heard-ago", time = roughly(ago))),
                       }
    }
               }
               section class="card" {
                   h2 { (t!("peers-reached")) }
                   p { (t!("peers-of", connected = html! { strong { (connected) } }, all = status.peers.len())) }
                   @if connected == 0 { p class="mute small" { (t!("peers-alone")) } }
               }
               section class="card" {
                   h2 { (t!("overview-node")) }
                   p class="small" { code { (status.peer_id) } }
                   @for address in &status.addresses { p class="small" { code { (address) } } }
               }
           }
           @if !status.warnings.is_empty() {
               section class="card warn gap" { h2 { (t!("peers-attention")) } @for warning in &status.warnings { p { (sentence(warning)) } } }
           }
           section class="card" {
               h2 { (t!("peers-title")) }
               @if status.peers.is_empty() { (empty(&t!("peers-none"))) }
               @else { (table(scene.view(), &status.peers)) }
           }
       };
    Ok(Shown { place: "/peers", title: said!("place-peers"), body })
}

fn table(view: &View, list: &[PeerView]) -> Markup {
    html! {
        table class="stack" {
            thead { tr { th { (t!("hub")) } th { (t!("peers-node")) } th { (t!("peers-reached")) } th { (t!("peers-round-trip")) } th { (t!("peers-addresses-and-why")) } } }
            tbody {
                @for peer in list {
                    tr {
                        td data-label=(said!("hub")) { span { @if let Some(hub) = &peer.hub { (seat_link(view, hub)) } @else { span class="mute" { (t!("peers-unknown")) } } } }
                        td data-label=(said!("peers-node")) { (key(&peer.key.to_string())) }
                        td data-label=(said!("peers-reached")) { span { @if peer.connected { span class="tag" { (t!("peers-connected")) } } @else { span class="tag w" { (t!("peers-not-reached")) } } } }
                        td data-label=(said!("peers-round-trip")) { @if let Some(us) = peer.rtt_us { (t!("milliseconds-exactly", time = format!("{}.{}", us / 1_000, us % 1_000 / 100))) } }
                        td data-label=(said!("peers-addresses")) {
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
