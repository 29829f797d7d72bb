//! A workbook: the pages of one form or of several, and what is said of them all.

use std::borrow::Cow;
use std::io::Cursor;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use zip::{ZipArchive, ZipWriter};

use super::map::Map;
use super::refused;
use super::shared::Shared;
use super::write::{Named, Placed, placed, write_page};
use crate::paint::PaintError;
use crate::sheet::Sheet;
use crate::table::range::{Range, Reference};
use crate::workbook::{Entries, Entry, MAP_SHEET};

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
/// How hard the workbook is compressed: level 2 would make it a seventh smaller, for a tenth more work on it.
const LEVEL: u8 = 1;
/// The longest name of a sheet, in characters.
const TITLE: usize = 31;

/// Paints the pages of a form as an Excel workbook (`.xlsx`): a sheet of it for each, which prints as one
/// page that lies over the PDF's; same input same bytes.
///
/// With `entries`, each field's cell has a defined name and holds the bare value, a date as a date;
/// what the form prints around it is the cell's number format. [`Entries::fill_in`] makes it a form
/// to fill in: input cells yellow and unlocked with drop-downs, limits and messages, everything else
/// locked without a password. Without `entries` the page's text is as it is printed.
///
/// ```
/// use onshi::form::Forms;
/// use onshi::layout::{fill, Mode};
/// use onshi::workbook::{entries, xlsx};
/// let forms = Forms::built_in();
/// let form = forms.find("別紙2").unwrap();
/// let (sheets, _) = fill(form, Mode::Blank, forms);
/// let bytes = xlsx(&sheets, Some(&entries(form, Mode::Blank, forms)))?;
/// assert!(bytes.starts_with(b"PK"));
/// # Ok::<(), onshi::paint::PaintError>(())
/// ```
///
/// # Errors
///
/// [`PaintError::Refused`] for what Excel's limits refuse, such as more than 32,767 characters in a
/// cell, and [`PaintError::OnPaper`] for a form that is printed on somebody else's pages.
pub fn xlsx(sheets: &[Sheet], entries: Option<&Entries>) -> Result<Vec<u8>, PaintError> {
    book(&[(sheets, entries)])
}

/// Paints several forms as one workbook: the sheets of one after those of the other, in this order.
///
/// A field is asked for once: in a later form its cell shows, as a formula, what is typed in the first form that has
/// it, and is locked. That is so where both enter the value as a whole and have the same value; where one has boxes
/// for digits, tick boxes, a circle or a date in parts, each has cells of its own. No value is written as a formula.
///
/// ```
/// use onshi::form::Forms;
/// use onshi::layout::{fill, Mode};
/// use onshi::workbook::{entries, import, xlsx_of};
/// let forms = Forms::built_in();
/// let blank = ["別紙1", "別紙2"].map(|name| {
///     let form = forms.find(name).unwrap();
///     (fill(form, Mode::Blank, forms).0, entries(form, Mode::Blank, forms))
/// });
/// let bytes = xlsx_of(&blank)?;
/// assert_eq!(import("both.xlsx", &bytes, forms).forms, ["receipt-number", "introduction-plan"]);
/// # Ok::<(), onshi::paint::PaintError>(())
/// ```
///
/// # Errors
/// As [`xlsx`]; and when there is not a form.
pub fn xlsx_of(forms: &[(Vec<Sheet>, Entries)]) -> Result<Vec<u8>, PaintError> {
    let forms: Vec<(&[Sheet], Option<&Entries>)> =
        forms.iter().map(|(sheets, entries)| (&sheets[..], Some(entries))).collect();
    book(&forms)
}

fn book(forms: &[(&[Sheet], Option<&Entries>)]) -> Result<Vec<u8>, PaintError> {
    if forms.iter().any(|(sheets, _)| sheets.iter().any(|sheet| sheet.paper.is_some())) {
        return Err(PaintError::OnPaper);
    }
    write(forms).map_err(refused)
}

/// A form of the workbook, its entries under the names they have there.
struct Part<'a> {
    sheets: &'a [Sheet],
    entries: Option<Cow<'a, Entries>>,
    /// The names of its sheets.
    titles: Vec<String>,
}

impl Part<'_> {
    fn entries(&self) -> &[Entry] {
        self.entries.as_ref().map_or(&[], |entries| &entries.entries)
    }

    /// The areas of its pages, with what can be entered there.
    fn placed(&self) -> Vec<Vec<Placed<'_>>> {
        let mut waiting = self.entries().iter();
        self.sheets.iter().map(|sheet| placed(sheet, &mut waiting)).collect()
    }
}

