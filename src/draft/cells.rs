//! The ruled cells of a page: what lines enclose.

use super::Place;
use super::lines::{NEAR, covers, merged};
use crate::paper::Ruled;

/// The most lines of one direction that are looked at.
const MOST: usize = 300;
/// A cell is at least so wide and high, in mm.
const SMALLEST: f32 = 1.8;

/// The ruled cells of a page, from the top and from the left.
pub(super) fn cells(lines: &[Ruled]) -> Vec<Place> {
    let (across, down) = (merged(lines, false), merged(lines, true));
    let (xs, ys) = (places(&down), places(&across));
    if xs.len() < 2 || ys.len() < 2 || xs.len() > MOST || ys.len() > MOST {
        return Vec::new();
    }
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    let outside = columns * rows;
    let mut regions = Regions::new(outside + 1);
    let at = |row: usize, column: usize| row * columns + column;
    for (row, y) in ys.iter().enumerate() {
        for column in 0..columns {
            if covers(&across, *y, xs[column], xs[column + 1]) {
                continue;
            }
            let above = if row == 0 { outside } else { at(row - 1, column) };
            let below = if row == rows { outside } else { at(row, column) };
            regions.join(above, below);
        }
    }
    for (column, x) in xs.iter().enumerate() {
        for row in 0..rows {
            if covers(&down, *x, ys[row], ys[row + 1]) {
                continue;
            }
            let left = if column == 0 { outside } else { at(row, column - 1) };
            let right = if column == columns { outside } else { at(row, column) };
            regions.join(left, right);
        }
    }
    let open = regions.of(outside);
    let mut bounds: std::collections::BTreeMap<usize, [usize; 4]> = Default::default();
    for row in 0..rows {
        for column in 0..columns {
            let region = regions.of(at(row, column));
            if region != open {
                let known = bounds.entry(region).or_insert([row, column, row, column]);
                known[0] = known[0].min(row);
                known[1] = known[1].min(column);
                known[2] = known[2].max(row);
                known[3] = known[3].max(column);
            }
        }
    }
    let mut cells = Vec::new();
    for (region, [top, left, bottom, right]) in bounds {
        // It may have boxes inside, and no corner cut out.
        let is_own = |row, column, regions: &mut Regions| regions.of(at(row, column)) == region;
        let is_whole = (top..=bottom)
            .all(|row| is_own(row, left, &mut regions) && is_own(row, right, &mut regions))
            && (left..=right).all(|column| {
                is_own(top, column, &mut regions) && is_own(bottom, column, &mut regions)
            });
        let (x, y) = (xs[left], ys[top]);
        let (w, h) = (xs[right + 1] - x, ys[bottom + 1] - y);
        if is_whole && w >= SMALLEST && h >= SMALLEST {
            cells.push([x, y, w, h]);
        }
    }
    cells.sort_by(|a, b| a[1].total_cmp(&b[1]).then(a[0].total_cmp(&b[0])));
    cells
}

/// Where lines are, each place once.
fn places(lines: &[Ruled]) -> Vec<f32> {
    let mut places: Vec<f32> = Vec::new();
    for line in lines {
        if places.last().is_none_or(|last| line.at - last > NEAR) {
            places.push(line.at);
        }
    }
    places
}

/// Parts that belong together.
struct Regions(Vec<usize>);

impl Regions {
    fn new(count: usize) -> Self {
        Regions((0..count).collect())
    }

    fn of(&mut self, mut part: usize) -> usize {
        while self.0[part] != part {
            self.0[part] = self.0[self.0[part]];
            part = self.0[part];
        }
        part
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame([x, y, w, h]: Place) -> Vec<Ruled> {
        let line = |is_down, at, from, to| Ruled { is_down, at, from, to };
        vec![
            line(false, y, x, x + w),
            line(false, y + h, x, x + w),
            line(true, x, y, y + h),
            line(true, x + w, y, y + h),
        ]
    }

    #[test]
    fn what_lines_enclose_is_a_cell() {
        let mut lines = frame([20.0, 20.0, 100.0, 30.0]);
        lines.push(Ruled { is_down: true, at: 50.0, from: 20.0, to: 50.0 });
        lines.push(Ruled { is_down: false, at: 35.0, from: 50.0, to: 120.0 });
        assert_eq!(
            cells(&lines),
            [[20.0, 20.0, 30.0, 30.0], [50.0, 20.0, 70.0, 15.0], [50.0, 35.0, 70.0, 15.0]]
        );
        // A line that leads nowhere parts nothing, and a frame that is open encloses nothing.
        lines.push(Ruled { is_down: false, at: 42.0, from: 60.0, to: 80.0 });
        assert_eq!(cells(&lines).len(), 3);
        let open = &frame([20.0, 20.0, 100.0, 30.0])[..3];
        assert_eq!(cells(open), [[0.0; 4]; 0]);
    }

    #[test]
    fn a_box_inside_a_cell_leaves_it_whole() {
        let lines = [frame([20.0, 20.0, 100.0, 30.0]), frame([30.0, 30.0, 4.0, 4.0])].concat();
        assert_eq!(cells(&lines), [[20.0, 20.0, 100.0, 30.0], [30.0, 30.0, 4.0, 4.0]]);
    }
}
