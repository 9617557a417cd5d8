//! Every page over a real node: it answers, says from where one looks, and shows peers' words as words.

use crate::access::carries_the_headers;
use crate::http::Door;
use crate::network::{Network, PATIENCE, until};

/// A name as somebody would choose it who wants to break a page.
const HOSTILE: &str =
    "<script>alert(1)</script><img src=x onerror=alert(2)> \"onmouseover='x' http://evil.example";

/// The address of every page, of everything that has one.
pub(crate) fn addresses(door: &Door) -> Vec<String> {
    let registry = door.json("/api/v1/registry");
    let named = |list: &str, place: &str| {
        let items = registry[list].as_array().unwrap().iter();
        items.filter_map(|item| Some(format!("{place}/{}", item["id"].as_str()?))).collect::<Vec<_>>()
    };
    let records = door.json("/api/v1/records?limit=1000");
    let mut kinds = std::collections::BTreeSet::new();
    let records = records["records"].as_array().unwrap().iter();
    let records = records.filter(|record| kinds.insert(record["kind"].as_str().unwrap().to_owned()));
    let records: Vec<String> =
        records.map(|record| format!("/records/{}", record["id"].as_str().unwrap())).collect();
    let fixed = [
        "/",
        "/registry",
        "/registry?at=2999-01-01",
        "/registry?status=co-owner&continent=Europe",
        "/applications",
        "/motions",
        "/motions?state=adopted",
        "/committee",
        "/charter",
        "/charter/changes",
        "/charter?rule=swift&yes=3&no=1&roll=4",
        "/people",
        "/peers",
        "/records",
        "/records?kind=ballot",
        "/evidence",
        "/begin",
        "/invite",
        "/settings",
        "/reference",
        "/reference/problems",
    ];
    let named =
        [named("hubs", "/hubs"), named("applications", "/applications"), named("motions", "/motions")];
    fixed.map(str::to_owned).into_iter().chain(named.into_iter().flatten()).chain(records).collect()
}

/// The addresses that forms are sent to.
pub(crate) fn forms(door: &Door) -> Vec<String> {
    let first = |list: &str| {
        let listed = door.json(&format!("/api/v1/{list}?limit=1"));
        listed[list][0]["id"].as_str().unwrap().to_owned()
    };
    let (motion, application) = (first("motions"), first("applications"));
    let of_a_motion = ["review", "ballot"].map(|act| format!("/motions/{motion}/{act}"));
    let of_an_application =
        ["review", "sign", "upload"].map(|act| format!("/applications/{application}/{act}"));
    let fixed = ["/begin/review", "/begin/join", "/invite", "/settings/language", "/settings/zone"]
        .map(str::to_owned);
    of_a_motion.into_iter().chain(of_an_application).chain(fixed).collect()
}

pub(crate) fn every_page_answers(door: &Door) {
    let head = door.json("/api/v1/registry")["head"].as_str().unwrap().to_owned();
    for path in addresses(door) {
        let answer = door.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        carries_the_headers(&answer, &path);
        let text = answer.text();
        for expected in ["As seen from", "Vienna", "heard", " records, ", head.as_str(), "<main", "<h1>"] {
            assert!(text.contains(expected), "{path} does not say {expected:?}");
        }
        assert!(
            !text.contains(" style=") && !text.contains("javascript:"),
            "{path} has what its policy forbids"
        );
        assert!(
            !text.contains(" onclick")
                && text.matches("<script").count() == text.matches("<script src=").count(),
            "{path} has a script inline"
        );
    }
    for (path, status) in
        [("/registry?at=2001-01-01", 404), ("/registry.csv?at=2001-01-01", 404), ("/registry?at=then", 400)]
    {
        assert_eq!(door.get(path).status, status, "{path}");
    }
    let packed = door.ask("GET", "/", &[("accept-encoding", "gzip")]);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() * 2 < door.get("/").body.len(), "{} bytes", packed.body.len());
    let table = door.get("/registry.csv");
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(table.text().starts_with("id,slug,") && table.text().contains("\"vienna\""), "{}", table.text());
    assert_eq!(
        door.get("/registry.csv?at=2999-01-01").body,
        table.body,
        "nothing comes after all that there is"
    );
    for path in ["/hubs/nobody", "/motions/rec1nothing", "/applications/x", "/records/x", "/nowhere"] {
        let answer = door.get(path);
        assert_eq!(answer.status, 404, "{path}");
        carries_the_headers(&answer, path);
    }
}

/// A newcomer with a name of markup is sponsored; wherever it is named it is text and no more.
pub(crate) fn names_from_peers_stay_text(network: &mut Network, door: &Door) {
    let init = [
        "init",
        "--slug",
        "trouble",
        "--name",
        HOSTILE,
        "--city",
        HOSTILE,
        "--country",
        "TR",
        "--lat",
        "0",
        "--lon",
        "0",
    ];
    network.newcomer("trouble", &init);
    network.run("istanbul", &["hub", "sponsor", "trouble"]);
    until(PATIENCE, || {
        let known = network.run("trouble", &["status"])["hub_status"] == "prospect";
        known.then(|| network.run("trouble", &["application", "open"]))
    });
    let path = until(PATIENCE, || {
        let registry = door.json("/api/v1/registry");
        let hub = registry["hubs"].as_array().unwrap().iter().find(|hub| hub["slug"] == "trouble")?;
        let applications = registry["applications"].as_array().unwrap();
        applications.iter().find(|one| one["hub"] == hub["id"])?;
        Some(format!("/hubs/{}", hub["id"].as_str().unwrap()))
    });
    assert!(door.get(&path).text().contains("&lt;script&gt;alert(1)"), "{path} shows the name");
    for path in addresses(door) {
        let text = door.get(&path).text();
        for bad in ["<script>alert", "<img", "\"onmouseover", "href=\"http://evil"] {
            assert!(!text.contains(bad), "{path} has {bad:?}");
        }
    }
}
