//! Records built from values by key.

use std::collections::BTreeMap;

use super::{Key, Node, NodeValue};
use crate::key::FieldPath;
use crate::report::Place;

/// What records that have the same keys are made from: a `T` for each value.
#[derive(Clone, Debug)]
pub(crate) struct Shape<T> {
    /// In the order in which they were put in.
    entries: Vec<(String, Branch<T>)>,
}

#[derive(Clone, Debug)]
enum Branch<T> {
    Leaf(T),
    Section(Shape<T>),
    List(BTreeMap<usize, Shape<T>>),
}

/// An entry of a record, and whether anything is written in it.
pub(crate) type Entry = (Key, Node, bool);

impl<T> Default for Shape<T> {
    fn default() -> Self {
        Shape { entries: Vec::new() }
    }
}

impl<T> Shape<T> {
    /// Puts a value at a path whose selector, if any, is an index. The first of a path stays, and a key is a
    /// list's in all paths or in none: what does not fit is left out.
    pub fn put(&mut self, path: &FieldPath, value: T) {
        let Some(selector) = &path.selector else { return self.put_key(&path.base, value) };
        let item = path.index().and_then(|index| self.item(&path.base, index));
        if let Some(item) = item {
            item.put_key(&selector.rest, value);
        }
    }

    /// Puts a value at a dotted key outside of lists.
    pub fn put_key(&mut self, key: &str, value: T) {
        self.branch(key, Branch::Leaf(value));
    }

    /// An item of the list at a dotted key, made if there is none; nothing where the key is not a list's.
    pub fn item(&mut self, key: &str, index: usize) -> Option<&mut Shape<T>> {
        match self.branch(key, Branch::List(BTreeMap::new()))? {
            Branch::List(items) => Some(items.entry(index).or_default()),
            Branch::Leaf(_) | Branch::Section(_) => None,
        }
    }

    /// The branch at a dotted key, `new` if there is none; nothing where a value or a list is in the way.
    fn branch(&mut self, key: &str, new: Branch<T>) -> Option<&mut Branch<T>> {
        let (name, new, below) = match key.split_once('.') {
            Some((name, rest)) => (name, Branch::Section(Shape::default()), Some((rest, new))),
            None => (key, new, None),
        };
        let known = self.entries.iter().position(|(known, _)| known == name);
        let at = known.unwrap_or_else(|| {
            self.entries.push((name.to_owned(), new));
            self.entries.len() - 1
        });
        match (&mut self.entries[at].1, below) {
            (branch, None) => Some(branch),
            (Branch::Section(inner), Some((rest, new))) => inner.branch(rest, new),
            (Branch::List(_) | Branch::Leaf(_), Some(_)) => None,
        }
    }

    /// The entries of a record. `leaf` gives the node of a value, and whether it is written. An item of a
    /// list whose values are all unwritten is left out; one that has no values at all is kept, so that
    /// those after it keep their places. What has no value of its own is at its first value, or at `start`.
    pub fn entries(&self, start: &Place, leaf: &mut dyn FnMut(&T) -> (Node, bool)) -> Vec<Entry> {
        let entries = self.entries.iter().map(|(name, branch)| {
            let (node, is_written) = branch.node(start, leaf);
            (Key { text: name.clone(), place: node.place.clone() }, node, is_written)
        });
        entries.collect()
    }

    fn node(&self, start: &Place, leaf: &mut dyn FnMut(&T) -> (Node, bool)) -> (Node, bool) {
        let entries = self.entries(start, leaf);
        let place = entries.first().map_or(start, |(key, ..)| &key.place).clone();
        let is_written = entries.is_empty() || entries.iter().any(|(.., is_written)| *is_written);
        let entries = entries.into_iter().map(|(key, node, _)| (key, node)).collect();
        (Node { place, value: NodeValue::Map(entries) }, is_written)
    }
}

impl<T> Branch<T> {
    fn node(&self, start: &Place, leaf: &mut dyn FnMut(&T) -> (Node, bool)) -> (Node, bool) {
        match self {
            Branch::Leaf(value) => leaf(value),
            Branch::Section(inner) => inner.node(start, leaf),
            Branch::List(items) => {
                let items: Vec<_> = items.values().map(|item| item.node(start, leaf)).collect();
                let place = items.first().map_or(start, |(node, _)| &node.place).clone();
                let items = items.into_iter().filter(|(_, is_written)| *is_written);
                let items: Vec<Node> = items.map(|(node, _)| node).collect();
                let is_written = !items.is_empty();
                let value = if is_written { NodeValue::List(items) } else { NodeValue::Null };
                (Node { place, value }, is_written)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::write;

    fn written(values: &[(&str, &str)]) -> String {
        let start = Place::Text { line: 1, column: 1, start: 0, end: 0 };
        let mut shape = Shape::default();
        for (key, value) in values {
            shape.put(&FieldPath::parse(key).unwrap(), *value);
        }
        let node = shape.node(&start, &mut |value| {
            let value = NodeValue::Scalar((*value).to_owned());
            let is_written = value != NodeValue::Scalar(String::new());
            (Node { place: start.clone(), value }, is_written)
        });
        write(&node.0)
    }

    #[test]
    fn keys_stand_in_the_order_given_and_items_in_that_of_their_indices() {
        let values = [("b.c[1].d", "2"), ("a", "x"), ("b.c[0].d", "1"), ("b.e", "y")];
        assert_eq!(written(&values), "b:\n  c:\n    - d: 1\n    - d: 2\n  e: y\na: x\n");
    }

    #[test]
    fn an_item_with_nothing_written_is_left_out() {
        assert_eq!(written(&[("a[0].b", ""), ("a[2].b", "x")]), "a:\n  - b: x\n");
    }

    #[test]
    fn the_first_value_of_a_key_stays() {
        let values = [("a.b", "1"), ("a.b", "2"), ("a.b.c", "3"), ("a", "4"), ("a[0].b", "5")];
        assert_eq!(written(&values), "a:\n  b: 1\n");
    }
}
