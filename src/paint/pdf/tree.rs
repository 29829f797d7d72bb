//! What each part of a page is to a reader who cannot see it (ISO 32000-1, 14.7 and 14.8).

use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use pdf_writer::types::{
    ActionType, AnnotationFlags, AnnotationType, StructRole, TableHeaderScope,
};
use pdf_writer::writers::{Annotation, StructElement};
use pdf_writer::{Rect, Ref, Str, TextStr};

use super::file::File;
use super::ink::{Kid, Says, pt};
use crate::sheet::{self, Area, Block, Cell, Role, Run, Scope, Section, Sheet};

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// The page: a document, or a part of one.
    Top,
    Heading(StructRole),
    Paragraph,
    Table,
    Row,
    Cell {
        header: Option<Scope>,
        rows: u32,
        columns: u32,
    },
}

/// An element of a page.
#[derive(Clone, Debug)]
struct Element {
    kind: Kind,
    /// The element it is in.
    parent: usize,
    children: Vec<usize>,
    /// Its areas, by their places on the sheet.
    areas: Range<usize>,
    /// Whether it is the same on every page of the form.
    is_fixed: bool,
}

/// The elements of a page, each after the one it is in.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    elements: Vec<Element>,
}

/// Which elements are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    All,
    /// Those that are the same on every page of the form.
    Fixed,
    /// The others.
    Filled,
}

/// A page's elements in a file: each has a number from `first` on, in the tree's order.
pub(super) struct Placed<'a> {
    pub tree: &'a Tree,
    pub first: Ref,
    pub page: Ref,
    /// The page's height in mm.
    pub height: f32,
}

/// What of a page's content belongs to which element.
#[derive(Clone, Debug, Default)]
pub(super) struct Owners {
    /// The element of each content, by the content's number.
    pub contents: Vec<Ref>,
    /// The annotation of each link, and its element.
    pub links: Vec<(Ref, Ref)>,
}

/// The number under which the parent tree has an annotation's element: far above those of pages.
pub(super) fn link_key(annotation: Ref) -> i32 {
    // There are fewer objects than that (ISO 19005-2, 6.1.13).
    (1 << 24) + annotation.get()
}

impl Tree {
    pub fn of(sheet: &Sheet) -> Self {
        let is_title = |b: &Block| matches!(b, Block::Text { role: Role::Title, .. });
        // Levels may not be skipped: without a title the headings are the first level.
        let has_title = sheet.is_titled || sheet.blocks.iter().any(is_title);
        let (below_title, below_heading) = if has_title {
            (StructRole::H2, StructRole::H3)
        } else {
            (StructRole::H1, StructRole::H2)
        };
        let mut in_table = below_title;
        let mut tree = Tree { elements: Vec::new() };
        tree.add(Kind::Top, 0, 0..0, &[]);
        let mut next = 0;
        for block in &sheet.blocks {
            match block {
                Block::Text { role, area } => {
                    let kind = match role {
                        Role::Title => Kind::Heading(StructRole::H1),
                        Role::Heading => {
                            in_table = below_heading;
                            Kind::Heading(below_title)
                        }
                        Role::Paragraph => Kind::Paragraph,
                    };
                    tree.leaf(kind, 0, &mut next, std::slice::from_ref(area));
                }
                Block::Group(cells) => {
                    for cell in cells {
                        tree.leaf(Kind::Paragraph, 0, &mut next, &cell.areas);
                    }
                }
                Block::Table { rows } => tree.sections(rows, in_table, &mut next),
                Block::Rule { .. } => {}
            }
        }
        tree
    }

    fn sections(&mut self, rows: &[Vec<Arc<Cell>>], level: StructRole, next: &mut usize) {
        for section in sheet::sections(rows) {
            match section {
                Section::Heading(cell) => self.leaf(Kind::Heading(level), 0, next, &cell.areas),
                Section::Rows(rows) => self.table(rows, next),
            }
        }
    }

