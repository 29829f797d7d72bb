//! Records in YAML and JSON: the whole text, forgivingly where it is not quite YAML.

use super::forgiving;
use super::node::{Node, NodeValue, Record};
use super::parse::parse;
use super::stop::{Stop, fault, syntax};
use crate::report::{Diagnostic, Report, Source, Text};

/// The largest record accepted, in bytes (1 MiB): a filled record has some 3 kB.
pub const MAX_RECORD_BYTES: usize = 1 << 20;

/// Reads a record in YAML or JSON.
///
/// # Errors
/// A report of `syntax` errors: too large, not UTF-8, empty, not a map, or with slips, each at its line.
///
/// ```
/// let record = onshi::record::read("a.yaml", b"facility: {name: \xE3\x81\x82}").unwrap();
/// assert_eq!(record.root.entries()[0].0.text, "facility");
/// let report = onshi::record::read("a.yaml", b"a: [1").unwrap_err();
/// assert_eq!(report.1.diagnostics[0].code, "syntax");
/// ```
pub fn read(name: &str, bytes: &[u8]) -> Result<Record, (Source, Report)> {
    match read_forgiving(name, bytes)? {
        (record, slips) if slips.diagnostics.is_empty() => Ok(record),
        (record, slips) => Err((record.source, slips)),
    }
}

/// Reads a record in YAML or JSON as far as it can be read: with every slip that keeps it from being YAML,
/// or from meaning what its writer meant. A record with slips is there to be checked, so that its other
/// faults are found in the same run; no form is to be made of it.
///
/// # Errors
/// A report of `syntax` errors where there is nothing to check.
///
/// ```
/// let text = "facility:\n  name:オン資医院\n  code： 1234567\n";
/// let (record, slips) = onshi::record::read_forgiving("a.yaml", text.as_bytes()).unwrap();
/// assert_eq!(record.root.entries()[0].1.entries().len(), 2);
/// assert_eq!(slips.errors(), 2);
/// ```
pub fn read_forgiving(name: &str, bytes: &[u8]) -> Result<(Record, Report), (Source, Report)> {
    let mut source = Source { name: name.to_owned(), text: String::new() };
    let read = text_of(bytes).and_then(|text| {
        source.text = text.to_owned();
        tree(text)
    });
    match read {
        Ok((root, slips)) => Ok((Record { source, root }, slips)),
        Err(report) => Err((source, report)),
    }
}

/// The tree of a record and its slips.
fn tree(text: &str) -> Result<(Node, Report), Report> {
    let root = match parse(text) {
        Ok(root) => root,
        Err(error) if !Stop::of(&error).is_slip() => return Err(syntax(text, &error).into()),
        Err(error) => {
            return forgiving::read(text).map_err(|slips| match slips.errors() {
                0 => syntax(text, &error).into(),
                _ => slips,
            });
        }
    };
    if forgiving::is_doubtful(&root, text)
        && let Ok((root, slips)) = forgiving::read(text)
        && slips.errors() > 0
    {
        return Ok((root, slips));
    }
    match root.value {
        NodeValue::Map(_) => Ok((root, Report::default())),
        NodeValue::Null => Err(empty().into()),
        NodeValue::List(items) if items.iter().any(|item| !item.entries().is_empty()) => {
            let count = items.len();
            let (ja, en) = (
                format!("{count} 件の記録が一覧として並んでいます"),
                format!("the file is a list of {count} records"),
            );
            let hint = Text::new(
                "一施設を一つのファイルにしてください。そのフォルダーからは onshi batch で様式を作れます",
                "put each facility into its own file; `onshi batch` makes the forms of their folder",
            );
            Err(fault(ja, en).at(Some(root.place)).with_hint(hint).into())
        }
        _ => Err(fault(
            "記録の全体が 項目名: 値 の形になっていません",
            "the record is not a map of keys and values",
        )
        .at(Some(root.place))
        .with_hint(Text::new(
            "onshi new で書き方の見本を作れます",
            "make a skeleton with `onshi new`",
        ))
        .into()),
    }
}

fn text_of(bytes: &[u8]) -> Result<&str, Report> {
    if bytes.len() > MAX_RECORD_BYTES {
        return Err(fault(
            format!("記録が大きすぎます（{} バイト、上限 {MAX_RECORD_BYTES} バイト）", bytes.len()),
            format!("the record has {} bytes, more than {MAX_RECORD_BYTES}", bytes.len()),
        )
        .with_hint(Text::new(
            "一施設分の記録だけを渡してください",
            "give the record of one facility",
        ))
        .into());
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(fault("文字コードが UTF-16 です", "the file is UTF-16")
            .with_hint(utf8_hint())
            .into());
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        fault(
            format!(
                "文字コードが UTF-8 ではありません（{line} 行目、{} バイト目）",
                error.valid_up_to() + 1
            ),
            format!("not UTF-8 (line {line}, byte {})", error.valid_up_to() + 1),
        )
        .with_hint(utf8_hint())
    })?;
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(empty().into());
    }
    Ok(text)
}

