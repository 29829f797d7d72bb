//! The way back: from a workbook that was filled in to a record.
//!
//! Of several forms in a workbook, each says what was typed in its own cells; a cell that shows what another form has,
//! as a formula, says nothing.
//!
//! Cells are found by their defined names, which stay with them when rows are inserted or the sheet
//! is renamed; where names are lost, by the hidden sheet's addresses. A cell that still holds what
//! was written says nothing new: then the record in the hidden sheet stands. What a person typed is
//! read as what it must have been before Excel changed it, or refused at its cell.

mod cell;
mod copies;
mod forms;
mod tree;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Cursor;
use std::ops::ControlFlow;

use self::cell::Seen;
use self::forms::Part;
use self::tree::Tree;
use crate::Filling;
use crate::calendar::{Date, parse_date};
use crate::form::kinds::Refused;
use crate::form::{Data, Form, Forms, Part as DatePart};
use crate::key::FieldPath;
use crate::record::{Node, NodeValue, Record};
use crate::report::{Diagnostic, Place, Report, Severity, Source, Text};
use crate::table::book::{self, Book, Purpose};
use crate::table::range::{Range, Reference};
use crate::table::{Cell, TableError};
use crate::values::{self, Values};
use crate::workbook::map::{Map, MapCell};
use crate::workbook::{Entry, Input, MAP_SHEET};

/// What a workbook says.
#[derive(Clone, Debug)]
pub struct Import {
    /// The record, every value with its sheet and cell; to be used only when the report has no errors.
    pub record: Record,
    /// What was read otherwise than it stands, and what cannot be read, at its cell.
    pub report: Report,
    /// What the list it was made from calls the facility, such as a member's number.
    pub label: Option<String>,
    /// The ids of the forms in the workbook, each once.
    pub forms: Vec<String>,
}

impl Import {
    /// The largest workbook accepted, in bytes.
    pub const MAX_BYTES: usize = book::MAX_FORM_BYTES;

    /// What [`crate::fill`] makes of the record, with what was found in the workbook: all faults at
    /// once. A value that could not be read is not said to be missing as well. Without `named` forms, a workbook of
    /// several asks for each of them.
    pub fn fill(&self, forms: &Forms, named: &[&Form], today: Date) -> Filling {
        if self.report.errors() > 0 && self.record.root.entries().is_empty() {
            return Filling::refused(self.report.clone());
        }
        let filling = match named {
            [] => crate::filling::fill_asked(&self.record, forms, &self.asked(forms), today),
            named => crate::fill(&self.record, forms, named, today),
        };
        let report = Import::told(self.report.clone(), filling.report, forms);
        Filling { report, ..filling }
    }

    /// The forms that the workbook asks for by having them; none where it is one form, which asks for what its
    /// record has.
    pub(crate) fn asked<'f>(&self, forms: &'f Forms) -> Vec<&'f Form> {
        match self.forms.len() {
            1 => Vec::new(),
            _ => self.forms.iter().filter_map(|id| forms.find(id)).collect(),
        }
    }

    /// What was found in a workbook, and what the forms found in its record, each once. A value that could
    /// not be read is not said to be missing as well.
    pub(crate) fn told(read: Report, found: Report, forms: &Forms) -> Report {
        let mut report = read;
        let mut refused: BTreeSet<&str> = BTreeSet::new();
        let errors = report.diagnostics.iter().filter(|d| d.severity == Severity::Error);
        let field_of = |found: &Diagnostic| forms.dictionary().get(found.field.as_deref()?);
        for field in errors.filter_map(field_of) {
            // What it is computed from is entered in its cell.
            let derive = field.derive.iter().filter(|_| field.computed);
            refused.extend(derive.flat_map(|derive| derive.keys()).map(String::as_str));
            refused.insert(&field.key);
        }
        for found in found.diagnostics {
            let same = |d: &&mut Diagnostic| {
                (&d.code, &d.field, &d.place, &d.message)
                    == (&found.code, &found.field, &found.place, &found.message)
            };
            let is_said = field_of(&found).is_some_and(|field| refused.contains(&*field.key));
            match report.diagnostics.iter_mut().find(same) {
                // The form's finding names its source as well.
                Some(known) => *known = found,
                None if is_said => {}
                None => report.diagnostics.push(found),
            }
        }
        report.sort();
        report
    }

    /// Whether bytes begin as a workbook does, or as the older and encrypted ones do.
    ///
    /// ```
    /// assert!(onshi::workbook::Import::is_workbook(b"PK\x03\x04"));
    /// assert!(!onshi::workbook::Import::is_workbook(b"facility:"));
    /// ```
    pub fn is_workbook(bytes: &[u8]) -> bool {
        book::is_workbook(bytes)
    }
}

