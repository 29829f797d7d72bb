//! Reading form definitions and the dictionary: the built-in ones, and a user's own beside them.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use serde::Deserialize;

use super::needs::Found;
use super::{Dictionary, Form, Needs};
use crate::expr::Functions;
use crate::office::Bureaus;
use crate::report::{Diagnostic, Explain, Report, Source, Text};
use crate::yaml;

const DICTIONARY: &str = include_str!("../../forms/dictionary.yaml");
static BUILT_IN: [BuiltIn; 5] = [
    BuiltIn::new(include_str!("../../forms/receipt-number.yaml")),
    BuiltIn::new(include_str!("../../forms/introduction-plan.yaml")),
    BuiltIn::new(include_str!("../../forms/card-reader.yaml")),
    BuiltIn::new(include_str!("../../forms/reader-demo.yaml")),
    BuiltIn::new(include_str!("../../forms/schedule.yaml")),
];

/// The dictionary and the forms.
#[derive(Clone, Debug)]
pub struct Forms {
    dictionary: Dictionary,
    forms: Vec<Definition>,
    /// What each of them needs.
    needs: Vec<Arc<Found>>,
    /// None for the built-in ones.
    bureaus: Option<Arc<Bureaus>>,
    functions: OnceLock<Functions>,
}

/// A form among others.
#[derive(Clone, Debug)]
enum Definition {
    BuiltIn(&'static BuiltIn),
    Own(Box<Form>),
}

/// A form compiled in, read when it is first asked for: most commands need one of them.
#[derive(Debug)]
struct BuiltIn {
    text: &'static str,
    head: OnceLock<Head>,
    form: OnceLock<Form>,
}

/// What tells whether a form is asked for; it stands before the form's body.
#[derive(Debug, Deserialize)]
struct Head {
    id: String,
    #[serde(default)]
    alias: Vec<String>,
    section: String,
}

impl BuiltIn {
    const fn new(text: &'static str) -> Self {
        BuiltIn { text, head: OnceLock::new(), form: OnceLock::new() }
    }

    fn head(&self) -> &Head {
        self.head.get_or_init(|| {
            let end = self.text.find("\nbody:").unwrap_or(self.text.len());
            // As of the form itself.
            yaml::parse(&self.text[..end]).expect("the built-in forms are sound")
        })
    }

    fn form(&self) -> &Form {
        // The definitions are compiled in, and a test reads and lints each of them.
        self.form.get_or_init(|| yaml::parse(self.text).expect("the built-in forms are sound"))
    }
}

impl Definition {
    fn form(&self) -> &Form {
        match self {
            Definition::BuiltIn(form) => form.form(),
            Definition::Own(form) => form,
        }
    }

    fn id(&self) -> &str {
        match self {
            Definition::BuiltIn(form) => &form.head().id,
            Definition::Own(form) => &form.id,
        }
    }

    fn section(&self) -> &str {
        match self {
            Definition::BuiltIn(form) => &form.head().section,
            Definition::Own(form) => &form.section.value,
        }
    }

    fn is_named(&self, name: &str) -> bool {
        let (id, alias) = match self {
            Definition::BuiltIn(form) => (&form.head().id, &form.head().alias),
            Definition::Own(form) => (&form.id, &form.alias),
        };
        super::model::is_one_of(name, id, alias)
    }
}

impl Forms {
    /// The forms compiled in.
    ///
    /// ```
    /// let forms = onshi::form::Forms::built_in();
    /// assert_eq!(forms.find("別紙2").unwrap().id, "introduction-plan");
    /// ```
    pub fn built_in() -> &'static Forms {
        static FORMS: LazyLock<Forms> = LazyLock::new(|| {
            let mut dictionary = Dictionary::default();
            // The text is compiled in, and a test reads and lints it.
            dictionary.extend_from_yaml(DICTIONARY).expect("the built-in dictionary is sound");
            let forms = BUILT_IN.iter().map(Definition::BuiltIn).collect();
            Forms::of(dictionary, forms)
        });
        &FORMS
    }

