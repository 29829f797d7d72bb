//! A year and a month, in every spelling of the calendar.

use super::date::{is_part_shown, part_input, serial};
use super::{Cell, Control, Data, Field, FieldKind, Input, Read, Refused, Taken, cell};
use crate::calendar::{Date, Reading, parse_date, read_year_month};
use crate::form::{Part, Show};
use crate::report::Text;
use crate::table::{self, Moment};

/// A year and a month.
pub(super) struct YearMonth;

impl FieldKind for YearMonth {
    fn words(&self) -> Text {
        Text::new("年月", "year and month")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        match read_year_month(written) {
            Ok(Reading { value, is_supposed }) => Ok(Read {
                text: value.to_string(),
                data: Data::YearMonth(value),
                normalised: is_supposed,
            }),
            Err(fault) => {
                let refused = Refused::because(field, fault.message());
                Err(refused.with_suggestion(fault.suggestion()))
            }
        }
    }

    fn taken(&self, field: &Field, label: &Text, cell: &table::Cell) -> Result<Taken, Refused> {
        let month = |day: &Date| format!("{:04}-{:02}", day.year(), day.month());
        let of_day = |day: &Date| {
            let found = Text::new(format!("日付 {cell} "), format!("the day {cell}"));
            Taken::repaired(month(day), label, found)
        };
        match cell {
            table::Cell::Number(_, Some(day)) => {
                Ok(Taken::repaired(month(day), label, serial(cell)))
            }
            // Excel has no months: a month that is typed becomes its first day.
            table::Cell::Moment(Moment { day: Some(day), time: None }) if day.day() == 1 => {
                Ok(Taken { text: month(day), warning: None })
            }
            table::Cell::Moment(Moment { day: Some(day), .. }) => Ok(of_day(day)),
            table::Cell::Text(text) => match parse_date(text) {
                Ok(day) if day.day() != 1 => Ok(of_day(&day)),
                Ok(day) => Ok(Taken { text: month(&day), warning: None }),
                Err(_) => Ok(Taken::as_is(cell)),
            },
            cell => cell::plain(field, label, cell),
        }
    }

    fn is_shown(&self, cell: &Cell) -> bool {
        match cell.part {
            Some(part) => part != Part::Day && is_part_shown(part, cell),
            None => cell.show.map_or(cell.text.is_none(), |show| show == Show::Western),
        }
    }

    fn input(&self, _field: &Field, cell: &Cell) -> Input {
        cell.part.map_or(Input::YearMonth, |part| part_input(part, cell))
    }

    fn control(&self, _field: &Field) -> Control {
        Control::DAY
    }
}
