//! A definition that is proposed: plain enough for a page in the browser to change it.

use std::num::NonZero;

use serde::{Deserialize, Serialize};

use crate::form::Kind;

/// A definition of a form on a paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// The form's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The section of a record that asks for it.
    pub section: String,
    /// The PDF's name.
    pub file: String,
    /// Its SHA-256.
    pub sha256: String,
    /// The fields of the form alone.
    pub fields: Vec<ProposedField>,
    /// Where values are printed.
    pub boxes: Vec<ProposedBox>,
    /// A part of a record that fills it in.
    pub sample: serde_json::Map<String, serde_json::Value>,
}

/// A field of the form alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposedField {
    /// Its key in a record.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// What its value is.
    pub kind: Kind,
    /// The values of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// How many digits it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<usize>,
    /// A value that is accepted.
    #[serde(default)]
    pub example: String,
}

/// A page's number.
fn from_one<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    NonZero::<usize>::deserialize(deserializer).map(NonZero::get)
}

/// A place where a value is printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProposedBox {
    /// The page, from 1.
    #[serde(deserialize_with = "from_one")]
    pub page: usize,
    /// Left, top, width and height in mm.
    pub at: [f32; 4],
    /// The field's key.
    pub field: String,
    /// What the paper calls it.
    #[serde(default)]
    pub label: String,
    /// How the value is shown, as a definition says it: `circle`, `tick`, `digits`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<String>,
    /// The value that is ticked or circled here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
    /// The part of a date: `era-year`, `year`, `month`, `day`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// The rows of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeated>,
    /// The form field of the PDF that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf_field: Option<String>,
    /// Which of its buttons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pdf_state: Option<String>,
}

/// The rows of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeated {
    /// The list's key.
    pub list: String,
    /// How many rows there are.
    pub times: usize,
    /// How far a row is below the one before, in mm.
    pub step: f32,
}

impl Proposal {
    /// One with nothing in it.
    pub(super) fn empty(file: &str, hash: &str) -> Self {
        Proposal {
            id: String::new(),
            title: String::new(),
            section: String::new(),
            file: file.to_owned(),
            sha256: hash.to_owned(),
            fields: Vec::new(),
            boxes: Vec::new(),
            sample: serde_json::Map::new(),
        }
    }
}
