//! Workbooks, streamed: beside the strings that the sheet's cells share, one row is in memory.

use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;

use calamine::{
    DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError,
};
use zip::ZipArchive;

use super::{Cell, CellFault, Row, TableError, hidden};
use crate::report::{Diagnostic, Text};
use crate::table::xlsx::{STRINGS, Unpacking, unpack};

/// The most that everything but the sheets, which alone are streamed, may unpack to, in bytes (256 MiB).
const MAX_UNPACKED: u64 = 256 << 20;
/// How many rows and columns a sheet has.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

pub(super) struct Workbook {
    pub sheet: String,
    pub height: u32,
    merged: Vec<Dimensions>,
}

type Open = Xlsx<BufReader<File>>;

impl Workbook {
    /// Takes the first sheet that is shown.
    pub fn open(path: &Path) -> Result<(Self, Vec<Text>), TableError> {
        sound(path)?;
        let mut workbook = open(path)?;
        let sheets: Vec<String> = workbook
            .sheets_metadata()
            .iter()
            .filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible)
            .map(|s| s.name.clone())
            .collect();
        let Some(sheet) = sheets.first().cloned() else {
            let message = Text::new("表示されているシートがありません", "no sheet is shown");
            return Err(Diagnostic::error("syntax", message).into());
        };
        let mut notes = Vec::new();
        if sheets.len() > 1 {
            notes.push(Text::new(
                format!(
                    "最初のシート「{sheet}」だけを読みます（ほかに {} シート）",
                    sheets.len() - 1
                ),
                format!("only the first sheet, {sheet}, is read ({} more)", sheets.len() - 1),
            ));
        }
        let mut merged = workbook.merge_cells_by_sheet_name(&sheet).map_err(unreadable)?;
        merged.retain(is_inside);
        let dimensions = workbook.worksheet_cells_reader(&sheet).map_err(unreadable)?.dimensions();
        // What the sheet says of itself may be untrue.
        let height = dimensions.end.0.min(ROWS - 1) + 1;
        let found = hidden::find(path, &sheet);
        if found.rows > 0 {
            notes.push(Text::new(
                format!("非表示の行が {} 行あります。これも読みます", found.rows),
                format!("{} hidden row(s) are read as well", found.rows),
            ));
        }
        if found.is_filtered {
            notes.push(Text::new(
                "フィルターがかかっています。隠れた行も読みます",
                "the sheet is filtered; the rows left out by the filter are read as well",
            ));
        }
        Ok((Workbook { sheet, height, merged }, notes))
    }

    pub fn merged(&self, row: u32) -> Vec<(u32, u32)> {
        let touching = self.merged.iter().filter(|d| (d.start.0 + 1..=d.end.0 + 1).contains(&row));
        touching.map(|d| (d.start.1 + 1, d.end.1 + 1)).collect()
    }

    pub fn rows(
        &self,
        path: &Path,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), TableError> {
        let mut workbook = open(path)?;
        let mut cells = workbook.worksheet_cells_reader(&self.sheet).map_err(unreadable)?;
        let mut row = Row { number: 1, cells: Vec::new() };
        while let Some(cell) = cells.next_cell_with_formula().map_err(unreadable)? {
            if cell.pos.0 >= ROWS || cell.pos.1 >= COLUMNS {
                return Err(not_readable("a cell lies outside of the sheet"));
            }
            let (number, column) = (cell.pos.0 + 1, cell.pos.1 as usize);
            if number != row.number {
                let done = std::mem::replace(&mut row, Row { number, cells: Vec::new() });
                if each(done).is_break() {
                    return Ok(());
                }
            }
            if row.cells.len() <= column {
                row.cells.resize(column + 1, Cell::Empty);
            }
            row.cells[column] = value(cell.value, cell.formula.as_deref());
        }
        // Whether it was the last one wanted matters no more.
        let _ = each(row);
        Ok(())
    }
}

/// Whether a range is one, and lies on the sheet.
fn is_inside(range: &Dimensions) -> bool {
    let Dimensions { start, end } = range;
    start.0 <= end.0 && start.1 <= end.1 && end.0 < ROWS && end.1 < COLUMNS
}

