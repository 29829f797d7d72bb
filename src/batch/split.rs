//! A list, or a folder of records, as rosters of so many facilities each: in the headings of an empty roster, with what
//! is known.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::done::written;
use super::options::{Options, Watch};
use super::outcome::BatchError;
use super::run::open;
use crate::form::{Forms, Headings};
use crate::report::{Report, Source};
use crate::roster::Entry;
use crate::values;
use crate::workbook::RosterRow;

/// The facilities of a list, and what is wrong with their values.
#[derive(Debug, Default)]
pub struct Split {
    /// So many rows for each roster, in the order of the list.
    pub rosters: Vec<Vec<RosterRow>>,
    /// What cannot be read, by the file it is in. It is in the rosters as it is written, but for rows that cannot be read
    /// at all, which are in none.
    pub found: Vec<(Source, Report)>,
}

/// Reads the facilities of [`Options::source`] as a batch does, and parts them into rosters of `most` each.
///
/// # Errors
/// When the list or its headings cannot be read.
pub fn split(options: &Options<'_>, most: usize, watch: &dyn Watch) -> Result<Split, BatchError> {
    let facilities = open(options, &[], &[], watch)?;
    let headings = Headings::new(options.forms);
    let (mut rows, mut split) = (Vec::new(), Split::default());
    let skipped = facilities.each(&mut |entry| {
        let (row, source, report) = row(entry, options.forms, &headings, &|n| facilities.label(n));
        rows.extend(row);
        if !report.diagnostics.is_empty() {
            match split.found.last_mut() {
                Some((known, all)) if known.name == source.name => all.extend(report),
                _ => split.found.push((source, report)),
            }
        }
        match watch.is_stopped() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    })?;
    if watch.is_stopped() {
        return Err(BatchError::Stopped);
    }
    skipped.note().into_iter().chain(skipped.left_out()).for_each(|note| watch.say(&note));
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        split.rosters.push(rows.by_ref().take(most.max(1)).collect());
    }
    Ok(split)
}

/// What is known of a facility, and what cannot be read of it.
fn row(
    entry: Entry,
    forms: &Forms,
    headings: &Headings<'_>,
    label: &dyn Fn(u32) -> String,
) -> (Option<RosterRow>, Source, Report) {
    let Entry { number, record, mut report, cells, label: member, .. } = entry;
    let record = match record {
        Ok(record) => record,
        Err(source) => return (None, source, report),
    };
    let (read, faults) = values::values(&record, forms);
    report.extend(faults);
    let stated = read.iter().filter(|(_, value)| value.place.is_some());
    let mut values: BTreeMap<String, String> =
        stated.map(|(key, value)| (key.to_owned(), value.text.clone())).collect();
    for found in &report.diagnostics {
        let Some(key) = found.field.as_ref().filter(|key| headings.field(key).is_some()) else {
            continue;
        };
        let written = written(found, &cells, &record.source, Some(&record.root));
        if !written.is_empty() {
            values.entry(key.clone()).or_insert(written);
        }
    }
    let marker = member.unwrap_or_else(|| label(number));
    (Some(RosterRow { marker, values }), record.source, report)
}
