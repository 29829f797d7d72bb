//! What can be entered on a form, cell by cell: for painters that make a form to fill in, and for
//! reading it back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use super::look::Look;
use crate::FilledForm;
use crate::calendar::Date;
use crate::form::{
    self, Calendar, Dictionary, Field, Form, FormPage, Forms, Input, Kind, Part, Show,
};
use crate::key::{FieldPath, Item};
use crate::layout::Mode;
use crate::report::Text;
use crate::sheet::{Color, Tick};
use crate::values::{Data, Sections, Value, Values, shown};

/// The entries of a form, and what the record says beyond what they show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entries {
    /// The form's id.
    pub form: String,
    /// The day the form came into force: which edition of its definition this is.
    pub edition: String,
    /// The form's short name, such as 別紙2.
    pub name: String,
    /// Whether the form is empty, to be filled in by hand.
    pub fill_in: bool,
    /// The cells with a field in reading order, page by page, then the fields that the form requires and
    /// does not print. None for a 記載例.
    pub entries: Vec<Entry>,
    /// Every value the form takes as the record has it, by dotted key: only those of this form, since
    /// the file is handed to others.
    pub record: Vec<(String, String)>,
    /// What the list it is made from calls the facility, so that the file finds its row again.
    pub label: Option<String>,
}

impl Entries {
    /// The entries of the form that stands at this place in a workbook of several, from 1: behind the first
    /// their names end in the number, since a name is defined once in a workbook.
    pub(super) fn numbered(mut self, number: usize) -> Entries {
        if number > 1 {
            for entry in &mut self.entries {
                entry.name += &suffix(number);
            }
        }
        self
    }
}

/// What the names of the form at this place in its workbook end in.
fn suffix(number: usize) -> String {
    format!("{NUMBERED}{number}")
}

/// Before the number of a form in the names of its cells.
const NUMBERED: &str = ".form_";

/// A name without its number, and at which place in its workbook the form is, from 1.
pub(super) fn of_form(name: &str) -> (&str, usize) {
    let numbered = name.rsplit_once(NUMBERED);
    match numbered.and_then(|(plain, number)| Some((plain, number.parse().ok()?))) {
        Some((plain, number)) if number > 1 => (plain, number),
        _ => (name, 1),
    }
}

/// A place on a form where a value is or can be entered.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// A name a workbook can define, unique on the form: `card_reader.products_1.units`.
    pub name: String,
    /// The field's path as the form has it: `card_reader.products[product=Caora].units`.
    pub field: FieldPath,
    /// What people call the field, with its section.
    pub label: Text,
    /// The page it is on, by its place in [`Form::pages`].
    pub page: usize,
    /// How a value is entered.
    pub input: Input,
    /// What is written there.
    pub written: Option<Written>,
    /// Printed before the value.
    pub before: String,
    /// Printed after the value.
    pub after: String,
    /// What is there without a value: it means nothing.
    pub placeholder: String,
    /// Whether the form prints the field; otherwise it is asked for beside the form.
    pub printed: bool,
    /// How the form shows the value, where it does not follow from its kind.
    pub show: Option<Show>,
    /// The words that stand here for a value, by the value.
    pub words: BTreeMap<String, String>,
    /// The part of the date that stands here.
    pub part: Option<Part>,
    /// How a value looks.
    pub look: Look,
    /// What to enter.
    pub help: Text,
    /// An entry that is accepted.
    pub example: String,
    /// Who fills it in, where that is not the applicant.
    pub filled_by: Option<Text>,
    /// The values of a choice that takes several at once.
    pub several: Vec<String>,
    /// For a computed field: the field and value that make it come out as each text.
    pub inverse: Vec<Inverse>,
}

