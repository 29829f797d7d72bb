//! In: the bytes of a file somebody hands over. Out: what it is, told by its content, and the record in it.
//! This room must not know where the file came from or how it was named, but for telling a list.

use std::path::Path;

use crate::Filling;
use crate::calendar::Date;
use crate::check;
use crate::form::{Form, Forms};
use crate::packet::carry::{Carried, ExtractError};
use crate::packet::filled::FilledIn;
use crate::paper::header;
use crate::record::{self, Record};
use crate::report::{Diagnostic, Explain as _, Report, Source, Text};
use crate::roster::{Entry, is_roster};
use crate::table;
use crate::values;
use crate::workbook::{self, Import};

/// The largest file that is worth opening, in bytes.
pub const MAX_BYTES: usize = 64 << 20;

/// The form that the application for designation asks to have attached.
pub(crate) const ATTACHED: &str = "introduction-plan";

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum What {
    /// A record in YAML or JSON.
    Record,
    /// A form filled in as a workbook.
    Workbook,
    /// A PDF that carries the record it prints.
    Carried,
    /// An office's own PDF whose form fields were filled in with a viewer.
    Filled,
    /// A list of facilities, as a workbook, CSV or TSV.
    Roster,
    /// A PDF without a record.
    Pdf,
}

impl What {
    /// The word for it in data: `record`, `workbook`, `carried`, `filled`, `roster` or `pdf`.
    pub fn name(self) -> &'static str {
        match self {
            What::Record => "record",
            What::Workbook => "workbook",
            What::Carried => "carried",
            What::Filled => "filled",
            What::Roster => "roster",
            What::Pdf => "pdf",
        }
    }
}

/// A file that was looked into.
#[derive(Clone, Debug)]
pub struct Opened(Content);

#[derive(Clone, Debug)]
enum Content {
    /// With the slips of its text.
    Record(Record, Report),
    Workbook(Import),
    /// Of a PDF that carries it or was filled in: with the id of the form it was filled for, and what is wrong
    /// with the page it is on.
    Printed(Printed, Record, String, Report),
    /// Without a record: what it is, and what that means for somebody who asks for one.
    Other(What, Source, Report),
}

/// How a PDF has its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Printed {
    /// As an attachment.
    Carried,
    /// In its form fields.
    Filled,
}

/// Looks into a file: a record in YAML or JSON, a form filled in with Excel, a PDF that carries its
/// record, a roster, or a PDF without a record. `name` is what the user calls it.
///
/// Nothing is refused here: what is wrong is in [`Opened::report`].
///
/// ```
/// use onshi::{What, form::Forms};
/// let forms = Forms::built_in();
/// let opened = onshi::open("clinic.yaml", &std::fs::read("tests/data/clinic.yaml")?, forms);
/// assert_eq!(opened.what(), What::Record);
/// assert!(opened.record().is_ok());
///
/// let opened = onshi::open("list.csv", "名称,所在地\nオン資医院,東京都\n".as_bytes(), forms);
/// assert_eq!(opened.what(), What::Roster);
/// assert!(opened.record().is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn open(name: &str, bytes: &[u8], forms: &Forms) -> Opened {
    if let Some(at) = header(bytes) {
        return Opened(pdf(name, &bytes[at..], forms));
    }
    if Import::is_workbook(bytes) {
        let import = workbook::import(name, bytes, forms);
        let is_foreign = import.report.errors() > 0 && import.record.root.entries().is_empty();
        return Opened(match is_foreign && is_roster(Path::new(name), bytes, forms) {
            true => Content::Other(What::Roster, import.record.source, roster().into()),
            false => Content::Workbook(import),
        });
    }
    if let Some(found) = table::foreign(bytes) {
        return Opened(Content::Other(What::Workbook, Source::new(name, ""), found.into()));
    }
    let is_list = is_roster(Path::new(name), bytes, forms);
    Opened(match record::read_forgiving(name, bytes) {
        Ok((record, slips)) if !is_list => Content::Record(record, slips),
        Err((source, report)) if !is_list && !is_list_name(name) => {
            Content::Other(What::Record, source, report)
        }
        Ok((Record { source, .. }, _)) | Err((source, _)) => {
            Content::Other(What::Roster, source, roster().into())
        }
    })
}

impl Opened {
    /// What the file is.
    pub fn what(&self) -> What {
        match &self.0 {
            Content::Record(..) => What::Record,
            Content::Workbook(_) => What::Workbook,
            Content::Printed(Printed::Carried, ..) => What::Carried,
            Content::Printed(Printed::Filled, ..) => What::Filled,
            Content::Other(what, ..) => *what,
        }
    }

