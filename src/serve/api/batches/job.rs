//! One job: a roster in a folder of its own, worked through, and the files that came of it.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use serde::Serialize;
use serde_json::{Value, json};
use tempfile::{NamedTempFile, TempDir};

use super::super::Api;
use crate::batch::{self, BatchError, Options, Outcome, Watch};
use crate::report::{self, Diagnostic, Explain as _, Lang, Report, Source, Text, show};
use crate::roster::map::Map;
use crate::serve::refusal::Refusal;
use crate::{File, FilledForm, Format};

const MERGED: &str = "print.pdf";
const ALL: &str = "forms.zip";
const LETTERS: &str = "letters.pdf";
const LABELS: &str = "labels.pdf";
const COVER: &str = "cover.pdf";
const SUMMARY: &str = "summary.xlsx";
const ERRORS: &str = "errors.csv";
/// The files of a job, in the order they are listed: kind, name in its address and on disk, and in Japanese.
const FILES: [(&str, &str, &str); 7] = [
    ("merged", MERGED, "印刷用.pdf"),
    ("zip", ALL, "全ファイル.zip"),
    ("summary", SUMMARY, "集計.xlsx"),
    ("errors", ERRORS, "直すところ.csv"),
    ("letters", LETTERS, "訂正のお願い.pdf"),
    ("labels", LABELS, "宛名ラベル.pdf"),
    ("cover", COVER, "送付状.pdf"),
];
/// The most findings that a `done` lists; all are in `errors.csv`.
const MOST_FINDINGS: usize = 2_000;

/// What was asked for.
pub struct Asked {
    /// What the user calls the roster.
    pub name: String,
    /// Ids or aliases; empty for every form a row has values for.
    pub forms: Vec<String>,
    /// What the columns are.
    pub map: Option<Map>,
    pub lang: Lang,
}

/// Writes a roster under a name of ours: of the user's only a known ending, which tells tabs from commas.
pub fn roster_file(folder: &Path, name: &str, roster: &[u8]) -> io::Result<PathBuf> {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    let ending = ending.map(str::to_ascii_lowercase).unwrap_or_default();
    let known = ["xlsx", "csv", "tsv"].into_iter().find(|known| *known == ending);
    let path = folder.join(format!("roster.{}", known.unwrap_or("csv")));
    fs::write(&path, roster)?;
    Ok(path)
}

/// How far a job is.
pub enum State {
    Running {
        done: u64,
        total: u64,
    },
    /// What came of it, as JSON.
    Done(Arc<str>),
}

pub struct Job {
    pub id: String,
    asked: Asked,
    folder: TempDir,
    roster: PathBuf,
    done: AtomicU64,
    total: AtomicU64,
    is_stopped: AtomicBool,
    /// How many listen to it now.
    listeners: AtomicUsize,
    notes: Mutex<Vec<String>>,
    result: OnceLock<Arc<str>>,
    /// Held while the zip is made.
    zip: Mutex<()>,
}

impl Job {
    pub fn new(id: String, inside: &Path, asked: Asked, roster: &[u8]) -> io::Result<Self> {
        let folder = tempfile::Builder::new().tempdir_in(inside)?;
        let path = roster_file(folder.path(), &asked.name, roster)?;
        Ok(Job {
            id,
            asked,
            folder,
            roster: path,
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            is_stopped: AtomicBool::new(false),
            listeners: AtomicUsize::new(0),
            notes: Mutex::default(),
            result: OnceLock::new(),
            zip: Mutex::default(),
        })
    }

    pub fn is_done(&self) -> bool {
        self.result.get().is_some()
    }

    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Somebody listens to it.
    pub fn join(&self) {
        self.listeners.fetch_add(1, Ordering::Relaxed);
    }

