//! The lists that account for every facility: `summary.xlsx` and `errors.csv`, in the order of the
//! roster.

use std::collections::BTreeMap;

use super::change::Change;
use super::done::Done;
use super::since::{self, Since};
use super::words::{pick, state};
use crate::paint::PaintError;
use crate::report::{Diagnostic, Explain as _, Lang, Severity, Text};
use crate::workbook::{Item, List, ListColumn, MOST_ROWS, SheetId};

pub(super) const SUMMARY: &str = "summary.xlsx";
/// Where the facilities are when there are more than a sheet holds.
pub(super) const SUMMARY_CSV: &str = "summary.csv";
pub(super) const ERRORS: &str = "errors.csv";

/// A column: Japanese, English, and its width in characters.
type Column = (&'static str, &'static str, f64);

/// The columns of the facilities that are always there, up to where the state of the list comes in.
const FACILITY: [Column; 16] = [
    ("行", "row", 7.0),
    ("名称", "name", 20.0),
    ("種別", "kind", 8.0),
    ("保険医療機関コード", "code", 9.5),
    ("所在地", "address", 22.0),
    ("電話番号", "phone", 15.0),
    ("メール", "email", 16.0),
    ("提出先", "bureau", 11.0),
    ("事務所", "office", 14.0),
    ("指定希望日", "designation", 12.0),
    ("別紙1の提出期限", "deadline of 別紙1", 16.5),
    ("様式", "forms", 11.0),
    ("状態", "state", 9.5),
    ("誤り", "errors", 6.0),
    ("警告", "warnings", 6.0),
    ("初めの誤りと直し方", "the first error", 34.0),
];
const CHANGE: Column = ("前回から", "since", 10.0);
const FILES: Column = ("ファイル", "files", 34.0);
/// What is printed on each form, by which a later run finds out what has changed.
const PRINTED: Column = (since::PRINTED[0], since::PRINTED[1], 20.0);

/// The columns of what was found.
const FINDINGS: [Column; 10] = [
    ("行", "row", 7.0),
    ("会員", "member", 14.0),
    ("施設", "facility", 22.0),
    ("列見出し", "column", 20.0),
    ("セル", "cell", 8.0),
    ("書かれている値", "value", 18.0),
    ("内容", "message", 40.0),
    ("直し方", "hint", 40.0),
    ("コード", "code", 16.0),
    ("項目", "field", 22.0),
];
const BUREAUS: [Column; 4] = [
    ("提出先", "bureau", 24.0),
    ("施設", "facilities", 9.0),
    ("作成できた施設", "done", 9.0),
    ("誤りのある施設", "faulty", 9.0),
];
const POST: [Column; 7] = [
    ("提出先", "bureau", 18.0),
    ("事務所", "office", 30.0),
    ("会員", "member", 14.0),
    ("名称", "name", 30.0),
    ("様式", "forms", 28.0),
    ("通数", "copies", 8.0),
    ("別紙1の提出期限", "deadline of 別紙1", 16.5),
];
const CHANGES: [Column; 6] = [
    ("前回から", "since", 12.0),
    ("行", "row", 7.0),
    ("会員", "member", 14.0),
    ("名称", "name", 30.0),
    ("前回の状態", "state before", 12.0),
    ("変わったところ", "what has changed", 60.0),
];

/// What is known of the list that its lists depend on.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub lang: Lang,
    /// The heading of what the list calls a facility; none where that is its name.
    pub label: Option<&'a str>,
    /// The columns that keep the state of a facility, each with its heading.
    pub states: &'a [(usize, String)],
    /// How many facilities there are at most.
    pub most: u64,
}

impl About<'_> {
    /// The columns of the facilities but for those that depend on the run.
    fn columns(&self) -> Vec<ListColumn> {
        let mut columns: Vec<ListColumn> =
            FACILITY.iter().map(|one| column(self.lang, one)).collect();
        if let Some(label) = self.label {
            columns.insert(1, ListColumn { heading: label.to_owned(), width: 13.0 });
        }
        let states = self.states.iter();
        columns.extend(
            states.map(|(_, heading)| ListColumn { heading: heading.clone(), width: 12.0 }),
        );
        columns
    }

    /// Their headings.
    pub fn headings(&self) -> Vec<String> {
        self.columns().into_iter().map(|column| column.heading).collect()
    }
}

