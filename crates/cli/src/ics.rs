//! Calendars (RFC 5545): what is due, with its time in UTC, for any program that shows calendars.

use cohub_record::Hash;
use jiff::Timestamp;

use crate::prose::harmless;

/// Octets of a line before it is folded, without its end.
const LINE_OCTETS: usize = 75;

/// One thing that is due.
pub(crate) struct Entry<'a> {
    /// What makes it this thing and no other, also in a calendar of tomorrow.
    pub(crate) identity: [&'a str; 4],
    /// In a few words.
    pub(crate) summary: String,
    /// In more.
    pub(crate) description: String,
    /// Until when; without it the entry is a task without a date.
    pub(crate) by: Option<u64>,
}

/// The calendar. `now_ms` stamps it.
pub(crate) fn calendar(name: &str, entries: &[Entry<'_>], now_ms: u64) -> String {
    let mut text = String::new();
    let mut line = |content: String| text.push_str(&folded(&content));
    line("BEGIN:VCALENDAR".to_owned());
    line("VERSION:2.0".to_owned());
    line(format!("PRODID:-//cohub//cohub {}//EN", env!("CARGO_PKG_VERSION")));
    line("CALSCALE:GREGORIAN".to_owned());
    line(format!("X-WR-CALNAME:{}", escaped(name)));
    for entry in entries {
        let component = if entry.by.is_some() { "VEVENT" } else { "VTODO" };
        line(format!("BEGIN:{component}"));
        line(format!("UID:{}", uid(entry)));
        line(format!("DTSTAMP:{}", utc(now_ms)));
        if let Some(by) = entry.by {
            line(format!("DTSTART:{}", utc(by)));
            line("TRANSP:TRANSPARENT".to_owned());
        }
        line(format!("SUMMARY:{}", escaped(&entry.summary)));
        line(format!("DESCRIPTION:{}", escaped(&entry.description)));
        if entry.by.is_some() {
            line("BEGIN:VALARM".to_owned());
            line("ACTION:DISPLAY".to_owned());
            line(format!("DESCRIPTION:{}", escaped(&entry.summary)));
            line("TRIGGER:-P1D".to_owned());
            line("END:VALARM".to_owned());
        } else {
            line("STATUS:NEEDS-ACTION".to_owned());
        }
        line(format!("END:{component}"));
    }
    line("END:VCALENDAR".to_owned());
    text
}

/// The same for the same thing, whenever and wherever it is written.
fn uid(entry: &Entry<'_>) -> String {
    let parts = entry.identity.map(|part| [part.as_bytes(), b"\n"].concat());
    let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    format!("{}@cohub", Hash::of("cohub agenda v1\n", &parts))
}

/// `20261124T150207Z`; times beyond every calendar are its last second.
fn utc(at_ms: u64) -> String {
    let stamp = i64::try_from(at_ms).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    stamp.map_or_else(|| "99991231T235959Z".to_owned(), |stamp| stamp.strftime("%Y%m%dT%H%M%SZ").to_string())
}

/// A TEXT value: no line ends, and no character that ends a value or a list.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in harmless(text).chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// One content line, folded between characters so that no line has more than 75 octets.
fn folded(content: &str) -> String {
    let mut text = String::with_capacity(content.len() + 2);
    let mut used = 0;
    for letter in content.chars() {
        if used + letter.len_utf8() > LINE_OCTETS {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(letter);
        used += letter.len_utf8();
    }
    text.push_str("\r\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(by: Option<u64>) -> Entry<'static> {
        Entry {
            identity: ["net1x", "anna", "ballot", "rec1x"],
            summary: "Vote: Ankara; \\ İstanbul, São Paulo\nEND:VEVENT".to_owned(),
            description: "x".repeat(200) + "ü",
            by,
        }
    }

    #[test]
    fn a_calendar_is_as_the_rfc_has_it() {
        let text = calendar("Agenda", &[entry(Some(1_795_478_400_000)), entry(None)], 0);
        assert!(
            text.split("\r\n").all(|line| line.len() <= LINE_OCTETS && !line.contains(['\r', '\n'])),
            "{text}"
        );
        let unfolded = text.replace("\r\n ", "");
        let lines: Vec<&str> = unfolded.lines().collect();
        assert_eq!((lines[0], lines[lines.len() - 1]), ("BEGIN:VCALENDAR", "END:VCALENDAR"));
        assert!(lines.contains(&"DTSTART:20261124T000000Z") && lines.contains(&"DTSTAMP:19700101T000000Z"));
        let summary = r"SUMMARY:Vote: Ankara\; \\ İstanbul\, São Paulo\nEND:VEVENT";
        assert_eq!(lines.iter().filter(|line| **line == summary).count(), 2, "{unfolded}");
        for component in ["VEVENT", "VTODO", "VALARM"] {
            let count =
                |word: &str| lines.iter().filter(|line| **line == format!("{word}:{component}")).count();
            assert_eq!((count("BEGIN"), count("END")), (1, 1), "{component}");
        }
    }

    #[test]
    fn one_thing_has_one_uid() {
        let again = Entry { summary: "other words".to_owned(), by: None, ..entry(Some(1)) };
        assert_eq!(uid(&entry(None)), uid(&again));
        let other = Entry { identity: ["net1x", "annab", "allot", "rec1x"], ..entry(None) };
        assert_ne!(uid(&entry(None)), uid(&other));
        assert_eq!(utc(u64::MAX), "99991231T235959Z");
    }
}
