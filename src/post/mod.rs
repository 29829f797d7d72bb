//! What goes out by post: letters to facilities with errors, address labels, covering letters.
//!
//! In: names, addresses and findings as text. Out: sheets, laid out from `forms/post/*.yaml` as forms are.
//! This room must not know lists, files or what a finding is about.

mod paper;
mod sender;
mod text;

use std::path::Path;

use crate::calendar::{Date, reiwa_year, reiwa_year_text};
use crate::form::kinds::one_line;
use crate::form::{Form, Forms, LoadError};
use crate::layout::{self, Mode, break_lines};
use crate::report::{Diagnostic, Report, Source, Text};
use crate::sheet::Sheet;
use crate::values::{Data, Value, Values};
use crate::yaml::place_of;
use paper::{Slots, room};
use text::{plain, printable};

pub(crate) use text::as_on_paper;

/// The definitions compiled in.
const DEFINITIONS: [(&str, &str); 4] = [
    ("forms/post/shared.yaml", include_str!("../../forms/post/shared.yaml")),
    ("forms/post/letter.yaml", include_str!("../../forms/post/letter.yaml")),
    ("forms/post/labels.yaml", include_str!("../../forms/post/labels.yaml")),
    ("forms/post/cover.yaml", include_str!("../../forms/post/cover.yaml")),
];
/// The folder inside that of `--forms` whose definitions take their places.
const FOLDER: &str = "post";
/// The lists of labels and of the facilities that a cover names.
const LABELS: &str = "labels.rows";
const COVER: &str = "cover.rows";
/// The most lines of a letter: a list is not looked at beyond its hundredth item.
const MOST_LINES: usize = 98;
/// The most rows of one cover.
const MOST_ROWS: usize = 98;

/// The definitions of what goes out by post, and who sends it.
pub(crate) struct Post {
    forms: Forms,
    sender: Values,
    today: Date,
    /// The places for labels on a sheet.
    slots: Slots,
}

/// Where something goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Address {
    pub postal_code: String,
    pub address: String,
    pub name: String,
    /// What the list calls the facility, where that is not its name.
    pub member: String,
}

/// What is wrong with a form, for a letter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Point {
    /// What the form or list calls the blank.
    pub what: String,
    pub written: String,
    pub wrong: String,
    pub remedy: String,
}

/// A letter to a facility.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letter {
    pub to: Address,
    pub forms: String,
    pub points: Vec<Point>,
}

/// A covering letter to a bureau.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cover {
    pub bureau: String,
    pub office: String,
    /// The names of forms, and how many there are of each.
    pub forms: Vec<(String, usize)>,
    /// The facilities, each with the names of its forms.
    pub rows: Vec<(String, String)>,
}

/// Pages to print, and what is to be said of them.
#[derive(Debug, Default)]
pub(crate) struct Paper {
    pub sheets: Vec<Sheet>,
    pub notes: Vec<Text>,
}

impl Post {
    /// The definitions, those of the folder `post` in `folder` in place of the built-in ones.
    ///
    /// # Errors
    /// What is not sound in a definition of one's own.
    pub fn new(folder: Option<&Path>, today: Date) -> Result<Self, LoadError> {
        let own = folder.map(|folder| folder.join(FOLDER)).filter(|folder| folder.is_dir());
        let (forms, sources) = Forms::alone(&DEFINITIONS, own.as_deref())?;
        // The built-in ones are sound, as a test knows.
        if own.is_some() {
            layout::lint_each(&forms, sources, unnumbered)?;
        }
        for id in ["letter", "labels", "cover"] {
            // The built-in ones are there, and a definition of one's own only takes the place of one.
            debug_assert!(forms.find(id).is_some(), "{id}");
        }
        let slots =
            forms.find("labels").map_or_else(Slots::default, |form| Slots::of(form, LABELS));
        Ok(Post { forms, sender: Values::default(), today, slots })
    }

    /// Takes who sends it from a record.
    ///
    /// # Errors
    /// What is wrong with the record.
    pub fn sent_by(&mut self, name: &str, bytes: &[u8]) -> Result<(), (Source, Report)> {
        self.sender = sender::read(name, bytes, &self.forms)?;
        Ok(())
    }

    /// The values of a paper: those of the sender, and the day it is made where the sender names none.
    fn values(&self) -> Values {
        let mut values = self.sender.clone();
        if values.get("sender.date").is_none() {
            let day =
                Value { text: self.today.to_string(), data: Data::Date(self.today), place: None };
            values.insert("sender.date", day);
        }
        values
    }

