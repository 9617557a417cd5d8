//! `cohub registry diff`: what changed between two times.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::past::{Then, read};
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, DIM, GREEN, RED, counted, styled};
use crate::table::{Cell, Table};

/// One thing that is other at another time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Change {
    /// `hub`, `application`, `motion`, `committee`, `charter`, `manifesto`, `panel`, `report` or `evidence`.
    what: &'static str,
    /// Its name.
    name: String,
    /// What of it; absent where it is there at one time only.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// Before; null where it was not there.
    before: Value,
    /// After; null where it is there no more.
    after: Value,
}

/// What changed between two times.
pub(crate) async fn diff(context: &Context, from: &str, to: Option<&str>) -> Result<Answer, Error> {
    let (from, to) = (read(context, Some(from)).await?, read(context, to).await?);
    let changes = changes(&from.registry.whole, &to.registry.whole);
    let side = |then: &Then| {
        json!({
            "as_of": then.registry.whole.get("as_of"),
            "head": then.registry.part.head,
            "words": then.words,
        })
    };
    let fields = json!({ "from": side(&from), "to": side(&to), "changes": changes });
    let mut table = Table::new(&["", "WHAT", "NAME", "BEFORE", "AFTER"]);
    for change in &changes {
        let (sign, style) = match (&change.before, &change.after) {
            (Value::Null, _) => ("+", GREEN),
            (_, Value::Null) => ("-", RED),
            _ => ("~", BOLD),
        };
        let what =
            change.field.map_or_else(|| change.what.to_owned(), |field| format!("{} {field}", change.what));
        table.row([
            Cell::styled(style, sign),
            what.into(),
            (&change.name).into(),
            shown(&change.before).into(),
            shown(&change.after).into(),
        ]);
    }
    let same = from.registry.part.head == to.registry.part.head;
    let heads = if same { "the heads are equal" } else { "the heads differ" };
    let summary = format!("{}: {} to {}; {heads}", counted(changes.len(), "change"), from.words, to.words);
    let text = format!("{}{}", table.or("Nothing that is listed here changed."), styled(DIM, summary));
    Answer::new("registry.diff", &fields, text)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A list of the registry, what names an item of it, and the fields that are compared.
struct List {
    what: &'static str,
    list: &'static str,
    names: &'static [&'static str],
    shows: &'static str,
    fields: &'static [&'static str],
}

const LISTS: [List; 7] = [
    List {
        what: "hub",
        list: "hubs",
        names: &["slug", "id"],
        shows: "status",
        fields: &["status", "name", "city", "country", "controller", "sponsor"],
    },
    List {
        what: "application",
        list: "applications",
        names: &["id"],
        shows: "status",
        fields: &["stage", "status"],
    },
    List { what: "motion", list: "motions", names: &["id"], shows: "question", fields: &["state"] },
    List {
        what: "panel",
        list: "panels",
        names: &["panel"],
        shows: "members",
        fields: &["members", "until"],
    },
    List {
        what: "report",
        list: "reports",
        names: &["hub", "year"],
        shows: "members",
        fields: &["members", "events", "ventures", "jobs", "name", "city"],
    },
    List {
        what: "evidence",
        list: "evidence",
        names: &["author", "seq"],
        shows: "records",
        fields: &["records"],
    },
    List {
        what: "dispute",
        list: "disputes",
        names: &["slot", "subject"],
        shows: "stands",
        fields: &["certificates", "stands"],
    },
];

/// What there is one of, and the fields that are compared.
const SINGLE: [(&str, &str, &[&str]); 3] = [
    ("committee", "committee", &["term", "seats"]),
    ("charter", "charter", &["version"]),
    ("manifesto", "manifesto", &["version", "signed"]),
];

