//! A table out of a workbook (.xlsx) or a text (.csv, .tsv), a row at a time.
//!
//! In: a file. Out: [`Row`]s of [`Cell`]s under the numbers that Excel shows. What the columns mean
//! is not known here.

pub(crate) mod book;
mod cell;
pub(crate) mod range;
mod text;
mod workbook;

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Cursor};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::report::{Diagnostic, Explain, Place, Report, Source, Text, system};
use book::Content;
pub use cell::{Cell, CellFault, Moment};
use text::TextTable;
use workbook::Workbook;

/// The character encoding of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// Windows-31J (CP932), Microsoft's Shift_JIS.
    Cp932,
}

impl Encoding {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Cp932 => "CP932 (Windows-31J)",
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number as Excel shows it, from 1.
    pub number: u32,
    /// Its cells from column A on; empty ones behind the last one written may be absent.
    pub cells: Vec<Cell>,
}

impl Row {
    /// Whether it is empty.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| *cell == Cell::Empty)
    }
}

/// Why a table cannot be read.
#[derive(Debug)]
pub enum TableError {
    /// The file cannot be read.
    Io(io::Error),
    /// What is in it is not a table, and where.
    Faulty(Box<Report>),
}

impl std::error::Error for TableError {}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().en)
    }
}

impl Explain for TableError {
    fn message(&self) -> Text {
        match self {
            TableError::Io(error) => unreadable(error),
            TableError::Faulty(report) => match report.diagnostics.first() {
                Some(first) => first.message.clone(),
                None => Text::new("表として読めません", "cannot be read as a table"),
            },
        }
    }

    fn hint(&self) -> Option<Text> {
        match self {
            TableError::Io(_) => None,
            TableError::Faulty(report) => report.diagnostics.first()?.hint.clone(),
        }
    }
}

fn no_file() -> Diagnostic {
    let message = Text::new(
        "ファイルではありません（パイプや装置からは名簿を読めません）",
        "not a file: a list cannot be read from a pipe or a device",
    );
    let hint = Text::new("ファイルに保存してから渡してください", "save it as a file first");
    Diagnostic::error("syntax", message).with_hint(hint)
}

fn unreadable(error: &io::Error) -> Text {
    let why = system(error);
    Text::new(format!("ファイルを読めません: {}", why.ja), format!("cannot be read: {}", why.en))
}

impl From<io::Error> for TableError {
    fn from(error: io::Error) -> Self {
        TableError::Io(error)
    }
}

impl From<TableError> for Report {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Faulty(report) => *report,
            TableError::Io(error) => Diagnostic::error("syntax", unreadable(&error)).into(),
        }
    }
}

impl From<Diagnostic> for TableError {
    fn from(diagnostic: Diagnostic) -> Self {
        TableError::Faulty(Box::new(Report { diagnostics: vec![diagnostic] }))
    }
}

/// The first rows that are not blank, `most` at most, of each sheet that is shown, or of a text, in a file
/// that is given whole; none where it is no table that is read.
pub(crate) fn beginnings(name: &Path, bytes: &[u8], most: usize) -> Vec<Vec<Row>> {
    match book::content(&mut Cursor::new(bytes)) {
        Ok(Content::Workbook) => workbook::beginnings(bytes, most).unwrap_or_default(),
        Ok(Content::Other) => vec![TextTable::beginning(name, bytes, most)],
        Ok(Content::Foreign(_)) | Err(_) => Vec::new(),
    }
}

/// What a file is that is neither a workbook nor a text, in words that say what to do.
pub(crate) fn foreign(bytes: &[u8]) -> Option<Diagnostic> {
    match book::content(&mut Cursor::new(bytes)) {
        Ok(Content::Foreign(foreign)) => Some(foreign.diagnostic()),
        _ => None,
    }
}

enum Kind {
    Text(TextTable),
    Workbook(Workbook),
}

/// A table that can be read from the start as often as need be.
pub struct Table {
    /// Its name as the user gave it, for reports.
    pub source: Source,
    /// What was found about it and is worth saying.
    pub notes: Vec<Text>,
    path: PathBuf,
    kind: Kind,
}

