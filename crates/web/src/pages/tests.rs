//! Pages over registries that no small network has: very many of everything, and every text that a peer can choose
//! a hostile one. (Ids, keys and hashes no peer chooses: the registry writes them from bytes of a fixed length.)

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cohub_node::{Home, Settings};
use serde_json::{Value, json};

mod acting;
mod states;

use super::{PAGES, Scene, Shown, charter_changes, confirm, dossier, frame, motion, registry};
use crate::api::problem::Problem;
use crate::language::tests::unheard_of;
use crate::reader::Reader;
use crate::server::Server;
use crate::snapshot::{Own, Picture, Snapshot};

const NOW: u64 = 1_795_478_400_000;
const DAY: u64 = 86_400_000;

/// A registry of so many hubs, applications and motions, in which every text of a peer says the same.
fn whole(hubs: usize, applications: usize, motions: usize, text: &str) -> Value {
    let hub = |at: usize| {
        json!({
            "id": format!("hub1{at:060}"), "slug": format!("hub-{at}"), "name": text, "city": text,
            "country": (if text.len() > 20 { text } else { "AT" }), "status": (if at.is_multiple_of(9) { "prospect" } else { "co-owner" }),
            "lat": at % 90, "lon": at * 7 % 180, "since": NOW - DAY,
            "controller": format!("did:key:z6Mk{at:043}"), "sponsor": format!("hub1{:060}", at / 2),
            "keys": [{ "key": format!("did:key:z6Mj{at:043}"), "roles": ["representative", text], "grant": null }],
        })
    };
    let application = |at: usize| {
        let of = at * motions / applications.max(1);
        json!({
            "id": format!("rec1a{at:058}"), "hub": format!("hub1{:060}", at % hubs), "stage": "eligible",
            "status": (if at.is_multiple_of(3) { "rejected" } else { "open" }), "at": NOW - DAY,
            "documents": [{ "id": format!("rec1d{at:058}"), "type": text, "hash": "b3:91e2", "size_bytes": 12_345,
                "scope": text, "readers": [], "supersedes": null, "current": true, "at": NOW - DAY },
                { "id": format!("rec1e{at:058}"), "type": text, "hash": "b3:91e3", "size_bytes": 345, "scope": "sealed",
                "readers": [{ "key": "did:key:z6Mk", "hub": null }, { "key": "did:key:z6Mj", "hub": format!("hub1{:060}", 0) }],
                "supersedes": null, "current": true, "at": NOW - DAY }],
            "reviews": [{ "id": format!("rec1r{at:058}"), "panel": text, "hub": null, "recommendation": text,
                "scores": [{ "criterion": text, "points": 3 }], "at": NOW - DAY }],
            "interviews": [{ "id": format!("rec1i{at:058}"), "hub": null, "outcome": text, "at": NOW - DAY }],
            "motions": [format!("rec1m{of:058}")],
            "next": { "stage": "eligible", "missing": [text, text] },
            "signatures": { "motion": format!("rec1m{of:058}"), "hub": true, "seats": [text], "seats_needed": 2 },
        })
    };
    let seats = hubs.min(13);
    let motion = |at: usize| {
        let roll = |seat: usize| {
            json!({ "seat": format!("hub-{seat}"), "choice": (if seat.is_multiple_of(2) { Value::Null } else { text.into() }),
                "at": NOW, "record": format!("rec1b{seat:058}"), "superseded": [format!("rec1s{seat:058}")] })
        };
        let teller = |seat: usize| json!({ "seat": format!("hub-{seat}"), "key": "did:key:z6Mk", "closed": "rec1k", "returned": text, "refused": text });
        let decided = !at.is_multiple_of(10);
        json!({
            "id": format!("rec1m{at:058}"), "kind": (match at { 1 | 5 => "amend", 3 => "standing", _ if at.is_multiple_of(2) => "advance", _ => text }),
            "subject": format!("rec1a{:058}", at * applications / motions.max(1)), "question": text,
            "stage": (if at.is_multiple_of(2) { "eligible" } else { text }), "hub": format!("hub1{:060}", at % hubs), "body": text,
            "charter": (if at == 1 { "rec1c".to_owned() } else { format!("rec1m{:058}", 1) }),
            "effect": (match at { 0 | 1 => json!({ "charter": amended(text) }), 3 => json!({ "change": "suspend" }), _ => json!({ "text": text }) }),
            "state": (if decided { "adopted" } else { "undecided" }), "final": decided, "rule": text,
            "deadline": NOW + DAY, "at": NOW - DAY, "mover": "did:key:z6Mk", "mover_hub": null,
            "evidence": [format!("rec1d{at:058}")], "changed_since": ["rec1x"],
            "roll": (0..seats).map(roll).collect::<Vec<_>>(),
            "tally": { "yes": 5, "no": 1, "abstain": 0, "recuse": 1, "block": 0, "words": text,
                "quorum": { "need": 5, "have": 7 }, "approval": { "need": 4, "have": 5 } },
            "generation": 1 + at / 7, "fallback": at == 7, "fallen": at < 7 && !decided, "tellers_needed": 9,
            "tellers": (0..seats).map(teller).collect::<Vec<_>>(), "decided_at": NOW - DAY,
        })
    };
    let seat = |at: usize| json!({ "hub": null, "slug": format!("hub-{at}"), "voting": "did:key:z6Mk", "teller": "did:key:z6Mk" });
    json!({
        "head": "7f3c19ab", "network": "net1x", "name": text, "constituted": true,
        "hubs": (0..hubs).map(hub).collect::<Vec<_>>(),
        "applications": (0..applications).map(application).collect::<Vec<_>>(),
        "motions": (0..motions).map(motion).collect::<Vec<_>>(),
        "committee": { "term": 2, "generation": 2, "fallback": true, "seats": (0..seats).map(seat).collect::<Vec<_>>(), "tellers": [], "quorum": 9, "tolerated": 4 },
        "charter": { "version": 2, "record": format!("rec1m{:058}", 1), "text": {
            "title": text, "timing": { "notice_ms": 1, "grace_ms": 1, "maximum_ms": 1 },
            "sponsorship": { "open": 3, "records": 100 }, "signing_seats": 2,
            "rules": [{ "slug": text, "quorum": "1/2", "quorum_counts_abstentions": true, "floor": "0/1", "base": text,
                "approval": text, "at_least": true, "consent": false, "early_close": false },
                { "slug": "simple", "quorum": "1/2", "quorum_counts_abstentions": true, "floor": "1/3", "base": "cast",
                "approval": "2/3", "at_least": true, "consent": true, "early_close": true }],
            "stages": [{ "slug": "eligible", "title": text, "documents": [text], "interview": true, "body": text,
                "reviews": [{ "panel": text, "count": 1 }], "rule": text, "open_within_ms": 1, "wait_ms": 1 }],
            "panels": [{ "slug": text, "title": text }],
        }},
        "panels": [{ "panel": text, "members": [{ "key": "did:key:z6Mk", "hub": text }], "until": 0 }],
        "evidence": [{ "kind": text, "author": "did:key:z6Mk", "hub": text, "seq": 3, "records": ["rec1e", "rec1f"] }],
        "disputes": [{ "kind": text, "slot": text, "subject": text, "base": null, "stands": null,
            "certificates": [{ "motion": "rec1m", "question": text, "outcome": text, "returns": [] }],
            "tellers": [{ "author": "did:key:z6Mk", "hub": text, "seq": 3, "returns": [], "records": ["rec1e", "rec1f"] }] }],
        "reports": (0..hubs).map(|at| json!({ "hub": format!("hub1{at:060}"), "record": "rec1y", "year": 2025, "members": 9,
            "events": 9, "ventures": 9, "jobs": 9 })).collect::<Vec<_>>(),
        "manifesto": { "version": 1, "text": text, "signed": [text] },
    })
}

