//! Characters of a value that cannot be printed, or not as they are written.

use crate::font::{self, Fault, GlyphFault, is_xml};
use crate::form::CodePoint;
use crate::report::{Diagnostic, Place, Text};
use crate::values::Value;

/// What is wrong with the characters of a value, in their order.
pub(super) fn faults(value: &Value) -> Vec<Diagnostic> {
    findings(value, font::faults(&value.text))
}

/// The characters of a value that no file can tell, whether or not they are printed.
pub(super) fn controls(value: &Value) -> Vec<Diagnostic> {
    if value.text.chars().all(is_xml) {
        return Vec::new();
    }
    let mut faults = font::faults(&value.text);
    faults.retain(|found| value.text[found.offset..].chars().next().is_some_and(|c| !is_xml(c)));
    findings(value, faults)
}

fn findings(value: &Value, faults: Vec<GlyphFault>) -> Vec<Diagnostic> {
    let meant = meant(&value.text, &faults);
    let finding = |found: &GlyphFault| {
        let place = value.place.clone();
        let place = place.map(|place| char_place(place, &value.text, found.index));
        let mut finding = finding(found.fault, found.index + 1).at(place);
        finding.suggestion = meant.clone().filter(|_| is_mended(found.fault));
        finding
    };
    faults.iter().map(finding).collect()
}

/// Whether it is known what is meant.
fn is_mended(fault: Fault) -> bool {
    use Fault::{Apart, Invisible, OddSpace, Radical};
    matches!(fault, Radical { .. } | Apart { .. } | Invisible(_) | OddSpace(_))
}

/// The text with every character in place that is meant; none where nothing is known to be meant.
fn meant(text: &str, faults: &[GlyphFault]) -> Option<String> {
    faults.iter().any(|found| is_mended(found.fault)).then(|| {
        let mut meant = String::new();
        let mut chars = text.chars().enumerate();
        while let Some((index, c)) = chars.next() {
            let fault = faults.iter().find(|found| found.index == index).map(|found| found.fault);
            match fault {
                Some(Fault::Radical { meant: kanji, .. }) => meant.push(kanji),
                Some(Fault::Apart { meant: kana, .. }) => {
                    // The mark is in it.
                    chars.next();
                    meant.push(kana);
                }
                Some(Fault::Invisible(_)) => {}
                Some(Fault::OddSpace(_)) => meant.push(' '),
                _ => meant.push(c),
            }
        }
        meant
    })
}

/// A fault of the nth character, from 1, in words.
fn finding(fault: Fault, nth: usize) -> Diagnostic {
    let code = CodePoint;
    let error = |ja: String, en: String| Diagnostic::error("glyph", Text::new(ja, en));
    match fault {
        Fault::PrivateUse(c) => error(
            format!("{nth} 文字目の {} は外字（私用領域の文字）で、印字できません", code(c)),
            format!(
                "character {nth}, {}, is a private-use character (外字) and cannot be printed",
                code(c)
            ),
        )
        .with_hint(Text::new(
            format!("Unicode にある文字（異体字は異体字セレクタ）で書き直してください。何の字かを作成元に確かめ、gaiji.yaml に「{}: {{character: 文字, source: 確かめた先と日付}}」と書いて --gaiji gaiji.yaml をつければ、その字で印字します", code(c)),
            format!("write it with a character of Unicode, with a variation selector where needed; or ask whoever made the list what it is, write `{}: {{character: …, source: …}}` into gaiji.yaml and give --gaiji gaiji.yaml", code(c)),
        )),
        Fault::Radical { found, meant } => error(
            format!("{nth} 文字目の「{found}」（{}）は漢字ではなく部首の記号です", code(found)),
            format!(
                "character {nth}, {found} ({}), is the sign of a radical and no kanji",
                code(found)
            ),
        )
        .with_hint(Text::new(
            format!(
                "漢字の「{meant}」（{}）に直してください（PDF から写すとこうなることがあります）",
                code(meant)
            ),
            format!(
                "write the kanji {meant} ({}); copying from a PDF may give such signs",
                code(meant)
            ),
        )),
        Fault::Apart { kana, mark, meant } => Diagnostic::warning(
            "glyph",
            Text::new(
                format!("{nth} 文字目から「{kana}{mark}」と、記号が離れて印字されます"),
                format!(
                    "the mark of {kana}{mark} (character {nth}) is printed apart from its kana"
                ),
            ),
        )
        .with_hint(Text::new(
            format!("「{meant}」と一文字で書いてください"),
            format!("write {meant}, one character"),
        )),
        Fault::Invisible(c) => error(
            format!("{nth} 文字目に見えない文字（{}）があります", code(c)),
            format!("character {nth}, {}, cannot be seen", code(c)),
        )
        .with_hint(Text::new("その文字を消してください", "delete it")),
        Fault::OddSpace(c) => error(
            format!("{nth} 文字目は特殊な空白（{}）で、印字できません", code(c)),
            format!("character {nth}, {}, is an unusual space and cannot be printed", code(c)),
        )
        .with_hint(Text::new(
            "その文字を消すか、ふつうの空白にしてください",
            "delete it, or type an ordinary space",
        )),
        Fault::Missing(c) => {
            let shown = visible(c);
            error(
                format!(
                    "{nth} 文字目の「{}」（{}）は収録フォントにないため、印字できません",
                    shown.ja,
                    code(c)
                ),
                format!("no built-in font has character {nth}, {} ({})", shown.en, code(c)),
            )
            .with_hint(missing_hint(c))
        }
        Fault::UnsupportedVariation { base, selector } => {
            let codes = format!("{} {}", code(base), code(selector));
            let message = Text::new(
                format!(
                    "{nth} 文字目の異体字 {base}（{codes}）はフォントにないため、{base} を印字します"
                ),
                format!(
                    "no font has the variation {codes} (character {nth}): {base} is printed instead"
                ),
            );
            Diagnostic::warning("glyph", message).with_hint(Text::new(
                "字体を確かめ、必要なら手書きで訂正してください",
                "check the shape and correct it by hand if necessary",
            ))
        }
    }
}

