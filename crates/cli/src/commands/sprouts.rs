//! `cohub registry sprouts`: who brought whom into the network, from the founders on.

use serde::Serialize;
use serde_json::json;

use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, DIM, harmless, styled};
use crate::seen::{Hub, View};
use crate::when::day;

/// A hub, who brought it in, and how far it is from the founders.
#[derive(Debug, Serialize)]
struct Sprout<'a> {
    hub: &'a str,
    id: &'a Option<String>,
    sponsor: Option<&'a str>,
    status: &'a str,
    since: Option<u64>,
    depth: usize,
}

/// Who brought whom into the network.
pub(crate) async fn show(context: &Context) -> Result<Answer, Error> {
    let registry = context.registry().await?.part;
    let (sprouts, text) = lineage(&registry);
    Answer::new("registry.sprouts", &json!({ "head": registry.head, "sprouts": sprouts }), text)
}

/// The hubs from the founders on, each below who sponsored it. Each stands once, even if two named each other.
fn lineage(registry: &View) -> (Vec<Sprout<'_>>, String) {
    let mut left: Vec<&Hub> = registry.hubs.iter().collect();
    let (mut sprouts, mut text) = (Vec::new(), String::new());
    loop {
        let present = |id: &String| left.iter().any(|hub| hub.id.as_ref() == Some(id));
        let root = left.iter().position(|hub| !hub.sponsor.as_ref().is_some_and(present));
        if left.is_empty() {
            return (sprouts, text);
        }
        let root = left.remove(root.unwrap_or(0));
        let mut waiting = vec![(root, 0)];
        while let Some((hub, depth)) = waiting.pop() {
            text.push_str(&branch(hub, depth));
            let sponsor = registry.hubs.iter().find(|other| other.id.is_some() && other.id == hub.sponsor);
            sprouts.push(Sprout {
                hub: &hub.slug,
                id: &hub.id,
                sponsor: sponsor.map(|hub| hub.slug.as_str()),
                status: &hub.status,
                since: hub.since,
                depth,
            });
            let (below, others): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|other| other.sponsor.is_some() && other.sponsor == hub.id);
            left = others;
            waiting.extend(below.into_iter().rev().map(|hub| (hub, depth + 1)));
        }
    }
}

fn branch(hub: &Hub, depth: usize) -> String {
    let lead = if depth == 0 { String::new() } else { format!("{}└─ ", "   ".repeat(depth - 1)) };
    let since = hub.since.map(|at| format!(" since {}", day(at))).unwrap_or_default();
    let status = styled(DIM, format!("{}{since}", hub.status));
    format!("{lead}{} {status}\n", styled(BOLD, harmless(&hub.slug)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hub_sprouts_once_even_where_two_sponsored_each_other() {
        let hub = |slug: &str, sponsor: Option<&str>| Hub {
            id: Some(format!("hub1{slug}")),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            city: String::new(),
            country: String::new(),
            status: "co-owner".to_owned(),
            since: None,
            controller: None,
            sponsor: sponsor.map(|slug| format!("hub1{slug}")),
            keys: Vec::new(),
        };
        let hubs = vec![
            hub("d", Some("c")),
            hub("c", Some("a")),
            hub("a", None),
            hub("x", Some("y")),
            hub("y", Some("x")),
        ];
        let mut view = View {
            head: String::new(),
            network: String::new(),
            name: String::new(),
            constituted: true,
            hubs,
            applications: Vec::new(),
            motions: Vec::new(),
            committee: crate::seen::Committee {
                term: 1,
                generation: 1,
                fallback: false,
                seats: Vec::new(),
                quorum: 0,
                tolerated: 0,
                motion: None,
                handovers: 0,
            },
            charter: serde_json::from_value(json!({
                "version": 1,
                "record": cohub_record::Id::from_bytes([0; 32]),
                "text": {
                    "timing": { "notice_ms": 0, "maximum_ms": 0 }, "sponsorship": { "records": 0 }, "stages": [],
                },
            }))
            .unwrap(),
            evidence: Vec::new(),
            disputes: Vec::new(),
            reports: Vec::new(),
        };
        let placed = |view: &View| {
            let (sprouts, _) = lineage(view);
            sprouts.iter().map(|sprout| format!("{} {}", sprout.hub, sprout.depth)).collect::<Vec<_>>()
        };
        assert_eq!(placed(&view), ["a 0", "c 1", "d 2", "x 0", "y 1"]);
        view.hubs.clear();
        assert!(placed(&view).is_empty());
    }
}
