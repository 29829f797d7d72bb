//! A run: facilities are read in order, worked through by all workers a chunk at a time, and accounted
//! for in order again. No more than three chunks are in memory.

use std::collections::{HashMap, HashSet, VecDeque, hash_map};
use std::mem;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::account::{self, Account, Means, Passed, may_write};
use super::done::Done;
use super::facilities::Facilities;
use super::folder::{self, Folder};
use super::ledger::{Hash, Ledger};
use super::naming::Naming;
use super::options::{Options, Watch};
use super::outcome::{BatchError, Outcome};
use super::print::{Print, is_pdf};
use super::recipe::fingerprint;
use super::summary::{self, ERRORS, SUMMARY, SUMMARY_CSV};
use super::work::{Pass, Worker};
use super::{names, pattern, set};
use crate::form::fold;
use crate::post::Post;
use crate::report::{Diagnostic, Text};
use crate::roster::{Choice, Entry, Expected, Roster, STATE_HEADINGS, no_heading};
use crate::workbook::MOST_ROWS;

/// How many facilities each worker takes at a time.
const CHUNK: usize = 32;
/// How many chunks the workers have before them while one is accounted for.
const AHEAD: usize = 1;

/// Works through a roster or a folder of what facilities handed in.
///
/// # Errors
/// What keeps the whole run from going on; a fault of one facility is in the [`Outcome`] instead.
pub fn run(options: &Options<'_>, watch: &dyn Watch) -> Result<Outcome, BatchError> {
    for (path, option) in [
        (options.merge, "--merge"),
        (options.post.letters, "--letters"),
        (options.post.labels, "--labels"),
        (options.post.covers, "--cover"),
    ] {
        path.map_or(Ok(()), |path| is_pdf(path, option))?;
    }
    let set = set::checked(options)?;
    let keys: Vec<String> = set.keys().map(str::to_owned).collect();
    let own = own_headings(options);
    let facilities = open(options, &keys, &own, watch)?;
    let label = label(options, &facilities)?;
    let naming = Naming::new(options, &facilities)?;
    let means = means(options, &facilities)?;
    apart(options, &means)?;
    if options.folder.is_some() && summary::is_huge(facilities.most()) {
        watch.say(&Text::new(
            format!("施設が 1 枚のシートに入る {} 行より多いかもしれないため、施設の一覧は summary.csv に書きます", MOST_ROWS - 1),
            format!("there may be more facilities than the {} rows of a sheet: their list is written as summary.csv", MOST_ROWS - 1),
        ));
    }
    let jobs = ThreadPoolBuilder::new().num_threads(workers(options)).build();
    let jobs = jobs.map_err(|error| BatchError::Workers(error.to_string()))?;
    let worker = Worker::new(options, set, naming, label);
    let batch = Batch { options, watch, facilities, means, jobs, worker };
    let is_to_be_settled = batch.worker.naming.is_to_be_settled() && options.folder.is_some();
    if options.strict || is_to_be_settled {
        let Passed { outcome, settling, .. } = batch.pass(Pass::Look)?;
        if options.strict && outcome.failed > 0 {
            return Ok(Outcome { is_withheld: true, ..outcome });
        }
        if is_to_be_settled {
            batch.worker.naming.settle(settling);
        }
    }
    let guard = &batch.means.guard;
    if let Some(folder) = options.folder {
        for name in [SUMMARY, SUMMARY_CSV, ERRORS] {
            guard.spare_inputs(&folder.join(name))?;
        }
    }
    let ledger = options.folder.map(|folder| Ledger::open(folder, guard, options.force));
    let ledger = ledger.transpose()?;
    let pass = match &ledger {
        Some(ledger) => Pass::Write(ledger),
        None => Pass::Print,
    };
    for path in known_paths(options, &batch.means) {
        may_write(options, guard, pass, &path)?;
    }
    let Passed { mut outcome, faulty, named, .. } = batch.pass(pass)?;
    if let Some(ledger) = ledger {
        let is_faulty = |name: &String| {
            named.contains(name) || faulty.iter().any(|start| name.starts_with(start))
        };
        for left in ledger.finish()? {
            let names = match left.is_of_run {
                true => &mut outcome.unasked,
                false if is_faulty(&left.name) => &mut outcome.outdated,
                false => &mut outcome.left,
            };
            names.push(left.name);
        }
    }
    Ok(outcome)
}

