//! Many facilities at once.
//!
//! In: a roster or a folder of records. Out: a file a facility and form, a merged print file, and the
//! lists that account for every row. Good rows are never held up by bad ones.

mod account;
mod entry;
mod ledger;
mod names;
mod print;
mod roster;
mod row;
mod run;
mod share;
mod summary;
mod template;

use std::io;
use std::path::{Path, PathBuf};

use crate::FilledForm;
use crate::calendar::Date;
use crate::form::{Form, Forms};
use crate::report::{Lang, Report, Source, Text};
use crate::table::{Encoding, TableError};

pub use names::safe_name;
pub use run::run;
pub use template::{roster_csv, roster_xlsx};

/// How a sheet becomes a file. The error says why it does not.
pub type Paint<'a> = dyn Fn(&FilledForm) -> Result<Vec<u8>, Text> + Sync + 'a;

/// What is to be done.
pub struct Options<'a> {
    /// The roster (.xlsx, .csv, .tsv), or a folder of records.
    pub source: &'a Path,
    /// The encoding of a CSV file; none to find it out.
    pub encoding: Option<Encoding>,
    /// The forms there are.
    pub forms: &'a Forms,
    /// The forms asked for; empty for every form whose section a facility has.
    pub named: &'a [&'a Form],
    /// What "late" is measured against.
    pub today: Date,
    /// Headings or keys and values that every facility shares that has none of its own.
    pub set: &'a [(String, String)],
    /// Whether columns that no field is known for are passed over.
    pub ignore_unknown: bool,
    /// Whether a facility with a warning is as bad as one with an error.
    pub deny_warnings: bool,
    /// Whether nothing is written unless all facilities are good.
    pub strict: bool,
    /// Whether files that no run wrote are overwritten.
    pub force: bool,
    /// How many workers; 0 for one a core, or two where they make workbooks.
    pub jobs: usize,
    /// Where the files go; none for a print file alone.
    pub folder: Option<&'a Path>,
    /// The print file; `{form}` in its name makes one a form.
    pub merge: Option<&'a Path>,
    /// The ending of the files.
    pub extension: &'a str,
    /// How a filled form becomes such a file.
    pub paint: &'a Paint<'a>,
    /// The language of the lists.
    pub lang: Lang,
}

/// Who follows a run.
pub trait Watch: Sync {
    /// Something worth saying that is no fault.
    fn say(&self, note: &Text);
    /// Now so many facilities, at most, are worked through.
    fn begin(&self, facilities: u64);
    /// So many more are done.
    fn advance(&self, facilities: u64);
    /// Whether the run is to stop.
    fn is_stopped(&self) -> bool;
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many facilities there are.
    pub facilities: usize,
    /// How many of them have a fault.
    pub failed: usize,
    /// How many forms came out, by short name, in the order of the definitions.
    pub forms: Vec<(String, usize)>,
    /// How many files of forms there are now.
    pub files: usize,
    /// How many of them an earlier run had made, and nothing has changed.
    pub kept: usize,
    /// How many errors there are by code.
    pub errors: Vec<(String, usize)>,
    /// How many warnings there are by code.
    pub warnings: Vec<(String, usize)>,
    /// The first findings, each report with its source.
    pub first: Vec<(Source, Report)>,
    /// Files of earlier runs that no facility of this run stands for.
    pub left: Vec<String>,
    /// Files of earlier runs that stand for a facility which now has a fault: they are as they were.
    pub outdated: Vec<String>,
    /// Lists of earlier runs that were changed since: what they were called, and what they are now.
    pub set_aside: Vec<(PathBuf, PathBuf)>,
    /// The merged print files and how many pages each has.
    pub merged: Vec<(PathBuf, usize)>,
    /// Whether nothing was written, because not all was good.
    pub is_withheld: bool,
}

/// Why a run stops.
#[derive(Debug)]
pub enum BatchError {
    /// The roster cannot be read.
    Table(TableError),
    /// What all facilities are to share is wrong.
    Set(Report),
    /// A file cannot be written.
    Writing(PathBuf, io::Error),
    /// A file stands there that no run wrote.
    Foreign(PathBuf),
    /// The print file is there already, and no folder whose ledger could tell whose it is.
    Exists(PathBuf),
    /// Another run writes into the folder.
    Locked(PathBuf),
    /// The print file cannot be made.
    Print(Text),
    /// The workers cannot be started.
    Workers(String),
    /// It was told to stop. What is written is whole.
    Stopped,
}

impl From<TableError> for BatchError {
    fn from(error: TableError) -> Self {
        BatchError::Table(error)
    }
}
