//! Text, printed as written: names and addresses are never changed.

use super::{ColumnStyle, Data, Field, FieldKind, Read, Refused, brief};
use crate::form::fold;
use crate::report::Diagnostic;
use crate::{font, report};

/// Text, printed as written.
pub(super) struct Text;

impl FieldKind for Text {
    fn words(&self) -> report::Text {
        report::Text::new("文字", "text")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        not_zero(field, written)?;
        // The last line break of a YAML block belongs to YAML, not to the name.
        let text = font::composed(written.trim_end_matches(['\n', '\r']));
        Ok(Read::any(text, Data::Text))
    }

    fn doubt(&self, field: &Field, text: &str) -> Option<Diagnostic> {
        if text == field.example || !is_placeholder(text) {
            return None;
        }
        let (label, text) = (&field.label, brief(text));
        let message = report::Text::new(
            format!("{}「{text}」は仮の値のようです", label.ja),
            format!("{} `{text}` seems to stand for a value still to come", label.en),
        );
        Some(Diagnostic::warning("placeholder", message).with_hint(report::Text::new(
            "決まった値を書いてください（同上などとせず、もう一度書きます）",
            "write the value itself, once more where it is the same as above",
        )))
    }

    fn has_words(&self) -> bool {
        true
    }

    fn column(&self, field: &Field) -> ColumnStyle {
        column(field)
    }
}

/// A column of text.
pub(super) fn column(_field: &Field) -> ColumnStyle {
    ColumnStyle { width: 22.0, ..ColumnStyle::TEXT }
}

/// Refuses a 0 where a name or an address is asked for: a formula that refers to an empty cell gives it.
pub(super) fn not_zero(field: &Field, written: &str) -> Result<(), Refused> {
    if !matches!(written.trim(), "0" | "０") {
        return Ok(());
    }
    let found = report::Text::new("値ではないようです", "does not seem to be a value");
    let hint = report::Text::new(
        "空欄を参照する数式は 0 になります。値を書くか、空欄にしてください",
        "a formula that refers to an empty cell gives 0: write the value, or leave it empty",
    );
    Err(Refused::of(field, written, found).with_hint(hint))
}

/// What people write where they do not know the value yet, or mean the one above.
const PLACEHOLDERS: [&str; 12] = [
    "未定",
    "未決定",
    "同上",
    "同左",
    "同前",
    "〃",
    "仝",
    "調整中",
    "検討中",
    "確認中",
    "後日記入",
    "tbd",
];

/// Whether a text is such a word, or has signs such as ○○ in place of letters.
fn is_placeholder(text: &str) -> bool {
    let plain = fold(text);
    let plain = plain.trim_matches(['(', ')']);
    let is_sign = |c: char| "○〇◯●△▲□■×＊*".contains(c);
    let mut pairs = text.chars().zip(text.chars().skip(1));
    PLACEHOLDERS.contains(&plain) || pairs.any(|(one, next)| one == next && is_sign(one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;

    #[test]
    fn what_stands_for_a_value_is_told_from_one() {
        for text in ["未定", "（未定）", "同上", "〃", "○○クリニック", "〇〇 太郎", "TBD"]
        {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["未定義クリニック", "○クリニック", "佐々木", "山田〇男", "11-22"]
        {
            assert!(!is_placeholder(text), "{text}");
        }
        let doubts = |key: &str, text: &str| {
            let field = Forms::built_in().dictionary().get(key).unwrap();
            field.kind.ways().doubt(field, text).is_some()
        };
        assert!(doubts("founder.registration", "〇〇YYYY"));
        assert!(!doubts("founder.registration", "〇〇XXXX"));
    }

    #[test]
    fn a_zero_alone_is_no_name() {
        let field = Forms::built_in().dictionary().get("founder.name").unwrap();
        for (text, is_name) in [("0", false), (" ０ ", false), ("00", true), ("10番館", true)] {
            assert_eq!(field.read(text).is_ok(), is_name, "{text}");
        }
    }
}
