//! One facility from its record to its files, as each worker does it.

use std::collections::HashMap;

use super::done::{Done, Made};
use super::ledger::{Hash, Ledger, Put};
use super::naming::Naming;
use super::options::Options;
use super::outcome::BatchError;
use super::pattern::Facts;
use super::recipe::{fingerprint, printed, recipes};
use super::share::Shared;
use crate::facility::Facility;
use crate::form::{Form, Forms};
use crate::record::Record;
use crate::report::{Diagnostic, Place, Report, Severity, Text};
use crate::roster::Entry;
use crate::values::Values;
use crate::workbook::Import;
use crate::{File, FilledForm, Filler, Format};

/// The codes of what is wrong with a file that is made.
const EXISTS: &str = "exists";
const PAINT: &str = "paint";

/// What a pass through the facilities does with what can be printed.
#[derive(Clone, Copy)]
pub(super) enum Pass<'l> {
    /// Nothing: it only looks whether all are valid.
    Look,
    /// Makes print files alone.
    Print,
    /// Writes files into a folder, and print files.
    Write(&'l Ledger<'l>),
}

impl Pass<'_> {
    /// Whether it makes print files.
    pub fn prints(self, options: &Options<'_>) -> bool {
        !matches!(self, Pass::Look) && options.merge.is_some()
    }
}

/// What all workers share.
pub(super) struct Worker<'a> {
    options: &'a Options<'a>,
    set: Shared,
    recipes: HashMap<String, Hash>,
    filler: Filler<'a>,
    pub naming: Naming,
    /// The column of what the list calls a facility.
    label: Option<usize>,
}

impl<'a> Worker<'a> {
    pub fn new(
        options: &'a Options<'a>,
        set: Shared,
        naming: Naming,
        label: Option<usize>,
    ) -> Self {
        // Without a folder there is no ledger that would compare them.
        let recipes = options.folder.map_or_else(HashMap::new, |_| recipes(options));
        Worker { options, set, recipes, filler: Filler::new(options.forms), naming, label }
    }

    /// One facility from its record to its files.
    pub fn work(&self, entry: Entry, label: String, pass: Pass<'_>) -> Result<Done, BatchError> {
        let own = self.label.and_then(|column| entry.cells.get(column)).cloned();
        let mut done = Done {
            number: entry.number,
            label,
            member: own.or(entry.label).unwrap_or_default(),
            cells: entry.cells,
            others: entry.others,
            stem: entry.stem,
            report: entry.report,
            ..Done::default()
        };
        match entry.record {
            Err(source) => done.source = source,
            Ok(mut record) => {
                self.set.add_to(&mut record.root, self.options.forms);
                let forms = self.options.forms;
                let asked: Vec<&Form> =
                    entry.printed.iter().filter_map(|id| forms.find(id)).collect();
                self.forms(&mut done, &record, (&asked, entry.is_workbook), pass)?;
                done.root = Some(record.root).filter(|_| done.cells.is_empty());
                done.source = record.source;
            }
        }
        done.start = self.naming.start(&facts(&done, None));
        if done.member.is_empty() {
            done.member = done.facility.name.clone();
        }
        Ok(done)
    }

    /// `asked` are the forms the file asks for by having them, and the other whether it was a workbook.
    fn forms(
        &self,
        done: &mut Done,
        record: &Record,
        (asked, is_workbook): (&[&Form], bool),
        pass: Pass<'_>,
    ) -> Result<(), BatchError> {
        let Options { forms, named, today, .. } = *self.options;
        let mut filling = match named.is_empty() && is_workbook {
            true => self.filler.fill_asked(record, asked, today),
            false if named.is_empty() => self.filler.fill(record, asked, today),
            false => self.filler.fill(record, named, today),
        };
        if self.options.unfilled {
            let values = &filling.values;
            filling.report.diagnostics.retain(|found| !is_missing(found, values));
        }
        match is_workbook {
            true => {
                let read = std::mem::take(&mut done.report);
                done.report = Import::told(read, filling.report, forms);
            }
            false => merge_reports(&mut done.report, filling.report, record, forms),
        }
        let is_shared = |key: &str| self.set.get(key).is_some();
        let is_faulty = |key: &str| {
            let is_it = |d: &Diagnostic| d.field.as_deref() == Some(key) && d.code != "required";
            let found = done.report.diagnostics.iter();
            found.filter(|d| d.severity == Severity::Error).any(is_it)
        };
        done.facility = Facility::of(&filling.values, forms, is_shared, is_faulty);
        let denied = self.options.deny_warnings && done.report.warnings() > 0;
        done.is_good = done.report.errors() == 0 && !denied;
        let is_compared = !matches!(pass, Pass::Look) && self.options.is_listed();
        let mut sheets = Vec::new();
        for filled in filling.sheets {
            let form = forms.find(&filled.form);
            if let Some(form) = form {
                done.facility.submit(&filled, form, forms);
            }
            let made = Made {
                form: filled.form.clone(),
                short: form.map_or(filled.form.as_str(), |form| form.short_name()).to_owned(),
                kind: filled.kind.clone(),
                printed: match done.is_good && is_compared {
                    true => printed(&filled.sheets),
                    false => String::new(),
                },
            };
            done.forms.push(made.clone());
            sheets.push((filled, made));
        }
        let named = sheets
            .iter()
            .map(|(_, made)| self.naming.name(&facts(done, Some(made)), made.kind.as_deref()));
        done.names = named.collect();
        if let Pass::Write(ledger) = pass
            && done.is_good
        {
            let record = fingerprint(&record.root);
            let names = done.names.clone();
            for ((filled, _), name) in sheets.iter().zip(names) {
                self.file(done, filled, name, &record, ledger)?;
            }
        }
        if pass.prints(self.options) && done.is_good {
            let all = |(filled, made): (FilledForm, Made)| {
                filled.sheets.into_iter().map(move |sheet| (made.clone(), sheet))
            };
            done.sheets = sheets.into_iter().flat_map(all).collect();
        }
        Ok(())
    }

