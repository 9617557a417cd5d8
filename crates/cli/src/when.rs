//! Times for people: dates in UTC, durations in words, and what is written of them in arguments.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cohub_registry::{duration_from_words, duration_in_words};
use jiff::Timestamp;

/// Milliseconds since the Unix epoch by this machine's clock.
pub(crate) fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// "2026-11-24 15:02:07 UTC".
pub(crate) fn date(at_ms: u64) -> String {
    let stamp = i64::try_from(at_ms).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    stamp.map_or_else(|| format!("{at_ms} ms"), |stamp| stamp.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// "2026-11-24T15:02:07Z", as RFC 3339 has it.
pub(crate) fn rfc3339(at_ms: u64) -> String {
    let stamp = i64::try_from(at_ms).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    stamp.map_or_else(
        || "9999-12-31T23:59:59Z".to_owned(),
        |stamp| stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}

/// "2026-11-24".
pub(crate) fn day(at_ms: u64) -> String {
    date(at_ms).chars().take(10).collect()
}

/// A date with its distance from now: "2026-11-24 15:02:07 UTC, in 3 days 2 hours".
pub(crate) fn date_and_distance(at_ms: u64) -> String {
    let now = now_ms();
    let distance = if at_ms >= now {
        format!("in {}", roughly(at_ms - now))
    } else {
        format!("{} ago", roughly(now - at_ms))
    };
    format!("{}, {distance}", date(at_ms))
}

/// A duration by its two largest units.
pub(crate) fn roughly(duration_ms: u64) -> String {
    let rounded = if duration_ms >= 1_000 { duration_ms / 1_000 * 1_000 } else { duration_ms };
    let words = duration_in_words(rounded);
    let largest: Vec<&str> = words.split(' ').take(4).collect();
    largest.join(" ")
}

/// Reads a duration in words, as in `--wait "20 s"`.
pub(crate) fn read_duration(text: &str) -> Result<Duration, String> {
    duration_from_words(text).map(Duration::from_millis)
}

/// Reads a moment: a date such as `2026-12-01T18:00:00Z`, or a duration from now such as `8 days`.
pub(crate) fn read_moment(text: &str) -> Result<u64, String> {
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return u64::try_from(stamp.as_millisecond()).map_err(|_| format!("{text:?} is before 1970"));
    }
    let from_now = duration_from_words(text)
        .map_err(|error| format!("{error}; or a date such as 2026-12-01T18:00:00Z"))?;
    Ok(now_ms().saturating_add(from_now))
}

/// Reads a moment of the past: a day such as `2026-11-24`, to its end in UTC; a date with a time; or a time ago
/// such as `3 days`. None where it is none of these.
pub(crate) fn read_past(text: &str) -> Option<u64> {
    let day = text.len() == "2026-11-24".len();
    let whole = if day { format!("{text}T23:59:59.999Z") } else { text.to_owned() };
    let stamp = whole.parse::<Timestamp>().ok().map(Timestamp::as_millisecond);
    match stamp {
        Some(stamp) => u64::try_from(stamp).ok(),
        None => duration_from_words(text).ok().map(|ago| now_ms().saturating_sub(ago)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_in_utc() {
        assert_eq!(date(1_795_478_400_000), "2026-11-24 00:00:00 UTC");
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(rfc3339(1_795_478_401_999), "2026-11-24T00:00:01Z");
        assert_eq!(rfc3339(u64::MAX), "9999-12-31T23:59:59Z");
        assert_eq!(date(u64::MAX), format!("{} ms", u64::MAX));
    }

    #[test]
    fn distances_are_told_by_two_units() {
        assert_eq!(roughly(90_061_234), "1 day 1 hour");
        assert_eq!(roughly(250), "250 milliseconds");
    }

    #[test]
    fn moments_of_the_past_are_days_dates_or_times_ago() {
        assert_eq!(read_past("2026-11-24"), Some(1_795_564_799_999));
        assert_eq!(read_past("2026-11-24T00:00:00Z"), Some(1_795_478_400_000));
        let ago = read_past("3 days").unwrap();
        assert!((now_ms() - ago).abs_diff(3 * 86_400_000) < 10_000);
        for motion in ["rec1qqqq", "ankara", "2026-13-01", ""] {
            assert_eq!(read_past(motion), None, "{motion}");
        }
    }

    #[test]
    fn moments_are_dates_or_durations_from_now() {
        assert_eq!(read_moment("2026-11-24T00:00:00Z"), Ok(1_795_478_400_000));
        let soon = read_moment("8 days").unwrap();
        assert!((soon - now_ms()).abs_diff(8 * 86_400_000) < 10_000);
        assert!(read_moment("tomorrow").unwrap_err().contains("2026-12-01"));
    }
}
