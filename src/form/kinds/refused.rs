//! Why a value is not of its kind, in words that the kinds share.

use super::Field;
use crate::report::{Diagnostic, Text};
use crate::table::Cell;

/// Why a value is not of its kind.
#[derive(Debug)]
pub(crate) struct Refused {
    pub code: &'static str,
    pub message: Text,
    pub hint: Text,
}

impl Refused {
    /// What was written is not what the field takes; `found` ends the sentence that quotes it.
    pub fn of(field: &Field, written: &str, found: Text) -> Self {
        let message = Text::new(
            format!("{}「{}」は{}", field.label.ja, brief(written), found.ja),
            format!("{} `{}` {}", field.label.en, brief(written), found.en),
        );
        Refused { code: "kind", message, hint: hint(field) }
    }

    /// What was written is not what the field takes; `found` is a sentence of its own.
    pub fn because(field: &Field, found: Text) -> Self {
        let message = Text::new(
            format!("{}: {}", field.label.ja, found.ja),
            format!("{}: {}", field.label.en, found.en),
        );
        Refused { code: "kind", message, hint: hint(field) }
    }

    /// A cell that the field cannot take.
    pub fn in_cell(field: &Field, label: &Text, cell: &Cell) -> Self {
        let message = Text::new(
            format!("{}「{}」は読めません", label.ja, brief(&cell.to_string())),
            format!("{} `{}` cannot be read", label.en, brief(&cell.to_string())),
        );
        Refused { code: "kind", message, hint: hint(field) }
    }

    /// The finding; where it stands is for the reader to add.
    pub fn diagnostic(self) -> Diagnostic {
        Diagnostic::error(self.code, self.message).with_hint(self.hint)
    }

    /// A spreadsheet that takes a code for a number drops the zeros it begins with.
    pub fn with_lost_zero(self) -> Self {
        let hint = Text::new(
            format!("先頭の0が落ちていないか確かめてください。{}", self.hint.ja),
            format!("a leading zero may be lost. {}", self.hint.en),
        );
        Refused { hint, ..self }
    }
}

/// What to write in a field.
fn hint(field: &Field) -> Text {
    let Text { ja, en } = &field.help;
    match field.example.as_str() {
        "" => field.help.clone(),
        example => Text::new(format!("{ja}。例: {example}"), format!("{en}. Example: {example}")),
    }
}

/// A value short enough to be quoted in a message.
pub(crate) fn brief(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
