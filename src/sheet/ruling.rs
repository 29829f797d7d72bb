//! Borders: what neighbours share is drawn once, and what runs on is one line.

use std::collections::BTreeMap;

use crate::sheet::{Area, Block, Line, MM_PER_PT, Sheet, Stroke};

/// Coordinates closer than this many µm are one: sums of floats differ in the last place.
const SNAP: i32 = 2;

/// A horizontal or vertical line in µm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Segment {
    /// Down the page, not across.
    vertical: bool,
    /// Its y, or x when vertical.
    at: i32,
    from: i32,
    to: i32,
    stroke: Stroke,
}

/// The lines of a sheet: borders and rules, the heavier where two coincide, each line as long as it
/// runs on in one stroke, its ends reaching across the lines they meet so that corners are square.
///
/// ```
/// use onshi::form::Forms;
/// use onshi::layout::{fill, Mode};
/// use onshi::sheet::ruling;
/// let forms = Forms::built_in();
/// let sheet = &fill(forms.find("別紙2").unwrap(), Mode::Blank, forms).0[0];
/// assert!(ruling::lines(sheet).iter().all(|line| line.x1 == line.x2 || line.y1 == line.y2));
/// ```
pub fn lines(sheet: &Sheet) -> Vec<Line> {
    let segments = merge(snap(collect(sheet)));
    segments.iter().map(|segment| joined(segment, &segments)).collect()
}

