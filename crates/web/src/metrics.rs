//! `/metrics`: the node in numbers, in the text format that Prometheus reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use cohub_node::api::Counts;
use cohub_node::backup;
use cohub_node::clock::now_ms;

use crate::server::Web;
use crate::snapshot::Snapshot;

/// Where they are.
pub(crate) const PATH: &str = "/metrics";
const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Answers by the first digit of their status.
#[derive(Debug, Default)]
pub(crate) struct Answered([AtomicU64; 5]);

impl Answered {
    pub(crate) fn count(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(count) = self.0.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

pub(crate) fn routes() -> Router<Arc<Web>> {
    Router::new().route(PATH, get(answer))
}

async fn answer(State(web): State<Arc<Web>>) -> Response {
    let snapshot = web.snapshots.current().await;
    let data = web.node.home().data();
    let stored = tokio::task::spawn_blocking(move || size_of(&data)).await.unwrap_or_default();
    let backup_at = backup::last(web.node.home()).ok().flatten().map(|backup| backup.at);
    let text = told(&snapshot, stored, backup_at, &web.answered);
    ([(header::CONTENT_TYPE, MEDIA_TYPE)], text).into_response()
}

/// Bytes of the files below a directory. One that goes away meanwhile counts as nothing.
fn size_of(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.metadata() {
        Ok(data) if data.is_dir() => size_of(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

/// A text under way.
struct Told(String);

impl Told {
    /// One measure, with a value for each set of labels.
    fn measure(&mut self, name: &str, kind: &str, help: &str, values: &[(String, u64)]) {
        let _ = writeln!(self.0, "# HELP cohub_{name} {help}\n# TYPE cohub_{name} {kind}");
        for (labels, value) in values {
            let _ = writeln!(self.0, "cohub_{name}{labels} {value}");
        }
    }

    fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.measure(name, "gauge", help, &[(String::new(), value)]);
    }

    fn counter<'a>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: impl IntoIterator<Item = (&'a str, u64)>,
    ) {
        let values = values.into_iter().map(|(word, value)| (format!("{{{label}=\"{word}\"}}"), value));
        self.measure(name, "counter", help, &values.collect::<Vec<_>>());
    }

    /// A time, in seconds as Prometheus wants it.
    fn seconds(&mut self, name: &str, help: &str, ms: i64) {
        let (sign, ms) = (if ms < 0 { "-" } else { "" }, ms.unsigned_abs());
        let value = format!("{sign}{}.{:03}", ms / 1_000, ms % 1_000);
        let _ =
            writeln!(self.0, "# HELP cohub_{name} {help}\n# TYPE cohub_{name} gauge\ncohub_{name} {value}");
    }
}

fn told(snapshot: &Snapshot, stored: u64, backup_at: Option<u64>, answered: &Answered) -> String {
    let mut told = Told(String::new());
    told.gauge("up", "Whether the node answers.", u64::from(snapshot.down.is_none()));
    told.gauge("store_bytes", "Bytes of the node's data directory.", stored);
    if let Some(at) = backup_at {
        let age_ms = now_ms().saturating_sub(at);
        told.seconds("backup_age_seconds", "Time since keys were last copied elsewhere.", span(age_ms));
    }
    if let Some(status) = &snapshot.status {
        let connected = status.peers.iter().filter(|peer| peer.connected).count();
        let peers = [("connected", connected), ("known", status.peers.len())];
        told.measure("peers", "gauge", "Other nodes.", &labelled("state", peers));
        told.gauge("records", "Records held.", whole(status.records));
        told.gauge(
            "records_missing",
            "Records that held ones cite and that are not here.",
            whole(status.missing),
        );
        told.gauge(
            "synced",
            "Whether a comparison with a connected peer found nothing missing.",
            status.synced.into(),
        );
        if let Some(ago) = status.last_heard_ms {
            told.seconds("last_heard_seconds", "Time since anything was heard from a peer.", span(ago));
        }
        told.seconds("up_seconds", "Time since the node began.", span(status.up_ms));
        if let Some(ahead_ms) = status.clock_offset_ms {
            told.seconds(
                "clock_offset_seconds",
                "How far the clocks of most peers are ahead of this one.",
                ahead_ms,
            );
        }
        counts(&mut told, &status.counts);
        told.gauge(
            "warnings",
            "Things that need attention; `cohub doctor` names them.",
            whole(status.warnings.len()),
        );
    }
    if let Some(picture) = &snapshot.picture {
        let view = &picture.view;
        let forks = view.evidence.len();
        told.gauge("forks", "Keys that signed two records for one place.", whole(forks));
        let states = view.motions.iter().map(|motion| motion.state.as_str());
        told.measure("motions", "gauge", "Motions by state.", &labelled("state", tallied(states)));
        let statuses = view.applications.iter().map(|one| one.status.as_str());
        told.measure(
            "applications",
            "gauge",
            "Applications by status.",
            &labelled("status", tallied(statuses)),
        );
        let statuses = view.hubs.iter().map(|hub| hub.status.as_str());
        told.measure("hubs", "gauge", "Hubs by status.", &labelled("status", tallied(statuses)));
    }
    let ballots = snapshot.due.iter().filter(|due| due.item.kind == "ballot").count();
    told.gauge("ballots_due", "Ballots that the keys of this directory owe.", whole(ballots));
    let counts =
        CLASSES.iter().zip(&answered.0).map(|(class, count)| (*class, count.load(Ordering::Relaxed)));
    let counts: Vec<(String, u64)> =
        counts.map(|(class, count)| (format!("{{class=\"{class}\"}}"), count)).collect();
    told.measure("http_answers_total", "counter", "Answers of these pages by class of status.", &counts);
    told.0
}

/// What came of what peers and people sent.
fn counts(told: &mut Told, counts: &Counts) {
    told.counter(
        "ingest_total",
        "What came in, by what came of it. Held records are counted again with their verdict.",
        "result",
        [
            ("held", counts.held),
            ("valid", counts.valid),
            ("void", counts.void),
            ("malformed", counts.malformed),
        ],
    );
    told.counter(
        "sync_rounds_total",
        "Comparisons with a peer that ended, by what they found at their start.",
        "found",
        [("same", counts.compared_same), ("different", counts.compared_apart)],
    );
    told.counter(
        "items_heard_total",
        "Records that came, by the way that they came.",
        "by",
        [("gossip", counts.gossiped), ("sync", counts.gained)],
    );
    told.measure(
        "peers_misbehaved_total",
        "counter",
        "Times that a peer sent what it should not have.",
        &[(String::new(), counts.misbehaved)],
    );
}

fn span(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

fn whole(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn tallied<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    words.fold(BTreeMap::new(), |mut tally, word| {
        *tally.entry(word).or_default() += 1;
        tally
    })
}

/// Words become labels as they are: the registry's own, never a peer's text. Anything else is left out.
fn labelled<'a>(name: &str, values: impl IntoIterator<Item = (&'a str, usize)>) -> Vec<(String, u64)> {
    let plain = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_ ".contains(&byte));
    let values = values.into_iter().filter(|(word, _)| plain(word));
    values.map(|(word, count)| (format!("{{{name}=\"{word}\"}}"), whole(count))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Own;

    #[test]
    fn every_measure_has_a_type_and_its_words_break_no_line() {
        let answered = Answered::default();
        answered.count(StatusCode::NOT_FOUND);
        let text = told(&Snapshot::empty(Own::default()), 7, Some(0), &answered);
        assert!(text.contains("\ncohub_backup_age_seconds 1"), "{text}");
        let mut told = Told(String::new());
        told.seconds("apart", "Some time.", -1_050);
        assert!(told.0.ends_with("\ncohub_apart -1.050\n"), "{}", told.0);
        assert!(text.contains("cohub_up 0\n") && text.contains("cohub_store_bytes 7\n"), "{text}");
        assert!(text.contains("cohub_http_answers_total{class=\"4xx\"} 1\n"), "{text}");
        assert_eq!(labelled("state", [("open", 2), ("a\"\n}", 1)]), [("{state=\"open\"}".to_owned(), 2)]);
    }

    #[test]
    fn alerts_and_the_dashboard_ask_for_measures_that_there_are() {
        let alerts = include_str!("../../../config/alerts.yml");
        let dashboard = include_str!("../../../config/grafana-dashboard.json");
        serde_json::from_str::<serde_json::Value>(dashboard).unwrap();
        let source = include_str!("metrics.rs");
        let mut asked = 0;
        let both = format!("{alerts}\n{dashboard}");
        for word in both.split(|letter: char| !letter.is_ascii_lowercase() && letter != '_') {
            if let Some(name) = word.strip_prefix("cohub_") {
                assert!(source.contains(&format!("\"{name}\",")), "{name}");
                asked += 1;
            }
        }
        assert!(asked >= 20, "{asked}");
    }
}
