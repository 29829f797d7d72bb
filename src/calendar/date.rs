//! Reading days and months as people write them.

use std::fmt;

use jiff::civil::{Date, Weekday};
use unicode_normalization::UnicodeNormalization;

use super::{
    era::{REIWA_BEGINS, REIWA_OFFSET},
    fault::DateFault,
};

/// A month of a year, as `2023-03`.
///
/// ```
/// use onshi::calendar::parse_year_month;
/// let month = parse_year_month("令和5年3月").unwrap();
/// assert_eq!((month.year, month.month), (2023, 3));
/// assert_eq!(month.to_string(), "2023-03");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    /// The year of the common era.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Reads a day: `2024-04-01`, `2024/4/1`, `2024年4月1日`, `令和6年4月1日`, `R6.4.1`.
///
/// Full-width characters and spaces around the parts are accepted.
///
/// # Errors
/// A [`DateFault`] that says why the text is no day.
///
/// ```
/// use onshi::calendar::{parse_date, Date};
/// assert_eq!(parse_date("令和元年５月１日"), Ok(Date::constant(2019, 5, 1)));
/// assert!(parse_date("2024-13-01").is_err());
/// ```
pub fn parse_date(text: &str) -> Result<Date, DateFault> {
    let shape = Shape::read(text);
    let Some((shape, day)) = shape.and_then(|shape| Some((shape, shape.day?))) else {
        return Err(DateFault::NotADate { found: text.trim().to_string() });
    };
    let YearMonth { year, month } = shape.year_month()?;
    let date =
        Date::new(year, month, day).map_err(|_| DateFault::NoSuchDay { year, month, day })?;
    if shape.era == Era::Reiwa && date < REIWA_BEGINS {
        let day = Some(day);
        return Err(DateFault::BeforeReiwa { month, day });
    }
    Ok(date)
}

/// Reads a month of a year: `2023-03`, `2023/3`, `2023年3月`, `令和5年3月`, `R5.3`.
///
/// Full-width characters and spaces around the parts are accepted.
///
/// # Errors
/// A [`DateFault`] that says why the text is no month.
///
/// ```
/// use onshi::calendar::{parse_year_month, YearMonth};
/// assert_eq!(parse_year_month("R5.3"), Ok(YearMonth { year: 2023, month: 3 }));
/// assert!(parse_year_month("2023-03-01").is_err());
/// ```
pub fn parse_year_month(text: &str) -> Result<YearMonth, DateFault> {
    let Some(shape) = Shape::read(text).filter(|shape| shape.day.is_none()) else {
        return Err(DateFault::NotAYearMonth { found: text.trim().to_string() });
    };
    let month = shape.year_month()?;
    let begins = (REIWA_BEGINS.year(), REIWA_BEGINS.month());
    if shape.era == Era::Reiwa && (month.year, month.month) < begins {
        let (month, day) = (month.month, None);
        return Err(DateFault::BeforeReiwa { month, day });
    }
    Ok(month)
}

/// How a year is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Era {
    Common,
    Reiwa,
    Other(&'static str),
}

/// The signs that stand before a year, and the era they mean.
const ERA_SIGNS: [(&str, Era); 15] = [
    ("西暦", Era::Common),
    ("令和", Era::Reiwa),
    ("R", Era::Reiwa),
    ("r", Era::Reiwa),
    ("平成", Era::Other("平成")),
    ("H", Era::Other("平成")),
    ("h", Era::Other("平成")),
    ("昭和", Era::Other("昭和")),
    ("S", Era::Other("昭和")),
    ("s", Era::Other("昭和")),
    ("大正", Era::Other("大正")),
    ("T", Era::Other("大正")),
    ("t", Era::Other("大正")),
    ("明治", Era::Other("明治")),
    ("M", Era::Other("明治")),
];

/// The parts of a text that is written like a day or a month, whether or not there is such a one.
#[derive(Clone, Copy)]
struct Shape {
    era: Era,
    year: i16,
    month: i8,
    day: Option<i8>,
}

impl Shape {
    /// Takes a text apart; none when it is written like neither a day nor a month.
    fn read(text: &str) -> Option<Shape> {
        // Compatibility forms only: ２→2, ／→/, ㋿→令和, the ideographic space → a space.
        let text: String = text.nfkc().collect();
        let mut parts = Parts { rest: text.trim_start() };
        let era = parts.era();
        let year = parts.year(era)?;
        let mark = parts.mark()?;
        let month = parts.number()?;
        let day = match mark {
            Mark::Year => {
                parts.expect(Mark::Month)?;
                let day = parts.number();
                if day.is_some() {
                    parts.expect(Mark::Day)?;
                }
                day
            }
            Mark::Hyphen | Mark::Slash | Mark::Dot if parts.rest.is_empty() => None,
            Mark::Hyphen | Mark::Slash | Mark::Dot => {
                parts.expect(mark)?;
                Some(parts.number()?)
            }
            Mark::Month | Mark::Day => return None,
        };
        parts.rest.is_empty().then_some(Shape { era, year, month, day })
    }

