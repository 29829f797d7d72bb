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

/// The eras since 1868 with their first days, the latest first.
const ERAS: [(&str, Date); 5] = [
    ("令和", REIWA_BEGINS),
    ("平成", date(1989, 1, 8)),
    ("昭和", date(1926, 12, 25)),
    ("大正", date(1912, 7, 30)),
    ("明治", date(1868, 1, 25)),
];

/// The names of the eras since 1868, the earliest first.
pub(crate) fn eras() -> impl Iterator<Item = &'static str> {
    ERAS.iter().rev().map(|(name, _)| *name)
}

/// The era a day lies in and the year of that era, from 1; none before 明治.
///
/// ```
/// use onshi::calendar::{era, Date};
/// assert_eq!(era(Date::constant(2024, 4, 1)), Some(("令和", 6)));
/// assert_eq!(era(Date::constant(1989, 1, 7)), Some(("昭和", 64)));
/// ```
pub fn era(day: Date) -> Option<(&'static str, i16)> {
    let (name, first) = ERAS.iter().find(|(_, first)| day >= *first)?;
    Some((name, day.year() - first.year() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_era_ends_where_the_next_begins() {
        for (day, found) in [
            (date(1868, 1, 24), None),
            (date(1868, 1, 25), Some(("明治", 1))),
            (date(1912, 7, 29), Some(("明治", 45))),
            (date(1912, 7, 30), Some(("大正", 1))),
            (date(1926, 12, 25), Some(("昭和", 1))),
            (date(1989, 1, 8), Some(("平成", 1))),
            (date(2019, 4, 30), Some(("平成", 31))),
            (date(2019, 5, 1), Some(("令和", 1))),
        ] {
            assert_eq!(era(day), found, "{day}");
        }
        assert!(eras().eq(["明治", "大正", "昭和", "平成", "令和"]));
    }

    #[test]
    fn reiwa_begins_on_the_first_of_may() {
        assert_eq!(reiwa_year(date(2019, 4, 30)), None);
        assert_eq!(reiwa_year(date(2019, 5, 1)), Some(1));
        assert_eq!(reiwa_year(date(2019, 12, 31)), Some(1));
        assert_eq!(reiwa_year(date(2020, 1, 1)), Some(2));
    }
}
