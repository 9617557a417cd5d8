//! Records: header, signed bytes, signature, id; bytes that are no record; and consents.

use cohub_record::{
    Descriptor, Hash, Header, Id, Record, RecordError, Scope, SecretKey, Value, consent_message, limits,
};
use cohub_registry::{Role, recovery_hash};
use serde_json::{Value as Json, json};

use super::encoding::value_json;
use super::network::secret;
use super::{Failure, VectorFile, hex};

pub(super) fn file() -> Result<VectorFile, Failure> {
    let cases = headers().into_iter().map(|(name, seed, header)| case(name, seed, header));
    Ok(VectorFile {
        name: "records.json",
        about: "Records (Protocol 1): header, signed bytes, signature, record and id; bytes that are no record; \
                consents and commitments (Protocol 4).",
        lists: vec![
            ("cases", cases.collect::<Result<_, _>>()?),
            ("refused", refused()?),
            ("consents", consents()),
            ("recoveries", recoveries()),
        ],
    })
}

fn ballot() -> Header {
    Header {
        network: Some(Id::from_bytes([1; 32])),
        seq: 0,
        prev: None,
        at: 1_764_000_000_000,
        kind: "ballot".to_owned(),
        cites: vec![vec![Id::from_bytes([2; 32])]],
        body: Value::Array(vec![Value::Text("yes".to_owned())]),
        attachments: Vec::new(),
    }
}

fn headers() -> Vec<(&'static str, [u8; 32], Header)> {
    let id = |byte| Id::from_bytes([byte; 32]);
    let descriptor = |scope, sealed_to| Descriptor {
        hash: Hash::from_bytes([9; 32]),
        size_bytes: 4_097,
        scope,
        sealed_to,
    };
    let sealed = descriptor(Scope::Sealed, Some(Hash::from_bytes([8; 32])));
    vec![
        ("a ballot", [9; 32], ballot()),
        ("another key", [10; 32], ballot()),
        ("a millisecond later", [9; 32], Header { at: ballot().at + 1, ..ballot() }),
        ("a later place", [9; 32], Header { seq: 300, prev: Some(id(3)), ..ballot() }),
        ("no network, as in a founding record", [0; 32], Header { network: None, cites: vec![], ..ballot() }),
        ("no cites and no body", [9; 32], Header { cites: vec![], body: Value::Array(vec![]), ..ballot() }),
        (
            "empty groups of cites",
            [9; 32],
            Header { cites: vec![vec![], vec![id(4), id(5)], vec![]], ..ballot() },
        ),
        (
            "as many groups as there may be",
            [9; 32],
            Header { cites: vec![vec![id(4)]; limits::CITE_GROUPS], ..ballot() },
        ),
        ("the longest kind", [9; 32], Header { kind: "k".repeat(limits::KIND_BYTES), ..ballot() }),
        (
            "attachments of each scope",
            [9; 32],
            Header {
                attachments: vec![descriptor(Scope::Public, None), descriptor(Scope::Members, None), sealed],
                ..ballot()
            },
        ),
        (
            "a body of every type",
            [0xff; 32],
            Header {
                body: Value::Array(vec![
                    Value::Integer(i64::MIN),
                    Value::Bytes(vec![0, 1, 2]),
                    Value::Text("São Paulo".to_owned()),
                    Value::Array(vec![Value::Array(vec![]), Value::Integer(9_007_199_254_740_991)]),
                ]),
                ..ballot()
            },
        ),
    ]
}

fn case(name: &str, seed: [u8; 32], header: Header) -> Result<Json, Failure> {
    let encoded = header.encode();
    let record = header.sign(&SecretKey::from_seed(&seed))?;
    let header = record.header();
    let id_hex = |id: &Id| hex(id.as_bytes());
    let attachments: Vec<Json> = header
        .attachments
        .iter()
        .map(|d| {
            json!({ "hash": d.hash.to_string(), "size_bytes": d.size_bytes, "scope": d.scope.as_str(),
                         "sealed_to": d.sealed_to.map(|key| key.to_string()) })
        })
        .collect();
    let cites: Vec<Vec<String>> =
        header.cites.iter().map(|group| group.iter().map(id_hex).collect()).collect();
    Ok(json!({
        "name": name,
        "seed": hex(&seed),
        "author": hex(record.author().as_bytes()),
        "header": {
            "network": header.network.as_ref().map(id_hex),
            "seq": header.seq,
            "prev": header.prev.as_ref().map(id_hex),
            "at": header.at,
            "kind": header.kind,
            "cites": cites,
            "body": value_json(&header.body),
            "attachments": attachments,
        },
        "header_hex": hex(&encoded),
        "signed_hex": hex(&signed_bytes(record.author().as_bytes(), &encoded)),
        "signature": hex(record.signature().as_bytes()),
        "record_hex": hex(record.bytes()),
        "id": id_hex(&record.id()),
    }))
}

fn signed_bytes(author: &[u8; 32], header: &[u8]) -> Vec<u8> {
    [b"cohub record v1\n".as_slice(), author, header].concat()
}

/// Signs any bytes as if they were a header.
fn signed(header: &[u8]) -> Vec<u8> {
    let secret = SecretKey::from_seed(&[9; 32]);
    let author = secret.public();
    let signature = secret.sign(&signed_bytes(author.as_bytes(), header));
    [author.as_bytes().as_slice(), signature.as_bytes(), header].concat()
}

