//! CSV and TSV. The bytes are split first and each cell is decoded by itself: in CP932 no second byte
//! is a comma, a quote or a line's end, so one broken character spoils one cell only.

mod delimiter;
mod encoding;
mod lines;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;
use std::rc::Rc;

use encoding_rs::{DecoderResult, SHIFT_JIS, UTF_8};

use self::lines::LineFeeds;
use super::{Cell, CellFault, Encoding, Row, TableError};
use crate::report::{Diagnostic, Place, Text};

/// How much of a file is looked at to see what it is, in bytes.
const START: u64 = 1 << 16;
/// The longest row that is read, in bytes: what a sheet of Excel could not hold is no list of facilities.
const MOST_BYTES: u64 = 16 << 20;
/// The most columns, which are those of a sheet of Excel.
const MOST_COLUMNS: usize = 16_384;
/// The longest value, in characters, which is that of a cell of Excel.
const MOST_CHARACTERS: usize = 32_767;

pub(super) struct TextTable {
    encoding: Encoding,
    delimiter: u8,
    /// Where the table begins: behind a line `sep=;`.
    start: u64,
    pub height: u32,
}

impl TextTable {
    pub fn open(path: &Path, forced: Option<Encoding>) -> Result<(Self, Vec<Text>), TableError> {
        let mut notes = Vec::new();
        let encoding = match forced {
            Some(encoding) => encoding,
            None => {
                let (encoding, note) = encoding::find(File::open(path)?)?;
                notes.push(note);
                encoding
            }
        };
        let mut beginning = Vec::new();
        File::open(path)?.take(START).read_to_end(&mut beginning)?;
        let (delimiter, start) = delimiter::find(path, &beginning);
        let mut table = TextTable { encoding, delimiter, start, height: 0 };
        let (height, marked) = table.survey(path)?;
        table.height = height;
        if marked > 0 {
            notes.push(Text::new(
                format!("{marked} 個のセルの先頭の「'」（文字列の印）を外して読みました"),
                format!("the mark ' (text) at the start of {marked} cell(s) is left out"),
            ));
        }
        Ok((table, notes))
    }

    /// The first rows of a text that is given whole, `most` of them that are not blank; none where it is
    /// no text that is read. A quote that is never closed ends them.
    pub fn beginning(name: &Path, bytes: &[u8], most: usize) -> Vec<Row> {
        let start = &bytes[..bytes.len().min(START as usize)];
        let Ok((encoding, _)) = encoding::find(start) else { return Vec::new() };
        let (delimiter, at) = delimiter::find(name, start);
        let table = TextTable { encoding, delimiter, start: at, height: 0 };
        let mut rows = Vec::new();
        let behind = start.get(at as usize..).unwrap_or_default();
        let _ = table.records_of(behind, &mut |number, record| {
            let cells = record.iter().map(|bytes| table.cell(bytes)).collect();
            rows.push(Row { number, cells });
            rows.pop_if(|row| row.is_blank());
            if rows.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        rows
    }

    pub fn rows(
        &self,
        path: &Path,
        each: &mut dyn FnMut(Row) -> ControlFlow<()>,
    ) -> Result<(), TableError> {
        self.records(path, &mut |number, record| {
            let cells = record.iter().map(|bytes| self.cell(bytes)).collect();
            each(Row { number, cells })
        })
    }

    /// The number of rows, and how many cells begin with the mark of a text.
    fn survey(&self, path: &Path) -> Result<(u32, usize), TableError> {
        let (mut height, mut marked) = (0, 0);
        self.records(path, &mut |number, record| {
            height = number;
            marked += record.iter().filter(|cell| is_marked(cell)).count();
            ControlFlow::Continue(())
        })?;
        Ok((height, marked))
    }

    /// Hands over the records, each with the number that Excel shows, until told to stop.
    fn records(
        &self,
        path: &Path,
        each: &mut dyn FnMut(u32, &csv::ByteRecord) -> ControlFlow<()>,
    ) -> Result<(), TableError> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(self.start))?;
        self.records_of(file, each)
    }

