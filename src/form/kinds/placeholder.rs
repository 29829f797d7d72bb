//! What people write where they do not know a value yet, or mean the one above.

use crate::form::fold;

/// Words for the value above, or for one that is given elsewhere.
const DITTO: [&str; 9] =
    ["同上", "同左", "同右", "同前", "同じ", "上記に同じ", "所在地に同じ", "〃", "仝"];

/// Words for a value that is still to come.
const UNKNOWN: [&str; 8] =
    ["未定", "未決定", "調整中", "検討中", "確認中", "後日記入", "不明", "tbd"];

/// A text as these words are written, without brackets.
fn plain(text: &str) -> String {
    fold(text).trim_matches(['(', ')', '「', '」']).to_owned()
}

/// Whether a text stands for the value above.
pub(super) fn is_ditto(text: &str) -> bool {
    let text = plain(text);
    DITTO.contains(&text.as_str())
        || !text.is_empty() && text.chars().all(|c| matches!(c, '〃' | '"' | '”' | '″'))
}

/// Whether a text stands for a value, or has signs such as ○○ or XXX in place of letters.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let is_sign = |c: char| "○〇◯●△▲□■×＊*".contains(c);
    let mut pairs = text.chars().zip(text.chars().skip(1));
    is_ditto(text)
        || text.to_lowercase().contains("xxx")
        || UNKNOWN.contains(&plain(text).as_str())
        || pairs.any(|(one, next)| one == next && is_sign(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_a_value_is_told_from_one() {
        for text in [
            "未定",
            "（未定）",
            "同上",
            "〃",
            "〃　〃",
            "○○クリニック",
            "〇〇XXXX",
            "〇〇 太郎",
            "XXXX@XXX.co.jp",
            "TBD",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["未定義クリニック", "○クリニック", "佐々木", "山田〇男", "11-22", ""]
        {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
