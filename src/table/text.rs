//! CSV and TSV. The bytes are split first and each cell is decoded by itself: in CP932 no second byte
//! is a comma, a quote or a line's end, so one broken character spoils one cell only.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::ops::ControlFlow;
use std::path::Path;

use encoding_rs::{DecoderResult, SHIFT_JIS, UTF_8};

use super::{Cell, CellFault, Encoding, Row, TableError};
use crate::report::{Diagnostic, Place, Text};

pub(super) struct TextTable {
    encoding: Encoding,
    delimiter: u8,
    /// Lines without anything, which the CSV reader passes over but Excel counts.
    blank: Vec<u32>,
    pub height: u32,
}

impl TextTable {
    pub fn open(path: &Path, forced: Option<Encoding>) -> Result<(Self, Vec<Text>), TableError> {
        refuse_utf16(path)?;
        let delimiter = delimiter(path)?;
        let mut scan = Scan::new(delimiter);
        let mut utf8 = UTF_8.new_decoder_with_bom_removal();
        let mut scratch = vec![0; 3 * BUFFER + 16];
        let (mut is_utf8, mut has_bom, mut first) = (true, false, true);
        let mut reader = BufReader::with_capacity(BUFFER, File::open(path)?);
        loop {
            let bytes = reader.fill_buf()?;
            if first {
                has_bom = bytes.starts_with(b"\xEF\xBB\xBF");
                first = false;
            }
            let (read, last) = (bytes.len(), bytes.is_empty());
            if is_utf8 {
                let (result, ..) =
                    utf8.decode_to_utf8_without_replacement(bytes, &mut scratch, last);
                is_utf8 = !matches!(result, DecoderResult::Malformed(..));
            }
            bytes.iter().for_each(|byte| scan.byte(*byte));
            if last {
                break;
            }
            reader.consume(read);
        }
        let (blank, height) = scan.finish()?;
        let encoding = forced.unwrap_or(if is_utf8 { Encoding::Utf8 } else { Encoding::Cp932 });
        let bom = if has_bom {
            Text::new("（BOM つき）", " with a byte order mark")
        } else {
            Text::new("", "")
        };
        let note = Text::new(
            format!("文字コードは {}{} です", encoding.name(), bom.ja),
            format!("the encoding is {}{}", encoding.name(), bom.en),
        );
        let said = if forced.is_none() { vec![note] } else { Vec::new() };
        Ok((TextTable { encoding, delimiter, blank, height }, said))
    }

    pub fn rows(
        &self,
        path: &Path,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), TableError> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_path(path)
            .map_err(io_error)?;
        let mut record = csv::ByteRecord::new();
        let mut number = 0;
        let mut blank = self.blank.iter().peekable();
        while reader.read_byte_record(&mut record).map_err(io_error)? {
            number += 1;
            while blank.next_if(|b| **b == number).is_some() {
                number += 1;
            }
            let cells = record.iter().map(|bytes| self.cell(bytes)).collect();
            if each(Row { number, cells }).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn cell(&self, bytes: &[u8]) -> Cell {
        let encoding = match self.encoding {
            Encoding::Utf8 => UTF_8,
            Encoding::Cp932 => SHIFT_JIS,
        };
        match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => Cell::text(&text),
            None => Cell::Faulty(undecodable(self.encoding, bytes)),
        }
    }
}

const BUFFER: usize = 1 << 16;

fn refuse_utf16(path: &Path) -> Result<(), TableError> {
    let mut reader = BufReader::with_capacity(BUFFER, File::open(path)?);
    let start = reader.fill_buf()?;
    if !start.starts_with(&[0xFF, 0xFE]) && !start.starts_with(&[0xFE, 0xFF]) {
        return Ok(());
    }
    let message = Text::new("文字コードが UTF-16 です", "the file is UTF-16");
    let hint = Text::new(
        "Excel では「CSV UTF-8（コンマ区切り）」で保存してください",
        "save it as “CSV UTF-8” in Excel",
    );
    Err(Diagnostic::error("encoding", message).with_hint(hint).into())
}

/// A tab for .tsv, and for a file whose first line has tabs and no comma; else a comma.
fn delimiter(path: &Path) -> Result<u8, TableError> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv")) {
        return Ok(b'\t');
    }
    let mut reader = BufReader::with_capacity(BUFFER, File::open(path)?);
    let bytes = reader.fill_buf()?;
    let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let tabs = line.contains(&b'\t') && !line.contains(&b',');
    Ok(if tabs { b'\t' } else { b',' })
}

/// The first bytes of a cell that are no character.
fn undecodable(encoding: Encoding, bytes: &[u8]) -> CellFault {
    let mut decoder = match encoding {
        Encoding::Utf8 => UTF_8,
        Encoding::Cp932 => SHIFT_JIS,
    }
    .new_decoder_without_bom_handling();
    let mut before = String::with_capacity(3 * bytes.len() + 16);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut before, true);
    let wrong = match result {
        DecoderResult::Malformed(wrong, after) => {
            let end = read.saturating_sub(usize::from(after));
            &bytes[end.saturating_sub(usize::from(wrong))..end]
        }
        _ => bytes,
    };
    let hex: Vec<String> = wrong.iter().take(4).map(|b| format!("{b:02X}")).collect();
    let (hex, name, nth) = (hex.join(" "), encoding.name(), before.chars().count() + 1);
    CellFault {
        code: "encoding",
        message: Text::new(
            format!("{nth} 文字目のバイト {hex} は {name} の文字ではありません"),
            format!("character {nth}, the bytes {hex}, is not a character of {name}"),
        ),
        hint: Text::new(
            "この文字を書き直すか、--encoding で文字コードを指定してください",
            "write the character again, or name the encoding with --encoding",
        ),
    }
}

