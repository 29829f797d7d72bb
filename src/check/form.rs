//! The values of a record against one form: what it requires, and its rules.

use super::conditions::{Rules, Truth};
use super::postal;
use crate::calendar::{Date, reiwa_year};
use crate::font::{self, Fault, GlyphFault};
use crate::form::{Cell, Field, Form, Forms, Rule, Show};
use crate::key::FieldPath;
use crate::report::{Diagnostic, Place, Report, Text};
use crate::values::{Data, Sections, Value, Values};

/// The forms a record asks for by its sections, in the order of the definitions, and a warning for
/// each that its own `skip` leaves out.
pub fn wanted<'a>(values: &Values, forms: &'a Forms, today: Date) -> (Vec<&'a Form>, Report) {
    let mut report = Report::default();
    let wanted = forms.of_sections(|section| values.has_key(section));
    let kept = wanted.filter(|form| match skipped(form, values, forms, today) {
        Some(why) => {
            report.push(why);
            false
        }
        None => true,
    });
    (kept.collect(), report)
}

/// Why a form is left out of what this record asks for: the warning of its `skip`.
pub fn skipped(form: &Form, values: &Values, forms: &Forms, today: Date) -> Option<Diagnostic> {
    let skip = form.skip.as_ref()?;
    let sections = Sections::new(values, forms);
    let rules = Rules::new(&sections, today, 1);
    if rules.truth(&skip.when) != Truth::True {
        return None;
    }
    let place = skip.when.keys().iter().find_map(|key| values.place_near(key)).cloned();
    Some(
        Diagnostic::warning(format!("{}/skip", form.id), rules.fill(&skip.message))
            .with_form(&form.id)
            .with_hint(rules.fill(&skip.hint))
            .with_cite(&skip.cite)
            .at(place),
    )
}

/// Checks the values of a record for one form. `today` is what "late" is measured against.
pub fn check(form: &Form, values: &Values, forms: &Forms, today: Date) -> Report {
    let copies = match form.each.as_ref().and_then(|each| values.get(&each.value)).map(|v| &v.data)
    {
        Some(Data::Choices(all)) => all.len(),
        _ => 1,
    };
    let in_cells = values.is_in_cells();
    let mut check = Check { form, values, forms, in_cells, report: Report::default() };
    for cell in form.field_cells() {
        check.cell(&cell.value);
    }
    let sections = Sections::new(values, forms);
    let mut rules = Rules::new(&sections, today, copies);
    for rule in &form.rules {
        check.rule(&rule.value, &mut rules);
    }
    check.report
}

struct Check<'a> {
    form: &'a Form,
    values: &'a Values,
    forms: &'a Forms,
    in_cells: bool,
    report: Report,
}

