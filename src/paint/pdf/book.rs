//! Many sheets of many facilities in one PDF, a sheet at a time.

use std::io::Write;
use std::sync::Arc;

use pdf_writer::types::NumberingStyle;
use pdf_writer::writers::{NumberTree, Outline, Page, PageLabel, Pages};
use pdf_writer::{Name, Rect, Ref, TextStr};
use sha2::{Digest as _, Sha256};

use super::PdfOptions;
use super::document::write_resources;
use super::file::{Effort, File, deflate};
use super::fonts::Growing;
use super::ink::{Ink, pt};
use super::metadata::{FIRST_PAGE, Metadata, OUTLINE, PAGES, Standard, write_profile};
use super::outline::Entry;
use super::papers::{self, Papers};
use super::pictures::Pictures;
use super::template::Template;
use crate::paint::PaintError;
use crate::paint::refuse::{self, Faults};
use crate::sheet::Sheet;

/// How many pages are together in the tree of pages: a viewer reads one list to find a page.
const BRANCH: usize = 256;

/// The name of what a form prints on every page, in content streams.
const PRINTED: Name = Name(b"x");

/// A PDF that grows a chapter at a time, for printing: PDF/A-2u, without the structure for reading
/// aloud that a form by itself has. Fonts are embedded once, as is what a form prints on every page;
/// pages are written out as they come, so that memory does not grow with them.
///
/// ```
/// use onshi::form::Forms;
/// use onshi::layout::{fill, Mode};
/// use onshi::paint::Book;
/// let forms = Forms::built_in();
/// let mut book = Book::new(Vec::new());
/// for name in ["医院", "薬局"] {
///     let (sheets, _) = fill(forms.find("別紙2").unwrap(), Mode::Blank, forms);
///     book.add(name, &[("別紙2", &sheets[0])])?;
/// }
/// let bytes = book.finish("導入計画書 2 施設")?;
/// assert!(bytes.starts_with(b"%PDF-1.7"));
/// # Ok::<(), onshi::paint::PaintError>(())
/// ```
pub struct Book<W> {
    file: File<W>,
    digest: Sha256,
    printed: Vec<Printed>,
    own: Growing,
    pictures: Pictures,
    papers: Papers,
    faults: Faults,
    pages: usize,
    /// Lists of pages that are full, and the one that is growing.
    branches: Vec<(Ref, usize)>,
    branch: Vec<Ref>,
    /// The first chapter, and the one that waits for the next.
    first: Option<Ref>,
    last: Option<Chapter>,
    /// For each chapter its first page, and how many it has.
    starts: Vec<(usize, usize)>,
}

/// A form whose printed part is in the file.
struct Printed {
    template: Arc<Template>,
    drawing: Ref,
}

/// An entry of the outline with those below it.
struct Chapter {
    id: Ref,
    name: String,
    page: (Ref, f32),
    previous: Option<Ref>,
    below: Vec<(Ref, String, (Ref, f32))>,
}

