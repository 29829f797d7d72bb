//! A form's sheet that was copied inside its workbook. Names stay with the sheet they were made for, so
//! that only one of the two would be read.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Seek};
use std::ops::ControlFlow;

use crate::report::{Diagnostic, Text};
use crate::table::book::Book;
use crate::table::range::Reference;
use crate::table::{Cell, TableError};
use crate::workbook::map::MapCell;

/// A copy has at least so many of the form's texts at their places.
const SAME: usize = 5;

type Cells = BTreeMap<(u32, u16), Cell>;

/// The error that another sheet is filled in too, if one is. `places` are those of the form's cells by
/// defined name, `known` is what was written there.
pub(super) fn filled_copy<R: Read + Seek>(
    book: &mut Book<R>,
    places: &HashMap<String, Reference>,
    known: &HashMap<String, MapCell>,
) -> Result<Option<Diagnostic>, TableError> {
    // The form's pages, and the sheet of one page with its copies.
    let pages: BTreeSet<String> = places.values().map(|place| place.sheet.clone()).collect();
    let mut sheets = Vec::new();
    for page in &pages {
        let original = cells(book, page)?;
        let own = || places.iter().filter(|(_, place)| place.sheet == *page);
        let is_entry =
            |(row, column): (u32, u16)| own().any(|(_, place)| place.range.contains(row, column));
        let printed: Vec<(&(u32, u16), &Cell)> =
            original.iter().filter(|(at, _)| !is_entry(**at)).collect();
        sheets = Vec::new();
        for sheet in book.shown() {
            if sheet == *page {
                sheets.push(sheet);
                continue;
            }
            if pages.contains(&sheet) {
                continue;
            }
            let copy = cells(book, &sheet)?;
            let same = printed.iter().filter(|(at, cell)| copy.get(at) == Some(cell)).count();
            let is_copy = same >= SAME && 2 * same > printed.len();
            if is_copy && own().any(|(name, at)| is_filled(&copy, name, at, known)) {
                sheets.push(sheet);
            }
        }
        if sheets.len() > 1 {
            break;
        }
    }
    if sheets.len() < 2 {
        return Ok(None);
    }
    let message = Text::new(
        format!("記入されたシートが {} つあります（{}）", sheets.len(), sheets.join("、")),
        format!("{} sheets are filled in ({})", sheets.len(), sheets.join(", ")),
    );
    let hint = Text::new(
        "様式のシートをコピーしたものは読めません。一つだけを残し、ほかは onshi blank で作ったブックに入力してください",
        "copies of a form's sheet are not read: keep one, and enter the others into workbooks made with `onshi blank`",
    );
    Ok(Some(Diagnostic::error("syntax", message).with_hint(hint)))
}

fn cells<R: Read + Seek>(book: &mut Book<R>, sheet: &str) -> Result<Cells, TableError> {
    let mut cells = Cells::new();
    book.cells(sheet, &mut |at, cell| {
        cells.insert(at, cell);
        ControlFlow::Continue(())
    })?;
    Ok(cells)
}

/// Whether something else than what was written is in the cells of an entry.
fn is_filled(
    cells: &Cells,
    name: &str,
    place: &Reference,
    known: &HashMap<String, MapCell>,
) -> bool {
    let written = known.get(&name.to_lowercase()).and_then(|cell| cell.written.as_deref());
    let found = place.range.cells().find_map(|at| cells.get(&at));
    found.is_some_and(|cell| written != Some(cell.to_string().as_str()))
}