    /// The month of the common era, if the era has such a year and the year such a month.
    fn year_month(&self) -> Result<YearMonth, DateFault> {
        let year = match self.era {
            Era::Common => self.year,
            Era::Reiwa if self.year == 0 => return Err(DateFault::EraYearZero),
            Era::Reiwa => self.year + REIWA_OFFSET,
            Era::Other(era) => return Err(DateFault::OtherEra { era }),
        };
        match self.month {
            month @ 1..=12 => Ok(YearMonth { year, month }),
            month => Err(DateFault::NoSuchMonth { month }),
        }
    }
}

/// What stands between the numbers of a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Year,
    Month,
    Day,
    Hyphen,
    Slash,
    Dot,
}

/// The rest of a text that is being taken apart; spaces between the parts are skipped.
struct Parts<'a> {
    rest: &'a str,
}

impl Parts<'_> {
    fn era(&mut self) -> Era {
        for (sign, era) in ERA_SIGNS {
            if let Some(rest) = self.rest.strip_prefix(sign) {
                self.rest = rest.trim_start();
                return era;
            }
        }
        Era::Common
    }

    /// Four digits in the common era, 元 or at most two digits in another.
    fn year(&mut self, era: Era) -> Option<i16> {
        if era == Era::Common {
            return self.digits(4, 4).filter(|year| *year > 0);
        }
        if let Some(rest) = self.rest.strip_prefix('元') {
            self.rest = rest.trim_start();
            return Some(1);
        }
        self.digits(1, 2)
    }

    /// A month or a day: one or two digits.
    fn number(&mut self) -> Option<i8> {
        self.digits(1, 2)?.try_into().ok()
    }

    fn digits(&mut self, least: usize, most: usize) -> Option<i16> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        if !(least..=most).contains(&end) {
            return None;
        }
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        digits.parse().ok()
    }

    fn expect(&mut self, mark: Mark) -> Option<()> {
        (self.mark()? == mark).then_some(())
    }

    fn mark(&mut self) -> Option<Mark> {
        let mut chars = self.rest.chars();
        let mark = match chars.next()? {
            '年' => Mark::Year,
            '月' => Mark::Month,
            '日' => Mark::Day,
            // Also the hyphen, the minus and the long-vowel sign that an input method leaves between digits.
            '-' | '\u{2010}' | '\u{2212}' | 'ー' => Mark::Hyphen,
            '/' => Mark::Slash,
            '.' => Mark::Dot,
            _ => return None,
        };
        self.rest = chars.as_str().trim_start();
        Some(mark)
    }
}

