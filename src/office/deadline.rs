//! How a deadline is counted back from a designation.

use jiff::civil::Date;
use serde::Deserialize;

use super::steps::{day_of_month_before, months_before};
use crate::calendar::{next_open_day, previous_open_day};
use crate::report::Text;

/// What becomes of a deadline that falls on a closed day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhenClosed {
    /// The next open day.
    Next,
    /// The open day before.
    Previous,
    /// The day itself.
    Stay,
}

/// How a bureau counts its deadline back from the designation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// Which month: so many before that of the designation.
    pub months_before: u8,
    /// Which day of that month, its last when it has no such day; none: the designation's own day number.
    #[serde(default)]
    pub day: Option<u8>,
    /// What becomes of it on a closed day.
    pub closed: WhenClosed,
}

impl DeadlineRule {
    /// The guide of 「指定の2か月前が目安」, for bureaus whose own rule is not known. Source: seed 000, 第1の1(1).
    pub(super) const TWO_MONTHS: DeadlineRule =
        DeadlineRule { months_before: 2, day: None, closed: WhenClosed::Stay };

    /// The guide of 「指定1か月前」 of 別紙3, for offices whose own rule is not known.
    pub(super) const ONE_MONTH: DeadlineRule =
        DeadlineRule { months_before: 1, day: None, closed: WhenClosed::Stay };

    /// The deadline for a designation.
    ///
    /// ```
    /// use onshi::calendar::Date;
    /// use onshi::office::{DeadlineRule, WhenClosed};
    /// let rule = DeadlineRule { months_before: 2, day: Some(5), closed: WhenClosed::Next };
    /// assert_eq!(rule.date(Date::constant(2024, 7, 1)), Date::constant(2024, 5, 7));
    /// ```
    pub fn date(&self, designation: Date) -> Date {
        let date = match self.day {
            Some(day) => day_of_month_before(designation, self.months_before, day),
            None => months_before(designation, self.months_before),
        };
        match self.closed {
            WhenClosed::Next => next_open_day(date),
            WhenClosed::Previous => previous_open_day(date),
            WhenClosed::Stay => date,
        }
    }

    /// The rule in words.
    ///
    /// ```
    /// use onshi::office::{DeadlineRule, WhenClosed};
    /// let rule = DeadlineRule { months_before: 2, day: Some(1), closed: WhenClosed::Next };
    /// assert_eq!(rule.text().ja, "指定の2か月前の月の最初の開庁日");
    /// ```
    pub fn text(&self) -> Text {
        let months = self.months_before;
        let plural = if months == 1 { "" } else { "s" };
        let before_ja = format!("指定の{months}か月前");
        let before_en = format!("{months} month{plural} before the designation");
        if (self.day, self.closed) == (Some(1), WhenClosed::Next) {
            return Text::new(
                format!("{before_ja}の月の最初の開庁日"),
                format!("the first open day of the month {before_en}"),
            );
        }
        let (day_ja, day_en) = match self.day {
            Some(day) => {
                (format!("{before_ja}の月の{day}日"), format!("day {day} of the month {before_en}"))
            }
            None => (before_ja, before_en),
        };
        let (closed_ja, closed_en) = match self.closed {
            WhenClosed::Next => ("（閉庁日なら翌開庁日）", ", or the next open day"),
            WhenClosed::Previous => ("（閉庁日なら前開庁日）", ", or the open day before"),
            WhenClosed::Stay => ("", ""),
        };
        Text::new(day_ja + closed_ja, day_en + closed_en)
    }
}

/// What an office has published about a deadline of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// How it counts the deadline; none when that is not known.
    #[serde(default)]
    pub deadline: Option<DeadlineRule>,
    /// What is known besides, such as how to hand it in.
    #[serde(default)]
    pub note: Option<Text>,
    /// Where it was published.
    pub source: String,
    /// The day or year it was seen there: `2024-03-18`, `2024`.
    pub as_of: String,
}