    /// As [`TextTable::records`], of what begins where the table does.
    fn records_of(
        &self,
        source: impl Read,
        each: &mut dyn FnMut(u32, &csv::ByteRecord) -> ControlFlow<()>,
    ) -> Result<(), TableError> {
        // What is behind a quote that is never closed is a part of its cell, the last line too.
        let source = LineFeeds::new(BufReader::new(source)).chain(&b"\n\x04\n"[..]);
        let left = Rc::new(std::cell::Cell::new(MOST_BYTES));
        let source = Bounded { source, left: Rc::clone(&left) };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(source);
        let mut record = csv::ByteRecord::new();
        let (mut number, mut line) = (0, reader.position().line());
        loop {
            left.set(MOST_BYTES);
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) if left.get() == 0 => return Err(too_long(number + 1)),
                Err(error) => return Err(io_error(error)),
            }
            let after = reader.position().line();
            let inside = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
            // Blank lines, which the reader passes over, are rows to Excel.
            let rows = (after - line).saturating_sub(inside).max(1);
            number += u32::try_from(rows).unwrap_or(u32::MAX);
            line = after;
            if record.len() > MOST_COLUMNS {
                return Err(too_long(number));
            }
            if record.as_slice() == b"\x04" {
                return Ok(());
            }
            if record.as_slice().ends_with(b"\n\x04\n") {
                return Err(unclosed(number, record.len() as u32));
            }
            if each(number, &record).is_break() {
                return Ok(());
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
            Some(text)
                if text.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS =>
            {
                Cell::Faulty(too_much())
            }
            Some(text) => unmarked(&text),
            None => Cell::Faulty(undecodable(self.encoding, bytes)),
        }
    }
}

/// A source of which only so many bytes are read until more are allowed.
struct Bounded<R> {
    source: R,
    left: Rc<std::cell::Cell<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.left.set(self.left.get().saturating_sub(read as u64));
        match self.left.get() {
            0 => Err(io::Error::other("the row is too long")),
            _ => Ok(read),
        }
    }
}

/// A row that is longer than any of a sheet.
fn too_long(row: u32) -> TableError {
    let most = MOST_BYTES >> 20;
    let message = Text::new(
        format!("{row} 行目が長すぎます（{MOST_COLUMNS} 列、{most} MB まで読みます）"),
        format!("row {row} is too long: at most {MOST_COLUMNS} columns and {most} MB are read"),
    );
    let hint = Text::new(
        "行の終わりの改行が抜けていないか、引用符（\"）が閉じているか確かめてください",
        "look for a missing line break or a quote that is never closed",
    );
    let place = Place::Cell { sheet: String::new(), row, column: 1 };
    Diagnostic::error("syntax", message).with_hint(hint).at(Some(place)).into()
}

/// A value that no cell of Excel could hold.
fn too_much() -> CellFault {
    CellFault {
        code: "syntax",
        message: Text::new(
            format!("値が長すぎます（{MOST_CHARACTERS} 文字まで読みます）"),
            format!("the value is too long: at most {MOST_CHARACTERS} characters are read"),
        ),
        hint: Text::new("値を短くしてください", "shorten it"),
    }
}

fn is_marked(cell: &[u8]) -> bool {
    cell.len() > 1 && cell.starts_with(b"'")
}

