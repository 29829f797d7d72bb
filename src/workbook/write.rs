//! A page of a workbook: the sheet's boxes as merged cells, sized in true millimetres, to print as the PDF
//! does and, with [`Entry`]s, to fill in by hand and read back.
//!
//! Columns and rows are the edges of the boxes, so a cell lies where its box lies. No value is written as a formula.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cells::Piece;
use super::grid::Grid;
use super::shared::Shared;
use super::{cells, input, marks};
use crate::sheet::{Align, Area, Block, Cell, Rect, Sheet, Stroke, TextLine, ruling};
use crate::table::range::Range;
use crate::workbook::{Entry, Input};

/// Room that other programs' letter widths may take beside running text, in mm.
const SPARE: f32 = 5.0;
/// What no printer reaches, in mm.
const UNPRINTABLE: f32 = 6.0;
/// Room for rounding between the form and the margins, so that the page is not made smaller, in mm.
const SLACK: f32 = 2.0;
/// Room that programs leave round the text of a cell, in mm.
const CELL_PAD: f32 = 0.4;
/// From this distance from its box's left edge on, in mm, a line of text has cells of its own.
const INDENT: f32 = 2.5;
/// How high a row is in which something is entered, in mm.
const INPUT_HEIGHT: f32 = 7.0;

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

/// Writes a page; where its entries are, and those of `beside` that no page prints. What is `shared` shows what
/// is typed in an earlier form.
pub(super) fn write_page<'a>(
    page: &mut Worksheet,
    sheet: &Sheet,
    placed: &'a [Placed<'a>],
    beside: &'a [Entry],
    fill_in: bool,
    shared: &Shared<'_>,
) -> Result<Vec<Named<'a>>, XlsxError> {
    let (flat, floating) = layers(placed);
    let mut rects: Vec<Rect> = flat.iter().map(|p| p.area.rect).collect();
    let right = rects.iter().map(Rect::right).fold(0.0, f32::max);
    let spare = Some(right + SPARE).filter(|x| *x <= sheet.width - UNPRINTABLE);
    let parts = flat.iter().flat_map(|p| parts(p, fill_in));
    rects.extend(parts.flat_map(|part| [part.rect, part.text]));
    // What lies outside of everything else must still have cells below it.
    let outside = |rect: &Rect| rects.iter().all(|r| rect.y < r.y) || rect.right() > right;
    let beyond: Vec<Rect> =
        floating.iter().map(|p| p.area.rect).filter(|rect| outside(rect)).collect();
    rects.extend(beyond);
    let floats = |area: &&Area| floating.iter().any(|p| p.running && std::ptr::eq(p.area, *area));
    let ruled = sheet.areas().filter(|area| !floats(area));
    let grid = Grid::new(ruled, ruling::rules(sheet), &rects, spare);
    set_up(page, sheet, &grid)?;
    // Else a formula that comes to nothing is kept as 0.
    page.set_formula_result_default("");

    let mut names = Vec::new();
    let mut cells = cells::Cells::new(&grid, fill_in, shared);
    for piece in pieces(&flat, &grid, spare, fill_in) {
        if let Some((entry, _)) = piece.entry {
            let at = (piece.text.row, piece.text.column);
            names.push(Named { entry, range: piece.range, at });
        }
        cells.write(page, &piece)?;
    }
    cells.lines(page)?;
    for p in placed {
        // Where a word is chosen in a cell, a circle round another would contradict it.
        let is_chosen = |(entry, _): &(&Entry, usize)| matches!(entry.input, Input::Circle(_));
        if fill_in && p.entry.as_ref().is_some_and(is_chosen) {
            continue;
        }
        for mark in &p.area.marks {
            marks::mark(page, &grid, p.area, mark)?;
        }
    }
    for p in floating {
        marks::text_box(page, &grid, p.area)?;
    }
    if fill_in {
        let beside = beside.iter().filter(|entry| !entry.printed && !shared.asks(entry));
        for (entry, range) in input::beside(page, &grid, beside)? {
            names.push(Named { entry, range, at: (range.row, range.column) });
        }
        for Named { entry, range, .. } in joined(&names) {
            match shared.source(entry) {
                Some(source) => input::explain(page, entry, source, range)?,
                None => input::validate(page, entry, range)?,
            }
        }
        let mut own = names.iter().filter(|named| shared.source(named.entry).is_none());
        if let Some(Named { range, .. }) = own.next() {
            page.set_selection(range.row, range.column, range.row, range.column)?;
        }
        page.protect();
    }
    Ok(joined(&names))
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

/// The page: sizes, margins that put the form where the PDF has it, one page wide and tall.
fn set_up(page: &mut Worksheet, sheet: &Sheet, grid: &Grid) -> Result<(), XlsxError> {
    let (widths, heights) = (grid.widths(), grid.heights());
    for (column, width) in (0..).zip(&widths) {
        page.set_column_width_pixels(column, *width)?;
    }
    for (row, height) in (0..).zip(&heights) {
        page.set_row_height_pixels(row, *height)?;
    }
    // A page has far fewer boxes than a workbook has columns and rows.
    page.set_print_area(0, 0, heights.len() as u32 - 1, widths.len() as u16 - 1)?;
    page.set_paper_size(paper(sheet.width, sheet.height).unwrap_or(A4));
    if sheet.width > sheet.height {
        page.set_landscape();
    }
    let inch = |mm: f32| f64::from(mm.max(0.0)) / 25.4;
    let (left, top, right, bottom) = grid.bounds();
    let after = |page: f32, end: f32| inch(page - end - SLACK);
    let (right, bottom) = (after(sheet.width, right), after(sheet.height, bottom));
    page.set_margins(inch(left), right, inch(top), bottom, 0.0, 0.0);
    page.set_print_fit_to_pages(1, 1);
    page.set_screen_gridlines(false);
    Ok(())
}

/// A4 in Excel's list of papers.
const A4: u8 = 9;

/// The number a paper has in Excel's list, upright or turned; none where it is not there.
pub(super) fn paper(width: f32, height: f32) -> Option<u8> {
    /// Width and height in mm: A3, A4, A5, B4, B5 (both JIS), Letter, and the Japanese postcard.
    const PAPERS: [(u8, f32, f32); 7] = [
        (8, 297.0, 420.0),
        (A4, 210.0, 297.0),
        (11, 148.0, 210.0),
        (12, 257.0, 364.0),
        (13, 182.0, 257.0),
        (1, 215.9, 279.4),
        (43, 100.0, 148.0),
    ];
    let (short, long) = (width.min(height), width.max(height));
    let is_it = |(_, w, h): &&(u8, f32, f32)| (w - short).abs() < 1.0 && (h - long).abs() < 1.0;
    PAPERS.iter().find(is_it).map(|(number, ..)| *number)
}

#[cfg(test)]
mod tests;
