//! What a definition has room for.

use std::collections::BTreeSet;

use crate::form::{Block, Form, Spanned, Table};

/// How many rows of a list a page has, and how many of a kind of field each row has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Slots {
    pub rows: usize,
    pub columns: usize,
}

impl Slots {
    /// Those of the first page of a form. The fields of a row end in `_1`, `_2` and so on; there are no columns
    /// where one of these is missing.
    pub fn of(form: &Form, list: &str) -> Self {
        let mut rows = 0;
        let mut columns = BTreeSet::new();
        let cells = form.pages.iter().take(1).flat_map(|page| page.field_cells());
        for path in cells.filter_map(|cell| cell.value.field.as_ref()).map(|field| &field.value) {
            let inside = path.key().strip_prefix(list).and_then(|rest| rest.strip_prefix('.'));
            let (Some(name), Some(index)) = (inside, path.index()) else { continue };
            rows = rows.max(index + 1);
            columns
                .extend(name.rsplit_once('_').and_then(|(_, column)| column.parse::<usize>().ok()));
        }
        let is_whole = columns.iter().copied().eq(1..=columns.len());
        Slots { rows, columns: if is_whole { columns.len() } else { 0 } }
    }

    pub fn count(self) -> usize {
        self.rows * self.columns
    }

    /// The row, from 0, and the column, from 1, of the nth place.
    pub fn at(self, nth: usize) -> (usize, usize) {
        let columns = self.columns.max(1);
        (nth / columns, nth % columns + 1)
    }
}

/// How many characters of full width a field has room for on a line.
pub(super) fn room(form: &Form, key: &str) -> Option<f32> {
    let tables = form.pages_as_written().flat_map(|page| &page.body);
    let tables = tables.filter_map(|block| match &block.value {
        Block::Table(table) | Block::Grid(table) => Some(table),
        _ => None,
    });
    tables.filter_map(|table| room_in(table, form, key)).reduce(f32::min)
}

fn room_in(table: &Table, form: &Form, key: &str) -> Option<f32> {
    const MM_PER_PT: f32 = 25.4 / 72.0;
    const PAD: f32 = 1.5;
    table.rows.iter().find_map(|row| {
        let mut column = 0;
        for Spanned { value: cell, .. } in &row.value.cells {
            let across = cell.across() as usize;
            if cell.field.as_ref().is_some_and(|field| field.value.key() == key) {
                let columns = table.columns.iter().skip(column).take(across);
                let width: f32 = columns.sum::<f32>() - 2.0 * cell.pad.unwrap_or(PAD);
                return Some(width / (cell.value_size.unwrap_or(form.sizes.value) * MM_PER_PT));
            }
            column += across;
        }
        None
    })
}
