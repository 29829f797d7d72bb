//! Characters that are not what their reader takes them for: radicals in place of kanji, and what
//! cannot be seen.

use unicode_normalization::UnicodeNormalization;

/// The kanji that each of the radicals U+2E80 to U+2EF3 looks like, `-` where there is none: Unicode
/// 14.0, EquivalentUnifiedIdeograph.txt. The Kangxi radicals are compatibility characters.
const RADICALS: &str = concat!(
    "-厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵-旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒",
    "㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨",
    "鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
);

/// The kanji that a radical looks like; PDFs give radicals in place of kanji when text is copied.
pub(super) fn kanji(radical: char) -> Option<char> {
    match radical {
        '\u{2E80}'..='\u{2EF3}' => {
            let at = u32::from(radical) - 0x2E80;
            RADICALS.chars().nth(at as usize).filter(|kanji| *kanji != '-')
        }
        '\u{2F00}'..='\u{2FD5}' => std::iter::once(radical).nfkc().next(),
        _ => None,
    }
}

/// Whether a character is printed as nothing: it comes along with what is copied from elsewhere.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}')
        || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// Whether a character is a space of an unusual width.
pub(super) fn is_odd_space(c: char) -> bool {
    matches!(c, '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}')
}

/// The combining form of ゛ or ゜.
fn combining(mark: char) -> Option<char> {
    match mark {
        '゛' | '\u{3099}' => Some('\u{3099}'),
        '゜' | '\u{309A}' => Some('\u{309A}'),
        _ => None,
    }
}

/// The kana that a kana and a mark of its own, ゛ or ゜, are meant for.
pub(crate) fn voiced(kana: char, mark: char) -> Option<char> {
    let own = combining(mark).filter(|combining| *combining != mark)?;
    unicode_normalization::char::compose(kana, own)
}

/// A text in which Latin letters and the marks behind them are one character, where there is such a
/// one: canonically the same text. Everything else, CJK compatibility characters first of all, stays.
///
/// ```
/// assert_eq!(onshi::font::composed("O\u{304}no 神\u{FA19}"), "Ōno 神\u{FA19}");
/// ```
pub fn composed(text: &str) -> String {
    joined(text, |c| Some(c).filter(|c| ('\u{300}'..='\u{36F}').contains(c)))
}

/// A text in which kana and the voicing marks behind them, combining or of their own, are one character.
pub(crate) fn voiced_composed(text: &str) -> String {
    joined(text, combining)
}

/// A text in which a character and the mark behind it are one, where there is such a one; `mark` gives the
/// combining form of a mark.
fn joined(text: &str, mark: impl Fn(char) -> Option<char>) -> String {
    let mut joined = String::with_capacity(text.len());
    for c in text.chars() {
        let pair = mark(c).zip(joined.chars().next_back());
        match pair.and_then(|(mark, last)| unicode_normalization::char::compose(last, mark)) {
            Some(one) => {
                joined.pop();
                joined.push(one);
            }
            None => joined.push(c),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_radical_names_its_kanji() {
        assert_eq!(RADICALS.chars().count(), 0x2EF3 - 0x2E80 + 1);
        for (radical, meant) in
            [('⼭', '山'), ('⽥', '田'), ('⻑', '長'), ('⻄', '西'), ('⾼', '高')]
        {
            assert_eq!(kanji(radical), Some(meant));
        }
        for kanji_itself in ['山', '\u{2E80}', '\u{2E9A}', 'ア'] {
            assert_eq!(kanji(kanji_itself), None);
        }
        let all = ('\u{2F00}'..='\u{2FD5}').chain('\u{2E81}'..='\u{2E99}');
        assert!(all.into_iter().all(|c| kanji(c).is_some_and(|kanji| kanji != c)));
    }

    #[test]
    fn marks_join_latin_letters_and_nothing_else_changes() {
        assert_eq!(composed("e\u{323}\u{302}"), "ệ");
        for text in ["か\u{3099}", "神\u{FA19}", "葛\u{E0100}", "x\u{304}", "\u{304}"] {
            assert_eq!(composed(text), text);
        }
        assert_eq!((voiced('カ', '゛'), voiced('は', '゜')), (Some('ガ'), Some('ぱ')));
        assert_eq!(voiced('ア', '゜'), None);
        assert_eq!(voiced_composed("カ゛ハ\u{309A}ア゛神\u{FA19}"), "ガパア゛神\u{FA19}");
    }
}