impl Entry {
    /// Whether a cell of this entry can show what is typed in a cell of the other, which is of another form: the same
    /// field, entered as one value in one cell.
    pub(super) fn can_show(&self, other: &Entry) -> bool {
        let is_alike = matches!(
            (&self.input, &other.input),
            (Input::Text(_), Input::Text(_))
                | (Input::Choice(_), Input::Choice(_))
                | (Input::Date(_), Input::Date(_))
                | (Input::YearMonth, Input::YearMonth)
                | (Input::Whole(..), Input::Whole(..))
        );
        let is_alike = is_alike && self.field == other.field && self.words == other.words;
        is_alike && self.part.is_none() && other.part.is_none()
    }
}

/// What a text of a computed field says of the field it is computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inverse {
    /// The computed text, such as `3`.
    pub text: String,
    /// The field it comes from, such as `facility.kind`.
    pub field: FieldPath,
    /// That field's value, such as 歯科.
    pub value: String,
}

/// What is in an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    /// Text.
    Text(String),
    /// A day; the first of the month for a year and a month.
    Date(Date),
    /// A tick box.
    Tick(Tick),
}

/// The entries of a form with the values it is filled with.
///
/// ```
/// use onshi::form::Forms;
/// use onshi::layout::Mode;
/// use onshi::workbook::{entries, Input};
/// let forms = Forms::built_in();
/// let entries = entries(forms.find("別紙2").unwrap(), Mode::Blank, forms);
/// let network = entries.entries.iter().find(|e| e.name == "introduction_plan.network.type").unwrap();
/// assert_eq!(network.input, Input::Choice(vec!["IP-VPN".into(), "IPsec+IKE".into()]));
/// ```
pub fn entries(form: &Form, mode: Mode<'_>, forms: &Forms) -> Entries {
    let values = match mode {
        Mode::Example => return none(form),
        Mode::Blank => None,
        Mode::Filled(values) => Some(values),
    };
    let all = every(form, forms);
    match values {
        Some(values) => filled(&all, form, values, forms),
        None => {
            let is_first = |page: &FormPage| page.continues.as_ref().is_none_or(|on| on.copy == 0);
            let on_page = |entry: &Entry| form.pages.get(entry.page).is_some_and(is_first);
            Entries { entries: all.entries.into_iter().filter(on_page).collect(), ..all }
        }
    }
}

/// The entries of filled forms, what each form asks for found once.
pub struct FormEntries<'a> {
    forms: &'a Forms,
    /// As `forms` has them: the entries before anything is written.
    every: Vec<OnceLock<Entries>>,
}

impl<'a> FormEntries<'a> {
    /// For forms filled from these.
    pub fn new(forms: &'a Forms) -> Self {
        // One for each form, none of which need be read for that.
        FormEntries { forms, every: forms.sections().map(|_| OnceLock::new()).collect() }
    }

    /// What is in the cells of a filled form, for a workbook that can be read back.
    pub fn of(&self, filled: &FilledForm) -> Entries {
        let Some((index, form)) = self.forms.position(&filled.form) else {
            return Entries::default();
        };
        let every = self.every[index].get_or_init(|| every(form, self.forms));
        self::filled(every, form, &filled.values, self.forms)
    }
}

/// No entries of a form.
fn none(form: &Form) -> Entries {
    Entries {
        form: form.id.clone(),
        edition: form.effective_from.clone(),
        name: form.short_name().to_owned(),
        ..Entries::default()
    }
}

/// The entries of every page that a form may have, with nothing in them.
pub(super) fn every(form: &Form, forms: &Forms) -> Entries {
    let mut entries: Vec<Entry> = Vec::new();
    let mut names: HashMap<String, usize> = HashMap::new();
    for (page, cell, path, field) in cells(form, forms) {
        let mut entry = entry(form, cell, &path, field, forms);
        entry.page = page;
        let times = names.entry(entry.name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            entry.name += &format!("_{times}");
        }
        entries.push(entry);
    }
    // What a computed field is computed from is entered there.
    let inverses = entries.iter().flat_map(|entry| &entry.inverse);
    let known: BTreeSet<&str> = inverses.map(|inverse| inverse.field.written()).collect();
    for key in unprinted(form, forms, &known) {
        let Some(field) = forms.dictionary().get(&key) else { continue };
        let path = FieldPath::of(key);
        let mut entry = entry(form, &form::Cell::default(), &path, field, forms);
        entry.printed = false;
        entries.push(entry);
    }
    Entries { fill_in: true, entries, ..none(form) }
}

