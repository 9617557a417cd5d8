//! Tables that fit the terminal: columns as wide as their content, the widest cut first where there is no room.

use anstyle::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::prose::{BOLD, DIM, harmless, styled};

/// Columns between two columns of a table.
const GAP: usize = 2;
/// No column is cut below this.
const NARROWEST: usize = 6;

/// One cell: text and its style.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    text: String,
    style: Style,
}

/// A table with headings.
#[derive(Debug)]
pub(crate) struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

impl Cell {
    /// A cell in a style.
    pub(crate) fn styled(style: Style, text: impl Into<String>) -> Self {
        Self { text: harmless(&text.into()).replace('\n', " "), style }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::styled(Style::new(), text)
    }
}

impl Table {
    pub(crate) fn new(headings: &[&'static str]) -> Self {
        Self { headings: headings.to_vec(), rows: Vec::new() }
    }

    pub(crate) fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(cells.into());
    }

    /// The table for this terminal, or a sentence where it has no rows.
    pub(crate) fn or(&self, empty: &str) -> String {
        if self.rows.is_empty() { format!("{empty}\n") } else { self.render(terminal_columns()) }
    }

    /// The table within so many columns; without a bound nothing is cut.
    fn render(&self, columns: Option<usize>) -> String {
        let widths = self.widths(columns);
        let mut text = String::new();
        let headings = self.headings.iter().map(|heading| Cell::styled(BOLD, *heading)).collect::<Vec<_>>();
        push_line(&mut text, &headings, &widths);
        let rule = "─".repeat(widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1));
        text.push_str(&styled(DIM, rule));
        text.push('\n');
        for row in &self.rows {
            push_line(&mut text, row, &widths);
        }
        text
    }

    fn widths(&self, columns: Option<usize>) -> Vec<usize> {
        let widest = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.text.width());
            cells.max().unwrap_or(0).max(self.headings.get(column).map_or(0, |heading| heading.width()))
        };
        let mut widths: Vec<usize> = (0..self.headings.len()).map(widest).collect();
        let room = columns.unwrap_or(usize::MAX).saturating_sub(GAP * widths.len().saturating_sub(1));
        while widths.iter().sum::<usize>() > room {
            match widths.iter_mut().max() {
                Some(width) if *width > NARROWEST => *width -= 1,
                _ => break,
            }
        }
        widths
    }
}

fn push_line(text: &mut String, cells: &[Cell], widths: &[usize]) {
    let mut line = String::new();
    for (place, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let shown = cut(&cell.text, *width);
        let padding = if place + 1 == widths.len() { 0 } else { width + GAP - shown.width() };
        if !shown.is_empty() {
            line.push_str(&if cell.style == Style::new() { shown } else { styled(cell.style, shown) });
        }
        line.push_str(&" ".repeat(padding));
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

/// Text within so many columns; what is cut ends in `…`.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut used = 0;
    let fits = |letter: &char| {
        used += letter.width().unwrap_or(0);
        used < columns
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// Columns of the terminal that stdout is; none where it is a file or a pipe.
pub(crate) fn terminal_columns() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// `name  value` lines with the names in one column.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let line = |(name, value): &(&str, String)| {
        let indent = format!("\n{}", " ".repeat(width + GAP));
        let padding = " ".repeat(width + GAP - name.width());
        format!("{}{padding}{}\n", styled(DIM, name), value.replace('\n', &indent))
    };
    pairs.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    fn hubs() -> Table {
        let mut table = Table::new(&["HUB", "CITY", "STATUS"]);
        table.row(["sao-paulo".into(), "São Paulo".into(), "co-owner".into()]);
        table.row(["kyoto".into(), "京都".into(), "applicant for long".into()]);
        table
    }

    #[test]
    fn columns_stand_under_each_other() {
        let text = bare(&hubs().render(None));
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "HUB        CITY       STATUS");
        assert_eq!(lines[2], "sao-paulo  São Paulo  co-owner");
        assert_eq!(lines[3], "kyoto      京都       applicant for long");
    }

    #[test]
    fn what_does_not_fit_is_cut_at_the_widest_column() {
        let text = bare(&hubs().render(Some(32)));
        assert!(text.lines().all(|line| line.width() <= 32), "{text}");
        assert!(text.contains("applicant…"), "{text}");
        assert!(text.contains("São Paulo"), "{text}");
    }

    #[test]
    fn an_empty_table_says_what_to_do() {
        assert_eq!(Table::new(&["HUB"]).or("No hubs yet."), "No hubs yet.\n");
    }
}
