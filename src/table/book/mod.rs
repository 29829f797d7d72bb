//! The one reader of workbooks (.xlsx): guarded, a cell at a time.

mod guard;
mod hidden;

use std::io::{Read, Seek};
use std::ops::ControlFlow;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

pub(crate) use guard::{Content, MAX_FORM_BYTES, Purpose, content, is_workbook};
pub(super) use hidden::Hidden;

use super::TableError;
use super::cell::{Cell, Moment, moment_of};
use super::range::{COLUMNS, ROWS, Range};

/// Takes a cell, with its row and column from 0 and the formula it has.
type EachCell<'e> = dyn FnMut((u32, u16), Cell, Option<&str>) -> ControlFlow<()> + 'e;

/// A workbook that is one.
pub(crate) struct Book<R> {
    xlsx: Xlsx<R>,
}

impl<R: Read + Seek> Book<R> {
    /// Opens a workbook that may be anything.
    ///
    /// # Errors
    /// A `syntax` error: too large, encrypted, of an older or other format, damaged, or no workbook.
    pub fn open(mut source: R, purpose: Purpose) -> Result<Self, TableError> {
        guard::sound(&mut source, purpose)?;
        source.rewind()?;
        Book::again(source)
    }

    /// Opens a workbook that was opened before.
    pub fn again(source: R) -> Result<Self, TableError> {
        Ok(Book { xlsx: Xlsx::new(source).map_err(unreadable)? })
    }

    /// The sheets, hidden ones too.
    pub fn sheets(&self) -> Vec<String> {
        self.xlsx.sheet_names()
    }