/// The charter that the first motion asks for.
fn amended(text: &str) -> Value {
    json!({
        "title": text, "timing": { "notice_ms": 2, "grace_ms": 1, "maximum_ms": 1 },
        "sponsorship": { "open": 3, "records": 100 }, "signing_seats": 2, "rules": [], "stages": [],
        "panels": [{ "slug": "another", "title": text }],
        "decisions": [{ "matter": text, "body": text, "rule": text }],
    })
}

/// The pages of a server over a picture, by their addresses.
struct Drawn {
    /// Its home lives as long as it.
    _home: tempfile::TempDir,
    server: Server,
    picture: Arc<Picture>,
    /// How the node is; none where it does not answer.
    status: Option<cohub_node::api::Status>,
}

impl Drawn {
    async fn over(whole: Value) -> Self {
        let home = tempfile::tempdir().unwrap();
        let server =
            Server::open(&Home::at(home.path()).unwrap(), "127.0.0.1:0", &Settings::default()).await.unwrap();
        Self { _home: home, server, picture: Arc::new(Picture::read(whole, NOW).unwrap()), status: None }
    }

    fn scene(&self, name: &str) -> Scene {
        let picture = Some(Arc::clone(&self.picture));
        let status = self.status.clone();
        let snapshot = Snapshot { picture, status, down: None, ..Snapshot::empty(Own::default()) };
        Scene {
            web: self.server.web(),
            snapshot: Arc::new(snapshot),
            picture: Arc::clone(&self.picture),
            now_ms: NOW,
            name: name.to_owned(),
            query: BTreeMap::new(),
        }
    }

