//! What a form prints whatever it is filled with, made once: its drawing, its glyphs as embedded fonts,
//! its structure. A sheet alone decides which template is its own, so that a page has the same bytes
//! whichever was painted first.

use std::sync::{Arc, OnceLock};

use pdf_writer::types::StructRole;
use pdf_writer::{Limits, Ref};
use sha2::{Digest as _, Sha256};

use super::file::{Effort, File, deflate};
use super::fonts::{Embedded, FontRef, Fonts};
use super::ink::{Ink, Kid, pt};
use super::metadata::{FIRST_PAGE, STRUCTURE, write_profile};
use super::papers::Papers;
use super::pictures::Pictures;
use super::tree::{Owners, Placed, Tree, Which};
use crate::paint::Kept;
use crate::paint::refuse::Faults;
use crate::paper::{Paper, PaperPage};
use crate::sheet::{Area, Block, Cell, Picture, Sheet};

/// What a form always prints.
pub(super) struct Template {
    /// The sheet without what is filled in.
    blank: Sheet,
    pub tree: Tree,
    /// The parts of each area that are read; none yet of the areas that are filled in.
    pub kids: Vec<Vec<Kid>>,
    /// The number of the first content that is filled in.
    pub next: i32,
    /// The content before the first of the areas that are filled in.
    before: Vec<u8>,
    /// The content between them: after the first, after the second, …
    pub between: Vec<Vec<u8>>,
    /// The content behind the last.
    behind: Vec<u8>,
    pub limits: Limits,
    pub printed: Fonts,
    pub faults: Faults,
    /// The pictures that the form prints.
    pub pictures: Vec<Arc<Picture>>,
    start: OnceLock<Start>,
}

/// A file that begins with a page of this form, as far as the form alone decides.
#[derive(Clone)]
pub(super) struct Start {
    pub file: File<Vec<u8>>,
    pub fonts: Vec<FontRef>,
    /// The content before what is filled in, and behind it, where there is any.
    pub around: [Option<Ref>; 2],
    /// The first of the page's elements.
    pub first: Ref,
    pub owners: Owners,
    pub pictures: Pictures,
    pub papers: Papers,
    pub digest: Sha256,
}

/// Templates weigh one each, and each paper that they are printed on one for a megabyte.
fn weight(all: &[Arc<Template>]) -> usize {
    let papers = all.iter().filter_map(|template| template.paper()).map(PaperPage::paper);
    let mut papers: Vec<&Arc<Paper>> = papers.collect();
    papers.sort_by_key(|paper| Arc::as_ptr(paper));
    papers.dedup_by(|a, b| Arc::ptr_eq(a, b));
    all.len() + papers.iter().map(|paper| paper.length() / 1_000_000).sum::<usize>()
}

impl Template {
    /// The template of a sheet's form.
    pub fn of(sheet: &Sheet) -> Arc<Template> {
        static KNOWN: Kept<Template> = Kept::new(weight);
        KNOWN.get(|template| template.is_of(sheet), || Template::new(sheet))
    }

    fn new(sheet: &Sheet) -> Self {
        let (mut printed, mut faults) = (Fonts::new(b'p'), Faults::default());
        let mut ink = Ink::new(None, &mut printed, &mut faults, Some(0));
        ink.turn(pt(sheet.height));
        ink.paper(sheet);
        ink.begin();
        ink.ground(sheet);
        let (mut pieces, mut limits, mut kids) = (Vec::new(), Limits::new(), Vec::new());
        let mut cut = |ink: &mut Ink| {
            let piece = ink.take();
            limits.merge(piece.limits());
            pieces.push(piece.into_vec());
        };
        for area in sheet.areas() {
            if area.is_filled() {
                cut(&mut ink);
                kids.push(Vec::new());
            } else {
                kids.push(ink.area(area));
            }
        }
        cut(&mut ink);
        let next = ink.next.unwrap_or_default();
        let pictures = ink.pictures;
        let (blank, tree, start) = (blank(sheet), Tree::of(sheet), OnceLock::new());
        let before = pieces.remove(0);
        let behind = pieces.pop().unwrap_or_default();
        Template {
            blank,
            tree,
            kids,
            next,
            before,
            between: pieces,
            behind,
            limits,
            printed,
            faults,
            pictures,
            start,
        }
    }

    /// Whether a sheet is of this form in this shape.
    pub fn is_of(&self, sheet: &Sheet) -> bool {
        self.blank.form == sheet.form
            && (self.blank.width, self.blank.height) == (sheet.width, sheet.height)
            && self.blank.is_titled == sheet.is_titled
            && self.blank.paper == sheet.paper
            && self.blank.blocks.len() == sheet.blocks.len()
            && self.blank.blocks.iter().zip(&sheet.blocks).all(|(a, b)| same_block(a, b))
    }

