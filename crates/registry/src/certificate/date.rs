//! Dates in words, for people: no rule reads one.

const DAY_MS: u64 = 86_400_000;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The day of a time in milliseconds since the Unix epoch, as `24 November 2025` (UTC).
pub(super) fn date_in_words(at_ms: u64) -> String {
    let mut day = at_ms / DAY_MS;
    // The calendar repeats every 400 years.
    const CYCLE_DAYS: u64 = 146_097;
    let mut year = 1970 + day / CYCLE_DAYS * 400;
    day %= CYCLE_DAYS;
    while day >= days_of_year(year) {
        day -= days_of_year(year);
        year += 1;
    }
    let mut month = 0;
    while day >= days_of_month(year, month) {
        day -= days_of_month(year, month);
        month += 1;
    }
    format!("{} {} {year}", day + 1, MONTHS[month])
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_of_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

const fn days_of_month(year: u64, month: usize) -> u64 {
    match month {
        1 => 28 + is_leap(year) as u64,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_known_times() {
        let table = [
            (0, "1 January 1970"),
            (DAY_MS - 1, "1 January 1970"),
            (951_782_400_000, "29 February 2000"),
            (951_868_800_000, "1 March 2000"),
            (1_763_942_400_000, "24 November 2025"),
            (1_767_225_599_999, "31 December 2025"),
            (4_107_542_400_000, "1 March 2100"),
            (12_622_780_800_000, "1 January 2370"),
        ];
        for (at_ms, words) in table {
            assert_eq!(date_in_words(at_ms), words);
        }
        assert!(date_in_words(u64::MAX).ends_with(" 584556019"));
    }
}