    fn form(&self, id: &str) -> Option<&Form> {
        self.forms.find(id)
    }

    /// The pages of a paper; none where a text does not fit.
    fn fill(&self, id: &str, values: &Values) -> Result<Vec<Sheet>, Report> {
        let Some(form) = self.form(id) else { return Ok(Vec::new()) };
        let (sheets, report) = layout::fill(form, Mode::Filled(values), &self.forms);
        if report.errors() > 0 { Err(report) } else { Ok(sheets) }
    }

    /// A letter that lists what is wrong, on as many pages as that takes.
    pub fn letter(&self, letter: &Letter) -> Paper {
        let mut paper = Paper::default();
        let mut values = self.values();
        let name = letter.to.name.clone();
        let mut put = Putter { values: &mut values, lost: 0 };
        put.address("letter", "", &letter.to);
        put.text("letter.forms".to_owned(), &letter.forms);
        if let Some(Data::Date(day)) = self.sender.get("sender.reply_by").map(|value| &value.data) {
            put.text("letter.reply_by".to_owned(), &in_japanese(*day));
        }
        let em = self.form("letter").and_then(|form| room(form, "letter.lines.text"));
        let lines = lines(&letter.points, em.unwrap_or(38.0));
        for (at, (number, what, text)) in lines.iter().enumerate() {
            put.text(format!("letter.lines[{at}].number"), number);
            put.text(format!("letter.lines[{at}].what"), what);
            put.text(format!("letter.lines[{at}].text"), text);
        }
        let lost = put.lost;
        values.insert_list("letter.lines", lines.len());
        match self.fill("letter", &values) {
            Ok(sheets) => paper.sheets = sheets,
            Err(report) => paper.notes.push(unfit(&name, &report)),
        }
        if lost > 0 {
            paper.notes.push(by_hand(&name));
        }
        paper
    }

    /// How many labels a sheet has.
    pub fn labels_a_sheet(&self) -> usize {
        self.slots.count()
    }

    /// A sheet of labels, for at most as many addresses as it has labels. One that does not fit its label
    /// leaves it empty, which is said.
    pub fn labels(&self, addresses: &[Address]) -> Paper {
        let mut paper = Paper::default();
        let slots = self.slots;
        let fill = |addresses: &[Address]| {
            let mut values = self.values();
            let mut lost = Vec::new();
            for (at, address) in addresses.iter().enumerate() {
                let (row, column) = slots.at(at);
                let mut put = Putter { values: &mut values, lost: 0 };
                put.address(&format!("labels.rows[{row}]"), &format!("_{column}"), address);
                if put.lost > 0 {
                    lost.push(by_hand(&address.name));
                }
            }
            values.insert_list("labels.rows", slots.rows);
            (self.fill("labels", &values), lost)
        };
        let (sheets, lost) = fill(addresses);
        match sheets {
            Ok(sheets) => (paper.sheets, paper.notes) = (sheets, lost),
            Err(_) => {
                let mut fitting = addresses.to_vec();
                for address in &mut fitting {
                    if let (Err(report), _) = fill(std::slice::from_ref(address)) {
                        paper.notes.push(unfit(&address.name, &report));
                        *address = Address::default();
                    }
                }
                if let (Ok(sheets), lost) = fill(&fitting) {
                    paper.sheets = sheets;
                    paper.notes.extend(lost);
                }
            }
        }
        paper
    }

