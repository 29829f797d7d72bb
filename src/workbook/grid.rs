//! The boxes of a sheet as columns and rows: the sorted edges of all boxes.

use crate::sheet::{Area, Line, Rect, Stroke, ruling};
use crate::table::range::Range;

/// Edges nearer to each other than this, in mm, are one: no border could be drawn between them.
const MERGE: f32 = 0.3;
/// The tallest row in mm: Excel's limit is 409 pt.
const TALLEST: f32 = 140.0;
/// Pixels in a millimetre: Excel sizes columns and rows in pixels of 1/96 inch.
const PIXELS: f32 = 96.0 / 25.4;

/// Columns and rows of a workbook, and the lines between them.
#[derive(Clone, PartialEq)]
pub(super) struct Grid {
    columns: Vec<f32>,
    rows: Vec<f32>,
    /// `across[i][c]`: the line above row i in column c.
    across: Vec<Vec<Stroke>>,
    /// `down[j][r]`: the line left of column j in row r.
    down: Vec<Vec<Stroke>>,
}

impl Grid {
    /// The grid of `rects` with the borders of `areas` and with `rules`; `spare` is one more column edge
    /// in mm.
    pub fn new<'a>(
        areas: impl Iterator<Item = &'a Area>,
        rules: impl Iterator<Item = &'a Line> + Clone,
        rects: &[Rect],
        spare: Option<f32>,
    ) -> Grid {
        let mut xs: Vec<f32> = rects.iter().flat_map(|r| [r.x, r.right()]).chain(spare).collect();
        let mut ys: Vec<f32> = rects.iter().flat_map(|r| [r.y, r.bottom()]).collect();
        for line in rules.clone() {
            xs.extend([line.x1, line.x2]);
            ys.extend([line.y1, line.y2]);
        }
        let (columns, rows) = (merged(xs), low(merged(ys)));
        // Either has two edges or more.
        let mut across = vec![vec![Stroke::None; columns.len() - 1]; rows.len()];
        let mut down = vec![vec![Stroke::None; rows.len() - 1]; columns.len()];
        for line in areas.flat_map(ruling::borders).chain(rules.copied()) {
            let vertical = (line.x2 - line.x1).abs() < (line.y2 - line.y1).abs();
            let (edges, along, strokes, at, from, to) = if vertical {
                (&columns, &rows, &mut down, line.x1, line.y1, line.y2)
            } else {
                (&rows, &columns, &mut across, line.y1, line.x1, line.x2)
            };
            let cells = nearest(along, from.min(to))..nearest(along, from.max(to));
            for stroke in &mut strokes[nearest(edges, at)][cells] {
                *stroke = line.stroke.max(*stroke);
            }
        }
        Grid { columns, rows, across, down }
    }

    /// The cells of a box. A box is at least one cell.
    pub fn range(&self, rect: &Rect) -> Range {
        let span = |edges: &[f32], from: f32, to: f32| {
            let first = nearest(edges, from).min(edges.len().saturating_sub(2));
            (first, nearest(edges, to).max(first + 1) - 1)
        };
        let (row, last_row) = span(&self.rows, rect.y, rect.bottom());
        let (column, last_column) = span(&self.columns, rect.x, rect.right());
        // A page has far fewer boxes than a workbook has columns and rows.
        Range {
            row: row as u32,
            column: column as u16,
            last_row: last_row as u32,
            last_column: last_column as u16,
        }
    }

    /// The cell a point lies in, and how many pixels right of and below the cell's corner it is.
    pub fn cell_at(&self, x: f32, y: f32) -> (u32, u16, u32, u32) {
        let before = |edges: &[f32], at: f32| {
            edges
                .iter()
                .rposition(|edge| *edge <= at)
                .unwrap_or(0)
                .min(edges.len().saturating_sub(2))
        };
        let (row, column) = (before(&self.rows, y), before(&self.columns, x));
        let offset = |edges: &[f32], at: f32, cell: usize| {
            (((at - edges[0]) * PIXELS).round() as u32).saturating_sub(pixel(edges, cell))
        };
        let (right, below) = (offset(&self.columns, x, column), offset(&self.rows, y, row));
        (row as u32, column as u16, right, below)
    }

    /// How many rows and how many columns there are.
    pub fn size(&self) -> (usize, usize) {
        (self.rows.len() - 1, self.columns.len() - 1)
    }

    /// Widths of the columns in pixels; rounding does not add up.
    pub fn widths(&self) -> Vec<u32> {
        pixels(&self.columns)
    }

    /// Heights of the rows in pixels; rounding does not add up.
    pub fn heights(&self) -> Vec<u32> {
        pixels(&self.rows)
    }

    /// Left, top, right and bottom of everything in mm.
    pub fn bounds(&self) -> (f32, f32, f32, f32) {
        let end = |edges: &[f32]| edges.last().copied().unwrap_or_default();
        (self.columns[0], self.rows[0], end(&self.columns), end(&self.rows))
    }

    /// The lines round a cell: top, right, bottom, left.
    pub fn strokes(&self, row: u32, column: u16) -> [Stroke; 4] {
        let (r, c) = (row as usize, usize::from(column));
        [self.across[r][c], self.down[c + 1][r], self.across[r + 1][c], self.down[c][r]]
    }

    /// The lines round merged cells, as of [`Grid::strokes`]: one per side, or none where only a part of
    /// the side has one. That is the neighbours', since some programs would draw it along the whole side.
    pub fn edges(&self, merged: &Range) -> [Stroke; 4] {
        let Range { row, column, last_row, last_column } = *merged;
        let (top, bottom) = (row as usize, last_row as usize + 1);
        let (left, right) = (usize::from(column), usize::from(last_column) + 1);
        let side = |lines: &[Stroke]| match lines {
            [first, rest @ ..] if rest.iter().all(|stroke| stroke == first) => *first,
            _ => Stroke::None,
        };
        [
            side(&self.across[top][left..right]),
            side(&self.down[right][top..bottom]),
            side(&self.across[bottom][left..right]),
            side(&self.down[left][top..bottom]),
        ]
    }
}

