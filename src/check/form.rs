//! The values of a record against one form: what it requires, and its rules.

use std::collections::HashSet;

use super::conditions::{Rules, Truth};
use super::{glyphs, parts, postal};
use crate::calendar::{Date, reiwa_year};
use crate::expr::Expression;
use crate::form::{Cell, Field, Form, Forms, Rule, Show};
use crate::key::plain_key;
use crate::report::{Diagnostic, Place, Report, Text};
use crate::values::{Data, Naming, Sections, Value, Values};
use crate::yaml::Spanned;

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
    let naming = values.naming();
    let mut check = Check { form, values, forms, naming, report: Report::default() };
    for cell in check.cells() {
        check.cell(cell);
    }
    check.texts();
    let sections = Sections::new(values, forms);
    let mut rules = Rules::new(&sections, today, copies);
    check.needed(&mut rules);
    for rule in &form.rules {
        check.rule(&rule.value, &mut rules);
    }
    check.lists();
    check.report
}

/// Whether a record breaks a rule.
pub(super) fn breaks(
    rule: &Rule,
    form: &Form,
    values: &Values,
    forms: &Forms,
    today: Date,
    copies: usize,
) -> bool {
    let naming = Naming::default();
    let mut check = Check { form, values, forms, naming, report: Report::default() };
    let sections = Sections::new(values, forms);
    check.rule(rule, &mut Rules::new(&sections, today, copies));
    !check.report.diagnostics.is_empty()
}

pub(super) struct Check<'a> {
    pub(super) form: &'a Form,
    pub(super) values: &'a Values,
    pub(super) forms: &'a Forms,
    naming: Naming,
    pub(super) report: Report,
}

impl<'a> Check<'a> {
    /// The cells with a field of every page that the record has.
    pub(super) fn cells(&self) -> impl Iterator<Item = &'a Cell> + use<'a> {
        let values = self.values;
        let pages = self.form.pages_for(|list| values.len(list));
        pages.flat_map(|(_, page)| page.field_cells()).map(|cell| &cell.value)
    }

    fn cell(&mut self, cell: &Cell) {
        // `cells` gives cells with a field, and lint refuses a malformed path.
        let Some(path) = cell.field.as_ref().map(|field| &field.value) else { return };
        match self.values.find(path) {
            Some(value) => {
                let key = self.values.locate(path).unwrap_or_else(|| path.key().to_owned());
                self.characters(&key, glyphs::faults(value));
                self.filled_by(&key, value);
                self.postal(&path.base, &key, value);
                if cell.show == Some(Show::Reiwa) {
                    self.reiwa(&key, value);
                }
                if cell.part.is_some_and(|part| part.of_code().is_some()) {
                    self.parts(path.key(), &key, value);
                }
            }
            None if !cell.is_optional() && path.selector.is_none() => self.required(&path.base),
            None => {}
        }
    }

    /// Warns of a value in a blank that somebody else fills in.
    fn filled_by(&mut self, key: &str, value: &Value) {
        let dictionary = self.forms.dictionary();
        let Some(who) = dictionary.filled_by(key).filter(|_| value.place.is_some()) else { return };
        let label = dictionary.label(key);
        let message = Text::new(
            format!("{} は{}が記入する欄です", label.ja, who.ja),
            format!("{} is for {} to fill in", label.en, who.en),
        );
        let hint = Text::new(
            "提出するときは空けておいてください（書いたままでも印字します）",
            "leave it blank when you hand the form in; what is there is printed",
        );
        let found = Diagnostic::warning("not-yours", message).with_form(&self.form.id);
        let found = found.with_field(key).with_hint(hint).with_cite(self.asked_by());
        self.report.push(found.at(value.place.clone()));
    }

    /// The values that texts are made of are printed as well; codes and the title of the file, which has the facility's
    /// name, tell theirs without glyphs.
    fn texts(&mut self) {
        if let Some(field) = self.forms.dictionary().naming()
            && let Some(name) = self.values.get(&field.key)
        {
            self.characters(&field.key, glyphs::controls(name));
        }
        let keys = |is_it: fn(&Cell) -> bool| -> HashSet<String> {
            let cells = self.form.cells().map(|cell| &cell.value).filter(|cell| is_it(cell));
            cells.flat_map(Cell::keys_read).collect()
        };
        let mut printed = keys(|cell| cell.template.is_some());
        let coded = keys(|cell| cell.code.is_some());
        if printed.is_empty() && coded.is_empty() {
            return;
        }
        // Values that have a cell of their own are looked at there.
        let shown = self.form.field_cells().filter_map(|cell| cell.value.field.as_ref());
        let shown: HashSet<&str> = shown.map(|path| path.value.key()).collect();
        printed.retain(|key| !shown.contains(key.as_str()));
        for (key, value) in self.values.iter() {
            let plain = plain_key(key);
            if printed.contains(&plain) {
                self.characters(key, glyphs::faults(value));
            } else if coded.contains(&plain) {
                self.characters(key, glyphs::controls(value));
            }
        }
    }

    /// Warns of a postal code and an address in two prefectures, and of an address in none.
    fn postal(&mut self, base: &str, key: &str, value: &Value) {
        let field = self.forms.dictionary().get(base);
        let (values, forms) = (self.values, self.forms);
        let warnings = field.into_iter().flat_map(|field| {
            let elsewhere = postal::elsewhere(field, key, value, values, forms);
            elsewhere
                .into_iter()
                .chain(postal::without_prefecture(field, key, value, values, forms))
        });
        self.report.diagnostics.extend(warnings.map(|warning| warning.at(value.place.clone())));
    }

