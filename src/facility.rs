//! What lists and file names say of a facility, and what tells two facilities apart.
//!
//! In: the values of a record and its filled forms. Out: names, dates and marks as text. The definitions
//! say what each field is; which fields stand for the facility as a whole is written here alone.

use crate::FilledForm;
use crate::calendar::Date;
use crate::font::{is_selector, usual_form};
use crate::form::{Form, Forms, fold};
use crate::office::Bureau;
use crate::report::{Place, Text};
use crate::values::{Data, Values};

const NAME: &str = "facility.name";
const ADDRESS: &str = "facility.address";
const CODE: &str = "facility.code";
const KIND: &str = "facility.kind";
const PREFECTURE: &str = "facility.prefecture_code";
const POSTAL_CODE: &str = "facility.postal_code";
const PHONES: [&str; 2] = ["contact.phone", "founder.phone"];
const EMAILS: [&str; 2] = ["founder.email", "contact.email"];
const BUREAU: &str = "bureau";
const DESIGNATION: &str = "designation.date";
/// The section of the form whose day of submission the bureaus fix.
const DEADLINE_SECTION: &str = "receipt_number";

/// A facility in a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facility {
    pub name: String,
    pub code: String,
    pub kind: String,
    pub postal_code: String,
    pub address: String,
    /// The first telephone number that is given: that of the person in charge, else of the founder.
    pub phone: String,
    pub email: String,
    pub prefecture: String,
    /// The bureau of its place, whatever forms there are.
    pub region: String,
    /// The day of designation.
    pub designation: Option<Date>,
    /// Where the forms go; empty where no form asks for it.
    pub bureau: String,
    /// The bureau's office for its place; where no source names it, the prefecture.
    office: String,
    /// The places of its bureau and prefecture among all.
    order: (usize, usize),
    /// Until when 別紙1 goes there, and whether the bureau has said so; none without that form.
    pub deadline: Option<(Date, bool)>,
    pub marks: Vec<Marked>,
}

/// A value that no two facilities should share.
#[derive(Clone, Debug)]
pub(crate) struct Marked {
    pub mark: Mark,
    /// As it is compared.
    pub folded: String,
    pub written: String,
    pub field: &'static str,
    pub place: Option<Place>,
}

/// What no two facilities should share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Mark {
    Code,
    /// Its name together with its address.
    Place,
    Email,
}

impl Mark {
    /// What a finding calls it.
    pub fn label(self) -> Text {
        match self {
            Mark::Code => Text::new("保険医療機関コード", "institution code"),
            Mark::Place => Text::new("名称と所在地", "name and address"),
            Mark::Email => Text::new("メールアドレス", "email"),
        }
    }
}

impl Facility {
    /// What the values say of it; what all records share (`is_shared`, by key) marks none, and what could not be
    /// read is `is_faulty`.
    pub fn of(
        values: &Values,
        forms: &Forms,
        is_shared: impl Fn(&str) -> bool,
        is_faulty: impl Fn(&str) -> bool,
    ) -> Self {
        let text = |key: &str| values.get(key).map_or("", |value| value.text.as_str());
        let own = |key: &str| Some(text(key)).filter(|text| !text.is_empty() && !is_shared(key));
        let mut marks: Vec<Marked> = Vec::new();
        let mut mark = |mark, folded, field| {
            let (written, place) = (text(field).to_owned(), values.place_near(field).cloned());
            if !marks.iter().any(|known| known.mark == mark && known.written == written) {
                marks.push(Marked { mark, folded, written, field, place });
            }
        };
        if !text(CODE).is_empty() {
            mark(Mark::Code, format!("{} {} {}", text(PREFECTURE), text(KIND), text(CODE)), CODE);
        }
        if !text(NAME).is_empty() {
            // Branches of one name are many: the same one has the same address.
            let plain = format!("{}\n{}", fold(text(NAME)), fold(text(ADDRESS)));
            let plain = plain.chars().filter(|c| !is_selector(*c)).map(usual_form);
            mark(Mark::Place, plain.collect(), NAME);
        }
        for key in EMAILS {
            if let Some(email) = own(key) {
                mark(Mark::Email, email.to_lowercase(), key);
            }
        }
        let first = |keys: &[&str]| {
            // A faulty value is no reason to show that of somebody else.
            let mut given = keys.iter().filter(|key| is_faulty(key) || !text(key).is_empty());
            given.next().map_or("", |key| text(key)).to_owned()
        };
        let prefectures = || forms.bureaus().all().iter().flat_map(|bureau| &bureau.prefectures);
        let by_code = || prefectures().find(|known| known.code == text(PREFECTURE));
        let prefecture = forms.bureaus().of_address(text(ADDRESS)).map(|(_, found)| found);
        let prefecture = prefecture.or_else(by_code);
        let bureau = forms.bureaus().by_name(text(BUREAU));
        let office = prefecture.zip(bureau).map(|(found, bureau)| match &found.office {
            Some(office) => office.clone(),
            // A bureau of several prefectures tells their forms apart.
            None if bureau.prefectures.len() > 1 => format!("{}分", found.name),
            None => String::new(),
        });
        let order = |is_it: &dyn Fn(&Bureau) -> bool| {
            forms.bureaus().all().iter().position(is_it).unwrap_or(usize::MAX)
        };
        let order = (
            order(&|known| bureau.is_some_and(|bureau| known.name == bureau.name)),
            prefectures()
                .position(|known| prefecture.is_some_and(|found| known.code == found.code))
                .unwrap_or(usize::MAX),
        );
        Facility {
            name: text(NAME).to_owned(),
            code: text(CODE).to_owned(),
            kind: text(KIND).to_owned(),
            postal_code: text(POSTAL_CODE).to_owned(),
            address: text(ADDRESS).to_owned(),
            phone: first(&PHONES),
            email: first(&[EMAILS[1], EMAILS[0]]),
            prefecture: prefecture.map_or_else(String::new, |found| found.name.clone()),
            region: text(BUREAU).to_owned(),
            office: office.unwrap_or_default(),
            order,
            designation: day(values.get(DESIGNATION).map(|value| &value.data)),
            marks,
            ..Facility::default()
        }
    }

    /// Where the forms go, to be sorted by: the bureaus and prefectures as they are numbered, from north to
    /// south; what goes to none comes last.
    pub fn order(&self) -> (usize, usize) {
        if self.bureau.is_empty() { (usize::MAX, usize::MAX) } else { self.order }
    }

    /// The bureau's office that receives the forms, or the prefecture they are of; nothing where none goes to a bureau.
    pub fn office(&self) -> &str {
        if self.bureau.is_empty() { "" } else { &self.office }
    }

    /// Adds where a filled form goes, and until when.
    pub fn submit(&mut self, filled: &FilledForm, form: &Form, forms: &Forms) {
        let value = |key: &str| filled.values.get(key);
        if [BUREAU, DESIGNATION].iter().any(|key| forms.needs(form).has(key)) {
            self.bureau = value(BUREAU).map_or("", |bureau| &bureau.text).to_owned();
        }
        if form.section.value != DEADLINE_SECTION {
            return;
        }
        let bureau = forms.bureaus().by_name(&self.bureau);
        if let Some((bureau, date)) = bureau.zip(day(value(DESIGNATION).map(|v| &v.data))) {
            let deadline = bureau.receipt_number_deadline(date);
            self.deadline = Some((deadline.date, deadline.known));
        }
    }
}

fn day(data: Option<&Data>) -> Option<Date> {
    match data {
        Some(Data::Date(date)) => Some(*date),
        _ => None,
    }
}
