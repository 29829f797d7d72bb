//! What is wrong with a record, where, and by which rule.

use std::fmt;

use serde::Serialize;

/// The language messages are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// 日本語
    #[default]
    Ja,
    /// English
    En,
}

/// One sentence in both languages of the program.
///
/// ```
/// use onshi::report::{Lang, Text};
/// let text = Text::new("必須です", "required");
/// assert_eq!(text.get(Lang::Ja), "必須です");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The same sentence in Japanese and in English.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Text { ja: ja.into(), en: en.into() }
    }

    /// The same sentence with the words of a library or of the system, which are English and are marked as
    /// theirs in Japanese. For what has no words of ours alone.
    ///
    /// ```
    /// use onshi::report::Text;
    /// let text = Text::quoting("読めません", "cannot be read", "broken pipe");
    /// assert_eq!(text.ja, "読めません（内部の表示: broken pipe）");
    /// assert_eq!(text.en, "cannot be read: broken pipe");
    /// ```
    pub fn quoting(ja: impl fmt::Display, en: impl fmt::Display, words: impl fmt::Display) -> Self {
        Text::new(format!("{ja}（内部の表示: {words}）"), format!("{en}: {words}"))
    }

    /// The sentence in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

/// In a definition, `{ja: 名称, en: Name}`, or the Japanese alone where nobody reads English.
impl<'de> serde::Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

impl schemars::JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A text: the Japanese alone, or `{ja: 名称, en: Name}`.",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"ja": {"type": "string"}, "en": {"type": "string"}},
                    "required": ["ja"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

struct TextVisitor;

impl<'de> serde::de::Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, or a map with ja and en")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text::new(text, text))
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Text, A::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Both {
            ja: String,
            en: Option<String>,
        }
        let both =
            serde::Deserialize::deserialize(serde::de::value::MapAccessDeserializer::new(map));
        let Both { ja, en } = both?;
        Ok(Text { en: en.unwrap_or_else(|| ja.clone()), ja })
    }
}

/// An error that speaks to the user in both languages. What it shows as [`fmt::Display`] is the English
/// message alone.
pub trait Explain: std::error::Error {
    /// What is wrong.
    fn message(&self) -> Text;

    /// What to do about it.
    fn hint(&self) -> Option<Text> {
        None
    }
}

/// Whether a finding stops the forms from being written.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The office would send the form back: nothing is written.
    #[default]
    Error,
    /// Written anyway, and reported.
    Warning,
}

/// Where a value is in what the user wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a text file.
    Text {
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// First byte in the source.
        start: usize,
        /// One past the last byte in the source.
        end: usize,
    },
    /// In a sheet of a workbook, or a row of a CSV file.
    Cell {
        /// The sheet's name; empty for a CSV file.
        sheet: String,
        /// Row, from 1.
        row: u32,
        /// Column, from 1.
        column: u32,
    },
}

impl Place {
    /// The address of a cell as a spreadsheet writes it, such as `C5`; none in a text.
    pub(crate) fn cell(&self) -> Option<String> {
        let Place::Cell { row, column, .. } = self else { return None };
        // Places count from 1; no workbook has more columns than an u16 counts.
        let column = u16::try_from(column.saturating_sub(1)).unwrap_or(u16::MAX - 1);
        Some(rust_xlsxwriter::utility::row_col_to_cell(row.saturating_sub(1), column))
    }

    /// What the report is sorted by: first line or row, then column.
    pub(crate) fn order(&self) -> (usize, usize) {
        match self {
            Place::Text { line, column, .. } => (*line, *column),
            Place::Cell { row, column, .. } => (*row as usize, *column as usize),
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A stable code: `required`, `kind`, …, or `<form id>/<rule id>`.
    pub code: String,
    /// The id of the form whose rule speaks; none when it holds for every form.
    pub form: Option<String>,
    /// The dotted key of the field.
    pub field: Option<String>,
    /// What was found.
    pub message: Text,
    /// How to mend it.
    pub hint: Option<Text>,
    /// A value that can be put in as it stands.
    pub suggestion: Option<String>,
    /// The source of the rule.
    pub cite: Option<String>,
    /// Where the value, or its nearest parent, stands.
    pub place: Option<Place>,
}

impl Diagnostic {
    /// An error with a code and a message; the rest is added with the `with_…` methods.
    pub fn error(code: impl Into<String>, message: Text) -> Self {
        Diagnostic {
            severity: Severity::Error,
            code: code.into(),
            form: None,
            field: None,
            message,
            hint: None,
            suggestion: None,
            cite: None,
            place: None,
        }
    }

    /// A warning with a code and a message.
    pub fn warning(code: impl Into<String>, message: Text) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// Names the form whose rule speaks.
    pub fn with_form(mut self, form: impl Into<String>) -> Self {
        self.form = Some(form.into());
        self
    }

    /// Names the field by its dotted key.
    pub fn with_field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Says how to mend it.
    pub fn with_hint(mut self, hint: Text) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Gives a value that can be put in as it stands.
    pub fn with_suggestion(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// Names the source of the rule.
    pub fn with_cite(mut self, cite: impl Into<String>) -> Self {
        self.cite = Some(cite.into());
        self
    }

    /// Says where it stands.
    pub fn at(mut self, place: Option<Place>) -> Self {
        self.place = place;
        self
    }
}

/// Every finding about one source, in source order once [`Report::sort`] was called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
}

impl From<Diagnostic> for Report {
    fn from(diagnostic: Diagnostic) -> Self {
        Report { diagnostics: vec![diagnostic] }
    }
}

impl Report {
    /// Adds a finding, unless the same one (code, field, place and message) is already there.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let known = self.diagnostics.iter().any(|d| {
            d.code == diagnostic.code
                && d.field == diagnostic.field
                && d.place == diagnostic.place
                && d.message == diagnostic.message
        });
        if !known {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds all findings of another report.
    pub fn extend(&mut self, other: Report) {
        for diagnostic in other.diagnostics {
            self.push(diagnostic);
        }
    }

    /// Puts the findings in source order; those without a place come last.
    pub fn sort(&mut self) {
        self.diagnostics.sort_by_key(|d| {
            (d.place.as_ref().map_or((usize::MAX, usize::MAX), Place::order), d.severity)
        });
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|d| d.severity == severity).count()
    }
}

impl fmt::Display for Report {
    /// A plain line a finding, in English: for logs and test failures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for d in &self.diagnostics {
            let severity = if d.severity == Severity::Error { "error" } else { "warning" };
            let (line, column) = d.place.as_ref().map_or((0, 0), Place::order);
            writeln!(f, "{line}:{column}: {severity}[{}]: {}", d.code, d.message.en)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_finding_is_kept_once() {
        let at = |start| Place::Text { line: 1, column: 1, start, end: start };
        let finding = |code: &str, field: &str, start, message: &str| {
            let finding = Diagnostic::error(code, Text::new(message, message));
            finding.with_field(field).at(Some(at(start)))
        };
        let mut report = Report::default();
        for _ in 0..2 {
            report.push(finding("kind", "a", 1, "wrong"));
            report.push(finding("fit", "a", 1, "wrong"));
            report.push(finding("kind", "b", 1, "wrong"));
            report.push(finding("kind", "a", 2, "wrong"));
            report.push(finding("kind", "a", 1, "far too long"));
        }
        assert_eq!(report.diagnostics.len(), 5);
    }
}