/// The entries of the pages that a record has, out of all of the form, with the values it is filled with.
fn filled(every: &Entries, form: &Form, values: &Values, forms: &Forms) -> Entries {
    let record = record(form, values, forms);
    let pages: BTreeSet<usize> =
        form.pages_for(|list| values.len(list)).map(|(page, _)| page).collect();
    let sections = Sections::new(values, forms);
    let mut entries = every.entries.clone();
    for (entry, (.., cell, path, _)) in entries.iter_mut().zip(cells(form, forms)) {
        if pages.contains(&entry.page) {
            entry.written = written(cell, &path, &sections, &entry.input);
        }
    }
    for entry in entries.iter_mut().filter(|entry| !entry.printed) {
        entry.written = values.find(&entry.field).map(|value| Written::Text(value.text.clone()));
    }
    entries.retain(|entry| pages.contains(&entry.page));
    Entries { fill_in: false, record, entries, ..every.clone() }
}

/// The cells of a form that have an entry, each with its page and its field.
fn cells<'a>(
    form: &'a Form,
    forms: &'a Forms,
) -> impl Iterator<Item = (usize, &'a form::Cell, FieldPath, &'a Field)> {
    let pages = form.pages.iter().enumerate();
    let cells = pages.flat_map(|(i, page)| page.field_cells().map(move |cell| (i, cell)));
    cells.filter_map(|(page, cell)| {
        // lint refuses a path that is malformed or not in the dictionary.
        let path = cell.value.field.as_ref()?.value.clone();
        let field = forms.dictionary().get(path.key())?;
        Some((page, &cell.value, path, field))
    })
}

fn entry(form: &Form, cell: &form::Cell, path: &FieldPath, field: &Field, forms: &Forms) -> Entry {
    let inverse = if field.computed { inverse(field, forms) } else { Vec::new() };
    let input = field.kind.ways().input(field, cell);
    Entry {
        name: name(cell, path, forms.dictionary()),
        field: path.clone(),
        label: forms.dictionary().label(path.key()),
        page: 0,
        placeholder: placeholder(cell, &input),
        input,
        written: None,
        before: cell.before().to_owned(),
        after: cell.after().to_owned(),
        printed: true,
        show: cell.show,
        words: cell.words.clone().unwrap_or_default(),
        part: cell.part,
        look: Look {
            family: cell.face(),
            size: cell.value_size.unwrap_or(form.sizes.value),
            color: cell.color.as_deref().and_then(Color::parse).unwrap_or(Color::BLACK),
            underline: cell.underline(),
        },
        help: field.help.clone(),
        example: field.example.clone(),
        filled_by: forms.dictionary().filled_by(path.key()).cloned(),
        several: match field.many {
            true => field.choices.iter().map(|choice| choice.value.clone()).collect(),
            false => Vec::new(),
        },
        inverse,
    }
}

/// A name Excel accepts: letters, digits, dots and underscores.
fn name(cell: &form::Cell, path: &FieldPath, dictionary: &Dictionary) -> String {
    let mut name = path.base.clone();
    if let Some(selector) = &path.selector {
        let number = match &selector.item {
            Item::Index(index) => Some(*index),
            Item::With { name, value } => dictionary
                .get(&format!("{}.{name}", path.base))
                .and_then(|field| field.choices.iter().position(|c| c.value == *value)),
        };
        name += &format!("_{}.{}", number.map_or(0, |n| n + 1), selector.rest);
    }
    if cell.show == Some(Show::Tick) {
        let choices = dictionary.get(path.key()).map(|field| &field.choices);
        let is =
            choices.and_then(|all| all.iter().position(|c| Some(&c.value) == cell.is.as_ref()));
        name += &format!(".tick_{}", is.map_or(0, |n| n + 1));
    }
    if let Some(part) = cell.part {
        name += match part {
            Part::Era => ".era",
            Part::EraYear => ".era_year",
            Part::Year => ".year",
            Part::Month => ".month",
            Part::Day => ".day",
            Part::First => ".first",
            Part::Second => ".second",
            Part::Third => ".third",
        };
    }
    // A name that looks like a cell or is one letter is none: every key of one part is longer.
    name.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '_' }).collect()
}