fn utf8_hint() -> Text {
    Text::new(
        "メモ帳なら「名前を付けて保存」で文字コードを UTF-8 にしてください",
        "save the file as UTF-8",
    )
}

fn empty() -> Diagnostic {
    fault("記録が空です", "the record is empty").with_hint(Text::new(
        "onshi new で書き方の見本を作れます",
        "make a skeleton with `onshi new`",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Place;

    fn place(line: usize, column: usize, start: usize, end: usize) -> Place {
        Place::Text { line, column, start, end }
    }

    #[test]
    fn every_value_and_key_has_its_place() {
        let text = "\u{feff}facility:\r\n  名称: オン資\r\n  code: 0123\r\n  x: 1.50\r\n";
        let record = read("r.yaml", text.as_bytes()).unwrap();
        let (key, facility) = &record.root.entries()[0];
        assert_eq!(key.place, place(1, 1, 3, 11));
        let (key, name) = &facility.entries()[0];
        assert_eq!((key.text.as_str(), &key.place), ("名称", &place(2, 3, 16, 22)));
        assert_eq!(name.place, place(2, 7, 24, 33));
        assert_eq!(name.value, NodeValue::Scalar("オン資".into()));
        assert_eq!(facility.entries()[1].1.value, NodeValue::Scalar("0123".into()));
        assert_eq!(facility.entries()[2].1.value, NodeValue::Scalar("1.50".into()));
    }

    #[test]
    fn json_is_read_too() {
        let record = read("r.json", br#"{"facility": {"code": 1234567, "kind": null}}"#).unwrap();
        let facility = &record.root.entries()[0].1;
        assert_eq!(facility.entries()[0].1.value, NodeValue::Scalar("1234567".into()));
        assert_eq!(facility.entries()[1].1.value, NodeValue::Null);
    }

    #[test]
    fn duplicate_keys_are_kept_for_the_check() {
        let record = read("r.yaml", b"a: 1\na: 2\n").unwrap();
        assert_eq!(record.root.entries().len(), 2);
    }

    #[test]
    fn hostile_input_is_refused_with_its_place() {
        let bomb = (b'b'..=b'p').fold("a: &a [x, x]\n".to_owned(), |text, c| {
            let (c, p) = (c as char, (c - 1) as char);
            format!("{text}{c}: &{c} [{}]\n", vec![format!("*{p}"); 9].join(","))
        });
        for (bytes, part) in [
            (Vec::new(), "空"),
            (b"# nothing\n".to_vec(), "空"),
            (b"- a\n".to_vec(), "項目名: 値"),
            (b"a:\n\tb: 1\n".to_vec(), "タブ"),
            ("[".repeat(100_000).into_bytes(), "深すぎ"),
            (bomb.into_bytes(), "展開"),
            (b"a: \x83\x65\n".to_vec(), "UTF-8"),
            (b"\xFF\xFEa\0".to_vec(), "UTF-16"),
            (vec![b'x'; MAX_RECORD_BYTES + 1], "大きすぎ"),
            (b"a: 1\n---\nb: 2\n".to_vec(), "二つ目の記録"),
            ("a:\n  種別：医科\n  b: 1\n".into(), "「：」が全角"),
            ("a:\n  種別:医科\n  b: 1\n".into(), "空白がありません"),
            ("a:\n  b: 1\n   c: 2\n".into(), "深すぎ"),
            ("a:\n  種別:　医科\n  b: 1\n".into(), "空白が全角"),
            ("a:\n  b: 1\n  種別:　医科\n".into(), "空白が全角"),
            ("a:\n　　b: 1\n  c: 2\n".into(), "全角の空白"),
            ("a: @example.jp\n".into(), "YAML で特別な意味"),
            (b"a: [1,2\nb: c\n".to_vec(), "「[」が閉じていません"),
            (b"a: 1\nb: \"\\q\"\nc: 2\n".to_vec(), "YAML として読めません"),
            (b"{a: 1}\n---\n{a: 2}\n".to_vec(), "複数の記録"),
        ] {
            let (_, report) = read("r.yaml", &bytes).unwrap_err();
            assert_eq!(report.errors(), 1);
            let message = &report.diagnostics[0].message.ja;
            assert!(message.contains(part), "{message}");
            assert_eq!(report.diagnostics[0].code, "syntax");
        }
    }
}