/// Refuses a workbook that would fill the memory.
fn sound(path: &Path) -> Result<(), TableError> {
    // What is no zip is reported when it is read.
    let Ok(mut zip) = ZipArchive::new(BufReader::new(File::open(path)?)) else { return Ok(()) };
    let is_whole = |name: &str| !name.contains("worksheets/") || name.contains(STRINGS);
    unpack(&mut zip, MAX_UNPACKED, is_whole).map_err(|fault| match fault {
        Unpacking::Damaged(why) => not_readable(&why),
        Unpacking::TooLarge => {
            let message = Text::new("ブックが大きすぎます", "the workbook is too large");
            let hint = Text::new(
                "onshi roster で作った名簿に、値だけを入れてください",
                "enter only values into a roster that `onshi roster` wrote",
            );
            Diagnostic::error("syntax", message).with_hint(hint).into()
        }
    })
}

fn open(path: &Path) -> Result<Open, TableError> {
    Xlsx::new(BufReader::new(File::open(path)?)).map_err(unreadable)
}

fn value(value: DataRef<'_>, formula: Option<&str>) -> Cell {
    let text = |text: &str| match text.trim() {
        "" => Cell::Empty,
        _ => Cell::Text(text.replace("\r\n", "\n")),
    };
    match value {
        DataRef::Empty => formula.map_or(Cell::Empty, |formula| Cell::Faulty(uncomputed(formula))),
        DataRef::Int(number) => Cell::Number(number as f64),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::String(written) => text(&written),
        DataRef::SharedString(written) => text(written),
        DataRef::Bool(value) => Cell::Boolean(value),
        DataRef::DateTime(moment) => date(moment),
        DataRef::DateTimeIso(written) => Cell::Date(written.trim_end_matches("T00:00:00").into()),
        DataRef::DurationIso(written) => text(&written),
        DataRef::Error(error) => Cell::Faulty(CellFault {
            code: "cell-error",
            message: Text::new(
                format!("セルの値が Excel のエラー {error} です"),
                format!("the cell holds Excel's error {error}"),
            ),
            hint: Text::new(
                "数式を直すか、値を書いてください",
                "mend the formula, or write the value",
            ),
        }),
    }
}

fn date(moment: ExcelDateTime) -> Cell {
    if moment.is_duration() {
        return Cell::Number(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let mut text = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) != (0, 0, 0) {
        text += &format!(" {hour:02}:{minute:02}");
    }
    Cell::Date(text)
}

fn uncomputed(formula: &str) -> CellFault {
    let shown: String = formula.chars().take(40).collect();
    CellFault {
        code: "formula",
        message: Text::new(
            format!("数式（={shown}）の計算結果がブックにありません"),
            format!("the workbook holds no result of the formula ={shown}"),
        ),
        hint: Text::new(
            "Excel で開いて保存し直すか、値を書いてください",
            "open it in Excel and save it again, or write the value",
        ),
    }
}

fn unreadable(error: XlsxError) -> TableError {
    match error {
        XlsxError::Io(error) => TableError::Io(error),
        error => not_readable(&error.to_string()),
    }
}

fn not_readable(why: &str) -> TableError {
    Diagnostic::error(
        "syntax",
        Text::new(
            format!("Excel のブックとして読めません: {why}"),
            format!("not readable as a workbook: {why}"),
        ),
    )
    .with_hint(Text::new(
        "Excel で開き、.xlsx で保存し直してください",
        "open it in Excel and save it as .xlsx",
    ))
    .into()
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{Format, Formula, Workbook as Writer, XlsxError};

    use super::super::Table;
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
        let date = Cell::Date("2024-04-01".into());
        let text = Cell::Text("𠮷田\n医院".into());
        let number = Cell::Number(1234567.0);
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
        assert!(notes[0].contains("1 more"), "{notes:?}");
        assert!(notes[1].contains("hidden row"), "{notes:?}");
        assert!(notes[2].contains("filtered"), "{notes:?}");
    }

    #[test]
    fn merged_cells_of_a_row_are_known() {
        let (table, ..) = table(|workbook| {
            let sheet = workbook.add_worksheet();
            sheet.merge_range(0, 1, 0, 2, "結合", &Format::new())?;
            Ok(())
        });
        assert_eq!(table.merged(1), [(2, 3)]);
        assert!(table.merged(2).is_empty());
    }
}
