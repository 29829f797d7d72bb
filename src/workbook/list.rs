//! Lists as a workbook: sheets of rows under headings, to read, to filter and to print.

use std::borrow::Cow;

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr as _;

use super::day::excel_date;
use super::{LEVEL, brief, refused};
use crate::calendar::Date;
use crate::paint::PaintError;

/// The most rows of a sheet, its heading included.
pub(crate) const MOST_ROWS: u32 = 1_048_576;
/// The font of the cells; the workbook's own stays the one every program has, on which column widths depend.
const FONT: &str = "BIZ UDゴシック";
/// Size of the text in pt, height of a line of it and room above and below it.
const SIZE: f64 = 10.0;
const LINE: f64 = 13.5;
const ROOM: f64 = 4.0;
/// The highest a row can be in pt.
const HIGHEST: f64 = 409.0;
/// What of a column's width its text does not use, in characters.
const PAD: f64 = 0.5;
/// The longest text of a cell in UTF-16 units, a little below what Excel takes.
const LONGEST: usize = 32_000;

/// What is in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Item<'a> {
    #[default]
    Empty,
    Text(Cow<'a, str>),
    Count(usize),
    Day(Date),
    /// A day that is a guide and not fixed.
    About(Date),
}

impl<'a> From<&'a str> for Item<'a> {
    fn from(text: &'a str) -> Self {
        if text.is_empty() { Item::Empty } else { Item::Text(text.into()) }
    }
}

impl From<String> for Item<'_> {
    fn from(text: String) -> Self {
        if text.is_empty() { Item::Empty } else { Item::Text(text.into()) }
    }
}

impl Item<'_> {
    /// As a text, for lists that are texts.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Item::Empty => "".into(),
            Item::Text(text) => (&**text).into(),
            Item::Count(count) => count.to_string().into(),
            Item::Day(day) => day.to_string().into(),
            Item::About(day) => format!("{day} 目安").into(),
        }
    }
}

/// A column: its heading and its width in characters of half width.
#[derive(Clone, Debug)]
pub(crate) struct ListColumn {
    pub heading: String,
    pub width: f64,
}

/// A sheet that does not hold all of its rows: its name, and how many it lacks.
pub(crate) type Short = (String, usize);

/// A sheet of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SheetId(usize);

/// Lists while they are written, in memory: a full folder for temporary files does not end them.
pub(crate) struct List {
    workbook: Workbook,
    styles: Styles,
    sheets: Vec<Rows>,
    /// The most rows of a sheet, its heading included.
    most: u32,
}

/// How far a sheet is.
struct Rows {
    name: String,
    widths: Vec<f64>,
    row: u32,
    /// How many more there would be if a sheet held them.
    left_out: usize,
    /// How many columns at the end are not printed.
    screen: u16,
}

struct Styles {
    head: Format,
    text: Format,
    count: Format,
    day: Format,
    about: Format,
}

