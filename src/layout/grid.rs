//! A table as a grid: where its cells are and which lines run between them.

use crate::form::{Cell, Table};
use crate::sheet::{Edges, Rect, Stroke};
use crate::yaml::Spanned;

/// A cell and where it stands.
pub(crate) struct Placed<'a> {
    pub cell: &'a Spanned<Cell>,
    pub rect: Rect,
    pub edges: Edges,
    pub rows: u32,
    pub columns: u32,
}

/// Every cell of a table by row, at its place on the page. A definition that lint accepts fills its
/// grid; what does not fit in the grid is left out.
pub(crate) fn place(table: &Table, x: f32, y: f32) -> Vec<Vec<Placed<'_>>> {
    let xs = edges(x, table.columns.iter().copied());
    let ys = edges(y, table.rows.iter().map(|row| row.value.height()));
    let (rows, columns) = (table.rows.len(), table.columns.len());
    let mut spans = Vec::new();
    let mut taken = vec![vec![false; columns]; rows];
    for (r, row) in table.rows.iter().enumerate() {
        for cell in &row.value.cells {
            let Some(c) = taken[r].iter().position(|taken| !taken) else { break };
            let down = (cell.value.down().max(1) as usize).min(rows - r);
            let wide = (cell.value.across().max(1) as usize).min(columns - c);
            for line in &mut taken[r..r + down] {
                line[c..c + wide].fill(true);
            }
            spans.push(Span { cell, r, c, down, wide });
        }
    }
    let lines = Lines::of(table, &spans, rows, columns);
    let mut placed: Vec<Vec<Placed<'_>>> = (0..rows).map(|_| Vec::new()).collect();
    for Span { cell, r, c, down, wide } in spans {
        let rect = Rect { x: xs[c], y: ys[r], w: xs[c + wide] - xs[c], h: ys[r + down] - ys[r] };
        let edges = Edges {
            top: lines.across[r][c],
            bottom: lines.across[r + down][c],
            left: lines.down[c][r],
            right: lines.down[c + wide][r],
        };
        // Spans are bounded by the grid, which is far smaller than u32.
        placed[r].push(Placed { cell, rect, edges, rows: down as u32, columns: wide as u32 });
    }
    placed
}

/// The height of a table in mm.
pub(crate) fn height(table: &Table) -> f32 {
    table.rows.iter().map(|row| row.value.height()).sum()
}

fn edges(start: f32, sizes: impl Iterator<Item = f32>) -> Vec<f32> {
    let sums = sizes.scan(start, |edge, size| {
        *edge += size;
        Some(*edge)
    });
    std::iter::once(start).chain(sums).collect()
}

struct Span<'a> {
    cell: &'a Spanned<Cell>,
    r: usize,
    c: usize,
    down: usize,
    wide: usize,
}

/// The strokes on the grid: `across[i][c]` above row i in column c, `down[j][r]` left of column j in row r.
struct Lines {
    across: Vec<Vec<Stroke>>,
    down: Vec<Vec<Stroke>>,
}

impl Lines {
    fn of(table: &Table, spans: &[Span<'_>], rows: usize, columns: usize) -> Lines {
        let line = |i: usize, last: usize, len: usize| {
            vec![if i == 0 || i == last { table.outer() } else { table.inner() }; len]
        };
        let mut lines = Lines {
            across: (0..=rows).map(|i| line(i, rows, columns)).collect(),
            down: (0..=columns).map(|j| line(j, columns, rows)).collect(),
        };
        for span in spans {
            let own = span.cell.value.edges();
            let row_line = table.rows[span.r].value.top.filter(|_| span.r > 0);
            let (bottom, right) = (span.r + span.down, span.c + span.wide);
            let set = |strokes: &mut [Stroke], stroke: Option<Stroke>| {
                if let Some(stroke) = stroke {
                    strokes.fill(stroke);
                }
            };
            set(&mut lines.across[span.r][span.c..right], own.top.or(row_line));
            set(&mut lines.across[bottom][span.c..right], own.bottom);
            set(&mut lines.down[span.c][span.r..bottom], own.left);
            set(&mut lines.down[right][span.r..bottom], own.right);
        }
        lines
    }
}
