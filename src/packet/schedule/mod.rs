//! In: the values of a record, the bureaus and a day. Out: a [`Schedule`], the nine steps of 別紙3 with
//! their days for this facility, and the same as a table, JSON and iCalendar.
//! This room must not know how a form is laid out or painted.

mod ics;
mod show;
mod steps;

use crate::calendar::{Date, is_certain};
use crate::form::Forms;
use crate::report::Text;
use crate::values::{Data, Values};

/// The id of the form that says what a schedule needs of a record, and prints it.
pub const FORM: &str = "schedule";

/// The steps towards a designation, with their days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The facility's name, if the record has it.
    pub facility: Option<String>,
    /// The facility's address, if the record has it.
    pub address: Option<String>,
    /// The wished date of designation, from which the days are counted back.
    pub designation: Date,
    /// The bureau that ⑤ and ⑨ go to, if it is known.
    pub bureau: Option<String>,
    /// The day lateness is measured against.
    pub today: Date,
    /// The nine steps.
    pub steps: Vec<Step>,
    /// Whether the closed days of that time are sure.
    pub certain: bool,
}

/// One of the nine steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number on 別紙3, 1 to 9.
    pub number: u8,
    /// What is to be done.
    pub title: Text,
    /// Whom it goes to.
    pub to: Text,
    /// The first day it can be done or is to be done, where that is said.
    pub from: Option<Date>,
    /// The last day.
    pub due: Date,
    /// How the day is counted, and what is assumed where no rule is known.
    pub rule: Text,
    /// What else is to be known: how to hand it in, what does not fit the record.
    pub notes: Vec<Text>,
    /// The open day before the last day, if that is closed and does not move.
    pub open_before: Option<Date>,
    /// The source of the rule.
    pub cite: String,
    /// Whether the day is a guide, and another place decides.
    pub assumed: bool,
    /// Where it stands today.
    pub state: State,
    /// Days from today to the last day; negative when it has passed.
    pub days_left: i32,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The record says that it is done.
    Done,
    /// Sent in time by the record, and not answered yet.
    Sent,
    /// Still to be done once the answer to ⑤ is there.
    Waiting,
    /// Still to be done, and in time.
    Open,
    /// Its last day has passed.
    Late,
}

impl Schedule {
    /// The schedule of a record; none without `designation.date`.
    ///
    /// ```
    /// use onshi::{calendar::Date, form::Forms, packet::schedule::Schedule, record, values};
    /// let forms = Forms::built_in();
    /// let text = "{designation: {date: 2024-04-01}, bureau: 四国厚生支局}";
    /// let record = record::read("r.yaml", text.as_bytes()).unwrap();
    /// let (values, _) = values::values(&record, forms);
    /// let schedule = Schedule::of(&values, forms, Date::constant(2024, 1, 10)).unwrap();
    /// assert_eq!(schedule.steps[4].due, Date::constant(2024, 2, 1));
    /// assert_eq!(schedule.steps[4].days_left, 22);
    /// ```
    pub fn of(values: &Values, forms: &Forms, today: Date) -> Option<Schedule> {
        let Data::Date(designation) = values.get("designation.date")?.data else { return None };
        let text = |key: &str| values.get(key).map(|value| value.text.clone());
        let bureau = text("bureau");
        let context = steps::Context::new(values, forms, designation, today);
        let steps: Vec<Step> = (1..=9).map(|number| context.step(number)).collect();
        let certain = is_certain(designation) && steps.iter().all(|step| is_certain(step.due));
        Some(Schedule {
            facility: text("facility.name"),
            address: text("facility.address"),
            designation,
            bureau,
            today,
            steps,
            certain,
        })
    }
}

#[cfg(test)]
mod tests;
