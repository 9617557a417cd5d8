//! The text of a charter while it is read: values with their places and lines, and the faults found.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use cohub_record::{BodyError, List, Slug};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::duration::duration_from_words;
use super::{Fault, Impossible};
use crate::Fraction;

/// The text, where things stand in it, and what is wrong with it.
pub(super) struct Source<'i> {
    text: &'i str,
    lines: BTreeMap<String, usize>,
    pub(super) faults: Vec<Fault>,
}

/// A value with its place in the charter and its line in the text.
#[derive(Clone)]
pub(super) struct Node<'t> {
    name: &'t str,
    place: String,
    line: usize,
    content: Content<'t>,
}

#[derive(Clone, Copy)]
enum Content<'t> {
    Table(&'t DeTable<'t>),
    Other(&'t DeValue<'t>),
}

/// A table whose keys are known.
pub(super) struct Fields<'t> {
    place: String,
    line: usize,
    nodes: BTreeMap<&'t str, Node<'t>>,
}

impl<'i> Source<'i> {
    pub(super) fn new(text: &'i str) -> Self {
        Self { text, lines: BTreeMap::new(), faults: Vec::new() }
    }

    /// The TOML of the text, if it is TOML.
    pub(super) fn parse(&mut self) -> Option<DeTable<'i>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let line = self.line(error.span().unwrap_or_default());
            self.fault("", line, format!("this is no TOML: {}", error.message()));
        }
        errors.is_empty().then(|| table.into_inner())
    }

    /// A table's values by key. Unknown keys are faults.
    pub(super) fn fields<'t>(&mut self, node: &Node<'t>, keys: &[&str]) -> Option<Fields<'t>> {
        let nodes = self.children(node)?;
        for (key, unknown) in nodes.iter().filter(|(key, _)| !keys.contains(key)) {
            let why = format!("unknown key {key:?}; known here are {}", keys.join(", "));
            self.fault(&unknown.place, unknown.line, why);
        }
        Some(Fields { place: node.place.clone(), line: node.line, nodes: nodes.into_iter().collect() })
    }

    /// The entries of a table with free keys; none where it is absent.
    pub(super) fn entries<'t>(&mut self, fields: &Fields<'t>, key: &str) -> Vec<Node<'t>> {
        let nodes = fields.get(key).and_then(|node| self.children(node)).unwrap_or_default();
        nodes.into_iter().map(|(_, node)| node).collect()
    }

    /// The items of an array; none where it is absent.
    pub(super) fn items<'t>(&mut self, fields: &Fields<'t>, key: &str) -> Vec<Node<'t>> {
        let Some(node) = fields.get(key) else { return Vec::new() };
        let Content::Other(DeValue::Array(items)) = node.content else {
            self.refuse(node, format!("expected a list, found {}", node.type_name()));
            return Vec::new();
        };
        (1..)
            .zip(items.iter())
            .map(|(number, item)| self.node("", join(&node.place, &number.to_string()), item.span(), item))
            .collect()
    }

    /// Reads a value that must be there.
    pub(super) fn required<T>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        read: fn(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        if fields.get(key).is_none() {
            self.missing(fields, key);
        }
        self.optional(fields, key, read)
    }

    /// Reads a value that may be absent.
    pub(super) fn optional<T>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        read: fn(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        fields.get(key).and_then(|node| self.value(node, read))
    }

    /// Reads a value.
    pub(super) fn value<T>(
        &mut self,
        node: &Node<'_>,
        read: fn(&DeValue<'_>) -> Result<T, String>,
    ) -> Option<T> {
        let result = match node.content {
            Content::Other(value) => read(value),
            Content::Table(_) => Err("expected a value, found a table".to_owned()),
        };
        result.map_err(|why| self.refuse(node, why)).ok()
    }

    /// The key of a node, where the charter's author chose it as a name.
    pub(super) fn name(&mut self, node: &Node<'_>) -> Option<Slug> {
        self.word(node)
    }

    /// The key of a node, where it is one of some words.
    pub(super) fn word<T: FromStr<Err = BodyError>>(&mut self, node: &Node<'_>) -> Option<T> {
        node.name.parse().map_err(|error: BodyError| self.refuse(node, error.why)).ok()
    }

    /// The items as a list, up to its limit.
    pub(super) fn list<T, const MAX: usize>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        items: Vec<T>,
    ) -> List<T, MAX> {
        List::new(items).unwrap_or_else(|error| {
            let line = fields.get(key).map_or(fields.line, |node| node.line);
            self.fault(&join(&fields.place, key), line, error.why);
            List::default()
        })
    }

    /// Notes that a key is absent.
    pub(super) fn missing(&mut self, fields: &Fields<'_>, key: &str) {
        self.fault(&join(&fields.place, key), fields.line, format!("{key:?} is missing"));
    }

    /// Adds what could never work, save where a value stands in for one that could not be read.
    pub(super) fn add(&mut self, impossible: Vec<Impossible>) {
        let read: Vec<String> = self.faults.iter().map(|fault| fault.place.clone()).collect();
        for Impossible { place, why } in impossible {
            if !read.iter().any(|other| within(other, &place) || within(&place, other)) {
                let line = self.nearest_line(&place);
                self.fault(&place, line, why);
            }
        }
    }

    fn children<'t>(&mut self, node: &Node<'t>) -> Option<Vec<(&'t str, Node<'t>)>> {
        let (Content::Table(table) | Content::Other(DeValue::Table(table))) = node.content else {
            self.refuse(node, format!("expected a table, found {}", node.type_name()));
            return None;
        };
        let child = |(key, value): (&'t Spanned<DeString<'t>>, &'t Spanned<DeValue<'t>>)| {
            let name = key.get_ref().as_ref();
            (name, self.node(name, join(&node.place, name), key.span(), value))
        };
        Some(table.iter().map(child).collect())
    }

    fn node<'t>(
        &mut self,
        name: &'t str,
        place: String,
        span: Range<usize>,
        value: &'t Spanned<DeValue<'t>>,
    ) -> Node<'t> {
        let line = self.line(span);
        self.lines.insert(place.clone(), line);
        Node { name, place, line, content: Content::Other(value.get_ref()) }
    }

    fn refuse(&mut self, node: &Node<'_>, why: String) {
        self.fault(&node.place, node.line, why);
    }

    fn fault(&mut self, place: &str, line: usize, why: String) {
        self.faults.push(Fault { line, place: place.to_owned(), why });
    }

    /// The line of the place, or of the nearest one around it that stands in the text.
    fn nearest_line(&self, place: &str) -> usize {
        let around = std::iter::successors(Some(place), |place| Some(place.rsplit_once('.')?.0));
        around.filter_map(|place| self.lines.get(place)).next().copied().unwrap_or(1)
    }

    fn line(&self, span: Range<usize>) -> usize {
        1 + self.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
    }
}

