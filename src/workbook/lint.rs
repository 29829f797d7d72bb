//! What a workbook cannot hold of a form.

use super::input::is_offered;
use super::write::paper;
use super::{Input, entries, xlsx};
use crate::form::{Form, Forms};
use crate::layout::{self, Mode};
use crate::report::{Diagnostic, Explain as _, Place, Report, Text};
use crate::yaml::place;

/// Warnings of what a form has and its workbook will not, and an error when it cannot be made. The form
/// is otherwise sound; `source` is the text it was read from.
pub fn lint(form: &Form, forms: &Forms, source: &str) -> Report {
    let mut report = Report::default();
    // Of an office's own PDF no workbook is made.
    if form.paper.is_some() {
        return report;
    }
    let mut warn = |at: Option<Place>, ja: String, en: String| {
        report.push(Diagnostic::warning("workbook", Text::new(ja, en)).at(at));
    };
    let (width, height) = (form.page.width, form.page.height);
    if paper(width, height).is_none() {
        warn(
            None,
            format!("{width} × {height} mm の用紙は Excel にないため、ブックは A4 で印刷されます"),
            format!("Excel has no paper of {width} × {height} mm: a workbook prints on A4"),
        );
    }
    let blank = entries(form, Mode::Blank, forms);
    for field in form.fields.iter() {
        let mut own = blank.entries.iter().filter(|entry| entry.field.key() == field.value.key);
        let long = own.find(|entry| match &entry.input {
            Input::Choice(choices) | Input::Circle(choices) => !is_offered(choices),
            _ => false,
        });
        if let Some(entry) = long {
            warn(
                place(field, source),
                format!(
                    "{}の選択肢は Excel の一覧に入りません（全体で 255 字まで、「,」は使えません）。ブックでは文字で入力します",
                    entry.label.ja
                ),
                format!(
                    "Excel cannot list the choices of {} (255 characters in all, no comma): they are typed in a workbook",
                    entry.label.en
                ),
            );
        }
    }
    for mode in [Mode::Blank, Mode::Example] {
        let (sheets, _) = layout::fill(form, mode, forms);
        if let Err(error) = xlsx(&sheets, Some(&entries(form, mode, forms))) {
            report.push(Diagnostic::error("workbook", error.message()));
            break;
        }
    }
    report
}
