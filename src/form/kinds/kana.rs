//! Full-width katakana; half-width and decomposed kana is put together.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::{ColumnStyle, Field, FieldKind, Read, Refused, text};
use crate::font;
use crate::report::Text;

/// Full-width katakana.
pub(super) struct Kana;

impl FieldKind for Kana {
    fn words(&self) -> Text {
        Text::new("全角カタカナ", "full-width katakana")
    }

    fn schema(&self, _field: &Field) -> serde_json::Value {
        text::schema()
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        text::not_zero(field, written)?;
        let written = written.trim_end_matches(['\n', '\r']);
        let text = composed(written);
        match text.chars().find(|c| !is_kana(*c)) {
            None => Ok(Read::text(text, written)),
            Some(c) => Err(Refused::of(
                field,
                written,
                Text::new(
                    format!("全角カタカナではありません（{c}）"),
                    format!("is not full-width katakana ({c})"),
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

/// Half-width kana made full-width, and voicing marks joined to their kana.
fn composed(text: &str) -> String {
    let is_half = |c: char| ('\u{FF61}'..='\u{FF9F}').contains(&c);
    let mut wide = String::with_capacity(text.len());
    for c in text.chars() {
        if is_half(c) { wide.extend(std::iter::once(c).nfkc()) } else { wide.push(c) }
    }
    font::voiced_composed(&wide)
}

fn is_kana(c: char) -> bool {
    ('ァ'..='ヿ').contains(&c)
        || c.is_whitespace()
        || c.is_ascii_digit()
        || ('０'..='９').contains(&c)
        || matches!(c, '（' | '）' | '(' | ')' | '－' | '-' | '−' | '＆' | '&' | '．' | '.')
}
