//! The schedule as iCalendar (RFC 5545): one all-day event per step, on its last day.
//!
//! Written here, not by the `icalendar` crate: that (0.17) gives each alarm a random UID and the time of
//! the clock, so the same call would not give the same bytes; it escapes no text of the calendar itself
//! (`X-WR-CALNAME`), keeps control characters, which the RFC forbids, and brings a second library of dates.

use std::fmt::Write as _;

use jiff::ToSpan as _;
use sha2::{Digest as _, Sha256};

use super::show::{remarks, span};
use super::{Schedule, State, Step};
use crate::calendar::Date;
use crate::report::Lang;

/// The most octets of a line, its break not counted (RFC 5545, 3.1).
const LINE: usize = 75;

impl Schedule {
    /// The schedule as a calendar to import. A facility's steps keep their UIDs when the dates move, so a
    /// second import moves the events; open steps have an alarm a week before.
    ///
    /// ```
    /// # use onshi::{calendar::Date, form::Forms, packet::schedule::Schedule, record, report::Lang, values};
    /// # let forms = Forms::built_in();
    /// # let record = record::read("r.yaml", b"{designation: {date: 2024-04-01}}").unwrap();
    /// # let (values, _) = values::values(&record, forms);
    /// let schedule = Schedule::of(&values, forms, Date::constant(2024, 1, 10)).unwrap();
    /// let calendar = schedule.ics(Lang::Ja);
    /// assert!(calendar.contains("DTSTART;VALUE=DATE:20240215\r\n"));
    /// ```
    pub fn ics(&self, lang: Lang) -> String {
        let mut out = String::new();
        let facility = self.facility.as_deref().unwrap_or("");
        let name = match lang {
            Lang::Ja => format!("オンライン資格確認の導入 {facility}"),
            Lang::En => format!("オンライン資格確認: {facility}"),
        };
        line(&mut out, "BEGIN:VCALENDAR");
        line(&mut out, "VERSION:2.0");
        line(&mut out, concat!("PRODID:-//onshi//onshi ", env!("CARGO_PKG_VERSION"), "//JA"));
        line(&mut out, "CALSCALE:GREGORIAN");
        line(&mut out, "METHOD:PUBLISH");
        line(&mut out, &format!("X-WR-CALNAME:{}", escaped(name.trim_end())));
        let facility_id = self.facility_id();
        for step in &self.steps {
            self.event(&mut out, step, &facility_id, lang);
        }
        line(&mut out, "END:VCALENDAR");
        out
    }

    fn event(&self, out: &mut String, step: &Step, facility_id: &str, lang: Lang) {
        let title = step.title.get(lang);
        let summary = match &self.facility {
            Some(facility) => format!("{} {title} {facility}", circled(step.number)),
            None => format!("{} {title}", circled(step.number)),
        };
        let (rule, source) = match lang {
            Lang::Ja => (if step.assumed { "目安: " } else { "定め: " }, "根拠: "),
            Lang::En => (if step.assumed { "a guide: " } else { "rule: " }, "source: "),
        };
        let mut lines = vec![step.to.get(lang).to_owned(), span(step, lang)];
        lines.push(format!("{rule}{}", step.rule.get(lang)));
        lines.extend(remarks(step, lang));
        lines.push(format!("{source}{}", step.cite));
        let description = lines.join("\n");
        line(out, "BEGIN:VEVENT");
        line(out, &format!("UID:{facility_id}-step{}@onshi", step.number));
        // From --today and not from the clock: the same call gives the same bytes.
        line(out, &format!("DTSTAMP:{}T000000Z", compact(self.today)));
        line(out, &format!("DTSTART;VALUE=DATE:{}", compact(step.due)));
        // The end is the first day that no longer belongs to it.
        let end = step.due.saturating_add(1.day());
        line(out, &format!("DTEND;VALUE=DATE:{}", compact(end)));
        line(out, &format!("SUMMARY:{}", escaped(&summary)));
        line(out, &format!("DESCRIPTION:{}", escaped(&description)));
        line(out, "TRANSP:TRANSPARENT");
        if !matches!(step.state, State::Done | State::Sent) {
            line(out, "BEGIN:VALARM");
            line(out, "ACTION:DISPLAY");
            line(out, "TRIGGER:-P7D");
            line(out, &format!("DESCRIPTION:{}", escaped(&summary)));
            line(out, "END:VALARM");
        }
        line(out, "END:VEVENT");
    }

    /// What tells this facility's events from another's: a hash of name and address.
    fn facility_id(&self) -> String {
        let hash = Sha256::new()
            .chain_update(self.facility.as_deref().unwrap_or_default())
            .chain_update("\n")
            .chain_update(self.address.as_deref().unwrap_or_default())
            .finalize();
        hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn circled(number: u8) -> char {
    // ① to ⑨ stand in order.
    char::from_u32(u32::from('①') + u32::from(number) - 1).unwrap_or('・')
}

fn compact(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// Text as RFC 5545, 3.3.11 wants it; control characters, which it forbids, are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A line, folded so that no piece has more than 75 octets and no character is cut.
fn line(out: &mut String, text: &str) {
    let mut used = 0;
    for c in text.chars() {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        // Writing to a String cannot fail.
        let _ = out.write_char(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}
