//! The merged print file, painted beside the workers, in the order of the list.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use super::done::Made;
use super::outcome::BatchError;
use crate::paint::{Book, PaintError};
use crate::report::{Explain as _, Text};
use crate::sheet::Sheet;
use crate::store::{Draft, Stage};

/// How many chapters may wait for the painter: enough to keep it busy, few enough for memory.
const WAITING: usize = 64;

/// What is in the name of a print file for the form's id.
const PLACEHOLDER: &str = "{form}";

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
    painters: Vec<(Option<String>, Painter)>,
}

/// A print file that is done.
pub(super) struct Printed {
    pub path: PathBuf,
    pub stage: Stage,
    pub pages: usize,
}

impl Print {
    pub fn new(path: &Path) -> Self {
        Print { path: path.to_owned(), painters: Vec::new() }
    }

    /// Whether a name is one for print files: it ends in `.pdf`, and nothing in braces is left as it is.
    ///
    /// # Errors
    /// Why not, and what to write.
    pub fn check(path: &Path) -> Result<(), BatchError> {
        let text = path.to_string_lossy();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let folder = text.strip_suffix(&*name).unwrap_or_default();
        let unknown = placeholders(folder).chain(placeholders(&name).filter(|p| *p != PLACEHOLDER));
        if let Some(unknown) = unknown.into_iter().next() {
            return Err(BatchError::Pattern(
                Text::new(
                    format!("--merge の {unknown} は置き換えられません"),
                    format!("nothing is put in place of {unknown} in --merge"),
                ),
                Text::new(
                    format!(
                        "使えるのは、ファイル名の中の {PLACEHOLDER}（様式ごとに一つのファイル）だけです"
                    ),
                    format!(
                        "{PLACEHOLDER} in the file's name makes one file per form; there is no other"
                    ),
                ),
            ));
        }
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf")) {
            return Ok(());
        }
        Err(BatchError::Pattern(
            Text::new(
                format!("「{text}」の拡張子が、書き出す内容と合いません"),
                format!("the ending of {text} does not suit what is written"),
            ),
            Text::new(
                "--merge に .pdf で終わる名前を指定してください",
                "give --merge a name that ends in .pdf",
            ),
        ))
    }

    /// The names the print files of these forms have.
    pub fn paths<'a>(path: &Path, forms: impl Iterator<Item = &'a str>) -> Vec<PathBuf> {
        match has_placeholder(path) {
            true => forms.map(|form| named(path, form)).collect(),
            false => vec![path.to_owned()],
        }
    }

    /// Adds a facility's sheets.
    pub fn add(&mut self, name: &str, sheets: Vec<(Made, Sheet)>) -> Result<(), BatchError> {
        let called = |(made, sheet): (Made, Sheet)| (made.to_string(), sheet);
        if !has_placeholder(&self.path) {
            let sheets = sheets.into_iter().map(called).collect();
            return self.send(None, Chapter { name: name.to_owned(), sheets });
        }
        let mut rest = sheets.into_iter().peekable();
        while let Some(first) = rest.next() {
            let form = first.0.form.clone();
            let mut sheets = vec![called(first)];
            while let Some(more) = rest.next_if(|(made, _)| made.form == form) {
                sheets.push(called(more));
            }
            self.send(Some(form), Chapter { name: name.to_owned(), sheets })?;
        }
        Ok(())
    }

    fn send(&mut self, form: Option<String>, chapter: Chapter) -> Result<(), BatchError> {
        let at = match self.painters.iter().position(|(known, _)| *known == form) {
            Some(at) => at,
            None => {
                let path = form.as_ref().map_or(self.path.clone(), |form| named(&self.path, form));
                self.painters.push((form, Painter::start(path, &chapter)?));
                self.painters.len() - 1
            }
        };
        // A painter that has stopped says why when it is asked for its book.
        let _ = self.painters[at].1.chapters.send(chapter);
        Ok(())
    }

    /// Waits for the painters; nothing comes back when no facility passed.
    pub fn finish(self) -> Result<Vec<Printed>, BatchError> {
        let mut printed = Vec::new();
        for (_, painter) in self.painters {
            let Painter { path, chapters, book } = painter;
            drop(chapters);
            let failed = |error: PaintError| {
                let (path, why) = (path.display(), error.message());
                BatchError::Print(Text::new(
                    format!("{path} を作れません: {}", why.ja),
                    format!("{path} cannot be made: {}", why.en),
                ))
            };
            let book = book.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let (draft, pages) = book.map_err(failed)?;
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

/// What is in braces, with them; full-width ones are typed by mistake.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(['{', '｛']).filter_map(|(start, _)| {
        let end = text[start..].find(['}', '｝'])?;
        let end = text[start + end..].chars().next()?.len_utf8() + start + end;
        Some(&text[start..end])
    })
}

fn has_placeholder(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains(PLACEHOLDER))
}

fn named(path: &Path, form: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().replace(PLACEHOLDER, form);
    path.with_file_name(name)
}
