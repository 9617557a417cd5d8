//! The public listener: everybody reads the registry there, and nobody anything else, whatever they show.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::access::carries_the_headers;
use crate::http::{Answer, Door, call};
use crate::network::{Network, PATIENCE, until};
use crate::{reading, schema};

/// What the listener is for; whoever adds to it adds to this.
const OPERATIONS: [&str; 12] = [
    "application",
    "applications",
    "certificate",
    "charter",
    "committee",
    "evidence",
    "hub",
    "hubs",
    "motion",
    "motions",
    "openapi",
    "registry",
];
const PAGES: [&str; 7] = ["committee", "charter", "evidence", "hubs", "motions", "reference", "registry"];

/// Every class of callers against every operation and page that this node has at either door.
pub(crate) fn strangers_see_what_is_the_world_s_and_nothing_else(network: &Network, own: &Door) {
    let host = network.public("vienna");
    assert_ne!(host, own.host);
    until(PATIENCE, || (call(&host, "GET", "/api/v1/registry", &[], "").status == 200).then_some(()));
    let token = network.run("vienna", &["token", "create", "--label", "stray", "--scope", "operate"]);
    let token = format!("Bearer {}", token["token"].as_str().unwrap());
    let callers: [(&str, Vec<(&str, &str)>); 5] = [
        ("anybody", vec![]),
        ("by its name", vec![("host", "hub.example.org")]),
        ("whom the host let in elsewhere", vec![("host", &own.host), ("cookie", &own.cookie)]),
        ("a program with a token", vec![("host", &host), ("authorization", &token)]),
        ("a page of another site", vec![("host", &host), ("origin", "http://elsewhere.example")]),
    ];
    let (_, operations) = schema::operations(own);
    let read = operations.iter().map(|one| (one.method.as_str(), one.path.clone(), is_listed(one.id())));
    let pages = reading::addresses(own).into_iter().map(|path| ("GET", path.clone(), is_a_page(&path)));
    let forms = reading::forms(own).into_iter().map(|path| ("POST", path, false));
    let doors =
        ["/metrics", "/enter", "/enter?code=00", "/login"].map(|path| ("GET", path.to_owned(), false));
    let addresses: Vec<(&str, String, bool)> = read.chain(pages).chain(forms).chain(doors).collect();
    for (method, path, shown) in &addresses {
        for (name, headers) in &callers {
            let answer = call(&host, method, path, headers, "");
            let what = format!("{method} {path} for {name}: {} {}", answer.status, answer.text());
            let owed = match (*method, shown) {
                ("GET", true) => 200,
                ("GET", false) => 404,
                _ => 405,
            };
            assert_eq!(answer.status, owed, "{what}");
            gives_nothing_away(network, &answer, &what);
        }
        for other in ["POST", "PUT", "PATCH", "DELETE"] {
            assert_eq!(call(&host, other, path, &[("host", &host)], "{}").status, 405, "{other} {path}");
        }
    }
    network.run("vienna", &["token", "revoke", "stray"]);
    its_document_is_true(&host);
    it_leaves_out_what_is_the_members(own, &host);
    no_link_leads_nowhere(&host);
}

fn is_listed(operation: &str) -> bool {
    OPERATIONS.contains(&operation)
}

fn is_a_page(path: &str) -> bool {
    let first = path.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default();
    // What an amendment changes stands on its motion's page; comparing any two charters asks the node for records.
    path != "/charter/changes" && (path == "/" || PAGES.contains(&first))
}

/// Neither the node's directory, nor a cookie, nor an address of a peer, nor what a form would need.
fn gives_nothing_away(network: &Network, answer: &Answer, what: &str) {
    carries_the_headers(answer, what);
    assert_eq!(answer.header("set-cookie"), None, "{what}");
    let (text, home) = (answer.text(), network.directory().display().to_string());
    for secret in [home.as_str(), "/tcp/", "/p2p/", "12D3Koo", "<form method=\"post\"", "cohub up"] {
        assert!(!text.contains(secret), "{what}: has {secret}");
    }
}

/// The document of this listener lists what it has, and each of these answers as it says.
fn its_document_is_true(host: &str) {
    let get = |path: &str| call(host, "GET", path, &[("host", host)], "");
    let document = get("/api/v1/openapi.json").json();
    let paths = document["paths"].as_object().unwrap().values();
    let ids: BTreeSet<&str> = paths
        .flat_map(|path| path.as_object().unwrap().values())
        .filter_map(|one| one["operationId"].as_str())
        .collect();
    assert_eq!(ids, OPERATIONS.into_iter().collect());
    assert_eq!(document["security"], serde_json::json!([]));
    let registry = get("/api/v1/registry").json();
    let described = &document["paths"]["/api/v1/registry"]["get"]["responses"]["200"]["content"];
    let faults = schema::faults(&document, &described["application/json"]["schema"], &registry, "registry");
    assert!(faults.is_empty(), "{faults:?}");
}

/// What the members' pages have of people and dossiers, and these do not.
fn it_leaves_out_what_is_the_members(own: &Door, host: &str) {
    let (registry, whole) = until(PATIENCE, || {
        let shown = call(host, "GET", "/api/v1/registry", &[("host", host)], "").json();
        let whole = own.json("/api/v1/registry");
        (shown["head"] == whole["head"]).then_some((shown, whole))
    });
    for list in ["hubs", "applications", "motions", "reports", "evidence"] {
        assert_eq!(registry[list].as_array().map(Vec::len), whole[list].as_array().map(Vec::len), "{list}");
    }
    let count = |of: &Value, list: &str, inner: &str| {
        let items = of[list].as_array().unwrap().iter();
        items.map(|item| item[inner].as_array().map_or(0, Vec::len)).sum::<usize>()
    };
    for (list, inner) in
        [("hubs", "keys"), ("panels", "members"), ("applications", "reviews"), ("applications", "interviews")]
    {
        assert!(count(&whole, list, inner) > 0, "the members see {inner} of {list}");
        assert_eq!(count(&registry, list, inner), 0, "strangers see no {inner} of {list}");
    }
    let documents = registry["applications"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["documents"].as_array().unwrap());
    assert!(
        documents.clone().all(|document| document["scope"] == "public"),
        "{:?}",
        documents.collect::<Vec<_>>()
    );
    assert!(count(&whole, "applications", "documents") > count(&registry, "applications", "documents"));
    let keys = whole["hubs"].as_array().unwrap().iter().flat_map(|hub| hub["keys"].as_array().unwrap());
    let panelist = |key: &&Value| key["roles"] == serde_json::json!(["panelist"]);
    let page = call(host, "GET", "/hubs/vienna", &[("host", host)], "").text();
    for key in keys.filter(panelist) {
        assert!(!page.contains(key["key"].as_str().unwrap()), "{key}");
    }
}

/// Each link of each page of this listener is answered here.
fn no_link_leads_nowhere(host: &str) {
    let get = |path: &str| call(host, "GET", path, &[("host", host)], "");
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut left = vec!["/".to_owned()];
    while let Some(path) = left.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let answer = get(&path);
        assert_eq!(answer.status, 200, "{path} is linked to: {}", answer.text());
        let text = answer.text();
        let links = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let own = links.filter(|link| link.starts_with('/')).map(|link| link.replace("&amp;", "&"));
        left.extend(own.map(|link| link.split('#').next().unwrap_or_default().to_owned()));
    }
    assert!(seen.len() > 20, "{seen:?}");
}
