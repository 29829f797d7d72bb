//! What the user wrote against the dictionary: which keys exist, and whether a value is of its kind.

use super::slips::slip;
use super::{Data, Naming, Sections, Value, Values};
use crate::expr::Expression;
use crate::form::kinds::Read;
use crate::form::{
    CodePoint, Dictionary, Field, Forms, Gaiji, Kind, LONGEST_LIST, Meaning, Replaced,
};
use crate::key::overlap;
use crate::record::{Key, Node, NodeValue, Record};
use crate::report::{Diagnostic, Place, Report, Severity, Text};

/// The code of the warning that a value was read as what it seems to mean, and may mean something else.
pub(crate) const SUPPOSED: &str = "supposed";

/// Reads the values of a record: unknown, doubled and faulty keys are reported, the rest is typed,
/// and what the dictionary derives is added.
pub fn values(record: &Record, forms: &Forms) -> (Values, Report) {
    let (mut values, report) = written_values(record, forms, None);
    derive(&mut values, forms, |_| true);
    (values, report)
}

/// The values of a record as they are written: nothing is derived. `naming` is how hints call its fields; as
/// the record does when absent.
pub(crate) fn written_values(
    record: &Record,
    forms: &Forms,
    naming: Option<Naming>,
) -> (Values, Report) {
    let mut reader = Reader::new(forms, &record.source.text);
    reader.gaiji = forms.gaiji();
    reader.naming = naming.unwrap_or_else(|| match record.root.place {
        Place::Cell { .. } => Naming::Cells,
        Place::Text { .. } => naming_of(&record.root, forms.dictionary()),
    });
    reader.values.set_naming(reader.naming);
    reader.section("", "", &record.root);
    reader.commented();
    (reader.values, reader.report)
}

/// How most keys of a tree call their fields.
fn naming_of(root: &Node, dictionary: &Dictionary) -> Naming {
    fn count(node: &Node, parent: &str, dictionary: &Dictionary) -> (usize, usize) {
        let mut sum = (0, 0);
        let mut add = |(keys, labels)| sum = (sum.0 + keys, sum.1 + labels);
        match &node.value {
            NodeValue::List(items) => {
                items.iter().for_each(|item| add(count(item, parent, dictionary)));
            }
            _ => {
                for (key, value) in node.entries() {
                    let Some(field) = dictionary.child(parent, &key.text) else { continue };
                    add(if field.name() == key.text { (1, 0) } else { (0, 1) });
                    add(count(value, &field.key, dictionary));
                }
            }
        }
        sum
    }
    let (keys, labels) = count(root, "", dictionary);
    if labels > keys { Naming::Labels } else { Naming::Keys }
}

/// Reads values that are printed as written and not checked: those of a form's 記載例.
pub(crate) fn example_values(record: &serde_json::Value, forms: &Forms) -> Values {
    fn node(value: &serde_json::Value) -> Node {
        let value = match value {
            serde_json::Value::Null => NodeValue::Null,
            serde_json::Value::Array(items) => NodeValue::List(items.iter().map(node).collect()),
            serde_json::Value::Object(map) => NodeValue::Map(
                map.iter()
                    .map(|(k, v)| (Key { text: k.clone(), place: nowhere() }, node(v)))
                    .collect(),
            ),
            serde_json::Value::String(text) => NodeValue::Scalar(text.clone()),
            other => NodeValue::Scalar(other.to_string()),
        };
        Node { place: nowhere(), value }
    }
    fn nowhere() -> Place {
        Place::Text { line: 0, column: 0, start: 0, end: 0 }
    }
    let mut reader = Reader { is_example: true, ..Reader::new(forms, "") };
    reader.section("", "", &node(record));
    let mut values = reader.values;
    // What the 記載例 leaves blank stays blank, but for what no record can hold.
    derive(&mut values, forms, |field| field.computed);
    values
}

