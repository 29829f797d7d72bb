//! Yes or no.

use serde_json::{Value, json};

use super::{Cell, Control, Data, Field, FieldKind, Input, Read, Refused};
use crate::form::fold;
use crate::report::Text;

/// Yes or no.
pub(super) struct Boolean;

impl FieldKind for Boolean {
    fn words(&self) -> Text {
        Text::new("true / false", "true / false")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let value = match fold(written).as_str() {
            "true" | "はい" | "あり" => true,
            "false" | "いいえ" | "なし" => false,
            _ => {
                let found =
                    Text::new("true でも false でもありません", "is neither true nor false");
                return Err(Refused::of(field, written, found));
            }
        };
        Ok(Read::any(value.to_string(), Data::Boolean(value)))
    }

    fn schema(&self, _field: &Field) -> Value {
        json!({"enum": [true, false, "はい", "いいえ", "あり", "なし", Value::Null]})
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
