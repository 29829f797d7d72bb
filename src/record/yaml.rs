//! YAML and JSON into nodes. serde-saphyr is named here and in the loader of forms only.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::granit_parser::ErrorKind;
use serde_saphyr::{DuplicateKeyPolicy, Error, ExternalMessageSource, Spanned};

use super::{Key, Node, NodeValue, Record};
use crate::report::{Diagnostic, Place, Report, Source, Text};
use crate::yaml::{self, lines, place_of};

/// The largest record accepted, in bytes (1 MiB): a filled record has some 3 kB.
pub const MAX_RECORD_BYTES: usize = 1 << 20;

/// Reads a record in YAML or JSON.
///
/// # Errors
/// A report with one `syntax` error: too large, not UTF-8, empty, not YAML, or not a map.
///
/// ```
/// let record = onshi::record::read("a.yaml", b"facility: {name: \xE3\x81\x82}").unwrap();
/// assert_eq!(record.root.entries()[0].0.text, "facility");
/// let report = onshi::record::read("a.yaml", b"a: [1").unwrap_err();
/// assert_eq!(report.1.diagnostics[0].code, "syntax");
/// ```
pub fn read(name: &str, bytes: &[u8]) -> Result<Record, (Source, Report)> {
    let mut source = Source { name: name.to_owned(), text: String::new() };
    let root = text_of(bytes).and_then(|text| {
        source.text = text.to_owned();
        let root = read_node(text)?;
        match root.value {
            NodeValue::Map(_) => Ok(root),
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
    });
    match root {
        Ok(root) => Ok(Record { source, root }),
        Err(report) => Err((source, report)),
    }
}

/// Reads one YAML or JSON document of any shape.
///
/// # Errors
/// A report with one `syntax` error at its place.
pub fn read_node(text: &str) -> Result<Node, Report> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        budget: serde_saphyr::budget! { max_nodes: 20_000, max_depth: 64 },
    };
    let raw: Spanned<Raw> = serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| Report::from(syntax(text, &error)))?;
    Ok(node(raw, text))
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

fn fault(ja: impl Into<String>, en: impl Into<String>) -> Diagnostic {
    Diagnostic::error("syntax", Text::new(ja, en))
}

/// What the parser stopped at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stop {
    Tab,
    TooDeep,
    TooMuch,
    TwoRecords,
    Other,
}

impl Stop {
    fn of(error: &Error) -> Stop {
        match error.without_snippet() {
            Error::AliasError { error, .. } => Stop::of(error),
            Error::MultipleDocuments { .. } => Stop::TwoRecords,
            Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => Stop::TooDeep,
            Error::Budget { .. }
            | Error::AliasReplayCounterOverflow { .. }
            | Error::AliasReplayLimitExceeded { .. }
            | Error::AliasExpansionLimitExceeded { .. }
            | Error::AliasReplayStackDepthExceeded { .. }
            | Error::UnknownAnchor { .. }
            | Error::RecursiveReferencesRequireWeakTypes { .. } => Stop::TooMuch,
            Error::ExternalMessage { source, .. } => match source.as_ref() {
                ExternalMessageSource::Parser(error) => match error.kind() {
                    ErrorKind::RecursionLimitExceeded => Stop::TooDeep,
                    ErrorKind::TabNotAllowed
                    | ErrorKind::TabInBlockIndentation
                    | ErrorKind::TabInIndentation => Stop::Tab,
                    _ => Stop::Other,
                },
                _ => Stop::Other,
            },
            _ => Stop::Other,
        }
    }

    fn said(self) -> (&'static str, Text) {
        match self {
            Stop::Tab => (
                "字下げにタブが使われています",
                Text::new("タブを半角スペース2つに替えてください", "indent with spaces, not tabs"),
            ),
            Stop::TooDeep => (
                "括弧や字下げが深すぎます",
                Text::new(
                    "記録に必要な深さは4段までです",
                    "a record needs no more than four levels",
                ),
            ),
            Stop::TooMuch => (
                "別名（* と &）の展開または要素が多すぎます",
                Text::new("別名を使わずに書いてください", "do not use aliases"),
            ),
            Stop::TwoRecords => (
                "一つのファイルに複数の記録（---）があります",
                Text::new(
                    "一施設を一つのファイルにしてください",
                    "put each facility into its own file",
                ),
            ),
            Stop::Other => (
                "YAML として読めません",
                Text::new(
                    "この行とその前の行の字下げ、「: 」の後の空白、引用符や括弧の閉じ忘れを確かめてください",
                    "check the indentation, the space after `:`, and unclosed quotes or brackets here and on the line before",
                ),
            ),
        }
    }
}

