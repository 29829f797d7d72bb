//! What is in a cell.

use std::fmt;

use jiff::civil::Time;

use crate::calendar::{self, Date};
use crate::report::{Diagnostic, Text};

/// What is in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing, or nothing but spaces.
    #[default]
    Empty,
    /// Text as written.
    Text(String),
    /// A number, and the day of the years 2000 to 2099 that Excel counts as it.
    Number(f64, Option<Date>),
    /// A number of a workbook that Excel shows as a day or a time.
    Moment(Moment),
    /// Yes or no.
    Boolean(bool),
    /// A cell that cannot be read.
    Faulty(CellFault),
}

impl fmt::Display for Cell {
    /// The cell as Excel shows it in a column of text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Empty | Cell::Faulty(_) => Ok(()),
            Cell::Text(text) => f.write_str(text),
            Cell::Number(number, _) if number.fract() == 0.0 && number.abs() < 1e15 => {
                write!(f, "{number:.0}")
            }
            Cell::Number(number, _) => write!(f, "{number}"),
            Cell::Moment(moment) => write!(f, "{moment}"),
            Cell::Boolean(true) => f.write_str("TRUE"),
            Cell::Boolean(false) => f.write_str("FALSE"),
        }
    }
}

/// What a number stands for that Excel shows as a day or a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// The day; none for a time or a span of time, and for days that Excel counts wrongly (before
    /// 1 March 1900).
    pub day: Option<Date>,
    /// The time of day, unless it is midnight.
    pub time: Option<Time>,
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

impl CellFault {
    /// The same as a finding.
    pub(crate) fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.code, self.message.clone()).with_hint(self.hint.clone())
    }
}

impl Cell {
    /// A cell of a text file, as Excel takes it when it opens the file.
    pub(super) fn of_csv(text: &str) -> Cell {
        let written = text.trim();
        // As Excel writes days, which has shown a day that it made of 1-22 so. 20150412 may be anybody's number.
        let is_day = written.len() >= 8
            && written.contains(['/', '-'])
            && written.bytes().take(4).all(|b| b.is_ascii_digit())
            && written
                .bytes()
                .all(|b| b.is_ascii_digit() || matches!(b, b'/' | b'-' | b':' | b' '));
        match written {
            "TRUE" => Cell::Boolean(true),
            "FALSE" => Cell::Boolean(false),
            _ if is_day => match calendar::parse_date(written) {
                Ok(day) => Cell::Moment(Moment { day: Some(day), time: None }),
                Err(_) => Cell::text(text),
            },
            _ => Cell::text(text),
        }
    }

    /// Text, every line break a line feed; digits that a number would keep are a number, whatever the
    /// format of the cell: a column of text may have lost its zeros before it was made one.
    pub(super) fn text(text: &str) -> Cell {
        let is_number = text.bytes().all(|b| b.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'))
            && text.len() <= 15;
        match text.parse() {
            _ if text.trim().is_empty() => Cell::Empty,
            Ok(number) if is_number => Cell::number(number, false),
            _ => Cell::Text(text.replace("\r\n", "\n").replace('\r', "\n")),
        }
    }

    /// A number as Excel shows it: of its 17 digits the first 15.
    pub(super) fn number(number: f64, from_1904: bool) -> Cell {
        // A text that was just written as a number is one.
        let shown = match number.fract() == 0.0 {
            true => number,
            false => format!("{number:.14e}").parse().unwrap_or(number),
        };
        // Excel has no number as large as that.
        if !shown.is_finite() {
            return Cell::error("#NUM!");
        }
        let day = Some(shown).filter(|shown| shown.fract() == 0.0);
        let day = day.and_then(|days| day_of(days, from_1904));
        Cell::Number(shown, day.filter(|day| (2000..=2099).contains(&day.year())))
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

#[cfg(test)]
mod tests {
    use super::*;

    const APRIL_1: Date = Date::constant(2024, 4, 1);

    #[test]
    fn a_number_that_excel_cannot_hold_is_its_error() {
        for endless in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(Cell::number(endless, false), Cell::error("#NUM!"));
        }
        assert_eq!(Cell::number(f64::MAX, false), Cell::Number(f64::MAX, None));
    }

    #[test]
    fn numbers_are_days_in_both_systems_where_a_form_may_mean_one() {
        assert_eq!(Cell::number(45_383.0, false), Cell::Number(45_383.0, Some(APRIL_1)));
        assert_eq!(Cell::number(43_921.0, true), Cell::Number(43_921.0, Some(APRIL_1)));
        for other in [20_240_401.0, -1.0, 0.0, 2024.0, 36_525.0, 73_051.0, 45_383.5] {
            assert_eq!(Cell::number(other, false), Cell::Number(other, None));
        }
    }

    #[test]
    fn what_a_calculation_leaves_behind_the_fifteenth_digit_is_no_part_of_a_number() {
        assert_eq!(Cell::number(2.000_000_000_000_000_4, false).to_string(), "2");
        assert_eq!(Cell::number(0.1 + 0.2, false).to_string(), "0.3");
        assert_eq!(Cell::number(1.5, false).to_string(), "1.5");
        assert_eq!(Cell::number(1_234_567_890_123_456.0, false).to_string(), "1234567890123456");
    }

    #[test]
    fn a_text_file_has_the_cells_that_excel_makes_of_it() {
        assert_eq!(Cell::of_csv("123456"), Cell::Number(123_456.0, None));
        assert_eq!(Cell::of_csv("0"), Cell::Number(0.0, None));
        assert_eq!(Cell::of_csv("20150412"), Cell::Number(20_150_412.0, None));
        assert_eq!(Cell::of_csv("TRUE"), Cell::Boolean(true));
        assert_eq!(Cell::of_csv(" \t"), Cell::Empty);
        let day = Moment { day: Some(APRIL_1), time: None };
        assert_eq!(Cell::of_csv("2024/4/1 0:00:00"), Cell::Moment(day));
        for text in [
            "20240401.5",
            "2024年4月1日",
            "2024-13-01",
            " 1",
            "0123456",
            "00",
            "1-22",
            "1.50",
            "1234567890123456",
            "true",
            "１２",
        ] {
            assert_eq!(Cell::of_csv(text), Cell::Text(text.into()));
        }
    }

    #[test]
    fn every_line_break_is_a_line_feed() {
        assert_eq!(Cell::text("𠮷田\r\n医院\r"), Cell::Text("𠮷田\n医院\n".into()));
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