/// Reads the forms back that were made by [`crate::workbook::xlsx`] or [`crate::workbook::xlsx_of`] and filled in by hand
/// or by program.
/// `name` is what the user calls the file.
///
/// The report has `syntax` for what is not such a workbook, and the findings of
/// [`values::values`] at their cells; whether the record passes a form's rules is for
/// [`crate::fill`] to say.
///
/// ```
/// use onshi::{record, workbook};
/// use onshi::form::Forms;
/// use onshi::layout::{fill, Mode};
/// use onshi::workbook::entries;
/// let forms = Forms::built_in();
/// let form = forms.find("別紙2").unwrap();
/// let blank = workbook::xlsx(&fill(form, Mode::Blank, forms).0, Some(&entries(form, Mode::Blank, forms)))?;
/// let read = workbook::import("plan.xlsx", &blank, forms);
/// assert_eq!(read.report.errors(), 0);
/// assert_eq!(record::write(&read.record.root), "");
/// # Ok::<(), onshi::paint::PaintError>(())
/// ```
pub fn import(name: &str, bytes: &[u8], forms: &Forms) -> Import {
    let source = Source::new(name, "");
    let nothing = Node { place: start(""), value: NodeValue::Map(Vec::new()) };
    let read = Book::open(Cursor::new(bytes), Purpose::Form)
        .and_then(|book| Importer::new(book, forms)?.read());
    match read {
        Ok(Found { root, mut report, label, forms: ids }) => {
            let mut record = Record { source, root };
            let (values, faults) = values::values(&record, forms);
            report.extend(faults);
            canonical(&mut record.root, "", &values);
            report.sort();
            Import { record, report, label, forms: ids }
        }
        Err(error) => {
            let record = Record { source, root: nothing };
            Import { record, report: error.into(), label: None, forms: Vec::new() }
        }
    }
}

fn start(sheet: &str) -> Place {
    Place::Cell { sheet: sheet.to_owned(), row: 1, column: 1 }
}

/// Writes every value as the check has read it: full-width digits narrow, days as 2024-04-01.
fn canonical(node: &mut Node, path: &str, values: &Values) {
    match &mut node.value {
        NodeValue::Map(entries) => {
            for (key, value) in entries {
                let dot = if path.is_empty() { "" } else { "." };
                canonical(value, &format!("{path}{dot}{}", key.text), values);
            }
        }
        NodeValue::List(items) => {
            for (i, item) in items.iter_mut().enumerate() {
                canonical(item, &format!("{path}[{i}]"), values);
            }
        }
        NodeValue::Scalar(text) => {
            if let Some(value) = values.get(path) {
                text.clone_from(&value.text);
            }
        }
        NodeValue::Null => {}
    }
}

/// What was found in a workbook.
struct Found {
    root: Node,
    report: Report,
    label: Option<String>,
    /// The ids of its forms.
    forms: Vec<String>,
}

