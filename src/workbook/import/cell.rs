//! One cell: what was typed, before Excel made something else of it.

use crate::calendar::parse_date;
use crate::form::{Field, Kind};
use crate::report::Text;
use crate::sheet::Tick;
use crate::table::Cell;
use crate::table::cell::day_of_serial;
use crate::workbook::{Entry, Input};

/// What stands in the cells of an entry.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Seen {
    Nothing,
    One(Cell),
    /// Boxes of digits, the empty ones left out.
    Boxes(Vec<Cell>),
}

/// A cell as it was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// What stands there, to compare with what was written.
    pub raw: String,
    /// The value; none when nothing was entered.
    pub text: Option<String>,
    /// What was read otherwise than it stands.
    pub warning: Option<Text>,
}

/// Why a cell is refused.
#[derive(Debug)]
pub(super) struct Fault {
    pub code: &'static str,
    pub message: Text,
    pub hint: Text,
}

pub(super) fn read(
    entry: &Entry,
    field: &Field,
    seen: &Seen,
    from_1904: bool,
) -> Result<Read, Fault> {
    match seen {
        Seen::Nothing | Seen::One(Cell::Empty) => Ok(Read::default()),
        Seen::Boxes(boxes) => digits(entry, boxes),
        Seen::One(Cell::Text(text)) => written(entry, text),
        Seen::One(Cell::Number(number)) => numeric(entry, field, *number, from_1904),
        Seen::One(Cell::Moment(moment)) => match (field.kind, moment.day) {
            (Kind::Date, Some(day)) => Ok(same(day.to_string())),
            (Kind::YearMonth, Some(day)) => Ok(Read {
                raw: day.to_string(),
                text: Some(format!("{:04}-{:02}", day.year(), day.month())),
                warning: None,
            }),
            _ => Err(turned(entry, &moment.to_string())),
        },
        Seen::One(Cell::Boolean(value)) => match (&entry.input, field.kind) {
            (Input::Tick(is), _) => Ok(tick(is, *value)),
            (_, Kind::Boolean) => Ok(same(value.to_string())),
            _ => Err(kind(entry, &value.to_string().to_uppercase())),
        },
        Seen::One(Cell::Faulty(fault)) => Err(Fault {
            code: fault.code,
            message: Text::new(
                format!("{}: {}", entry.label.ja, fault.message.ja),
                format!("{}: {}", entry.label.en, fault.message.en),
            ),
            hint: fault.hint.clone(),
        }),
    }
}

/// The field a cell sets: a computed field sets what it is computed from.
pub(super) fn source(
    entry: &Entry,
    text: Option<String>,
) -> Result<Option<(String, Option<String>)>, Fault> {
    let Some(first) = entry.inverse.first() else {
        return Ok(Some((entry.field.clone(), text)));
    };
    let Some(text) = text else { return Ok(Some((first.key.clone(), None))) };
    match entry.inverse.iter().find(|inverse| inverse.text == text) {
        Some(inverse) => Ok(Some((inverse.key.clone(), Some(inverse.value.clone())))),
        None => {
            let known: Vec<&str> = entry.inverse.iter().map(|i| i.text.as_str()).collect();
            let (ja, en) = (known.join("、"), known.join(", "));
            let hint = Text::new(format!("入力できるのは {ja} です"), format!("allowed: {en}"));
            Err(Fault { hint, ..kind(entry, &text) })
        }
    }
}

fn same(text: String) -> Read {
    Read { raw: text.clone(), text: Some(text), warning: None }
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

fn written(entry: &Entry, text: &str) -> Result<Read, Fault> {
    let raw = text.to_owned();
    let plain = bare(text);
    if let Input::Tick(is) = &entry.input {
        return match plain.as_str() {
            "☑" | "✓" | "✔" | "☒" | "■" | "●" | "○" | "〇" | "◯" | "レ" | "TRUE" | "1" => {
                Ok(tick(is, true))
            }
            "" | "☐" | "□" | "FALSE" | "0" => Ok(tick(is, false)),
            _ => Err(kind(entry, text)),
        };
    }
    if plain.is_empty() || plain == bare(&entry.placeholder) {
        return Ok(Read { raw, text: None, warning: None });
    }
    let text = match &entry.input {
        Input::Date(_) | Input::YearMonth => {
            // Typed over the words 令和 年 月 日, which stand in the empty cell.
            let inside = around(&plain, &bare(&entry.before), &bare(&entry.after));
            let inside = inside.strip_prefix("西暦").unwrap_or(inside);
            // Where a month is asked for, a cell that takes days is given one.
            match parse_date(inside).ok().filter(|_| entry.input == Input::YearMonth) {
                Some(day) => format!("{:04}-{:02}", day.year(), day.month()),
                None => inside.to_owned(),
            }
        }
        _ => around(text.trim(), entry.before.trim(), entry.after.trim()).trim().to_owned(),
    };
    Ok(Read { raw, text: Some(text).filter(|text| !text.is_empty()), warning: None })
}

/// Text without what the form prints before and after it.
fn around<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let text = text.strip_prefix(before).unwrap_or(text);
    text.strip_suffix(after).unwrap_or(text)
}