fn placeholder(cell: &form::Cell, input: &Input) -> String {
    let plain = match input {
        Input::Date(Calendar::Reiwa) => "令和　　年　　月　　日",
        Input::Date(Calendar::Western) => "西暦　　　　年　　月　　日",
        Input::YearMonth => "西暦　　　　年　　月",
        Input::Tick(_) => return Tick::Empty.text().to_owned(),
        Input::Circle(_) => return cell.text.clone().unwrap_or_default(),
        _ => return cell.blank().to_owned(),
    };
    format!("{}{plain}{}", cell.before(), cell.after())
}

fn written(
    cell: &form::Cell,
    path: &FieldPath,
    sections: &Sections<'_>,
    input: &Input,
) -> Option<Written> {
    let value = shown(cell, path, sections)?;
    if let Some(part) = cell.part {
        let boxes = (cell.show == Some(Show::Digits)).then(|| cell.boxes(None));
        return part.of(&value.data, boxes).map(Written::Text);
    }
    Some(match (&value.data, input) {
        (Data::Date(date), Input::Date(_)) => Written::Date(*date),
        (Data::YearMonth(month), Input::YearMonth) => {
            // A year and a month of a record are always a month of the calendar.
            Written::Date(Date::new(month.year, month.month, 1).ok()?)
        }
        (_, Input::Tick(is)) => Written::Tick(Tick::from(value.has(is))),
        _ => Written::Text(cell.words(&value.text).to_owned()),
    })
}

/// Which value of which choice makes a computed field come out as which text.
fn inverse(field: &Field, forms: &Forms) -> Vec<Inverse> {
    let Some(expression) = &field.derive else { return Vec::new() };
    let mut all: Vec<Inverse> = Vec::new();
    for key in expression.keys() {
        let Some(source) = forms.dictionary().get(key).filter(|f| f.kind == Kind::Choice) else {
            continue;
        };
        for choice in &source.choices {
            let mut values = Values::default();
            let text = choice.value.clone();
            values.insert(key, Value { text, data: Data::Text, place: None });
            let sections = Sections::new(&values, forms);
            let text = sections.scope().text(expression);
            let Some(text) = text else { continue };
            // Two choices with one text cannot be told apart: the first stands.
            if !all.iter().any(|known| known.text == text) {
                let field = FieldPath::of(key);
                all.push(Inverse { text, field, value: choice.value.clone() });
            }
        }
    }
    all
}

/// The fields the form's rules require and its cells do not show.
fn unprinted(form: &Form, forms: &Forms, known: &BTreeSet<&str>) -> Vec<String> {
    let dictionary = forms.dictionary();
    let printed: BTreeSet<String> = form
        .field_cells()
        .filter_map(|cell| Some(cell.value.field.as_ref()?.value.key().to_owned()))
        .collect();
    let scalar = |key: &String| {
        let in_list = dictionary
            .get(key)
            .and_then(|field| dictionary.get(field.parent()))
            .is_some_and(|parent| parent.kind == Kind::List);
        let kind = dictionary.get(key).map(|field| field.kind);
        !in_list && kind.is_some_and(|kind| !kind.is_group())
    };
    let missing =
        |key: &&String| !known.contains(key.as_str()) && !printed.contains(*key) && scalar(key);
    forms.needs(form).required().iter().filter(missing).cloned().collect()
}

