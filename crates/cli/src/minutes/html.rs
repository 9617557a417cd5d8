//! A document as one HTML page to print: no script, nothing fetched, and no text of others that is markup.

use super::document::{Block, Document};
use crate::prose::harmless;

const STYLE: &str = "body{font:11pt/1.45 Georgia,'Times New Roman',serif;color:#111;background:#fff;max-width:60rem;\
                     margin:2rem auto;padding:0 1rem}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}\
                     table{border-collapse:collapse;width:100%;font-size:.85rem}th,td{border-bottom:1px solid #bbb;\
                     text-align:start;vertical-align:top;padding:.3rem .6rem .3rem 0;overflow-wrap:anywhere}\
                     th,td:first-child{overflow-wrap:normal}pre,blockquote{border-inline-start:3px solid #bbb;margin:1rem 0;padding:.2rem 1rem;\
                     white-space:pre-wrap;overflow-wrap:anywhere}@media print{body{margin:0;max-width:none}\
                     h2,tr{break-inside:avoid}h2{break-after:avoid}}";

/// The page.
pub(crate) fn page(document: &Document) -> String {
    let title = escaped(&document.title);
    let blocks: String = document.blocks.iter().map(rendered).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{}</h1>\n{blocks}</body>\n</html>\n",
        apart(&document.title)
    )
}

fn rendered(block: &Block) -> String {
    match block {
        Block::Heading(heading) => format!("<h2>{}</h2>\n", apart(heading)),
        Block::Paragraph(paragraph) => format!("<p>{}</p>\n", apart(paragraph)),
        Block::Quote(quoted) => format!("<blockquote>{}</blockquote>\n", apart(quoted)),
        Block::Code(code) => format!("<pre>{}</pre>\n", escaped(code)),
        Block::Pairs(pairs) => {
            let pair = |(name, value): &(&str, String)| {
                format!("<tr><th scope=\"row\">{name}</th><td>{}</td></tr>\n", apart(value))
            };
            format!("<table>\n{}</table>\n", pairs.iter().map(pair).collect::<String>())
        }
        Block::Table { headings, rows } => {
            let heading = |heading: &&str| match *heading {
                "" => "<td></td>".to_owned(),
                heading => format!("<th scope=\"col\">{heading}</th>"),
            };
            let headings: String = headings.iter().map(heading).collect();
            let row = |row: &Vec<String>| {
                let cells: String = row.iter().map(|cell| format!("<td>{}</td>", apart(cell))).collect();
                format!("<tr>{cells}</tr>\n")
            };
            let rows: String = rows.iter().map(row).collect();
            format!("<table>\n<thead><tr>{headings}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n")
        }
    }
}

/// Text whose direction does not reach what stands beside it.
fn apart(text: &str) -> String {
    format!("<bdi>{}</bdi>", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in harmless(text).chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_text() {
        let evil = "</title><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & \u{202e}";
        let document = Document {
            title: evil.to_owned(),
            blocks: vec![
                Block::Heading(evil.to_owned()),
                Block::Paragraph(evil.to_owned()),
                Block::Quote(evil.to_owned()),
                Block::Code(evil.to_owned()),
                Block::Pairs(vec![("Asked", evil.to_owned())]),
                Block::Table { headings: &["", "Vote"], rows: vec![vec![evil.to_owned(), evil.to_owned()]] },
            ],
        };
        let page = page(&document);
        assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{202e}'), "{page}");
        assert_eq!(page.matches("&lt;/title&gt;").count(), 9);
        assert_eq!(page.matches("</title>").count(), 1);
    }
}
