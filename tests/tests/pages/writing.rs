//! A program writes over the API in two steps: a draft, and what its author signed of it elsewhere.

use cohub_node::Home;
use cohub_node::keystore::{Keystore, Passphrase};
use cohub_record::Header;
use serde_json::json;

use crate::http::Door;
use crate::network::Network;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
    digits.collect()
}

pub(crate) fn a_record_is_drafted_here_and_signed_elsewhere(network: &Network, door: &Door) {
    let words = ["motion", "open", "resolve", "--text", "We share a calendar.", "--deadline", "9 minutes"];
    let motion = network.run("vienna", &words)["record"].as_str().unwrap().to_owned();
    let keystore = Keystore::open(&Home::at(&network.home("vienna")).unwrap());
    let passphrase = Passphrase::new(&network.words_that_open("vienna"));
    let secret = keystore.unlock("representative", &passphrase).unwrap();
    let author = secret.public();
    let post =
        |path: &str, body: &serde_json::Value| door.send("POST", path, "application/json", &body.to_string());

    let intent = json!({ "intent": "ballot", "motion": motion, "choice": "abstain" });
    let wish = json!({ "author": author, "intent": intent });
    let answer = post("/api/v1/drafts", &wish);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let draft = answer.json()["draft"].clone();
    assert_eq!(draft["kind"], "ballot");
    assert!(draft["summary"].to_string().contains("calendar"), "{draft}");
    let header = Header::decode(&bytes(draft["header"].as_str().unwrap())).unwrap();
    let record = header.sign(&secret).unwrap();

    let mut forged = record.bytes().to_vec();
    forged[40] ^= 1;
    for (body, status) in [
        (json!({ "record": hex(&forged), "attachments": [] }), 422),
        (json!({ "record": "zz", "attachments": [] }), 400),
        (json!({ "attachments": [] }), 400),
        (json!([]), 400),
    ] {
        let refused = post("/api/v1/records", &body);
        assert_eq!(refused.status, status, "{body}: {}", refused.text());
    }
    let signed = json!({ "record": hex(record.bytes()), "attachments": [] });
    // The second time changes nothing and answers the same.
    for _ in 0..2 {
        let handed_in = post("/api/v1/records", &signed);
        assert_eq!(handed_in.status, 200, "{}", handed_in.text());
        assert_eq!(handed_in.json()["record"], record.id().to_string());
    }
    let stored = door.json(&format!("/api/v1/records/{}", record.id()));
    assert_eq!(stored["record"]["raw"], hex(record.bytes()));

    // A form of another page cannot say that it sends JSON.
    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        assert_eq!(door.send("POST", "/api/v1/drafts", kind, &wish.to_string()).status, 415, "{kind}");
    }
    // A key that does not stand on the roll, and one that does not exist here.
    let stranger = cohub_record::SecretKey::from_seed(&[9; 32]).public();
    let refused = post("/api/v1/drafts", &json!({ "author": stranger, "intent": wish["intent"] }));
    assert!([403, 404, 409].contains(&refused.status), "{}: {}", refused.status, refused.text());
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
}
