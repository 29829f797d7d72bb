//! Patterns of file names: `{row}_{name}_{form}`, with what is known of a facility in the braces.

use std::fmt::Write as _;

use super::ledger::Hash;
use super::names::safe_name;
use crate::form::fold;
use crate::report::{Lang, Text};

/// The most bytes of a name without its ending, for each part of a path: Linux takes 255 with the ending.
const MOST_BYTES: usize = 225;
/// The fewest digits of a row's number: a list of thousands still sorts by name.
const DIGITS: usize = 4;
/// What stands in the place of a value that is empty.
const BLANK: &str = "（空欄）";

/// What stands in braces, each with the words for it.
const SLOTS: [(Slot, &[&str]); 8] = [
    (Slot::Row, &["row", "行"]),
    (Slot::Name, &["name", "名称"]),
    (Slot::Form, &["form"]),
    (Slot::FormName, &["様式"]),
    (Slot::Kind, &["kind", "種別"]),
    (Slot::Bureau, &["bureau", "提出先"]),
    (Slot::Prefecture, &["prefecture", "都道府県"]),
    (Slot::File, &["file", "ファイル"]),
];

/// What a pattern puts in place of a pair of braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    /// The row, or for a file of a folder its name.
    Row,
    Name,
    /// The form's id.
    Form,
    /// What people call the form.
    FormName,
    Kind,
    Bureau,
    Prefecture,
    /// The name of a folder's file without its ending.
    File,
    /// A column of the list.
    Column(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Slot(Slot),
}

/// A pattern that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

/// What is known of a facility and one of its forms.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts<'a> {
    pub row: u32,
    /// The start of its files' names, for a facility of a folder.
    pub stem: Option<&'a str>,
    pub name: &'a str,
    pub form: &'a str,
    pub form_name: &'a str,
    pub kind: &'a str,
    pub bureau: &'a str,
    pub prefecture: &'a str,
    pub cells: &'a [String],
}

/// The words in the braces of a pattern, as they are written.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    braces(text).map(|(start, end)| text[start..end].trim_matches(['{', '}', '｛', '｝']).trim())
}

/// Where the braces of a text are; full-width ones are typed by mistake.
fn braces(text: &str) -> impl Iterator<Item = (usize, usize)> {
    text.match_indices(['{', '｛']).filter_map(|(start, _)| {
        let end = start + text[start..].find(['}', '｝'])?;
        Some((start, end + text[end..].chars().next()?.len_utf8()))
    })
}

/// Whether a word is one of the program's own and no heading.
pub(super) fn is_known(word: &str) -> bool {
    slot(word).is_some()
}

fn slot(word: &str) -> Option<Slot> {
    let is_it = |(_, words): &&(Slot, &[&str])| words.iter().any(|known| fold(known) == fold(word));
    SLOTS.iter().find(is_it).map(|(slot, _)| *slot)
}

impl Pattern {
    /// Reads a pattern; `column` finds a heading of the list, `titles` are all of them, `option` is where it
    /// was written.
    ///
    /// # Errors
    /// What nothing is put in place of, and what there is.
    pub fn parse(
        text: &str,
        option: &str,
        titles: &[String],
        column: impl Fn(&str) -> Option<usize>,
    ) -> Result<Self, (Text, Text)> {
        let mut parts = Vec::new();
        let mut behind = 0;
        for (start, end) in braces(text) {
            if start < behind {
                continue;
            }
            if behind < start {
                parts.push(Part::Text(text[behind..start].to_owned()));
            }
            let word = text[start..end].trim_matches(['{', '}', '｛', '｝']).trim();
            // A column without a heading is no answer to empty braces.
            let column = || column(word).filter(|_| !word.is_empty()).map(Slot::Column);
            let found = slot(word).or_else(column);
            let Some(found) = found else { return Err(unknown(&text[start..end], option, titles)) };
            parts.push(Part::Slot(found));
            behind = end;
        }
        if behind < text.len() {
            parts.push(Part::Text(text[behind..].to_owned()));
        }
        Ok(Pattern { parts })
    }

    /// The names of files where none are asked for.
    pub fn usual(lang: Lang, is_folder: bool) -> Self {
        let form = match lang {
            Lang::Ja => Slot::FormName,
            Lang::En => Slot::Form,
        };
        let underscore = || Part::Text("_".to_owned());
        let mut parts = match is_folder {
            true => vec![Part::Slot(Slot::File)],
            false => vec![Part::Slot(Slot::Row), underscore(), Part::Slot(Slot::Name)],
        };
        parts.extend([underscore(), Part::Slot(form)]);
        Pattern { parts }
    }

