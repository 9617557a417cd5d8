//! `cohub registry export`: the whole register for other programs. JSON has everything; CSV (RFC 4180) and GeoJSON
//! (RFC 7946) have a line and a point for each hub.

use std::path::Path;

use cohub_web::spreadsheet::{csv, rows};
use serde_json::{Map, Value, json};

use super::past;
use crate::arguments::Format;
use crate::context::Context;
use crate::exit::Error;
use crate::output::Answer;

/// Writes the registry, as it is or as it was, on stdout or into a file.
pub(crate) async fn run(
    context: &Context,
    format: Format,
    at: Option<&str>,
    out: Option<&Path>,
) -> Result<Answer, Error> {
    let whole = past::read(context, at).await?.registry.whole;
    let pretty =
        |value: &Value| serde_json::to_string_pretty(value).map_err(|error| Error::failed(error.to_string()));
    let (name, text, value) = match format {
        Format::Json => ("json", pretty(&whole)?, whole),
        Format::Csv => {
            let csv = csv(&whole);
            ("csv", csv.clone(), Value::String(csv))
        }
        Format::Geojson => {
            let geojson = geojson(&whole);
            ("geojson", pretty(&geojson)?, geojson)
        }
    };
    let Some(path) = out else {
        return Answer::new("registry.export", &json!({ "format": name, "registry": value }), text);
    };
    std::fs::write(path, format!("{}\n", text.trim_end_matches('\n')))
        .map_err(|error| Error::failed(format!("{} cannot be written: {error}", path.display())))?;
    let fields = json!({ "format": name, "path": path, "registry": null });
    Answer::new("registry.export", &fields, format!("The registry lies in {}.", path.display()))
}

/// Hubs as RFC 7946 has it: longitude first, on WGS 84.
fn geojson(whole: &Value) -> Value {
    let feature = |mut hub: Map<String, Value>| {
        let [lon, lat] = ["lon", "lat"].map(|degrees| hub.remove(degrees).unwrap_or_default());
        let id = hub.remove("id").unwrap_or_default();
        let place = lon.is_number() && lat.is_number();
        let geometry =
            if place { json!({ "type": "Point", "coordinates": [lon, lat] }) } else { Value::Null };
        let mut feature = json!({ "type": "Feature", "geometry": geometry, "properties": hub });
        if let (Some(fields), false) = (feature.as_object_mut(), id.is_null()) {
            fields.insert("id".to_owned(), id);
        }
        feature
    };
    let features: Vec<Value> = rows(whole).into_iter().map(feature).collect();
    let of = |name: &str| whole.get(name).cloned().unwrap_or_default();
    json!({
        "type": "FeatureCollection",
        "features": features,
        "network": of("network"),
        "network_name": of("name"),
        "head": of("head"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_map_has_longitude_first_and_every_field() {
        let map = geojson(&registry());
        assert_eq!(map["type"], "FeatureCollection");
        let feature = &map["features"][0];
        assert_eq!(feature["geometry"], json!({ "type": "Point", "coordinates": [179.25, -1.5] }));
        assert_eq!((&feature["type"], &feature["id"]), (&json!("Feature"), &json!("hub1a")));
        assert_eq!(feature["properties"]["members"], 3);
        assert_eq!(map["features"][1]["properties"]["sponsor"], "a");
        assert_eq!(map["features"][1].get("id"), None);
    }
}
