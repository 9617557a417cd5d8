//! The types of answers: a table that the OpenAPI document and the reference page are made of.

use serde_json::{Value, json};

/// A field: its name and its type.
pub(crate) type Field = (&'static str, Type);

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    /// A text.
    Text,
    /// A whole number from 0.
    Whole,
    /// A number with a fraction.
    Number,
    /// True or false.
    Yes,
    /// A list.
    List(&'static Type),
    /// One of [`SCHEMAS`].
    Of(&'static str),
    /// Or null.
    Opt(&'static Type),
    /// Whatever the protocol says of it.
    Any,
}

use Type::{Any, List, Number, Of, Opt, Text, Whole, Yes};

/// Every named type. Fields may be added; those that are here stay.
pub(crate) const SCHEMAS: &[(&str, &[Field])] = &[
    ("AsOf", &[("head", Opt(&Text)), ("records", Whole), ("missing", Whole)]),
    ("Problem", &[("type", Text), ("title", Text), ("status", Whole), ("detail", Text)]),
    (
        "Status",
        &[
            ("network", Opt(&Text)),
            ("network_name", Opt(&Text)),
            ("hub", Opt(&Text)),
            ("hub_status", Opt(&Text)),
            ("peer_id", Text),
            ("node", Text),
            ("addresses", List(&Text)),
            ("records", Whole),
            ("missing", Whole),
            ("head", Opt(&Text)),
            ("peers", List(&Of("Peer"))),
            ("synced", Yes),
            ("last_heard_ms", Opt(&Whole)),
            ("warnings", List(&Text)),
            ("version", Text),
            ("up_ms", Whole),
            ("clock_offset_ms", Opt(&Number)),
            ("counts", Of("Counts")),
        ],
    ),
    (
        "Counts",
        &[
            ("held", Whole),
            ("valid", Whole),
            ("void", Whole),
            ("malformed", Whole),
            ("gossiped", Whole),
            ("compared_same", Whole),
            ("compared_apart", Whole),
            ("gained", Whole),
            ("misbehaved", Whole),
        ],
    ),
    (
        "Peer",
        &[
            ("key", Text),
            ("hub", Opt(&Text)),
            ("connected", Yes),
            ("rtt_us", Opt(&Whole)),
            ("addresses", List(&Of("Address"))),
        ],
    ),
    ("Address", &[("address", Text), ("last_error", Opt(&Text))]),
    (
        "Hub",
        &[
            ("id", Opt(&Text)),
            ("slug", Text),
            ("name", Text),
            ("city", Text),
            ("country", Text),
            ("lat", Number),
            ("lon", Number),
            ("status", Text),
            ("since", Opt(&Whole)),
            ("controller", Opt(&Text)),
            ("sponsor", Opt(&Text)),
            ("keys", List(&Of("Key"))),
        ],
    ),
    ("Key", &[("key", Text), ("roles", List(&Text)), ("grant", Opt(&Text))]),
    (
        "Application",
        &[
            ("id", Text),
            ("hub", Opt(&Text)),
            ("stage", Opt(&Text)),
            ("status", Text),
            ("at", Whole),
            ("documents", List(&Of("Document"))),
            ("reviews", List(&Any)),
            ("interviews", List(&Any)),
            ("motions", List(&Text)),
            ("next", Opt(&Any)),
            ("signatures", Opt(&Any)),
        ],
    ),
    (
        "Document",
        &[
            ("id", Text),
            ("type", Text),
            ("hash", Text),
            ("size_bytes", Whole),
            ("scope", Text),
            ("readers", List(&Any)),
            ("supersedes", Opt(&Text)),
            ("current", Yes),
            ("at", Whole),
            ("erased", Opt(&Any)),
        ],
    ),
    (
        "Motion",
        &[
            ("id", Text),
            ("kind", Text),
            ("subject", Text),
            ("state", Text),
            ("final", Yes),
            ("rule", Text),
            ("deadline", Whole),
            ("at", Whole),
            ("mover", Text),
            ("mover_hub", Opt(&Text)),
            ("roll", List(&Of("Roll"))),
            ("tally", Of("Tally")),
            ("tellers", List(&Of("Teller"))),
            ("decided_at", Opt(&Whole)),
        ],
    ),
    (
        "Roll",
        &[
            ("seat", Text),
            ("choice", Opt(&Text)),
            ("at", Opt(&Whole)),
            ("record", Opt(&Text)),
            ("superseded", List(&Text)),
        ],
    ),
    (
        "Tally",
        &[
            ("yes", Whole),
            ("no", Whole),
            ("abstain", Whole),
            ("recuse", Whole),
            ("block", Whole),
            ("quorum", Of("Need")),
            ("approval", Of("Need")),
            ("words", Text),
        ],
    ),
    ("Need", &[("need", Whole), ("have", Whole)]),
    (
        "Teller",
        &[
            ("seat", Text),
            ("key", Text),
            ("closed", Opt(&Text)),
            ("returned", Opt(&Text)),
            ("refused", Opt(&Text)),
        ],
    ),
    (
        "Committee",
        &[
            ("term", Whole),
            ("seats", List(&Of("Seat"))),
            ("tellers", List(&Text)),
            ("quorum", Whole),
            ("tolerated", Whole),
        ],
    ),
    ("Seat", &[("hub", Opt(&Text)), ("slug", Text), ("voting", Text), ("teller", Text)]),
    ("Charter", &[("version", Whole), ("record", Text), ("text", Any)]),
    (
        "Evidence",
        &[("kind", Text), ("author", Text), ("hub", Opt(&Text)), ("seq", Whole), ("records", List(&Text))],
    ),
    (
        "Dispute",
        &[
            ("kind", Text),
            ("slot", Text),
            ("subject", Text),
            ("base", Opt(&Text)),
            ("certificates", List(&Any)),
            ("stands", Opt(&Text)),
            ("tellers", List(&Any)),
        ],
    ),
    (
        "RecordLine",
        &[
            ("id", Text),
            ("author", Text),
            ("hub", Opt(&Text)),
            ("seq", Whole),
            ("at", Whole),
            ("kind", Text),
            ("verdict", Text),
        ],
    ),
    (
        "Record",
        &[
            ("id", Text),
            ("author", Text),
            ("hub", Opt(&Text)),
            ("seq", Whole),
            ("at", Whole),
            ("kind", Text),
            ("verdict", Text),
            ("prev", Opt(&Text)),
            ("cites", List(&List(&Text))),
            ("body", Any),
            ("attachments", List(&Any)),
            ("cited_by", List(&Text)),
            ("raw", Text),
        ],
    ),
    (
        "Draft",
        &[
            ("kind", Text),
            ("seq", Whole),
            ("summary", List(&Text)),
            ("cites", List(&List(&Text))),
            ("header", Text),
        ],
    ),
    (
        "Due",
        &[
            ("who", Text),
            ("kind", Text),
            ("subject", Text),
            ("id", Text),
            ("by", Opt(&Whole)),
            ("command", Text),
            ("waits", Opt(&Text)),
        ],
    ),
    (
        "Waiting",
        &[("who", Text), ("subject", Text), ("id", Text), ("by", Opt(&Whole)), ("waits_for", List(&Text))],
    ),
];

/// A type as JSON Schema.
pub(crate) fn of(kind: Type) -> Value {
    match kind {
        Text => json!({ "type": "string" }),
        Whole => json!({ "type": "integer", "minimum": 0 }),
        Number => json!({ "type": "number" }),
        Yes => json!({ "type": "boolean" }),
        List(item) => json!({ "type": "array", "items": of(*item) }),
        Of(name) => json!({ "$ref": format!("#/components/schemas/{name}") }),
        Opt(kind) => json!({ "anyOf": [of(*kind), { "type": "null" }] }),
        Any => json!({}),
    }
}

/// Fields as JSON Schema: all are there, and more may be.
pub(crate) fn object(fields: &[Field]) -> Value {
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|(name, kind)| ((*name).to_owned(), of(*kind))).collect();
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}