/// Sorted edges, those that are one counted once.
fn merged(mut edges: Vec<f32>) -> Vec<f32> {
    edges.sort_by(f32::total_cmp);
    let mut kept: Vec<f32> = Vec::new();
    for edge in edges {
        if kept.last().is_none_or(|last| edge - last >= MERGE) {
            kept.push(edge);
        }
    }
    // A sheet without boxes is one empty cell.
    while kept.len() < 2 {
        let last = kept.last().copied().unwrap_or_default();
        kept.push(last + 10.0);
    }
    kept
}

/// The same edges with more between, so that no row is taller than Excel allows.
fn low(edges: Vec<f32>) -> Vec<f32> {
    let mut out = vec![edges[0]];
    for pair in edges.windows(2) {
        let parts = ((pair[1] - pair[0]) / TALLEST).ceil().max(1.0);
        let part = (pair[1] - pair[0]) / parts;
        out.extend((1..parts as usize).map(|i| pair[0] + part * i as f32));
        out.push(pair[1]);
    }
    out
}

fn nearest(edges: &[f32], at: f32) -> usize {
    let above = edges.partition_point(|edge| *edge < at);
    if above == 0 {
        return 0;
    }
    if above == edges.len() || at - edges[above - 1] <= edges[above] - at {
        return above - 1;
    }
    above
}

/// Where an edge lies, in pixels from the first.
fn pixel(edges: &[f32], index: usize) -> u32 {
    ((edges[index] - edges[0]) * PIXELS).round() as u32
}

fn pixels(edges: &[f32]) -> Vec<u32> {
    (1..edges.len()).map(|i| (pixel(edges, i) - pixel(edges, i - 1)).max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_edges_are_one_and_rounding_does_not_add_up() {
        let edges = merged(vec![10.0, 10.1, 20.0, 15.33, 19.9, 30.0]);
        assert_eq!(edges, [10.0, 15.33, 19.9, 30.0]);
        assert_eq!(pixels(&edges).iter().sum::<u32>(), (20.0 * PIXELS).round() as u32);
        assert_eq!((nearest(&edges, 9.0), nearest(&edges, 20.0), nearest(&edges, 31.0)), (0, 2, 3));
    }

    #[test]
    fn no_row_is_taller_than_excel_allows() {
        assert_eq!(low(vec![0.0, 100.0, 400.0]), [0.0, 100.0, 200.0, 300.0, 400.0]);
    }
}