/// The lists while they are written.
pub(super) struct Lists<'a> {
    about: About<'a>,
    book: List,
    facilities: Facilities,
    findings: [SheetId; 2],
    errors: csv::Writer<Vec<u8>>,
    since: Option<Since>,
    /// In the order of the bureaus.
    bureaus: BTreeMap<(usize, String), Total>,
    /// The names of forms in the order in which they are counted.
    forms: Vec<String>,
    post: Vec<Sent>,
}

/// Where the facilities go: on a sheet, or in a text where there are more than a sheet holds.
enum Facilities {
    Sheet(SheetId),
    Text(Box<csv::Writer<Vec<u8>>>),
}

/// What one bureau has.
#[derive(Default)]
struct Total {
    facilities: usize,
    good: usize,
    forms: BTreeMap<usize, usize>,
}

/// What goes to a bureau for one facility.
struct Sent {
    order: (usize, usize),
    bureau: String,
    office: String,
    member: String,
    name: String,
    forms: String,
    copies: usize,
    deadline: Item<'static>,
}

/// The lists, complete, each with the name of its file.
pub(super) struct Written {
    pub files: Vec<(&'static str, Vec<u8>)>,
    pub since: Option<Since>,
    /// That sheets lack rows.
    pub notes: Vec<Text>,
}

/// Whether there are more facilities than a sheet holds, at most.
pub(super) fn is_huge(most: u64) -> bool {
    most >= u64::from(MOST_ROWS)
}

impl<'a> Lists<'a> {
    pub fn new(about: About<'a>, since: Option<Since>) -> Result<Self, PaintError> {
        let lang = about.lang;
        let mut book = List::new(pick(lang, "一括作成の結果", "Summary"))?;
        let mut columns = about.columns();
        columns.extend(since.iter().map(|_| column(lang, &CHANGE)));
        columns.extend([&FILES, &PRINTED].map(|one| column(lang, one)));
        let facilities = match is_huge(about.most) {
            false => {
                let frozen = if about.label.is_some() { 3 } else { 2 };
                Facilities::Sheet(book.sheet(
                    pick(lang, "施設", "facilities"),
                    &columns,
                    frozen,
                    1,
                )?)
            }
            true => {
                let mut text = text();
                let headings = columns.iter().map(|column| &column.heading);
                text.write_record(headings).map_err(other)?;
                Facilities::Text(Box::new(text))
            }
        };
        let mut found = |name| {
            let columns: Vec<ListColumn> = FINDINGS.iter().map(|one| column(lang, one)).collect();
            book.sheet(name, &columns, 3, 2)
        };
        let findings =
            [found(pick(lang, "誤り", "errors"))?, found(pick(lang, "警告", "warnings"))?];
        let mut errors = text();
        let headings = FINDINGS.map(|(ja, en, _)| pick(lang, ja, en));
        errors.write_record(headings).map_err(other)?;
        Ok(Lists {
            about,
            book,
            facilities,
            findings,
            errors,
            since,
            bureaus: BTreeMap::new(),
            forms: Vec::new(),
            post: Vec::new(),
        })
    }

