//! A paper: a PDF whose pages are printed on.

use std::fmt;
use std::sync::{Arc, OnceLock};

use hayro::hayro_syntax::Pdf;
use lopdf::{Document, Object};
use sha2::{Digest as _, Sha256};

use super::copy::Parts;
use super::fields::{self, Widget};
use super::geometry::Geometry;
use super::input::{Damage, Input, Unusable, look, open};
use super::see::{self, Seen};

/// The largest PDF that is read as a paper, in bytes: it is in every filled form.
pub const LARGEST: usize = 20_000_000;
/// The most pages a paper may have.
pub const MOST_PAGES: usize = 100;

/// A PDF whose pages are printed on.
pub struct Paper {
    bytes: Arc<[u8]>,
    hash: String,
    document: Document,
    /// The file as the reader of what is on its pages has it; none if that reader refuses it.
    pdf: OnceLock<Option<Pdf>>,
    pages: Vec<Page>,
    archive: Option<Archive>,
}

/// A page of a paper.
struct Page {
    id: lopdf::ObjectId,
    geometry: Geometry,
    parts: OnceLock<Result<Arc<Parts>, Damage>>,
    seen: OnceLock<Result<Arc<Seen>, Unusable>>,
    picture: OnceLock<Arc<str>>,
}

/// What a paper says of itself as a document to be kept (PDF/A).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Archive {
    /// Whether its text can be read, and is not only seen.
    pub is_unicode: bool,
}

impl fmt::Debug for Paper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Paper({}, {} pages)", self.hash, self.pages.len())
    }
}

impl Paper {
    /// Reads a PDF.
    ///
    /// ```
    /// use onshi::paper::Paper;
    /// let paper = Paper::read(&std::fs::read("tests/data/pdf/scan.pdf")?).unwrap();
    /// assert_eq!(paper.pages().count(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// Why its pages cannot be printed on.
    pub fn read(bytes: &[u8]) -> Result<Arc<Paper>, Unusable> {
        let Input { document, junk, .. } = open(bytes, false)?;
        let mut pages = Vec::new();
        for id in document.get_pages().into_values() {
            let geometry =
                Geometry::of(document.get_dictionary(id).map_err(Unusable::of)?, &document);
            let (parts, seen, picture) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
            pages.push(Page { id, geometry, parts, seen, picture });
        }
        let hash = hash(bytes);
        let archive = archive(&document);
        let (bytes, pdf) = (bytes[junk..].into(), OnceLock::new());
        Ok(Arc::new(Paper { bytes, hash, document, pdf, pages, archive }))
    }

    /// The SHA-256 of the file, in hexadecimal digits.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// How long the file is, in bytes.
    pub(crate) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// Its pages.
    pub fn pages(self: &Arc<Self>) -> impl Iterator<Item = PaperPage> {
        let paper = Arc::clone(self);
        (0..self.pages.len()).map(move |index| PaperPage { paper: Arc::clone(&paper), index })
    }

    /// The form fields on its pages, in the order of the pages.
    pub fn widgets(&self) -> Vec<Widget> {
        let pages: Vec<_> = self.pages.iter().map(|page| (page.id, page.geometry)).collect();
        fields::widgets(&self.document, &pages)
    }

    /// What it says of itself as a document to be kept.
    pub(crate) fn archive(&self) -> Option<Archive> {
        self.archive
    }
}

/// The form fields of a PDF with what stands in them. A signature on it, and what its owner allows, do not
/// matter: nothing of it is changed.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn filled_in(bytes: &[u8]) -> Result<Vec<Widget>, Unusable> {
    let document = look(bytes)?;
    let pages = document.get_pages().into_values();
    let mut places = Vec::new();
    for id in pages {
        places.push((
            id,
            Geometry::of(document.get_dictionary(id).map_err(Unusable::of)?, &document),
        ));
    }
    Ok(fields::widgets(&document, &places))
}

/// The SHA-256 of a file, in hexadecimal digits.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One page of a paper.
#[derive(Clone)]
pub struct PaperPage {
    paper: Arc<Paper>,
    index: usize,
}

impl fmt::Debug for PaperPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "page {} of {:?}", self.index + 1, self.paper)
    }
}

impl PartialEq for PaperPage {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
            && (Arc::ptr_eq(&self.paper, &other.paper) || self.paper.hash == other.paper.hash)
    }
}

impl PaperPage {
    fn page(&self) -> &Page {
        // A page of a paper is made by the paper alone.
        &self.paper.pages[self.index]
    }

    /// The paper it is of.
    pub fn paper(&self) -> &Arc<Paper> {
        &self.paper
    }

    /// Which page it is, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Width and height in mm, as it is seen: cropped and turned.
    pub fn size(&self) -> (f32, f32) {
        let Geometry { width, height, .. } = self.page().geometry;
        (width, height)
    }

    /// The lines and words on it, which are looked for once.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn see(&self) -> Result<Arc<Seen>, Unusable> {
        let Page { geometry, seen, .. } = self.page();
        let pdf = || self.paper.pdf.get_or_init(|| Pdf::new(self.paper.bytes.to_vec()).ok());
        let look = || see::see(pdf().as_ref(), self.index, geometry).map(Arc::new);
        seen.get_or_init(look).clone()
    }

    /// What another PDF needs to show it.
    ///
    /// # Errors
    /// When a part of it is missing or too large.
    pub(crate) fn parts(&self) -> Result<Arc<Parts>, Damage> {
        let page = self.page();
        let parts = page
            .parts
            .get_or_init(|| Parts::of(&self.paper.document, page.id, &page.geometry).map(Arc::new));
        parts.clone()
    }

    /// The address of its picture, which is made once.
    pub(crate) fn picture<E>(
        &self,
        make: impl FnOnce() -> Result<String, E>,
    ) -> Result<Arc<str>, E> {
        let known = &self.page().picture;
        if let Some(picture) = known.get() {
            return Ok(Arc::clone(picture));
        }
        let made: Arc<str> = make()?.into();
        Ok(Arc::clone(known.get_or_init(|| made)))
    }
}

/// What a document claims of PDF/A that a copy of its pages, printed on in sRGB, can claim too.
fn archive(document: &Document) -> Option<Archive> {
    let catalog = document.catalog().ok()?;
    let metadata = catalog.get_deref(b"Metadata", document).and_then(Object::as_stream).ok()?;
    let metadata = metadata.get_plain_content_with_limit(1_000_000).ok()?;
    let metadata = String::from_utf8_lossy(&metadata);
    // An element or an attribute: `<pdfaid:part>2</…` or `pdfaid:part="2"`.
    let value = |name: &str| {
        let (_, rest) = metadata.split_once(&format!("pdfaid:{name}"))?;
        rest.trim_start_matches(['=', '>', '"', '\'', ' ', '\n']).chars().next()
    };
    value("part").filter(|part| ('1'..='3').contains(part))?;
    let conformance = value("conformance")?;
    let intents = catalog.get_deref(b"OutputIntents", document).and_then(Object::as_array);
    for intent in intents.into_iter().flatten() {
        let (_, intent) = document.dereference(intent).ok()?;
        let profile = intent.as_dict().ok()?.get_deref(b"DestOutputProfile", document);
        let colours = profile.and_then(|profile| profile.as_stream()?.dict.get(b"N")?.as_i64());
        // Ours is of three colours: the page's own CMYK would have no meaning beside it.
        if colours.ok()? != 3 {
            return None;
        }
    }
    Some(Archive { is_unicode: matches!(conformance, 'A' | 'U') })
}
