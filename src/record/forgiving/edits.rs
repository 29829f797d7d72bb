//! Changes to a text that keep its lines, and where a place in the changed text stood before.

use std::ops::Range;

use crate::record::{Key, Node, NodeValue};
use crate::report::Place;
use crate::yaml::lines;

/// A part of the source, and what stands there instead; never a line break.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub range: Range<usize>,
    pub with: String,
}

/// A text after its edits.
pub(super) struct Mended<'a> {
    source: &'a str,
    pub text: String,
    pieces: Vec<Piece>,
    /// Where the lines of the source begin.
    starts: Vec<usize>,
}

/// A run of the changed text.
struct Piece {
    /// Where it begins.
    mended: usize,
    /// Where it comes from.
    source: usize,
    is_kept: bool,
}

impl<'a> Mended<'a> {
    /// Makes the edits. One that overlaps an earlier one is left out.
    pub fn new(source: &'a str, edits: &[Edit]) -> Self {
        let mut edits: Vec<&Edit> = edits.iter().collect();
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let (mut text, mut pieces, mut done) = (String::new(), Vec::new(), 0);
        for Edit { range, with } in edits {
            if range.start < done {
                continue;
            }
            pieces.push(Piece { mended: text.len(), source: done, is_kept: true });
            text += &source[done..range.start];
            pieces.push(Piece { mended: text.len(), source: range.start, is_kept: false });
            text += with;
            done = range.end;
        }
        pieces.push(Piece { mended: text.len(), source: done, is_kept: true });
        text += &source[done..];
        let mut at = 0;
        let starts = lines(source).map(|line| {
            at += line.len();
            at - line.len()
        });
        Mended { source, text, pieces, starts: starts.collect() }
    }

    /// A line of the changed text, without the white space around it.
    pub fn line(&self, index: usize) -> &str {
        lines(&self.text).nth(index).unwrap_or_default().trim()
    }

    /// Where a byte of the changed text was.
    fn offset(&self, mended: usize) -> usize {
        let next = self.pieces.partition_point(|piece| piece.mended <= mended);
        let Some(piece) = next.checked_sub(1).map(|at| &self.pieces[at]) else { return 0 };
        let source =
            if piece.is_kept { piece.source + mended - piece.mended } else { piece.source };
        source.min(self.source.len())
    }

    /// Where a part of a line of the source stands.
    pub fn place_in(&self, line: usize, range: Range<usize>) -> Place {
        let begins = self.starts.get(line).copied().unwrap_or(self.source.len());
        // The mark of the byte order is no column.
        let begins = if begins == 0 && self.source.starts_with('\u{feff}') { 3 } else { begins };
        let start = range.start.max(begins);
        let before = self.source.get(begins..start).unwrap_or_default();
        let column = before.chars().count() + 1;
        Place::Text { line: line + 1, column, start, end: range.end.max(start) }
    }

    /// Where something in the changed text stands in the source.
    pub fn place(&self, place: &Place) -> Place {
        match *place {
            Place::Text { line, start, end, .. } => {
                self.place_in(line.saturating_sub(1), self.offset(start)..self.offset(end))
            }
            Place::Cell { .. } => place.clone(),
        }
    }

    /// A tree read from the changed text, with its places in the source.
    pub fn node(&self, node: Node) -> Node {
        let place = self.place(&node.place);
        let value = match node.value {
            NodeValue::List(items) => {
                NodeValue::List(items.into_iter().map(|item| self.node(item)).collect())
            }
            NodeValue::Map(entries) => NodeValue::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let place = self.place(&key.place);
                        (Key { place, ..key }, self.node(value))
                    })
                    .collect(),
            ),
            value => value,
        };
        Node { place, value }
    }
}