impl Check<'_> {
    fn cell(&mut self, cell: &Cell) {
        // field_cells gives cells with a field, and lint refuses a malformed path.
        let Some(path) = cell.field.as_ref().and_then(|f| FieldPath::parse(&f.value)) else {
            return;
        };
        match self.values.find(&path) {
            Some(value) => {
                let key = self.values.locate(&path).unwrap_or_else(|| path.key());
                self.glyphs(&key, value);
                self.postal(&path.base, &key, value);
                if cell.show == Some(Show::Reiwa) {
                    self.reiwa(&key, value);
                }
            }
            None if !cell.optional && path.selector.is_none() => self.required(&path.base),
            None => {}
        }
    }

    /// Warns of a postal code and an address in two prefectures.
    fn postal(&mut self, base: &str, key: &str, value: &Value) {
        let field = self.forms.dictionary().get(base);
        let warning =
            field.and_then(|field| postal::elsewhere(field, key, value, self.values, self.forms));
        self.report.diagnostics.extend(warning.map(|warning| warning.at(value.place.clone())));
    }

    fn required(&mut self, key: &str) {
        if self.values.is_invalid(key) {
            return;
        }
        let Some(field) = self.forms.dictionary().get(key) else { return };
        if let Some(derive) = &field.derive {
            // What it follows from is missing, or faulty, and said there.
            let sources = derive.keys();
            // What is derived itself is not blamed.
            let is_derived = |source: &str| {
                self.forms.dictionary().get(source).is_some_and(|field| field.derive.is_some())
            };
            let absent = sources
                .iter()
                .find(|source| self.values.get(source).is_none() && !is_derived(source));
            let needs = self.forms.needs(self.form);
            let asked = |source: &String| needs.required().contains(source);
            match absent {
                Some(source) if field.computed => return self.required(source),
                Some(source) if self.values.is_invalid(source) || asked(source) => return,
                _ if field.computed => return,
                Some(_) => {}
                None => return self.not_derived(field, sources.iter().next()),
            }
        }
        let label = self.forms.dictionary().label(key);
        self.report.push(
            Diagnostic::error(
                "required",
                Text::new(format!("{} がありません", label.ja), format!("{} is missing", label.en)),
            )
            .with_form(&self.form.id)
            .with_field(key)
            .with_hint(match field.parent() {
                // There a value is written, and no key.
                _ if self.in_cells => Text::new(
                    format!("「{}」のように書いてください。{}", field.example, field.help.ja),
                    format!("write it like `{}`: {}", field.example, field.help.en),
                ),
                "" => Text::new(
                    format!("{key}: {} のように書いてください", field.example),
                    format!("write it as in `{key}: {}`", field.example),
                ),
                parent => Text::new(
                    format!(
                        "{parent} の下に {}: {} のように書いてください",
                        field.name(),
                        field.example
                    ),
                    format!("under {parent}, write it as in `{}: {}`", field.name(), field.example),
                ),
            })
            .with_cite(self.asked_by())
            .at(self.place(key)),
        );
    }

    /// The source of a required blank: the form that asks for it.
    fn asked_by(&self) -> String {
        format!("{} 記載事項（{}）", self.form.short_name(), self.form.source.document)
    }

    /// A field that could not be derived from what is there, which is blamed.
    fn not_derived(&mut self, field: &Field, source: Option<&String>) {
        let Some(source) = source else { return };
        let dictionary = self.forms.dictionary();
        let (label, from) = (&field.label, dictionary.label(source));
        let functions = field.derive.as_ref().map(|derive| derive.functions());
        let by_prefecture = functions.is_some_and(|names| {
            ["bureau_of", "prefecture_code"].iter().any(|n| names.contains(*n))
        });
        let message = match by_prefecture {
            true => Text::new(
                format!("{}が都道府県名で始まっていないため、{}が決まりません", from.ja, label.ja),
                format!(
                    "{} does not begin with a prefecture, so it does not determine the {}",
                    from.en, label.en
                ),
            ),
            false => Text::new(
                format!("{}から{}が決まりません", from.ja, label.ja),
                format!("{} does not determine the {}", from.en, label.en),
            ),
        };
        let (help, example) = dictionary.get(source).map_or_else(
            || (Text::new("", ""), ""),
            |source| (source.help.clone(), source.example.as_str()),
        );
        let or = match self.in_cells {
            true => label.clone(),
            false => Text::new(field.key.clone(), field.key.clone()),
        };
        let hint = Text::new(
            format!("{}（例: {example}）。または {} を書いてください", help.ja, or.ja),
            format!("{} (as in {example}); or write {}", help.en, or.en),
        );
        self.report.push(
            Diagnostic::error("required", message)
                .with_form(&self.form.id)
                .with_field(source)
                .with_hint(hint)
                .with_cite(self.asked_by())
                .at(self.place(source)),
        );
    }

    /// A hint as whoever reads it knows the fields: in cells by their labels, else by their keys.
    fn named(&self, hint: Text) -> Text {
        if !self.in_cells {
            return hint;
        }
        let dictionary = self.forms.dictionary();
        let label = |key: &str| dictionary.get(key).map(|_| dictionary.label(key));
        Text::new(
            // Behind a key there is a space, behind a bracket none.
            keys_replaced(&hint.ja, |key| Some(format!("「{}」", label(key)?.ja)))
                .replace("」 ", "」"),
            keys_replaced(&hint.en, |key| Some(format!("`{}`", label(key)?.en))),
        )
    }

    /// Where a key stands or should stand; the first line when even its section is missing.
    fn place(&self, key: &str) -> Option<Place> {
        let first = Place::Text { line: 1, column: 1, start: 0, end: 0 };
        Some(self.values.place_near(key).cloned().unwrap_or(first))
    }

    fn reiwa(&mut self, key: &str, value: &Value) {
        if let Data::Date(date) = value.data
            && reiwa_year(date).is_none()
        {
            self.report.push(
                Diagnostic::error(
                    "kind",
                    Text::new(
                        format!("{date} は令和より前の日付です"),
                        format!("{date} is before the Reiwa era"),
                    ),
                )
                .with_form(&self.form.id)
                .with_field(key)
                .with_hint(Text::new(
                    "この欄は令和で印字します。令和元年（2019年）5月1日以降の日付を書いてください",
                    "this blank is printed in Reiwa: write a day from 2019-05-01",
                ))
                .at(value.place.clone()),
            );
        }
    }

    fn glyphs(&mut self, key: &str, value: &Value) {
        for fault in font::faults(&value.text) {
            let GlyphFault { fault, index, .. } = fault;
            let nth = index + 1;
            let diagnostic = match fault {
                Fault::PrivateUse(c) => Diagnostic::error(
                    "glyph",
                    Text::new(
                        format!("{nth} 文字目の U+{:04X} は外字（私用領域の文字）で、印字できません", u32::from(c)),
                        format!("character {nth}, U+{:04X}, is a private-use character (外字) and cannot be printed", u32::from(c)),
                    ),
                )
                .with_hint(Text::new(
                    "Unicode にある文字（異体字は異体字セレクタ）で書き直すか、常用の字体にしてください",
                    "write it with a character of Unicode, with a variation selector where needed",
                )),
                Fault::Missing(c) => Diagnostic::error(
                    "glyph",
                    Text::new(
                        format!("{nth} 文字目の「{}」（U+{:04X}）は収録フォントにないため、印字できません", visible(c), u32::from(c)),
                        format!("no built-in font has character {nth}, {} (U+{:04X})", visible(c), u32::from(c)),
                    ),
                )
                .with_hint(missing_hint(c)),
                Fault::UnsupportedVariation { base, selector } => Diagnostic::warning(
                    "glyph",
                    Text::new(
                        format!(
                            "{nth} 文字目の異体字 {base}（U+{:04X} U+{:04X}）はフォントにないため、{base} を印字します",
                            u32::from(base),
                            u32::from(selector)
                        ),
                        format!(
                            "no font has the variation U+{:04X} U+{:04X} (character {nth}): {base} is printed instead",
                            u32::from(base),
                            u32::from(selector)
                        ),
                    ),
                )
                .with_hint(Text::new(
                    "字体を確かめ、必要なら手書きで訂正してください",
                    "check the shape and correct it by hand if necessary",
                )),
            };
            let place = value.place.clone().map(|place| char_place(place, &value.text, index));
            self.report.push(diagnostic.with_field(key).at(place));
        }
    }

    fn rule(&mut self, rule: &Rule, rules: &mut Rules<'_>) {
        let mut found = Vec::new();
        match &rule.each {
            None => found.extend(self.apply(rule, rules, None)),
            Some(each) => {
                for i in 0..self.values.len(&each.value) {
                    let path = format!("{}[{i}]", each.value);
                    rules.set_item(&path, &each.value);
                    found.extend(self.apply(rule, rules, Some(&path)));
                }
            }
        }
        found.into_iter().for_each(|d| self.report.push(d));
    }

    fn apply(&self, rule: &Rule, rules: &Rules<'_>, item: Option<&str>) -> Option<Diagnostic> {
        if rule.when.as_ref().is_some_and(|when| rules.truth(&when.value) != Truth::True) {
            return None;
        }
        let subject = rule.at.as_ref().or(rule.require.as_ref())?;
        let subject = rule.key(&subject.value, item);
        let broken = match (&rule.check, &rule.require) {
            (Some(check), _) => rules.truth(&check.value) == Truth::False,
            (None, Some(required)) => {
                let key = rule.key(&required.value, item);
                let present = self.values.get(&key).is_some() || self.values.len(&key) > 0;
                !present && !self.values.is_invalid(&key)
            }
            (None, None) => false,
        };
        broken.then(|| {
            let severity = rule.level;
            let diagnostic = Diagnostic::error(
                format!("{}/{}", self.form.id, rule.id),
                rules.fill(&rule.message),
            );
            Diagnostic { severity, ..diagnostic }
                .with_form(&self.form.id)
                .with_hint(self.named(rules.fill(&rule.hint)))
                .with_cite(&rule.cite)
                .at(self.place(&subject))
                .with_field(subject)
        })
    }
}

