//! The sheet of a workbook as a table, streamed: beside the strings that its cells share, one row is in
//! memory.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::path::Path;

use super::book::{Book, Hidden, Purpose};
use super::range::Range;
use super::{Cell, Row, TableError};
use crate::report::{Diagnostic, Text};

pub(super) struct Workbook {
    pub sheet: String,
    /// The sheets that are shown.
    pub sheets: Vec<String>,
    pub height: u32,
    /// By their first row, each with the last row of it and of all before it.
    merged: Vec<(Range, u32)>,
    /// The numbers of the rows that are hidden.
    pub hidden: BTreeSet<u32>,
}

impl Workbook {
    /// Takes the sheet of this name, else the first one that is shown.
    pub fn open(path: &Path, named: Option<&str>) -> Result<(Self, Vec<Text>), TableError> {
        let mut book = Book::open(BufReader::new(File::open(path)?), Purpose::List)?;
        let sheets = book.shown();
        let Some(sheet) = sheets.first().cloned() else {
            let message = Text::new("表示されているシートがありません", "every sheet is hidden");
            return Err(Diagnostic::error("syntax", message).into());
        };
        let sheet = match named {
            None => sheet,
            Some(named) if book.sheets().iter().any(|sheet| sheet == named) => named.to_owned(),
            Some(named) => return Err(no_sheet(named, &sheets).into()),
        };
        let mut notes = Vec::new();
        let others: Vec<&str> = sheets.iter().filter(|s| **s != sheet).map(|s| &**s).collect();
        if !others.is_empty() {
            notes.push(Text::new(
                format!("シート「{sheet}」だけを読みます（ほかに {}）", others.join("、")),
                format!("only the sheet {sheet} is read (not {})", others.join(", ")),
            ));
        }
        let mut merged = book.merged(&sheet)?;
        merged.sort_by_key(|range| (range.row, range.column));
        let reach = merged.iter().scan(0, |reach, range| {
            *reach = range.last_row.max(*reach);
            Some(*reach)
        });
        let merged = merged.iter().copied().zip(reach).collect();
        let height = book.height(&sheet)?;
        let hidden = Hidden::find(BufReader::new(File::open(path)?), &sheet).rows;
        Ok((Workbook { sheet, sheets, height, merged, hidden }, notes))
    }

    pub fn merged(&self, row: u32) -> Vec<Range> {
        // Of a hundred thousand, those of one row are found without looking at all.
        let begun = self.merged.partition_point(|(range, _)| range.row < row);
        let near = self.merged[..begun].iter().rev().take_while(|(_, reach)| reach + 1 >= row);
        let mut touching: Vec<Range> =
            near.map(|(range, _)| *range).filter(|range| range.last_row + 1 >= row).collect();
        touching.reverse();
        touching
    }

    pub fn rows(
        &self,
        path: &Path,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), TableError> {
        rows_of(&mut Book::again(BufReader::new(File::open(path)?))?, &self.sheet, each)
    }
}

