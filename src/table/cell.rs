//! What stands in a cell.

use std::fmt;

use jiff::civil::Time;

use crate::calendar::Date;
use crate::report::Text;

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing, or nothing but spaces.
    #[default]
    Empty,
    /// Text as written.
    Text(String),
    /// A number of a workbook.
    Number(f64),
    /// A number of a workbook that Excel shows as a day or a time.
    Moment(Moment),
    /// Yes or no.
    Boolean(bool),
    /// A cell that cannot be read.
    Faulty(CellFault),
}

/// What a number stands for that Excel shows as a day or a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The day; none for a time or a span of time, and for days that Excel counts wrongly (before
    /// 1 March 1900).
    pub day: Option<Date>,
    /// The time of day, unless it is midnight.
    pub(crate) time: Option<Time>,
}

/// `2024-04-01`, with the time behind it if there is one.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |time: Time| time.strftime("%H:%M").to_string();
        match (self.day, self.time) {
            (Some(day), Some(at)) => write!(f, "{day} {}", time(at)),
            (Some(day), None) => write!(f, "{day}"),
            (None, at) => f.write_str(&time(at.unwrap_or_default())),
        }
    }
}

/// Why a cell cannot be read.
#[derive(Clone, Debug, PartialEq)]
pub struct CellFault {
    /// The stable code: `encoding`, `cell-error` or `formula`.
    pub code: &'static str,
    /// What was found.
    pub message: Text,
    /// How to mend it.
    pub hint: Text,
}

impl Cell {
    /// Text as a cell holds it; nothing but spaces is an empty cell.
    pub(super) fn text(text: &str) -> Cell {
        match text.trim() {
            "" => Cell::Empty,
            _ => Cell::Text(text.replace("\r\n", "\n")),
        }
    }

    /// Excel's `#N/A` and the like.
    pub(super) fn error(shown: &str) -> Cell {
        Cell::Faulty(CellFault {
            code: "cell-error",
            message: Text::new(
                format!("セルの値が Excel のエラー {shown} です"),
                format!("the cell holds Excel's error {shown}"),
            ),
            hint: Text::new(
                "数式を直すか、値を書いてください",
                "correct the formula, or write the value",
            ),
        })
    }

    /// A formula whose result is not in the workbook.
    pub(super) fn uncomputed(formula: &str) -> Cell {
        let shown: String = formula.chars().take(40).collect();
        Cell::Faulty(CellFault {
            code: "formula",
            message: Text::new(
                format!("数式（={shown}）の計算結果がブックにありません"),
                format!("the workbook has no result for the formula ={shown}"),
            ),
            hint: Text::new(
                "Excel で開いて保存し直すか、値を書いてください",
                "open it in Excel and save it again, or write the value",
            ),
        })
    }
}

/// The last day Excel counts, 31 December 9999.
const LAST_DAY: f64 = 2_958_465.0;

/// What Excel counts as this number of days; `from_1904` as the workbook says.
pub(super) fn moment_of(number: f64, from_1904: bool) -> Moment {
    // Seconds: a fraction of a day is noisy beyond.
    let seconds = (number.rem_euclid(1.0) * 86_400.0).round();
    let day = day_of(number + if seconds >= 86_400.0 { 0.5 } else { 0.0 }, from_1904);
    // Less than a day has seconds.
    let seconds = seconds as i64 % 86_400;
    let time = Time::midnight().wrapping_add(jiff::SignedDuration::from_secs(seconds));
    Moment { day, time: (seconds != 0).then_some(time) }
}

/// The day Excel counts as this number; none before 1 March 1900, up to which it counts wrongly.
fn day_of(number: f64, from_1904: bool) -> Option<Date> {
    let days = number.floor() + if from_1904 { 1462.0 } else { 0.0 };
    if !(61.0..=LAST_DAY).contains(&days) {
        return None;
    }
    // Between the bounds just checked.
    let span = jiff::Span::new().try_days(days as i64).ok()?;
    Date::constant(1899, 12, 30).checked_add(span).ok()
}

/// The day a plain number must mean; none outside the years 1900 to 2199, since it may mean
/// something else, such as 20240401.
pub(crate) fn day_of_serial(number: f64, from_1904: bool) -> Option<Date> {
    day_of(number, from_1904).filter(|day| day.year() < 2200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_days_in_both_systems() {
        assert_eq!(day_of_serial(45_383.0, false), Some(Date::constant(2024, 4, 1)));
        assert_eq!(day_of_serial(43_921.75, true), Some(Date::constant(2024, 4, 1)));
        assert_eq!(day_of_serial(20_240_401.0, false), None);
        assert_eq!(day_of_serial(-1.0, false), None);
    }

    #[test]
    fn a_time_stands_behind_its_day() {
        for (number, from_1904, shown) in [
            (45_383.0, false, "2024-04-01"),
            (43_921.0, true, "2024-04-01"),
            (45_383.437_5, false, "2024-04-01 10:30"),
            (45_382.999_999_999, false, "2024-04-01"),
            (0.437_5, false, "10:30"),
        ] {
            assert_eq!(moment_of(number, from_1904).to_string(), shown);
        }
        assert_eq!(moment_of(45.0, false).day, None);
    }
}