/// The same values with one value of a choice in place of several, and what follows from it.
pub(crate) fn with_choice(values: &Values, key: &str, choice: &str, forms: &Forms) -> Values {
    let mut values = values.with_choice(key, choice);
    derive(&mut values, forms, |_| true);
    values
}

/// Adds what the dictionary derives, each typed like a written value, so that a derived date is a date.
pub(crate) fn derive(values: &mut Values, forms: &Forms, wanted: impl Fn(&Field) -> bool) {
    let derived: Vec<(&Field, &Expression)> = forms
        .dictionary()
        .fields()
        .iter()
        .filter(|field| wanted(field))
        .filter_map(|field| Some((field, field.derive.as_ref()?)))
        .collect();
    let mut rest = &derived[..];
    while !rest.is_empty() {
        let found = derived_together(rest, values, forms);
        rest = &rest[found.len()..];
        for (field, value) in found {
            if let Some(value) = value {
                values.insert(&field.key, value);
            }
        }
    }
}

/// The values of the first few of these fields, up to one that reads a field derived here: until then all expressions
/// see the same values, which are prepared once.
fn derived_together<'f>(
    fields: &[(&'f Field, &Expression)],
    values: &Values,
    forms: &Forms,
) -> Vec<(&'f Field, Option<Value>)> {
    let sections = Sections::new(values, forms);
    let scope = sections.scope();
    let mut found: Vec<(&Field, Option<Value>)> = Vec::new();
    for (field, expression) in fields {
        let is_new = |key: &String| found.iter().any(|(new, _)| overlap(key, &new.key));
        if expression.keys().iter().any(is_new) {
            break;
        }
        // A computed value is computed anew: what it follows from may have changed.
        let given = !field.computed && values.get(&field.key).is_some();
        let text = match given || values.is_invalid(&field.key) {
            true => None,
            false => scope.text(expression).filter(|text| !text.is_empty()),
        };
        found.push((field, text.map(|text| typed(field, text))));
    }
    found
}

/// A derived text as a value of its field's kind.
fn typed(field: &Field, text: String) -> Value {
    match field.read(&text) {
        Ok(Read { text, data, .. }) => Value { text, data, place: None },
        Err(_) => Value { text, data: Data::Text, place: None },
    }
}

/// A record while its values are read.
pub(super) struct Reader<'a> {
    pub(super) forms: &'a Forms,
    pub(super) dictionary: &'a Dictionary,
    gaiji: Option<&'a Gaiji>,
    /// The text the places are in; empty for cells and examples.
    pub(super) source: &'a str,
    /// How the record calls its fields.
    pub(super) naming: Naming,
    /// Whether a value is kept as it is written when its kind refuses it: XXX-XXX-XXXX is what a
    /// 記載例 shows.
    is_example: bool,
    pub(super) values: Values,
    pub(super) report: Report,
}

impl<'a> Reader<'a> {
    fn new(forms: &'a Forms, source: &'a str) -> Self {
        Reader {
            forms,
            dictionary: forms.dictionary(),
            gaiji: None,
            source,
            naming: Naming::Keys,
            is_example: false,
            values: Values::default(),
            report: Report::default(),
        }
    }

    /// `parent` is the section's key, `path` the same with list indices.
    fn section(&mut self, parent: &str, path: &str, node: &Node) {
        let mut seen: Vec<(&Field, &Key)> = Vec::new();
        for (key, value) in node.entries() {
            let Some(field) = self.forms.child(parent, &key.text) else {
                self.unknown(parent, path, key);
                continue;
            };
            let dot = if path.is_empty() { "" } else { "." };
            let full = format!("{path}{dot}{}", field.name());
            if let Some((_, first)) = seen.iter().find(|(known, _)| std::ptr::eq(*known, field)) {
                let (line, _) = first.place.order();
                self.report.push(
                    Diagnostic::error(
                        "duplicate-field",
                        Text::new(
                            format!("{} が二度書かれています（一度目は {line} 行目）", key.text),
                            format!("{} is written twice (first on line {line})", key.text),
                        ),
                    )
                    .with_field(&full)
                    .with_hint(Text::new("どちらか一方を消してください", "remove one of them"))
                    .at(Some(key.place.clone())),
                );
                continue;
            }
            seen.push((field, key));
            self.values.insert_place(&full, key.place.clone());
            self.entry(field, &full, value, key);
        }
    }

