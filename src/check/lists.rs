//! Lists that are longer than a form has rows for: nothing is left out in silence.

use std::collections::{BTreeMap, BTreeSet};

use super::form::Check;
use crate::key::{FieldPath, Item};
use crate::report::{Diagnostic, Severity, Text};

/// The rows that a form has for a list.
#[derive(Default)]
struct Rows<'a> {
    /// The items that have a row in this record.
    printed: BTreeSet<usize>,
    /// Where the form names its items: the field that tells them apart, and its values.
    by: Option<(&'a str, Vec<&'a str>)>,
}

impl<'a> Check<'a> {
    /// An error for each list with items that the form has no row for.
    pub(super) fn lists(&mut self) {
        let mut lists: BTreeMap<&str, Rows<'a>> = BTreeMap::new();
        for path in self.cells().filter_map(|cell| Some(&cell.field.as_ref()?.value)) {
            let Some(selector) = &path.selector else { continue };
            let rows = lists.entry(&path.base).or_default();
            rows.printed.extend(self.item(path));
            if let Item::With { name, value } = &selector.item {
                let (_, values) = rows.by.get_or_insert_with(|| (name, Vec::new()));
                if !values.contains(&value.as_str()) {
                    values.push(value);
                }
            }
        }
        for (list, rows) in lists {
            let items = 0..self.values.len(list);
            let lost: Vec<usize> = items.filter(|i| !rows.printed.contains(i)).collect();
            match &rows.by {
                _ if lost.is_empty() || self.is_faulty(list) => {}
                None => self.too_long(list, rows.printed.len(), lost[0]),
                Some((by, values)) => {
                    lost.iter().for_each(|item| self.unnamed(list, *item, by, values));
                }
            }
        }
    }

    /// Which item of a list a path leads to in this record.
    fn item(&self, path: &FieldPath) -> Option<usize> {
        let found = || {
            let key = self.values.locate(path)?;
            key.strip_prefix(&path.base)?.strip_prefix('[')?.split_once(']')?.0.parse().ok()
        };
        let index = path.index().or_else(found)?;
        (index < self.values.len(&path.base)).then_some(index)
    }

    /// Whether something has been found to be wrong with a list as a whole, or an item.
    fn is_faulty(&self, key: &str) -> bool {
        let mut errors =
            self.report.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        let is_inside = |field: &str| {
            field.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        errors.any(|found| found.field.as_deref().is_some_and(is_inside))
            || self.values.is_invalid(key) && key.ends_with(']')
    }

    fn too_long(&mut self, list: &str, most: usize, first: usize) {
        let (label, name) = (self.forms.dictionary().label(list), self.form.short_name());
        let count = self.values.len(list);
        let message = Text::new(
            format!("{}が {count} 件あります。{name}に印字できるのは {most} 件までです", label.ja),
            format!("{} has {count} items; {name} has rows for {most}", label.en),
        );
        let hint = Text::new(
            format!("{most} 件までにして、残りは別の記録に書いてください"),
            format!("write {most} at most, and the others in another record"),
        );
        self.lost(list, first, message, hint);
    }

    fn unnamed(&mut self, list: &str, item: usize, by: &str, values: &[&str]) {
        if self.is_faulty(&format!("{list}[{item}]")) {
            return;
        }
        let dictionary = self.forms.dictionary();
        let (label, by) = (dictionary.label(list), dictionary.label(&format!("{list}.{by}")));
        let (number, name) = (item + 1, self.form.short_name());
        let message = Text::new(
            format!("{}の {number} 件目は、{name}のどの行にも当てはまりません", label.ja),
            format!("item {number} of {} has no row on {name}", label.en),
        );
        let hint = Text::new(
            format!("{}に {} のいずれかを、一件ずつ書いてください", by.ja, values.join("、")),
            format!("write one of {} in {}, each once", values.join(", "), by.en),
        );
        self.lost(list, item, message, hint);
    }

    fn lost(&mut self, list: &str, item: usize, message: Text, hint: Text) {
        let place = self.place(&format!("{list}[{item}]"));
        let fault = Diagnostic::error("fit", message).with_form(&self.form.id);
        self.report.push(fault.with_field(list).with_hint(hint).at(place));
    }
}
