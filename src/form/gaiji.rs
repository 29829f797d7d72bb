//! A user's table of 外字: what the private-use characters of somebody's lists mean. What a code point
//! means is known only where it was made, so that there is no table of the program's own.

use std::collections::BTreeMap;
use std::fmt;

use crate::font::{self, is_private, is_selector};
use crate::report::{Diagnostic, Report, Text};
use crate::yaml::{self, Spanned, place};
use serde::Deserialize;

/// What private-use characters mean, each with its source: `gaiji.yaml`.
///
/// ```
/// use onshi::form::Gaiji;
/// let gaiji = Gaiji::from_yaml("U+E000: {character: 髙, source: 架空の厚生局に確認（2027-01-08）}").unwrap();
/// assert_eq!(gaiji.read("\u{E000}橋医院").unwrap().text, "髙橋医院");
/// assert!(gaiji.read("高橋医院").is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaiji(BTreeMap<char, Meaning>);

/// What a private-use character means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// A character of Unicode, with a variation selector behind it where its shape matters.
    pub character: String,
    /// Who says so, and when.
    pub source: String,
}

/// A text in which private-use characters stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced<'g> {
    /// The text with what they mean in their place.
    pub text: String,
    /// Which they were, each once, with its first place among the characters from 0.
    pub found: Vec<(usize, char, &'g Meaning)>,
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(alias = "文字")]
    character: String,
    #[serde(alias = "出典")]
    source: String,
}

impl Gaiji {
    /// Reads a table: under each code point, `U+E000`, its `character` (or 文字) and `source` (or 出典).
    ///
    /// # Errors
    /// Everything that is wrong with it: its syntax, a code point that is no private-use character or is
    /// there twice, what is not one character that can be printed, a missing source.
    pub fn from_yaml(text: &str) -> Result<Gaiji, Report> {
        let text = text.trim_start_matches('\u{FEFF}');
        let written: BTreeMap<String, Spanned<Entry>> =
            yaml::parse(text).map_err(|fault| Report::from(*fault))?;
        let (mut table, mut report) = (BTreeMap::new(), Report::default());
        for (code, entry) in &written {
            let mut fault = |message: Text, hint: Text| {
                let found = Diagnostic::error("definition", message).with_hint(hint);
                report.push(found.at(place(entry, text)));
            };
            let Some(private) = private(code) else {
                fault(
                    Text::new(
                        format!("「{code}」は外字（私用領域の文字）の番号ではありません"),
                        format!("{code} is not the code point of a private-use character"),
                    ),
                    Text::new(
                        "U+E000 のように、U+E000〜U+F8FF か U+F0000 以上の番号を書きます",
                        "write a code point from U+E000 to U+F8FF or from U+F0000, such as U+E000",
                    ),
                );
                continue;
            };
            let Entry { character, source } = &entry.value;
            if let Some((message, hint)) = unprintable(code, character) {
                fault(message, hint);
            }
            if source.trim().is_empty() {
                fault(
                    Text::new(
                        format!("{code} の source（出典）が空です"),
                        format!("{code} has no source"),
                    ),
                    Text::new(
                        "何の文字かを、だれにいつ確かめたかを書きます",
                        "write who told what the character is, and when",
                    ),
                );
            }
            let meaning =
                Meaning { character: character.clone(), source: source.trim().to_owned() };
            if table.insert(private, meaning).is_some() {
                fault(
                    Text::new(
                        format!("{code} が二度書かれています"),
                        format!("{code} is there twice"),
                    ),
                    Text::new("一つにしてください", "write it once"),
                );
            }
        }
        report.sort();
        if report.errors() > 0 { Err(report) } else { Ok(Gaiji(table)) }
    }

    /// The text with what its private-use characters mean; none where none of them is in the table.
    pub fn read(&self, text: &str) -> Option<Replaced<'_>> {
        let mut replaced = Replaced { text: String::with_capacity(text.len()), found: Vec::new() };
        for (index, c) in text.chars().enumerate() {
            match self.0.get(&c) {
                None => replaced.text.push(c),
                Some(meaning) => {
                    replaced.text += &meaning.character;
                    if replaced.found.iter().all(|(_, known, _)| *known != c) {
                        replaced.found.push((index, c, meaning));
                    }
                }
            }
        }
        (!replaced.found.is_empty()).then_some(replaced)
    }
}

