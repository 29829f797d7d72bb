//! How people write days and months: the parts of a text, whether or not there is such a day.

use unicode_normalization::UnicodeNormalization;

/// How a year is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    Common,
    Reiwa,
    Other(&'static str),
    /// One or two digits without an era.
    Unsaid,
}

/// The signs before a year, and the era they mean.
const ERA_SIGNS: [(&str, Era); 16] = [
    ("西暦", Era::Common),
    ("令和", Era::Reiwa),
    ("令", Era::Reiwa),
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

/// The parts of a text that is written like a day or a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    pub era: Era,
    /// None in 4月1日.
    pub year: Option<i16>,
    pub month: i8,
    pub day: Option<i8>,
    /// The day of the week behind it, 月 to 日.
    pub weekday: Option<char>,
    /// Whether a time of day other than midnight follows.
    pub has_time: bool,
    /// What is written behind it, such as 予定.
    pub extra: String,
}

impl Spelling {
    /// Takes a text apart; none when it is written like neither a day nor a month.
    pub fn read(text: &str) -> Option<Spelling> {
        // Compatibility forms only: ２→2, ／→/, ㋿→令和, ㈭→(木), the ideographic space → a space.
        let text = arabic(&text.nfkc().collect::<String>());
        let mut parts = Parts { rest: text.trim() };
        let era = parts.era();
        let (era, year, month, day) = parts
            .compact(era)
            .or_else(|| parts.marked(era.unwrap_or(Era::Common), era.is_some()))?;
        let weekday = day.and_then(|_| parts.weekday());
        let has_time = day.is_some() && parts.time();
        let extra = parts.rest.to_owned();
        // What goes on with a number or a mark is not written like a day at all.
        let goes_on = extra.starts_with(|c: char| c.is_ascii_digit() || c == ':');
        let goes_on = goes_on || mark(&extra).is_some();
        (!goes_on).then_some(Spelling { era, year, month, day, weekday, has_time, extra })
    }
}

/// What is between the numbers of a day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Year,
    Month,
    Day,
    Hyphen,
    Slash,
    Dot,
}

fn mark(text: &str) -> Option<Mark> {
    Some(match text.chars().next()? {
        '年' => Mark::Year,
        '月' => Mark::Month,
        '日' => Mark::Day,
        // Also the hyphen, the minus and the long-vowel sign that an input method leaves between digits.
        '-' | '\u{2010}' | '\u{2212}' | 'ー' => Mark::Hyphen,
        '/' => Mark::Slash,
        // And what the same key gives in Japanese.
        '.' | '。' | '・' => Mark::Dot,
        _ => return None,
    })
}

type Numbers = (Era, Option<i16>, i8, Option<i8>);

/// The rest of a text that is being taken apart; spaces between the parts are skipped.
struct Parts<'a> {
    rest: &'a str,
}

impl<'a> Parts<'a> {
    fn era(&mut self) -> Option<Era> {
        let sign = ERA_SIGNS.iter().find(|(sign, _)| self.rest.starts_with(sign));
        let (sign, era) = sign?;
        self.skip(sign.len());
        Some(*era)
    }

    /// `20240401`, `202404`, or with an era `R060401`.
    fn compact(&mut self, era: Option<Era>) -> Option<Numbers> {
        let digits = self.peek();
        let in_common = matches!(era, None | Some(Era::Common));
        let year_length = if in_common { 4 } else { 2 };
        if !matches!(digits.len(), 6 | 8) || !in_common && digits.len() != 6 {
            return None;
        }
        let number = |from: usize, length: usize| digits.get(from..from + length)?.parse().ok();
        let year: i16 = number(0, year_length)?;
        if in_common && !(1900..2200).contains(&year) {
            return None;
        }
        let month = number(year_length, 2)?.try_into().ok()?;
        let day = number(year_length + 2, 2).and_then(|day| day.try_into().ok());
        self.skip(digits.len());
        Some((era.unwrap_or(Era::Common), Some(year), month, day))
    }

    /// Numbers with marks between them.
    fn marked(&mut self, era: Era, has_era: bool) -> Option<Numbers> {
        let (first, length) = self.number()?;
        let era = match (era, length) {
            (Era::Common, 4) if first > 0 => Era::Common,
            (Era::Common, 1 | 2) => Era::Unsaid,
            (Era::Reiwa | Era::Other(_), 1 | 2) => era,
            _ => return None,
        };
        let between = self.mark()?;
        if between == Mark::Month && era == Era::Unsaid && !has_era {
            return Some((era, None, first.try_into().ok()?, self.day_of_month()));
        }
        let month = self.small()?;
        match between {
            Mark::Year => {
                self.expect(Mark::Month)?;
                Some((era, Some(first), month, self.day_of_month()))
            }
            Mark::Month | Mark::Day => None,
            _ if mark(self.rest) == Some(between) => {
                self.mark();
                let day = self.small()?;
                Some((era, Some(first), month, Some(day)))
            }
            _ if era == Era::Unsaid && !has_era => {
                Some((era, None, first.try_into().ok()?, Some(month)))
            }
            _ => Some((era, Some(first), month, None)),
        }
    }