/// The parser's error in the program's words, at its place.
pub(crate) fn syntax(text: &str, error: &Error) -> Diagnostic {
    let place = error.location().and_then(|l| place_of(&l, text));
    let stop = Stop::of(error);
    // Too much of it is no slip, nor are two records in a file.
    let is_slip = matches!(stop, Stop::Tab | Stop::Other);
    let line = place.as_ref().filter(|_| is_slip).map(|place| place.order().0);
    if let Some(slip) = line.and_then(|line| slip(text, line)) {
        return slip;
    }
    let (ja, hint) = stop.said();
    let en = match stop {
        Stop::TwoRecords => "the file holds more than one record (`---`)".to_owned(),
        _ => format!("cannot be read as YAML: {}", yaml::message(error)),
    };
    fault(ja, en).at(place).with_hint(hint)
}

/// What people type where YAML wants something else, on the line the parser stopped at or just above.
fn slip(text: &str, line: usize) -> Option<Diagnostic> {
    let mut start = 0;
    let lines = lines(text).enumerate().map(|(i, content)| {
        start += content.len();
        (i + 1, start - content.len(), content.trim_end())
    });
    let near: Vec<_> = lines.filter(|(n, ..)| *n <= line && n + 2 >= line).collect();
    let slip = near.iter().rev().find_map(|(line, start, content)| {
        let (found, ja, en, hint) = find_slip(content)?;
        let column = content[..found.start].chars().count() + 1;
        let place =
            Place::Text { line: *line, column, start: start + found.start, end: start + found.end };
        Some(fault(ja, en).at(Some(place)).with_hint(hint))
    });
    let [.., (_, _, before), (line, start, content)] = near[..] else { return slip };
    slip.or_else(|| {
        let indent = deeper(before, content)?;
        let (start, end) = (start + indent, start + content.len());
        let hint = Text::new(
            "前の行と同じ位置から書いてください（ひな形の行は「# 」を空白ごと消します）",
            "begin it at the column of the line before (in a skeleton, delete `# ` with its space)",
        );
        let fault = fault("字下げが前の行より深すぎます", "indented more than the line before");
        let place = Place::Text { line, column: indent + 1, start, end };
        Some(fault.at(Some(place)).with_hint(hint))
    })
}

/// The indentation of a key that stands deeper than the key before it, which has a value already.
fn deeper(before: &str, content: &str) -> Option<usize> {
    fn pair(line: &str) -> Option<(usize, &str)> {
        let body = line.trim_start_matches(' ');
        let (key, value) = body.split_once(':')?;
        let is_plain =
            !key.is_empty() && !key.contains(['#', '"', '\'', '{', '[', '-', '\u{3000}']);
        is_plain.then(|| (line.len() - body.len(), value.trim()))
    }
    let ((above, given), (indent, _)) = (pair(before)?, pair(content)?);
    let is_value = !given.is_empty() && !given.starts_with(['#', '|', '>']);
    (is_value && indent > above).then_some(indent)
}

