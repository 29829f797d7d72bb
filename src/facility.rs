//! What lists and file names say of a facility, and what tells two facilities apart.
//!
//! In: the values of a record and its filled forms. Out: names, dates and marks as text. The definitions
//! say what each field is; which fields stand for the facility as a whole is written here alone.

use crate::FilledForm;
use crate::font::is_selector;
use crate::form::{Form, Forms, fold};
use crate::report::{Place, Text};
use crate::values::{Data, Values};

const NAME: &str = "facility.name";
const ADDRESS: &str = "facility.address";
const CODE: &str = "facility.code";
const KIND: &str = "facility.kind";
const PREFECTURE: &str = "facility.prefecture_code";
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
    /// The day of designation, `2024-04-01`.
    pub designation: String,
    /// Where the forms go; empty where no form asks for it.
    pub bureau: String,
    /// Until when 別紙1 goes there; empty without that form.
    pub deadline: String,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// What the values say of it; what all records share (`is_shared`, by key) marks none.
    pub fn of(values: &Values, is_shared: impl Fn(&str) -> bool) -> Self {
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
            mark(Mark::Place, plain.chars().filter(|c| !is_selector(*c)).collect(), NAME);
        }
        for key in EMAILS {
            if let Some(email) = own(key) {
                mark(Mark::Email, email.to_lowercase(), key);
            }
        }
        Facility {
            name: text(NAME).to_owned(),
            code: text(CODE).to_owned(),
            kind: text(KIND).to_owned(),
            designation: text(DESIGNATION).to_owned(),
            marks,
            ..Facility::default()
        }
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
        if let (Some(bureau), Some(Data::Date(date))) =
            (bureau, value(DESIGNATION).map(|v| &v.data))
        {
            let deadline = bureau.receipt_number_deadline(*date);
            let about = if deadline.known { "" } else { "（目安）" };
            self.deadline = format!("{}{about}", deadline.date);
        }
    }
}