    /// The file as a report shows it.
    pub fn source(&self) -> &Source {
        match &self.0 {
            Content::Record(record, _) | Content::Printed(_, record, ..) => &record.source,
            Content::Workbook(import) => &import.record.source,
            Content::Other(_, source, _) => source,
        }
    }

    /// What was found while reading; whether the record passes the rules of forms is for
    /// [`Opened::fill`] to say.
    pub fn report(&self) -> Report {
        match &self.0 {
            Content::Workbook(import) => import.report.clone(),
            Content::Record(_, report)
            | Content::Printed(.., report)
            | Content::Other(.., report) => report.clone(),
        }
    }

    /// The record in it, every value with its place.
    ///
    /// # Errors
    /// What keeps it from being read.
    pub fn record(&self) -> Result<&Record, Report> {
        match &self.0 {
            Content::Record(record, slips) if slips.errors() == 0 => Ok(record),
            // What a PDF carries is its record, whatever its pages show.
            Content::Printed(Printed::Carried, record, ..) => Ok(record),
            Content::Printed(_, record, _, report) if report.errors() == 0 => Ok(record),
            Content::Workbook(import) if import.report.errors() == 0 => Ok(&import.record),
            Content::Workbook(Import { report, .. })
            | Content::Record(_, report)
            | Content::Printed(.., report)
            | Content::Other(.., report) => Err(report.clone()),
        }
    }

    /// The record as far as it could be read, whatever is wrong with the file: for a page that shows what
    /// there is.
    pub fn partial_record(&self) -> Option<&Record> {
        match &self.0 {
            Content::Record(record, _)
            | Content::Printed(_, record, ..)
            | Content::Workbook(Import { record, .. }) => Some(record),
            Content::Other(..) => None,
        }
    }

    /// The facility in it as an entry of a list, with everything that was found while reading; `number` is
    /// which file of the list it is.
    pub(crate) fn into_entry(self, number: u32) -> Entry {
        match self.0 {
            Content::Record(record, slips) => Entry::new(number, record, slips),
            Content::Workbook(Import { record, report, label, forms }) => {
                let printed = if forms.len() > 1 { forms } else { Vec::new() };
                let is_read = report.errors() == 0 || !record.root.entries().is_empty();
                let entry = match is_read {
                    true => Entry::new(number, record, report),
                    false => Entry::unreadable(number, record.source, report),
                };
                Entry { is_workbook: true, label, printed, ..entry }
            }
            Content::Printed(_, record, form, report) => {
                Entry { printed: vec![form], ..Entry::new(number, record, report) }
            }
            Content::Other(_, source, report) => Entry::unreadable(number, source, report),
        }
    }

    /// Checks the record and fills its forms, as [`crate::fill`] does: the `named` ones, or, without
    /// names, every form the record has a value for; for a PDF the form it prints.
    ///
    /// ```
    /// use onshi::{calendar::Date, form::Forms};
    /// let forms = Forms::built_in();
    /// let opened = onshi::open("clinic.yaml", &std::fs::read("tests/data/clinic.yaml")?, forms);
    /// let filling = opened.fill(forms, &[], Date::constant(2024, 1, 10));
    /// assert_eq!(filling.ready().unwrap().forms().len(), 3);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn fill(&self, forms: &Forms, named: &[&Form], today: Date) -> Filling {
        match &self.0 {
            Content::Record(record, slips) => {
                let mut filling = crate::fill(record, forms, named, today);
                filling.report.extend(slips.clone());
                filling.report.sort();
                filling
            }
            Content::Workbook(import) => import.fill(forms, named, today),
            Content::Printed(_, record, form, report) => {
                let printed: Vec<&Form> = forms.find(form).into_iter().collect();
                let named = if named.is_empty() { &printed } else { named };
                let mut filling = crate::fill(record, forms, named, today);
                filling.report.extend(report.clone());
                filling
            }
            Content::Other(.., report) => Filling::refused(report.clone()),
        }
    }

    /// What [`Opened::fill`] does for a form that is attached to the application for designation: the
    /// `named` ones, or without names 別紙2, unless the record says that it is not needed; then there
    /// is not a form, and the report has the reason.
    pub fn fill_to_attach(&self, forms: &Forms, named: &[&Form], today: Date) -> Filling {
        if !named.is_empty() {
            return self.fill(forms, named, today);
        }
        let attached = forms.find(ATTACHED);
        if let (Ok(record), Some(form)) = (self.record(), attached) {
            let (values, mut report) = values::values(record, forms);
            if let Some(why) = check::skipped(form, &values, forms, today) {
                report.extend(self.report());
                report.push(why);
                report.sort();
                return Filling::refused(report);
            }
        }
        self.fill(forms, &attached.into_iter().collect::<Vec<_>>(), today)
    }
}

