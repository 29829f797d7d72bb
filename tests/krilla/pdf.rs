//! A PDF: archival (PDF/A-2a, or PDF/A-3a when it carries a file), readable aloud (PDF/UA-1), and the same bytes for the same sheets.

use std::num::{NonZeroU16, NonZeroU32};
use std::ops::Range;
use std::sync::Arc;

use krilla::configure::{
    Accessibility, Archival, ConfigurationBuilder, PdfVersion, ValidationError,
};
use krilla::destination::XyzDestination;
use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::error::KrillaError;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagTree,
};
use krilla::{Document, SerializeSettings};

use super::ink::{self, Piece, Spot, pt};
use onshi::font::{Face, Shaped, shape};
use onshi::paint::{PaintError, PdfOptions};
use onshi::sheet::{
    Area, Block, Cell, Color, Content, Mark, Rect, Role, Run, Scope, Section, Sheet, sections,
};

/// Paints sheets into one PDF, a page a sheet.
///
/// # Errors
///
/// When a character has no glyph, or a number is none a page can have.
pub fn pdf(sheets: &[Sheet], options: &PdfOptions) -> Result<Vec<u8>, PaintError> {
    if sheets.is_empty() {
        return Err(PaintError::Geometry("no sheets".into()));
    }
    // PDF/A-2 allows no attachment that is not PDF/A itself.
    let archival = if options.carry.is_some() { Archival::A3_A } else { Archival::A2_A };
    let mut document = Document::new_with(settings(archival, Some(Accessibility::UA1))?);
    if let Some((name, bytes)) = &options.carry {
        // The only file of the document: no other has its name.
        let _ = document.embed_file(attachment(name, bytes, options));
    }
    let (mut tree, mut outline) = (TagTree::new(), Outline::new());
    for (index, sheet) in sheets.iter().enumerate() {
        let nodes = page(&mut document, sheet)?;
        if sheets.len() == 1 {
            tree.children = nodes;
        } else {
            tree.push(TagGroup::with_children(Tag::Part, nodes));
        }
        let name = options.outline.get(index).unwrap_or(&sheet.title).clone();
        let top = XyzDestination::new(index, Point::from_xy(0.0, 0.0));
        outline.push_child(OutlineNode::new(name, top));
    }
    document.set_metadata(metadata(sheets, options));
    document.set_outline(outline);
    document.set_tag_tree(tree);
    finish(document)
}

pub fn finish(document: Document) -> Result<Vec<u8>, PaintError> {
    document.finish().map_err(|error| PaintError::Refused(reasons(&error)))
}

fn attachment(name: &str, bytes: &[u8], options: &PdfOptions) -> EmbeddedFile {
    EmbeddedFile {
        path: name.into(),
        mime_type: MimeType::new("application/yaml"),
        description: Some("この様式に印字した値の記録".into()),
        association_kind: AssociationKind::Source,
        data: bytes.to_vec().into(),
        modification_date: Some(date(options)),
        compress: Some(true),
        location: None,
    }
}

/// What a PDF of this standard is written with; one that is readable aloud has structure.
pub fn settings(
    archival: Archival,
    accessibility: Option<Accessibility>,
) -> Result<SerializeSettings, PaintError> {
    let builder = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_archival_validator(archival);
    let builder = match accessibility {
        Some(standard) => builder.with_accessibility_validator(standard),
        None => builder,
    };
    let configuration =
        builder.finish().map_err(|error| PaintError::Refused(vec![format!("{error:?}")]))?;
    let enable_tagging = accessibility.is_some();
    Ok(SerializeSettings { configuration, enable_tagging, ..SerializeSettings::default() })
}

pub fn metadata(sheets: &[Sheet], options: &PdfOptions) -> Metadata {
    let title = options.title.clone().unwrap_or_else(|| {
        let mut titles: Vec<&str> = Vec::new();
        for sheet in sheets {
            if !titles.contains(&sheet.title.as_str()) {
                titles.push(&sheet.title);
            }
        }
        titles.join("、")
    });
    let program = concat!("onshi ", env!("CARGO_PKG_VERSION"));
    Metadata::new()
        .title(title)
        .language("ja".into())
        .creator(program.into())
        .producer(program.into())
        .creation_date(date(options))
}

fn date(options: &PdfOptions) -> DateTime {
    // A civil date's parts are in range: year -9999 to 9999, month and day positive.
    DateTime::new(options.date.year().unsigned_abs())
        .month(options.date.month().unsigned_abs())
        .day(options.date.day().unsigned_abs())
}

pub fn page_settings(sheet: &Sheet) -> Result<PageSettings, PaintError> {
    let settings = PageSettings::from_wh(pt(sheet.width), pt(sheet.height));
    settings.ok_or_else(|| PaintError::Geometry("the page".into()))
}

fn page(document: &mut Document, sheet: &Sheet) -> Result<Vec<Node>, PaintError> {
    check(sheet)?;
    let mut page = document.start_page_with(page_settings(sheet)?);
    let mut surface = page.surface();
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    ink::ground(&mut surface, sheet);
    surface.end_tagged();
    let nodes = structure(&mut surface, sheet);
    surface.finish();
    page.finish();
    Ok(nodes)
}

