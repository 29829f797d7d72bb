//! Reading days and months as people write them.

use std::fmt;

use jiff::civil::{Date, Weekday};

use super::{
    era::{REIWA_BEGINS, REIWA_OFFSET},
    fault::DateFault,
    spelling::{Era, Spelling},
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

/// What a text was read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// The day, or the month.
    pub value: T,
    /// Whether the text leaves open what is meant, as `9.4.1` does its era, or has a time of day
    /// that is left out: its writer is to be told.
    pub is_supposed: bool,
}

/// Reads a day: `2024-04-01`, `2024/4/1`, `20240401`, `2024年4月1日(月)`, `令和6年4月1日`, `R6.4.1`.
///
/// Full-width characters, kanji numerals and spaces around the parts are accepted; so is midnight
/// behind the day.
///
/// # Errors
/// A [`DateFault`] that says why the text is not a day, or may be more than one.
///
/// ```
/// use onshi::calendar::{parse_date, Date};
/// assert_eq!(parse_date("令和元年５月１日"), Ok(Date::constant(2019, 5, 1)));
/// assert!(parse_date("2024-13-01").is_err());
/// ```
pub fn parse_date(text: &str) -> Result<Date, DateFault> {
    let Reading { value, is_supposed } = read_date(text)?;
    if is_supposed { Err(not_a_date(text)) } else { Ok(value) }
}

/// Reads a day as [`parse_date`] does, and what can only be supposed: `9.4.1` as 令和9年.
///
/// # Errors
/// A [`DateFault`] that says why the text is not a day.
///
/// ```
/// use onshi::calendar::{read_date, Date};
/// let read = read_date("9.4.1").unwrap();
/// assert_eq!((read.value, read.is_supposed), (Date::constant(2027, 4, 1), true));
/// ```
pub fn read_date(text: &str) -> Result<Reading<Date>, DateFault> {
    let spelling = Spelling::read(text).ok_or_else(|| not_a_date(text))?;
    let Some(year) = spelling.year else {
        let Spelling { month, day, .. } = spelling;
        return Err(DateFault::NoYear { month, day });
    };
    let YearMonth { year, month } = year_month(spelling.era, year, spelling.month)?;
    let Some(day) = spelling.day else { return Err(DateFault::NoDay { year, month }) };
    let date =
        Date::new(year, month, day).map_err(|_| DateFault::NoSuchDay { year, month, day })?;
    if is_reiwa(spelling.era) && date < REIWA_BEGINS {
        let day = Some(day);
        return Err(DateFault::BeforeReiwa { month, day });
    }
    if let Some(weekday) = spelling.weekday
        && weekday_name(date) != weekday.to_string()
    {
        return Err(DateFault::OtherWeekday { date, weekday });
    }
    if !spelling.extra.is_empty() {
        return Err(DateFault::Extra { meant: date.to_string(), extra: spelling.extra });
    }
    let is_supposed = spelling.era == Era::Unsaid || spelling.has_time;
    Ok(Reading { value: date, is_supposed })
}

fn not_a_date(text: &str) -> DateFault {
    DateFault::NotADate { found: text.trim().to_owned() }
}

/// Reads a month of a year: `2023-03`, `2023/3`, `2023年3月`, `令和5年3月`, `R5.3`.
///
/// Full-width characters, kanji numerals and spaces around the parts are accepted.
///
/// # Errors
/// A [`DateFault`] that says why the text is not a month, or may be more than one.
///
/// ```
/// use onshi::calendar::{parse_year_month, YearMonth};
/// assert_eq!(parse_year_month("R5.3"), Ok(YearMonth { year: 2023, month: 3 }));
/// assert!(parse_year_month("2023-03-01").is_err());
/// ```
pub fn parse_year_month(text: &str) -> Result<YearMonth, DateFault> {
    let Reading { value, is_supposed } = read_year_month(text)?;
    if is_supposed { Err(not_a_year_month(text)) } else { Ok(value) }
}

/// Reads a month of a year as [`parse_year_month`] does, and what can only be supposed: `5年3月`.
///
/// # Errors
/// A [`DateFault`] that says why the text is not a month.
pub fn read_year_month(text: &str) -> Result<Reading<YearMonth>, DateFault> {
    let spelling = Spelling::read(text).ok_or_else(|| not_a_year_month(text))?;
    let Some(year) = spelling.year else {
        let Spelling { month, day, .. } = spelling;
        return Err(DateFault::NoYear { month, day });
    };
    if spelling.day.is_some() {
        return Err(not_a_year_month(text));
    }
    let month = year_month(spelling.era, year, spelling.month)?;
    let begins = (REIWA_BEGINS.year(), REIWA_BEGINS.month());
    if is_reiwa(spelling.era) && (month.year, month.month) < begins {
        let (month, day) = (month.month, None);
        return Err(DateFault::BeforeReiwa { month, day });
    }
    if !spelling.extra.is_empty() {
        return Err(DateFault::Extra { meant: month.to_string(), extra: spelling.extra });
    }
    Ok(Reading { value: month, is_supposed: spelling.era == Era::Unsaid })
}

