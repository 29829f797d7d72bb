//! A table as it is read aloud: a heading across all of its columns parts it in two.

use std::sync::Arc;

use super::{Cell, Scope};

/// A part of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Section<'a> {
    /// A printed header as wide as the table: what it says is of all rows below it, up to the next.
    Heading(&'a Cell),
    /// Rows with nothing of the kind among them, one or more.
    Rows(&'a [Vec<Arc<Cell>>]),
}

/// The parts of a table from top to bottom.
///
/// A reader who cannot see the page would be told such a header as one of every column, together with
/// those of the sections before it (ISO 32000-1, 14.8.4.3.4).
pub fn sections(rows: &[Vec<Arc<Cell>>]) -> Vec<Section<'_>> {
    let columns: u32 = rows.first().map_or(0, |row| row.iter().map(|cell| cell.columns).sum());
    let mut sections = Vec::new();
    for part in rows.chunk_by(|a, b| !is_heading(a, columns) && !is_heading(b, columns)) {
        sections.push(match part {
            [row] if is_heading(row, columns) => Section::Heading(&row[0]),
            rows => Section::Rows(rows),
        });
    }
    sections
}

fn is_heading(row: &[Arc<Cell>], columns: u32) -> bool {
    let [cell] = row else { return false };
    let mut runs = cell.areas.iter().flat_map(|area| &area.lines).flat_map(|line| &line.runs);
    // One column has its header above it, not a heading.
    columns > 1
        && cell.columns == columns
        && cell.header == Some(Scope::Column)
        && !cell.areas.iter().any(|area| area.is_filled())
        && runs.any(|run| !run.text().trim().is_empty())
}