    fn table(&mut self, rows: &[Vec<Arc<Cell>>], next: &mut usize) {
        let table = self.add(Kind::Table, 0, 0..0, &[]);
        for row in rows {
            let parent = self.add(Kind::Row, table, 0..0, &[]);
            for cell in row {
                let Cell { header, rows, columns, areas } = &**cell;
                let kind = Kind::Cell { header: *header, rows: *rows, columns: *columns };
                self.leaf(kind, parent, next, areas);
            }
        }
    }

    fn leaf(&mut self, kind: Kind, parent: usize, next: &mut usize, areas: &[Area]) {
        let range = *next..*next + areas.len();
        *next = range.end;
        self.add(kind, parent, range, areas);
    }

    fn add(&mut self, kind: Kind, parent: usize, range: Range<usize>, areas: &[Area]) -> usize {
        let index = self.elements.len();
        if index > 0 {
            self.elements[parent].children.push(index);
        }
        // What the top has depends on what is filled in: a paragraph without text is left out.
        let is_fixed = kind != Kind::Top && !areas.iter().any(|area| area.is_filled());
        self.elements.push(Element { kind, parent, children: Vec::new(), areas: range, is_fixed });
        index
    }

    /// How many elements there may be.
    pub fn len(&self) -> usize {
        self.elements.len()
    }

    /// Whether a heading's text is missing although something is drawn there.
    pub fn has_empty_heading(&self, areas: &[&Area], kids: &[Vec<Kid>]) -> bool {
        self.elements.iter().any(|element| {
            matches!(element.kind, Kind::Heading(_))
                && kids[element.areas.clone()].iter().any(|kids| !kids.is_empty())
                && text(&areas[element.areas.clone()]).is_empty()
        })
    }
}