impl<W: Write> Book<W> {
    /// An empty book that is written to `out`.
    pub fn new(out: W) -> Self {
        let mut file = File::new(out);
        file.ids(FIRST_PAGE.get() as usize - 1);
        write_profile(&mut file);
        Book {
            file,
            digest: Sha256::new(),
            printed: Vec::new(),
            own: Growing::new(),
            pictures: Pictures::default(),
            papers: Papers::default(),
            faults: Faults::default(),
            pages: 0,
            branches: Vec::new(),
            branch: Vec::new(),
            first: None,
            last: None,
            starts: Vec::new(),
        }
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Adds a chapter: an entry in the outline, with one below it for each form if there are several.
    ///
    /// # Errors
    /// When a number is out of range for a page.
    pub fn add(&mut self, name: &str, sheets: &[(&str, &Sheet)]) -> Result<(), PaintError> {
        sheets.iter().try_for_each(|(_, sheet)| refuse::geometry(sheet))?;
        let Some((_, first)) = sheets.first() else { return Ok(()) };
        self.starts.push((self.pages, sheets.len()));
        let pages: Vec<(Ref, f32)> =
            sheets.iter().map(|(_, sheet)| (self.page(sheet), pt(sheet.height))).collect();
        let id = self.file.id();
        let starts = sheets.iter().zip(&pages).filter(|((_, sheet), _)| sheet.page == 1);
        let starts: Vec<_> = starts.collect();
        let below = match starts.len() {
            0 | 1 => Vec::new(),
            _ => starts
                .into_iter()
                .map(|((form, _), page)| (self.file.id(), (*form).to_owned(), *page))
                .collect(),
        };
        let page = (pages[0].0, pt(first.height));
        let previous = self.last.as_ref().map(|chapter| chapter.id);
        let chapter = Chapter { id, name: name.to_owned(), page, previous, below };
        if let Some(last) = self.last.replace(chapter) {
            last.write(&mut self.file, Some(id));
        }
        self.first.get_or_insert(id);
        Ok(())
    }

    fn page(&mut self, sheet: &Sheet) -> Ref {
        // The last is most often the next. Whether a template is still kept elsewhere depends on what else is painted.
        let at = match self.printed.iter().rposition(|p| p.template.is_of(sheet)) {
            Some(at) => at,
            None => {
                let printed = self.print(Template::of(sheet));
                self.printed.push(printed);
                self.printed.len() - 1
            }
        };
        let mut ink = Ink::new(None, &mut self.own.fonts, &mut self.faults, None);
        ink.turn(pt(sheet.height));
        ink.print(PRINTED);
        ink.begin();
        for area in sheet.areas().filter(|area| area.is_filled()) {
            ink.area(area);
        }
        let content = ink.take();
        let pictures = ink.pictures;
        self.pictures.add(&mut self.file, &pictures);
        self.file.merge_limits(content.limits());
        let packed = deflate(content.as_slice(), Effort::Quick);
        self.digest.update(&packed);
        let (id, stream) = (self.file.id(), self.file.id());
        self.file.packed_stream(stream, &packed, |_| {});
        let own = self.own.refs(&mut self.file).to_vec();
        if self.branch.is_empty() {
            let branch = self.file.id();
            self.branches.push((branch, 0));
        }
        let parent = self.branches.last().map_or(PAGES, |(id, _)| *id);
        let drawing = self.printed[at].drawing;
        let mut page = self.file.object::<Page>(id);
        page.parent(parent).contents(stream);
        page.media_box(Rect::new(0.0, 0.0, pt(sheet.width), pt(sheet.height)));
        let mut resources = page.resources();
        write_resources(&mut resources, own.iter(), &self.pictures, Some((PRINTED, drawing)));
        drop(resources);
        drop(page);
        self.branch.push(id);
        if self.branch.len() == BRANCH {
            self.end_branch();
        }
        self.pages += 1;
        id
    }

    /// Writes what a form prints on every page.
    fn print(&mut self, template: Arc<Template>) -> Printed {
        let content = template.drawing(&mut self.own.fonts, &mut self.faults);
        let own = self.own.refs(&mut self.file).to_vec();
        let drawing = self.file.id();
        self.pictures.add(&mut self.file, &template.pictures);
        let paper = template.paper();
        let paper = paper.map(|page| (papers::name(page), self.papers.add(&mut self.file, page)));
        let (width, height) = template.size();
        self.file.merge_limits(content.limits());
        let packed = deflate(content.as_slice(), Effort::Well);
        self.digest.update(&packed);
        self.file.packed_stream(drawing, &packed, |stream| {
            stream.pair(Name(b"Type"), Name(b"XObject")).pair(Name(b"Subtype"), Name(b"Form"));
            stream.pair(Name(b"BBox"), Rect::new(0.0, 0.0, pt(width), pt(height)));
            let mut resources = stream.insert(Name(b"Resources")).start();
            let paper = paper.as_ref().map(|(name, id)| (Name(name.as_bytes()), *id));
            write_resources(&mut resources, own.iter(), &self.pictures, paper);
        });
        Printed { template, drawing }
    }

    fn end_branch(&mut self) {
        let kids = std::mem::take(&mut self.branch);
        let Some((id, count)) = self.branches.last_mut().filter(|_| !kids.is_empty()) else {
            return;
        };
        *count = kids.len();
        let id = *id;
        self.file.object::<Pages>(id).parent(PAGES).count(kids.len() as i32).kids(kids);
    }

    /// The whole PDF.
    ///
    /// # Errors
    /// When it is empty, a character has no glyph, or it could not be written.
    pub fn finish(mut self, title: &str) -> Result<W, PaintError> {
        if self.pages == 0 {
            return Err(PaintError::Geometry("no sheets".into()));
        }
        std::mem::take(&mut self.faults).refuse()?;
        self.papers.refuse()?;
        self.own.write(&mut self.file, Effort::Well);
        self.digest.update(self.own.fonts.key());
        self.papers.digest(&mut self.digest);
        self.end_branch();
        let count: usize = self.branches.iter().map(|(_, count)| count).sum();
        let branches = self.branches.iter().map(|(id, _)| *id);
        self.file.object::<Pages>(PAGES).count(count as i32).kids(branches);
        let (first, last) = (self.first, self.last.as_ref().map(|chapter| chapter.id));
        if let Some(last) = self.last.take() {
            last.write(&mut self.file, None);
        }
        let mut outline = self.file.object::<Outline>(OUTLINE);
        if let (Some(first), Some(last)) = (first, last) {
            outline.first(first).last(last).count(self.starts.len() as i32);
        }
        drop(outline);
        let labels = self.labels();
        let standard = self.papers.standard(Standard { part: 2, conformance: "U" });
        let papers = self.papers;
        let date = PdfOptions::default().date;
        Metadata { title, date, standard }.close(self.file, self.digest, |catalog| {
            papers.catalog(catalog);
            if let Some(labels) = labels {
                catalog.pair(Name(b"PageLabels"), labels);
            }
        })
    }

    /// Labels by facility, `12-1`, `12-2`; none where each has one page, whose number says it.
    fn labels(&mut self) -> Option<Ref> {
        if self.starts.iter().all(|(_, pages)| *pages == 1) {
            return None;
        }
        let labels: Vec<(i32, Ref)> = (1..)
            .zip(&self.starts)
            .map(|(number, (first, pages))| {
                let id = self.file.id();
                let mut label = self.file.object::<PageLabel>(id);
                match pages {
                    1 => label.prefix(TextStr(&number.to_string())),
                    _ => label.style(NumberingStyle::Arabic).prefix(TextStr(&format!("{number}-"))),
                };
                (*first as i32, id)
            })
            .collect();
        let id = self.file.id();
        let mut tree = self.file.object::<NumberTree<Ref>>(id);
        let mut numbers = tree.nums();
        for (page, label) in labels {
            numbers.insert(page, label);
        }
        Some(id)
    }
}

impl Chapter {
    /// Writes the entry and those below it.
    fn write<W: Write>(self, file: &mut File<W>, next: Option<Ref>) {
        let mut entry = Entry { previous: self.previous, next, ..Entry::new(OUTLINE, self.page) };
        if let (Some((first, ..)), Some((last, ..))) = (self.below.first(), self.below.last()) {
            entry.below = Some((*first, *last, self.below.len()));
        }
        entry.write(file, self.id, &self.name);
        for (i, (id, name, page)) in self.below.iter().enumerate() {
            let previous = i.checked_sub(1).map(|i| self.below[i].0);
            let next = self.below.get(i + 1).map(|(id, ..)| *id);
            let entry = Entry { previous, next, ..Entry::new(self.id, *page) };
            entry.write(file, *id, name);
        }
    }
}
