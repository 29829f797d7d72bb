//! Why a text is not a day or a month, in words.

use std::fmt;

use jiff::civil::Date;

use super::weekday_name;
use crate::report::{Explain, Text};

/// Why a text is not a day or a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DateFault {
    /// It is not written as a day.
    NotADate {
        /// What is there.
        found: String,
    },
    /// It is not written as a month of a year.
    NotAYearMonth {
        /// What is there.
        found: String,
    },
    /// The month has no such day: 2023-02-30.
    NoSuchDay {
        /// The year of the common era.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
        /// The day that is not in it.
        day: i8,
    },
    /// The year has no such month: 13.
    NoSuchMonth {
        /// The month that there is not.
        month: i8,
    },
    /// 令和0年: an era begins with its year 1.
    EraYearZero,
    /// 令和元年 before 2019-05-01.
    BeforeReiwa {
        /// The month, 1 to 4.
        month: i8,
        /// The day; none for a month of a year.
        day: Option<i8>,
    },
    /// 4月1日: the year is left out.
    NoYear {
        /// The month.
        month: i8,
        /// The day; none for a month.
        day: Option<i8>,
    },
    /// 2027年4月: the day is left out.
    NoDay {
        /// The year of the common era.
        year: i16,
        /// The month.
        month: i8,
    },
    /// 27.4.1: a year that may be one of 令和, of 平成 or the end of one of the common era.
    EraUnsaid {
        /// The year as written.
        year: i16,
    },
    /// 2027年4月1日(金), which is a Thursday.
    OtherWeekday {
        /// The day.
        date: Date,
        /// The day of the week as written.
        weekday: char,
    },
    /// 2027年4月1日（予定）: more than a day, or than a month.
    Extra {
        /// The day, or the month.
        meant: String,
        /// What is written behind it.
        extra: String,
    },
    /// The year is counted in an era other than 令和.
    OtherEra {
        /// The era's name: 平成, 昭和, 大正 or 明治.
        era: &'static str,
    },
}

impl DateFault {
    /// What to write instead, where that is certain.
    ///
    /// ```
    /// use onshi::calendar::parse_date;
    /// let fault = parse_date("2027年4月1日（予定）").unwrap_err();
    /// assert_eq!(fault.suggestion().as_deref(), Some("2027-04-01"));
    /// ```
    pub fn suggestion(&self) -> Option<String> {
        match self {
            DateFault::Extra { meant, .. } => Some(meant.clone()),
            _ => None,
        }
    }

    /// What was found and what is allowed.
    ///
    /// ```
    /// use onshi::calendar::parse_date;
    /// let fault = parse_date("2023-02-30").unwrap_err();
    /// assert_eq!(
    ///     fault.message().en,
    ///     "there is no day 30 in February 2023: its days are 1 to 28",
    /// );
    /// ```
    pub fn message(&self) -> Text {
        match self {
            DateFault::NotADate { found } => Text::new(
                format!(
                    "「{found}」は日付として読めません。\
                     2024-04-01、2024/4/1、2024年4月1日、令和6年4月1日、R6.4.1 のように書いてください"
                ),
                format!(
                    "“{found}” is not a date: write it as 2024-04-01, 2024/4/1, 2024年4月1日, \
                     令和6年4月1日 or R6.4.1"
                ),
            ),
            DateFault::NotAYearMonth { found } => Text::new(
                format!(
                    "「{found}」は年月として読めません。\
                     2023-03、2023/3、2023年3月、令和5年3月、R5.3 のように書いてください"
                ),
                format!(
                    "“{found}” is not a year and a month: write it as 2023-03, 2023/3, 2023年3月, \
                     令和5年3月 or R5.3"
                ),
            ),
            DateFault::NoSuchDay { year, month, day } => {
                // A year or a month that there is not is a fault of its own.
                let first = Date::new(*year, *month, 1).unwrap_or_default();
                let (last, name) = (first.days_in_month(), first.strftime("%B"));
                Text::new(
                    format!(
                        "{year}年{month}月に{day}日はありません。{month}月は1日から{last}日までです"
                    ),
                    format!("there is no day {day} in {name} {year}: its days are 1 to {last}"),
                )
            }
            DateFault::NoSuchMonth { month } => Text::new(
                format!("{month}月はありません。月は1から12までです"),
                format!("there is no month {month}: the months are 1 to 12"),
            ),
            DateFault::EraYearZero => Text::new(
                "令和0年はありません。令和は元年（1年）から始まります",
                "there is no year 0 of 令和: the era begins with its year 1 (元年), 2019",
            ),
            DateFault::BeforeReiwa { month, day } => {
                let day = day.map(|day| format!("{day}日")).unwrap_or_default();
                Text::new(
                    format!("令和元年{month}月{day}はありません。令和は2019年5月1日からです"),
                    format!("there is no 令和元年{month}月{day}: 令和 begins on 2019-05-01"),
                )
            }
            DateFault::NoYear { month, day } => {
                let day = day.map(|day| format!("{day}日")).unwrap_or_default();
                Text::new(
                    format!("{month}月{day}には年がありません。年から書いてください"),
                    format!("{month}月{day} has no year: write the year too"),
                )
            }
            DateFault::NoDay { year, month } => Text::new(
                format!("{year}年{month}月には日がありません。日まで書いてください"),
                format!("{year}-{month:02} has no day: write the day too"),
            ),
            DateFault::EraUnsaid { year } => Text::new(
                format!(
                    "{year}年が令和か西暦か分かりません。R{year} か 20{year:02} のように書いてください"
                ),
                format!("the era of the year {year} is not clear: write R{year} or 20{year:02}"),
            ),
            DateFault::OtherWeekday { date, weekday } => {
                let known = weekday_name(*date);
                Text::new(
                    format!(
                        "{date} は{known}曜日で、{weekday}曜日ではありません。どちらかが違います"
                    ),
                    format!("{date} is a {known}, not a {weekday}: one of the two is wrong"),
                )
            }
            DateFault::Extra { meant, extra } => Text::new(
                format!("「{extra}」は書けません。{meant} とだけ書いてください"),
                format!("`{extra}` cannot be written here: write {meant} alone"),
            ),
            DateFault::OtherEra { era } => Text::new(
                format!("{era}の年は使えません。西暦か令和で書いてください"),
                format!("a year of {era} cannot be used: write it in the common era or in 令和"),
            ),
        }
    }
}

impl fmt::Display for DateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl std::error::Error for DateFault {}

impl Explain for DateFault {
    fn message(&self) -> Text {
        DateFault::message(self)
    }
}

#[cfg(test)]
mod tests {
    use crate::calendar::{parse_date, parse_year_month};

    #[test]
    fn messages_name_what_was_found_and_what_is_allowed() {
        let message = |text| parse_date(text).unwrap_err().message();
        assert_eq!(
            message("2024-02-30").ja,
            "2024年2月に30日はありません。2月は1日から29日までです"
        );
        assert_eq!(
            message("2023-02-29").en,
            "there is no day 29 in February 2023: its days are 1 to 28"
        );
        assert_eq!(message("2024-13-01").ja, "13月はありません。月は1から12までです");
        assert_eq!(
            message("令和元年4月30日").ja,
            "令和元年4月30日はありません。令和は2019年5月1日からです"
        );
        assert!(message("明日").ja.starts_with("「明日」は日付として読めません。2024-04-01、"));
        let month = parse_year_month("来月").unwrap_err();
        assert!(month.message().ja.starts_with("「来月」は年月として読めません。2023-03、"));
        assert!(month.to_string().starts_with("“来月” is not a year and a month"));
    }
}
