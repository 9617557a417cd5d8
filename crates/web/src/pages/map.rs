//! The world map of hubs: land, who sponsored whom, and as many names as there is room for.

#![expect(
    clippy::float_arithmetic,
    reason = "a drawing for people: nothing that nodes agree on comes from it"
)]

use maud::{Markup, html};

use super::projection::{HEIGHT, Point, WIDTH, land};
use super::shared::status_words;
use crate::language::said;
use crate::seen::{Hub, View};
use crate::words::harmless;

/// Width of a letter of a name, in tenths of a unit of the map.
const LETTER_TENTHS: usize = 65;
/// Letters of a name on the map.
const NAME_LETTERS: usize = 20;
/// Hubs of which every order is tried that begins with another.
const FEW: usize = 24;
/// Height of a name.
const LINE: f64 = 12.0;

/// Room that something takes.
#[derive(Debug, Clone, Copy)]
struct Room {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

/// A name, and where it is anchored.
#[derive(Debug)]
struct Name {
    text: String,
    at: Point,
    anchor: &'static str,
}

/// The map, without the table that has to stand beside it.
pub(crate) fn map(view: &View, own: Option<&str>) -> Markup {
    let hubs: Vec<(&Hub, Point)> = view.hubs.iter().map(|hub| (hub, Point::of(hub.lat, hub.lon))).collect();
    let at = |id: &str| hubs.iter().find(|(hub, _)| hub.id.as_deref() == Some(id)).map(|(_, point)| *point);
    let sprouts = hubs.iter().filter_map(|(hub, point)| Some(at(hub.sponsor.as_deref()?)?.sprout_to(*point)));
    html! {
        div class="mapbox" tabindex="0" role="region" aria-label=(said!("map-title")) {
            svg class="map" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="group"
                aria-label=(said!("map-label")) {
                path class="land" d=(land()) {}
                @for line in sprouts { path class="sprout" d=(line) {} }
                @for (hub, point) in &hubs {
                    a href={ "/hubs/" (hub.key()) } aria-label=(label(view, hub)) class=[(own == Some(hub.slug.as_str())).then_some("own")] {
                        circle class="hit" cx=(tenth(point.x)) cy=(tenth(point.y)) r="8" {}
                        circle class=(if hub.is_member() { "hub" } else { "init" })
                            cx=(tenth(point.x)) cy=(tenth(point.y)) r=(if hub.is_member() { "3.2" } else { "4" }) {
                            title { (label(view, hub)) }
                        }
                    }
                }
                @for name in names(&hubs, own) {
                    text x=(tenth(name.at.x)) y=(tenth(name.at.y)) text-anchor=(name.anchor) aria-hidden="true" { (name.text) }
                }
            }
        }
    }
}

fn label(view: &View, hub: &Hub) -> String {
    format!("{}, {} ({})", harmless(&hub.name), harmless(&hub.city), status_words(view, &hub.status))
}

fn tenth(value: f64) -> String {
    format!("{value:.1}")
}

/// Names where they do not cover one another or a hub: the own hub's first, then those who are on their way.
fn names(hubs: &[(&Hub, Point)], own: Option<&str>) -> Vec<Name> {
    let mut order: Vec<&(&Hub, Point)> = hubs.iter().collect();
    order.sort_by_key(|(hub, _)| (own != Some(hub.slug.as_str()), hub.is_member()));
    let mut best = placed(hubs, &order);
    // A name that was placed early may leave none to a neighbour that another order leaves to both.
    for _ in 1..if hubs.len() > FEW { 1 } else { hubs.len() } {
        if best.len() == hubs.len() {
            break;
        }
        let first = usize::from(order.first().is_some_and(|(hub, _)| own == Some(hub.slug.as_str())));
        order[first..].rotate_left(1);
        let other = placed(hubs, &order);
        if other.len() > best.len() {
            best = other;
        }
    }
    best
}

/// Names in an order, each at the first place that is free.
fn placed(hubs: &[(&Hub, Point)], order: &[&(&Hub, Point)]) -> Vec<Name> {
    let mut taken: Vec<Room> = hubs.iter().map(|(_, point)| Room::around(*point)).collect();
    let mut placed = Vec::new();
    for (hub, point) in order {
        let text = cut(&harmless(&hub.city));
        let width = width_of(&text);
        // Where it is anchored, and how far left of that it begins.
        let places = [
            (point.moved(7.0, 4.0), "start", 0.0),
            (point.moved(-7.0, 4.0), "end", width),
            (point.moved(0.0, -8.0), "middle", width / 2.0),
            (point.moved(0.0, 16.0), "middle", width / 2.0),
            (point.moved(4.0, 14.0), "start", 0.0),
            (point.moved(-4.0, 14.0), "end", width),
            (point.moved(4.0, -6.0), "start", 0.0),
            (point.moved(-4.0, -6.0), "end", width),
        ];
        let free = |(at, _, before): &(Point, &str, f64)| {
            let room = Room::of_text(at.moved(-before, 0.0), width);
            let own_dot = Room::around(*point);
            room.is_on_the_map() && !taken.iter().any(|other| room.meets(other) && !other.is(&own_dot))
        };
        if let Some((at, anchor, before)) = places.into_iter().find(free) {
            taken.push(Room::of_text(at.moved(-before, 0.0), width));
            placed.push(Name { text, at, anchor });
        }
    }
    placed
}

/// A name that is too long for a map ends early; the table has it whole.
fn cut(name: &str) -> String {
    if name.chars().count() <= NAME_LETTERS {
        return name.to_owned();
    }
    name.chars().take(NAME_LETTERS).chain(['…']).collect()
}

fn width_of(name: &str) -> f64 {
    let tenths = u32::try_from(name.chars().count().saturating_mul(LETTER_TENTHS)).unwrap_or(u32::MAX);
    f64::from(tenths / 10)
}

impl Room {
    /// A hub's dot.
    fn around(point: Point) -> Self {
        let (low, high) = (point.moved(-4.0, -4.0), point.moved(4.0, 4.0));
        Self { left: low.x, top: low.y, right: high.x, bottom: high.y }
    }

