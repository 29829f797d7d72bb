//! In: a copy of an office's PDF that somebody filled in with a viewer, and the forms there are. Out: the form
//! whose boxes are its form fields, and the record in them.

use std::collections::{BTreeMap, HashSet};

use crate::form::{Cell, Field, Form, Forms, Kind, Part, Spanned};
use crate::key::FieldPath;
use crate::paper::{Widget, WidgetKind, filled_in};
use crate::record::{Key, Node, NodeValue, Shape, write};
use crate::report::{Diagnostic, Place, Report, Text};

/// A form that was filled in with a viewer.
#[derive(Clone, Debug, PartialEq)]
pub struct FilledIn {
    /// The form's id.
    pub form: String,
    /// What is filled in, as a record in YAML.
    pub yaml: String,
    /// Of which fields several values are filled in; the record has the first of each.
    pub report: Report,
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
        let mut report = Report::default();
        let yaml = yaml(form, &widgets, forms, &mut report);
        Some(FilledIn { form: form.id.clone(), yaml, report })
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
fn yaml(form: &Form, widgets: &[Widget], forms: &Forms, report: &mut Report) -> String {
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
        let all = found(&cells[path.written()], widgets, field.kind);
        if let Some(Found { text, .. }) = all.first().cloned() {
            let other = all.iter().find(|other| !is_same(field, &other.text, &text));
            if let Some(other) = other {
                report.push(differs(field, &all[0], other).with_form(&form.id));
            }
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

/// What stands in one or several of a value's boxes together.
#[derive(Clone)]
struct Found<'f> {
    text: String,
    /// The form field of the first of them.
    pdf_field: &'f str,
}

/// What stands in the form fields of a value's boxes: its parts together, its ticks together, and each other box.
fn found<'f>(cells: &[&'f Cell], widgets: &[Widget], kind: Kind) -> Vec<Found<'f>> {
    let name = |cell: &'f Cell| cell.pdf_field.as_deref().unwrap_or_default();
    let of = |cell: &'f Cell| {
        widgets.iter().filter(move |widget| {
            let is_it = match (&widget.kind, &cell.pdf_state) {
                (WidgetKind::Button { state }, Some(wanted)) => state == wanted,
                _ => true,
            };
            widget.name == name(cell) && is_it
        })
    };
    let value = |cell: &'f Cell| {
        let found = of(cell).find_map(|widget| widget.value.clone());
        let text = found.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())?;
        // What is chosen by a button is the word of its box.
        Some(cell.is.clone().unwrap_or(text))
    };
    let first = |is_one: &dyn Fn(&Cell) -> bool| {
        let mut chosen = cells.iter().filter(|cell| is_one(cell) && value(cell).is_some());
        chosen.next().map_or("", |cell| name(cell))
    };
    let mut all = Vec::new();
    let in_parts = cells.iter().filter_map(|cell| Some((cell.part?, value(cell))));
    if let Some(text) = Part::join(&in_parts.collect::<Vec<_>>()) {
        all.push(Found { text, pdf_field: first(&|cell| cell.part.is_some()) });
    }
    let is_tick = |cell: &Cell| cell.part.is_none() && cell.is.is_some();
    let ticks: Vec<&'f Cell> = cells.iter().copied().filter(|cell| is_tick(cell)).collect();
    let chosen: Vec<String> = ticks.iter().filter_map(|cell| value(cell)).collect();
    match (kind, &ticks[..]) {
        _ if !chosen.is_empty() => {
            all.push(Found { text: chosen.join("・"), pdf_field: first(&is_tick) });
        }
        // The only box of yes or no says the other where it is there and not ticked.
        (Kind::Boolean, [tick]) if cells.len() == 1 && of(tick).next().is_some() => {
            let text = (tick.is.as_deref() != Some("true")).to_string();
            all.push(Found { text, pdf_field: name(tick) });
        }
        _ => {}
    }
    for cell in cells.iter().filter(|cell| cell.part.is_none() && cell.is.is_none()) {
        all.extend(value(cell).map(|text| Found { text, pdf_field: name(cell) }));
    }
    all
}

/// Whether two texts are one value, as the field reads them.
fn is_same(field: &Field, a: &str, b: &str) -> bool {
    let read = |text: &str| field.read(text).map_or_else(|_| text.to_owned(), |read| read.text);
    a == b || read(a) == read(b)
}

/// The error that a value has two form fields with different texts.
fn differs(field: &Field, one: &Found<'_>, other: &Found<'_>) -> Diagnostic {
    let message = Text::new(
        format!(
            "{} が、PDF の入力欄「{}」では「{}」、「{}」では「{}」です",
            field.label.ja, one.pdf_field, one.text, other.pdf_field, other.text
        ),
        format!(
            "{} is `{}` in the form field {} and `{}` in {}",
            field.label.en, one.text, one.pdf_field, other.text, other.pdf_field
        ),
    );
    let hint =
        Text::new("同じ値にするか、どちらかを消してください", "make them equal, or clear one");
    Diagnostic::error("duplicate-field", message).with_field(&field.key).with_hint(hint)
}