    /// The page's width and height in mm.
    pub fn size(&self) -> (f32, f32) {
        (self.blank.width, self.blank.height)
    }

    /// The page of somebody else's that it is printed on.
    pub fn paper(&self) -> Option<&PaperPage> {
        self.blank.paper.as_ref()
    }

    /// What the form prints, by itself and without structure, with glyphs of these fonts.
    pub fn drawing(&self, fonts: &mut Fonts, faults: &mut Faults) -> pdf_writer::Buf {
        let mut ink = Ink::new(None, fonts, faults, None);
        ink.paper(&self.blank);
        ink.begin();
        ink.ground(&self.blank);
        for area in self.blank.areas().filter(|area| !area.is_filled()) {
            ink.area(area);
        }
        ink.take()
    }

    /// Writes the elements that every page of the form has.
    pub fn write_elements<W: std::io::Write>(
        &self,
        file: &mut File<W>,
        page: Ref,
    ) -> (Ref, Owners) {
        let first = file.ids(self.tree.len());
        let areas: Vec<&Area> = self.blank.areas().collect();
        let placed = Placed { tree: &self.tree, first, page, height: self.blank.height };
        let mut owners = Owners::default();
        let top = (StructRole::Document, STRUCTURE);
        placed.write(file, Which::Fixed, top, (&areas, &self.kids), &mut owners);
        (first, owners)
    }

    /// The beginning of a file with a page of this form.
    pub fn start(&self) -> &Start {
        self.start.get_or_init(|| {
            let mut file = File::new(Vec::new());
            file.ids(FIRST_PAGE.get() as usize);
            write_profile(&mut file);
            let mut fonts = Vec::new();
            for (name, subset) in self.printed.iter() {
                let id = file.id();
                Embedded::new(subset, Effort::Well).write(&mut file, id);
                fonts.push((name, id));
            }
            let mut pictures = Pictures::default();
            pictures.add(&mut file, &self.pictures);
            let mut papers = Papers::default();
            if let Some(page) = &self.blank.paper {
                papers.add(&mut file, page);
            }
            let (first, owners) = self.write_elements(&mut file, FIRST_PAGE);
            let around = [&self.before, &self.behind].map(|content| {
                let id = (!content.is_empty()).then(|| file.id())?;
                file.packed_stream(id, &deflate(content, Effort::Well), |_| {});
                Some(id)
            });
            file.merge_limits(&self.limits);
            file.pack();
            let digest = Sha256::new_with_prefix(file.bytes());
            Start { file, fonts, around, first, owners, pictures, papers, digest }
        })
    }
}

/// A sheet without what is filled in.
fn blank(sheet: &Sheet) -> Sheet {
    let mut blank = sheet.clone();
    let empty = |area: &mut Area| {
        if area.is_filled() {
            (area.lines, area.marks) = (Vec::new(), Vec::new());
        }
    };
    // Cells that are not filled in stay those of the records to come.
    let empty_cell = |cell: &mut Arc<Cell>| {
        if cell.areas.iter().any(Area::is_filled) {
            Arc::make_mut(cell).areas.iter_mut().for_each(empty);
        }
    };
    for block in &mut blank.blocks {
        match block {
            Block::Text { area, .. } => empty(area),
            Block::Table { rows } => rows.iter_mut().flatten().for_each(empty_cell),
            Block::Group(cells) => cells.iter_mut().for_each(empty_cell),
            Block::Rule { .. } => {}
        }
    }
    blank
}

fn same_block(a: &Block, b: &Block) -> bool {
    match (a, b) {
        (Block::Text { role, area }, Block::Text { role: other_role, area: other }) => {
            role == other_role && same_area(area, other)
        }
        (Block::Table { rows }, Block::Table { rows: other }) => {
            rows.len() == other.len() && rows.iter().zip(other).all(|(a, b)| same_cells(a, b))
        }
        (Block::Group(cells), Block::Group(other)) => same_cells(cells, other),
        (Block::Rule { line }, Block::Rule { line: other }) => line == other,
        _ => false,
    }
}

fn same_cells(a: &[Arc<Cell>], b: &[Arc<Cell>]) -> bool {
    let same = |a: &Arc<Cell>, b: &Arc<Cell>| {
        if Arc::ptr_eq(a, b) {
            return true;
        }
        (a.header, a.rows, a.columns, a.areas.len()) == (b.header, b.rows, b.columns, b.areas.len())
            && a.areas.iter().zip(&b.areas).all(|(a, b)| same_area(a, b))
    };
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

fn same_area(a: &Area, b: &Area) -> bool {
    (a.rect, a.edges, a.fill, a.is_filled()) == (b.rect, b.edges, b.fill, b.is_filled())
        && (a.is_filled() || a.lines == b.lines && a.marks == b.marks)
}
