//! A folder of records.

use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use crate::record::{self, MAX_RECORD_BYTES, is_record_name};
use crate::report::{Diagnostic, Source, Text, system};
use crate::roster::Entry;
use crate::table::TableError;

/// The records in a folder, and how many workbooks are beside them, which are skipped.
pub(super) fn records(folder: &Path) -> Result<(Vec<PathBuf>, usize), TableError> {
    let is_workbook = |path: &&PathBuf| {
        path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"))
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    let workbooks = paths.iter().filter(is_workbook).count();
    // macOS keeps a file `._name` beside each on disks of others.
    let is_hidden = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
    };
    paths.retain(|path| is_record_name(path) && !is_hidden(path));
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
                "turn filled forms into records with `onshi import`; for a roster, name its file",
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
                format!("{first} と {second} からは同じ名前のファイルが作られます"),
                format!("{first} and {second} would produce the same file names"),
            );
            return Err(Diagnostic::error("duplicate", message).into());
        }
    }
    Ok((paths, workbooks))
}

/// Reads one of them. One that cannot be read is a fault of that record alone.
pub(super) fn read(number: u32, path: &Path) -> Entry {
    let name = path.display().to_string();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let read = bytes(path).map_err(|error| {
        let why = system(&error);
        let message = Text::new(
            format!("{name} を読めません: {}", why.ja),
            format!("{name} cannot be read: {}", why.en),
        );
        (Source::new(name.clone(), ""), Diagnostic::error("unreadable", message).into())
    });
    let (record, report) = match read.and_then(|bytes| record::read_forgiving(&name, &bytes)) {
        Ok((record, slips)) => (Ok(record), slips),
        Err((source, report)) => (Err(source), report),
    };
    Entry { number, stem: Some(stem), record, report }
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // A pipe would be waited for.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "not a file"));
    }
    let mut bytes = Vec::new();
    // One byte more than is accepted, so that a larger record is refused and not read whole.
    fs::File::open(path)?.take(MAX_RECORD_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
