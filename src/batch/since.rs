//! What has changed since the summary of an earlier run.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use super::change::Change;
use super::done::Done;
use super::outcome::BatchError;
use super::words::{pick, state};
use crate::form::fold;
use crate::report::{Lang, Text};
use crate::table::{Table, TableError};

/// The headings of a summary by which a facility is found again, in both languages.
const NAME: [&str; 2] = ["名称", "name"];
const CODE: [&str; 2] = ["保険医療機関コード", "code"];
const ADDRESS: [&str; 2] = ["所在地", "address"];
const STATE: [&str; 2] = ["状態", "state"];
/// The heading of what is printed on each form.
pub(super) const PRINTED: [&str; 2] = ["印字内容の照合", "check of what is printed"];
/// Those whose values are compared.
const COMPARED: [[&str; 2]; 9] = [
    NAME,
    ["種別", "kind"],
    CODE,
    ADDRESS,
    ["電話番号", "phone"],
    ["メール", "email"],
    ["提出先", "bureau"],
    ["指定希望日", "designation"],
    ["様式", "forms"],
];

/// A facility of the earlier summary.
struct Before {
    name: String,
    member: String,
    state: String,
    compared: Vec<String>,
    /// What was printed on each form.
    printed: String,
    is_seen: bool,
}

/// The earlier summary, and what was found against it.
pub(super) struct Since {
    rows: Vec<Before>,
    by_member: HashMap<String, Vec<usize>>,
    by_code: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    by_name_alone: HashMap<String, Vec<usize>>,
    /// The places of what is compared among the columns of the summary to come.
    columns: Vec<usize>,
    has_label: bool,
    lang: Lang,
    found: Vec<(Change, [String; 6])>,
    counts: HashMap<Change, usize>,
}

impl Since {
    /// Reads an earlier summary. `headings` are those of the summary to come, `label` the one of what the
    /// list calls a facility.
    pub fn read(
        path: &Path,
        headings: &[String],
        label: Option<&str>,
        lang: Lang,
    ) -> Result<Self, BatchError> {
        let strange = || {
            let path = path.display();
            let message = Text::new(
                format!("{path} は onshi batch の summary.xlsx ではありません"),
                format!("{path} is not a summary.xlsx of `onshi batch`"),
            );
            let hint = Text::new(
                "前の一括作成の -o のフォルダーにある summary.xlsx を、--since に指定してください",
                "give --since the summary.xlsx in the folder of an earlier run",
            );
            BatchError::Pattern(message, hint)
        };
        let mut table = Err(strange());
        for name in ["施設", "facilities"] {
            match Table::open_sheet(path, None, Some(name)) {
                Ok(found) => table = Ok(found),
                Err(TableError::Io(error)) => {
                    return Err(BatchError::Reading(path.to_owned(), error));
                }
                Err(TableError::Faulty(_)) => {}
            }
        }
        let table = table?;
        let mut rows: Vec<Vec<String>> = Vec::new();
        table.rows(&mut |row| {
            rows.push(row.cells.iter().map(|cell| cell.to_string().trim().to_owned()).collect());
            ControlFlow::Continue(())
        })?;
        let mut rows = rows.into_iter();
        let head = rows.next().unwrap_or_default();
        let at = |known: &[&str]| head.iter().position(|h| known.contains(&h.as_str()));
        let (Some(name), Some(state)) = (at(&NAME), at(&STATE)) else { return Err(strange()) };
        let member = label.and_then(|label| at(&[label]));
        let (code, address) = (at(&CODE), at(&ADDRESS));
        let printed = at(&PRINTED);
        let compared: Vec<Option<usize>> = COMPARED.iter().map(|known| at(known)).collect();
        let mut since = Since {
            rows: Vec::new(),
            by_member: HashMap::new(),
            by_code: HashMap::new(),
            by_name: HashMap::new(),
            by_name_alone: HashMap::new(),
            columns: COMPARED
                .iter()
                .filter_map(|known| headings.iter().position(|h| known.contains(&h.as_str())))
                .collect(),
            has_label: member.is_some(),
            lang,
            found: Vec::new(),
            counts: HashMap::new(),
        };
        for row in rows {
            let cell =
                |at: Option<usize>| at.and_then(|at| row.get(at)).cloned().unwrap_or_default();
            let number = since.rows.len();
            let before = Before {
                name: cell(Some(name)),
                member: cell(member),
                state: cell(Some(state)),
                compared: compared.iter().map(|at| cell(*at)).collect(),
                printed: cell(printed),
                is_seen: false,
            };
            let enter = |map: &mut HashMap<String, Vec<usize>>, key: String| {
                if !key.is_empty() {
                    map.entry(key).or_default().push(number);
                }
            };
            enter(&mut since.by_member, own(&before.member, &before.name));
            let (code, place) = (cell(code), named(&before.name, &cell(address)));
            let code =
                if code.is_empty() { code } else { format!("{} {code}", before.compared[1]) };
            enter(&mut since.by_code, code);
            enter(&mut since.by_name, place);
            enter(&mut since.by_name_alone, fold(&before.name));
            since.rows.push(before);
        }
        Ok(since)
    }

