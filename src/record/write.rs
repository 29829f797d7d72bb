//! A record as YAML that reads back as the same record.

use super::{Node, NodeValue};

/// The tree as block YAML. Entries without a value are left out; text is quoted wherever YAML would
/// take it for something else, so that every text reads back as it was.
///
/// ```
/// use onshi::record::{read, write};
/// let yaml = "facility:\n  name: \"=1+1\"\n  code: \"0123456\"\n";
/// let record = read("r.yaml", yaml.as_bytes()).unwrap();
/// assert_eq!(write(&record.root), yaml);
/// ```
pub fn write(root: &Node) -> String {
    let mut out = String::new();
    node(&mut out, root, 0);
    out
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

/// The lines of a map or list, indented by `depth` steps.
fn node(out: &mut String, node: &Node, depth: usize) {
    let indent = "  ".repeat(depth);
    match &node.value {
        NodeValue::Null | NodeValue::Scalar(_) => {}
        NodeValue::List(items) => {
            for item in items {
                let mut lines = String::new();
                inner(&mut lines, item, depth + 1);
                // The item's first line begins behind its dash.
                let lines = lines.strip_prefix(&format!("{indent}  ")).unwrap_or(&lines);
                *out += &format!("{indent}- {}", lines.trim_start_matches(' '));
            }
        }
        NodeValue::Map(entries) => {
            for (key, value) in entries.iter().filter(|(_, value)| !is_empty(value)) {
                match &value.value {
                    NodeValue::Scalar(text) => {
                        *out += &format!("{indent}{}: {}\n", scalar(&key.text), scalar(text));
                    }
                    _ => {
                        *out += &format!("{indent}{}:\n", scalar(&key.text));
                        self::node(out, value, depth + 1);
                    }
                }
            }
        }
    }
}

fn inner(out: &mut String, item: &Node, depth: usize) {
    match &item.value {
        NodeValue::Scalar(text) => *out += &format!("{}\n", scalar(text)),
        _ if is_empty(item) => *out += "{}\n",
        _ => node(out, item, depth),
    }
}

/// A text as it stands in YAML: plain where that is certain to be read as the same text.
fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    let kanji_or_kana = |c: char| matches!(c, '\u{3041}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF21}'..='\u{FF5A}');
    let inside = |c: char| {
        c.is_ascii_alphanumeric()
            || kanji_or_kana(c)
            || matches!(c, ' ' | '-' | '_' | '.' | '/' | '+' | '@')
    };
    let word = |text: &str| {
        let lower = text.to_ascii_lowercase();
        matches!(
            lower.as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "nan" | "inf"
        )
    };
    let number = || {
        // Whatever begins like a number is quoted, but for a day and a number without a zero before it.
        let digits =
            |part: &str, len: usize| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = text.split('-').collect();
        let day = matches!(parts[..], [y, m, d] if digits(y, 4) && digits(m, 2) && digits(d, 2));
        let small = text.len() <= 3 && !text.starts_with('0') && digits(text, text.len());
        day || small
    };
    match text.chars().next() {
        None => false,
        Some(c) if c.is_ascii_digit() => number(),
        Some(c) => {
            (c.is_ascii_alphabetic() || kanji_or_kana(c))
                && !text.ends_with(' ')
                && text.chars().all(inside)
                && !word(text)
        }
    }
}

/// A text in double quotes, everything that is not plain to see escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            '\r' => out += "\\r",
            '\t' => out += "\\t",
            ' '..='~' => out.push(c),
            '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{FFFF}'
                if !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
                    && !matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFF}') =>
            {
                out.push(c);
            }
            '\u{20000}'..='\u{3FFFD}' | '\u{E0100}'..='\u{E01EF}' => out.push(c),
            c if u32::from(c) <= 0xFFFF => out += &format!("\\u{:04X}", u32::from(c)),
            c => out += &format!("\\U{:08X}", u32::from(c)),
        }
    }
    out + "\""
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
            "l:\n  - a: x\n    b:\n      c: 1\n  - {}\n  - a: \"y\"\n    b:\n      c: 1\nz: q\n"
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
