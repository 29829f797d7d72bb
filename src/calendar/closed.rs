//! The days on which the offices are closed: weekends, public holidays, 29 December to 3 January.
//!
//! The holidays are computed from the law (国民の祝日に関する法律) and the laws that moved some of them,
//! because the one library for it that this toolchain builds misses the days moved in 2021.

use std::ops::RangeInclusive;

use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};

/// The first year the rules below are written for.
const FIRST_YEAR: i16 = 2019;

/// Days that a special law made holidays.
const SPECIAL_DAYS: [(Date, &str); 8] = [
    (date(2019, 5, 1), "天皇の即位の日"),
    (date(2019, 10, 22), "即位礼正殿の儀の行われる日"),
    (date(2020, 7, 23), "海の日"),
    (date(2020, 7, 24), "スポーツの日"),
    (date(2020, 8, 10), "山の日"),
    (date(2021, 7, 22), "海の日"),
    (date(2021, 7, 23), "スポーツの日"),
    (date(2021, 8, 8), "山の日"),
];

/// The years whose holidays are certain as far as the law now stands.
///
/// After them the days are a forecast; before them no holiday is known, only weekends and the turn of the year.
/// Each equinox day becomes official in the February before its year, so a far one may still move.
///
/// ```
/// assert!(onshi::calendar::certain_years().contains(&2026));
/// ```
pub fn certain_years() -> RangeInclusive<i16> {
    FIRST_YEAR..=2035
}

/// Whether the closed days about a day are sure: it lies in [`certain_years`].
///
/// ```
/// use onshi::calendar::{is_certain, Date};
/// assert!(is_certain(Date::constant(2035, 12, 31)));
/// assert!(!is_certain(Date::constant(2036, 1, 1)));
/// ```
pub fn is_certain(date: Date) -> bool {
    certain_years().contains(&date.year())
}

/// Whether the offices are closed on a day: Saturdays, Sundays, public holidays, 29 December to 3 January.
///
/// ```
/// use onshi::calendar::{is_closed, Date};
/// assert!(is_closed(Date::constant(2024, 2, 12)));   // 建国記念の日 fell on a Sunday
/// assert!(!is_closed(Date::constant(2024, 2, 13)));
/// ```
pub fn is_closed(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
        || matches!((date.month(), date.day()), (12, 29..) | (1, ..=3))
        || holiday_name(date).is_some()
}

/// The Japanese name of the public holiday on a day, 振替休日 and 国民の休日 included.
///
/// ```
/// use onshi::calendar::{holiday_name, Date};
/// assert_eq!(holiday_name(Date::constant(2026, 9, 22)), Some("国民の休日"));
/// assert_eq!(holiday_name(Date::constant(2026, 9, 24)), None);
/// ```
pub fn holiday_name(date: Date) -> Option<&'static str> {
    if date.year() < FIRST_YEAR {
        return None;
    }
    if let Some(name) = named_holiday(date) {
        return Some(name);
    }
    // Article 3(2): a holiday on a Sunday moves to the next day that is none itself.
    let run = date
        .saturating_sub(1.day())
        .series(-1.day())
        .take_while(|day| named_holiday(*day).is_some());
    if run.into_iter().any(|day| day.weekday() == Weekday::Sunday) {
        return Some("振替休日");
    }
    // Article 3(3): a day between two holidays is one too.
    let before = named_holiday(date.saturating_sub(1.day()));
    let after = named_holiday(date.saturating_add(1.day()));
    before.and(after).map(|_| "国民の休日")
}

/// The day itself when the offices are open, else the first open day after it.
///
/// ```
/// use onshi::calendar::{next_open_day, Date};
/// assert_eq!(next_open_day(Date::constant(2026, 1, 1)), Date::constant(2026, 1, 5));
/// ```
pub fn next_open_day(date: Date) -> Date {
    // The calendar ends in the year 9999: a day without an open one after it stays.
    date.series(1.day()).find(|day| !is_closed(*day)).unwrap_or(date)
}

/// The day itself when the offices are open, else the last open day before it.
///
/// ```
/// use onshi::calendar::{previous_open_day, Date};
/// assert_eq!(previous_open_day(Date::constant(2026, 1, 1)), Date::constant(2025, 12, 26));
/// ```
pub fn previous_open_day(date: Date) -> Date {
    date.series(-1.day()).find(|day| !is_closed(*day)).unwrap_or(date)
}

