//! The lists that account for every facility: `summary.xlsx` and `errors.csv`, in the order of the
//! roster.

use super::done::Done;
use super::outcome::Outcome;
use crate::paint::PaintError;
use crate::report::{Explain as _, Lang, Place, Severity, Text};
use crate::workbook::List;

pub(super) const SUMMARY: &str = "summary.xlsx";
pub(super) const ERRORS: &str = "errors.csv";

/// The lists while they are written.
pub(super) struct Lists {
    summary: List,
    errors: csv::Writer<Vec<u8>>,
    lang: Lang,
}

/// Both lists, complete.
pub(super) struct Written {
    pub summary: Vec<u8>,
    pub errors: Vec<u8>,
}

/// The columns of the summary and their widths in characters.
const COLUMNS: [(&str, &str, f64); 12] = [
    ("行", "row", 8.0),
    ("名称", "name", 32.0),
    ("保険医療機関コード", "code", 14.0),
    ("種別", "kind", 10.0),
    ("様式", "forms", 16.0),
    ("ファイル", "files", 48.0),
    ("提出先", "bureau", 16.0),
    ("指定希望日", "designation", 12.0),
    ("別紙1の提出期限", "deadline of 別紙1", 16.0),
    ("状態", "state", 10.0),
    ("誤り・警告", "faults", 10.0),
    ("内容", "what", 80.0),
];

impl Lists {
    pub fn new(lang: Lang) -> Result<Self, PaintError> {
        let title = pick(lang, "一括作成の結果", "Summary");
        let columns = COLUMNS.map(|(ja, en, width)| (pick(lang, ja, en), width));
        let summary = List::new(title, pick(lang, "施設", "facilities"), &columns)?;
        let mut errors = csv::Writer::from_writer("\u{FEFF}".as_bytes().to_vec());
        let heading = match lang {
            Lang::Ja => ["行", "施設", "列見出し", "セル", "内容", "直し方", "コード", "項目"],
            Lang::En => ["row", "facility", "column", "cell", "message", "hint", "code", "field"],
        };
        errors.write_record(heading).map_err(other)?;
        Ok(Lists { summary, errors, lang })
    }

    /// Adds a facility; `title` is what is above a finding's value.
    pub fn add(&mut self, done: &Done, titles: &[String]) -> Result<(), PaintError> {
        let lang = self.lang;
        let state = match done.is_good {
            true => pick(lang, "作成済み", "done"),
            false => pick(lang, "誤り", "faulty"),
        };
        let found = &done.report.diagnostics;
        let forms: Vec<String> = done.forms.iter().map(ToString::to_string).collect();
        let what: Vec<String> = found
            .iter()
            .zip(titles)
            .map(|(d, title)| {
                let colon = if title.is_empty() { "" } else { ": " };
                format!("{title}{colon}{}", d.message.get(lang))
            })
            .collect();
        let cells = [
            done.label.as_str(),
            &done.facility.name,
            &done.facility.code,
            &done.facility.kind,
            &forms.join("、"),
            &done.files.join("\n"),
            &done.facility.bureau,
            &done.facility.designation,
            &done.facility.deadline,
            state,
            &crate::report::show::summary(done.report.errors(), done.report.warnings(), lang),
            &what.join("\n"),
        ];
        self.summary.add(&cells)?;
        for (d, title) in found.iter().zip(titles) {
            // Where warnings are denied they are what the row failed by.
            if d.severity == Severity::Error || !done.is_good && done.report.errors() == 0 {
                let hint = d.hint.as_ref().map_or("", |hint| hint.get(lang));
                let field = d.field.as_deref().unwrap_or_default();
                let cell = d.place.as_ref().and_then(Place::cell).unwrap_or_default();
                let name = &done.facility.name;
                let message = d.message.get(lang);
                let cells = [&done.label, name, title, &cell, message, hint, &d.code, field];
                self.errors.write_record(cells.map(harmless)).map_err(other)?;
            }
        }
        Ok(())
    }

    /// Adds the totals, and ends both lists.
    pub fn finish(self, outcome: &Outcome) -> Result<Written, PaintError> {
        let lang = self.lang;
        let (facilities, failed) = (outcome.facilities, outcome.failed);
        let mut totals = vec![
            (pick(lang, "施設", "facilities").to_owned(), facilities),
            (pick(lang, "作成できた施設", "done").to_owned(), facilities - failed),
            (pick(lang, "誤りのある施設", "faulty").to_owned(), failed),
            (pick(lang, "様式の枚数", "forms").to_owned(), outcome.files),
        ];
        totals.extend(outcome.forms.iter().map(|(name, count)| (format!("　{name}"), *count)));
        let summary = self.summary.finish(pick(lang, "合計", "totals"), &totals)?;
        let errors = self.errors.into_inner().map_err(|error| other(error.into_error()))?;
        Ok(Written { summary, errors })
    }
}

fn other(error: impl std::fmt::Display) -> PaintError {
    PaintError::Workbook(error.to_string())
}

/// Text that a spreadsheet takes for a formula is quoted.
fn harmless(text: &str) -> String {
    let quote = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    {
        "'"
    } else {
        ""
    };
    format!("{quote}{text}")
}

fn pick(lang: Lang, ja: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}

/// Why the lists were not written.
pub(super) fn failed(error: &PaintError) -> Text {
    let why = error.message();
    Text::new(
        format!("結果の一覧を作れません: {}", why.ja),
        format!("the lists cannot be made: {}", why.en),
    )
}
