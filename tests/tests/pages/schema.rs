//! The OpenAPI document as its readers have it: its operations, real values for their parameters, and a
//! validator for as much of JSON Schema as it uses.

use serde_json::{Map, Value};

use crate::http::Door;

/// One operation of the document.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) method: String,
    /// With real values in the place of its parameters.
    pub(crate) path: String,
    pub(crate) described: Value,
}

/// Every operation, at an address of something that is there.
pub(crate) fn operations(door: &Door) -> (Value, Vec<Operation>) {
    let document = door.json("/api/v1/openapi.json");
    let registry = door.json("/api/v1/registry");
    let of = |list: &str, fits: &dyn Fn(&Value) -> bool| {
        let items = registry[list].as_array().unwrap();
        items.iter().find(|item| fits(item)).unwrap_or_else(|| panic!("no such {list}"))["id"].clone()
    };
    let any = |_: &Value| true;
    let application =
        registry["applications"].as_array().unwrap().iter().find(|one| one["documents"][0].is_object());
    let known = [
        ("hub", of("hubs", &|hub| hub["slug"] == "vienna")),
        ("application", of("applications", &any)),
        ("motion", of("motions", &|motion| motion["final"] == true)),
        ("document", application.expect("a dossier")["documents"][0]["id"].clone()),
        ("record", of("motions", &any)),
    ];
    let filled = |path: &str| {
        known.iter().fold(path.to_owned(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), value.as_str().unwrap())
        })
    };
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        let path = filled(path);
        assert!(!path.contains('{'), "{path}: the tests know no such parameter");
        let methods = methods.as_object().unwrap().clone();
        methods.into_iter().map(move |(method, described)| Operation {
            method: method.to_uppercase(),
            path: path.clone(),
            described,
        })
    });
    let operations: Vec<Operation> = operations.collect();
    (document, operations)
}

impl Operation {
    pub(crate) fn id(&self) -> &str {
        self.described["operationId"].as_str().unwrap()
    }

    /// The media type of its answer, and the schema of it.
    pub(crate) fn answer(&self) -> (&str, &Value) {
        let content = self.described["responses"]["200"]["content"].as_object().unwrap();
        let (media_type, described) = content.iter().next().unwrap();
        (media_type, described.get("schema").unwrap_or(&Value::Null))
    }
}

/// Why a value is not as a schema says; nothing where it is.
pub(crate) fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Some(rules) = schema.as_object() else { return Vec::new() };
    if let Some(reference) = rules.get("$ref").and_then(Value::as_str) {
        let found = document.pointer(reference.trim_start_matches('#'));
        return found.map_or_else(
            || vec![format!("{at}: {reference} leads nowhere")],
            |schema| faults(document, schema, value, at),
        );
    }
    if let Some(choices) = rules.get("anyOf").and_then(Value::as_array) {
        let fits = choices.iter().any(|choice| faults(document, choice, value, at).is_empty());
        return if fits { Vec::new() } else { vec![format!("{at}: {value} is none of {choices:?}")] };
    }
    let kind = rules.get("type").and_then(Value::as_str);
    let is = match kind {
        None => true,
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_u64(),
        Some("null") => value.is_null(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("the tests know no type {other}"),
    };
    if !is {
        return vec![format!("{at}: {value} is no {}", kind.unwrap_or_default())];
    }
    let items = value.as_array().into_iter().flatten().enumerate();
    let of_items = items.flat_map(|(place, item)| {
        rules
            .get("items")
            .map_or_else(Vec::new, |rule| faults(document, rule, item, &format!("{at}[{place}]")))
    });
    of_items.chain(of_fields(document, rules, value, at)).collect()
}

fn of_fields(document: &Value, rules: &Map<String, Value>, value: &Value, at: &str) -> Vec<String> {
    let required = rules.get("required").and_then(Value::as_array).into_iter().flatten();
    let missing = required.filter_map(Value::as_str).filter(|name| value.get(name).is_none());
    let missing: Vec<String> = missing.map(|name| format!("{at}: {name} is missing")).collect();
    let properties = rules.get("properties").and_then(Value::as_object).into_iter().flatten();
    let present = properties.filter_map(|(name, rule)| Some((name, rule, value.get(name)?)));
    let wrong =
        present.flat_map(|(name, rule, value)| faults(document, rule, value, &format!("{at}.{name}")));
    missing.into_iter().chain(wrong).collect()
}

#[test]
fn the_validator_finds_what_is_wrong() {
    let document = serde_json::json!({ "components": { "Name": { "type": "string" } } });
    let schema = serde_json::json!({
        "type": "object", "required": ["a", "b"],
        "properties": {
            "a": { "type": "array", "items": { "$ref": "#/components/Name" } },
            "b": { "anyOf": [{ "type": "integer" }, { "type": "null" }] },
        },
    });
    let table = [
        (serde_json::json!({ "a": ["x"], "b": null }), 0),
        (serde_json::json!({ "a": ["x", 1], "b": "y" }), 2),
        (serde_json::json!({ "a": {} }), 2),
        (serde_json::json!([]), 1),
    ];
    for (value, expected) in table {
        let found = faults(&document, &schema, &value, "value");
        assert_eq!(found.len(), expected, "{value}: {found:?}");
    }
}
