//! Expected output: text with places that may vary.
//!
//! A line `...` stands for any number of lines. Within a line `[..]` stands for any text, and a name in capitals
//! such as `[MOTION]` for one word: the first time it takes the word that it finds, from then on it must be the
//! same word, on whatever hub it is shown.

use std::collections::BTreeMap;

/// The words that names stand for.
pub type Names = BTreeMap<String, String>;

/// Expected lines of output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Line {
    AnyNumber,
    Parts { text: String, parts: Vec<Part> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Anything,
    Word(String),
}

impl Pattern {
    /// Reads a pattern, line by line. Spaces at the ends of lines say nothing.
    pub fn parse<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        Self { lines: lines.into_iter().map(Line::parse).collect() }
    }

    /// The same, open at its end: more lines may follow.
    #[must_use]
    pub fn open_ended(mut self) -> Self {
        self.lines.push(Line::AnyNumber);
        self
    }

    /// The names with what they newly stand for, if the output is as expected.
    #[must_use]
    pub fn matches(&self, output: &str, names: &Names) -> Option<Names> {
        let output: Vec<&str> = output.lines().map(str::trim_end).collect();
        match_lines(&self.lines, &output, names)
    }

    /// Expected and found lines side by side: ` ` as expected, `-` expected but not there, `+` there but not
    /// expected.
    #[must_use]
    pub fn difference(&self, output: &str, names: &Names) -> String {
        let output: Vec<&str> = output.lines().map(str::trim_end).collect();
        align(&self.lines, &output, names)
    }
}

impl Line {
    fn parse(text: &str) -> Self {
        let text = text.trim_end();
        if text.trim_start() == "..." {
            return Self::AnyNumber;
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, name, after)) = next_place(rest) {
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(if name == ".." { Part::Anything } else { Part::Word(name.to_owned()) });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Self::Parts { text: text.to_owned(), parts }
    }

    fn matches(&self, line: &str, names: &Names) -> Option<Names> {
        match self {
            Self::AnyNumber => None,
            Self::Parts { parts, .. } => match_parts(parts, line, names),
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::AnyNumber => "...",
            Self::Parts { text, .. } => text,
        }
    }
}

/// The first `[..]` or `[NAME]`: what is before it, the name, what is after it.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices('[').find_map(|(open, _)| {
        let (name, after) = text[open + 1..].split_once(']')?;
        let is_name = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        (is_name || name == "..").then_some((&text[..open], name, after))
    })
}

fn match_lines(expected: &[Line], output: &[&str], names: &Names) -> Option<Names> {
    let Some((first, rest)) = expected.split_first() else {
        return output.is_empty().then(|| names.clone());
    };
    if *first == Line::AnyNumber {
        return (0..=output.len()).find_map(|skipped| match_lines(rest, &output[skipped..], names));
    }
    let (line, lines) = output.split_first()?;
    match_lines(rest, lines, &first.matches(line, names)?)
}

fn match_parts(parts: &[Part], line: &str, names: &Names) -> Option<Names> {
    let Some((first, rest)) = parts.split_first() else {
        return line.is_empty().then(|| names.clone());
    };
    match first {
        Part::Text(text) => match_parts(rest, line.strip_prefix(text.as_str())?, names),
        Part::Anything => ends(line, line.len()).find_map(|end| match_parts(rest, &line[end..], names)),
        Part::Word(name) => match names.get(name) {
            Some(word) => match_parts(rest, line.strip_prefix(word.as_str())?, names),
            None => {
                let longest = line.find(char::is_whitespace).unwrap_or(line.len());
                ends(line, longest).skip(1).collect::<Vec<_>>().into_iter().rev().find_map(|end| {
                    let mut names = names.clone();
                    names.insert(name.clone(), line[..end].to_owned());
                    match_parts(rest, &line[end..], &names)
                })
            }
        },
    }
}

/// Where a text can be cut, up to a length.
fn ends(text: &str, longest: usize) -> impl Iterator<Item = usize> + '_ {
    (0..=longest).filter(|end| text.is_char_boundary(*end))
}

