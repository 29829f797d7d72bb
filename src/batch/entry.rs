//! One facility of a batch, as it was read.

use std::collections::HashMap;
use std::fs;
use std::io::Read as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::roster::Roster;
use crate::record::{self, MAX_RECORD_BYTES, Record, is_record_name};
use crate::report::{Diagnostic, Place, Report, Source, Text};
use crate::table::TableError;

/// A record, or what keeps it from being one.
pub(super) struct Entry {
    /// Its row, or which file of the folder it is, from 1.
    pub number: u32,
    /// The file's name without its ending; none for a row.
    pub stem: Option<String>,
    pub record: Result<Record, Source>,
    /// What was found while reading.
    pub report: Report,
}

impl Entry {
    pub fn new(number: u32, record: Record, report: Report) -> Self {
        Entry { number, stem: None, record: Ok(record), report }
    }

    pub fn unreadable(number: u32, source: Source, report: Report) -> Self {
        Entry { number, stem: None, record: Err(source), report }
    }
}

/// Where the facilities come from.
pub(super) enum Facilities<'a> {
    Roster(Box<Roster<'a>>),
    /// The records of a folder, sorted by name.
    Folder(Vec<PathBuf>),
}

impl Facilities<'_> {
    /// The records in a folder, and how many workbooks are beside them, which are passed over.
    pub fn folder(folder: &Path) -> Result<(Vec<PathBuf>, usize), TableError> {
        let is_workbook = |path: &&PathBuf| {
            path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"))
        };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder)? {
            paths.push(entry?.path());
        }
        let workbooks = paths.iter().filter(is_workbook).count();
        paths.retain(|path| is_record_name(path));
        paths.sort();
        if paths.is_empty() {
            let message = Text::new(
                "フォルダーに記録（.yaml、.yml、.json）がありません",
                "there is no record (.yaml, .yml, .json) in the folder",
            );
            let mut fault = Diagnostic::error("syntax", message);
            if workbooks > 0 {
                fault = fault.with_hint(Text::new(
                    "記入した様式の Excel は onshi import で記録に、名簿の Excel はファイル名を指定してください",
                    "turn filled forms into records with `onshi import`; name the file of a roster",
                ));
            }
            return Err(fault.into());
        }
        // Not every file system tells upper case from lower.
        let stem = |path: &PathBuf| path.file_stem().map(|s| s.to_string_lossy().to_lowercase());
        let mut stems = HashMap::new();
        for path in &paths {
            if let Some(first) = stems.insert(stem(path), path) {
                let (first, second) = (first.display(), path.display());
                let message = Text::new(
                    format!("{first} と {second} からは同じ名前のファイルができます"),
                    format!("{first} and {second} would make the same file names"),
                );
                return Err(Diagnostic::error("duplicate", message).into());
            }
        }
        Ok((paths, workbooks))
    }

    /// How many there are at most.
    pub fn most(&self) -> u64 {
        match self {
            Facilities::Roster(roster) => roster.most(),
            Facilities::Folder(paths) => paths.len() as u64,
        }
    }

    /// Hands over every facility in order.
    pub fn each(&self, hand: &mut dyn FnMut(Entry) -> ControlFlow<()>) -> Result<(), TableError> {
        match self {
            Facilities::Roster(roster) => roster.each(hand),
            Facilities::Folder(paths) => {
                for (number, path) in (1..).zip(paths) {
                    if hand(read(number, path)?).is_break() {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// How a row or file is called: its number, or its name.
    pub fn label(&self, number: u32) -> String {
        match self {
            Facilities::Roster(_) => number.to_string(),
            Facilities::Folder(paths) => {
                let path = (number as usize).checked_sub(1).and_then(|i| paths.get(i));
                let name = path.and_then(|path| path.file_name());
                name.unwrap_or_default().to_string_lossy().into_owned()
            }
        }
    }

    /// What stands above a value: the column's heading, or the line and column in a file.
    pub fn title(&self, place: Option<&Place>, field: Option<&str>) -> String {
        match (self, place) {
            (Facilities::Roster(roster), place) => roster.title(place, field),
            (Facilities::Folder(_), Some(Place::Text { line, column, .. })) => {
                format!("{line}:{column}")
            }
            (Facilities::Folder(_), _) => String::new(),
        }
    }
}

fn read(number: u32, path: &Path) -> Result<Entry, TableError> {
    let mut bytes = Vec::new();
    // One byte more than is accepted, so that a larger record is refused and not read whole.
    fs::File::open(path)?.take(MAX_RECORD_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (record, report) = match record::read(&path.display().to_string(), &bytes) {
        Ok(record) => (Ok(record), Report::default()),
        Err((source, report)) => (Err(source), report),
    };
    Ok(Entry { number, stem: Some(stem), record, report })
}
