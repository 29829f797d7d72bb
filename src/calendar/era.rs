//! The era 令和, in which 別紙1 counts its years.

use jiff::civil::{Date, date};

/// The first day of 令和: 2019-05-01.
pub const REIWA_BEGINS: Date = date(2019, 5, 1);

/// What a year of 令和 is short of the year of the common era: 令和1 is 2019.
pub(super) const REIWA_OFFSET: i16 = 2018;

/// The year of 令和 a day lies in, from 1; none before 2019-05-01.
///
/// ```
/// use onshi::calendar::{reiwa_year, Date};
/// assert_eq!(reiwa_year(Date::constant(2024, 4, 1)), Some(6));
/// assert_eq!(reiwa_year(Date::constant(2019, 4, 30)), None);
/// ```
pub fn reiwa_year(date: Date) -> Option<i16> {
    (date >= REIWA_BEGINS).then(|| date.year() - REIWA_OFFSET)
}

/// A year of an era as a form prints it: 元 for the first, digits after it.
///
/// ```
/// use onshi::calendar::reiwa_year_text;
/// assert_eq!(reiwa_year_text(1), "元");
/// assert_eq!(reiwa_year_text(6), "6");
/// ```
pub fn reiwa_year_text(year: i16) -> String {
    match year {
        1 => "元".to_string(),
        _ => year.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reiwa_begins_on_the_first_of_may() {
        assert_eq!(reiwa_year(date(2019, 4, 30)), None);
        assert_eq!(reiwa_year(date(2019, 5, 1)), Some(1));
        assert_eq!(reiwa_year(date(2019, 12, 31)), Some(1));
        assert_eq!(reiwa_year(date(2020, 1, 1)), Some(2));
    }
}