/// The four borders of an area, drawn or not.
pub(crate) fn borders(area: &Area) -> [Line; 4] {
    let (rect, edges) = (area.rect, area.edges);
    let (x, y, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
    let sides = [
        (x, y, right, y, edges.top),
        (right, y, right, bottom, edges.right),
        (x, bottom, right, bottom, edges.bottom),
        (x, y, x, bottom, edges.left),
    ];
    sides.map(|(x1, y1, x2, y2, stroke)| Line { x1, y1, x2, y2, stroke })
}

/// The rules across the page.
pub(crate) fn rules(sheet: &Sheet) -> impl Iterator<Item = &Line> + Clone {
    sheet.blocks.iter().filter_map(|block| match block {
        Block::Rule { line } => Some(line),
        Block::Text { .. } | Block::Table { .. } | Block::Group(_) => None,
    })
}

fn collect(sheet: &Sheet) -> Vec<Segment> {
    let segment = |Line { x1, y1, x2, y2, stroke }| {
        let [x1, y1, x2, y2] = [x1, y1, x2, y2].map(|mm| (mm * 1000.0).round() as i32);
        let vertical = (x2 - x1).abs() < (y2 - y1).abs();
        let (at, a, b) = if vertical { (x1, y1, y2) } else { (y1, x1, x2) };
        let segment = Segment { vertical, at, from: a.min(b), to: a.max(b), stroke };
        (stroke != Stroke::None && a != b).then_some(segment)
    };
    let borders = sheet.areas().flat_map(borders);
    borders.chain(rules(sheet).copied()).filter_map(segment).collect()
}

/// Makes coordinates that differ by rounding the same.
fn snap(mut segments: Vec<Segment>) -> Vec<Segment> {
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for s in &segments {
        let (across, along) = if s.vertical { (&mut xs, &mut ys) } else { (&mut ys, &mut xs) };
        across.push(s.at);
        along.extend([s.from, s.to]);
    }
    let [xs, ys] = [xs, ys].map(|mut values| {
        values.sort_unstable();
        let mut map = BTreeMap::new();
        let mut kept = None;
        for value in values {
            let value_kept = kept.filter(|k| value - k <= SNAP).unwrap_or(value);
            kept = Some(value_kept);
            map.insert(value, value_kept);
        }
        map
    });
    for s in &mut segments {
        let (across, along) = if s.vertical { (&xs, &ys) } else { (&ys, &xs) };
        (s.at, s.from, s.to) = (across[&s.at], along[&s.from], along[&s.to]);
    }
    segments
}

/// Lays segments on the same line over each other: the heaviest wins, and what touches is one.
fn merge(segments: Vec<Segment>) -> Vec<Segment> {
    let mut by_line = BTreeMap::<(bool, i32), Vec<Segment>>::new();
    for segment in segments {
        by_line.entry((segment.vertical, segment.at)).or_default().push(segment);
    }
    let mut merged = Vec::<Segment>::new();
    for ((vertical, at), group) in by_line {
        let mut stops: Vec<i32> = group.iter().flat_map(|s| [s.from, s.to]).collect();
        stops.sort_unstable();
        stops.dedup();
        let first = merged.len();
        for stop in stops.windows(2) {
            let (from, to) = (stop[0], stop[1]);
            let over = group.iter().filter(|s| s.from <= from && to <= s.to);
            let Some(stroke) = over.map(|s| s.stroke).max() else {
                continue;
            };
            match merged[first..].last_mut() {
                Some(last) if last.to == from && last.stroke == stroke => last.to = to,
                _ => merged.push(Segment { vertical, at, from, to, stroke }),
            }
        }
    }
    merged
}

/// The line of a segment, its ends reaching to the far side of the lines it meets.
fn joined(segment: &Segment, all: &[Segment]) -> Line {
    let reach = |end: i32| {
        let meets = |s: &&Segment| {
            s.vertical != segment.vertical
                && s.at == end
                && s.stroke != Stroke::Dashed
                && (s.from..=s.to).contains(&segment.at)
        };
        let widest = all.iter().filter(meets).map(|s| s.stroke).max();
        match segment.stroke {
            Stroke::Dashed => 0.0,
            _ => widest.map_or(0.0, Stroke::width) / 2.0 * MM_PER_PT,
        }
    };
    let mm = |um: i32| um as f32 / 1000.0;
    let (from, to) = (mm(segment.from) - reach(segment.from), mm(segment.to) + reach(segment.to));
    let (at, stroke) = (mm(segment.at), segment.stroke);
    if segment.vertical {
        Line { x1: at, y1: from, x2: at, y2: to, stroke }
    } else {
        Line { x1: from, y1: at, x2: to, y2: at, stroke }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn across(at: i32, from: i32, to: i32, stroke: Stroke) -> Segment {
        Segment { vertical: false, at, from, to, stroke }
    }

    fn down(at: i32, from: i32, to: i32, stroke: Stroke) -> Segment {
        Segment { vertical: true, at, from, to, stroke }
    }

    #[test]
    fn what_neighbours_share_is_one_line() {
        let segments = vec![
            across(0, 0, 10, Stroke::Thin),
            across(0, 10, 20, Stroke::Thin),
            across(0, 5, 15, Stroke::Thin),
            across(0, 30, 40, Stroke::Thin),
        ];
        let expected = [across(0, 0, 20, Stroke::Thin), across(0, 30, 40, Stroke::Thin)];
        assert_eq!(merge(segments), expected);
    }

    #[test]
    fn the_heavier_wins_where_two_differ() {
        let segments = vec![
            across(0, 0, 30, Stroke::Dashed),
            across(0, 10, 20, Stroke::Heavy),
            across(0, 0, 15, Stroke::Thin),
        ];
        let expected = [
            across(0, 0, 10, Stroke::Thin),
            across(0, 10, 20, Stroke::Heavy),
            across(0, 20, 30, Stroke::Dashed),
        ];
        assert_eq!(merge(segments), expected);
    }

    #[test]
    fn rounding_makes_no_second_line() {
        let segments =
            vec![across(1000, 0, 5000, Stroke::Thin), across(1001, 5001, 9000, Stroke::Thin)];
        assert_eq!(merge(snap(segments)), [across(1000, 0, 9000, Stroke::Thin)]);
    }

    #[test]
    fn ends_reach_across_what_they_meet() {
        let heavy = Stroke::Heavy.width() / 2.0 * MM_PER_PT;
        let all = [
            across(0, 0, 10_000, Stroke::Heavy),
            down(0, 0, 5_000, Stroke::Heavy),
            down(10_000, 0, 5_000, Stroke::Dashed),
        ];
        let top = joined(&all[0], &all);
        assert_eq!((top.x1, top.x2), (-heavy, 10.0));
        let left = joined(&all[1], &all);
        assert_eq!((left.y1, left.y2), (-heavy, 5.0));
    }
}
