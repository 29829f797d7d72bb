//! Values as a record in YAML.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Data, Value, Values};
use crate::form::{Dictionary, Field, Kind};

/// Writes the values of `keys` (dotted, without list indices) as a record that reads back to the same
/// values, in the dictionary's order. What can only be computed is left out; so is what is absent.
///
/// ```
/// use onshi::{check, form::Forms, record};
/// let forms = Forms::built_in();
/// let record = record::read("r.yaml", "facility: {name: 'オン資: #1', code: '0123456'}".as_bytes()).unwrap();
/// let (values, _) = check::values(&record, forms);
/// let keys = ["facility.name", "facility.code"].map(String::from).into();
/// let text = record::to_yaml(&values, forms.dictionary(), &keys);
/// assert_eq!(text, "facility:\n  name: \"オン資: #1\"\n  code: \"0123456\"\n");
/// ```
pub fn to_yaml(values: &Values, dictionary: &Dictionary, keys: &BTreeSet<String>) -> String {
    let mut writer = Writer { values, dictionary, keys, out: String::new() };
    writer.fields("", "", 0, "");
    writer.out
}

struct Writer<'a> {
    values: &'a Values,
    dictionary: &'a Dictionary,
    keys: &'a BTreeSet<String>,
    out: String,
}

impl Writer<'_> {
    /// The fields below `key`, whose values stand below `path`; `bullet` begins the first line.
    fn fields(&mut self, key: &str, path: &str, depth: usize, bullet: &str) {
        let fields: Vec<Field> = self.dictionary.children(key).cloned().collect();
        let mut bullet = bullet;
        for field in fields.iter().filter(|field| !field.computed) {
            let dot = if path.is_empty() { "" } else { "." };
            let full = format!("{path}{dot}{}", field.name());
            if !self.stands(&field.key, &full) {
                continue;
            }
            let indent = "  ".repeat(depth.saturating_sub(bullet.len() / 2));
            let head = format!("{indent}{bullet}{}:", field.name());
            bullet = "";
            match field.kind {
                Kind::Section => {
                    self.out += &format!("{head}\n");
                    self.fields(&field.key, &full, depth + 1, "");
                }
                Kind::List => {
                    self.out += &format!("{head}\n");
                    for i in 0..self.values.len(&full) {
                        let item = format!("{full}[{i}]");
                        if self.stands_below(&field.key, &item) {
                            self.fields(&field.key, &item, depth + 2, "- ");
                        } else {
                            // An item that is empty keeps its place: the others are found by number.
                            self.out += &format!("{}- {{}}\n", "  ".repeat(depth + 1));
                        }
                    }
                }
                _ => {
                    if let Some(value) = self.values.get(&full) {
                        self.out += &format!("{head} {}\n", scalar(value));
                    }
                }
            }
        }
    }

    /// Whether there is something to write for a field.
    fn stands(&self, key: &str, path: &str) -> bool {
        match self.dictionary.get(key).map(|field| field.kind) {
            Some(Kind::Section) => self.stands_below(key, path),
            Some(Kind::List) => self.values.len(path) > 0 && self.wanted_below(key),
            _ => self.keys.contains(key) && self.values.get(path).is_some(),
        }
    }

    fn stands_below(&self, key: &str, path: &str) -> bool {
        self.dictionary.children(key).any(|field| {
            !field.computed && self.stands(&field.key, &format!("{path}.{}", field.name()))
        })
    }

    fn wanted_below(&self, key: &str) -> bool {
        let inside = format!("{key}.");
        self.keys.iter().any(|wanted| wanted.starts_with(&inside))
    }
}

fn scalar(value: &Value) -> String {
    match &value.data {
        Data::Choices(all) => {
            let all: Vec<String> = all.iter().map(|choice| quoted(choice)).collect();
            format!("[{}]", all.join(", "))
        }
        Data::Text => quoted(&value.text),
        Data::Date(_) | Data::YearMonth(_) | Data::Integer(_) | Data::Boolean(_) => {
            value.text.clone()
        }
    }
}

/// Text in double quotes; everything that is no plain printable character is escaped, so that no
/// reader changes it.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{FEFF}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}' => escape(&mut out, c),
            c if c.is_control() => escape(&mut out, c),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn escape(out: &mut String, c: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "\\u{:04X}", u32::from(c));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::check;
    use crate::form::Forms;
    use crate::record;

    fn values(text: &str) -> Values {
        let record = record::read("r.yaml", text.as_bytes()).unwrap();
        check::values(&record, Forms::built_in()).0
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
        assert_eq!(text, "card_reader:\n  products:\n    - {}\n    - product: \"Caora\"\n");
        assert_eq!(values(&text).get("card_reader.products[1].product").unwrap().text, "Caora");
    }

    proptest! {
        #[test]
        fn any_text_reads_back_as_it_was(
            name in any::<String>(),
            address in "[ -~\u{3000}-\u{30ff}一-龠\u{0}-\u{1f}\u{80}-\u{a0}\u{2028}\u{feff}'\":#\\\\]{0,20}",
        ) {
            let mut before = Values::default();
            for (key, text) in [("facility.name", &name), ("facility.address", &address)] {
                // The reader takes white space off both ends.
                let text = text.trim().to_owned();
                if !text.is_empty() {
                    before.insert(key, Value { text, data: Data::Text, place: None });
                }
            }
            prop_assume!(!before.is_empty());
            let text = to_yaml(&before, Forms::built_in().dictionary(), &all_keys());
            let after = values(&text);
            for key in ["facility.name", "facility.address"] {
                prop_assert_eq!(
                    before.get(key).map(|v| &v.text),
                    after.get(key).map(|v| &v.text),
                    "{}", text
                );
            }
        }
    }
}