/// The headings that are asked for although no field need be known for them.
fn own_headings(options: &Options<'_>) -> Vec<String> {
    let merge = options.merge.map(|path| path.to_string_lossy().into_owned());
    let patterns = [options.name.map(str::to_owned), merge];
    let words = patterns.iter().flatten().flat_map(|text| pattern::words(text));
    let mut own: Vec<String> = words
        .filter(|word| !word.is_empty() && !pattern::is_known(word))
        .map(str::to_owned)
        .collect();
    own.extend(options.label.into_iter().chain(options.sort).map(str::to_owned));
    own.extend(options.filters.iter().map(|(heading, _)| heading.clone()));
    own
}

/// The column of what the list calls a facility.
fn label(options: &Options<'_>, facilities: &Facilities<'_>) -> Result<Option<usize>, BatchError> {
    // A file of a folder may remember what its list calls it.
    let Some(label) = options.label.filter(|_| !facilities.is_folder()) else { return Ok(None) };
    match facilities.column(label) {
        Some(column) => Ok(Some(column)),
        None => {
            let fault = no_heading("--label", label, facilities.titles());
            Err(BatchError::Table(fault.into()))
        }
    }
}

/// What the account needs.
fn means(options: &Options<'_>, facilities: &Facilities<'_>) -> Result<Means, BatchError> {
    let titles = facilities.titles().iter().enumerate();
    let is_state = |(_, title): &(usize, &String)| {
        STATE_HEADINGS.iter().any(|known| fold(known) == fold(title))
    };
    let states = titles.filter(is_state).map(|(at, title)| (at, title.trim().to_owned()));
    let merge = options.merge.map(|path| Print::check(path, facilities)).transpose()?;
    let mut guard = facilities.guarded(options);
    options.since.into_iter().chain(options.post.sender).for_each(|path| guard.read(path));
    let mut post = None;
    if options.post.paths().next().is_some() {
        let made = Post::new(options.post.folder, options.today);
        let mut made =
            made.map_err(|error| BatchError::Beside(Box::new((error.source, error.report))))?;
        if let Some(path) = options.post.sender {
            let bytes = folder::bytes(path);
            let bytes = bytes.map_err(|error| BatchError::Reading(path.to_owned(), error))?;
            let read = made.sent_by(&path.display().to_string(), &bytes);
            read.map_err(|fault| BatchError::Beside(Box::new(fault)))?;
        }
        post = Some(made);
    }
    Ok(Means { states: states.collect(), merge, post, guard })
}

/// The files beside those of the facilities whose names are known before the first facility is worked
/// through.
fn known_paths(options: &Options<'_>, means: &Means) -> Vec<PathBuf> {
    let forms = options.forms.forms();
    let merge = means.merge.iter().flat_map(|pattern| Print::paths(pattern, forms.clone()));
    merge.chain(options.post.paths().map(Path::to_owned)).collect()
}

/// Refuses a name that two files are to have: the second would replace the first.
fn apart(options: &Options<'_>, means: &Means) -> Result<(), BatchError> {
    let mut places = HashSet::new();
    for path in options.post.paths() {
        if !places.insert(names::place(path)) {
            return Err(account::twice(path));
        }
    }
    let forms = options.forms.forms();
    let mut merged = means.merge.iter().flat_map(|pattern| Print::paths(pattern, forms.clone()));
    merged.try_for_each(|path| account::spare_post(options, &path))
}

