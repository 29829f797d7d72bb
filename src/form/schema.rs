//! The JSON Schema of a record, for editors.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Dictionary, Field, Form, Kind};

impl Dictionary {
    /// The JSON Schema (draft 2020-12) of a record. With forms, their required fields are required.
    /// Every field may be named by its key or by its Japanese label.
    pub fn schema(&self, forms: &[&Form]) -> Value {
        let required: BTreeSet<String> = forms.iter().flat_map(|form| form.keys(self).0).collect();
        let mut schema = self.section("", &required);
        let head = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "onshi record",
        });
        if let (Value::Object(schema), Value::Object(mut head)) = (&mut schema, head) {
            head.append(schema);
            *schema = head;
        }
        schema
    }

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
            Kind::Choice => choice(field),
            Kind::Boolean => {
                json!({"enum": [true, false, "はい", "いいえ", "あり", "なし", Value::Null]})
            }
            Kind::Month => {
                json!({"type": ["integer", "string", "null"], "minimum": 1, "maximum": 12})
            }
            Kind::Integer => {
                let mut integer = json!({"type": ["integer", "string", "null"]});
                for (name, limit) in [("minimum", field.min), ("maximum", field.max)] {
                    if let Some(limit) = limit {
                        integer[name] = limit.into();
                    }
                }
                integer
            }
            Kind::Digits => {
                let lengths: Vec<String> =
                    field.length.iter().map(|n| format!("[0-9０-９]{{{n}}}")).collect();
                // A number cannot keep its leading zeros: text only.
                json!({"type": ["string", "null"], "pattern": format!("^({})$", lengths.join("|"))})
            }
            Kind::PostalCode => json!({"type": ["string", "integer", "null"]}),
            Kind::Text
            | Kind::Kana
            | Kind::Hiragana
            | Kind::Phone
            | Kind::Email
            | Kind::Date
            | Kind::YearMonth => json!({"type": ["string", "null"]}),
        };
        schema["title"] = field.label.ja.clone().into();
        schema["description"] = format!("{} / {}", field.help.ja, field.help.en).into();
        if !field.example.is_empty() {
            schema["examples"] = json!([field.example]);
        }
        schema
    }
}

fn choice(field: &Field) -> Value {
    let values = field.choices.iter().flat_map(|c| [&c.value, &c.en].into_iter().chain(&c.also));
    let mut seen = BTreeSet::new();
    let mut all: Vec<Value> =
        values.filter(|v| seen.insert(v.as_str())).map(|v| v.as_str().into()).collect();
    if !field.many {
        all.push(Value::Null);
        return json!({"enum": all});
    }
    let alone = all.iter().cloned().chain(field.offer.iter().map(|v| v.as_str().into()));
    json!({"anyOf": [
        {"enum": alone.collect::<Vec<Value>>()},
        {"type": "array", "items": {"enum": all}, "uniqueItems": true, "minItems": 1},
        {"type": "null"},
    ]})
}
