//! A page as somebody reads it: cells with labels, and cells and lines to fill in.

use super::blanks::{Inner, Room, inner, is_placeholder, is_unit, phone, words_apart};
use super::cell::{Cell, CellKind};
use super::cells::cells;
use super::labels::Labels;
use super::lines::merged;
use super::text::{Char, TextRow, holds, joined, rows};
use super::{Blank, Place, What};
use crate::paper::{Ruled, Seen};

/// A ruled square no larger than this is a tick box, in mm.
const TICK: f32 = 5.6;
/// A box for one character is no wider than this, in mm.
const DIGIT: f32 = 9.5;
/// A blank is at least so wide and high, in mm.
const SMALLEST: f32 = 3.5;
/// How high a blank on a line is, in mm.
const ABOVE: f32 = 6.5;

/// What is on a page.
pub(super) struct Read {
    number: usize,
    pub cells: Vec<Cell>,
    /// The text outside cells.
    pub free: Vec<TextRow>,
    across: Vec<Ruled>,
    width: f32,
}

impl Read {
    pub fn of(number: usize, (width, _): (f32, f32), seen: &Seen) -> Self {
        let places = cells(&seen.lines);
        // The smallest cell that holds something.
        let home = |place: &Place| {
            let inside = places.iter().enumerate().filter(|(_, cell)| holds(cell, place));
            inside.min_by(|(_, a), (_, b)| (a[2] * a[3]).total_cmp(&(b[2] * b[3]))).map(|(i, _)| i)
        };
        let mut words: Vec<Vec<&crate::paper::Word>> = vec![Vec::new(); places.len()];
        let mut outside = Vec::new();
        for word in &seen.words {
            match home(&word.rect) {
                Some(cell) => words[cell].push(word),
                None => outside.push(word),
            }
        }
        let mut texts: Vec<Vec<TextRow>> =
            words.into_iter().map(|words| rows(words.into_iter())).collect();
        let mut free = rows(outside.into_iter());
        let kinds = shapes(&places, &texts);
        // A square on a line of text is a part of it.
        let squares: Vec<usize> =
            (0..places.len()).filter(|i| kinds[*i] == CellKind::Tick).collect();
        let mut taken = vec![false; places.len()];
        for square in squares {
            let place = places[square];
            let outer = places.iter().enumerate().filter(|(i, cell)| {
                *i != square && holds(cell, &place) && cell[2] * cell[3] > place[2] * place[3] * 2.0
            });
            let outer = outer.min_by(|(_, a), (_, b)| (a[2] * a[3]).total_cmp(&(b[2] * b[3])));
            let rows = match outer {
                Some((cell, _)) => &mut texts[cell],
                None => &mut free,
            };
            taken[square] = put_box(rows, place);
        }
        let cell = |(index, (place, rows)): (usize, (&Place, &Vec<TextRow>))| {
            let kind = match (&kinds[index], taken[index]) {
                (_, true) => CellKind::None,
                (CellKind::Label, _) => kind_of_text(place, rows),
                (kind, _) => kind.clone(),
            };
            Cell { place: *place, text: joined(rows), kind }
        };
        let cells = places.iter().zip(&texts).enumerate().map(cell).collect();
        Read { number, cells, free, across: merged(&seen.lines, false), width }
    }

    /// How many tables its cells may be of.
    pub fn tables(&self) -> usize {
        self.cells.len()
    }

    /// What may be filled in, from the top and from the left.
    pub fn blanks(&self) -> Vec<Blank> {
        let labels = Labels::of(&self.cells, &self.free);
        let mut blanks = Vec::new();
        for (index, cell) in self.cells.iter().enumerate() {
            let whole = |what: What| vec![(what, String::new())];
            let found = match &cell.kind {
                CellKind::Empty => whole(What::Text(cell.place)),
                CellKind::Tick => whole(What::Ticks(vec![(String::new(), cell.place, None)])),
                CellKind::Digit(Some((place, count))) => whole(What::Digits(*place, *count)),
                CellKind::Mixed(inner) => {
                    inner.iter().map(|inner| (inner.what.clone(), inner.label.clone())).collect()
                }
                CellKind::Label | CellKind::Digit(None) | CellKind::None => Vec::new(),
            };
            for (what, own) in found {
                let (mut names, row) = labels.of_cell(index);
                names.extend(Some(own).filter(|own| !own.is_empty()));
                blanks.push(self.blank(what, names, row));
            }
        }
        let lines = self.lines();
        for (place, own) in &lines {
            let names = labels.of_line(place, own);
            blanks.push(self.blank(What::Text(*place), names, None));
        }
        for row in &self.free {
            let right = self.width - 15.0;
            let margin = 0.35 * row.em;
            let (top, bottom) = (row.top - margin, row.bottom + margin);
            let room = Room { left: row.left(), right: right.max(row.right()), top, bottom };
            for found in inner(row, &room) {
                let place = found.what.place();
                // A line below it says better how far it goes.
                if lines.iter().any(|(line, _)| overlap(line, &place)) || self.crosses(&place) {
                    continue;
                }
                let own = Some(found.label).filter(|own| !own.is_empty());
                let names = match own {
                    Some(own) => vec![own],
                    None => labels.above(&place).into_iter().collect(),
                };
                blanks.push(self.blank(found.what, names, None));
            }
        }
        blanks.sort_by(super::reading_order);
        blanks
    }

