//! No operation and no page answers without its permission: each class of callers against each address.

use crate::http::{Answer, Door, call};
use crate::network::Network;
use crate::reading;
use crate::schema;

/// Somebody who calls, as its headers show it, and the status that it is owed; none where it is let in.
struct Caller {
    name: &'static str,
    headers: Vec<(&'static str, String)>,
    owed: Option<u16>,
}

/// Everybody who calls at a door.
fn callers(own: &Door, other: &Door) -> Vec<Caller> {
    let (host, port) = (own.host.clone(), own.host.split(':').nth(1).unwrap().to_owned());
    let cookie = own.cookie.clone();
    let (name, value) = cookie.split_once('=').unwrap();
    let (name, value) = (name.to_owned(), value.to_owned());
    let (_, others_value) = other.cookie.split_once('=').unwrap();
    let caller = |name, owed, headers: &[(&'static str, &str)]| Caller {
        name,
        owed,
        headers: headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect(),
    };
    let origin = format!("http://{host}");
    vec![
        caller("nobody", Some(401), &[("host", &host)]),
        caller("an empty cookie", Some(401), &[("host", &host), ("cookie", "")]),
        caller(
            "a guessed cookie",
            Some(401),
            &[("host", &host), ("cookie", &format!("{name}={}", "0".repeat(64)))],
        ),
        caller("a cookie cut short", Some(401), &[("host", &host), ("cookie", &cookie[..cookie.len() - 1])]),
        caller("another name", Some(401), &[("host", &host), ("cookie", &format!("cohub={value}"))]),
        caller("the cookie of another node", Some(401), &[("host", &host), ("cookie", &other.cookie)]),
        caller(
            "its value under this name",
            Some(401),
            &[("host", &host), ("cookie", &format!("{name}={others_value}"))],
        ),
        caller("no host", Some(421), &[("cookie", &cookie)]),
        caller(
            "a name made to resolve here",
            Some(421),
            &[("host", &format!("rebound.example:{port}")), ("cookie", &cookie)],
        ),
        caller("another port", Some(421), &[("host", &other.host), ("cookie", &cookie)]),
        caller(
            "a page of another site",
            Some(403),
            &[("host", &host), ("cookie", &cookie), ("origin", "http://elsewhere.example")],
        ),
        caller(
            "a page of another node",
            Some(403),
            &[("host", &host), ("cookie", &cookie), ("origin", &format!("http://{}", other.host))],
        ),
        caller("a sandboxed page", Some(403), &[("host", &host), ("cookie", &cookie), ("origin", "null")]),
        caller(
            "a link elsewhere",
            Some(403),
            &[("host", &host), ("cookie", &cookie), ("sec-fetch-site", "cross-site")],
        ),
        caller("whom the host let in", None, &[("host", &host), ("cookie", &cookie)]),
        caller(
            "the same from its own page",
            None,
            &[("host", &host), ("cookie", &cookie), ("origin", &origin), ("sec-fetch-site", "same-origin")],
        ),
    ]
}

pub(crate) fn nothing_answers_without_its_permission(network: &Network, own: &Door, other: &Door) {
    let (_, operations) = schema::operations(own);
    assert!(operations.len() >= 21, "the document has {} operations", operations.len());
    // Streams do not end: whoever is let in to them is tested where they are read.
    let asked = operations.iter().map(|operation| {
        (operation.method.clone(), operation.path.clone(), operation.answer().0 == "text/event-stream")
    });
    let pages = reading::addresses(own).into_iter().map(|path| ("GET".to_owned(), path, false));
    let forms = reading::forms(own).into_iter().map(|path| ("POST".to_owned(), path, false));
    let addresses: Vec<(String, String, bool)> = asked.chain(pages).chain(forms).collect();
    let callers = callers(own, other);
    for (method, path, streams) in &addresses {
        for caller in &callers {
            let headers: Vec<(&str, &str)> =
                caller.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            // What changes anything has to come from a page of this server.
            let says_whence = headers.iter().any(|(name, _)| *name == "origin");
            let owed = match caller.owed {
                Some(421) => Some(421),
                _ if method != "GET" && !says_whence => Some(403),
                owed => owed,
            };
            if owed.is_none() && *streams {
                continue;
            }
            let answer = call(&own.host, method, path, &headers, "");
            let what = format!("{method} {path} by {}: {} {}", caller.name, answer.status, answer.text());
            match owed {
                Some(owed) => {
                    assert_eq!(answer.status, owed, "{what}");
                    says_nothing(network, &answer, &what);
                }
                None => assert!(![401, 403, 405, 421].contains(&answer.status), "{what}"),
            }
        }
        let listed =
            addresses.iter().filter(|(_, other, _)| other == path).map(|(method, ..)| method.as_str());
        no_other_method(own, &listed.collect::<Vec<_>>(), path);
    }
    a_code_opens_once(network, own);
    tokens_open_their_scope_and_nothing_else(network, own, &addresses);
}

/// Each scope against each address; what is taken back opens nothing.
fn tokens_open_their_scope_and_nothing_else(
    network: &Network,
    own: &Door,
    addresses: &[(String, String, bool)],
) {
    let mut addresses: Vec<(String, String, bool)> = addresses.to_vec();
    addresses.push(("GET".to_owned(), "/metrics".to_owned(), false));
    for scope in ["read", "metrics", "operate"] {
        let made = network.run("vienna", &["token", "create", "--label", scope, "--scope", scope]);
        let shown = format!("Bearer {}", made["token"].as_str().unwrap());
        let ask = |method: &str, path: &str, shown: &str| {
            call(&own.host, method, path, &[("host", &own.host), ("authorization", shown)], "")
        };
        for (method, path, _) in addresses.iter().filter(|(.., streams)| !streams) {
            let (api, metrics) = (path.starts_with("/api/"), path == "/metrics");
            let opens = match scope {
                "read" => api && method == "GET",
                "metrics" => metrics,
                _ => api || metrics,
            };
            let answer = ask(method, path, &shown);
            let what = format!("{method} {path} with {scope}: {} {}", answer.status, answer.text());
            match opens {
                true => assert!(![401, 403, 421].contains(&answer.status), "{what}"),
                false => assert_eq!(answer.status, 403, "{what}"),
            }
        }
        let path = if scope == "metrics" { "/metrics" } else { "/api/v1/hubs" };
        let cut = &shown[..shown.len() - 1];
        assert_eq!([ask("GET", path, cut).status, ask("GET", path, "Basic eDp5").status], [401, 401]);
        assert_eq!(ask("GET", path, &shown).status, 200);
        network.run("vienna", &["token", "revoke", scope]);
        assert_eq!(ask("GET", path, &shown).status, 401, "{scope} was taken back");
    }
    let text = own.get("/metrics").text();
    for measure in ["cohub_up 1", "cohub_peers{state=\"connected\"} 4", "cohub_motions{state=\"adopted\"} 4"]
    {
        assert!(text.contains(measure), "{measure}:\n{text}");
    }
}

/// A refusal tells nothing of the network or the node.
fn says_nothing(network: &Network, answer: &Answer, what: &str) {
    let home = network.directory().display().to_string();
    for secret in ["Commons of Hubs", "did:key:", "rec1", "hub1", "net1", &home] {
        assert!(!answer.text().contains(secret), "{what}: tells {secret}");
    }
    carries_the_headers(answer, what);
}

pub(crate) fn carries_the_headers(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{what}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{what}");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{what}");
}

/// What the document does not list is not taken, from whomever.
fn no_other_method(own: &Door, listed: &[&str], path: &str) {
    let origin = format!("http://{}", own.host);
    let path_only = path.split('?').next().unwrap_or(path);
    for method in ["POST", "PUT", "PATCH", "DELETE"].into_iter().filter(|method| !listed.contains(method)) {
        let unsaid = own.ask(method, path_only, &[]);
        assert_eq!(unsaid.status, 403, "{method} {path} without an origin");
        let said = own.ask(method, path_only, &[("origin", &origin)]);
        assert_eq!(said.status, 405, "{method} {path}");
    }
}

fn a_code_opens_once(network: &Network, own: &Door) {
    let invitation = network.invitation("vienna");
    let path = invitation.split_once(&own.host).unwrap().1;
    let again = |path: &str| call(&own.host, "GET", path, &[("host", &own.host)], "");
    let first = again(path);
    assert_eq!(first.status, 303, "{}", first.text());
    let cookie = first.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let second = again(path);
    assert_eq!(second.status, 401);
    assert!(
        second.header("set-cookie").is_none() && second.text().contains("used already"),
        "{}",
        second.text()
    );
    assert_eq!(again("/enter?code=00").status, 401);
    assert_eq!(again("/enter").status, 401);
}
