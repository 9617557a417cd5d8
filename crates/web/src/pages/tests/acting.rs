//! What the pages show to somebody who acts: forms, reviews of what is signed, first steps, records, peers.

use cohub_node::api::{Drafted, Invited, RecordLine, RecordView, Status};
use cohub_node::identity::OwnHub;
use cohub_record::{Hash, Id, Invite, List, SecretKey};
use cohub_registry::{Intent, Profile, Role};
use maud::html;

use super::super::{applications, begin, invite, peers, records};
use super::*;
use crate::api::records::Page;
use crate::signing::tests::key;
use crate::signing::{self, Enclosed, Wanted};
use crate::snapshot::Due;

/// A hub of the home whose controller the registry knows as that of `hub-{at}`.
fn own(whole: &mut Value, at: usize) -> Own {
    let controller = key("Ω", &[], true);
    whole["hubs"][at]["controller"] = controller.key.to_string().into();
    let profile = Profile {
        name: "Ω".parse().unwrap(),
        slug: format!("hub-{at}").parse().unwrap(),
        city: "Ω".parse().unwrap(),
        country: "AT".parse().unwrap(),
        lat: 0,
        lon: 0,
    };
    let hub = OwnHub { profile, controller: controller.key, recovery: Hash::from_bytes([1; 32]) };
    let both = [Role::Representative, Role::Panelist];
    Own {
        hub: Some(hub),
        controller: Some(controller),
        keys: vec![key("Ω", &both, true), key("Ω", &both, true)],
    }
}

/// A node with three peers: one it hears, one of which it knows the hub, and one that it does not reach.
pub(super) fn status() -> Status {
    let node = SecretKey::from_seed(&[7; 32]).public();
    let peer = |hub: Value, connected: bool, error: Value| {
        json!({ "key": node, "hub": hub, "connected": connected, "rtt_us": 4_200,
            "addresses": [{ "address": "/ip4/127.0.0.1/tcp/1", "last_error": error }] })
    };
    let peers = [
        peer(Value::Null, true, Value::Null),
        peer("hub-1".into(), true, Value::Null),
        peer("hub-2".into(), false, "Ω".into()),
    ];
    serde_json::from_value(json!({
        "network": "net1x", "network_name": "Ω", "hub": "hub-0", "hub_status": "co-owner", "peer_id": "Ω", "node": node,
        "addresses": ["/ip4/127.0.0.1/tcp/1"], "records": 9, "missing": 2, "head": "7f3c", "peers": peers, "synced": false,
        "last_heard_ms": 3_000, "warnings": ["Ω"], "version": "Ω", "up_ms": 90_000, "clock_offset_ms": 0,
        "counts": cohub_node::api::Counts::default(),
    }))
    .unwrap()
}

fn line(kind: &str, verdict: &str) -> RecordLine {
    let author = SecretKey::from_seed(&[7; 32]).public();
    let hub = Some("hub-1".to_owned());
    RecordLine {
        id: Id::from_bytes([5; 32]),
        author,
        hub,
        seq: 3,
        at: NOW,
        kind: kind.into(),
        verdict: verdict.into(),
    }
}

/// Every page that somebody gets who acts, by what it is for.
async fn pages() -> Vec<(&'static str, Drawn, Snapshot)> {
    let mut pages = Vec::new();
    for about in ["applicant", "seat", "signer", "newcomer"] {
        let mut whole = whole(3, 2, 4, "Ω");
        let own = match about {
            "applicant" | "newcomer" => own(&mut whole, 1),
            _ => own(&mut whole, 0),
        };
        let voting = own.keys[0].key.to_string();
        whole["committee"]["seats"][0]["voting"] = voting.clone().into();
        whole["panels"][0]["members"][0]["key"] = voting.into();
        whole["motions"][0]["state"] = "open".into();
        whole["motions"][0]["final"] = false.into();
        whole["charter"]["text"]["timing"] =
            json!({ "notice_ms": 1_000, "grace_ms": 1, "maximum_ms": 3 * DAY });
        if about == "seat" {
            whole["applications"][1]["next"]["missing"] = json!([]);
            for motion in whole["motions"].as_array_mut().unwrap() {
                motion["state"] = "adopted".into();
            }
        }
        if about == "signer" {
            whole["applications"][1]["id"] = Id::from_bytes([6; 32]).to_string().into();
        }
        if about == "newcomer" {
            whole["applications"] = json!([]);
            whole["hubs"][1]["status"] = "prospect".into();
            whole["hubs"][2]["status"] = "invited".into();
            whole["hubs"][2]["slug"] = "hub-1".into();
        }
        let drawn = Drawn::over(whole).await;
        let due = json!({ "who": "Ω", "kind": "signature", "subject": "Ω", "id": Id::from_bytes([6; 32]), "by": null, "command": "Ω" });
        let due = if about == "signer" {
            let item: cohub_node::api::AgendaItem = serde_json::from_value(due).unwrap();
            vec![Due { who: "Ω".to_owned(), item }]
        } else {
            Vec::new()
        };
        let snapshot = Snapshot {
            picture: Some(Arc::clone(&drawn.picture)),
            down: None,
            status: Some(status()),
            due: Arc::new(due),
            ..Snapshot::empty(own)
        };
        pages.push((about, drawn, snapshot));
    }
    pages
}

