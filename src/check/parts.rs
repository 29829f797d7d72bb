//! A postal code or a phone number that is printed in parts.

use crate::form::{Field, group_count, groups};
use crate::report::{Diagnostic, Text};
use crate::values::Value;

/// The error that a code does not have the parts it is printed in, each a group of digits.
pub(super) fn fault(field: &Field, value: &Value) -> Option<Diagnostic> {
    let (kind, text) = (field.kind, &value.text);
    if groups(kind, text).is_some() {
        return None;
    }
    let (count, label) = (group_count(kind), &field.label);
    let message = Text::new(
        format!("{}「{text}」は、数字{count}組に分けて印字できません", label.ja),
        format!("{} `{text}` cannot be printed as {count} groups of digits", label.en),
    );
    // A postal code has its hyphen when it has been read.
    let hint = Text::new(
        "03-0000-0000 のようにハイフンで三つに区切って書いてください",
        "write it in three groups with hyphens, as in 03-0000-0000",
    );
    Some(Diagnostic::error("parts", message).with_hint(hint).at(value.place.clone()))
}
