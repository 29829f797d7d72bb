//! Yes or no.

use serde_json::{Value, json};

use super::{Cell, Control, Data, Field, FieldKind, Input, Read, Refused, Taken, cell};
use crate::form::fold;
use crate::report::Text;
use crate::table;

/// Yes or no.
pub(super) struct Boolean;

impl FieldKind for Boolean {
    fn words(&self) -> Text {
        Text::new("true / false", "true / false")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let value = match fold(written).as_str() {
            "true" | "はい" | "あり" | "有" | "○" | "〇" => true,
            "false" | "いいえ" | "なし" | "無" | "×" => false,
            _ => {
                let found =
                    Text::new("読めません。はい・いいえで書いてください", "is not yes or no");
                return Err(Refused::of(field, written, found));
            }
        };
        Ok(Read::any(value.to_string(), Data::Boolean(value)))
    }

    fn taken(&self, field: &Field, label: &Text, cell: &table::Cell) -> Result<Taken, Refused> {
        match cell {
            table::Cell::Boolean(value) => Ok(Taken { text: value.to_string(), warning: None }),
            cell => cell::plain(field, label, cell),
        }
    }

    fn schema(&self, _field: &Field) -> Value {
        json!({"enum": [true, false, "はい", "いいえ", "あり", "なし", "有", "無", "○", "×", Value::Null]})
    }

    fn offered(&self, _field: &Field) -> Vec<String> {
        vec!["true".to_owned(), "false".to_owned()]
    }

    fn input(&self, field: &Field, _cell: &Cell) -> Input {
        Input::Choice(self.offered(field))
    }

    fn control(&self, field: &Field) -> Control {
        Control::Select(self.offered(field))
    }
}
