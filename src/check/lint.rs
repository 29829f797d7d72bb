//! What can only be seen of a form's rules once they are evaluated: types that don't fit, and rules
//! that no record breaks.

use std::collections::BTreeSet;

use super::conditions::{Rules, Truth};
use crate::calendar::Date;
use crate::expr::Expression;
use crate::form::{Data, Diagonal, Field, Form, Forms, Kind, Rule};
use crate::report::{Diagnostic, Place, Report, Text};
use crate::values::{self, Sections, Value, Values, example_values};
use crate::yaml::place;

/// The day rules are tried on.
const TODAY: Date = Date::constant(2024, 4, 1);
/// How many records are tried on a rule.
const MOST_TRIES: usize = 4_000;
/// The largest number of values tried for a field.
const MOST_VALUES: usize = 10;

/// Conditions whose types don't fit and rules that nothing breaks. Each is evaluated with the record
/// of the 記載例, with the examples of fields it does not have, and with other values that its
/// conditions may mean. `source` is the text the form was read from.
pub fn lint(form: &Form, forms: &Forms, source: &str) -> Report {
    let lint = Lint { forms, base: base(&form.sample.record.0, forms), form };
    let mut report = Report::default();
    for rule in &form.rules {
        let content = &rule.value;
        let list = content.each.as_ref().map(|each| each.value.as_str());
        let before = report.errors();
        for condition in [&content.when, &content.check].into_iter().flatten() {
            report.extend(lint.types(&condition.value, list, place(condition, source)));
        }
        if report.errors() > before {
            continue;
        }
        if !lint.can_break(content) {
            let message = Text::new(
                format!(
                    "規則 {} に反する記録がありません。条件が常に成り立つか、決して成り立ちません",
                    content.id
                ),
                format!(
                    "no record breaks the rule {}: its condition is always or never true",
                    content.id
                ),
            );
            let hint = Text::new(
                "条件を見直すか、規則に反する記録の部分を broken_by に書いてください",
                "look at its condition, or write in broken_by a part of a record that breaks it",
            );
            report.push(
                Diagnostic::error("definition", message).with_hint(hint).at(place(rule, source)),
            );
        } else if let Some(when) = &content.when
            && (content.check.is_some() || content.require.is_some())
        {
            // That it holds of some record is known.
            let at = place(when, source);
            report.diagnostics.extend(lint.sometimes(&when.value, list, true, at));
        }
    }
    let mut conditions: Vec<(&Expression, Option<&str>, Option<Place>)> = Vec::new();
    for cell in form.cells() {
        let stroke = cell.value.diagonal.as_ref().and_then(|diagonal| match diagonal {
            Diagonal::When(when) => Some(when),
            Diagonal::Always | Diagonal::Empty => None,
        });
        let list = cell.value.item().map(|item| item.base.as_str());
        for when in cell.value.when.iter().chain(stroke) {
            conditions.push((&when.value, list, place(when, source)));
        }
    }
    conditions.extend(form.skip.iter().map(|skip| (&skip.when, None, None)));
    for field in &form.fields {
        let when = field.value.needed.as_ref().and_then(|needed| needed.when.as_ref());
        let list = lint.list_of(&field.value);
        conditions.extend(when.map(|when| (when, list, place(field, source))));
    }
    // A cell of repeated rows has the same condition in each.
    conditions.dedup_by(|a, b| a.0 == b.0 && a.2 == b.2);
    for (condition, list, at) in conditions {
        let types = lint.types(condition, list, at.clone());
        if types.errors() == 0 {
            report.diagnostics.extend(lint.sometimes(condition, list, false, at));
        }
        report.extend(types);
    }
    report
}

/// A record with the examples of what it does not have.
fn base(record: &serde_json::Value, forms: &Forms) -> Values {
    let mut values = example_values(record, forms);
    for list in forms.dictionary().fields().iter().filter(|field| field.kind == Kind::List) {
        if values.len(&list.key) == 0 {
            values.insert_list(&list.key, 1);
        }
    }
    for field in forms.dictionary().fields().iter().filter(|field| !field.kind.is_group()) {
        for key in keys(field, &values, forms) {
            if values.get(&key).is_none() {
                set(&mut values, &key, field, &field.example);
            }
        }
    }
    values::derive(&mut values, forms, |_| true);
    values
}

