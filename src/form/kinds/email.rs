//! E-mail addresses.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::{Breaking, ColumnStyle, Control, Data, Field, FieldKind, Read, Refused, text};
use crate::report::Text;

/// An e-mail address.
pub(super) struct Email;

impl FieldKind for Email {
    fn words(&self) -> Text {
        Text::new("メールアドレス", "email")
    }

    fn read(&self, field: &Field, written: &str) -> Result<Read, Refused> {
        text::not_zero(field, written)?;
        if is_address(written) {
            return Ok(Read::any(written.to_owned(), Data::Text));
        }
        let found = Text::new("メールアドレスではありません", "is not an e-mail address");
        let mut refused = Refused::of(field, written, found);
        let narrow: String = written.nfkc().filter(|c| !c.is_whitespace()).collect();
        if narrow != written && narrow.is_ascii() {
            let hint = Text::new(
                format!("半角で書いてください: {narrow}"),
                format!("write it in half-width characters: {narrow}"),
            );
            let suggestion = Some(narrow).filter(|narrow| is_address(narrow));
            refused = refused.with_hint(hint).with_suggestion(suggestion);
        }
        Err(refused)
    }

    fn column(&self, _field: &Field) -> ColumnStyle {
        ColumnStyle { width: 22.0, ..ColumnStyle::TEXT }
    }

    fn control(&self, _field: &Field) -> Control {
        Control::Line { kind: "email", mode: "email", width: None }
    }

    fn breaking(&self) -> Breaking {
        Breaking::Email
    }

    fn comparable<'a>(&self, _text: &'a str, folded: &'a str) -> Option<Cow<'a, str>> {
        Some(folded.into())
    }
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.split('.').count() >= 2
            && host.split('.').all(|part| !part.is_empty())
            && !host.contains('@')
    });
    parts && text.bytes().all(|b| b.is_ascii_graphic())
}