/// Refuses numbers that no page can have.
pub fn check(sheet: &Sheet) -> Result<(), PaintError> {
    // A PDF page is at most 200 inches wide and high.
    const FAR: f32 = 200.0 * 25.4;
    let fits = |values: &[f32]| values.iter().all(|v| (-FAR..=FAR).contains(v));
    let fault = |what: String| Err(PaintError::Geometry(what));
    if !fits(&[sheet.width, sheet.height]) {
        return fault("the page".into());
    }
    for area in sheet.areas() {
        let rect = area.rect;
        if !fits(&[rect.x, rect.y, rect.w, rect.h]) {
            return fault(format!("the box of {}", area.field.as_deref().unwrap_or("a text")));
        }
        for run in area.lines.iter().flat_map(|line| &line.runs) {
            if !fits(&[run.x, run.baseline, run.spread]) || !(0.01..=FAR).contains(&run.size) {
                return fault(format!("the text “{}”", run.text()));
            }
        }
        for mark in &area.marks {
            let rect = mark.rect();
            let Mark::Circle { word, .. } = mark else { continue };
            let word = area.word(word).unwrap_or_default();
            if !fits(&[rect.x, rect.y])
                || ![rect.w, rect.h].iter().all(|v| (0.01..=FAR).contains(v))
            {
                return fault(format!("the ellipse round {word}"));
            }
        }
    }
    for block in &sheet.blocks {
        if let Block::Rule { line } = block
            && !fits(&[line.x1, line.y1, line.x2, line.y2])
        {
            return fault("a line".into());
        }
    }
    Ok(())
}

/// Draws the text and marks in reading order, and says what each is.
fn structure(surface: &mut Surface, sheet: &Sheet) -> Vec<Node> {
    let is_title = |b: &Block| matches!(b, Block::Text { role: Role::Title, .. });
    // Levels may not be skipped: without a title the headings are the first level.
    let below_title = if sheet.blocks.iter().any(is_title) {
        NonZeroU16::MIN.saturating_add(1)
    } else {
        NonZeroU16::MIN
    };
    let mut in_table = below_title;
    let mut nodes: Vec<Node> = Vec::new();
    for block in &sheet.blocks {
        match block {
            Block::Text { role, area } => {
                let children = content(surface, area);
                let heading = |level| Tag::Hn(level, Some(text(area))).into();
                if *role == Role::Heading {
                    in_table = below_title.saturating_add(1);
                }
                let tag = match role {
                    Role::Title => heading(NonZeroU16::MIN),
                    Role::Heading => heading(below_title),
                    Role::Paragraph => Tag::P.into(),
                };
                group(&mut nodes, tag, children);
            }
            Block::Group(cells) => {
                for cell in cells {
                    let children = cell.areas.iter().flat_map(|a| content(surface, a)).collect();
                    group(&mut nodes, Tag::P.into(), children);
                }
            }
            Block::Table { rows } => {
                for section in sections(rows) {
                    let (tag, children) = match section {
                        Section::Heading(cell) => {
                            let said = cell.areas.iter().map(text).collect();
                            let children = cell.areas.iter().flat_map(|a| content(surface, a));
                            (Tag::Hn(in_table, Some(said)).into(), children.collect())
                        }
                        Section::Rows(rows) => (Tag::Table.into(), table(surface, rows)),
                    };
                    group(&mut nodes, tag, children);
                }
            }
            Block::Rule { .. } => {}
        }
    }
    nodes
}

fn table(surface: &mut Surface, rows: &[Vec<Arc<Cell>>]) -> Vec<Node> {
    let row = |row: &Vec<Arc<Cell>>| {
        let cells = row.iter().map(|cell| self::cell(surface, cell).into()).collect();
        TagGroup::with_children(Tag::TR, cells).into()
    };
    rows.iter().map(row).collect()
}

/// Adds a group unless it is empty: an empty paragraph is noise to a reader.
fn group(nodes: &mut Vec<Node>, tag: krilla::tagging::TagKind, children: Vec<Node>) {
    if !children.is_empty() {
        nodes.push(TagGroup::with_children(tag, children).into());
    }
}

/// A cell, present even when empty: the table's rows are to be as long as one another.
fn cell(surface: &mut Surface, cell: &Cell) -> TagGroup {
    let rows = NonZeroU32::new(cell.rows).filter(|n| n.get() > 1);
    let columns = NonZeroU32::new(cell.columns).filter(|n| n.get() > 1);
    let children = cell.areas.iter().flat_map(|area| content(surface, area)).collect();
    let header = |scope| Tag::TH(scope).with_row_span(rows).with_col_span(columns).into();
    let tag: krilla::tagging::TagKind = match cell.header {
        Some(Scope::Row) => header(TableHeaderScope::Row),
        Some(Scope::Column) => header(TableHeaderScope::Column),
        None => Tag::TD.with_row_span(rows).with_col_span(columns).into(),
    };
    TagGroup::with_children(tag, children)
}