/// The facilities, and what is worth saying of where they come from.
pub(super) fn open<'a>(
    options: &Options<'a>,
    set: &'a [String],
    own: &'a [String],
    watch: &dyn Watch,
) -> Result<Facilities<'a>, BatchError> {
    let Options { source, forms, named, ignore_unknown, filters, sort, visible_only, map, .. } =
        *options;
    if source.is_dir() {
        if let Some(option) = [
            ("--where", !filters.is_empty()),
            ("--sort", sort.is_some()),
            ("--sheet", options.sheet.is_some()),
            ("--visible-only", visible_only),
        ]
        .into_iter()
        .find_map(|(option, is_given)| is_given.then_some(option))
        {
            return Err(BatchError::Pattern(
                Text::new(
                    format!(
                        "{option} は名簿のときに使えます。{} はフォルダーです",
                        source.display()
                    ),
                    format!("{option} is for rosters, and {} is a folder", source.display()),
                ),
                Text::new(
                    format!("{option} を外すか、名簿のファイルを指定してください"),
                    format!("leave out {option}, or name the file of a roster"),
                ),
            ));
        }
        let outputs: Vec<&Path> = options.folder.into_iter().collect();
        let Folder { members, notes, .. } = Folder::look(source, &outputs)?;
        notes.iter().for_each(|note| watch.say(note));
        return Ok(Facilities::Folder(source, members, forms));
    }
    let is_partial = options.unfilled;
    let expected = Expected { forms, named, set, ignore_unknown, map, own, is_partial };
    let choice = Choice { filters, sort, visible_only };
    let roster = Roster::open(source, options.encoding, options.sheet, &expected, choice)?;
    roster.table.notes.iter().for_each(|note| watch.say(note));
    Ok(Facilities::Roster(Box::new(roster)))
}

/// How many workers there are.
fn workers(options: &Options<'_>) -> usize {
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    if options.jobs == 0 { cores() } else { options.jobs }
}

/// A run's means.
struct Batch<'a> {
    options: &'a Options<'a>,
    watch: &'a dyn Watch,
    facilities: Facilities<'a>,
    means: Means,
    jobs: ThreadPool,
    worker: Worker<'a>,
}

impl Batch<'_> {
    /// Goes once through all facilities.
    fn pass(&self, pass: Pass<'_>) -> Result<Passed, BatchError> {
        let mut account = Account::new(self.options, &self.facilities, &self.means, pass)?;
        self.watch.begin(self.facilities.most());
        let size = CHUNK * self.jobs.current_num_threads();
        // This thread reads the list and keeps the account while the workers fill forms.
        self.jobs.in_place_scope(|scope| {
            let mut chunk = Vec::with_capacity(size);
            let mut ahead = VecDeque::new();
            let begin = |chunk: Vec<Entry>| {
                let (sender, receiver) = mpsc::sync_channel(1);
                scope.spawn(move |_| {
                    let done = chunk.into_par_iter().map(|entry| self.facility(entry, pass));
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
            let mut seen = HashMap::new();
            let skipped = self.facilities.each(&mut |mut entry| {
                self.once(&mut entry, &mut seen);
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
            if !matches!(pass, Pass::Look) {
                let notes = skipped.note().into_iter().chain(skipped.left_out());
                notes.for_each(|note| self.watch.say(&note));
            }
            ahead.push_back(begin(chunk));
            ahead.into_iter().try_for_each(end)
        })?;
        account.finish()
    }

    /// Refuses a record that is the same as one before it in every value.
    fn once(&self, entry: &mut Entry, seen: &mut HashMap<Hash, u32>) {
        let Some(record) = entry.record.as_ref().ok().filter(|_| !self.options.allow_duplicates)
        else {
            return;
        };
        let place = Some(record.root.place.clone());
        match seen.entry(Hash::of(&[&fingerprint(&record.root)])) {
            hash_map::Entry::Vacant(free) => {
                free.insert(entry.number);
            }
            hash_map::Entry::Occupied(first) => {
                let row = self.facilities.called(*first.get());
                let message = Text::new(
                    format!("すべての値が{}と同じです", row.ja),
                    format!("every value is that of {}", row.en),
                );
                let hint = Text::new(
                    "どちらかを消してください。同じものを二度作るときは --allow-duplicates をつけてください",
                    "remove one of them. To make both, give --allow-duplicates",
                );
                let found = Diagnostic::error("duplicate", message);
                entry.report.push(found.with_hint(hint).at(place));
            }
        }
    }

    /// One facility, unless the run is to stop.
    fn facility(&self, entry: Entry, pass: Pass<'_>) -> Result<Done, BatchError> {
        if self.watch.is_stopped() {
            return Ok(Done::default());
        }
        let label = self.facilities.label(entry.number);
        let done = self.worker.work(entry, label, pass)?;
        self.watch.advance(1);
        Ok(done)
    }
}
