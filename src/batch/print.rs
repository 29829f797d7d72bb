//! The merged print file, painted beside the workers, in the order of the list.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::done::{Done, Made};
use super::facilities::Facilities;
use super::names::Distinct;
use super::outcome::BatchError;
use super::pattern::{Facts, Pattern};
use super::work::facts;
use crate::form::Form;
use crate::paint::{Book, PaintError};
use crate::report::{Explain as _, Text};
use crate::sheet::Sheet;
use crate::store::{Draft, Stage};

/// How many chapters may wait for the painter: enough to keep it busy, few enough for memory.
const WAITING: usize = 64;

/// The most print files at once: each is painted in a thread of its own and is an open file.
const MOST: usize = 250;

/// A facility's sheets.
struct Chapter {
    name: String,
    sheets: Vec<(String, Sheet)>,
}

/// One print file on its way.
struct Painter {
    path: PathBuf,
    chapters: SyncSender<Chapter>,
    book: JoinHandle<Result<(Draft, usize), PaintError>>,
}

/// The print files of a run.
pub(super) struct Print {
    path: PathBuf,
    pattern: Pattern,
    names: Distinct,
    /// What each is made for, with the path it has.
    painters: Vec<(String, Painter)>,
}

/// A print file that is done.
pub(super) struct Printed {
    pub path: PathBuf,
    pub stage: Stage,
    pub pages: usize,
}

impl Print {
    /// For a pattern that was [checked](Print::check).
    pub fn new(path: &Path, pattern: Pattern) -> Self {
        let path = path.to_owned();
        Print { path, pattern, names: Distinct::default(), painters: Vec::new() }
    }

    /// The pattern in a name of print files: nothing in braces is left as it is.
    ///
    /// # Errors
    /// Why not, and what to write.
    pub fn check(path: &Path, facilities: &Facilities<'_>) -> Result<Pattern, BatchError> {
        let text = path.to_string_lossy();
        let column = |word: &str| facilities.column(word);
        Pattern::parse(&text, "--merge", facilities.titles(), column)
            .map_err(|(message, hint)| BatchError::Pattern(message, hint))
    }

    /// The names the print files of these forms have, where they depend on nothing else.
    pub fn paths<'a>(pattern: &Pattern, forms: impl Iterator<Item = &'a Form>) -> Vec<PathBuf> {
        if !pattern.is_of_form_alone() {
            return Vec::new();
        }
        let path = |form: &Form| {
            let (form, form_name) = (form.id.as_str(), form.short_name());
            PathBuf::from(pattern.fill(&Facts { form, form_name, ..Facts::default() }))
        };
        let mut paths: Vec<PathBuf> = forms.map(path).collect();
        paths.dedup();
        paths
    }

    /// Adds a facility's sheets; `may_write` is asked before a print file is begun.
    pub fn add(
        &mut self,
        done: &Done,
        sheets: Vec<(Made, Sheet)>,
        may_write: impl Fn(&Path) -> Result<(), BatchError>,
    ) -> Result<(), BatchError> {
        let name = if done.facility.name.is_empty() { &done.label } else { &done.facility.name };
        let mut rest = sheets.into_iter().peekable();
        while let Some(first) = rest.next() {
            let key = self.pattern.key(&facts(done, Some(&first.0)));
            let path = self.pattern.fill(&facts(done, Some(&first.0)));
            let mut sheets = vec![first];
            let is_same =
                |(made, _): &(Made, Sheet)| self.pattern.key(&facts(done, Some(made))) == key;
            while let Some(more) = rest.next_if(is_same) {
                sheets.push(more);
            }
            let sheets = sheets.into_iter().map(|(made, sheet)| (made.to_string(), sheet));
            let chapter = Chapter { name: name.clone(), sheets: sheets.collect() };
            self.send(key, &path, chapter, &may_write)?;
        }
        Ok(())
    }

    fn send(
        &mut self,
        key: String,
        path: &str,
        chapter: Chapter,
        may_write: impl Fn(&Path) -> Result<(), BatchError>,
    ) -> Result<(), BatchError> {
        let at = match self.painters.iter().position(|(known, _)| *known == key) {
            Some(at) => at,
            None if self.painters.len() >= MOST => return Err(self.too_many()),
            None => {
                let path = PathBuf::from(self.names.name(path));
                may_write(&path)?;
                if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
                    && !self.pattern.is_of_form_alone()
                {
                    let failed = |error| BatchError::Writing(folder.to_owned(), error);
                    std::fs::create_dir_all(folder).map_err(failed)?;
                }
                self.painters.push((key, Painter::start(path, &chapter)?));
                self.painters.len() - 1
            }
        };
        // A painter that has stopped says why when it is asked for its book.
        let _ = self.painters[at].1.chapters.send(chapter);
        Ok(())
    }

    fn too_many(&self) -> BatchError {
        let path = self.path.display();
        BatchError::Pattern(
            Text::new(
                format!("--merge の「{path}」では、印刷用の PDF が {MOST} より多くなります"),
                format!("--merge {path} would make more than {MOST} print files"),
            ),
            Text::new(
                "{提出先} や {様式} のように、同じ値の施設が多い見出しを使ってください。施設ごとのファイルは -o と --name で作れます",
                "use headings whose values many facilities share, such as {bureau}; -o and --name make a file per facility",
            ),
        )
    }

    /// Waits for the painters; nothing comes back when no facility passed.
    pub fn finish(self) -> Result<Vec<Printed>, BatchError> {
        let mut printed = Vec::new();
        for (_, painter) in self.painters {
            let Painter { path, chapters, book } = painter;
            drop(chapters);
            let book = book.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let (draft, pages) = book.map_err(|error| failed(&path, &error))?;
            let stage = draft.end().map_err(|error| BatchError::Writing(path.clone(), error))?;
            printed.push(Printed { path, stage, pages });
        }
        Ok(printed)
    }
}

