//! What the API answers: as its document says, whole over pages, honest about what is wrong, and in order.

use serde_json::Value;

use crate::access::carries_the_headers;
use crate::http::Door;
use crate::network::Network;
use crate::schema::{faults, operations};

pub(crate) fn every_operation_answers_as_its_document_says(door: &Door) {
    let (document, operations) = operations(door);
    for operation in operations.iter().filter(|operation| operation.method == "GET") {
        let (media_type, schema) = operation.answer();
        if media_type == "text/event-stream" {
            continue;
        }
        let answer = door.get(&operation.path);
        let id = operation.id();
        assert_eq!(answer.status, 200, "{id}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some(media_type), "{id}");
        carries_the_headers(&answer, id);
        if media_type == "application/octet-stream" {
            let disposition = answer.header("content-disposition").unwrap_or_default();
            assert!(disposition.starts_with("attachment;") && !answer.body.is_empty(), "{id}: {disposition}");
            continue;
        }
        let found = faults(&document, schema, &answer.json(), id);
        assert!(found.is_empty(), "{id} drifts from its document:\n{}", found.join("\n"));
    }
    an_answer_that_is_held_is_not_sent_again(door);
}

fn an_answer_that_is_held_is_not_sent_again(door: &Door) {
    for path in ["/api/v1/registry", "/api/v1/hubs", "/api/v1/openapi.json", "/api/v1/committee"] {
        let first = door.get(path);
        let tag = first.header("etag").unwrap_or_else(|| panic!("{path} has no tag")).to_owned();
        let again = door.ask("GET", path, &[("if-none-match", &tag)]);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let other = door.ask("GET", path, &[("if-none-match", "\"another\"")]);
        assert_eq!((other.status, other.body == first.body), (200, true), "{path}");
    }
}

pub(crate) fn lists_are_whole_page_by_page(door: &Door) {
    for (path, name) in [
        ("/api/v1/hubs", "hubs"),
        ("/api/v1/motions", "motions"),
        ("/api/v1/applications", "applications"),
        ("/api/v1/records?kind=ballot", "records"),
    ] {
        let join = if path.contains('?') { '&' } else { '?' };
        let whole = door.json(&format!("{path}{join}limit=1000"));
        assert_eq!(whole["next"], Value::Null, "{path}");
        let mut gathered = Vec::new();
        let mut next = String::new();
        loop {
            let page = door.json(&format!("{path}{join}limit=2{next}"));
            let items = page[name].as_array().unwrap();
            assert!(items.len() <= 2 && page["as_of"]["head"].is_string(), "{path}");
            gathered.extend(items.iter().cloned());
            match page["next"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
            assert!(gathered.len() < 1_000, "{path} has no end");
        }
        assert_eq!(Value::from(gathered), whole[name], "{path}");
        assert!(!whole[name].as_array().unwrap().is_empty(), "{path} is empty");
    }
}

pub(crate) fn what_is_wrong_is_a_problem_with_a_listed_type(door: &Door) {
    let missing = "rec1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq";
    let long = "w".repeat(20_000);
    let table = [
        ("/api/v1/hubs?limit=0".to_owned(), 400),
        ("/api/v1/hubs?limit=1001".to_owned(), 400),
        ("/api/v1/hubs?limit=many".to_owned(), 400),
        ("/api/v1/hubs?colour=red".to_owned(), 400),
        ("/api/v1/hubs?limit=1&limit=2".to_owned(), 400),
        ("/api/v1/hubs?cursor=nowhere".to_owned(), 400),
        ("/api/v1/motions?state=undecided".to_owned(), 400),
        ("/api/v1/records?author=somebody".to_owned(), 400),
        ("/api/v1/records?cursor=nowhere".to_owned(), 400),
        ("/api/v1/hubs/nobody".to_owned(), 404),
        ("/api/v1/hubs/%3Cscript%3E".to_owned(), 404),
        ("/api/v1/hubs/%FF%FE".to_owned(), 400),
        (format!("/api/v1/hubs/{long}"), 404),
        (format!("/api/v1/motions/{missing}"), 404),
        (format!("/api/v1/motions/{missing}/certificate"), 404),
        (format!("/api/v1/documents/{missing}/content"), 404),
        (format!("/api/v1/applications/{missing}"), 404),
        (format!("/api/v1/records/{missing}"), 404),
        ("/api/v1/records/nonsense".to_owned(), 404),
        ("/api/v1/nothing".to_owned(), 404),
        ("/api/v2/hubs".to_owned(), 404),
    ];
    for (path, expected) in table {
        let answer = door.get(&path);
        let shown: String = path.chars().take(80).collect();
        assert_eq!(answer.status, expected, "{shown}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{shown}");
        let problem = answer.json();
        assert_eq!(problem["status"], expected, "{shown}");
        let name = problem["type"].as_str().unwrap();
        assert!(door.get("/reference/problems").text().contains(name), "{shown}: {name} is not listed");
        assert!(!problem["detail"].as_str().unwrap().is_empty(), "{shown}");
    }
}

/// A reader that was away takes up where it was; one that never was here is told to look anew.
pub(crate) fn a_reader_of_events_misses_nothing(network: &Network, door: &Door) {
    let mut first = door.events(&[]);
    let report = |year: &str| {
        let words = [
            "hub",
            "profile",
            "--year",
            year,
            "--members",
            "9",
            "--events",
            "1",
            "--ventures",
            "1",
            "--jobs",
            "1",
        ];
        network.run("amsterdam", &words);
    };
    report("2021");
    let seen = first.next("id");
    drop(first);
    report("2022");
    let mut again = door.events(&[("last-event-id", &seen)]);
    let (epoch, number) = seen.rsplit_once('-').unwrap();
    let expected = format!("{epoch}-{}", number.parse::<u64>().unwrap() + 1);
    assert_eq!(again.next("id"), expected);
    for strange in ["0-1", "nonsense", ""] {
        assert_eq!(door.events(&[("last-event-id", strange)]).next("event"), "reset", "{strange:?}");
    }
}
