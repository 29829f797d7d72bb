//! The shape of a workbook: everything but the values in its cells. Those that a form is filled into again and again
//! mostly have the same.
//!
//! Columns and rows are the edges of the boxes, so a cell lies where its box lies.

use super::cells::{Boxed, CellValue, Cells, Piece};
use super::grid::Grid;
use super::input;
use crate::paint::PaintError;
use crate::sheet::{Align, Area, Block, Cell, Rect, Sheet, Stroke, TextLine, ruling};
use crate::table::range::{Range, Reference};
use crate::workbook::{Entry, Input};

/// Room that other programs' letter widths may take beside running text, in mm.
pub(super) const SPARE: f32 = 5.0;
/// What no printer reaches, in mm.
const UNPRINTABLE: f32 = 6.0;
/// Room that programs leave round the text of a cell, in mm.
const CELL_PAD: f32 = 0.4;
/// From this distance from its box's left edge on, in mm, a line of text has cells of its own.
const INDENT: f32 = 2.5;
/// How high a row is in which something is entered, in mm.
const INPUT_HEIGHT: f32 = 7.0;

/// A workbook without its values.
#[derive(Clone, PartialEq)]
pub(super) struct Shape {
    pub pages: Vec<PageShape>,
    /// The names of cells.
    pub names: Vec<(String, Reference)>,
    /// None of a workbook that is not read back: it has no hidden sheet and no values.
    pub read_back: Option<Properties>,
}

/// What a workbook that is read back says of itself.
#[derive(Clone, PartialEq)]
pub(super) struct Properties {
    pub forms: String,
    pub editions: String,
    /// Whether it says what its list calls the facility.
    pub is_labelled: bool,
}

/// A page without its values.
#[derive(Clone, PartialEq)]
pub(super) struct PageShape {
    /// The name of the sheet.
    pub title: String,
    /// Width and height in mm.
    pub size: (f32, f32),
    pub grid: Grid,
    pub boxes: Vec<Boxed>,
    /// The areas with marks that lie over their cells.
    pub marked: Vec<Area>,
    /// The areas that lie over others, as callouts do.
    pub floating: Vec<Area>,
}

/// What is entered on a page of a form to fill in.
pub(super) struct Inputs<'a> {
    pub cells: Vec<InputCell<'a>>,
    /// Those that are not printed.
    pub beside: Vec<(&'a Entry, Range)>,
}

/// A cell to fill in.
pub(super) struct InputCell<'a> {
    pub entry: &'a Entry,
    pub range: Range,
    /// The sheet whose value it shows, where an earlier form asks for it.
    pub source: Option<&'a str>,
}

/// An area of the sheet, and what can be entered there.
pub(super) struct Placed<'a> {
    area: &'a Area,
    /// The entry and which of its boxes this is.
    entry: Option<(&'a Entry, usize)>,
    /// Whether the area is running text and no cell of a table.
    running: bool,
}

/// Where the cells of an entry are.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub entry: &'a Entry,
    /// All its boxes.
    pub range: Range,
    /// The row and column of the cell with the value, or with its first part.
    pub at: (u32, u16),
}

/// What a page becomes.
pub(super) struct Page<'a> {
    pub shape: PageShape,
    /// The values of its boxes, in their order.
    pub values: Vec<CellValue>,
    /// Where its entries are, and those that no page prints.
    pub names: Vec<Named<'a>>,
    /// What is entered on it, if it is to be filled in.
    pub inputs: Option<Inputs<'a>>,
}

