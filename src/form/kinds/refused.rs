//! Why a value is not of its kind, in words that the kinds share.

use std::borrow::Cow;

use super::Field;
use crate::report::{Diagnostic, Text};
use crate::table::Cell;

/// Why a value is not of its kind: a finding without its field and place.
#[derive(Debug)]
pub(crate) struct Refused(Box<Diagnostic>);

impl Refused {
    /// What was written is not what the field takes; `found` ends the sentence that quotes it.
    pub fn of(field: &Field, written: &str, found: Text) -> Self {
        let message = Text::new(
            format!("{}「{}」は{}", field.label.ja, brief(written), found.ja),
            format!("{} `{}` {}", field.label.en, brief(written), found.en),
        );
        Refused::new("kind", message, field.description())
    }

    /// What was written is not what the field takes; `found` is a sentence of its own.
    pub fn because(field: &Field, found: Text) -> Self {
        let message = Text::new(
            format!("{}: {}", field.label.ja, found.ja),
            format!("{}: {}", field.label.en, found.en),
        );
        Refused::new("kind", message, field.description())
    }

    /// A cell that the field cannot take.
    pub fn in_cell(field: &Field, label: &Text, cell: &Cell) -> Self {
        let message = Text::new(
            format!("{}「{}」は読めません", label.ja, brief(&cell.to_string())),
            format!("{} `{}` cannot be read", label.en, brief(&cell.to_string())),
        );
        Refused::new("kind", message, field.description())
    }

    /// A value that is refused: the code, what was found, how to mend it.
    pub fn new(code: &'static str, message: Text, hint: Text) -> Self {
        Refused(Box::new(Diagnostic::error(code, message).with_hint(hint)))
    }

    /// Says otherwise how to mend it.
    pub fn with_hint(mut self, hint: Text) -> Self {
        self.0.hint = Some(hint);
        self
    }

    /// Gives a value that can be put in as it stands, if there is one.
    pub fn with_suggestion(mut self, suggestion: Option<String>) -> Self {
        self.0.suggestion = suggestion;
        self
    }

    /// The finding; the reader adds its place.
    pub fn diagnostic(self) -> Diagnostic {
        *self.0
    }

    /// A spreadsheet that takes a code for a number drops the zeros it begins with.
    pub fn with_lost_zero(self) -> Self {
        let hint = self.0.hint.clone().unwrap_or_else(|| Text::new("", ""));
        self.with_hint(Text::new(
            format!("先頭の0が落ちていないか確かめてください。{}", hint.ja),
            format!("a leading zero may be lost. {}", hint.en),
        ))
    }
}

/// What stands for the end of a line in a value that is quoted.
pub(crate) const BREAK: &str = "／";

/// A value on one line, with a mark where its writer began another.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return text.into();
    }
    let lines = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(BREAK).into()
}

/// A value short enough to be quoted in a message, on one line.
pub(crate) fn brief(text: &str) -> String {
    let text = one_line(text);
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_of_several_lines_is_quoted_on_one() {
        assert_eq!(one_line("076-000-1012\r\n 090-0000-1012\n"), "076-000-1012／090-0000-1012");
    }
}
