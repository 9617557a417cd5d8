//! The register of a network that was there before: a table with a hub a line, read for the founding record.
//!
//! **Invariant**: a table with any fault gives nothing but all its faults.

use std::collections::BTreeMap;

use cohub_node::network::Card;
use cohub_record::{BodyError, Slug, Text};
use cohub_registry::Profile;

use crate::cities::read_degrees;
use crate::csv::{self, Row};

/// Columns that a register must have. `country` does for `iso2` where that is missing, `name` is the city where there is none.
const NEEDED: [&str; 5] = ["slug", "city", "iso2", "lat", "lon"];
/// Cells of a line that a fault may quote.
const SHOWN_LETTERS: usize = 60;

/// What is wrong, and on which line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) why: String,
}

/// What a register comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Register {
    /// The hubs without a card, in the order of the file.
    pub(crate) claims: Vec<Profile>,
    /// The slugs of founders that the file does not have.
    pub(crate) unlisted: Vec<String>,
}

/// The hubs of a register, those of the founders' cards left out.
pub(crate) fn read(text: &str, cards: &[Card]) -> Result<Register, Vec<Fault>> {
    let mut rows = csv::rows(text).into_iter();
    let head = rows.next().ok_or_else(|| vec![fault(1, "the file is empty")])?;
    let columns = columns(&head).map_err(|why| vec![fault(head.line, why)])?;
    let (mut faults, mut claims) = (Vec::new(), Vec::new());
    let mut lines: BTreeMap<Slug, usize> = BTreeMap::new();
    for Row { line, cells } in rows {
        let read = match cells {
            Ok(cells) => hub(&columns, &cells),
            Err(why) => Err(vec![why.to_owned()]),
        };
        let (slug, profile) = match read {
            Ok(profile) => (profile.slug.clone(), profile),
            Err(whys) => {
                faults.extend(whys.into_iter().map(|why| fault(line, why)));
                continue;
            }
        };
        if let Some(first) = lines.get(&slug) {
            faults.push(fault(line, format!("the slug {slug} stands on line {first} already")));
            continue;
        }
        match cards.iter().find(|card| card.profile.slug == slug) {
            None => claims.push(profile),
            Some(card) if card.profile.country != profile.country => {
                let (says, has) = (&profile.country, &card.profile.country);
                faults.push(fault(line, format!("{slug} is in {says} here, and in {has} on its card")));
            }
            Some(_) => {}
        }
        lines.insert(slug, line);
    }
    if lines.is_empty() && faults.is_empty() {
        faults.push(fault(head.line, "no hub stands below the names of the columns"));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let unlisted = cards.iter().map(|card| &card.profile.slug).filter(|slug| !lines.contains_key(*slug));
    Ok(Register { claims, unlisted: unlisted.map(ToString::to_string).collect() })
}

fn fault(line: usize, why: impl Into<String>) -> Fault {
    Fault { line, why: why.into() }
}

/// Where the columns stand.
struct Columns {
    places: BTreeMap<&'static str, usize>,
    count: usize,
}

fn columns(head: &Row) -> Result<Columns, String> {
    let cells = head.cells.as_ref().map_err(|why| (*why).to_owned())?;
    let named = |name: &str| cells.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let mut places: BTreeMap<&'static str, usize> = BTreeMap::new();
    for name in NEEDED.into_iter().chain(["name"]) {
        let place = named(name).or_else(|| (name == "iso2").then(|| named("country")).flatten());
        places.extend(place.map(|place| (name, place)));
    }
    let lacking: Vec<&str> = NEEDED.into_iter().filter(|name| !places.contains_key(name)).collect();
    if lacking.is_empty() {
        return Ok(Columns { places, count: cells.len() });
    }
    Err(format!(
        "the first line has no column {}; it names them: slug, city, iso2, lat, lon, and name if there is one",
        lacking.join(", ")
    ))
}

/// The hub of a line, or all that is wrong with it.
fn hub(columns: &Columns, cells: &[String]) -> Result<Profile, Vec<String>> {
    if cells.len() != columns.count {
        return Err(vec![format!("{} cells, where the first line has {}", cells.len(), columns.count)]);
    }
    let mut faults = Vec::new();
    let cell =
        |name: &str| columns.places.get(name).and_then(|place| cells.get(*place)).map_or("", |c| c.trim());
    let slug: Option<Slug> = taken("slug", cell("slug"), str::parse, &mut faults);
    let city: Option<Text<120>> = taken("city", cell("city"), str::parse, &mut faults);
    let name = if cell("name").is_empty() { cell("city") } else { cell("name") };
    let name: Option<Text<120>> =
        if cell("name").is_empty() { city.clone() } else { taken("name", name, str::parse, &mut faults) };
    let country: Option<Text<2>> = taken("iso2", cell("iso2"), country, &mut faults);
    let lat = taken("lat", cell("lat"), read_degrees, &mut faults);
    let lon = taken("lon", cell("lon"), read_degrees, &mut faults);
    let (Some(slug), Some(city), Some(name), Some(country), Some(lat), Some(lon)) =
        (slug, city, name, country, lat, lon)
    else {
        return Err(faults);
    };
    let profile = Profile { name, slug, city, country, lat, lon };
    match profile.fault() {
        Some(fault) => Err(vec![fault.to_owned()]),
        None => Ok(profile),
    }
}

fn country(text: &str) -> Result<Text<2>, BodyError> {
    let letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if !letters {
        let shown: String = text.chars().take(SHOWN_LETTERS).collect();
        return Err(BodyError::new(format!("{shown:?} is not two capital letters of ISO 3166-1")));
    }
    text.parse()
}

/// What a cell says, or nothing and a fault.
fn taken<T>(
    name: &str,
    text: &str,
    read: impl FnOnce(&str) -> Result<T, BodyError>,
    faults: &mut Vec<String>,
) -> Option<T> {
    let found = if text.is_empty() { Err(BodyError::new("the cell is empty")) } else { read(text) };
    found.map_err(|error| faults.push(error.inside(name).to_string())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARED: &str = include_str!("../data/hub-cities.csv");

    fn faults(text: &str) -> Vec<(usize, String)> {
        let faults = read(text, &[]).expect_err("it has faults");
        faults.into_iter().map(|fault| (fault.line, fault.why)).collect()
    }

    #[test]
    fn the_register_of_107_places_is_read_whole() {
        let register = read(SHARED, &[]).unwrap();
        assert_eq!((register.claims.len(), register.unlisted.len()), (107, 0));
        let first = &register.claims[0];
        assert_eq!((first.name.as_str(), first.country.as_str()), ("London (Islington)", "GB"));
        assert_eq!((first.lat, first.lon), (5_153_622, -10_304));
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let text = "slug,name,city,iso2,lat,lon\n\
                    graz,Graz Hub,Graz,AT,47.06667,15.45\n\
                    Linz,,Linz,Austria,48.3,14,3\n\
                    linz,,,Austria,48,3\n\
                    graz,,Graz,AT,47.0,15.4\n\
                    pole,,Pole,NO,95.0,10\n\
                    bad slug,,City,at,north,181\n";
        let found = faults(text);
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4, 4, 5, 6, 7, 7, 7, 7], "{found:?}");
        assert!(found[0].1.starts_with("7 cells, where the first line has 6"));
        assert!(found[1].1.starts_with("city: the cell is empty") && found[2].1.starts_with("iso2: "));
        assert!(found[3].1.contains("stands on line 2 already"));
        assert!(found[4].1.contains("latitude"));
        let said: Vec<&str> = found[5..].iter().map(|(_, why)| why.split(':').next().unwrap()).collect();
        assert_eq!(said, ["slug", "iso2", "lat", "lon"]);
    }

    #[test]
    fn a_file_without_hubs_or_columns_is_a_fault() {
        assert_eq!(faults("")[0].0, 1);
        assert!(faults("slug,city,iso2,lat,lon\n")[0].1.contains("no hub stands below"));
        let lacking = faults("name,town,iso2,lat,lon\na,b,AT,1,2\n");
        assert!(lacking.len() == 1 && lacking[0].1.contains("no column slug, city"), "{lacking:?}");
    }
}