struct Importer<'a> {
    book: Book<Cursor<&'a [u8]>>,
    forms: &'a Forms,
    /// The forms of the workbook, in its order.
    parts: Vec<Part<'a>>,
    /// The hidden sheet's cells by defined name, in lower case.
    known: HashMap<String, MapCell>,
    /// The hidden sheet's record, of all forms.
    record: Vec<(String, String)>,
    /// What the hidden sheet says the facility is called in its list.
    label: Option<String>,
    report: Report,
}

impl<'a> Importer<'a> {
    fn new(mut book: Book<Cursor<&'a [u8]>>, forms: &'a Forms) -> Result<Self, TableError> {
        let mut maps = Map::read(&mut book)?;
        let parts = forms::parts(book.names(), &mut maps, forms)?;
        let label = maps.iter_mut().find_map(|map| map.label.take());
        let cells = maps.into_iter().flat_map(|map| map.cells);
        let known = cells.map(|cell| (cell.name.to_lowercase(), cell)).collect();
        let mut record: Vec<(String, String)> = Vec::new();
        let mut keys = BTreeSet::new();
        for (key, text) in parts.iter().flat_map(|part| &part.record) {
            if keys.insert(key) {
                record.push((key.clone(), text.clone()));
            }
        }
        Ok(Importer { book, forms, parts, known, record, label, report: Report::default() })
    }

    fn read(mut self) -> Result<Found, TableError> {
        let places = self.places();
        if let Some(copy) = copies::filled_copy(&mut self.book, &places, &self.known)? {
            return Err(copy.into());
        }
        let cells = self.cells(&places)?;
        let mut tree = Tree::new(self.forms.dictionary());
        let record = std::mem::take(&mut self.record);
        let start = start(self.parts.first().map_or("", |part| part.entries.name.as_str()));
        for (key, text) in &record {
            tree.insert(key, Some(text.clone()), start.clone());
        }
        let parts = std::mem::take(&mut self.parts);
        let mut all = All::default();
        for (index, part) in parts.iter().enumerate() {
            let mut own: Vec<&Entry> = part.entries.entries.iter().collect();
            own.retain(|entry| !forms::is_shown(entry, &parts[..index], &places, &cells));
            self.part(part, &own, (&places, &cells, &record), (&mut tree, &mut all));
        }
        self.copies(&parts, &mut tree, &all);
        let mut forms: Vec<String> = Vec::new();
        for part in &parts {
            if !forms.contains(&part.form.id) {
                forms.push(part.form.id.clone());
            }
        }
        Ok(Found { root: tree.build(start), report: self.report, label: self.label, forms })
    }

