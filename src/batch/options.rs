//! What a run is to do, and who follows it.

use std::path::Path;

use crate::FilledForm;
use crate::calendar::Date;
use crate::form::{Form, Forms};
use crate::report::{Lang, Text};
use crate::roster::map::Map;
use crate::store::Guard;
use crate::table::Encoding;

/// How a filled form becomes a file, or a file for each of its pages; the second argument is what the list
/// calls its facility. The error says why it does not.
pub type Paint<'a> = dyn Fn(&FilledForm, &str) -> Result<Vec<Vec<u8>>, Text> + Sync + 'a;

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
    /// How many workers; 0 for one per core.
    pub jobs: usize,
    /// Where the files go; none for a print file alone.
    pub folder: Option<&'a Path>,
    /// The print file. What stands in braces makes one for each value: `{form}`, `{bureau}`, a heading.
    pub merge: Option<&'a Path>,
    /// The names of the files, such as `{row}_{name}_{form}`; none for the usual ones.
    pub name: Option<&'a str>,
    /// The heading of what the list calls a facility, such as a member's number; none for its name.
    pub label: Option<&'a str>,
    /// Headings and the values that a row must have, all of them.
    pub filters: &'a [(String, String)],
    /// The heading by which the rows are sorted.
    pub sort: Option<&'a str>,
    /// Whether rows that are hidden are left out.
    pub visible_only: bool,
    /// Whether the files are to be filled in further: a value that is missing is no fault.
    pub unfilled: bool,
    /// The summary of an earlier run to compare with.
    pub since: Option<&'a Path>,
    /// Whether what is merged and posted leaves out what has not changed since.
    pub only_changed: bool,
    /// What goes out by post.
    pub post: Post<'a>,
    /// The ending of the files.
    pub extension: &'a str,
    /// How a filled form becomes such a file, or as a picture one for each page.
    pub paint: &'a Paint<'a>,
    /// The language of the lists.
    pub lang: Lang,
    /// Whether hints leave out what only the operator of the command line can do.
    pub plain: bool,
}

/// What is made for the post besides the forms: PDFs to print.
#[derive(Clone, Copy, Debug, Default)]
pub struct Post<'a> {
    /// A letter to each facility with errors.
    pub letters: Option<&'a Path>,
    /// Labels with the addresses of all facilities.
    pub labels: Option<&'a Path>,
    /// A covering letter for each bureau.
    pub covers: Option<&'a Path>,
    /// A record of who sends them.
    pub sender: Option<&'a Path>,
    /// A folder with definitions that take the place of the built-in ones.
    pub folder: Option<&'a Path>,
}

impl Post<'_> {
    /// The files that are to be written.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        [self.letters, self.labels, self.covers].into_iter().flatten()
    }
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
            name: None,
            label: None,
            filters: &[],
            sort: None,
            visible_only: false,
            unfilled: false,
            since: None,
            only_changed: false,
            post: Post::default(),
            extension,
            paint,
            lang: Lang::default(),
            plain: false,
        }
    }

    /// Whether lists account for every facility. Without a folder nothing is written of them, and they take more
    /// memory than all else.
    pub(super) fn is_listed(&self) -> bool {
        self.folder.is_some() || self.since.is_some()
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
