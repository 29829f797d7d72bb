//! The cells of a roster's row become the values of a record.

use unicode_normalization::UnicodeNormalization as _;

use super::source::{Line, Source};
use crate::form::kinds::{BREAK, Taken, plain};
use crate::form::{Field, Kind};
use crate::record::{Node, NodeValue};
use crate::report::{Diagnostic, Place, Report, Text};
use crate::table::Cell;

/// Reads one row's cells.
pub(super) struct RowReader<'r> {
    pub line: Line<'r>,
    pub report: &'r mut Report,
    pub place: &'r dyn Fn(u32, usize) -> Place,
}

impl RowReader<'_> {
    /// The node of a value, and whether anything is written where it comes from.
    pub fn leaf(&mut self, source: &Source, field: &Field) -> (Node, bool) {
        let said = source.read(&self.line);
        let place = (self.place)(self.line.number(said.column), said.column);
        if let Some((message, hint)) = said.fault {
            let label = &field.label;
            let message = Text::new(
                format!("{}: {}", label.ja, message.ja),
                format!("{}: {}", label.en, message.en),
            );
            let fault = Diagnostic::error("kind", message).with_hint(hint).with_field(&field.key);
            self.report.push(fault.at(Some(place.clone())));
            return (Node { place, value: NodeValue::Null }, true);
        }
        let cell = &said.cell;
        if *cell == Cell::Empty {
            return (Node { place, value: NodeValue::Null }, false);
        }
        let joined = one_line(field, cell);
        let cell = match &joined {
            Some((joined, is_said)) => {
                if *is_said {
                    self.said(field, joined, &place);
                }
                joined
            }
            None => cell,
        };
        let taken = match said.is_part {
            true => plain(field, &field.label, cell),
            false => field.taken(&field.label, cell),
        };
        let (value, finding) = match taken {
            Ok(Taken { text, warning }) => (NodeValue::Scalar(text), warning),
            Err(refused) => (NodeValue::Null, Some(refused.diagnostic())),
        };
        if let Some(finding) = finding {
            self.report.push(finding.with_field(&field.key).at(Some(place.clone())));
        }
        (Node { place, value }, true)
    }

    /// That the lines of a cell were joined.
    fn said(&mut self, field: &Field, joined: &Cell, place: &Place) {
        let message = Text::new(
            format!("{}: セルの中の改行を詰めて「{joined}」と読みました", field.label.ja),
            format!("{}: the lines of the cell were joined: `{joined}`", field.label.en),
        );
        let found = Diagnostic::warning("normalised", message).with_field(&field.key);
        self.report.push(found.at(Some(place.clone())));
    }
}

/// A cell whose lines are one, and whether that is worth saying: a break at an end is not. A list breaks
/// its cells to make columns narrow; between words a space takes the place of the break, in a number nothing.
fn one_line(field: &Field, cell: &Cell) -> Option<(Cell, bool)> {
    let Cell::Text(text) = cell else { return None };
    if !text.contains('\n') {
        return None;
    }
    let lines: Vec<&str> = text.split('\n').map(str::trim).filter(|l| !l.is_empty()).collect();
    let is_words = field.kind.ways().has_words();
    let has_numbers = matches!(field.kind, Kind::Address | Kind::Date | Kind::YearMonth);
    let mut joined = String::new();
    let is_wide = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
    // Digits and Latin letters, also those of full width.
    let is_narrow = |c: char| c.nfkc().all(|c| c.is_ascii());
    for line in &lines {
        let (before, behind) = (joined.chars().next_back(), line.chars().next());
        let is_read_on = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && is_narrow(c));
        // 1-2-2 and 301 in two lines of an address are not 1-2-2301, nor is 4/1 9:00 the 19th.
        let is_apart = has_numbers && is_read_on(before) && is_read_on(behind);
        if (is_words || is_apart) && !joined.is_empty() {
            let wide = is_wide(before) && is_wide(behind);
            joined.push(if wide { '\u{3000}' } else { ' ' });
        }
        joined += line;
    }
    // Two numbers are not one: what nobody can read stays apart.
    if lines.len() > 1 && !is_words && field.read(&joined).is_err() {
        return Some((Cell::Text(lines.join(BREAK)), false));
    }
    Some((Cell::Text(joined), lines.len() > 1))
}