/// Bytes that are refused, by the step that refuses them.
fn refused() -> Result<Vec<Json>, Failure> {
    let good = ballot().sign(&SecretKey::from_seed(&[9; 32]))?.bytes().to_vec();
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let id = |byte: u8| Value::Bytes(vec![byte; 32]);
    let fields = || match Value::decode(&ballot().encode()) {
        Ok(Value::Array(fields)) => fields,
        _ => Vec::new(),
    };
    let with = |place: usize, value: Value| {
        let mut fields = fields();
        fields[place] = value;
        signed(&Value::Array(fields).encode())
    };
    let descriptor = |fields: Vec<Value>| with(8, Value::Array(vec![Value::Array(fields)]));
    let word = |text: &str| Value::Text(text.to_owned());
    let many = |count| Value::Array(vec![id(4); count]);
    let mut weak = good.clone();
    weak[..32].fill(0);
    let ten = [fields(), vec![Value::Integer(0)]].concat();
    let table: Vec<(&str, &str, Vec<u8>)> = vec![
        ("size", "nothing", Vec::new()),
        ("size", "author and signature without a header", good[..96].to_vec()),
        ("signature", "a bit of the author", flipped(0)),
        ("signature", "a bit of the signature", flipped(40)),
        ("signature", "a bit of the signature's second half", flipped(70)),
        ("signature", "a bit of the header", flipped(100)),
        ("signature", "the last bit", flipped(good.len() - 1)),
        ("signature", "a byte after the end", [good.clone(), vec![0]].concat()),
        ("signature", "the last byte is missing", good[..good.len() - 1].to_vec()),
        ("signature", "a weak author", weak),
        ("encoding", "a byte after the end, signed", signed(&[ballot().encode(), vec![0]].concat())),
        (
            "encoding",
            "a version in two bytes, signed",
            signed(&[&[0x89, 0x18, 0x01], &ballot().encode()[2..]].concat()),
        ),
        (
            "encoding",
            "a flag in the body, signed",
            signed(&[&ballot().encode()[..ballot().encode().len() - 6], &[0x81, 0xf5, 0x80]].concat()),
        ),
        ("version", "version 2", with(0, Value::Integer(2))),
        ("header", "no array", signed(&[0x01])),
        ("header", "ten fields", signed(&Value::Array(ten).encode())),
        ("header", "a network of 31 bytes", with(1, Value::Bytes(vec![1; 31]))),
        ("header", "a network that is text", with(1, word("network"))),
        ("header", "a negative place", with(2, Value::Integer(-1))),
        ("header", "a predecessor at place 0", with(3, id(3))),
        ("header", "no predecessor at place 1", with(2, Value::Integer(1))),
        ("header", "a negative date", with(4, Value::Integer(-1))),
        ("header", "a kind without a name", with(5, word(""))),
        ("header", "a kind of 25 bytes", with(5, word(&"k".repeat(25)))),
        ("header", "cites that are no groups", with(6, Value::Array(vec![id(2)]))),
        ("header", "nine groups of cites", with(6, Value::Array(vec![Value::Array(vec![]); 9]))),
        ("header", "4,097 cites", with(6, Value::Array(vec![many(2_048), many(2_049)]))),
        ("header", "a body that is no array", with(7, Value::Integer(1))),
        ("header", "null inside the body", with(7, Value::Array(vec![Value::Array(vec![Value::Null])]))),
        (
            "header",
            "65 attachments",
            with(
                8,
                Value::Array(vec![
                    Value::Array(vec![
                        id(1),
                        Value::Integer(1),
                        word("public"),
                        Value::Array(vec![])
                    ]);
                    65
                ]),
            ),
        ),
        (
            "header",
            "a scope of nothing known",
            descriptor(vec![id(1), Value::Integer(1), word("secret"), Value::Array(vec![])]),
        ),
        (
            "header",
            "a descriptor of three fields",
            descriptor(vec![id(1), Value::Integer(1), word("public")]),
        ),
        ("header", "two recipients", descriptor(vec![id(1), Value::Integer(1), word("sealed"), many(2)])),
    ];
    table
        .into_iter()
        .map(|(step, why, bytes)| {
            let found = match Record::verify(&bytes) {
                Err(RecordError::Size(_)) => "size",
                Err(RecordError::Key(_)) => "signature",
                Err(RecordError::Encoding(_)) => "encoding",
                Err(RecordError::Version(_)) => "version",
                Err(RecordError::Header(_)) => "header",
                _ => "none",
            };
            if found != step {
                return Err(format!("{why}: refused by {found}, expected {step}").into());
            }
            Ok(json!({ "step": step, "why": why, "record_hex": hex(&bytes) }))
        })
        .collect()
}

fn consents() -> Vec<Json> {
    let controller = secret("vienna", "controller").public();
    let key = secret("vienna", "node");
    let network = Id::from_bytes([1; 32]);
    let table: [(Option<Id>, &[Role]); 4] = [
        (None, &[Role::Node]),
        (Some(network), &[Role::Node]),
        (Some(network), &[Role::Representative, Role::Panelist]),
        (Some(network), &[Role::Panelist, Role::Representative]),
    ];
    let case = |(network, roles): (Option<Id>, &[Role])| {
        let encoded = Value::Array(roles.iter().map(cohub_record::Field::to_value).collect()).encode();
        let message = consent_message(network.as_ref(), &controller, &key.public(), &encoded);
        json!({
            "network": network.map(|id| hex(id.as_bytes())),
            "controller": hex(controller.as_bytes()),
            "key": hex(key.public().as_bytes()),
            "roles": roles.iter().map(|role| role.as_str()).collect::<Vec<_>>(),
            "message": hex(&message),
            "consent": hex(key.sign(&message).as_bytes()),
        })
    };
    table.map(case).to_vec()
}

fn recoveries() -> Vec<Json> {
    let case = |hub| {
        let key = secret(hub, "recovery").public();
        json!({ "key": hex(key.as_bytes()), "recovery": recovery_hash(&key).to_string() })
    };
    ["vienna", "ankara"].map(case).to_vec()
}
