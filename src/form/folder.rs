//! A user's own definitions: those of a folder, and those beside a form that is being written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dictionary::Dictionary;
use super::{Field, Form, Forms, Gaiji, LoadError, synonyms};
use crate::office::Bureaus;
use crate::report::{Diagnostic, Report, Source, Text};
use crate::yaml::{Spanned, place};

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

impl Written {
    fn of(path: PathBuf, text: String) -> Result<Self, LoadError> {
        let form = Forms::parse_form(&path.display().to_string(), &text)?;
        Ok(Written { path, text, form })
    }
}

/// The forms among the definitions of a folder.
fn forms_of(paths: &[PathBuf]) -> Result<Vec<Written>, LoadError> {
    let forms = paths.iter().filter(|path| What::of(path) == What::Form);
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).map_err(|e| LoadError::io(path, &e))?;
        Written::of(path.clone(), text)
    };
    forms.map(read).collect()
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
        let written = forms_of(&paths)?;
        let replaced: Vec<&str> =
            written.iter().filter_map(|w| w.form.replaces.as_deref()).collect();
        let mut all = Forms::built_in_but(|form| replaced.contains(&form.id()));
        all.read_shared(&paths)?;
        for (i, Written { path, text, form }) in written.iter().enumerate() {
            let others = written[..i].iter().map(|other| (&other.form, other.path.as_path()));
            refuse(all.clash_beside(form, text, others), path, text)?;
            refuse(extend(&mut all.dictionary, &form.fields, text), path, text)?;
        }
        let sources = all.take(written)?;
        Ok((all, sources))
    }

    /// Adds forms whose fields are known, if they are sound; the ids and texts of all.
    fn take(&mut self, written: Vec<Written>) -> Result<Vec<(String, Source)>, LoadError> {
        let mut sources = Vec::new();
        for Written { path, text, form } in written {
            refuse(form.lint(&self.dictionary, &text), &path, &text)?;
            sources.push((form.id.clone(), Source::new(path.display().to_string(), text)));
            self.push(form);
        }
        Ok(sources)
    }

    /// The built-in forms and those of the folder that the form of this path and text is for, which is
    /// left out although its fields are there: for finding what is wrong with it alone. With them errors for
    /// the names that another form has too.
    ///
    /// # Errors
    /// What is not sound in the shared fields and bureaus beside it, and in its own fields.
    pub fn beside(
        path: &Path,
        folder: &Path,
        text: &str,
        form: &Form,
    ) -> Result<(Forms, Report), LoadError> {
        let written = text;
        let replaces = form.replaces.as_deref();
        let mut all =
            Forms::built_in_but(|known| replaces == Some(known.id()) || known.text() == text);
        let paths = definitions(folder)?;
        let is_inside = paths.iter().any(|known| same(known, path));
        let mut twins = Report::default();
        // The built-in definitions know themselves.
        if !Forms::built_in().has_text(text) {
            all.read_shared(&paths)?;
            for other_path in paths.iter().filter(|p| What::of(p) == What::Form && !same(p, path)) {
                // What is wrong with another form is reported when that is checked.
                let Ok(text) = fs::read_to_string(other_path) else { continue };
                let name = other_path.display().to_string();
                let Ok(other) = Forms::parse_form(&name, &text) else {
                    continue;
                };
                // A form that is written elsewhere takes the place of the one there.
                if !is_inside && other.id == form.id {
                    continue;
                }
                // The fields of a copy are those of the form: that it is one says enough.
                let twin = same_name(form, &other);
                if let Some(name) = twin {
                    twins.extend(taken(name, &other.id, Some(other_path), written));
                    continue;
                }
                let report = extend(&mut all.dictionary, &other.fields, &text);
                if report.errors() == 0 && all.clash(&other, &text).errors() == 0 {
                    all.push(other);
                }
            }
        }
        refuse(extend(&mut all.dictionary, &form.fields, text), path, text)?;
        twins.extend(all.clash(form, text));
        Ok((all, twins))
    }

    /// The forms of these definitions alone, each with the name of its file, and of a folder, whose forms take
    /// the place of those with the same id: for what is printed beside the forms that people fill in. With
    /// them come the ids and texts of all, for finding what can only be seen on the page.
    ///
    /// # Errors
    /// What is not sound, with the file it is in.
    pub(crate) fn alone(
        texts: &[(&str, &str)],
        folder: Option<&Path>,
    ) -> Result<(Forms, Vec<(String, Source)>), LoadError> {
        let mut all = Forms::of_built_in(Vec::new());
        let mut written = Vec::new();
        for (name, text) in texts {
            let path = PathBuf::from(name);
            match What::of(&path) {
                What::Form => written.push(Written::of(path, (*text).to_owned())?),
                _ => all.share(&path, text)?,
            }
        }
        let paths = folder.map(definitions).transpose()?.unwrap_or_default();
        all.read_shared(&paths)?;
        for own in forms_of(&paths)? {
            written.retain(|known| known.form.id != own.form.id);
            written.push(own);
        }
        for Written { path, text, form } in &written {
            refuse(extend(&mut all.dictionary, &form.fields, text), path, text)?;
        }
        let sources = all.take(written)?;
        Ok((all, sources))
    }

    /// These forms and one more, whose text is `text`.
    ///
    /// # Errors
    /// What is not sound in its fields and its structure, and names that another form has.
    pub(crate) fn with_form(&self, form: Form, name: &str, text: &str) -> Result<Forms, LoadError> {
        let mut all = self.clone();
        let path = Path::new(name);
        refuse(all.dictionary.extend(&form.fields, text), path, text)?;
        let mut report = form.lint(&all.dictionary, text);
        report.extend(all.clash(&form, text));
        refuse(report, path, text)?;
        all.push(form);
        Ok(all)
    }

    /// Reads the files that are shared by forms.
    fn read_shared(&mut self, paths: &[PathBuf]) -> Result<(), LoadError> {
        for path in paths.iter().filter(|path| What::of(path) != What::Form) {
            let text = fs::read_to_string(path).map_err(|e| LoadError::io(path, &e))?;
            self.share(path, &text)?;
        }
        Ok(())
    }

    /// Takes what a file that is shared by forms says.
    fn share(&mut self, path: &Path, text: &str) -> Result<(), LoadError> {
        let refused = |report| LoadError { source: Source::default(), report }.in_file(path, text);
        match What::of(path) {
            What::Shared => {
                let shared =
                    Dictionary::shared_of_yaml(text).map_err(|fault| refused((*fault).into()))?;
                self.dictionary.ignore(&shared.ignored);
                refuse(extend(&mut self.dictionary, &shared.fields, text), path, text)?;
            }
            What::Bureaus => {
                let bureaus = Bureaus::from_yaml(text).map_err(|fault| refused((*fault).into()))?;
                self.bureaus = Some(Arc::new(bureaus));
            }
            What::Gaiji => self.gaiji = Some(Arc::new(Gaiji::from_yaml(text).map_err(refused)?)),
            What::Form => {}
        }
        Ok(())
    }

    /// An error when another form has one of this form's names; `source` is the text it was read from.
    fn clash(&self, form: &Form, source: &str) -> Report {
        self.clash_beside(form, source, std::iter::empty())
    }

    /// The same, with other forms of a folder and their paths.
    fn clash_beside<'f>(
        &self,
        form: &Form,
        source: &str,
        mut others: impl Iterator<Item = (&'f Form, &'f Path)>,
    ) -> Report {
        let mut names = std::iter::once(&form.id).chain(&form.alias);
        if let Some((name, known)) = names.find_map(|name| Some((name, self.named(name)?))) {
            return taken(name, known, None, source);
        }
        let twin = others.find_map(|(other, path)| Some((same_name(form, other)?, other, path)));
        twin.map_or_else(Report::default, |(name, other, path)| {
            taken(name, &other.id, Some(path), source)
        })
    }
}