/// The private-use character of a code point, `U+E000`, or the character itself.
fn private(written: &str) -> Option<char> {
    let written = written.trim();
    let digits = ["U+", "u+", "0x", "0X"].iter().find_map(|mark| written.strip_prefix(mark));
    let c = match digits {
        Some(digits) => u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?,
        None => written.parse().ok()?,
    };
    is_private(c).then_some(c)
}

/// What is wrong with the character that is to be printed.
fn unprintable(code: &str, character: &str) -> Option<(Text, Text)> {
    let mut chars = character.chars();
    let base = chars.next().filter(|c| !c.is_whitespace());
    let is_one = base.is_some() && chars.next().is_none_or(is_selector) && chars.next().is_none();
    if !is_one {
        return Some((
            Text::new(
                format!("{code} の character「{character}」は一文字ではありません"),
                format!("the character of {code}, `{character}`, is not one character"),
            ),
            Text::new(
                "一文字か、一文字と異体字セレクタ（IVS）を書きます",
                "write one character, or one with a variation selector behind it",
            ),
        ));
    }
    let is_printed = font::faults(character).iter().all(|found| found.fault.prints());
    (!is_printed).then(|| {
        (
            Text::new(
                format!("{code} の character「{character}」は印字できません"),
                format!("the character of {code}, `{character}`, cannot be printed"),
            ),
            Text::new(
                "収録フォントにある文字を書きます",
                "write a character that the built-in fonts have",
            ),
        )
    })
}

/// A code point as the table has it.
pub(crate) struct CodePoint(pub char);

impl fmt::Display for CodePoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "U+{:04X}", u32::from(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_gives_characters_and_sequences() {
        let text = "\u{FEFF}U+E000: {character: 髙, source: a}\nu+e001: {文字: \"辻\u{E0100}\", 出典: b}\n\
            \"\u{E002}\": {character: 𠮷, source: c}\nU+F0000: {character: 﨑, source: d}\n";
        let gaiji = Gaiji::from_yaml(text).unwrap();
        let read = gaiji.read("\u{E001}\u{E000}\u{E002}\u{F0000}\u{E001}\u{E003}").unwrap();
        assert_eq!(read.text, "辻\u{E0100}髙𠮷﨑辻\u{E0100}\u{E003}");
        let found: Vec<(usize, char)> = read.found.iter().map(|(at, c, _)| (*at, *c)).collect();
        assert_eq!(found, [(0, '\u{E001}'), (1, '\u{E000}'), (2, '\u{E002}'), (3, '\u{F0000}')]);
        assert_eq!(gaiji.read("\u{E003}"), None);
    }

    #[test]
    fn what_a_table_may_not_say_is_told_all_at_once() {
        for (text, words) in [
            ("U+9AD9: {character: 髙, source: a}", "外字（私用領域の文字）の番号ではありません"),
            ("高: {character: 髙, source: a}", "番号ではありません"),
            ("U+E000: {character: 高橋, source: a}", "一文字ではありません"),
            ("U+E000: {character: \"\", source: a}", "一文字ではありません"),
            ("U+E000: {character: \"\u{E001}\", source: a}", "印字できません"),
            ("U+E000: {character: 😀, source: a}", "印字できません"),
            ("U+E000: {character: 髙, source: \" \"}", "source（出典）が空です"),
            ("U+E000: {character: 髙, source: a}\nu+E000: {character: 髙, source: a}", "二度"),
            ("U+E000: {character: 髙}", "キー source がありません"),
            ("U+E000: 髙", "「キー: 値」の組を書きます"),
        ] {
            let report = Gaiji::from_yaml(text).unwrap_err();
            let first = &report.diagnostics[0];
            assert!(first.message.ja.contains(words), "{text}: {}", first.message.ja);
            assert!(first.place.is_some(), "{text}");
        }
        let text = "U+1: {character: ab, source: ''}\nU+E000: {character: ab, source: ''}";
        assert_eq!(Gaiji::from_yaml(text).unwrap_err().errors(), 3);
        assert_eq!(CodePoint('\u{E000}').to_string(), "U+E000");
    }
}
