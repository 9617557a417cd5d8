//! Evidence: keys that signed two records for one place, with both.

use maud::html;

use super::shared::{empty, hub_link, key};
use super::{Scene, Shown};
use crate::api::problem::Problem;
use crate::words::{counted, record_link};

pub(super) fn page(scene: &Scene) -> Result<Shown, Problem> {
    let view = scene.view();
    let body = html! {
        h1 { "Evidence" }
        p class="lead" { "A key that signs two records for one place in its log has lied to somebody, or was copied. Both records prove it; neither changes a count." }
        section class="card" {
            h2 { (counted(view.evidence.len(), "fork")) }
            @if view.evidence.is_empty() { (empty("Nobody was found to have signed twice.")) }
            @else {
                table class="stack" {
                    thead { tr { th { "Hub" } th { "Key" } th { "Place" } th { "Both records" } } }
                    tbody {
                        @for one in &view.evidence {
                            tr {
                                td data-label="Hub" { span { (hub_link(view, one.hub.as_deref())) } }
                                td data-label="Key" { (key(&one.author)) }
                                td data-label="Place" { (one.kind) " at " (one.seq) }
                                td data-label="Both records" { span { @for (place, id) in one.records.iter().enumerate() { @if place > 0 { " and " } (record_link(id)) } } }
                            }
                        }
                    }
                }
            }
        }
    };
    Ok(Shown { place: "/evidence", title: "Evidence".to_owned(), body })
}