    fn blank(&self, what: What, labels: Vec<String>, row: Option<(usize, usize)>) -> Blank {
        Blank { page: self.number, what, labels, row, pdf_field: None }
    }

    /// Whether a cell is in the way.
    fn crosses(&self, place: &Place) -> bool {
        self.cells.iter().any(|cell| overlap(&cell.place, place))
    }

    /// The blanks on lines that are of no cell, each with the text before it on its line.
    fn lines(&self) -> Vec<(Place, String)> {
        let is_edge = |line: &Ruled| {
            self.cells.iter().any(|cell| {
                let [x, y, w, h] = cell.place;
                let near = (line.at - y).abs() < 0.6 || (line.at - y - h).abs() < 0.6;
                let shared = line.to.min(x + w) - line.from.max(x);
                near && shared > 0.3 * (line.to - line.from).min(w)
            })
        };
        let mut found = Vec::new();
        for line in &self.across {
            let length = line.to - line.from;
            // What crosses the whole page parts it.
            if length < 10.0 || length > 0.85 * self.width || is_edge(line) {
                continue;
            }
            let is_on = |row: &&TextRow| {
                let middle = (row.top + row.bottom) / 2.0;
                middle < line.at + 0.5 && middle > line.at - ABOVE
            };
            let chars: Vec<Char> =
                self.free.iter().filter(is_on).flat_map(|row| row.chars.iter().copied()).collect();
            let above = self.across.iter().filter(|other| {
                other.at < line.at - 1.0
                    && other.at > line.at - ABOVE
                    && other.to.min(line.to) - other.from.max(line.from) > 5.0
            });
            let top = above.map(|other| other.at).fold(line.at - ABOVE, f32::max);
            // What is printed on the line parts it.
            let mut on: Vec<Char> = chars
                .into_iter()
                .filter(|char| char.to > line.from - 0.5 && char.from < line.to + 0.5)
                .collect();
            on.sort_by(|a, b| a.from.total_cmp(&b.from));
            let mut from = line.from;
            let mut own = String::new();
            for char in on.iter().copied().chain([Char { c: ' ', from: line.to, to: line.to }]) {
                if char.from - from >= 8.0 {
                    let place = [from, top, char.from - from, line.at - top - 0.2];
                    found.push((place, std::mem::take(&mut own)));
                }
                own.push(char.c);
                from = from.max(char.to);
            }
        }
        found
    }
}

fn overlap(a: &Place, b: &Place) -> bool {
    let across = (a[0] + a[2]).min(b[0] + b[2]) - a[0].max(b[0]);
    let down = (a[1] + a[3]).min(b[1] + b[3]) - a[1].max(b[1]);
    across > 0.5 && down > 0.5
}

/// Puts a tick box among the characters of the line it is on, if there is one.
fn put_box(rows: &mut [TextRow], [x, y, w, h]: Place) -> bool {
    let middle = y + h / 2.0;
    let is_near = |row: &TextRow| {
        let is_level = middle > row.top - 0.2 * row.em && middle < row.bottom + 0.2 * row.em;
        is_level && row.chars.iter().any(|char| (-1.0..3.0 * row.em).contains(&(char.from - x - w)))
    };
    let Some(row) = rows.iter_mut().find(|row| is_near(row)) else { return false };
    let at = row.chars.partition_point(|char| char.from < x);
    row.chars.insert(at, Char { c: '□', from: x, to: x + w });
    true
}

