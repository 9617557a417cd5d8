//! A financial projection as an XLSX file: Office Open XML in a ZIP archive of stored files.

/// What a cell holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    /// Text.
    Text(&'a str),
    /// A whole number.
    Number(i64),
    /// A formula, and its value.
    Formula(&'a str, i64),
}

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Projection" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook of one sheet.
pub(super) fn xlsx(rows: &[Vec<Cell<'_>>]) -> Vec<u8> {
    let sheet = sheet(rows);
    zip(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn sheet(rows: &[Vec<Cell<'_>>]) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    for (number, row) in (1..).zip(rows) {
        text.push_str(&format!("<row r=\"{number}\">"));
        for (column, cell) in ('A'..='Z').zip(row) {
            text.push_str(&match cell {
                Cell::Text(words) => {
                    format!(
                        "<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{}</t></is></c>",
                        escaped(words)
                    )
                }
                Cell::Number(value) => format!("<c r=\"{column}{number}\"><v>{value}</v></c>"),
                Cell::Formula(formula, value) => {
                    format!("<c r=\"{column}{number}\"><f>{}</f><v>{value}</v></c>", escaped(formula))
                }
            });
        }
        text.push_str("</row>");
    }
    text.push_str("</sheetData></worksheet>");
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// An archive of stored files (PKWARE APPNOTE 4.3), dated 1 January 1980, the format's first day.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    const STORED_SINCE_1980: [u8; 8] = [0, 0, 0, 0, 0, 0, 0x21, 0];
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in files {
        let begins = length(archive.len());
        let mut facts = vec![20, 0];
        facts.extend(STORED_SINCE_1980);
        facts.extend(crc32fast::hash(content).to_le_bytes());
        facts.extend([length(content.len()), length(content.len())].concat());
        facts.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
        facts.extend([0, 0]);
        archive.extend([b"PK\x03\x04".as_slice(), &facts, name.as_bytes(), content].concat());
        directory
            .extend([b"PK\x01\x02\x14\x00".as_slice(), &facts, &[0; 10], &begins, name.as_bytes()].concat());
    }
    let count = u16::try_from(files.len()).unwrap_or(u16::MAX).to_le_bytes();
    let ends = [length(directory.len()), length(archive.len())].concat();
    archive.extend(&directory);
    archive.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &ends, &[0, 0]].concat());
    archive
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_directory_finds_every_file() {
        let archive = zip(&[("a.txt", b"one"), ("b/c.txt", b"two & three")]);
        let end = archive.len() - 22;
        assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
        let read = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap()) as usize;
        let mut at = read(end + 16);
        for (name, content) in [("a.txt", "one"), ("b/c.txt", "two & three")] {
            assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
            assert_eq!(&archive[at + 46..at + 46 + name.len()], name.as_bytes());
            let local = read(at + 42);
            assert_eq!(&archive[local..local + 4], b"PK\x03\x04");
            assert_eq!(read(local + 14), crc32fast::hash(content.as_bytes()) as usize);
            let begins = local + 30 + name.len();
            assert_eq!(&archive[begins..begins + content.len()], content.as_bytes());
            at += 46 + name.len();
        }
        assert_eq!(at, end);
    }

    #[test]
    fn cells_stand_at_their_places() {
        let sheet = sheet(&[vec![Cell::Text("a < b"), Cell::Number(7)], vec![Cell::Formula("B1*2", 14)]]);
        assert!(
            sheet
                .contains("<c r=\"A1\" t=\"inlineStr\"><is><t>a &lt; b</t></is></c><c r=\"B1\"><v>7</v></c>")
        );
        assert!(sheet.contains("<c r=\"A2\"><f>B1*2</f><v>14</v></c>"));
    }
}
