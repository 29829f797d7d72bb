//! A run: facilities are read in order, worked through by all workers a chunk at a time, and accounted
//! for in order again. No more than three chunks are in memory.

use std::collections::{HashMap, VecDeque};
use std::mem;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::account::Account;
use super::entry::{Entry, Facilities};
use super::ledger::{Hash, Ledger, Put};
use super::print::Print;
use super::roster::{Expected, Roster};
use super::share::share;
use super::{BatchError, Options, Outcome, Watch, safe_name};
use crate::font::is_selector;
use crate::form::{Forms, Headings, fold};
use crate::record::{Node, NodeValue, Record};
use crate::report::{self, Diagnostic, Place, Report, Severity, Source, Text};
use crate::sheet::Sheet;
use crate::values::{self, Data, Values};
use crate::{FilledForm, Filler};

/// How many facilities each worker takes at a time.
const CHUNK: usize = 32;
/// How many chunks the workers have before them while one is accounted for.
const AHEAD: usize = 1;

pub(super) const SUMMARY: &str = "summary.xlsx";
pub(super) const ERRORS: &str = "errors.csv";

/// What became of a facility.
#[derive(Default)]
pub(super) struct Done {
    pub number: u32,
    pub label: String,
    pub name: String,
    pub code: String,
    pub kind: String,
    pub forms: Vec<String>,
    pub files: Vec<String>,
    pub bureau: String,
    pub designation: String,
    pub deadline: String,
    pub report: Report,
    pub is_good: bool,
    /// What the names of its files begin with.
    pub start: String,
    pub marks: Vec<Marked>,
    pub source: Source,
    pub kept: usize,
    pub sheets: Vec<(String, String, Sheet)>,
}

/// What came of going through all facilities.
pub(super) struct Passed {
    pub outcome: Outcome,
    /// What the names of the files of faulty facilities begin with.
    pub faulty: Vec<String>,
}

/// A value that no two facilities should share.
pub(super) struct Marked {
    pub mark: Mark,
    /// As it is compared.
    pub folded: String,
    pub written: String,
    pub field: &'static str,
    pub place: Option<Place>,
}

/// What no two facilities should share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Mark {
    Code,
    Name,
    Email,
}

/// Works through a roster or a folder of records.
///
/// # Errors
/// What keeps the whole run from going on; a fault of one facility is in the [`Outcome`] instead.
pub fn run(options: &Options<'_>, watch: &dyn Watch) -> Result<Outcome, BatchError> {
    let set = checked_set(options)?;
    let keys: Vec<String> = set.iter().map(|(key, _)| key.clone()).collect();
    let facilities = if options.source.is_dir() {
        let (records, workbooks) = Facilities::folder(options.source)?;
        if workbooks > 0 {
            watch.say(&Text::new(
                format!("Excel のファイル {workbooks} 個は記録ではないので読みません（onshi import で記録にできます）"),
                format!("{workbooks} workbook(s) are no records and are not read (`onshi import` makes records of them)"),
            ));
        }
        Facilities::Folder(records)
    } else {
        let Options { forms, named, ignore_unknown, .. } = *options;
        let expected = Expected { forms, named, set: &keys, ignore_unknown };
        let roster = Roster::open(options.source, options.encoding, &expected)?;
        roster.table.notes.iter().for_each(|note| watch.say(note));
        Facilities::Roster(Box::new(roster))
    };
    let jobs = ThreadPoolBuilder::new().num_threads(workers(options)).build();
    let jobs = jobs.map_err(|error| BatchError::Workers(error.to_string()))?;
    let filler = Filler::new(options.forms);
    // Without a folder there is no ledger that would compare them.
    let recipes = options.folder.map_or_else(HashMap::new, |_| recipes(options));
    let batch = Batch { options, watch, set, facilities, jobs, recipes, filler };
    if options.strict {
        let Passed { outcome, .. } = batch.pass(None)?;
        if outcome.failed > 0 {
            return Ok(Outcome { is_withheld: true, ..outcome });
        }
    }
    let merge_name = options.merge.map(|path| (path, options.folder));
    let ledger = options.folder.map(|folder| Ledger::open(folder, options.force)).transpose()?;
    let all_forms = options.forms.forms().map(|form| form.id.as_str());
    for path in options.merge.iter().flat_map(|path| Print::paths(path, all_forms.clone())) {
        let may = match &ledger {
            Some(ledger) => ledger.may_write(&print_name(&path, merge_name), &path),
            None if !options.force && path.exists() => return Err(BatchError::Exists(path)),
            None => true,
        };
        if !may {
            return Err(BatchError::Foreign(path));
        }
    }
    let Passed { mut outcome, faulty } = batch.pass(Some(ledger.as_ref()))?;
    if let Some(ledger) = ledger {
        let is_faulty = |name: &String| faulty.iter().any(|start| name.starts_with(start));
        (outcome.outdated, outcome.left) = ledger.finish()?.into_iter().partition(is_faulty);
    }
    Ok(outcome)
}

