//! A user's own definitions: those of a folder, and those beside a form that is being written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dictionary::Dictionary;
use super::{Form, Forms, Gaiji, LoadError};
use crate::office::Bureaus;
use crate::report::{Diagnostic, Report, Source, Text};

/// What a definition file is, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A form.
    Form,
    /// `shared.yaml`: fields of several forms.
    Shared,
    /// `offices.yaml`: the bureaus, their offices and deadlines.
    Bureaus,
    /// `gaiji.yaml`: what private-use characters mean.
    Gaiji,
}

impl What {
    /// What the file of this path is.
    ///
    /// ```
    /// use onshi::form::What;
    /// assert_eq!(What::of("my-forms/shared.yaml".as_ref()), What::Shared);
    /// assert_eq!(What::of("my-forms/visit.yaml".as_ref()), What::Form);
    /// ```
    pub fn of(path: &Path) -> What {
        match path.file_stem().and_then(|stem| stem.to_str()) {
            Some("shared") => What::Shared,
            Some("offices") => What::Bureaus,
            Some("gaiji") => What::Gaiji,
            _ => What::Form,
        }
    }
}

/// The definitions of a folder, in the order of their names.
///
/// # Errors
/// When the folder cannot be read.
pub fn definitions(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let mut paths = fs::read_dir(folder)
        .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>())
        .map_err(|e| LoadError::io(folder, &e))?;
    // The list of network services is the program's own.
    paths.retain(|p| p.extension().is_some_and(|e| e == "yaml" || e == "yml"));
    paths.retain(|p| p.file_stem().is_none_or(|stem| stem != "networks"));
    paths.sort();
    // What 0.1.0 called these would otherwise be read as a form.
    for (before, now) in [("bureaus", "offices.yaml"), ("dictionary", "shared.yaml")] {
        if let Some(path) = paths.iter().find(|p| p.file_stem().is_some_and(|s| s == before)) {
            let path = path.display();
            return Err(LoadError::plain(Text::new(
                format!(
                    "{path} は {now} に替わりました。中身を {now} の書き方に直し、名前を変えてください"
                ),
                format!(
                    "{path}: its place has been taken by {now}; write it as that file is written and rename it"
                ),
            )));
        }
    }
    Ok(paths)
}

/// A form and where it was read.
struct Written {
    path: PathBuf,
    text: String,
    form: Form,
}

impl Forms {
    /// The built-in forms and those of a folder: every `*.yaml` is a form, but `shared.yaml` has
    /// fields of several forms, `offices.yaml` replaces what it names of the bureaus, and `gaiji.yaml` says
    /// what private-use characters mean.
    ///
    /// # Errors
    /// What cannot be read or is not sound, with the file it is in. What can only be seen on the page
    /// is found by [`crate::load_forms`], which takes the ids and texts of the folder's forms.
    pub(crate) fn with_folder(folder: &Path) -> Result<(Forms, Vec<(String, Source)>), LoadError> {
        let paths = definitions(folder)?;
        let mut written = Vec::new();
        for path in paths.iter().filter(|path| What::of(path) == What::Form) {
            let text = fs::read_to_string(path).map_err(|e| LoadError::io(path, &e))?;
            let form = Forms::parse_form(&path.display().to_string(), &text)?;
            written.push(Written { path: path.clone(), text, form });
        }
        let replaced: Vec<&str> =
            written.iter().filter_map(|w| w.form.replaces.as_deref()).collect();
        let mut all = Forms::built_in_but(|form| replaced.contains(&form.id()));
        all.read_shared(&paths)?;
        for Written { path, text, form } in &written {
            refuse(all.dictionary.extend(&form.fields, text), path, text)?;
        }
        let mut sources = Vec::new();
        for Written { path, text, form } in written {
            let mut report = form.lint(&all.dictionary, &text);
            report.extend(all.clash(&form));
            refuse(report, &path, &text)?;
            sources.push((form.id.clone(), Source::new(path.display().to_string(), text)));
            all.push(form);
        }
        Ok((all, sources))
    }

