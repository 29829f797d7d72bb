//! Parts of a text that lead somewhere.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Parts of a text that lead somewhere, each with its address: `https://…`, `http://…`, `mailto:…` or
/// `tel:…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links(pub BTreeMap<String, String>);

impl Links {
    /// These links, or none.
    pub(super) fn of(links: Option<&Links>) -> &Links {
        static NONE: Links = Links(BTreeMap::new());
        links.unwrap_or(&NONE)
    }
}

impl<'de> Deserialize<'de> for Links {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinksVisitor)
    }
}

struct LinksVisitor;

impl<'de> Visitor<'de> for LinksVisitor {
    type Value = Links;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a map of parts of the text and their addresses, or a list of addresses in the text",
        )
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Links, A::Error> {
        let mut links = BTreeMap::new();
        while let Some(part) = seq.next_element::<String>()? {
            let is_mail = part.contains('@') && !part.contains(':');
            let address = if is_mail { format!("mailto:{part}") } else { part.clone() };
            links.insert(part, address);
        }
        Ok(Links(links))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Links, A::Error> {
        let mut links = BTreeMap::new();
        while let Some((part, address)) = map.next_entry::<String, String>()? {
            links.insert(part, address);
        }
        Ok(Links(links))
    }
}

impl JsonSchema for Links {
    fn schema_name() -> Cow<'static, str> {
        "Links".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Parts of a text that lead somewhere: each with its address, `{地方厚生局: \"https://kouseikyoku.mhlw.go.jp/\"}`, or a list of the addresses in the text, `[\"https://example.jp/\", hanako@example.jp]`. An address begins with `https://`, `http://`, `mailto:` or `tel:`.",
            "anyOf": [
                {"type": "object", "additionalProperties": {"type": "string"}},
                {"type": "array", "items": {"type": "string"}},
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_the_text_leads_to_itself() {
        let links: Links =
            serde_json::from_str(r#"["https://example.jp/", "a@example.jp"]"#).unwrap();
        let named: Links = serde_json::from_str(
            r#"{"https://example.jp/": "https://example.jp/", "a@example.jp": "mailto:a@example.jp"}"#,
        )
        .unwrap();
        assert_eq!(links, named);
    }
}