impl<'t> Node<'t> {
    /// The whole text.
    pub(super) fn root(table: &'t DeTable<'t>) -> Self {
        Self { name: "", place: String::new(), line: 1, content: Content::Table(table) }
    }

    fn type_name(&self) -> &'static str {
        match self.content {
            Content::Table(_) => "table",
            Content::Other(value) => value.type_str(),
        }
    }
}

impl<'t> Fields<'t> {
    pub(super) fn get(&self, key: &str) -> Option<&Node<'t>> {
        self.nodes.get(key)
    }

    /// Gives the table another place: by its name instead of its number.
    pub(super) fn rename(&mut self, source: &mut Source<'_>, place: &str) {
        for (key, node) in &mut self.nodes {
            node.place = join(place, key);
            source.lines.insert(node.place.clone(), node.line);
        }
        source.lines.insert(place.to_owned(), self.line);
        place.clone_into(&mut self.place);
    }
}

fn join(place: &str, key: &str) -> String {
    if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") }
}

fn within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Reads a text as what it stands for.
pub(super) fn parsed<T: FromStr<Err = BodyError>>(value: &DeValue<'_>) -> Result<T, String> {
    text(value)?.parse().map_err(|error: BodyError| error.why)
}

/// Reads a duration in words, as milliseconds.
pub(super) fn duration(value: &DeValue<'_>) -> Result<u64, String> {
    match value.as_integer() {
        Some(number) => Err(format!("{number} has no unit: write for example \"{number} days\"")),
        None => duration_from_words(text(value)?),
    }
}

/// Reads a share such as `2/3`.
pub(super) fn fraction(value: &DeValue<'_>) -> Result<Fraction, String> {
    parsed(value)
}

/// Reads `at least 2/3` or `more than 1/2`: whether exactly the share is enough, and the share.
pub(super) fn threshold(value: &DeValue<'_>) -> Result<(bool, Fraction), String> {
    let text = text(value)?;
    let (at_least, share) = match (text.strip_prefix("at least "), text.strip_prefix("more than ")) {
        (Some(share), _) => (true, share),
        (None, Some(share)) => (false, share),
        (None, None) => return Err(format!("{text:?}: write \"at least 2/3\" or \"more than 1/2\"")),
    };
    Ok((at_least, share.parse().map_err(|error: BodyError| error.why)?))
}

/// Reads true or false.
pub(super) fn flag(value: &DeValue<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("expected true or false, found {}", value.type_str()))
}

/// Reads a whole number that is not negative.
pub(super) fn integer<T: TryFrom<u64>>(value: &DeValue<'_>) -> Result<T, String> {
    let Some(integer) = value.as_integer() else {
        return Err(format!("expected a whole number, found {}", value.type_str()));
    };
    let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok();
    let number = number.filter(|number| i64::try_from(*number).is_ok());
    number
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| format!("{integer} is outside the range of this number"))
}

fn text<'v>(value: &'v DeValue<'_>) -> Result<&'v str, String> {
    value.as_str().ok_or_else(|| format!("expected a text in quotes, found {}", value.type_str()))
}
