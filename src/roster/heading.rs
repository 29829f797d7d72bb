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
pub(super) fn find(table: &Table, headings: &Headings<'_>) -> Result<Option<Heading>, TableError> {
    let mut rows = Vec::new();
    table.rows(&mut |row| {
        rows.push(row);
        if rows.len() < WITHIN { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(among(&rows, headings, |row| table.merged(row)))
}

/// The heading among rows, of which `merged` tells the merged cells by their number.
fn among(
    rows: &[Row],
    headings: &Headings<'_>,
    merged: impl Fn(u32) -> Vec<Range>,
) -> Option<Heading> {
    let mut best: Option<Heading> = None;
    let mut keep = |heading: Heading| {
        if best.as_ref().is_none_or(|best| heading.known > best.known) {
            best = Some(heading);
        }
    };
    for (i, row) in rows.iter().enumerate() {
        keep(heading(&merged, vec![row.clone()], row.cells.clone(), headings));
        if let Some(below) = rows.get(i + 1).filter(|below| below.number == row.number + 1) {
            let cells = joined(row, below, headings);
            keep(heading(&merged, vec![row.clone(), below.clone()], cells, headings));
        }
    }
    best
}

/// Whether a file, given whole, is a list of facilities: a row among its first has headings.
pub(crate) fn is_roster(name: &Path, bytes: &[u8], forms: &Forms) -> bool {
    let headings = Headings::new(forms);
    let known = |rows: &Vec<Row>| among(rows, &headings, |_| Vec::new()).map_or(0, |h| h.known);
    // One word that is a heading too may be anywhere.
    beginnings(name, bytes, WITHIN).iter().any(|rows| known(rows) > 1)
}

fn heading(
    merged: impl Fn(u32) -> Vec<Range>,
    rows: Vec<Row>,
    cells: Vec<Cell>,
    headings: &Headings<'_>,
) -> Heading {
    let known = cells.iter().filter(|cell| is_known(cell, headings)).count();
    let number = rows.last().map_or(1, |row| row.number);
    let merges = merged(number);
    let last = merges.iter().map(|range| range.last_row + 1).fold(number, u32::max);
    let merged = merges.into_iter().filter(|range| range.column < range.last_column).collect();
    Heading { rows, cells, known, last, merged }
}

fn is_known(cell: &Cell, headings: &Headings<'_>) -> bool {
    matches!(cell, Cell::Text(text) if headings.knows(text))
}

/// Two rows as one: a group spreads over the columns right of it that have a heading below.
fn joined(above: &Row, below: &Row, headings: &Headings<'_>) -> Vec<Cell> {
    let mut group = String::new();
    let width = above.cells.len().max(below.cells.len());
    let cell = |row: &Row, column: usize| row.cells.get(column).cloned().unwrap_or_default();
    let mut joined = Vec::with_capacity(width);
    for column in 0..width {
        let (upper, lower) = (cell(above, column), cell(below, column));
        if upper != Cell::Empty || lower == Cell::Empty {
            group = upper.to_string();
        }
        joined.push(match lower {
            Cell::Empty => upper,
            lower if group.is_empty() => lower,
            lower => {
                let whole = Cell::Text(format!("{} {}", group.trim(), lower.to_string().trim()));
                if !is_known(&whole, headings) && is_known(&lower, headings) {
                    lower
                } else {
                    whole
                }
            }
        });
    }
    joined
}
