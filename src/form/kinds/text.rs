//! Text, printed as written: names and addresses are never changed.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::placeholder::no_value;
use super::{ColumnStyle, Data, Field, FieldKind, Read, Refused};
use crate::{font, report};

/// Text, printed as written.
pub(super) struct Text;

impl FieldKind for Text {
    fn words(&self) -> report::Text {
        report::Text::new("文字", "text")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        not_zero(field, written)?;
        not_ditto(field, written)?;
        // The last line break of a YAML block belongs to YAML, not to the name.
        let text = font::composed(written.trim_end_matches(['\n', '\r']));
        Ok(Read::any(text, Data::Text))
    }

    fn has_words(&self) -> bool {
        true
    }

    fn schema(&self, _field: &Field) -> Value {
        schema()
    }

    fn column(&self, field: &Field) -> ColumnStyle {
        column(field)
    }

    fn comparable<'a>(&self, _text: &'a str, folded: &'a str) -> Option<Cow<'a, str>> {
        Some(folded.into())
    }
}

/// A text, which may look like a number or a truth value: `name: 365` is read as it is written.
pub(super) fn schema() -> Value {
    json!({"type": ["string", "number", "boolean", "null"]})
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

/// Refuses words that stand for another value, or for none: they would be printed as somebody's name.
pub(super) fn not_ditto(field: &Field, written: &str) -> Result<(), Refused> {
    let Some(words) = no_value(written) else { return Ok(()) };
    let found = report::Text::new(
        format!("値そのものではありません（{words}）"),
        format!("is not the value itself ({words})"),
    );
    let hint = report::Text::new(
        "値そのものを書いてください。同じ値でも、もう一度書きます。値がなければ空欄にします",
        "write the value itself, once more where it is the same as another; leave it empty where there is none",
    );
    Err(Refused::of(field, written, found).with_hint(hint))
}

#[cfg(test)]
mod tests {
    use crate::form::Forms;

    #[test]
    fn a_zero_alone_is_no_name() {
        let field = Forms::built_in().dictionary().get("founder.name").unwrap();
        for (text, is_name) in [("0", false), (" ０ ", false), ("00", true), ("10番館", true)] {
            assert_eq!(field.read(text).is_ok(), is_name, "{text}");
        }
    }
}
