//! Times, counts and names for people, and peers' text made harmless.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use maud::{Markup, html};

use crate::language::said;
use crate::reader;

/// Letters of a peer's text that a page shows in one place.
const SHOWN_LETTERS: usize = 400;
/// Letters of a written id that are shown: enough to name it.
const SHORT_LETTERS: usize = 14;

/// Milliseconds since the Unix epoch by this machine's clock.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A date in a time zone's words.
fn formatted(at_ms: u64, zone: TimeZone, format: &str) -> String {
    let stamp = i64::try_from(at_ms).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    stamp.map_or_else(
        || format!("{at_ms} ms"),
        |stamp| stamp.to_zoned_datetime(zone).strftime(format).to_string(),
    )
}

/// "2026-11-24T15:02:07Z".
pub(crate) fn machine_date(at_ms: u64) -> String {
    formatted(at_ms, TimeZone::UTC, "%Y-%m-%dT%H:%M:%SZ")
}

/// "2026-11-24 15:02:07 UTC".
pub(crate) fn date_and_time(at_ms: u64) -> String {
    formatted(at_ms, TimeZone::UTC, "%Y-%m-%d %H:%M:%S UTC")
}

/// The end of a day by the reader's time zone, as in `2026-11-24`; none where it is no day.
pub(crate) fn end_of(day: &str) -> Option<u64> {
    let day = jiff::civil::Date::strptime("%Y-%m-%d", day).ok()?;
    let next = day.tomorrow().ok()?.to_zoned_datetime(reader::zone()).ok()?;
    u64::try_from(next.timestamp().as_millisecond()).ok()?.checked_sub(1)
}

/// A time in a zone; none where it is none of the calendar's.
fn zoned(at_ms: u64, zone: TimeZone) -> Option<ZonedDateTime> {
    let stamp = Timestamp::from_millisecond(i64::try_from(at_ms).ok()?).ok()?;
    Some(stamp.to_zoned_datetime(zone))
}

/// "24 Nov 2026", as the reader's language writes it.
fn day_of(at: &ZonedDateTime) -> String {
    let month = said!("month", month = u64::from(at.month().unsigned_abs()));
    said!("date", day = at.day().to_string(), month = month, year = at.year().to_string())
}

/// "24 Nov 2026, 15:02".
fn day_and_time_of(at: &ZonedDateTime) -> String {
    said!("date-and-time", date = day_of(at), time = at.strftime("%H:%M").to_string())
}

/// "Wed 25 Nov 2026, 18:00".
fn weekday_and_time_of(at: &ZonedDateTime) -> String {
    let day = u64::from(at.weekday().to_monday_one_offset().unsigned_abs());
    let (weekday, time) = (said!("weekday", weekday = day), at.strftime("%H:%M").to_string());
    said!("date-of-a-weekday", weekday = weekday, date = day_of(at), time = time)
}

/// A time as it is drawn, with UTC for whoever asks.
fn drawn(at_ms: u64, words: fn(&ZonedDateTime) -> String) -> Markup {
    let unheard_of = || format!("{at_ms} ms");
    let local = zoned(at_ms, reader::zone()).map_or_else(unheard_of, |at| words(&at));
    let utc = zoned(at_ms, TimeZone::UTC).map_or_else(unheard_of, |at| {
        let time = at.strftime("%H:%M:%S").to_string();
        said!("date-in-utc", date = said!("date-and-time", date = day_of(&at), time = time))
    });
    html! { time datetime=(machine_date(at_ms)) title=(utc) { (local) } }
}

/// "24 Nov 2026, 15:02", by the reader's clock.
pub(crate) fn date(at_ms: u64) -> Markup {
    drawn(at_ms, day_and_time_of)
}

/// "24 Nov 2026".
pub(crate) fn day(at_ms: u64) -> Markup {
    drawn(at_ms, day_of)
}

