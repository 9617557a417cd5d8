//! Text for people: styles, short ids, counts, and peers' text made harmless.

use anstyle::{AnsiColor, Reset, Style};

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const RED: Style = AnsiColor::Red.on_default().bold();
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();
pub(crate) const PLAIN: Reset = Reset;

/// Letters of a written id that are shown in tables; enough to name it in a command.
const SHORT_LETTERS: usize = 14;

/// Text in a style.
pub(crate) fn styled(style: Style, text: impl AsRef<str>) -> String {
    format!("{style}{}{PLAIN}", text.as_ref())
}

/// A written id, a key or a hash, cut to what names it in a command.
pub(crate) fn short(id: &str) -> String {
    let letters = id.strip_prefix("did:key:").unwrap_or(id);
    letters.chars().take(SHORT_LETTERS).collect()
}

/// "1 seat", "3 seats".
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Text from peers, made harmless for a terminal: control and direction-changing characters become `�`.
pub(crate) fn harmless(text: &str) -> String {
    let shown = |letter: char| {
        let turns =
            matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if (letter.is_control() && letter != '\n') || turns { '\u{fffd}' } else { letter }
    };
    text.chars().map(shown).collect()
}

/// Bytes for people: "3.4 MB". Powers of ten, one digit behind the point, exact arithmetic.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)];
    UNITS.iter().find(|(_, unit)| count >= *unit).map_or_else(
        || format!("{count} B"),
        |(name, unit)| format!("{}.{} {name}", count / unit, count % unit * 10 / unit),
    )
}

/// Paragraph lines of at most `width` columns.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let used = lines.last().map_or(0, |line| line.chars().count());
        if used > 0 && used + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\u{202e}c\rd"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}d");
        assert_eq!(harmless("São Paulo, İstanbul"), "São Paulo, İstanbul");
    }

    #[test]
    fn bytes_are_told_in_powers_of_ten() {
        let table = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (3_449_999, "3.4 MB"),
            (u64::MAX, "18446744073.7 GB"),
        ];
        for (count, expected) in table {
            assert_eq!(bytes(count), expected);
        }
    }

    #[test]
    fn paragraphs_break_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("incomprehensibilities yes", 5), ["incomprehensibilities", "yes"]);
    }
}