    fn entry(&mut self, field: &Field, path: &str, node: &Node, key: &Key) {
        if field.computed && !self.is_example {
            let diagnostic = Diagnostic::error(
                "unknown-field",
                Text::new(
                    format!("{} は書きません", field.label.ja),
                    format!("{} is not written", field.label.en),
                ),
            );
            self.report.push(
                diagnostic
                    .with_field(path)
                    .with_hint(field.help.clone())
                    .at(Some(key.place.clone())),
            );
            return;
        }
        if let Some(deep) = self.too_deep(field, node) {
            let deep = deep.clone();
            self.deep(&deep, key, path);
            // They are its neighbours.
            let outer = path.rsplit_once('.').map_or("", |(outer, _)| outer);
            return self.section(field.parent(), outer, node);
        }
        match (field.kind, &node.value) {
            (_, NodeValue::Null) if !field.kind.is_group() => self.remarked(field, path, key),
            (_, NodeValue::Null) => {}
            (Kind::Section, NodeValue::Map(_)) => self.section(&field.key, path, node),
            (Kind::List, NodeValue::List(items)) if items.len() > LONGEST_LIST => {
                let (label, length) = (&field.label, items.len());
                let message = Text::new(
                    format!("{}が多すぎます（{length} 件、上限 {LONGEST_LIST} 件）", label.ja),
                    format!("{} has {length} items, more than {LONGEST_LIST}", label.en),
                );
                self.fault("kind", path, node, message, field.help.clone());
            }
            (Kind::List, NodeValue::List(items)) => {
                self.values.insert_list(path, items.len());
                for (i, item) in items.iter().enumerate() {
                    let item_path = format!("{path}[{i}]");
                    self.values.insert_place(&item_path, item.place.clone());
                    match item.value {
                        NodeValue::Map(_) => self.section(&field.key, &item_path, item),
                        _ => self.shape(field, &item_path, item, "「項目名: 値」", "a map"),
                    }
                }
            }
            (Kind::Section, _) => self.shape(field, path, node, "「項目名: 値」", "a map"),
            (Kind::List, _) => self.shape(field, path, node, "「- 」で始まる一覧", "a list"),
            (Kind::Choice, NodeValue::Scalar(text)) if !field.parts(text).is_empty() => {
                let part = |part: &str| Node {
                    place: node.place.clone(),
                    value: NodeValue::Scalar(part.to_owned()),
                };
                let items: Vec<Node> = field.parts(text).into_iter().map(part).collect();
                self.choices(field, path, node, &items);
            }
            (_, NodeValue::Scalar(text)) => {
                if !text.trim().is_empty()
                    && let Some(value) = self.scalar(field, path, text, node)
                {
                    self.values.insert(path, value);
                }
            }
            (Kind::Choice, NodeValue::List(items)) if field.many => {
                self.choices(field, path, node, items);
            }
            (_, NodeValue::List(_) | NodeValue::Map(_)) => {
                self.shape(field, path, node, "一つの値", "a single value");
            }
        }
    }