impl Table {
    /// Looks through a file: what it is, its encoding, which sheet. `encoding` forces that of a text.
    ///
    /// # Errors
    /// When it cannot be read, is neither a workbook nor a text, or has a quote that is never closed.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use onshi::table::{Cell, Table};
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("a.csv");
    /// std::fs::write(&path, "名称,所在地\n\"オン資\n医院\",東京都\n")?;
    /// let table = Table::open(&path, None).map_err(|e| format!("{e:?}"))?;
    /// let mut rows = Vec::new();
    /// table.rows(&mut |row| { rows.push(row); ControlFlow::Continue(()) }).map_err(|e| format!("{e:?}"))?;
    /// assert_eq!(rows[1].cells[0], Cell::Text("オン資\n医院".into()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(path: &Path, encoding: Option<Encoding>) -> Result<Table, TableError> {
        Table::open_sheet(path, encoding, None)
    }

    /// As [`Table::open`], with the name of the sheet; otherwise it is the first one that is shown.
    ///
    /// # Errors
    /// As those of [`Table::open`], and when there is no such sheet.
    pub fn open_sheet(
        path: &Path,
        encoding: Option<Encoding>,
        sheet: Option<&str>,
    ) -> Result<Table, TableError> {
        let mut notes = Vec::new();
        // It is read from the start more than once.
        let what = path.metadata()?;
        if !what.is_file() && !what.is_dir() {
            return Err(no_file().into());
        }
        let kind = match book::content(&mut BufReader::new(File::open(path)?))? {
            Content::Workbook => {
                let (workbook, said) = Workbook::open(path, sheet)?;
                notes.extend(said);
                Kind::Workbook(workbook)
            }
            Content::Foreign(foreign) => return Err(foreign.diagnostic().into()),
            Content::Other => {
                let (text, said) = TextTable::open(path, encoding)?;
                notes.extend(said);
                Kind::Text(text)
            }
        };
        let source = Source { name: path.display().to_string(), text: String::new() };
        Ok(Table { source, notes, path: path.to_owned(), kind })
    }

    /// The sheet's name; empty for a text.
    pub fn sheet(&self) -> &str {
        match &self.kind {
            Kind::Workbook(workbook) => &workbook.sheet,
            Kind::Text(_) => "",
        }
    }

    /// The names of the sheets that are shown; none for a text.
    pub fn sheets(&self) -> &[String] {
        match &self.kind {
            Kind::Workbook(workbook) => &workbook.sheets,
            Kind::Text(_) => &[],
        }
    }

    /// The place of a cell; `column` counts from 1.
    pub fn place(&self, row: u32, column: usize) -> Place {
        // No table has as many columns as an u32 counts.
        Place::Cell { sheet: self.sheet().to_owned(), row, column: column as u32 }
    }

    /// How many rows it has at most, the blank ones and the heading counted.
    pub fn height(&self) -> u32 {
        match &self.kind {
            Kind::Workbook(workbook) => workbook.height,
            Kind::Text(text) => text.height,
        }
    }

    /// The numbers of the rows that are hidden, by a filter or by hand; none in a text.
    pub(crate) fn hidden(&self) -> &BTreeSet<u32> {
        static NONE: BTreeSet<u32> = BTreeSet::new();
        match &self.kind {
            Kind::Workbook(workbook) => &workbook.hidden,
            Kind::Text(_) => &NONE,
        }
    }

    /// The merged cells that touch a row.
    pub(crate) fn merged(&self, row: u32) -> Vec<range::Range> {
        match &self.kind {
            Kind::Workbook(workbook) => workbook.merged(row),
            Kind::Text(_) => Vec::new(),
        }
    }

    /// Hands over the rows from the first one on until told to stop. Blank rows are left out.
    ///
    /// # Errors
    /// When the file can no longer be read.
    pub fn rows(&self, each: &mut dyn FnMut(Row) -> ControlFlow<()>) -> Result<(), TableError> {
        let mut kept =
            |row: Row| if row.is_blank() { ControlFlow::Continue(()) } else { each(row) };
        match &self.kind {
            Kind::Workbook(workbook) => workbook.rows(&self.path, &mut kept),
            Kind::Text(text) => text.rows(&self.path, &mut kept),
        }
    }
}
