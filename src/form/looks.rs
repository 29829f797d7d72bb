//! What cells look like besides their text: strokes, seals, pictures, codes, parts of dates.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::expr::{Expression, Template};
use crate::sheet;
use crate::yaml::Spanned;

/// A part of a date, or of a code with hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// 明治, 大正, 昭和, 平成 or 令和; with `show: circle` the word of `text`, or its first character.
    Era,
    /// The year of the era: 6, and 元 for the first (1 in boxes of digits).
    EraYear,
    /// The year of the common era: 2024.
    Year,
    /// The month.
    Month,
    /// The day.
    Day,
    /// Of a postal code or a phone number on a `paper`, which prints the hyphens itself: what is before the
    /// first.
    First,
    /// What is behind the first hyphen.
    Second,
    /// What is behind the second hyphen.
    Third,
}

impl Part {
    /// Which part it is of a code with hyphens, from 0; none of a date's.
    pub(crate) fn of_code(self) -> Option<usize> {
        match self {
            Part::First => Some(0),
            Part::Second => Some(1),
            Part::Third => Some(2),
            Part::Era | Part::EraYear | Part::Year | Part::Month | Part::Day => None,
        }
    }
}

/// When a cell has a stroke through it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Diagonal {
    /// On every form, the empty one too.
    Always,
    /// On a form that is filled in, where the cell stays empty.
    Empty,
    /// On a form that is filled in, when this CEL is true.
    When(#[schemars(with = "String")] Spanned<Expression>),
}

/// A QR code or bar code.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Which.
    pub kind: CodeKind,
    /// What a scanner reads; `{…}` holds CEL. Nothing is drawn where what it reads is absent.
    #[schemars(with = "String")]
    pub text: Template,
    /// Its width with the white around it; as the cell has room for when absent.
    #[serde(default)]
    pub width: Option<f32>,
}

/// Which code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CodeKind {
    /// A QR code, for any text; a seventh of it may be damaged.
    Qr,
    /// Code 128, for letters, digits and marks of ASCII, with the text below.
    Code128,
    /// Code 39, for capital letters, digits and `-. $/+%`, with the text below.
    Code39,
    /// JAN (EAN-13), for 12 or 13 digits, with the digits below.
    Jan,
}

/// A picture in a cell. It is as large as the cell has room for unless its size is given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// A PNG or JPEG file beside the definition.
    #[schemars(with = "String")]
    pub file: Spanned<String>,
    /// What it shows, for a reader who cannot see it.
    pub alt: String,
    /// Its width; by its height when absent.
    #[serde(default)]
    pub width: Option<f32>,
    /// Its height; by its width when absent.
    #[serde(default)]
    pub height: Option<f32>,
    /// The picture, once it is read.
    #[serde(skip)]
    pub pixels: Option<Arc<sheet::Picture>>,
}