/// A text with the keys in it said otherwise.
fn keys_replaced(text: &str, with: impl Fn(&str) -> Option<String>) -> String {
    let is_key = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_key) {
        let end = rest[start..].find(|c| !is_key(c)).map_or(rest.len(), |length| start + length);
        let word = &rest[start..end];
        replaced += &rest[..start];
        // A word of one part may be a word of the sentence.
        let said = Some(word).filter(|word| word.contains('.')).and_then(&with);
        replaced += said.as_deref().unwrap_or(word);
        rest = &rest[end..];
    }
    replaced + rest
}

/// How to write a character that no font has.
fn missing_hint(c: char) -> Text {
    match c {
        '\u{3099}' | '\u{309A}' => Text::new(
            "濁点・半濁点が別の文字になっています（macOS からの貼り付けなど）。「が」「ぱ」のように一文字で書き直してください",
            "the voicing mark is a separate character, as in text pasted from macOS: type the kana again",
        ),
        _ => Text::new("別の文字で書いてください", "write it with another character"),
    }
}

/// A character that can be shown, or its name.
fn visible(c: char) -> String {
    if c.is_control() || c.is_whitespace() { "制御文字".to_owned() } else { c.to_string() }
}

/// The place of one character of a value, when the value stands in the file as it is.
fn char_place(place: Place, text: &str, index: usize) -> Place {
    match place {
        Place::Text { line, column, start, end } if end - start == text.len() => {
            let mut rest = text.char_indices().skip(index).map(|(i, _)| i);
            let first = start + rest.next().unwrap_or(0);
            Place::Text {
                line,
                column: column + index,
                start: first,
                end: rest.next().map_or(end, |i| start + i),
            }
        }
        place => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(column: usize, start: usize, end: usize) -> Place {
        Place::Text { line: 3, column, start, end }
    }

    #[test]
    fn a_character_has_its_own_place_in_a_plain_value() {
        let text = "資格\u{E000}花子";
        let place = at(7, 40, 40 + text.len());
        assert_eq!(char_place(place.clone(), text, 0), at(7, 40, 43));
        assert_eq!(char_place(place.clone(), text, 2), at(9, 46, 49));
        assert_eq!(char_place(place, text, 4), at(11, 52, 55));
        let quoted = at(7, 40, 42 + text.len());
        assert_eq!(char_place(quoted.clone(), text, 2), quoted);
    }

    #[test]
    fn a_character_without_glyph_is_shown_or_named_and_has_its_remedy() {
        assert_eq!(visible('𩸽'), "𩸽");
        assert_eq!(visible('\u{7}'), "制御文字");
        assert_eq!(visible('\u{2028}'), "制御文字");
        for mark in ['\u{3099}', '\u{309A}'] {
            assert!(missing_hint(mark).ja.contains("一文字で書き直して"));
        }
        assert_eq!(missing_hint('𩸽').ja, "別の文字で書いてください");
    }
}
