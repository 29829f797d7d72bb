//! The forms there are: the built-in ones, each read when it is first asked for, and a user's own.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use serde::Deserialize;

use super::beside::Beside;
use super::dictionary::SharedFile;
use super::needs::Found;
use super::{Dictionary, Field, Form, Gaiji, Needs};
use super::{papers, pictures};
use crate::expr::Functions;
use crate::office::Bureaus;
use crate::report::{Diagnostic, Explain, Report, Source, Text, system};
use crate::yaml::{self, Spanned};

pub(super) const SHARED: &str = include_str!("../../forms/shared.yaml");
const SHARED_JSON: &str = include_str!(concat!(env!("OUT_DIR"), "/shared.json"));
include!(concat!(env!("OUT_DIR"), "/forms.rs"));

/// The dictionary and the forms.
#[derive(Clone, Debug)]
pub struct Forms {
    pub(super) dictionary: Dictionary,
    forms: Vec<Definition>,
    /// What each of them needs.
    needs: Vec<Arc<Found>>,
    /// None for the built-in ones.
    pub(super) bureaus: Option<Arc<Bureaus>>,
    /// The user's table of 外字, if there is one.
    pub(super) gaiji: Option<Arc<Gaiji>>,
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
pub(super) struct BuiltIn {
    /// As it is written, in YAML.
    text: &'static str,
    /// Its head and the whole of it in JSON, without places.
    json: [&'static str; 2],
    head: OnceLock<Head>,
    form: OnceLock<Form>,
}

/// What tells whether a form is asked for, and its fields: they are before the form's body.
#[derive(Debug, Deserialize)]
struct Head {
    id: String,
    #[serde(default)]
    order: Option<u32>,
    #[serde(default)]
    alias: Vec<String>,
    section: String,
    #[serde(default)]
    fields: Vec<Spanned<Field>>,
}

impl BuiltIn {
    const fn new(text: &'static str, head: &'static str, whole: &'static str) -> Self {
        BuiltIn { text, json: [head, whole], head: OnceLock::new(), form: OnceLock::new() }
    }

    fn head(&self) -> &Head {
        // As of the form itself.
        self.head.get_or_init(|| serde_json::from_str(self.json[0]).expect("forms are sound"))
    }

    pub(super) fn id(&self) -> &str {
        &self.head().id
    }

    pub(super) fn text(&self) -> &str {
        self.text
    }

    fn form(&self) -> &Form {
        // The definitions are compiled in, and a test reads and lints each of them.
        self.form.get_or_init(|| {
            let form: Form = serde_json::from_str(self.json[1]).expect("forms are sound");
            form.styled(self.text).expect("forms are sound")
        })
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
            let mut forms: Vec<&BuiltIn> = BUILT_IN.iter().collect();
            forms.sort_by_key(|form| (form.head().order.unwrap_or(u32::MAX), &form.head().id));
            Forms::of_built_in(forms)
        });
        &FORMS
    }

    /// These built-in forms, with their fields behind the shared ones.
    pub(super) fn of_built_in(forms: Vec<&'static BuiltIn>) -> Forms {
        let mut dictionary = Dictionary::default();
        let own = forms.iter().flat_map(|form| &form.head().fields);
        // They are compiled in, and a test reads and lints them.
        let shared: SharedFile = serde_json::from_str(SHARED_JSON).expect("fields are sound");
        let faults: Vec<_> = shared
            .fields
            .iter()
            .chain(own)
            .filter_map(|field| dictionary.add(&field.value).err())
            .collect();
        debug_assert!(faults.is_empty(), "{faults:?}");
        dictionary.ignore(&shared.ignored);
        let forms: Vec<Definition> = forms.into_iter().map(Definition::BuiltIn).collect();
        let needs = forms.iter().map(|_| Arc::default()).collect();
        Forms { dictionary, forms, needs, bureaus: None, gaiji: None, functions: OnceLock::new() }
    }

    /// The built-in forms but those left out, which take their fields with them.
    pub(super) fn built_in_but(is_left_out: impl Fn(&BuiltIn) -> bool) -> Forms {
        let all = Forms::built_in().forms.iter().filter_map(|form| match form {
            Definition::BuiltIn(form) => Some(*form),
            Definition::Own(_) => None,
        });
        Forms::of_built_in(all.filter(|form| !is_left_out(form)).collect())
    }