fn not_a_year_month(text: &str) -> DateFault {
    DateFault::NotAYearMonth { found: text.trim().to_owned() }
}

fn is_reiwa(era: Era) -> bool {
    matches!(era, Era::Reiwa | Era::Unsaid)
}

/// The last year without an era that is taken for one of 令和: beyond it, it may be one of 平成 or the
/// end of one of the common era.
const LAST_UNSAID: i16 = 18;

/// The month of the common era, if the era has such a year and the year such a month.
fn year_month(era: Era, year: i16, month: i8) -> Result<YearMonth, DateFault> {
    let year = match era {
        Era::Common => year,
        Era::Reiwa | Era::Unsaid if year == 0 => return Err(DateFault::EraYearZero),
        Era::Unsaid if year > LAST_UNSAID => return Err(DateFault::EraUnsaid { year }),
        Era::Reiwa | Era::Unsaid => year + REIWA_OFFSET,
        Era::Other(era) => return Err(DateFault::OtherEra { era }),
    };
    match month {
        month @ 1..=12 => Ok(YearMonth { year, month }),
        month => Err(DateFault::NoSuchMonth { month }),
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
            "20240401",
            "２０２４０４０１",
            "2024年4月1",
            "2024年4月1日(月)",
            "2024年4月1日（月）",
            "2024年4月1日（月曜日）",
            "2024年4月1日 月曜日",
            "2024年4月1日㈪",
            "2024/4/1 (月・祝)",
            "令和6年4月1日(月)",
            "令6. 4. 1",
            "R6-4-1",
            "R6・4・1",
            "Ｒ６。４。１",
            "令和六年四月一日",
            "二〇二四年四月一日",
            "2024-04-01 00:00:00",
            "2024/04/01 0:00:00",
            "2024-04-01T00:00:00",
            "2024-04-01T00:00:00.000Z",
            "2024-04-01T00:00:00+09:00",
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
            "2024-04/01",
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
            "45383",
            "01-04-2024",
            "4/1/2024",
            "99999999",
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
    fn what_is_open_is_supposed_or_asked_for() {
        for (text, year) in [("9.4.1", 2027), ("9年4月1日", 2027), ("2027-04-01 10:30", 2027)] {
            let read = Reading { value: date(year, 4, 1), is_supposed: true };
            assert_eq!(read_date(text), Ok(read), "{text}");
            assert!(matches!(parse_date(text), Err(DateFault::NotADate { .. })), "{text}");
        }
        assert_eq!(read_date("27.4.1"), Err(DateFault::EraUnsaid { year: 27 }));
        assert_eq!(read_date("24-04-01"), Err(DateFault::EraUnsaid { year: 24 }));
        for text in ["4/1", "4月1日", "4.1", "04-01", "四月一日"] {
            assert_eq!(
                read_date(text),
                Err(DateFault::NoYear { month: 4, day: Some(1) }),
                "{text}"
            );
        }
        for text in ["2027年4月", "2027-04", "R9.4", "令和9年4月上旬"] {
            assert_eq!(read_date(text), Err(DateFault::NoDay { year: 2027, month: 4 }), "{text}");
        }
        for (text, extra) in [
            ("2027年4月1日（予定）", "(予定)"),
            ("令和9年4月1日(木)以降", "以降"),
            ("2027-04-01頃", "頃"),
        ] {
            let (meant, extra) = ("2027-04-01".to_owned(), extra.to_owned());
            assert_eq!(read_date(text), Err(DateFault::Extra { meant, extra }), "{text}");
        }
        let other = DateFault::OtherWeekday { date: date(2027, 4, 1), weekday: '金' };
        assert_eq!(read_date("2027年4月1日(金)"), Err(other));
        let read = read_year_month("5年3月").map(|read| (read.value.year, read.is_supposed));
        assert_eq!(read, Ok((2023, true)));
    }

    /// What people write for 2027-04-01, and what becomes of it: `=` read, `~` read with a warning, else a part of
    /// the reason.
    #[test]
    fn what_people_write_for_a_day() {
        let table = [
            ("2027-04-01", "="),
            ("2027-4-1", "="),
            ("2027/4/1", "="),
            ("2027/04/01", "="),
            ("2027.4.1", "="),
            ("2027. 4. 1", "="),
            ("20270401", "="),
            ("２０２７０４０１", "="),
            ("２０２７年４月１日", "="),
            ("2027年4月1日", "="),
            ("2027年04月01日", "="),
            ("2027年 4月 1日", "="),
            ("2027年4月1", "="),
            ("西暦2027年4月1日", "="),
            ("2027年4月1日(木)", "="),
            ("2027年4月1日（木曜日）", "="),
            ("2027/4/1(木)", "="),
            ("令和9年4月1日", "="),
            ("令和９年４月１日", "="),
            ("令和09年04月01日", "="),
            ("令和9年4月1日(木)", "="),
            ("令和9年4月1日木曜日", "="),
            ("令和九年四月一日", "="),
            ("二〇二七年四月一日", "="),
            ("令和9.4.1", "="),
            ("令9.4.1", "="),
            ("㋿9年4月1日", "="),
            ("R9.4.1", "="),
            ("R9/4/1", "="),
            ("R9-4-1", "="),
            ("r09.04.01", "="),
            ("Ｒ９．４．１", "="),
            ("R9年4月1日", "="),
            ("R090401", "="),
            ("2027-04-01 00:00:00", "="),
            ("2027-04-01T00:00:00Z", "="),
            ("9.4.1", "~"),
            ("9/4/1", "~"),
            ("9年4月1日", "~"),
            ("2027-04-01 10:30", "~"),
            ("2027年4月1日（予定）", "「(予定)」は書けません"),
            ("2027年4月1日予定", "「予定」は書けません"),
            ("令和9年4月1日以降", "「以降」は書けません"),
            ("2027年4月1日(金)", "木曜日で、金曜日ではありません"),
            ("令和9年4月1日（月）", "木曜日で、月曜日ではありません"),
            ("4/1", "4月1日には年がありません"),
            ("4月1日", "4月1日には年がありません"),
            ("4.1", "4月1日には年がありません"),
            ("2027年4月", "2027年4月には日がありません"),
            ("R9.4", "2027年4月には日がありません"),
            ("2027年4月上旬", "2027年4月には日がありません"),
            ("27/4/1", "令和か西暦か分かりません"),
            ("27.4.1", "令和か西暦か分かりません"),
            ("平成39年4月1日", "平成の年は使えません"),
            ("H39.4.1", "平成の年は使えません"),
            ("2027年4月31日", "4月に31日はありません"),
            ("2027/13/1", "13月はありません"),
            ("4/1/2027", "日付として読めません"),
            ("270401", "日付として読めません"),
            ("令和9年度", "日付として読めません"),
            ("未定", "日付として読めません"),
            ("来年4月1日", "日付として読めません"),
        ];
        assert!(table.len() >= 43);
        for (text, expected) in table {
            match read_date(text) {
                Ok(Reading { value, is_supposed }) => {
                    assert_eq!(value, date(2027, 4, 1), "{text}");
                    assert_eq!(expected, if is_supposed { "~" } else { "=" }, "{text}");
                }
                Err(fault) => {
                    let said = fault.message().ja;
                    assert!(said.contains(expected), "{text}: {said}");
                }
            }
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
            "202303",
            "令和五年三月",
        ] {
            let month = YearMonth { year: 2023, month: 3 };
            assert_eq!(parse_year_month(text), Ok(month), "{text}");
        }
        let first = YearMonth { year: 2019, month: 5 };
        assert_eq!(parse_year_month("令和元年5月"), Ok(first));
    }

    #[test]
    fn each_fault_of_a_month_has_its_reason() {
        for text in ["", "2023", "2023-03-01", "2023年3月1日", "2023-", "2023-03-", "2023年3"] {
            let found = text.to_string();
            assert_eq!(parse_year_month(text), Err(DateFault::NotAYearMonth { found }), "{text}");
        }
        let no_year = DateFault::NoYear { month: 3, day: None };
        assert_eq!(parse_year_month("3月"), Err(no_year));
        let (meant, extra) = ("2023-03".to_owned(), "頃".to_owned());
        assert_eq!(parse_year_month("2023年3月頃"), Err(DateFault::Extra { meant, extra }));
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
        fn any_text_is_read_or_refused_without_a_panic(text in "[0-9０-９一二十〇令和元R年月日(木)曜祝T:Z./ー－ -]{0,20}|.{0,16}") {
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
