//! Every field a record can have, once.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use schemars::JsonSchema;
use serde::Deserialize;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

use super::samples::Samples;
use super::{Choice, Kind};
use crate::expr::Expression;
use crate::key::plain_key;
use crate::report::{Diagnostic, Report, Text};
use crate::yaml::Spanned;

/// A field of a record.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Dotted key, without list indices.
    pub key: String,
    /// What people call it; the Japanese one is accepted as a key.
    pub label: Text,
    /// What its value is.
    pub kind: Kind,
    /// Other headings that lists have for it, such as 医療機関名. Of a section: what else lists call it, before
    /// the labels of its fields. Width, case and spaces don't matter.
    #[serde(default)]
    pub also: Vec<String>,
    /// What lists have of its value in columns of their own, such as 都道府県 of an address, in the order in
    /// which they are joined.
    #[serde(default)]
    pub pieces: Vec<Piece>,
    /// What to write.
    pub help: Text,
    /// A value that is accepted.
    #[serde(default)]
    pub example: String,
    /// Whether records may have the example as it is, such as the name of a maker. Of any other example of
    /// a text, a number or a code a record is warned: it was left standing.
    #[serde(default)]
    pub real_example: bool,
    /// The values of a choice.
    #[serde(default)]
    pub choices: Vec<Choice>,
    /// The allowed numbers of digits.
    #[serde(default)]
    pub length: Vec<usize>,
    /// The smallest integer.
    #[serde(default)]
    pub min: Option<i64>,
    /// The largest integer.
    #[serde(default)]
    pub max: Option<i64>,
    /// Whether several different values are accepted as well, as a list or joined by ・.
    #[serde(default)]
    pub many: bool,
    /// Several values that drop-downs offer as one, such as 医科・歯科.
    #[serde(default)]
    pub offer: Vec<String>,
    /// The value when the record has none.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub derive: Option<Expression>,
    /// Whether the value is always derived.
    #[serde(default)]
    pub computed: bool,
    /// Whether its value names the record: it is behind a form's title in the title of its PDF.
    #[serde(default)]
    pub names: bool,
    /// Who fills it in, and the fields below it, where that is not the applicant, such as 厚生局. A record
    /// that has a value for it is warned of; a workbook shows its cells in another colour.
    #[serde(default)]
    pub filled_by: Option<Text>,
    /// When a record needs the field although the form prints it as optional, or does not print it.
    #[serde(default)]
    pub needed: Option<Needed>,
}

/// A piece of a value that lists have in a column of its own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// What it is, and a heading for it.
    pub label: Text,
    /// Other headings for it.
    #[serde(default)]
    pub also: Vec<String>,
    /// What is printed between it and what comes before it.
    #[serde(default)]
    pub before: String,
    /// Whether the value is not whole without it.
    #[serde(default)]
    pub needed: bool,
    /// Whether a column of the field itself stands for it and for the pieces before it.
    #[serde(default)]
    pub main: bool,
    /// Whether several columns may have it, such as 市 and 区.
    #[serde(default)]
    pub many: bool,
}

/// When a record needs a field. The rule, its message and its hint follow.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Needed {
    /// The rule's id; the last parts of the field's key joined by hyphens when absent.
    #[serde(default)]
    pub id: Option<String>,
    /// The field is needed when this CEL is true, in which `item` is the list's item; always when
    /// absent.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub when: Option<Expression>,
    /// What holds when the condition is false.
    #[serde(default)]
    pub otherwise: Otherwise,
    /// The source of the rule.
    pub cite: String,
}

/// What holds of a field that is not needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Otherwise {
    /// A value is warned of, and not printed: nothing asks for it.
    #[default]
    Unused,
    /// Its absence is warned of: it is to be filled in later.
    Open,
    /// It may be there or not.
    Allowed,
}

impl Field {
    /// The last part of the key.
    pub fn name(&self) -> &str {
        self.key.rsplit('.').next().unwrap_or(&self.key)
    }