/// The day of the week in one character: 月 to 日.
///
/// ```
/// use onshi::calendar::{weekday_name, Date};
/// assert_eq!(weekday_name(Date::constant(2024, 4, 1)), "月");
/// ```
pub fn weekday_name(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "月",
        Weekday::Tuesday => "火",
        Weekday::Wednesday => "水",
        Weekday::Thursday => "木",
        Weekday::Friday => "金",
        Weekday::Saturday => "土",
        Weekday::Sunday => "日",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn one_day_written_in_every_way() {
        for text in [
            "2024-04-01",
            "2024-4-1",
            "2024/4/1",
            "2024/04/01",
            "2024.4.1",
            "2024年4月1日",
            "西暦2024年4月1日",
            "令和6年4月1日",
            "令和６年４月１日",
            "令和 6 年 4 月 1 日",
            "㋿6年4月1日",
            "R6.4.1",
            "r6.04.01",
            "R6/4/1",
            "Ｒ６．４．１",
            "２０２４－０４－０１",
            "２０２４ー０４ー０１",
            "２０２４／４／１",
            "２０２４年４月１日",
            "  2024-04-01\t",
            "\u{3000}2024年4月1日\u{3000}",
        ] {
            assert_eq!(parse_date(text), Ok(date(2024, 4, 1)), "{text}");
        }
        assert_eq!(parse_date("令和元年5月1日"), Ok(date(2019, 5, 1)));
        assert_eq!(parse_date("R元.5.1"), Ok(date(2019, 5, 1)));
        assert_eq!(parse_date("R1.12.31"), Ok(date(2019, 12, 31)));
        assert_eq!(parse_date("2024-02-29"), Ok(date(2024, 2, 29)));
        assert_eq!(parse_date("2019-04-30"), Ok(date(2019, 4, 30)));
    }

    #[test]
    fn what_is_not_written_as_a_day() {
        for text in [
            "",
            " ",
            "未定",
            "2024",
            "2024-04",
            "2024年4月",
            "2024年4月1",
            "24-04-01",
            "20240401",
            "2024-04/01",
            "2024-04-01 10:00",
            "2024-04-001",
            "2024-0 4-01",
            "2024-04-01-",
            "2024--04-01",
            "-2024-04-01",
            "0000-01-01",
            "2024月4月1日",
            "2024年4日1日",
            "令和2024年4月1日",
            "令和年4月1日",
            "6年4月1日",
            "4月1日",
            "45383",
            "2024年4月1日(月)",
            "元年5月1日",
        ] {
            let found = text.trim().to_string();
            assert_eq!(parse_date(text), Err(DateFault::NotADate { found }), "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_reason() {
        let no_day = |year, month, day| Err(DateFault::NoSuchDay { year, month, day });
        let before = |month, day| Err(DateFault::BeforeReiwa { month, day });
        assert_eq!(parse_date("2023-02-30"), no_day(2023, 2, 30));
        assert_eq!(parse_date("2023-02-29"), no_day(2023, 2, 29));
        assert_eq!(parse_date("令和6年4月31日"), no_day(2024, 4, 31));
        assert_eq!(parse_date("2024-04-00"), no_day(2024, 4, 0));
        assert_eq!(parse_date("2024-04-99"), no_day(2024, 4, 99));
        assert_eq!(parse_date("2024-13-01"), Err(DateFault::NoSuchMonth { month: 13 }));
        assert_eq!(parse_date("R6.0.1"), Err(DateFault::NoSuchMonth { month: 0 }));
        assert_eq!(parse_date("令和0年4月1日"), Err(DateFault::EraYearZero));
        assert_eq!(parse_date("R0.13.1"), Err(DateFault::EraYearZero));
        assert_eq!(parse_date("令和元年4月30日"), before(4, Some(30)));
        assert_eq!(parse_date("R1.1.1"), before(1, Some(1)));
        assert_eq!(parse_date("令和元年2月29日"), no_day(2019, 2, 29));
        for (text, era) in [
            ("平成31年4月30日", "平成"),
            ("H31.4.30", "平成"),
            ("昭和64年1月7日", "昭和"),
            ("S64.1.7", "昭和"),
            ("大正元年12月1日", "大正"),
            ("明治45年7月1日", "明治"),
        ] {
            assert_eq!(parse_date(text), Err(DateFault::OtherEra { era }), "{text}");
        }
    }

    #[test]
    fn one_month_written_in_every_way() {
        for text in [
            "2023-03",
            "2023-3",
            "2023/3",
            "2023.03",
            "2023年3月",
            "西暦2023年3月",
            "令和5年3月",
            "令和 ５ 年 ３ 月",
            "R5.3",
            "r5/03",
            " ２０２３／０３ ",
        ] {
            let month = YearMonth { year: 2023, month: 3 };
            assert_eq!(parse_year_month(text), Ok(month), "{text}");
        }
        let first = YearMonth { year: 2019, month: 5 };
        assert_eq!(parse_year_month("令和元年5月"), Ok(first));
    }

    #[test]
    fn each_fault_of_a_month_has_its_reason() {
        for text in
            ["", "2023", "3月", "2023-03-01", "2023年3月1日", "2023-", "2023-03-", "2023年3"]
        {
            let found = text.to_string();
            assert_eq!(parse_year_month(text), Err(DateFault::NotAYearMonth { found }), "{text}");
        }
        assert_eq!(parse_year_month("2023-13"), Err(DateFault::NoSuchMonth { month: 13 }));
        assert_eq!(parse_year_month("令和0年3月"), Err(DateFault::EraYearZero));
        let (month, day) = (4, None);
        assert_eq!(parse_year_month("令和元年4月"), Err(DateFault::BeforeReiwa { month, day }));
        assert_eq!(parse_year_month("H31.4"), Err(DateFault::OtherEra { era: "平成" }));
    }

    #[test]
    fn months_are_ordered_by_time() {
        let month = |text| parse_year_month(text).unwrap();
        assert!(month("2022-12") < month("2023-01"));
        assert!(month("2023-01") < month("2023-02"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "[0-9０-９令和元R年月日./ー－ -]{0,16}|.{0,16}") {
            let _ = parse_date(&text).map_err(|fault| fault.message());
            let _ = parse_year_month(&text).map_err(|fault| fault.message());
        }

        #[test]
        fn every_day_of_reiwa_reads_back(days in 0i64..30_000) {
            let day = REIWA_BEGINS.saturating_add(jiff::Span::new().days(days));
            let (year, month, number) = (day.year(), day.month(), day.day());
            let era = crate::calendar::reiwa_year_text(year - REIWA_OFFSET);
            for text in [
                day.to_string(),
                format!("{year}/{month}/{number}"),
                format!("{year}年{month}月{number}日"),
                format!("令和{era}年{month}月{number}日"),
                format!("R{era}.{month}.{number}"),
            ] {
                proptest::prop_assert_eq!(parse_date(&text), Ok(day));
            }
        }
    }
}
