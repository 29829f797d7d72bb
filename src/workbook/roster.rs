//! An empty roster, or one with what is known of its facilities.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, Note, Workbook, Worksheet, XlsxError,
};

use super::day::excel_date;
use super::refused;
use crate::calendar::Date;
use crate::form::{
    Column, ColumnStyle, Data, EXAMPLE_MARK, Field, Form, Forms, Headings, MARKER_HEADINGS,
};
use crate::paint::PaintError;
use crate::record::{Node, NodeValue, Record, Shape};
use crate::report::{Place, Source};

/// The rows that get drop-downs and formats: as many as a prefecture has clinics.
const ROWS: u32 = 20_000;
/// The row of the example, from 0.
const EXAMPLE_ROW: u32 = 1;
/// Where the values of the drop-downs stand.
const CHOICES: &str = "選択肢";

/// An empty roster as a workbook: Japanese headings with notes, drop-downs, formats for dates and for
/// text whose zeros lead, a frozen heading, and an example row that is not counted.
///
/// # Errors
/// When the workbook cannot be made.
///
/// ```
/// use onshi::workbook::roster_xlsx;
/// use onshi::form::Forms;
/// let forms = Forms::built_in();
/// let bytes = roster_xlsx(forms, &[forms.find("別紙1").unwrap()]).unwrap();
/// assert!(bytes.starts_with(b"PK"));
/// ```
pub fn roster_xlsx(forms: &Forms, named: &[&Form]) -> Result<Vec<u8>, PaintError> {
    workbook(forms, named, &RosterRows::Endless).map_err(refused)
}

/// The rows of a roster that is made.
#[derive(Clone, Copy, Debug)]
pub enum RosterRows<'a> {
    /// Empty ones, as many as are needed: only columns have formats.
    Endless,
    /// So many empty ones, with borders; at most 19,999.
    Empty(u32),
    /// Those of facilities that are known in part; at most 19,999.
    Filled(&'a [RosterRow]),
}

/// What is known of a facility.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RosterRow {
    /// What is in the first column, such as the number of its row in another list.
    pub marker: String,
    /// Its values by key, `card_reader.products[0].units`; one that is not of its kind stays as it is written.
    pub values: BTreeMap<String, String>,
}

/// A roster with these rows, otherwise as [`roster_xlsx`]. Rows that are given have borders, so that they print as a
/// table to fill in.
///
/// # Errors
/// When the workbook cannot be made.
///
/// ```
/// use onshi::workbook::{RosterRow, RosterRows, roster_xlsx_of};
/// use onshi::form::Forms;
/// let forms = Forms::built_in();
/// let row = RosterRow { marker: "12".into(), values: [("facility.name".into(), "みなと医院".into())].into() };
/// let bytes = roster_xlsx_of(forms, &[forms.find("別紙1").unwrap()], RosterRows::Filled(&[row])).unwrap();
/// assert!(bytes.starts_with(b"PK"));
/// ```
pub fn roster_xlsx_of(
    forms: &Forms,
    named: &[&Form],
    rows: RosterRows<'_>,
) -> Result<Vec<u8>, PaintError> {
    workbook(forms, named, &rows).map_err(refused)
}

impl RosterRows<'_> {
    /// The last row that has a drop-down, from 0: behind the heading and the example.
    fn last(&self) -> u32 {
        match self {
            RosterRows::Endless => ROWS,
            RosterRows::Empty(count) => count.saturating_add(EXAMPLE_ROW).min(ROWS),
            // A sheet has no more rows than a number of 32 bits counts.
            RosterRows::Filled(rows) => (rows.len() as u32).saturating_add(EXAMPLE_ROW).min(ROWS),
        }
    }

    /// Writes the rows of a column: the marker without a field.
    fn write(
        &self,
        sheet: &mut Worksheet,
        number: u16,
        field: Option<(&Field, &str)>,
        format: &Format,
    ) -> Result<(), XlsxError> {
        if matches!(self, RosterRows::Endless) {
            return Ok(());
        }
        let format = format.clone().set_border(FormatBorder::Thin);
        for row in EXAMPLE_ROW + 1..=self.last() {
            let known = match self {
                RosterRows::Filled(rows) => rows.get((row - EXAMPLE_ROW - 1) as usize),
                _ => None,
            };
            let text = known.map(|known| match field {
                Some((_, key)) => known.values.get(key).map_or("", String::as_str),
                None => &known.marker,
            });
            match text.filter(|text| !text.is_empty()) {
                Some(text) => {
                    put(sheet, (row, number), field.map(|(field, _)| field), text, &format)?
                }
                None => {
                    sheet.write_blank(row, number, &format)?;
                }
            }
        }
        Ok(())
    }
}

