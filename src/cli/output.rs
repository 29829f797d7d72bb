//! Writing results: every file whole or not at all, and all files of a command or none.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::path::{Path, PathBuf, is_separator};

use onshi::record::is_record_name;
use onshi::report::Text;
use onshi::whole::Stage;
use onshi::{File, Format};

use super::failure::Failure;

/// The name of a record without its ending, which the names of its forms begin with.
pub fn stem(record: &Path) -> Cow<'_, str> {
    match record.file_stem() {
        Some(stem) if stem != "-" => stem.to_string_lossy(),
        _ => "stdin".into(),
    }
}

/// Where the results of a command go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// One result, to standard output.
    Stdout,
    /// One result, under this name.
    File(PathBuf),
    /// Results under their own names. The folder is created.
    Folder(PathBuf),
}

impl Output {
    /// Where forms go. `-o` may name a folder (one that exists, a name that ends in `/`, or one
    /// without an ending), a file, or `-`; without it they go to the current folder.
    pub fn forms(path: Option<&Path>) -> Self {
        let Some(path) = path else {
            return Output::Folder(PathBuf::from("."));
        };
        let slash = path.to_string_lossy().ends_with(is_separator);
        if path == Path::new("-") {
            Output::Stdout
        } else if slash || path.is_dir() || path.extension().is_none() && !path.exists() {
            Output::Folder(path.to_owned())
        } else {
            Output::File(path.to_owned())
        }
    }

    /// Where one text goes: to a file, or to standard output without `-o` and with `-`.
    pub fn file(path: Option<&Path>) -> Self {
        match path {
            Some(path) if path != Path::new("-") => Output::File(path.to_owned()),
            _ => Output::Stdout,
        }
    }

    /// All results go to a folder.
    pub fn folder(path: &Path) -> Self {
        Output::Folder(path.to_owned())
    }

    /// The format to write: what `--format` says, else what the file's ending says, else PDF.
    pub fn format(&self, asked: Option<Format>) -> Result<Format, Failure> {
        let Output::File(path) = self else {
            return Ok(asked.unwrap_or(Format::Pdf));
        };
        match (asked, Format::of(path)) {
            (Some(asked), Some(ending)) if asked != ending => {
                let (path, asked) = (path.display(), asked.extension());
                Err(Failure::new(Text::new(
                    format!("--format {asked} と「{path}」の拡張子が合いません"),
                    format!("--format {asked} doesn't match the ending of {path}"),
                ))
                .with_hint(Text::new("どちらかを省いてください", "leave one of them out")))
            }
            (Some(asked), None) if is_record(path) => {
                let (path, asked) = (path.display(), asked.extension());
                Err(Failure::new(Text::new(
                    format!("「{path}」に {asked} は書き込めません。拡張子が違います"),
                    format!("{path} does not have the ending of a {asked} file"),
                ))
                .with_hint(Text::new(
                    format!("-o に .{asked} で終わる名前を指定してください"),
                    format!("give -o a name that ends in .{asked}"),
                )))
            }
            (Some(format), _) | (None, Some(format)) => Ok(format),
            (None, None) if path.extension().is_none() => Ok(Format::Pdf),
            (None, None) => {
                let path = path.display();
                Err(Failure::new(Text::new(
                    format!("「{path}」の拡張子からは形式が分かりません"),
                    format!("the ending of {path} does not name a format"),
                ))
                .with_hint(Text::new(
                    ".pdf、.xlsx、.svg、.png のいずれかで終えるか、--format をつけてください。フォルダーなら末尾に / をつけてください",
                    "end it in .pdf, .xlsx, .svg or .png, or give --format; a folder's name ends in /",
                )))
            }
        }
    }

    /// A file that is there already where one of these would be written. A device is none.
    pub fn existing(&self, files: &[File]) -> Option<PathBuf> {
        let mut paths = match self {
            Output::Stdout => return None,
            Output::File(path) => vec![path.clone()],
            Output::Folder(folder) => files.iter().map(|file| folder.join(&file.name)).collect(),
        };
        paths.retain(|path| path.is_file());
        paths.into_iter().next()
    }