/// Aligns the lines so that as few as possible differ; lines where `...` stands are as expected.
fn align(expected: &[Line], output: &[&str], names: &Names) -> String {
    let (rows, columns) = (expected.len(), output.len());
    let open = |row: usize| row > 0 && expected[row - 1] == Line::AnyNumber;
    // differing[row][column]: lines that differ at least, from there to the ends.
    let mut differing = vec![vec![usize::MAX; columns + 1]; rows + 1];
    let best = |differing: &[Vec<usize>], row: usize, column: usize| -> (usize, Step) {
        let mut steps = vec![];
        if row < rows && column < columns && expected[row].matches(output[column], names).is_some() {
            steps.push((differing[row + 1][column + 1], Step::Same));
        }
        if row < rows {
            let cost = usize::from(expected[row] != Line::AnyNumber);
            steps.push((differing[row + 1][column] + cost, Step::Lacking));
        }
        if column < columns {
            steps.push((differing[row][column + 1] + usize::from(!open(row)), Step::Added));
        }
        steps.into_iter().min().unwrap_or((0, Step::Same))
    };
    for row in (0..=rows).rev() {
        for column in (0..=columns).rev() {
            differing[row][column] = best(&differing, row, column).0;
        }
    }
    let (mut row, mut column, mut text) = (0, 0, String::new());
    while row < rows || column < columns {
        let (sign, line) = match best(&differing, row, column).1 {
            Step::Same => (' ', output[column]),
            Step::Lacking if expected[row] == Line::AnyNumber => (' ', "..."),
            Step::Lacking => ('-', expected[row].text()),
            Step::Added if open(row) => (' ', output[column]),
            Step::Added => ('+', output[column]),
        };
        let step = best(&differing, row, column).1;
        row += usize::from(step != Step::Added);
        column += usize::from(step != Step::Lacking);
        text += &format!("    {sign} {line}\n");
    }
    text
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Same,
    Lacking,
    Added,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, output: &str) -> Option<Names> {
        Pattern::parse(pattern.lines()).matches(output, &Names::new())
    }

    #[test]
    fn text_is_itself() {
        assert!(matches("one\ntwo", "one\ntwo\n").is_some());
        assert!(matches("one  ", "one").is_some());
        for other in ["one", "one\ntwo\nthree", "two\none", ""] {
            assert!(matches("one\ntwo", other).is_none(), "{other}");
        }
    }

    #[test]
    fn places_may_vary_within_their_line() {
        assert!(matches("head [..] of [..]", "head 12 of São Paulo").is_some());
        assert!(matches("head[..]", "head ").is_some());
        assert!(matches("head [..] of", "head 12\nof").is_none());
        assert!(matches("[x] stays", "[x] stays").is_some());
        assert!(matches("[x] stays", "y stays").is_none());
    }

    #[test]
    fn dots_stand_for_any_number_of_lines() {
        for output in ["first\nlast", "first\n1\nlast", "first\nlast\n2\nlast"] {
            assert!(matches("first\n...\nlast", output).is_some(), "{output}");
        }
        assert!(matches("first\n...\nlast", "first\nlast\n2").is_none());
        assert!(Pattern::parse(["first"]).open_ended().matches("first\n2\n3", &Names::new()).is_some());
    }

    #[test]
    fn a_name_is_the_same_word_wherever_it_stands() {
        let names = matches("motion [ID].\n...\nsee [ID]", "motion m1.\nx\nsee m1").unwrap();
        assert_eq!(names["ID"], "m1");
        assert!(matches("motion [ID]\nsee [ID]", "motion m1\nsee m2").is_none());
        assert!(matches("motion [ID] is", "motion m1 m2 is").is_none());
        assert!(matches("motion [ID]", "motion ").is_none());
        assert!(Pattern::parse(["see [ID]"]).matches("see m2", &names).is_none());
    }

    #[test]
    fn a_name_is_taken_from_the_lines_that_fit() {
        let names = matches("...\nid [ID]\nend", "id a\nno\nid b\nend").unwrap();
        assert_eq!(names["ID"], "b");
    }

    #[test]
    fn a_difference_shows_what_lacks_and_what_is_there_instead() {
        let pattern = Pattern::parse(["first", "...", "yes 3", "end"]);
        assert_eq!(
            pattern.difference("first\nskipped\nyes 2\nend\n", &Names::new()),
            "      first\n      ...\n      skipped\n      yes 2\n    - yes 3\n      end\n"
        );
        let pattern = Pattern::parse(["first", "yes 3"]);
        assert_eq!(
            pattern.difference("first\nyes 2\n", &Names::new()),
            "      first\n    - yes 3\n    + yes 2\n"
        );
    }
}