    /// Adds a facility, and says what has become of it since an earlier run; `titles` and `addresses` say what
    /// is above a finding's value and where it is.
    pub fn add(
        &mut self,
        done: &Done,
        titles: &[String],
        addresses: &[String],
    ) -> Result<Option<Change>, PaintError> {
        let lang = self.about.lang;
        let facility = &done.facility;
        let forms: Vec<String> = done.forms.iter().map(ToString::to_string).collect();
        let deadline = match facility.deadline {
            Some((day, true)) => Item::Day(day),
            Some((day, false)) => Item::About(day),
            None => Item::Empty,
        };
        let mut found = done.report.diagnostics.iter().zip(titles);
        let first = found.find(|(d, _)| d.severity == Severity::Error);
        let mut items: Vec<Item<'_>> = vec![
            done.label.as_str().into(),
            facility.name.as_str().into(),
            facility.kind.as_str().into(),
            facility.code.as_str().into(),
            facility.address.as_str().into(),
            facility.phone.as_str().into(),
            facility.email.as_str().into(),
            facility.bureau.as_str().into(),
            facility.office().into(),
            facility.designation.map_or(Item::Empty, Item::Day),
            deadline.clone(),
            forms.join("、").into(),
            state(done.is_good, lang).into(),
            Item::Count(done.report.errors()),
            Item::Count(done.report.warnings()),
            first.map_or_else(String::new, |(found, title)| remedy(found, title, lang)).into(),
        ];
        if self.about.label.is_some() {
            items.insert(1, done.member.as_str().into());
        }
        let states = self.about.states.iter();
        items.extend(
            states.map(|(column, _)| {
                done.cells.get(*column).map_or(Item::Empty, |c| c.as_str().into())
            }),
        );
        let mut changed = None;
        if let Some(since) = &mut self.since {
            let seen: Vec<String> = items.iter().map(|item| item.text().into_owned()).collect();
            let change = since.compare(done, &seen, lang);
            items.push(change.word(lang).into());
            changed = Some(change);
        }
        items.push(done.files.join("\n").into());
        items.push(since::printed(done).into());
        match &mut self.facilities {
            Facilities::Sheet(sheet) => self.book.add(*sheet, &items)?,
            Facilities::Text(text) => {
                text.write_record(items.iter().map(|i| harmless(&i.text()))).map_err(other)?;
            }
        }
        self.count(done, &forms.join("、"), deadline_of(deadline));
        for ((d, title), address) in done.report.diagnostics.iter().zip(titles).zip(addresses) {
            // Where warnings are denied they are what the row failed by.
            let fails = d.severity == Severity::Error || !done.is_good && done.report.errors() == 0;
            let value = done.written(d);
            let cells: [&str; 10] = [
                &done.label,
                &done.member,
                &facility.name,
                title,
                address,
                &value,
                d.message.get(lang),
                d.hint.as_ref().map_or("", |hint| hint.get(lang)),
                &d.code,
                d.field.as_deref().unwrap_or_default(),
            ];
            let items = cells.map(Item::from);
            self.book.add(self.findings[usize::from(!fails)], &items)?;
            if fails {
                self.errors.write_record(cells.map(harmless)).map_err(other)?;
            }
        }
        Ok(changed)
    }

    fn count(&mut self, done: &Done, forms: &str, deadline: Item<'static>) {
        let facility = &done.facility;
        let total = self.bureaus.entry((facility.order().0, facility.bureau.clone())).or_default();
        total.facilities += 1;
        if !done.is_good {
            return;
        }
        total.good += 1;
        for made in &done.forms {
            let known = self.forms.iter().position(|form| *form == made.short);
            let at = known.unwrap_or_else(|| {
                self.forms.push(made.short.clone());
                self.forms.len() - 1
            });
            *total.forms.entry(at).or_default() += 1;
        }
        self.post.push(Sent {
            order: facility.order(),
            bureau: facility.bureau.clone(),
            office: facility.office().to_owned(),
            member: done.member.clone(),
            name: facility.name.clone(),
            forms: forms.to_owned(),
            copies: done.forms.len(),
            deadline,
        });
    }

    /// Adds what is known at the end, and ends the lists.
    pub fn finish(mut self) -> Result<Written, PaintError> {
        let lang = self.about.lang;
        self.totals()?;
        self.sent()?;
        if let Some(since) = &self.since {
            let columns: Vec<ListColumn> = CHANGES.iter().map(|one| column(lang, one)).collect();
            let name = pick(lang, "前回との違い", "changes");
            let sheet = self.book.sheet(name, &columns, 0, 0)?;
            for change in since.changes() {
                let items = change.map(Item::from);
                self.book.add(sheet, &items)?;
            }
        }
        let errors = self.errors.into_inner().map_err(|error| other(error.into_error()))?;
        let (book, short) = self.book.finish()?;
        let mut files = vec![(SUMMARY, book), (ERRORS, errors)];
        if let Facilities::Text(text) = self.facilities {
            let text = text.into_inner().map_err(|error| other(error.into_error()))?;
            files.push((SUMMARY_CSV, text));
        }
        let notes = short.iter().map(|(sheet, count)| lacking(sheet, *count)).collect();
        Ok(Written { files, since: self.since, notes })
    }

