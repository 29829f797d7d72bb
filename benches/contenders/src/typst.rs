//! typst as a library: a template of the same form and the sheet's values, PDF/A-2a and tags as
//! onshi's. Whatever it remembers from page to page is forgotten between rounds, unless named.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use onshi::font::Face;
use onshi::sheet::{Area, Block, Sheet};
use serde_json::{Map, Value};
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

const TEMPLATE: &str = include_str!("plan.typ");

pub fn paint(sheet: &Sheet) -> Vec<u8> {
    compile(values(sheet))
}

/// Another facility's page each time, as in a batch.
pub fn paint_again(sheet: &Sheet) -> Vec<u8> {
    static SERIAL: AtomicU32 = AtomicU32::new(0);
    let mut values = values(sheet);
    let serial = SERIAL.fetch_add(1, Ordering::Relaxed);
    let name = values.get("facility.name").and_then(Value::as_str).unwrap_or_default();
    let name = format!("{name}{serial:03}");
    values.insert("facility.name".into(), name.into());
    compile(values)
}

fn compile(values: Map<String, Value>) -> Vec<u8> {
    let world = Page { values: Bytes::from_string(Value::Object(values).to_string()) };
    let document = typst::compile::<PagedDocument>(&world).output.expect("the template is sound");
    let date = Datetime::from_ymd_hms(2000, 1, 1, 0, 0, 0).expect("there was such a day");
    let options = PdfOptions {
        ident: Smart::Auto,
        timestamp: Some(Timestamp::new_utc(date)),
        standards: PdfStandards::new(&[PdfStandard::A_2a]).expect("the standard stands alone"),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).expect("the page prints")
}

/// What stands in the fields.
fn values(sheet: &Sheet) -> Map<String, Value> {
    let areas = sheet.blocks.iter().flat_map(|block| match block {
        Block::Table { rows } => rows.iter().flatten().flat_map(|cell| &cell.areas).collect(),
        _ => Vec::<&Area>::new(),
    });
    let text = |area: &Area| -> String {
        area.lines.iter().flat_map(|line| &line.runs).map(|run| run.text.as_str()).collect()
    };
    areas.filter_map(|area| Some((area.field.clone()?, text(area).into()))).collect()
}

struct Page {
    values: Bytes,
}

struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    source: Source,
    values: FileId,
}

fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let font = |face: Face| Font::new(Bytes::new(face.data()), 0).expect("they are TrueType");
        let fonts: Vec<Font> = Face::ALL.into_iter().map(font).collect();
        let id = |name| {
            let path = VirtualPath::new(name).expect("a plain name");
            RootedPath::new(VirtualRoot::Project, path).intern()
        };
        Shared {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            source: Source::new(id("plan.typ"), TEMPLATE.into()),
            values: id("values.json"),
        }
    })
}

impl World for Page {
    fn library(&self) -> &LazyHash<Library> {
        &shared().library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &shared().book
    }

    fn main(&self) -> FileId {
        shared().source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let source = &shared().source;
        if id == source.id() { Ok(source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == shared().values { Ok(self.values.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        shared().fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