/// The keys of a field in a record: one for each item of its list.
fn keys(field: &Field, values: &Values, forms: &Forms) -> Vec<String> {
    let parent = field.parent();
    match forms.dictionary().get(parent).map(|parent| parent.kind) {
        Some(Kind::List) => {
            (0..values.len(parent)).map(|i| format!("{parent}[{i}].{}", field.name())).collect()
        }
        _ => vec![field.key.clone()],
    }
}

/// Sets a value as a record's reader would; an empty text leaves it absent.
fn set(values: &mut Values, key: &str, field: &Field, text: &str) {
    if text.is_empty() {
        return values.remove(key);
    }
    let (text, data) = match field.read(text) {
        Ok(read) => (read.text, read.data),
        Err(_) => (text.to_owned(), Data::Text),
    };
    values.insert(key, Value { text, data, place: None });
}

struct Lint<'a> {
    form: &'a Form,
    forms: &'a Forms,
    base: Values,
}

impl Lint<'_> {
    fn list_of(&self, field: &Field) -> Option<&str> {
        let parent = self.forms.dictionary().get(field.parent())?;
        (parent.kind == Kind::List).then_some(parent.key.as_str())
    }

    /// A fault unless a condition comes to a truth value.
    fn types(&self, condition: &Expression, list: Option<&str>, at: Option<Place>) -> Report {
        let sections = Sections::new(&self.base, self.forms);
        let mut rules = Rules::new(&sections, TODAY, 1);
        if let Some(list) = list {
            rules.set_item(&format!("{list}[0]"), list);
        }
        let Err(why) = rules.judged(condition) else { return Report::default() };
        let source = condition.source();
        let message = Text::new(
            format!("式 {source} は{}", why.ja),
            format!("the expression {source} cannot be a condition: {}", why.en),
        );
        let hint = Text::new(
            "文字は \"…\"、数はそのまま書きます。日付は \"2024-04-01\" の形の文字です",
            "texts are written in quotes and numbers without; dates are texts such as \"2024-04-01\"",
        );
        Diagnostic::error("definition", message).with_hint(hint).at(at).into()
    }

    /// A warning when a condition holds of none of the records tried, or of all; `holds` is whether one
    /// is known of which it holds.
    fn sometimes(
        &self,
        condition: &Expression,
        list: Option<&str>,
        mut holds: bool,
        at: Option<Place>,
    ) -> Option<Diagnostic> {
        let mut fails = false;
        let mut read = BTreeSet::new();
        for key in condition.keys() {
            let key = match (key.strip_prefix("item."), list) {
                (Some(rest), Some(list)) => format!("{list}.{rest}"),
                _ => key.clone(),
            };
            self.sources(&key, &mut read);
        }
        read.extend(list.map(str::to_owned));
        self.try_records(&[condition], &read, |values, today, copies| {
            let sections = Sections::new(values, self.forms);
            let mut rules = Rules::new(&sections, today, copies);
            let items = list.map_or(1, |list| values.len(list).max(1));
            // The items between are like the first.
            for item in [0, items - 1] {
                if let Some(list) = list {
                    rules.set_item(&format!("{list}[{item}]"), list);
                }
                match rules.truth(condition) {
                    Truth::True => holds = true,
                    Truth::False => fails = true,
                    // What it reads is absent: it says nothing of it.
                    Truth::Unknown => {}
                }
            }
            holds && fails
        });
        let source = condition.source();
        let message = match (holds, fails) {
            (true, true) => return None,
            (false, _) => Text::new(
                format!("条件 {source} の成り立つ記録が見つかりません"),
                format!("no record was found for which {source} is true"),
            ),
            (true, false) => Text::new(
                format!("条件 {source} の成り立たない記録が見つかりません"),
                format!("no record was found for which {source} is not true"),
            ),
        };
        let hint = Text::new(
            "値や項目名が選択肢と合っているか確かめてください。常に同じなら when は要りません",
            "compare its values with the choices; without a difference, leave `when` out",
        );
        Some(Diagnostic::warning("definition", message).with_hint(hint).at(at))
    }

    /// Whether one of the records tried breaks a rule.
    fn can_break(&self, rule: &Rule) -> bool {
        if let Some(broken_by) = &rule.broken_by {
            return self.is_broken_by(rule, &broken_by.0);
        }
        let conditions = [&rule.when, &rule.check].into_iter().flatten();
        let conditions: Vec<&Expression> = conditions.map(|condition| &condition.value).collect();
        let mut read: BTreeSet<String> = BTreeSet::new();
        for key in conditions.iter().flat_map(|condition| condition.keys()) {
            self.sources(&rule.key(&key.clone().into(), None), &mut read);
        }
        read.extend(rule.require.iter().map(|key| rule.key(&key.value, None)));
        self.try_records(&conditions, &read, |values, day, copies| {
            super::form::breaks(rule, self.form, values, self.forms, day, copies)
        })
    }

    /// Tries records with other values of what is `read`, until one is `found`; whether one was.
    fn try_records(
        &self,
        conditions: &[&Expression],
        read: &BTreeSet<String>,
        mut found: impl FnMut(&Values, Date, usize) -> bool,
    ) -> bool {
        let words = conditions.iter().flat_map(|condition| literals(condition.source()));
        let words: Vec<String> = words.collect();
        let options: Vec<(String, Vec<Choice>)> =
            read.iter().map(|key| (key.clone(), self.options(key, &words))).collect();
        let days = self.days(conditions, &words);
        let copies: &[usize] =
            if conditions.iter().any(|c| c.source().contains("copies")) { &[1, 2] } else { &[1] };
        let mut tries = 0;
        let mut picks = vec![0; options.len()];
        loop {
            let mut values = self.base.clone();
            for ((key, options), pick) in options.iter().zip(&picks) {
                self.choose(&mut values, key, &options[*pick]);
            }
            values::derive(&mut values, self.forms, |field| field.computed);
            for (day, copies) in days.iter().flat_map(|day| copies.iter().map(move |n| (*day, *n)))
            {
                tries += 1;
                if found(&values, day, copies) {
                    return true;
                }
            }
            // The next pick, the first key changing fastest.
            let next = picks.iter().zip(&options).position(|(pick, (_, o))| pick + 1 < o.len());
            let Some(next) = next.filter(|_| tries < MOST_TRIES) else { return false };
            picks[..next].fill(0);
            picks[next] += 1;
        }
    }

    /// Whether the record that the rule names breaks it.
    fn is_broken_by(&self, rule: &Rule, broken_by: &serde_json::Value) -> bool {
        let mut record = self.form.sample.record.0.clone();
        let mut absent = Vec::new();
        put_over(&mut record, broken_by, "", &mut absent);
        let mut values = base(&record, self.forms);
        absent.iter().for_each(|key| values.remove(key));
        values::derive(&mut values, self.forms, |field| field.computed);
        let today = broken_by["today"].as_str().and_then(|day| day.parse().ok());
        super::form::breaks(rule, self.form, &values, self.forms, today.unwrap_or(TODAY), 1)
    }

    /// A key, or what its value is computed from.
    fn sources(&self, key: &str, into: &mut BTreeSet<String>) {
        let Some(field) = self.forms.dictionary().get(key) else { return };
        match &field.derive {
            Some(derive) if field.computed => {
                derive.keys().iter().for_each(|key| self.sources(key, into));
            }
            _ if field.kind == Kind::Section => {}
            _ => {
                into.insert(field.key.clone());
            }
        }
    }

    /// Other values that a condition may mean.
    fn options(&self, key: &str, words: &[String]) -> Vec<Choice> {
        let Some(field) = self.forms.dictionary().get(key) else { return vec![Choice::AsItIs] };
        if field.kind == Kind::List {
            return [0, 1, 2, 4].map(Choice::Items).into_iter().chain(self.items(key)).collect();
        }
        let own = keys(field, &self.base, self.forms);
        let own = own.first().and_then(|key| self.base.get(key)).map(|value| value.text.clone());
        let mut texts = field.kind.ways().tries(field, &own.unwrap_or_default(), words);
        texts.truncate(MOST_VALUES);
        // An item may differ from those before it.
        let is_of_item = self.list_of(field).is_some();
        let last: Vec<Choice> =
            texts.last().filter(|_| is_of_item).cloned().map(Choice::OfLast).into_iter().collect();
        let texts = texts.into_iter().map(Choice::Text);
        [Choice::AsItIs].into_iter().chain(texts).chain(last).chain([Choice::Absent]).collect()
    }

    /// Items that differ in a choice, all with the first and all with the last of its values.
    fn items(&self, list: &str) -> Vec<Choice> {
        let fields = self.forms.dictionary().children(list).filter(|f| f.kind == Kind::Choice);
        fields
            .flat_map(|field| {
                let ends = field.choices.first().into_iter().chain(field.choices.last());
                ends.map(|choice| Choice::Alike(field.key.clone(), choice.value.clone()))
            })
            .collect()
    }

    fn choose(&self, values: &mut Values, key: &str, choice: &Choice) {
        let Some(field) = self.forms.dictionary().get(key) else { return };
        match choice {
            Choice::AsItIs => {}
            Choice::Absent => {
                keys(field, values, self.forms).iter().for_each(|key| values.remove(key))
            }
            Choice::Text(text) => {
                for key in keys(field, values, self.forms) {
                    set(values, &key, field, text);
                }
            }
            Choice::OfLast(text) => {
                if let Some(key) = keys(field, values, self.forms).last() {
                    set(values, key, field, text);
                }
            }
            Choice::Items(count) => {
                let first: Vec<(String, Value)> = self.item(key);
                values.insert_list(key, *count);
                for i in 0..*count {
                    for (name, value) in &first {
                        values.insert(format!("{key}[{i}].{name}"), value.clone());
                    }
                }
            }
            Choice::Alike(field, value) => {
                self.choose(values, key, &Choice::Items(2));
                self.choose(values, field, &Choice::Text(value.clone()));
            }
        }
    }

    /// The first item of a list by the names of its fields.
    fn item(&self, list: &str) -> Vec<(String, Value)> {
        let fields = self.forms.dictionary().children(list);
        let value = |field: &Field| {
            let value = self.base.get(&format!("{list}[0].{}", field.name()))?;
            Some((field.name().to_owned(), value.clone()))
        };
        fields.filter_map(value).collect()
    }

    /// The days to try a rule on: near the dates of the record and its own where
    /// it reads the day.
    fn days(&self, conditions: &[&Expression], words: &[String]) -> Vec<Date> {
        if !conditions.iter().any(|condition| condition.keys().contains("today")) {
            return vec![TODAY];
        }
        let dates = self.base.iter().filter_map(|(_, value)| match value.data {
            Data::Date(date) => Some(date),
            _ => None,
        });
        let written = words.iter().filter_map(|word| word.parse().ok());
        let dates: BTreeSet<Date> = dates.chain(written).chain([TODAY]).collect();
        let days = dates.into_iter().flat_map(|date| {
            [-400, -45, -15, -1, 0, 1, 45]
                .into_iter()
                .filter_map(move |days| date.checked_add(jiff::Span::new().days(days)).ok())
        });
        days.collect::<BTreeSet<Date>>().into_iter().collect()
    }
}

/// Puts a part of a record over another; keys whose value is null are told as absent.
fn put_over(
    record: &mut serde_json::Value,
    part: &serde_json::Value,
    key: &str,
    absent: &mut Vec<String>,
) {
    let Some(entries) = part.as_object() else {
        if part.is_null() {
            absent.push(key.to_owned());
        }
        *record = part.clone();
        return;
    };
    for (name, value) in entries.iter().filter(|(name, _)| !key.is_empty() || *name != "today") {
        let dot = if key.is_empty() { "" } else { "." };
        put_over(&mut record[name.as_str()], value, &format!("{key}{dot}{name}"), absent);
    }
}

/// What a field is set to.
enum Choice {
    AsItIs,
    Absent,
    Text(String),
    /// Of the last item of its list alone.
    OfLast(String),
    /// So many copies of a list's first item.
    Items(usize),
    /// Two items with this value of this field.
    Alike(String, String),
}

/// The texts and numbers that an expression writes out.
fn literals(source: &str) -> Vec<String> {
    let quoted = source.split(['"', '\'']).skip(1).step_by(2).map(str::to_owned);
    let bare = source.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    quoted.chain(bare.map(str::to_owned)).collect()
}
