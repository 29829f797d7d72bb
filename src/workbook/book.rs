//! A workbook: the pages of one form or of several, and what is said of them all.

use std::borrow::Cow;

use super::brief;
use super::cells::Cells;
use super::map::Map;
use super::refused;
use super::shape::{self, Inputs, Named, Placed, Properties, Shape, placed};
use super::shared::Shared;
use super::template::{Own, Template};
use crate::paint::PaintError;
use crate::sheet::Sheet;
use crate::table::range::{Range, Reference};
use crate::workbook::{Entries, Entry, MAP_SHEET};

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
/// [`PaintError::Workbook`] for what Excel's limits refuse, such as more than 32,767 characters in a
/// cell, [`PaintError::Crowded`] where two texts fall into one cell, and [`PaintError::OnPaper`] for a form that is
/// printed on somebody else's pages.
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
    write(forms)
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

fn write(forms: &[(&[Sheet], Option<&Entries>)]) -> Result<Vec<u8>, PaintError> {
    let parts = parts(forms);
    if parts.iter().all(|part| part.sheets.is_empty()) {
        return Err(PaintError::Workbook("no sheets".to_owned()));
    }
    let placed: Vec<Vec<Vec<Placed<'_>>>> = parts.iter().map(Part::placed).collect();
    let Plan { shape, inputs, own } = plan(&parts, &placed)?;
    Template::of(shape, &inputs).and_then(|template| template.fill(&own)).map_err(refused)
}

/// What a workbook is to be.
struct Plan<'a> {
    shape: Shape,
    /// What is entered on each page of a form to fill in.
    inputs: Vec<Option<Inputs<'a>>>,
    own: Own<'a>,
}

fn plan<'a>(
    parts: &'a [Part<'a>],
    placed: &'a [Vec<Vec<Placed<'a>>>],
) -> Result<Plan<'a>, PaintError> {
    let mut shared = Shared::default();
    let (mut pages, mut values, mut inputs) = (Vec::new(), Vec::new(), Vec::new());
    let (mut maps, mut names) = (Vec::new(), Vec::new());
    for (part, placed) in parts.iter().zip(placed) {
        let fill_in = part.entries.as_ref().is_some_and(|entries| entries.fill_in);
        let is_mapped = part.entries.is_some();
        let before = pages.len();
        let mut named: Vec<(Named<'_>, usize)> = Vec::new();
        for (number, (sheet, placed)) in part.sheets.iter().zip(placed).enumerate() {
            // What no page prints is asked for beside the first.
            let beside = if number == 0 { part.entries() } else { &[] };
            let cells = Cells { fill_in, is_mapped, shared: &shared };
            let page = shape::page(&part.titles[number], sheet, placed, beside, &cells)?;
            named.extend(page.names.into_iter().map(|named| (named, number)));
            pages.push(page.shape);
            values.extend(page.values);
            inputs.push(page.inputs);
        }
        let Some(entries) = part.entries.as_deref() else { continue };
        for (named, page) in &named {
            let sheet = part.titles[*page].clone();
            names.push((named.entry.name.clone(), Reference { sheet, range: named.range }));
        }
        let cells = named.iter().map(|(named, page)| (named.entry, before + page + 1, named.range));
        let cells: Vec<(&Entry, usize, Range)> = cells.collect();
        maps.push(Map::of(entries, &cells));
        shared.add(named.iter().map(|(named, page)| (named.entry, &part.titles[*page], named.at)));
    }
    let label = parts.iter().find_map(|part| part.entries.as_deref()?.label.as_deref());
    let own =
        Own { title: title(parts), label, values, rows: maps.iter().flat_map(Map::rows).collect() };
    let read_back = properties(parts, label.is_some());
    Ok(Plan { shape: Shape { pages, names, read_back }, inputs, own })
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
        let name: String = name.chars().filter(sound).collect();
        let name = if name.is_empty() { "onshi-form" } else { brief(&name, TITLE - suffix.len()) };
        format!("{name}{suffix}")
    };
    let mut title = with("");
    let mut again = 2;
    while taken.contains(&title.to_lowercase()) {
        title = with(&format!("_{again}"));
        again += 1;
    }
    title
}

fn title(parts: &[Part<'_>]) -> String {
    let mut titles: Vec<&str> = Vec::new();
    for title in parts.iter().filter_map(|part| Some(part.sheets.first()?.title.as_str())) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    titles.join("、")
}

/// What a workbook says of the forms that can be read back, if there are any.
fn properties(parts: &[Part<'_>], is_labelled: bool) -> Option<Properties> {
    let all: Vec<&Entries> = parts.iter().filter_map(|part| part.entries.as_deref()).collect();
    let joined = |of: &dyn Fn(&Entries) -> String| {
        all.iter().map(|entries| of(entries)).collect::<Vec<_>>().join(" ")
    };
    (!all.is_empty()).then(|| Properties {
        forms: joined(&|entries| entries.form.clone()),
        editions: joined(&|entries| entries.edition.clone()),
        is_labelled,
    })
}

#[cfg(test)]
mod tests;
