//! The fields that a form needs under a condition: the rules that follow from `needed`.

use super::conditions::{Rules, Truth};
use super::form::{Check, not_judged};
use crate::form::{Field, Needed, Otherwise};
use crate::report::{Diagnostic, Text};

impl Check<'_> {
    /// Checks what the form's own fields say of when they are needed.
    pub(super) fn needed(&mut self, rules: &mut Rules<'_>) {
        for field in self.form.fields.iter().map(|field| &field.value) {
            let Some(needed) = &field.needed else { continue };
            let parent = self.forms.dictionary().get(field.parent());
            let list = parent.filter(|parent| parent.kind == crate::form::Kind::List);
            let Some(list) = list else {
                self.apply_needed(field, needed, &field.key, rules);
                continue;
            };
            for i in 0..self.values.len(&list.key) {
                let item = format!("{}[{i}]", list.key);
                rules.set_item(&item, &list.key);
                self.apply_needed(field, needed, &format!("{item}.{}", field.name()), rules);
            }
        }
    }

    fn apply_needed(&mut self, field: &Field, needed: &Needed, key: &str, rules: &Rules<'_>) {
        let is_there = self.values.get(key).is_some() || self.values.len(key) > 0;
        if self.values.is_invalid(key) {
            return;
        }
        let judged = needed.when.as_ref().map(|when| (when, rules.judged(when)));
        let truth = match judged {
            None => Truth::True,
            Some((_, Ok(truth))) => truth,
            Some((when, Err(why))) => {
                let code = format!("{}/{}", self.form.id, field.name());
                self.report.push(not_judged(code, when, &why).with_form(&self.form.id));
                return;
            }
        };
        let dictionary = self.forms.dictionary();
        // The condition in words, with what parts it from the rest of a sentence.
        let case = || {
            let case = needed.when.as_ref().and_then(|when| dictionary.case(when));
            case.map_or_else(Default::default, |case| {
                (format!("{}、", case.ja), format!(" {}", case.en))
            })
        };
        let (suffix, found) = match (truth, needed.otherwise, is_there) {
            (Truth::True, _, false) => {
                let (label, (ja, en)) = (dictionary.label(key), case());
                let message = Text::new(
                    format!("{ja}{} が必要です", label.ja),
                    format!("{} is needed{en}", label.en),
                );
                let hint = match dictionary.filled_by(key) {
                    None => self.how_to_write(key, field),
                    Some(who) => {
                        let Text { ja, en } = self.how_to_write(key, field);
                        Text::new(
                            format!(
                                "提出するときは{}の欄を空けてください。記入されたものを写すときは、{ja}",
                                who.ja
                            ),
                            format!(
                                "leave the blanks of {} empty when you hand the form in; to copy what they filled in, {en}",
                                who.en
                            ),
                        )
                    }
                };
                ("", Diagnostic::error("", message).with_hint(hint))
            }
            (Truth::False, Otherwise::Unused, true) => {
                let (label, (ja, en)) = (dictionary.label(key), case());
                let message = Text::new(
                    format!("{} は書かれていますが、使いません", label.ja),
                    format!("{} is given but not used", label.en),
                );
                let hint = match ja.strip_suffix('、') {
                    Some(case) => Text::new(
                        format!("{case}だけ書きます。消すか、条件の値を直してください"),
                        format!("write it only{en}: remove it, or correct the value it depends on"),
                    ),
                    None => Text::new("消してください", "remove it"),
                };
                ("-unused", Diagnostic::warning("", message).with_hint(hint))
            }
            (Truth::False, Otherwise::Open, false) => {
                let label = dictionary.label(key);
                let message = Text::new(
                    format!("{} は空欄になります", label.ja),
                    format!("{} stays blank", label.en),
                );
                let hint = Text::new("決まり次第書いてください", "fill it in once it is decided");
                ("-open", Diagnostic::warning("", message).with_hint(hint))
            }
            _ => return,
        };
        let id = field.rule_id().unwrap_or_default();
        let code = format!("{}/{id}{suffix}", self.form.id);
        self.report.push(
            Diagnostic { code, ..found }
                .with_form(&self.form.id)
                .with_field(key)
                .with_cite(&needed.cite)
                .at(self.place(key)),
        );
    }
}
