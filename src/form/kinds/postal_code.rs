//! `NNN-NNNN`.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::narrow::{digits_of, is_digits, narrow};
use super::{Cell, Control, Data, Field, FieldKind, Input, Read, Refused, Taken, cell};
use crate::report::Text;
use crate::table;

/// A postal code.
pub(super) struct PostalCode;

impl FieldKind for PostalCode {
    fn words(&self) -> Text {
        Text::new("郵便番号", "postal code")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let text = narrow(written);
        // The form prints the mark itself.
        let text = text.trim_start_matches('〒').trim_start();
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let shape = text.len() == 7 || text.find('-') == Some(3) && text.len() == 8;
        if digits.len() != 7 || !shape || !is_digits(&digits) {
            let found = Text::new(
                "郵便番号（7桁の数字、NNN-NNNN）ではありません",
                "is not a postal code: seven digits, NNN-NNNN",
            );
            let refused = Refused::of(field, written, found);
            let is_short = is_digits(&digits) && text.len() == 6;
            return Err(if is_short { refused.with_lost_zero() } else { refused });
        }
        let text = format!("{}-{}", &digits[..3], &digits[3..]);
        // A missing hyphen is not a spelling variant: it is optional.
        let normalised = digits != written && text != written;
        Ok(Read { text, data: Data::Text, normalised })
    }

    fn taken(&self, field: &Field, label: &Text, cell: &table::Cell) -> Result<Taken, Refused> {
        match cell {
            // The least postal codes begin with two zeros.
            table::Cell::Number(number, _) if (1e4..1e6).contains(number) => {
                Ok(Taken::with_zeros(cell, 7, label))
            }
            cell => cell::plain(field, label, cell),
        }
    }

    fn schema(&self, _field: &Field) -> Value {
        json!({"type": ["string", "integer", "null"]})
    }

    fn input(&self, _field: &Field, _cell: &Cell) -> Input {
        Input::Text(Some((7, 8)))
    }

    fn control(&self, _field: &Field) -> Control {
        Control::digits(8)
    }

    fn comparable<'a>(&self, text: &'a str, _folded: &'a str) -> Option<Cow<'a, str>> {
        Some(digits_of(text).into())
    }
}
