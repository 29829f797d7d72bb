//! The schedule as a table for people and as JSON for programs.

use std::fmt::Write as _;

use jiff::civil::Weekday;
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::{Schedule, State, Step};
use crate::calendar::Date;
use crate::report::Lang;

impl Schedule {
    /// The schedule as a table, its columns aligned for a terminal where full-width characters take
    /// two columns, then the rule and source of each day.
    ///
    /// ```
    /// # use onshi::{calendar::Date, form::Forms, packet::schedule::Schedule, record, report::Lang, values};
    /// # let forms = Forms::built_in();
    /// # let record = record::read("r.yaml", b"{designation: {date: 2024-04-01}}").unwrap();
    /// # let (values, _) = values::values(&record, forms);
    /// let schedule = Schedule::of(&values, forms, Date::constant(2024, 1, 10)).unwrap();
    /// assert!(schedule.text(Lang::En).contains("9 days late"));
    /// ```
    pub fn text(&self, lang: Lang) -> String {
        let mut out = self.head(lang);
        let heads = match lang {
            Lang::Ja => ["", "", "手続き", "期限", "残り", "依頼・提出先"],
            Lang::En => ["", "", "Step", "When", "Left", "Goes to"],
        };
        let mut rows = vec![heads.map(str::to_owned)];
        rows.extend(self.steps.iter().map(|step| {
            let mark = match step.state {
                State::Done => "✓",
                State::Sent => ">",
                State::Open | State::Waiting => "",
                State::Late => "!",
            };
            [
                mark.to_owned(),
                step.number.to_string(),
                step.title.get(lang).to_owned(),
                span(step, lang),
                left(step, lang),
                step.to.get(lang).to_owned(),
            ]
        }));
        let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..heads.len()).map(width).collect();
        for row in &rows {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                line += cell;
                line += &" ".repeat(width - cell.width() + 2);
            }
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{}", line.trim_end());
        }
        out.push('\n');
        for step in &self.steps {
            let guide = match (step.assumed, lang) {
                (false, _) => "",
                (true, Lang::Ja) => "［目安］",
                (true, Lang::En) => "[a guide] ",
            };
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{}  {guide}{}", step.number, step.rule.get(lang));
            for remark in remarks(step, lang) {
                let _ = writeln!(out, "   {remark}");
            }
            let _ = match lang {
                Lang::Ja => writeln!(out, "   根拠: {}", step.cite),
                Lang::En => writeln!(out, "   source: {}", step.cite),
            };
        }
        out
    }

    fn head(&self, lang: Lang) -> String {
        let facility = self.facility.as_deref().map_or(String::new(), |name| format!("{name}\n"));
        let unknown = match lang {
            Lang::Ja => "（分からない）",
            Lang::En => "(not known)",
        };
        let bureau = self.bureau.as_deref().unwrap_or(unknown);
        let (designation, today) = (day(self.designation, lang), day(self.today, lang));
        match lang {
            Lang::Ja => {
                format!("{facility}指定希望日 {designation}　提出先 {bureau}　基準日 {today}\n\n")
            }
            Lang::En => format!(
                "{facility}designation {designation}, bureau {bureau}, measured from {today}\n\n"
            ),
        }
    }

    /// The schedule as JSON; days as `2024-04-01`.
    pub fn json(&self, lang: Lang) -> String {
        let steps = self.steps.iter().map(|step| {
            json!({
                "number": step.number,
                "title": step.title.get(lang),
                "to": step.to.get(lang),
                "from": step.from.map(|date| date.to_string()),
                "due": step.due.to_string(),
                "days_left": step.days_left,
                "state": match step.state {
                    State::Done => "done",
                    State::Sent => "sent",
                    State::Waiting => "waiting",
                    State::Open => "open",
                    State::Late => "late",
                },
                "assumed": step.assumed,
                "open_before": step.open_before.map(|date| date.to_string()),
                "rule": step.rule.get(lang),
                "notes": step.notes.iter().map(|note| note.get(lang)).collect::<Vec<_>>(),
                "cite": step.cite,
            })
        });
        let schedule = json!({
            "facility": self.facility,
            "designation": self.designation.to_string(),
            "bureau": self.bureau,
            "today": self.today.to_string(),
            "certain": self.certain,
            "steps": Value::Array(steps.collect()),
        });
        format!("{schedule:#}\n")
    }
}

/// A day with its day of the week.
fn day(date: Date, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("{date}（{}）", crate::calendar::weekday_name(date)),
        Lang::En => {
            let name = match date.weekday() {
                Weekday::Monday => "Mon",
                Weekday::Tuesday => "Tue",
                Weekday::Wednesday => "Wed",
                Weekday::Thursday => "Thu",
                Weekday::Friday => "Fri",
                Weekday::Saturday => "Sat",
                Weekday::Sunday => "Sun",
            };
            format!("{date} {name}")
        }
    }
}

/// When a step is to be done.
pub(super) fn span(step: &Step, lang: Lang) -> String {
    let due = day(step.due, lang);
    match (step.from, lang) {
        (Some(from), Lang::Ja) => format!("{}から{due}まで", day(from, lang)),
        (None, Lang::Ja) => format!("{due}まで"),
        (Some(from), Lang::En) => format!("{} to {due}", day(from, lang)),
        (None, Lang::En) => format!("by {due}"),
    }
}

/// What is to be said of a step below its rule: a closed day, then its notes.
pub(super) fn remarks(step: &Step, lang: Lang) -> Vec<String> {
    let closed = step.open_before.map(|before| match lang {
        Lang::Ja => format!("期限の日は閉庁日です。その前の開庁日は {} です", day(before, lang)),
        Lang::En => {
            format!("the last day is a closed day; the open day before is {}", day(before, lang))
        }
    });
    let notes = step.notes.iter().map(|note| note.get(lang).to_owned());
    closed.into_iter().chain(notes).collect()
}

fn left(step: &Step, lang: Lang) -> String {
    let days = step.days_left.unsigned_abs();
    let plural = if days == 1 { "" } else { "s" };
    match (step.state, days, lang) {
        (State::Done, _, Lang::Ja) => "済み".into(),
        (State::Done, _, Lang::En) => "done".into(),
        (State::Sent, _, Lang::Ja) => "送付済み".into(),
        (State::Sent, _, Lang::En) => "sent".into(),
        (State::Waiting, _, Lang::Ja) => format!("回答待ち（あと{days}日）"),
        (State::Waiting, _, Lang::En) => format!("waits for ⑤ ({days} day{plural})"),
        (State::Open, 0, Lang::Ja) => "今日".into(),
        (State::Open, 0, Lang::En) => "today".into(),
        (State::Open, _, Lang::Ja) => format!("あと{days}日"),
        (State::Open, _, Lang::En) => format!("{days} day{plural}"),
        (State::Late, _, Lang::Ja) => format!("{days}日超過"),
        (State::Late, _, Lang::En) => format!("{days} day{plural} late"),
    }
}
