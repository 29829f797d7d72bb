//! A month without a year, 1 to 12.

use serde_json::{Value, json};

use super::narrow::narrow;
use super::{Cell, ColumnStyle, Control, Data, Field, FieldKind, Input, Read, Refused};
use crate::report::Text;

/// A month.
pub(super) struct Month;

impl FieldKind for Month {
    fn words(&self) -> Text {
        Text::new("月", "month")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let text = narrow(written);
        let number = text.trim_end_matches('月').parse().ok().filter(|n| (1..=12).contains(n));
        let number: i64 = number.ok_or_else(|| {
            let found = Text::new("月（1〜12）ではありません", "is not a month, 1 to 12");
            Refused::of(field, written, found)
        })?;
        Ok(Read::any(number.to_string(), Data::Integer(number)))
    }

    fn schema(&self, _field: &Field) -> Value {
        json!({"type": ["integer", "string", "null"], "minimum": 1, "maximum": 12})
    }

    fn column(&self, _field: &Field) -> ColumnStyle {
        ColumnStyle::NUMBER
    }

    fn input(&self, _field: &Field, _cell: &Cell) -> Input {
        Input::Whole(1, 12)
    }

    fn control(&self, _field: &Field) -> Control {
        Control::DIGITS
    }
}
