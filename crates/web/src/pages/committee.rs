//! The committee in office: its seats, its tellers, and what it takes for an outcome to be final.

use maud::html;

use super::shared::{key, seat_link};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::words::counted;

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let committee = &view.committee;
    let returned = |slug: &str| {
        let decided = view.motions.iter().filter(|motion| motion.is_final);
        let tellers = decided.flat_map(|motion| &motion.tellers).filter(|teller| teller.seat == slug);
        let all: Vec<_> = tellers.collect();
        (all.iter().filter(|teller| teller.returned.is_some()).count(), all.len())
    };
    let body = html! {
        h1 { "Committee" }
        p class="lead" { "Term " (committee.term) ", " @if committee.generation > 1 { "generation " (committee.generation) ", " } (counted(committee.seats.len(), "seat")) ". Each seat votes with one key and counts with another." }
        @if committee.fallback {
            p { "It was seated by the fallback roll: what that decision lists stands, and nothing was handed over." }
        }
        section class="card gap" {
            h2 { "What it takes" }
            p { "An outcome is final once " strong { (committee.quorum) " of " (committee.seats.len()) } " tellers return the same." }
            p {
                @if committee.tolerated == 0 { "No teller may lie or stay away: this committee is too small for that." }
                @else { "Up to " strong { (counted(committee.tolerated, "teller")) } " may lie or stay away without harm." }
            }
        }
        section class="card" {
            h2 { "Seats" }
            table class="stack" {
                thead { tr { th { "Hub" } th { "Voting key" } th { "Teller's key" } th class="num" { "Returned" } } }
                tbody {
                    @for seat in &committee.seats {
                        @let (count, of) = returned(&seat.slug);
                        tr {
                            td data-label="Hub" { span { (seat_link(view, &seat.slug)) } }
                            td data-label="Voting key" { (key(&seat.voting)) }
                            td data-label="Teller's key" { (key(&seat.teller)) }
                            td data-label="Returned" class="num" { (count) " of " (of) " final motions" }
                        }
                    }
                }
            }
        }
    };
    Ok(Shown { place: "/committee", title: "Committee".to_owned(), body })
}