impl Placed<'_> {
    fn id(&self, index: usize) -> Ref {
        // A page has far fewer elements than there are numbers.
        Ref::new(self.first.get() + index as i32)
    }

    /// Writes elements; `top` is the element above the page's. `owners` is given the element of each
    /// content.
    pub fn write<W: Write>(
        &self,
        file: &mut File<W>,
        which: Which,
        (role, top): (StructRole, Ref),
        (areas, kids): (&[&Area], &[Vec<Kid>]),
        owners: &mut Owners,
    ) {
        let elements = &self.tree.elements;
        let has_kids = |e: &Element| kids[e.areas.clone()].iter().any(|kids| !kids.is_empty());
        let is_there = |e: &Element| match e.kind {
            Kind::Heading(_) | Kind::Paragraph => has_kids(e),
            Kind::Top | Kind::Table | Kind::Row | Kind::Cell { .. } => true,
        };
        for (index, element) in elements.iter().enumerate() {
            let is_meant = match which {
                Which::All => true,
                Which::Fixed => element.is_fixed,
                Which::Filled => !element.is_fixed,
            };
            if !is_meant || !is_there(element) {
                continue;
            }
            let id = self.id(index);
            let kids = kids[element.areas.clone()].iter().flatten();
            let kids: Vec<Inside> = kids.map(|kid| self.inside(file, kid, id, owners)).collect();
            let mut out = file.object::<StructElement>(id);
            out.kind(element.kind.role(role));
            out.parent(if index == 0 { top } else { self.id(element.parent) });
            if let Kind::Heading(_) = element.kind {
                out.title(TextStr(&text(&areas[element.areas.clone()])));
            }
            element.kind.attributes(&mut out);
            if kids.iter().any(|kid| matches!(kid, Inside::Content(_))) {
                out.page(self.page);
            }
            let mut children = out.children();
            for kid in kids {
                match kid {
                    Inside::Content(id) => children.marked_content_id(id),
                    Inside::Element(id) => children.struct_element(id),
                };
            }
            for child in element.children.iter().filter(|child| is_there(&elements[**child])) {
                children.struct_element(self.id(*child));
            }
        }
    }

    /// What an element has for a kid: its content, or an element that says what is drawn or where it
    /// leads.
    fn inside<W: Write>(
        &self,
        file: &mut File<W>,
        kid: &Kid,
        leaf: Ref,
        owners: &mut Owners,
    ) -> Inside {
        let own = (kid.says != Says::Text).then(|| file.id());
        let owner = own.unwrap_or(leaf);
        let place = kid.id as usize;
        owners.contents.resize(owners.contents.len().max(place + 1), owner);
        owners.contents[place] = owner;
        let Some(id) = own else { return Inside::Content(kid.id) };
        let annotation = match &kid.says {
            Says::Link { address, words, rect } => {
                let annotation = file.id();
                self.annotation(file, annotation, address, words, *rect);
                owners.links.push((annotation, id));
                Some(annotation)
            }
            Says::Text | Says::Character(_) | Says::Figure { .. } => None,
        };
        let mut element = file.object::<StructElement>(id);
        match &kid.says {
            Says::Character(text) => {
                element.kind(StructRole::Span).actual_text(TextStr(text));
            }
            Says::Figure { alt, rect } => {
                element.kind(StructRole::Figure).alt(TextStr(alt));
                element.attributes().push().layout().bbox(self.on_page(*rect));
            }
            Says::Link { .. } => {
                element.kind(StructRole::Link);
            }
            Says::Text => {}
        }
        element.parent(leaf).page(self.page);
        let mut children = element.children();
        children.marked_content_id(kid.id);
        if let Some(annotation) = annotation {
            children.object_ref().page(self.page).object(annotation);
        }
        Inside::Element(id)
    }

    /// The annotation of a link: where it is clicked, and what is said of it.
    fn annotation<W: Write>(
        &self,
        file: &mut File<W>,
        id: Ref,
        address: &str,
        words: &str,
        rect: sheet::Rect,
    ) {
        let mut out = file.object::<Annotation>(id);
        out.subtype(AnnotationType::Link).rect(self.on_page(rect)).contents(TextStr(words));
        out.flags(AnnotationFlags::PRINT).border(0.0, 0.0, 0.0, None).struct_parent(link_key(id));
        out.action().action_type(ActionType::Uri).uri(Str(address.as_bytes()));
    }

    /// A box in pt from the page's lower left corner.
    fn on_page(&self, rect: sheet::Rect) -> Rect {
        let (top, bottom) = (self.height - rect.y, self.height - rect.bottom());
        Rect::new(pt(rect.x), pt(bottom), pt(rect.right()), pt(top))
    }
}

/// What is in an element.
enum Inside {
    Content(i32),
    Element(Ref),
}

impl Kind {
    fn role(self, top: StructRole) -> StructRole {
        match self {
            Kind::Top => top,
            Kind::Heading(level) => level,
            Kind::Paragraph => StructRole::P,
            Kind::Table => StructRole::Table,
            Kind::Row => StructRole::TR,
            Kind::Cell { header: Some(_), .. } => StructRole::TH,
            Kind::Cell { header: None, .. } => StructRole::TD,
        }
    }

    fn attributes(self, out: &mut StructElement) {
        let Kind::Cell { header, rows, columns } = self else { return };
        if header.is_none() && rows <= 1 && columns <= 1 {
            return;
        }
        let mut attributes = out.attributes();
        let mut table = attributes.push().table();
        if rows > 1 {
            table.row_span(rows as i32);
        }
        if columns > 1 {
            table.col_span(columns as i32);
        }
        match header {
            Some(Scope::Row) => table.scope(TableHeaderScope::Row),
            Some(Scope::Column) => table.scope(TableHeaderScope::Column),
            None => &mut table,
        };
    }
}

/// The text of boxes, its lines joined.
fn text(areas: &[&Area]) -> String {
    let lines = areas.iter().flat_map(|area| &area.lines);
    lines.flat_map(|line| &line.runs).map(Run::text).collect()
}