    /// Reads the cells of a form into the tree.
    fn part(
        &mut self,
        part: &Part<'_>,
        own: &[&Entry],
        (places, cells, record): (&HashMap<String, Reference>, &Cells, &[(String, String)]),
        (tree, all): (&mut Tree<'_>, &mut All),
    ) {
        let mut done = BTreeSet::new();
        let mut seen = Vec::new();
        for entry in own {
            let is_first = || done.insert((entry.field.written(), entry.part.is_some()));
            let is_apart = matches!(entry.input, Input::Tick(_)) || entry.part.is_some();
            let group: Vec<&Entry> = match is_apart.then(is_first) {
                None => vec![*entry],
                Some(true) => {
                    let same = |other: &&Entry| {
                        (&other.field, other.part.is_some()) == (&entry.field, entry.part.is_some())
                    };
                    own.iter().copied().filter(same).collect()
                }
                Some(false) => continue,
            };
            let typed = match entry.part {
                Some(_) => self.parts(&group, places, cells, record),
                None => self.typed(&group, places, cells),
            };
            let Some(typed) = typed else { continue };
            let Typed { path, text, place, changed } = typed;
            if part.each.as_deref() == Some(path.written()) && changed {
                all.each.entry(part.number).or_insert((text, place));
                continue;
            }
            if !changed {
                // Where it is typed first is its place.
                if !all.is_known(path.written()) {
                    tree.see(&path, place);
                    seen.push(path.written().to_owned());
                }
                continue;
            }
            match all.set.get(path.written()) {
                Some((known, _)) if *known == text => {}
                Some((Some(known), at)) if text.is_some() => {
                    self.twice(entry, known, at, place);
                }
                Some((Some(_), _)) => {}
                _ => {
                    tree.set(&path, text.clone(), place.clone());
                    all.set.insert(path.written().to_owned(), (text, place));
                }
            }
        }
        all.seen.extend(seen);
    }

    /// Puts the values together for which the workbook has the same form once for each, as they are said there.
    fn copies(&mut self, parts: &[Part<'_>], tree: &mut Tree<'_>, all: &All) {
        let mut keys: Vec<&str> = parts.iter().filter_map(|part| part.each.as_deref()).collect();
        keys.dedup();
        for key in keys {
            let Some(field) = self.forms.dictionary().get(key) else { continue };
            let (mut values, mut place): (Vec<&str>, Option<&Place>) = (Vec::new(), None);
            for part in parts.iter().filter(|part| part.each.as_deref() == Some(key)) {
                let text = match all.each.get(&part.number) {
                    Some((text, at)) => {
                        place = place.or(Some(at));
                        text.as_deref()
                    }
                    None => part.value(key),
                };
                for value in text.into_iter().flat_map(|text| forms::each_of(field, text)) {
                    if !values.contains(&value) {
                        values.push(value);
                    }
                }
            }
            let text = Some(values.join("・")).filter(|text| !text.is_empty());
            match (all.set.get(key), place) {
                (Some((known, at)), Some(place)) if *known != text => {
                    let known = known.as_deref().unwrap_or_default();
                    let label = self.forms.dictionary().label(key);
                    self.differs(key, &label, known, at, place.clone());
                }
                // Another form says what it is now.
                (Some(_), _) => {}
                (None, Some(place)) => {
                    tree.set(&FieldPath::of(key.to_owned()), text, place.clone())
                }
                (None, None) => tree.replace(key, text),
            }
        }
    }

    /// Where the cells of each entry are, by its name.
    fn places(&mut self) -> HashMap<String, Reference> {
        let sheets = self.book.sheets();
        let shown: Vec<&String> = sheets.iter().filter(|sheet| *sheet != MAP_SHEET).collect();
        let first = shown.first().copied().cloned().unwrap_or_default();
        let names: HashMap<String, &String> =
            self.book.names().iter().map(|(name, to)| (name.to_lowercase(), to)).collect();
        let mut places = HashMap::new();
        let mut lost = Vec::new();
        for entry in self.parts.iter().flat_map(|part| &part.entries.entries) {
            let name = entry.name.to_lowercase();
            let known = self.known.get(&name);
            let found = match names.get(&name) {
                Some(to) => Reference::parse(to).filter(|r| sheets.contains(&r.sheet)),
                None => known.and_then(|known| {
                    let sheet = shown.get(known.page.checked_sub(1)?)?;
                    Some(Reference { sheet: (*sheet).clone(), range: known.range? })
                }),
            };
            match found {
                Some(reference) => {
                    places.insert(entry.name.clone(), reference);
                }
                None if names.contains_key(&name) => lost.push(entry.clone()),
                None => {}
            }
        }
        for entry in lost {
            let message = Text::new(
                format!("{} のセルが削除されています", entry.label.ja),
                format!("the cell of {} was deleted", entry.label.en),
            );
            let hint = Text::new(
                "onshi blank で作り直したブックに入力してください",
                "enter it into a new workbook made with `onshi blank`",
            );
            self.report.push(
                Diagnostic::error("syntax", message)
                    .with_field(entry.field.written())
                    .with_hint(hint)
                    .at(Some(start(&first))),
            );
        }
        places
    }

    fn cells(&mut self, places: &HashMap<String, Reference>) -> Result<Cells, TableError> {
        let sheets: BTreeSet<&String> = places.values().map(|reference| &reference.sheet).collect();
        let mut all = HashMap::new();
        for sheet in sheets {
            let on: Vec<Range> =
                places.values().filter(|r| r.sheet == *sheet).map(|r| r.range).collect();
            let mut cells = OnSheet::default();
            self.book.cells_with_formulas(sheet, &mut |(row, column), cell, formula| {
                if on.iter().any(|range| range.contains(row, column)) {
                    if let Some(formula) = formula {
                        cells.formulas.insert((row, column), formula.to_owned());
                    }
                    if cell != Cell::Empty {
                        cells.values.insert((row, column), cell);
                    }
                }
                ControlFlow::Continue(())
            })?;
            all.insert(sheet.clone(), cells);
        }
        Ok(all)
    }

    /// What the cells of a field say; the tick boxes of one field together. None without cells, and
    /// when what is there is refused.
    fn typed(
        &mut self,
        group: &[&Entry],
        places: &HashMap<String, Reference>,
        cells: &Cells,
    ) -> Option<Typed> {
        let mut typed: Option<Typed> = None;
        let mut ticked = 0;
        for entry in group {
            let Some(reference) = places.get(&entry.name) else { continue };
            let (place, seen) = seen(entry, reference, cells.get(&reference.sheet));
            let field = self.forms.dictionary().get(entry.field.key())?;
            if field.computed && entry.inverse.is_empty() {
                return None;
            }
            let written =
                self.known.get(&entry.name.to_lowercase()).and_then(|k| k.written.as_ref());
            let read = match (cell::read(entry, field, &seen), seen) {
                (Ok(read), _) => read,
                // What was written says nothing new, whatever it is.
                (Err(_), Seen::One(Cell::Text(raw))) if written == Some(&raw) => {
                    cell::Read { raw, ..cell::Read::default() }
                }
                (Err(fault), _) => {
                    self.refuse(entry, place, fault);
                    return None;
                }
            };
            if let Some(warning) = read.warning {
                self.report.push(warning.with_field(entry.field.written()).at(Some(place.clone())));
            }
            let changed = match written {
                Some(written) => read.raw != *written,
                None => read.text.is_some(),
            };
            let (path, text) = match cell::source(entry, field, read.text) {
                Ok(Some((path, text))) => (path, text),
                Ok(None) => return None,
                Err(fault) => {
                    self.refuse(entry, place, fault);
                    return None;
                }
            };
            ticked += usize::from(text.is_some() && matches!(entry.input, Input::Tick(_)));
            if ticked > 1 && !field.many {
                let message = Text::new(
                    format!("{} の ☑ が二つあります", entry.label.ja),
                    format!("two boxes of {} are ticked", entry.label.en),
                );
                let hint = Text::new("一つだけにしてください", "tick one");
                self.refuse(entry, place, Refused::new("choice", message, hint));
                return None;
            }
            match &mut typed {
                Some(known) => {
                    known.changed |= changed;
                    match (&mut known.text, text) {
                        (Some(all), Some(text)) => *all += &format!("・{text}"),
                        (all @ None, Some(text)) => (*all, known.place) = (Some(text), place),
                        (_, None) => {}
                    }
                }
                None => typed = Some(Typed { path, text, place, changed }),
            }
        }
        typed
    }

    /// What the cells of a date's parts say together. None without cells.
    fn parts(
        &self,
        group: &[&Entry],
        places: &HashMap<String, Reference>,
        cells: &Cells,
        record: &[(String, String)],
    ) -> Option<Typed> {
        let day = |key: &str| {
            let (_, text) = record.iter().find(|(known, _)| known == key)?;
            parse_date(text).ok().map(Data::Date)
        };
        let (mut parts, mut first, mut changed) = (Vec::new(), None, false);
        for entry in group {
            let Some((reference, part)) = places.get(&entry.name).zip(entry.part) else { continue };
            let (place, seen) = seen(entry, reference, cells.get(&reference.sheet));
            let text = cell::part(entry, &seen);
            let known = self.known.get(&entry.name.to_lowercase()).and_then(|k| k.written.as_ref());
            let raw = text.as_deref().unwrap_or_default();
            changed |= match known.filter(|known| **known != entry.placeholder) {
                Some(known) => raw != known,
                None => text.is_some(),
            };
            first.get_or_insert(place);
            // A circle drawn by the program is no text: the part is that of the record.
            let is_circled = matches!(entry.input, Input::Circle(_));
            let drawn = || part.of(&day(entry.field.written()).filter(|_| is_circled)?, None);
            parts.push((part, text.or_else(drawn)));
        }
        let path = group.first()?.field.clone();
        let text = DatePart::join(&parts);
        Some(Typed { path, text, place: first?, changed })
    }

    fn refuse(&mut self, entry: &Entry, place: Place, fault: Refused) {
        self.report.push(fault.diagnostic().with_field(entry.field.written()).at(Some(place)));
    }

    fn twice(&mut self, entry: &Entry, known: &str, at: &Place, place: Place) {
        self.differs(entry.field.written(), &entry.label, known, at, place);
    }

    /// The error that a field has another value here than in the cell `at`.
    fn differs(&mut self, key: &str, label: &Text, known: &str, at: &Place, place: Place) {
        let address = match at {
            Place::Cell { sheet, .. } => format!("{sheet}!{}", at.cell().unwrap_or_default()),
            Place::Text { .. } => String::new(),
        };
        let message = Text::new(
            format!("{} が {address} の「{known}」と違います", label.ja),
            format!("{} differs from `{known}` in {address}", label.en),
        );
        let hint =
            Text::new("同じ値にするか、どちらかを消してください", "make them equal, or clear one");
        let fault = Refused::new("duplicate-field", message, hint);
        self.report.push(fault.diagnostic().with_field(key).at(Some(place)));
    }
}

/// What the cells of all forms say.
#[derive(Default)]
struct All {
    /// The value a cell has set, and where.
    set: BTreeMap<String, (Option<String>, Place)>,
    /// The fields with a cell in an earlier form.
    seen: BTreeSet<String>,
    /// What was typed for the field of which the form has this value only, by the form's number.
    each: BTreeMap<usize, (Option<String>, Place)>,
}

impl All {
    /// Whether a cell of the field was met before.
    fn is_known(&self, path: &str) -> bool {
        self.set.contains_key(path) || self.seen.contains(path)
    }
}

/// The cells of each sheet.
type Cells = HashMap<String, OnSheet>;

/// Cells by row and column from 0.
#[derive(Default)]
struct OnSheet {
    values: HashMap<(u32, u16), Cell>,
    formulas: HashMap<(u32, u16), String>,
}

struct Typed {
    path: FieldPath,
    text: Option<String>,
    place: Place,
    changed: bool,
}

/// What is in the cells of an entry, and where.
fn seen(entry: &Entry, reference: &Reference, cells: Option<&OnSheet>) -> (Place, Seen) {
    let mut inside: Vec<(&(u32, u16), &Cell)> = cells
        .into_iter()
        .flat_map(|cells| &cells.values)
        .filter(|((row, column), _)| reference.range.contains(*row, *column))
        .collect();
    inside.sort_by_key(|(at, _)| **at);
    let at = |(row, column): (u32, u16)| Place::Cell {
        sheet: reference.sheet.clone(),
        row: row + 1,
        column: u32::from(column) + 1,
    };
    let first = (reference.range.row, reference.range.column);
    if matches!(entry.input, Input::Digits(_)) {
        let digits = inside.into_iter().map(|(_, found)| found.clone()).collect();
        return (at(first), Seen::Boxes(digits));
    }
    match inside[..] {
        [] => (at(first), Seen::Nothing),
        [(place, found)] => (at(*place), Seen::One(found.clone())),
        [_, (second, _), ..] => {
            let all = inside.iter().map(|(_, found)| (*found).clone()).collect();
            (at(*second), Seen::Several(all))
        }
    }
}
