//! The keys of a map, in both languages.

use crate::form::fold;
use crate::report::{Lang, Text};

/// A part of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Sheet,
    Heading,
    Columns,
    Join,
    Ignore,
    Constants,
    Same,
    Translate,
    LeaveOut,
    Key,
}

impl Part {
    pub const ALL: [Part; 10] = [
        Part::Sheet,
        Part::Heading,
        Part::Columns,
        Part::Join,
        Part::Ignore,
        Part::Constants,
        Part::Same,
        Part::Translate,
        Part::LeaveOut,
        Part::Key,
    ];

    /// Its key.
    pub fn key(self) -> Text {
        match self {
            Part::Sheet => Text::new("シート", "sheet"),
            Part::Heading => Text::new("見出しの行", "heading"),
            Part::Columns => Text::new("列", "columns"),
            Part::Join => Text::new("つなぐ", "join"),
            Part::Ignore => Text::new("使わない列", "ignore"),
            Part::Constants => Text::new("共通の値", "constants"),
            Part::Same => Text::new("同じ値", "same"),
            Part::Translate => Text::new("読み替え", "translate"),
            Part::LeaveOut => Text::new("除く行", "leave_out"),
            Part::Key => Text::new("施設の目印", "key"),
        }
    }

    /// What it is for, as a comment above it.
    pub fn says(self) -> Text {
        match self {
            Part::Sheet => Text::new("読むシート", "the sheet that is read"),
            Part::Heading => {
                Text::new("見出しのある行の番号", "the number of the row with the headings")
            }
            Part::Columns => {
                Text::new("名簿の見出し: 様式の項目", "heading of the list: field of the forms")
            }
            Part::Join => Text::new(
                "項目: [見出し, 見出し]（書いた順につなぎます）",
                "field: [heading, heading], joined in this order",
            ),
            Part::Ignore => {
                Text::new("読まない列の見出し", "headings of columns that are not read")
            }
            Part::Constants => {
                Text::new("項目: 値（全施設に共通）", "field: value, the same for all facilities")
            }
            Part::Same => Text::new(
                "項目: 同じ値にする項目（例: 回答書の送付先 住所: 医療機関・薬局 所在地）",
                "field: the field it is the same as",
            ),
            Part::Translate => Text::new(
                "項目: {名簿の値: 様式の値}",
                "field: {value of the list: value of the form}",
            ),
            Part::LeaveOut => Text::new(
                "見出し: [値, 値]（この値の行は読みません）",
                "heading: [value, value]; rows with such a value are not read",
            ),
            Part::Key => Text::new(
                "値が同じ行を一つの施設とする列の見出し",
                "the heading of the column whose rows of one value are one facility",
            ),
        }
    }
}

/// What a column is that is written and not used.
pub(super) fn unused() -> Text {
    Text::new("使わない", "unused")
}

/// The key of the columns of a join that says what is between them.
pub(super) fn join_columns() -> Text {
    Text::new("列", "columns")
}

/// The key of what is between the columns of a join.
pub(super) fn join_between() -> Text {
    Text::new("間", "between")
}

/// Whether a key is this word, in either language.
pub(super) fn is(written: &str, word: &Text) -> bool {
    let folded = fold(written);
    [Lang::Ja, Lang::En].iter().any(|lang| fold(word.get(*lang)) == folded)
}
