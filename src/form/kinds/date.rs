//! Days, in every spelling of the calendar.

use super::{
    Calendar, Cell, ColumnStyle, Data, Field, FieldKind, Input, Read, Refused, Taken, cell,
};
use crate::calendar::{Reading, read_date};
use crate::form::Show;
use crate::report::Text;
use crate::table::{self, Moment};

/// A day.
pub(super) struct Date;

impl FieldKind for Date {
    fn words(&self) -> Text {
        Text::new("日付", "date")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        match read_date(written) {
            Ok(Reading { value, is_supposed }) => Ok(Read {
                text: value.to_string(),
                data: Data::Date(value),
                normalised: is_supposed,
            }),
            Err(fault) => {
                let refused = Refused::because(field, fault.message());
                Err(refused.with_suggestion(fault.suggestion()))
            }
        }
    }

    fn taken(&self, field: &Field, label: &Text, cell: &table::Cell) -> Result<Taken, Refused> {
        match cell {
            table::Cell::Number(_, Some(day)) => {
                Ok(Taken::repaired(day.to_string(), label, serial(cell)))
            }
            table::Cell::Moment(Moment { day: Some(day), time: None }) => {
                Ok(Taken { text: day.to_string(), warning: None })
            }
            table::Cell::Moment(Moment { day: Some(day), .. }) => {
                let found = Text::new(format!("日時 {cell} "), format!("the day and time {cell}"));
                Ok(Taken::repaired(day.to_string(), label, found))
            }
            cell => cell::plain(field, label, cell),
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

/// A day that has lost its format, as Excel counts days.
pub(super) fn serial(cell: &table::Cell) -> Text {
    Text::new(format!("シリアル値 {cell} "), format!("the serial number {cell}"))
}