/// The shape of a page with this title; where `beside` has entries, those that no page prints are asked for beside it.
///
/// A box too small for a cell of its own lies in its neighbour's, if one of them is empty.
pub(super) fn page<'a>(
    title: &str,
    sheet: &Sheet,
    placed: &'a [Placed<'a>],
    beside: &'a [Entry],
    cells: &Cells<'_, 'a>,
) -> Result<Page<'a>, PaintError> {
    let fill_in = cells.fill_in;
    let (flat, floating) = layers(placed);
    let right = flat.iter().map(|p| p.area.rect.right()).fold(0.0, f32::max);
    let spare = Some(right + SPARE).filter(|x| *x <= sheet.width - UNPRINTABLE);
    let grid = grid(sheet, (&flat, &floating), (right, spare), fill_in);
    let (mut names, mut boxes, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for piece in pieces(&flat, &grid, spare, fill_in) {
        if let Some((entry, _)) = piece.entry {
            let at = (piece.text.row, piece.text.column);
            names.push(Named { entry, range: piece.range, at });
        }
        let new = cells.boxed(&piece, &mut values);
        let is_over = |other: &Boxed| other.range.overlaps(&new.range);
        if boxes.iter().any(is_over) {
            if new.is_empty() {
                continue;
            }
            boxes.retain(|other| !(other.is_empty() && is_over(other)));
            if boxes.iter().any(is_over) {
                return Err(PaintError::Crowded);
            }
        }
        boxes.push(new);
    }
    // Where a word is chosen in a cell, a circle round another would contradict it.
    let is_chosen = |(entry, _): (&Entry, usize)| matches!(entry.input, Input::Circle(_));
    let contradicts = |p: &&Placed<'_>| fill_in && p.entry.is_some_and(is_chosen);
    let marked = placed.iter().filter(|p| !contradicts(p) && !p.area.marks.is_empty());
    let marked = marked.map(|p| p.area.clone()).collect();
    let floating = floating.iter().map(|p| p.area.clone()).collect();
    let beside = match fill_in {
        true => {
            let asked = beside.iter().filter(|entry| !entry.printed && !cells.shared.asks(entry));
            input::beside(&grid, asked)
        }
        false => Vec::new(),
    };
    names.extend(beside.iter().map(|(entry, range)| {
        let at = (range.row, range.column);
        Named { entry, range: *range, at }
    }));
    let names = joined(&names);
    let cell = |Named { entry, range, .. }: &Named<'a>| {
        let source = cells.shared.source(entry).map(|source| source.sheet);
        InputCell { entry, range: *range, source }
    };
    let inputs = fill_in.then(|| Inputs { cells: names.iter().map(cell).collect(), beside });
    let (title, size) = (title.to_owned(), (sheet.width, sheet.height));
    let shape = PageShape { title, size, grid, boxes, marked, floating };
    Ok(Page { shape, values, names, inputs })
}

/// The columns and rows of a page, whose cells end at `right`; `spare` is one more edge beside them.
fn grid(
    sheet: &Sheet,
    (flat, floating): (&[&Placed<'_>], &[&Placed<'_>]),
    (right, spare): (f32, Option<f32>),
    fill_in: bool,
) -> Grid {
    let mut rects: Vec<Rect> = flat.iter().map(|p| p.area.rect).collect();
    let parts = flat.iter().flat_map(|p| parts(p, fill_in));
    rects.extend(parts.flat_map(|part| [part.rect, part.text]));
    // What lies outside of everything else must still have cells below it.
    let outside = |rect: &Rect| rects.iter().all(|r| rect.y < r.y) || rect.right() > right;
    let beyond: Vec<Rect> =
        floating.iter().map(|p| p.area.rect).filter(|rect| outside(rect)).collect();
    rects.extend(beyond);
    let floats = |area: &&Area| floating.iter().any(|p| p.running && std::ptr::eq(p.area, *area));
    let ruled = sheet.areas().filter(|area| !floats(area));
    Grid::new(ruled, ruling::rules(sheet), &rects, spare)
}

/// Every area in reading order; the cells with a field are those of the next entries, in the same order.
pub(super) fn placed<'a>(
    sheet: &'a Sheet,
    entries: &mut impl Iterator<Item = &'a Entry>,
) -> Vec<Placed<'a>> {
    let mut all = Vec::new();
    let mut cell = |cell: &'a Cell, all: &mut Vec<Placed<'a>>| {
        let has_field = cell.areas.first().is_some_and(|area| area.field.is_some());
        let entry = if has_field { entries.next() } else { None };
        all.extend(cell.areas.iter().enumerate().map(|(i, area)| Placed {
            area,
            // What boxes of digits leave of their cell is none of them.
            entry: entry.filter(|_| area.field.is_some()).map(|entry| (entry, i)),
            running: false,
        }));
    };
    for block in &sheet.blocks {
        match block {
            Block::Text { area, .. } => all.push(Placed { area, entry: None, running: true }),
            Block::Table { rows } => rows.iter().flatten().for_each(|c| cell(c, &mut all)),
            Block::Group(cells) => cells.iter().for_each(|c| cell(c, &mut all)),
            Block::Rule { .. } => {}
        }
    }
    all
}

/// The areas that are cells, and those that lie over others, as callouts do.
fn layers<'a, 'b>(placed: &'b [Placed<'a>]) -> (Vec<&'b Placed<'a>>, Vec<&'b Placed<'a>>) {
    let mut flat: Vec<&Placed<'_>> = Vec::new();
    let mut floating = Vec::new();
    for p in placed {
        let over = |other: &&Placed<'_>| overlap(&p.area.rect, &other.area.rect);
        if p.area.fill.is_some() && p.running || flat.iter().any(over) {
            floating.push(p);
        } else {
            flat.push(p);
        }
    }
    (flat, floating)
}

fn overlap(a: &Rect, b: &Rect) -> bool {
    // As near as two edges are taken for one.
    const TOUCH: f32 = 0.3;
    a.x + TOUCH < b.right()
        && b.x + TOUCH < a.right()
        && a.y + TOUCH < b.bottom()
        && b.y + TOUCH < a.bottom()
}