impl List {
    /// A workbook of this title without a sheet.
    pub fn new(title: &str) -> Result<Self, PaintError> {
        let mut workbook = Workbook::new();
        // The same list is to give the same bytes, whatever the day.
        let day = ExcelDateTime::from_ymd(2000, 1, 1).map_err(refused)?;
        let properties =
            DocProperties::new().set_author("onshi").set_title(title).set_creation_datetime(&day);
        workbook.set_properties(&properties);
        let cell = Format::new()
            .set_font_name(FONT)
            .set_font_size(SIZE)
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Hair);
        let styles = Styles {
            head: cell
                .clone()
                .set_bold()
                .set_background_color(0xEDEDED)
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_border(FormatBorder::Thin),
            text: cell.clone().set_num_format("@").set_text_wrap(),
            count: cell.clone().set_num_format("#,##0"),
            day: cell.clone().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
            about: cell.set_num_format("yyyy-mm-dd\" 目安\"").set_align(FormatAlign::Center),
        };
        Ok(List { workbook, styles, sheets: Vec::new(), most: MOST_ROWS })
    }

    /// Adds a sheet; its first `frozen` columns stay when the others are scrolled, and the last `screen` ones
    /// are not printed.
    pub fn sheet(
        &mut self,
        name: &str,
        columns: &[ListColumn],
        frozen: u16,
        screen: u16,
    ) -> Result<SheetId, PaintError> {
        self.start(name, columns, frozen).map_err(refused)?;
        if let Some(rows) = self.sheets.last_mut() {
            rows.screen = screen;
        }
        Ok(SheetId(self.sheets.len() - 1))
    }

    fn start(&mut self, name: &str, columns: &[ListColumn], frozen: u16) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, frozen)?.set_landscape().set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        // In inches.
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.2, 0.3);
        sheet.set_footer("&L&A&C&P / &N");
        let mut lines = 1;
        for (column, ListColumn { heading, width }) in (0..).zip(columns) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, heading, &self.styles.head)?;
            // The arrow of the filter takes room too.
            lines = lines.max(lines_of(heading, width - 2.0));
        }
        sheet.set_row_height(0, height(lines))?;
        let widths = columns.iter().map(|column| column.width).collect();
        self.sheets.push(Rows { name: name.to_owned(), widths, row: 1, left_out: 0, screen: 0 });
        Ok(())
    }

    /// Adds a row, as high as its texts need. What a cell cannot hold (32,767 characters) is cut off, and a
    /// row more than a sheet holds is left out and counted.
    pub fn add(&mut self, SheetId(at): SheetId, items: &[Item<'_>]) -> Result<(), PaintError> {
        if self.sheets[at].row >= self.most {
            self.sheets[at].left_out += 1;
            return Ok(());
        }
        let sheet = self.workbook.worksheet_from_index(at).map_err(refused)?;
        write(sheet, &mut self.sheets[at], items, &self.styles).map_err(refused)
    }

    /// Ends the lists: the workbook, and the sheets that do not hold all of their rows.
    pub fn finish(mut self) -> Result<(Vec<u8>, Vec<Short>), PaintError> {
        let bytes = self.end().map_err(refused)?;
        let short = self.sheets.into_iter().filter(|rows| rows.left_out > 0);
        Ok((bytes, short.map(|rows| (rows.name, rows.left_out)).collect()))
    }

    fn end(&mut self) -> Result<Vec<u8>, XlsxError> {
        for (at, Rows { widths, row, screen, .. }) in self.sheets.iter().enumerate() {
            let last = u16::try_from(widths.len().saturating_sub(1)).unwrap_or(u16::MAX);
            let sheet = self.workbook.worksheet_from_index(at)?;
            sheet.autofilter(0, 0, row - 1, last)?;
            sheet.set_print_area(0, 0, row - 1, last.saturating_sub(*screen))?;
        }
        self.workbook.set_zip_compression_level(LEVEL);
        self.workbook.save_to_buffer()
    }
}

fn write(
    sheet: &mut Worksheet,
    rows: &mut Rows,
    items: &[Item<'_>],
    styles: &Styles,
) -> Result<(), XlsxError> {
    let mut lines = 1;
    for ((column, item), width) in (0..).zip(items).zip(&rows.widths) {
        match item {
            Item::Empty => sheet.write_blank(rows.row, column, &styles.text)?,
            Item::Text(text) => {
                let text = brief(text, LONGEST);
                lines = lines.max(lines_of(text, *width));
                sheet.write_string_with_format(rows.row, column, text, &styles.text)?
            }
            // A count of rows fits in a float's 53 bits.
            Item::Count(count) => {
                sheet.write_number_with_format(rows.row, column, *count as f64, &styles.count)?
            }
            Item::Day(day) | Item::About(day) => match excel_date(*day) {
                Some(date) if matches!(item, Item::Day(_)) => {
                    sheet.write_datetime_with_format(rows.row, column, &date, &styles.day)?
                }
                Some(date) => {
                    sheet.write_datetime_with_format(rows.row, column, &date, &styles.about)?
                }
                None => {
                    let text = day.to_string();
                    sheet.write_string_with_format(rows.row, column, text, &styles.text)?
                }
            },
        };
    }
    sheet.set_row_height(rows.row, height(lines))?;
    rows.row += 1;
    Ok(())
}

/// How many lines a text takes in a column so many characters wide.
fn lines_of(text: &str, width: f64) -> usize {
    // A wide character at the end of a line leaves room for a narrow one.
    let room = ((width - PAD).floor() as usize).max(2) - 1;
    text.split('\n').map(|line| line.width().div_ceil(room).max(1)).sum()
}

fn height(lines: usize) -> f64 {
    (lines as f64 * LINE + ROOM).min(HIGHEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_a_sheet_does_not_hold_are_counted() {
        let mut list = List::new("").unwrap();
        list.most = 3;
        let column = [ListColumn { heading: "行".to_owned(), width: 9.0 }];
        let sheets = ["誤り", "警告"].map(|name| list.sheet(name, &column, 0, 0).unwrap());
        for (sheet, rows) in sheets.into_iter().zip([2, 5]) {
            for row in 0..rows {
                list.add(sheet, &[Item::Count(row)]).unwrap();
            }
        }
        let (bytes, short) = list.finish().unwrap();
        assert!(bytes.starts_with(b"PK"));
        assert_eq!(short, [("警告".to_owned(), 3)]);
    }

    #[test]
    fn a_row_is_as_high_as_its_longest_text() {
        assert_eq!(lines_of("", 20.0), 1);
        assert_eq!(lines_of("医療法人みなとの丘会 みなとの丘内科クリニック", 20.0), 3);
        assert_eq!(lines_of("a\nb\nc", 20.0), 3);
        assert!(height(1000) <= 409.0);
    }
}