    /// The built-in forms and those of the folder that the form of this path and text is for, which is
    /// left out although its fields are there: for finding what is wrong with it alone.
    ///
    /// # Errors
    /// What is not sound in the shared fields and bureaus beside it, and in its own fields.
    pub fn beside(path: &Path, folder: &Path, text: &str, form: &Form) -> Result<Forms, LoadError> {
        let replaces = form.replaces.as_deref();
        let mut all =
            Forms::built_in_but(|known| replaces == Some(known.id()) || known.text() == text);
        let paths = definitions(folder)?;
        let is_inside = paths.iter().any(|known| same(known, path));
        // The built-in definitions know themselves.
        if !Forms::built_in().has_text(text) {
            all.read_shared(&paths)?;
            for other in paths.iter().filter(|p| What::of(p) == What::Form && !same(p, path)) {
                // What is wrong with another form is reported when that is checked.
                let Ok(text) = fs::read_to_string(other) else { continue };
                let Ok(other) = Forms::parse_form(&other.display().to_string(), &text) else {
                    continue;
                };
                // A form that is written elsewhere takes the place of the one there.
                if !is_inside && other.id == form.id {
                    continue;
                }
                let report = all.dictionary.extend(&other.fields, &text);
                if report.errors() == 0 && all.clash(&other).errors() == 0 {
                    all.push(other);
                }
            }
        }
        refuse(all.dictionary.extend(&form.fields, text), path, text)?;
        Ok(all)
    }

    fn read_shared(&mut self, paths: &[PathBuf]) -> Result<(), LoadError> {
        for path in paths {
            let read = || fs::read_to_string(path).map_err(|e| LoadError::io(path, &e));
            match What::of(path) {
                What::Shared => {
                    let text = read()?;
                    let fields = Dictionary::fields_of_yaml(&text)
                        .map_err(|fault| LoadError::from(*fault).in_file(path, &text))?;
                    refuse(self.dictionary.extend(&fields, &text), path, &text)?;
                }
                What::Bureaus => {
                    let text = read()?;
                    let bureaus = Bureaus::from_yaml(&text)
                        .map_err(|fault| LoadError::from(*fault).in_file(path, &text))?;
                    self.bureaus = Some(Arc::new(bureaus));
                }
                What::Gaiji => {
                    let text = read()?;
                    let gaiji = Gaiji::from_yaml(&text).map_err(|report| {
                        LoadError { source: Source::default(), report }.in_file(path, &text)
                    })?;
                    self.gaiji = Some(Arc::new(gaiji));
                }
                What::Form => {}
            }
        }
        Ok(())
    }

    /// An error when another form has one of this form's names.
    pub fn clash(&self, form: &Form) -> Report {
        let mut names = std::iter::once(&form.id).chain(&form.alias);
        let Some((name, other)) = names.find_map(|name| Some((name, self.named(name)?))) else {
            return Report::default();
        };
        let message = Text::new(
            format!("「{name}」という名前の様式は既にあります（{other}）"),
            format!("a form named {name} already exists ({other})"),
        );
        let hint = Text::new(
            format!(
                "別の名前にしてください。{other} の代わりにする様式には「replaces: {other}」と書きます"
            ),
            format!("choose another name; to take its place, write `replaces: {other}`"),
        );
        Diagnostic::error("definition", message).with_hint(hint).into()
    }
}

/// The faults of the fields that a `shared.yaml` defines.
pub fn lint_shared(text: &str) -> Report {
    match Dictionary::fields_of_yaml(text) {
        // The built-in shared fields are themselves such a file.
        Ok(fields) => {
            let mut dictionary = match super::load::SHARED == text {
                true => Dictionary::default(),
                false => Forms::built_in().dictionary().clone(),
            };
            let mut report = dictionary.extend(&fields, text);
            for field in &fields {
                if let Some(message) = field.value.example_fault() {
                    let fault = Diagnostic::error("definition", message);
                    report.push(fault.at(crate::yaml::place(field, text)));
                }
            }
            report
        }
        Err(fault) => (*fault).into(),
    }
}

/// The faults of an `offices.yaml`.
pub fn lint_bureaus(text: &str) -> Report {
    match Bureaus::from_yaml(text) {
        Ok(_) => Report::default(),
        Err(fault) => (*fault).into(),
    }
}

/// The faults of a `gaiji.yaml`.
pub fn lint_gaiji(text: &str) -> Report {
    Gaiji::from_yaml(text).err().unwrap_or_default()
}

/// Whether two paths are of one file.
fn same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// The faults of a file, when there are errors among them.
fn refuse(report: Report, path: &Path, text: &str) -> Result<(), LoadError> {
    match report.errors() {
        0 => Ok(()),
        _ => Err(LoadError { source: Source::default(), report }.in_file(path, text)),
    }
}
