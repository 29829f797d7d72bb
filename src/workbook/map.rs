//! A hidden sheet that says which forms these are, where their fields lie, what was written there, and
//! what the record says: reading it back needs no guess.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Seek};
use std::ops::ControlFlow;

use crate::table::TableError;
use crate::table::book::Book;
use crate::table::range::Range;
use crate::workbook::{Entries, Entry, Input, Written};

/// The name of the hidden sheet.
///
/// For each form there is a row `onshi`, with the form's id and the edition of the form. Below it there is a row for
/// each defined name (`cell`, the name, its address, what was written as JSON, and behind the workbook's first page
/// the number of its page) and for each value of the record (`value`, the dotted key, the text as JSON); what
/// the list it was made from calls the facility is under `label`.
pub const MAP_SHEET: &str = "onshi";

/// What the hidden sheet says of a form.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Map {
    /// The form's id.
    pub form: String,
    /// The edition of the form.
    pub edition: String,
    /// The cells with a defined name.
    pub cells: Vec<MapCell>,
    /// The record, by dotted key.
    pub record: Vec<(String, String)>,
    /// What the list it was made from calls the facility.
    pub label: Option<String>,
}

/// A cell with a defined name, as it was written.
#[derive(Debug, PartialEq)]
pub(super) struct MapCell {
    /// The defined name.
    pub name: String,
    /// Which page of the workbook it is on, from 1, whatever form it is of.
    pub page: usize,
    /// The cells; none where the address was spoilt.
    pub range: Option<Range>,
    /// What was written there; none where that was spoilt.
    pub written: Option<String>,
}

impl Map {
    /// What is to be said of these cells. The sheet may be renamed: the addresses are without its name.
    pub fn of(entries: &Entries, names: &[(&Entry, usize, Range)]) -> Map {
        let cell = |(entry, page, range): &(&Entry, usize, Range)| MapCell {
            name: entry.name.clone(),
            page: *page,
            range: Some(*range),
            written: Some(written(entry)),
        };
        Map {
            form: entries.form.clone(),
            edition: entries.edition.clone(),
            cells: names.iter().map(cell).collect(),
            record: entries.record.clone(),
            label: entries.label.clone(),
        }
    }

    /// What is in the form's rows of the hidden sheet.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let head = [MAP_SHEET, &self.form, &self.edition].map(str::to_owned);
        let cells = self.cells.iter().map(|cell| {
            let address = cell.range.map(|range| range.to_string());
            let written = cell.written.as_deref().map(json);
            let page = if cell.page > 1 { cell.page.to_string() } else { String::new() };
            let name = cell.name.clone();
            ["cell".to_owned(), name, or_empty(address), or_empty(written), page].to_vec()
        });
        let record = self.record.iter();
        let record = record.map(|(key, text)| vec!["value".to_owned(), key.clone(), json(text)]);
        let label = self.label.iter().map(|label| vec!["label".to_owned(), json(label)]);
        std::iter::once(head.to_vec()).chain(cells).chain(record).chain(label).collect()
    }

    /// Reads the hidden sheet, a map for each form; none where there is no such sheet. What was spoilt in it is left
    /// out.
    pub fn read<R: Read + Seek>(book: &mut Book<R>) -> Result<Vec<Map>, TableError> {
        if !book.sheets().iter().any(|sheet| sheet == MAP_SHEET) {
            return Ok(Vec::new());
        }
        let mut rows: BTreeMap<u32, [String; 5]> = BTreeMap::new();
        book.cells(MAP_SHEET, &mut |(row, column), cell| {
            let place = rows.entry(row).or_default().get_mut(usize::from(column));
            if let Some(place) = place {
                *place = cell.to_string();
            }
            ControlFlow::Continue(())
        })?;
        let mut maps: Vec<Map> = Vec::new();
        for [kind, name, third, fourth, fifth] in rows.into_values() {
            if kind == MAP_SHEET || maps.is_empty() {
                maps.push(Map::default());
            }
            // There is one now.
            let Some(map) = maps.last_mut() else { continue };
            match kind.as_str() {
                MAP_SHEET => (map.form, map.edition) = (name, third),
                "cell" => map.cells.push(MapCell {
                    name,
                    page: fifth.parse().unwrap_or(1),
                    range: Range::parse(&third),
                    written: serde_json::from_str(&fourth).ok(),
                }),
                "label" => map.label = serde_json::from_str(&name).ok(),
                "value" => map.record.extend(serde_json::from_str(&third).ok().map(|v| (name, v))),
                _ => {}
            }
        }
        Ok(maps)
    }
}

/// What is in the cells of an entry: the form prints the words of a choice to be circled.
fn written(entry: &Entry) -> String {
    match &entry.written {
        Some(Written::Date(date)) => date.to_string(),
        Some(Written::Text(text)) if !matches!(entry.input, Input::Circle(_)) => text.clone(),
        Some(Written::Tick(tick)) => tick.text().to_owned(),
        Some(Written::Text(_)) | None => entry.placeholder.clone(),
    }
}

fn or_empty(text: Option<String>) -> String {
    text.unwrap_or_default()
}

/// A string as JSON in ASCII: no program that saves the workbook anew changes it.
fn json(text: &str) -> String {
    let mut out = String::from("\"");
    for unit in text.encode_utf16() {
        match u8::try_from(unit).map(char::from) {
            Ok(c) if c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.' | ':' | '@') => {
                out.push(c);
            }
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::shape::{Properties, Shape};
    use crate::workbook::template::{Own, Template};

    #[test]
    fn any_text_is_json_in_ascii() {
        for text in ["a-1", "葛\u{E0100}𠮷", "\"\\\r\n\t_x000D_", " "] {
            let json = json(text);
            assert!(json.is_ascii());
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn what_is_written_is_what_is_read() {
        let cell = |name: &str, written: &str| MapCell {
            name: name.into(),
            page: 1,
            range: Range::parse("$B$3:$D$4"),
            written: Some(written.into()),
        };
        let map = Map {
            form: "introduction-plan".into(),
            edition: "2023-06-23".into(),
            cells: vec![
                cell("facility.name", "葛\u{E0100}𠮷 \"\r\n_x000D_"),
                MapCell { page: 2, ..cell("tick_1", "") },
            ],
            record: vec![("facility.name".into(), "医院".into()), ("a.b[0].c".into(), " ".into())],
            label: Some("会員 12".into()),
        };
        let second = Map { form: "receipt-number".into(), ..Map::default() };
        let maps = vec![map, second];
        let (forms, editions) = (String::new(), String::new());
        let read_back = Some(Properties { forms, editions, is_labelled: false });
        let shape = Shape { pages: Vec::new(), names: Vec::new(), read_back };
        let (title, rows) = (String::new(), maps.iter().flat_map(Map::rows).collect());
        let own = Own { title, label: None, values: Vec::new(), rows };
        let workbook = Template::of(shape, &[]).unwrap().fill(&own);
        let bytes = std::io::Cursor::new(workbook.unwrap());
        let mut book = Book::open(bytes, crate::table::book::Purpose::Form).unwrap();
        assert_eq!(Map::read(&mut book).unwrap(), maps);
        let mut other = rust_xlsxwriter::Workbook::new();
        other.add_worksheet();
        let bytes = std::io::Cursor::new(other.save_to_buffer().unwrap());
        let mut book = Book::open(bytes, crate::table::book::Purpose::Form).unwrap();
        assert_eq!(Map::read(&mut book).unwrap(), []);
    }
}
