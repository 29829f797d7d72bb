//! YAML and JSON into nodes. serde-saphyr is named here, where it stops, and in the loader of forms only.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{DuplicateKeyPolicy, Error, Spanned};

use super::node::{Key, Node, NodeValue};
use crate::report::Place;
use crate::yaml::place_of;

/// Reads one YAML or JSON document of any shape.
pub(super) fn parse(text: &str) -> Result<Node, Error> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        budget: serde_saphyr::budget! { max_nodes: 20_000, max_depth: 64 },
    };
    let raw: Spanned<Raw> = serde_saphyr::from_str_with_options(text, options)?;
    Ok(node(raw, text))
}

fn node(raw: Spanned<Raw>, text: &str) -> Node {
    let location = raw.referenced;
    let place =
        place_of(&location, text).unwrap_or(Place::Text { line: 1, column: 1, start: 0, end: 0 });
    let value = match raw.value {
        Raw::Null => NodeValue::Null,
        Raw::Text(text) => NodeValue::Scalar(text),
        Raw::Inferred(shown) => {
            // A number or a boolean: the source keeps what the type lost, such as `1.50`.
            let written = match &raw.defined {
                l if l.span().byte_offset().is_some() => match place_of(l, text) {
                    Some(Place::Text { start, end, .. }) => text.get(start..end).map(str::trim_end),
                    _ => None,
                },
                _ => None,
            };
            NodeValue::Scalar(written.filter(|w| !w.is_empty()).map_or(shown, str::to_owned))
        }
        Raw::List(items) => {
            NodeValue::List(items.into_iter().map(|item| node(item, text)).collect())
        }
        Raw::Map(entries) => NodeValue::Map(
            entries
                .into_iter()
                .map(|(key, value)| (self::key(key, text), node(value, text)))
                .collect(),
        ),
    };
    Node { place, value }
}

fn key(key: Spanned<String>, text: &str) -> Key {
    let place = match place_of(&key.referenced, text) {
        // The parser's span of a key has no length.
        Some(Place::Text { line, column, start, end }) if start == end => Place::Text {
            line,
            column,
            start,
            end: if text.get(start..).is_some_and(|rest| rest.starts_with(key.value.as_str())) {
                start + key.value.len()
            } else {
                end
            },
        },
        Some(place) => place,
        None => Place::Text { line: 1, column: 1, start: 0, end: 0 },
    };
    Key { text: key.value, place }
}

/// A value as the parser infers it.
enum Raw {
    Null,
    Text(String),
    Inferred(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}