fn io_error(error: csv::Error) -> TableError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => TableError::Io(error),
        // Rows of any length and any bytes are accepted: nothing but input fails.
        other => TableError::Io(std::io::Error::other(format!("{other:?}"))),
    }
}

/// Follows the quotes of a CSV file as the reader does.
struct Scan {
    delimiter: u8,
    state: State,
    row: u32,
    column: u32,
    /// Where the last quote was opened.
    opened: (u32, u32),
    blank: Vec<u32>,
}

#[derive(PartialEq)]
enum State {
    RowStart,
    CellStart,
    Plain,
    Quoted,
    QuoteInQuoted,
}

impl Scan {
    fn new(delimiter: u8) -> Self {
        let (state, blank) = (State::RowStart, Vec::new());
        Scan { delimiter, state, row: 1, column: 1, opened: (0, 0), blank }
    }

    fn byte(&mut self, byte: u8) {
        self.state = match (&self.state, byte) {
            (State::Quoted, b'"') => State::QuoteInQuoted,
            (State::Quoted, _) | (State::QuoteInQuoted, b'"') => State::Quoted,
            (State::RowStart, b'\n') => {
                self.blank.push(self.row);
                self.row += 1;
                State::RowStart
            }
            // Of a line's end; a lone carriage return ends no line here.
            (_, b'\r') => return,
            (_, b'\n') => {
                self.row += 1;
                self.column = 1;
                State::RowStart
            }
            (_, byte) if byte == self.delimiter => {
                self.column += 1;
                State::CellStart
            }
            // A byte order mark stands before the first cell and is none of it.
            (State::RowStart, 0xEF | 0xBB | 0xBF) if self.row == 1 => State::RowStart,
            (State::RowStart | State::CellStart, b'"') => {
                self.opened = (self.row, self.column);
                State::Quoted
            }
            (_, _) => State::Plain,
        };
    }

    /// The blank lines and the number of rows.
    fn finish(self) -> Result<(Vec<u32>, u32), TableError> {
        if self.state != State::Quoted {
            let height = if self.state == State::RowStart { self.row - 1 } else { self.row };
            return Ok((self.blank, height));
        }
        let (row, column) = self.opened;
        Err(Diagnostic::error(
            "syntax",
            Text::new(
                format!("{row} 行目 {column} 列目で始まる引用符（\"）が閉じられていません"),
                format!("the quote opened in row {row}, column {column} is never closed"),
            ),
        )
        .with_hint(Text::new(
            "そのセルの終わりに \" を補ってください。それより後の行が読めません",
            "close it at the end of its cell; the rows after it cannot be read",
        ))
        .at(Some(Place::Cell { sheet: String::new(), row, column }))
        .into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Table;
    use super::*;

    fn read(bytes: &[u8], forced: Option<Encoding>) -> Result<(Table, Vec<Row>), TableError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("名簿.csv");
        std::fs::write(&path, bytes).unwrap();
        let table = Table::open(&path, forced)?;
        let mut rows = Vec::new();
        table.rows(&mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok((table, rows))
    }

    fn text(cell: &Cell) -> &str {
        match cell {
            Cell::Text(text) => text,
            _ => "",
        }
    }

    #[test]
    fn the_encoding_is_found_out_and_said() {
        let (sjis, _, _) = SHIFT_JIS.encode("名称\n髙橋医院\n");
        for (bytes, name) in [
            ("名称\n髙橋医院\n".as_bytes().to_vec(), "UTF-8"),
            ([b"\xEF\xBB\xBF", "名称\n髙橋医院\n".as_bytes()].concat(), "byte order mark"),
            (sjis.into_owned(), "CP932"),
        ] {
            let (table, rows) = read(&bytes, None).unwrap();
            assert_eq!((text(&rows[0].cells[0]), text(&rows[1].cells[0])), ("名称", "髙橋医院"));
            assert!(table.notes[0].en.contains(name), "{:?}", table.notes);
        }
    }

    #[test]
    fn private_characters_of_cp932_keep_their_place_in_unicode() {
        let (_, rows) = read(b"\x96\xBC\n\xF0\x40\xF9\xFC\n", None).unwrap();
        assert_eq!(text(&rows[1].cells[0]), "\u{E000}\u{E757}");
    }

    #[test]
    fn bytes_that_are_no_character_spoil_their_cell_only() {
        let (_, rows) = read(b"a,b\n\x96\xBC\x81\x20,c\n", Some(Encoding::Cp932)).unwrap();
        let Cell::Faulty(fault) = &rows[1].cells[0] else { panic!("{rows:?}") };
        assert!(fault.message.en.starts_with("character 2, the bytes 81"), "{}", fault.message.en);
        assert_eq!(text(&rows[1].cells[1]), "c");
    }

    #[test]
    fn rows_have_the_numbers_that_excel_shows() {
        let bytes = b"a,b\r\n\r\n\"1\r\n2\",x\r\n\n3,y";
        let (table, rows) = read(bytes, None).unwrap();
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!(text(&rows[1].cells[0]), "1\n2");
        assert_eq!(table.height(), 5);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_named() {
        let error = read(b"a,b\n1,\"2\n3,4\n", None).map(drop).unwrap_err();
        let TableError::Faulty(report) = error else { panic!("{error:?}") };
        assert!(report.diagnostics[0].message.en.contains("row 2, column 2"), "{report}");
    }
}
