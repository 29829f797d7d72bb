//! Where the headings of a table are.

use std::ops::ControlFlow;
use std::path::Path;

use crate::form::{Forms, Headings};
use crate::table::range::Range;
use crate::table::{Cell, Row, Table, TableError, beginnings};

/// Among how many rows that are not blank, from the top, the headings are looked for.
pub(super) const WITHIN: usize = 30;

/// The headings of a table, in one row or in two.
pub(super) struct Heading {
    /// Its rows as they stand.
    pub rows: Vec<Row>,
    /// What heads each column: with two rows the group and the heading below it.
    pub cells: Vec<Cell>,
    /// How many of them are known.
    pub known: usize,
    /// The last row of it: the facilities are below.
    pub last: u32,
    /// Cells merged across columns that nothing below tells apart.
    pub merged: Vec<Range>,
}

impl Heading {
    /// The number of its last row with text.
    pub fn row(&self) -> u32 {
        self.rows.last().map_or(1, |row| row.number)
    }
}

/// The rows with the most known headings among the first; the first on a tie, and one row rather than
/// two. None where nothing is written.
pub(super) fn find(
    table: &Table,
    is_heading: &dyn Fn(&str) -> bool,
) -> Result<Option<Heading>, TableError> {
    let mut rows = Vec::new();
    table.rows(&mut |row| {
        rows.push(row);
        if rows.len() < WITHIN { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(among(&rows, is_heading, |row| table.merged(row)))
}

/// The row among the first with the most texts, for a list of which no heading is known.
pub(super) fn widest(table: &Table) -> Result<Option<Heading>, TableError> {
    let is_text = |cell: &&Cell| matches!(cell, Cell::Text(_));
    let mut best: Option<(usize, Row)> = None;
    let mut seen = 0;
    table.rows(&mut |row| {
        let texts = row.cells.iter().filter(is_text).count();
        if best.as_ref().is_none_or(|(most, _)| texts > *most) {
            best = Some((texts, row));
        }
        seen += 1;
        if seen < WITHIN { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let merged = |row| table.merged(row);
    Ok(best.map(|(_, row)| heading(merged, vec![row.clone()], row.cells.clone(), &|_| false)))
}

/// The heading in rows of these numbers, one or two; none where nothing is written there.
pub(super) fn at(
    table: &Table,
    numbers: &[u32],
    is_heading: &dyn Fn(&str) -> bool,
) -> Result<Option<Heading>, TableError> {
    let mut rows = Vec::new();
    let last = numbers.iter().copied().max().unwrap_or(0);
    table.rows(&mut |row| {
        let number = row.number;
        if numbers.contains(&number) {
            rows.push(row);
        }
        if number < last { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let merged = |row| table.merged(row);
    Ok(match &rows[..] {
        [] => None,
        [row] => Some(heading(merged, vec![row.clone()], row.cells.clone(), is_heading)),
        [above, below, ..] => {
            let cells = joined(above, below, is_heading, &merged(above.number));
            Some(heading(merged, vec![above.clone(), below.clone()], cells, is_heading))
        }
    })
}

/// The heading among rows, of which `merged` tells the merged cells by their number.
fn among(
    rows: &[Row],
    is_heading: &dyn Fn(&str) -> bool,
    merged: impl Fn(u32) -> Vec<Range>,
) -> Option<Heading> {
    let mut best: Option<Heading> = None;
    let mut keep = |heading: Heading| {
        if best.as_ref().is_none_or(|best| heading.known > best.known) {
            best = Some(heading);
        }
    };
    let alone = |row: &Row| heading(&merged, vec![row.clone()], row.cells.clone(), is_heading);
    for (i, row) in rows.iter().enumerate() {
        let upper = alone(row);
        let least = upper.known;
        keep(upper);
        if let Some(below) = rows.get(i + 1).filter(|below| below.number == row.number + 1) {
            let cells = joined(row, below, is_heading, &merged(row.number));
            let both = heading(&merged, vec![row.clone(), below.clone()], cells, is_heading);
            // A title above the headings is no part of them.
            if both.known > least.max(alone(below).known) {
                keep(both);
            }
        }
    }
    best
}

/// Whether a file, given whole, is a list of facilities: a row among its first has headings.
pub(crate) fn is_roster(name: &Path, bytes: &[u8], forms: &Forms) -> bool {
    let tops = beginnings(name, bytes, WITHIN);
    // Most records are told from lists before any heading is looked at.
    let texts = |row: &Row| row.cells.iter().filter(|c| matches!(c, Cell::Text(_))).count();
    if !tops.iter().flatten().any(|row| texts(row) > 1) {
        return false;
    }
    let headings = Headings::new(forms);
    let is_label = |text: &str| headings.find(text).is_ok();
    let is_heading = |text: &str| headings.knows(text);
    let known = |rows: &Vec<Row>, is_known: &dyn Fn(&str) -> bool| {
        among(rows, is_known, |_| Vec::new()).map_or(0, |heading| heading.known)
    };
    // One word that is a heading too may be anywhere, and two that some list has.
    let is_list = |rows: &Vec<Row>| known(rows, &is_label) > 1 || known(rows, &is_heading) > 2;
    tops.iter().any(is_list)
}

fn heading(
    merged: impl Fn(u32) -> Vec<Range>,
    rows: Vec<Row>,
    cells: Vec<Cell>,
    is_heading: &dyn Fn(&str) -> bool,
) -> Heading {
    let known = cells.iter().filter(|cell| is_known(cell, is_heading)).count();
    let number = rows.last().map_or(1, |row| row.number);
    let merges = merged(number);
    let last = merges.iter().map(|range| range.last_row + 1).fold(number, u32::max);
    let merged = merges.into_iter().filter(|range| range.column < range.last_column).collect();
    Heading { rows, cells, known, last, merged }
}

fn is_known(cell: &Cell, is_heading: &dyn Fn(&str) -> bool) -> bool {
    matches!(cell, Cell::Text(text) if is_heading(text))
}

/// Two rows as one: a group spreads over the columns right of it that have a heading below, merged cells no further.
fn joined(
    above: &Row,
    below: &Row,
    is_heading: &dyn Fn(&str) -> bool,
    merged: &[Range],
) -> Vec<Cell> {
    let (mut group, mut end) = (String::new(), usize::MAX);
    let width = above.cells.len().max(below.cells.len());
    let cell = |row: &Row, column: usize| row.cells.get(column).cloned().unwrap_or_default();
    let mut joined = Vec::with_capacity(width);
    for column in 0..width {
        let (upper, lower) = (cell(above, column), cell(below, column));
        if upper != Cell::Empty || lower == Cell::Empty || column > end {
            group = upper.to_string();
            let range = merged.iter().find(|range| usize::from(range.column) == column);
            end = range.map_or(usize::MAX, |range| usize::from(range.last_column));
        }
        joined.push(match lower {
            Cell::Empty => upper,
            lower if group.is_empty() => lower,
            lower => {
                let whole = Cell::Text(format!("{} {}", group.trim(), lower.to_string().trim()));
                if !is_known(&whole, is_heading) && is_known(&lower, is_heading) {
                    lower
                } else {
                    whole
                }
            }
        });
    }
    joined
}
