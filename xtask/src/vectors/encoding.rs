//! Values and their one encoding, and bytes that are no encoding at all.

use cohub_record::{Value, limits};
use serde_json::{Value as Json, json};

use super::{VectorFile, hex};

/// A value as JSON: an array for an array, else the type and the content.
pub(super) fn value_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Integer(integer) => json!({ "integer": integer.to_string() }),
        Value::Bytes(bytes) => json!({ "bytes": hex(bytes) }),
        Value::Text(text) => json!({ "text": text }),
        Value::Array(items) => items.iter().map(value_json).collect(),
    }
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(Value::Integer(0), |inner, _| Value::Array(vec![inner]))
}

pub(super) fn values() -> VectorFile {
    let lengths = [0, 1, 23, 24, 255, 256, 65_535, 65_536];
    let around = |edge: i64| [edge - 1, edge, edge + 1];
    let edges = [0, 24, 1 << 8, 1 << 16, 1 << 32].map(around).into_iter().flatten();
    let negative = [-24, -25, -256, -257, -65_536, -65_537, -(1 << 32), -(1 << 32) - 1, i64::MIN];
    let texts = ["", "a", "São Paulo", "İstanbul", "line\nfeed", "\u{1f331}", "e\u{301}", "\u{0}"];
    let mut values = vec![Value::Null];
    values.extend(edges.chain(negative).chain([i64::MAX]).map(Value::Integer));
    values.extend(texts.map(|text| Value::Text(text.to_owned())));
    values.extend(lengths.into_iter().take(6).map(|length| Value::Bytes(vec![0xa5; length])));
    values.extend(lengths.into_iter().take(6).map(|length| Value::Text("x".repeat(length))));
    values.extend(lengths.into_iter().take(6).map(|length| Value::Array(vec![Value::Integer(7); length])));
    values.push(nested(limits::DEPTH));
    values.push(Value::Array(vec![
        Value::Text("yes".to_owned()),
        Value::Array(vec![Value::Null, Value::Bytes(vec![0, 255])]),
        Value::Integer(-1),
    ]));
    let case = |value: &Value| json!({ "value": value_json(value), "hex": hex(&value.encode()) });
    VectorFile {
        name: "encoding.json",
        about: "Values and their one encoding (Protocol 1.2): decoding `hex` gives `value`, encoding it gives `hex`.",
        lists: vec![("cases", values.iter().map(case).collect())],
    }
}

pub(super) fn refused() -> VectorFile {
    let deep = nested(limits::DEPTH + 1).encode();
    let cases: [(&[u8], &str); 45] = [
        (&[], "nothing"),
        (&[0x18], "an integer without its byte"),
        (&[0x18, 0x17], "23 in two bytes"),
        (&[0x38, 0x17], "-24 in two bytes"),
        (&[0x19, 0x00, 0xff], "255 in three bytes"),
        (&[0x39, 0x00, 0xff], "-256 in three bytes"),
        (&[0x1a, 0x00, 0x00, 0xff, 0xff], "65535 in five bytes"),
        (&[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], "2^32 - 1 in nine bytes"),
        (&[0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0], "2^63, beyond 64 bits with sign"),
        (&[0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0], "-2^63 - 1, beyond 64 bits with sign"),
        (&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "2^64 - 1"),
        (&[0x1c], "an integer of a reserved width"),
        (&[0x1f], "an integer of no width"),
        (&[0x41], "bytes that end too early"),
        (&[0x58, 0x01, 0x00], "a length of bytes in two bytes"),
        (&[0x59, 0x00, 0x01, 0x00], "a length of bytes in three bytes"),
        (&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], "bytes without end"),
        (&[0x5f, 0x41, 0x00, 0xff], "bytes of indefinite length"),
        (&[0x61], "text that ends too early"),
        (&[0x78, 0x01, 0x61], "a length of text in two bytes"),
        (&[0x7f, 0x61, 0x61, 0xff], "text of indefinite length"),
        (&[0x61, 0xff], "text that is not UTF-8"),
        (&[0x63, 0xed, 0xa0, 0x80], "text with half of a surrogate pair"),
        (&[0x62, 0xc0, 0x80], "text with an overlong zero"),
        (&[0x62, 0xc3], "text that ends inside a letter"),
        (&[0x80, 0x00], "a byte after the end"),
        (&[0x01, 0x01], "two values"),
        (&[0x82, 0x01], "a missing element"),
        (&[0x98, 0x01, 0x01], "a length of an array in two bytes"),
        (&[0x9a, 0xff, 0xff, 0xff, 0xff], "an array without end"),
        (&[0x9f, 0x01, 0xff], "an array of indefinite length"),
        (&[0xa0], "an empty map"),
        (&[0xa1, 0x61, 0x61, 0x01], "a map"),
        (&[0xbf, 0xff], "a map of indefinite length"),
        (&[0xc0, 0x61, 0x61], "a tag"),
        (&[0xd8, 0x2a, 0x41, 0x00], "a link"),
        (&[0xf4], "false"),
        (&[0xf5], "true"),
        (&[0xf7], "undefined"),
        (&[0xf8, 0x16], "null in two bytes"),
        (&[0xf9, 0x3c, 0x00], "a half float"),
        (&[0xfa, 0x3f, 0x80, 0x00, 0x00], "a single float"),
        (&[0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], "a float"),
        (&[0xff], "a break"),
        (&deep, "arrays one deeper than the limit"),
    ];
    let case = |(bytes, why): &(&[u8], &str)| json!({ "hex": hex(bytes), "why": why });
    VectorFile {
        name: "refused-encodings.json",
        about: "Bytes that are the encoding of no value (Protocol 1.2), and why.",
        lists: vec![("cases", cases.iter().map(case).collect())],
    }
}