/// The text of a box, its lines joined.
fn text(area: &Area) -> String {
    let runs = area.lines.iter().flat_map(|line| &line.runs);
    runs.map(Run::text).collect()
}

/// Draws the text and marks of a box, each mark where it is read.
pub fn content(surface: &mut Surface, area: &Area) -> Vec<Node> {
    let mut marks: Vec<&Mark> = area.marks.iter().collect();
    let mut nodes = Vec::new();
    for (l, line) in area.lines.iter().enumerate() {
        let shapes: Vec<Shaped> = line.runs.iter().map(|r| shape(r.text(), r.family)).collect();
        let mut pieces = Vec::new();
        for (r, (run, shaped)) in line.runs.iter().zip(&shapes).enumerate() {
            if let Content::Tick(tick) = run.content {
                say(surface, &mut pieces, &mut nodes);
                nodes.push(drawn(surface, tick.text(), |surface| ink::tick(surface, run, tick)));
                continue;
            }
            let mut from = 0;
            for (glyph, rect, color) in circled(&mut marks, (l, r), shaped) {
                pieces.push(Piece { run, shaped, glyphs: from..glyph });
                say(surface, &mut pieces, &mut nodes);
                let spot = spot(run, shaped, glyph);
                let ellipse = |surface: &mut Surface| ink::circle(surface, rect, color, Some(spot));
                nodes.push(drawn(surface, ink::CIRCLED, ellipse));
                from = glyph;
            }
            pieces.push(Piece { run, shaped, glyphs: from..shaped.glyphs.len() });
        }
        say(surface, &mut pieces, &mut nodes);
    }
    // An ellipse round a word that is not there stands by itself.
    for mark in marks {
        let Mark::Circle { rect, color, .. } = *mark else { continue };
        nodes.push(drawn(surface, ink::CIRCLED, |surface| ink::circle(surface, rect, color, None)));
    }
    nodes
}

/// Takes the ellipses of a run, in the order of their words, each with the glyph its word begins with.
fn circled(
    marks: &mut Vec<&Mark>,
    at: (usize, usize),
    shaped: &Shaped,
) -> Vec<(usize, Rect, Color)> {
    let mut circles = Vec::new();
    marks.retain(|mark| {
        let Mark::Circle { rect, color, word } = mark else { return true };
        let begins = |range: &Range<usize>| range.contains(&word.range.start);
        let glyph = shaped.glyphs.iter().position(|glyph| begins(&glyph.range));
        let glyph = glyph.filter(|_| (word.line, word.run) == at);
        circles.extend(glyph.map(|glyph| (glyph, *rect, *color)));
        glyph.is_none()
    });
    circles.sort_by_key(|(glyph, ..)| *glyph);
    circles
}

fn spot(run: &Run, shaped: &Shaped, glyph: usize) -> Spot {
    Spot {
        face: shaped.glyphs.get(glyph).map_or(Face::Mincho, |g| g.face),
        x: ink::glyph_x(run, shaped, glyph),
        baseline: run.baseline,
        size: run.size,
    }
}

/// Draws pieces of one line.
fn say(surface: &mut Surface, pieces: &mut Vec<Piece>, nodes: &mut Vec<Node>) {
    pieces.retain(|piece| !piece.glyphs.is_empty());
    if !pieces.is_empty() {
        nodes.push(surface.start_tagged(ContentTag::Span(SpanTag::empty())).into());
        pieces.drain(..).for_each(|piece| piece.draw(surface));
        surface.end_tagged();
    }
}

/// Draws something, and says it as the character it stands for.
fn drawn(surface: &mut Surface, text: &str, draw: impl FnOnce(&mut Surface)) -> Node {
    let node = surface.start_tagged(ContentTag::Span(SpanTag::empty())).into();
    draw(surface);
    surface.end_tagged();
    let tag = Tag::Span.with_actual_text(Some(text.into()));
    TagGroup::with_children(tag, vec![node]).into()
}

/// What the PDF writer refuses, in words.
fn reasons(error: &KrillaError) -> Vec<String> {
    match error {
        KrillaError::Validation(errors) => errors.iter().map(|(error, _)| reason(error)).collect(),
        other => vec![other.to_string()],
    }
}

fn reason(error: &ValidationError) -> String {
    match error {
        ValidationError::ContainsNotDefGlyph(_, _, text) => {
            let codes: Vec<String> = text.chars().map(|c| format!("U+{:04X}", c as u32)).collect();
            format!("no font has “{}” ({})", text.escape_debug(), codes.join(" "))
        }
        ValidationError::UnicodePrivateArea(_, _, c, _) => {
            format!("U+{:04X} is a private-use character", *c as u32)
        }
        ValidationError::InvalidCodepointMapping(_, _, c, _) => {
            format!("U+{:04X} is no character of a text", *c as u32)
        }
        ValidationError::NoDocumentTitle => "the document has no title".into(),
        ValidationError::MissingHeadingTitle => "a heading is empty".into(),
        ValidationError::TooLongString => "a text is longer than 32,767 bytes".into(),
        ValidationError::TooManyIndirectObjects => "the document is too long".into(),
        other => format!("{other:?}"),
    }
}