    fn required(&mut self, key: &str) {
        if self.values.is_invalid(key) {
            return;
        }
        let Some(field) = self.forms.dictionary().get(key) else { return };
        if let Some(derive) = &field.derive {
            // What it follows from is missing, or faulty, and reported there.
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
            .with_hint(self.how_to_write(key, field))
            .with_cite(self.asked_by())
            .at(self.place(key)),
        );
    }

    /// How a field that is missing is written.
    pub(super) fn how_to_write(&self, key: &str, field: &Field) -> Text {
        let example = &field.example;
        let pair = format!("{}: {example}", self.naming.name(field));
        if let Some(line) = self.values.commented(key) {
            return Text::new(
                format!("{line} 行目の「# 」を空白ごと消して、{pair} のように書いてください"),
                format!("delete `# ` with its space in line {line}, and write it as in `{pair}`"),
            );
        }
        if self.values.is_remarked(key) {
            return Text::new(
                format!("「#」から後は注釈です。{pair} のように、値を「#」の前に書いてください"),
                format!(
                    "what follows a `#` is a comment: write the value before it, as in `{pair}`"
                ),
            );
        }
        match (self.naming, field.parent()) {
            // There a value is written, and no key.
            (Naming::Cells, _) => Text::new(
                format!("「{example}」のように書いてください。{}", field.help.ja),
                format!("write it like `{example}`: {}", field.help.en),
            ),
            (_, "") => Text::new(
                format!("{pair} のように書いてください"),
                format!("write it as in `{pair}`"),
            ),
            (naming, parent) => {
                let section = naming.call(parent, self.forms.dictionary());
                Text::new(
                    format!("{}の下に {pair} のように書いてください", section.ja),
                    format!("under {}, write it as in `{pair}`", section.en),
                )
            }
        }
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
        let or = self.naming.call(&field.key, dictionary);
        let hint = Text::new(
            format!("{}（例: {example}）。または {}を書いてください", help.ja, or.ja),
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

    /// A hint that calls the fields as the record does.
    fn named(&self, hint: Text) -> Text {
        let dictionary = self.forms.dictionary();
        let called = |word: &str| {
            let call = |key: &str| self.naming.call(key, dictionary);
            if dictionary.get(word).is_some() && word.contains('.') {
                return Some(call(word));
            }
            // In a Japanese sentence an English word is a key.
            let mut named = dictionary.fields().iter().filter(|field| field.name() == word);
            let first = named.next().filter(|_| self.naming != Naming::Keys)?;
            let is_one = named.all(|field| field.label.ja == first.label.ja);
            is_one.then(|| Text::new(format!("「{}」", first.label.ja), word))
        };
        Text::new(
            // Behind a key there is a space, behind a bracket none.
            keys_replaced(&hint.ja, |word| Some(called(word)?.ja.trim_end().to_owned()))
                .replace("」 ", "」"),
            keys_replaced(&hint.en, |word| Some(called(word).filter(|_| word.contains('.'))?.en)),
        )
    }

    /// Where a key is or should be; the first line when even its section is missing.
    pub(super) fn place(&self, key: &str) -> Option<Place> {
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

    /// Says once of a code that it does not have the parts it is printed in.
    fn parts(&mut self, base: &str, key: &str, value: &Value) {
        let Some(field) = self.forms.dictionary().get(base) else { return };
        let Some(fault) = parts::fault(field, value) else { return };
        let fault = fault.with_form(&self.form.id).with_field(key);
        if !self.report.diagnostics.contains(&fault) {
            self.report.push(fault);
        }
    }

    /// Reports what is wrong with the characters of a value.
    fn characters(&mut self, key: &str, found: Vec<Diagnostic>) {
        found.into_iter().for_each(|finding| self.report.push(finding.with_field(key)));
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

    fn apply<'r>(
        &self,
        rule: &'r Rule,
        rules: &Rules<'_>,
        item: Option<&str>,
    ) -> Option<Diagnostic> {
        let judged = |condition: &'r Option<Spanned<Expression>>| match condition {
            Some(Spanned { value, .. }) => rules.judged(value).map_err(|why| (value, why)),
            None => Ok(Truth::True),
        };
        // What is only reached when the rule applies need not go together otherwise.
        let checked = match judged(&rule.when) {
            Ok(Truth::True) => judged(&rule.check),
            Ok(_) => return None,
            Err(wrong) => Err(wrong),
        };
        let checked = match checked {
            Ok(checked) => checked,
            Err((condition, why)) => {
                let code = format!("{}/{}", self.form.id, rule.id);
                return Some(not_judged(code, condition, &why).with_form(&self.form.id));
            }
        };
        let subject = rule.at.as_ref().or(rule.require.as_ref())?;
        let subject = rule.key(&subject.value, item);
        let broken = match (&rule.check, &rule.require) {
            (Some(_), _) => checked == Truth::False,
            (None, Some(required)) => {
                let key = rule.key(&required.value, item);
                let present = self.values.get(&key).is_some() || self.values.len(&key) > 0;
                !present && !self.values.is_invalid(&key)
            }
            // What is wrong is the condition itself.
            (None, None) => rule.when.is_some(),
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

/// That a rule cannot be judged: an error, since nobody knows whether it holds.
pub(super) fn not_judged(code: String, condition: &Expression, why: &Text) -> Diagnostic {
    let source = condition.source();
    let message = Text::new(
        format!("この規則の条件 {source} は{}", why.ja),
        format!("the condition {source} of this rule cannot be judged: {}", why.en),
    );
    let hint = Text::new(
        "様式の定義の誤りです。onshi lint で定義を確かめてください",
        "the definition of the form is wrong: look at it with `onshi lint`",
    );
    Diagnostic::error(code, message).with_hint(hint)
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
        replaced += with(word).as_deref().unwrap_or(word);
        rest = &rest[end..];
    }
    replaced + rest
}
