//! A document in the making: pages with their structure, outline and metadata.

use std::sync::Arc;

use pdf_writer::types::{AssociationKind, StructRole, TabOrder};
use pdf_writer::writers::{
    ColorSpace, FileSpec, Outline, Page, Pages, Resources, StructElement, StructTreeRoot,
};
use pdf_writer::{Finish, Name, Rect, Ref, Str, TextStr};
use sha2::{Digest as _, Sha256};

use super::PdfOptions;
use super::file::{Effort, File, deflate};
use super::fonts::{FontRef, Growing};
use super::ink::{COLORS, Ink, Kid, pt};
use super::metadata::{
    FIRST_PAGE, Metadata, OUTLINE, PAGES, PROFILE, STRUCTURE, Standard, date, write_profile,
};
use super::outline::Entry;
use super::papers::{self, Papers};
use super::pictures::Pictures;
use super::template::{Start, Template};
use super::tree::{Owners, Placed, Tree, Which, link_key};
use crate::paint::PaintError;
use crate::paint::refuse::Faults;
use crate::sheet::{Area, Sheet};

pub(super) struct Document {
    file: File<Vec<u8>>,
    digest: Sha256,
    faults: Faults,
    /// What all pages have in common, if they are of one form.
    common: Option<Common>,
    /// Glyphs that are not the form's.
    own: Growing,
    pictures: Pictures,
    papers: Papers,
    pages: Vec<PlacedPage>,
    /// The element above the pages'.
    above: (StructRole, Ref),
}

/// A form's part of a file.
struct Common {
    template: Arc<Template>,
    fonts: Vec<FontRef>,
    /// The content before what is filled in, and behind it.
    around: [Option<Ref>; 2],
    /// The first page's elements, which are there already.
    begun: Option<(Ref, Owners)>,
}

struct PlacedPage {
    id: Ref,
    /// Its element.
    top: Ref,
    owners: Owners,
    height: f32,
}

impl Document {
    /// A document for these sheets.
    pub fn new(sheets: &[Sheet]) -> Self {
        let common = sheets.split_first().and_then(|(first, others)| {
            let template = Template::of(first);
            others.iter().all(|sheet| template.is_of(sheet)).then_some(template)
        });
        let mut document = match common {
            Some(template) => {
                let start = template.start().clone();
                let Start { file, fonts, around, first, owners, pictures, papers, digest } = start;
                let common = Common { template, fonts, around, begun: Some((first, owners)) };
                Document { pictures, papers, ..Document::with(file, digest, Some(common)) }
            }
            None => {
                let mut file = File::new(Vec::new());
                file.ids(FIRST_PAGE.get() as usize);
                write_profile(&mut file);
                Document::with(file, Sha256::new(), None)
            }
        };
        if sheets.len() > 1 {
            document.above = (StructRole::Part, document.file.id());
        }
        document
    }

    fn with(mut file: File<Vec<u8>>, digest: Sha256, common: Option<Common>) -> Self {
        file.effort = Effort::Quick;
        Document {
            file,
            digest,
            faults: Faults::default(),
            common,
            own: Growing::new(),
            pictures: Pictures::default(),
            papers: Papers::default(),
            pages: Vec::new(),
            above: (StructRole::Document, STRUCTURE),
        }
    }

    /// Adds a page.
    pub fn page(&mut self, sheet: &Sheet) {
        let id = if self.pages.is_empty() { FIRST_PAGE } else { self.file.id() };
        let areas: Vec<&Area> = sheet.areas().collect();
        let (content, top, owners) = match self.common.take() {
            Some(mut common) => {
                let drawn = self.filled(&mut common, sheet, &areas, id);
                self.common = Some(common);
                drawn
            }
            None => self.whole(sheet, &areas, id),
        };
        let [before, behind] = self.common.as_ref().map_or([None; 2], |common| common.around);
        let filled = (!content.is_empty()).then(|| self.content(&content));
        let contents = [before, filled, behind].into_iter().flatten();
        let own = self.own.refs(&mut self.file).to_vec();
        let paper = sheet.paper.as_ref();
        let paper = paper.map(|page| (papers::name(page), self.papers.add(&mut self.file, page)));
        let fonts = self.common.iter().flat_map(|common| &common.fonts).chain(&own);
        let height = pt(sheet.height);
        let mut page = self.file.object::<Page>(id);
        page.parent(PAGES).media_box(Rect::new(0.0, 0.0, pt(sheet.width), height));
        page.contents_array(contents).struct_parents(self.pages.len() as i32);
        page.tab_order(TabOrder::StructureOrder);
        if !owners.links.is_empty() {
            page.annotations(owners.links.iter().map(|(annotation, _)| *annotation));
        }
        let paper = paper.as_ref().map(|(name, id)| (Name(name.as_bytes()), *id));
        write_resources(&mut page.resources(), fonts, &self.pictures, paper);
        drop(page);
        self.pages.push(PlacedPage { id, top, owners, height });
    }

