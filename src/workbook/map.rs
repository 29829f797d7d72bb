//! A hidden sheet that says which form this is, where its fields lie, what was written there, and
//! what the record says: reading it back needs no guess.

use std::fmt::Write as _;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::grid::Range;
use crate::workbook::{Entries, Entry, Input, Written};

/// The name of the hidden sheet.
///
/// Its first row is `onshi`, the form's id and the edition of the form. Then there is a row for each
/// defined name (`cell`, the name, its address, what was written as JSON) and for each value of the
/// record (`value`, the dotted key, the text as JSON).
pub const MAP_SHEET: &str = "onshi";

pub(super) fn write(
    workbook: &mut Workbook,
    entries: &Entries,
    names: &[(&Entry, Range)],
) -> Result<(), XlsxError> {
    let map = workbook.add_worksheet();
    map.set_name(MAP_SHEET)?;
    map.set_very_hidden(true);
    for (column, text) in (0..).zip([MAP_SHEET, &entries.form, &entries.edition]) {
        map.write_string(0, column, text)?;
    }
    let mut row = 0;
    let mut line = |parts: [&str; 4]| -> Result<(), XlsxError> {
        row += 1;
        for (column, text) in (0..).zip(parts).filter(|(_, text)| !text.is_empty()) {
            map.write_string(row, column, text)?;
        }
        Ok(())
    };
    for (entry, range) in names {
        // The sheet may be renamed: the address is that on the sheet, without its name.
        let reference = range.reference("");
        let address = reference.trim_start_matches("''!");
        let written = match &entry.written {
            Some(Written::Date(date)) => json(&date.to_string()),
            Some(Written::Text(_)) if matches!(entry.input, Input::Circle(_)) => {
                json(&entry.placeholder)
            }
            Some(Written::Text(text)) => json(text),
            Some(Written::Tick(tick)) => json(tick.text()),
            None => json(&entry.placeholder),
        };
        line(["cell", &entry.name, address, &written])?;
    }
    for (key, text) in &entries.record {
        line(["value", key, &json(text), ""])?;
    }
    Ok(())
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

    #[test]
    fn any_text_is_json_in_ascii() {
        for text in ["a-1", "葛\u{E0100}𠮷", "\"\\\r\n\t_x000D_", " "] {
            let json = json(text);
            assert!(json.is_ascii());
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }
}