    /// A covering letter, or several where there are more facilities than one lists.
    pub fn cover(&self, cover: &Cover) -> Paper {
        let mut paper = Paper::default();
        let columns = self.form("cover").map_or(0, |form| Slots::of(form, COVER).columns);
        let (columns, copies) = (columns.max(1), cover.forms.iter().map(|(_, n)| n).sum::<usize>());
        let forms: Vec<String> =
            cover.forms.iter().map(|(form, count)| format!("{form} {count} 通")).collect();
        let parts = cover.rows.chunks(MOST_ROWS * columns);
        let count = parts.len();
        for (part, rows) in (0..).zip(parts) {
            let mut values = self.values();
            let mut put = Putter { values: &mut values, lost: 0 };
            put.text("cover.bureau".into(), &cover.bureau);
            put.text("cover.office".into(), &cover.office);
            put.number("cover.facilities", cover.rows.len());
            put.number("cover.copies", copies);
            put.text("cover.forms".into(), &forms.join("、"));
            let which =
                if count > 1 { format!("（{}/{count}）", part + 1) } else { String::new() };
            put.text("cover.part".into(), &which);
            // Down the left column first would part a page; across is how the numbers run.
            for (at, (name, forms)) in rows.iter().enumerate() {
                let (row, column) = (at / columns, at % columns + 1);
                let number = part * MOST_ROWS * columns + at + 1;
                put.text(format!("cover.rows[{row}].number_{column}"), &number.to_string());
                put.text(format!("cover.rows[{row}].name_{column}"), name);
                put.text(format!("cover.rows[{row}].forms_{column}"), forms);
            }
            let lost = put.lost;
            values.insert_list("cover.rows", rows.len().div_ceil(columns));
            match self.fill("cover", &values) {
                Ok(sheets) => paper.sheets.extend(sheets),
                Err(report) => paper.notes.push(unfit(&cover.bureau, &report)),
            }
            if lost > 0 {
                paper.notes.push(by_hand(&cover.bureau));
            }
        }
        paper
    }
}

/// Puts texts into values, each so that it can be printed.
struct Putter<'v> {
    values: &'v mut Values,
    /// How many characters cannot be printed and are to be written by hand.
    lost: usize,
}

impl Putter<'_> {
    fn text(&mut self, key: String, text: &str) {
        let (text, lost) = printable(text);
        self.lost += lost;
        if !text.trim().is_empty() {
            self.values.insert(key, Value { text, data: Data::Text, place: None });
        }
    }

    fn number(&mut self, key: &str, number: usize) {
        let data = i64::try_from(number).map_or(Data::Text, Data::Integer);
        self.values.insert(key, Value { text: number.to_string(), data, place: None });
    }

    fn address(&mut self, section: &str, suffix: &str, to: &Address) {
        let Address { postal_code, address, name, member } = to;
        // A label that stays free has neither mark: they come with what they belong to.
        let with = |before: &str, text: &str, after: &str| match text.trim() {
            "" => String::new(),
            text => format!("{before}{text}{after}"),
        };
        for (key, text) in [
            ("postal_code", with("〒 ", postal_code, "")),
            ("address", address.clone()),
            ("name", with("", name, "　御中")),
            ("member", if member == name { String::new() } else { member.clone() }),
        ] {
            self.text(format!("{section}.{key}{suffix}"), &text);
        }
    }
}

/// That the rows of labels or of a cover have no fields by whose numbers the facilities are put in: nothing would
/// be printed of them.
fn unnumbered(form: &Form, text: &str) -> Option<Diagnostic> {
    let (list, is_faulty) = match form.id.as_str() {
        "labels" => (LABELS, Slots::of(form, LABELS).count() == 0),
        "cover" => {
            let Slots { rows, columns } = Slots::of(form, COVER);
            (COVER, rows > 0 && columns == 0)
        }
        _ => return None,
    };
    let fault = Diagnostic::error(
        "definition",
        Text::new(
            format!("{list} の項目に _1 から続く番号がないため、施設が印字されません"),
            format!("no facility is printed: the fields of {list} are not numbered from _1"),
        ),
    );
    is_faulty.then(|| {
        fault.at(place_of(&form.section.referenced, text)).with_hint(Text::new(
            format!("横に並ぶ順に、{list}.name_1、{list}.name_2 のように名前をつけて、body に置いてください"),
            format!("name them {list}.name_1, {list}.name_2 and so on across the page, and place them in body"),
        ))
    })
}

/// A day as letters write it: 令和9年1月22日.
fn in_japanese(day: Date) -> String {
    let year = reiwa_year(day).map(reiwa_year_text);
    let year = year.map_or_else(|| day.year().to_string(), |year| format!("令和{year}"));
    format!("{year}年{}月{}日", day.month(), day.day())
}

/// The most characters of what is written that are broken into lines.
const MOST_CHARS: usize = 10_000;

