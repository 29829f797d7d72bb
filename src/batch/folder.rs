//! A folder of what facilities handed in: records, workbooks they filled in, PDFs that carry a record.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::ledger::Earlier;
use super::names::{Distinct, cut};
use crate::form::Forms;
use crate::packet::carry::Carried;
use crate::record::is_record_name;
use crate::report::{Diagnostic, Source, Text, system};
use crate::roster::Entry;
use crate::store;
use crate::table::TableError;

/// The endings of files that facilities hand in, beside those of records.
const FORMS: [&str; 4] = ["xlsx", "xlsm", "xls", "pdf"];
/// The most characters that the names of a file's forms begin with.
const STEM: usize = 50;
/// How many files that are not read are named.
const NAMED: usize = 5;

/// A file of the folder, or what is in its place.
pub(super) struct Member {
    path: PathBuf,
    /// How it is called: its path inside the folder.
    pub label: String,
    stem: String,
    /// Why it is not read.
    fault: Option<Text>,
}

/// The files of a folder, and what is to be said of it.
#[derive(Default)]
pub(super) struct Folder {
    pub members: Vec<Member>,
    pub notes: Vec<Text>,
    /// Files of other kinds, as far as they are named, and how many there are.
    others: (Vec<String>, usize),
    /// How many files of earlier runs there are.
    own: usize,
    /// The folders that were looked through, by their real paths: a link may lead back.
    seen: HashSet<PathBuf>,
}

impl Folder {
    /// Looks through a folder and those inside it, sorted by name. Hidden files, files that Office holds
    /// open (`~$`) and what earlier runs wrote, into `outputs` or elsewhere, are passed over.
    pub fn look(root: &Path, outputs: &[&Path]) -> Result<Self, TableError> {
        let mut folder = Folder::default();
        let outputs: Vec<PathBuf> = outputs.iter().filter_map(|p| p.canonicalize().ok()).collect();
        folder.walk(root, "", &outputs, &mut Vec::new())?;
        let (named, count) = &folder.others;
        if *count > 0 {
            let more = count - named.len();
            let (ja, en) = match more {
                0 => (String::new(), String::new()),
                more => (format!("、ほか {more} 個"), format!(" and {more} more")),
            };
            folder.notes.push(Text::new(
                format!("記録・Excel・PDF ではないファイル {count} 個は読みません（{}{ja}）", named.join("、")),
                format!("{count} file(s) are neither records nor workbooks nor PDFs and are not read ({}{en})", named.join(", ")),
            ));
        }
        if folder.own > 0 {
            let own = folder.own;
            folder.notes.push(Text::new(
                format!("onshi が書き出したファイル {own} 個は読みません"),
                format!("{own} file(s) written by onshi are not read"),
            ));
        }
        if folder.members.is_empty() {
            let own = match folder.own {
                0 => Text::new("", ""),
                own => Text::new(
                    format!("。onshi が書き出したままのファイル {own} 個は読みません"),
                    format!("; {own} file(s) as onshi wrote them are not read"),
                ),
            };
            return Err(Diagnostic::error(
                "syntax",
                Text::new(
                    format!("フォルダーに、記録（.yaml、.yml、.json）も、記入した様式（.xlsx、.pdf）もありません{}", own.ja),
                    format!("there is neither a record (.yaml, .yml, .json) nor a form filled in (.xlsx, .pdf) in the folder{}", own.en),
                ),
            )
            .with_hint(Text::new(
                "名簿なら、フォルダーではなくファイルの名前を指定してください",
                "for a roster, name its file and not the folder",
            ))
            .into());
        }
        let mut stems = Distinct::default();
        for member in &mut folder.members {
            member.stem = stems.name(&member.stem);
        }
        Ok(folder)
    }