fn find_slip(content: &str) -> Option<(std::ops::Range<usize>, &'static str, &'static str, Text)> {
    let body = content.trim_start();
    let indent = content.len() - body.len();
    if body.starts_with('#') || body.is_empty() {
        return None;
    }
    let first = |c: char| content[..indent].find(c).map(|i| i..i + c.len_utf8());
    if let Some(found) = first('\u{3000}') {
        let hint = Text::new("半角スペースで字下げしてください", "indent with half-width spaces");
        return Some((
            found,
            "字下げに全角の空白があります",
            "full-width space as indentation",
            hint,
        ));
    }
    if let Some(found) = first('\t') {
        let hint =
            Text::new("タブを半角スペース2つに替えてください", "indent with spaces, not tabs");
        return Some((found, "字下げにタブが使われています", "tab as indentation", hint));
    }
    let key_end = body.find([':', '：', '"', '\'', '{', '['])?;
    let found = indent + key_end;
    let rest = &content[found..];
    if rest.starts_with('：') {
        let hint = Text::new(
            "半角の「: 」（後に空白）にしてください",
            "write `: `, with a space after it",
        );
        return Some((
            found..found + '：'.len_utf8(),
            "「：」が全角です",
            "full-width colon",
            hint,
        ));
    }
    if rest.starts_with(":\u{3000}") {
        let space = found + 1..found + 1 + '\u{3000}'.len_utf8();
        let hint = Text::new("半角の空白にしてください", "type a half-width space");
        return Some((
            space,
            "「:」の後の空白が全角です",
            "full-width space after the colon",
            hint,
        ));
    }
    if rest.starts_with(':') && rest[1..].starts_with(|c: char| !c.is_whitespace()) {
        let hint =
            Text::new("「:」の後に半角の空白を入れてください", "put a space after the colon");
        return Some((
            found..found + 1,
            "「:」の後に空白がありません",
            "no space after the colon",
            hint,
        ));
    }
    let value = rest.strip_prefix(':')?.trim_start();
    let begins = content.len() - value.len();
    let mark = value.chars().next().filter(|c| matches!(c, '*' | '&' | '@' | '`' | '%' | '!'))?;
    let hint = Text::new(
        format!("値を引用符で囲んでください: \"{value}\""),
        format!("quote the value: \"{value}\""),
    );
    let end = begins + mark.len_utf8();
    Some((
        begins..end,
        "値が、YAML で特別な意味を持つ記号で始まっています",
        "the value begins with a character that has a special meaning in YAML",
        hint,
    ))
}

fn node(raw: Spanned<Raw>, text: &str) -> Node {
    let location = raw.referenced;
    let place =
        place_of(&location, text).unwrap_or(Place::Text { line: 1, column: 1, start: 0, end: 0 });
    let value = match raw.value {
        Raw::Null => NodeValue::Null,
        Raw::Text(text) => NodeValue::Scalar(text),
        Raw::Inferred(shown) => {
            // A number or a boolean: the source keeps what the type lost, such as `1.50`.
            let written = match &raw.defined {
                l if l.span().byte_offset().is_some() => match place_of(l, text) {
                    Some(Place::Text { start, end, .. }) => text.get(start..end).map(str::trim_end),
                    _ => None,
                },
                _ => None,
            };
            NodeValue::Scalar(written.filter(|w| !w.is_empty()).map_or(shown, str::to_owned))
        }
        Raw::List(items) => {
            NodeValue::List(items.into_iter().map(|item| node(item, text)).collect())
        }
        Raw::Map(entries) => NodeValue::Map(
            entries
                .into_iter()
                .map(|(key, value)| (self::key(key, text), node(value, text)))
                .collect(),
        ),
    };
    Node { place, value }
}

fn key(key: Spanned<String>, text: &str) -> Key {
    let place = match place_of(&key.referenced, text) {
        // The parser's span of a key has no length.
        Some(Place::Text { line, column, start, end }) if start == end => Place::Text {
            line,
            column,
            start,
            end: if text.get(start..).is_some_and(|rest| rest.starts_with(key.value.as_str())) {
                start + key.value.len()
            } else {
                end
            },
        },
        Some(place) => place,
        None => Place::Text { line: 1, column: 1, start: 0, end: 0 },
    };
    Key { text: key.value, place }
}

/// A value as the parser infers it.
enum Raw {
    Null,
    Text(String),
    Inferred(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, a list or a map")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Inferred(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            (b"a: 1\n---\nb: 2\n".to_vec(), "複数"),
            ("a:\n  種別：医科\n  b: 1\n".into(), "「：」が全角"),
            ("a:\n  種別:医科\n  b: 1\n".into(), "空白がありません"),
            ("a:\n  b: 1\n   c: 2\n".into(), "深すぎ"),
            ("a:\n  種別:　医科\n  b: 1\n".into(), "空白が全角"),
            ("a:\n  b: 1\n  種別:　医科\n".into(), "空白が全角"),
            ("a:\n　　b: 1\n  c: 2\n".into(), "全角の空白"),
            ("a: @example.jp\n".into(), "YAML で特別な意味"),
            (b"a: [1,2\nb: c\n".to_vec(), "YAML として読めません"),
            (b"a: 1\n---\na: 2\n".to_vec(), "複数の記録"),
        ] {
            let (_, report) = read("r.yaml", &bytes).unwrap_err();
            assert_eq!(report.errors(), 1);
            let message = &report.diagnostics[0].message.ja;
            assert!(message.contains(part), "{message}");
            assert_eq!(report.diagnostics[0].code, "syntax");
        }
    }
}