fn numeric(entry: &Entry, field: &Field, number: f64, from_1904: bool) -> Result<Read, Fault> {
    let whole = number.fract() == 0.0 && (0.0..1e15).contains(&number);
    // Within the bounds just checked.
    let shown = if whole { (number as i64).to_string() } else { number.to_string() };
    let told = |text: String| {
        let warning = Text::new(
            format!("{} のセルは数値 {shown} になっています。{text} と読みました", entry.label.ja),
            format!("the cell of {} is the number {shown}: read as {text}", entry.label.en),
        );
        Read { raw: text.clone(), text: Some(text), warning: Some(warning) }
    };
    let zeros = |length: usize| "0".repeat(length - shown.len()) + &shown;
    match field.kind {
        Kind::Date | Kind::YearMonth => {
            let day = day_of_serial(number, from_1904).ok_or_else(|| kind(entry, &shown))?;
            Ok(match field.kind {
                Kind::YearMonth => told(format!("{:04}-{:02}", day.year(), day.month())),
                _ => told(day.to_string()),
            })
        }
        _ if matches!(entry.input, Input::Tick(_)) => written(entry, &shown),
        Kind::Text | Kind::Kana | Kind::Hiragana | Kind::Email | Kind::Choice => Ok(same(shown)),
        _ if !whole => Err(kind(entry, &shown)),
        // A number has no zeros before it: those that are missing were lost.
        Kind::Phone if (9..=10).contains(&shown.len()) => Ok(told(format!("0{shown}"))),
        Kind::PostalCode if shown.len() < 7 => Ok(told(zeros(7))),
        Kind::Digits => {
            let longer = field.length.iter().filter(|length| **length >= shown.len()).min();
            match longer {
                Some(length) if *length > shown.len() => Ok(told(zeros(*length))),
                _ => Ok(same(shown)),
            }
        }
        _ => Ok(same(shown)),
    }
}

/// A box a digit, or all of them typed into one.
fn digits(entry: &Entry, boxes: &[Cell]) -> Result<Read, Fault> {
    let mut text = String::new();
    for found in boxes {
        match found {
            Cell::Text(digit) => text += &bare(digit),
            Cell::Number(digit) if digit.fract() == 0.0 && (0.0..1e15).contains(digit) => {
                // Within the bounds just checked.
                text += &(*digit as i64).to_string();
            }
            Cell::Number(number) => return Err(kind(entry, &number.to_string())),
            Cell::Moment(moment) => return Err(turned(entry, &moment.to_string())),
            Cell::Boolean(_) | Cell::Faulty(_) => return Err(kind(entry, "#")),
            Cell::Empty => {}
        }
    }
    Ok(Read { raw: text.clone(), text: Some(text).filter(|text| !text.is_empty()), warning: None })
}

fn turned(entry: &Entry, into: &str) -> Fault {
    Fault {
        code: "kind",
        message: Text::new(
            format!("{} が Excel によって日付か時刻（{into}）に変えられています", entry.label.ja),
            format!("Excel has turned {} into a date or time ({into})", entry.label.en),
        ),
        hint: Text::new(
            "セルの表示形式を「文字列」にしてから、入力し直してください",
            "format the cell as text and type it again",
        ),
    }
}

fn kind(entry: &Entry, shown: &str) -> Fault {
    Fault {
        code: "kind",
        message: Text::new(
            format!("{}「{shown}」は読めません", entry.label.ja),
            format!("{} `{shown}` cannot be read", entry.label.en),
        ),
        hint: Text::new(
            format!("{}。例: {}", entry.help.ja, entry.example),
            format!("{}. Example: {}", entry.help.en, entry.example),
        ),
    }
}
