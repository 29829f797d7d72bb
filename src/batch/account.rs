//! Accounting for every facility, in the order of the list.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::change::Change;
use super::done::Done;
use super::facilities::Facilities;
use super::ledger::{Hash, Ledger, Put};
use super::mail::Mail;
use super::names;
use super::naming::Settling;
use super::options::Options;
use super::outcome::{BatchError, Outcome};
use super::pattern::Pattern;
use super::print::{Print, Printed, ledger_name};
use super::since::Since;
use super::summary::{self, About, Lists};
use super::words::pick;
use super::work::Pass;
use crate::facility::{Mark, Marked};
use crate::post::Post;
use crate::report::{Diagnostic, Severity, Text};
use crate::store::Guard;
use crate::values::SUPPOSED;

/// How many findings are shown one by one.
const FIRST: usize = 20;
/// How many facilities that look alike are shown besides.
const FIRST_TWINS: usize = 5;

/// What came of going through all facilities.
pub(super) struct Passed {
    pub outcome: Outcome,
    /// What the names of the files of faulty facilities begin with.
    pub faulty: Vec<String>,
    /// The names of the files that faulty facilities would have.
    pub named: HashSet<String>,
    pub settling: Settling,
}

/// Facilities that share a value.
struct Twins {
    first: u32,
    written: String,
    times: usize,
    /// Whether all of them write it alike.
    is_alike: bool,
}

/// What an account needs that was found out before the first facility.
#[derive(Default)]
pub(super) struct Means {
    /// The columns that keep the state of a facility, each with its heading.
    pub states: Vec<(usize, String)>,
    /// The names of print files.
    pub merge: Option<Pattern>,
    /// The definitions of letters, labels and covers, where some are asked for.
    pub post: Option<Post>,
    /// What must not be written over.
    pub guard: Guard,
}

/// What the facilities come to, in the order of the list.
pub(super) struct Account<'a> {
    options: &'a Options<'a>,
    facilities: &'a Facilities<'a>,
    guard: &'a Guard,
    pass: Pass<'a>,
    outcome: Outcome,
    forms: BTreeMap<(usize, String), usize>,
    errors: BTreeMap<String, usize>,
    warnings: BTreeMap<String, usize>,
    /// Findings for showing one by one so far, and besides those of facilities that look alike, and guesses.
    shown: [usize; 3],
    /// Codes of which a warning is shown.
    warned: BTreeSet<String>,
    /// Who shares each mark.
    marks: HashMap<(Mark, String), Twins>,
    faulty: Vec<String>,
    /// The names of the files that faulty facilities would have.
    named: HashSet<String>,
    settling: Settling,
    lists: Option<Lists<'a>>,
    print: Option<Print>,
    mail: Option<Mail<'a>>,
}

impl<'a> Account<'a> {
    /// An account of one pass, of which nothing is added yet.
    pub fn new(
        options: &'a Options<'a>,
        facilities: &'a Facilities<'a>,
        means: &'a Means,
        pass: Pass<'a>,
    ) -> Result<Self, BatchError> {
        let is_last = !matches!(pass, Pass::Look);
        let member = pick(options.lang, "会員", "member");
        let about = About {
            lang: options.lang,
            // A workbook that was sent out remembers what its list calls the facility.
            label: options.label.or(facilities.is_folder().then_some(member)),
            states: &means.states,
            most: facilities.most(),
        };
        let mut since = None;
        if let Some(path) = options.since.filter(|_| is_last) {
            let headings = about.headings();
            since = Some(Since::read(path, &headings, about.label, options.lang)?);
        }
        let is_listed = is_last && options.is_listed();
        let lists = is_listed.then(|| Lists::new(about, since)).transpose();
        let print = options.merge.zip(means.merge.as_ref()).filter(|_| pass.prints(options));
        let mail = means.post.as_ref().filter(|_| is_last);
        Ok(Account {
            options,
            facilities,
            guard: &means.guard,
            pass,
            outcome: Outcome::default(),
            forms: BTreeMap::new(),
            errors: BTreeMap::new(),
            warnings: BTreeMap::new(),
            shown: [0; 3],
            warned: BTreeSet::new(),
            marks: HashMap::new(),
            faulty: Vec::new(),
            named: HashSet::new(),
            settling: Settling::default(),
            lists: lists.map_err(|error| BatchError::Print(summary::failed(&error)))?,
            print: print.map(|(path, pattern)| Print::new(path, pattern.clone())),
            mail: mail.map(|post| {
                let dictionary = options.forms.dictionary();
                Mail::new(post, options.post, dictionary, facilities.is_folder())
            }),
        })
    }

