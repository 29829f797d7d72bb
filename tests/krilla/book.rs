//! Many sheets of many facilities in one PDF, a sheet at a time.

use std::collections::HashMap;

use krilla::Document;
use krilla::configure::Archival;
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::graphic::Graphic;
use krilla::outline::{Outline, OutlineNode};

use super::ink;
use super::pdf::{check, content, finish, metadata, page_settings, settings};
use onshi::paint::{PaintError, PdfOptions};
use onshi::sheet::{Area, Block, Line, Sheet};

/// A PDF that grows a chapter at a time, for printing: PDF/A-2u, without the structure for reading
/// aloud that a form by itself has. Fonts are embedded once, as is what a form prints on every page,
/// and only what has been painted is in memory.
pub struct Book {
    document: Document,
    printed: HashMap<String, (Printed, Graphic)>,
    outline: Outline,
    pages: usize,
}

impl Book {
    /// An empty book.
    ///
    /// # Errors
    /// Never, unless the PDF standards contradict one another.
    pub fn new() -> Result<Self, PaintError> {
        Ok(Book {
            document: Document::new_with(settings(Archival::A2_U, None)?),
            printed: HashMap::new(),
            outline: Outline::new(),
            pages: 0,
        })
    }

    /// Adds a chapter: an entry in the outline, with one below it for each sheet if there are several.
    ///
    /// # Errors
    /// When a number is none a page can have.
    pub fn add(&mut self, name: &str, sheets: &[(&str, &Sheet)]) -> Result<(), PaintError> {
        let top = |page: usize| XyzDestination::new(page, Point::from_xy(0.0, 0.0));
        let mut chapter = OutlineNode::new(name.to_owned(), top(self.pages));
        for (form, sheet) in sheets {
            self.page(sheet)?;
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

    fn page(&mut self, sheet: &Sheet) -> Result<(), PaintError> {
        check(sheet)?;
        let mut page = self.document.start_page_with(page_settings(sheet)?);
        let mut surface = page.surface();
        let known = self.printed.get(&sheet.form).filter(|(printed, _)| printed.is_on(sheet));
        let graphic = match known {
            Some((_, graphic)) => graphic.clone(),
            None => {
                let mut aside = surface.stream_builder();
                let mut once = aside.surface();
                ink::ground(&mut once, sheet);
                for area in sheet.areas().filter(|area| area.field.is_none()) {
                    content(&mut once, area);
                }
                once.finish();
                let graphic = Graphic::new(aside.finish(), false);
                self.printed.insert(sheet.form.clone(), (Printed::of(sheet), graphic.clone()));
                graphic
            }
        };
        surface.draw_graphic(graphic);
        for area in sheet.areas().filter(|area| area.field.is_some()) {
            content(&mut surface, area);
        }
        surface.finish();
        page.finish();
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
        let options = PdfOptions::default().title(title);
        let Book { mut document, outline, .. } = self;
        document.set_metadata(metadata(&[], &options));
        document.set_outline(outline);
        finish(document)
    }
}

/// What a form prints whatever it is filled with: borders, fills, lines and the text of the boxes that
/// have no field.
struct Printed {
    size: (f32, f32),
    /// Every box; those with a field without what stands in them.
    areas: Vec<Area>,
    rules: Vec<Line>,
}

impl Printed {
    fn of(sheet: &Sheet) -> Self {
        let bare = |area: &Area| match area.field {
            None => area.clone(),
            Some(_) => Area { lines: Vec::new(), marks: Vec::new(), ..area.clone() },
        };
        Printed {
            size: (sheet.width, sheet.height),
            areas: sheet.areas().map(bare).collect(),
            rules: rules(sheet).copied().collect(),
        }
    }

    /// Whether a sheet has exactly this.
    fn is_on(&self, sheet: &Sheet) -> bool {
        let same = |(a, b): (&Area, &Area)| {
            (a.rect, a.edges, a.fill, a.field.is_none())
                == (b.rect, b.edges, b.fill, b.field.is_none())
                && (a.field.is_some() || a.lines == b.lines && a.marks == b.marks)
        };
        self.size == (sheet.width, sheet.height)
            && self.rules.iter().eq(rules(sheet))
            && self.areas.len() == sheet.areas().count()
            && self.areas.iter().zip(sheet.areas()).all(same)
    }
}

fn rules(sheet: &Sheet) -> impl Iterator<Item = &Line> {
    sheet.blocks.iter().filter_map(|block| match block {
        Block::Rule { line } => Some(line),
        _ => None,
    })
}
