//! Values as a record in YAML.

use std::collections::BTreeSet;

use super::{Data, Values};
use crate::form::{Dictionary, Field, Kind};
use crate::record::{Key, Node, NodeValue, write};
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
    write(&Tree { values, dictionary, keys }.section("", ""))
}

struct Tree<'a> {
    values: &'a Values,
    dictionary: &'a Dictionary,
    keys: &'a BTreeSet<String>,
}

impl Tree<'_> {
    /// The fields below `key`, whose values stand below `path`.
    fn section(&self, key: &str, path: &str) -> Node {
        let fields = self.dictionary.children(key).filter(|field| !field.computed);
        let entries = fields.map(|field| {
            let dot = if path.is_empty() { "" } else { "." };
            let name = Key { text: field.name().to_owned(), place: nowhere() };
            (name, self.field(field, &format!("{path}{dot}{}", field.name())))
        });
        node(NodeValue::Map(entries.collect()))
    }

    fn field(&self, field: &Field, path: &str) -> Node {
        match field.kind {
            Kind::Section => self.section(&field.key, path),
            Kind::List => {
                let items = 0..self.values.len(path);
                let items = items.map(|i| self.section(&field.key, &format!("{path}[{i}]")));
                node(NodeValue::List(items.collect()))
            }
            _ => match self.values.get(path).filter(|_| self.keys.contains(&field.key)) {
                None => node(NodeValue::Null),
                Some(value) => match &value.data {
                    Data::Choices(all) => {
                        let all = all.iter().map(|choice| scalar(choice));
                        node(NodeValue::List(all.collect()))
                    }
                    _ => scalar(&value.text),
                },
            },
        }
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

    use super::super::Value;
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
                // The check takes the last line breaks off.
                let text = text.trim_end_matches(['\n', '\r']);
                if !text.trim().is_empty() {
                    let value = Value { text: text.to_owned(), data: Data::Text, place: None };
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