    /// Writes content of a page.
    fn content(&mut self, content: &[u8]) -> Ref {
        let (id, packed) = (self.file.id(), deflate(content, Effort::Quick));
        self.digest.update(&packed);
        self.file.packed_stream(id, &packed, |_| {});
        id
    }

    /// A page of the form that all are of: its content in reading order, but for what the form prints before
    /// and behind; its element, and the element of each content.
    fn filled(
        &mut self,
        common: &mut Common,
        sheet: &Sheet,
        areas: &[&Area],
        id: Ref,
    ) -> (Vec<u8>, Ref, Owners) {
        let template = &common.template;
        self.faults.extend(&template.faults);
        let begun = common.begun.take();
        let (first, mut owners) =
            begun.unwrap_or_else(|| template.write_elements(&mut self.file, id));
        let next = Some(template.next);
        let printed = Some(&template.printed);
        let mut ink = Ink::new(printed, &mut self.own.fonts, &mut self.faults, next);
        let mut kids = template.kids.clone();
        let mut content = Vec::with_capacity(16_384);
        let mut between = template.between.iter();
        let mut add = |piece: &[u8]| {
            if !piece.is_empty() {
                content.extend(piece);
                content.push(b'\n');
            }
        };
        for (area, kids) in areas.iter().zip(&mut kids).filter(|(area, _)| area.is_filled()) {
            *kids = ink.area(area);
            let piece = ink.take();
            self.file.merge_limits(piece.limits());
            add(piece.as_slice());
            between.next().into_iter().for_each(|piece| add(piece));
        }
        let pictures = ink.pictures;
        self.pictures.add(&mut self.file, &template.pictures);
        self.pictures.add(&mut self.file, &pictures);
        let page = (first, id, sheet.height);
        self.elements(&template.tree, Which::Filled, page, areas, &kids, &mut owners);
        (content, first, owners)
    }

    /// The same of a page that shares nothing with others.
    fn whole(&mut self, sheet: &Sheet, areas: &[&Area], id: Ref) -> (Vec<u8>, Ref, Owners) {
        let mut ink = Ink::new(None, &mut self.own.fonts, &mut self.faults, Some(0));
        ink.turn(pt(sheet.height));
        ink.paper(sheet);
        ink.begin();
        ink.ground(sheet);
        let kids: Vec<Vec<Kid>> = areas.iter().map(|area| ink.area(area)).collect();
        let content = ink.take();
        let pictures = ink.pictures;
        self.file.merge_limits(content.limits());
        self.pictures.add(&mut self.file, &pictures);
        let tree = Tree::of(sheet);
        let (first, mut owners) = (self.file.ids(tree.len()), Owners::default());
        let page = (first, id, sheet.height);
        self.elements(&tree, Which::All, page, areas, &kids, &mut owners);
        (content.into_vec(), first, owners)
    }

    fn elements(
        &mut self,
        tree: &Tree,
        which: Which,
        (first, page, height): (Ref, Ref, f32),
        areas: &[&Area],
        kids: &[Vec<Kid>],
        owners: &mut Owners,
    ) {
        if tree.has_empty_heading(areas, kids) {
            self.faults.push("a heading is empty".into());
        }
        let placed = Placed { tree, first, page, height };
        placed.write(&mut self.file, which, self.above, (areas, kids), owners);
    }

    /// The whole file. `names` are the outline's, each with the page it leads to, from 0.
    pub fn finish(
        mut self,
        title: &str,
        names: &[(usize, String)],
        options: &PdfOptions,
    ) -> Result<Vec<u8>, PaintError> {
        std::mem::take(&mut self.faults).refuse()?;
        self.papers.refuse()?;
        self.own.write(&mut self.file, Effort::Quick);
        self.digest.update(self.own.fonts.key());
        self.papers.digest(&mut self.digest);
        self.outline(names);
        self.structure();
        let pages = self.pages.iter().map(|page| page.id);
        self.file.object::<Pages>(PAGES).count(self.pages.len() as i32).kids(pages);
        let carried = options.carry.as_ref().map(|(name, bytes)| {
            self.digest.update(bytes);
            (name, carry(&mut self.file, name, bytes, options))
        });
        // PDF/A-2 allows no attachment that is not PDF/A itself.
        let part = if carried.is_some() { 3 } else { 2 };
        let standard = self.papers.standard(Standard { part, conformance: "A" });
        let papers = self.papers;
        let metadata = Metadata { title, date: options.date, standard };
        metadata.close(self.file, self.digest, |catalog| {
            catalog.pair(Name(b"StructTreeRoot"), STRUCTURE);
            catalog.mark_info().marked(true).suspects(false);
            papers.catalog(catalog);
            if let Some((name, spec)) = carried {
                let mut names = catalog.names();
                names.embedded_files().names().insert(Str(name.as_bytes()), spec);
                drop(names);
                catalog.insert(Name(b"AF")).array().item(spec);
            }
        })
    }