/// Writes a value: a day as a day, anything else as text.
fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    field: Option<&Field>,
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let read = field.and_then(|field| field.read(text).ok());
    let day = match read.map(|read| read.data) {
        Some(Data::Date(date)) => excel_date(date),
        _ => None,
    };
    match day {
        Some(day) => sheet.write_datetime_with_format(row, column, &day, format)?,
        None => sheet.write_string_with_format(row, column, text, format)?,
    };
    Ok(())
}

fn workbook(forms: &Forms, named: &[&Form], rows: &RosterRows<'_>) -> Result<Vec<u8>, XlsxError> {
    let headings = Headings::new(forms);
    let columns = columns(&headings, forms, named);
    let examples = examples(&columns, &headings, forms, named);
    let mut workbook = Workbook::new();
    // The same forms are to give the same bytes, whatever the day.
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_author("onshi").set_creation_datetime(&day));
    let cell = Format::new().set_align(FormatAlign::Top);
    let head = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin);
    let required = head.clone().set_background_color(Color::RGB(0xFF_F2_CC));
    let optional = head.set_background_color(Color::RGB(0xED_ED_ED));
    let example = Format::new().set_font_color(Color::RGB(0x80_80_80)).set_italic();
    let mut lists: Vec<(u16, &Field)> = Vec::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("名簿")?;
    // The name of the facility stays, and what is before it.
    let naming = forms.dictionary().naming().map(|field| field.key.as_str());
    let named = columns.iter().position(|(column, _)| Some(column.path.key()) == naming);
    // No roster has as many columns as a sheet.
    let frozen = named.map_or(1, |at| at as u16 + 2);
    sheet.set_freeze_panes(1, frozen)?.set_row_height(0, 48)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.2, 0.3).set_footer("&C&P / &N");
    sheet.set_column_width(0, 5)?;
    sheet.write_string_with_format(0, 0, MARKER_HEADINGS[0], &optional)?;
    let marker = format!(
        "「{EXAMPLE_MARK}」と書いた行は数えません。ほかは空欄のままでも、会員番号などを書いてもかまいません。"
    );
    sheet.insert_note(0, 0, &note(&marker))?;
    sheet.write_string_with_format(EXAMPLE_ROW, 0, EXAMPLE_MARK, &example)?;
    rows.write(sheet, 0, None, &cell)?;
    for (number, (column, is_required)) in (1..).zip(&columns) {
        // Every column's key is the dictionary's.
        let Some(field) = headings.field(column.path.key()) else { continue };
        let style = if *is_required { &required } else { &optional };
        sheet.write_string_with_format(0, number, &column.heading, style)?;
        sheet.insert_note(0, number, &note(&help(field, *is_required)))?;
        let ColumnStyle { number_format, width } = field.kind.ways().column(field);
        let format = cell.clone().set_num_format(number_format);
        sheet.set_column_format(number, &format)?;
        sheet.set_column_width(number, width)?;
        let shown = example.clone().set_num_format(number_format);
        let value = &examples[usize::from(number) - 1];
        put(sheet, (EXAMPLE_ROW, number), Some(field), value, &shown)?;
        rows.write(sheet, number, Some((field, column.key())), &format)?;
        let choices = field.offered().len();
        if choices > 0 {
            let at = lists.len() as u16;
            lists.push((number, field));
            let drop_down = drop_down(field, at, choices)?;
            sheet.add_data_validation(EXAMPLE_ROW, number, rows.last(), number, &drop_down)?;
        }
    }
    let sheet = workbook.add_worksheet();
    sheet.set_name(CHOICES)?.set_hidden(true);
    for (at, (_, field)) in (0..).zip(&lists) {
        for (row, value) in (0..).zip(field.offered()) {
            sheet.write_string(row, at, value)?;
        }
    }
    workbook.save_to_buffer()
}

