//! Hexadecimal digits, for bytes that travel in JSON.

/// Lower-case digits.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The bytes of an even number of digits; none for anything else.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len()).step_by(2).map(|place| u8::from_str_radix(text.get(place..place + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn digits_read_back_and_others_do_not() {
        assert_eq!(super::decode(&super::encode(&[0, 15, 255])), Some(vec![0, 15, 255]));
        for text in ["0", "0g", "+1", "ö1"] {
            assert_eq!(super::decode(text), None, "{text}");
        }
    }
}
