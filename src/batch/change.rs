//! What has become of a facility since an earlier run.

use super::words::pick;
use crate::report::Lang;

/// What became of a facility.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// It was not there.
    New,
    /// It had errors and has none.
    Corrected,
    /// It had none and has errors.
    Spoilt,
    /// Something of it is written otherwise.
    Changed,
    /// Nothing that the summary shows is otherwise, nor what is printed.
    Same,
    /// It is no longer there.
    Gone,
}

impl Change {
    /// The word for it.
    pub fn word(self, lang: Lang) -> &'static str {
        match self {
            Change::New => pick(lang, "新規", "new"),
            Change::Corrected => pick(lang, "訂正済み", "corrected"),
            Change::Spoilt => pick(lang, "新たに誤り", "now faulty"),
            Change::Changed => pick(lang, "変更", "changed"),
            Change::Same => pick(lang, "変わらず", "unchanged"),
            Change::Gone => pick(lang, "なくなった", "gone"),
        }
    }
}
