//! `POST /open`: what a file is, and the record in it.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::given::{self, Body};
use super::{json, report, work};
use crate::form::Forms;
use crate::record::{self, Node, NodeValue, Record};
use crate::report::Report;
use crate::serve::Desk;
use crate::serve::refusal::Refusal;
use crate::values::written_values;

/// What a file without a name is called.
const UNNAMED: &str = "file";

#[derive(Serialize)]
struct Answer {
    what: &'static str,
    record: Option<Value>,
    report: Box<RawValue>,
}

pub async fn open(State(desk): State<Arc<Desk>>, body: Body) -> Result<Response, Refusal> {
    let lang = body.lang(&desk);
    let name = given::file_name(&body).unwrap_or_else(|| UNNAMED.to_owned());
    work(move || {
        let forms = desk.api.forms;
        let opened = crate::open(&name, &body.bytes, forms);
        let record = opened.partial_record().filter(|record| !record.root.entries().is_empty());
        let mut found = opened.report();
        let record = record.map(|record| {
            let sent = value(&record.root, "", forms);
            found.extend(lost(record, &sent, forms));
            found.sort();
            sent
        });
        let report = report(&found, opened.source(), lang);
        // The report is JSON of our own making.
        let report = RawValue::from_string(report).map_err(|_| Refusal::internal())?;
        let answer = Answer { what: opened.what().name(), record, report };
        Ok(json(serde_json::to_vec(&answer).map_err(|_| Refusal::internal())?))
    })
    .await
}

/// What is wrong with a record, but not with the JSON that is sent of it, so that filling that cannot find it:
/// keys written twice, and values that YAML reads otherwise than they were meant.
fn lost(record: &Record, sent: &Value, forms: &Forms) -> Report {
    let (_, mut found) = written_values(record, forms, None);
    // It is JSON of our own making.
    if let Ok(sent) = record::read(given::RECORD, sent.to_string().as_bytes()) {
        let (_, kept) = written_values(&sent, forms, None);
        found.diagnostics.retain(|d| {
            !kept.diagnostics.iter().any(|kept| kept.code == d.code && kept.field == d.field)
        });
    }
    found
}

/// A record as JSON, under the keys of the dictionary whatever names it was written with. Values stay
/// text as they were written; an unknown key stays as it is, and the report speaks of it.
fn value(node: &Node, parent: &str, forms: &Forms) -> Value {
    match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Scalar(text) => Value::String(text.clone()),
        NodeValue::List(items) => items.iter().map(|item| value(item, parent, forms)).collect(),
        NodeValue::Map(entries) => {
            let mut map = Map::new();
            for (key, inside) in entries {
                let known = forms.child(parent, &key.text);
                let (name, path) = match known {
                    Some(field) => (field.name(), field.key.as_str()),
                    None => (key.text.as_str(), key.text.as_str()),
                };
                // Where a key is written twice, the first one is shown, and the report says so.
                map.entry(name).or_insert_with(|| value(inside, path, forms));
            }
            Value::Object(map)
        }
    }
}
