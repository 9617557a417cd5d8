//! The values that a header is made of, and their one encoding: DAG-CBOR without floats and maps.

use std::fmt;

use serde::Serialize;
use serde::de::{DeserializeSeed, Error as _, SeqAccess, Visitor};
use serde::ser::SerializeSeq as _;

use crate::{RecordError, limits};

/// One value. `Null` stands only where a header lacks its network or predecessor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// An integer of 64 bits with a sign.
    Integer(i64),
    /// A byte string.
    Bytes(Vec<u8>),
    /// A UTF-8 text.
    Text(String),
    /// An array.
    Array(Vec<Value>),
}

impl Value {
    /// Decodes one value, strictly: the bytes are the only encoding of the value.
    ///
    /// # Errors
    /// [`RecordError::Encoding`] for non-minimal integers, indefinite lengths, trailing bytes, floats,
    /// booleans, maps, tags, integers beyond 64 bits with sign, or nesting beyond [`limits::DEPTH`].
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let encoding = |error: &dyn fmt::Display| RecordError::Encoding(error.to_string());
        let mut deserializer = serde_ipld_dagcbor::de::Deserializer::from_slice(bytes);
        let value =
            Nested { left: limits::DEPTH }.deserialize(&mut deserializer).map_err(|e| encoding(&e))?;
        deserializer.end().map_err(|e| encoding(&e))?;
        Ok(value)
    }

    /// The canonical bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        // Writing integers, bytes, texts and arrays into memory has no way to fail.
        serde_ipld_dagcbor::to_vec(self).unwrap_or_default()
    }

    /// What the value is, for an error message.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Integer(_) => "an integer",
            Self::Bytes(_) => "bytes",
            Self::Text(_) => "text",
            Self::Array(_) => "an array",
        }
    }
}

impl Serialize for Value {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Integer(integer) => serializer.serialize_i64(*integer),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Array(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    sequence.serialize_element(item)?;
                }
                sequence.end()
            }
        }
    }
}

/// Decodes a value that may hold `left` further levels of arrays.
struct Nested {
    left: usize,
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an integer, bytes, text, an array or null")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_u64<E: serde::de::Error>(self, integer: u64) -> Result<Value, E> {
        i64::try_from(integer).map(Value::Integer).map_err(|_| E::custom("an integer beyond 2^63 - 1"))
    }

    fn visit_i64<E>(self, integer: i64) -> Result<Value, E> {
        Ok(Value::Integer(integer))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(bytes.to_vec()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let left = self.left.checked_sub(1).ok_or_else(|| A::Error::custom("arrays nested too deep"))?;
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(Nested { left })? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }
}

impl<'de> serde::Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nested { left: limits::DEPTH }.deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_encodings() {
        let table: &[(&[u8], &str)] = &[
            (&[0x18, 0x17], "23 in two bytes"),
            (&[0x19, 0x00, 0xff], "255 in three bytes"),
            (&[0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0], "2^63"),
            (&[0x58, 0x01, 0x00], "a non-minimal length"),
            (&[0x9f, 0x01, 0xff], "an array of indefinite length"),
            (&[0x5f, 0x41, 0x00, 0xff], "bytes of indefinite length"),
            (&[0x7f, 0x61, 0x61, 0xff], "text of indefinite length"),
            (&[0x01, 0x01], "trailing bytes"),
            (&[0x82, 0x01], "a missing element"),
            (&[0xa0], "a map"),
            (&[0xf5], "a boolean"),
            (&[0xf7], "undefined"),
            (&[0xf9, 0x3c, 0x00], "a half float"),
            (&[0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], "a float"),
            (&[0xc0, 0x61, 0x61], "a tag"),
            (&[0x61, 0xff], "text that is not UTF-8"),
            (&[0x81; 64], "arrays in arrays without end"),
            (&[], "nothing"),
        ];
        for (bytes, name) in table {
            assert!(Value::decode(bytes).is_err(), "{name}");
        }
    }

    #[test]
    fn nesting_is_bounded_exactly() {
        let nested = |levels| (0..levels).fold(Value::Integer(0), |inner, _| Value::Array(vec![inner]));
        assert!(Value::decode(&nested(limits::DEPTH).encode()).is_ok());
        assert!(Value::decode(&nested(limits::DEPTH + 1).encode()).is_err());
    }
}