    /// Whether a built-in form is written so.
    pub(super) fn has_text(&self, text: &str) -> bool {
        let is_it = |form: &Definition| matches!(form, Definition::BuiltIn(f) if f.text == text);
        self.forms.iter().any(is_it)
    }

    /// The id of the form that has this id or other name.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        self.forms.iter().find(|form| form.is_named(name)).map(Definition::id)
    }

    /// Adds a form behind the others; its fields have been added.
    pub(super) fn push(&mut self, form: Form) {
        self.dictionary.add_samples(&form.sample.record.0);
        self.forms.push(Definition::Own(Box::new(form)));
        self.needs.push(Arc::default());
    }

    /// Reads a form definition without adding it, with the pictures and the paper beside the file of this name.
    ///
    /// # Errors
    /// What is not sound in its structure, with line and column, and files that cannot be read.
    pub fn parse_form(name: &str, text: &str) -> Result<Form, LoadError> {
        let folder = Path::new(name).parent().unwrap_or(Path::new(""));
        Forms::parse_form_with(name, text, Beside::Folder(folder))
    }

    /// The same with the files it names from somewhere else.
    ///
    /// # Errors
    /// As of [`Forms::parse_form`].
    pub fn parse_form_with(name: &str, text: &str, beside: Beside<'_>) -> Result<Form, LoadError> {
        let path = Path::new(name);
        let mut form = parse(text).map_err(|e| e.in_file(path, text))?;
        let mut report = pictures::read(&mut form, beside, text);
        report.extend(papers::read(&mut form, beside, text));
        match report.errors() {
            0 => Ok(form),
            _ => Err(LoadError { source: Source::default(), report }.in_file(path, text)),
        }
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

    /// This form, and where it is in [`Forms::forms`]; none when it is the caller's own.
    pub(crate) fn known(&self, form: &Form) -> Option<(usize, &Form)> {
        let read = self.forms.iter().map(|known| match known {
            Definition::BuiltIn(known) => known.form.get(),
            Definition::Own(known) => Some(&**known),
        });
        read.enumerate().find_map(|(index, known)| {
            known.filter(|known| std::ptr::eq(*known, form)).map(|known| (index, known))
        })
    }

    /// The form of this id, and where it is in [`Forms::forms`].
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

    /// The same forms, filled with what this table says of private-use characters, in place of any other.
    pub fn with_gaiji(self, gaiji: Gaiji) -> Forms {
        Forms { gaiji: Some(Arc::new(gaiji)), ..self }
    }

    /// What private-use characters of records mean.
    pub fn gaiji(&self) -> Option<&Gaiji> {
        self.gaiji.as_deref()
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

/// Reads a form definition.
fn parse(text: &str) -> Result<Form, LoadError> {
    let form: Form = yaml::parse(text).map_err(|e| LoadError::from(*e))?;
    form.styled(text).map_err(|report| LoadError { source: Source::default(), report })
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

    pub(super) fn io(path: &Path, error: &std::io::Error) -> Self {
        let (path, why) = (path.display(), system(error));
        Self::plain(Text::new(
            format!("{path} を読めません: {}", why.ja),
            format!("cannot read {path}: {}", why.en),
        ))
    }

    pub(super) fn in_file(mut self, path: &Path, text: &str) -> Self {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What something is, without where it was found.
    fn placeless(text: &str) -> String {
        let mut parts = text.split("Location {");
        let mut kept = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            // A location ends with its span's second brace.
            let end = part.match_indices('}').nth(1).map_or(part.len(), |(at, _)| at + 1);
            kept += &part[end..];
        }
        kept
    }

    #[test]
    fn the_definitions_are_the_same_in_json() {
        for built_in in &BUILT_IN {
            let form = parse(built_in.text).expect("a form");
            let (yaml, json) = (format!("{form:?}"), format!("{:?}", built_in.form()));
            assert!(yaml.contains("Location {"), "{yaml}");
            assert_eq!(placeless(&yaml), placeless(&json));
        }
        let shared = Dictionary::shared_of_yaml(SHARED).expect("fields");
        let json: SharedFile = serde_json::from_str(SHARED_JSON).expect("fields");
        let both = |file: &SharedFile| placeless(&format!("{:?} {:?}", file.fields, file.ignored));
        assert_eq!(both(&shared), both(&json));
    }
}
