//! An empty record to fill in: every field a form takes, with its label, kind and example.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Dictionary, Field, Form, Forms, Kind};
use crate::expr::Expression;
use crate::report::{Lang, Text};

impl Forms {
    /// A commented record in YAML with the fields of `forms`, all empty.
    pub fn skeleton(&self, forms: &[&Form], lang: Lang) -> String {
        let dictionary = self.dictionary();
        let (mut required, mut optional) = (BTreeSet::new(), BTreeSet::new());
        for form in forms {
            let needs = self.needs(form);
            required.extend(needs.required().iter().cloned());
            optional.extend(needs.optional().iter().cloned());
        }
        optional.retain(|key| !required.contains(key));
        let names: Vec<&str> = forms.iter().map(|form| form.short_name()).collect();
        let mut out = match lang {
            Lang::Ja => format!(
                "# {}の記録。「: 」の後に値を書きます。\n# 初めに「# 」のある項目は、要るときに「# 」を空白ごと消して書きます。\n# 確かめる: onshi check このファイル    できあがり: onshi fill このファイル -o out/\n",
                names.join("・")
            ),
            Lang::En => format!(
                "# A record for {}. Write each value after its colon.\n# To use a line that begins with `# `, delete both characters.\n# check it: onshi check THIS-FILE    print it: onshi fill THIS-FILE -o out/\n",
                names.join(", ")
            ),
        };
        for field in dictionary.fields() {
            let below = |keys: &BTreeSet<String>| {
                let inside = format!("{}.", field.key);
                keys.iter().any(|k| *k == field.key || k.starts_with(&inside))
            };
            if field.computed || !(below(&required) || below(&optional)) {
                continue;
            }
            let need = match below(&required) {
                true if field.derive.is_none() => None,
                _ => Some(dictionary.need(field, forms)),
            };
            dictionary.line(&mut out, field, need.as_ref(), lang);
        }
        out
    }
}

impl Dictionary {
    /// When a field that may be left out is needed all the same.
    fn need(&self, field: &Field, forms: &[&Form]) -> Text {
        if let Some(when) = field.needed.as_ref().and_then(|needed| needed.when.as_ref()) {
            let sometimes = Text::new("場合により必要", "needed in some cases");
            return self.case(when).map_or(sometimes, |case| {
                Text::new(format!("{}必要", case.ja), format!("needed {}", case.en))
            });
        }
        let rules = forms.iter().flat_map(|form| &form.rules).map(|rule| &rule.value);
        let mut when = rules.filter_map(|rule| {
            let key = rule.key(&rule.require.as_ref()?.value, None);
            rule.when.as_ref().filter(|_| key == field.key)
        });
        let sometimes = || Text::new("場合により必要", "needed in some cases");
        match (when.next(), when.next()) {
            (None, _) => Text::new("任意", "optional"),
            (Some(when), None) => self.case(&when.value).map_or_else(sometimes, |case| {
                Text::new(format!("{}必要", case.ja), format!("needed {}", case.en))
            }),
            _ => sometimes(),
        }
    }

    /// A condition on one choice in words: of `a.status != "ウ"`, 状況がア・イのとき.
    pub(crate) fn case(&self, condition: &Expression) -> Option<Text> {
        let condition = condition.source();
        let equal = condition.split_once(" == ").map(|parts| (parts, true));
        let ((key, value), is) =
            equal.or_else(|| condition.split_once(" != ").map(|parts| (parts, false)))?;
        let value = value.strip_prefix('"')?.strip_suffix('"')?;
        let field = self.get(key).filter(|field| !field.choices.is_empty())?;
        let values = field.choices.iter().map(|choice| choice.value.as_str());
        let values: Vec<&str> = values.filter(|known| (*known == value) == is).collect();
        Some(Text::new(
            format!("{}が{}のとき", field.label.ja, values.join("・")),
            format!("when {} is {}", field.label.en, values.join(" or ")),
        ))
    }

    fn line(&self, out: &mut String, field: &Field, need: Option<&Text>, lang: Lang) {
        let mut indent = "  ".repeat(field.key.matches('.').count());
        let in_list = self.get(field.parent()).is_some_and(|parent| parent.kind == Kind::List);
        if in_list {
            let first = self.children(field.parent()).next().is_some_and(|f| f.key == field.key);
            indent += if first { "- " } else { "  " };
        }
        // A derived or optional field is left for whoever needs it.
        let is_value = !field.kind.is_group();
        let off = if is_value && need.is_some() { "# " } else { "" };
        let head = format!("{indent}{off}{}:", field.name());
        let note = note(field, need, lang);
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{head:<28} # {note}");
    }
}

fn note(field: &Field, need: Option<&Text>, lang: Lang) -> String {
    let label = field.label.get(lang);
    let help = field.help.get(lang);
    if field.kind.is_group() {
        return if help == label { label.to_owned() } else { format!("{label} — {help}") };
    }
    let allowed = field.kind.ways().allowed(field, " | ");
    let kind = allowed.get(lang);
    let quoted = field.kind.ways().example_in_yaml(field);
    match lang {
        Lang::Ja => {
            let need = need.map_or_else(String::new, |need| format!("（{}）", need.ja));
            format!("{label}{need} ［{kind}］ 例: {quoted}  {help}")
        }
        Lang::En => {
            let need = need.map_or_else(String::new, |need| format!(" ({})", need.en));
            format!("{label}{need} [{kind}] e.g. {quoted}  {help}")
        }
    }
}