    /// Every page that is drawn from the picture alone, as a browser gets it, and how long that took.
    fn pages(&self) -> Vec<(&'static str, String, Duration)> {
        let first = |list: &str| self.picture.whole[list][0]["id"].as_str().unwrap_or_default().to_owned();
        let standing = confirm::Standing::default();
        let of_an_application = |scene: &Scene| dossier::page(scene, &standing);
        let of_a_motion = |scene: &Scene| {
            motion::page(
                scene,
                &standing,
                charter_changes::of_a_known_amendment(scene.view(), motion::find(scene)?).as_ref(),
            )
        };
        let drawn = |path: &'static str, draw: &dyn Fn(&Scene) -> Result<Shown, Problem>| {
            let list = path.trim_start_matches('/').split('/').next().unwrap_or_default();
            let scene = self.scene(&if path.ends_with("{name}") { first(list) } else { String::new() });
            let began = Instant::now();
            let shown = draw(&scene).unwrap_or_else(|problem| panic!("{path}: {problem:?}"));
            let page = frame::framed(&scene.snapshot, scene.view(), &shown).into_string();
            (path, page, began.elapsed())
        };
        let alone = PAGES.iter().filter(|(path, _)| !NEEDS_A_NODE.contains(path));
        let mut pages: Vec<_> = alone.map(|(path, draw)| drawn(path, draw)).collect();
        pages.push(drawn("/registry", &|scene| registry::page(scene, scene.view(), Some("2026-11-24"))));
        pages.push(drawn("/motions/{name}", &of_a_motion));
        pages.push(drawn("/applications/{name}", &of_an_application));
        pages
    }
}

/// What of a page is shown or read aloud and was not written by peers or programs.
fn own_words(page: &str) -> String {
    let mut words = String::new();
    let (mut left, mut inside) = (page, 0_usize);
    while let Some((before, rest)) = left.split_once('<') {
        if inside == 0 {
            words.push_str(before);
        }
        let (tag, after) = rest.split_once('>').expect("a tag ends");
        for label in ["aria-label=\"", "data-label=\"", "placeholder=\""] {
            words.extend(tag.split(label).nth(1).and_then(|value| value.split('"').next()));
        }
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        // Values to choose that stand there as the network has them.
        let plain = tag.strip_prefix("option value=\"").and_then(|value| value.split('"').next());
        let as_it_is =
            plain.is_some_and(|value| !value.is_empty() && after.starts_with(&format!("{value}<")));
        // A language says its own name in itself, and the program's name is no word.
        let as_it_is_called = name == "option" && tag.contains(" lang=\"");
        let program = name == "title" && after.starts_with("cohub<");
        let as_it_is = as_it_is || as_it_is_called || program;
        left = if as_it_is { &after[after.find('<').unwrap_or(0)..] } else { after };
        match (matches!(name, "bdi" | "code"), tag.starts_with('/')) {
            (true, false) => inside += 1,
            (true, true) => inside -= 1,
            (false, _) => {}
        }
    }
    ["&quot;", "&amp;", "&lt;", "&gt;"].iter().fold(words, |words, sign| words.replace(sign, ""))
}