fn pdf(name: &str, bytes: &[u8], forms: &Forms) -> Content {
    let other = |error: &ExtractError| {
        let fault = Diagnostic::error("syntax", error.message());
        let fault = error.hint().into_iter().fold(fault, Diagnostic::with_hint);
        Content::Other(What::Pdf, Source::new(name, ""), fault.into())
    };
    let carried = match Carried::extract(bytes) {
        Ok(carried) => carried,
        Err(error) => return filled(name, bytes, forms).unwrap_or_else(|| other(&error)),
    };
    let Some(form) = forms.find(&carried.form) else {
        let fault = Diagnostic::error("syntax", no_definition(&carried.form));
        return Content::Other(What::Carried, Source::new(name, ""), fault.into());
    };
    let mut report = Report::default();
    report.diagnostics.extend(carried.altered(bytes, form, forms));
    match record::read(name, carried.yaml.as_bytes()) {
        Ok(record) => Content::Printed(Printed::Carried, record, carried.form, report),
        Err((source, faults)) => {
            report.extend(faults);
            Content::Other(What::Carried, source, report)
        }
    }
}

/// An office's PDF that was filled in with a viewer, for a form that has boxes for its form fields.
fn filled(name: &str, bytes: &[u8], forms: &Forms) -> Option<Content> {
    let FilledIn { form, yaml, report } = FilledIn::read(bytes, forms)?;
    // It was written by this program.
    let record = record::read(name, yaml.as_bytes()).ok()?;
    Some(Content::Printed(Printed::Filled, record, form, report))
}

fn no_definition(form: &str) -> Text {
    Text::new(
        format!("様式「{form}」の定義がありません"),
        format!("there is no definition of the form {form}"),
    )
}

/// A list of facilities where the record of one is asked for.
fn roster() -> Diagnostic {
    let message = Text::new(
        "一施設の記録ではなく、名簿です",
        "this is a roster, not the record of one facility",
    );
    Diagnostic::error("syntax", message).with_hint(Text::new(
        "名簿からは onshi batch で様式を作ります。誤りの一覧は errors.csv に書かれます",
        "make the forms of a roster with `onshi batch`, and lists its errors in errors.csv",
    ))
}

/// Whether a file is called as lists in text are.
fn is_list_name(name: &str) -> bool {
    let ending = Path::new(name).extension().unwrap_or_default();
    ["csv", "tsv"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(name: &str, bytes: &[u8]) -> What {
        open(name, bytes, Forms::built_in()).what()
    }

    #[test]
    fn content_counts_and_not_the_name() {
        let sample = std::fs::read("tests/data/clinic.yaml").unwrap();
        assert_eq!(what("members.csv", &sample), What::Record);
        assert_eq!(what("r.yaml", "機器名,型番,数量\n".as_bytes()), What::Record);
        assert_eq!(what("r.yaml", "施設名称,住所,電話番号\n".as_bytes()), What::Roster);
        assert_eq!(
            what("r.yaml", "2024年度\n\n開設者 氏名\t開設者 電話番号\n".as_bytes()),
            What::Roster
        );
        let (cp932, ..) = encoding_rs::SHIFT_JIS.encode("\"開設者 氏名\",開設者 電話番号\r\n");
        assert_eq!(what("r", &cp932), What::Roster);
        let far = "注\n".repeat(20) + "開設者 氏名;開設者 電話番号\n";
        assert_eq!(what("r.csv", far.as_bytes()), What::Roster);
        let grouped = "開設者,,担当者\n氏名,電話番号,氏名\n";
        assert_eq!(what("r", grouped.as_bytes()), What::Roster);
        assert_eq!(what("r", b"%PDF-1.4 ..."), What::Pdf);
        assert_eq!(what("r", b"\r\n%PDF-1.4 ..."), What::Pdf);
        assert_eq!(what("r", b"{\"facility\": {\"name\": \"a\"}}"), What::Record);
    }

    #[test]
    fn a_record_whose_values_are_headings_stays_a_record() {
        let text = "facility:\n  name: 開設者 氏名, 開設者 電話番号\n";
        assert_eq!(what("r.yaml", text.as_bytes()), What::Record);
    }
}
