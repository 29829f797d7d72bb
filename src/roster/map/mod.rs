//! A map: which column of somebody's own list is which field, in a file that a clerk can read.

mod look;
mod proposal;
mod propose;
mod read;
mod words;
mod write;

pub use proposal::{Lack, Proposal, Proposed, Role, Target};
pub use propose::{Asked, Choices, propose};

use super::take::Take;
use crate::form::{Field, Headings, Kind};
use crate::key::FieldPath;
use crate::report::{Place, Report, Source};

/// What the columns of a list are, as its owner says: a `map.yaml`.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The file, for reports.
    pub source: Source,
    /// What is wrong with it as far as it can be seen without the list; told with what the list lacks.
    pub(super) faults: Report,
    pub(super) sheet: Option<String>,
    /// The numbers of the rows of headings; empty to find them.
    pub(super) heading: Vec<u32>,
    pub(super) columns: Vec<Mapped>,
    /// Columns whose field is not known, which is among the faults.
    pub(super) unclear: Vec<Named>,
    pub(super) joins: Vec<Join>,
    pub(super) ignored: Vec<Named>,
    pub(super) constants: Vec<(String, String)>,
    pub(super) copies: Vec<Copied>,
    pub(super) translate: Vec<Translated>,
    pub(super) left_out: Vec<(Named, Vec<String>)>,
    pub(super) key: Vec<Named>,
}

impl Map {
    /// Reads a map. What is wrong with it is reported together with what the list lacks, when it is used.
    ///
    /// # Errors
    /// When it is not YAML.
    pub fn read(
        name: &str,
        bytes: &[u8],
        headings: &Headings<'_>,
    ) -> Result<Map, (Source, Report)> {
        read::read(name, bytes, headings)
    }

    /// The sheet it says.
    pub fn sheet(&self) -> Option<&str> {
        self.sheet.as_deref()
    }

    /// Keys and values that all facilities share.
    pub fn constants(&self) -> &[(String, String)] {
        &self.constants
    }

    /// Fields that are the same as others: which, and as which.
    pub(crate) fn copies(&self) -> impl Iterator<Item = (&FieldPath, &FieldPath)> {
        self.copies.iter().map(|copy| (&copy.to, &copy.from))
    }

    /// Every heading it speaks of.
    pub(super) fn headings(&self) -> impl Iterator<Item = &Named> {
        let columns = self.columns.iter().map(|mapped| &mapped.heading);
        let joins = self.joins.iter().flat_map(|join| &join.columns);
        let out = self.left_out.iter().map(|(named, _)| named);
        columns.chain(&self.unclear).chain(joins).chain(&self.ignored).chain(out).chain(&self.key)
    }
}

/// What is put between the columns of a join where a map does not say it.
fn between(field: &Field) -> &'static str {
    if field.kind == Kind::Address { "" } else { "\u{3000}" }
}

/// A heading, and where it is written.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub text: String,
    pub place: Place,
}

/// What a column is.
#[derive(Clone, Debug)]
pub(super) struct Mapped {
    pub heading: Named,
    pub to: To,
}

/// What becomes of a column.
#[derive(Clone, Debug)]
pub(super) enum To {
    Field(FieldPath),
    /// Each piece of it, and the field it is, if it is one.
    Pieces(Vec<(Take, Option<FieldPath>)>),
}

/// Columns that together are a field.
#[derive(Clone, Debug)]
pub(super) struct Join {
    pub to: FieldPath,
    pub columns: Vec<Named>,
    /// What is put between each and the next.
    pub between: Vec<String>,
}

/// A field that is the same as another.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    pub to: FieldPath,
    pub from: FieldPath,
    pub place: Place,
}

/// What the values of a list are in a field.
#[derive(Clone, Debug)]
pub(super) struct Translated {
    pub of: FieldPath,
    pub place: Place,
    /// What the list has, and what is put in its place.
    pub pairs: Vec<(String, String)>,
}