/// A part of an area that has cells of its own.
struct Part<'a> {
    lines: &'a [TextLine],
    rect: Rect,
    /// The box of the text alone, where it is smaller.
    text: Rect,
    /// Whether the area's field is entered here.
    entered: bool,
}

/// The parts of an area: running text a line each, so that its lines lie as they do on the page; a
/// field whose cell prints all its choices, what is printed and a cell to choose in below.
fn parts<'a>(p: &Placed<'a>, fill_in: bool) -> Vec<Part<'a>> {
    let rect = p.area.rect;
    let lines = &p.area.lines[..];
    let whole = |rect, text| Part { lines, rect, text, entered: true };
    if p.running && lines.len() > 1 {
        return running(p.area);
    }
    if let Some((entry, _)) = p.entry.filter(|_| fill_in)
        && matches!(entry.input, Input::Circle(_))
    {
        let h = INPUT_HEIGHT.min(rect.h / 2.0);
        let above = Rect { h: rect.h - h, ..rect };
        let below = Rect { y: above.bottom(), h, ..rect };
        return vec![
            Part { entered: false, ..whole(above, above) },
            Part { lines: &[], ..whole(below, below) },
        ];
    }
    // Text in a part of its box has that part to itself: programs differ over indents.
    let run = lines.first().and_then(|line| line.runs.first());
    let is_label = p.entry.is_none() && p.area.align == Align::Left;
    // The text of one line has a space before it where a space is room enough.
    let least = if lines.len() > 1 { CELL_PAD } else { INDENT };
    if let Some(left) = lines.iter().filter_map(line_start).reduce(f32::min)
        && is_label
        && left - rect.x > least
    {
        let x = left - CELL_PAD;
        return vec![whole(rect, Rect { x, w: rect.right() - x, ..rect })];
    }
    match run.filter(|_| lines.len() == 1 && p.area.align == Align::Justify) {
        Some(run) if run.x - rect.x > CELL_PAD => {
            let end = lines[0].runs.last().map_or(rect.right(), |run| run.x + run.width);
            let x = run.x - CELL_PAD;
            vec![whole(rect, Rect { x, w: end + CELL_PAD - x, ..rect })]
        }
        _ => vec![whole(rect, rect)],
    }
}

fn running(area: &Area) -> Vec<Part<'_>> {
    let rect = area.rect;
    let baseline = |i: usize| area.lines[i].runs.first().map(|run| run.baseline);
    let count = area.lines.len();
    // Lines of running text are equally far apart.
    let leading = match (baseline(0), baseline(count - 1)) {
        (Some(first), Some(last)) if last > first => (last - first) / (count - 1) as f32,
        _ => rect.h / count as f32,
    };
    let top = rect.y + (rect.h - leading * count as f32) / 2.0;
    let part = |i: usize| {
        let lines = &area.lines[i..=i];
        let x = line_start(&lines[0]).filter(|x| x - rect.x > 1.0).unwrap_or(rect.x);
        let y = top + leading * i as f32;
        let rect = Rect { x, y, w: rect.right() - x, h: leading };
        Part { lines, rect, text: rect, entered: false }
    };
    (0..count).map(part).collect()
}

fn line_start(line: &TextLine) -> Option<f32> {
    line.runs.first().map(|run| run.x)
}

/// The cells to write.
fn pieces<'a>(
    flat: &[&'a Placed<'a>],
    grid: &Grid,
    spare: Option<f32>,
    fill_in: bool,
) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let ranges: Vec<Range> = flat.iter().map(|p| grid.range(&p.area.rect)).collect();
    for (i, p) in flat.iter().enumerate() {
        let area = p.area;
        for part in parts(p, fill_in) {
            let (mut range, mut text) = (grid.range(&part.rect), grid.range(&part.text));
            if let Some(x) = spare.filter(|_| p.running && area.align == Align::Left) {
                let wide = grid.range(&Rect { w: x - part.rect.x, ..part.rect });
                let mut others = ranges[..i].iter().chain(&ranges[i + 1..]);
                let bordered = area.edges.right != Stroke::None;
                if !bordered && !others.any(|other| other.overlaps(&wide)) {
                    (range, text) = (wide, wide);
                }
            }
            let entry = p.entry.filter(|_| part.entered);
            pieces.push(Piece { area, lines: part.lines, entry, range, text });
        }
    }
    pieces
}

/// The entries with all their boxes as one range.
fn joined<'a>(names: &[Named<'a>]) -> Vec<Named<'a>> {
    let mut joined: Vec<Named<'_>> = Vec::new();
    for named in names {
        match joined.last_mut() {
            Some(last) if std::ptr::eq(last.entry, named.entry) => {
                last.range.last_row = named.range.last_row;
                last.range.last_column = named.range.last_column;
            }
            _ => joined.push(*named),
        }
    }
    joined
}
