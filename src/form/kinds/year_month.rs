//! A year and a month, in every spelling of the calendar.

use super::{Cell, Data, Field, FieldKind, Input, Read, Refused};
use crate::calendar::parse_year_month;
use crate::form::Show;
use crate::report::Text;

/// A year and a month.
pub(super) struct YearMonth;

impl FieldKind for YearMonth {
    fn words(&self) -> Text {
        Text::new("年月", "year and month")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        match parse_year_month(written) {
            Ok(month) => Ok(Read::any(month.to_string(), Data::YearMonth(month))),
            Err(fault) => Err(Refused::because(field, fault.message())),
        }
    }

    fn is_shown(&self, cell: &Cell) -> bool {
        cell.show.map_or(cell.text.is_none(), |show| show == Show::Western)
    }

    fn input(&self, _field: &Field, _cell: &Cell) -> Input {
        Input::YearMonth
    }
}