/// How many workers there are.
fn workers(options: &Options<'_>) -> usize {
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    match (options.jobs, options.extension) {
        // While rust_xlsxwriter's own threads write the sheets of a workbook, its worker only waits.
        (0, "xlsx") => 2 * cores(),
        (0, _) => cores(),
        (jobs, _) => jobs,
    }
}

/// The key under which the ledger knows a print file: its name alone inside the ledger's folder.
pub(super) fn print_name(path: &Path, merge: Option<(&Path, Option<&Path>)>) -> String {
    let folder = merge.and_then(|(_, folder)| folder);
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let same = folder.is_some_and(|f| match (f.canonicalize(), parent.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => false,
    });
    if same {
        return path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    }
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    whole.display().to_string()
}

/// What all facilities share, by key, each value of its kind.
fn checked_set(options: &Options<'_>) -> Result<Vec<(String, String)>, BatchError> {
    let headings = Headings::new(options.forms.dictionary());
    let place = Place::Text { line: 1, column: 1, start: 0, end: 0 };
    let mut report = Report::default();
    let mut set = Vec::new();
    for (written, value) in options.set {
        match headings.find(written) {
            Ok(column) => set.push((column.key.clone(), value.clone())),
            Err(_) => {
                let nearest = report::suggest(
                    written,
                    options.forms.dictionary().fields().iter().map(|f| f.key.as_str()),
                );
                let mut fault = Diagnostic::error(
                    "unknown-field",
                    Text::new(
                        format!("「{written}」という項目はありません"),
                        format!("there is no field {written}"),
                    ),
                );
                fault.hint = nearest;
                report.push(fault);
            }
        }
    }
    let mut root = Node { place: place.clone(), value: NodeValue::Map(Vec::new()) };
    share(&mut root, &set, options.forms, &place);
    let record = Record { source: Source::default(), root };
    report.extend(values::values(&record, options.forms).1);
    report.diagnostics.iter_mut().for_each(|d| d.place = None);
    if report.errors() > 0 { Err(BatchError::Set(report)) } else { Ok(set) }
}

/// What a form's files hang on besides the record: the program, the definitions, the format.
fn recipes(options: &Options<'_>) -> HashMap<String, Hash> {
    let shared = format!(
        "{} {} {:?} {:?}",
        env!("CARGO_PKG_VERSION"),
        options.extension,
        options.forms.dictionary().fields(),
        options.forms.bureaus(),
    );
    let forms = options.forms.forms();
    forms
        .map(|form| {
            let definition = format!("{form:?}");
            (form.id.clone(), Hash::of(&[shared.as_bytes(), definition.as_bytes()]))
        })
        .collect()
}

/// A run's means.
pub(super) struct Batch<'a> {
    pub options: &'a Options<'a>,
    watch: &'a dyn Watch,
    set: Vec<(String, String)>,
    pub facilities: Facilities<'a>,
    jobs: ThreadPool,
    recipes: HashMap<String, Hash>,
    filler: Filler<'a>,
}

