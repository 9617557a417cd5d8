//! Tables of commas, quotes and lines (RFC 4180), as spreadsheets write them.

/// A line of a table, which quotes may stretch over several lines of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The line of the file on which it begins, counted from 1.
    pub(crate) line: usize,
    /// Its cells; or what is wrong with its quotes.
    pub(crate) cells: Result<Vec<String>, &'static str>,
}

/// The rows of a table, without empty lines. Cells are parted by commas; by semicolons where the first line has no
/// comma, as spreadsheets write them where commas stand in numbers.
pub(crate) fn rows(text: &str) -> Vec<Row> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    let separator = if first.contains(';') && !first.contains(',') { ';' } else { ',' };
    let (mut rows, mut rest, mut line) = (Vec::new(), text, 1);
    while !rest.is_empty() {
        let (cells, read) = row(rest, separator);
        let (this, behind) = rest.split_at(read);
        if !this.trim().is_empty() {
            rows.push(Row { line, cells });
        }
        line += this.matches('\n').count();
        rest = behind;
    }
    rows
}

/// The cells of the first row of a text, and its length with the end of its line.
fn row(text: &str, separator: char) -> (Result<Vec<String>, &'static str>, usize) {
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let (mut quoted, mut was_quoted, mut fault) = (false, false, None);
    let mut letters = text.char_indices().peekable();
    while let Some((place, letter)) = letters.next() {
        if quoted {
            match letter {
                '"' if letters.next_if(|(_, next)| *next == '"').is_some() => cell.push('"'),
                '"' => quoted = false,
                other => cell.push(other),
            }
            continue;
        }
        match letter {
            '\n' => {
                cells.push(cell);
                return (fault.map_or(Ok(cells), Err), place + 1);
            }
            '\r' if letters.peek().is_none_or(|(_, next)| *next == '\n') => {}
            '"' if cell.is_empty() && !was_quoted => (quoted, was_quoted) = (true, true),
            letter if letter == separator => {
                cells.push(std::mem::take(&mut cell));
                was_quoted = false;
            }
            _ if was_quoted => fault = Some("something stands behind a quote that ends a cell"),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    if quoted {
        fault = Some("a quote is opened and never closed, so nothing behind it could be read");
    }
    (fault.map_or(Ok(cells), Err), text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Result<Vec<String>, &'static str>)> {
        rows(text).into_iter().map(|row| (row.line, row.cells)).collect()
    }

    fn cells(cells: &[&str]) -> Result<Vec<String>, &'static str> {
        Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn quotes_hold_commas_quotes_and_lines() {
        let text = "\u{feff}a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\n\n,\n\"\",last";
        let expected = [
            (1, cells(&["a", "b"])),
            (2, cells(&["x, \"y\"", "two\nlines"])),
            (5, cells(&["", ""])),
            (6, cells(&["", "last"])),
        ];
        assert_eq!(read(text), expected);
        assert_eq!(read("a;b\n1,5;2"), [(1, cells(&["a", "b"])), (2, cells(&["1,5", "2"]))]);
        assert_eq!(read(""), []);
    }

    #[test]
    fn a_fault_in_one_row_spoils_no_other() {
        let rows = read("a,b\n\"x\"y,1\nc,d\n\"open,e\nf,g\n");
        assert_eq!(rows.len(), 4);
        assert_eq!((rows[0].0, &rows[0].1), (1, &cells(&["a", "b"])));
        assert!(rows[1].0 == 2 && rows[1].1.is_err());
        assert_eq!((rows[2].0, &rows[2].1), (3, &cells(&["c", "d"])));
        assert!(rows[3].0 == 4 && rows[3].1.is_err());
    }
}
