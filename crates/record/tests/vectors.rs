//! The golden vectors of `tests/vectors` that concern encoding, records, keys, ids and attachments.
#![expect(clippy::expect_used, clippy::panic, reason = "a test may panic")]

use cohub_record::{
    Attachment, Field as _, Header, Id, PublicKey, Record, RecordError, Scope, SecretKey, Signature, Value,
    consent_message,
};
use serde_json::Value as Json;

fn read(name: &str) -> Json {
    let path = format!("{}/../../tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("the vectors are there"))
        .expect("they are JSON")
}

/// The cases of a list; a list without cases would test nothing.
fn list<'a>(file: &'a Json, name: &str) -> &'a Vec<Json> {
    let cases = file[name].as_array().expect(name);
    assert!(!cases.is_empty(), "{name}");
    cases
}

fn text<'a>(case: &'a Json, field: &str) -> &'a str {
    case[field].as_str().expect(field)
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

fn bytes<const N: usize>(case: &Json, field: &str) -> [u8; N] {
    unhex(text(case, field)).try_into().expect(field)
}

fn id(value: &Json) -> Option<Id> {
    value.as_str().map(|text| text.parse().expect("an id"))
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Array(items) => Value::Array(items.iter().map(value).collect()),
        Json::Object(fields) => match fields.iter().next().expect("a field") {
            (kind, content) if kind == "integer" => {
                Value::Integer(content.as_str().expect("text").parse().expect("an integer"))
            }
            (kind, content) if kind == "bytes" => Value::Bytes(unhex(content.as_str().expect("hex"))),
            (kind, content) if kind == "text" => Value::Text(content.as_str().expect("text").to_owned()),
            other => panic!("{other:?}"),
        },
        other => panic!("{other}"),
    }
}

#[test]
fn encodings() {
    for case in list(&read("encoding.json"), "cases") {
        let value = value(&case["value"]);
        assert_eq!(value.encode(), unhex(text(case, "hex")));
        assert_eq!(Value::decode(&unhex(text(case, "hex"))), Ok(value));
    }
    for case in list(&read("refused-encodings.json"), "cases") {
        assert!(Value::decode(&unhex(text(case, "hex"))).is_err(), "{}", text(case, "why"));
    }
}

#[test]
fn records() {
    for case in list(&read("records.json"), "cases") {
        let name = text(case, "name");
        let secret = SecretKey::from_seed(&bytes(case, "seed"));
        assert_eq!(secret.public().as_bytes(), &bytes(case, "author"), "{name}");
        let found = Record::verify(&unhex(text(case, "record_hex"))).expect(name);
        assert_eq!(Some(found.id()), id(&case["id"]), "{name}");
        assert_eq!(found.signature(), Signature::from_bytes(bytes(case, "signature")), "{name}");
        let header = found.header().clone();
        assert_eq!(header.encode(), unhex(text(case, "header_hex")), "{name}");
        assert_eq!(header.clone().sign(&secret).expect(name), found, "{name}");
        assert_eq!(secret.sign(&unhex(text(case, "signed_hex"))), found.signature(), "{name}");
        assert_header(&header, &case["header"], name);
    }
}

fn assert_header(header: &Header, fields: &Json, name: &str) {
    assert_eq!(header.network, id(&fields["network"]), "{name}");
    assert_eq!(header.prev, id(&fields["prev"]), "{name}");
    assert_eq!(Some(header.seq), fields["seq"].as_u64(), "{name}");
    assert_eq!(Some(header.at), fields["at"].as_u64(), "{name}");
    assert_eq!(header.kind, text(fields, "kind"), "{name}");
    assert_eq!(header.body, value(&fields["body"]), "{name}");
    let groups = fields["cites"].as_array().expect("cites").iter();
    let cites: Vec<Vec<Id>> =
        groups.map(|group| group.as_array().expect("a group").iter().filter_map(id).collect()).collect();
    assert_eq!(header.cites, cites, "{name}");
    let attachments = fields["attachments"].as_array().expect("attachments");
    assert_eq!(header.attachments.len(), attachments.len(), "{name}");
    for (found, expected) in header.attachments.iter().zip(attachments) {
        assert_eq!(found.hash.to_string(), text(expected, "hash"), "{name}");
        assert_eq!(Some(found.size_bytes), expected["size_bytes"].as_u64(), "{name}");
        assert_eq!(found.scope.as_str(), text(expected, "scope"), "{name}");
        assert_eq!(found.sealed_to.map(|key| key.to_string()).as_deref(), expected["sealed_to"].as_str());
    }
}

