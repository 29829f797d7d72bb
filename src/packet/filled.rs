//! In: a copy of an office's PDF that somebody filled in with a viewer, and the forms there are. Out: the form
//! whose boxes are its form fields, and the record in them.

use std::collections::{BTreeMap, HashSet};

use crate::form::{Cell, Form, Forms, Kind, Part, Spanned};
use crate::key::FieldPath;
use crate::paper::{Widget, WidgetKind, filled_in};
use crate::record::{Key, Node, NodeValue, Shape, write};
use crate::report::Place;

/// A form that was filled in with a viewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledIn {
    /// The form's id.
    pub form: String,
    /// What is filled in, as a record in YAML.
    pub yaml: String,
}

impl FilledIn {
    /// What is filled in in a PDF, if a form on a paper has boxes for its form fields: of several that form
    /// which has most of them.
    pub fn read(bytes: &[u8], forms: &Forms) -> Option<FilledIn> {
        let on_paper: Vec<&Form> = forms.forms().filter(|form| form.paper.is_some()).collect();
        if on_paper.is_empty() {
            return None;
        }
        let widgets = filled_in(bytes).ok()?;
        let there: HashSet<&str> = widgets.iter().map(|widget| widget.name.as_str()).collect();
        let share = |form: &&Form| {
            let names: HashSet<&str> = names(form).collect();
            let shared = names.iter().filter(|name| there.contains(*name)).count();
            // A field called 氏名 is in many a PDF: half of the form's must be there.
            (shared > 0 && shared * 2 >= names.len()).then_some(shared)
        };
        let form = on_paper.into_iter().filter_map(|form| Some((share(&form)?, form)));
        let (_, form) = form.max_by_key(|(shared, _)| *shared)?;
        Some(FilledIn { form: form.id.clone(), yaml: yaml(form, &widgets, forms) })
    }
}

/// The names of the form fields that a form has boxes for.
fn names(form: &Form) -> impl Iterator<Item = &str> {
    form.cells().filter_map(|cell| cell.value.pdf_field.as_deref())
}

/// A value with its key.
struct Value {
    path: FieldPath,
    text: String,
}

/// What is filled in, as a record.
fn yaml(form: &Form, widgets: &[Widget], forms: &Forms) -> String {
    let mut cells: BTreeMap<String, Vec<&Cell>> = BTreeMap::new();
    let mut order: Vec<&FieldPath> = Vec::new();
    for Spanned { value: cell, .. } in form.cells() {
        let Some(path) = cell.field.as_ref().map(|field| &field.value) else { continue };
        if cell.pdf_field.is_none() {
            continue;
        }
        let of_path = cells.entry(path.written().to_owned()).or_default();
        if of_path.is_empty() {
            order.push(path);
        }
        of_path.push(cell);
    }
    let mut shape = Shape::default();
    let mut section = true;
    for path in order {
        let Some(field) = forms.dictionary().get(path.key()) else { continue };
        let text = text(&cells[path.written()], widgets, field.kind);
        if let Some(text) = text {
            section &= !path.base.starts_with(&format!("{}.", form.section.value));
            shape.put(path, Value { path: path.clone(), text });
        }
    }
    let nowhere = Place::Text { line: 1, column: 1, start: 0, end: 0 };
    let leaf = |value: &Value| {
        let field = forms.dictionary().get(value.path.key());
        let parts = field.map(|field| field.parts(&value.text)).unwrap_or_default();
        let scalar = |text: &str| NodeValue::Scalar(text.to_owned());
        let node = |value| Node { place: nowhere.clone(), value };
        match parts.is_empty() {
            true => node(scalar(&value.text)),
            false => {
                node(NodeValue::List(parts.into_iter().map(|part| node(scalar(part))).collect()))
            }
        }
    };
    let entries = shape.entries(&nowhere, &mut |value| (leaf(value), true));
    let entries: Vec<(Key, Node)> = entries.into_iter().map(|(key, node, _)| (key, node)).collect();
    let yaml = write(&Node { place: nowhere, value: NodeValue::Map(entries) });
    match section {
        // The form is asked for by its section, empty as it is.
        true => format!("{yaml}{}: {{}}\n", form.section.value),
        false => yaml,
    }
}

/// What stands in the form fields of a value's boxes.
fn text(cells: &[&Cell], widgets: &[Widget], kind: Kind) -> Option<String> {
    let of = |cell: &Cell| {
        let name = cell.pdf_field.clone().unwrap_or_default();
        let state = cell.pdf_state.clone();
        widgets.iter().filter(move |widget| {
            let is_it = match (&widget.kind, &state) {
                (WidgetKind::Button { state, .. }, Some(wanted)) => state == wanted,
                _ => true,
            };
            widget.name == name && is_it
        })
    };
    let value = |cell: &Cell| {
        let found = of(cell).find_map(|widget| widget.value.clone());
        found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let parts: Vec<(Part, String)> = cells
        .iter()
        .filter_map(|cell| {
            let part = cell.part?;
            // An era that is chosen by a button is the word of its box.
            let text = value(cell)?;
            Some((part, cell.is.clone().unwrap_or(text)))
        })
        .collect();
    if cells.iter().any(|cell| cell.part.is_some()) {
        return (!parts.is_empty()).then(|| Part::join(&parts));
    }
    let is_chosen = |cell: &&&Cell| value(cell).is_some();
    if cells.iter().all(|cell| cell.is.is_some()) {
        let chosen: Vec<&str> =
            cells.iter().filter(is_chosen).filter_map(|cell| cell.is.as_deref()).collect();
        return match (kind, &chosen[..]) {
            (Kind::Boolean, []) if cells.len() == 1 => {
                let is_true = cells[0].is.as_deref() == Some("true");
                Some((!is_true).to_string())
            }
            (_, []) => None,
            (_, chosen) => Some(chosen.join("・")),
        };
    }
    cells.iter().find_map(|cell| value(cell))
}
