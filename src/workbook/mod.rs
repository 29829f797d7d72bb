//! Forms as a workbook and back, and lists as workbooks. In: sheets and the entries of their forms, or a workbook somebody
//! filled in. Out: a workbook to print and to fill in, or the record it was filled with.

mod book;
mod cells;
mod day;
mod entries;
mod grid;
mod import;
mod input;
mod lint;
mod list;
mod look;
mod map;
mod marks;
mod roster;
mod shape;
mod shared;
mod template;
mod write;

pub use crate::form::{Calendar, Input};
pub use book::{xlsx, xlsx_of};
pub use entries::{Entries, Entry, FormEntries, Inverse, Written, entries};
pub use import::{Import, import};
pub use lint::lint;
pub(crate) use list::{Item, List, ListColumn, MOST_ROWS, SheetId};
pub use look::Look;
pub use map::MAP_SHEET;
pub use roster::{RosterRow, RosterRows, roster_csv, roster_xlsx, roster_xlsx_of};

use rust_xlsxwriter::XlsxError;

use crate::paint::PaintError;

/// How hard forms and lists are compressed: level 2 would make one a seventh smaller, for a tenth more work on it.
const LEVEL: u8 = 1;

/// Why a workbook is not written.
fn refused(error: XlsxError) -> PaintError {
    match error {
        XlsxError::ParameterError(why) => PaintError::Workbook(why),
        error => PaintError::Workbook(error.to_string()),
    }
}