/// The lines of a letter: a number and a heading where something begins, and text that is `em` wide.
fn lines(points: &[Point], em: f32) -> Vec<(String, &'static str, String)> {
    let mut lines: Vec<(String, &'static str, String)> = Vec::new();
    for (nth, point) in (1..).zip(points) {
        let mut of_point = Vec::new();
        let said = [
            ("項目", point.what.clone()),
            // More than a letter has lines for.
            ("記載の内容", one_line(point.written.trim()).chars().take(MOST_CHARS).collect()),
            ("確認の結果", point.wrong.clone()),
            ("お願い", plain(&point.remedy)),
        ];
        for (heading, text) in said.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
            let (text, _) = printable(&text);
            let broken = break_lines(&text, crate::font::Family::default(), em, 0.0);
            for (at, (line, _)) in broken.into_iter().enumerate() {
                of_point.push((String::new(), if at == 0 { heading } else { "" }, line.to_owned()));
            }
        }
        if let Some(first) = of_point.first_mut() {
            first.0 = nth.to_string();
        }
        let is_last = nth == points.len();
        // One line stays for how many more there are.
        if lines.len() + of_point.len() + usize::from(!is_last) > MOST_LINES {
            let more = points.len() - nth + 1;
            lines.push((
                String::new(),
                "",
                format!("ほかに {more} か所あります。お問い合わせください。"),
            ));
            return lines;
        }
        lines.extend(of_point);
        if !is_last {
            lines.push((String::new(), "", String::new()));
        }
    }
    let right = "　".repeat((em as usize).saturating_sub(3));
    lines.push((String::new(), "", format!("{right}以上")));
    lines
}

fn unfit(name: &str, report: &Report) -> Text {
    let (name, _) = printable(name);
    let first: Option<&Diagnostic> = report.diagnostics.first();
    let why =
        first.map_or_else(|| Text::new("入りません", "it does not fit"), |d| d.message.clone());
    Text::new(
        format!("「{name}」の宛名などが入らないため、作っていません: {}", why.ja),
        format!("nothing was made for {name}, since a text does not fit: {}", why.en),
    )
}

fn by_hand(name: &str) -> Text {
    let (name, _) = printable(name);
    Text::new(
        format!("「{name}」には印字できない文字があり、〓 としました。手で書き直してください"),
        format!(
            "{name} has characters that cannot be printed; they are 〓 and are to be written by hand"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post() -> Post {
        Post::new(None, Date::constant(2027, 1, 8)).unwrap()
    }

    #[test]
    fn a_sheet_has_twelve_labels_and_one_text_a_place() {
        let post = post();
        assert_eq!(post.labels_a_sheet(), 12);
        let address = |n: usize| Address {
            postal_code: "100-0013".into(),
            address: "東京都千代田区霞が関3-3-3".into(),
            name: format!("医院{n}"),
            member: format!("M{n}"),
        };
        let all: Vec<Address> = (1..=12).map(address).collect();
        let paper = post.labels(&all);
        assert!(paper.notes.is_empty(), "{:?}", paper.notes);
        let names: Vec<String> = paper.sheets[0].areas().map(|area| format!("{area:?}")).collect();
        for n in 1..=12 {
            assert!(names.iter().any(|area| area.contains(&format!("医院{n}"))), "{n}");
        }
    }

    #[test]
    fn a_folder_of_its_own_has_the_shared_files_that_any_has() {
        let folder = tempfile::tempdir().unwrap();
        let post = folder.path().join(FOLDER);
        std::fs::create_dir(&post).unwrap();
        let gaiji = "U+E000: {character: 髙, source: 会員名簿, 2027-01-08}\n";
        let gaiji = gaiji.replace(", 2027-01-08", " 2027-01-08");
        std::fs::write(post.join("gaiji.yaml"), gaiji).unwrap();
        std::fs::write(post.join("labels.yaml"), DEFINITIONS[2].1).unwrap();
        let today = Date::constant(2027, 1, 8);
        let own = Post::new(Some(folder.path()), today).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(own.forms.forms().count(), 3);
        // Its fields are looked at as those of any folder.
        let field = "{key: letter.extra, label: 追記, kind: text, help: 追記, also: [追記]}";
        std::fs::write(post.join("shared.yaml"), format!("fields:\n- {field}\n")).unwrap();
        let Err(refused) = Post::new(Some(folder.path()), today) else { panic!("it is taken") };
        assert!(refused.source.name.ends_with("shared.yaml"), "{refused}");
    }

    #[test]
    fn the_definitions_are_sound() {
        let forms = post().forms;
        for (name, text) in &DEFINITIONS[1..] {
            let form = Forms::parse_form(name, text).unwrap();
            let report = layout::lint(&form, &forms, text);
            assert_eq!(report.errors(), 0, "{name}: {report}");
        }
    }
}