/// "Wed 25 Nov 2026, 18:00 in Europe/Vienna (17:00 UTC)": local and UTC, said once where they are the same.
pub(crate) fn date_both(at_ms: u64) -> Markup {
    let zone = reader::zone();
    let away = zoned(at_ms, zone.clone()).is_some_and(|at| at.offset() != jiff::tz::Offset::UTC);
    let offset = || zoned(at_ms, zone.clone()).map(|at| at.strftime("UTC%:z").to_string());
    let name = zone.iana_name().filter(|name| *name != "UTC" && *name != "Etc/UTC").map(str::to_owned);
    let name = name.or_else(|| offset().filter(|_| away));
    let words =
        |zone| zoned(at_ms, zone).map_or_else(|| format!("{at_ms} ms"), |at| weekday_and_time_of(&at));
    let utc = || zoned(at_ms, TimeZone::UTC).map(|at| day_and_time_of(&at)).unwrap_or_default();
    let stated = match name {
        Some(name) => said!("date-in-both", local = words(zone), zone = name, utc = utc()),
        None => said!("date-in-utc", date = words(TimeZone::UTC)),
    };
    html! { time datetime=(machine_date(at_ms)) { (stated) } }
}

/// "in 3 days 2 hours", "5 minutes ago", "now".
pub(crate) fn distance(at_ms: u64, now_ms: u64) -> String {
    let apart = at_ms.abs_diff(now_ms);
    match (apart < 1_000, at_ms > now_ms) {
        (true, _) => said!("now"),
        (false, true) => said!("in-the-future", time = roughly(apart)),
        (false, false) => said!("in-the-past", time = roughly(apart)),
    }
}

/// A duration by its two largest units, or its largest from a day on.
pub(crate) fn roughly(duration_ms: u64) -> String {
    let rounded = match duration_ms {
        0..1_000 => duration_ms,
        1_000..3_600_000 => duration_ms / 1_000 * 1_000,
        _ => duration_ms / 60_000 * 60_000,
    };
    let units = [
        (rounded / 86_400_000, said!("days", count = rounded / 86_400_000)),
        (rounded / 3_600_000 % 24, said!("hours", count = rounded / 3_600_000 % 24)),
        (rounded / 60_000 % 60, said!("minutes", count = rounded / 60_000 % 60)),
        (rounded / 1_000 % 60, said!("seconds", count = rounded / 1_000 % 60)),
    ];
    let some = units.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words);
    let words: Vec<String> = some.take(2).collect();
    if words.is_empty() { said!("milliseconds", count = rounded) } else { words.join(" ") }
}

/// A duration exactly, by every unit that it has some of.
pub(crate) fn exactly(duration_ms: u64) -> String {
    let units = [
        (duration_ms / 31_536_000_000, said!("years", count = duration_ms / 31_536_000_000)),
        (duration_ms / 86_400_000 % 365, said!("days", count = duration_ms / 86_400_000 % 365)),
        (duration_ms / 3_600_000 % 24, said!("hours", count = duration_ms / 3_600_000 % 24)),
        (duration_ms / 60_000 % 60, said!("minutes", count = duration_ms / 60_000 % 60)),
        (duration_ms / 1_000 % 60, said!("seconds", count = duration_ms / 1_000 % 60)),
        (duration_ms % 1_000, said!("milliseconds", count = duration_ms % 1_000)),
    ];
    let words: Vec<String> =
        units.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    if words.is_empty() { said!("no-time") } else { words.join(" ") }
}

/// "4 218": digits in groups of three, with a space that does not break.
pub(crate) fn number(count: impl TryInto<u64>) -> String {
    let digits = count.try_into().unwrap_or(u64::MAX).to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// Bytes for people: "3.4 MB". Powers of ten.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    UNITS.iter().find(|(_, unit)| count >= *unit).map_or_else(
        || said!("bytes", count = count),
        |(name, unit)| {
            said!("bytes-of-a-unit", whole = count / unit, tenth = count % unit * 10 / unit, unit = *name)
        },
    )
}

/// A written id, a key or a hash, cut to what names it.
pub(crate) fn short(id: &str) -> String {
    let letters = id.strip_prefix("did:key:").unwrap_or(id);
    letters.chars().take(SHORT_LETTERS).collect()
}

/// A record's id, as a link to it for whoever may read it.
pub(crate) fn record_link(id: &str) -> Markup {
    let shown = html! { code title=[reader::is_stranger().then_some(id)] { (short(id)) "…" } };
    html! {
        @if reader::is_stranger() { (shown) }
        @else { a class="id" href={ "/records/" (id) } title=(id) { (shown) } }
    }
}