/// The values of a record that a form takes: those it shows, and those its rules read.
fn record(form: &Form, values: &Values, forms: &Forms) -> Vec<(String, String)> {
    let needs = forms.needs(form);
    let taken = |key: &str| {
        let key = forms.dictionary().get(key).map(|field| field.key.as_str());
        std::iter::successors(key, |key| Some(key.rsplit_once('.')?.0)).any(|key| needs.has(key))
    };
    values
        .iter()
        // A derived value is derived again.
        .filter(|(key, value)| value.place.is_some() && taken(key))
        .map(|(key, value)| (key.to_owned(), value.text.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{record, values};

    fn entry<'a>(entries: &'a Entries, name: &str) -> &'a Entry {
        let mut all = entries.entries.iter();
        all.find(|entry| entry.name == name).expect("the form has the entry")
    }

    #[test]
    fn an_empty_form_says_what_is_entered_and_shows_it_empty() {
        let forms = Forms::built_in();
        let blank = entries(forms.find("様式2").unwrap(), Mode::Blank, forms);
        let day = entry(&blank, "card_reader.application_date");
        assert_eq!(day.input, Input::Date(Calendar::Western));
        assert_eq!(day.placeholder, "西暦　　　　年　　月　　日");
        let month = entry(&blank, "card_reader.introduction");
        assert_eq!(month.input, Input::YearMonth);
        assert_eq!(month.placeholder, "西暦　　　　年　　月　導入予定");
        let ticks = blank.entries.iter().filter(|e| matches!(e.input, Input::Tick(_)));
        assert!(ticks.clone().count() > 0);
        assert!(ticks.clone().all(|tick| tick.placeholder == "☐"));
        let blank = entries(forms.find("別紙1").unwrap(), Mode::Blank, forms);
        assert_eq!(entry(&blank, "designation.date").input, Input::Date(Calendar::Reiwa));
    }

    #[test]
    fn a_value_that_is_needed_in_another_case_alone_is_in_no_cell() {
        let forms = Forms::built_in();
        let sample = include_str!("../../tests/data/clinic.yaml");
        for (status, written) in [("イ", Some(Written::Text("3".to_owned()))), ("ウ", None)] {
            let text =
                sample.replace("reader: {status: イ", &format!("reader: {{status: {status}"));
            let record = record::read("clinic.yaml", text.as_bytes()).unwrap();
            let (values, _) = values::values(&record, forms);
            let filled = entries(forms.find("別紙2").unwrap(), Mode::Filled(&values), forms);
            assert_eq!(entry(&filled, "introduction_plan.reader.month").written, written);
        }
    }

    #[test]
    fn what_a_form_requires_and_does_not_print_is_entered_beside_it() {
        let forms = Forms::built_in();
        let beside = |form| {
            let blank = entries(forms.find(form).unwrap(), Mode::Blank, forms);
            let beside = blank.entries.into_iter().filter(|entry| !entry.printed);
            beside.map(|entry| entry.field.to_string()).collect::<Vec<String>>()
        };
        assert_eq!(beside("様式2"), ["facility.category"]);
        assert_eq!(beside("別紙2"), [""; 0]);
    }

    #[test]
    fn a_month_is_its_first_day_and_a_tick_is_ticked_where_its_value_is() {
        let forms = Forms::built_in();
        let sample = include_bytes!("../../tests/data/clinic.yaml");
        let record = record::read("clinic.yaml", sample).unwrap();
        let (values, _) = values::values(&record, forms);
        let filled = entries(forms.find("様式2").unwrap(), Mode::Filled(&values), forms);
        let month = &entry(&filled, "card_reader.introduction").written;
        assert_eq!(*month, Some(Written::Date(Date::constant(2023, 3, 1))));
        let ticked = |entry: &&Entry| entry.written == Some(Written::Tick(Tick::Ticked));
        let ticks: Vec<&Input> = filled.entries.iter().filter(ticked).map(|e| &e.input).collect();
        let expected = ["第一", "第二", "未導入（導入予定あり）"];
        assert_eq!(ticks, expected.map(|value| Input::Tick(value.to_owned())).each_ref());
    }
}
