//! The straight way to read a header: one pass over its bytes, into its fields.
//!
//! It knows only headers as honest software writes them, and answers nothing to all others: [`Header::decode`] then
//! goes its own way and says what is wrong. So what is accepted, and why something is not, is decided there alone;
//! what is read here is what would be read there.

use crate::{Descriptor, Field as _, Header, Id, List, Value, limits};

const INTEGER: u8 = 0;
const NEGATIVE: u8 = 1;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const NULL: u8 = 0xf6;
/// The first byte of an array of nine: a header.
const NINE_FIELDS: u8 = ARRAY << 5 | 9;

/// Reads a header whose version is this small integer.
pub(crate) fn header(bytes: &[u8], version: u8) -> Option<Header> {
    let rest = bytes.strip_prefix(&[NINE_FIELDS, version])?;
    let mut reader = Reader { rest };
    let inside = limits::DEPTH.checked_sub(1)?;
    let header = Header {
        network: reader.id_or_null()?,
        seq: reader.number(INTEGER)?,
        prev: reader.id_or_null()?,
        at: reader.number(INTEGER)?,
        kind: reader.kind()?,
        cites: reader.cites()?,
        body: reader.value(inside)?,
        attachments: reader.attachments(inside)?,
    };
    (reader.rest.is_empty() && i64::try_from(header.seq.max(header.at)).is_ok()).then_some(header)
}

/// The bytes that were not read yet.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// What stands next, and its number in the shortest form that there is.
    fn head(&mut self) -> Option<(u8, u64)> {
        let first = *self.take(1)?.first()?;
        let (kind, short) = (first >> 5, first & 0x1f);
        let length = match short {
            0..=23 => return Some((kind, u64::from(short))),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            _ => return None,
        };
        let number = self.take(length)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        let least = match length {
            1 => 24,
            2 => 1 << 8,
            4 => 1 << 16,
            _ => 1 << 32,
        };
        (number >= least).then_some((kind, number))
    }

    fn number(&mut self, expected: u8) -> Option<u64> {
        self.head().and_then(|(kind, number)| (kind == expected).then_some(number))
    }

    /// A length: of bytes, of a text or of an array. Each of its items takes a byte at least.
    fn length(&mut self, expected: u8) -> Option<usize> {
        let length = usize::try_from(self.number(expected)?).ok()?;
        (length <= self.rest.len()).then_some(length)
    }

    fn id_or_null(&mut self) -> Option<Option<Id>> {
        if let Some(rest) = self.rest.strip_prefix(&[NULL]) {
            self.rest = rest;
            return Some(None);
        }
        self.id().map(Some)
    }

    fn id(&mut self) -> Option<Id> {
        let length = self.length(BYTES)?;
        self.take(length)?.try_into().ok().map(Id::from_bytes)
    }

    fn text(&mut self, length: usize) -> Option<String> {
        std::str::from_utf8(self.take(length)?).ok().map(str::to_owned)
    }

    fn kind(&mut self) -> Option<String> {
        let length = self.length(TEXT)?;
        (1..=limits::KIND_BYTES).contains(&length).then(|| self.text(length))?
    }

    fn cites(&mut self) -> Option<Vec<Vec<Id>>> {
        let count = self.length(ARRAY)?;
        let mut left = limits::CITES;
        let mut groups = Vec::with_capacity((count <= limits::CITE_GROUPS).then_some(count)?);
        for _ in 0..count {
            let ids = self.length(ARRAY)?;
            left = left.checked_sub(ids)?;
            let mut group = Vec::with_capacity(ids);
            for _ in 0..ids {
                group.push(self.id()?);
            }
            groups.push(group);
        }
        Some(groups)
    }

    /// A value that may hold `left` further levels of arrays. Null stands in none.
    fn value(&mut self, left: usize) -> Option<Value> {
        let (kind, number) = self.head()?;
        let length = || usize::try_from(number).ok().filter(|length| *length <= self.rest.len());
        match kind {
            INTEGER => i64::try_from(number).ok().map(Value::Integer),
            NEGATIVE => i64::try_from(number).ok().map(|number| Value::Integer(-1 - number)),
            BYTES => length().and_then(|length| self.take(length)).map(|bytes| Value::Bytes(bytes.to_vec())),
            TEXT => length().and_then(|length| self.text(length)).map(Value::Text),
            ARRAY => {
                let (length, left) = (length()?, left.checked_sub(1)?);
                (0..length).map(|_| self.value(left)).collect::<Option<_>>().map(Value::Array)
            }
            _ => None,
        }
    }

    fn attachments(&mut self, left: usize) -> Option<Vec<Descriptor>> {
        if let Some(rest) = self.rest.strip_prefix(&[ARRAY << 5]) {
            self.rest = rest;
            return Some(Vec::new());
        }
        let list = List::<Descriptor, { limits::ATTACHMENTS }>::from_value(&self.value(left)?);
        list.ok().map(|list| list.to_vec())
    }
}

#[cfg(test)]
mod tests;
