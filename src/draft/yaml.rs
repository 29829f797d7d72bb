//! A proposal as a definition.

use std::fmt::Write as _;

use super::fields::pad;
use super::proposal::{Proposal, ProposedBox, ProposedField};
use crate::form::Kind;

impl Proposal {
    /// The definition, to be saved beside the PDF. `today` is the day it is in force from.
    pub fn to_yaml(&self, today: &str) -> String {
        let mut out = String::new();
        // Writing to a String cannot fail.
        macro_rules! put {
            ($($what:tt)*) => { let _ = writeln!(out, $($what)*); };
        }
        let title = quoted(&self.title);
        put!("# onshi draft が作った下書きです。項目・種類・位置を確かめてください。");
        put!("# A draft: look at the fields, their kinds and the places.");
        put!("id: {}", self.id);
        put!("title: {{ja: {title}, en: {title}}}");
        put!("section: {}", self.section);
        put!("source: {{document: {title}, issued: {today}}}");
        put!("effective_from: {today}");
        put!("paper: {{file: {}, sha256: {}}}", quoted(&self.file), quoted(&self.sha256));
        put!("sizes: {{text: 9, value: 10.5, smallest: 6}}");
        put!("\nfields:");
        let help = quoted(&format!("{}に印字する項目", self.title));
        put!(
            "  - {{key: {}, label: {{ja: {title}, en: {title}}}, kind: section, help: {{ja: {help}, en: {help}}}}}",
            self.section
        );
        for field in &self.fields {
            put!("{}", of_field(field));
        }
        put!("\nboxes:{}", if self.boxes.is_empty() { " []" } else { "" });
        let mut label = None;
        for one in &self.boxes {
            if label != Some(&one.label) && !one.label.is_empty() {
                let plain: String = one.label.chars().filter(|c| !c.is_control()).collect();
                put!("  # {plain}");
            }
            label = Some(&one.label);
            put!("{}", of_box(one));
        }
        let sample = serde_json::Value::Object(self.sample.clone());
        put!("\nrules: []\nsample:\n  record: {sample}");
        out
    }
}

fn of_field(field: &ProposedField) -> String {
    let label = quoted(&field.label);
    let help = quoted(&format!("「{}」の欄", field.label));
    let mut out = format!(
        "  - {{key: {}, label: {{ja: {label}, en: {label}}}, kind: {}, help: {{ja: {help}, en: {help}}}",
        field.key,
        name(field.kind)
    );
    if let Some(length) = field.length {
        out += &format!(", length: [{length}]");
    }
    if !field.choices.is_empty() {
        let choices: Vec<String> =
            field.choices.iter().map(|value| format!("{{value: {}}}", quoted(value))).collect();
        out += &format!(", choices: [{}]", choices.join(", "));
    }
    if !field.example.is_empty() {
        // An example of the draft is no invented value that somebody left standing.
        out += &format!(", example: {}, real_example: true", quoted(&field.example));
    }
    out + "}"
}

fn of_box(one: &ProposedBox) -> String {
    let [x, y, w, h] = one.at;
    let mut out = String::from("  - {");
    if one.page > 1 {
        out += &format!("page: {}, ", one.page);
    }
    out += &format!("at: [{x}, {y}, {w}, {h}], ");
    if let Some(repeat) = &one.repeat {
        out +=
            &format!("repeat: {}, times: {}, step: {}, ", repeat.list, repeat.times, repeat.step);
    }
    out += &format!("field: {}", quoted(&one.field));
    for (key, value) in [("show", &one.show), ("part", &one.part)] {
        if let Some(value) = value {
            out += &format!(", {key}: {value}");
        }
    }
    for (key, value) in
        [("is", &one.is), ("pdf_field", &one.pdf_field), ("pdf_state", &one.pdf_state)]
    {
        if let Some(value) = value {
            out += &format!(", {key}: {}", quoted(value));
        }
    }
    if one.part.is_some() {
        out += ", align: center, pad: 0";
    } else if one.show.is_none() {
        out += &format!(", pad: {}", pad(w));
        // Long text begins at the top of a high box.
        if h > 20.0 && w > 60.0 {
            out += ", valign: top";
        }
    }
    // Nobody has said that it must be filled in.
    out + ", optional: true}"
}

/// A text as YAML: as JSON has it, which every YAML reader takes.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A kind as a definition writes it.
fn name(kind: Kind) -> String {
    let name = serde_json::to_value(kind).ok();
    name.as_ref().and_then(serde_json::Value::as_str).unwrap_or("text").to_owned()
}
