//! One cell: what was typed, before Excel made something else of it.

use crate::form::Field;
use crate::form::kinds::{Refused, Taken};
use crate::key::FieldPath;
use crate::report::{Diagnostic, Text};
use crate::sheet::Tick;
use crate::table::Cell;
use crate::workbook::{Entry, Input};

/// What is in the cells of an entry.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Seen {
    Nothing,
    One(Cell),
    /// Several where there is room for one: the cells were unmerged.
    Several(Vec<Cell>),
    /// Boxes of digits, the empty ones left out.
    Boxes(Vec<Cell>),
}

/// A cell as it was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// What is there, to compare with what was written.
    pub raw: String,
    /// The value; none when nothing was entered.
    pub text: Option<String>,
    /// What was read otherwise than it stands.
    pub warning: Option<Diagnostic>,
}

pub(super) fn read(entry: &Entry, field: &Field, seen: &Seen) -> Result<Read, Refused> {
    match seen {
        Seen::Nothing => Ok(Read::default()),
        Seen::Boxes(boxes) => digits(entry, field, boxes),
        Seen::Several(cells) => Err(several(entry, cells)),
        Seen::One(cell) => match &entry.input {
            Input::Tick(is) => ticked(entry, field, is, cell),
            _ => one(entry, field, cell),
        },
    }
}

fn several(entry: &Entry, cells: &[Cell]) -> Refused {
    let (label, found): (&Text, Vec<String>) =
        (&entry.label, cells.iter().map(Cell::to_string).collect());
    let message = Text::new(
        format!("{}: 一つの欄のセルが分かれ、「{}」と書かれています", label.ja, found.join("」「")),
        format!("{}: the cells of one blank are apart and say `{}`", label.en, found.join("`, `")),
    );
    let hint = Text::new(
        "左上のセルに全部を書き、ほかのセルを空にしてください",
        "write all of it in the first of them and empty the others",
    );
    Refused::new("kind", message, hint)
}

/// The box of a choice, ticked or not.
fn ticked(entry: &Entry, field: &Field, is: &str, cell: &Cell) -> Result<Read, Refused> {
    match bare(&cell.to_string()).as_str() {
        "☑" | "✓" | "✔" | "☒" | "■" | "●" | "○" | "〇" | "◯" | "レ" | "TRUE" | "1" => {
            Ok(tick(is, true))
        }
        "" | "☐" | "□" | "FALSE" | "0" => Ok(tick(is, false)),
        _ => Err(Refused::in_cell(field, &entry.label, cell)),
    }
}

fn one(entry: &Entry, field: &Field, cell: &Cell) -> Result<Read, Refused> {
    let raw = cell.to_string();
    let typed = match cell {
        Cell::Text(text) => match typed(entry, text) {
            Some(text) => Cell::Text(meant(entry, field, text)?),
            None => return Ok(Read { raw, ..Read::default() }),
        },
        other => other.clone(),
    };
    let Taken { text, warning } = field.taken(&entry.label, &typed)?;
    // A number is compared with what must have been typed.
    let raw = if matches!(cell, Cell::Number(..)) { text.clone() } else { raw };
    Ok(Read { raw, text: Some(text), warning })
}

/// What was typed in the cell, over or between what the form prints there; none where that is nothing.
fn typed(entry: &Entry, text: &str) -> Option<String> {
    let plain = bare(text);
    if plain.is_empty() || plain == bare(&entry.placeholder) {
        return None;
    }
    let inside = around(text.trim(), entry.before.trim(), entry.after.trim()).trim();
    let inside = match &entry.input {
        // Typed over the words 西暦 年 月 日, which are in the empty cell. Spaces stay: 4/1 9:00 is not 4/19:00.
        Input::Date(_) | Input::YearMonth => inside.strip_prefix("西暦").unwrap_or(inside).trim(),
        _ => inside,
    };
    Some(inside.to_owned()).filter(|text| !text.is_empty())
}

/// The value for which a word stands on the form; what is no such word is the value.
fn meant(entry: &Entry, field: &Field, text: String) -> Result<String, Refused> {
    let mut meant = entry.words.iter().filter(|(_, word)| bare(word) == bare(&text));
    match (meant.next(), meant.next()) {
        (None, _) => Ok(text),
        (Some((value, _)), None) => Ok(value.clone()),
        _ => Err(Refused::in_cell(field, &entry.label, &Cell::Text(text))),
    }
}

/// The part of a date that stands in the cells of an entry.
pub(super) fn part(entry: &Entry, seen: &Seen) -> Option<String> {
    let all: String = match seen {
        Seen::Nothing => return None,
        Seen::One(cell) => cell.to_string(),
        Seen::Boxes(cells) | Seen::Several(cells) => cells.iter().map(Cell::to_string).collect(),
    };
    typed(entry, &all).map(|text| bare(&text))
}

/// The field a cell sets: a computed field sets what it is computed from.
pub(super) fn source(
    entry: &Entry,
    field: &Field,
    text: Option<String>,
) -> Result<Option<(FieldPath, Option<String>)>, Refused> {
    let Some(first) = entry.inverse.first() else {
        return Ok(Some((entry.field.clone(), text)));
    };
    let Some(text) = text else { return Ok(Some((first.field.clone(), None))) };
    match entry.inverse.iter().find(|inverse| inverse.text == text) {
        Some(inverse) => Ok(Some((inverse.field.clone(), Some(inverse.value.clone())))),
        None => {
            let known: Vec<&str> = entry.inverse.iter().map(|i| i.text.as_str()).collect();
            let (ja, en) = (known.join("、"), known.join(", "));
            let hint = Text::new(format!("入力できるのは {ja} です"), format!("allowed: {en}"));
            Err(Refused::in_cell(field, &entry.label, &Cell::Text(text)).with_hint(hint))
        }
    }
}

fn tick(is: &str, ticked: bool) -> Read {
    Read {
        raw: Tick::from(ticked).text().to_owned(),
        text: ticked.then(|| is.to_owned()),
        warning: None,
    }
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Text without what the form prints before and after it.
fn around<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let text = text.strip_prefix(before).unwrap_or(text);
    text.strip_suffix(after).unwrap_or(text)
}

/// A box a digit, or all of them typed into one.
fn digits(entry: &Entry, field: &Field, boxes: &[Cell]) -> Result<Read, Refused> {
    let mut text = String::new();
    for cell in boxes {
        text += &match cell {
            // One digit has lost no zeros.
            Cell::Text(_) | Cell::Number(..) => bare(&cell.to_string()),
            other => field.taken(&entry.label, other)?.text,
        };
    }
    Ok(Read { raw: text.clone(), text: Some(text).filter(|text| !text.is_empty()), warning: None })
}