/// A name of a form that another has too.
fn same_name<'f>(form: &'f Form, other: &Form) -> Option<&'f String> {
    std::iter::once(&form.id).chain(&form.alias).find(|name| other.is_named(name))
}

/// The error that a name is another form's, which is built in or was read from `path`.
fn taken(name: &str, other: &str, path: Option<&Path>, source: &str) -> Report {
    /// The part of a definition that says what it is called.
    #[derive(serde::Deserialize)]
    struct Called {
        id: Spanned<String>,
    }
    let called: Option<Called> = crate::yaml::parse(source).ok();
    let at = called.and_then(|called| place(&called.id, source));
    let (ja, en) = match path {
        Some(path) => (path.display().to_string(), path.display().to_string()),
        None => (format!("組み込みの {other}"), format!("the built-in {other}")),
    };
    let message = Text::new(
        format!("「{name}」という名前の様式は既にあります（{ja}）"),
        format!("a form named {name} already exists ({en})"),
    );
    let hint = match path {
        Some(_) => Text::new(
            "どちらかの id と alias を別の名前にするか、写しならファイルをフォルダーから除いてください",
            "give one of them another id and alias; if it is a copy, take the file out of the folder",
        ),
        None => Text::new(
            format!(
                "別の名前にしてください。{other} の代わりにする様式には「replaces: {other}」と書きます"
            ),
            format!("choose another name; to take its place, write `replaces: {other}`"),
        ),
    };
    Diagnostic::error("definition", message).with_hint(hint).at(at).into()
}

/// The faults of the fields that a `shared.yaml` defines.
pub fn lint_shared(text: &str) -> Report {
    match Dictionary::shared_of_yaml(text) {
        // The built-in shared fields are themselves such a file.
        Ok(shared) => {
            let fields = &shared.fields;
            let mut dictionary = match super::load::SHARED == text {
                true => Dictionary::default(),
                false => Forms::built_in().dictionary().clone(),
            };
            let mut report = extend(&mut dictionary, fields, text);
            for field in fields {
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

/// Adds fields that were read from this text; a fault for each that cannot be added, and for headings that
/// nothing tells apart from another field's.
fn extend(dictionary: &mut Dictionary, fields: &[Spanned<Field>], text: &str) -> Report {
    let mut report = dictionary.extend(fields, text);
    for field in fields {
        for message in synonyms::faults(&field.value, dictionary) {
            let fault = Diagnostic::error("definition", message);
            report.push(fault.at(crate::yaml::place(field, text)));
        }
    }
    report
}

/// The faults of a file, when there are errors among them.
fn refuse(report: Report, path: &Path, text: &str) -> Result<(), LoadError> {
    match report.errors() {
        0 => Ok(()),
        _ => Err(LoadError { source: Source::default(), report }.in_file(path, text)),
    }
}