    /// The next facility.
    pub fn add(&mut self, mut done: Done) -> Result<(), BatchError> {
        self.twins(&mut done);
        if self.options.plain {
            done.report = done.report.plain();
        }
        self.outcome.facilities += 1;
        self.outcome.failed += usize::from(!done.is_good);
        self.outcome.files += done.files.len();
        self.outcome.kept += done.kept;
        if done.is_good {
            if matches!(self.pass, Pass::Look) {
                self.settling.add(done.number, &done.names);
            }
            for made in &done.forms {
                let forms = self.options.forms.forms();
                let order = forms.take_while(|form| form.id != made.form).count();
                *self.forms.entry((order, made.short.clone())).or_default() += 1;
            }
        } else {
            self.faulty.extend(Some(std::mem::take(&mut done.start)).filter(|s| !s.is_empty()));
            self.named.extend(std::mem::take(&mut done.names));
        }
        for d in &done.report.diagnostics {
            let counts = match d.severity {
                Severity::Error => &mut self.errors,
                Severity::Warning => &mut self.warnings,
            };
            *counts.entry(d.code.clone()).or_default() += 1;
        }
        let (mut titles, mut addresses) = (Vec::new(), Vec::new());
        if self.lists.is_some() || self.mail.is_some() {
            for Diagnostic { place, field, .. } in &done.report.diagnostics {
                titles.push(self.facilities.title(place.as_ref(), field.as_deref()));
                addresses.push(Facilities::address(place.as_ref()));
            }
        }
        let mut change = None;
        if let Some(lists) = &mut self.lists {
            let added = lists.add(&done, &titles, &addresses);
            change = added.map_err(|e| BatchError::Print(summary::failed(&e)))?;
        }
        let is_left_out = self.options.only_changed && done.is_good && change == Some(Change::Same);
        let may_write = |path: &Path| may_write(self.options, self.guard, self.pass, path);
        if let Some(mail) = self.mail.as_mut().filter(|_| !is_left_out) {
            mail.add(&done, &titles, &addresses, may_write)?;
        }
        if let Some(print) = self.print.as_mut().filter(|_| !is_left_out)
            && !done.sheets.is_empty()
        {
            let sheets = std::mem::take(&mut done.sheets);
            let spared = |path: &Path| {
                spare_post(self.options, path)?;
                may_write(path)
            };
            print.add(&done, sheets, spared)?;
        }
        self.show(done);
        Ok(())
    }

    /// Keeps the first errors and guesses to be shown, and the first warning of each other code; with
    /// `deny_warnings` as many warnings as errors.
    fn show(&mut self, done: Done) {
        let Done { mut report, source, .. } = done;
        let deny = self.options.deny_warnings;
        let ([shown, twins, guesses], warned) = (&mut self.shown, &mut self.warned);
        report.diagnostics.retain(|d: &Diagnostic| {
            let (count, most) = match d.severity {
                Severity::Error => (&mut *shown, FIRST),
                Severity::Warning if d.code == "duplicate" => (&mut *twins, FIRST_TWINS),
                // Each may be wrong.
                Severity::Warning if d.code == SUPPOSED => (&mut *guesses, FIRST),
                Severity::Warning if deny => (&mut *shown, FIRST),
                Severity::Warning => return warned.insert(d.code.clone()),
            };
            *count += 1;
            *count <= most
        });
        if !report.diagnostics.is_empty() {
            self.outcome.first.push((source, report));
        }
    }

