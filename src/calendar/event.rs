//! Days and times as people write them into a free text: `10月1日 10:00～12:00`.

use unicode_normalization::UnicodeNormalization as _;

use super::{Date, parse_date};

/// The day a text names; one without a year is the nearest such day to `today`.
///
/// ```
/// use onshi::calendar::{event_day, Date};
/// let today = Date::constant(2022, 9, 20);
/// assert_eq!(event_day("10月1日 10:00～12:00", today), Some(Date::constant(2022, 10, 1)));
/// assert_eq!(event_day("令和4年10月1日(土)", today), Some(Date::constant(2022, 10, 1)));
/// assert_eq!(event_day("●月●日", today), None);
/// ```
pub fn event_day(text: &str, today: Date) -> Option<Date> {
    let text = close(text);
    let whole = text.find('日').map(|at| &text[..at + '日'.len_utf8()]);
    if let Some(day) = whole.and_then(|whole| parse_date(whole).ok()) {
        return Some(day);
    }
    if let Some(day) = text.split(' ').next().and_then(|day| parse_date(day).ok()) {
        return Some(day);
    }
    let (month, rest) = match text.split_once('月') {
        Some((month, rest)) => (month, rest.split_once('日')?.0),
        None => {
            let (month, rest) = text.split_once('/')?;
            (month, rest.split(|c: char| !c.is_ascii_digit()).next()?)
        }
    };
    let (month, day) = (month.parse().ok()?, rest.parse().ok()?);
    let years = [today.year() - 1, today.year(), today.year() + 1];
    let days = years.into_iter().filter_map(|year| Date::new(year, month, day).ok());
    days.min_by_key(|day| day.duration_since(today).abs())
}

/// A text without its spaces but between digits: 4/1 9:00 is not 4/19:00.
fn close(text: &str) -> String {
    let mut close = String::new();
    let mut is_apart = false;
    for c in text.nfkc() {
        if c.is_whitespace() {
            is_apart = true;
            continue;
        }
        let between = c.is_ascii_digit() && close.ends_with(|c: char| c.is_ascii_digit());
        if std::mem::take(&mut is_apart) && between {
            close.push(' ');
        }
        close.push(c);
    }
    close
}

/// Whether the times of `inner` lie within those of `outer`; none when either has no readable times.
///
/// ```
/// use onshi::calendar::times_inside;
/// assert_eq!(times_inside("11:00～11:15 (15分)", "10月1日 10:00～12:00"), Some(true));
/// assert_eq!(times_inside("９時半から", "10時～12時"), None);
/// assert_eq!(times_inside("12時～12時15分", "10月1日 10時～12時"), Some(false));
/// ```
pub fn times_inside(inner: &str, outer: &str) -> Option<bool> {
    let (inner, outer) = (spans(inner)?, spans(outer)?);
    let within = |span: &(u32, u32)| outer.iter().any(|o| o.0 <= span.0 && span.1 <= o.1);
    Some(inner.iter().all(within))
}

/// The spans of time in a text, in minutes; none unless its times come in pairs, the earlier first.
fn spans(text: &str) -> Option<Vec<(u32, u32)>> {
    let times = times(text)?;
    let spans: Vec<(u32, u32)> =
        times.chunks(2).filter_map(|c| Some((*c.first()?, *c.get(1)?))).collect();
    let sound = !times.is_empty() && times.len() % 2 == 0 && spans.iter().all(|s| s.0 < s.1);
    sound.then_some(spans)
}