    fn outline(&mut self, names: &[(usize, String)]) {
        let items: Vec<Ref> = names.iter().map(|_| self.file.id()).collect();
        for (i, (page, name)) in names.iter().enumerate() {
            let page = &self.pages[*page];
            let previous = i.checked_sub(1).map(|i| items[i]);
            let next = items.get(i + 1).copied();
            let entry = Entry { previous, next, ..Entry::new(OUTLINE, (page.id, page.height)) };
            entry.write(&mut self.file, items[i], name);
        }
        let mut outline = self.file.object::<Outline>(OUTLINE);
        if let (Some(first), Some(last)) = (items.first(), items.last()) {
            outline.first(*first).last(*last).count(items.len() as i32);
        }
    }

    /// The root of the structure, and which content belongs to which element.
    fn structure(&mut self) {
        let lists: Vec<Ref> = self.pages.iter().map(|_| self.file.id()).collect();
        for (list, page) in lists.iter().zip(&self.pages) {
            self.file.value(*list).array().items(page.owners.contents.iter().copied());
        }
        let top = if self.pages.len() == 1 { self.pages[0].top } else { self.above.1 };
        if self.pages.len() > 1 {
            let mut document = self.file.object::<StructElement>(self.above.1);
            document.kind(StructRole::Document).parent(STRUCTURE);
            let mut children = document.children();
            for page in &self.pages {
                children.struct_element(page.top);
            }
        }
        let mut root = self.file.object::<StructTreeRoot>(STRUCTURE);
        root.children().item(top);
        let mut parents = root.parent_tree();
        let mut numbers = parents.nums();
        for (key, list) in (0..).zip(&lists) {
            numbers.insert(key, *list);
        }
        let links = self.pages.iter().flat_map(|page| &page.owners.links);
        let mut links: Vec<(i32, Ref)> =
            links.map(|(annotation, element)| (link_key(*annotation), *element)).collect();
        links.sort_unstable_by_key(|(key, _)| *key);
        let next = links.last().map_or(lists.len() as i32, |(key, _)| key + 1);
        for (key, element) in links {
            numbers.insert(key, element);
        }
        drop(numbers);
        drop(parents);
        root.parent_tree_next_key(next);
    }
}

/// Attaches a file.
fn carry(file: &mut File<Vec<u8>>, name: &str, bytes: &[u8], options: &PdfOptions) -> Ref {
    let (spec, stream) = (file.id(), file.id());
    let date = date(options.date);
    file.packed_stream(stream, &deflate(bytes, Effort::Well), |stream| {
        stream.pair(Name(b"Type"), Name(b"EmbeddedFile"));
        stream.pair(Name(b"Subtype"), Name(b"application/yaml"));
        let mut params = stream.insert(Name(b"Params")).dict();
        params.pair(Name(b"Size"), bytes.len() as i32).pair(Name(b"ModDate"), date);
    });
    let mut spec_out = file.object::<FileSpec>(spec);
    spec_out.path(Str(name.as_bytes())).unic_file(TextStr(name));
    spec_out.description(TextStr("この様式に印字した値の記録"));
    spec_out.association_kind(AssociationKind::Source);
    let mut embedded = spec_out.insert(Name(b"EF")).dict();
    embedded.pair(Name(b"F"), stream).pair(Name(b"UF"), stream);
    embedded.finish();
    spec
}

/// A page's fonts, colours and pictures, and what all pages of its form have in common.
pub(super) fn write_resources<'a>(
    resources: &mut Resources,
    fonts: impl Iterator<Item = &'a ([u8; 2], Ref)>,
    pictures: &Pictures,
    printed: Option<(Name, Ref)>,
) {
    let mut dictionary = resources.fonts();
    for (name, id) in fonts {
        dictionary.pair(Name(name), *id);
    }
    drop(dictionary);
    let mut spaces = resources.color_spaces();
    spaces.insert(COLORS).start::<ColorSpace>().icc_based(PROFILE);
    drop(spaces);
    let pictures = pictures.iter().map(|(name, id)| (Name(name.as_bytes()), id));
    let mut objects = pictures.chain(printed).peekable();
    if objects.peek().is_some() {
        let mut all = resources.x_objects();
        objects.for_each(|(name, id)| {
            all.pair(name, id);
        });
    }
}
