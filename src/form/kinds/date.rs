//! Days, in every spelling of the calendar.

use super::{
    Calendar, Cell, ColumnStyle, Control, Data, Field, FieldKind, Input, Read, Refused, Taken, cell,
};
use crate::calendar::{self, Reading, eras, read_date};
use crate::form::{Part, Show};
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
        match (cell.part, cell.show) {
            (Some(part), _) => is_part_shown(part, cell),
            (None, None) => cell.text.is_none(),
            (None, Some(show)) => matches!(show, Show::Reiwa | Show::Western | Show::Day),
        }
    }

    fn column(&self, _field: &Field) -> ColumnStyle {
        ColumnStyle { number_format: "yyyy-mm-dd", ..ColumnStyle::TEXT }
    }

    fn input(&self, _field: &Field, cell: &Cell) -> Input {
        if let Some(part) = cell.part {
            return part_input(part, cell);
        }
        Input::Date(match cell.show {
            Some(Show::Reiwa) => Calendar::Reiwa,
            Some(Show::Western) => Calendar::Western,
            _ => Calendar::Iso,
        })
    }

    fn tries(&self, _field: &Field, own: &str, words: &[String]) -> Vec<String> {
        let written = words.iter().map(String::as_str).chain([own]);
        let days = written.filter_map(|word| word.parse::<calendar::Date>().ok());
        let near = |day: calendar::Date| {
            [-500, -40, -1, 0, 1, 40, 500, 5_000].into_iter().filter_map(move |days| {
                let span = jiff::Span::new().days(days);
                day.checked_add(span).ok().map(|day| day.to_string())
            })
        };
        days.flat_map(near).collect()
    }

    fn control(&self, _field: &Field) -> Control {
        Control::DAY
    }
}

/// Whether a cell can show a part of a date as it says.
pub(super) fn is_part_shown(part: Part, cell: &Cell) -> bool {
    match cell.show {
        None => cell.text.is_none(),
        Some(Show::Digits) => cell.text.is_none() && part != Part::Era,
        Some(Show::Circle) => (cell.text.is_some() || cell.is.is_some()) && part == Part::Era,
        Some(_) => false,
    }
}

/// How a part of a date is entered where the form shows it in this cell.
pub(super) fn part_input(part: Part, cell: &Cell) -> Input {
    let eras = || eras().map(str::to_owned).collect();
    match (part, cell.show) {
        (Part::Era, Some(Show::Circle)) => Input::Circle(eras()),
        (Part::Era, _) => Input::Choice(eras()),
        (_, Some(Show::Digits)) => Input::Digits(cell.boxes(None)),
        // 元 is a year of an era too.
        (Part::EraYear, _) => Input::Text(Some((1, 2))),
        (Part::Year, _) => Input::Whole(1868, 2100),
        (Part::Month, _) => Input::Whole(1, 12),
        (Part::Day, _) => Input::Whole(1, 31),
        // On a paper, of which no workbook is made.
        (Part::First | Part::Second | Part::Third, _) => Input::Text(None),
    }
}

/// A day that has lost its format, as Excel counts days.
pub(super) fn serial(cell: &table::Cell) -> Text {
    Text::new(format!("シリアル値 {cell} "), format!("the serial number {cell}"))
}
