//! The kinds of fields, one file each: what a kind accepts and how it repairs it, its words, its JSON
//! Schema, its skeleton line, its roster column, its cell in a workbook and its control on a page.
//!
//! A kind only describes; the rooms above write the schema, the workbook and the page.

mod address;
mod boolean;
mod cell;
mod choice;
mod date;
mod digits;
mod email;
mod group;
mod hiragana;
mod input;
mod integer;
mod kana;
mod month;
mod narrow;
mod phone;
mod placeholder;
mod postal_code;
mod refused;
mod text;
mod year_month;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Cell, Field};
use crate::calendar::{Date, YearMonth};
use crate::report::Text;
use crate::table;
pub(crate) use cell::{Taken, plain};
pub use choice::Choice;
pub use input::{Calendar, ColumnStyle, Control, Input};
pub(crate) use placeholder::is_placeholder;
pub(crate) use refused::{BREAK, Refused, brief, one_line};

/// What a field's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A map of further fields.
    Section,
    /// A list of maps of further fields.
    List,
    /// Text, printed as written.
    Text,
    /// An address in Japan, without its postal code.
    Address,
    /// Full-width katakana.
    Kana,
    /// Hiragana.
    Hiragana,
    /// `NNN-NNNN`.
    PostalCode,
    /// 10 or 11 digits starting with 0.
    Phone,
    /// An e-mail address.
    Email,
    /// A day.
    Date,
    /// A year and a month.
    YearMonth,
    /// A month, 1 to 12.
    Month,
    /// A whole number.
    Integer,
    /// A code of digits; it stays text whatever its look.
    Digits,
    /// One of a list of values.
    Choice,
    /// `true` or `false`.
    Boolean,
}

impl Kind {
    /// What people call it.
    pub fn label(self) -> Text {
        self.ways().words()
    }

    /// Whether the field holds other fields and no value of its own.
    pub fn is_group(self) -> bool {
        matches!(self, Kind::Section | Kind::List)
    }

    /// What the kind is in each place.
    pub(crate) fn ways(self) -> &'static dyn FieldKind {
        match self {
            Kind::Section => &group::Section,
            Kind::List => &group::List,
            Kind::Text => &text::Text,
            Kind::Address => &address::Address,
            Kind::Kana => &kana::Kana,
            Kind::Hiragana => &hiragana::Hiragana,
            Kind::PostalCode => &postal_code::PostalCode,
            Kind::Phone => &phone::Phone,
            Kind::Email => &email::Email,
            Kind::Date => &date::Date,
            Kind::YearMonth => &year_month::YearMonth,
            Kind::Month => &month::Month,
            Kind::Integer => &integer::Integer,
            Kind::Digits => &digits::Digits,
            Kind::Choice => &choice::Choices,
            Kind::Boolean => &boolean::Boolean,
        }
    }
}

/// How a value takes two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breaking {
    /// Where its writer left a space, or in equal parts.
    Evenly,
    /// Before a building, or behind a block.
    Address,
    /// Before the @: it is one word, which becomes smaller before it is broken.
    Email,
}

/// What a kind of field is in each place where its values are met. What has a body here holds for
/// every kind of text.
pub(crate) trait FieldKind: Sync {
    /// What people call it.
    fn words(&self) -> Text;

    /// Reads a value as it was written, of at most [`MOST_CHARACTERS`].
    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused>;

    /// Reads a cell of a roster or of a filled workbook: what was typed, before Excel made something
    /// else of it.
    fn taken(&self, field: &Field, label: &Text, cell: &table::Cell) -> Result<Taken, Refused> {
        cell::plain(field, label, cell)
    }

    /// Whether a value is words: a space takes the place of a line break in a cell between them.
    fn has_words(&self) -> bool {
        false
    }

    /// Whether the definition of the field has what the kind needs.
    fn is_complete(&self, _field: &Field) -> bool {
        true
    }

    /// Whether a cell of a form can show a value as it says.
    fn is_shown(&self, cell: &Cell) -> bool {
        cell.show.is_none() && cell.text.is_none()
    }

    /// A value, given as it is and folded, as it is compared with the examples of definitions; none where values are
    /// few, or many share one, so that it says nothing.
    fn comparable<'a>(&self, _text: &'a str, _folded: &'a str) -> Option<Cow<'a, str>> {
        None
    }

    /// How a value that does not fit on one line takes two.
    fn breaking(&self) -> Breaking {
        Breaking::Evenly
    }

