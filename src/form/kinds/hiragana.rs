//! Hiragana.

use std::borrow::Cow;

use super::{ColumnStyle, Field, FieldKind, Read, Refused, text};
use crate::font;
use crate::report::Text;

/// Hiragana.
pub(super) struct Hiragana;

impl FieldKind for Hiragana {
    fn words(&self) -> Text {
        Text::new("ひらがな", "hiragana")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        text::not_zero(field, written)?;
        let text = font::voiced_composed(written);
        match text.chars().find(|c| !is_hiragana(*c)) {
            None => Ok(Read::text(text, written)),
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

    fn comparable<'a>(&self, _text: &'a str, folded: &'a str) -> Option<Cow<'a, str>> {
        Some(folded.into())
    }
}

fn is_hiragana(c: char) -> bool {
    ('ぁ'..='ゟ').contains(&c) || matches!(c, 'ー' | '・') || c.is_whitespace()
}