impl Batch<'_> {
    /// Goes once through all facilities: to look only, or to write, into a folder or not.
    fn pass(&self, writing: Option<Option<&Ledger>>) -> Result<Passed, BatchError> {
        let ledger = writing.flatten();
        let print = writing.and(self.options.merge);
        let mut account = Account::new(self, ledger, print)?;
        self.watch.begin(self.facilities.most());
        let size = CHUNK * self.jobs.current_num_threads();
        // This thread reads the list and keeps the account while the workers fill forms.
        self.jobs.in_place_scope(|scope| {
            let mut chunk = Vec::with_capacity(size);
            let mut ahead = VecDeque::new();
            let begin = |chunk: Vec<Entry>| {
                let (sender, receiver) = mpsc::sync_channel(1);
                scope.spawn(move |_| {
                    let facilities = chunk.into_par_iter();
                    let done = facilities.map(|entry| self.facility(entry, writing));
                    // Nobody waits for it any more when the run has ended early.
                    let _ = sender.send(done.collect::<Vec<Result<Done, BatchError>>>());
                });
                receiver
            };
            let mut end = |chunk: mpsc::Receiver<Vec<Result<Done, BatchError>>>| {
                // A worker that panicked sends nothing; the scope passes its panic on.
                for done in chunk.recv().unwrap_or_default() {
                    if self.watch.is_stopped() {
                        return Err(BatchError::Stopped);
                    }
                    account.add(done?)?;
                }
                Ok(())
            };
            let mut outcome = Ok(());
            self.facilities.each(&mut |entry| {
                chunk.push(entry);
                if chunk.len() < size {
                    return ControlFlow::Continue(());
                }
                ahead.push_back(begin(mem::replace(&mut chunk, Vec::with_capacity(size))));
                if ahead.len() > AHEAD {
                    outcome = ahead.pop_front().map_or(Ok(()), &mut end);
                }
                if outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            outcome?;
            ahead.push_back(begin(chunk));
            ahead.into_iter().try_for_each(end)
        })?;
        account.finish(ledger)
    }

    /// One facility from its record to its files.
    fn facility(&self, entry: Entry, writing: Option<Option<&Ledger>>) -> Result<Done, BatchError> {
        if self.watch.is_stopped() {
            return Ok(Done::default());
        }
        let mut done = Done {
            number: entry.number,
            label: self.facilities.label(entry.number),
            start: match &entry.stem {
                Some(stem) => format!("{stem}_"),
                None => format!("{:05}_", entry.number),
            },
            report: entry.report,
            ..Done::default()
        };
        match entry.record {
            Err(source) => done.source = source,
            Ok(mut record) => {
                let place = record.root.place.clone();
                share(&mut record.root, &self.set, self.options.forms, &place);
                self.forms(&mut done, &record, entry.stem.is_none(), writing)?;
                done.source = record.source;
            }
        }
        self.watch.advance(1);
        Ok(done)
    }

    fn forms(
        &self,
        done: &mut Done,
        record: &Record,
        is_row: bool,
        writing: Option<Option<&Ledger>>,
    ) -> Result<(), BatchError> {
        let Options { forms, named, today, .. } = *self.options;
        let filling = self.filler.fill(record, named, today);
        merge_reports(&mut done.report, filling.report, record, forms);
        describe(done, &filling.values, &self.set);
        let denied = self.options.deny_warnings && done.report.warnings() > 0;
        done.is_good = done.report.errors() == 0 && !denied;
        let mut sheets = Vec::new();
        for filled in filling.sheets {
            let form = forms.find(&filled.form);
            let short = form.map_or(filled.form.as_str(), |form| form.short_name());
            let called = match &filled.kind {
                Some(kind) => format!("{short}（{kind}）"),
                None => short.to_owned(),
            };
            let asks = |form| {
                ["bureau", "designation.date"].iter().any(|key| filled.asks_for(key, form, forms))
            };
            if form.is_some_and(asks) {
                done.bureau =
                    filled.values.get("bureau").map_or("", |bureau| &bureau.text).to_owned();
            }
            if form.is_some_and(|form| form.section.value == "receipt_number") {
                deadline(done, &filling.values, self.options);
            }
            done.forms.push(called.clone());
            sheets.push((filled, called));
        }
        if !done.is_good {
            return Ok(());
        }
        if let Some(Some(ledger)) = writing {
            let bytes = fingerprint(&record.root);
            for (filled, _) in &sheets {
                let kind = filled.kind.as_ref().map_or_else(String::new, |kind| format!("_{kind}"));
                // A record's file is named for the facility already.
                let facility =
                    if is_row { format!("{}_", safe_name(&done.name)) } else { String::new() };
                let Done { start, .. } = &*done;
                let extension = self.options.extension;
                let name = format!("{start}{facility}{}{kind}.{extension}", filled.form);
                // Every form that is filled has a definition.
                let recipe = self.recipes.get(&filled.form);
                let recipe = recipe.map_or("", Hash::as_str);
                let input = Hash::of(&[recipe.as_bytes(), kind.as_bytes(), &bytes]);
                self.file(done, &name, input, filled, ledger)?;
            }
        }
        if writing.is_some() && self.options.merge.is_some() && done.is_good {
            let printed =
                sheets.into_iter().map(|(filled, called)| (filled.form, called, filled.sheet));
            done.sheets = printed.collect();
        }
        Ok(())
    }

    /// One file, unless it is there already.
    fn file(
        &self,
        done: &mut Done,
        name: &str,
        input: Hash,
        filled: &FilledForm,
        ledger: &Ledger,
    ) -> Result<(), BatchError> {
        if !done.is_good {
            return Ok(());
        }
        if ledger.has(name, &input) {
            done.kept += 1;
            done.files.push(name.to_owned());
            return Ok(());
        }
        let fault = match (self.options.paint)(filled) {
            Ok(bytes) => match ledger.put(name, input, &bytes)? {
                Put::Done => {
                    done.files.push(name.to_owned());
                    return Ok(());
                }
                Put::Foreign => Diagnostic::error(
                    "exists",
                    Text::new(
                        format!(
                            "{name} はこの一括作成で作ったものではないか、その後に変えられています"
                        ),
                        format!("{name} is not from a run like this, or was changed since"),
                    ),
                )
                .with_hint(Text::new(
                    "別の場所に移すか、上書きしてよければ --force をつけてください",
                    "move it away, or give --force to overwrite it",
                )),
            },
            Err(message) => Diagnostic::error("paint", message),
        };
        done.report.push(fault.with_form(&filled.form));
        done.is_good = false;
        Ok(())
    }
}

/// Adds what the forms found; what was found while reading the row explains a missing value.
fn merge_reports(report: &mut Report, found: Report, record: &Record, forms: &Forms) {
    let row = &record.root.place;
    let unreadable = report.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let read: Vec<Option<Place>> = unreadable.map(|d| d.place.clone()).collect();
    for mut diagnostic in found.diagnostics {
        let field = diagnostic.field.as_ref().and_then(|f| forms.dictionary().get(f));
        let is_derived = field.is_some_and(|field| field.derive.is_some());
        if diagnostic.code == "required"
            && (read.contains(&diagnostic.place) || is_derived && !read.is_empty())
        {
            continue;
        }
        // Without any cell to blame, the row itself is.
        if let (Some(Place::Text { .. }), Place::Cell { .. }) = (&diagnostic.place, row) {
            diagnostic.place = Some(row.clone());
        }
        report.push(diagnostic);
    }
    report.sort();
}

fn describe(done: &mut Done, values: &Values, set: &[(String, String)]) {
    let text = |key: &str| values.get(key).map_or("", |value| value.text.as_str());
    let mark = |done: &mut Done, mark, folded, field| {
        let (written, place) = (text(field).to_owned(), values.place_near(field).cloned());
        done.marks.push(Marked { mark, folded, written, field, place });
    };
    done.name = text("facility.name").to_owned();
    done.code = text("facility.code").to_owned();
    done.kind = text("facility.kind").to_owned();
    done.designation = text("designation.date").to_owned();
    if !done.code.is_empty() {
        let all = format!("{} {} {}", text("facility.prefecture_code"), done.kind, done.code);
        mark(done, Mark::Code, all, "facility.code");
    }
    if !done.name.is_empty() {
        let plain: String = fold(&done.name).chars().filter(|c| !is_selector(*c)).collect();
        mark(done, Mark::Name, plain, "facility.name");
    }
    // A value that all share says nothing of one.
    let own = |key: &str| !set.iter().any(|(set, _)| set == key);
    for key in ["founder.email", "contact.email"] {
        let email = text(key);
        let known = done.marks.iter().any(|known| known.written == email);
        if !email.is_empty() && own(key) && !known {
            mark(done, Mark::Email, email.to_lowercase(), key);
        }
    }
}

fn deadline(done: &mut Done, values: &Values, options: &Options<'_>) {
    let bureau = options.forms.bureaus().by_name(&done.bureau);
    let date = values.get("designation.date").map(|value| &value.data);
    if let (Some(bureau), Some(Data::Date(date))) = (bureau, date) {
        let deadline = bureau.receipt_number_deadline(*date);
        let about = if deadline.known { "" } else { "（目安）" };
        done.deadline = format!("{}{about}", deadline.date);
    }
}

/// What stands in a record, wherever it stands.
fn fingerprint(node: &Node) -> Vec<u8> {
    fn text(bytes: &mut Vec<u8>, text: &str) {
        bytes.extend((text.len() as u64).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    fn add(bytes: &mut Vec<u8>, node: &Node) {
        match &node.value {
            NodeValue::Null => bytes.push(0),
            NodeValue::Scalar(value) => {
                bytes.push(1);
                text(bytes, value);
            }
            NodeValue::List(items) => {
                bytes.push(2);
                bytes.extend((items.len() as u64).to_le_bytes());
                items.iter().for_each(|item| add(bytes, item));
            }
            NodeValue::Map(entries) => {
                bytes.push(3);
                bytes.extend((entries.len() as u64).to_le_bytes());
                for (key, value) in entries {
                    text(bytes, &key.text);
                    add(bytes, value);
                }
            }
        }
    }
    let mut bytes = Vec::with_capacity(1024);
    add(&mut bytes, node);
    bytes
}
