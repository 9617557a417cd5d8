//! `cohub registry`: who is in, at which stage; equal on equal nodes.

use std::path::Path;

use serde_json::{Value, json};

use super::{application, hub};
use crate::arguments::{Format, Registry};
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;
use crate::prose::{BOLD, DIM, RED, counted, harmless, styled};
use crate::seen::View;

pub(crate) async fn run(context: &Context, registry: Registry) -> Result<Answer, Error> {
    let registry_seen = context.registry().await?;
    match registry {
        Registry::Show => Answer::new("registry.show", &registry_seen.whole, page(&registry_seen.part)),
        Registry::Export { format: Format::Json, out } => {
            let text = serde_json::to_string_pretty(&registry_seen.whole)
                .map_err(|error| Error::failed(error.to_string()))?;
            hand_out("json", &text, &registry_seen.whole, out.as_deref())
        }
        Registry::Export { format: Format::Csv, out } => {
            let csv = csv(&registry_seen.whole);
            hand_out("csv", &csv, &Value::String(csv.clone()), out.as_deref())
        }
    }
}

/// The registry for people.
pub(crate) fn page(registry: &View) -> String {
    let mut text = format!("{} {}\n", styled(BOLD, harmless(&registry.name)), styled(DIM, &registry.network));
    let seats = counted(registry.committee.seats.len(), "seat");
    let hubs = counted(registry.hubs.len(), "hub");
    let (term, version) = (registry.committee.term, registry.charter.version);
    text.push_str(&format!("{hubs}; committee of {seats}, term {term}; charter version {version}\n\n"));
    text.push_str(&hub::table(registry));
    if !registry.applications.is_empty() {
        text.push_str(&format!("\n{}", application::table(registry)));
    }
    if !registry.evidence.is_empty() {
        let keys = counted(registry.evidence.len(), "fork");
        text.push_str(&format!("\n{}\n", styled(RED, format!("{keys} on record: cohub evidence list"))));
    }
    text.push_str(&format!("\n{} {}", styled(DIM, "head"), registry.head));
    text
}

fn hand_out(format: &str, text: &str, whole: &Value, out: Option<&Path>) -> Result<Answer, Error> {
    let fields = json!({ "format": format, "path": out, "registry": if out.is_some() { &Value::Null } else { whole } });
    let Some(path) = out else { return Answer::new("registry.export", &fields, text) };
    std::fs::write(path, format!("{}\n", text.trim_end()))
        .map_err(|error| Error::failed(format!("{} cannot be written: {error}", path.display())))?;
    Answer::new("registry.export", &fields, format!("The registry lies in {}.", path.display()))
}

/// Hubs as RFC 4180 has it. A cell that a spreadsheet would take for a formula gets an apostrophe.
fn csv(whole: &Value) -> String {
    const COLUMNS: [&str; 9] = ["id", "slug", "name", "city", "country", "lat", "lon", "status", "since"];
    let mut text = format!("{}\r\n", COLUMNS.join(","));
    for hub in whole.get("hubs").and_then(Value::as_array).into_iter().flatten() {
        let cells: Vec<String> = COLUMNS.iter().map(|column| cell(hub.get(column))).collect();
        text.push_str(&format!("{}\r\n", cells.join(",")));
    }
    text
}

fn cell(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => {
            let guarded =
                if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.clone() };
            format!("\"{}\"", guarded.replace('"', "\"\""))
        }
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_reads_names_as_text() {
        let hubs = json!({ "hubs": [{ "slug": "a", "name": "=cmd|' /C calc'!A0", "city": "The \"Hill\", B", "lat": -1.5 }] });
        let csv = csv(&hubs);
        let line = csv.lines().nth(1).unwrap();
        assert_eq!(line, r#","a","'=cmd|' /C calc'!A0","The ""Hill"", B",,-1.5,,,"#);
    }
}