    /// `inside` is the path from the root, with a slash behind it, or nothing.
    /// `ledgers` are those of the folders above, each with the length of the path to its folder.
    fn walk(
        &mut self,
        folder: &Path,
        inside: &str,
        outputs: &[PathBuf],
        ledgers: &mut Vec<(usize, Earlier)>,
    ) -> io::Result<()> {
        if !folder.canonicalize().is_ok_and(|real| self.seen.insert(real)) && !inside.is_empty() {
            return Ok(());
        }
        let mut paths = fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        ledgers.push((inside.len(), Earlier::of(folder)));
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // macOS keeps a file `._name` beside each on disks of others.
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            let label = format!("{inside}{name}");
            let is_folder = fs::metadata(&path).is_ok_and(|found| found.is_dir());
            // A file in a sub-folder is in the ledger of the folder that the run wrote into.
            let is_ours = || ledgers.iter().any(|(at, l)| l.wrote(&label[*at..], &path));
            if !is_folder && (is_ours() || is_print(&path)) {
                self.own += 1;
            } else if !is_folder && is_member(&path) {
                self.add(path, label, None);
            } else if !is_folder {
                self.others.1 += 1;
                if self.others.0.len() < NAMED {
                    self.others.0.push(label);
                }
            } else if is_member(&path) {
                let fault = Text::new(
                    format!("{label} はファイルではなくフォルダーです。中は読んでいません"),
                    format!("{label} is a folder and no file; what is in it was not read"),
                );
                self.add(path, label, Some(fault));
            } else if !self.is_output(&path, outputs)
                && let Err(error) = self.walk(&path, &format!("{label}/"), outputs, ledgers)
            {
                let fault = unreadable(&label, &error);
                self.add(path, label, Some(fault));
            }
        }
        ledgers.pop();
        Ok(())
    }

    /// Whether a folder is one that this run writes into. In one of an earlier run there may be what somebody
    /// has filled in since.
    fn is_output(&mut self, path: &Path, outputs: &[PathBuf]) -> bool {
        let is_output = path.canonicalize().is_ok_and(|real| outputs.contains(&real));
        self.own += usize::from(is_output);
        is_output
    }

    fn add(&mut self, path: PathBuf, label: String, fault: Option<Text>) {
        let ending = path.extension().map_or(0, |ending| ending.len() + 1);
        let stem = label.get(..label.len() - ending.min(label.len())).unwrap_or(&label);
        let stem = cut(&stem.replace('/', "_"), STEM);
        self.members.push(Member { path, label, stem, fault });
    }
}

/// Whether a file is called as what facilities hand in.
fn is_member(path: &Path) -> bool {
    is_record_name(path) || FORMS.iter().any(|ending| has_ending(path, ending))
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|e| e.eq_ignore_ascii_case(ending))
}

/// Whether a file is one that this program made to print, without a record to read back.
fn is_print(path: &Path) -> bool {
    // A pipe would be waited for.
    has_ending(path, "pdf")
        && fs::metadata(path).is_ok_and(|found| found.is_file())
        && store::is_own(path).unwrap_or(false)
        && fs::read(path).is_ok_and(|bytes| Carried::extract(&bytes).is_err())
}

impl Member {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads it. One that cannot be read is a fault of that facility alone.
    pub fn read(&self, number: u32, shown: &Path, forms: &Forms) -> Entry {
        let name = shown.join(&self.label).display().to_string();
        let read = match &self.fault {
            Some(fault) => Err(fault.clone()),
            None => bytes(&self.path).map_err(|error| unreadable(&name, &error)),
        };
        let entry = match read {
            Ok(bytes) => crate::open(&name, &bytes, forms).into_entry(number),
            Err(message) => {
                let fault = Diagnostic::error("unreadable", message).into();
                Entry::unreadable(number, Source::new(name.clone(), ""), fault)
            }
        };
        let mut entry = Entry { stem: Some(self.stem.clone()), ..entry };
        if entry.record.is_err() {
            // Nothing else would say which file it is.
            let found = entry.report.diagnostics.iter_mut().filter(|d| d.place.is_none());
            for Diagnostic { message: Text { ja, en }, .. } in found {
                if !ja.contains(&self.label) {
                    (*ja, *en) = (format!("{name}: {ja}"), format!("{name}: {en}"));
                }
            }
        }
        entry
    }
}

fn unreadable(name: &str, error: &io::Error) -> Text {
    let why = system(error);
    Text::new(
        format!("{name} を読めません: {}", why.ja),
        format!("{name} cannot be read: {}", why.en),
    )
}

/// What is in a file, if it is one and not too large.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // A pipe would be waited for.
    let found = fs::metadata(path)?;
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a file"));
    }
    if found.len() > crate::MAX_BYTES as u64 {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file is too large"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(crate::MAX_BYTES as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
