//! Durations as people write them: "14 days", "36 hours", "1 day 12 hours".

/// Units with their length, largest first. A year is 365 days; a month has no fixed length and is no unit.
const UNITS: [(&str, u64); 7] = [
    ("year", 365 * 86_400_000),
    ("week", 7 * 86_400_000),
    ("day", 86_400_000),
    ("hour", 3_600_000),
    ("minute", 60_000),
    ("second", 1_000),
    ("millisecond", 1),
];

/// Short forms, for those who know them.
const SHORT: [(&str, &str); 6] =
    [("d", "day"), ("h", "hour"), ("min", "minute"), ("s", "second"), ("ms", "millisecond"), ("y", "year")];

/// A duration in words, exactly: "14 days", "1 day 12 hours", "none". Weeks are shown as days.
#[must_use]
pub fn duration_in_words(duration_ms: u64) -> String {
    let mut left = duration_ms;
    let mut words = Vec::new();
    for (unit, length) in UNITS.iter().filter(|(unit, _)| *unit != "week") {
        let count = left / length;
        left %= length;
        if count > 0 {
            words.push(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
        }
    }
    if words.is_empty() { "none".to_owned() } else { words.join(" ") }
}

/// Reads a duration in words, as milliseconds.
///
/// # Errors
/// What to write instead.
pub fn duration_from_words(text: &str) -> Result<u64, String> {
    let example = "write a whole number and a unit, such as \"14 days\", \"36 hours\" or \"20 s\"";
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(format!("no duration: {example}"));
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (digits, after) = split_where(rest, |c| !c.is_ascii_digit());
        let (name, after) = split_where(after.trim_start(), |c| !c.is_alphabetic());
        rest = after.trim_start();
        if digits.is_empty() || name.is_empty() {
            return Err(format!("{text:?} is no duration: {example}"));
        }
        let length = unit(name)?;
        let part = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(length));
        total = part
            .and_then(|part| total.checked_add(part))
            .filter(|total| i64::try_from(*total).is_ok())
            .ok_or_else(|| format!("{text:?} is too long to be counted in milliseconds"))?;
    }
    Ok(total)
}

fn split_where(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

fn unit(name: &str) -> Result<u64, String> {
    let lower = name.to_lowercase();
    let long = SHORT.iter().find(|(short, _)| *short == lower).map_or(lower.as_str(), |(_, long)| long);
    let singular = long.strip_suffix('s').unwrap_or(long);
    if singular == "month" {
        return Err("a month has no fixed length: write it in days, such as \"30 days\"".to_owned());
    }
    UNITS.iter().find(|(unit, _)| *unit == singular).map(|(_, length)| *length).ok_or_else(|| {
        format!("{name:?} is no unit: use years, weeks, days, hours, minutes, seconds or milliseconds")
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        let table = [
            ("14 days", 14 * 86_400_000),
            ("36 hours", 129_600_000),
            ("20 s", 20_000),
            ("20s", 20_000),
            ("1 year", 31_536_000_000),
            ("2 weeks", 1_209_600_000),
            (" 1 Day  12 hours ", 129_600_000),
            ("1d12h", 129_600_000),
            ("5 min", 300_000),
            ("250 ms", 250),
            ("0 days", 0),
        ];
        for (text, expected) in table {
            assert_eq!(duration_from_words(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_says_what_to_write() {
        let table = [
            ("", "no duration"),
            ("14", "\"14\" is no duration"),
            ("days", "\"days\" is no duration"),
            ("-3 days", "\"-3 days\" is no duration"),
            ("1.5 days", "\"1.5 days\" is no duration"),
            ("3 fortnights", "\"fortnights\" is no unit"),
            ("2 months", "\"30 days\""),
            ("300000000000000000 years", "too long"),
            ("9223372036854775808 ms", "too long"),
        ];
        for (text, part) in table {
            let error = duration_from_words(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn words_read_back_as_the_same_duration(duration_ms in 1..=i64::MAX.unsigned_abs()) {
            prop_assert_eq!(duration_from_words(&duration_in_words(duration_ms)), Ok(duration_ms));
        }
    }
}
