//! Hiragana.

use super::{ColumnStyle, Field, FieldKind, Read, Refused, kana, text};
use crate::report::Text;

/// Hiragana.
pub(super) struct Hiragana;

impl FieldKind for Hiragana {
    fn words(&self) -> Text {
        Text::new("ひらがな", "hiragana")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        text::not_zero(field, written)?;
        match written.chars().find(|c| !is_hiragana(*c)) {
            None => Ok(Read::text(kana::joined(written), written)),
            Some(c) => Err(Refused::of(
                field,
                written,
                Text::new(
                    format!("ひらがなではありません（{c}）"),
                    format!("is not hiragana ({c})"),
                ),
            )),
        }
    }

    fn has_words(&self) -> bool {
        true
    }

    fn column(&self, field: &Field) -> ColumnStyle {
        text::column(field)
    }
}

fn is_hiragana(c: char) -> bool {
    ('ぁ'..='ゟ').contains(&c) || matches!(c, 'ー' | '・') || c.is_whitespace()
}