fn write(forms: &[(&[Sheet], Option<&Entries>)]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let default = Format::new().set_font_name(FONT).set_font_size(FONT_SIZE);
    let default = default.set_font_family(FONT_FAMILY);
    workbook.set_default_format(&default, DEFAULT_ROW, DEFAULT_COLUMN)?;
    let parts = parts(forms);
    if parts.iter().all(|part| part.sheets.is_empty()) {
        return Err(XlsxError::ParameterError("no sheets".to_owned()));
    }
    let pages: Vec<Vec<Vec<Placed<'_>>>> = parts.iter().map(Part::placed).collect();
    let mut shared = Shared::default();
    let (mut maps, mut names, mut before) = (Vec::new(), Vec::new(), 0);
    for (part, pages) in parts.iter().zip(&pages) {
        let named = write_part(&mut workbook, part, pages, &shared)?;
        let first = before;
        before += part.sheets.len();
        let Some(entries) = part.entries.as_deref() else { continue };
        for (named, page) in &named {
            let sheet = part.titles[*page].clone();
            names.push((named.entry.name.clone(), Reference { sheet, range: named.range }));
        }
        let cells = named.iter().map(|(named, page)| (named.entry, first + page + 1, named.range));
        let cells: Vec<(&Entry, usize, Range)> = cells.collect();
        maps.push(Map::of(entries, &cells));
        shared.add(named.iter().map(|(named, page)| (named.entry, &part.titles[*page], named.at)));
    }
    for (name, reference) in names {
        workbook.define_name(&name, &format!("={reference}"))?;
    }
    if !maps.is_empty() {
        Map::write(&maps, &mut workbook)?;
    }
    workbook.set_properties(&properties(&parts)?);
    workbook.set_zip_compression_level(LEVEL);
    let bytes = workbook.save_to_buffer()?;
    let sheets = parts.iter().flat_map(|part| part.sheets);
    let has_marks = sheets.flat_map(Sheet::areas).any(|area| !area.marks.is_empty());
    if has_marks { sized(bytes) } else { Ok(bytes) }
}

/// The same workbook with the size of each file before it: some programs (SheetJS) cannot open one in which
/// the size of a picture, which is stored as it is, comes after it.
fn sized(bytes: Vec<u8>) -> Result<Vec<u8>, XlsxError> {
    let mut from = ZipArchive::new(Cursor::new(bytes))?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        to.raw_copy_file(from.by_index_raw(index)?)?;
    }
    Ok(to.finish()?.into_inner())
}

/// Writes the pages of a form; where its entries are, each with its page, from 0.
fn write_part<'a>(
    workbook: &mut Workbook,
    part: &'a Part<'_>,
    pages: &'a [Vec<Placed<'a>>],
    shared: &Shared<'_>,
) -> Result<Vec<(Named<'a>, usize)>, XlsxError> {
    let fill_in = part.entries.as_ref().is_some_and(|entries| entries.fill_in);
    let mut named = Vec::new();
    for (number, (sheet, placed)) in part.sheets.iter().zip(pages).enumerate() {
        let page = workbook.add_worksheet();
        page.set_name(&part.titles[number])?;
        // What no page prints is asked for beside the first.
        let beside = if number == 0 { part.entries() } else { &[] };
        let names = write_page(page, sheet, placed, beside, fill_in, shared)?;
        named.extend(names.into_iter().map(|named| (named, number)));
    }
    Ok(named)
}

/// The forms, no two names of cells or of sheets the same.
fn parts<'a>(forms: &[(&'a [Sheet], Option<&'a Entries>)]) -> Vec<Part<'a>> {
    let mut taken: Vec<String> = vec![MAP_SHEET.to_owned()];
    let part = |(number, (sheets, entries)): (usize, &(&'a [Sheet], Option<&'a Entries>))| {
        let entries = entries.map(|entries| match number {
            1 => Cow::Borrowed(entries),
            number => Cow::Owned(entries.clone().numbered(number)),
        });
        let form = sheets.first().map_or("", |sheet| sheet.form.as_str());
        let called = entries.as_ref().map_or(form, |entries| entries.name.as_str());
        let titles = (1..=sheets.len()).map(|page| {
            let title = sheet_name(called, page, sheets.len(), &taken);
            taken.push(title.to_lowercase());
            title
        });
        Part { titles: titles.collect(), sheets, entries }
    };
    (1..).zip(forms).map(part).collect()
}

/// A name Excel takes for a sheet, of at most 31 characters: that of a page with its number where there
/// are several, and with another number where the name is `taken`, in lower case.
fn sheet_name(name: &str, number: usize, pages: usize, taken: &[String]) -> String {
    let sound = |c: &char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'');
    let page = if pages > 1 { format!("-{number}") } else { String::new() };
    let with = |again: &str| {
        let suffix = format!("{page}{again}");
        let name: String = name.chars().filter(sound).take(TITLE - suffix.len()).collect();
        let name = if name.is_empty() { "onshi-form".to_owned() } else { name };
        name + &suffix
    };
    let mut title = with("");
    let mut again = 2;
    while taken.contains(&title.to_lowercase()) {
        title = with(&format!("_{again}"));
        again += 1;
    }
    title
}

fn properties(parts: &[Part<'_>]) -> Result<DocProperties, XlsxError> {
    // The same input gives the same bytes: no clock is read.
    let created = ExcelDateTime::from_ymd(2024, 1, 1)?;
    let mut titles: Vec<&str> = Vec::new();
    for title in parts.iter().filter_map(|part| Some(part.sheets.first()?.title.as_str())) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let properties = DocProperties::new()
        .set_author("onshi")
        .set_title(titles.join("、"))
        .set_subject("オンライン資格確認")
        .set_creation_datetime(&created);
    let all: Vec<&Entries> = parts.iter().filter_map(|part| part.entries.as_deref()).collect();
    if all.is_empty() {
        return Ok(properties);
    }
    let joined = |of: &dyn Fn(&Entries) -> String| {
        all.iter().map(|entries| of(entries)).collect::<Vec<_>>().join(" ")
    };
    let properties = properties
        .set_custom_property("onshi.form", joined(&|entries| entries.form.clone()))
        .set_custom_property("onshi.edition", joined(&|entries| entries.edition.clone()));
    Ok(match all.iter().find_map(|entries| entries.label.as_deref()) {
        Some(label) => properties.set_custom_property("onshi.label", label),
        None => properties,
    })
}
