//! A workbook of a shape, made once: what its values do not change is packed already, the rest lies in pieces
//! between which they are put.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use std::sync::Arc;

use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

use super::cells::{CellValue, Content};
use super::shape::{Inputs, PageShape, Properties, Shape};
use super::write::write_page;
use crate::paint::Kept;
use crate::workbook::{LEVEL, MAP_SHEET};

/// The default font, which no text is set in: programs take the width of columns from its digits. Those of
/// this font, and of what stands in for it where it is not installed, are half an em wide: 8 pixels at
/// 12 pt, with nothing to round. A Japanese font that is not installed would make the page smaller.
const FONT: &str = "Times New Roman";
const FONT_SIZE: f64 = 12.0;
/// The family of fonts with serifs, in Excel's numbers.
const FONT_FAMILY: u8 = 1;
/// The default column and row in pixels, for a digit of 8 pixels.
const DEFAULT_COLUMN: u32 = 72;
const DEFAULT_ROW: u32 = 21;
/// The longest text of a cell, in UTF-16 units.
const LONGEST: usize = 32_767;
/// The file with the texts of all cells.
const TEXTS: &str = "xl/sharedStrings.xml";
/// The file with the title.
const CORE: &str = "docProps/core.xml";
/// The file with the properties that Excel does not know; in one is what the list calls the facility.
const CUSTOM: &str = "docProps/custom.xml";
const LABEL: &str = "onshi.label";

/// What a workbook does not share with others of its shape.
pub(super) struct Own<'a> {
    pub title: String,
    /// What its list calls the facility.
    pub label: Option<&'a str>,
    /// The values of its cells, in the order of their boxes.
    pub values: Vec<CellValue>,
    /// The rows of its hidden sheet.
    pub rows: Vec<Vec<String>>,
}

/// A workbook of a shape.
pub(super) struct Template {
    shape: Shape,
    /// The workbook with 0 in the cells that have values.
    archive: ZipArchive<Cursor<Arc<[u8]>>>,
    /// What becomes of each of its files.
    files: Vec<File>,
    /// The texts that the form prints.
    texts: Texts,
}

/// What becomes of a file.
enum File {
    /// It is as it is.
    Kept,
    /// A page in pieces: what comes before each value, and which value that is; what comes behind the last.
    Page(Vec<(String, usize)>, String),
    /// The hidden sheet: what comes before its size, before its rows, its first cell, and what comes behind its rows.
    Hidden([String; 4]),
    /// What comes before and behind the title.
    Titled([String; 2]),
    /// What comes before and behind what the list calls the facility.
    Labelled([String; 2]),
    /// The list of texts.
    Texts,
}

/// The file with the texts of all cells, as far as it is known.
#[derive(Default)]
struct Texts {
    /// Before the number of cells.
    head: String,
    /// The texts, without the end.
    list: String,
    /// The number of each text, as it is in the list.
    known: HashMap<String, usize>,
    /// In how many cells they are.
    cells: usize,
}

