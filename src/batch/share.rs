//! What all facilities share, added to each record.

use crate::form::{Dictionary, Forms};
use crate::key::FieldPath;
use crate::record::{Key, Node, NodeValue, Shape};

/// What all facilities share.
#[derive(Default)]
pub(super) struct Shared {
    /// By key, as they were given.
    values: Vec<(String, String)>,
    shape: Shape<String>,
}

impl Shared {
    /// Adds a value; the first of a key stays.
    pub fn put(&mut self, path: &FieldPath, value: &str) {
        self.shape.put(path, value.to_owned());
        self.values.push((path.written().to_owned(), value.to_owned()));
    }

    /// The value of a key, the first where it has several.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// The keys that have a value.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(key, _)| key.as_str())
    }

    /// Adds what is shared where a record has nothing of its own.
    pub fn add_to(&self, root: &mut Node, forms: &Forms) {
        let place = root.place.clone();
        let shared = self.shape.entries(&place, &mut |value| {
            let value = NodeValue::Scalar(value.clone());
            (Node { place: place.clone(), value }, true)
        });
        let shared = shared.into_iter().map(|(key, node, _)| (key, node)).collect();
        add(root, "", shared, forms.dictionary());
    }
}

fn add(node: &mut Node, parent: &str, shared: Vec<(Key, Node)>, dictionary: &Dictionary) {
    if matches!(node.value, NodeValue::Null) {
        node.value = NodeValue::Map(Vec::new());
    }
    let NodeValue::Map(entries) = &mut node.value else { return };
    for (key, shared) in shared {
        let is_named = |written: &str| {
            dictionary.child(parent, written).is_some_and(|field| field.name() == key.text)
        };
        let Some(at) = entries.iter().position(|(written, _)| is_named(&written.text)) else {
            entries.push((key, shared));
            continue;
        };
        let own = &mut entries[at].1;
        match (&own.value, shared.value) {
            (_, NodeValue::Map(shared)) => {
                let dot = if parent.is_empty() { "" } else { "." };
                add(own, &format!("{parent}{dot}{}", key.text), shared, dictionary);
            }
            (NodeValue::Null, NodeValue::List(items)) => own.value = NodeValue::List(items),
            (NodeValue::Null, value) => *own = Node { place: shared.place, value },
            // A list of one's own is whole as it is.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{read, write};

    /// A record to which the fields of a card reader were added.
    fn with_shared(record: &str) -> String {
        let mut shared = Shared::default();
        for (key, value) in [("product", "Caora"), ("units", "2")] {
            shared.put(&FieldPath::of_item("card_reader.products", 0, key), value);
        }
        let mut record = read("r.yaml", record.as_bytes()).unwrap();
        shared.add_to(&mut record.root, Forms::built_in());
        write(&record.root)
    }

    #[test]
    fn an_item_gets_every_field_that_is_shared() {
        let item = "card_reader:\n  products:\n    - product: Caora\n      units: 2\n";
        assert_eq!(with_shared("card_reader:"), item);
        assert_eq!(with_shared("card_reader: {products: }"), item);
    }

    #[test]
    fn a_list_of_ones_own_is_whole_as_it_is() {
        let own = "card_reader:\n  products:\n    - units: 3\n";
        assert_eq!(with_shared(own), own);
    }
}
