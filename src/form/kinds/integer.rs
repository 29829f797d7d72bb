//! Whole numbers between the field's limits.

use serde_json::{Value, json};

use super::narrow::narrow;
use super::{Cell, ColumnStyle, Control, Data, Field, FieldKind, Input, Read, Refused};
use crate::form::Show;
use crate::report::Text;

/// A whole number.
pub(super) struct Integer;

/// The numbers that texts are, those beside them, and two more.
pub(super) fn numbers_near(words: &[String]) -> Vec<String> {
    let numbers = words.iter().filter_map(|word| word.parse::<i64>().ok());
    let near = numbers.flat_map(|n| [n - 1, n, n + 1]);
    near.chain([1, 99]).map(|n| n.to_string()).collect()
}

impl FieldKind for Integer {
    fn words(&self) -> Text {
        Text::new("整数", "whole number")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let number: Option<i64> = narrow(written).parse().ok();
        let (min, max) = (field.min.unwrap_or(0), field.max.unwrap_or(i64::MAX));
        let number = number.filter(|n| (min..=max).contains(n)).ok_or_else(|| {
            let found = match field.max {
                Some(max) => Text::new(
                    format!("{min} から {max} までの整数ではありません"),
                    format!("is not a whole number from {min} to {max}"),
                ),
                None => Text::new(
                    format!("{min} 以上の整数ではありません"),
                    format!("is not a whole number of at least {min}"),
                ),
            };
            Refused::of(field, written, found)
        })?;
        let text = number.to_string();
        Ok(Read { normalised: text != written, text, data: Data::Integer(number) })
    }

    fn is_shown(&self, cell: &Cell) -> bool {
        match cell.show {
            None => cell.text.is_none(),
            Some(show) => matches!(show, Show::Commas | Show::Kanji) && cell.text.is_none(),
        }
    }

    fn schema(&self, field: &Field) -> Value {
        let mut integer = json!({"type": ["integer", "string", "null"]});
        for (name, limit) in [("minimum", field.min), ("maximum", field.max)] {
            if let Some(limit) = limit {
                integer[name] = limit.into();
            }
        }
        integer
    }

    fn column(&self, _field: &Field) -> ColumnStyle {
        ColumnStyle::NUMBER
    }

    fn input(&self, field: &Field, _cell: &Cell) -> Input {
        let number = |n: Option<i64>, or: i32| n.and_then(|n| n.try_into().ok()).unwrap_or(or);
        Input::Whole(number(field.min, 0), number(field.max, i32::MAX))
    }

    fn control(&self, _field: &Field) -> Control {
        Control::digits(4)
    }

    fn tries(&self, _field: &Field, _own: &str, words: &[String]) -> Vec<String> {
        numbers_near(words)
    }
}
