//! A run: facilities are read in order, worked through by all workers a chunk at a time, and accounted
//! for in order again. No more than three chunks are in memory.

use std::collections::{HashMap, VecDeque, hash_map};
use std::mem;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::account::{Account, Passed};
use super::done::Done;
use super::facilities::Facilities;
use super::ledger::{Hash, Ledger};
use super::options::{Options, Watch};
use super::outcome::{BatchError, Outcome};
use super::print::{Print, ledger_name};
use super::recipe::fingerprint;
use super::summary::{ERRORS, SUMMARY};
use super::work::{Pass, Worker};
use super::{folder, set};
use crate::report::{Diagnostic, Text};
use crate::roster::{Entry, Expected, Roster};
use crate::store::Guard;

/// How many facilities each worker takes at a time.
const CHUNK: usize = 32;
/// How many chunks the workers have before them while one is accounted for.
const AHEAD: usize = 1;

/// Works through a roster or a folder of records.
///
/// # Errors
/// What keeps the whole run from going on; a fault of one facility is in the [`Outcome`] instead.
pub fn run(options: &Options<'_>, watch: &dyn Watch) -> Result<Outcome, BatchError> {
    options.merge.map_or(Ok(()), Print::check)?;
    let set = set::checked(options)?;
    let keys: Vec<String> = set.keys().to_vec();
    let facilities = open(options, &keys, watch)?;
    let jobs = ThreadPoolBuilder::new().num_threads(workers(options)).build();
    let jobs = jobs.map_err(|error| BatchError::Workers(error.to_string()))?;
    let batch = Batch { options, watch, facilities, jobs, worker: Worker::new(options, set) };
    if options.strict {
        let Passed { outcome, .. } = batch.pass(Pass::Look)?;
        if outcome.failed > 0 {
            return Ok(Outcome { is_withheld: true, ..outcome });
        }
    }
    let guard = batch.facilities.guarded(options);
    if let Some(folder) = options.folder {
        guard.spare_inputs(&folder.join(SUMMARY))?;
        guard.spare_inputs(&folder.join(ERRORS))?;
    }
    let ledger = options.folder.map(|folder| Ledger::open(folder, &guard, options.force));
    let ledger = ledger.transpose()?;
    may_print(options, &guard, ledger.as_ref())?;
    let Passed { mut outcome, faulty } = batch.pass(match &ledger {
        Some(ledger) => Pass::Write(ledger),
        None => Pass::Print,
    })?;
    if let Some(ledger) = ledger {
        let is_faulty = |name: &String| faulty.iter().any(|start| name.starts_with(start));
        (outcome.outdated, outcome.left) = ledger.finish()?.into_iter().partition(is_faulty);
    }
    Ok(outcome)
}

/// The facilities, and what is worth saying of where they come from.
fn open<'a>(
    options: &Options<'a>,
    set: &'a [String],
    watch: &dyn Watch,
) -> Result<Facilities<'a>, BatchError> {
    if options.source.is_dir() {
        let (records, workbooks) = folder::records(options.source)?;
        if workbooks > 0 {
            watch.say(&Text::new(
                format!("Excel のファイル {workbooks} 個は記録ではないので読みません（onshi import で記録にできます）"),
                format!("{workbooks} workbook(s) are not records and were not read (turn them into records with `onshi import`)"),
            ));
        }
        return Ok(Facilities::Folder(records));
    }
    let Options { forms, named, ignore_unknown, map, .. } = *options;
    let expected = Expected { forms, named, set, ignore_unknown, map };
    let roster = Roster::open(options.source, options.encoding, options.sheet, &expected)?;
    roster.table.notes.iter().for_each(|note| watch.say(note));
    Ok(Facilities::Roster(Box::new(roster)))
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

/// Whether the print files may be written, asked before the first facility is worked through.
fn may_print(
    options: &Options<'_>,
    guard: &Guard,
    ledger: Option<&Ledger>,
) -> Result<(), BatchError> {
    let forms = options.forms.forms().map(|form| form.id.as_str());
    for path in options.merge.iter().flat_map(|path| Print::paths(path, forms.clone())) {
        guard.spare_inputs(&path)?;
        match ledger {
            Some(ledger) if !ledger.may_write(&ledger_name(&path, options.folder), &path) => {
                return Err(BatchError::Foreign(path));
            }
            Some(_) => {}
            None => guard.check(&path, options.force)?,
        }
    }
    Ok(())
}

/// A run's means.
struct Batch<'a> {
    options: &'a Options<'a>,
    watch: &'a dyn Watch,
    facilities: Facilities<'a>,
    jobs: ThreadPool,
    worker: Worker<'a>,
}

impl Batch<'_> {
    /// Goes once through all facilities.
    fn pass(&self, pass: Pass<'_>) -> Result<Passed, BatchError> {
        let mut account = Account::new(self.options, &self.facilities, pass)?;
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
                    "remove one of them, or give --allow-duplicates to make both",
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