/// What cells are by their size alone; those with text are labels as yet.
fn shapes(places: &[Place], texts: &[Vec<TextRow>]) -> Vec<CellKind> {
    let mut kinds: Vec<CellKind> = Vec::new();
    let is_empty = |index: usize| texts[index].is_empty();
    let has_inside = |outer: &Place| {
        places.iter().any(|inner| {
            inner != outer && holds(outer, inner) && inner[2] * inner[3] < 0.5 * outer[2] * outer[3]
        })
    };
    for (index, place) in places.iter().enumerate() {
        let [_, _, w, h] = *place;
        kinds.push(match () {
            () if !is_empty(index) => CellKind::Label,
            () if has_inside(place) => CellKind::None,
            () if w <= TICK && h <= TICK && (w / h - 1.0).abs() < 0.35 => CellKind::Tick,
            () if w < SMALLEST || h < SMALLEST => CellKind::None,
            () => CellKind::Empty,
        });
    }
    // Boxes of one size side by side are for one character each.
    let can_be = |index: usize| {
        let [_, _, w, h] = places[index];
        is_empty(index)
            && w <= DIGIT
            && h >= 3.0
            && (0.35..=1.7).contains(&(w / h))
            && matches!(kinds[index], CellKind::Empty | CellKind::Tick)
    };
    let narrow: Vec<usize> = (0..places.len()).filter(|index| can_be(*index)).collect();
    let mut used = vec![false; places.len()];
    for &first in &narrow {
        if used[first] {
            continue;
        }
        let mut run = vec![first];
        loop {
            let last = places[run[run.len() - 1]];
            let next = narrow.iter().copied().find(|next| {
                let place = places[*next];
                (place[0] - last[0] - last[2]).abs() < 0.6
                    && (place[1] - last[1]).abs() < 0.6
                    && (place[2] - last[2]).abs() < 0.8
                    && (place[3] - last[3]).abs() < 0.6
            });
            match next {
                Some(next) => run.push(next),
                None => break,
            }
        }
        if run.len() < 2 {
            continue;
        }
        let (start, end) = (places[run[0]], places[run[run.len() - 1]]);
        let whole = [start[0], start[1], end[0] + end[2] - start[0], start[3]];
        for (place, index) in run.iter().enumerate() {
            used[*index] = true;
            kinds[*index] = CellKind::Digit((place == 0).then_some((whole, run.len())));
        }
    }
    kinds
}

/// What a cell with text is.
fn kind_of_text(place: &Place, rows: &[TextRow]) -> CellKind {
    let [x, y, w, h] = *place;
    let right = x + w;
    let mut found = Vec::new();
    let is_alone = rows.len() == 1;
    for (index, row) in rows.iter().enumerate() {
        let (top, bottom) = match is_alone {
            true => (y, y + h),
            false => {
                let above = if index == 0 { y } else { (rows[index - 1].bottom + row.top) / 2.0 };
                let below = rows.get(index + 1).map_or(y + h, |next| (row.bottom + next.top) / 2.0);
                (above, below)
            }
        };
        let room = Room { left: x, right, top, bottom };
        found.extend(inner(row, &room));
        if let Some(what) = phone(row, &room).filter(|_| is_alone) {
            found.push(Inner { what, label: String::new() });
        }
        if let Some(words) = words_apart(row).filter(|_| is_alone && found.is_empty()) {
            found.push(Inner { what: What::Circles(words), label: String::new() });
        }
    }
    // Below a postal code there is the address.
    let is_code = |inner: &Inner| matches!(&inner.what, What::Code(parts) if parts.len() == 2);
    if let [code] = &found[..]
        && is_code(code)
    {
        let lowest = rows.iter().map(|row| row.bottom).fold(y, f32::max) + 0.3;
        if y + h - lowest > 4.5 {
            let label = code.label.clone();
            found.push(Inner { what: What::Text([x, lowest, w, y + h - lowest]), label });
        }
    }
    if !found.is_empty() {
        return CellKind::Mixed(found);
    }
    let whole = |place: Place, label: String| {
        CellKind::Mixed(vec![Inner { what: What::Text(place), label }])
    };
    // 〒 on a line of its own, and the address below.
    if is_placeholder(&joined(rows)) {
        let first = &rows[0];
        return match first.bottom - y < 0.5 * h && h > 2.6 * first.em {
            true => whole([x, first.bottom, w, y + h - first.bottom], String::new()),
            false => whole(*place, String::new()),
        };
    }
    // A unit at the right end of a cell that is otherwise free.
    let (units, others): (Vec<&TextRow>, Vec<&TextRow>) =
        rows.iter().partition(|row| is_unit(&row.text()) && row.left() - x > 8.0);
    let end = units.first().map_or(right, |unit| unit.left() - 0.5);
    if others.is_empty() && !units.is_empty() {
        return whole([x, y, end - x, h], String::new());
    }
    // A small caption at the top, with room below.
    let lowest = others.iter().map(|row| row.bottom).fold(y, f32::max);
    let caption: String = others.iter().map(|row| row.text()).collect();
    let is_caption = caption.starts_with(['（', '(', '〒']) || caption.contains('〒');
    if is_caption && lowest - y < 0.55 * h && y + h - lowest > 4.5 {
        let bare = caption.split('〒').next().unwrap_or_default();
        let bare = bare.trim_matches(['（', '）', '(', ')']).to_owned();
        return whole([x, lowest, end - x, y + h - lowest], bare);
    }
    // A unit behind text: `第　希望`.
    CellKind::Label
}
