//! The text of a page as lines of characters, each at its place.

use super::Place;
use crate::paper::Word;

/// A character.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Char {
    pub c: char,
    pub from: f32,
    pub to: f32,
}

/// Characters on one line, from the left.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextRow {
    pub chars: Vec<Char>,
    pub top: f32,
    pub bottom: f32,
    /// The size of its text in mm.
    pub em: f32,
}

impl TextRow {
    /// Its text without spaces.
    pub fn text(&self) -> String {
        self.chars.iter().map(|char| char.c).collect()
    }

    pub fn left(&self) -> f32 {
        self.chars.first().map_or(0.0, |char| char.from)
    }

    pub fn right(&self) -> f32 {
        self.chars.last().map_or(0.0, |char| char.to)
    }
}

/// The lines that words make, from the top.
pub(super) fn rows<'w>(words: impl Iterator<Item = &'w Word>) -> Vec<TextRow> {
    let mut words: Vec<&Word> = words.collect();
    let middle = |word: &Word| word.rect[1] + word.rect[3] / 2.0;
    words.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let mut rows: Vec<TextRow> = Vec::new();
    for word in words {
        let [_, top, _, height] = word.rect;
        let bottom = top + height;
        let edges = word.edges.windows(2);
        let chars =
            word.text.chars().zip(edges).map(|(c, edge)| Char { c, from: edge[0], to: edge[1] });
        let is_on = |row: &TextRow| {
            let em = row.em.min(word.size);
            ((row.top + row.bottom) / 2.0 - middle(word)).abs() < 0.45 * em
        };
        match rows.last_mut().filter(|row| is_on(row)) {
            Some(row) => {
                row.chars.extend(chars);
                (row.top, row.bottom) = (row.top.min(top), row.bottom.max(bottom));
                row.em = row.em.max(word.size);
            }
            None => {
                rows.push(TextRow { chars: chars.collect(), top, bottom, em: word.size });
            }
        }
    }
    for row in &mut rows {
        row.chars.sort_by(|a, b| a.from.total_cmp(&b.from));
    }
    rows
}

/// The text of lines, without what stands between them.
pub(super) fn joined(rows: &[TextRow]) -> String {
    rows.iter().map(TextRow::text).collect()
}

/// Whether the middle of a place is in another.
pub(super) fn holds(outer: &Place, inner: &Place) -> bool {
    let (x, y) = (inner[0] + inner[2] / 2.0, inner[1] + inner[3] / 2.0);
    x >= outer[0] && x <= outer[0] + outer[2] && y >= outer[1] && y <= outer[1] + outer[3]
}