    /// Writes the results and says where they are now; nothing for standard output.
    pub fn write(&self, files: Vec<File>) -> Result<Vec<PathBuf>, Failure> {
        if files.len() > 1 && !matches!(self, Output::Folder(_)) {
            let count = files.len();
            return Err(Failure::new(Text::new(
                format!("結果が {count} 個あり、一つの書き出し先には入りません"),
                format!("{count} results do not fit into one file"),
            ))
            .with_hint(Text::new(
                "-o にフォルダーを指定するか、--form で一つに絞ってください",
                "give -o a folder, or pick one with --form",
            )));
        }
        match self {
            Output::Stdout => {
                for file in &files {
                    to_stdout(&file.bytes)?;
                }
                Ok(Vec::new())
            }
            Output::File(path) => {
                let files = files.into_iter();
                let files: Vec<_> = files.map(|file| (path.clone(), file.bytes)).collect();
                all_or_none(&files)?;
                Ok(files.into_iter().map(|(path, _)| path).collect())
            }
            Output::Folder(folder) => {
                let new = NewFolders::create(folder).map_err(|e| Failure::writing(folder, &e))?;
                let files = files.into_iter();
                let files: Vec<_> =
                    files.map(|file| (folder.join(file.name), file.bytes)).collect();
                all_or_none(&files)?;
                new.keep();
                Ok(files.into_iter().map(|(path, _)| path).collect())
            }
        }
    }
}

/// Whether a name is that of a record or a roster, which a form must not replace.
fn is_record(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default();
    is_record_name(path) || ["csv", "tsv"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Prints a result. That nobody reads on is no error.
pub fn to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    if stdout.is_terminal() && std::str::from_utf8(bytes).is_err() {
        return Err(Failure::new(Text::new(
            "端末には書き出せません",
            "this cannot be shown on a terminal",
        ))
        .with_hint(Text::new(
            "-o にファイル名を書くか、> か | をつけてください",
            "give -o a file name, or redirect with > or |",
        )));
    }
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::writing(Path::new("<stdout>"), &e))
        }
        _ => Ok(()),
    }
}

/// Writes all files, or leaves everything as it was: only when all stand complete in temporary
/// files are they moved to their names.
fn all_or_none(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    let mut names = HashSet::new();
    if let Some((path, _)) = files.iter().find(|(path, _)| !names.insert(path)) {
        let path = path.display();
        return Err(Failure::new(Text::new(
            format!("{path} に書き込む結果が二つあります"),
            format!("two results would be written to {path}"),
        )));
    }
    let mut staged = Vec::new();
    for (path, bytes) in files {
        let stage = Stage::new(path, bytes).map_err(|e| Failure::writing(path, &e))?;
        staged.push((path.as_path(), stage));
    }
    put(staged)
}

/// Moves all files to their names; if one can't be, those that are new go again.
fn put(staged: Vec<(&Path, Stage)>) -> Result<(), Failure> {
    let mut new = NewFiles(Vec::new());
    for (path, stage) in staged {
        let fresh = stage.put().map_err(|e| Failure::writing(path, &e))?;
        new.0.extend(fresh);
    }
    new.0.clear();
    Ok(())
}

/// Files that go again if the rest can't be written.
struct NewFiles(Vec<PathBuf>);

impl Drop for NewFiles {
    fn drop(&mut self) {
        for path in &self.0 {
            let _ = fs::remove_file(path);
        }
    }
}

/// Folders that go again if nothing can be written into them.
struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// Creates a folder and those above it.
    fn create(folder: &Path) -> io::Result<Self> {
        let missing = folder
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        let new = NewFolders(missing.map(Path::to_owned).collect());
        fs::create_dir_all(folder)?;
        Ok(new)
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for NewFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            // Innermost first. One that isn't empty stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests;
