//! One row of a roster becomes a record, shaped by the heading.

use crate::form::kinds::Taken;
use crate::form::{Field, Kind};
use crate::record::{Key, Node, NodeValue};
use crate::report::{Diagnostic, Place, Report, Text};
use crate::table::{Cell, Row};

/// The shape of every record.
pub(super) enum Branch<'a> {
    Leaf(usize, &'a Field),
    Section(Vec<(String, Branch<'a>)>),
    List(Vec<(usize, Vec<(String, Branch<'a>)>)>),
}

/// Adds a column to the shape of the records.
pub(super) fn plant<'a>(
    tree: &mut Vec<(String, Branch<'a>)>,
    key: &str,
    column: usize,
    field: &'a Field,
) {
    let (part, rest) = match key.split_once('.') {
        Some((part, rest)) => (part, Some(rest)),
        None => (key, None),
    };
    let (name, index) = match part.split_once('[') {
        Some((name, index)) => (name, index.trim_end_matches(']').parse().ok()),
        None => (part, None),
    };
    let Some(rest) = rest else {
        tree.push((name.to_owned(), Branch::Leaf(column, field)));
        return;
    };
    let at = tree.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
        let branch =
            if index.is_some() { Branch::List(Vec::new()) } else { Branch::Section(Vec::new()) };
        tree.push((name.to_owned(), branch));
        tree.len() - 1
    });
    match (&mut tree[at].1, index) {
        (Branch::Section(inner), _) => plant(inner, rest, column, field),
        (Branch::List(items), Some(index)) => {
            let at = items.partition_point(|(known, _)| *known < index);
            if items.get(at).is_none_or(|(known, _)| *known != index) {
                items.insert(at, (index, Vec::new()));
            }
            plant(&mut items[at].1, rest, column, field);
        }
        // A key is a list's in all columns or in none.
        (Branch::List(_) | Branch::Leaf(..), _) => {}
    }
}

/// Makes one row's nodes.
pub(super) struct RowReader<'r> {
    pub row: &'r Row,
    pub report: &'r mut Report,
    pub place: &'r dyn Fn(usize) -> Place,
}

impl RowReader<'_> {
    /// The node, and whether anything is written in it.
    pub fn node(&mut self, branch: &Branch<'_>) -> (Node, bool) {
        match branch {
            Branch::Leaf(column, field) => self.leaf(*column, field),
            Branch::Section(inner) => self.section(inner),
            Branch::List(items) => {
                let mut nodes = Vec::new();
                let mut first = None;
                for (_, inner) in items {
                    let (node, is_written) = self.section(inner);
                    first.get_or_insert_with(|| node.place.clone());
                    if is_written {
                        nodes.push(node);
                    }
                }
                let is_written = !nodes.is_empty();
                let place = first.unwrap_or_else(|| (self.place)(0));
                let value = if is_written { NodeValue::List(nodes) } else { NodeValue::Null };
                (Node { place, value }, is_written)
            }
        }
    }

    fn section(&mut self, inner: &[(String, Branch<'_>)]) -> (Node, bool) {
        let mut any = false;
        let mut entries = Vec::with_capacity(inner.len());
        for (name, branch) in inner {
            let (node, is_written) = self.node(branch);
            any |= is_written;
            entries.push((Key { text: name.clone(), place: node.place.clone() }, node));
        }
        let place = entries.first().map_or_else(|| (self.place)(0), |(k, _)| k.place.clone());
        (Node { place, value: NodeValue::Map(entries) }, any)
    }

    fn leaf(&mut self, column: usize, field: &Field) -> (Node, bool) {
        let place = (self.place)(column);
        let cell = self.row.cells.get(column).unwrap_or(&Cell::Empty);
        if *cell == Cell::Empty {
            return (Node { place, value: NodeValue::Null }, false);
        }
        let joined = one_line(field, cell);
        let cell = match &joined {
            Some((joined, is_said)) => {
                if *is_said {
                    self.said(field, joined, &place);
                }
                joined
            }
            None => cell,
        };
        let (value, finding) = match field.taken(&field.label, cell) {
            Ok(Taken { text, warning }) => (NodeValue::Scalar(text), warning),
            Err(refused) => (NodeValue::Null, Some(refused.diagnostic())),
        };
        if let Some(finding) = finding {
            self.report.push(finding.with_field(&field.key).at(Some(place.clone())));
        }
        (Node { place, value }, true)
    }

    /// That the lines of a cell were joined.
    fn said(&mut self, field: &Field, joined: &Cell, place: &Place) {
        let message = Text::new(
            format!("{}: セルの中の改行を詰めて「{joined}」と読みました", field.label.ja),
            format!("{}: the lines of the cell were joined: `{joined}`", field.label.en),
        );
        let found = Diagnostic::warning("normalised", message).with_field(&field.key);
        self.report.push(found.at(Some(place.clone())));
    }
}

/// A cell whose lines are one, and whether that is worth saying: a break at an end is not. A list breaks
/// its cells to make columns narrow; between words a space takes the place of the break, in a number nothing.
fn one_line(field: &Field, cell: &Cell) -> Option<(Cell, bool)> {
    let Cell::Text(text) = cell else { return None };
    if !text.contains('\n') {
        return None;
    }
    let lines: Vec<&str> = text.split('\n').map(str::trim).filter(|l| !l.is_empty()).collect();
    let is_words = matches!(field.kind, Kind::Text | Kind::Kana | Kind::Hiragana);
    let mut joined = String::new();
    for line in &lines {
        let is_wide = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
        if is_words && !joined.is_empty() {
            let wide = is_wide(joined.chars().next_back()) && is_wide(line.chars().next());
            joined.push(if wide { '\u{3000}' } else { ' ' });
        }
        joined += line;
    }
    Some((Cell::Text(joined), lines.len() > 1))
}