    fn choices(&mut self, field: &Field, path: &str, node: &Node, items: &[Node]) {
        let mut all: Vec<String> = Vec::new();
        for item in items {
            let NodeValue::Scalar(text) = &item.value else {
                self.shape(field, path, item, "一つの値", "a single value");
                continue;
            };
            let Some(value) = self.scalar(field, path, text, item) else { continue };
            if all.contains(&value.text) {
                let message = Text::new(
                    format!("{}「{}」が二度書かれています", field.label.ja, value.text),
                    format!("{} is named twice in {}", value.text, field.label.en),
                );
                let hint = Text::new("一つにしてください", "name it once");
                self.fault("choice", path, item, message, hint);
                continue;
            }
            all.push(value.text);
        }
        if items.is_empty() || self.values.is_invalid(path) {
            return;
        }
        let data = if all.len() == 1 { Data::Text } else { Data::Choices(all.clone()) };
        let value = Value { text: all.join("・"), data, place: Some(node.place.clone()) };
        self.values.insert(path, value);
    }

    /// The typed value, or a fault.
    fn scalar(&mut self, field: &Field, path: &str, text: &str, node: &Node) -> Option<Value> {
        let replaced = self.gaiji.and_then(|gaiji| gaiji.read(text));
        let text = match &replaced {
            Some(Replaced { text, found }) => {
                for (index, c, meaning) in found {
                    let said = said_of_gaiji(field, (*index, *c), meaning);
                    self.report.push(said.with_field(path).at(Some(node.place.clone())));
                }
                text
            }
            None => text,
        };
        match field.read(text) {
            Ok(Read { text, data, .. }) if self.is_example => {
                Some(Value { text, data, place: None })
            }
            Err(_) if self.is_example => {
                Some(Value { text: text.to_owned(), data: Data::Text, place: None })
            }
            Ok(Read { text: shown, data, normalised }) => {
                if normalised {
                    self.report.push(
                        Diagnostic::warning(
                            // What a day without an era is taken for is a guess.
                            match data {
                                Data::Date(_) | Data::YearMonth(_) => SUPPOSED,
                                _ => "normalised",
                            },
                            Text::new(
                                format!(
                                    "{}「{text}」を「{shown}」と読み替えました",
                                    field.label.ja
                                ),
                                format!("{} `{text}` was read as `{shown}`", field.label.en),
                            ),
                        )
                        .with_field(path)
                        .with_hint(Text::new(
                            format!("{shown} と書けばこの警告は出ません"),
                            format!("write {shown}"),
                        ))
                        .with_suggestion(&shown)
                        .at(Some(node.place.clone())),
                    );
                }
                if let Some(slip) = slip(field, &shown, &node.place, self.source) {
                    let is_error = slip.severity == Severity::Error;
                    self.report.push(slip.with_field(path));
                    if is_error {
                        self.values.insert_invalid(path);
                        return None;
                    }
                }
                if let Some(doubt) = self.dictionary.doubt(field, &shown) {
                    self.report.push(doubt.with_field(path).at(Some(node.place.clone())));
                }
                Some(Value { text: shown, data, place: Some(node.place.clone()) })
            }
            Err(refused) => {
                self.values.insert_invalid(path);
                let finding = refused.diagnostic().with_field(path);
                self.report.push(finding.at(Some(node.place.clone())));
                None
            }
        }
    }

    fn fault(&mut self, code: &str, path: &str, node: &Node, message: Text, hint: Text) {
        self.values.insert_invalid(path);
        self.report.push(
            Diagnostic::error(code, message)
                .with_field(path)
                .with_hint(hint)
                .at(Some(node.place.clone())),
        );
    }

    fn shape(&mut self, field: &Field, path: &str, node: &Node, ja: &str, en: &str) {
        let found = match node.value {
            NodeValue::List(_) => ("一覧", "a list"),
            NodeValue::Map(_) => ("項目のまとまり", "a map"),
            NodeValue::Scalar(_) => ("一つの値", "a single value"),
            NodeValue::Null => ("空欄", "nothing"),
        };
        let message = Text::new(
            format!("「{}」の下に{ja}を書きます（今は{}）", field.label.ja, found.0),
            format!("{} takes {en}, not {}", field.label.en, found.1),
        );
        let hint = match (field.kind, &node.value) {
            (Kind::Section | Kind::List, NodeValue::Scalar(text)) if text.contains([':', '：']) => {
                Text::new("「:」の後に空白がありますか", "is there a space after the colon?")
            }
            _ => field.help.clone(),
        };
        self.fault("kind", path, node, message, hint);
    }
}