    /// The sheets with cells that are shown.
    pub fn shown(&self) -> Vec<String> {
        let sheets = self.xlsx.sheets_metadata().iter();
        let shown =
            sheets.filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible);
        shown.map(|sheet| sheet.name.clone()).collect()
    }

    /// The defined names and what they refer to.
    pub fn names(&self) -> &[(String, String)] {
        self.xlsx.defined_names()
    }

    /// Whether days are counted from 1904.
    fn counts_from_1904(&self) -> bool {
        self.xlsx.has_1904_epoch()
    }

    /// The merged cells of a sheet.
    pub fn merged(&mut self, sheet: &str) -> Result<Vec<Range>, TableError> {
        let merged = self.xlsx.merge_cells_by_sheet_name(sheet).map_err(unreadable)?;
        let ranges = merged.into_iter().filter_map(|dimensions| {
            let (start, end) = (dimensions.start, dimensions.end);
            let is_inside = start.0 <= end.0 && start.1 <= end.1 && end.0 < ROWS && end.1 < COLUMNS;
            is_inside.then_some(Range {
                row: start.0,
                column: u16::try_from(start.1).ok()?,
                last_row: end.0,
                last_column: u16::try_from(end.1).ok()?,
            })
        });
        Ok(ranges.collect())
    }

    /// How many rows a sheet says it has.
    pub fn height(&mut self, sheet: &str) -> Result<u32, TableError> {
        let reader = self.xlsx.worksheet_cells_reader(sheet).map_err(unreadable)?;
        // What the sheet says of itself may be untrue.
        Ok(reader.dimensions().end.0.min(ROWS - 1) + 1)
    }

    /// Hands over the cells of a sheet that are not empty, row by row, each with its row and column
    /// from 0, until told to stop.
    ///
    /// # Errors
    /// A `syntax` error when the sheet is damaged or not there.
    pub fn cells(
        &mut self,
        sheet: &str,
        each: &mut dyn FnMut((u32, u16), Cell) -> ControlFlow<()>,
    ) -> Result<(), TableError> {
        self.cells_with_formulas(sheet, &mut |at, cell, _| match cell {
            Cell::Empty => ControlFlow::Continue(()),
            cell => each(at, cell),
        })
    }

    /// The same, with the formula a cell has; those too that are empty.
    ///
    /// # Errors
    /// As [`Book::cells`].
    pub fn cells_with_formulas(
        &mut self,
        sheet: &str,
        each: &mut EachCell<'_>,
    ) -> Result<(), TableError> {
        let from_1904 = self.counts_from_1904();
        // One cell after the other: a single cell far down would make a whole range of gigabytes.
        let mut reader = self.xlsx.worksheet_cells_reader(sheet).map_err(unreadable)?;
        while let Some(cell) = reader.next_cell_with_formula().map_err(unreadable)? {
            let (row, column) = cell.pos;
            let column = u16::try_from(column).ok().filter(|c| u32::from(*c) < COLUMNS);
            let Some(column) = column.filter(|_| row < ROWS) else {
                return Err(guard::damaged("a cell lies outside of the sheet"));
            };
            let found = value(cell.value, cell.formula.as_deref(), from_1904);
            if each((row, column), found, cell.formula.as_deref()).is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn value(value: DataRef<'_>, formula: Option<&str>, from_1904: bool) -> Cell {
    match value {
        DataRef::Empty => formula.map_or(Cell::Empty, Cell::uncomputed),
        DataRef::Int(number) => Cell::number(number as f64, from_1904),
        DataRef::Float(number) => Cell::number(number, from_1904),
        DataRef::String(written) => Cell::text(&written),
        DataRef::SharedString(written) => Cell::text(written),
        DataRef::Bool(value) => Cell::Boolean(value),
        DataRef::DateTime(moment) if moment.is_duration() => {
            Cell::Moment(Moment { day: None, ..moment_of(moment.as_f64(), from_1904) })
        }
        DataRef::DateTime(moment) => Cell::Moment(moment_of(moment.as_f64(), from_1904)),
        DataRef::DateTimeIso(written) => iso(&written),
        DataRef::DurationIso(written) => Cell::text(&written),
        DataRef::Error(error) => Cell::error(&error.to_string()),
    }
}

/// A day or a moment as `2024-04-01T10:30:00.000Z`.
fn iso(written: &str) -> Cell {
    let plain = written.trim_end_matches('Z');
    let moment = plain.parse::<jiff::civil::DateTime>().or_else(|_| {
        plain.parse::<jiff::civil::Date>().map(|day| day.to_datetime(jiff::civil::Time::midnight()))
    });
    match moment {
        Ok(moment) => {
            let time = Some(moment.time()).filter(|time| *time != jiff::civil::Time::midnight());
            Cell::Moment(Moment { day: Some(moment.date()), time })
        }
        Err(_) => Cell::text(written),
    }
}

fn unreadable(error: XlsxError) -> TableError {
    match error {
        XlsxError::Io(error) => TableError::Io(error),
        error => guard::damaged(&error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_is_no_workbook_is_refused_in_words() {
        for (bytes, part) in [
            (&b"facility: {}"[..], "ではありません"),
            (b"", "ではありません"),
            (b"PK\x03\x04rest", "壊れて"),
            (&vec![b'P'; MAX_FORM_BYTES + 1], "大きすぎ"),
        ] {
            let Err(TableError::Faulty(report)) = Book::open(Cursor::new(bytes), Purpose::Form)
            else {
                panic!("{part}")
            };
            let diagnostic = &report.diagnostics[0];
            assert!(diagnostic.message.ja.contains(part), "{}", diagnostic.message.ja);
            assert_eq!(diagnostic.code, "syntax");
        }
    }

    #[test]
    fn days_in_words_have_a_time_only_where_it_is_not_midnight() {
        for (written, shown) in [
            ("2024-04-01", "2024-04-01"),
            ("2024-04-01T00:00:00.000Z", "2024-04-01"),
            ("2024-04-01T10:30:00", "2024-04-01 10:30"),
        ] {
            let Cell::Moment(moment) = iso(written) else { panic!("{written}") };
            assert_eq!(moment.to_string(), shown);
        }
    }
}