/// A cell without the marks by which programs tell Excel that it is text: `="0123"` and `'0123`.
fn unmarked(text: &str) -> Cell {
    let trimmed = text.trim();
    let quoted = trimmed.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    if let Some(inside) = quoted {
        return Cell::text(&inside.replace("\"\"", "\""));
    }
    if trimmed.starts_with('=') {
        return Cell::Faulty(CellFault {
            code: "formula",
            message: Text::new(
                format!("数式（{trimmed}）が書かれています"),
                format!("the cell holds a formula: {trimmed}"),
            ),
            hint: Text::new("数式ではなく値を書いてください", "write the value"),
        });
    }
    // A decoded backslash: in CP932 it may be half of a kanji.
    if text.ends_with('\\') || text.contains('\\') && text.contains('"') {
        return Cell::Faulty(CellFault {
            code: "syntax",
            message: Text::new(
                "引用符（\"）の前に \\ があります。値がどこで終わるか分かりません",
                "a quote is marked with \\: where the value ends is not clear",
            ),
            hint: Text::new(
                "値の中の \" は \"\" と書いてください（書き出したソフトの設定が「\\ でエスケープ」になっています）",
                "write \" inside a value as \"\" (the program that wrote the file escapes with \\)",
            ),
        });
    }
    match text.strip_prefix('\'') {
        Some(inside) if is_marked(text.as_bytes()) => Cell::text(inside),
        _ => Cell::of_csv(text),
    }
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
            "この文字を書き直すか、UTF-8 で保存し直してください。文字コードは --encoding で指定できます",
            "write the character again, or save the file as UTF-8. --encoding names another encoding",
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

fn unclosed(row: u32, column: u32) -> TableError {
    let message = Text::new(
        format!("{row} 行目 {column} 列目で始まる引用符（\"）が閉じられていません"),
        format!("the quote opened in row {row}, column {column} is never closed"),
    );
    let hint = Text::new(
        "そのセルの終わりに \" を補ってください。それより後の行が読めません",
        "close it at the end of its cell; the rows after it cannot be read",
    );
    let place = Place::Cell { sheet: String::new(), row, column };
    Diagnostic::error("syntax", message).with_hint(hint).at(Some(place)).into()
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
    fn what_no_sheet_could_hold_is_refused_where_it_is() {
        let many = ",".repeat(MOST_COLUMNS);
        let long = "あ".repeat(MOST_CHARACTERS + 1);
        let endless = "あ,".repeat((MOST_BYTES / 4) as usize + 1);
        for row in [&many, &endless] {
            let Err(error) = read(format!("名称\n{row}\n").as_bytes(), None) else {
                panic!("a row of {} bytes is read", row.len())
            };
            let TableError::Faulty(report) = error else { panic!("{error:?}") };
            assert!(report.diagnostics[0].message.ja.starts_with("2 行目が長すぎます"), "{report}");
        }
        // Blank lines before it are rows too.
        let Err(TableError::Faulty(report)) = read(format!("名称\n\n\n{many}\n").as_bytes(), None)
        else {
            panic!("a row of {} bytes is read", many.len())
        };
        assert!(report.diagnostics[0].message.ja.starts_with("4 行目が長すぎます"), "{report}");
        let (_, rows) = read(format!("名称,所在地\n{long},東京都\n").as_bytes(), None).unwrap();
        assert!(
            matches!(&rows[1].cells[0], Cell::Faulty(fault) if fault.message.ja.contains("値が長すぎます"))
        );
        assert_eq!(text(&rows[1].cells[1]), "東京都");
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

    #[test]
    fn rows_of_a_file_with_carriage_returns_alone_are_counted_too() {
        let (table, rows) = read(b"a,b\r\r1,\"x\ry\"\r\r\r3,z\r", None).unwrap();
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 6]);
        assert_eq!(text(&rows[1].cells[1]), "x\ny");
        assert_eq!(table.height(), 6);
    }

    #[test]
    fn marks_of_a_text_are_undone_and_formulas_refused() {
        for (written, shown) in [
            ("=\"0123\"", "0123"),
            ("\"=\"\"0123\"\"\"", "0123"),
            ("'0123", "0123"),
            ("'", "'"),
            ("a'b", "a'b"),
        ] {
            let (_, rows) = read(format!("x,{written}\n").as_bytes(), None).unwrap();
            assert_eq!(text(&rows[0].cells[1]), shown, "{written}");
        }
        for written in ["=A1", "=\"a", "\"a\\\"b\"", "a\\"] {
            let (_, rows) = read(format!("x,{written}\n").as_bytes(), None).unwrap();
            assert!(matches!(rows[0].cells[1], Cell::Faulty(_)), "{written}: {rows:?}");
        }
        // The second byte of 表 is a backslash in CP932.
        let (_, rows) = read(b"\"\x95\x5C\",\x83\x65\n", None).unwrap();
        assert_eq!(text(&rows[0].cells[0]), "表");
    }

    #[test]
    fn encodings_that_are_not_read_are_named() {
        let (euc, ..) = encoding_rs::EUC_JP.encode("名称,所在地\n髙橋医院,東京都\n");
        let (jis, ..) = encoding_rs::ISO_2022_JP.encode("名称,所在地\n高橋医院,東京都\n");
        let utf16 = |bytes: fn(u16) -> [u8; 2]| "名称,a\n".encode_utf16().flat_map(bytes).collect();
        for (bytes, name) in [
            (euc.into_owned(), "EUC-JP"),
            (jis.into_owned(), "ISO-2022-JP"),
            (utf16(u16::to_le_bytes), "UTF-16"),
            (utf16(u16::to_be_bytes), "UTF-16"),
        ] {
            let TableError::Faulty(report) = read(&bytes, None).map(drop).unwrap_err() else {
                panic!("{name}")
            };
            assert!(report.diagnostics[0].message.en.contains(name), "{report}");
        }
        let wrong = [b"\x82,", "名称,医院\n".repeat(9).as_bytes()].concat();
        let (table, rows) = read(&wrong, None).unwrap();
        assert!(table.notes[0].en.contains("UTF-8"), "one bad cell is the fewest faults");
        assert_eq!(text(&rows[0].cells[2]), "医院");
    }

    #[test]
    fn the_delimiter_is_the_one_that_fits_most_rows() {
        for (file, cells) in [
            ("会員名簿\n名称\t所在地\nA\t東京都1,2\n", 2),
            ("名称;所在地\nA;東京都1,2\n", 2),
            ("名称\nA,B\nC,D\n", 2),
            ("sep=;\r\n名称;所在地;電話\r\n", 3),
            ("\u{FEFF}sep=\t\n名称\t所在地\n", 2),
            ("名称\n", 1),
        ] {
            let (_, rows) = read(file.as_bytes(), None).unwrap();
            assert_eq!(rows.last().unwrap().cells.len(), cells, "{file}");
            assert!(rows.iter().all(|row| !text(&row.cells[0]).starts_with("sep")), "{file}");
        }
    }
}
