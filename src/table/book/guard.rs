//! What a file is, and whether unpacking it would fill the memory.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;

use crate::report::{Diagnostic, Text};
use crate::table::TableError;

/// The largest filled form accepted, in bytes (16 MiB): it has some 20 kB.
pub(crate) const MAX_FORM_BYTES: usize = 16 << 20;
/// How many bytes of a file are looked at to know what it is.
const START: u64 = 1024;
/// How the old and the encrypted workbooks of Office begin.
const COMPOUND: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
/// What the name of the table of texts has in it, in lower case.
const STRINGS: &str = "sharedstrings";

/// What a workbook is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A form that was filled in: small.
    Form,
    /// A list, whose sheets are streamed: they may be of any length.
    List,
}

impl Purpose {
    /// The most it may unpack to, in bytes, the streamed sheets of a list not counted.
    fn most_unpacked(self) -> u64 {
        match self {
            Purpose::Form => 64 << 20,
            Purpose::List => 256 << 20,
        }
    }

    /// The most files in it.
    fn most_files(self) -> usize {
        match self {
            Purpose::Form => 1_000,
            Purpose::List => 10_000,
        }
    }

    /// Whether a file is unpacked as a whole; `name` is in lower case.
    fn is_whole(self, name: &str) -> bool {
        match self {
            Purpose::Form => true,
            Purpose::List => !name.contains("worksheets/") || name.contains(STRINGS),
        }
    }
}

/// Files that people take for a workbook or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// A password is needed to open it.
    Encrypted,
    /// The old binary format.
    Xls,
    /// The binary format of today.
    Xlsb,
    /// LibreOffice's.
    OpenDocument,
    /// A web page that is called .xls.
    Html,
    /// XML of Excel 2003 that is called .xls or .xml.
    Xml2003,
    /// A PDF.
    Pdf,
    /// A document of Word.
    Word,
    /// A zip of other files.
    Zip,
}

impl Foreign {
    /// The error that says what the file is and how to make a workbook of it.
    pub fn diagnostic(self) -> Diagnostic {
        let (ja, en) = match self {
            Foreign::Encrypted => {
                ("パスワードで暗号化されたブックです", "the workbook is encrypted")
            }
            Foreign::Xls => {
                ("古い形式（.xls）のブックです", "the workbook is in the old .xls format")
            }
            Foreign::Xlsb => {
                ("Excel バイナリブック（.xlsb）です", "this is a binary workbook (.xlsb)")
            }
            Foreign::OpenDocument => {
                ("OpenDocument（.ods）の文書です", "this is an OpenDocument file (.ods)")
            }
            Foreign::Html => ("Web ページ（HTML）の表です", "this is a table of a web page (HTML)"),
            Foreign::Xml2003 => {
                ("XML スプレッドシート 2003 です", "this is an XML Spreadsheet 2003")
            }
            Foreign::Pdf => ("PDF です", "this is a PDF"),
            Foreign::Word => ("Word の文書です", "this is a Word document"),
            Foreign::Zip => ("圧縮フォルダー（ZIP）です", "this is a zip file of other files"),
        };
        let hint = match self {
            Foreign::Encrypted => Text::new(
                "Excel で開き、ファイル > 情報 > ブックの保護 で開くパスワードを外して保存してください",
                "open it in Excel, remove the password and save it",
            ),
            Foreign::Pdf | Foreign::Word => Text::new(
                "元になった Excel ブックか CSV を渡してください",
                "give the workbook or CSV file that it was made from",
            ),
            Foreign::Zip => Text::new(
                "展開して、中の .xlsx か .csv を渡してください",
                "extract it and give the .xlsx or .csv file inside",
            ),
            Foreign::Xls
            | Foreign::Xlsb
            | Foreign::OpenDocument
            | Foreign::Html
            | Foreign::Xml2003 => save_as(),
        };
        fault(ja, en).with_hint(hint)
    }
}

