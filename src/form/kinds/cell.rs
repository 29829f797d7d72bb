//! What a kind of field makes of a cell of a table: Excel may have changed what was typed.

use super::{Field, Refused};
use crate::report::{Diagnostic, Text};
use crate::table::Cell;

/// What a cell says.
#[derive(Debug, PartialEq)]
pub(crate) struct Taken {
    pub text: String,
    /// Where that is not what is in the cell: how it is read.
    pub warning: Option<Diagnostic>,
}

impl Taken {
    /// What is in the cell.
    pub(super) fn as_is(cell: &Cell) -> Taken {
        Taken { text: cell.to_string(), warning: None }
    }

    /// What must have been typed, `text`, and what is in the cell instead.
    pub(super) fn repaired(text: String, label: &Text, found: Text) -> Taken {
        let warning = Text::new(
            format!("{}: {}を「{text}」と読みました", label.ja, found.ja),
            format!("{}: {} is taken as `{text}`", label.en, found.en),
        );
        let hint = Text::new(
            "セルの表示形式を、日付の欄は日付、それ以外は文字列にしてください",
            "format the cell as a date where a date is meant, else as text",
        );
        let warning = Diagnostic::warning("normalised", warning).with_hint(hint);
        Taken { text, warning: Some(warning) }
    }

    /// A number that has lost so many of the zeros it began with.
    pub(super) fn with_zeros(cell: &Cell, length: usize, label: &Text) -> Taken {
        let found = Text::new(
            format!("先頭の0がない数値 {cell} "),
            format!("the number {cell}, without its leading zeros,"),
        );
        Taken::repaired(format!("{cell:0>length$}", cell = cell.to_string()), label, found)
    }
}

/// How a cell is read that is text or a number to the field, and nothing else: what every kind does
/// that has no way of its own.
pub(crate) fn plain(field: &Field, label: &Text, cell: &Cell) -> Result<Taken, Refused> {
    match cell {
        Cell::Empty | Cell::Text(_) | Cell::Number(..) => Ok(Taken::as_is(cell)),
        Cell::Moment(_) => Err(turned(label, cell)),
        Cell::Boolean(_) => Err(Refused::in_cell(field, label, cell)),
        Cell::Faulty(fault) => Err(Refused::new(
            fault.code,
            Text::new(
                format!("{}: {}", label.ja, fault.message.ja),
                format!("{}: {}", label.en, fault.message.en),
            ),
            fault.hint.clone(),
        )),
    }
}

/// A text such as 1-22 that Excel has taken for a day or a time.
fn turned(label: &Text, cell: &Cell) -> Refused {
    Refused::new(
        "kind",
        Text::new(
            format!("{} が Excel によって日付か時刻（{cell}）に変えられています", label.ja),
            format!("Excel has turned {} into a date or time ({cell})", label.en),
        ),
        Text::new(
            "セルの表示形式を「文字列」にしてから、入力し直してください",
            "format the cell as text and type it again",
        ),
    )
}

impl Field {
    /// Reads a cell as the field's kind; `label` is what its reader calls the field.
    pub(crate) fn taken(&self, label: &Text, cell: &Cell) -> Result<Taken, Refused> {
        self.kind.ways().taken(self, label, cell)
    }
}