impl Published {
    pub(super) fn validate(&self, name: &str) -> Result<(), Text> {
        if self.source.trim().is_empty() || self.as_of.trim().is_empty() {
            return Err(Text::new(
                format!("{name}: どこでいつ公表されたかを source と as_of に書きます"),
                format!("{name}: source and as_of say where and when it was published"),
            ));
        }
        let Some(rule) = self.deadline else { return Ok(()) };
        if !(1..=12).contains(&rule.months_before) {
            let months = rule.months_before;
            return Err(Text::new(
                format!("{name}: months_before は 1 から 12 までです（今は {months}）"),
                format!("{name}: {months} months before is not 1 to 12"),
            ));
        }
        match rule.day {
            Some(day) if !(1..=31).contains(&day) => Err(Text::new(
                format!("{name}: day は 1 から 31 までです（今は {day}）"),
                format!("{name}: there is no day {day}: it is 1 to 31"),
            )),
            _ => Ok(()),
        }
    }
}

/// By when an office wants a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The last day.
    pub date: Date,
    /// Whether the bureau's own rule is known; otherwise the date is a guide and the bureau's page decides.
    pub known: bool,
    /// The rule in words.
    pub rule: Text,
    /// What is known besides, such as how to hand it in.
    pub note: Option<Text>,
    /// Where the rule was published and when it was seen there.
    pub cite: Option<String>,
}

impl Deadline {
    /// What an office has published, else the guide, with the words that its page decides.
    pub(super) fn published(
        published: Option<&Published>,
        guide: DeadlineRule,
        office: &str,
        designation: Date,
    ) -> Deadline {
        let known = published.and_then(|published| published.deadline);
        let rule = known.unwrap_or(guide);
        let text = rule.text();
        Deadline {
            date: rule.date(designation),
            known: known.is_some(),
            rule: match known {
                Some(_) => text,
                None => Text::new(
                    format!(
                        "期限は不明。{}が目安。{office}のホームページで確かめてください",
                        text.ja
                    ),
                    format!("not known: about {}; the page of {office} decides", text.en),
                ),
            },
            note: published.and_then(|published| published.note.clone()),
            cite: published.map(|p| format!("{}（{} 現在）", p.source, p.as_of)),
        }
    }

    /// The guide, where not even the bureau is known.
    ///
    /// ```
    /// use onshi::calendar::Date;
    /// use onshi::office::Deadline;
    /// let guide = Deadline::guide(Date::constant(2024, 4, 1));
    /// assert_eq!((guide.date, guide.known), (Date::constant(2024, 2, 1), false));
    /// ```
    pub fn guide(designation: Date) -> Deadline {
        let rule = DeadlineRule::TWO_MONTHS;
        let text = rule.text();
        Deadline {
            date: rule.date(designation),
            known: false,
            rule: Text::new(
                format!("{}が目安。提出先の地方厚生（支）局が分かりません", text.ja),
                format!("about {}; the bureau is not known", text.en),
            ),
            note: None,
            cite: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_in_words() {
        use WhenClosed::{Next, Previous, Stay};
        for (months_before, day, closed, ja, en) in [
            (
                2,
                Some(5),
                Next,
                "指定の2か月前の月の5日（閉庁日なら翌開庁日）",
                "day 5 of the month 2 months before the designation, or the next open day",
            ),
            (
                2,
                Some(1),
                Previous,
                "指定の2か月前の月の1日（閉庁日なら前開庁日）",
                "day 1 of the month 2 months before the designation, or the open day before",
            ),
            (
                1,
                Some(1),
                Next,
                "指定の1か月前の月の最初の開庁日",
                "the first open day of the month 1 month before the designation",
            ),
            (2, None, Stay, "指定の2か月前", "2 months before the designation"),
        ] {
            let rule = DeadlineRule { months_before, day, closed };
            assert_eq!(rule.text(), Text::new(ja, en));
        }
    }
}
