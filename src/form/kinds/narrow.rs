//! Widths in codes and numbers, where full-width characters mean the same.

use crate::font;
use crate::form::fold;

/// Full-width digits and the dashes people type for a hyphen, narrowed, and what cannot be seen left
/// out: in codes and numbers only.
pub(super) fn narrow(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|c| !font::is_invisible(*c))
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (u32::from(c) - u32::from('０')) as u8),
            '－' | '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | 'ｰ' => '-',
            '（' => '(',
            '）' => ')',
            c => c,
        })
        .collect()
}

/// Whether a text has nothing but ASCII digits.
pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// The digits of a code, as it is compared.
pub(super) fn digits_of(text: &str) -> String {
    fold(text).chars().filter(char::is_ascii_digit).collect()
}
