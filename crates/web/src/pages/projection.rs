//! The Equal Earth projection (Šavrič, Patterson and Jenny, 2018): areas are true, so no continent looks
//! larger than it is. Only pictures are made of it; nothing is decided.

#![expect(
    clippy::float_arithmetic,
    reason = "a drawing for people: nothing that nodes agree on comes from it"
)]

use std::fmt::Write as _;
use std::sync::LazyLock;

use serde_json::Value;

/// Width of the map.
pub(crate) const WIDTH: f64 = 1_000.0;
/// Height of the map: from 84° north to 58° south, where nobody has a hub beyond.
pub(crate) const HEIGHT: f64 = 440.0;
const TOP_DEGREES: f64 = 84.0;
/// The projection's own width.
const SPAN: f64 = 5.413_259;
/// Points nearer to the last than this are left out of the land's outline, in units of the map.
const FINEST: f64 = 0.7;

const LAND: &str = include_str!("../../data/land-110m.geojson");

/// A place on the map, from the left and from the top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    /// Where a place of the Earth lies.
    pub(crate) fn of(latitude: f64, longitude: f64) -> Self {
        let scale = WIDTH / SPAN;
        let (x, y) = equal_earth(latitude, longitude);
        let (_, top) = equal_earth(TOP_DEGREES, 0.0);
        Self { x: WIDTH / 2.0 + x * scale, y: (top - y) * scale }
    }

    /// The same place, moved.
    pub(crate) fn moved(self, x: f64, y: f64) -> Self {
        Self { x: self.x + x, y: self.y + y }
    }

    /// A line that bends away from the equator's middle, as from a sponsor to a hub.
    pub(crate) fn sprout_to(self, other: Self) -> String {
        let (across, down) = (other.x - self.x, other.y - self.y);
        let length = across.hypot(down);
        let bend = self.moved(across / 2.0 + down * 0.12, down / 2.0 - across.abs() * 0.12 - length * 0.03);
        format!("M{:.1} {:.1}Q{:.1} {:.1} {:.1} {:.1}", self.x, self.y, bend.x, bend.y, other.x, other.y)
    }
}

fn equal_earth(latitude: f64, longitude: f64) -> (f64, f64) {
    const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];
    let (lambda, phi) = (longitude.to_radians(), latitude.to_radians());
    let root = 3.0_f64.sqrt();
    let theta = (root / 2.0 * phi.sin()).asin();
    let (square, sixth) = (theta.powi(2), theta.powi(6));
    let slope = A[0] + 3.0 * A[1] * square + sixth * (7.0 * A[2] + 9.0 * A[3] * square);
    let y = theta * (A[0] + A[1] * square + sixth * (A[2] + A[3] * square));
    (2.0 * root * lambda * theta.cos() / (3.0 * slope), y)
}

/// The outline of the land as the data of an SVG path.
pub(crate) fn land() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| outline(LAND));
    &PATH
}

/// Draws the rings of a MultiPolygon that reach into the map.
fn outline(geojson: &str) -> String {
    let parsed: Value = serde_json::from_str(geojson).unwrap_or_default();
    let polygons = parsed.pointer("/geometry/coordinates").and_then(Value::as_array);
    let rings = polygons.into_iter().flatten().filter_map(Value::as_array).flatten();
    let mut path = String::new();
    for ring in rings.filter_map(Value::as_array) {
        let points = ring.iter().filter_map(|pair| {
            let pair = pair.as_array()?;
            Some(Point::of(pair.get(1)?.as_f64()?, pair.first()?.as_f64()?))
        });
        draw(&mut path, points.collect());
    }
    path
}

fn draw(path: &mut String, points: Vec<Point>) {
    if points.iter().all(|point| point.y > HEIGHT) {
        return;
    }
    let mut last: Option<Point> = None;
    for point in points {
        if last.is_some_and(|last| (point.x - last.x).hypot(point.y - last.y) < FINEST) {
            continue;
        }
        let letter = if last.is_none() { 'M' } else { 'L' };
        // Writing into memory does not fail.
        let _ = write!(path, "{letter}{:.1} {:.1}", point.x, point.y);
        last = Some(point);
    }
    path.push('Z');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(point: Point, x: f64, y: f64) -> bool {
        (point.x - x).abs() < 0.5 && (point.y - y).abs() < 0.5
    }

    #[test]
    fn the_map_ends_where_the_projection_does() {
        let (edge, _) = equal_earth(0.0, 180.0);
        assert!((edge * 2.0 - SPAN).abs() < 1e-4, "{edge}");
        let (_, pole) = equal_earth(90.0, 0.0);
        assert!((pole - 1.317_362).abs() < 1e-4, "{pole}");
        assert!(near(Point::of(TOP_DEGREES, 0.0), 500.0, 0.0));
    }

    #[test]
    fn strips_of_equal_area_take_equal_room() {
        // Half of a hemisphere lies south of 30°: the projection has to give both halves the same room.
        let strip = |from: f64, to: f64| {
            let steps = 400;
            (0..steps).fold(0.0, |area, step| {
                let at = |step: f64| from + (to - from) * step / f64::from(steps);
                let (low, high) = (at(f64::from(step)), at(f64::from(step + 1)));
                let (width, _) = equal_earth(low.midpoint(high), 180.0);
                area + width * (equal_earth(high, 0.0).1 - equal_earth(low, 0.0).1)
            })
        };
        let (south, north) = (strip(0.0, 30.0), strip(30.0, 90.0));
        assert!((south / north - 1.0).abs() < 1e-3, "{south} {north}");
    }

    #[test]
    fn the_land_is_drawn_within_the_map_and_small_enough_to_send() {
        let path = land();
        assert!(path.len() > 10_000 && path.len() < 60_000, "{}", path.len());
        assert!(path.matches('M').count() > 50);
        assert_eq!(path.matches('M').count(), path.matches('Z').count());
        assert_eq!(outline("nonsense"), "");
    }
}
