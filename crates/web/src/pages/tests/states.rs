//! What every page says of a node that is alone, that still compares, or that was away for years; and a network with
//! more motions than any page holds.

use super::acting::status;
use super::*;
use crate::language::known;

/// Milliseconds of two years.
const YEARS: u64 = 2 * 365 * DAY;

/// Every page of a node that is so, in English.
async fn pages_of(status: cohub_node::api::Status) -> Vec<(&'static str, String)> {
    let drawn = Drawn { status: Some(status), ..Drawn::over(whole(3, 2, 4, "Ω")).await };
    let english = Reader::speaking(known("en").unwrap());
    let pages = english.made(|| drawn.pages());
    assert!(pages.len() > 12);
    pages.into_iter().map(|(path, page, _)| (path, page)).collect()
}

#[tokio::test]
async fn every_page_of_a_node_that_is_alone_says_so() {
    for (path, page) in pages_of(cohub_node::api::Status {
        peers: Vec::new(),
        last_heard_ms: None,
        synced: false,
        ..status()
    })
    .await
    {
        assert!(page.contains("0 of 0 peers, nobody was heard yet"), "{path}");
        assert!(page.contains("class=\"off\"") && !page.contains("still comparing"), "{path}");
    }
}

#[tokio::test]
async fn every_page_of_a_node_that_still_compares_says_so_and_how_much_it_knows_to_be_missing() {
    for (path, page) in pages_of(cohub_node::api::Status { missing: 41, ..status() }).await {
        assert!(page.contains("2 of 3 peers, last heard 3 seconds ago, still comparing"), "{path}");
        assert!(page.contains("9 records, 41 missing"), "{path}");
    }
}

#[tokio::test]
async fn every_page_of_a_node_that_was_away_for_years_says_so() {
    let away = cohub_node::api::Status { last_heard_ms: Some(YEARS), synced: true, ..status() };
    for (path, page) in pages_of(away).await {
        assert!(page.contains("last heard 730 days ago"), "{path}");
        assert!(page.contains("class=\"off\""), "{path} does not say it in colour");
    }
}

#[tokio::test]
async fn ten_thousand_motions_are_shown_a_page_at_a_time() {
    let drawn = Drawn::over(whole(3, 2, 10_000, "Ω")).await;
    for (path, page, _) in drawn.pages() {
        assert!(page.len() < 1_000_000, "{path} has {} bytes", page.len());
    }
    let english = Reader::speaking(known("en").unwrap());
    let mut scene = drawn.scene("");
    let mut seen = std::collections::BTreeSet::new();
    let mut from = Some("0".to_owned());
    while let Some(at) = from.take() {
        scene.query = BTreeMap::from([("from".to_owned(), at)]);
        let page = english.made(|| super::super::motions::page(&scene)).unwrap().body.into_string();
        let listed = page.split("href=\"/motions/").skip(1).filter_map(|rest| rest.split('"').next());
        let before = seen.len();
        seen.extend(listed.map(str::to_owned));
        assert!(seen.len() > before, "a page without a motion that was not shown before");
        let links = page.split("href=\"/motions?from=").skip(1).filter_map(|rest| rest.split('"').next());
        from = links.last().filter(|_| page.contains("Further down this list")).map(str::to_owned);
    }
    assert_eq!(seen.len(), 10_000);
}
