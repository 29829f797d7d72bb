//! What `--set` gives to all facilities, checked before the first one.

use super::options::Options;
use super::outcome::BatchError;
use super::share::Shared;
use crate::form::Headings;
use crate::record::{Node, NodeValue, Record};
use crate::report::{self, Diagnostic, Place, Report, Source, Text};
use crate::values;

/// What all facilities share, each value of its kind.
pub(super) fn checked(options: &Options<'_>) -> Result<Shared, BatchError> {
    let headings = Headings::new(options.forms);
    let place = Place::Text { line: 1, column: 1, start: 0, end: 0 };
    let mut report = Report::default();
    let mut set = Shared::default();
    for (written, value) in options.set {
        match headings.find(written) {
            Ok(column) => set.put(&column.path, value),
            Err(_) => {
                let nearest = report::suggest(
                    written,
                    options.forms.dictionary().fields().iter().map(|f| f.key.as_str()),
                );
                let mut fault = Diagnostic::error(
                    "unknown-field",
                    Text::new(
                        format!("「{written}」という項目はありません"),
                        format!("there is no field {written}"),
                    ),
                );
                fault.hint = nearest;
                report.push(fault);
            }
        }
    }
    // What the map says has been checked at its place; what is said with --set comes before it.
    for (key, value) in options.map.iter().flat_map(|map| map.constants()) {
        if let Ok(column) = headings.find(key)
            && set.get(key).is_none()
        {
            set.put(&column.path, value);
        }
    }
    // What is the same as a shared value is shared too, whichever of the two said it.
    while let Some((to, value)) =
        options.map.iter().flat_map(|map| map.copies()).find_map(|(to, from)| {
            let value = set.get(from.written()).filter(|_| set.get(to.written()).is_none())?;
            Some((to, value.to_owned()))
        })
    {
        set.put(to, &value);
    }
    let mut root = Node { place, value: NodeValue::Map(Vec::new()) };
    set.add_to(&mut root, options.forms);
    let record = Record { source: Source::default(), root };
    report.extend(values::values(&record, options.forms).1);
    report.diagnostics.iter_mut().for_each(|d| d.place = None);
    if report.errors() > 0 { Err(BatchError::Set(report)) } else { Ok(set) }
}
