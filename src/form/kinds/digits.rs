//! Codes of digits, of one of the field's lengths; text whatever their look.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::narrow::{digits_of, is_digits, narrow};
use super::{Cell, Control, Field, FieldKind, Input, Read, Refused, Taken, cell};
use crate::form::Show;
use crate::report::Text;
use crate::table;

/// A code of digits.
pub(super) struct Digits;

impl FieldKind for Digits {
    fn words(&self) -> Text {
        Text::new("数字", "digits")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let text = narrow(written);
        if !is_digits(&text) || !field.length.contains(&text.len()) {
            let lengths: Vec<String> = field.length.iter().map(ToString::to_string).collect();
            let count = text.chars().count();
            let found = Text::new(
                format!("{}桁の数字ではありません（今は{count}文字）", lengths.join("または")),
                format!("is not {} digits ({count} found)", lengths.join(" or ")),
            );
            let refused = Refused::of(field, written, found);
            let is_short = is_digits(&text) && field.length.first().is_some_and(|n| count < *n);
            return Err(if is_short { refused.with_lost_zero() } else { refused });
        }
        Ok(Read::text(text, written))
    }

    fn taken(&self, field: &Field, label: &Text, cell: &table::Cell) -> Result<Taken, Refused> {
        let digits = cell.to_string().len();
        // A code of no such length, but for one or two zeros that it began with.
        let is_short = |length: &&usize| (digits + 1..=digits + 2).contains(length);
        match cell {
            table::Cell::Number(number, _) if number.fract() == 0.0 && *number >= 0.0 => {
                let fits = field.length.contains(&digits);
                match field.length.iter().filter(is_short).min().filter(|_| !fits) {
                    Some(length) => Ok(Taken::with_zeros(cell, *length, label)),
                    None => Ok(Taken::as_is(cell)),
                }
            }
            cell => cell::plain(field, label, cell),
        }
    }

    fn is_complete(&self, field: &Field) -> bool {
        !field.length.is_empty()
    }

    fn is_shown(&self, cell: &Cell) -> bool {
        match cell.show {
            None => cell.text.is_none(),
            Some(show) => show == Show::Digits,
        }
    }

    fn schema(&self, field: &Field) -> Value {
        let lengths: Vec<String> =
            field.length.iter().map(|n| format!("[0-9０-９]{{{n}}}")).collect();
        // A number cannot keep its leading zeros: text only.
        json!({"type": ["string", "null"], "pattern": format!("^({})$", lengths.join("|"))})
    }

    fn example_in_yaml(&self, field: &Field) -> String {
        format!("\"{}\"", field.example)
    }

    fn input(&self, field: &Field, cell: &Cell) -> Input {
        if cell.show == Some(Show::Digits) {
            return Input::Digits(field.boxes());
        }
        let length = |n: Option<&usize>| n.and_then(|n| u32::try_from(*n).ok());
        let shortest = length(field.length.iter().min());
        Input::Text(shortest.zip(length(field.length.iter().max())))
    }

    fn control(&self, _field: &Field) -> Control {
        Control::digits(10)
    }

    fn comparable<'a>(&self, text: &'a str, _folded: &'a str) -> Option<Cow<'a, str>> {
        Some(digits_of(text).into())
    }

    fn tries(&self, field: &Field, own: &str, _words: &[String]) -> Vec<String> {
        let turned = |by: u32| {
            let last = own.chars().next_back().and_then(|c| c.to_digit(10))?;
            Some(format!("{}{}", &own[..own.len() - 1], (last + by) % 10))
        };
        let same = |digit: &'static str| field.length.iter().map(move |n| digit.repeat(*n));
        [1, 3].into_iter().filter_map(turned).chain(same("9")).chain(same("4")).collect()
    }
}
