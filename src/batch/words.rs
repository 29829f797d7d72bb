//! Words of the lists, in the language of the run.

use crate::report::Lang;

/// What the list says of a facility that is done or not.
pub(super) fn state(is_good: bool, lang: Lang) -> &'static str {
    match is_good {
        true => pick(lang, "作成済み", "done"),
        false => pick(lang, "誤り", "faulty"),
    }
}

/// One of the two.
pub(super) fn pick(lang: Lang, ja: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Ja => ja,
        Lang::En => en,
    }
}