    /// Somebody listens to it no more. With the last one it is stopped.
    pub fn leave(&self) {
        if self.listeners.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.stop();
        }
    }

    pub fn stage(&self) -> State {
        match self.result.get() {
            Some(result) => State::Done(Arc::clone(result)),
            None => State::Running {
                done: self.done.load(Ordering::Relaxed),
                total: self.total.load(Ordering::Relaxed),
            },
        }
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// Works through the roster.
    pub fn run(&self, api: &Api) {
        self.settle(|| self.work(api));
    }

    /// Remembers what came of the work. A panic ends the job too: it would count as running for ever.
    fn settle(&self, work: impl FnOnce() -> Result<Value, Refusal>) {
        let outcome = catch_unwind(AssertUnwindSafe(work));
        let outcome = outcome.unwrap_or_else(|_| Err(Refusal::internal()));
        let result = outcome.unwrap_or_else(|refusal| {
            self.refused(&[(&Source::new(&self.asked.name, ""), &refusal.into_report())])
        });
        let _ = self.result.set(result.to_string().into());
    }

    fn work(&self, api: &Api) -> Result<Value, Refusal> {
        let named = api.named(&self.asked.forms)?;
        let output = self.output();
        let [merged, letters, labels, cover] =
            [MERGED, LETTERS, LABELS, COVER].map(|name| output.join(name));
        let writer = api.writer(Format::Pdf);
        // One core stays for the page.
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let paint =
            |filled: &FilledForm, _: &str| writer.write(filled).map_err(|error| error.message());
        let (today, extension) = (api.today(None), Format::Pdf.extension());
        let mut options = Options::new(&self.roster, api.forms, today, extension, &paint);
        options.named = &named;
        options.map = self.asked.map.as_ref();
        options.jobs = cores.saturating_sub(1).max(1);
        options.folder = Some(&output);
        options.merge = Some(&merged);
        options.post = batch::Post {
            letters: Some(&letters),
            labels: Some(&labels),
            covers: Some(&cover),
            ..batch::Post::default()
        };
        options.lang = self.asked.lang;
        options.plain = true;
        Ok(match batch::run(&options, self) {
            Ok(outcome) => self.account(&outcome),
            Err(error) => self.failed(error),
        })
    }

    fn account(&self, outcome: &Outcome) -> Value {
        let is_made = |name: &str| match name {
            MERGED | ALL => outcome.files > 0,
            SUMMARY => true,
            ERRORS => outcome.failed > 0,
            post => outcome.post.iter().any(|(path, _)| path.ends_with(post)),
        };
        let files: Vec<Value> = FILES
            .iter()
            .filter(|(_, name, _)| is_made(name))
            .map(|(kind, name, _)| {
                let address = format!("/api/v1/batches/{}/{name}", self.id);
                json!({"kind": kind, "name": self.called(name), "address": address})
            })
            .collect();
        json!({
            "made": outcome.facilities - outcome.failed,
            "faulty": outcome.failed,
            "findings": self.findings().unwrap_or_default(),
            "notes": self.notes(),
            "files": files,
        })
    }

    /// A roster that cannot be worked through: nothing is made, and the findings say why.
    fn failed(&self, error: BatchError) -> Value {
        let source = Source::new(&self.asked.name, "");
        let report = match error {
            BatchError::Map(wrong) => {
                let ((map, in_map), in_list) = *wrong;
                return self.refused(&[(&map, &in_map), (&source, &in_list)]);
            }
            BatchError::Table(error) => Report::from(error),
            BatchError::Stopped => {
                let message = Text::new(
                    "一括作成を途中で止めました（取り消されたか、進み具合を見ている画面がなくなりました）",
                    "the batch was stopped: it was cancelled, or nobody listened to it any more",
                );
                let hint = Text::new("もう一度始めてください", "start it again");
                Diagnostic::error("stopped", message).with_hint(hint).into()
            }
            error => {
                let message = match error {
                    BatchError::Print(message) => message,
                    _ => Text::new("一括作成ができませんでした", "the batch could not be made"),
                };
                Diagnostic::error("batch", message).into()
            }
        };
        self.refused(&[(&source, &report)])
    }

    /// What is wrong with a roster, or its map, as what came of the job.
    fn refused(&self, reports: &[(&Source, &Report)]) -> Value {
        let plain: Vec<(&Source, Report)> =
            reports.iter().map(|(source, report)| (*source, (*report).clone().plain())).collect();
        let plain: Vec<(&Source, &Report)> = plain.iter().map(|(s, report)| (*s, report)).collect();
        let shown = show::json(&plain, self.asked.lang);
        let shown: Value = serde_json::from_str(&shown).unwrap_or_default();
        json!({
            "made": 0,
            "faulty": 0,
            "findings": shown["diagnostics"],
            "notes": self.notes(),
            "files": [],
        })
    }

    fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What `errors.csv` says, row by row.
    fn findings(&self) -> Option<Vec<Finding>> {
        let mut lines = csv::Reader::from_path(self.output().join(ERRORS)).ok()?;
        let finding = |line: csv::StringRecord| {
            let cell = |at: usize| line.get(at).map(str::to_owned).filter(|text| !text.is_empty());
            Finding {
                severity: "error",
                row: line.get(0).and_then(|row| row.parse().ok()),
                facility: cell(2),
                heading: cell(3),
                cell: cell(4),
                message: cell(6).unwrap_or_default(),
                hint: cell(7),
                code: cell(8).unwrap_or_default(),
                field: cell(9),
            }
        };
        Some(lines.records().flatten().take(MOST_FINDINGS).map(finding).collect())
    }

    /// What the user calls a file of ours, in the language of the job; a form's own name stays.
    fn called<'a>(&self, name: &'a str) -> &'a str {
        let known = FILES.iter().find(|(_, known, _)| *known == name);
        match (self.asked.lang, known) {
            (Lang::Ja, Some((_, _, called))) => called,
            _ => name,
        }
    }

    /// The path of a file that `done` lists, and what the user calls it.
    pub fn file(&self, name: &str) -> Option<(PathBuf, &'static str)> {
        self.result.get()?;
        let (_, known, _) = FILES.iter().find(|(_, known, _)| *known == name)?;
        let path = match *known {
            ALL => self.zip().ok()?,
            name => self.output().join(name),
        };
        path.is_file().then_some((path, self.called(known)))
    }

    /// All forms and lists in one file, made when it is first asked for.
    fn zip(&self) -> io::Result<PathBuf> {
        let _made_once = self.zip.lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.folder.path().join(ALL);
        if path.is_file() {
            return Ok(path);
        }
        let entries = fs::read_dir(self.output())?.collect::<io::Result<Vec<_>>>()?;
        let mut names: Vec<String> =
            entries.iter().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        // The print file has the same pages again, and the ledger is for a folder that is kept.
        names.retain(|name| name != MERGED && !name.starts_with('.'));
        names.sort();
        let output = self.output();
        let files = names.into_iter().map(|name| {
            let bytes = fs::read(output.join(&name))?;
            Ok(File::new(self.called(&name), bytes))
        });
        // Half of it is not taken for the whole.
        let made = NamedTempFile::new_in(self.folder.path())?;
        File::zip_to(made.as_file(), files)?;
        made.persist(&path)?;
        Ok(path)
    }
}

/// A finding in a row of the roster.
#[derive(Serialize)]
struct Finding {
    severity: &'static str,
    row: Option<u32>,
    facility: Option<String>,
    heading: Option<String>,
    /// Its address in the sheet, such as `C5`.
    cell: Option<String>,
    message: String,
    hint: Option<String>,
    code: String,
    field: Option<String>,
}

impl Watch for Job {
    fn say(&self, note: &Text) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let said = report::plain(note.get(self.asked.lang));
        notes.extend(Some(said).filter(|said| !said.is_empty()));
    }

    fn begin(&self, facilities: u64) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(facilities, Ordering::Relaxed);
    }

    fn advance(&self, facilities: u64) {
        self.done.fetch_add(facilities, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_panics_is_done_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let asked = Asked { name: "a.csv".into(), forms: Vec::new(), map: None, lang: Lang::En };
        let job = Job::new("id".into(), folder.path(), asked, b"").unwrap();
        job.settle(|| panic!("a fault of the program"));
        let State::Done(result) = job.stage() else { panic!("it runs still") };
        let result: Value = serde_json::from_str(&result).unwrap();
        assert_eq!(result["findings"][0]["code"], "internal", "{result}");
    }
}
