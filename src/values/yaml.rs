//! Values as a record in YAML.

use std::collections::BTreeSet;

use super::{Data, Value, Values};
use crate::form::Dictionary;
use crate::record::{Node, NodeValue, Shape, write};
use crate::report::Place;

/// Writes the values of `keys` (dotted, without list indices) as a record that reads back to the same
/// values, in the dictionary's order. What can only be computed is left out; so is what is absent.
///
/// ```
/// use onshi::{form::Forms, record, values};
/// let forms = Forms::built_in();
/// let record = record::read("r.yaml", "facility: {name: 'オン資: #1', code: '0123456'}".as_bytes()).unwrap();
/// let (values, _) = values::values(&record, forms);
/// let keys = ["facility.name", "facility.code"].map(String::from).into();
/// let text = values::to_yaml(&values, forms.dictionary(), &keys);
/// assert_eq!(text, "facility:\n  name: \"オン資: #1\"\n  code: \"0123456\"\n");
/// ```
pub fn to_yaml(values: &Values, dictionary: &Dictionary, keys: &BTreeSet<String>) -> String {
    let mut shape = Shape::default();
    for field in dictionary.leaves().into_iter().filter(|field| !field.computed) {
        let value = |path: &str| values.get(path).filter(|_| keys.contains(&field.key));
        let Some((list, rest)) = dictionary.list_of(field) else {
            if let Some(value) = value(&field.key) {
                shape.put_key(&field.key, value);
            }
            continue;
        };
        for i in 0..values.len(list) {
            let item = shape.item(list, i);
            if let (Some(item), Some(value)) = (item, value(&format!("{list}[{i}].{rest}"))) {
                item.put_key(rest, value);
            }
        }
    }
    let entries = shape.entries(&nowhere(), &mut |value| (leaf(value), true));
    let entries = entries.into_iter().map(|(key, node, _)| (key, node));
    write(&node(NodeValue::Map(entries.collect())))
}

fn leaf(value: &Value) -> Node {
    match &value.data {
        Data::Choices(all) => {
            node(NodeValue::List(all.iter().map(|choice| scalar(choice)).collect()))
        }
        _ => scalar(&value.text),
    }
}

fn scalar(text: &str) -> Node {
    node(NodeValue::Scalar(text.to_owned()))
}

fn node(value: NodeValue) -> Node {
    Node { place: nowhere(), value }
}

/// What is to be written has no place yet.
fn nowhere() -> Place {
    Place::Text { line: 0, column: 0, start: 0, end: 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::form::Forms;
    use crate::{record, values};

    fn values(text: &str) -> Values {
        let record = record::read("r.yaml", text.as_bytes()).unwrap();
        values::values(&record, Forms::built_in()).0
    }

    /// Every value without its place.
    fn plain(values: &Values) -> Vec<(String, String, Data)> {
        values.iter().map(|(k, v)| (k.to_owned(), v.text.clone(), v.data.clone())).collect()
    }

    fn all_keys() -> BTreeSet<String> {
        Forms::built_in().dictionary().fields().iter().map(|f| f.key.clone()).collect()
    }

    #[test]
    fn the_samples_read_back_to_the_same_values() {
        for entry in std::fs::read_dir("samples").unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "yaml") {
                continue;
            }
            let before = values(&std::fs::read_to_string(&path).unwrap());
            let text = to_yaml(&before, Forms::built_in().dictionary(), &all_keys());
            let after = values(&text);
            assert_eq!(plain(&before), plain(&after), "{}:\n{text}", path.display());
            assert_eq!(before.lists().collect::<Vec<_>>(), after.lists().collect::<Vec<_>>());
        }
    }

    #[test]
    fn items_keep_their_places_and_only_the_keys_asked_for_are_written() {
        let before = values(
            "card_reader: {products: [{units: 1}, {product: Caora, units: 2}]}\nbureau: 九州厚生局",
        );
        let keys = ["card_reader.products.product".to_owned()].into();
        let text = to_yaml(&before, Forms::built_in().dictionary(), &keys);
        assert_eq!(text, "card_reader:\n  products:\n    - {}\n    - product: Caora\n");
        assert_eq!(values(&text).get("card_reader.products[1].product").unwrap().text, "Caora");
    }

    proptest! {
        #[test]
        fn any_text_reads_back_as_it_was(
            name in any::<String>(),
            address in "[ -~\u{3000}-\u{30ff}一-龠\u{0}-\u{1f}\u{80}-\u{a0}\u{2028}\u{feff}'\":#\\\\]{0,20}",
        ) {
            let mut before = Values::default();
            for (key, text) in [("facility.name", &name), ("founder.registration", &address)] {
                // A value is as its kind reads it; what it refuses, such as a lone 0, is none.
                let field = Forms::built_in().dictionary().get(key).unwrap();
                if let Ok(read) = field.read(text)
                    && !read.text.trim().is_empty()
                {
                    let value = Value { text: read.text, data: Data::Text, place: None };
                    before.insert(key, value);
                }
            }
            prop_assume!(!before.is_empty());
            let text = to_yaml(&before, Forms::built_in().dictionary(), &all_keys());
            let after = values(&text);
            for key in ["facility.name", "founder.registration"] {
                prop_assert_eq!(
                    before.get(key).map(|v| &v.text),
                    after.get(key).map(|v| &v.text),
                    "{}", text
                );
            }
        }
    }
}