    /// Says what a facility shares with one before it: of those that share a value the second says it,
    /// and the end of the list how many there are.
    fn twins(&mut self, done: &mut Done) {
        let marks = std::mem::take(&mut done.facility.marks);
        // Of a record that is the same as another one nothing more need be said.
        let is_same = done
            .report
            .diagnostics
            .iter()
            .any(|d| d.severity == Severity::Error && d.code == "duplicate");
        for Marked { mark, folded, written, field, place } in marks.into_iter().filter(|_| !is_same)
        {
            let twins = self.marks.entry((mark, folded)).or_insert_with(|| Twins {
                first: done.number,
                written: written.clone(),
                times: 0,
                is_alike: true,
            });
            twins.times += 1;
            twins.is_alike &= twins.written == written;
            if twins.times == 2 {
                let row = self.facilities.called(twins.first);
                let message = shared(mark, &written, &twins.written, &row);
                let hint = match self.facilities.is_folder() {
                    false => Text::new(
                        "同じ施設が二度書かれていないか確かめてください",
                        "make sure that no facility is listed twice",
                    ),
                    true => Text::new(
                        "同じ施設のファイルが二つあるようです。出し直されたものなら、古いほうをフォルダーから移してください",
                        "there seem to be two files of one facility; if one was handed in again, move the older out of the folder",
                    ),
                };
                let found = Diagnostic::warning("duplicate", message).with_field(field);
                done.report.push(found.with_hint(hint).at(place));
            }
        }
    }

    /// What more than two facilities share, the most frequent first.
    fn shared(&self) -> Vec<Text> {
        let mut all: Vec<(&Mark, &Twins)> = self
            .marks
            .iter()
            .filter(|(_, twins)| twins.times > 2)
            .map(|((mark, _), twins)| (mark, twins))
            .collect();
        all.sort_by_key(|(mark, twins)| (Reverse(twins.times), twins.first, **mark));
        let one = |(mark, twins): &(&Mark, &Twins)| {
            let (Text { ja, en }, row) = (mark.label(), self.facilities.called(twins.first));
            let Twins { written, times, is_alike, .. } = twins;
            let but = match is_alike {
                true => Text::new("", ""),
                false => Text::new("字体や幅のほかは", ", apart from width or shape"),
            };
            Text::new(
                format!(
                    "{ja}「{written}」は {times} 施設で{}同じです（はじめは{}）",
                    but.ja, row.ja
                ),
                format!(
                    "{times} facilities share the {en} {written}{} (the first is {})",
                    but.en, row.en
                ),
            )
        };
        let mut said: Vec<Text> = all.iter().take(FIRST_TWINS).map(one).collect();
        if let Some(more) = all.len().checked_sub(FIRST_TWINS).filter(|more| *more > 0) {
            said.push(Text::new(
                format!("3 施設以上で同じ値がほかに {more} あります"),
                format!("{more} more values are shared by three facilities or more"),
            ));
        }
        said
    }

    /// The end of the list: the print files and the lists are written.
    pub fn finish(self) -> Result<Passed, BatchError> {
        let shared = self.shared();
        let Account { options, pass, mut outcome, forms, errors, warnings, .. } = self;
        let (named, settling) = (self.named, self.settling);
        outcome.shared = shared;
        outcome.forms = forms.into_iter().map(|((_, name), count)| (name, count)).collect();
        let most_first = |counts: BTreeMap<String, usize>| {
            let mut counts: Vec<_> = counts.into_iter().collect();
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            counts
        };
        outcome.errors = most_first(errors);
        outcome.warnings = most_first(warnings);
        let Options { folder, .. } = *options;
        let place = |printed: Vec<Printed>| {
            let mut paths = Vec::new();
            for Printed { path, stage, pages } in printed {
                match pass {
                    Pass::Write(ledger) => {
                        let name = ledger_name(&path, folder);
                        if ledger.has_made(&name) {
                            return Err(twice(&path));
                        }
                        done(ledger.put_stage(&name, &path, stage)?, &path)?;
                    }
                    _ => stage.put().map_err(|error| BatchError::Writing(path.clone(), error))?,
                }
                paths.push((path, pages));
            }
            Ok::<_, BatchError>(paths)
        };
        outcome.merged = place(self.print.map(Print::finish).transpose()?.unwrap_or_default())?;
        if let Some(mail) = self.mail {
            let may_write = |path: &Path| may_write(options, self.guard, pass, path);
            let (printed, notes) = mail.finish(may_write)?;
            outcome.post = place(printed)?;
            outcome.notes = notes;
        }
        let Some(lists) = self.lists else {
            return Ok(Passed { outcome, faulty: self.faulty, named, settling });
        };
        let written = lists.finish();
        let written = written.map_err(|error| BatchError::Print(summary::failed(&error)))?;
        outcome.notes.extend(written.notes);
        outcome.since = written.since.iter().flat_map(Since::counts).collect();
        if let (Pass::Write(ledger), Some(folder)) = (pass, folder) {
            for (name, bytes) in written.files {
                let path = folder.join(name);
                if !ledger.may_write(name, &path) {
                    // Someone keeps notes in it, or Excel saved it in its own way.
                    outcome.set_aside.push((path.clone(), set_aside(&path)?));
                }
                put(ledger, name, &path, &bytes)?;
            }
        }
        Ok(Passed { outcome, faulty: self.faulty, named, settling })
    }
}