/// How to write a character that no font has.
fn missing_hint(c: char) -> Text {
    match c {
        '\u{3099}' | '\u{309A}' => Text::new(
            "濁点・半濁点が別の文字になっています（macOS からの貼り付けなど）。「が」「ぱ」のように一文字で書き直してください",
            "the voicing mark is a separate character, as pasted from macOS: type the kana again",
        ),
        '\u{300}'..='\u{36F}' => Text::new(
            "この記号のついた文字は印字できません。記号のない文字で書いてください",
            "no character with this mark can be printed: write it without the mark",
        ),
        c if c.is_control() => Text::new("その文字を消してください", "delete it"),
        _ => Text::new("別の文字で書いてください", "write it with another character"),
    }
}

/// A character that can be shown, or what it is called.
fn visible(c: char) -> Text {
    match c {
        c if c.is_control() || c.is_whitespace() => Text::new("制御文字", "a control character"),
        '\u{300}'..='\u{36F}' => Text::new(format!("◌{c}"), format!("◌{c}")),
        c => Text::new(c, c),
    }
}

/// The place of one character of a value, when the value is in the file as it is.
fn char_place(place: Place, text: &str, index: usize) -> Place {
    match place {
        Place::Text { line, column, start, end } if end - start == text.len() => {
            let mut rest = text.char_indices().skip(index).map(|(i, _)| i);
            let first = start + rest.next().unwrap_or(0);
            Place::Text {
                line,
                column: column + index,
                start: first,
                end: rest.next().map_or(end, |i| start + i),
            }
        }
        place => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Data;

    fn at(column: usize, start: usize, end: usize) -> Place {
        Place::Text { line: 3, column, start, end }
    }

    fn of(text: &str) -> Vec<Diagnostic> {
        faults(&Value { text: text.to_owned(), data: Data::Text, place: None })
    }

    #[test]
    fn a_character_has_its_own_place_in_a_plain_value() {
        let text = "資格\u{E000}花子";
        let place = at(7, 40, 40 + text.len());
        assert_eq!(char_place(place.clone(), text, 0), at(7, 40, 43));
        assert_eq!(char_place(place.clone(), text, 2), at(9, 46, 49));
        assert_eq!(char_place(place, text, 4), at(11, 52, 55));
        let quoted = at(7, 40, 42 + text.len());
        assert_eq!(char_place(quoted.clone(), text, 2), quoted);
    }

    #[test]
    fn a_character_without_glyph_is_shown_or_named_and_has_its_remedy() {
        assert_eq!(visible('𩸽').ja, "𩸽");
        assert_eq!(visible('\u{7}'), Text::new("制御文字", "a control character"));
        for mark in ['\u{3099}', '\u{309A}'] {
            assert!(missing_hint(mark).ja.contains("一文字で書き直して"));
        }
        assert_eq!(missing_hint('𩸽').ja, "別の文字で書いてください");
    }

    #[test]
    fn what_is_meant_can_be_put_in_as_it_is() {
        let found = of("⼭⽥\u{200B}か゛\u{202F}医院");
        let meant = found.iter().map(|finding| finding.suggestion.as_deref());
        assert!(meant.clone().all(|meant| meant == Some("山田が 医院")), "{found:?}");
        assert_eq!(meant.count(), 5);
        assert!(found[0].hint.as_ref().unwrap().ja.contains("「山」"));
        assert_eq!(found[2].hint.as_ref().unwrap().en, "delete it");
        assert_eq!(of("山田が 医院"), []);
        assert_eq!(of("\u{E000}")[0].suggestion, None);
    }

    #[test]
    fn messages_are_in_one_language() {
        for finding in of("\u{7}\u{200B}\u{202F}⼭") {
            let words = finding.message.en.replace('⼭', "");
            assert!(words.is_ascii(), "{words}");
        }
    }
}
