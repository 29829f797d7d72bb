//! What a run is to do, and who follows it.

use std::path::Path;

use crate::FilledForm;
use crate::calendar::Date;
use crate::form::{Form, Forms};
use crate::report::{Lang, Text};
use crate::roster::map::Map;
use crate::store::Guard;
use crate::table::Encoding;

/// How a filled form becomes a file, or a file for each of its pages. The error says why it does not.
pub type Paint<'a> = dyn Fn(&FilledForm) -> Result<Vec<Vec<u8>>, Text> + Sync + 'a;

/// What is to be done: [`Options::new`], and whatever differs from it set as a field.
#[non_exhaustive]
pub struct Options<'a> {
    /// The roster (.xlsx, .csv, .tsv), or a folder of records.
    pub source: &'a Path,
    /// The encoding of a CSV file; none to find it out.
    pub encoding: Option<Encoding>,
    /// The sheet of a workbook that is read; none for the one with headings.
    pub sheet: Option<&'a str>,
    /// The forms there are.
    pub forms: &'a Forms,
    /// The forms asked for; empty for every form the row has a value for.
    pub named: &'a [&'a Form],
    /// What "late" is measured against.
    pub today: Date,
    /// Headings or keys and values that every facility shares that has none of its own.
    pub set: &'a [(String, String)],
    /// What the columns of the roster are; none where their headings say it.
    pub map: Option<&'a Map>,
    /// Whether columns that no field is known for are skipped.
    pub ignore_unknown: bool,
    /// Whether a record that is the same as one before it is worked through too.
    pub allow_duplicates: bool,
    /// Whether a facility with a warning is as bad as one with an error.
    pub deny_warnings: bool,
    /// Whether nothing is written unless every facility passes.
    pub strict: bool,
    /// Whether files that no run wrote are overwritten.
    pub force: bool,
    /// What was read besides the source. Neither is ever written over.
    pub inputs: Guard,
    /// How many workers; 0 for one per core, or two where they make workbooks.
    pub jobs: usize,
    /// Where the files go; none for a print file alone.
    pub folder: Option<&'a Path>,
    /// The print file; `{form}` in its name makes one per form.
    pub merge: Option<&'a Path>,
    /// The ending of the files.
    pub extension: &'a str,
    /// How a filled form becomes such a file, or as a picture one for each page.
    pub paint: &'a Paint<'a>,
    /// The language of the lists.
    pub lang: Lang,
}

impl<'a> Options<'a> {
    /// Every form of a roster or a folder of records, checked and painted, nothing written: give a
    /// `folder`, a file to `merge` into, or both. `paint` makes files with this ending.
    pub fn new(
        source: &'a Path,
        forms: &'a Forms,
        today: Date,
        extension: &'a str,
        paint: &'a Paint<'a>,
    ) -> Self {
        Options {
            source,
            encoding: None,
            sheet: None,
            forms,
            named: &[],
            today,
            set: &[],
            map: None,
            ignore_unknown: false,
            allow_duplicates: false,
            deny_warnings: false,
            strict: false,
            force: false,
            inputs: Guard::default(),
            jobs: 0,
            folder: None,
            merge: None,
            extension,
            paint,
            lang: Lang::default(),
        }
    }
}

/// Who follows a run.
pub trait Watch: Sync {
    /// Something worth saying that is not a fault.
    fn say(&self, note: &Text);
    /// Now so many facilities, at most, are worked through.
    fn begin(&self, facilities: u64);
    /// So many more are done.
    fn advance(&self, facilities: u64);
    /// Whether the run is to stop.
    fn is_stopped(&self) -> bool;
}
