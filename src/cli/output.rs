//! Writing results: every file whole or not at all, and all files of a command or none.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::path::{Path, PathBuf, is_separator};

use onshi::report::{Text, show};
use onshi::store::{self, Guard};
use onshi::{File, Format};

use super::failure::Failure;

/// What the names of records that are written end in.
pub const RECORD: &[&str] = &["yaml", "yml"];

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

    /// Where one file goes whose name ends in one of `endings`, or has no ending: to a file, or to
    /// standard output without `-o` and with `-`.
    pub fn file(path: Option<&Path>, endings: &[&str]) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Output::Stdout);
        };
        match path.extension() {
            Some(ending) if !endings.iter().any(|known| ending.eq_ignore_ascii_case(known)) => {
                Err(unsuitable(path, endings))
            }
            _ => Ok(Output::File(path.to_owned())),
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
            (Some(asked), None) if path.extension().is_some() => {
                Err(unsuitable(path, &[asked.extension()]))
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

    /// Where the files of one form go. A file that several pages are to be becomes one for each, named
    /// as in a folder: `page_1.png`, `page_2.png`.
    pub fn of_one_form(self, files: Vec<File>) -> (Self, Vec<File>) {
        match (&self, self.file_name()) {
            (Output::File(path), Some(name)) if files.len() > 1 => {
                let folder = path.parent().map_or_else(|| PathBuf::from("."), Path::to_owned);
                let named = (1..)
                    .zip(files)
                    .map(|(page, file)| File::new(File::name_of_page(&name, page), file.bytes));
                (Output::Folder(folder), named.collect())
            }
            _ => (self, files),
        }
    }

    fn file_name(&self) -> Option<String> {
        let Output::File(path) = self else { return None };
        Some(path.file_name()?.to_string_lossy().into_owned())
    }

    /// Writes the results and says where they are now; nothing for standard output.
    ///
    /// Only where nothing is lost: see [`Guard::check`].
    pub fn write(
        &self,
        files: Vec<File>,
        guard: &Guard,
        force: bool,
    ) -> Result<Vec<PathBuf>, Failure> {
        Self::write_all(vec![(self.clone(), files)], guard, force)
    }

    /// Writes results that go to several places, all or none of them: see [`Output::write`].
    pub fn write_all(
        parts: Vec<(Output, Vec<File>)>,
        guard: &Guard,
        force: bool,
    ) -> Result<Vec<PathBuf>, Failure> {
        for (output, files) in &parts {
            output.has_room(files.len())?;
        }
        let (mut printed, mut placed, mut new) = (Vec::new(), Vec::new(), Vec::new());
        for (output, files) in parts {
            let files = files.into_iter();
            match output {
                Output::Stdout => printed.extend(files),
                Output::File(path) => placed.extend(files.map(|file| (path.clone(), file.bytes))),
                Output::Folder(folder) => {
                    let made = NewFolders::create(&folder);
                    // Of folders in one another the inner one goes first.
                    new.insert(0, made.map_err(|e| Failure::writing(&folder, &e))?);
                    placed.extend(files.map(|file| (folder.join(file.name), file.bytes)));
                }
            }
        }
        all_or_none(&placed, guard, force)?;
        new.into_iter().for_each(NewFolders::keep);
        for file in &printed {
            to_stdout(&file.bytes)?;
        }
        Ok(placed.into_iter().map(|(path, _)| path).collect())
    }

    /// Whether so many results fit.
    fn has_room(&self, count: usize) -> Result<(), Failure> {
        if count < 2 || matches!(self, Output::Folder(_)) {
            return Ok(());
        }
        Err(Failure::new(Text::new(
            format!("結果が {count} 個あり、一つの書き出し先には入りません"),
            format!("{count} results do not fit into one file"),
        ))
        .with_hint(Text::new(
            "-o にフォルダーを指定するか、--form で一つに絞るか、PDF と Excel なら --one-file でまとめてください",
            "give -o a folder, pick one with --form, or join PDF or Excel with --one-file",
        )))
    }
}

/// A name whose ending says something else than what is written.
fn unsuitable(path: &Path, endings: &[&str]) -> Failure {
    let path = path.display();
    let endings: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
    Failure::new(Text::new(
        format!("「{path}」の拡張子が、書き出す内容と合いません"),
        format!("the ending of {path} does not suit what is written"),
    ))
    .with_hint(Text::new(
        format!("-o に {} で終わる名前を指定してください", endings.join(" か ")),
        format!("give -o a name that ends in {}", endings.join(" or ")),
    ))
}

/// Prints a result. That nobody reads on is not an error.
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
    // A terminal would obey what a file that somebody else made may hold.
    let shown =
        std::str::from_utf8(bytes).ok().filter(|_| stdout.is_terminal()).map(show::harmless);
    let bytes = shown.as_deref().map_or(bytes, str::as_bytes);
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::writing(Path::new("<stdout>"), &e))
        }
        _ => Ok(()),
    }
}

/// Writes all files, or leaves everything as it was.
fn all_or_none(files: &[(PathBuf, Vec<u8>)], guard: &Guard, force: bool) -> Result<(), Failure> {
    let mut names = HashSet::new();
    if let Some((path, _)) = files.iter().find(|(path, _)| !names.insert(path)) {
        let path = path.display();
        return Err(Failure::new(Text::new(
            format!("{path} に書き込む結果が二つあります"),
            format!("two results would be written to {path}"),
        )));
    }
    for (path, _) in files {
        guard.check(path, force).map_err(|refusal| Failure::of(&refusal))?;
    }
    let files: Vec<(&Path, &[u8])> =
        files.iter().map(|(path, bytes)| (path.as_path(), bytes.as_slice())).collect();
    store::write_all(&files).map_err(|failed| Failure::writing_all(&failed))
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
