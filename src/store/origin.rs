//! Whether a file is as this program wrote it, by the file's own metadata.

use std::fs::File;
use std::io::{self, Cursor, Read as _};
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

/// What the metadata of our files names as their maker.
const MAKER: &str = "onshi";
/// The largest file of ours that is replaced without being asked, in bytes: a form has some 100 kB, a
/// print file of 10,000 pages some 60 MB.
const MAX_BYTES: u64 = 256 << 20;
/// The largest metadata of a workbook, in bytes.
const MAX_XML: u64 = 1 << 16;
/// How our PDFs begin. Programs that save a PDF anew, keeping its metadata, have another second line.
const PDF_START: &str = "%PDF-1.7\n%オン\n";

/// Whether this program wrote the file as an output and no other program has saved it since: a PDF by its
/// XMP, a workbook by its document properties, a picture by its chunks. A text says nothing of its maker.
///
/// ```
/// use onshi::{Format, Writer, form::Forms, layout::Mode, store};
/// let forms = Forms::built_in();
/// let form = forms.find("別紙1").unwrap();
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("a.pdf");
/// store::write(&path, &Writer::new(forms, Format::Pdf).form(form, Mode::Blank)?[0].bytes)?;
/// assert!(store::is_own(&path)?);
/// let mut bytes = std::fs::read(&path)?;
/// bytes.extend(b"1 0 obj\nnull\nendobj\n%%EOF\n");
/// std::fs::write(&path, bytes)?;
/// assert!(!store::is_own(&path)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the file cannot be read.
pub fn is_own(path: &Path) -> io::Result<bool> {
    let file = File::open(path)?;
    if file.metadata()?.len() > MAX_BYTES {
        return Ok(false);
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut bytes)?;
    Ok(match &bytes[..] {
        [b'%', b'P', b'D', b'F', ..] => is_own_pdf(&bytes),
        [b'P', b'K', ..] => is_own_workbook(&bytes).unwrap_or(false),
        [0x89, b'P', b'N', b'G', ..] => is_own_picture(&bytes).unwrap_or(false),
        _ => false,
    })
}

/// One revision, made here, without a day of change.
fn is_own_pdf(bytes: &[u8]) -> bool {
    let find = |wanted: &[u8]| bytes.windows(wanted.len()).position(|window| window == wanted);
    let after = |tag: &str| {
        let start = find(tag.as_bytes())? + tag.len();
        bytes[start..].split(|byte| *byte == b'<').next()
    };
    let end = find(b"%%EOF").map(|at| bytes[at..].trim_ascii_end());
    let maker = after("<pdf:Producer>").is_some_and(|name| name.starts_with(MAKER.as_bytes()));
    bytes.starts_with(PDF_START.as_bytes())
        && end == Some(b"%%EOF")
        && maker
        && after("<xmp:ModifyDate>") == after("<xmp:CreateDate>")
}

/// Made and last changed here, on the same fixed day.
fn is_own_workbook(bytes: &[u8]) -> Option<bool> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut xml = String::new();
    archive.by_name("docProps/core.xml").ok()?.take(MAX_XML).read_to_string(&mut xml).ok()?;
    let property = |name: &str| {
        let mut reader = Reader::from_str(&xml);
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) if start.local_name().as_ref() == name => {
                    return Some(reader.read_text(start.name()).ok()?.into_inner().into_owned());
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    };
    let [creator, last] = [property("creator")?, property("lastModifiedBy")?];
    Some(creator == MAKER && last == MAKER && property("created") == property("modified"))
}

/// Made here, with no chunk that we do not write.
fn is_own_picture(bytes: &[u8]) -> Option<bool> {
    let mut rest = bytes.get(8..)?;
    let mut is_named = false;
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let (kind, data) = (rest.get(4..8)?, rest.get(8..8 + length)?);
        match kind {
            b"IHDR" | b"pHYs" | b"IDAT" | b"IEND" => {}
            b"tEXt" if data.starts_with(format!("Software\0{MAKER}").as_bytes()) => is_named = true,
            _ => return Some(false),
        }
        rest = rest.get(12 + length..)?;
    }
    Some(is_named)
}
