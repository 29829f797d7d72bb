//! What a file is made from, as the ledger remembers it.

use std::collections::HashMap;

use super::ledger::Hash;
use super::options::Options;
use crate::paint::WRITER;
use crate::record::{Node, NodeValue};
use crate::sheet::{Mark, Run, Sheet};

/// What a form's files depend on besides the record: the program, the definitions, the format.
pub(super) fn recipes(options: &Options<'_>) -> HashMap<String, Hash> {
    let shared = format!(
        "{} {WRITER} {} {} {:?} {:?} {:?}",
        env!("CARGO_PKG_VERSION"),
        options.extension,
        options.unfilled,
        options.forms.dictionary().fields(),
        options.forms.bureaus(),
        options.forms.gaiji(),
    );
    let forms = options.forms.forms();
    forms
        .map(|form| {
            let definition = format!("{form:?}");
            (form.id.clone(), Hash::of(&[shared.as_bytes(), definition.as_bytes()]))
        })
        .collect()
}

/// What tells a form's values from others on the same paper: eight digits of the hash of what is filled in.
pub(super) fn printed(sheets: &[Sheet]) -> String {
    let mut text = String::new();
    for area in sheets.iter().flat_map(Sheet::areas).filter(|area| area.is_filled()) {
        text += area.field.as_deref().unwrap_or_default();
        text.push('\n');
        // Nobody sees a space at the end.
        for line in &area.lines {
            let line: String = line.runs.iter().map(Run::text).collect();
            text += line.trim_end();
        }
        for mark in &area.marks {
            match mark {
                Mark::Circle { word, .. } => text += &format!("{word:?}"),
                Mark::Chosen { text: chosen, .. } => text += chosen,
                mark => text += &format!("{mark:?}"),
            }
        }
        text.push('\n');
    }
    let mut digits = Hash::of(&[text.as_bytes()]).to_string();
    digits.truncate(8);
    digits
}

/// The values of a record, wherever in its source they are.
pub(super) fn fingerprint(node: &Node) -> Vec<u8> {
    fn text(bytes: &mut Vec<u8>, text: &str) {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    fn add(bytes: &mut Vec<u8>, node: &Node) {
        match &node.value {
            NodeValue::Null => bytes.push(0),
            NodeValue::Scalar(value) => {
                bytes.push(1);
                text(bytes, value);
            }
            NodeValue::List(items) => {
                bytes.push(2);
                bytes.extend((items.len() as u64).to_le_bytes());
                items.iter().for_each(|item| add(bytes, item));
            }
            NodeValue::Map(entries) => {
                bytes.push(3);
                bytes.extend((entries.len() as u64).to_le_bytes());
                for (key, value) in entries {
                    text(bytes, &key.text);
                    add(bytes, value);
                }
            }
        }
    }
    let mut bytes = Vec::with_capacity(1024);
    add(&mut bytes, node);
    bytes
}