#[test]
fn refused_records() {
    for case in list(&read("records.json"), "refused") {
        let step = match Record::verify(&unhex(text(case, "record_hex"))).expect_err(text(case, "why")) {
            RecordError::Size(_) => "size",
            RecordError::Key(_) => "signature",
            RecordError::Encoding(_) => "encoding",
            RecordError::Version(_) => "version",
            RecordError::Header(_) => "header",
            other => panic!("{other}"),
        };
        assert_eq!(step, text(case, "step"), "{}", text(case, "why"));
    }
}

#[test]
fn consents() {
    for case in list(&read("records.json"), "consents") {
        let key = PublicKey::from_bytes(bytes(case, "key")).expect("a key");
        let controller = PublicKey::from_bytes(bytes(case, "controller")).expect("a key");
        let roles =
            list(case, "roles").iter().map(|role| Value::Text(role.as_str().expect("a role").to_owned()));
        let roles = Value::Array(roles.collect()).encode();
        let message = consent_message(id(&case["network"]).as_ref(), &controller, &key, &roles);
        assert_eq!(message, unhex(text(case, "message")));
        assert_eq!(key.verify(&message, &Signature::from_bytes(bytes(case, "consent"))), Ok(()));
    }
}

#[test]
fn signatures_at_the_edges() {
    for case in list(&read("ed25519.json"), "cases") {
        let key = PublicKey::from_bytes(bytes(case, "key"));
        assert_eq!(Some(key.is_ok()), case["key_accepted"].as_bool(), "{}", text(case, "name"));
        let signature = Signature::from_bytes(bytes(case, "signature"));
        let verified = key.and_then(|key| key.verify(&unhex(text(case, "message")), &signature));
        assert_eq!(Some(verified.is_ok()), case["accepted"].as_bool(), "{}", text(case, "name"));
    }
}

#[test]
fn written_ids_and_keys() {
    let file = read("ids.json");
    for case in list(&file, "ids") {
        let id = Id::from_bytes(bytes(case, "bytes"));
        let forms =
            [("record", id.to_record_text()), ("hub", id.to_hub_text()), ("network", id.to_network_text())];
        for (form, written) in forms {
            assert_eq!(written, text(case, form));
            assert_eq!(written.parse(), Ok(id));
        }
    }
    for case in list(&file, "refused_ids") {
        assert!(text(case, "text").parse::<Id>().is_err(), "{}", text(case, "why"));
    }
    for case in list(&file, "keys") {
        let key = PublicKey::from_bytes(bytes(case, "key")).expect("a key");
        assert_eq!(key.to_string(), text(case, "text"));
        assert_eq!(text(case, "text").parse(), Ok(key));
    }
    for case in list(&file, "refused_keys") {
        assert!(text(case, "text").parse::<PublicKey>().is_err(), "{}", text(case, "why"));
    }
}

#[test]
fn attachments() {
    let file = read("attachments.json");
    let length =
        |case: &Json, field: &str| usize::try_from(case[field].as_u64().expect(field)).expect("a length");
    let counting = |length| (0..=250).cycle().take(length).collect::<Vec<u8>>();
    for case in list(&file, "blake3") {
        let hash = blake3::hash(&counting(length(case, "length")));
        assert_eq!(hash.to_hex().as_str(), text(case, "blake3"));
    }
    for case in list(&file, "cases") {
        let attachment = Attachment {
            salt: bytes(case, "salt"),
            name: text(case, "name").parse().expect("a name"),
            media_type: text(case, "media_type").parse().expect("a media type"),
            content: counting(length(case, "content_length")),
        };
        let descriptor = attachment.descriptor(Scope::Members);
        assert_eq!(attachment.preamble(), unhex(text(case, "preamble")));
        assert_eq!(Some(descriptor.size_bytes), case["size_bytes"].as_u64());
        assert_eq!(descriptor.hash.to_string(), text(case, "hash"));
        assert_eq!(Some(descriptor.travels()), case["travels"].as_bool());
        assert_eq!(Attachment::decode(&descriptor, &attachment.encode()), Ok(attachment));
        assert_eq!(Value::decode(&descriptor.to_value().encode()), Ok(descriptor.to_value()));
    }
    for case in list(&file, "refused") {
        assert!(Attachment::split(&unhex(text(case, "hex"))).is_err(), "{}", text(case, "why"));
    }
}
