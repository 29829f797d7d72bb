//! Yes or no.

use serde_json::{Value, json};

use super::{Cell, Control, Data, Field, FieldKind, Input, Read, Refused, Taken, cell};
use crate::form::{Show, fold};
use crate::report::Text;
use crate::table;

/// What means yes, folded.
const YES: &[&str] =
    &["true", "はい", "あり", "有", "有り", "○", "〇", "◯", "✓", "✔", "☑", "レ", "yes", "1"];
/// What means no, folded.
const NO: &[&str] = &["false", "いいえ", "なし", "無", "無し", "×", "✕", "✗", "☐", "no", "0"];

/// Yes or no.
pub(super) struct Boolean;

impl FieldKind for Boolean {
    fn words(&self) -> Text {
        Text::new("true / false", "true / false")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        let value = match fold(written).as_str() {
            word if YES.contains(&word) => true,
            word if NO.contains(&word) => false,
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

    fn is_shown(&self, cell: &Cell) -> bool {
        match cell.show {
            None => cell.text.is_none(),
            Some(Show::Tick | Show::Circle) => matches!(cell.is.as_deref(), Some("true" | "false")),
            Some(show) => show == Show::Words && cell.has_words(),
        }
    }

    fn schema(&self, _field: &Field) -> Value {
        let words = [YES, NO].into_iter().flatten().map(|word| Value::from(*word));
        let values = [true.into(), false.into(), 1.into(), 0.into(), Value::Null];
        json!({"enum": values.into_iter().chain(words).collect::<Vec<Value>>()})
    }

    fn offered(&self, _field: &Field) -> Vec<String> {
        vec!["true".to_owned(), "false".to_owned()]
    }

    fn input(&self, field: &Field, cell: &Cell) -> Input {
        if cell.show == Some(Show::Tick) {
            return Input::Tick(cell.is.clone().unwrap_or_default());
        }
        Input::Choice(cell.in_words(self.offered(field)))
    }

    fn control(&self, field: &Field) -> Control {
        Control::Select(self.offered(field))
    }

    fn tries(&self, field: &Field, _own: &str, _words: &[String]) -> Vec<String> {
        self.offered(field)
    }
}
