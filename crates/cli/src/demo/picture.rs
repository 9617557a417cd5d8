//! A picture of a house on a hill, as a PNG file written from scratch (W3C PNG, RFC 1950).

/// Columns of the picture.
pub(super) const WIDTH: u32 = 1_120;
/// Rows of the picture.
pub(super) const HEIGHT: u32 = 720;

/// The most that a stored block of deflate holds.
const BLOCK: usize = 65_535;

type Colour = [u8; 3];

/// The picture's rows, three bytes a point.
pub(super) fn rows(width: u32, height: u32) -> Vec<Vec<u8>> {
    (0..height).map(|y| (0..width).flat_map(|x| point(scale(x, width), scale(y, height))).collect()).collect()
}

/// The picture as a PNG file. Nothing is compressed: files of the demo should be as large as real ones.
pub(super) fn png() -> Vec<u8> {
    let mut raw = Vec::new();
    for row in rows(WIDTH, HEIGHT) {
        raw.push(0);
        raw.extend(row);
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let size = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()].concat();
    chunk(&mut file, *b"IHDR", &[size.as_slice(), &[8, 2, 0, 0, 0]].concat());
    chunk(&mut file, *b"IDAT", &zlib(&raw));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// A coordinate in thousandths of the side.
fn scale(at: u32, side: u32) -> i64 {
    i64::from(at) * 1_000 / i64::from(side)
}

/// The colour of a point; coordinates in thousandths.
fn point(x: i64, y: i64) -> Colour {
    let hill = 720 - (x - 450) * (x - 450) / 2_600;
    let far = 640 - (x - 820) * (x - 820) / 3_400;
    let house = (350..=650).contains(&x) && (430..=700).contains(&y);
    let roof = (280..430).contains(&y) && (x - 500).abs() <= (y - 280) * 6 / 5;
    let window =
        house && (x - 350) % 75 >= 22 && (x - 350) % 75 < 60 && (y - 430) % 90 >= 25 && (y - 430) % 90 < 70;
    let sun = (x - 830) * (x - 830) + (y - 170) * (y - 170) < 3_600;
    match () {
        () if window => [250, 214, 120],
        () if house => [231, 222, 205],
        () if roof => [164, 74, 58],
        () if y > hill => shade([86, 125, 70], y - hill),
        () if y > far => shade([118, 150, 120], y - far),
        () if sun => [253, 226, 140],
        () => shade([126, 178, 222], -y / 6),
    }
}

/// A colour, darker with depth.
fn shade(colour: Colour, depth: i64) -> Colour {
    colour.map(|part| u8::try_from((i64::from(part) - depth / 8).clamp(0, 255)).unwrap_or(part))
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    let checked = [kind.as_slice(), content].concat();
    file.extend(u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    file.extend(&checked);
    file.extend(crc32fast::hash(&checked).to_be_bytes());
}

/// A zlib stream of stored blocks.
fn zlib(content: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let last = content.len().div_ceil(BLOCK).saturating_sub(1);
    for (place, block) in content.chunks(BLOCK).enumerate() {
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        stream.push(u8::from(place == last));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(block);
    }
    stream.extend(adler32(content).to_be_bytes());
    stream
}

fn adler32(content: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let step = |(one, two): (u32, u32), byte: &u8| {
        let one = (one + u32::from(*byte)) % MODULUS;
        (one, (two + one) % MODULUS)
    };
    let (one, two) = content.iter().fold((1, 0), step);
    two << 16 | one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
        assert_eq!(crc32fast::hash(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn the_file_holds_every_row_in_chunks_that_check() {
        let file = png();
        assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
        let (mut at, mut kinds) = (8, Vec::new());
        while at < file.len() {
            let length = u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
            let checked = &file[at + 4..at + 8 + length];
            let sum = u32::from_be_bytes(file[at + 8 + length..at + 12 + length].try_into().unwrap());
            assert_eq!(crc32fast::hash(checked), sum);
            kinds.push(checked[..4].to_vec());
            at += 12 + length;
        }
        assert_eq!(kinds, [b"IHDR", b"IDAT", b"IEND"]);
        assert!(file.len() > (WIDTH * HEIGHT * 3) as usize);
    }
}
