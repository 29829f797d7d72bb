//! The record a workbook gives, put together key by key.

use std::collections::BTreeMap;

use crate::form::{Dictionary, Field};
use crate::key::{FieldPath, Item};
use crate::record::{Node, NodeValue, Shape};
use crate::report::Place;

/// A value or its absence, and where it stands.
type Leaf = (Option<String>, Place);

/// Values by dotted key, those of lists by item.
pub(super) struct Tree<'a> {
    dictionary: &'a Dictionary,
    plain: BTreeMap<String, Leaf>,
    /// By the list's key; an item's values by the key inside it.
    lists: BTreeMap<String, Vec<BTreeMap<String, Leaf>>>,
}

impl<'a> Tree<'a> {
    pub fn new(dictionary: &'a Dictionary) -> Self {
        Tree { dictionary, plain: BTreeMap::new(), lists: BTreeMap::new() }
    }

    /// Puts a value at a key such as `card_reader.products[0].units`; a malformed one is left out.
    pub fn insert(&mut self, key: &str, text: Option<String>, place: Place) {
        if let Some(path) = FieldPath::parse(key) {
            self.set(&path, text, place);
        }
    }

    /// Sets or, without a text, clears the value a form's path stands for.
    pub fn set(&mut self, path: &FieldPath, text: Option<String>, place: Place) {
        let Some(selector) = &path.selector else {
            self.plain.insert(path.base.clone(), (text, place));
            return;
        };
        let items = self.lists.entry(path.base.clone()).or_default();
        let index = match &selector.item {
            Item::With { name, value } => items.iter().position(|item| has(item, name, value)),
            // A list on a page has a handful of items.
            Item::Index(index) => Some(*index).filter(|index| *index < 1000),
        };
        match (index, text) {
            (Some(index), text) => {
                if index >= items.len() {
                    items.resize(index + 1, BTreeMap::new());
                }
                items[index].insert(selector.rest.clone(), (text, place));
            }
            (None, Some(text)) => {
                let mut item = BTreeMap::new();
                if let Item::With { name, value } = &selector.item {
                    item.insert(name.clone(), (Some(value.clone()), place.clone()));
                }
                item.insert(selector.rest.clone(), (Some(text), place));
                items.push(item);
            }
            (None, None) => {}
        }
        if let Item::With { name, .. } = &selector.item {
            // An item of which nothing but its name is left was cleared.
            items.retain(|item| item.iter().any(|(key, (text, _))| key != name && text.is_some()));
        }
    }

    /// Sets a value, and leaves its place as it is.
    pub fn replace(&mut self, key: &str, text: Option<String>) {
        if let Some((known, _)) = self.plain.get_mut(key) {
            *known = text;
        }
    }

    /// Says where a value stands, or would.
    pub fn see(&mut self, path: &FieldPath, place: Place) {
        match &path.selector {
            None => {
                let text = self.plain.remove(&path.base).and_then(|(text, _)| text);
                self.plain.insert(path.base.clone(), (text, place));
            }
            Some(selector) => {
                let Some(items) = self.lists.get_mut(&path.base) else { return };
                let item = match &selector.item {
                    Item::With { name, value } => {
                        items.iter_mut().find(|item| has(item, name, value))
                    }
                    Item::Index(index) => items.get_mut(*index),
                };
                if let Some((_, at)) = item.and_then(|item| item.get_mut(&selector.rest)) {
                    *at = place;
                }
            }
        }
    }

    /// The record, its keys in the order of the dictionary.
    pub fn build(mut self, start: Place) -> Node {
        for items in self.lists.values_mut() {
            while items.last().is_some_and(|item| item.values().all(|(text, _)| text.is_none())) {
                items.pop();
            }
        }
        let mut shape = Shape::default();
        for field in self.dictionary.leaves() {
            let Some((list, rest)) = self.dictionary.list_of(field) else {
                if let Some(leaf) = self.plain.get(&field.key) {
                    shape.put_key(&field.key, (field, leaf));
                }
                continue;
            };
            for (i, values) in self.lists.get(list).into_iter().flatten().enumerate() {
                if let (Some(item), Some(leaf)) = (shape.item(list, i), values.get(rest)) {
                    item.put_key(rest, (field, leaf));
                }
            }
        }
        let entries = shape.entries(&start, &mut |(field, leaf)| (node(field, leaf), true));
        let entries = entries.into_iter().map(|(key, node, _)| (key, node));
        Node { place: start, value: NodeValue::Map(entries.collect()) }
    }
}

/// Whether an item's field has this value.
fn has(item: &BTreeMap<String, Leaf>, name: &str, value: &str) -> bool {
    item.get(name).is_some_and(|(text, _)| text.as_deref() == Some(value))
}

fn node(field: &Field, (text, place): &Leaf) -> Node {
    let value = match text {
        None => NodeValue::Null,
        Some(text) => several(field, text, place).unwrap_or(NodeValue::Scalar(text.clone())),
    };
    Node { place: place.clone(), value }
}

/// The list that several values of a choice are, which print as 医科・歯科.
fn several(field: &Field, text: &str, place: &Place) -> Option<NodeValue> {
    let parts = field.parts(text);
    let leaf =
        |part: &&str| Node { place: place.clone(), value: NodeValue::Scalar((*part).to_owned()) };
    (!parts.is_empty()).then(|| NodeValue::List(parts.iter().map(leaf).collect()))
}
