//! A report as a PDF file (ISO 32000): headed pages of text, and a picture on the first.

use super::picture;
use crate::prose::wrapped;

/// Points of an A4 page.
const PAGE: (u32, u32) = (595, 842);
/// Letters of a line at this size and width.
const LINE_LETTERS: usize = 84;
/// Lines of a page below its heading.
const PAGE_LINES: usize = 44;
/// Columns and rows of the picture on the first page.
const PICTURE: (u32, u32) = (640, 400);

/// A report: one page a section, the first with a picture.
pub(super) fn pdf(title: &str, sections: &[(&str, &str)]) -> Vec<u8> {
    let mut objects: Vec<Vec<u8>> = Vec::new();
    let pages: Vec<Vec<u8>> =
        sections.iter().enumerate().map(|(place, section)| page(title, place, section)).collect();
    let kids: Vec<String> = (0..pages.len()).map(|place| format!("{} 0 R", 5 + 2 * place)).collect();
    objects.push(b"<< /Type /Catalog /Pages 2 0 R >>".to_vec());
    objects
        .push(format!("<< /Type /Pages /Count {} /Kids [{}] >>", pages.len(), kids.join(" ")).into_bytes());
    objects
        .push(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec());
    objects.push(image());
    for (place, content) in pages.iter().enumerate() {
        let (width, height) = PAGE;
        let content_at = 6 + 2 * place;
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {content_at} 0 R \
                 /Resources << /Font << /F 3 0 R >> /XObject << /P 4 0 R >> >> >>"
            )
            .into_bytes(),
        );
        objects.push(stream("", content));
    }
    file(&objects)
}

fn image() -> Vec<u8> {
    let (width, height) = PICTURE;
    let points: Vec<u8> = picture::rows(width, height).concat();
    let kind = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB /BitsPerComponent 8 "
    );
    stream(&kind, &points)
}

fn page(title: &str, place: usize, (heading, text): &(&str, &str)) -> Vec<u8> {
    let mut content = Vec::new();
    let mut y = PAGE.1 - 72;
    if place == 0 {
        write_line(&mut content, 20, y, title);
        content.extend(format!("q 451 0 0 282 72 {} cm /P Do Q\n", y - 310).bytes());
        y -= 350;
    }
    write_line(&mut content, 14, y, heading);
    for line in wrapped(text, LINE_LETTERS).iter().take(PAGE_LINES) {
        y = y.saturating_sub(15);
        write_line(&mut content, 10, y, line);
    }
    content
}

/// A line of text; letters beyond Latin-1 are written without their marks' help, as `?`.
fn write_line(content: &mut Vec<u8>, size: u32, y: u32, text: &str) {
    content.extend(format!("BT /F {size} Tf 72 {y} Td (").bytes());
    for letter in text.chars() {
        let byte = u8::try_from(u32::from(letter)).unwrap_or(b'?');
        if matches!(byte, b'(' | b')' | b'\\') {
            content.push(b'\\');
        }
        content.push(byte);
    }
    content.extend(b") Tj ET\n");
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries}/Length {} >>\nstream\n", content.len());
    [head.as_bytes(), content, b"\nendstream"].concat()
}

/// Objects, their table of places, and the trailer.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    let count = objects.len() + 1;
    file.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(format!("trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").bytes());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_the_place_of_every_object() {
        let file = pdf("A (small) report", &[("One", "Text."), ("Two", "More, from São Paulo.")]);
        let find = |needle: &[u8]| file.windows(needle.len()).rposition(|window| window == needle).unwrap();
        let table = find(b"xref\n0 ");
        assert!(String::from_utf8_lossy(&file[find(b"startxref")..]).contains(&table.to_string()));
        let lines: Vec<String> = String::from_utf8_lossy(&file[table..]).lines().map(str::to_owned).collect();
        assert_eq!(lines[1], "0 9");
        for number in 1..9 {
            let place: usize = lines[2 + number][..10].parse().unwrap();
            assert!(file[place..].starts_with(format!("{number} 0 obj").as_bytes()), "object {number}");
        }
        assert_eq!(find(b"A \\(small\\) report"), find(b"A \\("));
        assert!(file.windows(2).any(|window| window == [0xe3, b'o']));
    }
}
