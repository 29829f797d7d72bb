//! Opening a workbook that somebody else wrote: what it must not be, and the cells asked for.

use std::collections::{BTreeSet, HashMap};
use std::io::{Cursor, Read, Seek};

use calamine::{DataRef, Reader, Xlsx};
use zip::ZipArchive;

use crate::calendar::Date;
use crate::report::{Diagnostic, Text};

/// The largest workbook accepted, in bytes (16 MiB): a filled form has some 20 kB.
pub(crate) const MAX_WORKBOOK_BYTES: usize = 16 << 20;
/// The most a workbook may unpack to, in bytes.
const MAX_UNPACKED: u64 = 64 << 20;
/// The most files in it.
const MAX_FILES: usize = 1_000;

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found {
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A number shown as a day; none when it is a time or no day of the calendar.
    Day(Option<Date>),
    /// TRUE or FALSE.
    Boolean(bool),
    /// `#N/A` and its like.
    Error(String),
}

/// A workbook that is one.
pub(crate) struct Book {
    xlsx: Xlsx<Cursor<Vec<u8>>>,
}

/// Whether the bytes begin as a workbook does, or as the older formats that are mistaken for one.
pub(crate) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(COMPOUND)
}

/// How `.xls` and encrypted workbooks begin.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

impl Book {
    /// Opens a workbook.
    ///
    /// # Errors
    /// A `syntax` error: too large, encrypted, an older or other format, damaged, or no workbook.
    pub fn open(bytes: &[u8]) -> Result<Book, Box<Diagnostic>> {
        sound(bytes)?;
        match Xlsx::new(Cursor::new(bytes.to_vec())) {
            Ok(xlsx) => Ok(Book { xlsx }),
            Err(error) => Err(damaged(&error.to_string())),
        }
    }

    /// The sheets, hidden ones too.
    pub fn sheets(&self) -> Vec<String> {
        self.xlsx.sheet_names()
    }

    /// The defined names and what they refer to.
    pub fn names(&self) -> &[(String, String)] {
        self.xlsx.defined_names()
    }

    /// Whether days are counted from 1904.
    pub fn counts_from_1904(&self) -> bool {
        self.xlsx.has_1904_epoch()
    }

    /// The cells of a sheet that are asked for, by row and column from 0; empty ones are left out.
    ///
    /// # Errors
    /// A `syntax` error when the sheet is damaged or not there.
    pub fn cells(
        &mut self,
        sheet: &str,
        wanted: impl Fn(u32, u32) -> bool,
    ) -> Result<HashMap<(u32, u32), Found>, Box<Diagnostic>> {
        let from_1904 = self.counts_from_1904();
        let fault = |error: calamine::XlsxError| damaged(&error.to_string());
        // One cell after the other: a single cell far down would make a whole range of gigabytes.
        let mut reader = self.xlsx.worksheet_cells_reader(sheet).map_err(fault)?;
        let mut cells = HashMap::new();
        while let Some(cell) = reader.next_cell().map_err(fault)? {
            let (row, column) = cell.get_position();
            if wanted(row, column)
                && let Some(found) = found(cell.get_value(), from_1904)
            {
                cells.insert((row, column), found);
            }
        }
        Ok(cells)
    }
}

fn found(data: &DataRef<'_>, from_1904: bool) -> Option<Found> {
    Some(match data {
        DataRef::Empty => return None,
        DataRef::String(text) => Found::Text(text.clone()),
        DataRef::SharedString(text) => Found::Text((*text).to_owned()),
        DataRef::Int(number) => Found::Number(*number as f64),
        DataRef::Float(number) => Found::Number(*number),
        DataRef::Bool(value) => Found::Boolean(*value),
        DataRef::DateTime(day) if day.is_duration() || day.as_f64() < 1.0 => Found::Day(None),
        DataRef::DateTime(day) => Found::Day(day_of(day.as_f64(), from_1904)),
        DataRef::DateTimeIso(text) => Found::Day(text.get(..10).and_then(|day| day.parse().ok())),
        DataRef::DurationIso(_) => Found::Day(None),
        DataRef::Error(error) => Found::Error(error.to_string()),
    })
}

/// The last day Excel counts, 31 December 9999.
const LAST_DAY: f64 = 2_958_465.0;

/// The day Excel counts as this number; none before 1 March 1900, up to which it counts wrongly.
fn day_of(number: f64, from_1904: bool) -> Option<Date> {
    let days = number.floor() + if from_1904 { 1462.0 } else { 0.0 };
    if !(61.0..=LAST_DAY).contains(&days) {
        return None;
    }
    // Between the bounds just checked.
    let span = jiff::Span::new().try_days(days as i64).ok()?;
    Date::constant(1899, 12, 30).checked_add(span).ok()
}