    /// How many facilities and forms there are, of all and of each bureau.
    fn totals(&mut self) -> Result<(), PaintError> {
        let lang = self.about.lang;
        let mut columns: Vec<ListColumn> = BUREAUS.iter().map(|one| column(lang, one)).collect();
        let forms = self.forms.iter();
        columns.extend(forms.map(|form| ListColumn { heading: form.clone(), width: 10.0 }));
        let sheet = self.book.sheet(pick(lang, "合計", "totals"), &columns, 1, 0)?;
        let mut all = Total::default();
        let mut rows = Vec::new();
        for ((_, bureau), total) in &self.bureaus {
            all.facilities += total.facilities;
            all.good += total.good;
            total.forms.iter().for_each(|(at, n)| *all.forms.entry(*at).or_default() += n);
            let none = pick(lang, "（提出先なし）", "(no bureau)");
            rows.push((if bureau.is_empty() { none } else { bureau }, total));
        }
        rows.push((pick(lang, "合計", "total"), &all));
        for (name, total) in rows {
            let failed = total.facilities - total.good;
            let mut items: Vec<Item<'_>> = vec![name.into()];
            items.extend([total.facilities, total.good, failed].map(Item::Count));
            let forms = (0..self.forms.len()).map(|at| total.forms.get(&at).copied());
            items.extend(forms.map(|count| Item::Count(count.unwrap_or_default())));
            self.book.add(sheet, &items)?;
        }
        Ok(())
    }

    /// What goes where, by bureau and office.
    fn sent(&mut self) -> Result<(), PaintError> {
        let lang = self.about.lang;
        let columns: Vec<ListColumn> = POST.iter().map(|one| column(lang, one)).collect();
        let sheet = self.book.sheet(pick(lang, "発送一覧", "to post"), &columns, 2, 0)?;
        let mut post = std::mem::take(&mut self.post);
        post.sort_by(|a, b| (a.order, &a.bureau, &a.office).cmp(&(b.order, &b.bureau, &b.office)));
        for sent in &post {
            let items = [
                sent.bureau.as_str().into(),
                sent.office.as_str().into(),
                sent.member.as_str().into(),
                sent.name.as_str().into(),
                sent.forms.as_str().into(),
                Item::Count(sent.copies),
                sent.deadline.clone(),
            ];
            self.book.add(sheet, &items)?;
        }
        Ok(())
    }
}

/// That a sheet of the summary lacks rows.
fn lacking(sheet: &str, count: usize) -> Text {
    let most = MOST_ROWS - 1;
    Text::new(
        format!(
            "{SUMMARY} のシート「{sheet}」には {most} 行までしか入らないため、ほかの {count} 行は書いていません"
        ),
        format!("the sheet {sheet} of {SUMMARY} holds {most} rows: {count} more are not in it"),
    )
}

fn deadline_of(item: Item<'_>) -> Item<'static> {
    match item {
        Item::Day(day) => Item::Day(day),
        Item::About(day) => Item::About(day),
        _ => Item::Empty,
    }
}

/// What is wrong below its heading, and what to do about it.
fn remedy(found: &Diagnostic, title: &str, lang: Lang) -> String {
    let mut said = found.message.get(lang).to_owned();
    if let Some(hint) = &found.hint {
        said = format!("{said}{}{}", pick(lang, "。", ". "), hint.get(lang));
    }
    if title.is_empty() { said } else { format!("{title}: {said}") }
}

fn column(lang: Lang, (ja, en, width): &Column) -> ListColumn {
    ListColumn { heading: pick(lang, ja, en).to_owned(), width: *width }
}

/// A list as text that Excel opens.
fn text() -> csv::Writer<Vec<u8>> {
    csv::Writer::from_writer("\u{FEFF}".as_bytes().to_vec())
}

fn other(error: impl std::fmt::Display) -> PaintError {
    PaintError::Workbook(error.to_string())
}

/// Text that a spreadsheet takes for a formula is quoted.
fn harmless(text: &str) -> String {
    let quote = if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    {
        "'"
    } else {
        ""
    };
    format!("{quote}{text}")
}

/// Why the lists were not written.
pub(super) fn failed(error: &PaintError) -> Text {
    let why = error.message();
    Text::new(
        format!("結果の一覧を作れません: {}", why.ja),
        format!("the lists cannot be made: {}", why.en),
    )
}
