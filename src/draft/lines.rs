//! Lines of a page, those that are parts of one put together.

use crate::paper::Ruled;

/// Lines nearer to each other than this are one, in mm.
pub(super) const NEAR: f32 = 0.45;
/// Parts of a line with a gap no longer than this are one, in mm: dashes are.
const GAP: f32 = 1.1;

/// The lines of one direction, each once, in the order of their places.
pub(super) fn merged(lines: &[Ruled], is_down: bool) -> Vec<Ruled> {
    let mut lines: Vec<Ruled> =
        lines.iter().copied().filter(|line| line.is_down == is_down).collect();
    lines.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut merged: Vec<Ruled> = Vec::new();
    for group in lines.chunk_by(|a, b| b.at - a.at < NEAR) {
        let mut group = group.to_vec();
        let at = group.iter().map(|line| line.at).sum::<f32>() / group.len() as f32;
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut runs: Vec<Ruled> = Vec::new();
        for line in group {
            match runs.last_mut().filter(|last| line.from <= last.to + GAP) {
                Some(last) => last.to = last.to.max(line.to),
                None => runs.push(Ruled { at, ..line }),
            }
        }
        // What is shorter is of a letter or a drawing.
        merged.extend(runs.into_iter().filter(|line| line.to - line.from >= 1.5));
    }
    merged
}

/// Whether lines at this place cover a stretch, but for a little at its ends.
pub(super) fn covers(lines: &[Ruled], at: f32, from: f32, to: f32) -> bool {
    let slack = ((to - from) * 0.2).min(0.8);
    let first = lines.partition_point(|line| line.at < at - NEAR);
    let near = lines[first..].iter().take_while(|line| line.at <= at + NEAR);
    near.into_iter().any(|line| line.from <= from + slack && line.to >= to - slack)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn across(at: f32, from: f32, to: f32) -> Ruled {
        Ruled { is_down: false, at, from, to }
    }

    #[test]
    fn parts_of_a_line_are_one_and_neighbours_are_not() {
        let lines = [
            across(10.0, 0.0, 20.0),
            across(10.2, 20.5, 40.0),
            across(10.0, 60.0, 80.0),
            across(30.0, 0.0, 1.0),
        ];
        let merged = merged(&lines, false);
        assert_eq!(merged.len(), 2, "{merged:?}");
        assert_eq!((merged[0].from, merged[0].to), (0.0, 40.0));
        assert!(covers(&merged, 10.1, 0.0, 39.5) && !covers(&merged, 10.1, 0.0, 60.0));
        assert!(!covers(&merged, 12.0, 0.0, 30.0));
    }
}