    /// The built-in forms and those of a folder: every `*.yaml` is a form, but `dictionary.yaml`
    /// adds fields and `bureaus.yaml` replaces the bureaus. A form with the id of a built-in one
    /// replaces it.
    ///
    /// # Errors
    /// What cannot be read or is not sound, with the file it stands in. What can only be seen on the
    /// page is found by [`crate::load_forms`], which takes the ids and texts of the folder's forms.
    pub(crate) fn with_folder(folder: &Path) -> Result<(Forms, Vec<(String, Source)>), LoadError> {
        let Forms { dictionary, forms, .. } = Forms::built_in();
        let mut all = Forms::of(dictionary.clone(), forms.clone());
        let mut sources = Vec::new();
        let mut paths = fs::read_dir(folder)
            .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>())
            .map_err(|e| LoadError::io(folder, &e))?;
        paths.retain(|p| p.extension().is_some_and(|e| e == "yaml" || e == "yml"));
        paths.sort();
        let (shared, forms): (Vec<_>, Vec<_>) = paths.into_iter().partition(|p| {
            matches!(p.file_stem().and_then(|s| s.to_str()), Some("dictionary" | "bureaus"))
        });
        for path in shared {
            let text = fs::read_to_string(&path).map_err(|e| LoadError::io(&path, &e))?;
            let result = if path.file_stem().is_some_and(|s| s == "bureaus") {
                Bureaus::from_yaml(&text)
                    .map(|bureaus| all.bureaus = Some(Arc::new(bureaus)))
                    .map_err(|e| LoadError::plain(Text::new(e.clone(), e)))
            } else {
                all.dictionary.extend_from_yaml(&text)
            };
            result.map_err(|e| e.in_file(&path, &text))?;
        }
        for path in forms {
            let text = fs::read_to_string(&path).map_err(|e| LoadError::io(&path, &e))?;
            let form: Form =
                yaml::parse(&text).map_err(|e| LoadError::from(*e).in_file(&path, &text))?;
            let report = form.lint(&all.dictionary, &text);
            if report.errors() > 0 {
                let source = Source { name: path.display().to_string(), text };
                return Err(LoadError { source, report });
            }
            let names = std::iter::once(&form.id).chain(&form.alias);
            let taken = |name: &&String| {
                all.forms.iter().any(|known| known.id() != form.id && known.is_named(name))
            };
            if let Some(name) = names.into_iter().find(taken) {
                let message = Text::new(
                    format!("「{name}」という名前の様式は既にあります"),
                    format!("a form named {name} already exists"),
                );
                return Err(LoadError::plain(message).in_file(&path, &text));
            }
            all.forms.retain(|known| known.id() != form.id);
            sources.push((form.id.clone(), Source::new(path.display().to_string(), text)));
            all.forms.push(Definition::Own(Box::new(form)));
        }
        all.needs.resize_with(all.forms.len(), Arc::default);
        Ok((all, sources))
    }

    fn of(dictionary: Dictionary, forms: Vec<Definition>) -> Forms {
        let needs = forms.iter().map(|_| Arc::default()).collect();
        Forms { dictionary, forms, needs, bureaus: None, functions: OnceLock::new() }
    }

    /// Reads a form definition without adding it.
    ///
    /// # Errors
    /// What is not sound in its structure, with line and column.
    pub fn parse_form(name: &str, text: &str) -> Result<Form, LoadError> {
        yaml::parse(text).map_err(|e| LoadError::from(*e).in_file(Path::new(name), text))
    }

    /// Every field.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// Every form.
    pub fn forms(&self) -> impl ExactSizeIterator<Item = &Form> + Clone {
        self.forms.iter().map(Definition::form)
    }

    /// Every form's section.
    pub(crate) fn sections(&self) -> impl ExactSizeIterator<Item = &str> {
        self.forms.iter().map(Definition::section)
    }

    /// The forms whose section is one of a record's.
    pub(crate) fn of_sections(&self, has: impl Fn(&str) -> bool) -> impl Iterator<Item = &Form> {
        self.forms.iter().filter(move |form| has(form.section())).map(Definition::form)
    }

    /// This form, and where it stands in [`Forms::forms`]; none when it is the caller's own.
    pub(crate) fn known(&self, form: &Form) -> Option<(usize, &Form)> {
        let read = self.forms.iter().map(|known| match known {
            Definition::BuiltIn(known) => known.form.get(),
            Definition::Own(known) => Some(&**known),
        });
        read.enumerate().find_map(|(index, known)| {
            known.filter(|known| std::ptr::eq(*known, form)).map(|known| (index, known))
        })
    }

    /// The form of this id, and where it stands in [`Forms::forms`].
    pub(crate) fn position(&self, id: &str) -> Option<(usize, &Form)> {
        let index = self.forms.iter().position(|form| form.id() == id)?;
        Some((index, self.forms[index].form()))
    }

    /// What a form needs of a record.
    pub fn needs<'f>(&'f self, form: &'f Form) -> Needs<'f> {
        // What a form of the caller's own needs is found anew.
        let found = self.known(form).map(|(index, _)| Arc::clone(&self.needs[index]));
        Needs::new(form, &self.dictionary, found.unwrap_or_default())
    }

    /// Whether a record asks for this form with its section; one whose section is computed must be named.
    pub fn is_asked_for(&self, form: &Form) -> bool {
        !self.dictionary.get(&form.section.value).is_some_and(|section| section.computed)
    }

    /// The bureaus and their deadlines.
    pub fn bureaus(&self) -> &Bureaus {
        Bureaus::chosen(&self.bureaus)
    }

    /// The functions of expressions.
    pub(crate) fn functions(&self) -> &Functions {
        self.functions.get_or_init(|| Functions::new(self.bureaus.clone()))
    }

    /// The form with this id or other name.
    pub fn find(&self, name: &str) -> Option<&Form> {
        let mut forms = self.forms.iter();
        let by_id = forms.clone().find(|form| form.id() == name);
        by_id.or_else(|| forms.find(|form| form.is_named(name))).map(Definition::form)
    }
}

/// A definition that cannot be used.
#[derive(Clone, Debug)]
pub struct LoadError {
    /// The file, for showing its lines.
    pub source: Source,
    /// What is wrong with it.
    pub report: Report,
}

impl LoadError {
    pub(crate) fn plain(message: Text) -> Self {
        Self::from(Diagnostic::error("definition", message))
    }

    fn io(path: &Path, error: &std::io::Error) -> Self {
        let path = path.display();
        Self::plain(Text::new(
            format!("{path} を読めません: {error}"),
            format!("cannot read {path}: {error}"),
        ))
    }

    fn in_file(mut self, path: &Path, text: &str) -> Self {
        self.source = Source { name: path.display().to_string(), text: text.to_owned() };
        self
    }
}

impl From<Diagnostic> for LoadError {
    fn from(diagnostic: Diagnostic) -> Self {
        LoadError { source: Source::default(), report: diagnostic.into() }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source.name, self.report)
    }
}

impl std::error::Error for LoadError {}

impl Explain for LoadError {
    fn message(&self) -> Text {
        let name = &self.source.name;
        let first = self.report.diagnostics.first().map(|finding| &finding.message);
        match first {
            Some(found) => {
                Text::new(format!("{name}: {}", found.ja), format!("{name}: {}", found.en))
            }
            None => Text::new(name, name),
        }
    }

    fn hint(&self) -> Option<Text> {
        self.report.diagnostics.first()?.hint.clone()
    }
}