    /// The day behind 月; its 日 may be left out.
    fn day_of_month(&mut self) -> Option<i8> {
        let day = self.small()?;
        if mark(self.rest) == Some(Mark::Day) {
            self.mark();
        }
        Some(day)
    }

    /// `(木)`, `木曜日`, `(木・祝)`.
    fn weekday(&mut self) -> Option<char> {
        let inside = self.rest.strip_prefix('(').unwrap_or(self.rest);
        let is_bracketed = inside.len() < self.rest.len();
        let name = inside.chars().next().filter(|c| "月火水木金土日".contains(*c))?;
        let mut rest = &inside[name.len_utf8()..];
        for word in ["曜", "日", "・", "祝", "日"] {
            rest = rest.strip_prefix(word).unwrap_or(rest);
        }
        let rest = match is_bracketed {
            true => rest.strip_prefix(')')?,
            false => rest,
        };
        self.rest = rest.trim_start();
        Some(name)
    }

    /// A time of day, with fractions of its seconds and a zone or without; whether it is not midnight.
    fn time(&mut self) -> bool {
        let rest = self.rest.strip_prefix('T').unwrap_or(self.rest).trim_start();
        let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')));
        let (clock, zone) = rest.split_at(end.unwrap_or(rest.len()));
        let is_zone = zone.is_empty()
            || zone == "Z"
            || zone.strip_prefix(['+', '-']).is_some_and(|zone| {
                !zone.is_empty() && zone.chars().all(|c| c.is_ascii_digit() || c == ':')
            });
        // A clock without an hour is the rest of 2027/4/1 0:00 whose space was lost: its day is not 10.
        if !is_zone || !clock.contains(':') || clock.starts_with(':') {
            return false;
        }
        self.rest = "";
        clock.chars().any(|c| matches!(c, '1'..='9'))
    }

    /// 元, or the digits that come next, and how many they are.
    fn number(&mut self) -> Option<(i16, usize)> {
        if self.rest.starts_with('元') {
            self.skip('元'.len_utf8());
            return Some((1, 1));
        }
        let digits = self.peek();
        let number = digits.parse().ok()?;
        self.skip(digits.len());
        Some((number, digits.len()))
    }

    /// A month or a day: one or two digits.
    fn small(&mut self) -> Option<i8> {
        let digits = self.peek();
        let number = digits.parse().ok().filter(|_| digits.len() <= 2)?;
        self.skip(digits.len());
        Some(number)
    }

    fn expect(&mut self, mark: Mark) -> Option<()> {
        (self.mark()? == mark).then_some(())
    }

    fn mark(&mut self) -> Option<Mark> {
        let found = mark(self.rest)?;
        self.skip(self.rest.chars().next().map_or(0, char::len_utf8));
        Some(found)
    }

    fn peek(&self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        &self.rest[..end]
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest[bytes..].trim_start();
    }
}

/// 二〇二七 and 二十七 in Arabic digits.
fn arabic(text: &str) -> String {
    const DIGITS: &str = "〇一二三四五六七八九";
    let digit = |c: char| DIGITS.chars().position(|known| known == c);
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match digit(c) {
            None if c == '十' => out.push('1'),
            None => {
                out.push(c);
                continue;
            }
            Some(digit) => {
                out += &digit.to_string();
                // The 1 of 十 is in the digit before it.
                if chars.next_if_eq(&'十').is_none() {
                    continue;
                }
            }
        }
        // Behind 十 comes a digit, or nothing: 二十 is 20.
        match chars.peek().and_then(|c| digit(*c)) {
            Some(_) => {}
            None => out.push('0'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kanji_numerals_are_digits() {
        for (kanji, digits) in [
            ("二〇二七", "2027"),
            ("十", "10"),
            ("十一", "11"),
            ("二十", "20"),
            ("三十一", "31"),
            ("九年四月一日", "9年4月1日"),
        ] {
            assert_eq!(arabic(kanji), digits);
        }
    }

    #[test]
    fn what_stands_behind_a_day_is_told_apart() {
        let read = |text| Spelling::read(text).unwrap();
        let day = read("2027年4月1日（木・祝）予定");
        assert_eq!((day.weekday, day.extra.as_str()), (Some('木'), "予定"));
        assert!(read("2027-04-01T10:30:00.5+09:00").has_time);
        assert!(!read("2027-04-01 0:00").has_time);
        assert_eq!(read("2027-04-01 午前").extra, "午前");
        for text in
            ["2027-04-01-", "2027/4/10:00", "2027/4/19:00", "2027/4/1 :00", "2027/4/20:00:00"]
        {
            assert_eq!(Spelling::read(text), None, "{text}");
        }
    }
}