fn changes(from: &Value, to: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let slugs = slugs([from, to]);
    for list in &LISTS {
        let (before, after) = (items(from, list), items(to, list));
        let keys: BTreeSet<&Vec<String>> = before.keys().chain(after.keys()).collect();
        for key in keys {
            let name = name(key, &slugs);
            let change = |field, before: &Value, after: &Value| Change {
                what: list.what,
                name: name.clone(),
                field,
                before: before.clone(),
                after: after.clone(),
            };
            match (before.get(key), after.get(key)) {
                (Some(one), Some(other)) => changes.extend(
                    list.fields
                        .iter()
                        .filter(|field| one.get(**field) != other.get(**field))
                        .map(|field| change(Some(*field), &field_of(one, field), &field_of(other, field))),
                ),
                (Some(one), None) => changes.push(change(None, &field_of(one, list.shows), &Value::Null)),
                (None, Some(other)) => changes.push(change(None, &Value::Null, &field_of(other, list.shows))),
                (None, None) => {}
            }
        }
    }
    for (what, place, fields) in SINGLE {
        let part =
            |whole: &Value, field: &str| whole.get(place).map(|one| field_of(one, field)).unwrap_or_default();
        let differing = fields.iter().filter(|field| part(from, field) != part(to, field));
        changes.extend(differing.map(|field| Change {
            what,
            name: String::new(),
            field: Some(*field),
            before: part(from, field),
            after: part(to, field),
        }));
    }
    changes
}

/// A field for people and scripts: of seats and panelists what names them.
fn field_of(item: &Value, field: &str) -> Value {
    let value = item.get(field).cloned().unwrap_or_default();
    let Value::Array(items) = value else { return value };
    let name = |one: &Value| match one {
        Value::Object(fields) => {
            fields.get("slug").or_else(|| fields.get("hub")).or_else(|| fields.get("key")).map(shown)
        }
        other => Some(shown(other)),
    };
    Value::String(items.iter().filter_map(name).collect::<Vec<_>>().join(", "))
}

/// The items of a list by what tells them apart.
fn items<'a>(whole: &'a Value, list: &List) -> BTreeMap<Vec<String>, &'a Value> {
    let items = whole.get(list.list).and_then(Value::as_array).into_iter().flatten();
    let key = |item: &Value| {
        let names = list.names.iter().filter_map(|name| item.get(*name)).filter(|name| !name.is_null());
        names.map(shown).collect()
    };
    items.map(|item| (key(item), item)).collect()
}

/// Slugs by the ids of hubs.
fn slugs<const N: usize>(registries: [&Value; N]) -> BTreeMap<String, String> {
    let hubs = registries.into_iter().filter_map(|whole| whole.get("hubs")?.as_array()).flatten();
    let named = hubs.filter_map(|hub| Some((hub.get("id")?.as_str()?, hub.get("slug")?.as_str()?)));
    named.map(|(id, slug)| (id.to_owned(), slug.to_owned())).collect()
}

/// What an item is called: hubs by their slugs, each said once.
fn name(key: &[String], slugs: &BTreeMap<String, String>) -> String {
    let mut words: Vec<&str> = key.iter().map(|part| slugs.get(part).unwrap_or(part).as_str()).collect();
    words.dedup();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changed_is_named_once() {
        let from = json!({
            "hubs": [{ "slug": "a", "id": "1", "status": "co-owner", "name": "A" }, { "slug": "b", "status": "x" }],
            "motions": [{ "id": "m", "state": "undecided", "question": "Shall we?" }],
            "committee": { "term": 1, "seats": [{ "slug": "a" }, { "slug": "b" }] },
            "charter": { "version": 1 },
            "reports": [{ "hub": "1", "year": 2025, "members": 3 }],
        });
        let to = json!({
            "hubs": [{ "slug": "a", "id": "1", "status": "suspended", "name": "A" }],
            "motions": [
                { "id": "m", "state": "adopted", "question": "Shall we?" },
                { "id": "n", "state": "undecided", "question": "And now?" },
            ],
            "committee": { "term": 2, "seats": [{ "slug": "b" }, { "slug": "c" }] },
            "charter": { "version": 1 },
        });
        let told: Vec<String> = changes(&from, &to)
            .into_iter()
            .map(|change| {
                let field = change.field.unwrap_or_default();
                format!(
                    "{} {} {field}: {} > {}",
                    change.what,
                    change.name,
                    shown(&change.before),
                    shown(&change.after)
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "hub a status: co-owner > suspended",
                "hub b : x > ",
                "motion m state: undecided > adopted",
                "motion n :  > And now?",
                "report a 2025 : 3 > ",
                "committee  term: 1 > 2",
                "committee  seats: a, b > b, c",
            ]
        );
        assert_eq!(changes(&to, &to), []);
    }
}