/// The holiday that article 2 of the law, or a special law, names for a day from 2019 on.
fn named_holiday(date: Date) -> Option<&'static str> {
    let special = SPECIAL_DAYS.iter().find(|(day, _)| *day == date);
    if let Some((_, name)) = special {
        return Some(name);
    }
    let (year, month, day) = (date.year(), date.month(), date.day());
    // 海の日, 山の日 and スポーツの日 were elsewhere in the two years of the Tokyo Games.
    let games = matches!(year, 2020 | 2021);
    let monday = (date.weekday() == Weekday::Monday).then_some((day + 6) / 7);
    match (month, day, monday) {
        (1, 1, _) => Some("元日"),
        (1, _, Some(2)) => Some("成人の日"),
        (2, 11, _) => Some("建国記念の日"),
        (2, 23, _) if year >= 2020 => Some("天皇誕生日"),
        (3, _, _) if day == vernal_equinox(year) => Some("春分の日"),
        (4, 29, _) => Some("昭和の日"),
        (5, 3, _) => Some("憲法記念日"),
        (5, 4, _) => Some("みどりの日"),
        (5, 5, _) => Some("こどもの日"),
        (7, _, Some(3)) if !games => Some("海の日"),
        (8, 11, _) if !games => Some("山の日"),
        (9, _, Some(3)) => Some("敬老の日"),
        (9, _, _) if day == autumnal_equinox(year) => Some("秋分の日"),
        (10, _, Some(2)) if year == 2019 => Some("体育の日"),
        (10, _, Some(2)) if !games => Some("スポーツの日"),
        (11, 3, _) => Some("文化の日"),
        (11, 23, _) => Some("勤労感謝の日"),
        _ => None,
    }
}

/// The day in March of 春分の日, by the usual approximation for 1980–2099.
fn vernal_equinox(year: i16) -> i8 {
    equinox(20.8431, year)
}

/// The day in September of 秋分の日, by the usual approximation for 1980–2099.
fn autumnal_equinox(year: i16) -> i8 {
    equinox(23.2488, year)
}

fn equinox(in_1980: f64, year: i16) -> i8 {
    let years = i32::from(year) - 1980;
    ((in_1980 + 0.242194 * f64::from(years)).floor() as i32 - years / 4) as i8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An independent list, see its head.
    const LIST: &str = include_str!("../../tests/data/holidays-2019-2035.txt");

    #[test]
    fn holidays_are_those_of_the_independent_list() {
        let listed: Vec<String> =
            LIST.lines().filter(|line| !line.starts_with('#')).map(str::to_string).collect();
        let years = certain_years();
        let computed: Vec<String> = date(*years.start(), 1, 1)
            .series(1.day())
            .take_while(|day| day.year() <= *years.end())
            .filter_map(|day| Some(format!("{day} {}", holiday_name(day)?)))
            .collect();
        assert_eq!(listed.len(), 308);
        assert_eq!(computed, listed);
    }

    #[test]
    fn the_turn_of_the_year_and_weekends_are_closed() {
        for (day, closed) in [
            (date(2023, 12, 28), false),
            (date(2023, 12, 29), true),
            (date(2024, 1, 3), true),
            (date(2024, 1, 4), false),
            (date(2024, 4, 6), true),
            (date(2024, 4, 7), true),
            (date(2018, 11, 23), false),
        ] {
            assert_eq!(is_closed(day), closed, "{day}");
        }
    }

    #[test]
    fn open_days_around_the_longest_break() {
        assert_eq!(next_open_day(date(2019, 4, 27)), date(2019, 5, 7));
        assert_eq!(previous_open_day(date(2019, 5, 6)), date(2019, 4, 26));
        assert_eq!(next_open_day(date(2019, 5, 7)), date(2019, 5, 7));
        assert_eq!(previous_open_day(date(2019, 5, 7)), date(2019, 5, 7));
    }

    #[test]
    fn the_ends_of_the_calendar_stand() {
        assert_eq!(next_open_day(Date::MAX), Date::MAX);
        assert_eq!(previous_open_day(Date::MIN), Date::MIN);
        assert_eq!(holiday_name(Date::MAX), None);
    }
}