    fn has(&self, slots: &[Slot]) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Slot(slot) if slots.contains(slot)))
    }

    /// Whether no two facilities can have the same name by it: by a row or a file alone, or by a row that ends before
    /// what follows. The row 1234 with 56 behind it is not told from 12345 with 6.
    pub fn tells_facilities_apart(&self, is_folder: bool) -> bool {
        let is_own = |slot: &Slot| *slot == Slot::Row || is_folder && *slot == Slot::File;
        let is_of_form = |slot: &&Slot| matches!(slot, Slot::Form | Slot::FormName);
        let slots = self.parts.iter().filter_map(|part| match part {
            Part::Slot(slot) => Some(slot),
            Part::Text(_) => None,
        });
        let varying: Vec<&Slot> = slots.filter(|slot| !is_of_form(slot)).collect();
        if varying.iter().all(|slot| is_own(slot)) {
            return !varying.is_empty();
        }
        let ends = |text: &str| text.starts_with(|c: char| !c.is_numeric());
        match &self.parts[..] {
            [Part::Slot(Slot::Row), Part::Text(text), ..] => !is_folder && ends(text),
            _ => false,
        }
    }

    /// Whether each form has a name of its own.
    pub fn tells_forms_apart(&self) -> bool {
        self.has(&[Slot::Form, Slot::FormName])
    }

    /// Whether it says for which kind of facility a form is made.
    pub fn has_kind(&self) -> bool {
        self.has(&[Slot::Kind])
    }

    /// Whether it depends on nothing but the form, so that its names are known beforehand.
    pub fn is_of_form_alone(&self) -> bool {
        let is_form =
            |part: &Part| matches!(part, Part::Text(_) | Part::Slot(Slot::Form | Slot::FormName));
        self.parts.iter().all(is_form)
    }

    /// The name, safe on every system; what the user wrote around the braces stays as it is.
    pub fn fill(&self, facts: &Facts<'_>) -> String {
        self.filled(facts, |value, is_safe| match is_safe {
            true => value.to_owned(),
            false => safe_name(value),
        })
    }

    /// What the name is made from: two that differ are two names, however alike they come out.
    pub fn key(&self, facts: &Facts<'_>) -> String {
        self.filled(facts, |value, _| format!("{value}\0"))
    }

    /// `safe` makes a value a part of a name, and is told whether it is one already.
    fn filled(&self, facts: &Facts<'_>, safe: impl Fn(&str, bool) -> String) -> String {
        let mut name = String::new();
        for part in &self.parts {
            let value = match part {
                Part::Text(text) => {
                    name.push_str(text);
                    continue;
                }
                Part::Slot(slot @ (Slot::Row | Slot::File)) => {
                    match (facts.stem, slot) {
                        // The stems of a folder are safe and told apart: cut again, two would be one.
                        (Some(stem), _) => name.push_str(&safe(stem, true)),
                        (None, Slot::Row) => {
                            // Writing to a String cannot fail.
                            let _ = write!(name, "{:0DIGITS$}", facts.row);
                        }
                        (None, _) => name.push_str(&safe(BLANK, false)),
                    }
                    continue;
                }
                Part::Slot(Slot::Name) => facts.name,
                Part::Slot(Slot::Form) => facts.form,
                Part::Slot(Slot::FormName) => facts.form_name,
                Part::Slot(Slot::Kind) => facts.kind,
                Part::Slot(Slot::Bureau) => facts.bureau,
                Part::Slot(Slot::Prefecture) => facts.prefecture,
                Part::Slot(Slot::Column(column)) => {
                    facts.cells.get(*column).map_or("", String::as_str)
                }
            };
            name.push_str(&safe(if value.trim().is_empty() { BLANK } else { value }, false));
        }
        name
    }

    /// What the names of all files of a facility begin with, whatever its forms and values: up to its row or
    /// file. Empty where nothing of that kind is in the name.
    pub fn start(&self, facts: &Facts<'_>) -> String {
        let own = |part: &Part| matches!(part, Part::Slot(Slot::Row | Slot::File));
        let Some(at) = self.parts.iter().position(own) else { return String::new() };
        let text = self.parts.get(at + 1).filter(|part| matches!(part, Part::Text(_)));
        // What stands before it must be known too.
        let is_known = self.parts[..at].iter().all(|part| matches!(part, Part::Text(_)));
        match is_known {
            true => Pattern { parts: self.parts[..=at + usize::from(text.is_some())].to_vec() }
                .fill(facts),
            false => String::new(),
        }
    }
}