/// A letter of a peer's text; `�` for one that controls or that changes the direction of what follows.
pub(crate) fn harmless_letter(letter: char) -> char {
    let turns = matches!(
        letter,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    if (letter.is_control() && letter != '\n') || turns { '\u{fffd}' } else { letter }
}

/// Text from peers: control and direction-changing characters become `�`, and no more letters are shown than
/// a page can hold.
pub(crate) fn harmless(text: &str) -> String {
    let mut letters = text.chars();
    let mut shown: String = letters.by_ref().take(SHOWN_LETTERS).map(harmless_letter).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Text from peers, apart from the direction of what stands around it.
pub(crate) fn peers(text: &str) -> Markup {
    html! { bdi { (harmless(text)) } }
}

/// A text that somebody is about to sign, to its last letter, and harmless like one from peers.
pub(crate) fn whole(text: &str) -> Markup {
    html! { bdi { (text.chars().map(harmless_letter).collect::<String>()) } }
}

/// A word of the protocol for people: "co-owner", "pre-candidate", "in order" for `in_order`.
pub(crate) fn plain(word: &str) -> String {
    harmless(&word.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_text_is_escaped_isolated_and_cannot_turn_the_page() {
        let shown = peers("<script>a\u{202e}b</script>").into_string();
        assert_eq!(shown, "<bdi>&lt;script&gt;a\u{fffd}b&lt;/script&gt;</bdi>");
        assert_eq!(peers("İstanbul").into_string(), "<bdi>İstanbul</bdi>");
        let long = harmless(&"w".repeat(65_536));
        assert!(whole(&"w".repeat(3_000)).into_string().contains(&"w".repeat(3_000)));
        assert_eq!(long.chars().count(), SHOWN_LETTERS + 1);
    }

    #[test]
    fn numbers_distances_and_sizes_are_for_people() {
        assert_eq!(number(4_218_u64), "4\u{202f}218");
        assert_eq!(number(107_u64), "107");
        assert_eq!(distance(90_061_000, 0), "in 1 day 1 hour");
        assert_eq!(distance(0, 250), "now");
        assert_eq!(distance(0, 61_500), "1 minute 1 second ago");
        assert_eq!(bytes(3_449_999), "3.4 MB");
        assert_eq!(exactly(90_061_001), "1 day 1 hour 1 minute 1 second 1 ms");
        assert_eq!((exactly(0), exactly(366 * 86_400_000)), ("none".to_owned(), "1 year 1 day".to_owned()));
    }

    #[test]
    fn a_day_ends_before_the_next_begins() {
        let (day, next) = (end_of("2026-11-24").unwrap(), end_of("2026-11-25").unwrap());
        assert_eq!((next - day, end_of("1970-01-03").map(|at| at % 1_000)), (86_400_000, Some(999)));
        for none in ["", "yesterday", "2026-13-01", "1960-01-01", "2026-11-24T00:00"] {
            assert_eq!(end_of(none), None, "{none}");
        }
    }

    #[test]
    fn dates_say_their_zone() {
        assert_eq!(machine_date(1_795_478_400_000), "2026-11-24T00:00:00Z");
        assert!(date(1_795_478_400_000).into_string().contains("24 Nov 2026, 00:00:00 UTC"));
        assert!(date_both(1_795_478_400_000).into_string().contains("UTC"));
    }
    #[test]
    fn dates_are_told_by_the_readers_clock_and_machines_read_utc() {
        let english = || crate::reader::Reader::speaking(crate::language::known("en").expect("it is there"));
        let late = 1_795_478_400_000 + 22 * 3_600_000;
        let table = [
            (0, "24 Nov 2026, 22:00", "Tue 24 Nov 2026, 22:00 UTC"),
            (3, "25 Nov 2026, 01:00", "Wed 25 Nov 2026, 01:00 in UTC+03:00 (24 Nov 2026, 22:00 UTC)"),
            (-5, "24 Nov 2026, 17:00", "Tue 24 Nov 2026, 17:00 in UTC-05:00 (24 Nov 2026, 22:00 UTC)"),
        ];
        for (hours, local, both) in table {
            let reader = english().hours_ahead(hours);
            let (short, long) = reader.made(|| (date(late).into_string(), date_both(late).into_string()));
            for page in [&short, &long] {
                assert!(page.contains("datetime=\"2026-11-24T22:00:00Z\""), "{page}");
            }
            assert!(short.contains(&format!(">{local}<")) && short.contains("22:00:00 UTC"), "{short}");
            assert!(long.contains(&format!(">{both}<")), "{long}");
            let midnight = reader.made(|| end_of("2026-11-24")).unwrap();
            let next = 1_795_478_400_000_u64 + 86_400_000;
            assert_eq!((midnight + 1).cast_signed(), next.cast_signed() - i64::from(hours) * 3_600_000);
        }
    }
}
