//! What people write where they do not know a value yet, or mean the one above.

use crate::form::fold;

/// Words for the value above, or for one that is given elsewhere.
const DITTO: [&str; 8] = ["同上", "同左", "同右", "同前", "同じ", "同様", "〃", "仝"];

/// What is said last of a value that is given elsewhere: 院長と同じ.
const SAME_AS: [&str; 6] = ["と同じ", "に同じ", "とおなじ", "におなじ", "と同様", "に同様"];

/// What is written in place of a value that there is not.
const NONE: [&str; 3] = ["なし", "無し", "該当なし"];

/// Words for a value that is still to come.
const UNKNOWN: [&str; 8] =
    ["未定", "未決定", "調整中", "検討中", "確認中", "後日記入", "不明", "tbd"];

/// What a name has with it until it is decided.
const PROVISIONAL: [&str; 3] = ["仮称", "(仮)", "〔仮〕"];

/// A folded text without brackets, as these words are written.
fn plain(folded: &str) -> &str {
    folded.trim_matches(['(', ')', '「', '」'])
}

/// Whether a folded text stands for the value above, or for one that is given elsewhere.
fn is_ditto(folded: &str) -> bool {
    let text = plain(folded);
    DITTO.contains(&text)
        || SAME_AS.iter().any(|end| text.ends_with(end))
        || !text.is_empty() && text.chars().all(|c| matches!(c, '〃' | '"' | '”' | '″'))
}

/// Whether a text is nothing but a dash.
fn is_dash(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| "-‐‑–—―－ーｰ−_＿/／".contains(c))
}

/// The words of a text that are no value: all of it, or its first where several columns make one text
/// (`〃　院長 花子`, `なし　院長 花子`).
pub(super) fn no_value(text: &str) -> Option<&str> {
    no_value_of(text, &fold(text))
}

/// The same of a text that is folded already.
fn no_value_of<'a>(text: &'a str, folded: &str) -> Option<&'a str> {
    let text = text.trim();
    let mut words = text.split_whitespace();
    let first = words.next()?;
    if is_ditto(folded) || is_dash(text) {
        return Some(text);
    }
    words.next()?;
    let folded = fold(first);
    (is_ditto(&folded) || is_dash(first) || NONE.contains(&plain(&folded))).then_some(first)
}

/// Whether a text, given as it is and folded, stands for a value, or has signs such as ○○ or XXX in place of letters.
pub(crate) fn is_placeholder(text: &str, folded: &str) -> bool {
    let is_sign = |c: char| "○〇◯●△▲□■×＊*".contains(c);
    let mut pairs = text.chars().zip(text.chars().skip(1));
    no_value_of(text, folded).is_some()
        || text.as_bytes().windows(3).any(|word| word.eq_ignore_ascii_case(b"xxx"))
        || UNKNOWN.contains(&plain(folded))
        || PROVISIONAL.iter().any(|word| folded.contains(word))
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
            "（仮）みなと眼科",
            "みなと眼科（仮称）",
        ] {
            assert!(is_placeholder(text, &fold(text)), "{text}");
        }
        for text in ["未定義クリニック", "○クリニック", "佐々木", "山田〇男", "11-22", ""]
        {
            assert!(!is_placeholder(text, &fold(text)), "{text}");
        }
    }

    #[test]
    fn what_stands_for_another_value_is_none() {
        for (text, found) in [
            ("院長と同じ", "院長と同じ"),
            ("（施設に同じ）", "（施設に同じ）"),
            ("同上", "同上"),
            ("－", "－"),
            ("---", "---"),
            ("〃　具志堅 海", "〃"),
            ("なし　大野 誠", "なし"),
            ("－　理事長 遠江 花", "－"),
        ] {
            assert_eq!(no_value(text), Some(found));
        }
        for text in ["なし", "同仁会 山田 花子", "同上院クリニック", "富士通 - 関西", ""]
        {
            assert_eq!(no_value(text), None, "{text}");
        }
    }
}