#[tokio::test]
async fn pages_say_nothing_but_messages() {
    let drawn = Drawn::over(whole(3, 2, 4, "Ω")).await;
    for from_the_right in [false, true] {
        let reader = Reader::speaking(unheard_of(from_the_right));
        let pages = reader.made(|| drawn.pages());
        for (path, page, _) in pages {
            let own = own_words(&page);
            let literal: String = own.chars().filter(char::is_ascii_alphabetic).collect();
            assert_eq!(literal, "", "{path} has words that are no message: {own}");
            let direction = if from_the_right { "dir=\"rtl\"" } else { "dir=\"ltr\"" };
            assert!(page.contains(direction) && page.contains("lang=\"qps\""), "{path}");
        }
    }
}

#[tokio::test]
async fn every_page_is_drawn_in_every_language() {
    let drawn = Drawn::over(whole(3, 2, 4, "Ω")).await;
    for language in crate::language::all() {
        for (path, page, _) in Reader::speaking(language).made(|| drawn.pages()) {
            assert!(page.contains(&format!("<html lang=\"{}\"", language.tag)), "{path}");
            assert!(!page.contains('\u{e000}') && !page.contains("{ $"), "{path} in {}", language.tag);
        }
    }
}

/// Pages that say nothing where no node answers.
const NEEDS_A_NODE: [&str; 1] = ["/peers"];

#[test]
fn what_is_due_leads_to_a_page_that_there_is() {
    let picture = Picture::read(whole(3, 2, 4, "text"), NOW).unwrap();
    let application = format!("rec1a{:058}", 1);
    let motion = format!("rec1m{:058}", 3);
    for (id, place) in
        [(&application, "applications"), (&motion, "motions"), (&"rec1manifesto".to_owned(), "records")]
    {
        let link = super::overview::door(&picture.view, id).into_string();
        assert!(link.contains(&format!("href=\"/{place}/{id}\"")), "{link}");
    }
}

#[tokio::test]
async fn no_text_of_a_peer_breaks_a_page() {
    let words = [
        "<script>alert(1)</script>".to_owned(),
        "\"><img src=x onerror=alert(1)>".to_owned(),
        "\" onfocus=\"alert(1)\" autofocus=\"".to_owned(),
        "\u{202e}drawkcab\u{2066}\u{200f}\u{0000}\u{0007}\u{1b}[31m".to_owned(),
        "w".repeat(65_536),
        "\u{0301}".repeat(65_536),
        "https://evil.example/".to_owned(),
    ];
    for text in words {
        let pages = Drawn::over(whole(3, 2, 2, &text)).await.pages();
        assert_eq!(pages.len(), PAGES.len() - NEEDS_A_NODE.len() + 3);
        for (path, page, _) in pages {
            for bad in ["<script>alert", "<img", "\" onfocus", "href=\"https:", "\u{202e}", "\u{2066}"] {
                assert!(
                    !page.contains(bad),
                    "{path} has {bad:?} of {:?}",
                    text.chars().take(30).collect::<String>()
                );
            }
            let control = page.chars().find(|letter| letter.is_control() && *letter != '\n');
            assert_eq!(control, None, "{path}");
            assert!(page.len() < 400_000, "{path} has {} bytes", page.len());
        }
    }
}

/// 107 hubs, 500 applications and 2,000 motions: the size that the pages are meant for.
#[tokio::test]
async fn a_large_network_is_drawn_at_once() {
    let drawn = Drawn::over(whole(107, 500, 2_000, "Ankara Hub")).await;
    let mut costs: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for _ in 0..11 {
        for (path, page, took) in drawn.pages() {
            costs.entry(path).or_default().push(took);
            assert!(path != "/" || page.len() < 200_000, "the overview has {} bytes", page.len());
        }
    }
    for (path, mut cost) in costs {
        cost.sort_unstable();
        let median = cost[cost.len() / 2];
        println!("{path}: {} µs at the median", median.as_micros());
        assert!(median < Duration::from_millis(10), "{path} takes {median:?}");
    }
}