    /// One form's file, or its pictures, unless they are there already; `record` is what its values come down to.
    fn file(
        &self,
        done: &mut Done,
        filled: &FilledForm,
        name: String,
        record: &[u8],
        ledger: &Ledger<'_>,
    ) -> Result<(), BatchError> {
        if !done.is_good {
            return Ok(());
        }
        let kind = filled.kind.as_deref().unwrap_or_default();
        // Every form that is filled has a definition.
        let recipe = self.recipes.get(&filled.form).map_or(&[][..], Hash::as_bytes);
        let own = if self.options.unfilled { &done.member } else { "" };
        let input = Hash::of(&[recipe, kind.as_bytes(), own.as_bytes(), record]);
        let is_picture = Format::named(self.options.extension).is_some_and(Format::is_picture);
        let names = match filled.sheets.len() {
            pages @ 2.. if is_picture => {
                (1..=pages).map(|page| File::name_of_page(&name, page)).collect()
            }
            _ => vec![name],
        };
        if names.iter().all(|name| ledger.has(name, &input)) {
            done.kept += names.len();
            done.files.extend(names);
            return Ok(());
        }
        let mut fault = None;
        match (self.options.paint)(filled, &done.member) {
            Ok(all) => {
                for (name, bytes) in names.into_iter().zip(all) {
                    match ledger.put(&name, input, &bytes)? {
                        Put::Done => done.files.push(name),
                        Put::Foreign => fault = Some(foreign(&name)),
                    }
                }
            }
            Err(message) => fault = Some(Diagnostic::error(PAINT, message)),
        }
        if let Some(fault) = fault {
            done.report.push(fault.with_form(&filled.form));
            done.is_good = false;
        }
        Ok(())
    }
}

/// Whether a finding is of the files that are made and not of what the facility wrote.
pub(super) fn is_of_output(found: &Diagnostic) -> bool {
    [EXISTS, PAINT].contains(&found.code.as_str())
}

/// What is known of a facility, and of one of its forms, for names.
pub(super) fn facts<'a>(done: &'a Done, made: Option<&'a Made>) -> Facts<'a> {
    let facility = &done.facility;
    let kind = made.and_then(|made| made.kind.as_deref()).unwrap_or(&facility.kind);
    Facts {
        row: done.number,
        stem: done.stem.as_deref(),
        name: &facility.name,
        form: made.map_or("", |made| &made.form),
        form_name: made.map_or("", |made| &made.short),
        kind,
        bureau: &facility.region,
        prefecture: &facility.prefecture,
        cells: &done.cells,
    }
}

/// Whether a finding is of a field that is still to be filled in.
fn is_missing(found: &Diagnostic, values: &Values) -> bool {
    let is_there = |field: &str| {
        values.get(field).is_some() || values.is_invalid(field) || values.len(field) > 0
    };
    found.field.as_deref().is_some_and(|field| !is_there(field))
}

/// That a file of this name is somebody else's.
fn foreign(name: &str) -> Diagnostic {
    let message = Text::new(
        format!("{name} はこの一括作成で作ったものではないか、その後に変えられています"),
        format!("{name} was not written by an earlier batch run, or was changed since"),
    );
    Diagnostic::error(EXISTS, message).with_hint(Text::new(
        "別の場所に移すか、上書きしてよければ --force をつけてください",
        "move it away, or overwrite it with --force",
    ))
}

/// Adds what the forms found; what was found while reading the row explains a missing value.
fn merge_reports(report: &mut Report, found: Report, record: &Record, forms: &Forms) {
    let row = &record.root.place;
    let unreadable = report.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let read: Vec<Option<Place>> = unreadable.map(|d| d.place.clone()).collect();
    for mut diagnostic in found.diagnostics {
        let field = diagnostic.field.as_ref().and_then(|f| forms.dictionary().get(f));
        let is_derived = field.is_some_and(|field| field.derive.is_some());
        if diagnostic.code == "required"
            && (read.contains(&diagnostic.place) || is_derived && !read.is_empty())
        {
            continue;
        }
        // Without any cell to blame, the row itself is.
        if let (Some(Place::Text { .. }), Place::Cell { .. }) = (&diagnostic.place, row) {
            diagnostic.place = Some(row.clone());
        }
        report.push(diagnostic);
    }
    report.sort();
}
