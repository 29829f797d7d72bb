//! A list as a workbook: rows of text under a heading, and totals on a sheet of their own.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

use crate::paint::PaintError;

/// A list while it is written, in memory: a full folder for temporary files does not end it.
pub(crate) struct List {
    workbook: Workbook,
    /// Of the cells below the heading.
    text: Format,
    row: u32,
}

impl List {
    /// A list on a sheet of this name, each column with its heading and width in characters.
    pub fn new(title: &str, sheet: &str, columns: &[(&str, f64)]) -> Result<Self, PaintError> {
        Ok(List::start(title, sheet, columns)?)
    }

    fn start(title: &str, name: &str, columns: &[(&str, f64)]) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        // The same list is to give the same bytes, whatever the day.
        let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
        let properties =
            DocProperties::new().set_author("onshi").set_title(title).set_creation_datetime(&day);
        workbook.set_properties(&properties);
        let head = head();
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?.set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        for (column, (heading, width)) in (0..).zip(columns) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, *heading, &head)?;
        }
        let text = Format::new().set_num_format("@").set_align(FormatAlign::Top).set_text_wrap();
        Ok(List { workbook, text, row: 1 })
    }

    /// Adds a row. What a cell cannot hold (32,767 characters) is cut off.
    pub fn add(&mut self, cells: &[&str]) -> Result<(), PaintError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                let cell: String = cell.chars().take(32_000).collect();
                sheet.write_string_with_format(self.row, column, cell, &self.text)?;
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Adds a sheet of totals and ends the list.
    pub fn finish(mut self, name: &str, totals: &[(String, usize)]) -> Result<Vec<u8>, PaintError> {
        let bold = head();
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        sheet.set_column_width(0, 24)?.set_column_width(1, 12)?;
        for (row, (name, count)) in (0..).zip(totals) {
            sheet.write_string_with_format(row, 0, name, &bold)?;
            // A count of rows fits in a float's 53 bits.
            sheet.write_number(row, 1, *count as f64)?;
        }
        Ok(self.workbook.save_to_buffer()?)
    }
}

fn head() -> Format {
    Format::new().set_bold().set_background_color(0xEDEDED).set_text_wrap()
}
