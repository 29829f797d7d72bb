//! The JSON Schema of a record, for editors.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Dictionary, Field, Form, Forms, Kind};

impl Forms {
    /// The JSON Schema (draft 2020-12) of a record, as JSON. With forms, their required fields are
    /// required. Every field may be named by its key or by its Japanese label.
    pub fn schema(&self, forms: &[&Form]) -> String {
        let required = forms.iter().flat_map(|form| self.needs(form).required().clone()).collect();
        let mut schema = self.dictionary().section("", &required);
        let head = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "onshi record",
        });
        if let (Value::Object(schema), Value::Object(mut head)) = (&mut schema, head) {
            head.append(schema);
            *schema = head;
        }
        format!("{schema:#}")
    }
}

impl Dictionary {
    fn section(&self, key: &str, required: &BTreeSet<String>) -> Value {
        let mut properties = Map::new();
        let mut needed = Vec::new();
        for field in self.children(key).filter(|field| !field.computed) {
            let value = self.field(field, required);
            let inside = format!("{}.", field.key);
            let is_needed = field.derive.is_none()
                && required.iter().any(|k| *k == field.key || k.starts_with(&inside));
            if is_needed {
                // Either name will do.
                needed.push(json!({
                    "anyOf": [{"required": [field.name()]}, {"required": [field.label.ja]}]
                }));
            }
            properties.insert(field.label.ja.clone(), value.clone());
            properties.insert(field.name().to_owned(), value);
        }
        let mut section = json!({
            "type": ["object", "null"],
            "properties": properties,
            "additionalProperties": false,
        });
        if !needed.is_empty() {
            section["allOf"] = Value::Array(needed);
        }
        section
    }

    fn field(&self, field: &Field, required: &BTreeSet<String>) -> Value {
        let mut schema = match field.kind {
            Kind::Section => self.section(&field.key, required),
            Kind::List => {
                json!({"type": ["array", "null"], "items": self.section(&field.key, required)})
            }
            kind => kind.ways().schema(field),
        };
        schema["title"] = field.label.ja.clone().into();
        schema["description"] = format!("{} / {}", field.help.ja, field.help.en).into();
        if !field.example.is_empty() {
            schema["examples"] = json!([field.example]);
        }
        schema
    }
}
