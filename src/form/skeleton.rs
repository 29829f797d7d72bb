//! An empty record to fill in: every field a form takes, with its label, kind and example.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Dictionary, Field, Form, Forms, Kind};
use crate::expr::Expression;
use crate::report::{Lang, Text};

impl Forms {
    /// A commented record in YAML with the fields of `forms`, all empty, each explained on the line above it:
    /// with Japanese keys in Japanese.
    ///
    /// ```
    /// use onshi::{form::Forms, report::Lang};
    /// let forms = Forms::built_in();
    /// let skeleton = forms.skeleton(&[forms.find("別紙2").unwrap()], Lang::Ja);
    /// assert!(skeleton.contains("\n医療機関・薬局:\n") && skeleton.contains("\n  名称: \n"));
    /// ```
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
                "# {}の記録。「: 」の後に値を書きます。項目の説明は、その上の行にあります。\n# 初めに「# 」のある項目は、要るときに「# 」を空白ごと消して書きます。\n# 確かめる: onshi check このファイル    できあがり: onshi fill このファイル -o out/\n",
                names.join("・")
            ),
            Lang::En => format!(
                "# A record for {}. Write each value after its colon; the line above explains it.\n# To use a line that begins with `# `, delete both characters.\n# check it: onshi check THIS-FILE    print it: onshi fill THIS-FILE -o out/\n",
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
                _ => Some(
                    dictionary.need(field, forms).unwrap_or_else(|| Text::new("任意", "optional")),
                ),
            };
            dictionary.line(&mut out, field, need.as_ref(), lang);
        }
        out
    }
}

impl Dictionary {
    /// When a field that may be left out is needed all the same; none where it never is.
    pub(crate) fn need(&self, field: &Field, forms: &[&Form]) -> Option<Text> {
        let sometimes = || Text::new("場合により必要", "needed in some cases");
        let needed = |when: &Expression| {
            self.case(when).map_or_else(sometimes, |case| {
                Text::new(format!("{}必要", case.ja), format!("needed {}", case.en))
            })
        };
        if let Some(when) = field.needed.as_ref().and_then(|needed| needed.when.as_ref()) {
            return Some(needed(when));
        }
        let rules = forms.iter().flat_map(|form| &form.rules).map(|rule| &rule.value);
        let mut when = rules.filter_map(|rule| {
            let key = rule.key(&rule.require.as_ref()?.value, None);
            rule.when.as_ref().filter(|_| key == field.key)
        });
        match (when.next(), when.next()) {
            (None, _) => None,
            (Some(when), None) => Some(needed(&when.value)),
            _ => Some(sometimes()),
        }
    }

    /// A condition on choices in words: of `a.status != "ウ"`, 状況がア・イのとき. None for any other condition.
    pub(crate) fn case(&self, condition: &Expression) -> Option<Text> {
        let choices = condition.source().split(" && ").map(|part| self.chosen(part));
        let choices = choices.collect::<Option<Vec<_>>>()?;
        let ja =
            choices.iter().map(|(label, values)| format!("{}が{}", label.ja, values.join("・")));
        let en = choices
            .iter()
            .map(|(label, values)| format!("{} is {}", label.en, values.join(" or ")));
        Some(Text::new(
            format!("{}のとき", ja.collect::<Vec<_>>().join("で、")),
            format!("when {}", en.collect::<Vec<_>>().join(" and ")),
        ))
    }

    /// What a comparison such as `a.status != "ウ"` leaves of a choice: its label and the values.
    fn chosen(&self, comparison: &str) -> Option<(&Text, Vec<&str>)> {
        let equal = comparison.split_once(" == ").map(|parts| (parts, true));
        let ((key, value), is) =
            equal.or_else(|| comparison.split_once(" != ").map(|parts| (parts, false)))?;
        let value = value.strip_prefix('"')?.strip_suffix('"')?;
        let field = self.get(key)?;
        let values = field.choices.iter().map(|choice| choice.value.as_str());
        let left: Vec<&str> = values.filter(|known| (*known == value) == is).collect();
        (!left.is_empty()).then_some((&field.label, left))
    }

    fn line(&self, out: &mut String, field: &Field, need: Option<&Text>, lang: Lang) {
        let mut indent = "  ".repeat(field.key.matches('.').count());
        let mut dash = "";
        if self.get(field.parent()).is_some_and(|parent| parent.kind == Kind::List) {
            let first = self.children(field.parent()).next().is_some_and(|f| f.key == field.key);
            if first { dash = "- " } else { indent += "  " }
        }
        let key = match lang {
            Lang::Ja => plain(&field.label.ja),
            Lang::En => field.name().to_owned(),
        };
        // Sections stand apart.
        let above = if field.parent().is_empty() { "\n" } else { "" };
        let note = note(field, need, lang).map(|note| format!("{indent}# {note}\n"));
        // A derived or optional field is left for whoever needs it; behind a colon there is a space to type after.
        let (off, space) = match field.kind.is_group() {
            true => ("", ""),
            false => (if need.is_some() { "# " } else { "" }, " "),
        };
        let note = note.unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{above}{note}{indent}{dash}{off}{key}:{space}");
    }
}

/// A label as a key of YAML.
fn plain(label: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "・（）()ー－々〇_/／＋".contains(c);
    match label.starts_with(char::is_alphabetic) && label.chars().all(is_plain) {
        true => label.to_owned(),
        // A string of JSON is one of YAML.
        false => serde_json::Value::from(label).to_string(),
    }
}

/// What stands above a field; nothing where there is nothing to say but its label.
fn note(field: &Field, need: Option<&Text>, lang: Lang) -> Option<String> {
    let (label, help) = (field.label.get(lang), field.help.get(lang));
    // In Japanese the label is the key.
    let what = match lang {
        _ if help == label => label.to_owned(),
        Lang::Ja => help.to_owned(),
        Lang::En => format!("{label} — {help}"),
    };
    if field.kind.is_group() {
        return (lang == Lang::En || help != label).then_some(what);
    }
    let allowed = field.kind.ways().allowed(field, " | ");
    let kind = allowed.get(lang).to_owned() + &several(field, lang);
    let example = field.kind.ways().example_in_yaml(field);
    Some(match lang {
        Lang::Ja => {
            let need = need.map_or_else(String::new, |need| format!("（{}）", need.ja));
            format!("{what}{need} ［{kind}］ 例: {example}")
        }
        Lang::En => {
            let need = need.map_or_else(String::new, |need| format!(" ({})", need.en));
            format!("{what}{need} [{kind}] e.g. {example}")
        }
    })
}

/// How several values of a field are written, where it takes them.
fn several(field: &Field, lang: Lang) -> String {
    let values: Vec<&str> = field.choices.iter().map(|choice| choice.value.as_str()).collect();
    match (field.many, &values[..], lang) {
        (true, [first, second, ..], Lang::Ja) => format!("、二つ以上は [{first}, {second}]"),
        (true, [first, second, ..], Lang::En) => format!(", several as [{first}, {second}]"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_that_yaml_would_misread_is_quoted() {
        assert_eq!(plain("地方厚生（支）局"), "地方厚生（支）局");
        assert_eq!(plain("利用申請・電子証明書の発行申請"), "利用申請・電子証明書の発行申請");
        assert_eq!(plain("備考: その他"), "\"備考: その他\"");
        assert_eq!(plain("1"), "\"1\"");
        assert_eq!(plain("# 件数"), "\"# 件数\"");
    }
}
