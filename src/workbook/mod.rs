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

use crate::font::is_selector;
use crate::paint::PaintError;

/// How hard forms and lists are compressed: level 2 would make one a seventh smaller, for a tenth more work on it.
const LEVEL: u8 = 1;

/// The beginning of a text, as long as Excel lets it be: it counts UTF-16 units. No character loses the selector of its
/// shape.
fn brief(text: &str, most: usize) -> &str {
    let mut units = 0;
    let mut ends = text.char_indices().map(|(start, c)| {
        units += c.len_utf16();
        (start, c, units > most)
    });
    match ends.find(|(.., is_over)| *is_over) {
        None => text,
        Some((end, c, _)) if is_selector(c) => {
            text[..end].char_indices().next_back().map_or("", |(last, _)| &text[..last])
        }
        Some((end, ..)) => &text[..end],
    }
}

/// Why a workbook is not written.
fn refused(error: XlsxError) -> PaintError {
    match error {
        XlsxError::ParameterError(why) => PaintError::Workbook(why),
        error => PaintError::Workbook(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::brief;

    #[test]
    fn a_text_is_cut_as_excel_counts_and_no_character_loses_its_selector() {
        assert_eq!(brief("様式1", 3), "様式1");
        assert_eq!(brief("𠮷野家", 3), "𠮷野");
        assert_eq!(brief("𠮷野家", 1), "");
        assert_eq!(brief("見葛\u{E0100}飾", 3), "見");
        assert_eq!(brief("見葛\u{E0100}飾", 4), "見葛\u{E0100}");
    }
}
