//! From values to types: positional bodies whose limits are part of the type.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use crate::{BodyError, Hash, Id, PublicKey, Signature, Value};

/// Something that has one place in a body.
pub trait Field: Sized {
    /// The value that stands in the body.
    fn to_value(&self) -> Value;

    /// Reads the value.
    ///
    /// # Errors
    /// Where the value has another type or exceeds a limit of this one.
    fn from_value(value: &Value) -> Result<Self, BodyError>;
}

/// The items of an array of exactly `length`.
///
/// # Errors
/// If the value is no array or has another length.
pub fn array_of(value: &Value, length: usize) -> Result<&[Value], BodyError> {
    match value {
        Value::Array(items) if items.len() == length => Ok(items),
        Value::Array(items) => {
            Err(BodyError::new(format!("expected {length} fields, found {}", items.len())))
        }
        other => Err(expected("an array", other)),
    }
}

fn expected(what: &str, found: &Value) -> BodyError {
    BodyError::new(format!("expected {what}, found {}", found.name()))
}

/// A text of 1 to `MAX` bytes without control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text<const MAX: usize>(String);

/// A list of at most `MAX` items.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct List<T, const MAX: usize>(Vec<T>);

/// A short name for commands and addresses: 1 to 48 of a-z, 0-9 and single hyphens inside.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl<const MAX: usize> Text<MAX> {
    /// The text as it stands.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MAX: usize> FromStr for Text<MAX> {
    type Err = BodyError;

    fn from_str(text: &str) -> Result<Self, BodyError> {
        if text.is_empty() || text.len() > MAX {
            return Err(BodyError::new(format!("a text of 1 to {MAX} bytes, this has {}", text.len())));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(BodyError::new("control characters in a text"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl<const MAX: usize> Field for Text<MAX> {
    fn to_value(&self) -> Value {
        Value::Text(self.0.clone())
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        match value {
            Value::Text(text) => text.parse(),
            other => Err(expected("text", other)),
        }
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<const MAX: usize> serde::Serialize for Text<MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, const MAX: usize> serde::Deserialize<'de> for Text<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Slug {
    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Slug {
    type Err = BodyError;

    fn from_str(text: &str) -> Result<Self, BodyError> {
        let letters = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let hyphens = text.starts_with('-') || text.ends_with('-') || text.contains("--");
        if text.is_empty() || text.len() > 48 || !letters || hyphens {
            let shown: String = text.chars().take(60).collect();
            return Err(BodyError::new(format!(
                "{shown:?} is no slug: 1 to 48 of a-z, 0-9 and single hyphens inside"
            )));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Field for Slug {
    fn to_value(&self) -> Value {
        Value::Text(self.0.clone())
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        match value {
            Value::Text(text) => text.parse(),
            other => Err(expected("a slug", other)),
        }
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl serde::Serialize for Slug {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Slug {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl<T, const MAX: usize> List<T, MAX> {
    /// A list with these items.
    ///
    /// # Errors
    /// If there are more than `MAX`.
    pub fn new(items: Vec<T>) -> Result<Self, BodyError> {
        if items.len() > MAX {
            return Err(BodyError::new(format!("at most {MAX} items, these are {}", items.len())));
        }
        Ok(Self(items))
    }
}

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const MAX: usize> Deref for List<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Field, const MAX: usize> Field for List<T, MAX> {
    fn to_value(&self) -> Value {
        Value::Array(self.0.iter().map(Field::to_value).collect())
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        let Value::Array(items) = value else { return Err(expected("an array", value)) };
        if items.len() > MAX {
            return Err(BodyError::new(format!("at most {MAX} items, these are {}", items.len())));
        }
        let read =
            |(place, item): (usize, &Value)| T::from_value(item).map_err(|e| e.inside(&place.to_string()));
        items.iter().enumerate().map(read).collect::<Result<_, _>>().map(Self)
    }
}

impl<T: serde::Serialize, const MAX: usize> serde::Serialize for List<T, MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<'de, T: serde::Deserialize<'de>, const MAX: usize> serde::Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(Vec::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Present or absent: an array of one or of none.
impl<T: Field> Field for Option<T> {
    fn to_value(&self) -> Value {
        Value::Array(self.iter().map(Field::to_value).collect())
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        Ok(List::<T, 1>::from_value(value)?.0.pop())
    }
}

/// No or yes: 0 or 1.
impl Field for bool {
    fn to_value(&self) -> Value {
        Value::Integer(i64::from(*self))
    }

    fn from_value(value: &Value) -> Result<Self, BodyError> {
        match value {
            Value::Integer(0) => Ok(false),
            Value::Integer(1) => Ok(true),
            other => Err(expected("0 or 1", other)),
        }
    }
}

macro_rules! integer_fields {
    ($($integer:ty),*) => {$(
        impl Field for $integer {
            fn to_value(&self) -> Value {
                // Larger integers have no encoding; every constructor reads them through `from_value`.
                Value::Integer(i64::try_from(*self).unwrap_or(i64::MAX))
            }

            fn from_value(value: &Value) -> Result<Self, BodyError> {
                match value {
                    Value::Integer(integer) => Self::try_from(*integer)
                        .map_err(|_| BodyError::new(format!("{integer} is outside the range of this field"))),
                    other => Err(expected("an integer", other)),
                }
            }
        }
    )*};
}

integer_fields!(u16, u32, u64, i32, i64);

macro_rules! byte_fields {
    ($($name:ty, $length:literal, $read:expr);*) => {$(
        impl Field for $name {
            fn to_value(&self) -> Value {
                Value::Bytes(self.as_bytes().to_vec())
            }

            fn from_value(value: &Value) -> Result<Self, BodyError> {
                let Value::Bytes(bytes) = value else { return Err(expected("bytes", value)) };
                let bytes: [u8; $length] = bytes.as_slice().try_into()
                    .map_err(|_| BodyError::new(format!("expected {} bytes, found {}", $length, bytes.len())))?;
                $read(bytes)
            }
        }
    )*};
}

byte_fields!(
    Id, 32, |bytes| Ok(Id::from_bytes(bytes));
    Hash, 32, |bytes| Ok(Hash::from_bytes(bytes));
    PublicKey, 32, |bytes| PublicKey::from_bytes(bytes).map_err(|e| BodyError::new(e.to_string()));
    Signature, 64, |bytes| Ok(Signature::from_bytes(bytes))
);

/// Defines a struct whose fields stand in a positional array, in order.
#[macro_export]
macro_rules! positional {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field_visibility:vis $field:ident: $type:ty),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $visibility struct $name {
            $($(#[$field_meta])* $field_visibility $field: $type),*
        }

        impl $crate::Field for $name {
            fn to_value(&self) -> $crate::Value {
                $crate::Value::Array(vec![$($crate::Field::to_value(&self.$field)),*])
            }

            fn from_value(value: &$crate::Value) -> Result<Self, $crate::BodyError> {
                const FIELDS: &[&str] = &[$(stringify!($field)),*];
                let items = $crate::array_of(value, FIELDS.len())?;
                let [$($field),*] = items else { return Err($crate::BodyError::new("a field is missing")) };
                Ok(Self {
                    $($field: $crate::Field::from_value($field).map_err(|e| e.inside(stringify!($field)))?),*
                })
            }
        }
    };
}

/// Defines an enum whose variants are written as fixed words.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $visibility:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident = $word:literal),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        $visibility enum $name {
            $($(#[$variant_meta])* $variant),*
        }

        impl $name {
            /// All variants, in their declared order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word that stands in records.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::BodyError;

            fn from_str(text: &str) -> Result<Self, $crate::BodyError> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::BodyError::new(format!("expected one of {}", [$($word),*].join(", ")))),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        impl $crate::Field for $name {
            fn to_value(&self) -> $crate::Value {
                $crate::Value::Text(self.as_str().to_owned())
            }

            fn from_value(value: &$crate::Value) -> Result<Self, $crate::BodyError> {
                match value {
                    $crate::Value::Text(text) => text.parse(),
                    other => Err($crate::BodyError::new(format!("expected a word, found {}", other.name()))),
                }
            }
        }
    };
}
