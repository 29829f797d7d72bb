//! What is doubtful about a value: an invented one that was left standing, or a word for one that is still to come.

use serde_json::Value;

use super::kinds::{brief, is_placeholder};
use super::{Dictionary, Field, Kind, fold};
use crate::report::{Diagnostic, Text};

impl Dictionary {
    /// Adds the invented values of a form's 記載例.
    pub(super) fn add_samples(&mut self, record: &Value) {
        let mut texts = Vec::new();
        leaves("", record, &mut texts);
        for (key, text) in texts {
            if let Some(field) = self.get(&key).cloned() {
                self.add_sample(&field, &text);
            }
        }
    }

    /// What is doubtful about a value that is of its kind: it is printed all the same.
    ///
    /// A value of the definitions' own examples was probably left standing, and 未定 or ○○ stand for one.
    pub(crate) fn doubt(&self, field: &Field, text: &str) -> Option<Diagnostic> {
        let folded = fold(text);
        let compared = field.kind.ways().comparable(text, &folded)?;
        let is_words = matches!(field.kind, Kind::Text | Kind::Address);
        let samples = self.samples();
        let is_sample = samples.has(&compared) || is_words && samples.is_in(&compared);
        if !is_sample && !is_placeholder(text, &folded) {
            return None;
        }
        let (label, shown) = (&field.label, brief(text));
        if is_sample {
            let message = Text::new(
                format!("{}「{shown}」は記載例の値です", label.ja),
                format!("{} `{shown}` is the value of the example", label.en),
            );
            return Some(Diagnostic::warning("sample", message).with_hint(Text::new(
                "この施設の値に書き直してください",
                "write the value of this facility",
            )));
        }
        let message = Text::new(
            format!("{}「{shown}」は仮の値のようです", label.ja),
            format!("{} `{shown}` seems to stand for a value still to come", label.en),
        );
        Some(Diagnostic::warning("placeholder", message).with_hint(Text::new(
            "決まった値を書いてください（同上などとせず、もう一度書きます）",
            "write the value itself, once more where it is the same as above",
        )))
    }
}

/// The texts of a record, each with its key, without the indices of lists.
fn leaves(key: &str, value: &Value, all: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(name, value)| {
            let dot = if key.is_empty() { "" } else { "." };
            leaves(&format!("{key}{dot}{name}"), value, all);
        }),
        Value::Array(items) => items.iter().for_each(|item| leaves(key, item, all)),
        Value::String(text) => all.push((key.to_owned(), text.clone())),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::form::Forms;

    fn code(key: &str, text: &str) -> Option<String> {
        let dictionary = Forms::built_in().dictionary();
        dictionary.doubt(dictionary.get(key).unwrap(), text).map(|found| found.code)
    }

    #[test]
    fn what_the_definitions_invented_is_nobodys_value() {
        for (key, text) in [
            ("facility.name", "オン資クリニック"),
            ("facility.name", "医療法人 オン資クリニック 分院"),
            ("contact.name", "資格　花子"),
            ("receipt_number.reply_to.name", "資格 太郎"),
            ("introduction_plan.vendor", "霞が関システム"),
            ("founder.email", "Hanako@example.jp"),
            ("founder.postal_code", "123-4567"),
            ("facility.code", "1234567"),
            ("founder.registration", "〇〇XXXX"),
            ("founder.address", "東京都千代田区霞が関１－２－２"),
            ("reader_demo.contact.name", "厚労太郎"),
        ] {
            assert_eq!(code(key, text).as_deref(), Some("sample"), "{key}: {text}");
        }
        for (key, text) in [
            ("facility.name", "みなとの丘内科クリニック"),
            ("introduction_plan.reader.maker", "富士通"),
            ("introduction_plan.network.provider", "NTT東日本 フレッツ光ネクスト"),
            ("facility.prefecture_code", "13"),
            ("founder.name", "資格"),
            ("founder.address", "東京都千代田区霞が関1-2-20"),
        ] {
            assert_eq!(code(key, text), None, "{key}: {text}");
        }
        assert_eq!(code("founder.registration", "○○123").as_deref(), Some("placeholder"));
        assert_eq!(code("founder.address", "東京都□□区").as_deref(), Some("placeholder"));
    }

    /// The 記載例 of the built-in forms are read when they are needed: their values must be examples too.
    #[test]
    fn every_invented_value_of_a_form_is_the_example_of_a_field() {
        let forms = Forms::built_in();
        for form in forms.forms() {
            let mut all = Vec::new();
            super::leaves("", &form.sample.record.0, &mut all);
            for (key, text) in all {
                let field = forms.dictionary().get(&key).unwrap();
                let is_text = field.kind.ways().comparable("", "").is_some();
                let is_refused = field.read(&text).is_err();
                let is_known = field.real_example
                    || field.computed
                    || is_refused
                    || code(&key, &text).is_some();
                assert!(!is_text || is_known, "{}: {key}: {text}", form.id);
            }
        }
    }
}
