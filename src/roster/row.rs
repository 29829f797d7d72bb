//! One row of a roster becomes a record, shaped by the heading.

use crate::form::Field;
use crate::form::kinds::Taken;
use crate::record::{Key, Node, NodeValue};
use crate::report::{Place, Report};
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
        let (value, finding) = match field.taken(&field.label, cell) {
            Ok(Taken { text, warning }) => (NodeValue::Scalar(text), warning),
            Err(refused) => (NodeValue::Null, Some(refused.diagnostic())),
        };
        if let Some(finding) = finding {
            self.report.push(finding.with_field(&field.key).at(Some(place.clone())));
        }
        (Node { place, value }, true)
    }
}
