//! `onshi lint`: checks form definitions, with what is beside them.

use std::fs;
use std::path::{Path, PathBuf};

use onshi::check;
use onshi::form::{self, Form, Forms, LoadError, What};
use onshi::report::{Report, Source, show};
use onshi::{layout, workbook};

use super::args::Lint;
use super::context::{Context, Stop};
use super::failure::Failure;

pub fn run(args: &Lint, context: &Context) -> Result<(), Stop> {
    let mut outcome = Ok(());
    for path in paths(args, context)? {
        let text = fs::read_to_string(&path).map_err(|e| Failure::reading(&path, &e))?;
        let found = faults(&path, context, &text);
        let (source, report) = match found {
            Ok(report) => (Source::new(path.display().to_string(), text), report),
            Err(error) => (error.source, error.report),
        };
        if report == Report::default() {
            context.terminal.note(&show::nothing_found());
        }
        if let Err(stop) = context.judge(&report, &source) {
            outcome = Err(stop);
        }
    }
    outcome
}

/// The files to check: of a folder every definition.
fn paths(args: &Lint, context: &Context) -> Result<Vec<PathBuf>, Stop> {
    let mut paths = Vec::new();
    for path in &args.file {
        match path.is_dir() {
            true => paths.extend(form::definitions(path).map_err(|error| {
                context.terminal.report(&error.report, &error.source);
                Stop::Unusable
            })?),
            false => paths.push(path.clone()),
        }
    }
    Ok(paths)
}

/// What is wrong with a definition.
fn faults(path: &Path, context: &Context, text: &str) -> Result<Report, LoadError> {
    match What::of(path) {
        What::Shared => return Ok(form::lint_shared(text)),
        What::Bureaus => return Ok(form::lint_bureaus(text)),
        What::Gaiji => return Ok(form::lint_gaiji(text)),
        What::Form => {}
    }
    let (form, forms, mut report) = parse(path, folder_of(path, context), text)?;
    if report.errors() == 0 {
        report.extend(check::lint(&form, &forms, text));
    }
    Ok(report)
}

/// The folder of the definitions that a form is linted with: that of `--forms`, or its own.
pub fn folder_of<'a>(path: &'a Path, context: &'a Context) -> &'a Path {
    let own = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    context.folder().or(own).unwrap_or(Path::new("."))
}

/// A form, the forms beside it, and what is wrong with its structure, its pages and its workbook.
pub fn parse(path: &Path, folder: &Path, text: &str) -> Result<(Form, Forms, Report), LoadError> {
    let form = Forms::parse_form(&path.display().to_string(), text)?;
    let (forms, clash) = Forms::beside(path, folder, text, &form)?;
    let mut report = form.lint(forms.dictionary(), text);
    report.extend(clash);
    // A grid that is not sound has no places to compare.
    if report.errors() == 0 {
        report.extend(layout::lint(&form, &forms, text));
    }
    if report.errors() == 0 {
        report.extend(workbook::lint(&form, &forms, text));
    }
    Ok((form, forms, report))
}
