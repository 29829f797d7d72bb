//! Many sheets of many facilities in one PDF, a sheet at a time.

use krilla::Document;
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::outline::{Outline, OutlineNode};
use krilla::tagging::{Tag, TagGroup, TagTree};

use super::pdf::{finish, metadata, page, settings};
use super::{PaintError, PdfOptions};
use crate::sheet::Sheet;

/// A PDF that grows a chapter at a time. Fonts are embedded once, and only what has been painted is
/// in memory.
///
/// ```
/// use onshi::form::Forms;
/// use onshi::paint::Book;
/// use onshi::sheet::{Mode, fill};
/// let forms = Forms::built_in();
/// let mut book = Book::new()?;
/// for name in ["医院", "薬局"] {
///     let (sheet, _) = fill(forms.find("別紙2").unwrap(), Mode::Blank, forms);
///     book.add(name, &[("別紙2", &sheet)])?;
/// }
/// let bytes = book.finish("導入計画書 2 施設")?;
/// assert!(bytes.starts_with(b"%PDF-1.7"));
/// # Ok::<(), onshi::paint::PaintError>(())
/// ```
pub struct Book {
    document: Document,
    tree: TagTree,
    outline: Outline,
    pages: usize,
}

impl Book {
    /// An empty book.
    ///
    /// # Errors
    /// Never, unless the PDF standards contradict one another.
    pub fn new() -> Result<Self, PaintError> {
        let document = Document::new_with(settings(&PdfOptions::default())?);
        Ok(Book { document, tree: TagTree::new(), outline: Outline::new(), pages: 0 })
    }

    /// How many pages it has.
    pub fn pages(&self) -> usize {
        self.pages
    }

    /// Adds a chapter: an entry in the outline, with one below it for each sheet if there are several.
    ///
    /// # Errors
    /// When a number is none a page can have.
    pub fn add(&mut self, name: &str, sheets: &[(&str, &Sheet)]) -> Result<(), PaintError> {
        let top = |page: usize| XyzDestination::new(page, Point::from_xy(0.0, 0.0));
        let mut chapter = OutlineNode::new(name.to_owned(), top(self.pages));
        for (form, sheet) in sheets {
            let nodes = page(&mut self.document, sheet)?;
            self.tree.push(TagGroup::with_children(Tag::Part, nodes));
            if sheets.len() > 1 {
                chapter.push_child(OutlineNode::new((*form).to_owned(), top(self.pages)));
            }
            self.pages += 1;
        }
        if !sheets.is_empty() {
            self.outline.push_child(chapter);
        }
        Ok(())
    }

    /// The whole PDF.
    ///
    /// # Errors
    /// When it is empty, or a character has no glyph.
    pub fn finish(self, title: &str) -> Result<Vec<u8>, PaintError> {
        if self.pages == 0 {
            return Err(PaintError::Geometry("no sheets".into()));
        }
        let options = PdfOptions { title: Some(title.to_owned()), ..PdfOptions::default() };
        let Book { mut document, tree, outline, .. } = self;
        document.set_metadata(metadata(&[], &options));
        document.set_outline(outline);
        document.set_tag_tree(tree);
        finish(document)
    }
}