/// The day a plain number must mean; none outside the years 1900 to 2199, since it may mean
/// something else, such as 20240401.
pub(crate) fn day_of_serial(number: f64, from_1904: bool) -> Option<Date> {
    day_of(number, from_1904).filter(|day| day.year() < 2200)
}

/// Refuses what is no workbook, or one that would fill the memory.
fn sound(bytes: &[u8]) -> Result<(), Box<Diagnostic>> {
    if bytes.len() > MAX_WORKBOOK_BYTES {
        return Err(too_large());
    }
    if bytes.starts_with(COMPOUND) {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(name.len()).any(|window| window == name);
        return Err(Box::new(if encrypted {
            fault("パスワードで暗号化されたブックです", "the workbook is encrypted").with_hint(Text::new(
                "Excel で開き、ファイル > 情報 > ブックの保護 で開くパスワードを外して保存してください",
                "open it in Excel, remove the password and save it",
            ))
        } else {
            fault("古い形式（.xls）のブックです", "the workbook is in the old .xls format")
                .with_hint(save_as())
        }));
    }
    if !bytes.starts_with(b"PK") {
        let hint = Text::new(
            "onshi blank か onshi fill で作ったブックを渡してください",
            "give a workbook that `onshi blank` or `onshi fill` made",
        );
        let (ja, en) = ("Excel のブック（.xlsx）ではありません", "not an Excel workbook (.xlsx)");
        return Err(Box::new(fault(ja, en).with_hint(hint)));
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    if zip.len() > MAX_FILES {
        return Err(too_large());
    }
    if zip.index_for_name("xl/workbook.xml").is_none() {
        let known = |name: &str| zip.index_for_name(name).is_some();
        let (ja, en) = if known("xl/workbook.bin") {
            ("Excel バイナリブック（.xlsb）です", "this is a binary workbook (.xlsb)")
        } else if known("content.xml") {
            ("OpenDocument（.ods）の文書です", "this is an OpenDocument file (.ods)")
        } else {
            ("Excel のブック（.xlsx）ではありません", "not an Excel workbook (.xlsx)")
        };
        return Err(Box::new(fault(ja, en).with_hint(save_as())));
    }
    unpack(&mut zip, MAX_UNPACKED, |_| true).map_err(|fault| match fault {
        Unpacking::TooLarge => too_large(),
        Unpacking::Damaged(why) => damaged(&why),
    })
}

/// Why a workbook is not to be unpacked.
pub(crate) enum Unpacking {
    /// It would be larger than allowed.
    TooLarge,
    /// It cannot be unpacked, or says what is not so: why.
    Damaged(String),
}

/// Finds out whether the files that are `wanted`, by name, unpack to at most so many bytes together.
pub(crate) fn unpack<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    most: u64,
    wanted: impl Fn(&str) -> bool,
) -> Result<(), Unpacking> {
    // What a file says of its size may be untrue: each is unpacked up to the limit.
    let mut room = most;
    for i in 0..zip.len() {
        let file = zip.by_index(i).map_err(|e| Unpacking::Damaged(e.to_string()))?;
        let name = file.name().map_or_else(|_| String::new(), |name| name.to_lowercase());
        if !wanted(&name) {
            continue;
        }
        let mut bytes = Vec::new();
        let read = file.take(room + 1).read_to_end(&mut bytes);
        let read = read.map_err(|e| Unpacking::Damaged(e.to_string()))? as u64;
        room = room.checked_sub(read).ok_or(Unpacking::TooLarge)?;
        if name.contains(STRINGS) && claimed(&bytes) > read {
            return Err(Unpacking::Damaged("uniqueCount".to_owned()));
        }
    }
    Ok(())
}

/// What the name of the table of texts has in it, in lower case.
pub(crate) const STRINGS: &str = "sharedstrings";

/// How many texts the table of texts says it has: the reader makes room for as many.
fn claimed(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    let number = |after: &str| {
        let digits = after.trim_start_matches([' ', '=', '"', '\'']);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        digits[..end].parse().unwrap_or(if end > 0 { u64::MAX } else { 0 })
    };
    text.split("uniqueCount").skip(1).map(number).max().unwrap_or(0)
}

fn save_as() -> Text {
    Text::new(
        "Excel で開き、「名前を付けて保存」で Excel ブック（.xlsx）にしてください",
        "open it and save it as an Excel workbook (.xlsx)",
    )
}

fn too_large() -> Box<Diagnostic> {
    Box::new(fault("ブックが大きすぎます", "the workbook is too large").with_hint(Text::new(
        "onshi blank か onshi fill で作ったブックに、値だけを入れてください",
        "enter only values into a workbook that `onshi blank` or `onshi fill` made",
    )))
}

