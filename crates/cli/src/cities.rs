//! Real cities: where hubs could be. The list with its attribution lies in `data`.

use cohub_record::BodyError;

use crate::csv;

/// The list, one city a line.
const LIST: &str = include_str!("../data/hub-cities.csv");

/// A city of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct City {
    /// A slug for a hub there.
    pub(crate) slug: String,
    /// The city's name.
    pub(crate) name: String,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: String,
    /// Latitude in 1e-5 degree.
    pub(crate) lat: i32,
    /// Longitude in 1e-5 degree.
    pub(crate) lon: i32,
}

/// All cities, in the order of the list.
pub(crate) fn all() -> Vec<City> {
    csv::rows(LIST).into_iter().skip(1).filter_map(|row| read_row(&row.cells.ok()?)).collect()
}

/// The city of that name in that country.
pub(crate) fn find(name: &str, country: &str) -> Option<City> {
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    all().into_iter().find(|city| same(&city.name, name) && same(&city.country, country))
}

/// slug, city, country, iso2, continent, lat, lon, population, timezone
fn read_row(cells: &[String]) -> Option<City> {
    let [slug, name, _, country, _, lat, lon, ..] = cells else { return None };
    Some(City {
        slug: slug.clone(),
        name: name.clone(),
        country: country.clone(),
        lat: read_degrees(lat).ok()?,
        lon: read_degrees(lon).ok()?,
    })
}

/// Reads degrees with at most five digits behind the point, as an integer of 1e-5 degree.
pub(crate) fn read_degrees(text: &str) -> Result<i32, BodyError> {
    let refused = || BodyError::new(format!("{text:?} is no number of degrees: write one like -23.5475"));
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !numeric(whole) || !numeric(part) || part.len() > 5 {
        return Err(refused());
    }
    let value = format!("{whole}{part:0<5}").parse::<i32>().map_err(|_| refused())?;
    if value > 18_000_000 { Err(refused()) } else { Ok(sign * value) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_holds_107_places_with_slugs_of_their_own() {
        let cities = all();
        assert_eq!(cities.len(), 107);
        assert_eq!(LIST.lines().count(), 108);
        let slugs: BTreeSet<_> = cities.iter().map(|city| &city.slug).collect();
        assert_eq!(slugs.len(), 107);
        for city in &cities {
            assert!(city.slug.parse::<cohub_record::Slug>().is_ok(), "{}", city.slug);
        }
        let sao_paulo = find("são paulo", "br").unwrap();
        assert_eq!((sao_paulo.lat, sao_paulo.lon), (-2_354_750, -4_663_611));
    }

    #[test]
    fn degrees_are_read_exactly() {
        let table = [("48.20849", 4_820_849), ("-0.5", -50_000), ("8", 800_000), ("-180.0", -18_000_000)];
        for (text, expected) in table {
            assert_eq!(read_degrees(text), Ok(expected), "{text}");
        }
        for text in ["", "-", "4,5", "1e3", "181", "1.234567", "+4", ".5", "--1"] {
            assert!(read_degrees(text).is_err(), "{text}");
        }
    }
}
