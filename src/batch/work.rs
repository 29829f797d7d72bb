//! One facility from its record to its files, as each worker does it.

use std::collections::HashMap;

use super::done::{Done, Made};
use super::ledger::{Hash, Ledger, Put};
use super::names::safe_name;
use super::options::Options;
use super::outcome::BatchError;
use super::recipe::{fingerprint, recipes};
use super::share::Shared;
use crate::facility::Facility;
use crate::form::Forms;
use crate::record::Record;
use crate::report::{Diagnostic, Place, Report, Severity, Text};
use crate::roster::Entry;
use crate::{File, FilledForm, Filler, Format};

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
}

impl<'a> Worker<'a> {
    pub fn new(options: &'a Options<'a>, set: Shared) -> Self {
        // Without a folder there is no ledger that would compare them.
        let recipes = options.folder.map_or_else(HashMap::new, |_| recipes(options));
        Worker { options, set, recipes, filler: Filler::new(options.forms) }
    }

    /// One facility from its record to its files.
    pub fn work(&self, entry: Entry, label: String, pass: Pass<'_>) -> Result<Done, BatchError> {
        let mut done = Done {
            number: entry.number,
            label,
            start: match &entry.stem {
                Some(stem) => format!("{stem}_"),
                None => format!("{:05}_", entry.number),
            },
            report: entry.report,
            ..Done::default()
        };
        match entry.record {
            Err(source) => done.source = source,
            Ok(mut record) => {
                self.set.add_to(&mut record.root, self.options.forms);
                self.forms(&mut done, &record, entry.stem.is_none(), pass)?;
                done.source = record.source;
            }
        }
        Ok(done)
    }

    fn forms(
        &self,
        done: &mut Done,
        record: &Record,
        is_row: bool,
        pass: Pass<'_>,
    ) -> Result<(), BatchError> {
        let Options { forms, named, today, .. } = *self.options;
        let filling = self.filler.fill(record, named, today);
        merge_reports(&mut done.report, filling.report, record, forms);
        let is_shared = |key: &str| self.set.keys().iter().any(|set| set == key);
        done.facility = Facility::of(&filling.values, is_shared);
        let denied = self.options.deny_warnings && done.report.warnings() > 0;
        done.is_good = done.report.errors() == 0 && !denied;
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
            };
            done.forms.push(made.clone());
            sheets.push((filled, made));
        }
        if let Pass::Write(ledger) = pass
            && done.is_good
        {
            let record = fingerprint(&record.root);
            for (filled, _) in &sheets {
                self.file(done, filled, &record, is_row, ledger)?;
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
        record: &[u8],
        is_row: bool,
        ledger: &Ledger<'_>,
    ) -> Result<(), BatchError> {
        if !done.is_good {
            return Ok(());
        }
        let kind = filled.kind.as_ref().map_or_else(String::new, |kind| format!("_{kind}"));
        // A record's file is named for the facility already.
        let facility = match is_row {
            true => format!("{}_", safe_name(&done.facility.name)),
            false => String::new(),
        };
        let (start, extension) = (&done.start, self.options.extension);
        let name = format!("{start}{facility}{}{kind}.{extension}", filled.form);
        // Every form that is filled has a definition.
        let recipe = self.recipes.get(&filled.form).map_or(&[][..], Hash::as_bytes);
        let input = Hash::of(&[recipe, kind.as_bytes(), record]);
        let is_picture = Format::named(extension).is_some_and(Format::is_picture);
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
        match (self.options.paint)(filled) {
            Ok(all) => {
                for (name, bytes) in names.into_iter().zip(all) {
                    match ledger.put(&name, input, &bytes)? {
                        Put::Done => done.files.push(name),
                        Put::Foreign => fault = Some(foreign(&name)),
                    }
                }
            }
            Err(message) => fault = Some(Diagnostic::error("paint", message)),
        }
        if let Some(fault) = fault {
            done.report.push(fault.with_form(&filled.form));
            done.is_good = false;
        }
        Ok(())
    }
}

/// That a file of this name is somebody else's.
fn foreign(name: &str) -> Diagnostic {
    let message = Text::new(
        format!("{name} はこの一括作成で作ったものではないか、その後に変えられています"),
        format!("{name} was not written by an earlier batch run, or was changed since"),
    );
    Diagnostic::error("exists", message).with_hint(Text::new(
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