    /// What it is, and an example.
    pub(crate) fn description(&self) -> Text {
        let Text { ja, en } = &self.help;
        match self.example.as_str() {
            "" => self.help.clone(),
            example => {
                Text::new(format!("{ja}。例: {example}"), format!("{en}. Example: {example}"))
            }
        }
    }

    /// The condition without which a value of it is not used.
    pub(crate) fn only_when(&self) -> Option<&Expression> {
        let needed = self.needed.as_ref()?;
        needed.when.as_ref().filter(|_| needed.otherwise == Otherwise::Unused)
    }

    /// How many boxes hold its digits.
    pub(crate) fn boxes(&self) -> usize {
        self.length.iter().copied().max().unwrap_or(1)
    }

    /// The ids of what is found of a field that is needed.
    pub(super) fn needed_codes(&self) -> Vec<String> {
        let Some((needed, id)) = self.needed.as_ref().zip(self.rule_id()) else {
            return Vec::new();
        };
        match (&needed.when, needed.otherwise) {
            (Some(_), Otherwise::Unused) => vec![format!("{id}-unused"), id],
            (Some(_), Otherwise::Open) => vec![format!("{id}-open"), id],
            (None, _) | (_, Otherwise::Allowed) => vec![id],
        }
    }

    /// The id of the rule that makes it needed.
    pub(crate) fn rule_id(&self) -> Option<String> {
        let needed = self.needed.as_ref()?;
        let inner = self.key.split_once('.').map_or(self.key.as_str(), |(_, inner)| inner);
        Some(needed.id.clone().unwrap_or_else(|| inner.replace(['.', '_'], "-")))
    }

    /// The key of the section it stands in, empty at the top.
    pub fn parent(&self) -> &str {
        self.key.rsplit_once('.').map_or("", |(parent, _)| parent)
    }
}

/// Text with width, case, spaces and dashes made equal: for comparing, never for printing.
///
/// ```
/// assert_eq!(onshi::form::fold("ＩＰ－ＶＰＮ "), onshi::form::fold("ip-vpn"));
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut add = |c: char| match c {
        c if c.is_whitespace() => {}
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => folded.push('-'),
        // Behind a Latin letter a long vowel is a hyphen from a Japanese keyboard.
        'ー' if folded.ends_with(|last: char| last.is_ascii_alphanumeric()) => folded.push('-'),
        // Kana and kanji have no case.
        '\u{2E80}'..='\u{A63F}' => folded.push(c),
        c => folded.extend(c.to_lowercase()),
    };
    // Most texts are composed already, which is sooner seen than done.
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text.chars().for_each(&mut add),
        IsNormalized::No | IsNormalized::Maybe => text.nfkc().for_each(&mut add),
    }
    folded
}

/// Whether a character is a number of those that forms print before their blanks.
pub(crate) fn is_number(c: char) -> bool {
    ('①'..='⑳').contains(&c)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SharedFile {
    #[serde(default)]
    pub fields: Vec<Spanned<Field>>,
    /// Headings of lists for which no form has a field, such as FAX番号.
    #[serde(default)]
    pub ignored: Vec<String>,
}

/// What rules call otherwise.
const RESERVED: [&str; 3] = ["item", "today", "copies"];

/// Every field, in the order of the skeleton.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    fields: Vec<Field>,
    by_key: HashMap<String, usize, RandomState>,
    /// What stands in each section or list, and under an empty key at the top.
    by_parent: HashMap<String, Vec<usize>, RandomState>,
    /// The invented values of definitions, as they are compared.
    samples: Samples,
    /// Headings of lists for which no form has a field.
    ignored: Vec<String>,
}

impl Dictionary {
    /// What a `shared.yaml` has.
    pub(super) fn shared_of_yaml(text: &str) -> Result<SharedFile, Box<Diagnostic>> {
        crate::yaml::parse(text)
    }

    /// Adds headings for which no form has a field.
    pub(super) fn ignore(&mut self, headings: &[String]) {
        self.ignored.extend_from_slice(headings);
    }

