//! The forms of a workbook: which they are, and which of their cells show those of others.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Cells;
use crate::form::{Field, Form, Forms};
use crate::layout::Mode;
use crate::report::{Diagnostic, Text};
use crate::table::TableError;
use crate::table::range::Reference;
use crate::workbook::entries::{every, of_form};
use crate::workbook::map::Map;
use crate::workbook::shared::shows;
use crate::workbook::{Entries, Entry, entries};

/// A form of the workbook.
pub(super) struct Part<'a> {
    pub form: &'a Form,
    /// Its place among the forms, from 1.
    pub number: usize,
    /// Its entries under the names they have in the workbook.
    pub entries: Entries,
    /// What the hidden sheet says the record has for it.
    pub record: Vec<(String, String)>,
    /// The field of which each form has one value, where the workbook has the form more than once.
    pub each: Option<String>,
}

impl Part<'_> {
    /// What the hidden sheet says of a field.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.record.iter().find(|(known, _)| known == key).map(|(_, text)| text.as_str())
    }
}

/// The forms, by the hidden sheet or, where it is lost, by the names of cells. Takes the records from the maps.
///
/// # Errors
/// When a form has no definition, or there is not one.
pub(super) fn parts<'a>(
    names: &[(String, String)],
    maps: &mut [Map],
    forms: &'a Forms,
) -> Result<Vec<Part<'a>>, TableError> {
    let mut parts: Vec<Part<'a>> = Vec::new();
    let part = |form: &'a Form, number, record| Part {
        form,
        number,
        entries: every(form, forms).numbered(number),
        record,
        each: None,
    };
    for (number, map) in (1..).zip(maps.iter_mut()) {
        let named = Some(map.form.as_str()).filter(|form| !form.is_empty());
        let found = named.and_then(|id| forms.find(id));
        match found.or_else(|| by_names(names, number, forms)) {
            Some(form) => parts.push(part(form, number, std::mem::take(&mut map.record))),
            None => return Err(stranger(named).into()),
        }
    }
    if parts.is_empty() {
        let numbers: BTreeSet<usize> = names.iter().map(|(name, _)| number_of(name)).collect();
        for number in numbers {
            let form = by_names(names, number, forms);
            parts.extend(form.map(|form| part(form, number, Vec::new())));
        }
    }
    if parts.is_empty() {
        return Err(stranger(None).into());
    }
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for part in &parts {
        *times.entry(&part.form.id).or_default() += 1;
    }
    for part in parts.iter_mut().filter(|part| times[part.form.id.as_str()] > 1) {
        part.each = part.form.each.as_ref().map(|each| each.value.clone());
    }
    Ok(parts)
}

/// The values in a text, which may be several.
pub(super) fn each_of<'t>(field: &Field, text: &'t str) -> Vec<&'t str> {
    match field.parts(text) {
        parts if parts.is_empty() => vec![text],
        parts => parts,
    }
}

/// Whether the cell of an entry shows what is typed in a form before it: what it comes to is not a value of its own.
pub(super) fn is_shown(
    entry: &Entry,
    before: &[Part<'_>],
    places: &HashMap<String, Reference>,
    cells: &Cells,
) -> bool {
    let Some(place) = places.get(&entry.name) else { return false };
    let formulas = cells.get(&place.sheet).map(|cells| &cells.formulas);
    let formula = formulas.and_then(|all| place.range.cells().find_map(|at| all.get(&at)));
    let Some(formula) = formula else { return false };
    let others = before.iter().flat_map(|part| &part.entries.entries);
    others
        .filter(|other| entry.can_show(other))
        .filter_map(|other| places.get(&other.name))
        .any(|other| shows(formula, other))
}

/// Which form of its workbook a name is of, whatever case a program has given it.
fn number_of(name: &str) -> usize {
    of_form(&name.to_lowercase()).1
}

/// The form most of whose fields have names in the workbook, among the names of the form at this place.
fn by_names<'a>(names: &[(String, String)], number: usize, forms: &'a Forms) -> Option<&'a Form> {
    let defined: BTreeSet<String> = names.iter().map(|(name, _)| name.to_lowercase()).collect();
    let share = |form: &&Form| {
        let wanted = entries(form, Mode::Blank, forms).numbered(number).entries;
        let wanted: BTreeSet<String> = wanted.iter().map(|e| e.name.to_lowercase()).collect();
        let found = wanted.intersection(&defined).count();
        (found * 1000).checked_div(wanted.len()).unwrap_or(0)
    };
    forms.forms().filter(|form| share(form) > 0).max_by_key(share)
}

fn stranger(form: Option<&str>) -> Diagnostic {
    let message = match form {
        Some(form) => Text::new(
            format!("様式「{form}」の定義がありません"),
            format!("there is no definition of the form {form}"),
        ),
        None => Text::new(
            "このプログラムが作った様式のブックではありません",
            "the workbook is not a form made by this program",
        ),
    };
    Diagnostic::error("syntax", message).with_hint(Text::new(
        "onshi で作った様式のブックを渡してください。onshi blank か onshi fill で作れます。自作の様式なら --forms を指定してください",
        "give the workbook of a form that this program made. `onshi blank` and `onshi fill` make them. For your own forms, give --forms",
    ))
}
