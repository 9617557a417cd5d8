//! The OpenAPI 3.1 document, made of the table of operations.

use serde_json::{Map, Value, json};

use super::problem::TYPES;
use super::schema::{self, SCHEMAS, Type};
use super::{Answers, Kind, LONGEST_PAGE, OPERATIONS, Operation, Parameter, Place};

/// The document: of all operations, or of those that anybody may call.
pub(crate) fn document(public: bool) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS.iter().filter(|operation| !public || operation.is_public()) {
        let method = if operation.body.is_some() { "post" } else { "get" };
        let methods = paths.entry(operation.path).or_insert_with(|| json!({}));
        methods[method] = described(operation);
    }
    let schemas: Map<String, Value> =
        SCHEMAS.iter().map(|(name, fields)| ((*name).to_owned(), schema::object(fields))).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "cohub",
            "version": "1",
            "summary": "The network as this node sees it",
            "description": "Every answer in JSON carries `as_of`: the registry's head, the records held, and \
                            how many are known to be missing. Dates are milliseconds since the Unix epoch.",
            "license": { "name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later" },
        },
        "servers": [{ "url": "/" }],
        "security": if public { json!([]) } else { json!([{ "session": [] }, { "token": [] }]) },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {
                "Wrong": problems("What is wrong with the call"),
                "Failed": problems("The node does not answer, or failed"),
            },
            "securitySchemes": { "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "Made by `cohub token create`. With the scope `read` it opens every GET, with \
                                `operate` the others as well; `metrics` opens /metrics only. None can sign.",
            }, "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": "cohub_<node>",
                "description": "Set by the one-time address that `cohub ui --print` prints.",
            }},
        },
    })
}

fn described(operation: &Operation) -> Value {
    let content = match operation.answers {
        Answers::Json(fields) => {
            let mut schema = schema::object(fields);
            schema["properties"]["as_of"] = schema::of(Type::Of("AsOf"));
            if let Some(required) = schema["required"].as_array_mut() {
                required.push("as_of".into());
            }
            json!({ "application/json": { "schema": schema } })
        }
        Answers::Other(media_type) => json!({ media_type: {} }),
    };
    let mut whole = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "responses": {
            "200": { "description": operation.summary, "content": content },
            "304": { "description": "The caller holds this answer: its If-None-Match names it" },
            "4XX": { "$ref": "#/components/responses/Wrong" },
            "5XX": { "$ref": "#/components/responses/Failed" },
        },
    });
    if let Some(fields) = operation.body {
        let content = json!({ "application/json": { "schema": schema::object(fields) } });
        whole["requestBody"] = json!({ "required": true, "content": content });
    }
    whole
}

fn parameter(parameter: &Parameter) -> Value {
    let schema = match parameter.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Limit => json!({ "type": "integer", "minimum": 1, "maximum": LONGEST_PAGE }),
        Kind::Words(words) => json!({ "type": "string", "enum": words }),
    };
    json!({
        "name": parameter.name,
        "in": match parameter.place { Place::Path => "path", Place::Query => "query" },
        "description": parameter.what,
        "required": parameter.place == Place::Path,
        "schema": schema,
    })
}

fn problems(description: &str) -> Value {
    let types: Vec<String> =
        TYPES.iter().map(|(name, what)| format!("`urn:cohub:problem:{name}`: {what}")).collect();
    let description = format!("{description}. {}", types.join(" "));
    let schema = schema::of(Type::Of("Problem"));
    json!({ "description": description, "content": { "application/problem+json": { "schema": schema } } })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_parameter_of_an_address_is_described_and_every_name_is_used_once() {
        let mut ids = BTreeSet::new();
        for operation in OPERATIONS {
            assert!(ids.insert(operation.id) && operation.path.starts_with("/api/v1/"), "{}", operation.id);
            let in_path: BTreeSet<&str> =
                operation.path.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
            let described = operation.parameters.iter().filter(|p| p.place == Place::Path);
            assert_eq!(in_path, described.map(|p| p.name).collect(), "{}", operation.id);
        }
    }

    /// What programs rely on stands in `docs/openapi.json`: whoever changes it changes it knowingly.
    #[test]
    fn the_document_is_the_one_that_was_published() {
        let written = format!("{:#}\n", document(false));
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        if std::env::var_os("COHUB_PUBLISH").is_some() {
            std::fs::write(path, &written).unwrap();
        }
        let published = std::fs::read_to_string(path).unwrap();
        assert!(
            published == written,
            "docs/openapi.json is another document: run this test with COHUB_PUBLISH=1 and read the difference"
        );
    }

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        fn references(value: &Value, found: &mut BTreeSet<String>) {
            match value {
                Value::Object(fields) => {
                    if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                        found.insert(reference.to_owned());
                    }
                    fields.values().for_each(|value| references(value, found));
                }
                Value::Array(items) => items.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let document = document(false);
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(found.len() > 10);
        for reference in found {
            let pointer = reference.trim_start_matches('#');
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}
