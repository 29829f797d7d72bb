//! Phone numbers: 10 or 11 digits starting with 0.

use super::narrow::narrow;
use super::{Cell, Control, Field, FieldKind, Input, Read, Refused, Taken, cell};
use crate::report::Text;
use crate::table;

/// A phone number.
pub(super) struct Phone;

impl FieldKind for Phone {
    fn words(&self) -> Text {
        Text::new("電話番号", "phone number")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let text = narrow(written);
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let only = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '(' | ')' | ' '));
        let starts_with_0 = text.chars().find(char::is_ascii_digit) == Some('0');
        if !only || !(10..=11).contains(&digits) || !starts_with_0 {
            let found = Text::new(
                format!("電話番号（0で始まる10桁または11桁）ではありません（数字{digits}桁）"),
                format!(
                    "is not a phone number of 10 or 11 digits starting with 0 ({digits} digits)"
                ),
            );
            let refused = Refused::of(field, written, found);
            let is_short = only && (9..=10).contains(&digits) && !text.starts_with('0');
            return Err(if is_short { refused.with_lost_zero() } else { refused });
        }
        Ok(Read::text(text, written))
    }

    fn taken(&self, field: &Field, label: &Text, cell: &table::Cell) -> Result<Taken, Refused> {
        let digits = cell.to_string().len();
        match cell {
            // A number has no zeros before it: that of a phone number was lost.
            table::Cell::Number(..) if (9..=10).contains(&digits) => {
                Ok(Taken::with_zeros(cell, digits + 1, label))
            }
            cell => cell::plain(field, label, cell),
        }
    }

    fn input(&self, _field: &Field, _cell: &Cell) -> Input {
        Input::Text(Some((10, 15)))
    }

    fn control(&self, _field: &Field) -> Control {
        Control::Line { kind: "tel", mode: "tel" }
    }
}
