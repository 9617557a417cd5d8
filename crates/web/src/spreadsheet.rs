//! The hubs of a registry as a table that spreadsheets read.

use serde_json::{Map, Value};

use crate::words::date_and_time;

/// Columns of the CSV, and fields of each hub in the GeoJSON.
const COLUMNS: [&str; 18] = [
    "id",
    "slug",
    "name",
    "city",
    "country",
    "lat",
    "lon",
    "status",
    "since",
    "since_date",
    "sponsor",
    "sponsor_id",
    "controller",
    "report_year",
    "members",
    "events",
    "ventures",
    "jobs",
];

/// Each hub with all its fields, in the order of the registry.
#[must_use]
pub fn rows(whole: &Value) -> Vec<Map<String, Value>> {
    let list = |name: &str| whole.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let hubs = list("hubs");
    let row = |hub: &Value| {
        let mut row: Map<String, Value> = COLUMNS
            .iter()
            .map(|column| ((*column).to_owned(), hub.get(*column).cloned().unwrap_or_default()))
            .collect();
        let mut set = |column: &str, value: Value| drop(row.insert(column.to_owned(), value));
        if let Some(at) = hub.get("since").and_then(Value::as_u64) {
            set("since_date", date_and_time(at).into());
        }
        let sponsor = hub.get("sponsor").filter(|sponsor| !sponsor.is_null());
        set("sponsor_id", sponsor.cloned().unwrap_or_default());
        let named = hubs.iter().find(|other| sponsor.is_some() && other.get("id") == sponsor);
        set("sponsor", named.and_then(|hub| hub.get("slug")).cloned().unwrap_or_default());
        let id = hub.get("id").filter(|id| !id.is_null());
        let reports = list("reports").iter().filter(|report| id.is_some() && report.get("hub") == id);
        if let Some(latest) = reports.max_by_key(|report| report.get("year").and_then(Value::as_u64)) {
            set("report_year", latest.get("year").cloned().unwrap_or_default());
            for figure in ["members", "events", "ventures", "jobs"] {
                set(figure, latest.get(figure).cloned().unwrap_or_default());
            }
        }
        row
    };
    hubs.iter().map(row).collect()
}

/// Hubs as RFC 4180 has it.
#[must_use]
pub fn csv(whole: &Value) -> String {
    let mut text = format!("{}\r\n", COLUMNS.join(","));
    for hub in rows(whole) {
        let cells: Vec<String> = COLUMNS.iter().map(|column| cell(hub.get(*column))).collect();
        text.push_str(&format!("{}\r\n", cells.join(",")));
    }
    text
}

/// A cell. One that a spreadsheet would take for a formula gets an apostrophe; texts are always quoted, so that no
/// separator of any country parts them.
fn cell(value: Option<&Value>) -> String {
    const BEGIN_FORMULAS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '|', '＝', '＋', '－', '＠'];
    match value {
        Some(Value::String(text)) => {
            let formula = text.trim_start_matches(' ').starts_with(BEGIN_FORMULAS);
            let guard = if formula { "'" } else { "" };
            format!("\"{guard}{}\"", text.replace('"', "\"\""))
        }
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn registry() -> Value {
        json!({
            "network": "net1x",
            "head": "00",
            "hubs": [
                { "id": "hub1a", "slug": "a", "name": "=cmd|' /C calc'!A0", "city": "The \"Hill\", B", "lat": -1.5,
                  "lon": 179.25, "status": "co-owner", "since": 1_795_478_400_000_u64 },
                { "slug": "b", "name": "two\nlines", "lat": 1, "lon": 2, "sponsor": "hub1a" },
            ],
            "reports": [
                { "hub": "hub1a", "year": 2025, "members": 3, "events": 1, "ventures": 0, "jobs": 9 },
                { "hub": "hub1a", "year": 2024, "members": 2, "events": 0, "ventures": 0, "jobs": 0 },
            ],
        })
    }

    #[test]
    fn a_spreadsheet_reads_names_as_text() {
        let csv = csv(&registry());
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(lines[0].split(',').count(), COLUMNS.len());
        assert_eq!(
            lines[1],
            r#""hub1a","a","'=cmd|' /C calc'!A0","The ""Hill"", B",,-1.5,179.25,"co-owner",1795478400000,"2026-11-24 00:00:00 UTC",,,,2025,3,1,0,9"#
        );
        assert_eq!(lines[2], ",\"b\",\"two\nlines\",,,1,2,,,,\"a\",\"hub1a\",,,,,,");
        assert_eq!(lines[3], "");
    }

    #[test]
    fn no_text_begins_a_formula() {
        for text in ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", " =1", "＝1", "|x"] {
            let cell = cell(Some(&Value::String(text.to_owned())));
            assert!(cell.starts_with("\"'"), "{cell:?}");
        }
        assert_eq!(cell(Some(&json!("a=1"))), "\"a=1\"");
        assert_eq!(cell(Some(&json!(-5))), "-5");
        assert_eq!(cell(None), "");
    }
}
