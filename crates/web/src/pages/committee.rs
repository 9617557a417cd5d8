//! The committee in office: its seats, its tellers, and what it takes for an outcome to be final.

use std::collections::HashMap;

use maud::html;

use super::shared::{key, seat_link};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::language::{said, t};
use crate::seen::View;

/// What each seat's teller returned, of how many final motions.
fn returned(view: &View) -> HashMap<String, (usize, usize)> {
    let mut counts: HashMap<&str, (usize, usize)> = HashMap::new();
    for teller in view.motions.iter().filter(|motion| motion.is_final).flat_map(|motion| &motion.tellers) {
        let (returned, all) = counts.entry(teller.seat.as_str()).or_default();
        *returned += usize::from(teller.returned.is_some());
        *all += 1;
    }
    counts.into_iter().map(|(seat, count)| (seat.to_owned(), count)).collect()
}

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let committee = &view.committee;
    let counts = scene.picture.returned.get_or_init(|| returned(view));
    let returned = |slug: &str| counts.get(slug).copied().unwrap_or_default();
    let body = html! {
        h1 { (t!("place-committee")) }
        p class="lead" { (t!("committee-lead", term = committee.term, seats = committee.seats.len())) }
        @if committee.generation > 1 { p { (t!("committee-generation", generation = committee.generation)) } }
        @if committee.fallback { p { (t!("committee-by-fallback")) } }
        section class="card gap" {
            h2 { (t!("committee-takes")) }
            p { (t!("committee-final", quorum = html! { strong { (t!("of-so-many", count = committee.quorum, all = committee.seats.len())) } })) }
            p {
                @if committee.tolerated == 0 { (t!("committee-tolerates-none")) }
                @else { (t!("committee-tolerates", count = committee.tolerated)) }
            }
        }
        section class="card" {
            h2 { (t!("committee-seats")) }
            table class="stack" {
                thead { tr { th { (t!("hub")) } th { (t!("committee-voting-key")) } th { (t!("committee-tellers-key")) } th class="num" { (t!("committee-returned")) } } }
                tbody {
                    @for seat in &committee.seats {
                        @let (count, of) = returned(&seat.slug);
                        tr {
                            td data-label=(said!("hub")) { span { (seat_link(view, &seat.slug)) } }
                            td data-label=(said!("committee-voting-key")) { (key(&seat.voting)) }
                            td data-label=(said!("committee-tellers-key")) { (key(&seat.teller)) }
                            td data-label=(said!("committee-returned")) class="num" { (t!("committee-final-motions", count = count, all = of)) }
                        }
                    }
                }
            }
        }
    };
    Ok(Shown { place: "/committee", title: said!("place-committee"), body })
}