/// A name without its ending, no part of its path too long: what is cut off is told apart by its hash.
pub(super) fn shortened(name: &str) -> String {
    let parts = name.split(['/', '\\']).filter(|part| !part.trim().is_empty());
    let parts: Vec<String> = parts
        .map(|part| {
            if part.len() <= MOST_BYTES {
                return part.to_owned();
            }
            let end = part.floor_char_boundary(MOST_BYTES - 10);
            let hash = Hash::of(&[part.as_bytes()]).to_string();
            format!("{}~{}", part[..end].trim_end(), &hash[..8])
        })
        .collect();
    parts.join("/")
}

fn unknown(written: &str, option: &str, titles: &[String]) -> (Text, Text) {
    let words = |nth: fn(&[&str]) -> String| -> Vec<String> {
        SLOTS.iter().map(|(_, words)| nth(words)).collect()
    };
    let ja = words(|words| format!("{{{}}}", words[words.len() - 1]));
    let en = words(|words| format!("{{{}}}", words[0]));
    let titles: Vec<&str> = titles.iter().map(|t| t.trim()).filter(|t| !t.is_empty()).collect();
    let (mut of_list, mut of_list_en) = (String::new(), String::new());
    if !titles.is_empty() {
        of_list = format!("。名簿の見出しも使えます: {}", titles.join("、"));
        of_list_en = format!("; a heading of the list works too: {}", titles.join(", "));
    }
    (
        Text::new(
            format!("{option} の {written} は置き換えられません"),
            format!("nothing is put in place of {written} in {option}"),
        ),
        Text::new(
            format!("使えるのは {}、{{form}}（様式の英字の名前）です{of_list}", ja.join("、")),
            format!("there are {}{of_list_en}", en.join(", ")),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Result<Pattern, (Text, Text)> {
        let titles = ["会員番号".to_owned(), "郡市区医師会".to_owned()];
        Pattern::parse(text, "--name", &titles, |word| titles.iter().position(|t| t == word))
    }

    #[test]
    fn what_is_in_braces_is_put_in_and_made_safe() {
        let cells = ["00 12".to_owned(), "千代田/区".to_owned()];
        let facts = Facts {
            row: 12,
            name: "天神\u{202E}クリニック",
            form: "introduction-plan",
            form_name: "別紙2",
            cells: &cells,
            ..Facts::default()
        };
        let name = |text: &str| pattern(text).unwrap().fill(&facts);
        assert_eq!(name("{行}_{名称}_{様式}"), "0012_天神_クリニック_別紙2");
        assert_eq!(name("{郡市区医師会}/{会員番号}-{form}"), "千代田_区/00 12-introduction-plan");
        assert_eq!(name("｛行｝{bureau}"), "0012（空欄）");
        for (text, part) in [("{}_{行}", "{}"), ("{行}_｛ ｝", "｛ ｝")] {
            let column = |word: &str| ["", "会員番号"].iter().position(|title| *title == word);
            let titles = ["".to_owned(), "会員番号".to_owned()];
            let (message, _) = Pattern::parse(text, "--name", &titles, column).unwrap_err();
            assert!(message.ja.contains(part) && message.en.contains(part), "{message:?}");
        }
        let (message, hint) = pattern("{会員}").unwrap_err();
        assert_eq!(message.ja, "--name の {会員} は置き換えられません");
        assert!(
            hint.ja.contains("{提出先}") && hint.ja.contains("会員番号、郡市区医師会"),
            "{hint:?}"
        );
    }

    #[test]
    fn the_stem_of_a_file_stays_whole() {
        let stems = ["あ".repeat(44) + "い", "あ".repeat(44) + "う"];
        let facts =
            |at: usize| Facts { stem: Some(&stems[at]), form_name: "別紙1", ..Facts::default() };
        for text in ["{file}_{様式}", "{row}_{様式}"] {
            let names = [0, 1].map(|at| pattern(text).unwrap().fill(&facts(at)));
            assert_eq!(names, [0, 1].map(|at| format!("{}_別紙1", stems[at])));
        }
    }

    #[test]
    fn a_start_is_what_all_files_of_a_facility_share() {
        let facts = Facts { row: 3, name: "a", form: "x", ..Facts::default() };
        assert_eq!(pattern("{row}_{name}_{form}").unwrap().start(&facts), "0003_");
        assert_eq!(pattern("{form}_{row}").unwrap().start(&facts), "");
        assert_eq!(pattern("{name}_{form}").unwrap().start(&facts), "");
    }
}
