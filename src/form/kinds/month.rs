//! A month without a year, 1 to 12.

use serde_json::{Value, json};

use super::integer::numbers_near;
use super::narrow::narrow;
use super::{Cell, ColumnStyle, Control, Data, Field, FieldKind, Input, Read, Refused};
use crate::calendar::read_year_month;
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
        if let Some(number) = number {
            return Ok(Read::any(i64::to_string(&number), Data::Integer(number)));
        }
        // A year is not printed: what is left of it is said.
        let of_year = read_year_month(written).ok().map(|read| i64::from(read.value.month));
        let number = of_year.ok_or_else(|| {
            let found = Text::new("月（1〜12）ではありません", "is not a month, 1 to 12");
            Refused::of(field, written, found)
        })?;
        let data = Data::Integer(number);
        Ok(Read { normalised: true, ..Read::any(number.to_string(), data) })
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
        Control::digits(4)
    }

    fn tries(&self, _field: &Field, _own: &str, words: &[String]) -> Vec<String> {
        numbers_near(words)
    }
}