/// The times of day in a text, in minutes, written `10:30`, `10時30分` or `10時半`; 午後 before one holds up to the next
/// day or comma. None when one is not a time, or has AM or PM behind it.
fn times(text: &str) -> Option<Vec<u32>> {
    let chars: Vec<char> = close(text).chars().collect();
    if chars.windows(2).any(|two| matches!(two, ['A' | 'a' | 'P' | 'p', 'M' | 'm'])) {
        return None;
    }
    let mut half = None;
    let number = |from: usize| -> (Option<u32>, usize) {
        let digits: String = chars[from..].iter().take_while(|c| c.is_ascii_digit()).collect();
        (digits.parse().ok(), from + digits.len())
    };
    let mut times = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '午' => half = chars.get(at + 1).copied(),
            '日' | '/' | '、' | ',' => half = None,
            _ => {}
        }
        let (hour, after) = number(at);
        let (Some(hour), Some(mark)) = (hour, chars.get(after)) else {
            at = after.max(at + 1);
            continue;
        };
        at = after + 1;
        let minute = match mark {
            ':' => {
                let (minute, end) = number(at);
                at = end;
                minute?
            }
            '時' if chars.get(at) == Some(&'半') => 30,
            '時' => match number(at) {
                (Some(minute), end) if chars.get(end) == Some(&'分') => {
                    at = end;
                    minute
                }
                // What is not a minute is the next hour.
                _ => 0,
            },
            _ => continue,
        };
        if hour > 24 || minute > 59 {
            return None;
        }
        let hour = match half {
            Some('後') if hour < 12 => hour + 12,
            Some('前') if hour == 12 => 0,
            _ => hour,
        };
        // From 午前10時 to 12時 is till noon.
        half = half.filter(|half| *half != '前');
        times.push(hour * 60 + minute);
    }
    Some(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_a_year_are_the_nearest() {
        let day =
            |text, y, m, d| event_day(text, Date::constant(y, m, d)).map(|day| day.to_string());
        assert_eq!(day("1月10日", 2022, 12, 20).as_deref(), Some("2023-01-10"));
        assert_eq!(day("12月20日", 2023, 1, 10).as_deref(), Some("2022-12-20"));
        assert_eq!(day("１０月　１日（土）", 2022, 9, 1).as_deref(), Some("2022-10-01"));
        assert_eq!(day("10/1 10:00", 2022, 9, 1).as_deref(), Some("2022-10-01"));
        assert_eq!(day("2023-10-01 10:00", 2022, 9, 1).as_deref(), Some("2023-10-01"));
        assert_eq!(day("2026/10/1 10:00～12:00", 2026, 9, 1).as_deref(), Some("2026-10-01"));
        assert_eq!(day("2026/9/2 9:00", 2026, 9, 1).as_deref(), Some("2026-09-02"));
        assert_eq!(day("2026/10/1", 2025, 9, 1).as_deref(), Some("2026-10-01"));
        for text in ["", "未定", "2月30日", "13月1日", "日", "月日", "～", "99999999999月1日"]
        {
            assert_eq!(day(text, 2022, 9, 1), None, "{text}");
        }
    }

    #[test]
    fn times_lie_inside_or_not_or_cannot_be_read() {
        let event = "10月1日 10:00～12:00、13時30分〜15時";
        for (slot, inside) in [
            ("10:00～10:15", Some(true)),
            ("１４：４５－１５：００", Some(true)),
            ("14時半から15時", Some(true)),
            ("14時～14時半", Some(true)),
            ("14時10分～14時20分", Some(true)),
            ("11:00～11:59", Some(true)),
            ("23:00～24:00", Some(false)),
            ("11:50～12:05", Some(false)),
            ("12:30～12:45 (15分)", Some(false)),
            ("9:00～9:15", Some(false)),
            ("15分", None),
            ("11:00", None),
            ("11:15～11:00", None),
            ("11:00～11:00", None),
            ("11:00～11:60", None),
            ("25:00～26:00", None),
            ("11:～12:00", None),
        ] {
            assert_eq!(times_inside(slot, event), inside, "{slot}");
        }
        for (slot, event, inside) in [
            ("14:00～14:15", "10月1日 午後1時～午後4時", Some(true)),
            ("14:00～14:15", "10月1日 午後1時～4時", Some(true)),
            ("午後10時～午後11時", "9:00～12:00", Some(false)),
            ("午前12時～午前0時半", "0:00～1:00", Some(true)),
            ("11:30～11:45", "午前10時～12時", Some(true)),
            ("午前9時～9時15分", "午前9時～午後3時", Some(true)),
            ("11:00～11:15", "10/1 9:00～20:00", Some(true)),
            ("2:00 PM～2:15 PM", "13:00～16:00", None),
        ] {
            assert_eq!(times_inside(slot, event), inside, "{slot} in {event}");
        }
    }
}