    /// Headings of lists for which no form has a field, such as FAX番号.
    pub(crate) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Adds fields that were read from this text; a fault for each that cannot be added.
    pub(super) fn extend(&mut self, fields: &[Spanned<Field>], source: &str) -> Report {
        let mut report = Report::default();
        for field in fields {
            if let Err(message) = self.add(&field.value) {
                let fault = Diagnostic::error("definition", message);
                report.push(fault.at(crate::yaml::place(field, source)));
            }
        }
        report
    }

    /// Adds a field.
    ///
    /// # Errors
    /// What is not sound: its key, its section, its label, what its kind needs.
    pub(super) fn add(&mut self, field: &Field) -> Result<(), Text> {
        let key = &field.key;
        let sound = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        if !key.split('.').all(sound) || RESERVED.contains(&key.as_str()) {
            return Err(Text::new(
                format!(
                    "項目 {key} は英小文字・数字・_ の名前を「.」でつないで書きます（{} は使えません）",
                    RESERVED.join("、")
                ),
                format!(
                    "the key {key} must be names of lower-case letters, digits and _ joined by dots, other than {}",
                    RESERVED.join(", ")
                ),
            ));
        }
        if self.by_key.contains_key(key) {
            return Err(Text::new(
                format!("項目 {key} が二度定義されています"),
                format!("the field {key} is defined twice"),
            ));
        }
        let in_group = self.get(field.parent()).is_some_and(|parent| parent.kind.is_group());
        if !field.parent().is_empty() && !in_group {
            return Err(Text::new(
                format!("項目 {key} の親 {} がありません", field.parent()),
                format!("the field {key} has no section {}", field.parent()),
            ));
        }
        let is_list = |key: &str| self.get(key).is_some_and(|f| f.kind == Kind::List);
        if field.kind == Kind::List && key.match_indices('.').any(|(i, _)| is_list(&key[..i])) {
            return Err(Text::new(
                format!("項目 {key}: 一覧の中に一覧は置けません"),
                format!("the field {key} is a list inside a list"),
            ));
        }
        if let Some(twin) = self.children(field.parent()).find(|f| f.label.ja == field.label.ja) {
            return Err(Text::new(
                format!("項目 {key} と {} の名前がどちらも {} です", twin.key, field.label.ja),
                format!("the fields {key} and {} share the label {}", twin.key, field.label.ja),
            ));
        }
        if !field.kind.ways().is_complete(field) {
            return Err(Text::new(
                format!("項目 {key} の choices、offer または length が足りません"),
                format!(
                    "the field {key} lacks choices, offers something that is not a choice, or lacks its length"
                ),
            ));
        }
        self.by_key.insert(field.key.clone(), self.fields.len());
        self.by_parent.entry(field.parent().to_owned()).or_default().push(self.fields.len());
        self.fields.push(field.clone());
        self.add_sample(field, &field.example);
        Ok(())
    }

    /// Adds an invented value of a field: an example that no record has.
    pub(super) fn add_sample(&mut self, field: &Field, text: &str) {
        if !field.real_example && !field.computed {
            let folded = fold(text);
            if let Some(sample) = field.kind.ways().comparable(text, &folded) {
                self.samples.add(&sample);
            }
        }
    }

    /// The invented values of the definitions, as they are compared.
    pub(super) fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Every field in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of a dotted key; list indices and selectors in it are passed over.
    pub fn get(&self, key: &str) -> Option<&Field> {
        match self.by_key.get(key) {
            Some(i) => Some(&self.fields[*i]),
            None if key.contains('[') => self.by_key.get(&plain_key(key)).map(|i| &self.fields[*i]),
            None => None,
        }
    }

    /// The field whose value names a record, such as that of a facility.
    pub(crate) fn naming(&self) -> Option<&Field> {
        self.fields.iter().find(|field| field.names)
    }

