//! The whole way from a record to its sheets, as every command goes it.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::calendar::Date;
use crate::check;
use crate::form::{Beside, Form, Forms, LoadError, Needs};
use crate::layout::{self, Mode, Template};
use crate::record::Record;
use crate::report::{Diagnostic, Place, Report, Text};
use crate::sheet::Sheet;
use crate::values::{self, Data, Naming, Values};

/// A record's forms, filled, and everything that is wrong with it.
///
/// The forms are reached through [`Filling::ready`], which refuses a record with errors, or, knowingly,
/// through [`Filling::draft`].
#[derive(Clone, Debug)]
pub struct Filling {
    pub(crate) sheets: Vec<FilledForm>,
    pub(crate) report: Report,
    pub(crate) values: Arc<Values>,
}

impl Filling {
    /// What cannot be filled at all.
    pub(crate) fn refused(report: Report) -> Self {
        Filling { sheets: Vec::new(), report, values: Arc::default() }
    }

    /// Every finding, in source order.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The values as they were understood, including derived ones.
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The filled forms, if nothing is wrong with the record.
    ///
    /// # Errors
    /// The report, if it has an error. Warnings do not stop a form.
    ///
    /// ```
    /// use onshi::{calendar::Date, form::Forms, record};
    /// let forms = Forms::built_in();
    /// let record = record::read("r.yaml", "introduction_plan: {account: 済み}".as_bytes()).unwrap();
    /// let filling = onshi::fill(&record, forms, &[], Date::constant(2024, 1, 10));
    /// assert!(filling.ready().is_err_and(|report| report.errors() > 0));
    /// assert_eq!(filling.draft()[0].form(), "introduction-plan");
    /// ```
    pub fn ready(&self) -> Result<Ready<'_>, &Report> {
        match self.report.errors() {
            0 => Ok(Ready { forms: &self.sheets }),
            _ => Err(&self.report),
        }
    }

    /// The forms as far as they can be filled, whatever is wrong with the record: for a preview, or a
    /// page that says that it is a draft.
    pub fn draft(&self) -> &[FilledForm] {
        &self.sheets
    }
}

/// Filled forms of a record without errors.
#[derive(Clone, Copy, Debug)]
pub struct Ready<'a> {
    forms: &'a [FilledForm],
}

impl<'a> Ready<'a> {
    /// The forms, in the order of their definitions or of their names in the call.
    pub fn forms(&self) -> &'a [FilledForm] {
        self.forms
    }
}

/// One filled form.
#[derive(Clone, Debug)]
pub struct FilledForm {
    pub(crate) form: String,
    pub(crate) kind: Option<String>,
    pub(crate) sheets: Vec<Sheet>,
    pub(crate) values: Arc<Values>,
}

impl FilledForm {
    /// The form's id, such as `introduction-plan`.
    pub fn form(&self) -> &str {
        &self.form
    }

    /// Which of several values the form was made for, such as 医科; none when there is only one.
    pub fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// Its pages.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The values the form is filled with.
    pub fn values(&self) -> &Values {
        &self.values
    }
}

/// Checks a record and fills its forms: the `named` ones, or without names every form whose section
/// the record has. `today` is what "late" is measured against.
///
/// ```
/// use onshi::{calendar::Date, form::Forms, record};
/// let record = record::read("r.yaml", b"introduction_plan: {account: \xE6\xB8\x88\xE3\x81\xBF}").unwrap();
/// let filling = onshi::fill(&record, Forms::built_in(), &[], Date::constant(2024, 1, 10));
/// assert!(filling.report().errors() > 0);
/// assert_eq!(filling.draft()[0].form(), "introduction-plan");
/// ```
pub fn fill(record: &Record, forms: &Forms, named: &[&Form], today: Date) -> Filling {
    Filler::new(forms).fill(record, named, today)
}

/// What [`fill`] does for the forms that a file asks for by having them: one that the record makes superfluous is
/// left out, and the report has the reason.
pub(crate) fn fill_asked(record: &Record, forms: &Forms, asked: &[&Form], today: Date) -> Filling {
    Filler::new(forms).fill_asked(record, asked, today)
}

/// Fills the forms of many records: what each form prints is laid out once.
pub struct Filler<'a> {
    forms: &'a Forms,
    naming: Option<Naming>,
    /// As `forms` has them, each prepared when it is first asked for.
    templates: Vec<OnceLock<Template<'a>>>,
}

impl<'a> Filler<'a> {
    /// For records of these forms.
    pub fn new(forms: &'a Forms) -> Self {
        Filler {
            forms,
            naming: None,
            templates: forms.sections().map(|_| OnceLock::new()).collect(),
        }
    }

    /// For records that are typed into fields with labels: hints speak of these, and of no keys.
    pub fn labelled(self) -> Self {
        Filler { naming: Some(Naming::Cells), ..self }
    }

    fn lay_out(&self, form: &Form, values: &Values) -> (Vec<Sheet>, Report) {
        match self.forms.known(form) {
            Some((index, form)) => {
                let template = self.templates[index].get_or_init(|| Template::new(form));
                template.fill(values, self.forms)
            }
            // A form of the caller's own.
            None => layout::fill(form, Mode::Filled(values), self.forms),
        }
    }

    /// What [`fill`] does.
    pub fn fill(&self, record: &Record, named: &[&Form], today: Date) -> Filling {
        self.fill_with(record, named, false, today)
    }

    /// What [`fill_asked`] does.
    pub(crate) fn fill_asked(&self, record: &Record, asked: &[&Form], today: Date) -> Filling {
        self.fill_with(record, asked, true, today)
    }