/// A drop-down of a field's values, so many in this column of the hidden sheet.
fn drop_down(field: &Field, column: u16, choices: usize) -> Result<DataValidation, XlsxError> {
    let letter = rust_xlsxwriter::utility::column_number_to_name(column);
    let range = Formula::new(format!("={CHOICES}!${letter}$1:${letter}${choices}"));
    // Several values of a choice are written by hand, which a strict list would refuse.
    let style = match field.many {
        true => DataValidationErrorStyle::Information,
        false => DataValidationErrorStyle::Stop,
    };
    DataValidation::new()
        .allow_list_formula(range)
        .set_error_style(style)
        .set_error_title(shortened(&field.label.ja, 32))?
        .set_error_message(shortened(&field.help.ja, 200))
}

/// An empty roster as CSV in UTF-8 with a byte order mark, so that Excel opens it.
///
/// ```
/// use onshi::workbook::roster_csv;
/// use onshi::form::Forms;
/// let forms = Forms::built_in();
/// let bytes = roster_csv(forms, &[forms.find("別紙1").unwrap()]);
/// let text = String::from_utf8(bytes).unwrap();
/// assert!(text.starts_with("\u{FEFF}行,医療機関・薬局 種別,"));
/// ```
pub fn roster_csv(forms: &Forms, named: &[&Form]) -> Vec<u8> {
    let headings = Headings::new(forms);
    let columns = columns(&headings, forms, named);
    let mut rows = [vec![MARKER_HEADINGS[0].to_owned()], vec![EXAMPLE_MARK.to_owned()]];
    rows[0].extend(columns.iter().map(|(column, _)| column.heading.clone()));
    rows[1].extend(examples(&columns, &headings, forms, named));
    let bom = "\u{FEFF}".as_bytes().to_vec();
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(bom);
    for row in rows {
        // Both rows have one cell per column, and memory takes them all.
        csv.write_record(row).expect("rows of one length, to memory");
    }
    csv.into_inner().expect("memory has nothing to flush")
}

/// The columns that applicants fill in.
fn columns<'h>(
    headings: &'h Headings<'_>,
    forms: &Forms,
    named: &[&Form],
) -> Vec<(&'h Column, bool)> {
    let is_theirs =
        |(column, _): &(&Column, bool)| forms.dictionary().filled_by(column.path.key()).is_none();
    headings.of(named).into_iter().filter(is_theirs).collect()
}

/// The values of the example row, one for each column: accepted each, and together. What another value
/// makes superfluous is left out.
fn examples(
    columns: &[(&Column, bool)],
    headings: &Headings<'_>,
    forms: &Forms,
    named: &[&Form],
) -> Vec<String> {
    let of = |column: &Column| headings.field(column.path.key()).map(|f| example_of(column, f));
    let mut examples: Vec<String> =
        columns.iter().map(|(column, _)| of(column).unwrap_or_default()).collect();
    let place = Place::Text { line: 1, column: 1, start: 0, end: 0 };
    let mut shape = Shape::default();
    for ((column, _), value) in columns.iter().zip(&examples) {
        shape.put(&column.path, value.clone());
    }
    let entries = shape.entries(&place, &mut |value: &String| {
        (Node { place: place.clone(), value: NodeValue::Scalar(value.clone()) }, true)
    });
    let entries = entries.into_iter().map(|(key, node, _)| (key, node)).collect();
    let root = Node { place, value: NodeValue::Map(entries) };
    let record = Record { source: Source::default(), root };
    // Which day it is does not make a value superfluous.
    let filling = crate::fill(&record, forms, named, Date::constant(2024, 1, 1));
    for found in &filling.report().diagnostics {
        let field = found.field.as_deref().filter(|_| found.code.ends_with("-unused"));
        let at = columns.iter().position(|(column, _)| Some(column.key()) == field);
        if let Some(at) = at {
            examples[at].clear();
        }
    }
    examples
}

/// A value that is accepted; a further item of a list has the next value of a choice.
fn example_of(column: &Column, field: &Field) -> String {
    let index = column.path.index().unwrap_or(0);
    match field.choices.get(index) {
        Some(choice) if index > 0 => choice.value.clone(),
        _ => field.example.clone(),
    }
}

fn help(field: &Field, is_required: bool) -> String {
    let kind = field.kind.ways().allowed(field, " / ").ja;
    let need = if is_required { "必須" } else { "任意" };
    let several =
        if field.many { "\n二つのときは「・」で区切ります。" } else { "" };
    let example = &field.example;
    format!("{}（{need}）\n［{kind}］\n例: {example}{several}", field.help.ja)
}

fn note(text: &str) -> Note {
    Note::new(text).add_author_prefix(false).set_width(260).set_height(120)
}

fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
