//! `GET /forms`: what there is to fill in.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{Api, json as answer};
use crate::form::{Choice, Control, Field, Form};
use crate::open::ATTACHED;
use crate::report::Text;
use crate::serve::Desk;

pub async fn forms(State(desk): State<Arc<Desk>>) -> Response {
    let api = &desk.api;
    answer(api.catalogue.get_or_init(|| catalogue(api).to_string().into()).clone())
}

fn catalogue(api: &Api) -> Value {
    let forms: Vec<Value> = api.forms.forms().map(|one| form(one, api)).collect();
    let dictionary = api.forms.dictionary();
    let fields = dictionary.fields().iter().map(|one| field(one, dictionary.filled_by(&one.key)));
    let fields: Vec<Value> = fields.collect();
    json!({"forms": forms, "fields": fields})
}

fn text(text: &Text) -> Value {
    json!({"ja": text.ja, "en": text.en})
}

fn form(form: &Form, api: &Api) -> Value {
    let needs = api.forms.needs(form);
    let mut all = json!({
        "id": form.id,
        "alias": form.alias,
        "title": text(&form.title),
        "section": form.section.value,
        "document": form.source.document,
        "effective_from": form.effective_from,
        "required": needs.required(),
        "optional": needs.optional(),
        "sample": form.sample.record,
    });
    let dictionary = api.forms.dictionary();
    let sometimes = needs.optional().iter().filter_map(|key| {
        let need = dictionary.need(dictionary.get(key)?, &[form])?;
        Some((key.clone(), text(&need)))
    });
    let sometimes: Map<String, Value> = sometimes.collect();
    if !sometimes.is_empty() {
        all["sometimes"] = Value::Object(sometimes);
    }
    if form.id == ATTACHED {
        all["attached"] = json!(true);
    }
    if let Some(history) = &form.history {
        all["history"] = text(history);
    }
    all
}

fn field(field: &Field, filled_by: Option<&Text>) -> Value {
    let mut all = Map::new();
    let mut put = |key: &str, value: Value| all.insert(key.to_owned(), value);
    put("key", json!(field.key));
    put("label", text(&field.label));
    put("kind", json!(field.kind));
    put("help", text(&field.help));
    if !field.example.is_empty() {
        put("example", json!(field.example));
    }
    if !field.choices.is_empty() {
        let choices = field.choices.iter();
        let choice = |c: &Choice| {
            let mut all = json!({"value": c.value, "en": c.en});
            if let Some(means) = &c.means {
                all["means"] = json!(means);
            }
            all
        };
        put("choices", choices.map(choice).collect());
    }
    if !field.offer.is_empty() {
        put("offer", json!(field.offer));
    }
    match field.control() {
        _ if field.kind.is_group() => {}
        Control::Line { kind, mode, width } => {
            let mut input = json!({"type": kind, "inputmode": mode});
            if let Some(width) = width {
                input["width"] = json!(width);
            }
            put("input", input);
        }
        Control::Select(values) => {
            put("input", json!({"type": "select", "values": values}));
        }
    }
    if field.computed {
        put("computed", json!(true));
    }
    if field.derive.is_some() {
        put("derived", json!(true));
    }
    if let Some(who) = filled_by {
        put("filled_by", text(who));
    }
    Value::Object(all)
}