    fn fill_with(&self, record: &Record, named: &[&Form], may_skip: bool, today: Date) -> Filling {
        let forms = self.forms;
        let (mut values, mut report) = values::written_values(record, forms, self.naming);
        let in_record = |section: &str| values.has_key(section);
        let asked: Vec<Needs<'_>> = match named {
            [] => forms.of_sections(in_record).map(|form| forms.needs(form)).collect(),
            named => named.iter().map(|form| forms.needs(form)).collect(),
        };
        values::derive(&mut values, forms, |field| {
            !field.computed || asked.iter().any(|needs| needs.computes(&field.key))
        });
        let wanted = if named.is_empty() {
            let (wanted, skipped) = check::wanted(&values, forms, today);
            if wanted.is_empty() && skipped.diagnostics.is_empty() {
                report.push(nothing_wanted(record, values.naming(), forms));
            }
            report.extend(skipped);
            wanted
        } else if may_skip {
            let is_wanted = |form: &&Form| match check::skipped(form, &values, forms, today) {
                Some(why) => {
                    report.push(why);
                    false
                }
                None => true,
            };
            named.iter().copied().filter(is_wanted).collect()
        } else {
            named.to_vec()
        };
        self.cite_forms(&mut report, &wanted);
        let values = Arc::new(values);
        let mut sheets = Vec::new();
        for form in wanted {
            report.extend(check::check(form, &values, forms, today));
            for (kind, values) in copies(form, &values, forms) {
                let (pages, misfits) = self.lay_out(form, &values);
                report.extend(misfits);
                sheets.push(FilledForm { form: form.id.clone(), kind, sheets: pages, values });
            }
        }
        check::say_once(&mut report);
        report.sort();
        Filling { sheets, report, values }
    }

    /// A value that is not of its kind: the form that asks for it is the source of the rule.
    fn cite_forms(&self, report: &mut Report, wanted: &[&Form]) {
        for finding in report.diagnostics.iter_mut().filter(|finding| finding.cite.is_none()) {
            let field = finding.field.as_deref().and_then(|key| self.forms.dictionary().get(key));
            let Some(field) = field else { continue };
            let asking = wanted.iter().filter(|form| self.forms.needs(form).has(&field.key));
            // Before those that only compare other values with it.
            let asks = |form: &&&Form| self.forms.needs(form).asks_for(&field.key);
            if let Some(form) = asking.min_by_key(|form| !asks(form)) {
                finding.cite = Some(format!("{}（{}）", form.short_name(), form.source.document));
            }
        }
    }
}

/// The built-in forms and those of a folder, as `--forms` takes it: `shared.yaml` has fields of several
/// forms, `offices.yaml` replaces what it names of the bureaus, `gaiji.yaml` says what private-use characters
/// mean, every other `*.yaml` is a form, which may replace a built-in one by saying so.
///
/// # Errors
/// What cannot be read or is not sound, in structure or on the page, with the file it is in.
///
/// ```
/// let forms = onshi::load_forms(std::path::Path::new("tests/forms")).unwrap();
/// assert!(forms.find("visit-request").is_some());
/// ```
pub fn load_forms(folder: &Path) -> Result<Forms, LoadError> {
    let (forms, sources) = Forms::with_folder(folder)?;
    layout::lint_each(&forms, sources, |_, _| None)?;
    Ok(forms)
}

/// These forms and one more, whose definition is `text` and called `name`, with the files it names; and what is
/// wrong with it on the page. For a definition that is not saved yet.
///
/// # Errors
/// What is not sound in its structure.
pub fn try_form(
    forms: &Forms,
    name: &str,
    text: &str,
    files: &[(&str, &[u8])],
) -> Result<(Forms, String, Report), LoadError> {
    let form = Forms::parse_form_with(name, text, Beside::Given(files))?;
    let id = form.id.clone();
    let forms = forms.with_form(form, name, text)?;
    let report = forms.find(&id).map(|form| {
        let mut report = layout::lint(form, &forms, text);
        if report.errors() == 0 {
            report.extend(check::lint(form, &forms, text));
        }
        report
    });
    Ok((forms, id, report.unwrap_or_default()))
}

/// The values a form is filled with: once, or once for each value of the field it is made for.
fn copies(form: &Form, values: &Arc<Values>, forms: &Forms) -> Vec<(Option<String>, Arc<Values>)> {
    let each = form.each.as_ref().map(|each| each.value.as_str());
    match each.and_then(|each| Some((each, &values.get(each)?.data))) {
        Some((each, Data::Choices(all))) => all
            .iter()
            .map(|choice| {
                let values = values::with_choice(values, each, choice, forms);
                (Some(choice.clone()), Arc::new(values))
            })
            .collect(),
        _ => vec![(None, Arc::clone(values))],
    }
}

fn nothing_wanted(record: &Record, naming: Naming, forms: &Forms) -> Diagnostic {
    let sections = |lang: &dyn Fn(&Form) -> String| {
        forms.forms().filter(|f| forms.is_asked_for(f)).map(lang).collect::<Vec<_>>()
    };
    let naming = match record.root.place {
        // There a section has a label, and no key.
        Place::Cell { .. } => Naming::Cells,
        Place::Text { .. } => naming,
    };
    let called = |form: &Form| naming.call(&form.section.value, forms.dictionary());
    let ja = sections(&|f| format!("{}（{}）", called(f).ja.trim_end(), f.short_name()));
    let en = sections(&|f| format!("{} ({})", called(f).en, f.short_name()));
    let message = Text::new(
        "記録に、様式の値が何も書かれていません",
        "the record has no values for any form",
    );
    Diagnostic::error("required", message)
        .with_hint(Text::new(
            format!(
                "{} のいずれかを書いてください。--form で様式を指定することもできます",
                ja.join("、")
            ),
            format!("write one of {}. Or name a form with --form", en.join(", ")),
        ))
        .at(Some(record.root.place.clone()))
}
