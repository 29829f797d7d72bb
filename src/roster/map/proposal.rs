//! What the columns of a list are proposed to be.

use super::Map;
use crate::form::Column;
use crate::report::{Report, Source, Text};

/// A field, by its key in a record and as people call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The key of its value in a record.
    pub key: String,
    /// Its heading, `開設者 氏名`.
    pub heading: String,
}

impl Target {
    pub(super) fn of(column: &Column) -> Self {
        Target { key: column.key().to_owned(), heading: column.heading.clone() }
    }
}

/// What a column of a list is proposed to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A field.
    Field(Target),
    /// With other columns a field: those that have the same one are joined in their order.
    Joined(Target),
    /// Several things, each with the field it is, if it is one: the key of the thing in a map.
    Apart(Vec<(Text, Option<Target>)>),
    /// No field.
    Ignored,
    /// Nobody knows.
    Open,
}

/// Columns that together are a field, in the order in which they are joined.
#[derive(Clone, Debug)]
pub(super) struct Joining {
    /// The field's key.
    pub key: String,
    /// Their indices.
    pub columns: Vec<usize>,
    /// What is put between each and the next; empty where that is what the field's kind has.
    pub between: Vec<String>,
}

/// A column of a list.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// Its letters, as a spreadsheet shows them.
    pub letters: String,
    /// Its heading as written; empty where there is none.
    pub heading: String,
    /// What it is called in a map: its heading, or its letters where several have that heading.
    pub name: Text,
    /// A few of its values.
    pub values: Vec<String>,
    /// What it is proposed to be.
    pub role: Role,
    /// Why.
    pub reason: Text,
    /// The fields it may be where that is open.
    pub nearest: Vec<Target>,
}

/// A field that a form has and no column gives.
#[derive(Clone, Debug)]
pub struct Lack {
    /// The forms that have it, as people call them.
    pub forms: Vec<String>,
    /// The field.
    pub field: Target,
    /// What to write.
    pub help: Text,
    /// A value that is accepted.
    pub example: String,
}

/// Which column of a list is which field.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The sheet; empty for a text.
    pub sheet: String,
    /// The numbers of the rows of headings, one or two.
    pub rows: Vec<u32>,
    /// The columns.
    pub columns: Vec<Proposed>,
    /// The fields that the forms have.
    pub fields: Vec<Target>,
    /// What no column gives.
    pub missing: Vec<Lack>,
    /// What no column gives and the forms can do without.
    pub optional: Vec<Lack>,
    /// What is wrong with the map that was given, if one was.
    pub faults: Option<(Source, Report)>,
    /// What the map that was given says besides.
    pub(super) kept: Map,
    pub(super) joins: Vec<Joining>,
    /// Choices with what they may be, and the values of the list that are none of it.
    pub(super) untranslated: Vec<(Target, Vec<String>, Vec<String>)>,
    /// The headings of all keys.
    pub(super) known: Vec<(String, String)>,
}

impl Proposal {
    /// What people call a key.
    pub(super) fn heading(&self, key: &str) -> String {
        let known = self.known.iter().find(|(known, _)| known == key);
        known.map_or(key, |(_, heading)| heading).to_owned()
    }

    /// The fields that all facilities share, with their values.
    pub fn constants(&self) -> impl Iterator<Item = (Target, &str)> {
        self.kept.constants.iter().map(|(key, value)| {
            (Target { key: key.clone(), heading: self.heading(key) }, value.as_str())
        })
    }

    /// The columns whose field is not known.
    pub fn open(&self) -> impl Iterator<Item = &Proposed> {
        self.columns.iter().filter(|column| column.role == Role::Open)
    }
}