    /// What became of a facility; `items` are the cells of its row in the summary.
    pub fn compare(&mut self, done: &Done, items: &[String], lang: Lang) -> Change {
        let facility = &done.facility;
        let found = self.find(done);
        let now = state(done.is_good, lang);
        let mut what = String::new();
        let mut before_state = String::new();
        let change = match found.map(|at| &mut self.rows[at]) {
            None => Change::New,
            Some(before) => {
                before.is_seen = true;
                before_state.clone_from(&before.state);
                let was_good = [Lang::Ja, Lang::En].iter().any(|l| before.state == state(true, *l));
                let pairs = COMPARED.iter().zip(&before.compared).zip(&self.columns);
                let mut changed: Vec<String> = pairs
                    .filter_map(|((known, old), at)| {
                        let new = items.get(*at).map_or("", |new| new.trim());
                        (new != old)
                            .then(|| format!("{}: {old} → {new}", pick(lang, known[0], known[1])))
                    })
                    .collect();
                if let Some(forms) = otherwise(&before.printed, done) {
                    let head = pick(lang, "印字内容", "what is printed");
                    changed.push(format!("{head}: {forms}"));
                }
                what = changed.join("\n");
                match (was_good, done.is_good) {
                    (false, true) => Change::Corrected,
                    (true, false) => Change::Spoilt,
                    _ if !changed.is_empty() => Change::Changed,
                    _ => Change::Same,
                }
            }
        };
        if matches!(change, Change::Corrected | Change::Spoilt) {
            let also = if what.is_empty() { "" } else { "\n" };
            what =
                format!("{}: {before_state} → {now}{also}{what}", pick(lang, STATE[0], STATE[1]));
        }
        *self.counts.entry(change).or_default() += 1;
        if change != Change::Same {
            let member = done.member.clone();
            let word = change.word(lang).to_owned();
            let row = [word, done.label.clone(), member, facility.name.clone(), before_state, what];
            self.found.push((change, row));
        }
        change
    }

    /// The row of a facility in the earlier summary. What several share, such as a member with two
    /// facilities, tells none of them; a row is found once.
    fn find(&self, done: &Done) -> Option<usize> {
        let facility = &done.facility;
        let member = match self.has_label {
            true => own(&done.member, &facility.name),
            false => String::new(),
        };
        let is_free = |at: &&usize| {
            let before = &self.rows[**at];
            let known = own(&before.member, &before.name);
            // A facility of another member is another one, whatever else they share.
            !before.is_seen && (member.is_empty() || known.is_empty() || member == known)
        };
        let sole = |map: &HashMap<String, Vec<usize>>, key: &str| match map.get(key)?.as_slice() {
            [at] => Some(at).filter(is_free).copied(),
            _ => None,
        };
        // A code is one in its prefecture: of several, the one of the same name.
        let name = fold(&facility.name);
        let first = |map: &HashMap<String, Vec<usize>>, key: &str| {
            let free = || map.get(key).into_iter().flatten().filter(is_free);
            let named = free().find(|at| fold(&self.rows[**at].name) == name);
            named.or_else(|| free().next().filter(|_| free().count() == 1)).copied()
        };
        let code = match facility.code.is_empty() {
            true => String::new(),
            false => format!("{} {}", facility.kind, facility.code),
        };
        sole(&self.by_member, &member)
            .or_else(|| first(&self.by_code, &code))
            .or_else(|| first(&self.by_name, &named(&facility.name, &facility.address)))
            .or_else(|| sole(&self.by_name_alone, &name))
    }

    /// The facilities of the earlier summary that are no longer there.
    fn gone(&self) -> impl Iterator<Item = &Before> {
        self.rows.iter().filter(|before| !before.is_seen)
    }

    /// What is otherwise, a row each: those there are in their order, then those that are gone.
    pub fn changes(&self) -> Vec<[String; 6]> {
        let gone = self.gone().map(|before| {
            let word = Change::Gone.word(self.lang).to_owned();
            let (member, name) = (before.member.clone(), before.name.clone());
            [word, String::new(), member, name, before.state.clone(), String::new()]
        });
        self.found.iter().map(|(_, row)| row.clone()).chain(gone).collect()
    }

    /// How many of each there are.
    pub fn counts(&self) -> Vec<(Change, usize)> {
        let all = [Change::New, Change::Corrected, Change::Spoilt, Change::Changed, Change::Same];
        let count = |change: Change| (change, self.counts.get(&change).copied().unwrap_or(0));
        let gone = (Change::Gone, self.gone().count());
        all.into_iter().map(count).chain([gone]).collect()
    }
}

/// What is printed on each form of a facility, as [`PRINTED`] has it: `別紙1=0a1b2c3d 別紙2=4e5f6071`.
pub(super) fn printed(done: &Done) -> String {
    let forms = done.forms.iter().filter(|made| !made.printed.is_empty());
    forms.map(|made| format!("{made}={}", made.printed)).collect::<Vec<_>>().join(" ")
}

/// The forms on which something else is printed than `before` says; none where it says nothing of them.
fn otherwise(before: &str, done: &Done) -> Option<String> {
    let before: HashMap<&str, &str> =
        before.split(' ').filter_map(|form| form.rsplit_once('=')).collect();
    let forms = done.forms.iter().filter(|made| !made.printed.is_empty());
    let other = forms.filter(|made| {
        let known = before.get(made.to_string().as_str());
        known.is_some_and(|known| *known != made.printed)
    });
    let other: Vec<String> = other.map(ToString::to_string).collect();
    (!other.is_empty()).then(|| other.join("、"))
}

/// What a list calls a facility, as it is compared; nothing where that is its name.
fn own(member: &str, name: &str) -> String {
    let member = fold(member);
    if member == fold(name) { String::new() } else { member }
}

/// A name and address as they are compared.
fn named(name: &str, address: &str) -> String {
    if name.is_empty() { String::new() } else { format!("{}\n{}", fold(name), fold(address)) }
}