/// What a private-use character was read as, by the user's own table.
fn said_of_gaiji(field: &Field, (index, c): (usize, char), meaning: &Meaning) -> Diagnostic {
    let (label, code, nth) = (&field.label, CodePoint(c), index + 1);
    let Meaning { character, source } = meaning;
    let message = Text::new(
        format!(
            "{}: {nth} 文字目の外字 {code} を「{character}」と読みました（出典: {source}）",
            label.ja
        ),
        format!("{}: character {nth}, {code}, is read as {character} (source: {source})", label.en),
    );
    Diagnostic::warning("gaiji", message).with_hint(Text::new(
        "ほかの字なら、gaiji.yaml を直してください",
        "if it is another character, correct gaiji.yaml",
    ))
}

#[cfg(test)]
mod tests {
    use crate::form::{Forms, Gaiji};
    use crate::{record, values};

    #[test]
    fn private_use_characters_are_read_by_the_users_table_and_said() {
        let table = "U+E000: {character: 髙, source: 架空の厚生局に確認（2027-01-08）}";
        let forms = Forms::built_in().clone().with_gaiji(Gaiji::from_yaml(table).unwrap());
        let text = "facility: {name: \u{E000}橋\u{E001}医院, address: 東京都港区\u{E000}町}";
        let record = record::read("r.yaml", text.as_bytes()).unwrap();
        let (values, report) = values::values(&record, &forms);
        assert_eq!(values.get("facility.name").unwrap().text, "髙橋\u{E001}医院");
        assert_eq!(values.get("facility.address").unwrap().text, "東京都港区髙町");
        let said: Vec<&str> = report.diagnostics.iter().map(|d| d.message.ja.as_str()).collect();
        assert_eq!(
            said,
            [
                "名称: 1 文字目の外字 U+E000 を「髙」と読みました（出典: 架空の厚生局に確認（2027-01-08））",
                "所在地: 6 文字目の外字 U+E000 を「髙」と読みました（出典: 架空の厚生局に確認（2027-01-08））",
            ]
        );
    }

    #[test]
    fn a_value_has_at_most_a_thousand_characters() {
        let errors = |length: usize| {
            let record = format!("facility: {{name: {}}}", "医".repeat(length));
            let record = record::read("r.yaml", record.as_bytes()).unwrap();
            values::values(&record, Forms::built_in()).1.errors()
        };
        assert_eq!((errors(1_000), errors(1_001)), (0, 1));
    }

    #[test]
    fn a_field_is_derived_only_when_nothing_is_written() {
        let bureau = |rest: &str| {
            let text = format!("facility: {{address: 東京都千代田区霞が関1-2-2}}\n{rest}");
            let record = record::read("record.yaml", text.as_bytes()).unwrap();
            let (values, _) = values::values(&record, Forms::built_in());
            values.get("bureau").map(|bureau| bureau.text.clone())
        };
        assert_eq!(bureau("").as_deref(), Some("関東信越厚生局"));
        assert_eq!(bureau("bureau: 四国厚生支局").as_deref(), Some("四国厚生支局"));
        // A faulty value is said; none stands in its place.
        assert_eq!(bureau("bureau: 関東厚生局"), None);
    }

    #[test]
    fn a_derived_field_reads_others_that_are_derived() {
        let text =
            "facility: {address: 東京都千代田区霞が関1-2-2}\ndesignation: {date: 2027-04-01}";
        let record = record::read("record.yaml", text.as_bytes()).unwrap();
        let (values, _) = values::values(&record, Forms::built_in());
        // The rule is that of the bureau, which is derived from the address.
        assert!(values.get("bureau").is_some() && values.get("schedule.bureau_rule").is_some());
    }
}
