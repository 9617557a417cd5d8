//! A document as Markdown, in which no text of others can be anything but text.

use super::document::{Block, Document};
use crate::prose::harmless;

/// The document.
pub(crate) fn text(document: &Document) -> String {
    let mut text = format!("# {}\n", line(&document.title));
    for block in &document.blocks {
        text.push('\n');
        text.push_str(&rendered(block));
    }
    text
}

fn rendered(block: &Block) -> String {
    match block {
        Block::Heading(heading) => format!("## {}\n", line(heading)),
        Block::Paragraph(paragraph) => format!("{}\n", line(paragraph)),
        Block::Quote(quoted) => quoted.lines().map(|one| format!("> {}  \n", line(one))).collect(),
        // Commands of ours, with ids in them; a fence of four that nothing in them closes.
        Block::Code(code) => format!("````\n{}\n````\n", harmless(code).replace('`', "'")),
        Block::Pairs(pairs) => {
            let pair = |(name, value): &(&str, String)| format!("| {name} | {} |\n", line(value));
            format!("| | |\n| --- | --- |\n{}", pairs.iter().map(pair).collect::<String>())
        }
        Block::Table { headings, rows } => {
            let bar = headings.iter().map(|_| " --- |").collect::<String>();
            let row = |row: &Vec<String>| {
                let cells: String = row.iter().map(|cell| format!(" {} |", line(cell))).collect();
                format!("|{cells}\n")
            };
            let rows: String = rows.iter().map(row).collect();
            format!("| {} |\n|{bar}\n{rows}", headings.join(" | "))
        }
    }
}

/// Text in one line in which nothing is markup: no emphasis, link, image, code, table cell, list, heading, rule,
/// entity or HTML. An address stays an address and does not become a link.
fn line(text: &str) -> String {
    let shown = harmless(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::with_capacity(shown.len());
    for (place, letter) in shown.char_indices() {
        let first = place == 0;
        // A number at the beginning, with a point or a bracket behind it, begins a list.
        let ends_number = matches!(letter, '.' | ')')
            && !first
            && shown[..place].bytes().all(|digit| digit.is_ascii_digit());
        let in_www = letter == '.' && shown[..place].to_ascii_lowercase().ends_with("www");
        let special = match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$' | '@' => true,
            ':' => {
                shown[place..].starts_with("://") || shown[..place].to_ascii_lowercase().ends_with("mailto")
            }
            '#' | '+' | '-' | '=' => first,
            _ => ends_number || in_www,
        };
        if special {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_text() {
        let table = [
            ("plain words, and (brackets)!", "plain words, and (brackets)!"),
            ("*bold* _slanted_ `code`", r"\*bold\* \_slanted\_ \`code\`"),
            ("[a](https://b.example) ![c](d)", r"\[a\](https\://b.example) !\[c\](d)"),
            ("<script>alert(1)</script> &lt;", r"\<script\>alert(1)\</script\> \&lt;"),
            ("a | b\nc", r"a \| b c"),
            ("# no heading", r"\# no heading"),
            ("- no list", r"\- no list"),
            ("12. no list", r"12\. no list"),
            ("3) no list", r"3\) no list"),
            ("at 12. it ends", "at 12. it ends"),
            ("www.b.example", r"www\.b.example"),
            ("a\u{202e}b\u{1b}c", "a\u{fffd}b\u{fffd}c"),
            ("---", r"\---"),
            ("a@b.example", r"a\@b.example"),
        ];
        for (text, expected) in table {
            assert_eq!(line(text), expected);
        }
    }

    #[test]
    fn a_table_keeps_its_cells() {
        let table =
            Block::Table { headings: &["One", "Two"], rows: vec![vec!["a|b".to_owned(), "c\nd".to_owned()]] };
        assert_eq!(rendered(&table), "| One | Two |\n| --- | --- |\n| a\\|b | c d |\n");
    }
}