    /// A name that begins at a place on its base line.
    fn of_text(place: Point, width: f64) -> Self {
        let (low, high) = (place.moved(-1.0, 2.0 - LINE), place.moved(width, 3.0));
        Self { left: low.x, top: low.y, right: high.x, bottom: high.y }
    }

    fn meets(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn is(&self, other: &Self) -> bool {
        (self.left - other.left).abs() < f64::EPSILON && (self.top - other.top).abs() < f64::EPSILON
    }

    fn is_on_the_map(&self) -> bool {
        self.left > 0.0 && self.right < WIDTH && self.top > 0.0 && self.bottom < HEIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn drawn(cities: &[(&str, f64, f64)]) -> Vec<Name> {
        let hub = |(city, lat, lon): &(&str, f64, f64)| -> Hub {
            let hub = json!({ "id": city, "slug": city.to_lowercase(), "name": city, "city": city, "country": "AT",
                "status": "co-owner", "lat": lat, "lon": lon, "since": null, "controller": null, "sponsor": null, "keys": [] });
            serde_json::from_value(hub).expect("a hub")
        };
        let hubs: Vec<Hub> = cities.iter().map(hub).collect();
        let points: Vec<(&Hub, Point)> = hubs.iter().map(|hub| (hub, Point::of(hub.lat, hub.lon))).collect();
        names(&points, None)
    }

    #[test]
    fn no_name_is_left_out_where_there_is_room() {
        let five = [
            ("Vienna", 48.2, 16.4),
            ("Amsterdam", 52.4, 4.9),
            ("São Paulo", -23.6, -46.6),
            ("Istanbul", 41.0, 29.0),
            ("Ankara", 39.9, 32.9),
        ];
        for first in 0..five.len() {
            let mut order = five;
            order.rotate_left(first);
            let names = drawn(&order);
            assert_eq!(names.len(), 5, "{names:?}");
        }
    }

    #[test]
    fn names_of_a_crowd_cover_nothing() {
        let crowd: Vec<(String, f64, f64)> = (0..107_u32)
            .map(|at| (format!("City {at}"), f64::from(at * 7 % 60), f64::from(at * 13 % 90)))
            .collect();
        let crowd: Vec<_> = crowd.iter().map(|(name, lat, lon)| (name.as_str(), *lat, *lon)).collect();
        let placed = drawn(&crowd);
        assert!((20..107).contains(&placed.len()), "{}", placed.len());
        let room = |name: &Name| {
            let width = width_of(&name.text);
            let before = match name.anchor {
                "end" => width,
                "middle" => width / 2.0,
                _ => 0.0,
            };
            Room::of_text(name.at.moved(-before, 0.0), width)
        };
        for (at, one) in placed.iter().enumerate() {
            assert!(placed[at + 1..].iter().all(|other| !room(one).meets(&room(other))), "{one:?}");
        }
    }
}
