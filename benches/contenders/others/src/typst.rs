//! typst as a library: a template of the same form and the same values, PDF/A-2a and tags as onshi's.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use common::Page;
use common::fonts::FACES;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

const TEMPLATE: &str = include_str!("plan.typ");

/// The page as the first of a process. The fonts are parsed.
pub fn paint(page: &Page) -> Vec<u8> {
    compile(&page.values)
}

/// Forgets what was remembered of earlier pages.
pub fn forget() {
    comemo::evict(0);
}

/// Another facility's page each time, with what is remembered of the last: as in a batch.
pub fn paint_another(page: &Page) -> Vec<u8> {
    static SERIAL: AtomicU32 = AtomicU32::new(0);
    let mut values = page.values.clone();
    let name = values.get_mut("facility.name").expect("the page has a name");
    name.push_str(&format!("{:03}", SERIAL.fetch_add(1, Ordering::Relaxed)));
    compile(&values)
}

fn compile(values: &BTreeMap<String, String>) -> Vec<u8> {
    let json = serde_json::to_string(values).expect("texts are JSON");
    let world = Values(Bytes::from_string(json));
    let document = typst::compile::<PagedDocument>(&world).output.expect("the template is sound");
    let date = Datetime::from_ymd_hms(2000, 1, 1, 0, 0, 0).expect("there was such a day");
    let options = PdfOptions {
        timestamp: Some(Timestamp::new_utc(date)),
        standards: PdfStandards::new(&[PdfStandard::A_2a]).expect("it contradicts nothing"),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).expect("the page prints")
}

/// The values a page is compiled with; everything else is the same for all.
struct Values(Bytes);

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
        let font = |face| Font::new(Bytes::new(face), 0).expect("the faces are TrueType");
        let fonts: Vec<Font> = FACES.into_iter().map(font).collect();
        let id = |name| {
            let path = VirtualPath::new(name).expect("a plain name");
            RootedPath::new(VirtualRoot::Project, path).intern()
        };
        Shared {
            library: LazyHash::new(<Library as LibraryExt>::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            source: Source::new(id("plan.typ"), TEMPLATE.into()),
            values: id("values.json"),
        }
    })
}

impl World for Values {
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
        if id == shared().values { Ok(self.0.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        shared().fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
