//! What the forms of a workbook share: a field is asked for by the first form that has it, the cells of later
//! forms show what is typed there.

use super::day::excel_date;
use crate::table::range::{Range, Reference};
use crate::workbook::{Entry, Input, Written};

/// The cells of the forms before.
#[derive(Default)]
pub(super) struct Shared<'a>(Vec<Source<'a>>);

/// A cell in which a value is typed.
pub(super) struct Source<'a> {
    entry: &'a Entry,
    pub sheet: &'a str,
    at: (u32, u16),
}

impl<'a> Shared<'a> {
    /// Adds the cells of a form, each with the name of its sheet: not those that show others.
    pub fn add(&mut self, cells: impl Iterator<Item = (&'a Entry, &'a String, (u32, u16))>) {
        let own: Vec<Source<'a>> = cells
            .filter(|(entry, ..)| self.source(entry).is_none())
            .map(|(entry, sheet, at)| Source { entry, sheet, at })
            .collect();
        self.0.extend(own);
    }

    /// The cell of an earlier form whose value the cell of this entry shows.
    pub fn source(&self, entry: &Entry) -> Option<&Source<'a>> {
        let is_it = |source: &&Source<'_>| {
            entry.can_show(source.entry) && entry.written == source.entry.written
        };
        self.0.iter().find(is_it).filter(|_| is_kept(entry))
    }

    /// Whether an earlier form asks for the field, in whatever kind of cell.
    pub fn asks(&self, entry: &Entry) -> bool {
        self.0.iter().any(|source| source.entry.field == entry.field)
    }
}

/// Whether the workbook can keep what the entry's formula comes to: a text of digits, or one like TRUE, would be
/// kept as a number or as true, and be shown so until it is computed again.
fn is_kept(entry: &Entry) -> bool {
    match (&entry.input, &entry.written) {
        (Input::Whole(..), _) => true,
        (_, Some(Written::Text(text))) => {
            text.parse::<f64>().is_err()
                && !matches!(&**text, "TRUE" | "FALSE")
                && !text.starts_with('#')
        }
        _ => true,
    }
}

impl Source<'_> {
    /// The formula that shows the value in the cell of this entry: where nothing is typed, what that cell is to
    /// show without a value.
    pub fn formula(&self, entry: &Entry) -> String {
        let (row, column) = self.at;
        let range = Range { row, column, last_row: row, last_column: column };
        let cell = Reference { sheet: self.sheet.to_owned(), range };
        let literal = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let untyped = &self.entry.placeholder;
        let is_empty = match untyped.is_empty() {
            true => format!("{cell}=\"\""),
            false => format!("OR({cell}=\"\",{cell}={})", literal(untyped)),
        };
        format!("=IF({is_empty},{},{cell})", literal(&entry.placeholder))
    }

    /// What the formula comes to.
    pub fn result(&self, entry: &Entry) -> String {
        match &entry.written {
            None => entry.placeholder.clone(),
            Some(Written::Text(text)) => text.clone(),
            Some(Written::Tick(tick)) => tick.text().to_owned(),
            // A day before those that Excel counts is text.
            Some(Written::Date(date)) => match excel_date(*date) {
                Some(day) => day.to_excel().to_string(),
                None => date.to_string(),
            },
        }
    }
}

/// Whether a formula, as it is in a workbook that was saved, shows a cell of the other place.
pub(super) fn shows(formula: &str, place: &Reference) -> bool {
    let sheet = place.sheet.replace('\'', "''");
    let mut before = "";
    for part in formula.split('!') {
        let end = part.find(|c: char| c != '$' && !c.is_ascii_alphanumeric()).unwrap_or(part.len());
        let is_of_sheet = before.trim_end_matches('\'').ends_with(&sheet);
        let cell = Range::parse(&part[..end]);
        if is_of_sheet && cell.is_some_and(|cell| place.range.contains(cell.row, cell.column)) {
            return true;
        }
        before = part;
    }
    false
}