impl Template {
    /// The template of this shape; `inputs` has what is entered on each page of a form to fill in.
    pub fn of(shape: Shape, inputs: &[Option<Inputs<'_>>]) -> Result<Arc<Template>, XlsxError> {
        static KNOWN: Kept<Template> = Kept::new(<[_]>::len);
        if inputs.iter().any(Option::is_some) {
            return Ok(Arc::new(Template::new(shape, inputs)?));
        }
        KNOWN.try_get(|template| template.shape == shape, || Template::new(shape.clone(), inputs))
    }

    fn new(shape: Shape, inputs: &[Option<Inputs<'_>>]) -> Result<Self, XlsxError> {
        let bytes = workbook(&shape, inputs)?;
        let mut archive = ZipArchive::new(Cursor::new(Arc::from(bytes)))?;
        let (mut files, mut texts, mut first) = (Vec::new(), Texts::default(), 0);
        let mut pages = Vec::new();
        for (number, page) in (1..).zip(&shape.pages) {
            pages.push((format!("xl/worksheets/sheet{number}.xml"), page, first));
            first += values(page).count();
        }
        let is_labelled = shape.read_back.as_ref().is_some_and(|of| of.is_labelled);
        let label = format!("\"{LABEL}\"><vt:lpwstr>");
        let hidden = format!("xl/worksheets/sheet{}.xml", pages.len() + 1);
        for index in 0..archive.len() {
            let mut file = archive.by_index(index)?;
            let name = file.name()?.into_owned();
            let mut xml = || -> Result<String, XlsxError> {
                let mut text = String::new();
                file.read_to_string(&mut text)?;
                Ok(text)
            };
            let page = pages.iter().find(|(of, page, _)| *of == name && values(page).count() > 0);
            files.push(match page {
                Some((_, page, first)) => in_pieces(&xml()?, page, *first)?,
                None if name == CORE => File::Titled(around(&xml()?, "<dc:title>", "</dc:title>")?),
                None if shape.read_back.is_none() => File::Kept,
                None if name == hidden => hidden_in_pieces(&xml()?)?,
                None if name == CUSTOM && is_labelled => {
                    File::Labelled(around(&xml()?, &label, "</vt:lpwstr>")?)
                }
                None if name == TEXTS => {
                    texts = Texts::read(&xml()?)?;
                    File::Texts
                }
                None => File::Kept,
            });
        }
        Ok(Template { shape, archive, files, texts })
    }

    /// The workbook with what is its own. The size of each of its files is before it: some programs (SheetJS) cannot open
    /// one in which the size of a picture, which is stored as it is, comes after it.
    pub fn fill(&self, own: &Own<'_>) -> Result<Vec<u8>, XlsxError> {
        let mut archive = self.archive.clone();
        let mut texts = OwnTexts::of(&self.texts);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_level(Some(i64::from(LEVEL)))
            // The same input gives the same bytes: no clock is read.
            .last_modified_time(DateTime::default());
        // The texts come behind all sheets.
        for (index, file) in self.files.iter().enumerate() {
            let from = archive.by_index_raw(index)?;
            let xml = match file {
                File::Kept => {
                    zip.raw_copy_file(from)?;
                    continue;
                }
                File::Page(before, behind) => page(before, behind, &own.values, &mut texts)?,
                File::Hidden(pieces) => hidden(pieces, &own.rows, &mut texts)?,
                File::Titled(around) => between(around, &own.title),
                File::Labelled(around) => between(around, own.label.unwrap_or_default()),
                File::Texts => texts.file(),
            };
            zip.start_file(from.name()?, options)?;
            zip.write_all(xml.as_bytes())?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

/// The boxes with values: the numbers of their first rows and columns.
fn values(page: &PageShape) -> impl Iterator<Item = (u32, u16)> {
    let valued = page.boxes.iter().filter(|boxed| matches!(boxed.content, Content::Value));
    valued.map(|boxed| (boxed.text.row, boxed.text.column))
}

/// The workbook with 0 in the cells that have values, and the hidden sheet with its first cell.
fn workbook(shape: &Shape, inputs: &[Option<Inputs<'_>>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let default = Format::new().set_font_name(FONT).set_font_size(FONT_SIZE);
    let default = default.set_font_family(FONT_FAMILY);
    workbook.set_default_format(&default, DEFAULT_ROW, DEFAULT_COLUMN)?;
    for (page, inputs) in shape.pages.iter().zip(inputs) {
        write_page(workbook.add_worksheet(), page, inputs.as_ref())?;
    }
    for (name, reference) in &shape.names {
        workbook.define_name(name, &format!("={reference}"))?;
    }
    if shape.read_back.is_some() {
        let map = workbook.add_worksheet();
        map.set_name(MAP_SHEET)?;
        map.set_very_hidden(true);
        map.write_string(0, 0, MAP_SHEET)?;
    }
    workbook.set_properties(&properties(shape.read_back.as_ref())?);
    workbook.set_zip_compression_level(LEVEL);
    workbook.save_to_buffer()
}

fn properties(of: Option<&Properties>) -> Result<DocProperties, XlsxError> {
    // The same input gives the same bytes: no clock is read.
    let created = ExcelDateTime::from_ymd(2024, 1, 1)?;
    let properties = DocProperties::new()
        .set_author("onshi")
        // In place of that of each workbook: without one, there would be no room for it.
        .set_title("-")
        .set_subject("オンライン資格確認")
        .set_creation_datetime(&created);
    let Some(of) = of else { return Ok(properties) };
    let properties = properties
        .set_custom_property("onshi.form", &of.forms)
        .set_custom_property("onshi.edition", &of.editions);
    Ok(match of.is_labelled {
        true => properties.set_custom_property(LABEL, ""),
        false => properties,
    })
}

/// What is not there where the library wrote it before.
fn missing(what: &str) -> XlsxError {
    XlsxError::ParameterError(format!("no {what} in the workbook that was written"))
}

/// The text before and behind the first `mark`.
fn split<'a>(text: &'a str, mark: &str) -> Result<(&'a str, &'a str), XlsxError> {
    text.split_once(mark).ok_or_else(|| missing(mark))
}

/// A page cut where its values are; `first` is the number of the first.
fn in_pieces(xml: &str, page: &PageShape, first: usize) -> Result<File, XlsxError> {
    let mut cells: Vec<((u32, u16), usize)> = values(page).zip(first..).collect();
    // As they are in the file.
    cells.sort_unstable();
    let (mut rest, mut before) = (xml, Vec::new());
    for ((row, column), value) in cells {
        let cell = format!("<c r=\"{}\"", row_col_to_cell(row, column));
        let at = rest.find(&cell).ok_or_else(|| missing(&cell))?;
        let (start, behind) = split(&rest[at..], "><v>0</v></c>")?;
        // Else it is another cell whose value this is.
        let is_its_own = start[1..].find(['<', '>', '/']).is_none() && !start.contains(" t=");
        if !is_its_own {
            return Err(missing(&cell));
        }
        before.push((rest[..at + start.len()].to_owned(), value));
        rest = behind;
    }
    Ok(File::Page(before, rest.to_owned()))
}

/// A page with its values.
fn page(
    before: &[(String, usize)],
    behind: &str,
    values: &[CellValue],
    texts: &mut OwnTexts<'_>,
) -> Result<String, XlsxError> {
    let mut xml = String::new();
    for (before, value) in before {
        xml += before;
        // The plan of a workbook has a value for each box that wants one.
        let (kind, value) = match &values[*value] {
            CellValue::Text(text) => (" t=\"s\"", texts.number(text)?.to_string()),
            CellValue::Number(number) => ("", number.to_string()),
        };
        for part in [kind, "><v>", &value, "</v></c>"] {
            xml += part;
        }
    }
    Ok(xml + behind)
}

/// The hidden sheet without its size and its rows.
fn hidden_in_pieces(xml: &str) -> Result<File, XlsxError> {
    let (before, rest) = split(xml, "<dimension ref=\"A1\"/>")?;
    let (between, rest) = split(rest, "<sheetData>")?;
    let (rows, behind) = split(rest, "</sheetData>")?;
    let cell = rows.find("<c ").zip(rows.find("</row>")).ok_or_else(|| missing("<c "))?;
    let cell = &rows[cell.0..cell.1];
    Ok(File::Hidden([before, between, cell, behind].map(str::to_owned)))
}

/// The hidden sheet with these rows, which begin with its first cell.
fn hidden(
    [before, between, first, behind]: &[String; 4],
    rows: &[Vec<String>],
    texts: &mut OwnTexts<'_>,
) -> Result<String, XlsxError> {
    let last = |cells: &Vec<String>| cells.iter().rposition(|text| !text.is_empty());
    let column = rows.iter().filter_map(last).max().unwrap_or_default();
    // A few columns, and as many rows as a form has fields and a record has values.
    let last = row_col_to_cell(rows.len().max(1) as u32 - 1, column as u16);
    let mut xml = format!("{before}<dimension ref=\"A1:{last}\"/>{between}<sheetData>");
    for (row, cells) in (0..).zip(rows) {
        // Writing to a String cannot fail.
        let _ = write!(xml, "<row r=\"{}\">", row + 1);
        for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            if (row, column) == (0, 0) {
                xml += first;
                continue;
            }
            let (cell, number) = (row_col_to_cell(row, column), texts.number(text)?);
            let _ = write!(xml, "<c r=\"{cell}\" t=\"s\"><v>{number}</v></c>");
        }
        xml += "</row>";
    }
    Ok(xml + "</sheetData>" + behind)
}

/// What comes before and behind the text between `start` and `end`.
fn around(xml: &str, start: &str, end: &str) -> Result<[String; 2], XlsxError> {
    let (before, from) = split(xml, start)?;
    let (_, behind) = split(from, end)?;
    Ok([format!("{before}{start}"), format!("{end}{behind}")])
}

/// A text put there.
fn between([before, behind]: &[String; 2], text: &str) -> String {
    let mut xml = before.clone();
    escape(text, &mut xml);
    xml + behind
}

impl Texts {
    fn read(xml: &str) -> Result<Self, XlsxError> {
        let (head, rest) = split(xml, " count=\"")?;
        let (cells, rest) = split(rest, "\" uniqueCount=\"")?;
        let (_, rest) = split(rest, "\">")?;
        let (list, _) = split(rest, "</sst>")?;
        let texts = list.split_inclusive("</si>").map(str::to_owned);
        let cells = cells.parse().map_err(|_| missing("number of texts"))?;
        let (head, list) = (head.to_owned(), list.to_owned());
        Ok(Texts { head, known: texts.zip(0..).collect(), list, cells })
    }
}

/// The texts of a workbook: behind those of its form its own.
struct OwnTexts<'a> {
    form: &'a Texts,
    list: String,
    /// The number of each of its own.
    known: HashMap<String, usize>,
    cells: usize,
}

impl<'a> OwnTexts<'a> {
    fn of(form: &'a Texts) -> Self {
        OwnTexts { form, list: String::new(), known: HashMap::new(), cells: form.cells }
    }

    /// The number of a text, which is added if it is not there.
    fn number(&mut self, text: &str) -> Result<usize, XlsxError> {
        if text.encode_utf16().count() > LONGEST {
            return Err(XlsxError::MaxStringLengthExceeded);
        }
        self.cells += 1;
        let keep = text.starts_with(SPACE) || text.ends_with(SPACE);
        let mut item = if keep { "<si><t xml:space=\"preserve\">" } else { "<si><t>" }.to_owned();
        escape_cell(text, &mut item);
        item += "</t></si>";
        if let Some(number) = self.form.known.get(&item) {
            return Ok(*number);
        }
        let next = self.form.known.len() + self.known.len();
        Ok(match self.known.entry(item) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                self.list += new.key();
                *new.insert(next)
            }
        })
    }

    /// The file with all of them.
    fn file(&self) -> String {
        let Texts { head, list, known, .. } = self.form;
        let (cells, unique) = (self.cells, known.len() + self.known.len());
        let own = &self.list;
        format!("{head} count=\"{cells}\" uniqueCount=\"{unique}\">{list}{own}</sst>")
    }
}

/// What XML drops at the ends of a text unless it is told not to.
const SPACE: [char; 3] = [' ', '\t', '\n'];

/// A text of a cell: what looks like a character as a number has its first character written so.
fn escape_cell(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((at, _)) = rest.match_indices("_x").find(|(at, _)| is_escape(&rest[*at..])) {
        escape(&rest[..at], out);
        *out += "_x005F_";
        rest = &rest[at + 1..];
    }
    escape(rest, out);
}

/// A text in XML: a character that XML cannot hold is its number between `_x` and `_`, as Excel writes it.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => *out += "&amp;",
            '<' => *out += "&lt;",
            '>' => *out += "&gt;",
            ' ' | '\t' | '\n' => out.push(c),
            '\0'..' ' | '\u{FFFE}' | '\u{FFFF}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "_x{:04X}_", u32::from(c));
            }
            _ => out.push(c),
        }
    }
}

/// Whether a text begins with a character as a number, such as `_x000D_`.
fn is_escape(text: &str) -> bool {
    let digits = text.strip_prefix("_x").and_then(|rest| rest.as_bytes().get(..5));
    digits.is_some_and(|d| d[..4].iter().all(u8::is_ascii_hexdigit) && d[4] == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_written_as_excel_does() {
        for (text, written) in [
            ("葛\u{E0100}𠮷 & <b>", "葛\u{E0100}𠮷 &amp; &lt;b&gt;"),
            ("a\r\n\tb\u{1}", "a_x000D_\n\tb_x0001_"),
            ("_x000D_ _x00_ _xあ", "_x005F_x000D_ _x00_ _xあ"),
            ("\u{FFFE}", "_xFFFE_"),
        ] {
            let mut out = String::new();
            escape_cell(text, &mut out);
            assert_eq!(out, written);
        }
    }
}