/// The bodies of pages for one who acts.
fn bodies(about: &str, scene: &mut Scene) -> Vec<(String, String)> {
    let standing = || confirm::Standing {
        record: Some("rec1x".to_owned()),
        counted: false,
        held: Some(cohub_node::api::Held { peers_holding: 0, peers_connected: 0 }),
        view: Some(record("ballot", "Ω")),
    };
    let drawn = |name: &str, shown: Result<Shown, Problem>| {
        let shown = shown.unwrap_or_else(|problem| panic!("{about} {name}: {problem:?}"));
        let page = frame::framed(&scene.snapshot, scene.view(), &shown).into_string();
        (format!("{name} for the {about}"), page)
    };
    let mut all = vec![
        drawn("applications", applications::page(scene)),
        drawn("first steps", begin::shown(scene)),
        drawn("peers", peers::page(scene)),
        drawn("invite", Ok(invite::shown(&invite::form(scene)))),
    ];
    let invited = Invited { invite: "Ω".to_owned(), expires_at: NOW };
    all.push(drawn("an invite", Ok(invite::shown(&invite::invite(scene, &invited)))));
    let page = |body| Ok(Shown { place: "/records", title: "Ω".to_owned(), body });
    let lines = ["valid", "pending", "Ω"].map(|verdict| line("ballot", verdict)).to_vec();
    let list = Page { records: lines, next: Some("Ω".to_owned()) };
    all.push(drawn("records", page(records::list_body(scene, &list))));
    all.push(drawn("a record", page(records::one_body(scene.view(), &record("grant", "valid")))));
    all.push(("no network yet".to_owned(), {
        let nothing = Snapshot { picture: None, ..(*scene.snapshot).clone() };
        frame::before_a_network(&nothing, about == "seat").into_string()
    }));
    all.push(("login".to_owned(), frame::login_page(true).into_string()));
    if about != "newcomer" {
        scene.name = scene.picture.whole["applications"][1]["id"].as_str().unwrap().to_owned();
        let mut shown = dossier::page(scene, &standing()).unwrap();
        shown.title = "Ω".to_owned();
        all.push((
            format!("dossier for the {about}"),
            frame::framed(&scene.snapshot, scene.view(), &shown).into_string(),
        ));
        scene.name = format!("rec1m{:058}", 0);
        let shown = motion::page(scene, &standing(), None).unwrap();
        all.push((
            format!("motion for the {about}"),
            frame::framed(&scene.snapshot, scene.view(), &shown).into_string(),
        ));
    }
    all
}

fn record(kind: &str, verdict: &str) -> RecordView {
    RecordView {
        line: line(kind, verdict),
        prev: Some(Id::from_bytes([4; 32])),
        cites: Vec::new(),
        body: json!({ "Ω": "Ω" }),
        attachments: vec![json!({ "Ω": "Ω" })],
        cited_by: Vec::new(),
        raw: "00".to_owned(),
    }
}

/// The pages that ask for a signature.
fn reviews() -> Vec<(String, String)> {
    let draft = Drafted {
        network: Id::from_bytes([1; 32]),
        seq: 3,
        prev: Some(Id::from_bytes([4; 32])),
        kind: "ballot".to_owned(),
        cites: vec![vec![Id::from_bytes([4; 32])]],
        body: "00".to_owned(),
        summary: vec!["Ω".to_owned()],
    };
    let shown = signing::Shown { drafted: draft, name: "00".to_owned() };
    let texts = Enclosed::text("reason.txt", "Ω").unwrap();
    let file =
        Enclosed::file("/".into(), "Ω", "Ω", (9, Hash::from_bytes([1; 32])), cohub_record::Scope::Public);
    let mut pages = Vec::new();
    for enclosed in [Vec::new(), texts.into_iter().collect(), vec![file.unwrap()]] {
        for note in [confirm::Note::Nothing, confirm::Note::Passphrase, confirm::Note::Changed] {
            let intent = Intent::SignAdmission { application: Id::from_bytes([1; 32]) };
            let wanted = Wanted { intent, key: key("Ω", &[], true), enclosed: enclosed.clone() };
            let about = html! { bdi { "Ω" } };
            let back = ("/".to_owned(), about.clone());
            let deed = confirm::Deed { wanted, place: "/", back, about, to: "/".to_owned() };
            let page = confirm::review(&deed, &confirm::Fields::new(), &shown, &note);
            pages.push(("a review".to_owned(), frame::document(&page.title, &page.body).into_string()));
        }
    }
    let invite = Invite {
        network: Id::from_bytes([1; 32]),
        node: SecretKey::from_seed(&[2; 32]).public(),
        addresses: List::new(vec!["/ip4/127.0.0.1/tcp/1".parse().unwrap()]).unwrap(),
        secret: Id::from_bytes([3; 32]),
        expires_at: NOW,
    };
    let hub = own(&mut whole(2, 0, 0, "Ω"), 0).hub.unwrap();
    pages.push(("joining".to_owned(), begin::confirm(&hub, "Ω", &invite, true).into_string()));
    pages
}

#[tokio::test]
async fn forms_and_reviews_say_nothing_but_messages() {
    let reader = Reader::speaking(unheard_of(false));
    let pages = reader.clone().answered(pages()).await;
    let mut seen = String::new();
    for (about, drawn, snapshot) in pages {
        let mut scene = drawn.scene("");
        scene.snapshot = Arc::new(snapshot);
        for (name, page) in reader.made(|| bodies(about, &mut scene)) {
            assert_own(&name, &page);
            seen.push_str(&page);
        }
    }
    for (name, page) in reader.made(reviews) {
        assert_own(&name, &page);
    }
    for form in [
        "id=\"hand-in\"",
        "id=\"review\"",
        "id=\"interview\"",
        "id=\"advance\"",
        "id=\"apply\"",
        "id=\"admission\"",
        "id=\"reason\"",
    ] {
        assert!(seen.contains(form), "nobody saw {form}");
    }
}

fn assert_own(name: &str, page: &str) {
    let own = own_words(page);
    let literal: String = own.chars().filter(char::is_ascii_alphabetic).collect();
    assert_eq!(literal, "", "{name} has words that are no message: {own}");
}
