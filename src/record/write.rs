//! A record as YAML that reads back as the same record.

use std::iter;

use serde::ser::{Serialize, Serializer};
use serde_saphyr::DoubleQuoted;

use super::{Node, NodeValue};

/// The tree as block YAML. Entries without a value are left out; text is quoted wherever YAML would
/// take it for something else, so that every text reads back as it was.
///
/// ```
/// use onshi::record::{read, write};
/// let yaml = "facility:\n  name: \"@オン資\"\n  address: \"2F# 3\"\n  code: \"0123456\"\n";
/// let record = read("r.yaml", yaml.as_bytes()).unwrap();
/// assert_eq!(write(&record.root), yaml);
/// ```
pub fn write(root: &Node) -> String {
    if is_empty(root) {
        return String::new();
    }
    // Version 1.2, as records are read: under 1.1 every date would be quoted. No block scalars: a
    // value is one line, wherever its line breaks are.
    let options = serde_saphyr::ser_options! {
        yaml_12: true,
        no_lang_directive: true,
        prefer_block_scalars: false,
        compact_list_indent: false,
    };
    let yaml = serde_saphyr::to_string_with_options(&Yaml(root), options);
    // Neither can memory refuse what is written, nor does `Yaml` raise an error of its own.
    yaml.expect("a tree of texts is written to memory")
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        NodeValue::Null => true,
        NodeValue::Scalar(_) => false,
        // An empty item keeps the places of those behind it.
        NodeValue::List(items) => items.iter().all(is_empty),
        NodeValue::Map(entries) => entries.iter().all(|(_, node)| is_empty(node)),
    }
}

/// A node as serde sees it.
struct Yaml<'a>(&'a Node);

impl Serialize for Yaml<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.value {
            NodeValue::Scalar(text) => match number(text) {
                Some(number) => serializer.serialize_u16(number),
                None if is_doubtful(text) => DoubleQuoted(text).serialize(serializer),
                None => serializer.serialize_str(text),
            },
            NodeValue::List(items) if !is_empty(self.0) => {
                serializer.collect_seq(items.iter().map(Yaml))
            }
            // An item without a value is an empty map: it keeps the places of those behind it.
            NodeValue::Null | NodeValue::List(_) => {
                serializer.collect_map(iter::empty::<((), ())>())
            }
            NodeValue::Map(entries) => {
                let written = entries.iter().filter(|(_, node)| !is_empty(node));
                serializer.collect_map(written.map(|(key, node)| (&key.text, Yaml(node))))
            }
        }
    }
}

/// Whether a text means itself to YAML, and yet is asked about where it is read without quotes: it looks as if
/// a comment or quotation marks had been meant.
fn is_doubtful(text: &str) -> bool {
    text.contains(['#', '＃', '“', '”', '„', '‘', '’', '＂'])
}

/// A count or a month, which needs no quotes. Longer digits are codes.
fn number(text: &str) -> Option<u16> {
    let number: u16 = text.parse().ok().filter(|number| *number < 1000)?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Key, read};
    use super::*;
    use crate::report::Place;

    fn place() -> Place {
        Place::Text { line: 0, column: 0, start: 0, end: 0 }
    }

    fn leaf(text: &str) -> Node {
        Node { place: place(), value: NodeValue::Scalar(text.into()) }
    }

    fn map(entries: Vec<(&str, Node)>) -> Node {
        let key = |text: &str| Key { text: text.into(), place: place() };
        let entries = entries.into_iter().map(|(k, v)| (key(k), v)).collect();
        Node { place: place(), value: NodeValue::Map(entries) }
    }

    fn list(items: Vec<Node>) -> Node {
        Node { place: place(), value: NodeValue::List(items) }
    }

    /// The tree without places.
    fn shape(node: &Node) -> String {
        match &node.value {
            NodeValue::Null => "~".into(),
            NodeValue::Scalar(text) => format!("{text:?}"),
            NodeValue::List(items) => format!("{:?}", items.iter().map(shape).collect::<Vec<_>>()),
            NodeValue::Map(entries) => {
                format!(
                    "{:?}",
                    entries.iter().map(|(k, v)| (&k.text, shape(v))).collect::<Vec<_>>()
                )
            }
        }
    }

    fn round(root: &Node) {
        let yaml = write(root);
        let record = read("r.yaml", yaml.as_bytes());
        let record = record.map_err(|(_, report)| format!("{report}\n{yaml}")).unwrap();
        assert_eq!(shape(&record.root), shape(root), "{yaml}");
    }

    #[test]
    fn what_yaml_would_take_for_something_else_is_quoted() {
        for text in [
            "",
            " ",
            "a ",
            " a",
            "null",
            "~",
            "True",
            "no",
            "1",
            "012",
            "1_000",
            "0x1F",
            "1e5",
            ".5",
            "-1",
            "+81-3",
            "=A1",
            "@x",
            "a: b",
            "a #b",
            "- a",
            "[a]",
            "{a}",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "'",
            "\"",
            "\\",
            "%",
            "`",
            "a\nb",
            "a\r\nb",
            "\t",
            "2024-04-01",
            "12:30",
            "\u{FEFF}a",
            "\u{85}",
            "髙﨑𠮷",
            "葛\u{E0100}",
            "〒 123-4567",
            "---",
            "...",
            "1.",
            "1.0",
            "NaN",
            ".inf",
            "<<",
            "y",
        ] {
            round(&map(vec![("a", leaf(text)), (text, leaf("b"))]));
            round(&map(vec![("l", list(vec![leaf(text), map(vec![("x", leaf(text))])]))]));
        }
    }

    #[test]
    fn nested_lists_and_sections() {
        let item = |a| map(vec![("a", leaf(a)), ("b", map(vec![("c", leaf("1"))]))]);
        let root =
            map(vec![("l", list(vec![item("x"), map(vec![]), item("y")])), ("z", leaf("q"))]);
        assert_eq!(
            write(&root),
            "l:\n  - a: x\n    b:\n      c: 1\n  - {}\n  - a: y\n    b:\n      c: 1\nz: q\n"
        );
        round(&root);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn every_text_reads_back(text in any::<String>(), other in "\\PC*") {
            let inner = map(vec![("x", leaf(&other)), ("y", leaf(&text))]);
            let list = list(vec![inner.clone(), leaf(&text)]);
            round(&map(vec![("a", leaf(&text)), ("b", list), ("c", inner)]));
        }
    }
}