/// That a facility has the value of another one.
fn shared(mark: Mark, written: &str, before: &str, row: &Text) -> Text {
    let Text { ja, en } = mark.label();
    if before == written {
        return Text::new(
            format!("{ja}「{written}」が{}と同じです", row.ja),
            format!("the {en} {written} is also that of {}", row.en),
        );
    }
    Text::new(
        format!(
            "{ja}「{written}」は、{}の「{before}」と字体や幅が違うだけです",
            row.ja.trim_start()
        ),
        format!("the {en} {written} differs from {before} of {} in width or shape only", row.en),
    )
}

/// Refuses a print file where a file for the post is to be.
pub(super) fn spare_post(options: &Options<'_>, path: &Path) -> Result<(), BatchError> {
    let place = names::place(path);
    match options.post.paths().any(|post| names::place(post) == place) {
        true => Err(twice(path)),
        false => Ok(()),
    }
}

/// That two files are to have one name.
pub(super) fn twice(path: &Path) -> BatchError {
    let path = path.display();
    BatchError::Pattern(
        Text::new(
            format!("{path} に二つのものを書き出すことになります"),
            format!("two different things would be written to {path}"),
        ),
        Text::new(
            "--merge、--letters、--labels、--cover には、ほかの書き出すファイルと違う名前をつけてください",
            "give --merge, --letters, --labels and --cover names that no other file of the run has",
        ),
    )
}

/// Whether a file beside those of the facilities may be written.
pub(super) fn may_write(
    options: &Options<'_>,
    guard: &Guard,
    pass: Pass<'_>,
    path: &Path,
) -> Result<(), BatchError> {
    guard.spare_inputs(path)?;
    match pass {
        Pass::Write(ledger) if !ledger.may_write(&ledger_name(path, options.folder), path) => {
            Err(BatchError::Foreign(path.to_owned()))
        }
        Pass::Write(_) => Ok(()),
        Pass::Look | Pass::Print => Ok(guard.check(path, options.force)?),
    }
}

/// Gives a file a name that is free: `errors-1.csv`.
fn set_aside(path: &Path) -> Result<PathBuf, BatchError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let named = |number: u32| path.with_file_name(format!("{stem}-{number}.{ending}"));
    let free = (1..).map(named).find(|name| !name.exists()).unwrap_or_else(|| named(0));
    std::fs::rename(path, &free).map_err(|error| BatchError::Writing(path.to_owned(), error))?;
    Ok(free)
}

/// Writes a file that depends on the whole run.
fn put(ledger: &Ledger<'_>, name: &str, path: &Path, bytes: &[u8]) -> Result<(), BatchError> {
    done(ledger.put_at(name, path, Hash::of(&[bytes]), bytes)?, path)
}

fn done(put: Put, path: &Path) -> Result<(), BatchError> {
    match put {
        Put::Done => Ok(()),
        Put::Foreign => Err(BatchError::Foreign(path.to_owned())),
    }
}