/// The first rows of every sheet that is shown; see [`super::beginnings`].
pub(super) fn beginnings(bytes: &[u8], most: usize) -> Result<Vec<Vec<Row>>, TableError> {
    let mut book = Book::open(Cursor::new(bytes), Purpose::List)?;
    let mut beginnings = Vec::new();
    for sheet in book.shown() {
        let mut rows = Vec::new();
        rows_of(&mut book, &sheet, &mut |row| {
            rows.push(row);
            rows.pop_if(|row| row.is_blank());
            if rows.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        beginnings.push(rows);
    }
    Ok(beginnings)
}

/// Hands over the rows of a sheet until told to stop.
fn rows_of(
    book: &mut Book<impl Read + Seek>,
    sheet: &str,
    each: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<(), TableError> {
    let mut row = Row { number: 1, cells: Vec::new() };
    let mut is_stopped = false;
    book.cells(sheet, &mut |(number, column), cell| {
        let (number, column) = (number + 1, usize::from(column));
        if number != row.number {
            let done = std::mem::replace(&mut row, Row { number, cells: Vec::new() });
            if each(done).is_break() {
                is_stopped = true;
                return ControlFlow::Break(());
            }
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Cell::Empty);
        }
        row.cells[column] = cell;
        ControlFlow::Continue(())
    })?;
    if !is_stopped {
        // Whether it was the last one wanted matters no more.
        let _ = each(row);
    }
    Ok(())
}

fn no_sheet(named: &str, sheets: &[String]) -> Diagnostic {
    let message =
        Text::new(format!("シート「{named}」はありません"), format!("there is no sheet {named}"));
    let hint = Text::new(
        format!("あるシート: {}", sheets.join("、")),
        format!("the sheets are {}", sheets.join(", ")),
    );
    Diagnostic::error("syntax", message).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{Format, Formula, Workbook as Writer, XlsxError};

    use super::super::{Moment, Table};
    use super::*;

    fn table(
        build: impl FnOnce(&mut Writer) -> Result<(), XlsxError>,
    ) -> (Table, Vec<Row>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("名簿.xlsx");
        let mut workbook = Writer::new();
        build(&mut workbook).unwrap();
        workbook.save(&path).unwrap();
        let table = Table::open(&path, None).unwrap();
        let mut rows = Vec::new();
        let mut each = |row| {
            rows.push(row);
            ControlFlow::Continue(())
        };
        table.rows(&mut each).unwrap();
        (table, rows, folder)
    }

    #[test]
    fn cells_are_what_excel_shows() {
        let (table, rows, _folder) = table(|workbook| {
            let sheet = workbook.add_worksheet().set_name("名簿")?;
            let day = Format::new().set_num_format("yyyy-mm-dd");
            sheet.write_string(2, 1, "𠮷田\r\n医院")?.write_number(2, 2, 1234567)?;
            sheet.write_number_with_format(2, 3, 45383, &day)?.write_boolean(2, 4, true)?;
            sheet.write_formula(4, 0, Formula::new("A1&\"x\"").set_result("ax"))?;
            sheet.write_formula(4, 1, Formula::new("A1").set_result(""))?;
            sheet.write_formula(4, 2, Formula::new("NA()").set_result("#N/A"))?;
            Ok(())
        });
        assert_eq!(table.sheet(), "名簿");
        assert_eq!(rows.iter().map(|r| r.number).collect::<Vec<_>>(), [3, 5]);
        let day = crate::calendar::Date::constant(2024, 4, 1);
        let date = Cell::Moment(Moment { day: Some(day), time: None });
        let text = Cell::Text("𠮷田\n医院".into());
        let number = Cell::Number(1234567.0, None);
        assert_eq!(rows[0].cells, [Cell::Empty, text, number, date, Cell::Boolean(true)]);
        assert_eq!(rows[1].cells[0], Cell::Text("ax".into()));
        let code = |cell: &Cell| match cell {
            Cell::Faulty(fault) => fault.code,
            _ => "",
        };
        assert_eq!(code(&rows[1].cells[2]), "cell-error");
    }

    #[test]
    fn hidden_rows_filters_and_further_sheets_are_said() {
        let (table, rows, _folder) = table(|workbook| {
            let sheet = workbook.add_worksheet();
            for row in 0..5 {
                sheet.write_string(row, 0, format!("{row}"))?;
            }
            sheet.set_row_hidden(3)?;
            sheet.autofilter(0, 0, 4, 0)?;
            let filter = rust_xlsxwriter::FilterCondition::new().add_list_filter("1");
            sheet.filter_column(0, &filter)?;
            workbook.add_worksheet();
            Ok(())
        });
        assert_eq!(rows.len(), 5);
        let notes: Vec<&str> = table.notes.iter().map(|n| n.en.as_str()).collect();
        assert!(notes[0].contains("not Sheet2"), "{notes:?}");
        // Row 1 is the heading; a filter hides what does not match, and a person hid the fourth.
        assert!(
            table.hidden().contains(&4) && !table.hidden().contains(&2),
            "{:?}",
            table.hidden()
        );
    }

    #[test]
    fn merged_cells_of_a_row_are_known() {
        let (table, ..) = table(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet.merge_range(0, 1, 0, 2, "結合", &Format::new())?;
            Ok(())
        });
        assert_eq!(table.merged(1), [Range { row: 0, column: 1, last_row: 0, last_column: 2 }]);
        assert!(table.merged(2).is_empty());
    }
}