/// What a file is by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A workbook (.xlsx, .xlsm).
    Workbook,
    /// Something that is neither a workbook nor a text.
    Foreign(Foreign),
    /// Anything else: perhaps a text.
    Other,
}

/// Whether the bytes begin as a workbook does, or as the older formats that are mistaken for one.
pub(crate) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK") || bytes.starts_with(COMPOUND)
}

/// Finds out what a file is. A zip that cannot be read counts as a workbook, which says so.
pub(crate) fn content<R: Read + Seek>(source: &mut R) -> io::Result<Content> {
    source.rewind()?;
    let mut start = Vec::new();
    source.by_ref().take(START).read_to_end(&mut start)?;
    let found = if start.starts_with(COMPOUND) {
        Content::Foreign(if is_encrypted(source)? { Foreign::Encrypted } else { Foreign::Xls })
    } else if start.starts_with(b"PK") {
        zipped(source)
    } else if start.starts_with(b"%PDF-") {
        Content::Foreign(Foreign::Pdf)
    } else {
        marked_up(&start)
    };
    source.rewind()?;
    Ok(found)
}

fn zipped<R: Read + Seek>(source: &mut R) -> Content {
    let Ok(zip) = ZipArchive::new(source) else { return Content::Workbook };
    let has = |name: &str| zip.index_for_name(name).is_some();
    match () {
        () if has("xl/workbook.xml") => Content::Workbook,
        () if has("xl/workbook.bin") => Content::Foreign(Foreign::Xlsb),
        () if has("content.xml") => Content::Foreign(Foreign::OpenDocument),
        () if has("word/document.xml") => Content::Foreign(Foreign::Word),
        () => Content::Foreign(Foreign::Zip),
    }
}

fn marked_up(start: &[u8]) -> Content {
    let text = String::from_utf8_lossy(start).to_ascii_lowercase();
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    match () {
        () if text.starts_with("<?xml") && text.contains("office:spreadsheet") => {
            Content::Foreign(Foreign::Xml2003)
        }
        () if ["<!doctype html", "<html", "<table", "<meta", "<head"]
            .iter()
            .any(|tag| text.starts_with(tag)) =>
        {
            Content::Foreign(Foreign::Html)
        }
        () => Content::Other,
    }
}

/// Whether a compound file holds a workbook that is encrypted.
fn is_encrypted<R: Read + Seek>(source: &mut R) -> io::Result<bool> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    source.rewind()?;
    let mut bytes = Vec::new();
    source.by_ref().take(Purpose::Form.most_unpacked()).read_to_end(&mut bytes)?;
    Ok(bytes.windows(name.len()).any(|window| window == name))
}

/// Refuses what is not a workbook, or one that would fill the memory.
pub(super) fn sound<R: Read + Seek>(source: &mut R, purpose: Purpose) -> Result<(), TableError> {
    if purpose == Purpose::Form && source.seek(SeekFrom::End(0))? > MAX_FORM_BYTES as u64 {
        return Err(too_large(purpose));
    }
    match content(source)? {
        Content::Workbook => {}
        Content::Foreign(foreign) => return Err(foreign.diagnostic().into()),
        Content::Other => {
            let (ja, en) =
                ("Excel のブック（.xlsx）ではありません", "not an Excel workbook (.xlsx)");
            let hint = Text::new(
                "onshi blank か onshi fill で作ったブックを渡してください",
                "give a workbook made with `onshi blank` or `onshi fill`",
            );
            return Err(fault(ja, en).with_hint(hint).into());
        }
    }
    let mut zip = ZipArchive::new(source).map_err(|error| damaged(&error.to_string()))?;
    if zip.len() > purpose.most_files() {
        return Err(too_large(purpose));
    }
    unpack(&mut zip, purpose)
}

