//! Days, in every spelling of the calendar.

use super::{Calendar, Cell, ColumnStyle, Data, Field, FieldKind, Input, Read, Refused};
use crate::calendar::parse_date;
use crate::form::Show;
use crate::report::Text;

/// A day.
pub(super) struct Date;

impl FieldKind for Date {
    fn words(&self) -> Text {
        Text::new("日付", "date")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        match parse_date(written) {
            Ok(date) => Ok(Read::any(date.to_string(), Data::Date(date))),
            Err(fault) => Err(Refused::because(field, fault.message())),
        }
    }

    fn is_shown(&self, cell: &Cell) -> bool {
        match cell.show {
            None => cell.text.is_none(),
            Some(show) => matches!(show, Show::Reiwa | Show::Western | Show::Day),
        }
    }

    fn column(&self, _field: &Field) -> ColumnStyle {
        ColumnStyle { number_format: "yyyy-mm-dd", ..ColumnStyle::TEXT }
    }

    fn input(&self, _field: &Field, cell: &Cell) -> Input {
        Input::Date(match cell.show {
            Some(Show::Reiwa) => Calendar::Reiwa,
            Some(Show::Western) => Calendar::Western,
            _ => Calendar::Iso,
        })
    }
}