    /// Values that may make a condition true or false: `own` is the value that the sample has, `words` what
    /// the conditions write out.
    fn tries(&self, _field: &Field, own: &str, words: &[String]) -> Vec<String> {
        let alike = words.iter().map(|word| format!("{own}{word}"));
        // Two fields may not be alike.
        let others = ["霞が関", "イロハ"].map(str::to_owned);
        words.iter().cloned().chain(alike).chain(others).collect()
    }

    /// The JSON Schema of a value.
    fn schema(&self, _field: &Field) -> Value {
        json!({"type": ["string", "null"]})
    }

    /// What may be written, in short, with this between the values of a choice.
    fn allowed(&self, _field: &Field, _between: &str) -> Text {
        self.words()
    }

    /// The example as it is written in YAML.
    fn example_in_yaml(&self, field: &Field) -> String {
        field.example.clone()
    }

    /// What a drop-down offers; nothing where anything may be typed.
    fn offered(&self, _field: &Field) -> Vec<String> {
        Vec::new()
    }

    /// A column of a roster.
    fn column(&self, _field: &Field) -> ColumnStyle {
        ColumnStyle::TEXT
    }

    /// How a value is entered in a workbook, where the form shows it in this cell.
    fn input(&self, _field: &Field, _cell: &Cell) -> Input {
        Input::Text(None)
    }

    /// How a value is entered on a web page.
    fn control(&self, _field: &Field) -> Control {
        Control::TEXT
    }
}

/// What a value means.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Text, a code, a phone number: nothing to calculate with.
    Text,
    /// A day.
    Date(Date),
    /// A year and a month.
    YearMonth(YearMonth),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// Several values of a choice, such as 医科 and 歯科.
    Choices(Vec<String>),
}

/// A value of its kind.
#[derive(Debug)]
pub(crate) struct Read {
    pub text: String,
    pub data: Data,
    /// Whether it was written otherwise than it is printed.
    pub normalised: bool,
}

impl Read {
    /// A value whose spellings are all the same to the reader, such as a day's.
    fn any(text: String, data: Data) -> Self {
        Read { text, data, normalised: false }
    }

    /// A text that is expected to be written as it is printed.
    fn text(text: String, written: &str) -> Self {
        Read { normalised: text != written, text, data: Data::Text }
    }
}

/// The longest value that is looked at, in characters: no form has room for a tenth of it.
const MOST_CHARACTERS: usize = 1_000;

impl Field {
    /// Reads a value as the field's kind.
    pub(crate) fn read(&self, written: &str) -> Result<Read, Refused> {
        let length = written.chars().count();
        if length > MOST_CHARACTERS {
            return Err(Refused::of(
                self,
                written,
                Text::new(
                    format!("長すぎます（{length} 文字、上限 {MOST_CHARACTERS} 文字）"),
                    format!("has {length} characters, more than {MOST_CHARACTERS}"),
                ),
            ));
        }
        self.kind.ways().read(self, written)
    }

    /// What is wrong with the example of the definition, which is to be a value that is accepted.
    pub(super) fn example_fault(&self) -> Option<Text> {
        if self.example.is_empty() || self.kind.is_group() {
            return None;
        }
        let several = self.parts(&self.example);
        let all = if several.is_empty() { vec![self.example.as_str()] } else { several };
        let refused = all.into_iter().find_map(|one| self.read(one).err())?;
        let message = refused.diagnostic().message;
        Some(Text::new(
            format!("項目 {} の example を読めません: {}", self.key, message.ja),
            format!("the example of the field {} is not accepted: {}", self.key, message.en),
        ))
    }

    /// What a drop-down of the field offers; nothing where anything may be typed.
    ///
    /// ```
    /// let forms = onshi::form::Forms::built_in();
    /// let kind = forms.dictionary().get("facility.kind").unwrap();
    /// assert_eq!(kind.offered(), ["医科", "歯科", "薬局", "医科・歯科"]);
    /// ```
    pub fn offered(&self) -> Vec<String> {
        self.kind.ways().offered(self)
    }

    /// How a value is entered on a web page.
    ///
    /// ```
    /// use onshi::form::Control;
    /// let forms = onshi::form::Forms::built_in();
    /// let phone = forms.dictionary().get("founder.phone").unwrap();
    /// assert_eq!(phone.control(), Control::Line { kind: "tel", mode: "tel", width: Some(14) });
    /// ```
    pub fn control(&self) -> Control {
        self.kind.ways().control(self)
    }
}