    /// The fields of a section or list; the top's for an empty key.
    pub fn children(&self, key: &str) -> impl Iterator<Item = &Field> + use<'_> {
        let places = self.by_parent.get(key).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.fields[*place])
    }

    /// The fields that take a value, section by section.
    pub(crate) fn leaves(&self) -> Vec<&Field> {
        self.leaves_below("")
    }

    fn leaves_below(&self, key: &str) -> Vec<&Field> {
        let below = self.children(key).map(|field| match field.kind.is_group() {
            true => self.leaves_below(&field.key),
            false => vec![field],
        });
        below.flatten().collect()
    }

    /// Who fills in a field of this key, where that is not the applicant.
    pub(crate) fn filled_by(&self, key: &str) -> Option<&Text> {
        let field = self.get(key)?;
        let above = || Some(field.parent()).filter(|parent| !parent.is_empty());
        field.filled_by.as_ref().or_else(|| self.filled_by(above()?))
    }

    /// The list a field is in, and its key inside an item.
    pub(crate) fn list_of<'k>(&self, field: &'k Field) -> Option<(&'k str, &'k str)> {
        let parts =
            field.key.match_indices('.').map(|(i, _)| (&field.key[..i], &field.key[i + 1..]));
        parts.into_iter().find(|(key, _)| self.get(key).is_some_and(|f| f.kind == Kind::List))
    }

    /// The child a user's key names: by its name or its Japanese label, with what a form prints about it:
    /// its number before it, its choices in brackets behind it.
    ///
    /// ```
    /// let dictionary = onshi::form::Forms::built_in().dictionary();
    /// let printed = "③ アカウント作成 (済み/未実施)";
    /// assert_eq!(dictionary.child("introduction_plan", printed).unwrap().name(), "account");
    /// ```
    pub fn child(&self, parent: &str, written: &str) -> Option<&Field> {
        let written = written.trim();
        let labelled = || self.children(parent).find(|field| field.label.ja == written);
        self.child_named(parent, written).or_else(labelled).or_else(|| {
            let bare = written.trim_start_matches(is_number).trim_start();
            let shorter =
                bare.strip_suffix([')', '）']).and_then(|bare| bare.rsplit_once(['(', '（']));
            self.folded_child(parent, bare).or_else(|| self.folded_child(parent, shorter?.0))
        })
    }

    /// The child of a section with exactly this name, the last part of its key.
    pub(crate) fn child_named(&self, parent: &str, name: &str) -> Option<&Field> {
        if name.contains('.') {
            return None;
        }
        let place = match parent {
            "" => self.by_key.get(name),
            _ => self.by_key.get(&format!("{parent}.{name}")),
        };
        place.map(|place| &self.fields[*place])
    }

    /// The child of a name or label, whose brackets and digits come in two widths.
    fn folded_child(&self, parent: &str, written: &str) -> Option<&Field> {
        let folded = fold(written);
        self.children(parent).find(|f| f.name() == folded || fold(&f.label.ja) == folded)
    }

    /// The Japanese or English label of a key with its sections, as in `開設者 > 氏名`.
    pub fn label(&self, key: &str) -> Text {
        let plain = plain_key(key);
        let mut text = Text::new("", "");
        let mut end = 0;
        for part in plain.split('.') {
            end += part.len();
            if let Some(field) = self.get(&plain[..end]) {
                let arrow = if text.ja.is_empty() { "" } else { " > " };
                text.ja += &format!("{arrow}{}", field.label.ja);
                text.en += &format!("{arrow}{}", field.label.en);
            }
            end += 1;
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_a_composed_text_is_folding_its_composition() {
        for text in [
            "医療法人社団 みなとの丘会　みなとの丘内科クリニック",
            "ＩＰ－ＶＰＮ",
            "ﾌﾚｯﾂ光",
            "フレッツ光ネクスト",
            "か\u{3099}くえん",
            "光ーIP電話 Pー1",
            "髙﨑𠮷 神\u{FA19}",
            "ÉCOLE Σ ſ ß",
            "①㈱２－３",
        ] {
            let composed: String = text.nfkc().collect();
            assert_eq!(fold(text), fold(&composed), "{text}");
            assert_eq!(fold(text), fold(&fold(text)), "{text}");
        }
        assert_eq!(fold("ﾌﾚｯﾂ光 ＡーＢ"), "フレッツ光a-b");
        assert_eq!(fold("か\u{3099}くえん"), "がくえん");
        assert!(('\u{2E80}'..='\u{A63F}').all(|c| c.to_lowercase().eq([c])));
    }
}
