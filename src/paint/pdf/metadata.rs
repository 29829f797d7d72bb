//! What a document says of itself: its information dictionary, and the same as XMP (ISO 19005-2, 6.6).

use std::io::Write;

use pdf_writer::types::OutputIntentSubtype;
use pdf_writer::writers::{Catalog, DocumentInfo};
use pdf_writer::{Date, Name, Ref, TextStr};
use sha2::{Digest as _, Sha256};
use xmp_writer::{DateTime, LangId, Timezone, XmpWriter};

use super::file::{Effort, File, Finished, deflate};
use super::icc;
use crate::font::is_xml;
use crate::paint::PaintError;

/// The numbers of the objects that every document begins with.
pub(super) const CATALOG: Ref = Ref::new(1);
pub(super) const PAGES: Ref = Ref::new(2);
pub(super) const PROFILE: Ref = Ref::new(3);
pub(super) const STRUCTURE: Ref = Ref::new(4);
pub(super) const METADATA: Ref = Ref::new(5);
pub(super) const INFO: Ref = Ref::new(6);
pub(super) const OUTLINE: Ref = Ref::new(7);
pub(super) const FIRST_PAGE: Ref = Ref::new(8);

/// The program, as what wrote the document.
const PROGRAM: &str = concat!("onshi ", env!("CARGO_PKG_VERSION"));

/// The language of every document.
const LANGUAGE: &str = "ja";

/// A document's standards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standard {
    /// The part of PDF/A: 2, or 3 for one that carries a file.
    pub part: i32,
    /// `A` with structure, `U` with text alone.
    pub conformance: &'static str,
}

impl Standard {
    /// Whether it is PDF/UA-1 too.
    fn is_accessible(self) -> bool {
        self.conformance == "A"
    }
}

pub(super) struct Metadata<'a> {
    pub title: &'a str,
    pub date: jiff::civil::Date,
    /// None for one that claims nothing: the paper it is printed on does not.
    pub standard: Option<Standard>,
}

impl Metadata<'_> {
    /// Ends a document: `more` is what its catalog has besides.
    pub fn close<W: Write>(
        &self,
        mut file: File<W>,
        mut digest: Sha256,
        more: impl FnOnce(&mut Catalog),
    ) -> Result<W, PaintError> {
        let when = date(self.date);
        let mut info = file.object::<DocumentInfo>(INFO);
        info.title(TextStr(self.title)).creator(TextStr(PROGRAM)).producer(TextStr(PROGRAM));
        info.creation_date(when).modified_date(when);
        drop(info);
        let xmp = self.xmp();
        digest.update(&xmp);
        // As it is: programs look for it in the bytes of the file.
        file.stream(METADATA, xmp.as_bytes(), |stream| {
            stream.pair(Name(b"Type"), Name(b"Metadata")).pair(Name(b"Subtype"), Name(b"XML"));
        });
        let mut catalog = file.object::<Catalog>(CATALOG);
        catalog.pages(PAGES).metadata(METADATA).outlines(OUTLINE).lang(TextStr(LANGUAGE));
        catalog.viewer_preferences().display_doc_title(true);
        write_intent(&mut catalog);
        more(&mut catalog);
        drop(catalog);
        let mut id = [0; 16];
        id.copy_from_slice(&digest.finalize()[..16]);
        let Finished { out, mut refused, failure } = file.finish(CATALOG, INFO, &id);
        if !self.title.chars().all(is_xml) {
            refused.push("the title has control characters".into());
        }
        refused.refuse()?;
        failure.map_or(Ok(out), |why| Err(PaintError::Output(why)))
    }

    fn xmp(&self) -> String {
        let mut xmp = XmpWriter::new();
        xmp.title([(None, self.title)]).language([LangId(LANGUAGE)]).format("application/pdf");
        xmp.creator_tool(PROGRAM).producer(PROGRAM);
        let (year, month, day) = parts(self.date);
        let mut date = DateTime::date(year, month, day);
        (date.hour, date.minute, date.second) = (Some(0), Some(0), Some(0));
        date.timezone = Some(Timezone::Utc);
        xmp.create_date(date).modify_date(date);
        if let Some(Standard { part, conformance }) = self.standard {
            xmp.pdfa_part(part).pdfa_conformance(conformance);
        }
        if self.standard.is_some_and(Standard::is_accessible) {
            xmp.pdfua_part(1);
            // PDF/A does not know PDF/UA's properties.
            let mut schemas = xmp.extension_schemas();
            schemas.pdfua_id().properties().describe_part();
        }
        xmp.finish(None)
    }
}

/// Writes the colour profile.
pub(super) fn write_profile<W: Write>(file: &mut File<W>) {
    file.packed_stream(PROFILE, &deflate(&icc::srgb(), Effort::Well), |stream| {
        stream.pair(Name(b"N"), 3);
    });
}

/// Says which colours are meant.
fn write_intent(catalog: &mut Catalog) {
    let mut intents = catalog.output_intents();
    let mut intent = intents.push();
    intent.subtype(OutputIntentSubtype::PDFA).output_condition_identifier(TextStr("sRGB"));
    intent.registry_name(TextStr("http://www.color.org")).info(TextStr("sRGB IEC61966-2.1"));
    intent.dest_output_profile(PROFILE);
}

pub(super) fn date(date: jiff::civil::Date) -> Date {
    let (year, month, day) = parts(date);
    Date::new(year).month(month).day(day).hour(0).minute(0).second(0).utc_offset_hour(0)
}

fn parts(date: jiff::civil::Date) -> (u16, u8, u8) {
    // A civil date's parts are in range: year -9999 to 9999, month and day positive.
    (date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs())
}
