//! What all facilities share, added to each record.

use crate::form::Forms;
use crate::record::{Key, Node, NodeValue};
use crate::report::Place;

/// Adds what every record shares where a record has nothing of its own: `key` and value.
pub(super) fn share(root: &mut Node, set: &[(String, String)], forms: &Forms, place: &Place) {
    for (key, value) in set {
        add(root, key, "", value, forms, place);
    }
}

fn add(node: &mut Node, key: &str, parent: &str, value: &str, forms: &Forms, place: &Place) {
    let (part, rest) = match key.split_once('.') {
        Some((part, rest)) => (part, Some(rest)),
        None => (key, None),
    };
    let (name, is_list) = match part.split_once('[') {
        Some((name, _)) => (name, true),
        None => (part, false),
    };
    if matches!(node.value, NodeValue::Null) {
        node.value = NodeValue::Map(Vec::new());
    }
    let NodeValue::Map(entries) = &mut node.value else { return };
    let dictionary = forms.dictionary();
    let is_named =
        |written: &str| dictionary.child(parent, written).is_some_and(|f| f.name() == name);
    let at = entries.iter().position(|(key, _)| is_named(&key.text)).unwrap_or_else(|| {
        let key = Key { text: name.to_owned(), place: place.clone() };
        entries.push((key, Node { place: place.clone(), value: NodeValue::Null }));
        entries.len() - 1
    });
    let inner = &mut entries[at].1;
    let dot = if parent.is_empty() { "" } else { "." };
    let below = format!("{parent}{dot}{name}");
    match rest {
        Some(rest) if is_list => {
            // A list of one's own is whole as it is.
            if matches!(inner.value, NodeValue::Null) {
                let mut item = Node { place: place.clone(), value: NodeValue::Null };
                add(&mut item, rest, &below, value, forms, place);
                inner.value = NodeValue::List(vec![item]);
            }
        }
        Some(rest) => add(inner, rest, &below, value, forms, place),
        None if matches!(inner.value, NodeValue::Null) => {
            *inner = Node { place: place.clone(), value: NodeValue::Scalar(value.to_owned()) };
        }
        None => {}
    }
}