/// Unpacks the files that are read as a whole: what a file says of its size may be untrue.
fn unpack<R: Read + Seek>(zip: &mut ZipArchive<R>, purpose: Purpose) -> Result<(), TableError> {
    let mut room = purpose.most_unpacked();
    for i in 0..zip.len() {
        let file = zip.by_index(i).map_err(|error| damaged(&error.to_string()))?;
        let name = file.name().map_or_else(|_| String::new(), |name| name.to_lowercase());
        if !purpose.is_whole(&name) {
            continue;
        }
        let mut bytes = Vec::new();
        let read = file.take(room + 1).read_to_end(&mut bytes);
        let read = read.map_err(|error| damaged(&error.to_string()))? as u64;
        room = room.checked_sub(read).ok_or_else(|| too_large(purpose))?;
        if name.contains(STRINGS) && claimed(&bytes) > read {
            return Err(damaged("uniqueCount is larger than the table of texts"));
        }
    }
    Ok(())
}

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

pub(super) fn too_large(purpose: Purpose) -> TableError {
    let hint = match purpose {
        Purpose::Form => Text::new(
            "onshi blank か onshi fill で作ったブックに、値だけを入れてください",
            "enter only values into a workbook made with `onshi blank` or `onshi fill`",
        ),
        Purpose::List => Text::new(
            "onshi roster で作った名簿に、値だけを入れてください",
            "enter only values into a roster made with `onshi roster`",
        ),
    };
    fault("ブックが大きすぎます", "the workbook is too large").with_hint(hint).into()
}

/// `why` is the parser's word, which is English and helps nobody to mend a workbook.
pub(super) fn damaged(why: &str) -> TableError {
    let message = format!("the workbook is damaged and cannot be read: {why}");
    let hint =
        Text::new("Excel で開いて保存し直してください", "open it in Excel and save it again");
    fault("ブックが壊れていて読めません", message).with_hint(hint).into()
}

fn fault(ja: impl Into<String>, en: impl Into<String>) -> Diagnostic {
    Diagnostic::error("syntax", Text::new(ja, en))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::*;

    fn zip(names: &[&str]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(b"<x/>").unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn what_is_no_workbook_is_named() {
        let encrypted: Vec<u8> =
            "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, foreign) in [
            (COMPOUND.to_vec(), Foreign::Xls),
            ([COMPOUND, &encrypted].concat(), Foreign::Encrypted),
            (zip(&["mimetype", "content.xml"]), Foreign::OpenDocument),
            (zip(&["[Content_Types].xml", "xl/workbook.bin"]), Foreign::Xlsb),
            (zip(&["[Content_Types].xml", "word/document.xml"]), Foreign::Word),
            (zip(&["list.csv"]), Foreign::Zip),
            (b"\xEF\xBB\xBF \n<HTML><body>".to_vec(), Foreign::Html),
            (b"<table border=1>".to_vec(), Foreign::Html),
            (b"%PDF-1.7\n".to_vec(), Foreign::Pdf),
            (
                b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"
                    .to_vec(),
                Foreign::Xml2003,
            ),
        ] {
            let found = content(&mut Cursor::new(&bytes)).unwrap();
            assert_eq!(found, Content::Foreign(foreign), "{}", String::from_utf8_lossy(&bytes));
            let diagnostic = foreign.diagnostic();
            assert!(diagnostic.message.ja.chars().count() < 40, "{}", diagnostic.message.ja);
        }
        let workbook = zip(&["xl/workbook.xml"]);
        assert_eq!(content(&mut Cursor::new(workbook)).unwrap(), Content::Workbook);
        assert_eq!(content(&mut Cursor::new("名称,所在地")).unwrap(), Content::Other);
    }

    #[test]
    fn a_table_that_claims_more_texts_than_it_has_bytes_is_refused() {
        assert_eq!(claimed(b"<sst count=\"9\" uniqueCount=\"4000000000\">"), 4_000_000_000);
        assert_eq!(claimed(b"<sst uniqueCount = '99999999999999999999'>"), u64::MAX);
        assert_eq!(claimed(b"<sst>"), 0);
    }
}
