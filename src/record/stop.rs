//! What the parser stopped at, in the program's words.

use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::granit_parser::ErrorKind;
use serde_saphyr::{Error, ExternalMessageSource};

use crate::report::{Diagnostic, Text};
use crate::yaml::{self, place_of};

/// What the parser stopped at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Tab,
    TooDeep,
    TooMuch,
    TwoRecords,
    Other,
}

impl Stop {
    pub fn of(error: &Error) -> Stop {
        match error.without_snippet() {
            Error::AliasError { error, .. } => Stop::of(error),
            Error::MultipleDocuments { .. } => Stop::TwoRecords,
            Error::Budget { breach: BudgetBreach::Depth { .. }, .. } => Stop::TooDeep,
            Error::Budget { .. }
            | Error::AliasReplayCounterOverflow { .. }
            | Error::AliasReplayLimitExceeded { .. }
            | Error::AliasExpansionLimitExceeded { .. }
            | Error::AliasReplayStackDepthExceeded { .. }
            | Error::RecursiveReferencesRequireWeakTypes { .. } => Stop::TooMuch,
            Error::ExternalMessage { source, .. } => match source.as_ref() {
                ExternalMessageSource::Parser(error) => match error.kind() {
                    ErrorKind::RecursionLimitExceeded => Stop::TooDeep,
                    ErrorKind::TabNotAllowed
                    | ErrorKind::TabInBlockIndentation
                    | ErrorKind::TabInIndentation => Stop::Tab,
                    _ => Stop::Other,
                },
                _ => Stop::Other,
            },
            _ => Stop::Other,
        }
    }

    /// Whether a slip of the hand may be the cause; too much of something is none.
    pub fn is_slip(self) -> bool {
        matches!(self, Stop::Tab | Stop::TwoRecords | Stop::Other)
    }

    fn said(self) -> (&'static str, Text) {
        match self {
            Stop::Tab => (
                "字下げにタブが使われています",
                Text::new("タブを半角スペース2つに替えてください", "indent with spaces, not tabs"),
            ),
            Stop::TooDeep => (
                "括弧や字下げが深すぎます",
                Text::new(
                    "記録に必要な深さは4段までです",
                    "a record needs no more than four levels",
                ),
            ),
            Stop::TooMuch => (
                "別名（* と &）の展開または要素が多すぎます",
                Text::new("別名を使わずに書いてください", "do not use aliases"),
            ),
            Stop::TwoRecords => (
                "一つのファイルに複数の記録（---）があります",
                Text::new(
                    "一施設を一つのファイルにしてください",
                    "put each facility into its own file",
                ),
            ),
            Stop::Other => (
                "YAML として読めません",
                Text::new(
                    "この行とその前の行の字下げ、「: 」の後の空白、引用符や括弧の閉じ忘れを確かめてください",
                    "check the indentation, the space after `:`, and unclosed quotes or brackets here and on the line before",
                ),
            ),
        }
    }
}

/// The parser's error in the program's words, at its place.
pub(super) fn syntax(text: &str, error: &Error) -> Diagnostic {
    let place = error.location().and_then(|l| place_of(&l, text));
    let stop = Stop::of(error);
    let (ja, hint) = stop.said();
    let en = match stop {
        Stop::TwoRecords => "the file holds more than one record (`---`)".to_owned(),
        _ => format!("cannot be read as YAML: {}", yaml::message(error)),
    };
    fault(ja, en).at(place).with_hint(hint)
}

/// What keeps a text from being a record.
pub(super) fn fault(ja: impl Into<String>, en: impl Into<String>) -> Diagnostic {
    Diagnostic::error("syntax", Text::new(ja, en))
}