impl Painter {
    fn start(path: PathBuf, first: &Chapter) -> Result<Self, BatchError> {
        let (chapters, waiting) = sync_channel::<Chapter>(WAITING);
        let mut titles: Vec<&str> =
            first.sheets.iter().map(|(called, _)| called.as_str()).collect();
        titles.dedup();
        let title = titles.join("・");
        let draft = Draft::new(&path).map_err(|error| BatchError::Writing(path.clone(), error))?;
        let paint = move || {
            let mut book = Book::new(draft);
            let mut facilities = 0;
            for chapter in waiting {
                let sheets: Vec<(&str, &Sheet)> =
                    chapter.sheets.iter().map(|(called, sheet)| (called.as_str(), sheet)).collect();
                book.add(&chapter.name, &sheets)?;
                facilities += 1;
            }
            let pages = book.pages();
            Ok((book.finish(&format!("{title} {facilities} 施設"))?, pages))
        };
        let book = thread::Builder::new()
            .name("print".into())
            .spawn(paint)
            .map_err(|error| BatchError::Workers(error.to_string()))?;
        Ok(Painter { path, chapters, book })
    }
}

/// That a file of pages cannot be made.
pub(super) fn failed(path: &Path, error: &PaintError) -> BatchError {
    let (path, why) = (path.display(), error.message());
    BatchError::Print(Text::new(
        format!("{path} を作れません: {}", why.ja),
        format!("{path} cannot be made: {}", why.en),
    ))
}

/// The key under which the ledger knows a print file: its name alone inside the ledger's folder.
pub(super) fn ledger_name(path: &Path, folder: Option<&Path>) -> String {
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

/// Whether a name ends in `.pdf`.
///
/// # Errors
/// That it does not, and what to write.
pub(super) fn is_pdf(path: &Path, option: &str) -> Result<(), BatchError> {
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf")) {
        return Ok(());
    }
    let text = path.to_string_lossy();
    Err(BatchError::Pattern(
        Text::new(
            format!("「{text}」の拡張子が、書き出す内容と合いません"),
            format!("the ending of {text} does not suit what is written"),
        ),
        Text::new(
            format!("{option} に .pdf で終わる名前を指定してください"),
            format!("give {option} a name that ends in .pdf"),
        ),
    ))
}
