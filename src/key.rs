//! Where a form finds a value: `facility.name`, or `card_reader.products[product=Caora].units`.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// A dotted key, with at most one selector into a list; parsed once, when a definition is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath {
    /// The key up to the list, or the whole key when there is no selector.
    pub base: String,
    /// Which item of the list, and the key inside it.
    pub selector: Option<Selector>,
    key: String,
    written: String,
}

/// A field of an item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Which item.
    pub item: Item,
    /// The key inside the item.
    pub rest: String,
}

/// Which item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// By its place, from 0.
    Index(usize),
    /// The first one whose field has this value.
    With {
        /// The field, by its key inside the item.
        name: String,
        /// The value.
        value: String,
    },
}

impl FieldPath {
    /// Reads a path; `None` when it is malformed.
    ///
    /// ```
    /// use onshi::key::FieldPath;
    /// let path = FieldPath::parse("card_reader.products[product=Caora].units").unwrap();
    /// assert_eq!(path.key(), "card_reader.products.units");
    /// assert_eq!(path.to_string(), "card_reader.products[product=Caora].units");
    /// assert!(FieldPath::parse("a[b").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<FieldPath> {
        let Some((base, rest)) = text.split_once('[') else {
            return Some(FieldPath::of(text)).filter(FieldPath::is_sound);
        };
        let (inside, rest) = rest.split_once(']')?;
        let rest = rest.strip_prefix('.')?;
        let item = match inside.split_once('=') {
            Some((name, value)) => Item::With { name: name.to_owned(), value: value.to_owned() },
            None => Item::Index(inside.parse().ok()?),
        };
        Some(FieldPath {
            key: format!("{base}.{rest}"),
            written: text.to_owned(),
            base: base.to_owned(),
            selector: Some(Selector { item, rest: rest.to_owned() }),
        })
    }

    /// The path of a key outside of lists.
    pub fn of(key: impl Into<String>) -> FieldPath {
        let key = key.into();
        FieldPath { base: key.clone(), selector: None, written: key.clone(), key }
    }

    /// The path of a field of a list's item, counted from 0.
    pub(crate) fn of_item(list: &str, index: usize, rest: &str) -> FieldPath {
        FieldPath {
            base: list.to_owned(),
            selector: Some(Selector { item: Item::Index(index), rest: rest.to_owned() }),
            key: format!("{list}.{rest}"),
            written: format!("{list}[{index}].{rest}"),
        }
    }

    /// Which item of a list, from 0, when that is how it is named.
    pub(crate) fn index(&self) -> Option<usize> {
        match self.selector.as_ref()?.item {
            Item::Index(index) => Some(index),
            Item::With { .. } => None,
        }
    }

    /// The field's key in the dictionary.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The path as it is written: outside of lists and with an index, the key of a record's value.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether it is what [`FieldPath::parse`] reads; one of a definition may not be until it is checked.
    pub(crate) fn is_sound(&self) -> bool {
        self.selector.is_some() || !self.key.is_empty() && !self.key.contains(['[', ']'])
    }
}

impl<'de> Deserialize<'de> for FieldPath {
    /// Takes any text, so that a definition's malformed paths are reported all at once.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(FieldPath::parse(&text).unwrap_or_else(|| FieldPath::of(text)))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Whether one of two dotted keys is the other or lies inside it.
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    let inside = |inner: &str, outer: &str| {
        let rest = inner.strip_prefix(outer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    inside(one, other) || inside(other, one)
}

/// A key without list indices and selectors.
pub(crate) fn plain_key(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    let mut inside = false;
    for c in key.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_overlaps_with_its_section_and_its_items() {
        for (one, other) in [("a.b", "a.b"), ("a", "a.b"), ("a.b[0].c", "a.b")] {
            assert!(overlap(one, other) && overlap(other, one), "{one} {other}");
        }
        for (one, other) in [("a.b", "a.bc"), ("a.b", "a.c"), ("a.b[0]", "a.b[1]")] {
            assert!(!overlap(one, other) && !overlap(other, one), "{one} {other}");
        }
    }
}