fn damaged(why: &str) -> Box<Diagnostic> {
    Box::new(
        fault(
            format!("ブックが壊れていて読めません（{why}）"),
            format!("the workbook is damaged and cannot be read: {why}"),
        )
        .with_hint(Text::new(
            "Excel で開いて保存し直してください",
            "open it in Excel and save it anew",
        )),
    )
}

fn fault(ja: impl Into<String>, en: impl Into<String>) -> Diagnostic {
    Diagnostic::error("syntax", Text::new(ja, en))
}

/// Cells that a defined name or an address stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The sheet; empty when the address names none.
    pub sheet: String,
    /// The first row and column, from 0.
    pub first: (u32, u32),
    /// The last row and column.
    pub last: (u32, u32),
}

impl Reference {
    /// Reads `'Sheet'!$B$3:$D$4`; none for anything else, such as `#REF!`.
    pub fn parse(text: &str) -> Option<Reference> {
        let (sheet, address) = match text.trim_start_matches('=').rsplit_once('!') {
            Some((sheet, address)) => {
                let quoted = sheet.strip_prefix('\'').and_then(|s| s.strip_suffix('\''));
                (quoted.map_or(sheet.to_owned(), |s| s.replace("''", "'")), address)
            }
            None => (String::new(), text),
        };
        let (first, last) = address.split_once(':').unwrap_or((address, address));
        let (first, last) = (corner(first)?, corner(last)?);
        (first.0 <= last.0 && first.1 <= last.1).then_some(Reference { sheet, first, last })
    }

    pub fn contains(&self, row: u32, column: u32) -> bool {
        (self.first.0..=self.last.0).contains(&row)
            && (self.first.1..=self.last.1).contains(&column)
    }
}

fn corner(text: &str) -> Option<(u32, u32)> {
    let text = text.replace('$', "");
    let split = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = text.split_at(split);
    let sound =
        (1..=3).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_alphabetic());
    if !sound {
        return None;
    }
    let column =
        letters.bytes().fold(0, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = digits.parse().ok().filter(|row| (1..=1_048_576).contains(row))?;
    Some((row - 1, column - 1))
}

/// The names of fields among the defined names, whatever case a program has given them.
pub(crate) fn has_name(names: &[(String, String)], wanted: &BTreeSet<String>) -> usize {
    names.iter().filter(|(name, _)| wanted.contains(&name.to_lowercase())).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_as_excel_writes_them() {
        let cells = |sheet: &str, first, last| Some(Reference { sheet: sheet.into(), first, last });
        assert_eq!(Reference::parse("'別紙2'!$B$3:$AA$4"), cells("別紙2", (2, 1), (3, 26)));
        assert_eq!(Reference::parse("'it''s'!$A$1"), cells("it's", (0, 0), (0, 0)));
        assert_eq!(Reference::parse("Sheet1!C7"), cells("Sheet1", (6, 2), (6, 2)));
        for other in ["#REF!", "'別紙2'!#REF!", "SUM(A1)", "A0", "ABCD1", "$B$3:$A$1", ""] {
            assert_eq!(Reference::parse(other), None, "{other}");
        }
    }

    #[test]
    fn serial_numbers_are_days_in_both_systems() {
        assert_eq!(day_of_serial(45_383.0, false), Some(Date::constant(2024, 4, 1)));
        assert_eq!(day_of_serial(43_921.75, true), Some(Date::constant(2024, 4, 1)));
        assert_eq!(day_of_serial(20_240_401.0, false), None);
        assert_eq!(day_of_serial(-1.0, false), None);
    }

    #[test]
    fn what_is_no_workbook_is_refused_in_words() {
        let encrypted: Vec<u8> =
            "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, part) in [
            (b"facility: {}".to_vec(), "ではありません"),
            (Vec::new(), "ではありません"),
            (b"PK\x03\x04rest".to_vec(), "壊れて"),
            (COMPOUND.to_vec(), ".xls"),
            ([COMPOUND, &encrypted].concat(), "暗号化"),
            (vec![b'P'; MAX_WORKBOOK_BYTES + 1], "大きすぎ"),
        ] {
            let Err(diagnostic) = Book::open(&bytes) else { panic!("{part}") };
            assert!(diagnostic.message.ja.contains(part), "{}", diagnostic.message.ja);
            assert_eq!(diagnostic.code, "syntax");
        }
    }

    #[test]
    fn a_table_that_claims_more_texts_than_it_has_bytes_is_refused() {
        assert_eq!(claimed(b"<sst count=\"9\" uniqueCount=\"4000000000\">"), 4_000_000_000);
        assert_eq!(claimed(b"<sst uniqueCount = '99999999999999999999'>"), u64::MAX);
        assert_eq!(claimed(b"<sst>"), 0);
    }
}
